/* Layers: torch's, one sample at a time. Vectors are Float32Array (or arrays), pictures are flat,
   channel by channel, row by row; W and b are tensors { shape, data }. Sums are kept in double. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});

  const squash = {
    silu: (x) => x / (1 + Math.exp(-x)),
    relu: (x) => (x > 0 ? x : 0),
    elu: (x) => (x > 0 ? x : Math.expm1(x)),
    tanh: Math.tanh,
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
    softplus: (x) => (x > 20 ? x : Math.log1p(Math.exp(x))),
  };
  /* W. J. Cody's rational approximation would be longer; this series and fraction reach 1e-12. */
  function erf(x) {
    const a = Math.abs(x);
    if (a > 6) return Math.sign(x);
    if (a < 2.5) {
      let sum = a, term = a;
      for (let n = 1; Math.abs(term) > 1e-17; n++) { term *= (-a * a) / n; sum += term / (2 * n + 1); }
      return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
    }
    let f = 0;
    for (let n = 60; n > 0; n--) f = n / 2 / (a + f);
    return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + f)));
  }
  /* Every number of a vector through one of the functions above. */
  function act(x, name) {
    const f = squash[name], out = new Float32Array(x.length);
    for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
    return out;
  }

  /* The one product of everything: out[at + o * apart] = b[o] + row o of w . v, of `ins` numbers each.
     v is a Float64Array. Four rows at once: their sums do not wait for one another. */
  function product(w, v, outs, ins, b, out, at, apart) {
    let o = 0, k = 0;
    for (; o + 3 < outs; o += 4, k += 3 * ins) {
      let p = b ? b[o] : 0, q = b ? b[o + 1] : 0, r = b ? b[o + 2] : 0, s = b ? b[o + 3] : 0;
      for (let i = 0; i < ins; i++, k++) {
        const u = v[i];
        p += w[k] * u;
        q += w[k + ins] * u;
        r += w[k + 2 * ins] * u;
        s += w[k + 3 * ins] * u;
      }
      out[at + o * apart] = p;
      out[at + (o + 1) * apart] = q;
      out[at + (o + 2) * apart] = r;
      out[at + (o + 3) * apart] = s;
    }
    for (; o < outs; o++) {
      let p = b ? b[o] : 0;
      for (let i = 0; i < ins; i++, k++) p += w[k] * v[i];
      out[at + o * apart] = p;
    }
  }
  /* Room for the numbers that `product` reads: always of one kind, whatever a caller has. */
  let room = new Float64Array(1024);
  function roomFor(count) {
    if (room.length < count) room = new Float64Array(2 * count);
    return room;
  }

  /* nn.Linear: x (in,), W (out, in), b (out,) or nothing -> (out,), into `out` where one is given */
  function dense(x, W, b, out = new Float32Array(W.shape[0])) {
    const [outs, ins] = W.shape, v = roomFor(ins);
    if (x.length !== ins) throw new Error("dense: " + x.length + " numbers for a layer of " + ins + " inputs");
    for (let i = 0; i < ins; i++) v[i] = x[i];
    product(W.data, v, outs, ins, b && b.data, out, 0, 1);
    return out;
  }
  /* nn.LayerNorm over the whole vector. */
  function layerNorm(x, W, b, eps = 1e-5) {
    let mean = 0, variance = 0;
    for (const v of x) mean += v / x.length;
    for (const v of x) variance += (v - mean) ** 2 / x.length;
    const scale = 1 / Math.sqrt(variance + eps), out = new Float32Array(x.length);
    for (let i = 0; i < x.length; i++) out[i] = (x[i] - mean) * scale * W.data[i] + b.data[i];
    return out;
  }
  /* nn.GRUCell: gates in torch's order reset, update, new. */
  function gru(x, h, Wx, Wh, bx, bh) {
    const n = h.length, a = dense(x, Wx, bx), c = dense(h, Wh, bh), out = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      const reset = squash.sigmoid(a[i] + c[i]), update = squash.sigmoid(a[n + i] + c[n + i]);
      out[i] = (1 - update) * Math.tanh(a[2 * n + i] + reset * c[2 * n + i]) + update * h[i];
    }
    return out;
  }
  /* nn.LSTMCell: gates in torch's order input, forget, cell, output. Returns [h, c]. */
  function lstm(x, [h, c], Wx, Wh, bx, bh) {
    const n = h.length, a = dense(x, Wx, bx), r = dense(h, Wh, bh);
    const nextH = new Float32Array(n), nextC = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      const gate = (k) => a[k * n + i] + r[k * n + i];
      nextC[i] = squash.sigmoid(gate(1)) * c[i] + squash.sigmoid(gate(0)) * Math.tanh(gate(2));
      nextH[i] = squash.sigmoid(gate(3)) * Math.tanh(nextC[i]);
    }
    return [nextH, nextC];
  }

  /* nn.Conv2d: x (in, height, width), W (out, in, k, k) -> { shape: [out, h, w], data } */
  function conv(x, [ins, height, width], W, b, stride, padding) {
    const [outs, , kh, kw] = W.shape, size = ins * kh * kw, patch = roomFor(size);
    const h = Math.floor((height + 2 * padding - kh) / stride) + 1;
    const wide = Math.floor((width + 2 * padding - kw) / stride) + 1;
    const out = new Float32Array(outs * h * wide);
    for (let y = 0; y < h; y++) for (let z = 0; z < wide; z++) {
      for (let i = 0, k = 0; i < ins; i++) for (let p = 0; p < kh; p++) {
        const row = y * stride + p - padding, from = (i * height + row) * width;
        for (let q = 0; q < kw; q++, k++) {
          const column = z * stride + q - padding;
          patch[k] = row >= 0 && row < height && column >= 0 && column < width ? x[from + column] : 0;
        }
      }
      product(W.data, patch, outs, size, b.data, out, y * wide + z, h * wide);
    }
    return { shape: [outs, h, wide], data: out };
  }
  /* nn.ConvTranspose2d: x (in, height, width), W (in, out, k, k) -> { shape: [out, h, w], data } */
  function convTranspose(x, [ins, height, width], W, b, stride, padding, extra = 0) {
    const [, outs, kh, kw] = W.shape, size = outs * kh * kw, v = roomFor(ins), spread = new Float64Array(size);
    const h = (height - 1) * stride - 2 * padding + kh + extra;
    const wide = (width - 1) * stride - 2 * padding + kw + extra;
    const out = new Float64Array(outs * h * wide);
    for (let o = 0; o < outs; o++) out.fill(b.data[o], o * h * wide, (o + 1) * h * wide);
    W.turned = W.turned || turned(W.data, ins, size);
    for (let y = 0; y < height; y++) for (let z = 0; z < width; z++) {
      for (let i = 0; i < ins; i++) v[i] = x[(i * height + y) * width + z];
      product(W.turned, v, size, ins, null, spread, 0, 1); // what this pixel adds to those around it
      for (let o = 0, k = 0; o < outs; o++) for (let p = 0; p < kh; p++) {
        const row = y * stride + p - padding, to = (o * h + row) * wide;
        for (let q = 0; q < kw; q++, k++) {
          const column = z * stride + q - padding;
          if (row >= 0 && row < h && column >= 0 && column < wide) out[to + column] += spread[k];
        }
      }
    }
    return { shape: [outs, h, wide], data: Float32Array.from(out) };
  }
  /* A matrix of so many rows and columns, the other way round. */
  function turned(data, rows, columns) {
    return Float32Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]);
  }

  /* Attention of one new token to all that the cache holds, itself included: q, k, v (dim,).
     The cache is an array of [k, v]; the caller keeps it, and shortens it at the window.
     bias (heads, window), if there is one, is added to the scores, by how long ago it was. */
  function attend(q, k, v, cache, heads, bias) {
    cache.push([k, v]);
    const size = q.length / heads, count = cache.length, out = new Float32Array(q.length), scores = new Float32Array(count);
    for (let h = 0; h < heads; h++) {
      const from = h * size, to = from + size;
      for (let t = 0; t < count; t++) {
        const key = cache[t][0];
        let sum = 0;
        for (let i = from; i < to; i++) sum += q[i] * key[i];
        scores[t] = sum / Math.sqrt(size) + (bias ? bias.data[h * bias.shape[1] + count - 1 - t] : 0);
      }
      const shares = softmax(scores);
      for (let t = 0; t < count; t++) {
        const value = cache[t][1], share = shares[t];
        for (let i = from; i < to; i++) out[i] += share * value[i];
      }
    }
    return out;
  }

  /* ------------------------------------------------------------------------ sampling */
  function softmax(logits, temperature = 1) {
    const n = logits.length, out = new Float32Array(n);
    let top = -Infinity, sum = 0;
    for (let i = 0; i < n; i++) top = Math.max(top, logits[i]);
    for (let i = 0; i < n; i++) sum += out[i] = Math.exp((logits[i] - top) / temperature);
    for (let i = 0; i < n; i++) out[i] /= sum;
    return out;
  }
  /* The index at which the cumulated probabilities pass u, u uniform in [0, 1). */
  function categorical(probs, u) {
    let sum = 0;
    for (let i = 0; i < probs.length; i++) { sum += probs[i]; if (u < sum) return i; }
    return probs.length - 1;
  }
  function argmax(values) {
    let best = 0;
    for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
    return best;
  }

  WM.layers = { act, dense, layerNorm, gru, lstm, conv, convTranspose, attend, softmax, categorical, argmax, squash };
})();
