/* Chapter 8's player draws: the numbers of the tokens over the dream, and what else may stand there. */
(function () {
  "use strict";
  const SIDE = 4, CELL = 8, WIDE = 65;
  const column = (n) => (n % SIDE) * CELL, row = (n) => Math.floor(n / SIDE) * CELL;

  function write(pen, words, x, y, high, ink, align = "center", color = ink.text) {
    pen.font = `${high}px ${ink.font}`;
    pen.textAlign = align;
    pen.textBaseline = "middle";
    pen.fillStyle = color;
    pen.fillText(words, x, y);
  }
  function number(pen, token, x, y, high, ink) {
    pen.fillStyle = "#000a";
    pen.fillRect(x, y, high * 2.1, high * 1.3);
    write(pen, String(token), x + high * 1.05, y + high * 0.7, high, ink, "center", "#ffb27a");
  }
  function cover({ pen, ink, scale, width, height }) {
    pen.fillStyle = ink.paper;
    pen.fillRect(0, 0, width, height);
    write(pen, "covered", width / 2, height / 2, 16 / scale, ink);
  }
  function note(screen, words) {
    screen.clear();
    write(screen.pen, words, screen.width / 2, screen.height / 2, 12 / screen.scale, screen.ink, "center", screen.ink.quiet);
  }

  /* The number of each token in the corner of its square; a veil over what is not yet written. */
  function squares({ pen, ink, scale }, tokens, written) {
    pen.lineWidth = 1 / scale;
    tokens.forEach((token, n) => {
      pen.strokeStyle = "#ffffff40";
      pen.strokeRect(column(n), row(n), CELL, CELL);
      if (n < written) return number(pen, token, column(n), row(n), 11 / scale, ink);
      pen.fillStyle = ink.paper;
      pen.globalAlpha = 0.75;
      pen.fillRect(column(n), row(n), CELL, CELL);
      pen.globalAlpha = 1;
    });
    if (written === tokens.length) return;
    pen.strokeStyle = ink.imagined;
    pen.lineWidth = 3 / scale;
    pen.strokeRect(column(written), row(written), CELL, CELL);
  }
  /* Tokens that may stand in square n: what each would draw there, and how likely it is. */
  function candidates(screen, best, n) {
    const { pen, ink, scale } = screen, grey = document.createElement("canvas");
    grey.width = grey.height = CELL;
    screen.clear();
    pen.imageSmoothingEnabled = false;
    best.forEach(({ token, chance, picture }, k) => {
      const x = 14 + WIDE * k;
      grey.getContext("2d").putImageData(square(picture, n), 0, 0);
      pen.drawImage(grey, x, 4, 36, 36);
      number(pen, token, x, 4, Math.min(11, 11 / scale), ink);
      pen.lineWidth = 1;
      pen.strokeStyle = ink.rule;
      pen.strokeRect(x, 4, 36, 36);
      pen.fillStyle = ink.imagined;
      pen.fillRect(x, 43, 50 * chance, 4);
      const percent = (100 * chance).toFixed(chance < 0.1 ? 1 : 0);
      write(pen, `${k + 1}: ${percent} %`, x, 56, Math.min(12, 13 / scale), ink, "left");
    });
  }
  const candidateAt = (x) => Math.floor((x - 5) / WIDE);
  function square(picture, n) {
    const image = new ImageData(CELL, CELL);
    for (let i = 0; i < CELL * CELL; i++) {
      const v = 255 * picture[(row(n) + Math.floor(i / CELL)) * 32 + column(n) + (i % CELL)];
      image.data.set([v, v, v, 255], 4 * i);
    }
    return image;
  }

  WM.irisDrawing = { cover, note, squares, candidates, candidateAt };
})();
