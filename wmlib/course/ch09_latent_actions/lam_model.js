/* Chapter 9: MiniRacing (wmlib/worlds/racing.py), and the dynamics of a latent action model whose
   codes are movements (LatentActions, free=False). */
(function () {
  "use strict";
  const { act, dense, conv, convTranspose } = WM.layers;
  const SIZE = 32;

  /* State: x, y, heading, and the track's six numbers. Actions: left, straight, right. */
  function racing({ speed, turn, half_road: half, radius: mean, grass, road }) {
    /* In the direction `a` the middle of the road is so far away, and how that changes with a. */
    function middle(a, bends) {
      let far = mean, slope = 0;
      for (let k = 2; k <= 4; k++) {
        const [re, im] = bends.slice(2 * (k - 2)), cos = Math.cos(k * a), sin = Math.sin(k * a);
        far += re * cos - im * sin;
        slope -= k * (re * sin + im * cos);
      }
      return [far, slope];
    }
    /* Signed distance to the middle of the road, to first order. */
    function beside(x, y, bends) {
      const out = Math.max(Math.hypot(x, y), 1e-3), [far, slope] = middle(Math.atan2(y, x), bends);
      return (out - far) / Math.sqrt(1 + (slope / out) ** 2);
    }
    return {
      step([x, y, heading, ...bends], action) {
        const h = heading + turn * (action - 1), nx = x + speed * Math.cos(h), ny = y + speed * Math.sin(h);
        const gone = Math.atan2(x * ny - y * nx, x * nx + y * ny); // the angle at the track's centre
        return { state: [nx, ny, h, ...bends], rew: (50 / Math.PI) * gone, over: Math.abs(beside(nx, ny, bends)) >= half };
      },
      picture([x, y, heading, ...bends]) {
        const image = new Float32Array(SIZE * SIZE), cos = Math.cos(heading), sin = Math.sin(heading);
        for (let r = 0; r < SIZE; r++) for (let c = 0; c < SIZE; c++) {
          const ahead = 26 - r, right = c - 15.5;
          const far = beside(x + cos * ahead - sin * right, y + sin * ahead + cos * right, bends);
          const car = r >= 25 && r < 28 && (c === 15 || c === 16);
          image[r * SIZE + c] = car ? 1 : grass + (road - grass) * Math.min(1, Math.max(0, half - Math.abs(far)));
        }
        return WM.pixels.bytes(image);
      },
    };
  }

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

  function latentActions({ tensors: t }) {
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
  }

  WM.lam = { racing, latentActions };
})();
