/* Race two drivers in the heavy car: one reads what V sees, z; the other what M remembers, h, as well. */
(function () {
  "use strict";
  const WM = window.WM, MAP = 200;

  function create(stage) {
    const file = WM.weights("racing"), model = WM.visionMemory(file), world = WM.heavyRacing(file.settings);
    const cars = [
      { name: "you", color: "real", drive: () => (stage.key("left") ? 0 : stage.key("right") ? 2 : 1) },
      { name: "z", color: "purple", drive: (car) => model.choose("z", car.mind) },
      { name: "z and h", color: "green", drive: (car) => model.choose("z and h", car.mind) },
    ];
    const best = stage.best();
    let first = null, steps = 0, wheel = false, shown = 0, pace = 1, done = false;

    const view = stage.pixels({ width: 32, height: 32, most: 330, least: 140, kind: "real", label: "The road, seen from the car." });
    const map = stage.canvas({ width: MAP, height: MAP, most: 330, least: 140, kind: "real", caption: "● you   ■ z   ▲ z and h", label: "The track from above, with three cars." });
    stage.pads([["left", "←", "turn the wheel to the left"], ["right", "→", "turn the wheel to the right"]]);

    function reset() {
      stage.say("");
      if (steps) best.count(cars[0].lap, !done && !cars[0].over); // a race that is left counts as well
      first = first || world.begin(stage.random);
      for (const car of cars) Object.assign(car, { state: first, lap: 0, over: false, mind: car.name === "you" ? null : model.start(world.picture(first)) });
      steps = 0;
      done = false;
      stage.speed(pace);
    }
    function step() {
      if (done) reset(); // the same track again
      steps += 1;
      for (const car of cars) {
        if (car.over) continue;
        const action = car.drive(car), { state, rew, over } = world.step(car.state, action);
        Object.assign(car, { state, over, lap: car.lap + rew });
        if (car.mind) car.mind = model.observe(car.mind, action, world.picture(state));
      }
      stage.speed(cars[0].over ? 3 : pace); // the others come to their end soon
      done = steps >= file.settings.max_steps || cars.every((car) => car.over);
      if (!done) return;
      best.count(cars[0].lap);
      stage.pause();
      stage.say("The race is over" + (cars[0].over ? "" : ", " + steps + " steps are the limit") + ": " + cars.map((car) => car.name + " " + car.lap.toFixed(0) + " %").join(", ") + ". Play begins again.");
    }

    stage.button("New track", () => { first = null; reset(); });
    stage.choice("Seen by", cars.map((car, i) => [i, car.name]), (i) => { shown = i; });
    stage.choice("Speed", [[1, "normal"], [0.5, "half"]], (value) => { pace = value; });
    const hidden = stage.button("Show the wheel", () => { wheel = !wheel; hidden.setAttribute("aria-pressed", wheel); });
    hidden.setAttribute("aria-pressed", "false");

    function drawMap() {
      const { pen, ink } = map;
      map.clear();
      pen.save();
      pen.translate(MAP / 2, MAP / 2);
      pen.beginPath();
      for (const [x, y] of world.road(first)) pen.lineTo(x, y);
      pen.closePath();
      pen.lineWidth = world.width;
      pen.strokeStyle = ink.rule;
      pen.stroke();
      for (const car of [...cars].reverse()) {
        const [x, y] = car.state, size = 5;
        pen.fillStyle = ink[car.color];
        pen.globalAlpha = car.over ? 0.45 : 1;
        pen.beginPath();
        if (car.name === "you") pen.arc(x, y, size, 0, 7);
        else if (car.name === "z") pen.rect(x - size, y - size, 2 * size, 2 * size);
        else for (const [a, b] of [[0, -1.3], [1.2, 0.9], [-1.2, 0.9]]) pen.lineTo(x + a * size, y + b * size);
        pen.fill();
      }
      pen.restore();
    }
    function draw() {
      const car = cars[shown];
      view.show(world.picture(car.state));
      if (wheel) {
        const at = 16 + (14 * car.state[9]) / file.settings.TURN;
        view.pen.fillStyle = "#fff";
        view.pen.fillRect(15.9, 29.5, 0.2, 2);
        view.pen.fillRect(Math.min(16, at), 30, Math.abs(at - 16), 1);
      }
      view.caption(car.over ? car.name + " left the road" : "Seen by " + car.name);
      drawMap();
      stage.score(cars.map((one) => one.name + " " + one.lap.toFixed(0) + " %" + (one.over ? " (off the road)" : "")).join(" · ") + (best.value > 0 ? " · your best " + best.words("%") : ""));
    }
    return {
      dt: 1 / 12,
      reset,
      step,
      draw,
      press() { if (!stage.running()) stage.play(); },
      verify: () => WM.checkVisionMemory(model, file.check, world.picture),
      model, world, best, state: () => ({ cars, steps, first }),
    };
  }

  WM.player("racing", {
    title: "Race two drivers in a car with a heavy wheel",
    keysInWords: "Left and right arrow turn the wheel, space starts and pauses.",
    keys: { ArrowLeft: "left", ArrowRight: "right", a: "left", d: "right" },
    weights: ["racing"],
    create,
  });
})();
