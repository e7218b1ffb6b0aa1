/* Drawing small grey pictures as wmlib/worlds/pixels.py does: 32 x 32 numbers from 0 to 1, row by
   row; whole numbers are the centres of pixels, edges are soft. Each function brightens the image
   that it is given. `bytes` is what a world shows: 0 to 255, rounded down, and divided by 255 again. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});
  const SIZE = 32, f = Math.fround;
  const cover = (v) => Math.min(1, Math.max(0, v));

  const blank = () => new Float32Array(SIZE * SIZE);
  const brighten = (image, at, v) => { if (v > image[at]) image[at] = v; };

  function bar(image, x, y, halfWidth, halfHeight, brightness = 1) {
    for (let r = 0; r < SIZE; r++) {
      const row = f(cover(halfHeight - Math.abs(r - y)) * f(brightness));
      if (row) for (let c = 0; c < SIZE; c++) brighten(image, r * SIZE + c, cover(f(halfWidth - Math.abs(f(c - f(x))))) * row);
    }
  }
  function disc(image, x, y, radius) {
    for (let r = 0; r < SIZE; r++) for (let c = 0; c < SIZE; c++) {
      brighten(image, r * SIZE + c, cover(radius - Math.hypot(c - f(x), r - f(y))));
    }
  }
  /* A stick with round ends, from (x, y) upwards, leaning to the right by `angle`. */
  function stick(image, x, y, angle, length, halfWidth) {
    const right = Math.sin(angle), up = Math.cos(angle);
    for (let r = 0; r < SIZE; r++) for (let c = 0; c < SIZE; c++) {
      const across = c - x, above = y - r, along = across * right + above * up;
      const nearest = Math.min(length, Math.max(0, along));
      brighten(image, r * SIZE + c, cover(halfWidth - Math.hypot(across - nearest * right, above - nearest * up)));
    }
  }
  const bytes = (image) => image.map((v) => Math.floor(v * 255) / 255);

  WM.pixels = { SIZE, blank, bar, disc, stick, bytes };
})();
