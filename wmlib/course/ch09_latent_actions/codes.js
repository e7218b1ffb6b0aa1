/* Chapter 9's player: each key is one of the codes that a model found in film without actions.
   The reader holds a key, sees what is dreamt, guesses what it does, and reality tries the guess. */
(function () {
  "use strict";
  const ACTIONS = ["left", "straight", "right"], KEYS = ["1", "2", "3"], DEPENDS = 3, SHOWN = 12;

  function create(stage) {
    const file = WM.weights("codes"), { starts, names, agreement, thirds } = file.settings;
    const model = WM.latentActions(file), world = WM.miniRacing(file.settings.world), grass = file.settings.world.GRASS;
    /* code: which code each key is. twin: or which it is less the place of the road ahead. demo: steps of the show that runs until a key is pressed. */
    let code, guess, solved, counted, checks, twin = false, demo = 0, road = 0;
    let real, dream, over, lap, since, key = null, done = null;
    const won = { all: 0, first: 0 };

    const size = { width: 32, height: 32, most: 300, least: 140 };
    const outside = stage.pixels({ ...size, kind: "real", label: "Reality: the road, seen from above the car", caption: "reality" });
    const inside = stage.pixels({ ...size, kind: "imagined", label: "The same road, as it is dreamt", caption: "dream" });
    stage.pads(KEYS.map((k) => [k, k, "key " + k]));

    /* --------------------------------------------------------------------- the two roads */
    /* Both begin with the same frame again. */
    function reset() {
      real = { state: starts[road] };
      real.picture = world.picture(real.state);
      over = false;
      lap = 0;
      wake();
    }
    function wake() {
      dream = real.picture;
      since = 0;
      tell();
    }
    function shuffle() {
      code = [0, 1, 2];
      for (let i = 2; i > 0; i--) {
        const j = Math.floor(stage.random() * (i + 1));
        [code[i], code[j]] = [code[j], code[i]];
      }
      guess = [null, null, null];
      solved = counted = false;
      checks = 0;
      for (const select of selects) select.selectedIndex = 0;
      reset();
    }
    /* In which third of the picture the road ahead lies, as study.py's `place`. */
    function place(frame) {
      let sum = 0, total = 0;
      for (let c = 0; c < 32; c++) {
        let light = 0;
        for (let r = 8; r < 14; r++) light += frame[r * 32 + c] / 6;
        light = Math.max(0, light - grass);
        sum += light * c;
        total += light;
      }
      const column = sum / Math.max(1e-3, total);
      return thirds.filter((limit) => limit < column).length;
    }
    const codeOf = (k) => (twin ? (code[k] - place(dream) + 3) % 3 : code[k]);
    /* What a key is taken for: an action, or null where reality has to wait. */
    function meaning(k) {
      if (solved) return names[codeOf(k)];
      return guess[k] === DEPENDS ? null : guess[k];
    }

    function step() {
      if (demo !== null) {
        key = Math.floor(demo / SHOWN) % 3;
        if (demo++ % SHOWN === 0) reset();
        dream = model.step(dream, codeOf(key));
        since++;
        return tell();
      }
      key = KEYS.findIndex((k) => stage.key(k));
      if (key >= 0 && !over) drive(key);
    }
    /* Time goes on only while a key is held. Reality does what the reader takes the key for. */
    function drive(k) {
      done = meaning(k);
      dream = model.step(dream, codeOf(k));
      since++;
      if (done !== null) {
        const { state, rew, over: off } = world.step(real.state, done);
        real = { state, picture: world.picture(state) };
        lap += rew;
        over = off;
        if (off) stage.say(`The real car has left the road: ${lap.toFixed(0)} % of a lap. Press a key for another road.`);
      }
      tell();
    }
    function press() {
      if (demo !== null || over) {
        demo = null;
        another();
      }
      if (!stage.running()) stage.play();
    }
    function another() {
      road = (road + 1) % starts.length;
      reset();
    }

    /* ----------------------------------------------------------------------- the guesses */
    function check() {
      if (guess.includes(null)) return stage.say("Guess what each of the three keys does, then check.");
      const right = guess.filter((action, k) => action === (twin ? DEPENDS : names[code[k]])).length;
      checks++;
      if (right < 3) {
        return stage.say(`${right} of 3 right. The car stays where it is in the picture: when it turns left, the road swings to the right.`);
      }
      if (!counted) {
        won.all++;
        if (checks === 1) won.first++;
      }
      solved = counted = true;
      stage.say(`All right, at check ${checks}. ${twin
        ? "The twin draws the same frames with the same loss, and each of its keys means something else in each third of the picture. No loss can tell the two apart; you could."
        : `The model was shown no action, and its codes agree with the driver's in ${(100 * agreement).toFixed(1)} % of the steps of another film.`} Now drive, and wake up when the dream blurs.`);
      tell();
    }
    function tell() {
      inside.caption("dream" + (since ? `: ${since} steps, key ${key + 1}` : ": the same frame"));
      if (demo !== null) outside.caption("reality: the first frame");
      else if (over) outside.caption("reality: off the road");
      else if (!since) outside.caption("reality");
      else outside.caption(done === null ? "reality waits for your guess" : "reality: " + ACTIONS[done]);
      const parts = [`Found out: ${won.all}, at the first check: ${won.first}`];
      if (lap) parts.push(`${lap.toFixed(0)} % of a lap`, `the pictures differ by ${(100 * apart()).toFixed(0)} %`);
      stage.score(parts.join(" · "));
    }
    function apart() {
      let sum = 0;
      for (let i = 0; i < dream.length; i++) sum += Math.abs(dream[i] - real.picture[i]);
      return sum / dream.length;
    }

    stage.button("Wake up", () => (over ? another() : wake()), "Wake up: the dream goes on from reality");
    stage.button("Another road", another);
    const selects = KEYS.map((k, i) => stage.choice(`Key ${k}:`, [[null, "what does it do?"], ...ACTIONS.map((words, a) => [a, words]), [DEPENDS, "it depends on the road"]], (value) => {
      guess[i] = value;
      solved = false;
      demo = null;
      reset();
    }));
    stage.button("Check", check, "Check the three guesses");
    stage.button("New keys", shuffle, "Shuffle the keys anew");
    stage.choice("Model:", [[false, "the chapter's"], [true, "its twin, with the same loss"]], (value) => {
      twin = value;
      demo = null;
      shuffle();
    });
    shuffle();

    return {
      dt: 0.1, step, reset, press,
      draw() {
        outside.show(real.picture);
        inside.show(dream);
      },
      /* The largest difference from what torch says; see players.py. */
      *verify(check = file.check) {
        let frame = Float32Array.from(check.obs, (v) => v / 255), worst = 0;
        for (const k of check.codes) {
          frame = model.step(frame, k);
          yield;
        }
        frame.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - check.picture[i])); });
        return worst;
      },
      world, model, place, now: () => ({ real, dream, over, lap, since, code, names, solved, won }),
    };
  }

  WM.player("codes", {
    title: "Three keys without names",
    keysInWords: "Hold the key 1, 2 or 3: time goes on only while one is held. Space starts and pauses.",
    keys: { 1: "1", 2: "2", 3: "3" },
    weights: ["codes"],
    autoplay: true,
    create,
  });
})();
