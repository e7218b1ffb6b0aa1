/* A bank that believes its statistics (economy.py, phillips.py): set a target, and see what comes. */
(function () {
  "use strict";
  const WM = window.WM, SHOWN = 60, LEAST = 5, MOST = 10; // years in the chart; years before a mean says something; % of the highest target
  const BELIEFS = { line: "the line of the past", structural: "that people expect the target" };

  /* One year of the economy: people either know the rule (learning null) or correct their
     expectation by a share of what they missed. slip, shock: standard normal numbers. */
  WM.year = function (economy, last, target, slip, shock, learning) {
    const inflation = target + economy.slip * slip;
    const expected = learning === null ? target : last.expected + learning * (last.inflation - last.expected);
    return { target, inflation, expected, unemployment: economy.natural - (inflation - expected) / economy.kappa + economy.shock * shock };
  };
  /* Least squares with a little ridge: weights of columns x (years, K) for y. */
  WM.leastSquares = function (x, y, ridge = 1e-2) {
    const n = x[0].length, sum = (f) => x.reduce((total, row, t) => total + f(row, t), 0);
    const A = Array.from({ length: n }, (_, i) => [...Array.from({ length: n }, (_, j) => sum((row) => row[i] * row[j]) + (i === j ? ridge : 0)), sum((row, t) => row[i] * y[t])]);
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) if (k !== i) {
      const share = A[k][i] / A[i][i];
      for (let j = i; j <= n; j++) A[k][j] -= share * A[i][j];
    }
    return A.map((row, i) => row[n] / row[i]);
  };
  /* The unemployment that each model promises if inflation is at a target for good. */
  WM.phillips = function (years) {
    const later = years.slice(1), u = later.map((y) => y.unemployment);
    const [a, now, before] = WM.leastSquares(later.map((y, t) => [1, y.inflation, years[t].inflation]), u);
    const [level] = WM.leastSquares(later.map((y) => [1, y.inflation - y.expected]), u);
    return { line: (target) => a + (now + before) * target, structural: () => level };
  };
  /* Where the promised loss u^2 + weight pi^2 is smallest. */
  WM.bestTarget = function (promise, weight, targets) {
    const loss = (target) => promise(target) ** 2 + weight * target ** 2;
    return targets.reduce((best, target) => (loss(target) < loss(best) ? target : best));
  };

  WM.player("policy", {
    title: "Set the target, and break the forecast",
    keysInWords: "Arrow up and down change the target; space lets the years pass and stops them.",
    keys: { ArrowUp: "up", ArrowDown: "down", ArrowRight: "up", ArrowLeft: "down" },
    weights: ["policy"],
    playInWords: "Let years pass",
    create(stage) {
      const { settings, check } = WM.weights("policy"), { economy, past, targets, weight, slow } = settings;
      const normal = WM.random.normal(stage.random), old = past[0].target;
      let target = old, learning = null, belief = "line", models, years, since, low, high; // low, high: the axes' ends, [inflation, unemployment]
      const curve = stage.canvas({ width: 420, height: 340, most: 460, label: "Inflation and unemployment", caption: "One dot a year. Dashed: what the model promises. Click to set the target." });
      const chart = stage.canvas({ width: 420, height: 340, most: 460, label: "Year by year", caption: "Unemployment (solid) and what was promised (dashed), year by year." });
      const slider = stage.slider("Target for inflation", { min: 0, max: MOST, step: 0.25, value: old, says: (v) => v + " %" }, aim);
      stage.choice("People", [[null, "know the rule"], [slow, "learn slowly"]], (value) => { learning = value; anew(); });
      stage.choice("The bank believes", Object.entries(BELIEFS), (value) => { belief = value; anew(); });
      stage.button("Fit again to the last 30 years", () => { models = WM.phillips(all().slice(-30)); anew(); });
      stage.button("Let the bank choose", () => move(WM.bestTarget(models[belief], weight, targets)));

      const all = () => [...past, ...years];
      function aim(value) { target = value; anew(); }
      function anew() { since = years.length; stage.say(""); } // what came before was another policy's
      function move(value) { // as if the slider had been drawn there
        slider.value = Math.max(0, Math.min(MOST, value));
        slider.dispatchEvent(new Event("input"));
      }
      function reset() {
        [years, since, models] = [[], 0, WM.phillips(past)];
        move(old);
      }
      function step() {
        years.push(WM.year(economy, all().at(-1), target, normal(), normal(), learning));
        years.at(-1).promised = models[belief](target);
        if (years.length - since === 10) stage.say("Ten years at " + target + " %: " + models[belief](target).toFixed(1) + " % unemployment was promised, " + mean().toFixed(1) + " % came.");
      }
      const mean = () => years.slice(since).reduce((sum, y) => sum + y.unemployment, 0) / (years.length - since);
      function press(key) { if (key === "up" || key === "down") move(target + (key === "up" ? 0.5 : -0.5)); }
      curve.canvas.addEventListener("pointerdown", (event) => {
        const [x] = curve.at(event);
        move(Math.round(4 * (low[0] + ((x - 42) / 366) * (high[0] - low[0]))) / 4);
      });

      /* --------------------------------------------------------------------- drawing */
      const X = (inflation) => 42 + (366 * (inflation - low[0])) / (high[0] - low[0]), Y = (u) => 34 + (268 * (high[1] - u)) / (high[1] - low[1]);
      /* Axes that hold all that is shown. */
      function fit() {
        const lately = years.slice(-SHOWN), inflation = [...past, ...lately].map((y) => y.inflation);
        const rates = [target, models[belief](target), ...past.map((y) => y.unemployment), ...lately.flatMap((y) => [y.unemployment, y.target, y.promised])];
        low = [Math.min(-2, ...inflation), Math.min(-1, ...rates)].map(Math.floor);
        high = [Math.max(MOST + 1, ...inflation), Math.max(9, ...rates)].map(Math.ceil);
      }
      function frame({ pen, ink, scale }, x, last, note = "") {
        pen.font = Math.max(13, 12 / scale) + "px " + ink.font;
        pen.lineWidth = 1;
        for (let u = 0; u <= high[1]; u += 2) {
          pen.strokeStyle = ink.rule;
          pen.beginPath(); pen.moveTo(42, Y(u)); pen.lineTo(408, Y(u)); pen.stroke();
          pen.fillStyle = ink.quiet;
          pen.fillText(u + " %", 6, Y(u) + 5);
        }
        pen.fillStyle = ink.quiet;
        pen.fillText("unemployment", 44, 18);
        for (const [at, words] of x) pen.fillText(words, at, 322);
        pen.textAlign = "right";
        pen.fillText(last, 410, 322);
        pen.fillText(note, 410, 18);
        pen.textAlign = "left";
      }
      function dot(pen, x, y, size, color, alpha = 1, ring = false) {
        pen.globalAlpha = alpha;
        pen.fillStyle = pen.strokeStyle = color;
        pen.lineWidth = 3;
        pen.beginPath();
        pen.arc(x, y, size, 0, 7);
        if (ring) pen.stroke(); else pen.fill();
        pen.globalAlpha = 1;
      }
      function polyline(pen, points, color, dash) {
        pen.strokeStyle = color;
        pen.lineWidth = 2.5;
        pen.setLineDash(dash);
        pen.beginPath();
        points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
        pen.stroke();
        pen.setLineDash([]);
      }
      function draw() {
        const promise = models[belief], promised = promise(target), enough = years.length - since >= LEAST;
        const { pen, ink } = curve, words = "Target " + target + " %: the bank is promised " + promised.toFixed(1) + " % unemployment" + (enough ? "; " + mean().toFixed(1) + " % came (mean of " + (years.length - since) + " years)." : ".");
        fit();
        curve.clear();
        frame(curve, [0, 2, 4, 6].map((v) => [X(v) - 5, String(v)]), "inflation, %");
        for (const y of past) dot(pen, X(y.inflation), Y(y.unemployment), 2.2, ink.quiet, 0.5);
        polyline(pen, [low[0], high[0]].map((v) => [X(v), Y(promise(v))]), ink.imagined, [9, 6]);
        years.slice(-SHOWN).forEach((y, i, shown) => dot(pen, X(y.inflation), Y(y.unemployment), 4, ink.real, 0.25 + (0.75 * (i + 1)) / shown.length));
        dot(pen, X(target), Y(promised), 9, ink.imagined, 1, true);
        pen.fillText("promised", X(target) - 76, Y(promised) + 20);
        if (enough) {
          dot(pen, X(target), Y(mean()), 9, ink.real, 1, true);
          pen.fillText("came", X(target) + 14, Y(mean()) - 12);
        }
        curve.say("Inflation and unemployment. " + words);
        drawYears();
        stage.score(words + " Year " + years.length + ".");
      }
      function drawYears() {
        const { pen, ink } = chart, shown = all().slice(-SHOWN), x = (i) => 44 + (362 * i) / (SHOWN - 1), begun = all().length - SHOWN - past.length;
        chart.clear();
        frame(chart, [[44, begun < 0 ? "before" : "year " + (begun + 1)]], "year " + years.length, "dotted: the target");
        polyline(pen, shown.map((y, i) => [x(i), Y(y.target)]), ink.quiet, [2, 4]);
        polyline(pen, shown.map((y, i) => [x(i), Y(y.unemployment)]), ink.real, []);
        const told = shown.map((y, i) => [x(i), Y(y.promised ?? models[belief](y.target))]).filter((_, i) => shown[i].promised !== undefined);
        if (told.length) polyline(pen, told, ink.imagined, [9, 6]);
        chart.say("Unemployment in the last ten years: " + shown.slice(-10).map((y) => y.unemployment.toFixed(1)).join(", ") + " percent.");
      }

      /* The same years from the same noise, and the same promises, as wmlib's own. */
      function verify() {
        const far = (a, b) => Math.abs(a - b);
        let worst = 0;
        for (const { learning: share, aims, slips, shocks, years: came } of check.lives) {
          let last = { inflation: aims[0], expected: aims[0] };
          aims.forEach((aimed, t) => {
            last = WM.year(economy, last, aimed, slips[t], shocks[t], share);
            for (const key of ["inflation", "unemployment", "expected"]) worst = Math.max(worst, far(last[key], came[key][t]));
          });
        }
        const fitted = WM.phillips(past);
        for (const name of Object.keys(BELIEFS)) {
          check.targets.forEach((value, i) => { worst = Math.max(worst, far(fitted[name](value), check[name][i])); });
          worst = Math.max(worst, far(WM.bestTarget(fitted[name], weight, targets), check.best[name]));
        }
        return worst;
      }
      return { dt: 0.25, step, draw, reset, press, verify, years: () => years, target: () => target };
    },
  });
})();
