(function () {
  // Where the browser keeps nothing, bets last as long as the page.
  const memory = window.wmBets = window.wmBets || {};

  function kept(chapter) {
    if (memory[chapter]) return memory[chapter];
    try { return Object(JSON.parse(localStorage.getItem("wm-bets-" + chapter))); } catch (error) { return {}; }
  }
  function keep(chapter, name, said) {
    const all = {...kept(chapter), [name]: said};
    try { localStorage.setItem("wm-bets-" + chapter, JSON.stringify(all)); } catch (error) { memory[chapter] = all; }
    document.dispatchEvent(new Event("wm-bet"));
  }
  function make(tag, attributes, ...inside) {
    const space = /^(svg|path|circle|text)$/.test(tag) ? "2000/svg" : "1999/xhtml";
    const made = document.createElementNS("http://www.w3.org/" + space, tag);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    made.append(...inside);
    return made;
  }

  // --- judging: a miss of 1 and less is right
  const log = (bet, v) => bet.log ? Math.log(v) : v;
  const off = (bet, said, was) => Math.abs(log(bet, said) - log(bet, was)) / log(bet, bet.within);
  const text = (bet, v) => bet.texts[bet.stops.findIndex((stop, i) => stop >= v || i === bet.stops.length - 1)];
  const judges = {
    number(bet, said) {
      const times = said > bet.answer ? said / bet.answer : bet.answer / said;
      const much = bet.log ? times.toFixed(times < 10 ? 1 : 0) + " times " : "";
      return [text(bet, said), off(bet, said, bet.answer), much + "too " + (said > bet.answer ? "high" : "low")];
    },
    choice: (bet, said) => [said, said === bet.answer ? 0 : 2, "not so"],
    order(bet, said) {
      let wrong = 0, all = 0;
      said.forEach((a, i) => said.slice(i + 1).forEach((b) => {
        all += 1;
        wrong += bet.answer.indexOf(a) > bet.answer.indexOf(b);
      }));
      return [said.join(", "), wrong && 1 + 2 * wrong / all, `${wrong} of ${all} pairs the wrong way round`];
    },
    curve(bet, said) {
      const misses = said.map((v, i) => off(bet, v, bet.answer[i]));
      const near = misses.filter((miss) => miss <= 1).length;
      const words = said.map((v, i) => bet.names[i] + ": " + text(bet, v)).join("; ");
      return [words, misses.reduce((a, b) => a + b) / said.length, `near at ${near} of ${said.length} places`];
    },
  };
  // What was said, or null where nothing was, or what was kept is no answer to this question.
  function judged(bet, said) {
    const fits = (v) => bet.stops ? Number.isFinite(v) : bet.options.includes(v);
    const many = bet.x || bet.kind === "order" && bet.options;
    if (!(many ? Array.isArray(said) && said.length === many.length && said.every(fits) : fits(said))) return null;
    const [words, miss, verdict] = judges[bet.kind](bet, said);
    const right = miss <= 1;
    return {said, words, miss, right, mark: make("b", {class: right ? "wm-right" : "wm-wrong"}, right ? "right" : verdict)};
  }

  // --- controls: each fills a place, and returns what reads the answer
  const controls = {
    number(bet, place) {
      const last = bet.stops.length - 1, says = make("b", {"aria-hidden": "true"});
      const slider = make("input", {type: "range", max: last, value: last >> 1, "aria-label": bet.asked});
      slider.oninput = () => {
        says.textContent = bet.texts[slider.value];
        slider.setAttribute("aria-valuetext", says.textContent);
      };
      slider.oninput();
      place.append(says, make("div", {class: "wm-scale"}, bet.texts[0], slider, bet.texts[last]));
      return () => bet.stops[slider.value];
    },
    choice(bet, place) {
      const group = "wm" + Math.random();
      const radios = bet.options.map((value) => make("input", {type: "radio", name: group, value}));
      place.append(...radios.map((radio) => make("label", {}, radio, radio.value)));
      return () => (radios.find((radio) => radio.checked) || {value: null}).value;
    },
    order(bet, place) {
      const list = make("ol");
      const items = bet.options.map((name) => {
        const item = make("li", {}, make("span", {}, name));
        [["↑", "up"], ["↓", "down"]].forEach(([sign, way]) => {
          const button = make("button", {type: "button", "aria-label": `${name}: ${way}`}, sign);
          button.onclick = () => {
            const other = way === "up" ? item.previousSibling : item.nextSibling;
            if (other) other[way === "up" ? "before" : "after"](item);
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
      return () => [...list.children].map((item) => item.firstChild.textContent);
    },
    curve: (bet, place, said) => window.wmSketch(bet, place, said && judged(bet, said), make, (v) => log(bet, v)),
  };

  function one(root, chapter, name, bet) {
    const place = make("fieldset"), button = make("button"), says = make("p", {"aria-live": "polite"});
    const form = make("form", {}, place, says, button);
    let read, since = 0;
    root.append(form);
    if (!document.getElementById("bet-" + name)) root.id = "bet-" + name;
    return function draw() {
      const found = judged(bet, kept(chapter)[name]);
      place.replaceChildren(make("legend", {}, bet.asked));
      button.textContent = found ? "Bet again" : "Bet";
      says.replaceChildren();
      if (found) says.append("You said ", make("b", {}, found.words), "; it was ", make("b", {}, bet.says), ": ", found.mark, ". ", bet.because);
      read = (!found || bet.x) && controls[bet.kind](bet, place, found && found.said);
      if (!found && bet.rule) place.append(make("small", {}, bet.rule));
      form.onsubmit = (event) => {
        event.preventDefault();
        const said = found ? undefined : read();
        if (said === null) says.textContent = "Choose an answer first.";
        else if (Date.now() - since > 600) {  // no second half of a double click
          keep(chapter, name, said);
          draw();
          since = Date.now();
        }
      };
    };
  }

  function table(root, chapter, bets) {
    const place = make("div");
    root.append(place);
    const asked = (name) => document.getElementById("bet-" + name)
      ? make("a", {href: "#bet-" + name}, bets[name].asked) : bets[name].asked;
    return () => {
      const found = Object.keys(bets).map((name) => ({name, ...judged(bets[name], kept(chapter)[name])}));
      const done = found.filter((each) => each.mark).sort((a, b) => b.miss - a.miss), open = found.filter((each) => !each.mark);
      const right = done.filter((each) => each.right).length;
      place.replaceChildren(make("p", {}, done.length ? `${right} of ${done.length} right${right < done.length ? ", the largest miss first" : ""}.`
        : "You have made no bet in this chapter yet. Each of its questions takes one; what you said will stand here beside what came out."));
      const row = (cell, ...inside) => make("tr", {}, ...inside.map((each) => make(cell, {}, each)));
      if (done.length) place.append(make("table", {}, row("th", "Asked", "You said", "It was", "Verdict"),
        ...done.map((each) => row("td", asked(each.name), each.words, bets[each.name].says, each.mark))));
      if (open.length) place.append("Still open:", make("ul", {}, ...open.map((each) => make("li", {}, asked(each.name)))));
    };
  }

  function begin() {
    document.querySelectorAll('[data-wm-bet="one"], [data-wm-bet="all"]').forEach((root) => {
      if (root.dataset.live) return;
      root.dataset.live = "yes";
      const bytes = Uint8Array.from(atob(root.dataset.bets), (c) => c.charCodeAt(0));
      const bets = JSON.parse(new TextDecoder().decode(bytes)), [name] = Object.keys(bets), chapter = root.dataset.chapter;
      root.querySelector("details").remove();
      if (root.dataset.wmBet === "one") return one(root, chapter, name, bets[name])();
      const draw = table(root, chapter, bets);
      draw();
      document.addEventListener("wm-bet", draw);
    });
  }
  begin();
  // Where the script stands once in a page, bets may follow it.
  document.addEventListener("DOMContentLoaded", begin);
})();
