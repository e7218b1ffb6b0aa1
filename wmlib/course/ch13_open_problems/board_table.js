/* A scoreboard's table: a click on a heading sorts, one on a name lets that entrant play. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});
  const CSS = `
.wm-board { overflow-x: auto; margin-top: 0.8rem; }
.wm-board table { border-collapse: collapse; width: 100%; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
.wm-board th, .wm-board td { padding: 0.2rem 0.35rem; text-align: right; vertical-align: middle; border-bottom: 1px solid var(--wm-rule); white-space: nowrap; }
.wm-board th:first-child, .wm-board td:first-child { text-align: left; }
.wm-player .wm-board th button { border: 0; padding: 0; min-height: 44px; font-weight: 600; text-align: inherit; white-space: normal; background: none; }
.wm-board thead th { position: relative; padding-bottom: 0.8rem; }
.wm-board th button::after { position: absolute; right: 0.35rem; bottom: 0; font-size: 0.7rem; }
.wm-board th[aria-sort="ascending"] button::after { content: "▲"; }
.wm-board th[aria-sort="descending"] button::after { content: "▼"; }
.wm-board tr.playing td { border-bottom: 3px solid var(--wm-imagined); }
.wm-player .wm-board td button { min-height: 36px; padding: 0.1rem 0.5rem; }`;

  /* of: the world, in a word. rows: [{ name, ... }]; columns: [{ key, words, digits, high }], high: its best number is the highest;
     measured: { key: (row) => [value, words] } for columns that are measured in the page.
     label(row): what the button of a row does; play(row). asked: the bet about the columns that are not
     measured here; while its answer is hidden in the page (cover.html), they are, too.
     Returns show(the row that plays). */
  WM.boardTable = function (stage, { of, rows, columns, measured = {}, label, play, sorted, asked }) {
    let up = true, by = sorted, hides;
    const answer = document.querySelector(`.wm-answer[data-bet="${asked}"]`), waits = () => Boolean(answer && answer.hidden);
    const panel = stage.panel("wm-board"), { add } = stage;
    panel.parentElement.append(panel); // below the controls
    add(panel, "style", "", CSS);
    panel.tabIndex = 0;
    panel.setAttribute("role", "region");
    panel.setAttribute("aria-label", "Scoreboard of " + of);
    const note = add(panel, "p", "", "The numbers of this table wait for ");
    add(note, "a", "", "your guess").href = "#bet-" + asked;
    note.append(".");
    const table = add(panel, "table"), head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
    const heads = columns.map((column) => {
      const cell = add(head, "th"), button = add(cell, "button", "", column.words);
      cell.scope = "col";
      button.type = "button";
      stage.on(button, "click", () => { [by, up] = [column.key, by === column.key ? !up : !column.high]; order(); });
      return cell;
    });
    const lines = new Map(rows.map((row) => {
      const line = add(body, "tr"), button = add(add(line, "td"), "button", "", "▶ " + row.name), cells = columns.slice(1).map(() => add(line, "td"));
      button.type = "button";
      button.setAttribute("aria-label", label(row));
      stage.on(button, "click", () => play(row));
      return [row, { line, cells, button }];
    }));
    const valueOf = (row, key) => (measured[key] ? measured[key](row)[0] : waits() && key !== "name" ? null : row[key]);
    function textOf(row, { key, digits }) {
      if (measured[key]) return measured[key](row)[1];
      if (waits()) return "?";
      return row[key] === null ? "n. a." : row[key].toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    }
    /* Those without a number stand last, whichever way it is sorted. */
    function order() {
      const inOrder = [...rows].sort((a, b) => {
        const [x, y] = [valueOf(a, by), valueOf(b, by)];
        if (x === null || y === null) return (x === null) - (y === null);
        return (up ? 1 : -1) * (x < y ? -1 : x > y ? 1 : 0);
      });
      for (const row of inOrder) body.append(lines.get(row).line);
      heads.forEach((cell, i) => cell.setAttribute("aria-sort", columns[i].key === by ? (up ? "ascending" : "descending") : "none"));
    }
    return function show(playing) {
      if (hides !== waits()) { note.hidden = !(hides = waits()); order(); }
      for (const [row, { line, cells, button }] of lines) {
        line.classList.toggle("playing", row === playing);
        button.setAttribute("aria-pressed", row === playing);
        cells.forEach((cell, i) => { const words = textOf(row, columns[i + 1]); if (cell.textContent !== words) cell.textContent = words; });
      }
    };
  };
})();
