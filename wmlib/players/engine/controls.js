/* What a reader holds in hand: buttons, choices, sliders, pads; and parts of a player that are made of
   elements instead of a drawing. Every handler's error is shown in the player, and all is drawn anew. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});

  WM.add = function (parent, tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    parent.append(node);
    return node;
  };
  const { add } = WM;

  /* node: the player; bar: where controls stand; field: what has the keys' focus; press(key): a key or
     pad went down; guarded(f): f, whose error is shown; draw(): all screens anew. */
  WM.controls = function (stage, { node, bar, field, press, guarded, draw }) {
    /* A part made of elements: cards, a table. It stands below the screens. */
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
    /* An event handler whose error is shown in the player, and after which all is drawn anew. */
    stage.on = (node, event, act) => node.addEventListener(event, guarded((given) => { act(given); draw(); }));
    stage.add = add;

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
  };
})();
