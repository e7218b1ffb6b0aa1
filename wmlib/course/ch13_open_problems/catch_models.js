/* Catch, and those who enter its arena, as wmlib has them: each a { start, observe, step, picture }.
   frame: 1024 numbers from 0 to 1. Nobody draws here: a dream is what is likeliest, as on the board. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {}), SIDE = 32;
  const unit = (data) => data.map((v) => Math.min(1, Math.max(0, v)));

  /* State: x of the bar, x and y of the ball, its drift, balls left. Actions: left, stay, right. */
  WM.catchWorld = function ({ speed, fall, drift, reach, balls, floor }) {
    const fresh = (random) => (random ? [3 + 26 * random(), 0, drift * (2 * random() - 1)] : [16, 0, 0]);
    return {
      begin: (random) => [15.5, ...fresh(random), balls],
      /* Without `random` the next ball falls straight down the middle. */
      step([bar, x, y, side, left], action, random) {
        bar = Math.min(29, Math.max(2, bar + speed * (action - 1)));
        x += side;
        y += fall;
        if (x < 2 || x > 29) side = -side;
        if (y < floor) return { state: [bar, x, y, side, left], rew: 0, over: false };
        return { state: [bar, ...fresh(random), left - 1], rew: Math.abs(x - bar) < reach ? 1 : -1, over: left <= 1 };
      },
      picture([bar, x, y]) {
        const image = WM.pixels.blank();
        WM.pixels.bar(image, bar, 29.5, 3.2, 1.5, 0.6);
        WM.pixels.disc(image, x, y, 2.2);
        return WM.pixels.bytes(image);
      },
    };
  };
  /* Where the ball is in a picture: [x, y, is it whole?]; the centre of the squared light above the bar. */
  WM.ballIn = function (frame) {
    let total = 0, x = 0, y = 0, whole = false;
    for (let r = 0; r < 29; r++) for (let c = 0; c < SIDE; c++) {
      const light = frame[r * SIDE + c], weight = light * light + 1e-8;
      total += weight;
      x += weight * c;
      y += weight * r;
      if (r >= 2 && r < 26 && light > 0.6) whole = true;
    }
    return [x / total, y / total, whole];
  };

  /* ------------------------------------------------------------------------- entrants */
  const withAction = (x, action) => Float32Array.from([...x, ...[0, 1, 2].map((a) => (a === action ? 1 : 0))]);

  /* VAE and MDN-RNN: z, and an LSTM's hidden and cell. */
  function memory({ tensors: t, settings: { size, mixtures, contrast } }) {
    const L = WM.layers, units = t["memory.lstm.weight_hh"].shape[1];
    const encode = (frame) => WM.convs.encode(t, "vision.encoder.", frame).slice(0, size).map((v) => contrast * v);
    const recur = ({ z, lstm }, action) => L.lstm(withAction(z, action), lstm, ...["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((k) => t["memory.lstm." + k]));
    return {
      start: (frame) => ({ z: encode(frame), lstm: [new Float32Array(units), new Float32Array(units)] }),
      observe: (state, action, frame) => ({ z: encode(frame), lstm: recur(state, action) }),
      step(state, action) { // the middle of the likeliest Gaussian
        const lstm = recur(state, action), parts = L.dense(lstm[0], t["memory.mixture.weight"], t["memory.mixture.bias"]);
        const z = Float32Array.from({ length: size }, (_, i) => {
          const at = 3 * mixtures * i;
          return parts[at + mixtures + L.argmax(parts.subarray(at, at + mixtures))];
        });
        return { z, lstm };
      },
      picture: ({ z }) => unit(WM.convs.decode(t, "vision.decoder.", z)),
    };
  }
  /* The RSSM with Gaussian latents: deter and stoch, which is the mean. */
  function rssm({ tensors: t, settings: { size } }) {
    const L = WM.layers, units = t["gru.weight_hh"].shape[1], of = (name) => [t[name + ".weight"], t[name + ".bias"]];
    const bend = (x, name) => L.act(L.layerNorm(x, ...of(name + ".1")), "silu"), layer = (x, name) => bend(L.dense(x, ...of(name + ".0")), name);
    const mean = (x, name) => L.dense(layer(x, name), ...of(name + ".3")).slice(0, size);
    const recur = ({ deter, stoch }, action) => L.gru(layer(withAction(stoch, action), "gru_in"), deter, ...["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((k) => t["gru." + k]));
    function observe(state, action, frame) {
      const deter = recur(state, action), embed = bend(WM.convs.encode(t, "encoder.0.", frame), "encoder");
      return { deter, stoch: mean([...deter, ...embed], "post") };
    }
    return {
      start: (frame) => observe({ deter: new Float32Array(units), stoch: new Float32Array(size) }, -1, frame),
      observe,
      step(state, action) {
        const deter = recur(state, action);
        return { deter, stoch: mean(deter, "prior") };
      },
      picture: ({ deter, stoch }) => unit(WM.convs.decode(t, "decoder.", [...deter, ...stoch])),
    };
  }
  /* Between the pixels of an n x n picture; beyond the border it is as at the border. */
  function between(picture, n, x, y) {
    const clip = (v) => Math.min(n - 1, Math.max(0, v)), left = Math.floor(clip(x)), top = Math.floor(clip(y));
    const right = clip(left + 1), below = clip(top + 1), dx = clip(x) - left, dy = clip(y) - top;
    const row = (r) => picture[r * n + left] * (1 - dx) + picture[r * n + right] * dx;
    return row(top) * (1 - dy) + row(below) * dy;
  }
  /* Latent actions: a code moves the light of the last picture, and a U-net mends it. It remembers nothing else. */
  function codes({ tensors: t, settings: { codes: translation } }) {
    const L = WM.layers, table = t["codebook.codes"], size = table.shape[1], place = (i) => (i + 0.5) / 4 - 0.5;
    const flows = translation.map((code) => {
      const coarse = L.dense(table.data.subarray(code * size, (code + 1) * size), t["flow.weight"], t["flow.bias"]);
      return [0, 1].map((k) => Float32Array.from({ length: SIDE * SIDE }, (_, i) => between(coarse.subarray(64 * k, 64 * k + 64), 8, place(i % SIDE), place(Math.floor(i / SIDE)))));
    });
    const layer = (f, x, name) => f(x.data, x.shape, t["decoder." + name + ".weight"], t["decoder." + name + ".bias"], 2, 1);
    const silu = (x) => ({ shape: x.shape, data: L.act(x.data, "silu") });
    const both = (a, b) => ({ shape: [a.shape[0] + b.shape[0], ...a.shape.slice(1)], data: Float32Array.from([...a.data, ...b.data]) });
    const grey = (data) => ({ shape: [1, SIDE, SIDE], data });
    return {
      start: (frame) => frame,
      observe: (state, action, frame) => frame,
      step(frame, action) {
        const [right, down] = flows[action];
        const moved = Float32Array.from(frame, (_, i) => between(frame, SIDE, (i % SIDE) + right[i], Math.floor(i / SIDE) + down[i]));
        const fine = silu(layer(L.conv, both(grey(moved), grey(frame)), "down1")), middle = silu(layer(L.conv, fine, "down2"));
        const up3 = silu(layer(L.convTranspose, silu(layer(L.conv, middle, "down3")), "up3"));
        const up2 = silu(layer(L.convTranspose, both(up3, middle), "up2"));
        const mended = layer(L.convTranspose, both(up2, fine), "up1").data;
        return unit(moved.map((v, i) => v + mended[i]));
      },
      picture: (frame) => frame,
    };
  }
  /* The controls: the last picture for ever, and the world itself, which is shown true states. */
  const still = () => ({ start: (frame) => frame, observe: (state, action, frame) => frame, step: (frame) => frame, picture: (frame) => frame });
  const simulator = (world) => ({ start: (frame, real) => real, observe: (state, action, frame, real) => real, step: (state, action) => world.step(state, action).state, picture: world.picture });

  WM.catchModels = { memory, rssm, codes, still, simulator };
})();
