/* The model of the desk: a small GPT that answers in words (text_gpt.py), and the search through
   what it imagines (lookahead.py). */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});

  /* A text as numbers of its tokens: the longest phrases there are (phrases.py). */
  function phrases(tokens) {
    const number = new Map(tokens.map((token, i) => [token, i])), longest = Math.max(...tokens.map((t) => t.split(" ").length));
    return function (text) {
      const words = text.split(" "), out = [];
      for (let at = 0; at < words.length; ) {
        let length = Math.min(longest, words.length - at);
        while (length && !number.has(words.slice(at, at + length).join(" "))) length--;
        if (!length) throw new Error("The word “" + words[at] + "” was never seen in training.");
        out.push(number.get(words.slice(at, at + length).join(" ")));
        at += length;
      }
      return out;
    };
  }

  /* What a weights file holds, as { answer(prompt), begins(prompt, words), reading(prompt) }. */
  WM.textGPT = function (file) {
    const { dense, layerNorm, attend, softmax, argmax, act } = WM.layers, t = file.tensors;
    const { tokens, width, layers, heads, longest } = file.settings, encode = phrases(tokens), END = 1;
    const sum = (a, b) => a.map((v, i) => v + b[i]), of = (name) => [t[name + ".weight"], t[name + ".bias"]];
    const norm = (x, name) => layerNorm(x, ...of(name)), linear = (x, name) => dense(x, ...of(name));
    let read = [], cache = Array.from({ length: layers }, () => []), last = null; // tokens that were read, and their keys and values

    function token(ids, at) {
      const E = t["token_embed.weight"].data, P = t["pos_embed.weight"].data, back = t.taps.shape[0];
      let x = Float32Array.from({ length: width }, (_, i) => {
        let v = E[ids[at] * width + i] + P[at * width + i];
        for (let k = 1; k <= Math.min(back, at); k++) v += E[ids[at - k] * width + i] * t.taps.data[(k - 1) * width + i];
        return v;
      });
      for (let l = 0; l < layers; l++) {
        const b = "blocks." + l + ".", qkv = linear(norm(x, b + "norm1"), b + "qkv");
        const parts = [0, 1, 2].map((k) => qkv.subarray(k * width, (k + 1) * width));
        x = sum(x, linear(attend(...parts, cache[l], heads), b + "proj"));
        x = sum(x, linear(act(linear(norm(x, b + "norm2"), b + "mlp.0"), "gelu"), b + "mlp.2"));
      }
      return softmax(linear(norm(x, "norm"), "head"));
    }
    /* Probabilities of the next token. What these tokens share with those read last is not read again. */
    function next(ids) {
      let same = 0;
      while (same < ids.length - 1 && same < read.length && read[same] === ids[same]) same++;
      cache.forEach((block) => { block.length = same; });
      for (let at = same; at < ids.length; at++) last = token(ids, at);
      read = ids.slice();
      return last;
    }

    const model = {}, answers = new Map();
    /* The likeliest answer, and how probable the whole of it is. Asked once, it is remembered. */
    model.answer = function (prompt) {
      if (answers.has(prompt)) return answers.get(prompt);
      const ids = encode(prompt), begun = ids.length, words = [];
      let probability = 1;
      while (ids.length < Math.min(begun + 24, longest)) {
        const probs = next(ids), best = argmax(probs);
        probability *= probs[best];
        if (best === END) break;
        ids.push(best);
        words.push(tokens[best]);
      }
      const told = { text: words.join(" "), probability };
      answers.set(prompt, told);
      return told;
    };
    /* How probable it is that the answer begins with these words. */
    model.begins = function (prompt, words) {
      const ids = encode(prompt);
      let probability = 1;
      for (const wanted of encode(words)) { probability *= next(ids)[wanted]; ids.push(wanted); }
      return probability;
    };
    /* Reads a prompt token by token, so that the answer to it comes sooner. */
    model.reading = function* (prompt) {
      const ids = encode(prompt);
      for (let n = 1; n <= ids.length; n++) { next(ids.slice(0, n)); yield; }
    };
    return model;
  };

  /* How probable a loss is after a call: the sentences that tell of one, summed. */
  WM.lossRisk = function (world, model, row, action) {
    const name = world.call(row, action).split(" ")[1], prompt = world.prompt(row, action);
    return world.endings(name).reduce((sum, words) => sum + model.begins(prompt, words), 0);
  };

  /* Beam search in the imagination of a model: a generator that yields one imagined call at a time
     and returns { call, verdicts }: the first call of the best future (null: ask for help).
     tell(row, action): the imagined desk, null where unknown. risk(action): of a first call. */
  WM.lookahead = function* (world, tell, row, met, { depth, beam = 6, caution = null, risk }) {
    const value = (r, used) => Math.min(r[world.FREE], r[world.GOAL]) + 5 * world.reached(r) - 0.05 * used;
    const known = new Set([...met, world.key(row)]), best = new Map(), verdicts = new Map();
    const keep = (table, key, future) => { if (!table.has(key) || table.get(key).score < future.score) table.set(key, future); };
    const sorted = (table) => [...table.values()].sort((a, b) => b.score - a.score);
    let pool = [{ score: 0, calls: [], desk: row }];
    for (let used = 1; used <= depth && pool.length; used++) {
      const found = new Map();
      for (const future of pool) for (const call of world.sensible(future.desk)) {
        const after = tell(future.desk, call);
        const meaning = !after ? "unknown" : world.losing(after) ? "loss" : known.has(world.key(after)) ? "nothing new" : "";
        yield { used, before: future.desk, call, after, meaning };
        if (used === 1) {
          verdicts.set(call, meaning);
          const harmless = ["save", "backup"].includes(world.tools[call % world.tools.length]);
          if (meaning === "unknown" && harmless && !met.has(world.key(row) + "|" + call)) {
            best.set(call, { score: value(row, 1) - 1, calls: [call], desk: row });
          }
        }
        if (meaning) continue;
        const more = { score: value(after, used), calls: [...future.calls, call], desk: after };
        keep(best, more.calls[0], more);
        keep(found, world.key(after), more);
      }
      for (const key of found.keys()) known.add(key);
      pool = sorted(found).slice(0, beam);
    }
    for (const future of sorted(best)) {
      if (caution === null || risk(future.calls[0]) <= caution) return { call: future.calls[0], verdicts };
      verdicts.set(future.calls[0], "too risky");
    }
    return { call: null, verdicts };
  };
})();
