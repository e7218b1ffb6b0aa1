/* A learned dynamics model, as wmlib/players/dynamics.py wrote it: NeuralDynamics, s' = s + f(s, a). */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});

  /* WM.dynamics(name) -> { imagine(obs, action) -> next obs, cont(obs) -> P(it goes on), worst() }.
     An action is its number where there are a few of them, else an array (or one number). */
  WM.dynamics = function (name) {
    const { settings: s, tensors, check } = WM.weights(name);
    /* Layers with SiLU between them; each writes into an array of its own, again and again. */
    function mlp(part) {
      const layers = [];
      for (let k = 0; `W${k}${part}` in tensors; k++) {
        const W = tensors[`W${k}${part}`];
        layers.push([W, tensors[`b${k}${part}`], new Float32Array(W.shape[0])]);
      }
      return layers.length && ((x) => {
        layers.forEach(([W, b, out], k) => {
          x = WM.layers.dense(x, W, b, out);
          if (k < layers.length - 1) for (let i = 0; i < x.length; i++) x[i] /= 1 + Math.exp(-x[i]);
        });
        return x;
      });
    }
    const net = mlp(""), ends = mlp("_cont"), x = new Float32Array(s.inputs.length + s.act_size);

    function imagine(obs, action) {
      s.inputs.forEach((from, i) => { x[i] = obs[from]; });
      for (let k = 0; k < s.act_size; k++) {
        x[s.inputs.length + k] = s.one_hot ? Number(k === action) : action.length ? action[k] : action;
      }
      for (let i = 0; i < x.length; i++) x[i] = (x[i] - s.in_mean[i]) / s.in_std[i];
      const y = net(x), next = new Array(s.obs_size);
      for (let i = 0; i < s.obs_size; i++) {
        const moved = y[i] * s.out_std[i] + s.out_mean[i] + (s.change ? obs[i] : 0);
        next[i] = Math.min(s.high[i], Math.max(s.low[i], moved));
      }
      return next;
    }
    /* How likely an episode goes on in a state that was reached; 1 where training showed no end. */
    function cont(obs) {
      if (!ends) return 1;
      const [logit] = ends(Float32Array.from(obs, (v, i) => (v - s.cont_mean[i]) / s.cont_std[i]));
      return 1 / (1 + Math.exp(-logit / s.cont_temperature));
    }
    /* The largest difference from torch, over the dream that came with the weights. */
    function worst() {
      let obs = check.obs, most = 0;
      check.act.forEach((action, t) => {
        obs = imagine(obs, action);
        obs.forEach((v, i) => { most = Math.max(most, Math.abs(v - check.states[t][i])); });
        most = Math.max(most, Math.abs(cont(obs) - check.cont[t]));
      });
      return most;
    }
    return { imagine, cont, worst };
  };
})();
