/* A ball that passes behind a wall (hidden_ball.py), and two networks that say where it will come out
   (belief.py): one with a probability for each column, one with a single number. Who waits better? */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {}), SIDE = 32;

  /* State: x, y, and pixels a step to the right and down. */
  WM.hiddenBall = function ({ speed, radius, brightness, wall, turn }) {
    const middle = (wall[0] + wall[1] - 1) / 2, within = (v) => Math.min(29, Math.max(2, v));
    return {
      begin(random) {
        let way;
        do way = 2 * Math.PI * random(); while (Math.abs(Math.cos(way)) < 0.8); // a steeper one is not out in time
        return [3 + 26 * random(), 3 + 26 * random(), speed * Math.cos(way), speed * Math.sin(way)];
      },
      /* u: a uniform number, which decides whether a ball at the wall's middle turns round. */
      step([x, y, right, down], u) {
        let nx = x + right, ny = y + down, r = nx < 2 || nx > 29 ? -right : right;
        const d = ny < 2 || ny > 29 ? -down : down;
        if (x < middle !== nx < middle && u < turn) [nx, r] = [x, -r];
        return [within(nx), within(ny), r, d];
      },
      picture([x, y]) {
        const image = WM.pixels.blank();
        WM.pixels.disc(image, x, y, radius);
        for (let i = 0; i < image.length; i++) if (i % SIDE >= wall[0] && i % SIDE < wall[1]) image[i] = brightness;
        return WM.pixels.bytes(image);
      },
      /* What can be seen of the ball: x and y from -1 to 1 and the share of it; and whether it is whole. */
      read(picture) {
        let amount = 0, x = 0, y = 0;
        picture.forEach((light, i) => {
          const c = i % SIDE;
          if (c >= wall[0] && c < wall[1]) return;
          amount += light;
          x += light * c;
          y += light * Math.floor(i / SIDE);
        });
        const full = Math.PI * (radius - 0.5) ** 2, seen = amount > 0.05 * full ? Math.min(1, amount / full) : 0;
        x /= Math.max(amount, 1e-3);
        y /= Math.max(amount, 1e-3);
        return { seen: [((x - 15.5) / 16) * seen, ((y - 15.5) / 16) * seen, seen], whole: seen > 0 && (x < wall[0] - 0.5 - radius || x > wall[1] - 0.5 + radius) };
      },
    };
  };
  /* A GRU that watches: watch(h, seen) -> h; say(h, k): what it answers about k frames later. */
  WM.watcher = function ({ tensors: t }, ahead) {
    const L = WM.layers, of = (name) => [t[name + ".weight"], t[name + ".bias"]];
    return {
      blank: () => new Float32Array(t["gru.weight_hh_l0"].shape[1]),
      watch: (h, seen) => L.gru(seen, h, ...["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((k) => t["gru." + k + "_l0"])),
      say(h, k) {
        const all = L.dense(L.act(L.dense(h, ...of("head.0")), "silu"), ...of("head.2")), answers = all.length / ahead;
        return all.slice((k - 1) * answers, k * answers);
      },
    };
  };
  /* Where to wait: the column within `reach` of which the ball is most likely. */
  WM.bestPlace = (probs, reach) => WM.layers.argmax(Array.from(probs, (_, c) => probs.reduce((sum, p, i) => sum + (Math.abs(i - c) <= reach ? p : 0), 0)));

  WM.player("belief", {
    title: "Where will it come out?",
    keysInWords: "The left and right arrows move your net; space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right" },
    weights: ["belief", "guess"],
    autoplay: true,
    create(stage) {
      const file = WM.weights("belief"), { world: numbers, ahead, k: K, reach } = file.settings, wall = numbers.wall;
      const world = WM.hiddenBall(numbers), believer = WM.watcher(file, ahead), guesser = WM.watcher(WM.weights("guess"), ahead);
      const probsOf = (h, k) => WM.layers.softmax(believer.say(h, k)), columnOf = (h, k) => guesser.say(h, k)[0] * 16 + 15.5;
      let state, picture, h, g, watched, before, trial, net, count, told;
      const room = stage.pixels({ width: 32, height: 32, kind: "real", most: 360, least: 150, label: "A room with a wall in the middle", caption: "" });
      const chart = stage.canvas({ width: 400, height: 400, kind: "imagined", most: 360, least: 150, label: "Where the ball is expected", caption: "" });
      stage.pads([["left", "←", "move the net left"], ["right", "→", "move the net right"]]);

      function reset() {
        state = world.begin(stage.random);
        [h, g, watched, before, trial, net, count, told] = [believer.blank(), guesser.blank(), 0, 0, null, 24, { balls: 0, you: 0, belief: 0, guess: 0 }, ""];
        look();
        score();
      }
      /* The networks see what can be seen, and no more. */
      function look() {
        picture = world.picture(state);
        const { seen, whole } = world.read(picture);
        h = believer.watch(h, seen);
        g = guesser.watch(g, seen);
        watched++;
        const gone = seen[2] === 0 && before > 0 && watched > 8;
        before = seen[2];
        if (gone && !trial) trial = { left: K, belief: WM.bestPlace(probsOf(h, K), reach), guess: columnOf(g, K) };
        else if (trial) {
          if (seen[2] > 0) trial.you ??= net; // once it can be seen again, no net moves any more
          if (--trial.left === 0) judge(whole);
        }
      }
      function judge(whole) {
        const at = state[0], caught = (place) => Math.abs(place - at) <= reach;
        if (whole) {
          count.balls++;
          count.you += caught(trial.you);
          count.belief += caught(trial.belief);
          count.guess += caught(trial.guess);
          told = caught(trial.you) ? "You have it." : "It got away.";
        } else told = "It is not out yet: this one does not count.";
        stage.say(told);
        trial = null;
        score();
      }
      const score = () => stage.score("Balls: " + count.balls + ". In your net: " + count.you + ", in the belief's: " + count.belief + ", in the best guess's: " + count.guess + ".");
      function step() {
        net = Math.min(31, Math.max(0, net + stage.key("right") - stage.key("left")));
        state = world.step(state, stage.random());
        look();
      }
      chart.canvas.addEventListener("pointerdown", (event) => { net = Math.min(31, Math.max(0, Math.round((chart.at(event)[0] - 14) / 12))); stage.redraw(); });

      const X = (column) => 14 + 12 * column;
      function draw() {
        const { pen, ink, scale } = chart, k = trial ? trial.left : K, probs = probsOf(h, k), guess = columnOf(g, k);
        room.show(picture);
        room.caption(trial ? "it counts in " + trial.left + (trial.left === 1 ? " frame" : " frames") : told || "real");
        chart.clear();
        pen.font = Math.max(14, 12 / scale) + "px " + ink.font;
        pen.globalAlpha = 0.15;
        pen.fillStyle = ink.text;
        pen.fillRect(X(wall[0] - 0.5), 40, 12 * (wall[1] - wall[0]), 300);
        pen.globalAlpha = 1;
        probs.forEach((p, c) => {
          const high = Math.max(1.5, Math.min(280, 700 * p));
          pen.fillStyle = ink.imagined;
          pen.fillRect(X(c) - 5, 340 - high, 10, high);
        });
        pen.strokeStyle = pen.fillStyle = ink.quiet;
        pen.lineWidth = 3;
        pen.setLineDash([7, 5]);
        pen.beginPath(); pen.moveTo(X(guess), 60); pen.lineTo(X(guess), 340); pen.stroke();
        pen.setLineDash([]);
        /* Words under or over a column, all of them inside the frame. */
        const label = (words, x, y) => { const wide = pen.measureText(words).width; pen.fillText(words, Math.min(394 - wide, Math.max(6, x - wide / 2)), y); };
        label("best guess", X(guess), 52);
        const mine = trial ? trial.you ?? net : net, row = (column, y, color) => {
          pen.fillStyle = color;
          pen.fillRect(X(column - reach), y, 24 * reach, 7);
        };
        if (trial) { row(trial.belief, 344, ink.imagined); row(trial.guess, 353, ink.quiet); }
        row(mine, 362, ink.real);
        label("your net", X(mine), 392);
        pen.fillStyle = ink.imagined;
        label("belief", 0, 6 + Math.max(14, 12 / scale));
        chart.caption("where it will be in " + k + (k === 1 ? " frame" : " frames"));
        const left = probs.slice(0, 16).reduce((a, b) => a + b, 0);
        chart.say("The belief about " + k + " frames ahead: left half " + Math.round(100 * left) + " percent, right half " + Math.round(100 * (1 - left)) + " percent. The best guess: column " + Math.round(guess) + ". Your net: column " + net + ".");
      }
      /* Torch's answers after each frame of a film, K frames ahead and one. */
      function* verify() {
        let worst = 0, ours = believer.blank(), other = guesser.blank();
        const { seen, probs, columns } = file.check;
        for (const [i, frame] of seen.entries()) {
          ours = believer.watch(ours, frame);
          other = guesser.watch(other, frame);
          [K, 1].forEach((k, j) => {
            probsOf(ours, k).forEach((p, c) => { worst = Math.max(worst, Math.abs(p - probs[j][i][c])); });
            worst = Math.max(worst, Math.abs(columnOf(other, k) - columns[j][i]) / 16);
          });
          yield;
        }
        return worst;
      }
      return { dt: 0.13, step, draw, reset, verify, world, believer, guesser, probsOf, columnOf, count: () => count, net: () => net, trial: () => trial, set(next) { state = next; h = believer.blank(); g = guesser.blank(); [watched, before, trial] = [0, 0, null]; look(); } };
    },
  });
})();
