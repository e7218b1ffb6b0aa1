/* The dynamics of a latent action model whose codes are movements: wmlib's LatentActions, free=False.
   A state is the last frame, 1024 numbers from 0 to 1. */
(function () {
  "use strict";
  const WM = window.WM, { act, dense, conv, convTranspose } = WM.layers;
  const SIZE = 32;

  /* nn.functional.interpolate, bilinear, align_corners=False: (8, 8) to (32, 32). */
  function enlarge(coarse) {
    const out = new Float32Array(SIZE * SIZE), n = 8;
    const place = (i) => Math.max(0, (i + 0.5) / 4 - 0.5);
    for (let r = 0; r < SIZE; r++) for (let c = 0; c < SIZE; c++) out[r * SIZE + c] = between(coarse, n, place(c), place(r));
    return out;
  }
  /* A picture's brightness between its pixels; beyond the border it is that of the border. */
  function between(picture, n, x, y) {
    const clip = (v) => Math.min(n - 1, Math.max(0, v));
    x = clip(x);
    y = clip(y);
    const left = Math.floor(x), top = Math.floor(y), right = clip(left + 1), below = clip(top + 1), dx = x - left, dy = y - top;
    const row = (r) => picture[r * n + left] * (1 - dx) + picture[r * n + right] * dx;
    return row(top) * (1 - dy) + row(below) * dy;
  }

  WM.latentActions = function ({ tensors: t }) {
    const codes = t["codebook.codes"], [count, size] = codes.shape;
    const flows = Array.from({ length: count }, (_, k) => {
      const coarse = dense(codes.data.subarray(k * size, (k + 1) * size), t["flow.weight"], t["flow.bias"]);
      return [enlarge(coarse.subarray(0, 64)), enlarge(coarse.subarray(64))];
    });
    const layer = (f, x, name) => f(x.data, x.shape, t["decoder." + name + ".weight"], t["decoder." + name + ".bias"], 2, 1);
    const silu = (x) => ({ shape: x.shape, data: act(x.data, "silu") });
    const both = (a, b) => ({ shape: [a.shape[0] + b.shape[0], a.shape[1], a.shape[2]], data: Float32Array.of(...a.data, ...b.data) });
    const plain = (data) => ({ shape: [1, SIZE, SIZE], data });

    /* The next frame after a code: what it moves, and what the U-net mends. */
    function step(frame, code) {
      const [right, down] = flows[code];
      const moved = frame.map((_, i) => between(frame, SIZE, (i % SIZE) + right[i], Math.floor(i / SIZE) + down[i]));
      const fine = silu(layer(conv, both(plain(moved), plain(frame)), "down1"));
      const middle = silu(layer(conv, fine, "down2"));
      const coarse = silu(layer(conv, middle, "down3"));
      const up = silu(layer(convTranspose, both(silu(layer(convTranspose, coarse, "up3")), middle), "up2"));
      const mended = layer(convTranspose, both(up, fine), "up1").data;
      return moved.map((v, i) => Math.min(1, Math.max(0, v + mended[i])));
    }
    return { step, count };
  };
})();
