/* Encoder and decoder of grey 32 x 32 pictures: wmlib/models/convs.py, from tensors whose names
   begin with `at`, such as "encoder." for `self.encoder = Encoder(...)`. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {}), L = WM.layers;

  /* A picture (1024 numbers from 0 to 1) to a vector. */
  function encode(t, at, picture) {
    let x = { shape: [1, 32, 32], data: picture };
    for (const k of [0, 2, 4]) {
      x = L.conv(x.data, x.shape, t[at + "convs." + k + ".weight"], t[at + "convs." + k + ".bias"], 2, 1);
      x.data = L.act(x.data, "silu");
    }
    return L.dense(x.data, t[at + "out.weight"], t[at + "out.bias"]);
  }
  /* A vector to a picture, not bounded: the output of the last layer. */
  function decode(t, at, feat) {
    const first = L.act(L.dense(feat, t[at + "first.0.weight"], t[at + "first.0.bias"]), "silu");
    let x = { shape: [first.length / 16, 4, 4], data: first };
    for (const k of [1, 3, 5]) {
      x = L.convTranspose(x.data, x.shape, t[at + "convs." + k + ".weight"], t[at + "convs." + k + ".bias"], 2, 1);
      if (k < 5) x.data = L.act(x.data, "silu");
    }
    return x.data;
  }
  WM.convs = { encode, decode };
})();
