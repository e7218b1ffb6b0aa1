/* The RSSM, as wmlib.models.rssm: a state is { deter, stoch }. The file of weights holds the tensors of
   `model.state_dict()`, and those of the actor with "actor." before their names. The settings have
   `groups` and `classes` for Categoricals, and `size` for Gaussians. */
(function () {
  "use strict";
  const WM = window.WM, L = WM.layers;

  WM.rssm = function ({ tensors: t, settings: { groups, classes, unimix, size = groups * classes, actions } }) {
    const units = t["gru.weight_hh"].shape[1];
    const feat = (state) => Float32Array.from([...state.deter, ...state.stoch]);

    /* Linear, layer norm, SiLU: the layers `at`0 and `at`1. */
    const layer = (x, at) => L.act(L.layerNorm(L.dense(x, t[at + "0.weight"], t[at + "0.bias"]), t[at + "1.weight"], t[at + "1.bias"]), "silu");
    const head = (x, at) => L.dense(layer(x, at), t[at + "3.weight"], t[at + "3.bias"]);

    function embed(picture) {
      return L.act(L.layerNorm(WM.convs.encode(t, "encoder.0.", picture), t["encoder.1.weight"], t["encoder.1.bias"]), "silu");
    }
    function recur(state, action) {
      const x = new Float32Array(size + actions);
      x.set(state.stoch);
      if (action >= 0) x[size + action] = 1;
      return L.gru(layer(x, "gru_in."), state.deter, t["gru.weight_ih"], t["gru.weight_hh"], t["gru.bias_ih"], t["gru.bias_hh"]);
    }
    /* One class of each group: the likeliest, or drawn with `noise`, a uniform number for each class.
       Of Gaussians it is the mean. */
    function sample(params, noise) {
      if (!classes) return params.slice(0, size);
      const stoch = new Float32Array(size);
      for (let g = 0; g < size; g += classes) {
        const score = L.softmax(params.subarray(g, g + classes)).map((p, i) => {
          const log = Math.log((1 - unimix) * p + unimix / classes);
          return noise ? log - Math.log(-Math.log(Math.max(noise[g + i], 1e-20))) : log;
        });
        stoch[g + L.argmax(score)] = 1;
      }
      return stoch;
    }
    /* The posterior: the state after an action and the picture that it led to. */
    function observe(state, action, picture, noise) {
      const deter = recur(state, action);
      return { deter, stoch: sample(head([...deter, ...embed(picture)], "post."), noise) };
    }
    const start = (picture, noise) => observe({ deter: new Float32Array(units), stoch: new Float32Array(size) }, -1, picture, noise);
    /* The prior: one imagined step. */
    function step(state, action, noise) {
      const deter = recur(state, action);
      return { deter, stoch: sample(head(deter, "prior."), noise) };
    }
    return {
      start, observe, step,
      cont: (state) => L.squash.sigmoid(head(feat(state), "cont.")[0]), // did the last step end nothing?
      actor: (state) => head(feat(state), "actor."), // logits of the actions
      decode: (state) => WM.convs.decode(t, "decoder.", feat(state)).map((v) => Math.min(1, Math.max(0, v))),
      noise: (random) => Array.from({ length: size }, random),
    };
  };
})();
