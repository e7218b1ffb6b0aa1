/* Two searches plan the same trip through a building: cell by cell, and from doorway to doorway.
   Each spends its questions at the same rate, and walks as soon as it has its plan. */
(function () {
  "use strict";
  const WM = window.WM, { keys, moved, inWords } = WM.mazes;
  const DT = 1 / 30, WALK = 45, SIZE = 100; // seconds a beat; cells walked in a second; units of a drawing's side
  const RATES = [100, 300, 700, 1500, 3000, 7000, 20000]; // questions a second

  WM.player("rooms", {
    title: "Two searches through a building",
    keysInWords: "The arrow keys move the flag, Enter sets out for it. Space starts and pauses.",
    keys,
    weights: ["rooms"],
    autoplay: true,
    create(stage) {
      const { Asked, Options, search } = WM.searches, { settings, check } = WM.weights("rooms");
      const numbers = (k) => Math.round(k).toLocaleString("en");
      let chosen = settings.buildings[0], building, start, goal, flag, rate = RATES[3];
      const sides = [{ name: "cell by cell", told: false }, { name: "doorways", told: false }];
      for (const side of sides) {
        side.screen = stage.canvas({
          width: SIZE, height: SIZE, caption: " ",
          label: "A building of rooms from above. The places that a search asks about light up: " + side.name + ".",
        });
        side.caption = side.screen.canvas.nextSibling;
        side.screen.canvas.addEventListener("click", stage.guarded((event) => {
          const { columns, unit } = building, [x, y] = side.screen.at(event).map((v) => Math.floor(v / unit));
          go(nearest(columns * y + x));
          stage.redraw();
        }));
      }

      /* A building, its table, and the two levels that are found in it. */
      const entered = new Map();
      function enter(what) {
        const columns = what.lines[0].length, letters = [...what.lines.join("")];
        if (!entered.has(what)) {
          entered.set(what, {
            letters, columns, unit: SIZE / columns, walls: [...letters.keys()].filter((c) => letters[c] === "#"),
            flat: new Asked(what.moves, columns), options: new Options(what.moves, columns),
          });
        }
        return entered.get(what);
      }
      function build() {
        building = enter(chosen);
        [start, goal] = chosen.trip;
        flag = goal;
        for (const side of sides) side.total = 0;
        plan();
      }
      const guess = ({ columns }, to) => (cell) => Math.abs(Math.floor(cell / columns) - Math.floor(to / columns)) + Math.abs((cell % columns) - (to % columns));
      /* The plan of one of both, the questions that it took, and the cells that it walks. */
      function planned(where, levels, told, from, to) {
        const { flat, options } = where, model = levels ? options : flat, line = told ? guess(where, to) : undefined;
        const before = model.queries;
        for (const one of [flat, options, options.low]) one.log = [];
        const path = levels ? options.plan(from, to, line) : search((cell) => flat.neighbours(cell), from, to, line);
        if (!path) throw new Error("There is no way from cell " + from + " to cell " + to + ".");
        const log = levels ? [...options.low.log, ...options.log] : flat.log;
        return { path, log, asked: model.queries - before, walked: levels ? options.follow(path) : path.states };
      }
      /* Both searches are made at once; what they asked is then shown at the chosen rate. */
      function plan() {
        sides.forEach((side, i) => Object.assign(side, planned(building, i === 1, side.told, start, goal), { shown: 0, at: 0, lit: new Set(), lines: [], read: 0 }));
      }
      const there = (side) => side.shown >= side.asked && side.at >= side.walked.length - 1;
      function step() {
        if (sides.every(there)) { surprise(); return; }
        for (const side of sides) {
          if (side.shown < side.asked) side.shown = Math.min(side.asked, side.shown + rate * DT);
          else side.at = Math.min(side.walked.length - 1, side.at + WALK * DT);
        }
        if (sides.every(there)) arrived();
      }
      function arrived() {
        for (const side of sides) side.total += side.asked;
        stage.say("Both walked " + (sides[0].walked.length - 1) + " steps. " + numbers(sides[0].asked) + " questions cell by cell, " + numbers(sides[1].asked) + " among doorways.");
        stage.pause();
      }

      /* ------------------------------------------------------- the reader's part */
      const free = (cell) => building.letters[cell] !== "#";
      function nearest(cell) {
        const line = guess(building, cell);
        return building.letters.reduce((best, _, c) => (free(c) && (best < 0 || line(c) < line(best)) ? c : best), -1);
      }
      /* The next trip begins where the last one ended. */
      function go(cell) {
        const from = sides.every(there) ? goal : start;
        if (cell === from) { stage.say("The agents stand there already."); return; }
        [start, goal, flag] = [from, cell, cell];
        plan();
        stage.play();
      }
      function surprise() {
        const cells = [...building.letters.keys()].filter((c) => free(c) && c !== goal);
        go(cells[Math.floor(stage.random() * cells.length)]);
      }
      function press(key) {
        const { columns } = building;
        if (key === "enter") { if (flag !== goal || sides.every(there)) go(flag); return; }
        let to = flag; // half a room and more at once: a building is wide
        for (let k = 0; k < columns / 16; k++) to = moved(to, key, columns, columns);
        flag = nearest(to);
        stage.say(inWords(flag, columns));
      }

      /* ------------------------------------------------------------------ to see */
      function draw() {
        for (const side of sides) drawSide(side);
        const [flat, levels] = sides, all = (side) => side.total + (sides.every(there) ? 0 : side.shown);
        stage.score("Questions of this trip: " + numbers(flat.shown) + " cell by cell, " + numbers(levels.shown) + " among doorways. All trips: " + numbers(all(flat)) + " cell by cell, " +
          numbers(building.options.built + all(levels)) + " among doorways, of which " + numbers(building.options.built) + " to learn them, once.");
      }
      function drawSide(side) {
        for (; side.read < side.shown; side.read++) { // a cell, or an option: from a cell to a doorway
          const asked = side.log[side.read];
          if (Array.isArray(asked)) side.lines.push(asked); else side.lit.add(asked);
        }
        const { screen, caption, name, told, shown, asked, path, walked, at } = side;
        const { pen, ink, scale } = screen, { columns, unit, walls } = building;
        const xy = (c) => [((c % columns) + 0.5) * unit, (Math.floor(c / columns) + 0.5) * unit];
        const stroke = (lines, color, width, dash = []) => {
          pen.strokeStyle = color;
          pen.lineWidth = width / scale;
          pen.setLineDash(dash.map((d) => d / scale));
          pen.lineJoin = "round";
          pen.beginPath();
          for (const line of lines) line.forEach((c, i) => (i ? pen.lineTo(...xy(c)) : pen.moveTo(...xy(c))));
          pen.stroke();
          pen.setLineDash([]);
        };
        const fill = (cells, color, alpha) => {
          pen.fillStyle = color;
          pen.globalAlpha = alpha;
          for (const c of cells) pen.fillRect((c % columns) * unit, Math.floor(c / columns) * unit, unit + 0.03, unit + 0.03);
          pen.globalAlpha = 1;
        };
        screen.clear();
        fill(side.lit, ink.imagined, 0.45);
        fill(walls, ink.grey, 0.8);
        pen.globalAlpha = 0.55;
        stroke(side.lines, ink.imagined, 1);
        pen.globalAlpha = 1;
        if (shown >= asked) stroke([path.states], ink.imagined, 2.5, [6, 4]);
        const gone = walked.slice(0, Math.floor(at) + 1);
        stroke([gone], ink.real, 2.5);
        pen.fillStyle = ink.real;
        pen.beginPath();
        pen.arc(...xy(gone[gone.length - 1]), 5 / scale, 0, 7);
        pen.fill();
        const [x, y] = xy(flag), h = 16 / scale;
        pen.lineWidth = 2 / scale;
        pen.strokeStyle = pen.fillStyle = ink.green;
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(x, y - h);
        pen.lineTo(x + 0.7 * h, y - 0.72 * h);
        pen.lineTo(x, y - 0.45 * h);
        pen.fill();
        pen.stroke();
        caption.textContent = name + (told ? ", A*" : "") + ": " + numbers(shown) + " questions" + (shown < asked ? " …" : ", " + Math.floor(at) + " steps walked");
      }
      stage.choice("Searches", [[[false, false], "told nothing"], [[true, true], "A*: told rows and columns to go"], [[true, false], "A* cell by cell only"]], (told) => {
        sides.forEach((side, i) => { side.told = told[i]; });
        plan(); // the same trip, searched otherwise
        stage.play();
      });
      stage.slider("Rate", { min: 0, max: RATES.length - 1, step: 1, value: 3, says: (k) => numbers(RATES[k]) + " questions a second" }, (k) => { rate = RATES[k]; });
      stage.choice("Building", settings.buildings.map((b) => [b, b.name]), (b) => { chosen = b; build(); stage.play(); });

      /* A trip in each building: as many questions as wmlib's own searches ask, and as many steps. */
      function verify() {
        let worst = 0;
        settings.buildings.forEach((what, b) => {
          const where = enter(what), { built, trip } = check[b];
          worst = Math.max(worst, Math.abs(where.options.built - built));
          for (const [name, levels, told] of [["flat", false, false], ["astar", false, true], ["levels", true, false], ["both", true, true]]) {
            const { asked, path, walked } = planned(where, levels, told, trip.from, trip.to);
            worst = Math.max(worst, Math.abs(asked - trip[name]), Math.abs(path.steps - trip.steps), Math.abs(walked.length - 1 - trip.steps));
          }
        });
        return worst;
      }
      return { dt: DT, step, draw, reset: build, press, verify, sides, planned, enter, settings, at: () => ({ start, goal, flag, building }) };
    },
  });
})();
