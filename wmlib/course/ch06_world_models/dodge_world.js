/* Dodge, as wmlib.course.ch06_world_models.dodge: a state is [x, then for each ball: in the air (1 or 0),
   x, y, what it moves to the right and down in a step]. Chance is asked in the order of the original. */
(function () {
  "use strict";
  const WM = window.WM, P = WM.pixels;

  WM.dodge = function ({ n_balls: balls, rate, aim, SPEED: speed, REACH: reach }) {
    const between = (random, low, high) => low + (high - low) * random();

    function begin(random) {
      const state = new Array(1 + 5 * balls).fill(0);
      state[0] = between(random, 6, 26);
      return state;
    }
    /* Returns [the next state, whether a ball hits]. */
    function step(state, action, random) {
      const next = state.slice();
      next[0] = Math.min(29, Math.max(2, next[0] + speed * (action - 1)));
      for (let k = 1; k < next.length; k += 5) {
        next[k + 1] += next[k + 3];
        next[k + 2] += next[k + 4];
        if (next[k + 2] >= 33) next.fill(0, k, k + 5); // out of sight
      }
      throwOne(next, random);
      let hit = false;
      for (let k = 1; k < next.length; k += 5) {
        hit = hit || (next[k] > 0 && Math.abs(next[k + 1] - next[0]) < reach && Math.abs(next[k + 2] - 29.5) < 1.8);
      }
      return [next, hit];
    }
    function throwOne(state, random) {
      let free = 1;
      while (free < state.length && state[free]) free += 5;
      if (!(random() < rate) || free >= state.length) return;
      const x = between(random, 2, 30), fall = between(random, 0.9, 1.5);
      const aimed = random() < aim, anywhere = between(random, 2, 30);
      const target = aimed ? state[0] : anywhere;
      state.splice(free, 5, 1, x, 1, ((target - x) / 28) * fall, fall);
    }
    /* What the agent sees: 1024 numbers, as bytes divided by 255. */
    function picture(state) {
      const image = P.blank();
      P.bar(image, state[0], 29.5, 2.2, 2, 0.6);
      for (let k = 1; k < state.length; k += 5) if (state[k]) P.disc(image, state[k + 1], state[k + 2], 2.2);
      return P.bytes(image);
    }
    return { begin, step, picture };
  };
})();
