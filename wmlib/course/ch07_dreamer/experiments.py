"""Chapter 7, Dreamer: the experiments behind its claims. Units and method: `dreamer_parts`."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch07_dreamer.ablations import CHECKED, LEFT_OUT, run_left_out  # noqa: F401
from wmlib.course.ch07_dreamer.numbers import NUMBER_CHECKS, run_numbers  # noqa: F401
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.study import (
    STEPS,
    Forgetful,
    dream_errors,
    planner,
    returns,
    train_and_check,
    velocity_probe,
)
from wmlib.evidence import Experiment
from wmlib.learning.dreamer import Dreamer


def examine(learner, checks, seed):
    """Figures of a trained learner."""
    dream, still = dream_errors(learner, seed)
    return {
        "steps": [c[0] for c in checks],
        "seconds": [c[1] for c in checks],
        "means": [c[2] for c in checks],
        "worst": [c[3] for c in checks],
        "last_five": min(c[2] for c in checks[-5:]),
        "cpu_seconds": learner.seconds,
        "probe": velocity_probe(learner, seed),
        "dream": dream,
        "still": still,
        "actor": returns(learner.agent(), [seed, 5], 4).mean(),
        "forgetful": returns(Forgetful(learner), [seed, 5], 4).mean(),
        "planner": returns(planner(learner, seed), [seed, 5], 4).mean(),
    }


def run_dreamer(seed):
    """One whole training from pictures, and everything the chapter asks of its result."""
    learner = Dreamer(PixelCartPole(), settle=STEPS, seed=seed)
    return examine(learner, train_and_check(learner, seed), seed)


def latent(figures):
    """The better probe of the latent: R2 of the two velocities."""
    return np.maximum(figures["probe"]["latent_ridge"], figures["probe"]["latent_network"])


def frame(figures):
    """The better regression from one picture."""
    return np.maximum(figures["probe"]["frame_ridge"], figures["probe"]["frame_network"])


dreamer = Experiment(
    "07_dreamer",
    run_dreamer,
    {
        "solved": (
            "after 26,000 real steps it keeps the pole up from pictures alone: at least 475 of "
            "500 steps on fresh episodes, in each of the last five checks",
            lambda f: f["last_five"] >= 475 and f["steps"][-1] <= STEPS + 32,
        ),
        "cheap": (
            "the whole training takes less than four minutes on one processor core",
            lambda f: f["cpu_seconds"] < 240,
        ),
        "velocity": (
            "both velocities, which no picture shows, can be read from the latent: R2 of at "
            "least 0.9",
            lambda f: latent(f).min() >= 0.9,
        ),
        "memory": (
            "the best regression from one picture of the same play stays at least 0.4 below that",
            lambda f: (latent(f) - frame(f)).min() >= 0.4,
        ),
        "forgetful": (
            "the same agent, its memory wiped before every picture, does not reach a fifth of that",
            lambda f: f["forgetful"] < 0.2 * f["actor"],
        ),
        "dream": (
            "a dream of five steps is less wrong than a world in which nothing moves",
            lambda f: f["dream"][4] < f["still"][4],
        ),
    },
)

left_out = Experiment(
    "07_left_out",
    run_left_out,
    {
        "memory": ("without a memory no check reaches 100 steps", lambda f: max(f["memory"]) < 100),
        "prior": (
            "with a prior that nobody teaches no check reaches 100 steps",
            lambda f: max(f["prior"]) < 100,
        ),
        "picture": (
            "with nothing to draw no check reaches 100 steps",
            lambda f: max(f["picture"]) < 100,
        ),
        "critic": (
            "without a critic it is not done after 20,000 real steps",
            lambda f: max(f["critic"][:3]) < 475,
        ),
    },
    seeds=5,
)

numbers = Experiment(
    "07_numbers",
    run_numbers,
    {
        "loses": (
            "shown four numbers, with everything else as with pictures, it falls below 475 of 500 "
            "steps in one of the last five checks before 16,000 real steps",
            lambda f: f["latent_last_five"] < 475,
        ),
        "off": (
            "its episodes rather end off the track, with the pole up, than in a fall",
            lambda f: f["latent_ends"][0] > f["latent_ends"][1],
        ),
        "truth": (
            "the same actor and critic, practising in the true physics, balance for longer in the "
            "last five checks",
            lambda f: np.mean(f["truth_means"][-5:]) > np.mean(f["latent_means"][-5:]),
        ),
        "lost": (
            "to the critic on the latent a cart that nothing can keep on the track is worth at "
            "least 70 % of one in the middle, and more than to the one on the true numbers",
            lambda f: f["latent_lost"] >= max(0.7, f["truth_lost"]),
        ),
    },
    seeds=20,
)
