/* IRIS, as wmlib's TokenModel and the actor that learned in it: tokenizer, transformer, actor. The file
   of weights holds the tensors of `model.state_dict()`, and the actor's with "actor." before them. */
(function () {
  "use strict";
  const WM = window.WM, { act, dense, layerNorm, conv, convTranspose, attend, softmax, argmax, squash } = WM.layers;
  const SIDE = 4, TOKENS = SIDE * SIDE, CELL = 8;

  WM.iris = function ({ tensors: t, settings: { layers, heads, window } }) {
    const add = (a, b) => a.map((v, i) => v + b[i]);
    const codes = t["tokenizer.codebook.codes"], [words, size] = codes.shape, wide = t["trunk.norm.weight"].shape[0];
    const linear = (x, name) => dense(x, t[name + ".weight"], t[name + ".bias"]);
    const norm = (x, name) => layerNorm(x, t[name + ".weight"], t[name + ".bias"]);
    const mlp = (x, name, k) => linear(act(linear(x, name + "." + k), "gelu"), name + "." + (k + 2));
    /* Linear, norm, SiLU, as often as there are layers, and a last linear one. */
    const head = (x, name, k = 0) => (t[name + "." + (k + 1) + ".weight"]
      ? head(act(norm(linear(x, name + "." + k), name + "." + (k + 1)), "silu"), name, k + 3) : linear(x, name + "." + k));
    const through = (f, x, name, ...how) => f(x.data, x.shape, t[name + ".weight"], t[name + ".bias"], ...how);

    /* By how long ago it was, what each head adds to a frame's score: trunk.rel_bias, layer by layer. */
    const bias = t["trunk.rel_bias"].data, recent = Array.from({ length: layers }, (_, l) => (
      { shape: [heads, window], data: bias.subarray(l * heads * window, (l + 1) * heads * window) }
    ));

    /* ---------------------------------------------------------------------- tokenizer */
    function encode(picture) {
      let x = through(conv, { shape: [1, 32, 32], data: picture }, "tokenizer.encoder.0", CELL, 2);
      for (const name of ["tokenizer.encoder.2", "tokenizer.encoder.4"]) {
        x.data = act(x.data, "relu");
        x = through(conv, x, name, 1, 0);
      }
      return Array.from({ length: TOKENS }, (_, n) => {
        let best = 0, least = Infinity;
        for (let k = 0; k < words; k++) {
          let far = 0;
          for (let d = 0; d < size; d++) far += (x.data[d * TOKENS + n] - codes.data[k * size + d]) ** 2;
          if (far < least) { least = far; best = k; }
        }
        return best;
      });
    }
    function decode(tokens) {
      const vectors = new Float32Array(size * TOKENS);
      tokens.forEach((k, n) => { for (let d = 0; d < size; d++) vectors[d * TOKENS + n] = codes.data[k * size + d]; });
      let x = through(conv, { shape: [size, SIDE, SIDE], data: vectors }, "tokenizer.decoder.0", 1, 1);
      for (const k of [2, 4, 6]) {
        x.data = act(x.data, "relu");
        x = through(convTranspose, x, "tokenizer.decoder." + k, 2, 1);
      }
      return x.data.map((v) => Math.min(1, Math.max(0, v)));
    }

    /* --------------------------------------------------------------------- transformer */
    /* One frame more: its tokens, the action, and the cache (one array a layer), which it changes. */
    function advance(tokens, action, cache) {
      const A = t["trunk.act_embed.weight"], E = t["trunk.token_embed.weight"].data;
      let x = Float32Array.from(t["trunk.act_embed.bias"].data, (v, i) => v + A.data[i * A.shape[1] + action]);
      tokens.forEach((k, n) => { for (let i = 0; i < wide; i++) x[i] += E[(n * words + k) * wide + i]; });
      x = add(x, mlp(norm(x, "trunk.in_mlp.0"), "trunk.in_mlp", 1));
      for (let l = 0; l < layers; l++) {
        const name = "trunk.blocks." + l, qkv = linear(norm(x, name + ".norm1"), name + ".qkv");
        const part = (k) => qkv.slice(k * wide, (k + 1) * wide);
        x = add(x, linear(attend(part(0), part(1), part(2), cache[l], heads, recent[l]), name + ".proj"));
        if (cache[l].length === window) cache[l].shift();
        x = add(x, mlp(norm(x, name + ".norm2"), name + ".mlp", 0));
      }
      return norm(x, "trunk.norm");
    }
    const empty = () => Array.from({ length: layers }, () => []);

    /* The writer of the frame that follows h: `chances(temperature)` of the token that comes next,
       all 0 but for the likeliest at temperature 0; `write(token)` goes on to the next square. */
    function writer(h) {
      const inputs = linear(h, "trunk.head_in"), L = inputs.length / TOKENS, said = new Float32Array(L);
      const embed = t["trunk.head_embed"].data, out = t["trunk.head_out"].data, bias = t["trunk.head_bias"].data;
      const tokens = [];
      return {
        tokens,
        chances(temperature) {
          const n = tokens.length, hidden = act(said.map((v, l) => v + inputs[n * L + l]), "gelu");
          const logits = bias.slice(n * words, (n + 1) * words);
          for (let l = 0; l < L; l++) for (let k = 0; k < words; k++) logits[k] += hidden[l] * out[(n * L + l) * words + k];
          if (temperature > 0) return softmax(logits, temperature);
          const top = argmax(logits);
          return logits.map((_, k) => (k === top ? 1 : 0));
        },
        write(token) {
          const from = (tokens.length * words + token) * L;
          for (let l = 0; l < L; l++) said[l] += embed[from + l];
          tokens.push(token);
        },
      };
    }
    /* The reward that h expects, and whether the game goes on. */
    function reward(h) {
      const [lost, , won] = softmax(head(h, "rew"));
      return won - lost;
    }
    const goesOn = (h) => squash.sigmoid(head(h, "cont")[0]);

    /* What the actor makes of a picture: sums of four pixels, one below the other. */
    function actor(picture) {
      const seen = new Float32Array(256);
      picture.forEach((v, i) => { seen[(i >> 7) * 32 + (i & 31)] += v; });
      return head(seen, "actor");
    }
    return { encode, decode, advance, empty, writer, reward, goesOn, actor, TOKENS };
  };
})();
