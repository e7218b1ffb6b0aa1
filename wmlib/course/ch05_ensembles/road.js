/* The road of chapter 5, the ensemble that learned it, and the gate: road.py, models/ensemble.py, gated.py. */
(function () {
  "use strict";
  const clip = (v, low, high) => Math.max(low, Math.min(high, v));

  /* WM.road(name) -> the world, the members, and the question that the gate asks. */
  WM.road = function (name) {
    const { settings: s, tensors, check } = WM.weights(name), { ROAD: road } = s;
    const slope = (x) => road.HILL * Math.sin((2 * Math.PI * x) / road.WAVE) * clip((road.quay[0] - x) / 40, 0, 1);
    const grip = (x, v, flooded) => (flooded && x >= road.quay[0] && x < road.quay[1] ? clip(1 - (0.8 * (v - road.onset)) / 3, 0.2, 1) : 1);
    function step([x, v], pedal, flooded, gust = 0) {
      pedal = clip(pedal, -1, 1);
      const push = pedal > 0 ? road.PULL * pedal * (1 - v / road.TOP_SPEED) : road.PULL * pedal;
      const faster = Math.max(0, v + road.SECONDS * (grip(x, v, flooded) * push - slope(x)) + road.NOISE * gust);
      return [x + (road.SECONDS * (v + faster)) / 2, faster];
    }
    const wrecked = ([x]) => x > road.EDGE;
    const parked = ([x, v]) => x >= road.PARKED_FROM && x <= road.EDGE && v < road.PARKED_SPEED;
    /* Full brakes from here, without gusts: where the car stands, or how fast it goes into the sea. */
    function braked(car, flooded) {
      while (car[1] > 0 && !wrecked(car)) car = step(car, -1, flooded);
      return car;
    }
    /* The safe fallback: down to 8 m/s, and a stop in the bay. */
    function crawl([x, v]) {
      const wanted = Math.min(8, Math.sqrt(2 * Math.max(0, road.EDGE - 4 - x)));
      return clip((wanted - v) / (road.SECONDS * road.PULL), -0.8, 1);
    }

    /* What one member expects next: the mean of its Gaussian. */
    function member(e, obs, pedal) {
      let x = Float32Array.from([...obs, pedal], (v, i) => (v - s.in_mean[i]) / s.in_std[i]);
      for (let k = 0; `W${k}_${e}` in tensors; k++) {
        if (k) x = WM.layers.act(x, "silu");
        x = WM.layers.dense(x, tensors[`W${k}_${e}`], tensors[`b${k}_${e}`]);
      }
      return obs.map((v, i) => clip(v + x[i] * s.out_std[i] + s.out_mean[i], s.low[i], s.high[i]));
    }
    const everybody = Array.from({ length: s.members }, (_, e) => e);
    const mean = (rows) => rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
    /* The members' deviation from each other, in usual changes, root mean square over the numbers. */
    function spread(rows) {
      const middle = mean(rows);
      return Math.sqrt(mean(middle.map((m, i) => [mean(rows.map((row) => [(row[i] - m) ** 2]))[0] / s.out_std[i] ** 2]))[0]);
    }
    /* Largest disagreement if this is done now and after it the fallback; infinite if that ends in the sea. */
    function doubt(obs, pedal) {
      let worst = 0;
      for (let t = 0; t < s.horizon; t++) {
        const rows = everybody.map((e) => member(e, obs, t ? crawl(obs) : pedal));
        worst = Math.max(worst, spread(rows));
        obs = mean(rows);
        if (wrecked(obs)) return Infinity;
      }
      return worst;
    }
    /* The same way as each member by itself imagines it: one path a member. */
    const ghosts = (obs, pedal) => everybody.map((e) => {
      const path = [obs];
      for (let t = 0; t < s.horizon; t++) path.push(member(e, path[t], t ? crawl(path[t]) : pedal));
      return path;
    });
    function* worst() {
      let off = 0;
      for (const e of everybody) {
        let obs = check.obs;
        check.act.forEach((pedal, t) => {
          obs = member(e, obs, pedal);
          obs.forEach((v, i) => { off = Math.max(off, Math.abs(v - check.states[e][t][i]) / s.out_std[i]); });
        });
        yield;
      }
      for (const [k, [x, v, pedal]] of check.asked.entries()) {
        off = Math.max(off, Math.abs(doubt([x, v], pedal) - check.doubt[k]));
        yield;
      }
      return off;
    }
    return { ...road, step, slope, grip, braked, wrecked, parked, crawl, member, doubt, ghosts, worst, threshold: s.threshold, log: s.log };
  };
})();
