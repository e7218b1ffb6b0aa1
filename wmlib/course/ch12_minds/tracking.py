"""Late observations: three tasks, and who is given the same chance at them.

Everybody uses one law with two gains, `command = kp (x* - x) + kd (v* - v)`, and everybody's gains
are chosen from the same grid, for each task and each delay, on other noise and other targets than
those on which they are judged. They differ in what they put in for x and v: the late observation,
or a forecast of the present from the late observation and the commands sent since.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from wmlib.acting import play
from wmlib.course.ch12_minds.bodies import Arm, LightArm, Stick
from wmlib.course.ch12_minds.delay import Late
from wmlib.devices import new_rng
from wmlib.experience import collect
from wmlib.models import LinearDynamics

STEPS = 600  # of 10 ms
DELAYS = [10, 25]  # steps of 10 ms: 100 and 250 ms
KP, KD = (
    grid.reshape(-1, 1)
    for grid in np.meshgrid(np.geomspace(0.3, 120, 24), np.r_[0, np.geomspace(0.1, 30, 17)])
)  # (432, 1) each


def sine(t, phase):
    """Half a hertz: position (m) and velocity `(B, 1)`; everybody's phase is 0."""
    w = 2 * np.pi * 0.5
    x = 0.3 * np.sin(w * t * Arm.SECONDS)
    v = 0.3 * w * np.cos(w * t * Arm.SECONDS)
    return x + 0 * phase[:, :1], v + 0 * phase[:, :1]


def wander(t, phase):
    """Four sines of 0.2 to 1.1 Hz whose phases `(B, 4)` differ from run to run."""
    w = 2 * np.pi * np.array([0.2, 0.43, 0.77, 1.1])
    size = 0.15 * np.array([1, 0.8, 0.6, 0.5])
    at = w * t * Arm.SECONDS + phase
    x, v = size * np.sin(at), size * w * np.cos(at)
    return x.sum(1, keepdims=True), v.sum(1, keepdims=True)


def upright(t, phase):
    """Stay in the middle."""
    return 0 * phase[:, :1], 0 * phase[:, :1]


class Task(NamedTuple):
    """A body and what it is to follow; `longest` are the steps of one episode of babbling."""

    world: Arm
    target: Any
    longest: int


TASKS = {
    "sine": Task(Arm(), sine, 1000),
    "wander": Task(Arm(), wander, 1000),
    "stick": Task(Stick(), upright, 30),
}


def pd_law(target, phase, kp, kd):
    """The law of everybody: a controller `(t, obs (B, 2)) -> command (B, 1)`."""

    def law(t, obs):
        x, v = target(t, phase)
        return np.clip(kp * (x - obs[:, :1]) + kd * (v - obs[:, 1:]), -50, 50)

    return law


def phases(seed, rows):
    """`(rows, 4)` phases of the wandering target."""
    return new_rng(seed).uniform(0, 2 * np.pi, (rows, 4))


def babbled(seed, steps=2000, world=None, longest=None):
    """20 seconds of random commands, in episodes of at most `longest` steps."""
    rng = new_rng([seed, 122])
    babble = lambda obs: rng.normal(0, 3, (len(obs), 1)).astype(np.float32)
    return collect(world or Arm(), babble, steps, [seed, 123], max_steps=longest)


def arm_model(seed, steps=2000, world=None, longest=None) -> LinearDynamics:
    """A forward model from 20 seconds of random commands, in episodes of at most `longest` steps."""
    return LinearDynamics(2, Arm.act_space).fit(babbled(seed, steps, world, longest))


def follow(agent, world, target, phase, seed, steps=STEPS):
    """Everybody follows a target from observations that are `agent.delay` steps old.

    Args:
        agent: `Late`, or anything with `delay`, `begin(obs)` and `act(late obs)`.
        phase: `(B, 4)` of the target, one row for each arm.

    Returns:
        positions `(steps, B)`, and root mean square errors `(B,)` in m, the first two seconds left
        out.
    """
    seen = deque(maxlen=agent.delay + 1)  # the oldest is what is seen now

    def act(obs):
        if not seen:
            seen.extend([obs] * (agent.delay + 1))
            agent.begin(obs)
        seen.append(obs)
        return agent.act(seen[0])

    rest = np.zeros((len(phase), 2))
    playing = play(world, act, rng=seed, state=rest, max_steps=steps + 1)
    path = np.array([step.next_state[:, 0] for step in islice(playing, steps)])
    wanted = np.array([target(t, phase)[0][:, 0] for t in range(1, steps + 1)])
    off = np.minimum(abs(path - wanted), 1e3)[min(200, steps // 3) :]
    return path, np.sqrt((off**2).mean(0))


def tuned(task: Task, delay, seed, draws=2, worlds=None, **late):
    """Gains (kp, kd) from the grid with the smallest mean error over `draws` targets and noises.

    Args:
        worlds: bodies in the place of the task's; of several, the one with the largest error counts.
    """
    phase = np.repeat(phases([seed, 140], draws), len(KP), axis=0)
    kp, kd = np.tile(KP, (draws, 1)), np.tile(KD, (draws, 1))
    agent = Late(pd_law(task.target, phase, kp, kd), delay, **late)
    errors = [
        follow(agent, world, task.target, phase, [seed, 141])[1].reshape(draws, -1).mean(0)
        for world in worlds or [task.world]
    ]
    best = np.max(errors, axis=0).argmin()
    return float(KP[best, 0]), float(KD[best, 0])


def judged(task: Task, delay, gains, seed, draws=8, world=None, **late):
    """Mean error (m) with these gains on targets and noise that did not choose them."""
    phase = phases([seed, 150], draws)
    agent = Late(pd_law(task.target, phase, *gains), delay, **late)
    return float(follow(agent, world or task.world, task.target, phase, [seed, 151])[1].mean())


def delays(seed) -> dict:
    """Errors (m) of three tasks at two delays: gains tuned, with and without a forward model."""
    figures: dict = {"delays": [10 * d for d in DELAYS]}
    for name, task in TASKS.items():
        model = arm_model(seed, world=task.world, longest=task.longest)
        figures[f"{name}_still"] = 2 * [judged(task, 0, (0.0, 0.0), seed)]
        figures[f"{name}_fresh"] = judged(task, 0, tuned(task, 0, seed), seed)
        kinds = {"pd": {}, "model": {"model": model}}
        if name == "stick":
            kinds["deaf"] = {"model": model, "copies": False}
        for kind, late in kinds.items():
            gains = [tuned(task, d, seed, **late) for d in DELAYS]
            figures[f"{name}_{kind}_gains"] = gains
            figures[f"{name}_{kind}"] = [
                judged(task, d, g, seed, **late) for d, g in zip(DELAYS, gains)
            ]
    figures["stick_planned"] = planned(seed)["stick_model"]
    return figures


def lqr(model: LinearDynamics, price=1e-5, rounds=2000):
    """Gains (kp, kd) that are best in a linear model for x^2 + price * command^2 (Riccati)."""
    weight = model.weight[:, :2].double().cpu().numpy()  # (4, 2): change of x and v
    A, B = np.identity(2) + weight[:2].T, weight[2][:, None]  # (2, 2), (2, 1)
    Q = np.diag([1.0, 0.0])
    P, K = Q, np.zeros((1, 2))
    for _ in range(rounds):
        K = np.linalg.solve(price + B.T @ P @ B, B.T @ P @ A)  # (1, 2)
        P = Q + A.T @ P @ (A - B @ K)
    return float(K[0, 0]), float(K[0, 1])


def planned(seed) -> dict:
    """The stick after 20 real seconds and no more: the gains, too, are computed in the model."""
    task = TASKS["stick"]
    model = arm_model(seed, world=task.world, longest=task.longest)
    gains = lqr(model)
    return {"stick_model": [judged(task, d, gains, seed, model=model) for d in DELAYS]}


class Accelerates:
    """A controller with a third gain, on the late acceleration: the difference of two observations.

    Args:
        gains: `(B, 3)`, on position, velocity and acceleration. delay: steps.
    """

    def __init__(self, gains, delay):
        self.gains, self.delay = np.asarray(gains), delay

    def begin(self, obs):
        self.before = np.asarray(obs, float)

    def act(self, late):
        change = (late[:, 1:] - self.before[:, 1:]) / Arm.SECONDS
        self.before = np.asarray(late, float)
        heard = np.concatenate([late, change], axis=1)  # (B, 3)
        return np.clip(-(self.gains * heard).sum(1, keepdims=True), -50, 50).astype(np.float32)


def accelerated(seed, delay=25, draws=2) -> dict:
    """The stick at the longer delay with three gains, the best of a grid of their own."""
    grid = np.meshgrid(np.geomspace(13.4, 22, 8), np.geomspace(1, 6, 12), np.linspace(0, 0.32, 12))
    gains = np.stack([axis.ravel() for axis in grid], axis=1)  # (1152, 3)
    rows = np.tile(gains, (draws, 1))
    agent = Accelerates(rows, delay)
    error = follow(agent, Stick(), upright, np.zeros((len(rows), 4)), [seed, 170])[1]
    best = gains[error.reshape(draws, -1).mean(0).argmin()]
    agent = Accelerates(np.tile(best, (8, 1)), delay)
    error = float(follow(agent, Stick(), upright, np.zeros((8, 4)), [seed, 171])[1].mean())
    return {"stick_model": [error, error]}


class Remembers:
    """A controller with no model: linear in the late observation and in the commands since.

    Args:
        weights: `(B, 2 + delay)`, one controller a row. delay: steps. units: of the weights, by
            default those in which evolution looks for them.
    """

    def __init__(self, weights, delay, units=None):
        self.delay = delay
        units = np.r_[30.0, 10.0, np.full(delay, 0.3)] if units is None else units
        self.weights = np.asarray(weights) * units

    def begin(self, obs):
        self.sent = np.zeros((len(obs), self.delay))

    def act(self, late):
        heard = np.concatenate([-late, self.sent], axis=1)  # (B, 2 + delay)
        action = np.clip((self.weights * heard).sum(1, keepdims=True), -50, 50)
        self.sent = np.concatenate([self.sent[:, 1:], action], axis=1)
        return action.astype(np.float32)


def practised(seed, delay=25, good=0.02, rounds=150) -> dict:
    """The stick without a model: 27 numbers found by evolution (CMA-ES) from real falls.

    Returns:
        stick_model: its error (m) at the longer delay, twice; minutes: of real balancing until 16
        fresh tries erred by less than `good` on average, or until it gave up.
    """
    import cma  # brings SciPy and a second with it, and nothing else of the chapter needs it

    evolution = cma.CMAEvolutionStrategy(
        np.zeros(2 + delay), 0.3, {"popsize": 24, "seed": seed + 1, "verbose": -9}
    )
    real, none = 0.0, np.zeros((16, 4))
    for k in range(rounds):
        asked = np.array(evolution.ask())
        agent, rows = Remembers(np.repeat(asked, 2, axis=0), delay), np.zeros((48, 4))
        _, errors = follow(agent, Stick(), upright, rows, [seed, 160, k], 300)
        evolution.tell(list(asked), list(errors.reshape(24, 2).mean(1)))
        real += 48 * 3.0
        if k % 5 == 4:
            mean = Remembers(np.repeat(evolution.mean[None], 16, axis=0), delay)
            error = follow(mean, Stick(), upright, none, [seed, 161, k])[1].mean()
            real += 16 * 6.0
            if error < good:
                break
    last = Remembers(np.repeat(evolution.mean[None], 16, axis=0), delay)
    error = float(follow(last, Stick(), upright, none, [seed, 162])[1].mean())
    return {"stick_model": [error, error], "minutes": real / 60}


def load_change(seed, delay=15) -> dict:
    """The arm becomes lighter; its forward model does not know, or is fitted again. Errors in m.

    "both": with the pair of gains whose larger error, over the heavy and the light arm, is smallest.
    """
    task = TASKS["wander"]
    old, new = arm_model(seed), arm_model(seed, world=LightArm())
    gains, plain = tuned(task, delay, seed, model=old), tuned(task, delay, seed)
    loads = [Arm(), LightArm()]
    robust = tuned(task, delay, seed, worlds=loads, model=old)
    modest = tuned(task, delay, seed, worlds=loads)
    run = lambda gains, world, **late: judged(task, delay, gains, seed, world=world, **late)
    return {
        "before": run(gains, Arm(), model=old),
        "stale": run(gains, LightArm(), model=old),
        "again": run(gains, LightArm(), model=new),
        "pd_before": run(plain, Arm()),
        "pd_stale": run(plain, LightArm()),
        "pd_again": run(tuned(task._replace(world=LightArm()), delay, seed), LightArm()),
        "both": [run(robust, world, model=old) for world in loads],
        "pd_both": [run(modest, world) for world in loads],
        "still": run((0.0, 0.0), LightArm()),
        "still_both": [run((0.0, 0.0), world) for world in loads],
    }
