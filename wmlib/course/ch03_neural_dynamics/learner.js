/* Learning in the page: chapter 3's network, its gradient, and Adam, in one function, since a worker
   gets its text. Numbers are doubles; a batch is flat, row by row; weights are (out, in) as torch's. */
(function () {
  "use strict";
  function learner() {
    const sigmoid = (v) => 1 / (1 + Math.exp(-v));

    /* Weights of a network of these sizes, uniform as `wmlib.models.networks.mlp` draws them. */
    function begin(sizes, random) {
      return sizes.slice(1).map((outs, k) => ({
        W: Float64Array.from({ length: outs * sizes[k] }, () => (2 * random() - 1) / Math.sqrt(sizes[k])),
        b: new Float64Array(outs),
      }));
    }
    /* Each layer's input and output before the SiLU. */
    function forward(layers, x, rows) {
      const seen = [];
      layers.forEach(({ W, b }, k) => {
        const outs = b.length, ins = W.length / outs, z = new Float64Array(rows * outs);
        for (let r = 0; r < rows; r++) for (let o = 0; o < outs; o++) {
          let sum = b[o];
          for (let i = 0, w = o * ins, at = r * ins; i < ins; i++) sum += W[w + i] * x[at + i];
          z[r * outs + o] = sum;
        }
        seen.push({ x, z });
        x = k < layers.length - 1 ? z.map((v) => v * sigmoid(v)) : z;
      });
      return { out: x, seen };
    }
    /* Mean squared error over the batch and the numbers of a row, and its gradient. */
    function gradient(layers, x, y, rows) {
      const { out, seen } = forward(layers, x, rows), grads = [];
      let loss = 0, d = out.map((v, i) => { loss += (v - y[i]) ** 2 / out.length; return (2 * (v - y[i])) / out.length; });
      for (let k = layers.length - 1; k >= 0; k--) {
        const { W, b } = layers[k], outs = b.length, ins = W.length / outs;
        const grad = { W: new Float64Array(W.length), b: new Float64Array(outs) }, back = new Float64Array(rows * ins);
        for (let r = 0; r < rows; r++) for (let o = 0; o < outs; o++) {
          const e = d[r * outs + o];
          grad.b[o] += e;
          for (let i = 0, w = o * ins, at = r * ins; i < ins; i++) {
            grad.W[w + i] += e * seen[k].x[at + i];
            back[at + i] += e * W[w + i];
          }
        }
        grads.unshift(grad);
        if (k) d = back.map((v, i) => { const z = seen[k - 1].z[i], s = sigmoid(z); return v * s * (1 + z * (1 - s)); });
      }
      return { loss, grads };
    }
    function adam(layers) {
      const moments = layers.map(({ W, b }) => ({ W: [new Float64Array(W.length), new Float64Array(W.length)], b: [new Float64Array(b.length), new Float64Array(b.length)] }));
      let t = 0;
      return function (grads, lr) {
        t++;
        layers.forEach((layer, k) => {
          for (const key of ["W", "b"]) {
            const [m, v] = moments[k][key], g = grads[k][key], w = layer[key];
            for (let i = 0; i < w.length; i++) {
              m[i] = 0.9 * m[i] + 0.1 * g[i];
              v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
              w[i] -= (lr * m[i]) / (1 - 0.9 ** t) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
            }
          }
        });
      };
    }
    const spread = (rows, j, mean) => Math.sqrt(rows.reduce((s, r) => s + (r[j] - mean) ** 2, 0) / (rows.length - 1)) || 1;
    /* Mean and deviation of each column of an array of rows. */
    function normaliser(rows) {
      const mean = rows[0].map((_, j) => rows.reduce((s, r) => s + r[j], 0) / rows.length);
      return { mean, std: mean.map((m, j) => spread(rows, j, m)) };
    }
    const inputs = (obs, action) => [...obs, action === 0 ? 1 : 0, action === 1 ? 1 : 0];

    /* The next observation that a model { layers, into, from } expects. */
    function imagine({ layers, into, from }, obs, action) {
      const x = Float64Array.from(inputs(obs, action), (v, i) => (v - into.mean[i]) / into.std[i]);
      return Array.from(forward(layers, x, 1).out, (v, i) => obs[i] + v * from.std[i] + from.mean[i]);
    }
    /* Error 1 to K steps ahead on real runs { obs: K + 1 of them, act: K }, in deviations of the states. */
    function errors(model, runs) {
      const { std } = normaliser(runs.flatMap((run) => run.obs)), sums = runs[0].act.map(() => 0);
      for (const { obs, act } of runs) {
        let s = obs[0];
        act.forEach((action, k) => {
          s = imagine(model, s, action);
          s.forEach((v, j) => { sums[k] += ((v - obs[k + 1][j]) / std[j]) ** 2; });
        });
      }
      return sums.map((sum) => Math.sqrt(sum / runs.length / std.length));
    }
    /* Fit a network to transitions [obs, action, next]; report(...) after every 20 updates. */
    function train({ data, runs, sizes, updates, batch, lr, numbers }, report) {
      let n = 0;
      const random = () => numbers[n++ % numbers.length]; // from the page, so that a run can be repeated
      const X = data.map(([obs, action]) => inputs(obs, action)), Y = data.map(([obs, , next]) => next.map((v, j) => v - obs[j]));
      const model = { into: normaliser(X), from: normaliser(Y), layers: begin(sizes, random) }, improve = adam(model.layers);
      const scaled = (rows, { mean, std }) => rows.map((row) => row.map((v, j) => (v - mean[j]) / std[j]));
      const x = scaled(X, model.into), y = scaled(Y, model.from);
      let mean = 0;
      for (let update = 1; update <= updates; update++) {
        const rows = Array.from({ length: batch }, () => Math.floor(random() * x.length));
        const { loss, grads } = gradient(model.layers, Float64Array.from(rows.flatMap((r) => x[r])), Float64Array.from(rows.flatMap((r) => y[r])), batch);
        improve(grads, lr * Math.max(0.02, 1 - (update - 1) / updates));
        mean += loss / 20;
        if (update % 20) continue;
        report({ update, loss: mean, errors: errors(model, runs), model });
        mean = 0;
      }
    }
    return { begin, gradient, adam, imagine, errors, train };
  }

  WM.learner = learner();
  /* A worker that trains; from a Blob, because none starts from a file. */
  WM.trainer = function (job, report, failed) {
    const text = `"use strict"; onmessage = ({ data }) => (${learner})().train(data, postMessage);`;
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    worker.onmessage = ({ data }) => report(data);
    worker.onerror = (event) => failed(new Error("Training stopped: " + event.message));
    worker.postMessage(job);
    return worker;
  };
})();
