/* The board of CartPole: sort it, and let each entrant balance the real pole. All of them plan with
   wmlib's cross-entropy method for chapter 4's shaped score; what differs is what they imagine with. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {}), { worlds: { cartpole }, scenes } = WM;
  const PUSH = 0.4, LEFT_LYING = 40, WIDER = 10; // rad/s that a reader adds; steps that a fallen pole is shown; the plume is drawn so many times as wide

  /* Models as lists of members: (state, action, noise) -> next state. noise(): a normal number, or none. */
  WM.cartpoleModels = function ({ settings, tensors: t }) {
    const network = WM.dynamics("balance_network");
    /* Least squares: weight (4 + 2 + 1, 4), change = [state, action, 1] W. */
    const linear = (s, action) => s.map((v, i) => v + s.reduce((sum, x, k) => sum + x * settings.linear[k][i], settings.linear[4 + action][i] + settings.linear[6][i]));
    /* A mean change for each cell and action; a number on an edge belongs to the bin below it. */
    function table(s, action) {
      const cell = s.reduce((at, v, i) => at * (settings.edges[i].length + 1) + settings.edges[i].filter((edge) => edge < Math.fround(v)).length, 0);
      return s.map((v, i) => v + t.change.data[4 * (2 * cell + action) + i]);
    }
    return {
      "nothing moves": [(s) => s],
      table: [table],
      linear: [linear],
      network: [network.imagine],
      ensemble: Array.from({ length: settings.members }, (_, e) => member(settings, t, e)),
      simulator: [cartpole.step],
    };
  };
  /* One network of the ensemble: the mean of the next state, and noise of the deviation that it says. */
  function member({ in_mean, in_std, out_mean, out_std, low, high, max_log_var, min_log_var }, t, e) {
    const layers = [0, 1, 2].map((k) => [t[`W${k}_${e}`], t[`b${k}_${e}`]]), { dense, act } = WM.layers;
    const softplus = (x) => (x > 20 ? x : Math.log1p(Math.exp(x)));
    return function (s, action, noise) {
      let x = Float32Array.from([...s, action === 0 ? 1 : 0, action === 1 ? 1 : 0], (v, i) => (v - in_mean[i]) / in_std[i]);
      layers.forEach(([W, b], k) => { x = dense(k ? act(x, "silu") : x, W, b); });
      return s.map((v, i) => {
        const most = max_log_var[i] - softplus(max_log_var[i] - x[5 + i]), log_var = min_log_var[i] + softplus(most - min_log_var[i]);
        const next = v + x[i] * out_std[i] + out_mean[i];
        const mean = Math.min(high[i], Math.max(low[i], next));
        return noise ? mean + Math.exp(0.5 * log_var) * out_std[i] * noise() : mean;
      });
    };
  }

  /* A plan's states and score, the mean over the members: it counts as far as the pole stands. */
  function imagine(members, state, plan, noise) {
    let score = 0;
    const paths = members.map((next) => {
      const states = [state];
      let alive = 1;
      for (const action of plan) {
        const reached = next(states.at(-1), action, noise), [x, , angle] = reached;
        states.push(reached);
        score += alive * (1 - 0.5 * (angle / cartpole.ANGLE_LIMIT) ** 2 - 0.5 * (x / cartpole.X_LIMIT) ** 2);
        alive *= Number(Math.abs(x) < cartpole.X_LIMIT && Math.abs(angle) < cartpole.ANGLE_LIMIT);
      }
      return states;
    });
    return { plan, states: paths[0], score: score / members.length };
  }
  /* wmlib's CEM for two actions: a generator, one plan at a time, that returns the futures of the last
     round and the plan of the commonest actions. warm: the plan of the step before. */
  WM.cem = function* (members, state, { horizon, candidates, iterations, elites, smooth, trust }, warm, random, noise) {
    let right = Array.from({ length: horizon }, (_, t) => (warm ? trust * warm[Math.min(t + 1, horizon - 1)] + (1 - trust) / 2 : 0.5));
    let futures;
    for (let round = 0; round < iterations; round++) {
      futures = [];
      for (let n = 0; n < candidates; n++) {
        futures.push(imagine(members, state, right.map((p) => Number(random() > 1 - p)), noise));
        yield;
      }
      const best = [...futures].sort((a, b) => b.score - a.score).slice(0, elites);
      right = right.map((_, t) => (1 - smooth) * (best.reduce((sum, { plan }) => sum + plan[t], 0) / elites) + smooth / 2);
    }
    return { futures, best: imagine(members, state, right.map((p) => Number(p > 0.5)), noise) };
  };

  WM.player("balance", {
    title: "The scoreboard of CartPole, and everybody on it to play",
    keysInWords: "The left and right arrows push the pole; space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right" },
    weights: ["balance", "balance_network"],
    autoplay: true,
    create(stage) {
      const file = WM.weights("balance"), { columns, rows, planner, most } = file.settings;
      const models = WM.cartpoleModels(file), normal = WM.random.normal(stage.random);
      let row = rows.find((r) => r.name === "network"), state, plan, job, t, fallen, pushed, view = null;
      /* Episodes that were played here without a reader's push: how many, and all their steps. */
      const here = new Map(rows.map((r) => [r, { n: 0, steps: 0 }]));
      const screen = stage.canvas({
        width: 700, height: 320, most: 720, shape: (wide) => [wide, wide < 500 ? 280 : 320],
        label: "A real cart with its pole, solid blue. Over the pole the plans of the entrant, dashed orange; the one that it follows is thick.",
      });
      stage.pads([["left", "← push", "push the pole left"], ["right", "push →", "push the pole right"]]);
      const show = WM.boardTable(stage, {
        of: "CartPole", rows, sorted: "k_steps",
        columns: [{ key: "name", words: "play" }, { key: "here", words: "steps a finished life", high: true }, ...columns],
        measured: { here(r) { const { n, steps } = here.get(r); return n ? [steps / n, (steps / n).toFixed(0) + (n === 1 ? " (1 life)" : " (" + n + " lives)")] : [null, ""]; } },
        label: (r) => "let " + r.name + " balance the pole",
        play(r) { row = r; stage.say(""); begin(); stage.play(); },
      });
      stage.speed(0.5);

      function begin() {
        state = cartpole.begin(stage.random);
        [plan, t, fallen, pushed] = [null, 0, 0, false];
        think();
      }
      /* Until the plan is made the last one stays in view, and the world waits. */
      function think() {
        const members = models[row.name], warm = plan && plan.best.plan;
        const mine = job = WM.cem(members, state, planner, warm, stage.random, members.length > 1 ? normal : null);
        stage.work(mine, () => {}, (found) => {
          if (mine !== job) return; // the reader has changed something since
          [plan, job] = [found, null];
          if (!stage.running()) stage.redraw();
        });
      }
      function step() {
        if (fallen) {
          state = cartpole.drop(state);
          if (++fallen > LEFT_LYING) begin();
          return;
        }
        if (job) return;
        state = cartpole.step(state, plan.best.plan[0]);
        t++;
        if (cartpole.fallen(state)) return over("fell after " + t + " steps");
        if (t === most) { over("stood for all " + most + " steps"); return begin(); }
        think();
      }
      function over(words) {
        const mine = here.get(row);
        if (!pushed) { mine.n++; mine.steps += t; }
        if (t < most) [fallen, plan, job] = [1, null, null];
        stage.say(row.name + " " + words + (pushed ? ". You pushed: it does not count." : "."));
      }
      function press(key) {
        if (fallen) return;
        pushed = true;
        state = [...state.slice(0, 3), state[3] + (key === "left" ? -PUSH : PUSH)];
        think();
      }

      function draw() {
        const { pen, width, height, ink } = screen, metre = Math.min(110, width / 3.2), half = width / metre / 2;
        const room = Math.max(0, 2.65 - half), camera = Math.max(-room, Math.min(room, state[0]));
        view = { at: (x) => width / 2 + (x - camera) * metre, floor: height - 30, metre };
        screen.clear();
        scenes.track(pen, view, ink.quiet);
        if (plan) {
          const all = plan.futures.map((f) => f.score), low = Math.min(...all), spread = Math.max(...all) - low || 1;
          const futures = plan.futures.map((f) => ({ states: f.states, level: (f.score - low) / spread }));
          scenes.plume(pen, { futures, best: plan.best, steps: planner.horizon, wider: WIDER }, view, ink.imagined);
        }
        scenes.cartpole(pen, state, view, { color: ink.real, paper: ink.paper, push: plan ? 2 * plan.best.plan[0] - 1 : 0 });
        pen.font = `500 13px ${ink.font}`;
        pen.textAlign = "left";
        pen.fillStyle = ink.quiet;
        pen.fillText(`in ${(planner.horizon * cartpole.TAU).toFixed(2)} s`, 8, 20);
        pen.fillText(`sideways ×${WIDER}`, 8, 38);
        show(row);
        stage.score(row.name + (fallen ? " fell after " + t + " steps." : ": step " + t + " of " + most + (pushed ? ", with your help or hindrance." : ".")));
      }
      /* Torch's own dreams, each member's from the same state and actions, and the deviation of its noise. */
      function* verify() {
        let worst = 0;
        const { obs, act, dreams, deviations } = file.check;
        for (const [name, wanted] of Object.entries(dreams)) for (const [e, next] of models[name].entries()) {
          let s = obs;
          for (const [k, action] of act.entries()) {
            s = next(s, action);
            s.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - wanted[k][e][i])); });
          }
          yield;
        }
        models.ensemble.forEach((next, e) => {
          const mean = next(obs, act[0]), high = next(obs, act[0], () => 1);
          high.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - mean[i] - deviations[e][i])); });
        });
        return Math.max(worst, WM.dynamics("balance_network").worst());
      }
      return { dt: cartpole.TAU, step, draw, reset: begin, press, verify, models, planner, here: (name) => here.get(rows.find((r) => r.name === name)),
        thinks: () => job !== null, at: () => ({ name: row.name, state, t, fallen, plan }), set(next) { state = next; think(); } };
    },
  });
})();
