/* The searches of chapter 10 in a table of single steps, every question counted: wmlib's search.py
   and options.py. Every step takes 1; the answer to what was never seen is the cell itself. */
(function () {
  "use strict";
  const WM = window.WM, LAST = -1; // the last leg of a route, to the goal itself

  /* A queue of [key, key, …] rows, the smallest first. */
  class Heap {
    constructor() { this.rows = []; }
    static less(a, b) {
      for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i];
      return false;
    }
    push(row) {
      const rows = this.rows;
      let i = rows.push(row) - 1;
      for (let up; i > 0 && Heap.less(row, rows[(up = (i - 1) >> 1)]); i = up) { rows[i] = rows[up]; rows[up] = row; }
    }
    pop() {
      const rows = this.rows, top = rows[0], row = rows.pop();
      if (!rows.length) return top;
      rows[0] = row;
      for (let i = 0; ;) {
        let child = 2 * i + 1;
        if (child >= rows.length) return top;
        if (child + 1 < rows.length && Heap.less(rows[child + 1], rows[child])) child++;
        if (!Heap.less(rows[child], row)) return top;
        rows[i] = rows[child];
        rows[(i = child)] = row;
      }
    }
  }

  /* The table, which counts its questions. moves: one hexadecimal digit a cell, whose bits say which
     of the four moves lead on; "." for a cell that was never visited. */
  class Asked {
    constructor(moves, columns) {
      this.next = [...moves].flatMap((digit, cell) => [-columns, columns, -1, 1].map((by, a) => cell + ((parseInt(digit, 16) >> a) & 1) * by));
      this.visited = [...[...moves].keys()].filter((cell) => moves[cell] !== ".");
      this.queries = 0;
      this.log = [];
      this.before = new Map();
      this.next.forEach((to, pair) => {
        if (to === pair >> 2) return;
        if (!this.before.has(to)) this.before.set(to, []);
        this.before.get(to).push(pair);
      });
    }
    ask(cell, action) {
      this.queries++;
      this.log.push(cell);
      return this.next[4 * cell + action];
    }
    neighbours(cell) {
      return [0, 1, 2, 3].map((a) => [this.ask(cell, a), 1, a]).filter(([next]) => next !== cell);
    }
  }

  /* The cheapest path: { states, actions, steps }, or null. */
  function search(neighbours, start, goal, guess = () => 0) {
    const best = new Map([[start, 0]]), done = new Set(), came = new Map(), queue = new Heap();
    queue.push([guess(start), guess(start), start]);
    while (queue.rows.length) {
      const state = queue.pop()[2];
      if (state === goal) {
        const states = [goal], actions = [];
        while (states[0] !== start) {
          const [from, action] = came.get(states[0]);
          states.unshift(from);
          actions.unshift(action);
        }
        return { states, actions, steps: best.get(goal) };
      }
      if (done.has(state)) continue;
      done.add(state);
      for (const [next, steps, action] of neighbours(state)) {
        const total = best.get(state) + steps;
        if (total >= (best.has(next) ? best.get(next) : Infinity)) continue;
        best.set(next, total);
        came.set(next, [state, action]);
        queue.push([total + guess(next), guess(next), next]);
      }
    }
    return null;
  }

  /* From everywhere in a region to one cell: steps and policy, Maps from cells. */
  function backward(model, goal, allowed) {
    const steps = new Map([[goal, 0]]), policy = new Map(), done = new Set(), queue = new Heap();
    queue.push([0, goal]);
    while (queue.rows.length) {
      const state = queue.pop()[1];
      if (done.has(state)) continue;
      done.add(state);
      for (const pair of model.before.get(state) || []) {
        const before = pair >> 2, action = pair & 3;
        if (!allowed.has(before) || done.has(before)) continue;
        const next = model.ask(before, action), total = steps.get(state) + 1;
        if (next !== state || total >= (steps.has(before) ? steps.get(before) : Infinity)) continue;
        steps.set(before, total);
        policy.set(before, action);
        queue.push([total, before]);
      }
    }
    return { steps, policy };
  }

  /* All options "go to that doorway", found in the table, and their model. */
  class Options {
    constructor(moves, columns) {
      const low = (this.low = new Asked(moves, columns));
      this.asked = 0;
      this.log = [];
      const leadsOn = (cell) => [0, 1, 2, 3].filter((a) => low.ask(cell, a) !== cell).join("");
      this.doors = low.visited.filter((cell) => ["01", "23"].includes(leadsOn(cell)));
      this.rooms = this.findRooms();
      this.roomOf = new Map(this.rooms.flatMap((room, i) => [...room].map((cell) => [cell, i])));
      this.beside = new Map(this.doors.map((door) => {
        const ends = new Set([0, 1, 2, 3].map((a) => low.ask(door, a)));
        return [door, [...ends].filter((cell) => this.roomOf.has(cell)).map((cell) => this.roomOf.get(cell)).sort((a, b) => a - b)];
      }));
      this.leaving = this.rooms.map((_, room) => this.doors.flatMap((door, i) => (this.beside.get(door).includes(room) ? [i] : [])));
      this.models = this.doors.map((door) => {
        const parts = this.beside.get(door).map((room) => backward(low, door, this.region(room)));
        return { steps: new Map(parts.flatMap((p) => [...p.policy.keys()].map((c) => [c, p.steps.get(c)]))), policy: new Map(parts.flatMap((p) => [...p.policy])) };
      });
      this.built = this.queries;
    }
    get queries() { return this.low.queries + this.asked; }
    findRooms() {
      const left = new Set(this.low.visited), rooms = [];
      for (const door of this.doors) left.delete(door);
      while (left.size) {
        const room = new Set(), edge = [left.values().next().value];
        while (edge.length) {
          const cell = edge.pop();
          if (!left.delete(cell)) continue;
          room.add(cell);
          for (let a = 0; a < 4; a++) edge.push(this.low.ask(cell, a));
        }
        rooms.push(room);
      }
      return rooms;
    }
    region(room) { return new Set([...this.rooms[room], ...this.leaving[room].map((i) => this.doors[i])]); }
    roomsAt(cell) { return this.beside.get(cell) || [this.roomOf.get(cell)]; }
    /* Search among doorways, and a last leg inside the goal's room: a path, and its policies. */
    plan(start, goal, guess) {
      const legs = this.roomsAt(goal).map((room) => backward(this.low, goal, this.region(room)));
      const left = new Map(legs.flatMap((leg) => [...leg.steps])), last = new Map(legs.flatMap((leg) => [...leg.policy]));
      const path = search((cell) => {
        const ways = left.has(cell) ? [[goal, left.get(cell), LAST]] : [];
        for (const i of new Set(this.roomsAt(cell).flatMap((room) => this.leaving[room]))) {
          this.asked++;
          this.log.push([cell, this.doors[i]]);
          if (this.models[i].steps.has(cell)) ways.push([this.doors[i], this.models[i].steps.get(cell), i]);
        }
        return ways;
      }, start, goal, guess);
      return path && { ...path, policies: path.actions.map((i) => (i === LAST ? last : this.models[i].policy)) };
    }
    /* The cells that a route passes: each option's policy is followed to its end. */
    follow(route) {
      const walked = [route.states[0]];
      route.policies.forEach((policy, k) => {
        while (walked[walked.length - 1] !== route.states[k + 1]) {
          const cell = walked[walked.length - 1];
          walked.push(this.low.next[4 * cell + policy.get(cell)]);
        }
      });
      return walked;
    }
  }

  WM.searches = { Asked, Options, search };
})();
