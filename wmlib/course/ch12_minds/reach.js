/* A hand that learns what a robot does to it (adaptation.py): reach, switch the robot, reach again. */
(function () {
  "use strict";
  const WM = window.WM, DIRECTIONS = 8, SHOWN = 48; // targets around the middle; reaches in the chart
  const KEYS = { right: 0, up: 2, left: 4, down: 6 }, PAUSE = 25; // steps between two reaches of a practice
  const AXIS = 6; // cm that the chart shows at least

  /* A reacher: wmlib's, one step at a time. numbers: the world's and the plan's, from wmlib. */
  WM.reacher = function (numbers, { rate, stiffness, damping, noise, field }, normal) {
    const { seconds, mass, plan } = numbers, steps = plan.place.length, times = (m, v) => m.map((row) => row[0] * v[0] + row[1] * v[1]);
    const hand = { field, reach: null };
    hand.begin = (angle) => {
      hand.reach = { angle, t: 0, x: [0, 0], v: [0, 0], path: [[0, 0]], learned: [[0, 0], [0, 0]], aside: 0, robot: [0, 0], expected: [0, 0] };
    };
    /* One step with the robot's field (2, 2), or zeros; true when the reach is over. */
    hand.step = function (robot) {
      const r = hand.reach, { t, x, v } = r, ahead = [Math.cos(r.angle), Math.sin(r.angle)];
      r.expected = times(hand.field, v);
      r.robot = times(robot, v);
      const command = [0, 1].map((i) => plan.push[t] * ahead[i] + stiffness * (plan.place[t] * ahead[i] - x[i]) + damping * (plan.speed[t] * ahead[i] - v[i]) - r.expected[i]);
      const next = [0, 1].map((i) => v[i] + (seconds * (command[i] + r.robot[i])) / mass);
      for (let i = 0; i < 2; i++) {
        const felt = mass * ((next[i] - v[i]) / seconds + noise * normal());
        for (let j = 0; j < 2; j++) r.learned[i][j] += (felt - command[i] - r.expected[i]) * v[j]; // surprise times velocity
      }
      r.x = [0, 1].map((i) => x[i] + seconds * next[i]);
      r.v = next;
      r.path.push(r.x);
      const aside = 100 * (ahead[0] * r.x[1] - ahead[1] * r.x[0]); // cm, positive to the left
      if (Math.abs(aside) > Math.abs(r.aside)) r.aside = aside;
      r.t = t + 1;
      if (r.t < steps) return false;
      hand.field = hand.field.map((row, i) => row.map((value, j) => value + rate * r.learned[i][j]));
      return true;
    };
    /* 1 where a field pushes a reach in this direction to its left, -1 where to its right. */
    hand.side = (field, angle) => {
      const ahead = [Math.cos(angle), Math.sin(angle)], force = times(field, ahead);
      return Math.sign(ahead[0] * force[1] - ahead[1] * force[0]) || 1;
    };
    hand.times = times;
    return hand;
  };

  WM.player("reach", {
    title: "A hand in a robot's grip",
    keysInWords: "The arrow keys reach in four directions; R switches the robot; space practises and pauses.",
    keys: { ArrowRight: "right", ArrowUp: "up", ArrowLeft: "left", ArrowDown: "down", r: "robot", R: "robot" },
    weights: ["reach"],
    playInWords: "Practise",
    create(stage) {
      const { settings, check } = WM.weights("reach"), { fields, hands, numbers } = settings, normal = WM.random.normal(stage.random);
      const ZERO = [[0, 0], [0, 0]];
      let hand, kind = Object.keys(hands)[0], field = "1994", on = false, paths, errors, single, wait;
      const table = stage.canvas({ width: 420, height: 420, kind: "real", most: 420, label: "The table from above", caption: "From above. Tap one of the eight targets." });
      const chart = stage.canvas({ width: 420, height: 260, most: 420, label: "Sideways error of each reach", caption: "Sideways error of each reach; up is where the robot pushes." });
      stage.pads([["left", "←", "reach left"], ["up", "↑", "reach up"], ["down", "↓", "reach down"], ["right", "→", "reach right"]]);
      const robot = stage.button("Robot on", toggle);
      stage.choice("Push", Object.keys(fields).map((name) => [name, name === "1994" ? "as in the study of 1994" : name]), (name) => { field = name; });
      stage.choice("Hand", Object.keys(hands).map((name) => [name, name]), (name) => { kind = name; reset(); });
      stage.speed(0.6);

      function reset() {
        if (single) stage.pause(); // a reach that is left; a practice goes on
        hand = WM.reacher(numbers, hands[kind], normal);
        [paths, errors, single, wait] = [[], [], true, 0];
        stage.say("");
        stage.score("No reach yet. Tap a target, or practise.");
      }
      function toggle() {
        on = !on;
        stage.say(on ? "The robot is on: it pushes a hand that moves." : "The robot is off. What the hand expects has not changed.");
      }
      function reach(direction, alone = true) {
        if (hand.reach && single) return;
        hand.begin((direction * 2 * Math.PI) / DIRECTIONS);
        single = alone;
        if (alone && stage.still) { while (hand.reach) step(); } else if (alone) stage.play();
      }
      function step() {
        if (!hand.reach) { // practice: the four directions of the chapter, in any order
          if (wait-- > 0) return;
          return reach(2 * Math.floor(4 * stage.random()), false);
        }
        if (!hand.step(on ? fields[field] : ZERO)) return;
        const { path, aside, angle } = hand.reach, error = aside * hand.side(fields[field], angle);
        hand.reach = null;
        paths = [...paths, { path, on }].slice(-5);
        errors.push({ error, on });
        const words = "Reach " + errors.length + ": " + (Math.abs(error) < 0.05 ? "straight" : Math.abs(error).toFixed(1) + " cm off, " + (error > 0 ? "to where the robot pushes" : "to the other side")) + (on ? "." : "; the robot is off.");
        stage.score(words);
        if (single) { stage.say(words); stage.pause(); } else wait = PAUSE;
      }

      /* --------------------------------------------------------------------- drawing */
      const place = ([x, y]) => [210 + x * 1500, 210 - y * 1500];
      function line(pen, points, color, width, dash = []) {
        pen.strokeStyle = color;
        pen.lineWidth = width;
        pen.setLineDash(dash);
        pen.beginPath();
        points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
        pen.stroke();
        pen.setLineDash([]);
      }
      function arrow(pen, [x, y], [fx, fy], color, dash) {
        const length = Math.hypot(fx, fy);
        if (length < 0.15) return;
        const to = [x + 11 * fx, y - 11 * fy], a = Math.atan2(-fy, fx);
        line(pen, [[x, y], to], color, 3, dash);
        const barb = (turn) => [to[0] + 8 * Math.cos(a + turn), to[1] + 8 * Math.sin(a + turn)];
        line(pen, [barb(2.6), to, barb(-2.6)], color, 3);
      }
      function drawTable() {
        const { pen, ink, scale } = table, peak = 0.3; // m/s: about the highest speed of a reach
        table.clear();
        pen.font = Math.max(13, 12 / scale) + "px " + ink.font;
        for (let d = 0; d < DIRECTIONS; d++) {
          const a = (d * 2 * Math.PI) / DIRECTIONS, ahead = [Math.cos(a), Math.sin(a)], at = place([0.1 * ahead[0], 0.1 * ahead[1]]);
          const now = hand.reach && Math.abs(hand.reach.angle - a) < 0.01;
          pen.fillStyle = now ? ink.text : ink.rule;
          pen.beginPath();
          pen.arc(...at, now ? 13 : 9, 0, 7);
          pen.fill();
          const v = [peak * ahead[0], peak * ahead[1]];
          if (on) arrow(pen, at, hand.times(fields[field], v), ink.real, []);
          arrow(pen, at, hand.times(hand.field, v), ink.imagined, [5, 4]);
        }
        paths.forEach(({ path }, i) => {
          pen.globalAlpha = (i + 1) / (paths.length + (hand.reach ? 2 : 0));
          line(pen, path.map(place), ink.real, 3.5);
        });
        pen.globalAlpha = 1;
        if (hand.reach) {
          const { path, angle } = hand.reach;
          line(pen, [place([0, 0]), place([0.1 * Math.cos(angle), 0.1 * Math.sin(angle)])], ink.imagined, 1.5, [6, 5]);
          line(pen, path.map(place), ink.real, 4);
        }
        pen.fillStyle = ink.real;
        pen.beginPath();
        pen.arc(...place(hand.reach ? hand.reach.x : [0, 0]), 11, 0, 7);
        pen.fill();
        pen.fillText(on ? "→ the robot's push" : "the robot is off", 12, 22);
        pen.fillStyle = ink.imagined;
        pen.fillText("⇢ the push that the hand expects", 12, 408);
        table.say("The table from above. The robot is " + (on ? "on" : "off") + ". The hand's model of its push: " + hand.field.map((row) => row.map((v) => v.toFixed(1)).join(", ")).join("; ") + ".");
      }
      function drawChart() {
        const { pen, ink, scale } = chart, shown = errors.slice(-SHOWN), wide = 370 / SHOWN, most = Math.max(AXIS, ...shown.map((e) => Math.ceil(Math.abs(e.error))));
        const y = (cm) => 125 - (114 / most) * cm, x = (i) => 42 + wide * (i + 0.5), tick = most > 8 ? 4 : 2;
        chart.clear();
        pen.font = Math.max(13, 12 / scale) + "px " + ink.font;
        shown.forEach((e, i) => {
          if (!e.on) return;
          pen.globalAlpha = 0.18;
          pen.fillStyle = ink.real;
          pen.fillRect(x(i) - wide / 2, 6, wide, 238);
          pen.globalAlpha = 1;
        });
        for (let cm = tick * -Math.floor((most - 1) / tick); cm < most; cm += tick) {
          line(pen, [[42, y(cm)], [412, y(cm)]], cm ? ink.rule : ink.quiet, 1);
          pen.fillStyle = ink.quiet;
          pen.fillText((cm > 0 ? "+" : cm < 0 ? "−" : "") + Math.abs(cm), 6, y(cm) + 5);
        }
        line(pen, shown.map((e, i) => [x(i), y(e.error)]), ink.real, 1.5);
        pen.fillStyle = ink.real;
        shown.forEach((e, i) => { pen.beginPath(); pen.arc(x(i), y(e.error), 4, 0, 7); pen.fill(); });
        pen.fillStyle = ink.quiet;
        pen.fillText("cm", 6, y(most) + 8);
        pen.fillText("shaded: robot on", 46, 256);
        chart.say("Sideways errors of the last reaches in centimetres, positive where the robot pushes: " + (shown.slice(-6).map((e) => (Math.round(10 * e.error) / 10 || 0).toFixed(1)).join(", ") || "none yet") + ".");
      }
      stage.on(table.canvas, "pointerdown", (event) => {
        const [x, y] = table.at(event);
        if (Math.hypot(x - 210, y - 210) > 40) press((Math.round((Math.atan2(210 - y, x - 210) * DIRECTIONS) / (2 * Math.PI)) + DIRECTIONS) % DIRECTIONS);
      });
      function press(key) {
        if (key === "robot") return toggle();
        reach(key in KEYS ? KEYS[key] : key);
      }

      /* The same reaches with the same noise as wmlib's own class. */
      function verify() {
        let at = 0, worst = 0;
        const noise = check.noise.flat(), mind = WM.reacher(numbers, hands[Object.keys(hands)[0]], () => noise[at++]);
        for (const { angle, robot, path, aside } of check.reaches) {
          mind.begin(angle);
          while (!mind.step(robot));
          path.forEach((p, t) => p.forEach((value, i) => { worst = Math.max(worst, Math.abs(value - mind.reach.path[t + 1][i])); }));
          worst = Math.max(worst, Math.abs(aside - mind.reach.aside));
        }
        check.field.forEach((row, i) => row.forEach((value, j) => { worst = Math.max(worst, Math.abs(value - mind.field[i][j])); }));
        return worst;
      }
      function draw() {
        robot.textContent = on ? "Switch the robot off" : "Switch the robot on";
        drawTable();
        drawChart();
      }
      return { dt: numbers.seconds, step, draw, reset, press, verify, errors: () => errors, hand: () => hand, on: () => on, toggle };
    },
  });
})();
