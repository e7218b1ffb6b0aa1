/* The front page's stage: the real cart and pole (blue), what the model imagines (orange, dashed).
   world.js is reality, model.js and planner.js the learned model and its planner; this file only
   shows them. Works from file://, with mouse, touch and keyboard, and stands still when asked to. */
(function () {
  "use strict";
  const { world, planner, weights } = window.WorldModel;
  const FUTURES = 40;          // futures imagined before each push
  const PUSH = 0.6;            // what a reader's push adds to the pole, in rad/s
  const SLOW = 0.5;            // shown at half speed
  const WIDER = 3;             // the plume is drawn three times as wide as it is

  const SAYS = {
    react: "It pushes to the side the pole leans to, and never asks what would happen next.",
    imagine: "Before each push it imagines " + FUTURES + " futures in a model learned from "
      + weights.transitions.toLocaleString("en") + " real steps, and takes the first push of the best.",
    dream: "Its eyes are shut: it sees only what it imagines. Orange is where it believes the pole "
      + "to be, blue is where it is.",
    you: "Hold the left or right arrow key, or the two buttons. Fifty decisions a second: your turn.",
  };

  /* One life: the state, who acts, and how long it has stood. Drawing knows nothing of this. */
  function makeAgent(seed) {
    const random = planner.randomness(seed);
    const agent = { mode: "imagine", goal: 0, horizon: 30, held: 0 };

    agent.reset = function () {
      agent.real = [0, 0, 0, 0].map(() => (random() - 0.5) * 0.08);
      agent.before = agent.real;
      agent.dream = agent.real;
      agent.thought = null;
      agent.steps = 0;
      agent.fallenFor = 0;
      agent.action = 0;
      agent.think();
    };
    agent.think = function () {
      if (agent.mode !== "imagine" && agent.mode !== "dream") { agent.thought = null; return; }
      const last = agent.thought && agent.thought.futures[agent.thought.best].actions;
      agent.thought = planner.plan(agent.mode === "dream" ? agent.dream : agent.real, {
        goal: agent.goal, futures: FUTURES, horizon: agent.horizon, last, random,
      });
    };
    agent.step = function () {
      agent.before = agent.real;
      if (agent.fallenFor) {
        agent.real = world.drop(agent.real);
        agent.fallenFor++;
        return;
      }
      if (agent.mode === "react") agent.action = agent.real[2] > 0 ? 1 : 0;
      else if (agent.mode === "you") agent.action = agent.held;
      else agent.action = agent.thought.action;
      agent.real = world.step(agent.real, agent.action);
      if (agent.mode === "dream") agent.dream = planner.imagine(agent.dream, agent.action);
      else agent.dream = agent.real;
      agent.steps++;
      if (world.fallen(agent.real)) { agent.fallenFor = 1; agent.thought = null; return; }
      agent.think();
    };
    agent.push = function (side) {
      if (agent.fallenFor) return;
      const [x, xDot, angle, angleDot] = agent.real;
      agent.real = [x, xDot, angle, angleDot + side * PUSH];
      if (agent.mode !== "dream") { agent.dream = agent.real; agent.think(); }
    };
    agent.reset();
    return agent;
  }

  /* ---------------------------------------------------------------------------- drawing */
  function makePicture(canvas) {
    const pen = canvas.getContext("2d");
    const picture = { width: 0, height: 0 };
    let ink = {};

    picture.colours = function () {
      const style = getComputedStyle(canvas);
      const of = (name) => style.getPropertyValue(name).trim();
      ink = { real: of("--wm-real"), imagined: of("--wm-imagined"), text: of("--wm-ink"),
        quiet: of("--wm-ink-3"), rule: of("--wm-rule"), paper: of("--wm-paper"), font: of("--wm-sans") };
    };
    picture.fit = function () {
      const box = canvas.getBoundingClientRect(), ratio = Math.min(devicePixelRatio || 1, 2.5);
      picture.width = box.width;
      picture.height = box.height;
      canvas.width = Math.round(box.width * ratio);
      canvas.height = Math.round(box.height * ratio);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    };
    const metre = () => Math.max(picture.width / 5.3, Math.min(118, picture.width / 3.1));
    const ground = () => picture.height - 52;
    let camera = 0;
    picture.toWorld = (px) => (px - picture.width / 2) / metre() + camera;

    picture.draw = function (agent, between) {
      const m = metre(), floor = ground(), view = picture.width / m / 2;
      const real = agent.real.map((v, i) => agent.before[i] + (v - agent.before[i]) * between);
      const room = Math.max(0, 2.65 - view);
      camera = Math.max(-room, Math.min(room, real[0]));
      const sx = (x) => picture.width / 2 + (x - camera) * m;
      const top = floor - 22;                                   // the hinge
      const tip = (s) => [sx(s[0] + Math.sin(s[2])), top - Math.cos(s[2]) * m];
      pen.clearRect(0, 0, picture.width, picture.height);
      pen.lineCap = "round"; pen.lineJoin = "round";

      track(sx, floor, agent.goal);
      if (agent.thought) fan(agent, sx, tip, top - m);
      if (agent.mode === "dream" && !agent.fallenFor) ghost(agent.dream, sx, top, floor, tip);
      body(real, sx, top, floor, tip, agent);
      words(agent, real, sx, top, floor, m);
    };

    function track(sx, floor, goal) {
      pen.setLineDash([]);
      pen.strokeStyle = ink.quiet; pen.lineWidth = 1.2;
      line([[sx(-2.4), floor], [sx(2.4), floor]]);
      for (const x of [-2.4, 2.4]) line([[sx(x), floor - 7], [sx(x), floor + 7]]);
      pen.strokeStyle = ink.text; pen.fillStyle = ink.text; pen.lineWidth = 1.4;
      const g = sx(goal);
      pen.beginPath(); pen.moveTo(g, floor + 3); pen.lineTo(g - 5, floor + 12); pen.lineTo(g + 5, floor + 12);
      pen.closePath(); pen.fill();
    }

    /* The imagined futures as a plume over the pole: to the right what is right, upwards what is later. */
    function fan(agent, sx, tip, above) {
      const { futures, best } = agent.thought;
      const reach = above - 34, rise = reach / Math.max(agent.horizon, 12);
      const now = tip(futures[best].states[0])[0];
      const where = (state, t) => [now + WIDER * (tip(state)[0] - now), above - 8 - t * rise];
      pen.strokeStyle = ink.imagined; pen.fillStyle = ink.imagined;
      futures.forEach((future, n) => {
        if (n === best) return;
        const points = future.states.map(where);
        pen.globalAlpha = 0.5; pen.lineWidth = 1.1; pen.setLineDash([4, 3]);
        line(points);
        if (future.states.length <= agent.horizon) cross(points[points.length - 1], 3);
      });
      const chosen = futures[best];
      pen.globalAlpha = 1; pen.lineWidth = 2.6; pen.setLineDash([7, 4]);
      line(chosen.states.map(where));
      pen.setLineDash([]);
      dot(where(chosen.states[chosen.states.length - 1], chosen.states.length - 1), 3.4);
    }

    function ghost(state, sx, top, floor, tip) {
      pen.strokeStyle = ink.imagined; pen.lineWidth = 2.2; pen.setLineDash([5, 4]); pen.globalAlpha = 1;
      const x = sx(state[0]);
      pen.strokeRect(x - 27, floor - 22, 54, 16);
      pen.lineWidth = 4; pen.setLineDash([8, 6]);
      line([[x, top], tip(state)]);
      pen.setLineDash([]);
    }

    function body(state, sx, top, floor, tip, agent) {
      const x = sx(state[0]);
      pen.globalAlpha = 1; pen.setLineDash([]);
      pen.fillStyle = ink.real; pen.strokeStyle = ink.real;
      pen.beginPath();
      if (pen.roundRect) pen.roundRect(x - 27, floor - 22, 54, 16, 4); else pen.rect(x - 27, floor - 22, 54, 16);
      pen.fill();
      for (const side of [-15, 15]) dot([x + side, floor - 5], 5);
      pen.lineWidth = 7;
      line([[x, top], tip(state)]);
      pen.fillStyle = ink.paper; dot([x, top], 2.6);
      if (!agent.fallenFor && agent.action >= 0 && agent.steps) {  // the push being given
        const side = agent.action === 1 ? 1 : -1, from = x + side * 33, to = x + side * 52;
        pen.strokeStyle = ink.text; pen.lineWidth = 1.8;
        line([[from, floor - 14], [to, floor - 14]]);
        line([[to - side * 6, floor - 19], [to, floor - 14], [to - side * 6, floor - 9]]);
      }
    }

    function words(agent, real, sx, top, floor, m) {
      pen.globalAlpha = 1;
      pen.textBaseline = "alphabetic"; pen.textAlign = "left";
      const small = picture.width < 520;
      pen.font = "500 " + (small ? 12 : 13) + "px " + ink.font;
      const x = sx(real[0]);
      if (!agent.fallenFor) {
        const left = x + 70 + 110 > picture.width;
        pen.textAlign = left ? "right" : "left";
        pen.fillStyle = ink.real;
        pen.fillText("what is", x + (left ? -66 : 66), floor - 9);
        if (agent.thought) {
          pen.fillStyle = ink.imagined;
          pen.fillText("what it imagines", x + (left ? -66 : 66) * (small ? 0.7 : 1), top - m - 12);
        }
      }
      pen.fillStyle = ink.quiet; pen.textAlign = "center";
      pen.fillText(agent.fallenFor ? "" : "be here", Math.max(30, Math.min(picture.width - 30, sx(agent.goal))), floor + 28);
      if (agent.thought) {
        pen.textAlign = "left";
        pen.fillText("+" + (agent.horizon * world.TAU).toFixed(1) + " s", 6, 30 - 4);
        pen.fillText("now", 6, top - m - 4);
        pen.strokeStyle = ink.rule; pen.lineWidth = 1; pen.setLineDash([]);
        line([[44, top - m - 8], [picture.width, top - m - 8]]);
      }
    }

    function line(points) {
      pen.beginPath();
      points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
    function dot([x, y], radius) { pen.beginPath(); pen.arc(x, y, radius, 0, 7); pen.fill(); }
    function cross([x, y], r) {
      pen.setLineDash([]);
      line([[x - r, y - r], [x + r, y + r]]);
      line([[x - r, y + r], [x + r, y - r]]);
    }
    return picture;
  }

  /* ------------------------------------------------------------------------- the stage */
  function begin() {
    const stage = document.getElementById("wm-stage");
    if (!stage) return;
    const find = (name) => stage.querySelector("[data-wm='" + name + "']");
    const canvas = find("canvas"), says = find("says"), clock = find("clock"), pause = find("pause");
    const agent = makeAgent(7), picture = makePicture(canvas);
    const longest = { react: 0, imagine: 0, dream: 0, you: 0 };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let paused = still, visible = true, owed = 0, then = 0, touched = false;

    function setMode(mode) {
      agent.mode = mode;
      agent.reset();
      says.textContent = SAYS[mode];
      for (const input of stage.querySelectorAll("input[name='wm-mode']")) input.checked = input.value === mode;
      stage.dataset.mode = mode;
      show();
    }
    function setPaused(value) {
      paused = value;
      pause.textContent = paused ? "Play" : "Pause";
      then = 0;
    }
    function show(between = 1) {
      picture.draw(agent, between);
      const seconds = agent.steps * world.TAU;
      longest[agent.mode] = Math.max(longest[agent.mode], seconds);
      clock.textContent = (agent.fallenFor ? "fell after " : "standing for ") + seconds.toFixed(1) + " s";
      for (const mode of Object.keys(longest)) {
        if (longest[mode]) find("best-" + mode).textContent = longest[mode].toFixed(1) + " s";
      }
    }
    function frame(now) {
      requestAnimationFrame(frame);
      if (paused || !visible || document.hidden) { then = 0; return; }
      owed += then ? Math.min(0.1, (now - then) / 1000) * SLOW : 0;
      then = now;
      while (owed >= world.TAU) {
        owed -= world.TAU;
        agent.step();
        if (agent.fallenFor > 55) {
          // The page begins with a reflex and goes on with imagination, unless the reader chose.
          if (!touched && agent.mode === "react") setMode("imagine"); else agent.reset();
        }
      }
      show(owed / world.TAU);
    }

    stage.addEventListener("pointerdown", () => { touched = true; }, true);
    stage.addEventListener("keydown", () => { touched = true; }, true);
    stage.addEventListener("change", (event) => {
      if (event.target.name === "wm-mode") {
        setMode(event.target.value);
        if (!still) setPaused(false);
        if (event.target.value === "you") canvas.focus({ preventScroll: true });
      }
    });
    find("goal").addEventListener("input", (event) => { agent.goal = Number(event.target.value); agent.think(); show(); });
    find("ahead").addEventListener("input", (event) => {
      agent.horizon = Number(event.target.value);
      event.target.setAttribute("aria-valuetext", (agent.horizon * world.TAU).toFixed(2) + " seconds");
      agent.think(); show();
    });
    pause.addEventListener("click", () => setPaused(!paused));
    find("step").addEventListener("click", () => { setPaused(true); agent.step(); if (agent.fallenFor > 55) agent.reset(); show(); });
    for (const [name, side] of [["left", -1], ["right", 1]]) {
      const button = find(name);
      button.addEventListener("pointerdown", () => { if (agent.mode === "you") agent.held = side > 0 ? 1 : 0; else { agent.push(side); show(); } });
      for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, () => { agent.held = -1; });
      button.addEventListener("click", (event) => { if (event.detail === 0) { agent.push(side); show(); } }); // by keyboard
    }
    canvas.addEventListener("pointerdown", (event) => {
      const at = picture.toWorld(event.clientX - canvas.getBoundingClientRect().left);
      agent.goal = Math.max(-1.8, Math.min(1.8, at));
      find("goal").value = agent.goal;
      agent.think(); show();
    });
    canvas.addEventListener("keydown", (event) => {
      const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === " ") { setPaused(!paused); event.preventDefault(); }
      if (!side) return;
      event.preventDefault();
      if (agent.mode === "you") agent.held = side > 0 ? 1 : 0;
      else if (!event.repeat) { agent.push(side); show(); }
    });
    canvas.addEventListener("keyup", (event) => { if (event.key.startsWith("Arrow")) agent.held = -1; });
    canvas.addEventListener("blur", () => { agent.held = -1; });
    new ResizeObserver(() => { picture.fit(); show(); }).observe(canvas);
    new IntersectionObserver((entries) => { visible = entries[0].isIntersecting; then = 0; }).observe(canvas);
    addEventListener("wm-theme", () => { picture.colours(); show(); });

    agent.held = -1;
    picture.colours();
    picture.fit();
    setMode(still ? "imagine" : "react");
    setPaused(still);
    if (document.fonts && document.fonts.ready) document.fonts.ready.then(() => show());
    requestAnimationFrame(frame);
  }

  /* For tests: how many simulated seconds a mode keeps the pole up, without drawing. */
  function stands(mode, seconds, seed) {
    const agent = makeAgent(seed);
    agent.mode = mode;
    agent.reset();
    while (agent.steps * world.TAU < seconds && !agent.fallenFor) agent.step();
    return agent.steps * world.TAU;
  }

  window.WorldModel.stands = stands;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
