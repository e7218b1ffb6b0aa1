/* Drawings that several players share. A view says where the world lies on a screen:
   { at: metres -> x, floor: y of the ground, metre: its size }. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});

  function line(pen, points) {
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }
  function disc(pen, x, y, radius) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
    pen.fill();
  }
  const solid = (pen) => { pen.setLineDash([]); pen.globalAlpha = 1; pen.lineCap = pen.lineJoin = "round"; };

  /* The rails with their ends. */
  function track(pen, { at, floor }, color) {
    solid(pen);
    pen.strokeStyle = color;
    pen.lineWidth = 1.2;
    line(pen, [[at(-2.4), floor], [at(2.4), floor]]);
    for (const x of [-2.4, 2.4]) line(pen, [[at(x), floor - 7], [at(x), floor + 7]]);
  }
  const hinge = (view) => view.floor - 0.2 * view.metre;
  const tip = (state, view) => [view.at(state[0] + Math.sin(state[2])), hinge(view) - Math.cos(state[2]) * view.metre];

  /* A cart with its pole: solid and filled what is real, dashed outlines what is imagined.
     push: -1 or 1 draws an arrow beside the cart. */
  function cartpole(pen, state, view, { color, paper, imagined = false, push = 0 }) {
    const m = view.metre, x = view.at(state[0]), top = hinge(view);
    solid(pen);
    pen.fillStyle = pen.strokeStyle = color;
    if (imagined) {
      pen.lineWidth = 2;
      pen.setLineDash([5, 4]);
      pen.strokeRect(x - 0.24 * m, top, 0.48 * m, 0.15 * m);
      pen.setLineDash([8, 6]);
    } else {
      pen.fillRect(x - 0.24 * m, top, 0.48 * m, 0.15 * m);
      for (const side of [-0.14, 0.14]) disc(pen, x + side * m, view.floor - 0.05 * m, 0.05 * m);
    }
    pen.lineWidth = Math.max(4, 0.06 * m);
    line(pen, [[x, top], tip(state, view)]);
    solid(pen);
    pen.fillStyle = paper;
    disc(pen, x, top, 2.4);
    if (!push) return;
    const from = x + push * 0.3 * m, to = x + push * 0.48 * m, y = top + 0.075 * m;
    pen.lineWidth = 2;
    line(pen, [[from, y], [to, y]]);
    line(pen, [[to - push * 6, y - 5], [to, y], [to - push * 6, y + 5]]);
  }

  /* Imagined futures as a plume over a pole: to the side where its tip will be, upwards what is
     later. futures: [{ states, level }], level from 0 to 1 as good as it is; best is drawn thick. */
  function plume(pen, { futures, best, steps, wider }, view, color) {
    const above = hinge(view) - view.metre, rise = (above - 34) / steps, now = tip(best.states[0], view)[0];
    const every = Math.ceil(steps / 16); // a dashed line of fifty pieces takes a browser long
    const points = ({ states }) => states.map((s, t) => [now + wider * (tip(s, view)[0] - now), above - 8 - t * rise])
      .filter((_, t) => t % every === 0 || t === states.length - 1);
    solid(pen);
    pen.strokeStyle = pen.fillStyle = color;
    pen.lineWidth = 1; // anything wider takes several times as long
    pen.setLineDash([4, 3]);
    for (const future of futures) {
      if (future === best) continue;
      pen.globalAlpha = 0.2 + 0.5 * future.level;
      line(pen, points(future));
    }
    pen.globalAlpha = 1;
    pen.lineWidth = 2.8;
    pen.setLineDash([7, 4]);
    line(pen, points(best));
    solid(pen);
    disc(pen, ...points(best).pop(), 3.6);
  }

  /* A pendulum from its observation (cos, sin, speed), around [x, y]. torque: drawn as an arc. */
  function pendulum(pen, obs, { x, y, radius }, { color, rule, paper, imagined = false, torque = 0 }) {
    const size = Math.hypot(obs[0], obs[1]) || 1;
    const end = [x - (radius * obs[1]) / size, y - (radius * obs[0]) / size];
    solid(pen);
    pen.strokeStyle = rule;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
    pen.stroke();
    line(pen, [[x, y - 1.06 * radius], [x, y - 1.14 * radius]]);
    pen.strokeStyle = pen.fillStyle = color;
    pen.lineWidth = 7;
    if (imagined) pen.setLineDash([10, 9]);
    line(pen, [[x, y], end]);
    solid(pen);
    disc(pen, end[0], end[1], 0.09 * radius);
    if (torque) {
      pen.lineWidth = 2.5;
      pen.beginPath();
      pen.arc(x, y, 0.3 * radius, Math.PI / 2, Math.PI / 2 - 0.6 * torque, torque > 0);
      pen.stroke();
    }
    pen.fillStyle = paper;
    disc(pen, x, y, 3);
  }

  WM.scenes = { line, disc, solid, track, cartpole, plume, pendulum };
})();
