/* Two agents learn the same maze that the reader draws: one from real steps alone, one that also
   imagines n steps after each (wmlib/learning/dyna.py). Both begin when the flag was found once, or
   the second one with what a reader's own agent has learned. */
(function () {
  "use strict";
  const WM = window.WM, { Maze, board, keys, moved, inWords } = WM.mazes;
  const DT = 1 / 30, FIRST = 20000, EPISODES = 50; // most steps of the first episode; episodes in the chart

  /* wmlib's DynaQ with a TableModel. random: the one source of chance. */
  class DynaQ {
    constructor(cells, n, { alpha, gamma, epsilon }, random) {
      Object.assign(this, { n, alpha, gamma, epsilon, random, tried: [], last: new Map() });
      this.q = Array.from({ length: cells }, () => [0, 0, 0, 0]);
    }
    /* Go on from the values and the rows of the model of another agent. */
    take({ q, rows }) {
      this.q = q.map((row) => row.slice());
      for (const [s, a, ...outcome] of rows) { this.tried.push(4 * s + a); this.last.set(4 * s + a, outcome); }
    }
    act(s) {
      if (this.random() < this.epsilon) return Math.floor(this.random() * 4);
      const best = Math.max(...this.q[s]), ties = [0, 1, 2, 3].filter((a) => this.q[s][a] === best);
      return ties[Math.floor(this.random() * ties.length)];
    }
    update(s, a, r, next, end) {
      const target = end ? r : r + this.gamma * Math.max(...this.q[next]);
      this.q[s][a] += this.alpha * (target - this.q[s][a]);
    }
    learn(s, a, r, next, end) {
      this.update(s, a, r, next, end);
      const pair = 4 * s + a;
      if (!this.last.has(pair)) this.tried.push(pair);
      this.last.set(pair, [r, next, end]);
      for (let i = 0; i < this.n; i++) {
        const drawn = this.tried[Math.floor(this.random() * this.tried.length)];
        this.update(drawn >> 2, drawn & 3, ...this.last.get(drawn));
      }
    }
  }
  /* Its life, one real step after the other: lengths of the episodes, the cell in which it stands. */
  class Life {
    constructor(maze, agent) {
      Object.assign(this, { maze, agent, lengths: [], steps: 0, total: 0 });
      this.begin();
    }
    begin() {
      this.agent.random(); // wmlib draws the start, also where there is one
      this.cell = this.maze.where("S");
      this.steps = 0;
    }
    step() {
      const s = this.cell, a = this.agent.act(s), [next, r, end] = this.maze.move(s, a);
      this.agent.learn(s, a, r, next, end);
      this.steps++;
      this.total++;
      this.cell = next;
      if (end) { this.lengths.push(this.steps); this.begin(); }
      return end;
    }
  }

  WM.player("dyna", {
    title: "Learn from real steps, and from imagined ones",
    keysInWords: "Space starts and pauses. The arrow keys move a cursor, Enter builds a wall there or takes it away; on the start or the flag it takes hold, and puts down.",
    keys,
    weights: ["dyna"],
    autoplay: true,
    create(stage) {
      const { settings, check } = WM.weights("dyna");
      const { own } = settings, AWAY = "Take a wall away (click it), or press “Restore the maze”.";
      let chosen = settings.mazes[0], maze = new Maze(chosen), best, speed = 15, owed = 0, cursor = -1, brush = "", held = "", news = "", n = own ? own.n : 50;
      const { rows, columns } = maze;
      const sides = [{ n: () => 0 }, { n: () => n }];
      for (const side of sides) {
        side.screen = board(stage, {
          rows, columns, down, drag, holds: (cell) => "SG".includes(maze.letters[cell]), caption: " ",
          label: "A maze of " + rows + " rows and " + columns + " columns. Green: what a cell is worth to " + (side === sides[0] ? "the agent that learns from real steps only." : own ? "your agent." : "the agent that imagines as well."),
        });
        side.caption = side.screen.canvas.nextSibling;
      }
      const chart = stage.canvas({ width: 660, height: 170, most: 760, label: "Steps of each episode, for both agents." });
      chart.canvas.parentNode.style.flexBasis = "100%";

      function build() { maze = new Maze(chosen); live(); }
      function live() {
        best = maze.shortest();
        stage.say(""); // what was said is of another life
        for (const side of sides) {
          const agent = new DynaQ(maze.letters.length, side.n(), settings, stage.random);
          side.own = own && side !== sides[0];
          if (side.own) agent.take(own);
          side.life = new Life(maze, agent);
          if (best === null || side.own) continue;
          for (let t = 0; t < FIRST && !side.life.step(); t++); // the first episode is a random walk: not shown
        }
        owed = 0;
      }
      function step() {
        for (owed += speed * DT; owed >= 1; owed--) for (const side of sides) if (side.life.step()) arrived(side);
      }
      function arrived(side) {
        const { lengths } = side.life;
        if (lengths.length === 2 && !own) stage.say((side.n() ? "With " + side.n() + " imagined steps" : "With real steps only") + " the second episode took " + lengths[1] + " steps.");
      }

      /* ------------------------------------------------------- the reader draws */
      function tell(words) {
        news = words;
        if (words) stage.say(words);
      }
      function standing(cell) {
        const found = sides.some((side) => side.life.cell === cell);
        if (found) tell("An agent stands there now.");
        return found;
      }
      function put(cell, letter) {
        if ("SG".includes(maze.letters[cell]) || maze.letters[cell] === letter || standing(cell)) return;
        maze.letters[cell] = letter;
        measure();
      }
      function measure() {
        const now = maze.shortest(), shut = walledIn();
        tell(shut || (now !== best ? "The shortest way takes " + now + " steps now." : ""));
        best = now;
      }
      /* What is wrong with the maze, and what to do about it. */
      function walledIn() {
        if (maze.shortest() === null) return "No way leads from the start to the flag. " + AWAY;
        return sides.some(({ life }) => maze.shortest(life.cell) === null) ? "No way leads to the flag from where an agent stands. " + AWAY : "";
      }
      /* The start or the flag goes to another cell. */
      function carry(letter, cell) {
        if (maze.letters[cell] !== "." || standing(cell)) return;
        maze.letters[maze.where(letter)] = ".";
        maze.letters[cell] = letter;
        measure();
      }
      function down(cell) {
        const here = maze.letters[cell];
        cursor = -1;
        held = "";
        brush = "SG".includes(here) ? here : here === "#" ? "." : "#";
        drag(cell);
      }
      function drag(cell) { if ("SG".includes(brush)) carry(brush, cell); else put(cell, brush); }
      function press(key) {
        if (cursor < 0) cursor = maze.where("S");
        news = "";
        if (key !== "enter") cursor = moved(cursor, key, rows, columns);
        else if (held) { carry(held, cursor); held = ""; }
        else if ("SG".includes(maze.letters[cursor])) held = maze.letters[cursor];
        else put(cursor, maze.letters[cursor] === "#" ? "." : "#");
        const names = { "#": "wall", ".": "free", S: "start", G: "flag", T: "trap", v: "chute" };
        stage.say(names[maze.letters[cursor]] + (held ? ", holding the " + names[held] : "") + ", " + inWords(cursor, columns) + (news && ". " + news));
      }

      /* ---------------------------------------------------------------- to see */
      function draw() {
        const shut = walledIn();
        for (const { screen, caption, life, n: planned, own: yours } of sides) {
          const { q } = life.agent, values = q.map((row) => Math.max(...row)), top = Math.max(...values, 1e-9);
          screen.cells(maze.letters, (cell) => values[cell] / top);
          maze.letters.forEach((letter, cell) => {
            if (letter !== "#" && letter !== "G" && values[cell] > 0) screen.arrow(cell, q[cell].indexOf(values[cell]), screen.ink.text);
          });
          screen.disc(life.cell, screen.ink.real);
          if (cursor >= 0) screen.frame(cursor, screen.ink.text, held ? [0.16, 0.14] : []);
          caption.textContent = (yours ? "your agent, n = " + planned() : planned() ? "n = " + planned() : "n = 0, real steps only")
            + " · episode " + (life.lengths.length + 1) + ", step " + life.steps + (maze.shortest(life.cell) === null ? " · no way to the flag" : "");
        }
        const [plain, dyna] = sides.map((side) => side.life);
        const compared = ({ lengths }) => (own ? lengths.at(-1) : lengths[1]) || "not done yet";
        stage.score((shut ? shut + " " : "") + "Flags: " + plain.lengths.length + " (n = 0), " + dyna.lengths.length + " (" + (own ? "your agent, " : "") + "n = " + n + "). Steps of "
          + (own ? "the last episode: " : "episode 2: ") + compared(plain) + " and " + compared(dyna) + ". Shortest way: " + (best === null ? "none" : best) + ".");
        drawChart();
      }
      /* Steps (a logarithmic scale) over episodes. */
      function drawChart() {
        const { pen, ink, scale } = chart, size = 12 / scale, left = 4.2 * size, low = 170 - 2.2 * size;
        const x = (i) => left + ((650 - left) * i) / (EPISODES - 1);
        const y = (steps) => low - ((low - size) * Math.log(Math.min(5000, Math.max(8, steps)) / 8)) / Math.log(5000 / 8);
        const line = (points, color, width, dash = []) => {
          pen.strokeStyle = color;
          pen.lineWidth = width / scale;
          pen.setLineDash(dash);
          pen.beginPath();
          points.forEach(([a, b], i) => (i ? pen.lineTo(a, b) : pen.moveTo(a, b)));
          pen.stroke();
          pen.setLineDash([]);
        };
        chart.clear();
        pen.font = size + "px " + ink.font;
        pen.fillStyle = ink.quiet;
        pen.textAlign = "right";
        for (const steps of [10, 100, 1000]) {
          line([[left, y(steps)], [650, y(steps)]], ink.rule, 1);
          pen.fillText(steps, left - 0.5 * size, y(steps) + 0.35 * size);
        }
        pen.textAlign = "left";
        pen.fillText("steps of each episode", left, 170 - 0.4 * size);
        if (best) line([[left, y(best)], [650, y(best)]], ink.quiet, 1, [2, 3]);
        sides.forEach(({ life, n: planned }, i) => {
          const color = i ? ink.green : ink.purple, points = life.lengths.slice(0, EPISODES).map((steps, e) => [x(e), y(steps)]);
          line(points, color, 2.5);
          pen.fillStyle = color;
          for (const [a, b] of points) pen.fillRect(a - 2 / scale, b - 2 / scale, 4 / scale, 4 / scale);
          pen.textAlign = "right";
          pen.fillText("■ n = " + planned(), 650 - 6 * size * (1 - i), 170 - 0.4 * size);
        });
      }
      stage.choice("Imagined steps", [...new Set([1, 5, 20, 50, 200, n])].sort((a, b) => a - b).map((k) => [k, "n = " + k + " after each"]), (k) => { n = k; live(); }, n);
      stage.slider("Speed", { min: 0, max: 8, step: 1, value: 3, says: (k) => speedOf(k) + " steps a second" }, (k) => { speed = speedOf(k); });
      function speedOf(k) { return [2, 5, 8, 15, 30, 60, 150, 500, 1500][k]; }
      if (!own) stage.choice("Maze", settings.mazes.map((m) => [m, m.name]), (m) => { chosen = m; build(); });
      stage.button("Restore the maze", build);

      /* wmlib's own agent on the same chance: its values, and the steps of its episodes. */
      function verify() {
        let worst = 0;
        for (const { n: k, seed, steps, q, lengths, goesOn } of check) {
          const agent = new DynaQ(q.length, k, settings, WM.random.uniform(seed));
          if (goesOn) agent.take(own);
          const life = new Life(new Maze(settings.mazes[0]), agent);
          for (let t = 0; t < steps; t++) life.step();
          life.agent.q.forEach((row, s) => row.forEach((v, a) => { worst = Math.max(worst, Math.abs(v - q[s][a])); }));
          if (String(life.lengths) !== String(lengths)) worst = 1;
        }
        return worst;
      }
      return { dt: DT, step, draw, reset: live, press, verify, sides, maze: () => maze, best: () => best, DynaQ, Life, settings };
    },
  });
})();
