/* The scoreboard of chapter 13: sort it, and play each entrant beside reality. For the first frames
   of each ball a model watches, then it dreams and is told the actions only, as in the examination. */
(function () {
  "use strict";
  const WM = window.WM;

  WM.player("scoreboard", {
    title: "The scoreboard, and everybody on it to play with",
    keysInWords: "Hold the left or right arrow to move the bar; W wakes the dream up; space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right", w: "wake", W: "wake" },
    weights: ["board", "board_memory", "board_rssm", "board_tokens", "board_codes"],
    autoplay: true,
    create(stage) {
      const file = WM.weights("board"), { columns, rows, context, world: numbers } = file.settings;
      const world = WM.catchWorld(numbers), make = WM.catchModels, of = (name) => WM.weights("board_" + name);
      const models = { still: make.still(), simulator: make.simulator(world), memory: make.memory(of("memory")), rssm: make.rssm(of("rssm")), tokens: make.tokens(of("tokens")), codes: make.codes(of("codes")) };
      let row = rows.find((r) => r.plays === "memory"), real, dream, seen, age, off, shut = false, idle = true, strolls = 1;
      /* What was measured here, for each row: errors ten dreamt steps ahead; balls caught with closed eyes. */
      const here = new Map(rows.map((r) => [r, { sum: 0, n: 0, caught: 0, of: 0 }]));

      const size = { width: 32, height: 32, most: 340, least: 150 };
      const left = stage.pixels({ ...size, kind: "real", label: "The real game", caption: "real" });
      const right = stage.pixels({ ...size, kind: "imagined", label: "The dream", caption: "dream" });
      stage.pads([["left", "←", "move the bar left"], ["right", "→", "move the bar right"]]);

      /* ------------------------------------------------------------------------ the game */
      function reset() {
        real = world.begin(stage.random);
        watch();
      }
      /* Watch from here: a new ball has appeared, or a new game begun. */
      function watch() {
        [seen, age, off] = [[{ frame: world.picture(real), real }], 0, null];
        dream = models[row.plays].start(seen[0].frame, real);
      }
      /* The dream goes on from what was seen last. */
      function wake() {
        const model = models[row.plays];
        dream = model.start(seen[0].frame, seen[0].real);
        for (let i = 1; i < seen.length; i++) dream = model.observe(dream, seen[i].action, seen[i].frame, seen[i].real);
        age = 0;
        stage.say("Awake: the dream goes on from reality.");
      }
      const dreaming = () => age > 0;
      function step() {
        if (idle && stage.random() < 0.4) strolls = Math.floor(3 * stage.random()); // until somebody takes over
        const action = idle ? strolls : 1 - stage.key("left") + stage.key("right"), next = world.step(real, action, world.ball(stage.random)), model = models[row.plays];
        const asleep = seen.length >= context;
        if (next.rew) {
          if (shut && dreaming()) { here.get(row).of++; here.get(row).caught += next.rew > 0; }
          stage.say(next.rew > 0 ? "Caught." : "Missed.");
          real = next.over ? world.begin(stage.random) : next.state;
          return watch();
        }
        real = next.state;
        const frame = world.picture(real);
        if (asleep) {
          dream = model.step(dream, action);
          age++;
          measure(frame, model.picture(dream));
        } else dream = model.observe(dream, action, frame, real);
        seen = [...seen, { frame, action, real }].slice(-context);
      }
      function measure(frame, dreamt) {
        const [x, y, whole] = WM.ballIn(frame), [u, v] = WM.ballIn(dreamt);
        off = whole ? Math.hypot(x - u, y - v) : null;
        if (whole && age === 10) { here.get(row).sum += off; here.get(row).n++; }
      }

      /* ---------------------------------------------------------------------- the table */
      const show = WM.boardTable(stage, {
        of: "Catch", rows, sorted: "k_steps", asked: "four",
        columns: [{ key: "name", words: "play" }, { key: "closed", words: "eyes closed", high: true }, { key: "here", words: "10 steps, here" }, ...columns],
        measured: {
          closed(r) { const { caught, of: balls } = here.get(r); return balls ? [caught / balls, caught + " of " + balls] : [null, ""]; },
          here(r) { const { sum, n } = here.get(r); return n ? [sum / n, (sum / n).toFixed(2)] : [null, ""]; },
        },
        label: (r) => "play in the dream of " + r.name,
        play(r) { row = r; watch(); stage.play(); },
      });

      for (const what of ["wm-bet", "wm-uncover"]) stage.on(document, what, () => {}); // the table tells more, or less

      /* ----------------------------------------------------------------------- controls */
      stage.button("Wake up", wake, "Wake up: the dream goes on from reality");
      const eyes = stage.button("Close your eyes", () => { shut = !shut; });
      function draw() {
        const asleep = dreaming(), { frame } = seen.at(-1);
        if (shut && asleep) cover(left); else left.show(frame);
        right.show(asleep ? models[row.plays].picture(dream) : frame);
        right.canvas.parentElement.classList.toggle("imagined", asleep);
        right.canvas.parentElement.classList.toggle("real", !asleep);
        right.caption(asleep ? "dream, step " + age : "watching");
        eyes.textContent = shut ? "Open your eyes" : "Close your eyes";
        eyes.setAttribute("aria-pressed", shut);
        show(row);
        stage.score(row.name + ": " + (asleep ? "step " + age + " of a dream" + (off === null ? "" : ", the ball is " + off.toFixed(1) + " pixels off") : "it watches " + seen.length + " of " + context + " frames") + "." + (idle ? " Nobody steers yet, the bar strolls about: press ← or →." : ""));
      }
      function cover({ pen, ink }) {
        pen.fillStyle = ink.quiet;
        pen.fillRect(0, 0, 32, 32);
        pen.fillStyle = ink.paper;
        pen.font = "2.4px " + ink.font;
        pen.textAlign = "center";
        pen.fillText("your eyes are closed", 16, 17);
      }

      /* Torch's own dreams, from the same frames and actions: a sample of the pixels of each step. */
      function* verify() {
        let worst = 0;
        const { states, actions, every, dreams } = file.check, frames = states.map(world.picture);
        for (const [name, pictures] of Object.entries(dreams)) {
          const model = models[name];
          let state = model.start(frames[0]);
          for (let i = 1; i < frames.length; i++) {
            state = model.observe(state, actions[i - 1], frames[i]);
            yield;
          }
          for (const [k, wanted] of pictures.entries()) {
            state = model.step(state, actions[frames.length - 1 + k]);
            const told = model.picture(state);
            wanted.forEach((value, i) => { worst = Math.max(worst, Math.abs(value - told[i * every])); });
            yield;
          }
        }
        return worst;
      }
      function press(key) {
        if (key === "wake") return wake();
        idle = false;
        if (!stage.running()) stage.play();
      }
      return { dt: 0.12, step, draw, reset, press, verify, world, models, real: () => real, here: (name) => here.get(rows.find((r) => r.name === name)), age: () => age, set: (state) => { real = state; watch(); } };
    },
  });
})();
