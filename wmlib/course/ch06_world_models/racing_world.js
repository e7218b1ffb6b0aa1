/* HeavyRacing, as wmlib.course.ch06_world_models.racing: a state is MiniRacing's, and how far the car
   turns in a step. */
(function () {
  "use strict";
  const WM = window.WM;

  WM.heavyRacing = function (numbers) {
    const { push, TURN } = numbers, race = WM.miniRacing(numbers);
    return {
      ...race,
      begin: (random) => [...race.begin(random), 0],
      step(state, action) {
        const turn = Math.min(TURN, Math.max(-TURN, state[9] + push * (action - 1))), next = race.move(state, turn);
        next.state[9] = turn;
        return next;
      },
    };
  };
})();
