"""Day 8: a model of the whole pendulum from 600 real steps that begin at the bottom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day08_six_hundred.world import Hanging
from wmlib.challenges.offers import World
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake, numbers

STEPS, BOXES = 600, 72
BAR = 0.2


@dataclass
class Learned:
    """What the student's code learned in one world.

    Attributes:
        world: the world it had, as it left it. pendulum: its physics. model: of the student's.
        here: error of one step from states where it has been, in units of what changes.
        torque: by which factor its model's answer to the torque differs from the true one.
        far: error of ten steps from anywhere, in standard deviations; known, unknown: the same from
            boxes of angle and velocity in which it has been, and from the others. boxes: in how many
            of the 72 it has been.
    """

    world: World
    pendulum: Hanging
    model: Handle
    here: float
    torque: float
    far: float
    known: float
    unknown: float
    boxes: int


def _learned(exam, purpose):
    rng = exam.rng(purpose)
    gravity = rng.uniform(10.5, 12) if rng.random() < 0.5 else rng.uniform(18, 19.5)
    pendulum = Hanging(gravity, rng.uniform(2.3, 3.7))
    world = World(pendulum, steps=STEPS, seed=int(rng.integers(2**31)))
    model = exam.student.call("learn", world, int(rng.integers(1000)))
    if not isinstance(model, Handle):
        raise Mistake("learn should return a model: an object with step(obs, act)")
    if len(world.rows) < 20:
        raise Mistake(f"it learns from {len(world.rows)} real steps: up to {STEPS} are allowed")
    seen = np.array([row[0] for row in world.rows])
    state = np.stack([np.arctan2(seen[:, 1], seen[:, 0]), seen[:, 2].astype(float)], 1)
    visited = _boxes(state) - {None}
    here, torque = _one_step(pendulum, model, state[rng.integers(len(state), size=300)], rng)
    far, known, unknown = _ten_steps(pendulum, model, visited, rng)
    return Learned(world, pendulum, model, here, torque, far, known, unknown, len(visited))


def _boxes(state):
    return set(map(_box, state))


def _box(state):
    """Which of 12 x 6 boxes; None for a velocity beyond 6 rad/s."""
    angle, velocity = state
    row, col = int((angle + np.pi) / (2 * np.pi) * 12) % 12, int(np.floor((velocity + 6) / 2))
    return (row, col) if 0 <= col < 6 else None


def _ask(model, obs, act):
    said = model.call("step", obs, act) if model.has("step") else model(obs, act)
    if isinstance(said, tuple) and len(said) in (2, 3):
        said = said[0]  # reward and continue beside
    return numbers(said, (len(obs), 3), "the next obs of step").astype(np.float32)


def _one_step(pendulum, model, state, rng):
    act = rng.uniform(-2, 2, (len(state), 1)).astype(np.float32)
    obs, nxt = pendulum.seen(state), pendulum.seen(pendulum.move(state, act[:, 0]))
    off = _ask(model, obs, act) - nxt
    scale = (nxt - obs).std(0)
    push, pull = (_ask(model, obs, np.full_like(act, u))[:, 2].mean() for u in (1.0, -1.0))
    torque = (push - pull) / (2 * 0.05 * pendulum.motor)
    return float(np.sqrt(((off / scale) ** 2).mean())), float(torque)


def _ten_steps(pendulum, model, visited, rng):
    state = np.stack([rng.uniform(-np.pi, np.pi, 300), rng.uniform(-6, 6, 300)], 1)
    known = np.array([_box(row) in visited for row in state])
    obs = pendulum.seen(state)
    seen, act = [obs], rng.uniform(-2, 2, (300, 1)).astype(np.float32)
    for _ in range(10):
        state = pendulum.move(state, act[:, 0])
        obs = _ask(model, obs, act)
        seen.append(pendulum.seen(state))
    off = ((obs - seen[-1]) / np.std(seen, (0, 1))) ** 2
    parts = [
        np.sqrt(off[mask].mean()) if mask.any() else 0.0 for mask in (known | True, known, ~known)
    ]
    return tuple(map(float, parts))


def _library(model):
    """Whether a model is the pendulum of the library, or of gymnasium, to three digits."""
    pendulum, rng = Hanging(15.0, 3.0), np.random.default_rng(0)
    state = np.stack([rng.uniform(-3, 3, 50), rng.uniform(-6, 6, 50)], 1)
    act = rng.uniform(-2, 2, (50, 1)).astype(np.float32)
    truth = pendulum.seen(pendulum.move(state, act[:, 0]))
    return bool(np.abs(_ask(model, pendulum.seen(state), act) - truth).max() < 5e-3)


def first(exam: Exam) -> Learned:
    """The first world."""
    return _learned(exam, "first")


def others(exam: Exam) -> list[Learned]:
    """Two more (one, where it has to be quick)."""
    return [_learned(exam, name) for name in (["second"] if exam.quick else ["second", "third"])]


def steps(exam: Exam) -> str | None:
    """Real steps, counted here."""
    rows = exam.once(first).world.rows
    if len(rows) < 300:
        return f"it takes {len(rows)} of {STEPS} real steps: each of them tells something"
    if np.std([row[1] for row in rows]) < 0.2:
        return "its torques hardly differ: then nobody can tell what the torque does"
    return None


def fit(exam: Exam) -> str | None:
    """One step, from where it has been, with fresh torques."""
    found = exam.once(first)
    if _library(found.model):
        return "its model is the pendulum of the library, not the one that it has moved: learn from its steps"
    if found.here > 1.3:
        return (
            f"one step from states where it has been, the error is {found.here:.1f} times what "
            "changes: worse than 'nothing moves'. Does step give the next obs, not the change?"
        )
    if found.here > 0.8:
        return (
            f"one step from states where it has been, the error is {found.here:.2f} of what changes: "
            "hardly better than 'nothing moves'. Was it trained, and is the change added to obs?"
        )
    if not 0.6 < found.torque < 1.4:
        return (
            f"its model's answer to the torque is {found.torque:.1f} times the true one: is the act "
            "among the inputs, and in the same scale in training and afterwards?"
        )
    if found.here > 0.15:
        return (
            f"one step from states where it has been, the error is {found.here:.2f} of what changes, "
            "and 0.15 is allowed: it is the model, not the data. Is it rich enough, trained for long "
            "enough, are inputs and targets brought to one scale?"
        )
    return None


def everywhere(exam: Exam) -> str | None:
    """Ten steps from anywhere."""
    return _everywhere(exam.once(first), "")


def reliable(exam: Exam) -> str | None:
    """In other worlds, with other seeds."""
    everyone = [exam.once(first), *exam.once(others)]
    worst = max(everyone, key=lambda found: found.far)
    return _everywhere(worst, f"in the worst of {len(everyone)} pendulums, ")


def _everywhere(found, where):
    if found.far < BAR:
        return None
    said = (
        f"{where}after ten steps from anywhere the error is {found.far:.2f} standard deviations, "
        f"where {BAR} is allowed. "
    )
    if found.here > 0.15:
        return (
            said
            + f"It errs where it has data, too ({found.here:.2f} of one step's change): mend that first"
        )
    told = f"Its real steps lie in {found.boxes} of {BOXES} boxes of angle and velocity (see the picture). "
    if found.unknown > 1.5 * found.known:
        return (
            said
            + told
            + (
                f"From those the error is {found.known:.2f}, from the others {found.unknown:.2f}: where no "
                "data lies, nothing was learned"
            )
        )
    return (
        said
        + told
        + (
            f"One step is right to {found.here:.2f} of what changes, but ten steps need it better. Train "
            "longer, or let it practise several steps in a row"
        )
    )


challenge = Challenge(
    name="day08_six_hundred",
    title="Six hundred steps",
    chapter="03",
    minutes=30,
    kind="build",
    seconds=150,
    parts=[
        Part("steps", 1, "Real steps that tell something.", steps),
        Part("fit", 3, "One step ahead, where the data lies.", fit),
        Part("everywhere", 3, "Ten steps ahead, from anywhere.", everywhere),
        Part("reliable", 3, "The same in three pendulums, each time.", reliable),
    ],
    hints=[
        "Plot the velocity against the angle, np.arctan2(obs[:, 1], obs[:, 0]), of your 600 steps. Which "
        "parts of the plane are empty? Random torques change their mind 20 times a second, and the "
        "pendulum hardly notices.",
        "A child on a swing pushes in the direction in which it moves: torque 2 * sign(velocity) puts "
        "energy in, and the opposite takes it out. You want to have been high and low, fast and slow.",
        "Every 30 steps take a new wish for the energy 0.5 * velocity ** 2 + 15 * cos, between -8 and "
        "36, each level once. Below it push with the motion, above it against; in three steps of ten push at random. "
        "Then a network as in chapter 3: it predicts the change, inputs and targets scaled.",
    ],
)
