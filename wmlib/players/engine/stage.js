/* The stage that every player stands on: screens, controls, keys, time, and what is said.

   A player calls WM.player(name, { title, keys, weights, create }). `create(stage)` returns
     { dt, step(), draw(), reset(), press(key)?, verify()? }
   dt: seconds between two steps (left out where nothing runs by itself); step: one step of the
   world; draw: the screens anew; press: a key or pad went down; verify: the largest difference
   between what is computed here and torch's own numbers in the weights. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});
  const players = {}, TOLERANCE = 1e-3;
  WM.player = (name, player) => { players[name] = player; };
  WM.hasPlayer = (name) => name in players;
  WM.weightsOf = (name) => players[name].weights || [];

  function add(parent, tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    parent.append(node);
    return node;
  }

  WM.mount = function (node) {
    const name = node.dataset.player;
    try {
      if (!players[name]) throw new Error("The player “" + name + "” did not load. Reload the page; from a folder, unpack all of it.");
      start(node, players[name]);
    } catch (error) { fail(node, error); }
  };
  /* A player that cannot go on says why, in its own place, and nothing else stops. */
  function fail(node, error) {
    node.dataset.failed = error.message;
    if (node.wmPlayer) node.wmPlayer.pause();
    for (const old of node.querySelectorAll(".wm-player-error")) old.remove();
    const box = add(node, "p", "wm-player-error", error.message);
    box.setAttribute("role", "alert");
  }
  WM.fail = fail;

  function start(node, player) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const stage = { held: new Set(), pressed: new Set(), random: WM.random.uniform(Number(node.dataset.seed) || Date.now()), still };
    const field = add(node, "div", "wm-player-field"), screens = [];
    const bar = add(node, "div", "wm-player-bar"), score = add(node, "p", "wm-player-score");
    const said = add(node, "p", "wm-player-says");
    said.setAttribute("aria-live", "polite");
    field.tabIndex = 0;
    field.setAttribute("role", "application");
    field.setAttribute("aria-label", player.title + ". " + (player.keysInWords || "Space starts and pauses."));
    let running = false, visible = true, speed = 1, owed = 0, then = 0, game = null;

    /* --------------------------------------------------------------------- screens */
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

    /* A part made of elements instead of a drawing: cards, a table. It stands below the screens. */
    stage.panel = function (className = "") {
      const panel = document.createElement("div");
      panel.className = "wm-player-panel " + className;
      bar.before(panel);
      return panel;
    };
    /* A table below everything else, so that nothing moves when it fills: returns show(rows). */
    stage.table = function (heads) {
      const table = document.createElement("table"), head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
      for (const words of heads) add(head, "th", "", words).scope = "col";
      table.className = "wm-player-table";
      return function (rows) {
        node.append(table);
        body.replaceChildren();
        for (const row of rows) {
          const line = add(body, "tr");
          for (const words of row) add(line, "td", "", words);
        }
      };
    };
    /* Long work in slices, so that the page stays alive. run: a generator; show(value): after a slice
       that ended with `yield value`; done(value): after `return value`. */
    stage.work = function (run, show, done) {
      guarded(function slice() {
        const until = performance.now() + 12;
        let last = run.next();
        while (!last.done && performance.now() < until) last = run.next();
        (last.done ? done : show)(last.value);
        if (!last.done) setTimeout(guarded(slice), 0);
      })();
    };
    stage.add = add;
    /* An event handler whose error is shown in the player, and after which all is drawn anew. */
    stage.on = (node, event, act) => node.addEventListener(event, guarded((given) => { act(given); draw(); }));

    /* -------------------------------------------------------------------- controls */
    stage.button = function (words, act, label) {
      const button = add(bar, "button", "", words);
      button.type = "button";
      if (label) button.setAttribute("aria-label", label);
      button.addEventListener("click", guarded(() => { act(); draw(); }));
      return button;
    };
    /* One of a few, all in view. Returns note(value, words): a number beside one of them. */
    stage.modes = function (label, options, act, value = options[0][0]) {
      const box = add(bar, "div", "wm-player-modes"), notes = new Map();
      let pointed = false; // who points goes on with the player's keys, who uses the keys stays here
      box.setAttribute("role", "radiogroup");
      box.setAttribute("aria-label", label);
      box.addEventListener("pointerdown", () => { pointed = true; });
      box.addEventListener("keydown", () => { pointed = false; });
      for (const [each, words] of options) {
        const line = add(box, "label"), input = add(line, "input"), shown = add(line, "span", "", words + " ");
        Object.assign(input, { type: "radio", name: "wm-" + node.dataset.player + "-" + label, value: each, checked: each === value });
        notes.set(each, add(shown, "b"));
        input.addEventListener("change", guarded(() => {
          act(each);
          draw();
          if (pointed) setTimeout(() => field.focus({ preventScroll: true }));
          pointed = false;
        }));
      }
      return (each, words) => { if (notes.get(each).textContent !== words) notes.get(each).textContent = words; };
    };
    /* options: [value, words] pairs; act(value) is called with the value as it was given. */
    stage.choice = function (label, options, act, value = options[0][0]) {
      const box = add(bar, "label", "wm-player-choice"), select = (add(box, "span", "", label), add(box, "select"));
      options.forEach(([, words], i) => select.add(new Option(words, i)));
      select.value = options.findIndex(([v]) => v === value);
      select.addEventListener("change", guarded(() => { act(options[select.value][0]); draw(); }));
      return select;
    };
    /* says(value): the value in words, shown and spoken. */
    stage.slider = function (label, { min, max, step, value, says = String }, act) {
      const box = add(bar, "label", "wm-player-slider"), words = add(box, "span", "", label);
      const input = add(box, "input"), shown = add(box, "output", "", says(value));
      Object.assign(input, { type: "range", min, max, step });
      input.value = value;
      input.setAttribute("aria-valuetext", says(value));
      words.append(" ");
      input.addEventListener("input", guarded(() => {
        shown.textContent = says(Number(input.value));
        input.setAttribute("aria-valuetext", shown.textContent);
        act(Number(input.value));
        draw();
      }));
      return input;
    };
    /* Buttons to hold, for a thumb, a mouse or the keys: pads([["left", "←", "push left"], …]). */
    stage.pads = function (list) {
      const box = add(field, "div", "wm-player-pads");
      for (const [key, sign, label] of list) {
        const pad = add(box, "button", "", sign);
        pad.type = "button";
        pad.setAttribute("aria-label", label);
        const down = () => press(key);
        const up = () => stage.held.delete(key);
        pad.addEventListener("pointerdown", (event) => { event.preventDefault(); pad.focus(); down(); });
        for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) pad.addEventListener(end, up);
        pad.addEventListener("keydown", (event) => {
          if ((event.key === "Enter" || event.key === " ") && !event.repeat) { event.preventDefault(); event.stopPropagation(); down(); }
        });
        pad.addEventListener("keyup", (event) => { if (event.key === "Enter" || event.key === " ") up(); });
      }
    };
    /* Is this key held, or was it touched since the last step? */
    stage.key = (key) => stage.held.has(key) || stage.pressed.has(key);
    function press(key) {
      stage.held.add(key);
      stage.pressed.add(key);
      if (game.press) { guarded(game.press)(key); draw(); }
    }
    stage.speed = (value) => { speed = value; };
    /* How far time is from the last step to the next, from 0 to 1: for a motion without jumps. */
    stage.between = () => (running ? Math.min(1, owed / game.dt) : 1);

    /* ------------------------------------------------------------- what is said */
    /* say: for everybody, spoken at most once in three seconds, the latest words. score: seen only. */
    let next = "", due = 0;
    stage.say = function (words) {
      next = words;
      if (due) return;
      said.textContent = next;
      due = setTimeout(() => { due = 0; if (said.textContent !== next) stage.say(next); }, 3000);
    };
    stage.score = (words) => { score.textContent = words; };

    /* ------------------------------------------------------------------------ time */
    const guarded = (f) => (...given) => { try { return f(...given); } catch (error) { fail(node, error); } };
    function draw() { if (game) guarded(() => game.draw())(); }
    stage.redraw = draw;
    stage.guarded = guarded; // for what listens to a pointer
    function set(on) {
      if (node.dataset.failed) on = false;
      running = on;
      then = 0;
      stage.pressed.clear(); // a touch from the pause is none for the first step
      go.textContent = on ? "Pause" : player.playInWords || "Play";
      if (on) requestAnimationFrame(frame);
    }
    function frame(now) {
      if (!running) return;
      requestAnimationFrame(frame);
      if (!visible || document.hidden) { then = 0; return; }
      owed = Math.min(owed + (then ? ((now - then) / 1000) * speed : 0), 4 * game.dt);
      then = now;
      while (running && owed >= game.dt) { owed -= game.dt; guarded(() => game.step())(); stage.pressed.clear(); }
      draw();
    }
    stage.pause = () => set(false);
    stage.play = () => set(true);
    stage.running = () => running;

    const go = stage.button(player.playInWords || "Play", () => set(!running));
    stage.button("Reset", () => { owed = 0; game.reset(); });
    /* Keys count wherever in the player the focus is, after a click on a button too. */
    node.addEventListener("keydown", guarded((event) => {
      const at = event.target.tagName;
      if (/^(SELECT|INPUT|TEXTAREA)$/.test(at) || (event.key === " " && /^(BUTTON|A|SUMMARY)$/.test(at))) return;
      const key = (player.keys || {})[event.key];
      if (event.key === " ") { if (!event.repeat) set(!running); } else if (key) {
        if (!event.repeat) press(key);
      } else return;
      event.preventDefault();
    }));
    node.addEventListener("keyup", (event) => stage.held.delete((player.keys || {})[event.key]));
    node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) stage.held.clear(); });
    new IntersectionObserver((seen) => { visible = seen[seen.length - 1].isIntersecting; then = 0; }).observe(node);

    game = player.create(stage);
    field.hidden = !field.children.length;
    node.wmPlayer = { game, stage, pause: stage.pause };
    const fitAll = guarded(() => { for (const screen of screens) screen.fit(); draw(); });
    new ResizeObserver(fitAll).observe(field);
    addEventListener("wm-theme", fitAll);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fitAll);
    game.reset();
    fitAll();
    if (game.verify) {
      const worst = game.verify();
      node.dataset.check = worst;
      if (!(worst <= TOLERANCE)) throw new Error("This player computes something else than the model: it is " + worst + " off. Please report it.");
    }
    node.dataset.ready = "1";
    if (game.dt === undefined) go.remove(); // nothing runs by itself
    if (player.autoplay && !still) set(true);
  }
})();
