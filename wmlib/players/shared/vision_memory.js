/* V and M, as wmlib's VisionMemory: a state is { z, hidden, cell }. The file of weights holds the
   tensors of `model.state_dict()`, and controllers C as tensors (actions, numbers read + 1). */
(function () {
  "use strict";
  const WM = window.WM, L = WM.layers;

  WM.visionMemory = function ({ tensors: t, settings }) {
    const { size, mixtures, actions, contrast } = settings, units = t["memory.lstm.weight_hh"].shape[1];

    const encode = (picture) => WM.convs.encode(t, "vision.encoder.", picture).slice(0, size).map((v) => contrast * v);
    const decode = (state) => WM.convs.decode(t, "vision.decoder.", state.z).map((v) => Math.min(1, Math.max(0, v)));
    const start = (picture) => ({ z: encode(picture), hidden: new Float32Array(units), cell: new Float32Array(units) });

    function recur(state, action) {
      const x = new Float32Array(size + actions);
      x.set(state.z);
      x[size + action] = 1;
      return L.lstm(x, [state.hidden, state.cell], t["memory.lstm.weight_ih"], t["memory.lstm.weight_hh"], t["memory.lstm.bias_ih"], t["memory.lstm.bias_hh"]);
    }
    /* The state after an action and the picture that it led to. */
    function observe(state, action, picture) {
      const [hidden, cell] = recur(state, action);
      return { z: encode(picture), hidden, cell };
    }
    /* One dreamt step. noise: { place, normal }, a uniform and a normal number for each of z; without it
       z is the middle of the likeliest Gaussian. */
    function step(state, action, temperature, noise) {
      const [hidden, cell] = recur(state, action), z = new Float32Array(size);
      const parts = L.dense(hidden, t["memory.mixture.weight"], t["memory.mixture.bias"]);
      for (let i = 0; i < size; i++) {
        const at = 3 * mixtures * i, logits = parts.subarray(at, at + mixtures);
        const k = noise ? L.categorical(L.softmax(logits, temperature), noise.place[i]) : L.argmax(logits);
        z[i] = parts[at + mixtures + k];
        if (noise) z[i] += Math.sqrt(temperature) * Math.exp(Math.min(2, Math.max(-5, parts[at + 2 * mixtures + k]))) * noise.normal[i];
      }
      const [rew, cont] = L.dense(hidden, t["memory.rew_cont.weight"], t["memory.rew_cont.bias"]);
      return { state: { z, hidden, cell }, rew, cont: L.squash.sigmoid(cont) };
    }
    function noise(random) {
      const normal = WM.random.normal(random), many = (f) => Array.from({ length: size }, f);
      return { place: many(random), normal: many(normal) };
    }
    /* What the linear controller of this name says of each action. It reads z and hidden, or z alone. */
    function scores(name, { z, hidden }) {
      const W = t[name], [n, columns] = W.shape, out = new Float32Array(n);
      const feat = columns === size + 1 ? z : [...z, ...hidden];
      for (let a = 0; a < n; a++) {
        out[a] = W.data[(a + 1) * columns - 1];
        for (let i = 0; i < columns - 1; i++) out[a] += W.data[a * columns + i] * feat[i];
      }
      return out;
    }
    return { encode, decode, start, observe, step, noise, scores, choose: (name, state) => L.argmax(scores(name, state)) };
  };

  /* How far the states and pictures are from torch's, in the 20 steps of the file's check: ten
     pictures that are seen, then ten dreamt steps with torch's own noise. */
  WM.checkVisionMemory = function* (model, check, picture) {
    let worst = 0, state = null;
    const compare = (ours, theirs) => theirs.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - ours[i])); });
    for (const [i, one] of check.steps.entries()) {
      if (one.world) state = i ? model.observe(state, check.steps[i - 1].action, picture(one.world)) : model.start(picture(one.world));
      else {
        const next = model.step(state, check.steps[i - 1].action, one.temperature, one);
        state = next.state;
        compare([next.rew, next.cont], [one.rew, one.cont]);
      }
      compare(state.z, one.z);
      compare(state.hidden, one.hidden);
      yield;
    }
    compare(model.decode(state), check.picture);
    return worst;
  };
})();
