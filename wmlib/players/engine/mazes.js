/* Mazes: the rules of wmlib/worlds/mazes.py (without slip), and a board on which one is drawn,
   pointed at and changed. Cells are numbered row by row; actions are up, down, left, right. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});
  const MOVES = [[-1, 0], [1, 0], [0, -1], [0, 1]];

  class Maze {
    /* settings: as wmlib/players/mazes.py writes them. */
    constructor({ lines, goal_reward, trap_reward, warm }) {
      this.rows = lines.length;
      this.columns = lines[0].length;
      this.letters = lines.join("").split("");
      Object.assign(this, { goalReward: goal_reward, trapReward: trap_reward, warm });
    }
    where(letter) { return this.letters.indexOf(letter); }
    rowCol(cell) { return [Math.floor(cell / this.columns), cell % this.columns]; }
    /* Rows and columns between two cells, walls ignored. */
    apart(a, b) {
      const [r, c] = this.rowCol(a), [row, col] = this.rowCol(b);
      return Math.abs(r - row) + Math.abs(c - col);
    }
    neighbour(cell, action) {
      const [row, col] = this.rowCol(cell), r = row + MOVES[action][0], c = col + MOVES[action][1];
      if (r < 0 || r >= this.rows || c < 0 || c >= this.columns) return cell;
      return this.letters[r * this.columns + c] === "#" ? cell : r * this.columns + c;
    }
    /* [next cell, reward, terminated] */
    move(cell, action) {
      const here = this.letters[cell];
      if ("#GT".includes(here)) return [cell, 0, true];
      const next = this.neighbour(cell, here === "v" ? 1 : action), there = this.letters[next];
      let reward = there === "G" ? this.goalReward : there === "T" ? this.trapReward : 0;
      if (this.warm) { // every step pays how much nearer it came
        const goal = this.where("G");
        reward += this.apart(cell, goal) - this.apart(next, goal);
      }
      return [next, reward, there === "G" || there === "T"];
    }
    /* Steps of the shortest way to the goal, from the start or from another cell; null where there is none. */
    shortest(start = this.where("S")) {
      const steps = new Map([[start, 0]]);
      for (const cell of steps.keys()) for (let action = 0; action < 4; action++) { // the map grows while it is read
        const [next, , end] = this.move(cell, action);
        if (end && this.letters[next] === "G") return steps.get(cell) + 1;
        if (!end && !steps.has(next)) steps.set(next, steps.get(cell) + 1);
      }
      return null;
    }
  }

  /* A screen of rows x columns cells. `down(cell)`, `drag(cell)` (for every new cell) and `up(cell)`
     follow a pointer; `holds(cell)`: whether a finger may drag from there. Elsewhere it taps, or
     scrolls the page. */
  function board(stage, { rows, columns, down, drag, up, holds = () => false, ...rest }) {
    const screen = stage.canvas({ width: columns, height: rows, ...rest }), { pen, canvas } = screen;
    const middle = (cell) => [(cell % columns) + 0.5, Math.floor(cell / columns) + 0.5];
    const cellAt = (event) => {
      const [x, y] = screen.at(event), clip = (v, most) => Math.max(0, Math.min(most - 1, Math.floor(v)));
      return clip(y, rows) * columns + clip(x, columns);
    };
    let last = -1, tap = -1;
    const on = (type, act, passive = true) => canvas.addEventListener(type, stage.guarded(act), { passive });
    const told = (act, cell) => { if (act) act(cell); stage.redraw(); };
    on("pointerdown", (event) => {
      if (event.button) return;
      const cell = cellAt(event);
      if (event.pointerType === "touch" && !holds(cell)) { tap = cell; return; }
      canvas.setPointerCapture(event.pointerId);
      told(down, (last = cell));
    });
    on("pointermove", (event) => { if (last >= 0 && cellAt(event) !== last) told(drag, (last = cellAt(event))); });
    on("pointerup", () => {
      const cell = tap >= 0 ? tap : last;
      if (tap >= 0) told(down, tap);
      if (cell >= 0) told(up, cell);
      last = tap = -1;
    });
    on("pointercancel", () => { last = tap = -1; });
    on("touchstart", (event) => { if (holds(cellAt(event.changedTouches[0]))) event.preventDefault(); }, false);

    function square(cell, color, alpha = 1, inset = 0.03) {
      const [x, y] = middle(cell);
      pen.globalAlpha = alpha;
      pen.fillStyle = color;
      pen.fillRect(x - 0.5 + inset, y - 0.5 + inset, 1 - 2 * inset, 1 - 2 * inset);
      pen.globalAlpha = 1;
    }
    function stroke(points, color, width, dash = []) {
      if (points.length < 2) return;
      pen.strokeStyle = color;
      pen.lineWidth = width;
      pen.lineCap = pen.lineJoin = "round";
      pen.setLineDash(dash);
      pen.beginPath();
      points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
      pen.setLineDash([]);
    }
    const glyphs = {
      G(x, y, color) { // a flag
        stroke([[x - 0.22, y + 0.38], [x - 0.22, y - 0.36]], color, 0.08);
        pen.fillStyle = color;
        pen.beginPath();
        pen.moveTo(x - 0.22, y - 0.38);
        pen.lineTo(x + 0.34, y - 0.16);
        pen.lineTo(x - 0.22, y + 0.06);
        pen.fill();
      },
      T(x, y, color) { // a cross
        stroke([[x - 0.24, y - 0.24], [x + 0.24, y + 0.24]], color, 0.13);
        stroke([[x + 0.24, y - 0.24], [x - 0.24, y + 0.24]], color, 0.13);
      },
      v(x, y, color) { // this way only
        for (const down of [-0.14, 0.1]) stroke([[x - 0.2, y + down - 0.06], [x, y + down + 0.12], [x + 0.2, y + down - 0.06]], color, 0.07);
      },
      S(x, y, color) { stroke([[x - 0.3, y - 0.3], [x + 0.3, y - 0.3], [x + 0.3, y + 0.3], [x - 0.3, y + 0.3], [x - 0.3, y - 0.3]], color, 0.05); },
    };
    const line = (cells, color, width, dash) => stroke(cells.map(middle), color, width, dash);
    function glyph(cell, letter, color) { if (glyphs[letter]) glyphs[letter](...middle(cell), color); }
    function disc(cell, color, size = 0.28) {
      pen.fillStyle = color;
      pen.beginPath();
      pen.arc(...middle(cell), size, 0, 7);
      pen.fill();
    }
    function arrow(cell, action, color) {
      const [x, y] = middle(cell), [down, right] = MOVES[action], at = (a, b) => [x + a * right - b * down, y + a * down + b * right];
      stroke([at(-0.22, 0), at(0.24, 0)], color, 0.06);
      stroke([at(0.06, 0.16), at(0.24, 0), at(0.06, -0.16)], color, 0.06);
    }
    function frame(cell, color, dash = []) {
      const [x, y] = middle(cell), a = 0.44;
      stroke([[x - a, y - a], [x + a, y - a], [x + a, y + a], [x - a, y + a], [x - a, y - a]], color, 0.09, dash);
    }
    /* Floor and walls and what stands on them; level(cell): a shade of green, from 0 to 1. */
    function cells(letters, level = () => 0) {
      screen.clear();
      const ink = screen.ink, colors = { G: ink.green, T: ink.purple, v: ink.grey, S: ink.grey };
      letters.forEach((letter, cell) => {
        square(cell, ink.grey, letter === "#" ? 0.75 : 0.1);
        if (letter !== "#" && level(cell) > 0) square(cell, ink.green, 0.08 + 0.72 * level(cell));
        glyph(cell, letter, colors[letter]);
      });
    }
    return Object.assign(screen, { cells, square, line, stroke, glyph, disc, arrow, frame, middle });
  }

  /* The keys that move a cursor over a board, and the cell to which one of them leads. */
  const keys = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Enter: "enter" };
  function moved(cell, key, rows, columns) {
    const [down, right] = MOVES[["up", "down", "left", "right"].indexOf(key)];
    const clip = (v, most) => Math.max(0, Math.min(most - 1, v));
    return clip(Math.floor(cell / columns) + down, rows) * columns + clip((cell % columns) + right, columns);
  }

  const inWords = (cell, columns) => "row " + (Math.floor(cell / columns) + 1) + ", column " + ((cell % columns) + 1);

  WM.mazes = { Maze, board, keys, moved, inWords };
})();
