/* Drive to the flooded quay: the networks imagine the way, and a gate acts only when they agree. */
(function () {
  "use strict";
  const { scenes } = WM, LIFT = 6, TOP = 32, END = 462; // heights are drawn six times; m/s and metres shown

  WM.player("flood", {
    title: "Drive to the flooded quay, with a gate or without",
    keysInWords: "Right arrow key: throttle. Left arrow key: brake. Space starts and pauses.",
    keys: { ArrowRight: "gas", ArrowUp: "gas", ArrowLeft: "brake", ArrowDown: "brake" },
    weights: ["flood"],
    playInWords: "Drive",
    create(stage) {
      const road = WM.road("flood"), normal = WM.random.normal(stage.random);
      const heights = [0];
      for (let x = 0; x < road.EDGE; x++) heights.push(heights[x] + (LIFT * road.slope(x + 0.5)) / 9.8);
      const quay = heights[heights.length - 1], height = (x) => heights[Math.round(Math.max(0, Math.min(road.EDGE, x)))] - quay;
      const screen = stage.canvas({
        width: 700, height: 360, most: 720, shape: (wide) => [wide, wide < 500 ? 330 : 360],
        label: "Above, the road from the side: hills, then the quay, the parking bay and the sea; the car is blue. Below, speed over place: the log as grey dots, the car's own way as a blue line, and what each network expects of the next six seconds as dashed orange lines.",
      });
      const game = { gate: true, flooded: true, now: null, road };
      const slowly = Math.max(...road.log.filter(([x]) => x >= road.quay[0]).map(([, v]) => v)); // the fastest of the log there

      function ask(pedal) {
        const { now } = game;
        now.wanted = pedal;
        now.doubt = road.doubt(now.car, pedal);
        now.refused = !(now.doubt <= road.threshold);
        now.ghosts = road.ghosts(now.car, pedal).map(ashore);
      }
      /* A way as far as the sea: what a network says of places beyond it means nothing. */
      function ashore(path) {
        const sea = path.findIndex(road.wrecked);
        return sea < 0 ? path : path.slice(0, sea + 1);
      }
      const wish = () => Number(stage.key("gas")) - Number(stage.key("brake"));
      function reset() {
        stage.say("");
        game.now = { car: [30 * stage.random(), 0], before: null, t: 0, over: "", way: [], handed: 0, quay: null };
        game.now.before = game.now.car;
        ask(1);
      }
      /* What happened on the quay: how fast, what the brakes did, and what they could have done. */
      function watch({ before: [x, v], car, acting, quay }) {
        if (car[0] < road.quay[0]) return;
        quay = game.now.quay = quay || { entered: car, fastest: 0, seconds: 0, lost: 0, dry: 0 };
        quay.fastest = Math.max(quay.fastest, car[1]);
        if (!(acting < 0 && x >= road.quay[0])) return;
        quay.seconds += road.SECONDS;
        quay.lost += v - car[1];
        quay.dry += Math.min(v, -acting * road.PULL * road.SECONDS);
      }
      function story({ car, quay }) {
        if (!quay) return "";
        const end = road.braked(quay.entered, game.flooded), speed = (v) => v.toFixed(0) + " m/s";
        const fastest = ` Fastest on the ${game.flooded ? "flooded" : "dry"} quay: ${speed(quay.fastest)}; in the log ${speed(slowly)}.`;
        if (!road.wrecked(car)) return fastest;
        if (game.gate && car[1] < 3) return `${fastest} It rolled over the edge, ${Math.ceil(100 * (car[0] - road.EDGE))} cm too far: the gate goes by what the networks expect, and they are not that exact.`;
        const brakes = quay.seconds ? ` In ${quay.seconds} s of braking there it lost ${speed(quay.lost)}${game.flooded ? `; on a dry quay it would have lost ${speed(quay.dry)}` : ""}.` : " Nobody braked there.";
        return fastest + brakes + (road.wrecked(end) ? ` Full brakes from the quay's start would have left ${speed(end[1])} at the sea: the tyres hardly grip.` : ` Full brakes from the quay's start would have stopped it at ${end[0].toFixed(0)} m, before the sea.`);
      }
      function step() {
        if (game.now.over) reset();
        const { now } = game;
        ask(wish());
        const held = game.gate && now.refused;
        now.acting = held ? road.crawl(now.car) : now.wanted;
        now.handed += held;
        now.before = now.car;
        now.car = road.step(now.car, now.acting, game.flooded, normal());
        now.way.push(now.before);
        watch(now);
        now.t++;
        const seconds = (now.t * road.SECONDS).toFixed(0);
        if (road.wrecked(now.car)) now.over = `In the sea at ${now.car[1].toFixed(0)} m/s, after ${seconds} seconds.`;
        else if (road.parked(now.car)) now.over = `Parked in the bay, after ${seconds} seconds.`;
        else if (now.t >= road.max_steps) now.over = "Out of time: a minute has passed.";
        if (now.over) {
          stage.pause();
          stage.say(now.over + story(now) + (now.handed ? ` The fallback drove ${now.handed} of ${now.t} steps.` : "") + " Drive begins again.");
        } else if (held && !now.told) {
          now.told = true;
          const why = Number.isFinite(now.doubt) ? "The networks disagree about what follows" : "The networks expect this to end in the sea";
          // Measured: there full throttle is refused in nearly all moments, and the forecast is fair.
          const rare = now.car[1] > 20 && now.car[0] < road.quay[0] ? " The log is seldom faster than 20 m/s: on the hills this is mostly a false alarm." : "";
          stage.say(`${why}: the fallback drives, at 8 m/s.${rare}`);
        }
      }

      stage.pads([["brake", "brake", "brake"], ["gas", "throttle", "throttle"]]);
      const gate = stage.button("Gate: on", () => {
        game.gate = !game.gate;
        gate.textContent = game.gate ? "Gate: on" : "Gate: off";
        gate.setAttribute("aria-pressed", game.gate);
      });
      gate.setAttribute("aria-pressed", "true");
      stage.choice("quay", [[true, "flooded"], [false, "dry"]], (value) => { game.flooded = value; reset(); });
      stage.speed(2);

      /* The real car is filled; the place where a network expects it to be is a dashed outline. */
      function car(pen, [x], at, up, color, paper) {
        const tilt = Math.atan((height(x) - height(x - 8)) / 8), sunk = x > road.EDGE + 4;
        pen.save();
        pen.translate(at(x - 8), up(sunk ? -16 : height(x - 8)));
        pen.rotate(sunk ? 0.5 : -tilt);
        pen.scale(at(1) - at(0), at(1) - at(0));
        pen.fillStyle = pen.strokeStyle = color;
        pen.lineWidth = 2;
        pen.setLineDash(paper ? [] : [4, 2.5]);
        pen.beginPath();
        [[-13, -3], [-13, -9], [-8, -10], [-5, -15], [5, -15], [9, -10], [13, -9], [13, -3]].forEach(([a, b], i) => (i ? pen.lineTo(a, b) : pen.moveTo(a, b)));
        pen.closePath();
        if (paper) {
          pen.fill();
          for (const wheel of [-7.5, 7.5]) scenes.disc(pen, wheel, -3, 3.2);
          pen.fillStyle = paper;
          for (const wheel of [-7.5, 7.5]) scenes.disc(pen, wheel, -3, 1.3);
        } else pen.stroke();
        pen.restore();
      }

      return Object.assign(game, {
        dt: road.SECONDS, reset, step, verify: road.worst,
        press() { if (!stage.running() && !game.now.over) stage.play(); },
        draw() {
          const { pen, width, height: tall, ink } = screen, { now } = game, k = (width - 40) / (END + 10), share = stage.between();
          const at = (x) => 30 + k * (x + 8), ground = 0.34 * tall, up = (y) => ground - k * y;
          const foot = tall - 24, head = 0.47 * tall, fast = (v) => foot - (Math.min(v, TOP) / TOP) * (foot - head);
          const size = width < 500 ? 11 : 12, place = now.car.map((v, i) => now.before[i] + (v - now.before[i]) * share);
          const text = (words, x, y, color, align = "left") => { pen.fillStyle = color; pen.textAlign = align; pen.fillText(words, x, y); };
          screen.clear();
          scenes.solid(pen);
          pen.font = `${size}px ${ink.font}`;
          // the road, the quay on its posts, the sea
          pen.fillStyle = "#56b4e9";
          pen.globalAlpha = 0.4;
          pen.fillRect(at(road.quay[0]), up(-14), at(END) - at(road.quay[0]), 0.44 * tall - up(-14));
          if (game.flooded) pen.fillRect(at(road.quay[0]), up(3.5), at(road.EDGE) - at(road.quay[0]), 3.5 * k);
          pen.globalAlpha = 1;
          pen.strokeStyle = ink.text;
          pen.lineWidth = 2;
          scenes.line(pen, heights.map((y, x) => [at(x), up(y - quay)]));
          pen.lineWidth = 1;
          for (let x = road.quay[0] + 10; x < road.EDGE; x += 25) scenes.line(pen, [[at(x), up(0)], [at(x), up(-24)]]);
          text("P", at(road.BAY), up(44), ink.text, "center"); // above the car's speed
          text(game.flooded ? "flooded quay" : "dry quay", at(380), 0.44 * tall - 5, ink.text, "center");
          for (const path of now.ghosts) car(pen, [Math.min(END, path[path.length - 1][0])], at, up, ink.imagined);
          scenes.solid(pen);
          car(pen, place, at, up, ink.real, ink.paper);
          const grip = road.grip(...place, game.flooded), speed = `${place[1].toFixed(0)} m/s` + (grip < 1 ? `, grip ${(100 * grip).toFixed(0)} %` : "");
          text(speed, Math.min(at(place[0] - 8), width - 6 - pen.measureText(speed).width / 2), up(height(place[0]) + 22), ink.real, "center");
          // speed over place
          pen.strokeStyle = ink.rule;
          for (const v of [0, 10, 20, 30]) {
            scenes.line(pen, [[at(0), fast(v)], [at(END), fast(v)]]);
            text(String(v), at(0) - 6, fast(v) + 4, ink.quiet, "right");
          }
          text("m/s", 4, head - 4, ink.quiet);
          text("the log: grey", at(8), head - 4, ink.quiet);
          for (const x of [0, 100, 200, 300, 400]) text(x + (x ? "" : " m"), at(x), tall - 6, ink.quiet, "center");
          pen.fillStyle = ink.quiet;
          pen.globalAlpha = 0.45;
          for (const [x, v] of road.log) pen.fillRect(at(x), fast(v), 1.6, 1.6);
          pen.globalAlpha = 1;
          pen.strokeStyle = ink.imagined;
          pen.lineWidth = 2;
          pen.setLineDash([5, 3]);
          for (const path of now.ghosts) scenes.line(pen, path.map(([x, v]) => [at(Math.min(x, END)), fast(v)]));
          scenes.solid(pen);
          for (const path of now.ghosts) {
            const [x, v] = path[path.length - 1];
            pen.beginPath();
            pen.arc(at(Math.min(x, END)), fast(v), 4, 0, 7);
            pen.stroke();
          }
          pen.strokeStyle = pen.fillStyle = ink.real;
          pen.lineWidth = 2.4;
          scenes.line(pen, [...now.way, place].map(([x, v]) => [at(Math.min(x, END)), fast(v)]));
          scenes.disc(pen, at(Math.min(place[0], END)), fast(place[1]), 4.5);
          const way = Number.isFinite(now.doubt) ? `Largest disagreement of the networks ${now.doubt.toFixed(3)}, limit ${road.threshold.toFixed(3)}` : "The networks expect this to end in the sea";
          const acts = !now.refused ? "fine." : game.gate ? "the fallback drives." : "a gate would hand over.";
          stage.score(now.over ? `${(now.t * road.SECONDS).toFixed(0)} s.` : `${(now.t * road.SECONDS).toFixed(0)} s. ${way}: ${acts}`);
        },
      });
    },
  });
})();
