/* Chapter 8's player: the transformer writes the next frame of Catch, one token after the other,
   for the action that the reader (or the actor) chose. Beside it the real game, the same actions. */
(function () {
  "use strict";
  const WM = window.WM, { categorical, argmax } = WM.layers, D = WM.irisDrawing;
  const CONTEXT = 8, TOKENS_A_SECOND = 96, SLOW = 1 / 6, SLOWEST = 1 / 48;
  const LEFT = 0, STAY = 1, RIGHT = 2, DIGITS = ["1", "2", "3", "4", "5"];

  function create(stage) {
    const file = WM.weights("iris"), model = WM.iris(file), world = WM.catchWorld(file.settings.world);
    const { TOKENS } = model;
    let temperature = file.settings.temperature, who = "dream", speed = 1, covered = false;
    let real, dream, frame, asked = STAY, over = false, dreamt = 0, tally, shown = null;

    const label = "Catch: a ball falls, a bar at the bottom moves under it";
    const size = { width: 32, height: 32, most: 300, least: 140 };
    const outside = stage.pixels({ ...size, kind: "real", label: label + ", reality", caption: "reality" });
    const inside = stage.pixels({ ...size, kind: "imagined", label: label + ", as it is dreamt", caption: "dream" });
    stage.pads([["left", "←", "left"], ["right", "→", "right"]]);
    const beam = stage.canvas({ width: 340, height: 64, most: 612, least: 600, label: "What may stand in the next square, likeliest first", caption: "what may stand in the next square: tap one to write it" });

    /* ------------------------------------------------------------------- the two games */
    function look() {
      real.picture = world.picture(real.state);
      real.tokens = model.encode(real.picture);
    }
    function move(action) {
      model.advance(real.tokens, action, real.cache);
      const { state, rew, over: last } = world.step(real.state, action, world.ball(stage.random));
      real.state = state;
      over = last;
      look();
      return rew;
    }
    /* The dream goes on from what really is, and remembers what really was. */
    function wake() {
      dream = { tokens: real.tokens, cache: real.cache.map((part) => part.slice()), picture: model.decode(real.tokens) };
      frame = null;
      dreamt = 0;
    }
    function reset() {
      real = { state: world.begin(stage.random), cache: model.empty() };
      tally = { real: [0, 0], dream: [0, 0] };
      over = false;
      look();
      for (let k = 1; k < CONTEXT; k++) move(STAY);
      wake();
      score();
    }
    function choose() {
      if (who !== "you") return argmax(model.actor(who === "dream" ? dream.picture : model.decode(real.tokens)));
      const held = stage.held.has("left") ? LEFT : stage.held.has("right") ? RIGHT : asked;
      asked = STAY;
      return held;
    }
    function open() {
      const action = choose(), h = model.advance(dream.tokens, action, dream.cache);
      frame = { action, h, ...model.writer(h) };
    }
    /* One token, drawn or chosen; the last of a frame moves the real game on as well. */
    function step(token) {
      if (over) reset();
      if (!frame) open();
      frame.write(token ?? categorical(frame.chances(temperature), stage.random()));
      if (frame.tokens.length === TOKENS) finish();
    }
    function finish() {
      const { action, h, tokens } = frame, said = model.reward(h);
      frame = null;
      dreamt++;
      dream.tokens = tokens;
      dream.picture = model.decode(tokens);
      const events = [count("real", move(action)), count("dream", Math.abs(said) > 0.5 ? said : 0)].filter(Boolean);
      score();
      if (over && who === "you") {
        stage.pause();
        cover(false);
        stage.say(`Five balls. In reality you caught ${tally.real[0]} of ${tally.real[1]}, in the dream ${tally.dream[0]} of ${tally.dream[1]}. Play gives five more.`);
      } else if (events.length && who === "you") stage.say(events.join(" "));
    }
    function count(where, rew) {
      if (!rew) return "";
      tally[where][1]++;
      if (rew > 0) tally[where][0]++;
      if (where === "real" && covered) return "";
      return (where === "real" ? "Reality: " : "Dream: ") + (rew > 0 ? "caught." : "missed.");
    }
    function score() {
      const of = ([won, all]) => won + " of " + all + " caught";
      stage.score(`Reality: ${covered ? "covered" : of(tally.real)} · dream: ${of(tally.dream)}`);
      inside.caption(`dream: ${dreamt} frames since it saw reality`);
    }

    /* ------------------------------------------------------------------------ pictures */
    const careful = () => speed < 1 || !stage.running();
    function draw() {
      outside.show(real.picture);
      if (covered) D.cover(outside);
      const open = careful() && frame, n = open ? frame.tokens.length : TOKENS;
      const now = frame ? [...frame.tokens, ...dream.tokens.slice(frame.tokens.length)] : dream.tokens;
      inside.show(open ? model.decode(now) : dream.picture);
      D.squares(inside, now, n);
      if (open) return D.candidates(beam, likeliest(n, now), n);
      shown = null;
      D.note(beam, careful() ? "The frame is complete: steer, and go on." : "Go slower to see, and choose, what else it could write.");
    }
    /* The five likeliest tokens of square n: { token, chance, picture }, the picture with it. */
    function likeliest(n, now) {
      const key = [dreamt, n, temperature, frame.action].join();
      if (shown && shown.key === key) return shown.best;
      const chances = frame.chances(temperature), order = [...chances.keys()].sort((a, b) => chances[b] - chances[a]);
      const best = order.slice(0, 5).map((token) => (
        { token, chance: chances[token], picture: model.decode(now.map((old, k) => (k === n ? token : old))) }
      ));
      shown = { key, best };
      return best;
    }

    /* ------------------------------------------------------------------------ controls */
    stage.button("Wake up", () => { wake(); cover(false); }, "Wake up: the dream goes on from reality");
    const hide = stage.button("Cover reality", () => cover(!covered));
    hide.setAttribute("aria-pressed", "false");
    function cover(on) {
      covered = on;
      hide.setAttribute("aria-pressed", on);
      score();
    }
    const steers = stage.choice("Who steers:", [["dream", "the actor, in the dream"], ["real", "the actor, awake"], ["you", "you"]], (value) => { who = value; });
    stage.choice("Pace:", [[1, "6 frames a second"], [SLOW, "1 frame a second"], [SLOWEST, "2 tokens a second"]], (value) => stage.speed((speed = value)));
    stage.button("One token", () => { stage.pause(); step(); });
    beam.canvas.addEventListener("pointerdown", (event) => {
      pick(D.candidateAt(beam.at(event)[0]));
      draw();
    });
    stage.slider("Temperature:", { min: 0, max: 1.5, step: 0.1, value: temperature, says: (v) => (v ? v.toFixed(1) : "0: the likeliest") }, (value) => { temperature = value; });

    /* The reader writes one of the five likeliest tokens. */
    function pick(k) {
      if (!shown || !shown.best[k]) return;
      stage.pause();
      step(shown.best[k].token);
    }
    function press(key) {
      if (DIGITS.includes(key)) return pick(DIGITS.indexOf(key));
      asked = key === "left" ? LEFT : RIGHT;
      if (who !== "you") {
        who = "you";
        steers.selectedIndex = 2;
        stage.say("You steer.");
      }
      if (!stage.running() && !frame && !over) open();
    }
    return {
      dt: 1 / TOKENS_A_SECOND, step, draw, reset, press, world,
      verify: (check = file.check) => WM.checkIris(model, check, file.settings.temperature),
      now: () => ({ real, dream, frame, tally, dreamt, who, covered }),
    };
  }

  WM.player("iris", {
    title: "Catch, written token by token",
    keysInWords: "The left and right arrows move the bar. Space starts and pauses. 1 to 5 write one of the likeliest tokens.",
    keys: { ArrowLeft: "left", ArrowRight: "right", a: "left", d: "right", 1: "1", 2: "2", 3: "3", 4: "4", 5: "5" },
    weights: ["iris"],
    autoplay: true,
    create,
  });
})();
