/* Play inside a dream of Dodge, with the world beside it: the same beginning, the same actions.
   Asleep, who plays acts on the dreamt state; awake, on what V sees of the world. Nothing cuts a life
   that is played here; those that are measured are cut as in the chapter (LONGEST). */
(function () {
  "use strict";
  const WM = window.WM, LIVES = 20, LONGEST = { dream: 300, world: 500 }; // steps
  const LEFT = 0, STAY = 1, RIGHT = 2;

  function create(stage) {
    const file = WM.weights("dodge"), model = WM.visionMemory(file), world = WM.dodge(file.settings);
    const players = {
      you: ["you", () => (stage.key("left") ? LEFT : stage.key("right") ? RIGHT : STAY)],
      warm: ["controller trained in a warm dream", (state) => model.choose("warm", state)],
      cold: ["controller trained in a cold dream", (state) => model.choose("cold", state)],
      random: ["chance", () => Math.floor(3 * stage.random())],
      still: ["nobody: it stands still", () => STAY],
    };
    let who = "warm", temperature = 1, asleep = true, real = null, dream = null, picture = null, rest = 0;
    const best = { dream: stage.best(), world: stage.best() };

    const screen = { width: 32, height: 32, most: 330, least: 140 };
    const left = stage.pixels({ ...screen, kind: "real", label: "The world: a figure at the bottom, balls fall." });
    const right = stage.pixels({ ...screen, kind: "imagined", label: "The dream: the same in soft pictures." });
    stage.pads([["left", "←", "step left"], ["right", "→", "step right"]]);

    /* ------------------------------------------------------------------ lives */
    /* real: a game of the world, and `seen`, what V and M make of it. dream: goes on from what was last
       seen; `since`: real steps at that moment. */
    function begin() {
      const state = world.begin(stage.random), seen = model.start(world.picture(state));
      real = { state, seen, steps: 0, over: false };
      dreamFromHere();
    }
    function dreamFromHere() {
      dream = { state: real.seen, steps: 0, over: false, since: real.steps };
      picture = model.decode(dream.state);
    }
    function stepWorld(game, action) {
      const [state, hit] = world.step(game.state, action, stage.random);
      game.state = state;
      game.seen = model.observe(game.seen, action, world.picture(state));
      game.steps += 1;
      game.over = hit;
    }
    function stepDream(game, action, heat) {
      const next = model.step(game.state, action, heat, model.noise(stage.random));
      game.state = next.state;
      game.steps += 1;
      game.over = stage.random() >= next.cont; // the end is drawn
    }
    function step() {
      if (life().over) {
        if (rest-- > 0) return;
        begin();
        stage.say("");
      }
      const action = players[who][1](asleep ? dream.state : real.seen);
      if (!real.over) stepWorld(real, action);
      if (asleep) {
        stepDream(dream, action, temperature);
        picture = model.decode(dream.state);
      } else dreamFromHere();
      if (life().over) end();
    }
    /* The life that counts, and the best one of its kind. */
    const life = () => (asleep ? dream : real), longest = () => (asleep ? best.dream : best.world);
    function end() {
      rest = 12; // steps in which the last picture stays
      if (who !== "you") return;
      const { steps } = life(), record = longest().count(steps);
      rest = 0;
      stage.pause();
      stage.say((asleep ? "The dream ended" : "A ball hit you") + " after " + steps + " steps" + (record ? ", your best so far." : ".") + " Play begins again.");
    }
    /* A life that the reader leaves before its end: it lasted so long at least. */
    function leave() {
      if (who === "you" && !life().over) longest().count(life().steps, true);
    }

    /* --------------------------------------------------------------- controls */
    const wake = stage.button("Wake up", () => set(!asleep));
    function set(value) {
      leave();
      asleep = value;
      wake.textContent = asleep ? "Wake up" : "Fall asleep";
      stage.say(asleep ? "Asleep: the dream goes on from what was last seen." : "Awake: the world counts now.");
      if (real.over) begin();
      if (!asleep) real.steps = 0; // what was dreamt does not count
      dreamFromHere();
    }
    const choice = stage.choice("Who plays", Object.keys(players).map((key) => [key, players[key][0]]), hand, who);
    function hand(key) {
      leave();
      who = key;
      choice.selectedIndex = Object.keys(players).indexOf(key);
      many.disabled = who === "you";
      stage.say("");
      begin(); // a score belongs to one player
    }
    stage.slider("Temperature", { min: 0.1, max: 1.3, step: 0.05, value: 1, says: (v) => v.toFixed(2) }, (value) => { temperature = value; });
    const many = stage.button("Measure " + LIVES + " lives", () => measure());

    /* ---------------------------------------------- what a return in a dream is worth */
    const rows = [], fill = stage.table(["mean of " + LIVES + " lives", "temperature", ...["dream", "world"].map((place) => "in the " + place + " (limit: " + LONGEST[place] + " steps)")]);
    function* live(key, heat, place) {
      const state = world.begin(stage.random), seen = model.start(world.picture(state));
      const game = { state: place === "dream" ? seen : state, seen, steps: 0, over: false };
      while (!game.over && game.steps < LONGEST[place]) {
        const action = players[key][1](place === "dream" ? game.state : game.seen);
        if (place === "dream") stepDream(game, action, heat);
        else stepWorld(game, action);
        yield;
      }
      return game.steps;
    }
    function* lives(key, heat, row) {
      for (const [place, column] of [["dream", 2], ["world", 3]]) {
        let sum = 0, cut = 0;
        for (let n = 1; n <= LIVES; n++) {
          row[column] = "life " + n + " …";
          const steps = yield* live(key, heat, place);
          sum += steps;
          cut += steps === LONGEST[place];
        }
        row[column] = (sum / LIVES).toFixed(0) + (cut ? " (" + cut + " at the limit)" : "");
      }
    }
    function measure() {
      const row = [players[who][0], temperature.toFixed(2), "", ""], show = () => fill(rows);
      rows.unshift(row);
      rows.length = Math.min(rows.length, 6);
      many.disabled = true;
      stage.work(lives(who, temperature, row), show, function () {
        show();
        many.disabled = who === "you";
        stage.say("Mean steps of " + LIVES + " lives: " + row[2] + " in the dream, " + row[3] + " in the world.");
      });
    }

    /* ---------------------------------------------------------------- drawing */
    function draw() {
      left.show(world.picture(real.state));
      right.show(picture);
      if (real.over) left.note("hit after " + (asleep ? real.steps - dream.since : real.steps));
      if (asleep && dream.over) right.note("over after " + dream.steps);
      left.caption(asleep ? "The world, same actions" : "The world: " + real.steps + " steps");
      right.caption(asleep ? "The dream: " + dream.steps + " steps" : "What the network keeps of it: 16 numbers");
      stage.score(who === "you" ? "Your best: " + best.dream.words("steps") + " in the dream, " + best.world.words("steps") + " in the world." : "Now plays: " + players[who][0] + ". Press ← or → to take over.");
    }

    return {
      dt: 1 / 15,
      reset() { leave(); begin(); },
      step,
      draw,
      press(key) {
        if (key === "wake") set(!asleep);
        else if (who !== "you") {
          hand("you");
          if (!stage.running()) stage.play();
        }
      },
      verify: () => WM.checkVisionMemory(model, file.check, world.picture),
      model, world, best, state: () => ({ who, asleep, real, dream, temperature }),
    };
  }

  WM.player("dodge", {
    title: "Play inside a dream of Dodge",
    keysInWords: "Left and right arrow step, w wakes up or falls asleep, space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right", a: "left", d: "right", w: "wake" },
    weights: ["dodge"],
    autoplay: true,
    create,
  });
})();
