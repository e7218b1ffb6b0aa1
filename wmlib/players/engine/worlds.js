/* The real worlds that several players share: gymnasium's equations and constants, once. */
(function () {
  "use strict";
  const WM = (window.WM = window.WM || {});

  /* CartPole-v1. State: position (m), velocity (m/s), angle from upright (rad), angular velocity. */
  const X_LIMIT = 2.4, ANGLE_LIMIT = (12 * Math.PI) / 180, TAU = 0.02;
  const cartpole = {
    TAU, X_LIMIT, ANGLE_LIMIT,
    /* action 0 pushes left, 1 right; -1 lets go, which gymnasium's agents cannot. */
    step([x, xDot, angle, angleDot], action) {
      const force = action < 0 ? 0 : action === 1 ? 10 : -10;
      const cos = Math.cos(angle), sin = Math.sin(angle);
      const pull = (force + 0.05 * angleDot * angleDot * sin) / 1.1;
      const angleAcc = (9.8 * sin - cos * pull) / (0.5 * (4 / 3 - (0.1 * cos * cos) / 1.1));
      const xAcc = pull - (0.05 * angleAcc * cos) / 1.1;
      return [x + TAU * xDot, xDot + TAU * xAcc, angle + TAU * angleDot, angleDot + TAU * angleAcc];
    },
    /* After a fall nobody pushes: the pole drops to the floor, for the eye only. */
    drop([x, xDot, angle, angleDot]) {
      const next = angle + TAU * angleDot, floor = Math.PI / 2, slower = 0.9 * xDot;
      if (Math.abs(next) >= floor) return [x + TAU * slower, slower, Math.sign(next) * floor, -0.25 * angleDot];
      return [x + TAU * slower, slower, next, angleDot + TAU * 14.7 * Math.sin(angle)];
    },
    fallen: (s) => Math.abs(s[2]) > ANGLE_LIMIT || Math.abs(s[0]) > X_LIMIT,
    begin: (random) => [0, 0, 0, 0].map(() => (random() - 0.5) * 0.1),
  };

  /* Pendulum-v1. State: angle from upright (rad), angular velocity (rad/s); action: torque (Nm). */
  const pendulum = {
    TAU: 0.05,
    step([angle, speed], torque) {
      const u = Math.max(-2, Math.min(2, torque));
      const next = Math.max(-8, Math.min(8, speed + (15 * Math.sin(angle) + 3 * u) * 0.05));
      return [angle + 0.05 * next, next];
    },
    obs: ([angle, speed]) => [Math.cos(angle), Math.sin(angle), speed],
    begin: (random) => [Math.PI + (random() - 0.5) * 0.4, 0],
  };

  WM.worlds = { cartpole, pendulum };
})();
