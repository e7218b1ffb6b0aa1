"""Parts of chapter 12: bars and digits, reaches and delays, statistics and policies, two engines."""

from __future__ import annotations

import time
from collections import deque
from itertools import islice

import numpy as np
import torch
from torch import nn

from wmlib.acting import play
from wmlib.course.ch12_minds.adaptation import Reacher
from wmlib.course.ch12_minds.bodies import Arm, Hand
from wmlib.course.ch12_minds.delay import Late
from wmlib.course.ch12_minds.economy import Economy
from wmlib.course.ch12_minds.forward_forward import ForwardForward
from wmlib.course.ch12_minds.phillips import ReducedForm, Structural, best_target
from wmlib.course.ch12_minds.predictive_coding import PredictiveCoding, bars, found, single_bars
from wmlib.evaluation import error_by_horizon, evaluate
from wmlib.experience import collect
from wmlib.learning.swing_up import SWING, pendulum_steps
from wmlib.models import Ensemble, LinearDynamics, Simulator
from wmlib.models.networks import mlp
from wmlib.planning import CEM, MPC
from wmlib.training import train
from wmlib.worlds import Pendulum

# --- predictive coding -----------------------------------------------------------------------

DIAGONAL = np.eye(8).reshape(1, -1)


def coding(seed, pictures=3000) -> dict:
    """Bars, learned; then how loud the error units stay at a bar, a diagonal, two crossing bars."""
    rng = np.random.default_rng([seed, 120])
    naive = PredictiveCoding(64, seed=seed)
    model = PredictiveCoding(64, seed=seed).fit(bars(pictures, rng))
    singles = single_bars()
    return {
        "found": found(model, singles),
        "found_naive": found(naive, singles),
        "known": left_loud(model, singles),
        "naive": left_loud(naive, singles),
        "diagonal": left_loud(model, DIAGONAL),
        "pixels": float((model.infer(bars(500, rng), 150).error ** 2).mean()),
    }


def left_loud(model, pictures, steps=150) -> float:
    """Share of the error units' energy that is left when inference has settled, mean."""
    settled = model.infer(pictures, steps)
    return float(((settled.error**2).sum(1) / settled.energy[0]).mean())


# --- a hand in a force field -----------------------------------------------------------------

BEFORE, FIELD, AFTER = 40, 160, 80  # reaches with the robot off, on, off


def session(seed, rate=0.03) -> dict:
    """Reaches in eight directions; the field comes on and goes off; now and then it is left out.

    Returns:
        aside `(reaches,)`: sideways error in cm; catch `(reaches,)` bool: field left out in the
        middle of the field block; field: the model at the end of that block.
    """
    rng, reacher = np.random.default_rng([seed, 121]), Reacher(rate=rate, seed=seed)
    off, on = Hand(), Hand(Hand.CURL)
    aside, catch = [], []
    for k in range(BEFORE + FIELD + AFTER):
        pushed = BEFORE <= k < BEFORE + FIELD
        caught = bool(pushed and k > BEFORE + 20 and rng.random() < 0.1)
        angle = rng.integers(8) * np.pi / 4
        world = on if pushed and not caught else off
        aside.append(reacher.reach(world, angle, learn=not caught).aside)
        catch.append(caught)
        if k == BEFORE + FIELD - 1:
            field = reacher.field
    return {"aside": np.array(aside), "catch": np.array(catch), "field": field}


def adaptation(seed) -> dict:
    """The session with and without an internal model that learns: mean sideways errors in cm."""
    figures = {}
    for name, rate in (("model", 0.03), ("reflex", 0.0)):
        went = session(seed, rate)
        aside, catch, on = went["aside"], went["catch"], BEFORE + FIELD
        seen = np.where(catch, np.nan, aside)
        figures |= {
            f"{name}_aside": aside,
            f"{name}_catch_trials": catch.astype(int),
            f"{name}_before": np.mean(aside[BEFORE - 20 : BEFORE]),
            f"{name}_first": np.mean(aside[BEFORE : BEFORE + 3]),
            f"{name}_last": np.nanmean(seen[on - 20 : on]),
            f"{name}_catch": np.mean(aside[catch]),
            f"{name}_after": np.mean(aside[on : on + 3]),
            f"{name}_washed": np.mean(aside[-20:]),
        }
        if name == "model":
            figures["learned_field"] = went["field"].ravel()
    return figures


# --- news that is late -----------------------------------------------------------------------

DELAYS = [0, 5, 10, 25]  # steps of 10 ms


def wave(t):
    """The path to follow: position (m) and velocity of a sine of 0.5 Hz."""
    w = 2 * np.pi * 0.5 * Arm.SECONDS
    return 0.3 * np.sin(w * t), 0.3 * w / Arm.SECONDS * np.cos(w * t)


def follow_wave(t, obs):
    """A brisk controller, right if nothing were late: `(B, 2) -> (B, 1)`."""
    x, v = wave(t)
    return np.clip(30 * (x - obs[:, :1]) + 6 * (v - obs[:, 1:]), -50, 50)


def arm_model(seed, steps=2000, world=None) -> LinearDynamics:
    """A forward model of the arm from 20 seconds of babbling."""
    rng = np.random.default_rng([seed, 122])
    babble = lambda obs: rng.normal(0, 3, (len(obs), 1)).astype(np.float32)  # noqa: E731
    data = collect(world or Arm(), babble, steps, [seed, 123])
    return LinearDynamics(2, Arm.act_space).fit(data)


def track(agent: Late, seed, steps=600, arm=None):
    """Follow the wave from news that is late.

    Returns:
        positions `(steps,)`, and the root mean square error (m) after the first third.
    """
    late = deque(
        maxlen=agent.delay + 1
    )  # what was to be seen then and since; the oldest is seen now

    def act(obs):
        if not late:
            late.extend([obs] * (agent.delay + 1))
            agent.begin(obs)
        late.append(obs)
        return agent.act(late[0])

    playing = play(arm or Arm(), act, rng=[seed, 124], max_steps=steps)
    path = [step.next_state[0, 0] for step in islice(playing, steps)]
    off = np.array(path) - wave(np.arange(1, steps + 1))[0]
    return np.array(path), float(np.sqrt((off[steps // 3 :] ** 2).mean()))


def delays(seed) -> dict:
    """Tracking error by delay: acting on late news, with a learned forward model, and controls."""
    model, figures = arm_model(seed), {"delays": [10 * d for d in DELAYS]}
    kinds = {"late": {}, "smith": {"model": model}, "deaf": {"model": model, "copies": False}}
    for name, kind in kinds.items():
        figures[name] = [track(Late(follow_wave, d, **kind), seed)[1] for d in DELAYS]
    return figures


class LightArm(Arm):
    """The same arm, having put down what it carried: every command moves it further."""

    GAIN = 2.2 * Arm.GAIN


def load_change(seed, delay=15) -> dict:
    """The arm becomes lighter; its forward model does not know, or has babbled again. Errors in m."""
    old, new = arm_model(seed), arm_model(seed, world=LightArm())
    error = lambda model, arm: track(Late(follow_wave, delay, model), seed, arm=arm)[1]  # noqa: E731
    return {
        "before": error(old, Arm()),
        "stale": error(old, LightArm()),
        "again": error(new, LightArm()),
    }


# --- the economy -----------------------------------------------------------------------------


def rmse(model, years) -> float:
    """Root mean square error of a forecast of unemployment, in percentage points."""
    return float(np.sqrt(((model.predict(years) - years.unemployment[1:]) ** 2).mean()))


def critique(seed) -> dict:
    """Fit in the old regime, forecast in it, then use the models to set policy."""
    rng, economy = np.random.default_rng([seed, 125]), Economy()
    past, held_out, many = (economy.run(np.full(n, 2.0), rng) for n in (300, 400, 20_000))
    models = {
        "reduced": ReducedForm().fit(past),
        "large": ReducedForm(features=200, seed=seed).fit(many),
        "structural": Structural().fit(past),
    }
    new, figures = economy.run(np.full(400, 6.0), rng), {}
    for name, model in models.items():
        target = best_target(model)
        lived = economy.run(np.full(4000, target), rng)
        figures |= {
            f"{name}_old": rmse(model, held_out),
            f"{name}_new": rmse(model, new),
            f"{name}_target": target,
            f"{name}_promised": model.promise(target),
            f"{name}_lived": lived.unemployment.mean(),
            f"{name}_loss": lived.unemployment.mean() ** 2 + 0.5 * lived.inflation.mean() ** 2,
        }
    return figures


CHANGE = 10  # the year in which the target rises from 2 to 6 %


def slow_people(seed, learning=0.2, runs=200, years=60) -> dict:
    """The same change of policy, met by people who learn from what happens: mean of many runs."""
    rng, economy = np.random.default_rng([seed, 133]), Economy(learning=learning)
    targets = np.where(np.arange(years) < CHANGE, 2.0, 6.0)
    lives = [economy.run(targets, rng) for _ in range(runs)]
    return {
        "unemployment": np.mean([life.unemployment for life in lives], 0),
        "expected": np.mean([life.expected for life in lives], 0),
    }


# --- the engine and its copy -----------------------------------------------------------------


class HeavyPendulum(Pendulum):
    """Reality: the engine's pendulum with a rod that is longer than its builders wrote down.

    Args:
        weight: by how much gravity's pull is stronger than in the engine.
    """

    def __init__(self, weight: float = 1.3):
        self.weight = weight

    def step(self, state, action, rng=None):
        nxt, rew, over = super().step(state, action, rng)
        angle = np.asarray(state, float)[:, 0]
        extra = (self.weight - 1) * 15 * np.sin(angle) * 0.05
        velocity = np.clip(nxt[:, 1] + extra, -8, 8)
        return np.stack([angle + 0.05 * velocity, velocity], axis=1), rew, over


def swinger(model, seed):
    """The same planner for every model, chapter 4's for the swing-up."""
    return MPC(model, CEM(**SWING), seed)


def learned_copy(world, seed, steps=600):
    """Chapter 5's ensemble, which has learned a pendulum from so many real steps."""
    copy = Ensemble(3, world.act_space, seed=seed)
    copy.fit(pendulum_steps(steps, seed, world), steps=1000)
    return copy


def engines(seed, episodes=6) -> dict:
    """Engine and learned copy, in the world the engine was written for and in one it was not."""
    figures = {}
    for name, world in (("same", Pendulum()), ("other", HeavyPendulum())):
        engine = Simulator(Pendulum())
        copy = learned_copy(world, seed)
        test = collect(world, swinger(copy, seed + 1), 200, [seed, 131], random_share=0.2)
        for kind, model in (("engine", engine), ("copy", copy)):
            figures[f"{name}_{kind}_error"] = error_by_horizon(model, test, 20, seed)
            played = evaluate(world, swinger(model, seed), episodes, [seed, 132])
            figures[f"{name}_{kind}_return"] = played.returns.mean()
    return figures


def steps_a_second(model, obs, batch=1000, repeat=20) -> float:
    """Imagined steps a second of processor time, in batches."""
    state = model.start(np.repeat(obs, batch, axis=0))
    action = torch.zeros(batch, 1)
    with torch.inference_mode():
        model.step(state, action)
        began = time.process_time()
        for _ in range(repeat):
            model.step(state, action)
    return batch * repeat / max(1e-9, time.process_time() - began)


# --- digits ----------------------------------------------------------------------------------


def digits(seed):
    """Scikit-learn's 1,797 handwritten digits of 8 x 8: (x, y, test x, test y) as tensors."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    data = load_digits()
    x, test, y, label = train_test_split(
        data.data / 16, data.target, test_size=0.25, random_state=seed, stratify=data.target
    )
    as_floats = lambda a: torch.as_tensor(a, dtype=torch.float32)  # noqa: E731
    return as_floats(x), torch.as_tensor(y), as_floats(test), torch.as_tensor(label)


def backprop(x, y, seed, steps=1600):
    """The same two layers of 200, taught by backpropagation: a function of pictures to labels."""
    generator = torch.Generator().manual_seed(seed)
    net = mlp([x.shape[1], 200, 200, 10], generator)

    def loss_of_batch():
        rows = torch.randint(len(x), (50,), generator=generator)
        return nn.functional.cross_entropy(net(x[rows]), y[rows])

    train(net.parameters(), loss_of_batch, steps, 1e-3)
    return lambda pictures: net(pictures).argmax(1)


def three_ways(seed, epochs=30) -> dict:
    """Accuracy on a quarter of the digits that nobody was taught."""
    from sklearn.linear_model import LogisticRegression

    x, y, test, label = digits(seed)
    forward = ForwardForward(64, seed=seed).fit(x, y, epochs)
    back = backprop(x, y, seed)
    logistic = LogisticRegression(max_iter=500).fit(x.numpy(), y.numpy())
    share = lambda guess: float((torch.as_tensor(guess) == label).float().mean())  # noqa: E731
    with torch.inference_mode():
        return {
            "forward": share(forward.predict(test)),
            "backprop": share(back(test)),
            "logistic": share(logistic.predict(test.numpy())),
        }
