/* Chapter 8's player compares itself with torch. */
(function () {
  "use strict";
  const WM = window.WM;

  /* The largest difference between the model and what torch says, with its noise; see players.py. */
  WM.checkIris = function* (model, check, temperature) {
    let tokens, worst = 0;
    const cache = model.empty(), seen = check.obs.length;
    const compare = (a, b) => { for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i])); };
    for (const [k, obs] of check.obs.entries()) {
      if (k) model.advance(tokens, check.act[k - 1], cache);
      tokens = model.encode(Float32Array.from(obs, (v) => v / 255));
      yield;
    }
    for (const [k, wanted] of check.tokens.entries()) {
      const h = model.advance(tokens, check.act[seen - 1 + k], cache), writer = model.writer(h);
      for (const u of check.noise[k]) writer.write(WM.layers.categorical(writer.chances(temperature), u));
      tokens = writer.tokens;
      compare([...tokens, model.reward(h), model.goesOn(h)], [...wanted, check.rew[k], check.cont[k]]);
      yield;
    }
    const picture = model.decode(tokens);
    compare(picture, check.picture);
    compare(model.actor(picture), check.choice);
    return worst;
  };
})();
