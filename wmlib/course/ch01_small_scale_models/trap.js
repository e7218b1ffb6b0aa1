/* A reactive agent and one that plans, in the same world. The reader moves what stands in it; the
   planner's model stays as it was until the agent meets what has changed. */
(function () {
  "use strict";
  const WM = window.WM, { Maze, board, keys, moved, inWords } = WM.mazes;
  const LIMIT = 40, DT = 0.2, PAUSE = 7; // steps of a walk, seconds a beat, beats between two walks
  const ENDS = { fire: "reached the fire", trap: "fell into a trap", nowhere: "gave up after " + LIMIT + " steps" };
  const NAMES = { "#": "wall", ".": "free cell", S: "start", G: "fire", T: "trap", v: "chute" };

  /* A table that a reader's own wanderer filled: what followed each action in each cell. What was
     never tried is believed to do nothing. It learns from steps alone. */
  class Learned extends Maze {
    constructor(world, rows) {
      super(world);
      this.last = new Map(rows.map(([cell, action, ...outcome]) => [4 * cell + action, outcome]));
    }
    move(cell, action) { return this.last.get(4 * cell + action) || [cell, 0, false]; }
    learn(cell, action, outcome) { this.last.set(4 * cell + action, outcome); }
    tried(cell) { return [0, 1, 2, 3].some((action) => this.last.has(4 * cell + action)); }
  }

  /* wmlib's depth_search: for each action the best discounted sum that it can bring. */
  function depthSearch(maze, gamma) {
    const known = new Map();
    return function values(cell, depth) {
      const key = depth * 1000 + cell;
      if (!known.has(key)) {
        known.set(key, [0, 1, 2, 3].map((action) => {
          const [next, reward, end] = maze.move(cell, action);
          return reward + gamma * (end || depth === 1 ? 0 : Math.max(...values(next, depth - 1)));
        }));
      }
      return known.get(key);
    };
  }
  /* A best action; ties are broken by chance. */
  function choose(maze, cell, depth, gamma, random) {
    const found = depthSearch(maze, gamma)(cell, depth), top = Math.max(...found);
    const ties = [0, 1, 2, 3].filter((a) => found[a] > top - 1e-9);
    return ties[Math.floor(random() * ties.length)];
  }
  /* The cells of the best future, as far as it goes on. */
  function imagine(maze, cell, depth, gamma) {
    const values = depthSearch(maze, gamma), path = [cell];
    for (let left = depth; left > 0; left--) {
      const found = values(path[path.length - 1], left);
      const [next, , end] = maze.move(path[path.length - 1], found.indexOf(Math.max(...found)));
      path.push(next);
      if (end) break;
    }
    return path;
  }

  WM.player("trap", {
    title: "A reactive and a planning agent before a trap",
    keysInWords: "Space starts and pauses. The arrow keys move a cursor. Enter picks up what stands there, and Enter again puts it down elsewhere.",
    keys,
    weights: ["trap"],
    autoplay: true,
    create(stage) {
      const { settings: { worlds, gamma, own }, check } = WM.weights("trap");
      let number = 0, depth = 8, told = false, world, model, beat, rest, held = -1, over = -1, cursor = -1;
      const agents = [
        { name: "Reactive", depth: () => 1, model: () => world },
        { name: "Planning", depth: () => depth, model: () => model, plans: true },
      ];
      const { rows, columns } = new Maze(worlds[0]);
      for (const agent of agents) {
        agent.screen = board(stage, {
          rows, columns, down, up, drag: (cell) => { if (held >= 0) over = cell; }, holds: (cell) => "SGT".includes(world.letters[cell]), caption: agent.name,
          label: agent.name + " agent: a deck at the top with chutes below it, one flight of stairs, a fire at the bottom.",
        });
        agent.caption = agent.screen.canvas.nextSibling;
      }

      /* --------------------------------------------------------------- two walks */
      function build() {
        world = new Maze(worlds[number]);
        model = own ? new Learned(worlds[number], own) : new Maze(worlds[number]);
        anew();
      }
      function again() {
        for (const agent of agents) {
          Object.assign(agent, { cell: world.where("S"), end: "", plan: [], others: [] });
          agent.path = [agent.cell];
        }
        beat = rest = 0;
        think();
      }
      /* A tally is of one depth and one world. */
      function anew() {
        for (const agent of agents) Object.assign(agent, { fire: 0, trap: 0, nowhere: 0 });
        again();
      }
      /* The best future, and the best one after each first step. */
      function think() {
        for (const agent of agents) if (agent.plans) {
          const { cell, end } = agent, firsts = end ? [] : [0, 1, 2, 3].map((action) => model.move(cell, action));
          agent.plan = end ? [] : imagine(model, cell, depth, gamma);
          agent.others = firsts.map(([next, , over]) => [cell, ...(over || depth === 1 ? [next] : imagine(model, next, depth - 1, gamma))]);
        }
      }
      /* What the agent meets, it believes: the cell that it came to, and the one that it aimed at. */
      function see(...cells) { if (!own) for (const cell of cells) model.letters[cell] = world.letters[cell]; }
      function walk(agent, random) {
        const action = choose(agent.model(), agent.cell, agent.depth(), gamma, random);
        const [next, reward, end] = world.move(agent.cell, action), aimed = moved(agent.cell, ["up", "down", "left", "right"][action], rows, columns);
        if (agent.plans) see(next, world.letters[agent.cell] === "v" ? next : aimed); // in a chute it aims at nothing
        if (agent.plans && own) model.learn(agent.cell, action, [next, reward, end]);
        agent.cell = next;
        agent.path.push(next);
        if (end) agent.end = world.letters[next] === "G" ? "fire" : "trap";
        else if (agent.path.length > LIMIT) agent.end = "nowhere";
        if (agent.end) agent[agent.end]++;
      }
      function step() {
        if (held >= 0) return; // the reader holds something
        if (agents.every((agent) => agent.end)) {
          if (rest === 0) stage.say(agents.map((a) => a.name + ": " + ENDS[a.end] + ".").join(" "));
          if (++rest > PAUSE) again();
        } else if (++beat % 2) think();
        else {
          for (const agent of agents) if (!agent.end) walk(agent, stage.random);
          think();
        }
      }

      /* ------------------------------------------------- the reader moves things */
      /* Two cells change places. The agent is told of the fire and of its start, of walls not. */
      function swap(a, b) {
        const all = !own && (told || [a, b].some((cell) => "GS".includes(world.letters[cell])));
        [world.letters[a], world.letters[b]] = [world.letters[b], world.letters[a]];
        if (all) see(a, b);
        anew();
        stage.say("The " + NAMES[world.letters[b]] + " and the " + NAMES[world.letters[a]] + " have changed places." + (all ? "" : " The planner does not know it yet."));
      }
      function down(cell) {
        cursor = -1;
        if (held >= 0) drop(cell); else if (world.letters[cell] !== ".") held = over = cell;
      }
      function up(cell) {
        if (held >= 0 && cell !== held) drop(cell);
        else if (held >= 0) stage.say("Holding the " + NAMES[world.letters[held]] + ": now the cell to which it goes."); // it was a tap
      }
      function drop(cell) {
        const from = held;
        held = over = -1;
        if (from !== cell) swap(from, cell);
      }
      function press(key) {
        if (cursor < 0) cursor = held >= 0 ? held : world.where("G");
        if (key !== "enter") cursor = moved(cursor, key, rows, columns);
        else if (held >= 0) drop(cursor); else held = cursor;
        if (held >= 0) over = cursor;
        stage.say(NAMES[world.letters[cursor]] + (held >= 0 ? ", holding the " + NAMES[world.letters[held]] : "") + ", " + inWords(cursor, columns));
      }

      /* ------------------------------------------------------------------ to see */
      function draw() {
        for (const agent of agents) {
          const { screen } = agent, { ink } = screen;
          screen.cells(world.letters);
          if (agent.plans && own) world.letters.forEach((letter, cell) => {
            if (!"#GT".includes(letter) && !model.tried(cell)) screen.frame(cell, ink.imagined, [0.04, 0.12]); // it was never there
          });
          else if (agent.plans) model.letters.forEach((letter, cell) => {
            if (letter === world.letters[cell]) return;
            screen.frame(cell, ink.imagined, [0.16, 0.14]); // believed, and no longer so
            if (letter === "#") screen.square(cell, ink.imagined, 0.35, 0.14); else screen.glyph(cell, letter, ink.imagined);
          });
          screen.line(agent.path, ink.real, 0.1);
          for (const other of agent.others) screen.line(other, ink.imagined, 0.05, [0.08, 0.12]);
          screen.line(agent.plan, ink.imagined, 0.12, [0.22, 0.2]);
          screen.disc(agent.cell, ink.real);
          if (agent.end === "trap") screen.glyph(agent.cell, "T", ink.paper);
          if (held >= 0) screen.frame(held, ink.text);
          if (over >= 0 && over !== held) screen.frame(over, ink.text, [0.16, 0.14]);
          if (cursor >= 0) screen.frame(cursor, ink.text, [0.16, 0.14]);
          const ahead = agent.depth() === 1 ? "takes the step that pays most now" : "imagines " + depth + " steps " + (own ? "in your table" : "first");
          agent.caption.textContent = agent.name + ": " + (ENDS[agent.end] || ahead);
        }
        const tally = (a) => a.name + ": " + a.fire + " fire, " + a.trap + " trap" + (a.nowhere ? ", " + a.nowhere + " nowhere" : "");
        stage.score(agents.map(tally).join(" · ") + ". " + depth + (depth === 1 ? " step" : " steps") + " ahead: " + (4 ** depth).toLocaleString("en") + " futures." + (own ? " Dotted: cells that your table does not know." : ""));
      }
      stage.slider("Looks ahead", { min: 1, max: 12, step: 1, value: depth, says: (d) => d + (d === 1 ? " step" : " steps") }, (d) => {
        depth = d;
        anew();
      });
      if (!own) stage.choice("When walls move, its model", [[false, "stays as it was"], [true, "is told"]], (value) => {
        told = value;
        if (told) { see(...world.letters.keys()); think(); }
      });
      if (worlds.length > 1) stage.button("Another world", () => { number = (number + 1) % worlds.length; build(); });

      /* The values and the best future in the first world, or in the table of it, as wmlib computes them. */
      function verify() {
        const maze = own ? new Learned(worlds[0], own) : new Maze(worlds[0]), values = depthSearch(maze, gamma);
        let worst = 0;
        for (const [cell, deep, found] of check.values) values(cell, deep).forEach((v, a) => { worst = Math.max(worst, Math.abs(v - found[a])); });
        imagine(maze, maze.where("S"), check.depth, gamma).forEach((cell, t) => { worst = Math.max(worst, Math.abs(cell - check.path[t])); });
        return worst;
      }
      return { dt: DT, step, draw, reset: build, press, verify, agents, walk, again, maze: () => world, belief: () => model,
        values: (maze, cell, deep) => depthSearch(maze, gamma)(cell, deep) };
    },
  });
})();
