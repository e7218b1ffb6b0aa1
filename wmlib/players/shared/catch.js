/* The game of Catch, as wmlib/worlds/catch.py. State: x of the bar, x and y of the ball, its drift,
   balls left. Actions: left, stay, right. */
(function () {
  "use strict";
  const WM = window.WM, MIDDLE = [16, 0];

  WM.catchWorld = function ({ SPEED, FALL, DRIFT, REACH, BALLS, FLOOR }) {
    const clip = (v) => Math.min(29, Math.max(2, v));
    const ball = (random) => [3 + 26 * random(), DRIFT * (2 * random() - 1)];
    return {
      ball,
      begin(random) {
        const [x, side] = ball(random);
        return [15.5, x, 0, side, BALLS];
      },
      /* next: x and drift of the ball that appears if this one is down. */
      step([bar, x, y, side, left], action, next = MIDDLE) {
        bar = clip(bar + SPEED * (action - 1));
        x += side;
        y += FALL;
        if (x < 2 || x > 29) side = -side;
        if (y < FLOOR) return { state: [bar, x, y, side, left], rew: 0, over: false };
        const rew = Math.abs(x - bar) < REACH ? 1 : -1;
        return { state: [bar, next[0], 0, next[1], left - 1], rew, over: left <= 1 };
      },
      picture([bar, x, y]) {
        const image = WM.pixels.blank();
        WM.pixels.bar(image, bar, 29.5, 3.2, 1.5, 0.6);
        WM.pixels.disc(image, x, y, 2.2);
        return WM.pixels.bytes(image);
      },
    };
  };
})();
