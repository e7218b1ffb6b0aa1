/* Close Dreamer's eyes, and take over. Eyes open, it reads each picture (posterior); closed, its latent
   state runs on by the prior, and its pushes, or yours, go to the real cart as well. */
(function () {
  "use strict";
  const WM = window.WM, TRIES = 20, FIRST = 30, LONGEST = 500, LEFT = 0, RIGHT = 1; // FIRST: steps with open eyes; LONGEST: in the dark

  function create(stage) {
    const file = WM.weights("dreamer"), model = WM.rssm(file), { cartpole } = WM.worlds;
    const picture = (state) => WM.pixelCartPole(state, file.settings);
    let who = "dreamer", drawn = false, run = null, turn = 0, watched = true; // watched: nobody has pushed or closed the eyes yet
    const best = { dreamer: stage.best(), you: stage.best() };

    const screen = { width: 32, height: 32, most: 330, least: 140 };
    const left = stage.pixels({ ...screen, kind: "real", label: "The world: a pole on a cart." });
    const right = stage.pixels({ ...screen, kind: "imagined", label: "What the model imagines: the pole and the cart in soft pictures." });
    stage.pads([["left", "←", "push to the left"], ["right", "→", "push to the right"]]);

    /* -------------------------------------------------------------------- steps */
    /* blind: steps since the eyes were closed, null while they are open. held: of these, how many the
       real pole stood. helped: whether Dreamer and you both pushed in the dark. */
    function begin() {
      const real = cartpole.begin(stage.random);
      run = { real, latent: model.start(picture(real), noise()), steps: 0, over: false, blind: null, held: 0, helped: false, lost: false };
      see();
    }
    const noise = (chance = drawn) => (chance ? model.noise(stage.random) : null);
    const see = () => { run.image = model.decode(run.latent); };

    function push() {
      if (stage.key("left")) return LEFT;
      if (stage.key("right")) return RIGHT;
      if (who === "dreamer") return WM.layers.argmax(model.actor(run.latent));
      turn = 1 - turn; // nobody pushes: left and right in turn
      return turn;
    }
    function step() {
      if (run.over && run.blind === null) {
        begin();
        stage.say("");
      }
      const action = push();
      run.helped = run.helped || (who === "dreamer" && (stage.key("left") || stage.key("right")));
      if (!run.over) {
        run.real = cartpole.step(run.real, action);
        run.steps += 1;
        run.over = cartpole.fallen(run.real);
        if (run.over) fall();
        else run.held = run.blind === null ? 0 : run.held + 1;
      }
      if (run.blind === null) run.latent = model.observe(run.latent, action, picture(run.real), noise());
      else {
        run.latent = model.step(run.latent, action, noise());
        run.blind += 1;
        run.lost = run.lost || model.cont(run.latent) < 0.5;
      }
      see();
    }
    function fall() {
      count();
      if (run.blind === null) {
        stage.pause();
        return stage.say("It fell after " + run.steps + " steps. Play begins again.");
      }
      stage.say("The real pole fell: " + run.held + " steps in the dark." + (run.helped ? " You pushed as well, so it does not count." : "") + " The dream goes on; open the eyes to begin again.");
    }
    /* A time in the dark; stopped: the reader ends it before the pole falls. */
    function count(stopped = false) {
      if (run.blind !== null && !run.helped) best[who].count(run.held, stopped);
    }
    const leave = () => { if (run && !run.over) count(true); };
    function toggle() {
      watched = false;
      if (run.blind === null) {
        if (run.over) begin();
        Object.assign(run, { blind: 0, held: 0, helped: false, lost: false });
        stage.say("Eyes closed.");
        return;
      }
      leave();
      run.blind = null;
      if (run.over) begin();
      stage.say("Eyes open.");
    }

    /* ----------------------------------------------------------------- controls */
    const eyes = stage.button("Close the eyes", toggle);
    stage.choice("Who pushes", [["dreamer", "Dreamer, and your keys"], ["you", "left and right in turn, and your keys"]], (value) => { leave(); who = value; watched = false; begin(); stage.say(""); });
    stage.choice("It imagines", [[false, "what is likeliest"], [true, "what chance draws"]], (value) => { drawn = value; });
    stage.choice("Speed", [[0.25, "a quarter"], [0.5, "half"], [1, "real time"]], stage.speed);
    stage.speed(0.25);
    const many = stage.button("Close its eyes " + TRIES + " times", measure);
    const rows = [], fill = stage.table([TRIES + " times in the dark", "shortest", "median", "longest"]);

    /* How many steps Dreamer balances blind, after 30 with open eyes; or who pushes left and right in turn. */
    function* blind(row, inTurn, chance) {
      const held = [];
      for (let n = 1; n <= TRIES; n++) {
        let real = cartpole.begin(stage.random), latent = model.start(picture(real), noise(chance)), t = 0;
        for (; t < FIRST + LONGEST; t++) {
          const action = inTurn && t >= FIRST ? t % 2 : WM.layers.argmax(model.actor(latent));
          real = cartpole.step(real, action);
          if (cartpole.fallen(real)) break;
          latent = t < FIRST ? model.observe(latent, action, picture(real), noise(chance)) : model.step(latent, action, noise(chance));
          row[2] = "try " + n + " …";
          yield;
        }
        if (t >= FIRST) held.push(t - FIRST); // a fall with open eyes is no time in the dark
      }
      held.sort((a, b) => a - b);
      const middle = (held[(held.length - 1) >> 1] + held[held.length >> 1]) / 2;
      row.splice(1, 3, ...(held.length ? [held[0], middle, held.at(-1)].map((n) => n + (n === LONGEST ? " (the limit)" : "")) : ["–", "–", "–"]));
      if (held.length < TRIES) row[0] += " (" + (TRIES - held.length) + " fell with open eyes)";
    }
    function measure() {
      const chance = drawn; // the reader may choose otherwise meanwhile
      const row = ["Dreamer, imagines what " + (chance ? "chance draws" : "is likeliest"), "", "", ""], show = () => fill(rows);
      const control = ["left and right in turn, no model", "", "", ""];
      rows.unshift(row, control);
      rows.length = Math.min(rows.length, 6);
      many.disabled = true;
      stage.work((function* () { yield* blind(row, false, chance); yield* blind(control, true, chance); })(), show, () => {
        show();
        many.disabled = false;
        stage.say("In the dark Dreamer balances for " + row[2] + " steps in the median of " + TRIES + " times; who pushes left and right in turn, without a model, for " + control[2] + ".");
      });
    }

    /* ------------------------------------------------------------------ drawing */
    function draw() {
      const dark = run.blind !== null, words = dark ? "Open the eyes" : "Close the eyes";
      if (eyes.textContent !== words) eyes.textContent = words;
      if (dark && who === "you" && !run.over) {
        left.pen.fillStyle = "#333";
        left.pen.fillRect(0, 0, 32, 32);
        left.note("covered");
      } else left.show(picture(run.real));
      if (run.over) left.note(dark ? "fell after " + run.held + " in the dark" : "fell after " + run.steps, 0.15);
      right.show(run.image);
      if (dark && run.lost) right.note("a fall, it imagines", 0.15);
      left.caption("The world: " + run.steps + " steps" + (dark ? ", same pushes" : ""));
      right.caption(dark ? "Eyes closed for " + run.blind + " steps: imagined" : "Eyes open: what it makes of the pictures");
      stage.score(watched ? "You are watching: Dreamer balances, with open eyes. Close its eyes, or push with ← and →." : "Best in the dark: Dreamer " + best.dreamer.words("steps") + ", you " + best.you.words("steps") + ".");
    }
    return {
      dt: cartpole.TAU,
      reset() { leave(); begin(); },
      step,
      draw,
      press(key) {
        watched = false;
        if (key === "eyes") toggle();
        else if (!stage.running() && !run.over) stage.play();
      },
      verify: () => WM.checkRSSM(model, file.check, picture),
      model, picture, state: () => ({ ...run, who, best }),
    };
  }

  WM.player("dreamer", {
    title: "Close Dreamer's eyes, and take over",
    keysInWords: "Left and right arrow push, c closes and opens the eyes, space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right", a: "left", d: "right", c: "eyes" },
    weights: ["dreamer"],
    autoplay: true,
    create,
  });
})();
