/* MiniRacing, as wmlib.worlds.racing: a state is [x, y, heading, six numbers of the track]. */
(function () {
  "use strict";
  const WM = window.WM, P = WM.pixels, AHEAD = 26, SIDE = 15.5;
  const clip = (v, low, high) => Math.min(high, Math.max(low, v));

  WM.miniRacing = function ({ SPEED, TURN, HALF_ROAD, RADIUS, BENDS, GRASS, ROAD }) {
    /* The road's middle in the direction (x, y) of length 1: [its distance R, the slope dR/da]. */
    function middle(x, y, track) {
      let re = x, im = y, radius = RADIUS, slope = 0;
      for (let k = 2; k <= 4; k++) {
        [re, im] = [re * x - im * y, re * y + im * x]; // e^(ika)
        const a = track[2 * k - 4], b = track[2 * k - 3];
        radius += a * re - b * im;
        slope -= k * (a * im + b * re);
      }
      return [radius, slope];
    }
    /* How far a place is from the middle of the road, positive on the outside. */
    function beside(x, y, track) {
      const far = Math.max(Math.hypot(x, y), 1e-3), [radius, slope] = middle(x / far, y / far, track);
      return (far - radius) / Math.sqrt(1 + (slope / far) ** 2);
    }
    function begin(random) {
      const normal = WM.random.normal(random), track = [];
      for (const bend of BENDS) {
        const size = clip(normal(), -2, 2) * bend, phase = 2 * Math.PI * random();
        track.push(size * Math.cos(phase), size * Math.sin(phase));
      }
      const angle = 2 * Math.PI * random(), x = Math.cos(angle), y = Math.sin(angle);
      const [radius, slope] = middle(x, y, track);
      return [radius * x, radius * y, angle + Math.atan2(radius, slope), ...track];
    }
    /* Turns by so many radians and drives on. rew: percent of a lap. */
    function move([x, y, heading, ...track], turn) {
      const to = heading + turn, a = x + SPEED * Math.cos(to), b = y + SPEED * Math.sin(to);
      const rew = (100 / (2 * Math.PI)) * Math.atan2(b * x - a * y, a * x + b * y);
      return { state: [a, b, to, ...track], rew, over: Math.abs(beside(a, b, track)) >= HALF_ROAD };
    }
    /* Actions: left, straight, right. */
    const step = (state, action) => move(state, TURN * (action - 1));
    /* What the driver sees: 1024 numbers, as bytes divided by 255. */
    function picture(state) {
      const image = P.blank(), cos = Math.cos(state[2]), sin = Math.sin(state[2]), track = state.slice(3, 9);
      for (let r = 0; r < 32; r++) for (let c = 0; c < 32; c++) {
        const ahead = AHEAD - r, side = c - SIDE;
        const off = Math.abs(beside(state[0] + ahead * cos - side * sin, state[1] + ahead * sin + side * cos, track));
        image[r * 32 + c] = clip(HALF_ROAD - off, 0, 1) * (ROAD - GRASS) + GRASS;
      }
      for (let r = 25; r < 28; r++) image[r * 32 + 15] = image[r * 32 + 16] = 1; // the car
      return P.bytes(image);
    }
    /* Places in the middle of the road, once around, for a map. */
    function road(state, places = 180) {
      return Array.from({ length: places }, (_, i) => {
        const x = Math.cos((2 * Math.PI * i) / places), y = Math.sin((2 * Math.PI * i) / places);
        const [radius] = middle(x, y, state.slice(3, 9));
        return [radius * x, radius * y];
      });
    }
    return { begin, move, step, picture, road, width: 2 * HALF_ROAD };
  };
})();
