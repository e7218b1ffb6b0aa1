/* Imagination on the front page: the learned model's step, and a planner that asks it
   "what would happen if?" of many futures and takes the first action of the best. */
window.WorldModel = window.WorldModel || {};
window.WorldModel.planner = (function () {
  "use strict";
  const { weights, world } = window.WorldModel;
  const hidden = weights.layers[0].b.length;
  const flat = weights.layers.map(({ w, b }) => ({
    w: Float64Array.from(w.flat()), b: Float64Array.from(b), ins: w[0].length, outs: b.length,
  }));
  const input = new Float64Array(4), change = new Float64Array(4);
  const one = new Float64Array(hidden), two = new Float64Array(hidden);

  function layer({ w, b, ins, outs }, from, to, squash) {
    for (let j = 0, k = 0; j < outs; j++) {
      let sum = b[j];
      for (let i = 0; i < ins; i++, k++) sum += w[k] * from[i];
      to[j] = squash ? Math.tanh(sum) : sum;
    }
  }

  /* The learned model: the next state that the network expects. */
  function imagine(state, action) {
    for (let i = 0; i < 4; i++) {
      const value = i < 3 ? state[i + 1] : 2 * action - 1;
      input[i] = (value - weights.in_mean[i]) / weights.in_std[i];
    }
    layer(flat[0], input, one, true);
    layer(flat[1], one, two, true);
    layer(flat[2], two, change, false);
    const next = [0, 0, 0, 0];
    for (let i = 0; i < 4; i++) {
      next[i] = state[i] + change[i] * weights.out_std[i] + weights.out_mean[i];
    }
    return next;
  }

  /* A small seeded generator (mulberry32), so that a run can be repeated. */
  function randomness(seed) {
    let a = seed >>> 0;
    return function () {
      a = (a + 0x6D2B79F5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  /* What a future is worth: upright, near the goal, calm at the end; a fall ends it. */
  function worth(states, goal) {
    let score = 0;
    for (let t = 1; t < states.length; t++) {
      const state = states[t];
      if (world.fallen(state)) return score - 20;
      const lean = state[2] / world.ANGLE_LIMIT;
      const off = Math.max(-1, Math.min(1, (state[0] - goal) / 1.2));
      score += 1 - 0.5 * lean * lean - 0.5 * off * off;
    }
    const last = states[states.length - 1];
    const to = Math.max(-0.8, Math.min(0.8, goal - last[0]));
    const drift = last[1] - 0.9 * to;
    return score - 3 * drift * drift - 2 * last[3] * last[3];
  }

  /* Random shooting. Half of the futures lean to one side, so that they reach further; one is
     what was left of the last plan. Returns every future and the index of the best. */
  function plan(state, { goal = 0, futures = 48, horizon = 25, last = null, random }) {
    const all = [];
    let best = 0;
    for (let n = 0; n < futures; n++) {
      const bias = n % 2 ? 0.5 : random();
      const actions = new Array(horizon);
      for (let t = 0; t < horizon; t++) actions[t] = random() < bias ? 1 : 0;
      if (n === 0 && last) for (let t = 0; t + 1 < last.length && t < horizon; t++) actions[t] = last[t + 1];
      const states = [state];
      for (let t = 0; t < horizon; t++) {
        states.push(imagine(states[t], actions[t]));
        if (world.fallen(states[t + 1])) break;
      }
      all.push({ actions, states, worth: worth(states, goal) });
      if (all[n].worth > all[best].worth) best = n;
    }
    return { futures: all, best, action: all[best].actions[0] };
  }

  return { imagine, plan, randomness };
})();
