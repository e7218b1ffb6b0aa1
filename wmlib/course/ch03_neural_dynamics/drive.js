/* Drive it: the real world and the learned one, given the same pushes. */
(function () {
  "use strict";
  const { worlds, scenes } = WM, DEGREES = 180 / Math.PI, SHOWN = 200; // steps in the strip
  const clip = (v, most) => Math.max(-most, Math.min(most, v));

  const WORLDS = {
    cartpole: {
      ...worlds.cartpole,
      most: 0.42, // of the angle, in the strip
      obs: (s) => s,
      action: (key, t) => (key ? Number(key > 0) : t % 2), // no key: in turn, which pushes nowhere
      pilot: (s) => Number(s[2] + 0.25 * s[3] + 0.05 * s[0] + 0.1 * s[1] > 0),
      over: (o) => (Math.abs(o[2]) > worlds.cartpole.ANGLE_LIMIT ? "fell" : Math.abs(o[0]) > 2.4 ? "left the track" : ""),
      angle: (o) => o[2],
      draw({ pen, ink, width, height }, obs, look, action) {
        const metre = width / 5.1, view = { at: (x) => width / 2 + metre * clip(x, 4), floor: height - 24, metre };
        scenes.track(pen, view, ink.quiet);
        scenes.cartpole(pen, obs, view, { ...look, push: action === null ? 0 : 2 * action - 1 });
      },
    },
    pendulum: {
      ...worlds.pendulum,
      most: Math.PI,
      action: (key) => -2 * key,
      /* Pump energy until it is as high as at the top, then hold. */
      pilot(s) {
        const a = Math.atan2(Math.sin(s[0]), Math.cos(s[0]));
        if (Math.abs(a) < 0.35) return clip(-8 * a - 2.5 * s[1], 2);
        return (15 - s[1] * s[1] / 2 - 15 * Math.cos(a)) * s[1] >= 0 ? 2 : -2;
      },
      over: () => "",
      angle: (o) => Math.atan2(o[1], o[0]),
      draw({ pen, ink, width, height }, obs, look, action) {
        scenes.pendulum(pen, obs, { x: width / 2, y: height / 2, radius: 0.36 * height }, { ...look, rule: ink.rule, torque: action || 0 });
      },
    },
  };

  WM.player("drive", {
    title: "A real world and the learned one, driven by the same keys",
    keysInWords: "Left and right arrow keys push both; space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right" },
    weights: ["drive_cartpole", "drive_pendulum"],
    create(stage) {
      const models = { cartpole: WM.dynamics("drive_cartpole"), pendulum: WM.dynamics("drive_pendulum") };
      const game = { now: null, world: null, model: null }, screens = {};
      for (const [kind, words] of [["real", "The real world."], ["imagined", "The same, as the model imagines it."]]) {
        screens[kind] = stage.canvas({
          width: 360, height: 140, kind, label: words, caption: kind,
          shape: () => [360, game.world === WORLDS.pendulum ? 220 : 140],
        });
      }
      const strip = stage.canvas({ width: 720, height: 96, most: 720, least: 300, shape: (wide) => [720, wide < 500 ? 190 : 96], label: "The real angle (solid) and the imagined one (dashed) of the last steps." });
      let rule = false;

      function reset() {
        const real = game.world.begin(stage.random);
        game.now = { real, dream: game.world.obs(real), t: 0, saw: 0, action: null, trace: [], ends: {} };
        stage.score("Push with ← and →, or with the two buttons.");
      }
      function choose(name) {
        game.world = WORLDS[name];
        game.model = models[name];
        game.dt = game.world.TAU;
        for (const screen of Object.values(screens)) screen.fit();
        reset();
      }
      /* What one of the two has come to, if that is new. */
      function judge(which, obs) {
        const { now } = game, how = game.world.over(obs);
        if (!how || now.ends[which]) return;
        now.ends[which] = now.t;
        if (which === "imagined") stage.say(`In imagination it ${how} at step ${now.t}. Reality goes on.`);
        else {
          stage.pause();
          const { imagined } = now.ends;
          stage.say(`Reality ${how} at step ${now.t}; ` + (imagined === undefined ? "the model believes it is still up."
            : imagined === now.t ? "so it did in imagination." : `in imagination it had ended at step ${imagined}.`));
        }
      }
      function step() {
        const { world, model } = game;
        if (game.now.ends.real) reset();
        const { now } = game, key = Number(stage.key("right")) - Number(stage.key("left"));
        now.action = key || !rule ? world.action(key, now.t) : world.pilot(now.real);
        now.real = world.step(now.real, now.action);
        if (!now.ends.imagined) now.dream = model.imagine(now.dream, now.action);
        now.t++;
        const real = world.angle(world.obs(now.real)), imagined = world.angle(now.dream);
        now.trace.push([real, now.ends.imagined ? null : imagined, now.t === now.saw + 1]);
        if (now.trace.length > SHOWN) now.trace.shift();
        judge("imagined", now.dream);
        judge("real", world.obs(now.real));
        const gap = Math.abs(Math.atan2(Math.sin(imagined - real), Math.cos(imagined - real))) * DEGREES;
        stage.score(`Step ${now.t}, ${now.t - now.saw} in the dream: ` + (now.ends.imagined ? "it has ended there." : `it is ${gap.toFixed(1)}° off.`));
      }
      function curve({ pen, width, height, ink }) {
        const { world, now } = game, all = now.trace.flatMap((row) => row.slice(0, 2)).map(Math.abs);
        const top = Math.min(world.most, Math.max(0.1, ...all));
        const at = (i, v) => [1 + (i * (width - 2)) / SHOWN, height / 2 - (clip(v, top) / top) * (height / 2 - 8)];
        scenes.solid(pen);
        pen.strokeStyle = ink.rule;
        scenes.line(pen, [at(0, 0), at(SHOWN, 0)]);
        pen.lineWidth = 2;
        ["real", "imagined"].forEach((role, k) => {
          pen.strokeStyle = ink[role];
          pen.setLineDash(k ? [5, 3] : []);
          let part = [];
          now.trace.forEach((row, i) => {
            const last = part.length && now.trace[i - 1][k];
            if (row[k] === null || (part.length && ((k && row[2]) || Math.abs(row[k] - last) > 3))) { scenes.line(pen, part); part = []; }
            if (row[k] !== null) part.push(at(i, row[k]));
          });
          scenes.line(pen, part);
        });
        pen.fillStyle = ink.quiet;
        pen.textAlign = "left";
        pen.font = `${12 / strip.scale}px ${ink.font}`;
        pen.fillText(`angle, ±${(top * DEGREES).toFixed(0)}°`, 4, 14 / strip.scale);
      }

      stage.pads([["left", "←", "push left"], ["right", "→", "push right"]]);
      stage.choice("world", [["cartpole", "cart-pole"], ["pendulum", "pendulum"]], (name) => { stage.pause(); choose(name); });
      stage.choice("who drives", [[false, "you"], [true, "a simple rule"]], (value) => { rule = value; });
      stage.choice("speed", [[0.25, "quarter"], [0.5, "half"], [1, "real time"]], stage.speed);
      stage.button("Wake up", () => {
        const { now, world } = game;
        now.dream = world.obs(now.real);
        now.saw = now.t;
        delete now.ends.imagined;
      }, "wake up: set the dream to what is real");
      stage.speed(0.25);
      choose("cartpole");

      return Object.assign(game, {
        step, reset,
        press() { if (!stage.running() && !game.now.ends.real) stage.play(); },
        verify: () => Math.max(models.cartpole.worst(), models.pendulum.worst()),
        draw() {
          const { now, world } = game;
          for (const kind of ["real", "imagined"]) {
            const screen = screens[kind], { ink } = screen, obs = kind === "real" ? world.obs(now.real) : now.dream;
            screen.clear();
            world.draw(screen, obs, { color: ink[kind], paper: ink.paper, imagined: kind === "imagined" }, now.action);
            screen.caption(now.ends[kind] ? `${kind}: over at step ${now.ends[kind]}` : kind);
          }
          strip.clear();
          curve(strip);
        },
      });
    },
  });
})();
