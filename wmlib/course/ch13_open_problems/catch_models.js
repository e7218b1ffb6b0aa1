/* Those who enter the arena of Catch, with one interface: { start, observe, step, picture }. A frame is
   1024 numbers from 0 to 1. Nobody draws here: a dream is what is likeliest, as on the board. */
(function () {
  "use strict";
  const WM = window.WM, SIDE = 32;

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

  /* They have nothing but the last frame. */
  const frames = { start: (frame) => frame, observe: (state, action, frame) => frame, picture: (frame) => frame };

  function memory(file) {
    const { start, observe, step, decode } = WM.visionMemory(file);
    return { start, observe, step: (state, action) => step(state, action).state, picture: decode };
  }
  function rssm(file) {
    const { start, observe, step, decode } = WM.rssm(file);
    const seen = (state, action, frame) => observe(state, action, frame); // a fourth argument would be noise
    return { start: (frame) => start(frame), observe: seen, step, picture: decode };
  }
  /* State: the tokens of the last frame, and what the transformer remembers of those before it. */
  function tokens(file) {
    const { encode, decode, advance, empty, writer, TOKENS } = WM.iris(file);
    function remember(state, action) {
      const cache = state.cache.map((block) => block.slice());
      return [advance(state.tokens, action, cache), cache];
    }
    return {
      start: (frame) => ({ tokens: encode(frame), cache: empty() }),
      observe: (state, action, frame) => ({ tokens: encode(frame), cache: remember(state, action)[1] }),
      step(state, action) {
        const [h, cache] = remember(state, action), next = writer(h);
        while (next.tokens.length < TOKENS) next.write(WM.layers.argmax(next.chances(0)));
        return { tokens: next.tokens, cache };
      },
      picture: (state) => decode(state.tokens),
    };
  }
  /* codes: which code each action is. */
  function codes(file) {
    const model = WM.latentActions(file);
    return { ...frames, step: (frame, action) => model.step(frame, file.settings.codes[action]) };
  }
  /* The controls: the last frame for ever, and the world itself, which is shown true states. */
  const still = () => ({ ...frames, step: (frame) => frame });
  const simulator = (world) => ({ start: (frame, real) => real, observe: (state, action, frame, real) => real, step: (state, action) => world.step(state, action).state, picture: world.picture });

  WM.catchModels = { memory, rssm, tokens, codes, still, simulator };
})();
