/* The stage that every player stands on: screens, controls, keys, time, and what is said. What is to be
   seen and held stands in screens.js and controls.js.

   A player calls WM.player(name, { title, keys, weights, create }). `create(stage)` returns
     { dt, step(), draw(), reset(), press(key)?, verify()? }
   dt: seconds between two steps (left out where nothing runs by itself); step: one step of the
   world; draw: the screens anew; press: a key or pad went down; verify: the largest difference
   between what is computed here and torch's own numbers in the weights, or a generator that returns
   it and yields between steps, so that the page stays alive. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});
  const players = {}, TOLERANCE = 1e-3, APART = {}; // `yield APART`: what follows is a task of its own
  WM.player = (name, player) => { players[name] = player; };
  WM.hasPlayer = (name) => name in players;
  WM.weightsOf = (name) => players[name].weights || [];

  /* Starts a player: at once, or in slices where it is a part of a longer page. */
  WM.mount = (node) => guard(node, WM.finish)(start(node));
  WM.mountInSlices = (node) => inSlices(start(node), (f) => guard(node, f));

  /* Long work in slices, so that the page stays alive. run: a generator; show(value): after a slice
     that ended with `yield value`; done(value): after `return value`. */
  function inSlices(run, guarded, show = () => {}, done = () => {}) {
    guarded(function slice() {
      const until = performance.now() + 10;
      let last = run.next();
      while (!last.done && last.value !== APART && performance.now() < until) last = run.next();
      (last.done ? done : show)(last.value);
      if (!last.done) setTimeout(guarded(slice), 0);
    })();
  }
  const guard = (node, f) => (...given) => { try { return f(...given); } catch (error) { return fail(node, error); } };

  /* A player that cannot go on says why, in its own place, and nothing else stops. */
  function fail(node, error) {
    node.dataset.failed = error.message;
    node.inert = false; // what went wrong is to be read
    if (node.wmPlayer) node.wmPlayer.pause();
    for (const old of node.querySelectorAll(".wm-player-error")) old.remove();
    const box = WM.add(node, "p", "wm-player-error", error.message);
    box.setAttribute("role", "alert");
  }
  WM.fail = fail;

  function* start(node) {
    const name = node.dataset.player, player = players[name];
    if (!player) throw new Error("The player “" + name + "” did not load. Reload the page; from a folder, unpack all of it.");
    for (const weights of WM.weightsOf(name)) yield* WM.decodeWeights(weights);
    yield APART;
    const { add } = WM, still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const stage = { held: new Set(), pressed: new Set(), random: WM.random.uniform(Number(node.dataset.seed) || Date.now()), still };
    const field = add(node, "div", "wm-player-field");
    const bar = add(node, "div", "wm-player-bar"), score = add(node, "p", "wm-player-score");
    const said = add(node, "p", "wm-player-says");
    said.setAttribute("aria-live", "polite");
    field.tabIndex = 0;
    field.setAttribute("role", "application");
    field.setAttribute("aria-label", player.title + (player.title.endsWith("?") ? " " : ". ") + (player.keysInWords || "Space starts and pauses."));
    let running = false, visible = true, speed = 1, owed = 0, then = 0, game = null;

    const fit = WM.screens(stage, { node, field });
    WM.controls(stage, { node, bar, field, press, guarded, draw });

    stage.work = (run, show, done) => inSlices(run, guarded, show, done);

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
    /* say: for everybody, spoken at most once in three seconds, the latest words; no words take away
       what was said. score: seen only. */
    let next = "", due = 0;
    stage.say = function (words) {
      next = words;
      if (!words) { clearTimeout(due); due = 0; }
      if (due) return;
      said.textContent = next;
      if (words) due = setTimeout(() => { due = 0; if (said.textContent !== next) stage.say(next); }, 3000);
    };
    stage.score = (words) => { score.textContent = words; };
    /* The best that a reader reached: count(value, stopped) -> whether it is more than before. Who stops
       before the end has reached that much, too, and it says so. */
    stage.best = function () {
      const best = { value: 0, stopped: false };
      best.count = function (value, stopped = false) {
        if (value <= best.value) return false;
        Object.assign(best, { value, stopped });
        return true;
      };
      best.words = (unit) => best.value.toFixed(0) + " " + (best.value === 1 ? unit.replace(/s$/, "") : unit) + (best.stopped ? " (stopped)" : "");
      return best;
    };

    /* ------------------------------------------------------------------------ time */
    function guarded(f) { return guard(node, f); }
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
    stage.button("Reset", () => { owed = 0; stage.say(""); game.reset(); });
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

    node.inert = true; // nothing is pressed before it stands
    game = player.create(stage);
    field.hidden = !field.children.length;
    node.wmPlayer = { game, stage, pause: stage.pause };
    yield APART;
    game.reset();
    yield APART;
    const fitAll = guarded(() => { fit(); draw(); });
    new ResizeObserver(fitAll).observe(field);
    addEventListener("wm-theme", fitAll);
    for (const what of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(what).addEventListener("change", fitAll);
    fitAll();
    node.inert = false;
    if (game.dt === undefined) go.remove(); // nothing runs by itself
    yield APART;
    if (game.verify) {
      const found = game.verify(), worst = found.next ? yield* found : found;
      node.dataset.check = worst;
      if (!(worst <= TOLERANCE)) throw new Error("This player computes something else than the model: it is " + worst + " off. Please report it.");
    }
    node.dataset.ready = "1";
    if (player.autoplay && !still && !running) set(true);
  }
})();
