/* The front page's player: the real cart and pole (blue), what the model imagines (orange, dashed). */
(function () {
  "use strict";
  const { worlds: { cartpole }, scenes } = WM;
  const THOUGHT = 240; // imagined steps before each push, however far it looks ahead
  const HOLD = 2;      // world's steps that an imagined push lasts
  const PUSH = 0.5;    // what a reader's push adds to the pole, in rad/s
  const WIDER = 28;    // the plume is drawn WIDER / look-ahead times as wide as it is; the picture says so
  const SPEED = 0.5, SLOW = 0.25; // of the world's clock: for who plans, for a reader
  const MODES = [["imagine", "Imagine"], ["react", "React"], ["dream", "Eyes shut"], ["you", "You"]];
  const SAYS = {
    react: "It pushes to the side the pole leans to, and never asks what would happen next.",
    imagine: `Before each push it imagines ${THOUGHT} steps, shared out among its futures, and takes the first push of the best.`,
    dream: "Its eyes are shut: it sees only what it imagines. Orange is where it believes the pole to be, blue is where it is.",
    you: "Your turn, at a quarter of the speed. The cart waits for your first push: hold ← or →, or the two buttons.",
  };

  const count = (ahead) => Math.ceil(THOUGHT / (HOLD * ahead)); // futures of such a look-ahead
  const plans = (mode) => mode === "imagine" || mode === "dream";
  /* What a future is worth: upright, near the goal, calm at the end; a fall ends it. */
  function worth(states, goal) {
    let score = 0;
    for (const state of states.slice(1)) {
      if (cartpole.fallen(state)) return score - 20;
      const lean = state[2] / cartpole.ANGLE_LIMIT, off = Math.max(-1, Math.min(1, (state[0] - goal) / 1.2));
      score += 1 - 0.5 * lean * lean - 0.5 * off * off;
    }
    const [x, speed, , turning] = states[states.length - 1];
    const drift = speed - 0.9 * Math.max(-0.8, Math.min(0.8, goal - x));
    return score - 3 * drift * drift - 2 * turning * turning;
  }
  /* Random shooting: half of the futures lean to one side, so that they reach further. */
  function plan(model, state, goal, ahead, random) {
    const futures = [];
    let best = 0;
    for (let n = 0; n < count(ahead); n++) {
      const bias = n % 2 ? 0.5 : random(), states = [state];
      let first, action;
      for (let t = 0; t < HOLD * ahead; t++) {
        if (t % HOLD === 0) action = random() < bias ? 1 : 0;
        if (t === 0) first = action;
        states.push(model.imagine(states[t], action));
        if (cartpole.fallen(states[t + 1])) break;
      }
      futures.push({ first, states, worth: worth(states, goal), level: 0.6 });
      if (futures[n].worth > futures[best].worth) best = n;
    }
    return { futures, best: futures[best] };
  }
  /* Who acts, the state, and how long it has stood: `steps` in all, `stood` with these
     settings and no push of a reader's.
     Drawing knows nothing of this. */
  function makeAgent(model, random) {
    const agent = { mode: "imagine", goal: 0, ahead: 5 };
    agent.reset = function () {
      agent.real = agent.before = agent.dream = cartpole.begin(random);
      agent.steps = agent.stood = agent.fallenFor = 0;
      agent.action = -1;
      agent.waits = agent.mode === "you";
      agent.think();
    };
    agent.think = function () {
      agent.thought = plans(agent.mode) && !agent.fallenFor ? plan(model, agent.dream, agent.goal, agent.ahead, random) : null;
    };
    /* held: the reader's push, 0, 1, or -1 for none. */
    agent.step = function (held) {
      agent.before = agent.real;
      if (agent.waits && held < 0) return;
      agent.waits = false;
      if (agent.fallenFor) {
        agent.real = cartpole.drop(agent.real);
        if (++agent.fallenFor > 50) agent.reset();
        return;
      }
      agent.action = agent.mode === "you" ? held : agent.thought ? agent.thought.best.first : Number(agent.real[2] > 0);
      agent.real = cartpole.step(agent.real, agent.action);
      agent.dream = agent.mode === "dream" ? model.imagine(agent.dream, agent.action) : agent.real;
      agent.steps++;
      agent.stood++;
      if (cartpole.fallen(agent.real)) agent.fallenFor = 1;
      agent.think();
    };
    agent.set = function (key, value) {
      agent[key] = value;
      if (plans(agent.mode)) agent.stood = 0;
      agent.think();
    };
    agent.push = function (side) {
      if (agent.fallenFor) return;
      agent.real = [...agent.real.slice(0, 3), agent.real[3] + side * PUSH];
      agent.stood = 0; // with a reader's help it is not its own record
      if (agent.mode !== "dream") agent.dream = agent.real;
      agent.think();
    };
    agent.reset();
    return agent;
  }

  WM.player("front", {
    title: "A cart that balances a pole, with and without imagination",
    keysInWords: "Left and right arrow keys push; space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right" },
    weights: ["front"],
    autoplay: true,
    create(stage) {
      const model = WM.dynamics("front"), agent = makeAgent(model, stage.random), longest = new Map();
      const screen = stage.canvas({
        width: 1000, height: 380, most: 1200, shape: (wide) => [wide, wide < 560 ? 280 : 330],
        label: "A cart keeps a pole upright on a track. The real cart is solid blue. Above the pole rises a plume of dashed orange lines, the futures that the agent imagines before each push; the best is drawn thick.",
      });
      let view = null;
      const canvas = screen.canvas;
      canvas.style.cursor = "crosshair";
      canvas.addEventListener("pointerdown", stage.guarded((event) => {
        if (!view) return;
        agent.goal = Math.max(-1.8, Math.min(1.8, (screen.at(event)[0] - view.at(0)) / view.metre));
        goal.value = agent.goal;
        goal.dispatchEvent(new Event("input"));
      }));
      stage.pads([["left", "← push", "push left"], ["right", "push →", "push right"]]);
      const note = stage.modes("Who acts", MODES, (mode) => {
        agent.mode = mode;
        agent.reset();
        stage.speed(mode === "you" ? SLOW : SPEED);
        stage.say(""); // at once, whatever was said just now
        stage.say(SAYS[mode]);
        if (!stage.still || mode === "you") stage.play();
      });
      const goal = stage.slider("Be here", { min: -1.8, max: 1.8, step: 0.1, value: 0, says: (v) => v.toFixed(1) + " m" },
        (value) => agent.set("goal", value));
      stage.slider("Look ahead", {
        min: 2, max: 10, step: 1, value: 5,
        says: (n) => `${n} pushes, ${count(n)} futures`,
      }, (value) => agent.set("ahead", value));
      stage.button("Step", () => { stage.pause(); agent.step(held()); });
      stage.speed(SPEED);
      /* A record belongs to the settings with which it was made. */
      const settings = (mode) => (plans(mode) ? [mode, agent.goal, agent.ahead].join() : mode);
      const seconds = (steps) => (steps * cartpole.TAU).toFixed(1) + " s";
      const futures = (ahead) => `${count(ahead)} futures of ${(ahead * HOLD * cartpole.TAU).toFixed(2)} s`;
      const held = () => (stage.key("left") ? 0 : stage.key("right") ? 1 : -1);

      return {
        dt: cartpole.TAU, agent,
        step() {
          agent.step(held());
          const now = settings(agent.mode);
          if (agent.stood > (longest.get(now) || 0)) longest.set(now, agent.stood);
          if (agent.fallenFor === 1 && agent.mode === "you") {
            const stood = agent.steps * cartpole.TAU;
            stage.say(`You kept it up for ${stood.toFixed(1)} seconds of its time, ${(stood / SLOW).toFixed(1)} of yours.`);
          }
          /* Measured, 20 runs each: with the mark in the middle none falls in 20 s; with the mark at 1.8 m 4 fall within 12 s, and none with ten times the futures. */
          if (agent.fallenFor === 1 && agent.mode === "imagine") {
            stage.say((Math.abs(agent.real[0]) > cartpole.X_LIMIT ? "It ran off the track" : "The pole fell") + ` after ${seconds(agent.steps)}`
              + (agent.stood < agent.steps ? `, ${seconds(agent.stood)} after your last push or change.` : `: ${futures(agent.ahead)} were not enough.`)
              + (Math.abs(agent.goal) > 1.2 ? " Near an end of the track that happens more often." : ""));
          }
        },
        press(key) { if (agent.mode !== "you") agent.push(key === "left" ? -1 : 1); },
        reset() { agent.reset(); stage.say(SAYS[agent.mode]); },
        verify: model.worst,
        draw() {
          const { pen, width, height, ink } = screen, t = stage.between();
          const metre = Math.min(112, width / 3.1), floor = height - 40, half = width / metre / 2;
          const real = agent.real.map((v, i) => agent.before[i] + (v - agent.before[i]) * t);
          const room = Math.max(0, 2.65 - half), camera = Math.max(-room, Math.min(room, real[0]));
          view = { at: (x) => width / 2 + (x - camera) * metre, floor, metre };
          const above = floor - 1.2 * metre, small = width < 520;
          screen.clear();
          scenes.track(pen, view, ink.quiet);
          if (agent.thought) scenes.plume(pen, { ...agent.thought, steps: HOLD * agent.ahead, wider: WIDER / agent.ahead }, view, ink.imagined);
          if (agent.mode === "dream" && !agent.fallenFor) {
            scenes.cartpole(pen, agent.dream, view, { color: ink.imagined, paper: ink.paper, imagined: true });
          }
          const push = agent.fallenFor || agent.action < 0 ? 0 : agent.action * 2 - 1;
          scenes.cartpole(pen, real, view, { color: ink.real, paper: ink.paper, push });

          pen.font = `500 ${small ? 12 : 13}px ${ink.font}`;
          const text = (words, x, y, color, align) => {
            pen.fillStyle = color;
            pen.textAlign = align;
            pen.fillText(words, x, y);
          };
          const side = view.at(real[0]) + 140 > width ? -1 : 1, beside = view.at(real[0]) + side * 62;
          if (!agent.fallenFor) text("real", beside, floor - 6, ink.real, side < 0 ? "right" : "left");
          if (agent.thought) {
            text("imagined", beside, above + 6, ink.imagined, side < 0 ? "right" : "left");
            text(`in ${(agent.ahead * HOLD * cartpole.TAU).toFixed(2)} s`, 8, 22, ink.quiet, "left");
            text(`sideways ×${(WIDER / agent.ahead).toFixed(1)}`, 8, 40, ink.quiet, "left");
            text("now", 8, above - 6, ink.quiet, "left");
          }
          const g = view.at(agent.goal);
          pen.fillStyle = ink.text;
          pen.beginPath();
          [[g, floor + 3], [g - 5, floor + 12], [g + 5, floor + 12]].forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
          pen.fill();
          text("be here", Math.max(30, Math.min(width - 30, g)), floor + 28, ink.text, "center");
          stage.score(agent.waits ? "The cart waits for your first push."
            : (agent.fallenFor ? "Fell after " : "Standing for ") + seconds(agent.steps) + " of the cart’s time, shown at "
              + (agent.mode === "you" ? "a quarter of" : "half") + " its speed. Beside each name: its longest by itself, with these settings.");
          for (const [mode] of MODES) note(mode, seconds(longest.get(settings(mode)) || 0)); // never empty, so that the next name stays where it is
        },
      };
    },
  });

  /* For tests: how many seconds a mode keeps the pole up, without drawing, and where it ends. */
  WM.stands = function (mode, seconds, seed, ahead = 5, goal = 0) {
    const agent = makeAgent(WM.dynamics("front"), WM.random.uniform(seed));
    Object.assign(agent, { mode, ahead, goal });
    agent.reset();
    while (agent.steps * cartpole.TAU < seconds && !agent.fallenFor) agent.step(-1);
    return [agent.steps * cartpole.TAU, agent.real];
  };
})();
