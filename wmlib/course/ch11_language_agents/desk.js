/* A desk to work at: ask the model what a call would do, then do it, or let the agent. */
(function () {
  "use strict";
  const WM = window.WM, BUDGET = 10, WAIT = 45; // calls for a desk; frames between two of the agent's
  const CSS = `
.wm-desk { display: grid; grid-template-columns: repeat(3, 1fr); gap: 0.7rem; }
.wm-desk > * { min-width: 0; }
.wm-desk p { margin: 0; max-width: none; }
.wm-desk .goal, .wm-desk .dream, .wm-desk .log { grid-column: 1 / -1; }
.wm-desk .bar { height: 10px; border: 1px solid var(--wm-real); border-radius: 5px; margin-top: 0.3rem; overflow: hidden; }
.wm-desk .bar i { display: block; height: 100%; background: var(--wm-real); }
.wm-desk .file { border: 2px solid var(--wm-real); border-radius: 10px; padding: 0.6rem; display: flex; flex-direction: column; gap: 0.25rem; }
.wm-desk .file.away { border-color: var(--wm-rule); }
.wm-desk .file b { font-size: 1.1rem; }
.wm-desk .file .then { color: var(--wm-imagined-text, var(--wm-imagined)); border: 2px dashed; border-radius: 6px; padding: 0.15rem 0.4rem; min-height: 2.4em; }
.wm-desk .file .tools { margin-top: auto; }
.wm-desk .file .then:empty { visibility: hidden; }
.wm-desk .tools { display: flex; flex-wrap: wrap; gap: 0.3rem; }
.wm-desk .tools button { flex: 1 1 4.5rem; padding: 0.2rem 0.3rem; min-height: 44px; }
.wm-desk .dream { border: 2px dashed var(--wm-imagined); border-radius: 10px; padding: 0.7rem; min-height: 8.2rem; }
.wm-desk .dream .words { font-size: 1.15rem; color: var(--wm-imagined-text, var(--wm-imagined)); font-weight: 600; }
.wm-desk [aria-disabled="true"] { opacity: 0.5; }
.wm-desk .log { margin: 0; padding-left: 1.5rem; }
@media (max-width: 560px) { .wm-desk { grid-template-columns: 1fr; } .wm-desk .file .then { min-height: 1.2em; } .wm-desk .tools button { flex-basis: 3.6rem; } }`;
  const WORDS = { on_usb: "on the USB drive", deleted: "deleted, the copy is safe", lost: "lost for ever" };
  const NAMES = { you: "you", agent: "the agent", together: "you and the agent" };
  const percent = (p) => (p > 0.995 ? "over 99 %" : p < 0.005 ? "under 1 %" : Math.round(100 * p) + " %");
  const plain = (words) => words.replace(/ ([.,])/g, "$1").replace(/^./, (c) => c.toUpperCase());

  WM.player("desk", {
    title: "A desk, and a model that says what a tool would do",
    weights: ["desk", "desk_early"],
    playInWords: "Let the agent play",
    create(stage) {
      const files = { trained: WM.weights("desk"), early: WM.weights("desk_early") }, { tasks, words } = files.trained.settings;
      const world = WM.desk(words), models = { trained: WM.textGPT(files.trained), early: WM.textGPT(files.early) };
      const count = {}; // who worked at a desk -> how many ended without a loss, with one, not done
      let model = models.trained, depth = 3, caution = null, task = 0;
      let row, calls, met, end, hands, questions, asked, thinking, wait; // asked: the call that was imagined, with what is said of it

      /* ------------------------------------------------------------------- elements */
      const panel = stage.panel("wm-desk"), add = stage.add;
      add(panel, "style", "", CSS);
      const goal = add(panel, "div", "goal"), goalWords = add(goal, "p"), share = add(add(goal, "div", "bar"), "i");
      const cards = [0, 1, 2].map((slot) => {
        const card = add(panel, "div", "file"), name = add(card, "b"), state = add(card, "span"), then = add(card, "span", "then");
        const tools = add(card, "div", "tools");
        const buttons = world.tools.map((tool, t) => {
          const button = add(tools, "button", "", tool);
          button.type = "button";
          stage.on(button, "click", () => { stage.pause(); thinking = null; ask(slot * world.tools.length + t); });
          return button;
        });
        return { card, name, state, then, buttons };
      });
      const dream = add(panel, "div", "dream"), question = add(dream, "p"), answer = add(dream, "p", "words"), odds = add(dream, "p");
      const doIt = add(dream, "button", "", "Do it");
      doIt.type = "button";
      stage.on(doIt, "click", () => { if (ready()) { stage.pause(); thinking = null; act(asked.action, "you"); } });
      const list = add(panel, "ol", "log");
      list.setAttribute("aria-label", "Calls so far");

      /* ------------------------------------------------------------------- the desk */
      function begin() {
        if (calls && !end) tally(); // a desk that is left has not been done
        [row, calls, met, end, hands, questions, asked, thinking, wait] = [tasks[task].slice(), 0, new Set(), "", new Set(), { you: 0, agent: 0 }, null, null, 0];
        list.replaceChildren();
      }
      function next() {
        stage.say("");
        task = (task + 1) % tasks.length;
        begin();
      }
      const tell = (desk, action) => world.apply(desk, model.answer(world.prompt(desk, action)).text);
      function ask(action) {
        if (end) return;
        questions.you++;
        imagine(action);
        stage.say("If I " + world.call(row, action) + ": " + plain(asked.told.text.split(" => ")[0]) + " Risk of a loss: " + percent(asked.risk) + ".");
      }
      function imagine(action) {
        const told = model.answer(world.prompt(row, action));
        asked = { action, before: row, told, after: world.apply(row, told.text), risk: WM.lossRisk(world, model, row, action) };
      }
      function act(action, by) {
        const before = row, said = asked && asked.action === action && asked.before === row ? asked : null;
        met.add(world.key(row)).add(world.key(row) + "|" + action);
        row = world.act(row, action);
        hands.add(by);
        calls++;
        asked = null;
        const lost = world.losing(row), harmed = lostHere(), really = plain(world.sentence(row));
        const wrong = said && !(said.after && world.key(said.after) === world.key(row));
        const entry = add(list, "li", "", world.call(before, action) + " (" + by + "): " + really + (said ? (wrong ? " The model had said: " + plain(said.told.text.split(" => ")[0]) : " As imagined.") : ""));
        if (lost || wrong) entry.style.fontWeight = "600";
        if (world.reached(row)) end = harmed ? "Enough space, and a file lost." : "Done: enough space, and nothing lost.";
        else if (calls === BUDGET) end = "Not done: no call is left.";
        else if (!world.sensible(row).length) end = "Not done: no file is left.";
        stage.say("Really: " + really + (end ? " " + end : ""));
        if (end) finish();
      }
      const lostHere = () => world.lostIn(row) > world.lostIn(tasks[task]);
      /* Each desk counts once, for whoever made its calls. */
      function tally() {
        const who = hands.size > 1 ? "together" : hands.has("agent") ? "agent" : "you";
        count[who] ??= [0, 0, 0];
        count[who][lostHere() ? 1 : world.reached(row) ? 0 : 2]++;
      }
      function finish() {
        tally();
        stage.pause();
      }

      /* ------------------------------------------------------------------ the agent */
      /* One question a frame, so that one sees it think. */
      function step() {
        if (end) return next(); // it is told to play on, at a desk that is done
        if (wait-- > 0) return;
        if (!thinking) {
          const risk = (action) => WM.lossRisk(world, model, row, action);
          thinking = WM.lookahead(world, tell, row, met, { depth, caution, risk });
        }
        const thought = thinking.next();
        if (!thought.done) {
          const { before, call, after, used, meaning } = thought.value;
          questions.agent++;
          asked = { action: call, before, after, used, meaning, told: model.answer(world.prompt(before, call)) };
          return;
        }
        thinking = null;
        if (thought.value.call === null) {
          end = "The agent asks for help: every call that it can think of looks bad or useless.";
          hands.add("agent");
          asked = null;
          stage.say(end);
          finish();
        } else {
          imagine(thought.value.call);
          act(thought.value.call, "agent");
          wait = WAIT;
        }
      }

      /* -------------------------------------------------------------------- drawing */
      function draw() {
        const drives = "USB drive " + row[world.USB] + " GB free · cloud: room for " + row[world.CLOUD] + (row[world.CLOUD] === 1 ? " copy" : " copies");
        goalWords.textContent = row[world.FREE] + " of " + row[world.GOAL] + " GB free on the disk · " + drives + " · call " + calls + " of " + BUDGET;
        share.style.width = Math.min(100, (100 * row[world.FREE]) / row[world.GOAL]) + "%";
        const mine = asked && asked.before === row;
        cards.forEach(({ card, name, state, then, buttons }, slot) => {
          const file = world.fileOf(row, slot), here = file[2] === world.HERE, inDream = asked && asked.after && world.fileOf(asked.after, slot);
          card.classList.toggle("away", !here);
          name.textContent = world.names[file[0]];
          state.textContent = describe(file);
          then.textContent = inDream && String(inDream) !== String(file) ? "imagined: " + describe(inDream) : "";
          buttons.forEach((button, t) => {
            button.disabled = !here || Boolean(end);
            button.setAttribute("aria-label", "ask about " + world.call(row, slot * world.tools.length + t));
            button.setAttribute("aria-pressed", Boolean(mine && asked.action === slot * world.tools.length + t));
          });
        });
        if (asked) {
          const [said, changes] = asked.told.text.split(" => ");
          question.textContent = "If I " + world.call(asked.before, asked.action) + ", what will happen?" + (asked.used > 1 ? " (" + asked.used + " calls ahead)" : "");
          answer.textContent = plain(said) + (asked.after ? "" : " (an answer that cannot be read)");
          odds.textContent = "Whole answer: " + percent(asked.told.probability) + " likely" + (asked.risk === undefined ? "" : " · risk of a loss: " + percent(asked.risk))
            + " · changes: " + (changes || "").replace(/ ;/g, ";").replace(/ \.$/, "") + (asked.meaning ? " · not followed: " + asked.meaning : "");
        } else {
          question.textContent = end || "Free the space in ten calls, and lose nothing. Click a tool: the model says what it would do. Nothing happens yet.";
          answer.textContent = odds.textContent = "";
        }
        doIt.textContent = asked ? "Do it: " + world.call(asked.before, asked.action) : "Do it";
        doIt.setAttribute("aria-disabled", !ready());
        const desks = Object.entries(count).map(([who, [done, lost, open]]) => NAMES[who] + ": " + done + " without a loss, " + lost + " with a loss, " + open + " not done");
        stage.score("Desks: " + (desks.join("; ") || "none yet") + ". Questions at this desk: you " + questions.you + ", agent " + questions.agent + ".");
      }
      function describe([, size, place, document, copy]) {
        if (place !== world.HERE) return WORDS[words.places[place]];
        return size + " GB, " + words.documents[document].replace("open ", "open, ").replace("closed saved", "closed") + ", " + (copy ? "a copy in the cloud" : "no copy");
      }

      /* ------------------------------------------------------------------- controls */
      stage.button("Next desk", () => { stage.pause(); next(); });
      stage.choice("Model", [["trained", "trained"], ["early", "stopped early"]], (which) => { model = models[which]; asked = thinking = null; });
      stage.slider("Agent looks ahead", { min: 1, max: 3, step: 1, value: 3, says: (n) => n + (n === 1 ? " call" : " calls") }, (n) => { depth = n; thinking = null; });
      stage.slider("Risk it accepts", { min: 0, max: 100, step: 1, value: 100, says: (p) => (p === 100 ? "any" : p + " %") }, (p) => { caution = p === 100 ? null : p / 100; thinking = null; });

      const ready = () => asked && asked.before === row && !end && !stage.running();

      /* Torch's own answers, and how probable it found them and a loss, with these weights. */
      function* verify() {
        let worst = 0;
        for (const [name, file] of Object.entries(files)) {
          const mind = WM.textGPT(file), { rows, actions, answers, probabilities, risks } = file.check;
          for (const [i, desk] of rows.entries()) {
            yield* mind.reading(world.prompt(desk, actions[i]));
            const told = mind.answer(world.prompt(desk, actions[i]));
            if (told.text !== answers[i]) throw new Error("The model “" + name + "” answers “" + told.text + "” and should answer “" + answers[i] + "”. Please report it.");
            worst = Math.max(worst, Math.abs(told.probability - probabilities[i]), Math.abs(WM.lossRisk(world, mind, desk, actions[i]) - risks[i]));
            yield;
          }
        }
        return worst;
      }
      return { dt: 1 / 60, step, draw, reset: begin, verify, world, models, desk: () => row, questions: () => questions, count };
    },
  });
})();
