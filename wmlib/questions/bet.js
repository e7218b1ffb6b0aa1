(function () {
  // Where the browser keeps nothing, bets last as long as the page.
  const memory = window.wmBets = window.wmBets || {};

  function kept(chapter) {
    if (memory[chapter]) return memory[chapter];
    try { return Object(JSON.parse(localStorage.getItem("wm-bets-" + chapter))); } catch (error) { return {}; }
  }
  // Keep what was said on `name`; nothing at all where that is "".
  function keep(chapter, name, said) {
    const all = name && {...kept(chapter), [name]: said} || {};
    try { localStorage.setItem("wm-bets-" + chapter, JSON.stringify(all)); } catch (error) { memory[chapter] = all; }
    told(name);
  }
  const told = (name) => document.dispatchEvent(new CustomEvent("wm-bet", {detail: name}));
  function make(tag, attributes, ...inside) {
    const space = /^(svg|path|circle|text)$/.test(tag) ? "2000/svg" : "1999/xhtml";
    const made = document.createElementNS("http://www.w3.org/" + space, tag);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    made.append(...inside);
    return made;
  }

  // --- judging: words, whether it is right, its rank among the wrong ones, a verdict.
  // Numbers and curves miss by margins (more than 1), then come orders (a share), then choices.
  const log = (bet, v) => bet.log ? Math.log(v) : v;
  const off = (bet, said, was) => Math.abs(log(bet, said) - log(bet, was)) / log(bet, bet.within);
  const text = (bet, v) => bet.texts[bet.stops.findIndex((stop, i) => stop >= v || i === bet.stops.length - 1)];
  const judges = {
    number(bet, said) {
      const times = said > bet.answer ? said / bet.answer : bet.answer / said;
      const much = bet.log ? times.toFixed(times < 10 ? 1 : 0) + " times " : "";
      const miss = off(bet, said, bet.answer);
      return [text(bet, said), miss <= 1, miss, much + "too " + (said > bet.answer ? "high" : "low")];
    },
    choice: (bet, said) => [said, said === bet.answer, 0, "not so"],
    order(bet, said) {
      let wrong = 0, all = 0;
      said.forEach((a, i) => said.slice(i + 1).forEach((b) => {
        all += 1;
        wrong += bet.answer.indexOf(a) > bet.answer.indexOf(b);
      }));
      return [said.join(", "), !wrong, wrong / all, `${wrong} of ${all} pairs the wrong way round`];
    },
    curve(bet, said) {
      const misses = said.map((v, i) => off(bet, v, bet.answer[i]));
      const near = misses.filter((miss) => miss <= 1).length;
      const words = said.map((v, i) => bet.names[i] + ": " + text(bet, v)).join("; ");
      const miss = misses.reduce((a, b) => a + b) / said.length;
      return [words, miss <= 1, miss, `near at ${near} of ${said.length} places`];
    },
  };
  const RANKED = "Furthest off first: numbers and curves by their distance from the answer, counted in the margin within which they would be right; then orders, by pairs the wrong way round; then choices.";
  // What was said, or null where nothing was, or what was kept is no answer to this question.
  function judged(bet, said) {
    const fits = (v) => bet.stops ? Number.isFinite(v) : bet.options.includes(v);
    const many = bet.x || bet.kind === "order" && bet.options;
    if (!(many ? Array.isArray(said) && said.length === many.length && said.every(fits) : fits(said))) return null;
    const [words, right, rank, verdict] = judges[bet.kind](bet, said);
    return {said, words, right, rank: right ? -1 : rank, mark: make("b", {class: right ? "wm-right" : "wm-wrong"}, right ? "right" : verdict)};
  }

  // --- controls: each fills a place, and returns what reads the answer (null: none yet) and what to do then
  const controls = {
    number(bet, place) {
      const last = bet.stops.length - 1, says = make("b", {"aria-hidden": "true"}, "No guess yet");
      const slider = make("input", {type: "range", max: last, value: last >> 1, "aria-label": bet.asked, "aria-valuetext": "No guess yet"});
      let said = null;
      slider.oninput = () => {
        said = bet.stops[slider.value];
        says.textContent = bet.texts[slider.value];
        slider.setAttribute("aria-valuetext", says.textContent);
      };
      place.append(says, make("div", {class: "wm-scale"}, bet.texts[0], slider, bet.texts[last]));
      return [() => said, "Move the slider to your guess first. If you mean the middle, move it away and back."];
    },
    choice(bet, place) {
      const group = "wm" + Math.random();
      const radios = bet.options.map((value) => make("input", {type: "radio", name: group, value}));
      place.append(...radios.map((radio) => make("label", {}, radio, radio.value)));
      return [() => (radios.find((radio) => radio.checked) || {value: null}).value, "Choose an answer first."];
    },
    order(bet, place) {
      const list = make("ol");
      let moved = false;
      const items = bet.options.map((name) => {
        const item = make("li", {}, make("span", {}, name));
        [["↑", "up"], ["↓", "down"]].forEach(([sign, way]) => {
          const button = make("button", {type: "button", "aria-label": `${name}: ${way}`}, sign);
          button.onclick = () => {
            const other = way === "up" ? item.previousSibling : item.nextSibling;
            if (other) other[way === "up" ? "before" : "after"](item);
            moved = moved || !!other;
            button.focus();
            const at = [...list.children].indexOf(item) + 1;
            button.setAttribute("aria-label", `${name}, now at place ${at}: ${way}`);
          };
          item.append(button);
        });
        return item;
      });
      list.append(...items);
      place.append(bet.first + " first", list);
      const read = () => moved ? [...list.children].map((item) => item.firstChild.textContent) : null;
      return [read, "Put them into your order first. If this is your order, move one away and back."];
    },
    curve: (bet, place, said) => window.wmSketch(bet, place, said && judged(bet, said), make, (v) => log(bet, v)),
  };

  function one(root, chapter, name, bet) {
    const place = make("fieldset"), button = make("button", {}, "Bet"), says = make("p", {"aria-live": "polite", tabindex: -1});
    const form = make("form", {}, place, says, button);
    let read, first;
    root.append(form);
    place.oninput = place.onclick = () => button.hidden || says.replaceChildren();
    if (!document.getElementById("bet-" + name)) root.id = "bet-" + name;
    function draw() {
      const answer = kept(chapter)[name], found = judged(bet, answer), looked = !found && answer && answer.looked;
      place.replaceChildren(make("legend", {}, bet.asked));
      says.replaceChildren();
      button.hidden = found || looked;
      if (found) says.append("You said ", make("b", {}, found.words), "; it was ", make("b", {}, bet.says), ": ", found.mark, ". ", bet.because);
      if (looked) says.append("You looked without a guess; it was ", make("b", {}, bet.says), ". ", bet.because);
      if (looked || found && !bet.x) return;
      [read, first] = controls[bet.kind](bet, place, found && found.said);
      if (!found && bet.rule) place.append(make("small", {}, bet.rule));
    }
    form.onsubmit = (event) => {
      event.preventDefault();
      const {[name]: before} = kept(chapter);
      if (judged(bet, before) || before && before.looked) return told(name);  // in another window: the first one counts
      const said = read();
      if (said === null) return says.textContent = first;
      keep(chapter, name, said);
      says.focus({preventScroll: true});
    };
    draw();
    document.addEventListener("wm-bet", ({detail}) => [name, ""].includes(detail) && draw());
    document.addEventListener("wm-show", ({detail}) => detail === name && !judged(bet, kept(chapter)[name]) && keep(chapter, name, {looked: true}));
  }

  function table(root, chapter, bets) {
    const place = make("div", {tabindex: -1});
    root.append(place);
    const asked = (name) => document.getElementById("bet-" + name)
      ? make("a", {href: "#bet-" + name}, bets[name].asked) : bets[name].asked;
    return () => {
      const found = Object.keys(bets).map((name) => ({name, ...judged(bets[name], kept(chapter)[name])}));
      const done = found.filter((each) => each.mark).sort((a, b) => b.rank - a.rank), open = found.filter((each) => !each.mark);
      const right = done.filter((each) => each.right).length;
      const looked = open.filter(({name}) => (kept(chapter)[name] || {}).looked);
      place.replaceChildren(make("p", {}, done.length ? `${right} of ${done.length} right.${right < done.length ? " " + RANKED : ""}`
        : "You have made no bet in this chapter yet. Each of its questions takes one; what you said will stand here beside what came out."));
      const row = (cell, ...inside) => make("tr", {}, ...inside.map((each) => make(cell, {}, each)));
      const list = (words, some) => some.length && place.append(make("p", {}, words), make("ul", {}, ...some.map((each) => make("li", {}, asked(each.name)))));
      if (done.length) place.append(make("table", {}, row("th", "Asked", "You said", "It was", "Verdict"),
        ...done.map((each) => row("td", asked(each.name), each.words, bets[each.name].says, each.mark))));
      list("Looked at without a guess:", looked);
      list("Still open:", open.filter((each) => !looked.includes(each)));
      const cover = window.wmCover;
      if (cover) {
        const box = make("input", {type: "checkbox"});
        box.checked = !cover.always();
        box.onchange = () => cover.hide(box.checked);
        place.append(make("label", {}, box, "Hide each result until I have guessed, in the whole book"));
      }
      if (done.length + looked.length === 0) return;
      const clear = make("button", {type: "button"}, "Clear my guesses of this chapter");
      clear.onclick = () => {
        if (clear.dataset.sure) {
          keep(chapter, "");
          return place.focus({preventScroll: true});
        }
        clear.dataset.sure = "yes";
        clear.textContent = "Clear them? They cannot be brought back";
      };
      place.append(clear);
    };
  }

  function begin() {
    document.querySelectorAll('[data-wm-bet="one"], [data-wm-bet="all"]').forEach((root) => {
      if (root.dataset.live) return;
      root.dataset.live = "yes";
      const bytes = Uint8Array.from(atob(root.dataset.bets), (c) => c.charCodeAt(0));
      const bets = JSON.parse(new TextDecoder().decode(bytes)), [name] = Object.keys(bets), chapter = root.dataset.chapter;
      root.querySelector("details").remove();
      if (root.dataset.wmBet === "one") return one(root, chapter, name, bets[name]);
      const draw = table(root, chapter, bets);
      draw();
      document.addEventListener("wm-bet", draw);
    });
  }
  begin();
  // Where the script stands once in a page, bets may follow it.
  document.addEventListener("DOMContentLoaded", begin);
})();
