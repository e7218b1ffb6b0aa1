/* The RSSM, as wmlib.models.rssm: a state is { deter, stoch }. The file of weights holds the tensors of
   `model.state_dict()`, and those of the actor with "actor." before their names. */
(function () {
  "use strict";
  const WM = window.WM, L = WM.layers, P = WM.pixels;

  WM.rssm = function ({ tensors: t, settings: { groups, classes, unimix, actions } }) {
    const size = groups * classes, units = t["gru.weight_hh"].shape[1];
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
    /* One class of each group: the likeliest, or drawn with `noise`, a uniform number for each class. */
    function sample(params, noise) {
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

  /* What wmlib's PixelCartPole shows of a state of CartPole: 1024 numbers, as bytes divided by 255. */
  WM.pixelCartPole = function (state, { PIXELS_PER_METRE, LEAN }) {
    const image = P.blank(), x = 15.5 + state[0] * PIXELS_PER_METRE;
    P.bar(image, x, 28, 3.5, 2, 0.5);
    P.stick(image, x, 27, state[2] * LEAN, 20, 1.6);
    return P.bytes(image);
  };

  /* How far all is from torch's in the steps of a check: pictures that are seen, then imagined steps,
     with torch's own noise. */
  WM.checkRSSM = function (model, check, picture) {
    let worst = 0, state = null;
    const compare = (ours, theirs) => theirs.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - ours[i])); });
    check.steps.forEach((one, i) => {
      const action = i && check.steps[i - 1].action;
      if (!one.world) state = model.step(state, action, one.noise);
      else state = i ? model.observe(state, action, picture(one.world), one.noise) : model.start(picture(one.world), one.noise);
      compare(state.deter, one.deter);
      compare(state.stoch, one.stoch);
      compare([model.cont(state), ...model.actor(state)], [one.cont, ...one.logits]);
    });
    compare(model.decode(state), check.picture);
    return worst;
  };
})();
