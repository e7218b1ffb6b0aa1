/* The desk: its rules, and desks as words and back (wmlib's desk.py). A desk is a list of integers:
   said, goal, free, usb, cloud; then name, size, place, document and copy of each file. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});
  const GOAL = 1, FREE = 2, USB = 3, CLOUD = 4, HERE = 0, ON_USB = 1, DELETED = 2, GONE = 3;
  const CLOSED = 0, OPEN = 1, UNSAVED = 2;

  /* words: names, tools, sentences, places, documents, copies, lost (of Desk) and largest. */
  WM.desk = function ({ names, tools, sentences, places, documents, copies, lost, largest }) {
    const DRIVES = { free: FREE, usb: USB, cloud: CLOUD };
    const filesOf = (row) => (row.length - 5) / 5;
    const fileOf = (row, slot) => row.slice(5 + 5 * slot, 10 + 5 * slot);

    /* The next desk after a tool call: 5 k + t uses tool t on the k-th file. */
    function act(before, action) {
      const row = before.slice(), slot = Math.floor(action / tools.length), tool = tools[action % tools.length];
      const [name, size, place, document, copy] = fileOf(row, slot), gone = [name, 0, GONE, CLOSED, 0];
      let file = fileOf(row, slot), [free, usb, cloud] = row.slice(FREE, CLOUD + 1), said;
      if (place !== HERE) said = "error : no {} on disk .";
      else if (tool === "save" && document === UNSAVED) {
        said = "{} is saved ."; file = [name, size, HERE, OPEN, copy];
      } else if (tool === "close" && document === UNSAVED) {
        said = "unsaved work in {} is lost for ever ."; file = gone;
      } else if (tool === "close" && document === OPEN) {
        said = "{} is closed ."; file = [name, size, HERE, CLOSED, copy];
      } else if (tool === "save" || tool === "close" || (tool === "backup" && copy && document === CLOSED)) {
        said = "nothing changes .";
      } else if (document !== CLOSED) said = "error : {} is open .";
      else if (tool === "backup" && cloud === 0) said = "error : cloud is full .";
      else if (tool === "backup") {
        said = "{} is copied to cloud ."; file = [name, size, HERE, CLOSED, 1]; cloud -= 1;
      } else if (tool === "move" && size > usb) {
        said = "{} does not fit and is lost for ever ."; file = gone; free += size; usb = 0;
      } else if (tool === "move") {
        said = "{} is moved to usb ."; file = [name, 0, ON_USB, CLOSED, 0]; free += size; usb -= size;
      } else if (copy) {
        said = "{} is deleted , the copy is safe ."; file = [name, 0, DELETED, CLOSED, 0]; free += size;
      } else {
        said = "{} is lost for ever ."; file = gone; free += size;
      }
      row.splice(5 + 5 * slot, 5, ...file);
      row[0] = sentences.indexOf(said) * filesOf(row) + (said.includes("{}") ? slot : 0);
      row.splice(FREE, 3, free, usb, cloud);
      return row;
    }

    function fileText([name, size, place, document, copy]) {
      if (place !== HERE) return names[name] + " " + places[place];
      return [names[name], size, documents[document], copies[copy]].join(" ");
    }
    const drivesText = (row) => Object.keys(DRIVES).map((drive) => drive + " " + row[DRIVES[drive]]).join(" ");
    function text(row) {
      const files = Array.from({ length: filesOf(row) }, (_, slot) => fileText(fileOf(row, slot)));
      return [drivesText(row), ...files].join(" ; ") + " .";
    }
    function sentence(row) {
      const kind = Math.floor(row[0] / filesOf(row));
      return sentences[kind].replace("{}", names[fileOf(row, row[0] % filesOf(row))[0]]);
    }
    const call = (row, action) => tools[action % tools.length] + " " + names[fileOf(row, Math.floor(action / tools.length))[0]];
    const prompt = (row, action) => text(row) + " If I " + call(row, action) + " , what will happen ?";

    /* --------------------------------------------------------------- reading an answer */
    function number(word) {
      if (!/^\d+$/.test(word) || Number(word) > largest) throw new Error(word + " is no number of GB");
      return Number(word);
    }
    function readFile(words) {
      const [name, ...state] = words, at = names.indexOf(name), place = places.indexOf(state[0]);
      if (state.length === 1 && at >= 0 && place > 0) return [at, 0, place, CLOSED, 0];
      const document = documents.indexOf(state.slice(1, 3).join(" ")), copy = copies.indexOf(state.slice(3).join(" "));
      if (at < 0 || document < 0 || copy < 0) throw new Error(words.join(" ") + " describes no file");
      return [at, number(state[0]), HERE, document, copy];
    }
    const lostIn = (row) => row.filter((value, i) => i > 4 && i % 5 === 2 && value === GONE).length;

    /* The desk after an answer, "what is said => what changes", if it is true; null if it is none. */
    function apply(before, answer) {
      try { return applied(before, answer); } catch { return null; }
    }
    function applied(before, answer) {
      const row = before.slice(), n = filesOf(row), mine = row.filter((_, i) => i >= 5 && i % 5 === 0).map((k) => names[k]);
      const [said, changes] = answer.split(/ => (.*)/s), codes = {};
      mine.forEach((name, slot) => sentences.forEach((words, kind) => {
        codes[words.replace("{}", name)] = kind * n + (words.includes("{}") ? slot : 0);
      }));
      if (!changes || !said || !(said in codes)) throw new Error("no answer: " + answer);
      row[0] = codes[said];
      for (const change of changes.replace(/ \.$/, "").split(" ; ")) {
        const words = change.split(" ").filter(Boolean);
        if (words.length === 3 && words[0] in DRIVES && (words[1] === "+" || words[1] === "-")) {
          row[DRIVES[words[0]]] += number(words[2]) * (words[1] === "+" ? 1 : -1);
        } else if (mine.includes(words[0])) {
          row.splice(5 + 5 * mine.indexOf(words[0]), 5, ...readFile(words));
        } else if (change !== "same") throw new Error(change + " is no change");
      }
      if (row.slice(FREE, CLOUD + 1).some((v) => v < 0 || v > largest)) throw new Error("no drive can come to that");
      if (lostIn(row) > lostIn(before) !== said.includes(lost)) throw new Error("sentence and changes contradict each other");
      return row;
    }

    /* The tool calls that name a file on the disk. */
    function sensible(row) {
      const all = Array.from({ length: filesOf(row) * tools.length }, (_, action) => action);
      return all.filter((action) => fileOf(row, Math.floor(action / tools.length))[2] === HERE);
    }
    const reached = (row) => row[FREE] >= row[GOAL];
    const key = (row) => row.slice(1).join(); // which desk this is, whatever the last tool said
    const losing = (row) => sentence(row).includes(lost);
    const endings = (name) => sentences.filter((words) => words.includes(lost)).map((words) => words.replace("{}", name));
    return { names, tools, act, text, sentence, call, prompt, apply, sensible, reached, key, losing, lostIn, endings, fileOf, GOAL, FREE, USB, CLOUD, HERE };
  };
})();
