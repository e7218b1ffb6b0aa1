/* Train it here: the reader's own pushes become transitions, and chapter 3's network learns from them. */
(function () {
  "use strict";
  const { worlds: { cartpole }, scenes, learner } = WM;
  const SIZES = [6, 64, 64, 4], UPDATES = 1000, AHEAD = 20, FEWEST = 50, AWAKE = 50; // the dream lasts AWAKE steps
  const rule = (s, random) => (random() < 0.3 ? Number(random() < 0.5) : Number(s[2] + 0.25 * s[3] + 0.05 * s[0] + 0.1 * s[1] > 0));

  /* Random pushes: episodes of the real world, as many transitions as asked for. */
  function pushes(count, random) {
    const data = [];
    let s = cartpole.begin(random);
    while (data.length < count) {
      const action = Number(random() < 0.5), next = cartpole.step(s, action);
      data.push([s, action, next]);
      s = cartpole.fallen(next) ? cartpole.begin(random) : next;
    }
    return data;
  }
  /* Real runs that no network trains on. */
  function runs(count, random) {
    return Array.from({ length: count }, () => {
      const obs = [cartpole.begin(random)], act = Array.from({ length: AHEAD }, () => Number(random() < 0.5));
      act.forEach((a) => obs.push(cartpole.step(obs[obs.length - 1], a)));
      return { obs, act };
    });
  }
  /* Curves over 1 to `last` on a logarithmic height from 10^low to 10^high. */
  function plot(screen, curves, { last, low, high, title, under }) {
    const { pen, width, height, ink } = screen, size = 12 / screen.scale, left = 3.6 * size, foot = height - 2.2 * size, head = 2 * size;
    const at = (i, v) => [left + (i / last) * (width - left - 8), foot - ((Math.max(low, Math.min(high, Math.log10(v))) - low) / (high - low)) * (foot - head)];
    screen.clear();
    scenes.solid(pen);
    pen.font = `${size}px ${ink.font}`;
    pen.fillStyle = ink.quiet;
    pen.strokeStyle = ink.rule;
    pen.lineWidth = 1;
    for (let e = low; e <= high; e++) {
      scenes.line(pen, [at(0, 10 ** e), at(last, 10 ** e)]);
      pen.textAlign = "right";
      pen.fillText(e ? "1e" + e : "1", left - 4, at(0, 10 ** e)[1] + size / 3);
    }
    pen.textAlign = "left";
    pen.fillText(title, 4, 1.1 * size);
    pen.textAlign = "right";
    pen.fillText(under, width - 6, height - 0.5 * size);
    pen.lineWidth = 2.4;
    for (const { points, color, dash = [] } of curves) {
      pen.strokeStyle = color;
      pen.setLineDash(dash);
      scenes.line(pen, points.map(([i, v]) => at(i, v)));
    }
    pen.setLineDash([]);
  }

  WM.player("train_here", {
    title: "Make transitions, and train a network on them in this page",
    keysInWords: "Left and right arrow keys push the cart; space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right" },
    weights: ["train_here"],
    create(stage) {
      const scene = stage.canvas({ width: 480, height: 190, most: 720, least: 500, label: "The real cart (blue), and dashed, once a network has learned, what it imagines of the same pushes.", caption: "real, and imagined for a second at a time", shape: (wide) => [wide, wide < 500 ? 170 : 190] });
      const losses = stage.canvas({ width: 300, height: 200, least: 280, most: 340, label: "The loss while the network learns." });
      const ahead = stage.canvas({ width: 300, height: 200, least: 280, most: 340, label: "The error 1 to 20 steps ahead." });
      const test = runs(40, WM.random.uniform(7)), game = { data: [], own: 0, model: null, loss: [], errors: null, before: null };
      let worker = null, s, dream, t, began;

      function begin() {
        s = cartpole.begin(stage.random);
        dream = null;
        t = 0;
      }
      function tell() {
        const last = game.loss[game.loss.length - 1];
        stage.score(`${game.data.length} transitions, ${game.own} of them yours.` + (last ? ` Update ${last[0]} of ${UPDATES}: loss ${last[1].toPrecision(2)}, off by ${game.errors[0].toPrecision(2)} deviations a step ahead, ${game.errors[AHEAD - 1].toPrecision(2)} after ${AHEAD}.` : ""));
      }
      function stop() {
        if (worker) worker.terminate();
        worker = null;
        go.textContent = "Train";
      }
      function train() {
        if (worker) { stop(); stage.say("Training stopped; the network keeps what it has learned."); return; }
        if (game.data.length < FEWEST) {
          stage.say(`A network needs at least ${FEWEST} transitions, and there are ${game.data.length}: play, or take random pushes.`);
          return;
        }
        game.before = game.errors;
        game.seconds = 0;
        game.loss = [];
        go.textContent = "Stop";
        stage.say(`Training on ${game.data.length} transitions.`);
        began = performance.now();
        const job = { data: game.data, runs: test, sizes: SIZES, updates: UPDATES, batch: 64, lr: 3e-3, numbers: Array.from({ length: 80000 }, stage.random) };
        worker = WM.trainer(job, stage.guarded((news) => {
          if (!worker) return;
          Object.assign(game, { model: news.model, errors: news.errors });
          game.loss.push([news.update, news.loss]);
          if (news.update === UPDATES) {
            stop();
            game.seconds = (performance.now() - began) / 1000;
            stage.say(`Trained in ${game.seconds.toFixed(1)} seconds.`);
          }
          tell();
          stage.redraw();
        }), stage.guarded((error) => { stop(); throw error; }));
        if (!stage.still) stage.play();
      }

      stage.pads([["left", "← push", "push left"], ["right", "push →", "push right"]]);
      stage.button("200 random pushes", () => { game.data.push(...pushes(200, stage.random)); tell(); });
      const go = stage.button("Train", train);
      stage.speed(0.5);

      return Object.assign(game, {
        dt: cartpole.TAU, test,
        /* A reader's push is a transition to learn from. Where nobody pushes a rule drives, for show. */
        step() {
          const left = stage.key("left"), mine = left || stage.key("right");
          const action = mine ? Number(!left) : rule(s, stage.random), next = cartpole.step(s, action);
          if (mine) { game.data.push([s, action, next]); game.own++; tell(); }
          if (game.model) {
            if (!dream || t % AWAKE === 0) dream = s;
            dream = learner.imagine(game.model, dream, action);
          }
          s = next;
          t++;
          if (cartpole.fallen(s)) begin();
        },
        press() { if (!stage.running()) stage.play(); },
        reset() {
          stop();
          Object.assign(game, { data: [], own: 0, model: null, loss: [], errors: null, before: null });
          begin();
          tell();
        },
        /* The gradient of a small network, as torch has it. */
        verify() {
          const { check } = WM.weights("train_here"), layers = check.layers.map(({ W, b }) => ({ W: Float64Array.from(W.flat()), b: Float64Array.from(b) }));
          const found = learner.gradient(layers, Float64Array.from(check.x.flat()), Float64Array.from(check.y.flat()), check.x.length);
          return Math.max(Math.abs(found.loss - check.loss), ...found.grads.flatMap(({ W, b }, k) => [...W.map((v, i) => Math.abs(v - check.grads[k].W.flat()[i])), ...b.map((v, i) => Math.abs(v - check.grads[k].b[i]))]));
        },
        draw() {
          const { pen, width, height, ink } = scene, metre = Math.min(120, width / 4.9), view = { at: (x) => width / 2 + metre * x, floor: height - 22, metre };
          scene.clear();
          scenes.track(pen, view, ink.quiet);
          scenes.cartpole(pen, s, view, { color: ink.real, paper: ink.paper });
          if (dream) scenes.cartpole(pen, dream, view, { color: ink.imagined, paper: ink.paper, imagined: true });
          plot(losses, [{ points: game.loss, color: losses.ink.purple }], { last: UPDATES, low: -5, high: 0, title: "loss (normalised)", under: `${UPDATES} updates` });
          const curve = (errors) => (errors || []).map((v, k) => [k + 1, v]);
          plot(ahead, [
            { points: curve(game.before), color: ahead.ink.grey, dash: [2, 3] },
            { points: curve(game.errors), color: ahead.ink.imagined, dash: [6, 4] },
          ], { last: AHEAD, low: -4, high: 1, title: "error k steps ahead (deviations)", under: "k = 1 to 20" });
        },
      });
    },
  });
})();
