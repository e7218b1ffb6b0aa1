/* Numbers: chance that can be repeated, and weights as Python wrote them (wmlib/players/weights.py).
   A tensor is { shape, data }, the data a Float32Array, row by row, as in torch. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});

  /* mulberry32: uniform numbers in [0, 1) from a seed. */
  function uniform(seed) {
    let a = seed >>> 0;
    return function () {
      a = (a + 0x6d2b79f5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }
  /* Standard normal numbers (Box and Muller) from a source of uniform ones. */
  function normal(random) {
    return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  }

  /* Long work is a generator that yields between its parts: see stage.js. finish: all of it, at once. */
  WM.finish = function (run) {
    for (;;) {
      const { done, value } = run.next();
      if (done) return value;
    }
  };
  /* body(i) for each i below count, in parts. */
  function* each(count, body) {
    for (let i = 0; i < count; i++) {
      body(i);
      if (i % 8192 === 8191) yield;
    }
  }

  function* bytesOf(base64) {
    const text = atob(base64), bytes = new Uint8Array(text.length);
    yield* each(text.length, (i) => { bytes[i] = text.charCodeAt(i); });
    return bytes;
  }
  /* FNV-1a, 32 bits: a byte that was changed on the way is seen. */
  function* checksum(bytes) {
    let sum = 0x811c9dc5;
    yield* each(bytes.length, (i) => { sum = Math.imul(sum ^ bytes[i], 0x01000193); });
    return sum >>> 0;
  }
  /* IEEE half precision (16 bits) to numbers; all low bytes come first, then all high ones. */
  const POWERS = Float64Array.from({ length: 32 }, (_, power) => 2 ** (power - 15));
  function* halves(bytes) {
    const count = bytes.length / 2, out = new Float32Array(count);
    yield* each(count, (i) => {
      const bits = bytes[i] | (bytes[count + i] << 8);
      const sign = bits & 0x8000 ? -1 : 1, power = (bits >> 10) & 31, rest = bits & 1023;
      out[i] = sign * (power ? (1 + rest / 1024) * POWERS[power] : rest * 2 ** -24);
    });
    return out;
  }

  const files = {}, decoded = {}; // name -> what a weights file said, and what it says in numbers

  /* A weights file calls this. */
  WM.addWeights = (name, file) => { files[name] = file; delete decoded[name]; };
  WM.hasWeights = (name) => name in files;

  /* The weights of a name: { settings, check, tensors: name -> tensor }.
     Throws an Error whose message a reader can be shown. */
  WM.weights = function (name) {
    const found = decoded[name] || WM.finish(decode(name));
    delete decoded[name]; // who asks again gets numbers of its own
    return found;
  };
  /* The same work in parts, done before somebody asks. */
  WM.decodeWeights = function* (name) { decoded[name] = yield* decode(name); };

  function* decode(name) {
    const file = files[name];
    if (!file) throw new Error("The weights “" + name + "” did not load. Reload the page; from a folder, unpack all of it.");
    const bytes = yield* bytesOf(file.data);
    if ((yield* checksum(bytes)) !== file.checksum) {
      throw new Error("The weights “" + name + "” are damaged: their checksum differs. Reload the page or download the course again.");
    }
    const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1), { rows } = file;
    const end = bytes.length - rows.reduce((sum, [, shape]) => sum + sizeOf(shape), 0); // then come the codes
    const all = file.bits === 32 ? new Float32Array(bytes.buffer) : yield* halves(bytes.subarray(0, end)), tensors = {};
    let at = 0, from = end;
    for (const [key, shape] of file.tensors) {
      const size = sizeOf(shape);
      tensors[key] = { shape, data: all.subarray(at, at + size) };
      at += size;
    }
    /* Codes from -127 to 127; what stands above under the same name is the scale of each row. */
    for (const [key, shape] of rows) {
      const scale = tensors[key].data, size = sizeOf(shape), codes = new Int8Array(bytes.buffer, from, size), row = size / shape[0];
      const data = new Float32Array(size);
      yield* each(size, (i) => { data[i] = codes[i] * scale[Math.floor(i / row)]; });
      tensors[key] = { shape, data };
      from += size;
    }
    if (at !== all.length) throw new Error("The weights “" + name + "” do not fit the shapes that they name.");
    return { settings: file.settings, check: file.check, tensors };
  }

  WM.random = { uniform, normal };
})();
