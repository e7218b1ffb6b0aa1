/* Goodhart's law, live (goodhart.py): a search through plans that are reported by a sensor, which a
   lamp dazzles at one spot. The model is the world itself; only the aim is a little wrong. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {}), HOLD = 8; // steps for which the end of a plan is shown

  /* The valley, and what a plan (15 pushes) earns and which glare each sensor adds to the report. */
  WM.valley = function ({ lamps, width, dazzle }) {
    const step = ([x, v], push) => {
      const speed = v + 0.1 * (Math.max(-3, Math.min(3, push)) - Math.sin(x));
      return [x + 0.3 * speed, speed];
    };
    const reward = ([x, v]) => Math.exp(-2 * (x - 2) ** 2) - 0.02 * v * v;
    const glare = ([x, v], [at, speed]) => dazzle * Math.exp(-0.5 * (((x - at) / width[0]) ** 2 + ((v - speed) / width[1]) ** 2));
    function judge(pushes) {
      let state = [0, 0], worth = 0;
      const extra = lamps.map(() => 0);
      for (const push of pushes) {
        state = step(state, push);
        worth += reward(state);
        lamps.forEach((lamp, i) => { extra[i] += glare(state, lamp); });
      }
      return { worth, extra };
    }
    return { step, reward, judge };
  };
  /* How each way chooses among the first n plans: the number of a plan. */
  WM.choosing = function (top) {
    const best = (plans, n, measure) => {
      let chosen = 0;
      for (let i = 1; i < n; i++) if (measure(plans[i]) > measure(plans[chosen])) chosen = i;
      return chosen;
    };
    const one = (plan) => plan.worth + plan.extra[0], two = (plan) => plan.worth + Math.min(...plan.extra);
    return {
      "one sensor": { measure: one, choose: (plans, n) => best(plans, n, one) },
      "two sensors, the lower counts": { measure: two, choose: (plans, n) => best(plans, n, two) },
      "drawn from the best sixteenth": {
        measure: one,
        choose(plans, n, random) {
          const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => one(plans[b]) - one(plans[a]));
          return order[Math.floor(random() * Math.max(1, Math.round(top * n)))];
        },
      },
    };
  };

  WM.player("goodhart", {
    title: "Search harder, and lose",
    keysInWords: "Arrow right and left change the number of plans compared; space searches again and again, and pauses.",
    keys: { ArrowRight: "more", ArrowUp: "more", ArrowLeft: "fewer", ArrowDown: "fewer" },
    weights: ["goodhart"],
    playInWords: "Search",
    create(stage) {
      const { settings, check } = WM.weights("goodhart"), { horizon, candidates, lamps } = settings;
      const valley = WM.valley(settings), ways = WM.choosing(settings.top);
      let way = Object.keys(ways)[0], budget, found, shown, t, sums;
      const hill = stage.canvas({ width: 420, height: 300, most: 460, label: "The valley", caption: "The best plan of the last search. Reward stands at the flag; the lamp shines into the sensor." });
      const chart = stage.canvas({ width: 420, height: 300, most: 460, label: "Reported and true return", caption: "Return of the chosen plan: reported (dashed) and true (solid). Click a number of plans." });
      const slider = stage.slider("Plans compared", { min: 0, max: candidates.length - 1, step: 1, value: 0, says: (k) => candidates[k].toLocaleString("en") }, (k) => { budget = k; found = null; });
      stage.choice("Choose by", Object.keys(ways).map((name) => [name, name]), (name) => { way = name; unsearched(); });
      stage.button("Twenty searches at once", () => { for (let k = 0; k < 20; k++) search(); t = horizon; });

      const fresh = () => candidates.map(() => ({ n: 0, reported: 0, true: 0 }));
      function reset() {
        [budget, t] = [0, 0];
        unsearched();
        move(0);
      }
      function unsearched() {
        [found, sums] = [null, fresh()];
        stage.say("");
        stage.score("No search yet. A plan is 15 random pushes; the planner takes one that the sensor likes.");
      }
      function move(k) { // as if the slider had been drawn there
        slider.value = Math.max(0, Math.min(candidates.length - 1, k));
        slider.dispatchEvent(new Event("input"));
      }
      const tenths = (value) => value.toFixed(1).replace(/^-0\.0$/, "0.0");
      /* One search. What the best of fewer plans would have been is noted too. */
      function search() {
        const most = candidates[budget], { measure, choose } = ways[way], random = stage.random;
        const plans = Array.from({ length: most }, () => {
          const pushes = Array.from({ length: horizon }, () => 6 * random() - 3);
          return { pushes, ...valley.judge(pushes) };
        });
        candidates.slice(0, budget + 1).forEach((n, k) => {
          found = plans[choose(plans, n, random)];
          sums[k].n++;
          sums[k].reported += measure(found);
          sums[k].true += found.worth;
        });
        shown = [[0, 0]];
        for (const push of found.pushes) shown.push(valley.step(shown.at(-1), push));
        t = 0;
        const s = sums[budget];
        stage.score("Best of " + most.toLocaleString("en") + ": this plan is reported as " + tenths(measure(found)) + " and is worth " + tenths(found.worth)
          + ". Mean of " + s.n + (s.n === 1 ? " search" : " searches") + ": reported " + tenths(s.reported / s.n) + ", true " + tenths(s.true / s.n) + ".");
        if (s.n === 10) stage.say("Best of " + most.toLocaleString("en") + ", ten searches: reported " + tenths(s.reported / s.n) + ", true " + tenths(s.true / s.n) + ".");
      }
      function step() {
        if (!found || ++t > horizon + HOLD) search();
      }
      function press(key) { if (key === "more" || key === "fewer") move(budget + (key === "more" ? 1 : -1)); }
      chart.canvas.addEventListener("pointerdown", (event) => move(Math.round((chart.at(event)[0] - 52) / 55)));

      /* --------------------------------------------------------------------- drawing */
      const X = (x) => 210 + x * 38, Y = (x) => 215 + 42 * Math.cos(x); // the ground is the potential of the pull, -cos x
      function disc(pen, x, y, size, color) {
        pen.fillStyle = color;
        pen.beginPath();
        pen.arc(x, y, size, 0, 7);
        pen.fill();
      }
      function drawHill() {
        const { pen, ink, scale } = hill, at = found ? Math.min(t, horizon) : 0, place = found ? shown[at] : [0, 0];
        hill.clear();
        pen.font = Math.max(13, 12 / scale) + "px " + ink.font;
        pen.strokeStyle = ink.quiet;
        pen.lineWidth = 3;
        pen.beginPath();
        for (let x = -5.6; x <= 5.6; x += 0.05) pen.lineTo(X(x), Y(x) + 11);
        pen.stroke();
        pen.fillStyle = pen.strokeStyle = ink.real;
        pen.fillRect(X(2) - 1.5, Y(2) - 70, 3, 81);
        pen.fillRect(X(2), Y(2) - 70, 26, 16);
        pen.fillText("reward", X(2) - 18, Y(2) - 78);
        lamps.slice(0, way.startsWith("two") ? 2 : 1).forEach(([x], i) => {
          const from = [X(x), 40], lit = found && shown.slice(0, at + 1).some(([p, v]) => Math.abs(p - x) < 0.25 && Math.abs(v) < 0.35);
          pen.globalAlpha = lit ? 0.55 : 0.2;
          pen.fillStyle = ink.imagined;
          pen.beginPath();
          pen.moveTo(...from);
          pen.lineTo(X(x - 0.35), Y(x) + 8);
          pen.lineTo(X(x + 0.35), Y(x) + 8);
          pen.fill();
          pen.globalAlpha = 1;
          disc(pen, ...from, 9, ink.imagined);
          pen.fillText(i ? "the other's lamp" : "lamp", from[0] - (i ? 60 : 14), 22);
        });
        if (found) shown.slice(0, at + 1).forEach(([x]) => { pen.globalAlpha = 0.35; disc(pen, X(x), Y(x), 5, ink.real); });
        pen.globalAlpha = 1;
        disc(pen, X(place[0]), Y(place[0]), 11, ink.real);
        hill.say("A marble in a valley" + (found ? ", at position " + place[0].toFixed(1) + " after " + at + " pushes" : "") + ". Reward at position 2, a lamp at position " + lamps[0][0] + ".");
      }
      function drawChart() {
        const { pen, ink, scale } = chart, x = (k) => 52 + 55 * k, y = (v) => 262 - 12.5 * v, known = sums.map((s, k) => [k, s]).filter(([, s]) => s.n);
        chart.clear();
        pen.font = Math.max(13, 12 / scale) + "px " + ink.font;
        pen.lineWidth = 1;
        for (const v of [0, 5, 10, 15]) {
          pen.strokeStyle = v ? ink.rule : ink.quiet;
          pen.beginPath(); pen.moveTo(40, y(v)); pen.lineTo(410, y(v)); pen.stroke();
          pen.fillStyle = ink.quiet;
          pen.fillText(String(v), 12, y(v) + 5);
        }
        candidates.forEach((n, k) => {
          pen.fillStyle = k === budget ? ink.text : ink.quiet;
          pen.fillText(n.toLocaleString("en"), x(k) - 4 * String(n).length, 285);
        });
        pen.globalAlpha = 0.12;
        pen.fillStyle = ink.text;
        pen.fillRect(x(budget) - 20, 20, 40, 250);
        pen.globalAlpha = 1;
        for (const [key, color, dash] of [["reported", ink.imagined, [9, 6]], ["true", ink.real, []]]) {
          pen.strokeStyle = color;
          pen.lineWidth = 3;
          pen.setLineDash(dash);
          pen.beginPath();
          for (const [k, s] of known) pen.lineTo(x(k), y(s[key] / s.n));
          pen.stroke();
          pen.setLineDash([]);
          for (const [k, s] of known) disc(pen, x(k), y(s[key] / s.n), 5, color);
        }
        pen.fillStyle = ink.imagined;
        pen.fillText("reported", 52, 22);
        pen.fillStyle = ink.real;
        pen.fillText("true", 122, 22);
        chart.say("Mean return of the chosen plan by the number of plans: " + (known.map(([k, s]) => candidates[k] + ": reported " + tenths(s.reported / s.n) + ", true " + tenths(s.true / s.n)).join("; ") || "no search yet") + ".");
      }
      function draw() {
        drawHill();
        drawChart();
      }
      /* The same plans as wmlib's valley_plans judges. */
      function* verify() {
        let worst = 0;
        for (const [i, pushes] of check.plans.entries()) {
          const { worth, extra } = valley.judge(pushes);
          worst = Math.max(worst, Math.abs(worth - check.worth[i]), ...extra.map((v, k) => Math.abs(v - check.extra[k][i])));
          yield;
        }
        return worst;
      }
      return { dt: 0.1, step, draw, reset, press, verify, valley, sums: () => sums, budget: () => budget };
    },
  });
})();
