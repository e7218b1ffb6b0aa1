/* The real world of the front page: gymnasium's CartPole-v1, the same equations and constants.
   State: position (m), velocity (m/s), angle from upright (rad), angular velocity (rad/s). */
window.WorldModel = window.WorldModel || {};
window.WorldModel.world = (function () {
  "use strict";
  const GRAVITY = 9.8, CART = 1.0, POLE = 0.1, HALF = 0.5, FORCE = 10.0, TAU = 0.02;
  const X_LIMIT = 2.4, ANGLE_LIMIT = 12 * Math.PI / 180;
  const TOTAL = CART + POLE, POLE_HALF = POLE * HALF;

  /* One step of 1/50 second; action 0 pushes left, 1 pushes right (and -1, for a reader at the
     keys, lets go: gymnasium's agents have no such choice). */
  function step(state, action) {
    const [x, xDot, angle, angleDot] = state;
    const force = action < 0 ? 0 : action === 1 ? FORCE : -FORCE;
    const cos = Math.cos(angle), sin = Math.sin(angle);
    const pull = (force + POLE_HALF * angleDot * angleDot * sin) / TOTAL;
    const angleAcc = (GRAVITY * sin - cos * pull) / (HALF * (4 / 3 - POLE * cos * cos / TOTAL));
    const xAcc = pull - POLE_HALF * angleAcc * cos / TOTAL;
    return [x + TAU * xDot, xDot + TAU * xAcc, angle + TAU * angleDot, angleDot + TAU * angleAcc];
  }

  function fallen(state) {
    return Math.abs(state[2]) > ANGLE_LIMIT || Math.abs(state[0]) > X_LIMIT;
  }

  /* After the fall nobody pushes: the pole drops to the floor, for the eye only. */
  function drop(state) {
    const [x, xDot, angle, angleDot] = state;
    const acc = GRAVITY * Math.sin(angle) / (HALF * 4 / 3);
    const floor = Math.PI / 2;
    const next = angle + TAU * angleDot;
    if (Math.abs(next) >= floor) {
      return [x + TAU * xDot * 0.9, xDot * 0.9, Math.sign(next) * floor, -0.25 * angleDot];
    }
    return [x + TAU * xDot * 0.9, xDot * 0.9, next, angleDot + TAU * acc];
  }

  return { step, drop, fallen, TAU, X_LIMIT, ANGLE_LIMIT, LENGTH: 2 * HALF };
})();
