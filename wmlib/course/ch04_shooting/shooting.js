/* Random shooting, seen at work: every plan that is imagined, and what the score thinks of it. */
(function () {
  "use strict";
  const { worlds: { cartpole }, scenes } = WM, PUSH = 0.4; // rad/s that a reader's push adds

  /* One imagined step: what it is worth, and how likely the episode goes on after it, in single
     precision as in wmlib: there a head that is certain says exactly 1, and such plans tie. */
  const inside = (s) => Number(!cartpole.fallen(s)), lean = (s) => (s[2] / cartpole.ANGLE_LIMIT) ** 2;
  const AIMS = {
    sum: { words: "sum of rewards", rew: () => 1, cont: () => 1 },
    ends: { words: "until it ends", rew: () => 1, cont: (s, model) => Math.fround(model.cont(s)) },
    shaped: { words: "shaped: upright, in the middle", rew: (s) => 1 - 0.5 * lean(s) - 0.5 * (s[0] / cartpole.X_LIMIT) ** 2, cont: inside },
    there: { words: "shaped: at the mark", rew: (s, place) => 1 - 0.1 * lean(s) - 0.5 * ((s[0] - place) / cartpole.X_LIMIT) ** 2, cont: inside },
  };

  /* J of a plan, and the states that it runs through: rewards count as far as the episode gets. */
  function imagine(model, state, plan, aim, place) {
    const states = [state];
    let J = 0, alive = 1;
    for (const action of plan) {
      const next = model.imagine(states[states.length - 1], action);
      states.push(next);
      J = Math.fround(J + alive * aim.rew(next, place));
      alive = Math.fround(alive * aim.cont(next, model));
    }
    return { J, states, first: plan[0] };
  }
  /* A generator, so that it can be done in slices: 200 plans of 50 steps take several frames. */
  function* shoot(model, state, { candidates, horizon, aim, place }, random) {
    const futures = [];
    while (futures.length < candidates) {
      futures.push(imagine(model, state, Array.from({ length: horizon }, () => Number(random() < 0.5)), aim, place));
      yield;
    }
    const all = futures.map((future) => future.J), low = Math.min(...all), high = Math.max(...all);
    for (const future of futures) future.level = high > low ? (future.J - low) / (high - low) : 0.5;
    return { futures, best: futures[all.indexOf(high)], low, high, aim, horizon };
  }

  /* The scores of the plans that were compared. Equal ones are only those that are equal to the last digit. */
  function compared({ futures, low, high, aim, horizon }) {
    if (futures.length === 1) return ` One plan, J ${low.toFixed(2)}: there is nothing to choose from.`;
    if (high > low) return high - low < 0.05 ? ` Best score J ${high.toFixed(2)}, the worst is ${(high - low).toPrecision(1)} less.` : ` Scores J from ${low.toFixed(2)} to ${high.toFixed(2)}.`;
    const why = aim === AIMS.sum ? ", for every step pays 1, also after a fall"
      : aim === AIMS.ends && high === horizon ? ", for none is expected to end so soon" : "";
    return ` All plans tie at J ${low.toFixed(2)}${why}: the first is taken.`;
  }

  WM.player("shooting", {
    title: "A planner at work: the futures that it imagines over the pole",
    keysInWords: "Left and right arrow keys push the pole; space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right" },
    weights: ["shooting"],
    autoplay: true,
    create(stage) {
      const learned = WM.dynamics("shooting");
      const truth = { imagine: cartpole.step, cont: inside };
      const game = { candidates: 50, horizon: 8, aim: AIMS.shaped, place: 1, model: learned, s: null, plan: null, t: 0 };
      let fallen = 0, longest = 0, since = 0, view = null, job = null; // job: the plan that is being made
      const screen = stage.canvas({
        width: 700, height: 340, most: 720, shape: (wide) => [wide, wide < 500 ? 300 : 340],
        label: "A real cart with its pole, solid blue. Over the pole the imagined plans, dashed orange: the darker, the better its score; the chosen one is thick.",
      });
      /* Until it is done the last plan stays in view, and the world waits. */
      function think() {
        if (job) job.return();
        const mine = job = fallen ? null : shoot(game.model, game.s, game, stage.random);
        if (!mine) game.plan = null;
        else stage.work(mine, () => {}, (plan) => {
          if (mine !== job) return; // the reader has changed something since
          [game.plan, job] = [plan, null];
          if (!stage.running()) stage.redraw();
        });
      }
      function begin() {
        game.s = cartpole.begin(stage.random);
        game.t = fallen = since = 0;
        think();
      }
      screen.canvas.addEventListener("pointerdown", stage.guarded((event) => {
        if (!view || game.aim !== AIMS.there) return;
        game.place = Math.max(-1.8, Math.min(1.8, (screen.at(event)[0] - view.at(0)) / view.metre));
        mark.value = game.place;
        mark.dispatchEvent(new Event("input"));
      }));
      stage.pads([["left", "← push", "push the pole left"], ["right", "push →", "push the pole right"]]);
      const change = (key) => (value) => {
        game[key] = value;
        longest = 0;
        since = game.t;
        mark.parentNode.style.display = game.aim === AIMS.there ? "" : "none"; // no other score has a mark
        think();
      };
      stage.choice("score", Object.values(AIMS).map((aim) => [aim, aim.words]), change("aim"), game.aim);
      stage.slider("horizon", { min: 1, max: 50, step: 1, value: 8, says: (n) => `${n} steps, ${(n * cartpole.TAU).toFixed(2)} s` }, change("horizon"));
      stage.slider("candidates", { min: 1, max: 200, step: 1, value: 50, says: (n) => `${n} plans` }, change("candidates"));
      const mark = stage.slider("mark", { min: -1.8, max: 1.8, step: 0.1, value: 1, says: (v) => v.toFixed(1) + " m" }, change("place"));
      mark.parentNode.style.display = "none";
      stage.choice("model", [[learned, "learned network"], [truth, "true physics"]], change("model"));
      stage.button("Step", () => { stage.pause(); game.step(); });
      stage.speed(0.25);
      const wider = () => Math.min(12, 80 / game.horizon); // how many times as wide as it is the plume is drawn

      return Object.assign(game, {
        dt: cartpole.TAU,
        score: (state, plan, aim, place) => imagine(learned, state, plan, AIMS[aim], place).J,
        step() {
          if (job) return;
          if (fallen) {
            game.s = cartpole.drop(game.s);
            if (++fallen > 40) begin();
            return;
          }
          game.s = cartpole.step(game.s, game.plan.best.first);
          game.t++;
          longest = Math.max(longest, game.t - since);
          if (cartpole.fallen(game.s)) fallen = 1;
          think();
        },
        thinks: () => job !== null,
        press(key) {
          if (fallen) return;
          game.s = [...game.s.slice(0, 3), game.s[3] + (key === "left" ? -PUSH : PUSH)];
          since = game.t; // with a reader's help it is not its own record
          think();
        },
        reset() { longest = 0; begin(); },
        verify: learned.worst,
        draw() {
          const { pen, width, height, ink } = screen, metre = Math.min(110, width / 3.2), half = width / metre / 2;
          const room = Math.max(0, 2.65 - half), camera = Math.max(-room, Math.min(room, game.s[0]));
          view = { at: (x) => width / 2 + (x - camera) * metre, floor: height - 38, metre };
          screen.clear();
          scenes.track(pen, view, ink.quiet);
          if (game.plan) scenes.plume(pen, { ...game.plan, steps: game.horizon, wider: wider() }, view, ink.imagined);
          scenes.cartpole(pen, game.s, view, { color: ink.real, paper: ink.paper, push: game.plan ? 2 * game.plan.best.first - 1 : 0 });
          pen.font = `500 13px ${ink.font}`;
          pen.textAlign = "left";
          pen.fillStyle = ink.quiet;
          pen.fillText(`in ${(game.horizon * cartpole.TAU).toFixed(2)} s`, 8, 20);
          pen.fillText(`sideways ×${wider().toFixed(1)}`, 8, 38);
          if (game.aim === AIMS.there) {
            const g = view.at(game.place);
            pen.fillStyle = ink.text;
            pen.textAlign = "center";
            pen.fillText("▲ mark", Math.max(30, Math.min(width - 30, g)), view.floor + 22);
          }
          const steps = (game.candidates * game.horizon).toLocaleString("en");
          stage.score((fallen ? `Fell after ${game.t} steps.` : `Step ${game.t}; longest by itself with these settings ${longest}.`)
            + (game.plan ? ` ${steps} imagined steps a decision.` + compared(game.plan) : ""));
        },
      });
    },
  });
})();
