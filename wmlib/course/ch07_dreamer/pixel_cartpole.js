/* The pictures that Dreamer sees of CartPole, and the comparison of all that it imagines with torch. */
(function () {
  "use strict";
  const WM = window.WM, P = WM.pixels;

  /* What wmlib's PixelCartPole shows of a state of CartPole: 1024 numbers, as bytes divided by 255. */
  WM.pixelCartPole = function (state, { PIXELS_PER_METRE, LEAN }) {
    const image = P.blank(), x = 15.5 + state[0] * PIXELS_PER_METRE;
    P.bar(image, x, 28, 3.5, 2, 0.5);
    P.stick(image, x, 27, state[2] * LEAN, 20, 1.6);
    return P.bytes(image);
  };

  /* How far all is from torch's in the steps of a check: pictures that are seen, then imagined steps,
     with torch's own noise. */
  WM.checkRSSM = function* (model, check, picture) {
    let worst = 0, state = null;
    const compare = (ours, theirs) => theirs.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - ours[i])); });
    for (const [i, one] of check.steps.entries()) {
      const action = i && check.steps[i - 1].action;
      if (!one.world) state = model.step(state, action, one.noise);
      else state = i ? model.observe(state, action, picture(one.world), one.noise) : model.start(picture(one.world), one.noise);
      compare(state.deter, one.deter);
      compare(state.stoch, one.stoch);
      compare([model.cont(state), ...model.actor(state)], [one.cont, ...one.logits]);
      yield;
    }
    compare(model.decode(state), check.picture);
    return worst;
  };
})();
