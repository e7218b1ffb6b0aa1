/* Screens: drawings that are as wide as there is room, in the page's colours, and pictures of pixels. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {}), { add } = WM;

  /* node: the player; field: where its screens stand. Returns fit(): each screen anew, at its size and
     in its colours. */
  WM.screens = function (stage, { node, field }) {
    const screens = [];
    /* A drawing of width x height units, as wide as there is room (`least` to `most` pixels).
       kind: "real", "imagined" or nothing; label: what is to be seen, for who cannot see it.
       shape: pixels it is wide -> [width, height], for a drawing that is another one on a phone. */
    stage.canvas = function ({ width, height, label, kind = "", most = 640, least = 240, caption = "", shape }) {
      const box = add(field, "div", "wm-player-screen " + kind), canvas = add(box, "canvas");
      box.style.maxWidth = most + "px";
      box.style.flexBasis = least + "px";
      box.style.minWidth = `min(100%, ${least}px)`;
      canvas.style.aspectRatio = width + "/" + height;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", label);
      const under = add(box, "p", "wm-player-caption", caption);
      const screen = { canvas, width, height, pen: canvas.getContext("2d"), ink: {} };
      screen.fit = function () {
        const ratio = Math.min(devicePixelRatio || 1, 2.5), wide = canvas.clientWidth || width;
        if (shape) {
          [screen.width, screen.height] = [width, height] = shape(wide);
          canvas.style.aspectRatio = width + "/" + height;
        }
        canvas.width = Math.round(wide * ratio);
        canvas.height = Math.round((wide * ratio * height) / width);
        const scale = canvas.width / width;
        screen.scale = wide / width; // pixels a unit: text of 12 px is 12 / scale units high
        screen.pen.setTransform(scale, 0, 0, scale, 0, 0);
        const style = getComputedStyle(node), of = (key, or) => style.getPropertyValue("--wm-" + key).trim() || or;
        screen.ink = {
          real: of("real", "#0072b2"), imagined: of("imagined", "#d55e00"), text: of("ink", "#1d1b18"),
          quiet: of("ink-3", "#6b655d"), rule: of("rule", "#d8d2c8"), grey: of("grey", "#6b7280"),
          green: of("green", "#009e73"), purple: of("purple", "#aa4499"), paper: of("paper", "#fffdf9"), font: of("sans", "system-ui, sans-serif"),
        };
      };
      screen.caption = (words) => { if (under.textContent !== words) under.textContent = words; };
      screen.clear = () => screen.pen.clearRect(0, 0, width, height);
      screen.say = (words) => canvas.setAttribute("aria-label", words);
      /* Where a pointer is, in the drawing's units. */
      screen.at = function (event) {
        const box = canvas.getBoundingClientRect();
        return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
      };
      screens.push(screen);
      return screen;
    };
    /* A picture of pixels: show(data) takes channels x height x width numbers in [0, 1]. */
    stage.pixels = function ({ width, height, channels = 1, ...rest }) {
      const screen = stage.canvas({ width, height, ...rest }), small = document.createElement("canvas");
      small.width = width;
      small.height = height;
      const pen = small.getContext("2d"), image = pen.createImageData(width, height), size = width * height;
      screen.show = function (data) {
        for (let i = 0; i < size; i++) {
          for (let c = 0; c < 3; c++) image.data[4 * i + c] = 255 * Math.min(1, Math.max(0, data[channels === 3 ? c * size + i : i]));
          image.data[4 * i + 3] = 255;
        }
        pen.putImageData(image, 0, 0);
        screen.pen.imageSmoothingEnabled = false;
        screen.pen.drawImage(small, 0, 0);
      };
      /* A few words across the picture, at a height from 0 to 1. */
      screen.note = function (words, at = 0.5) {
        const { pen } = screen, font = (size) => { pen.font = "600 " + size + "px " + screen.ink.font; };
        font(15 / screen.scale);
        font((15 / screen.scale) * Math.min(1, (0.94 * width) / pen.measureText(words).width));
        Object.assign(pen, { textAlign: "center", lineJoin: "round", lineWidth: 4 / screen.scale, strokeStyle: "#000", fillStyle: "#fff" });
        pen.strokeText(words, width / 2, at * height);
        pen.fillText(words, width / 2, at * height);
      };
      return screen;
    };
    return () => { for (const screen of screens) screen.fit(); };
  };
})();
