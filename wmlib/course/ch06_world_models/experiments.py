"""Chapter 6, World Models (2018): the experiments behind its claims. Method: `world_models_parts`.

The temperature of the headline, 1.0, was chosen on seeds from 1000 up; here are seeds 0 and on.
"""

from __future__ import annotations

import numpy as np

from wmlib.course.ch06_world_models.racing import HeavyRacing, laps, learn_to_drive, racing_model
from wmlib.course.ch06_world_models.study import (
    GENERATIONS,
    POPULATION,
    ROLLOUTS,
    SEEN,
    TEMPERATURES,
    VALIDATION,
    baselines,
    dodge_model,
    dreamt,
    picture_errors,
    real,
    trained_in_dream,
    trained_in_reality,
)
from wmlib.evaluation import evaluate
from wmlib.evidence import Experiment
from wmlib.worlds import MiniRacing


def examine(model, starts, parameters, temperature, seed):
    """What a controller is worth in its dream and in the world: means, and spreads of lives."""
    inside = dreamt(model, starts, parameters, temperature, seed)
    outside = real(model, parameters, [seed, 66])
    return {
        "dream": inside.mean(),
        "dream_spread": inside.std(),
        "real": outside.mean(),
        "real_spread": outside.std(),
    }


def run_dream(seed):
    """Controllers that never met the world: from a dream of temperature 1, and from a cold one."""
    model, starts = dodge_model(seed)
    figures = baselines([seed, 66])
    for name, temperature in (("warm", 1.0), ("cold", 0.1)):
        found = examine(model, starts, trained_in_dream(seed, temperature), temperature, seed)
        figures |= {f"{name}_{key}": value for key, value in found.items()}
    moved, eye, still = picture_errors(model, seed)
    return figures | {"moved": moved, "eye": eye, "still_picture": still}


dream = Experiment(
    "06_dream",
    run_dream,
    {
        "twice": (
            "a controller that was trained in the dream alone lives at least twice as long in the "
            "real world as random play",
            lambda f: f["warm_real"] >= 2 * f["random"],
        ),
        "cheat": (
            "in the cold dream its controller lives at least twice as long as in the world",
            lambda f: f["cold_dream"] >= 2 * f["cold_real"],
        ),
        "warm": (
            "the controller of the warm dream lives at least half as long again in the real world "
            "as that of the cold dream",
            lambda f: f["warm_real"] >= 1.5 * f["cold_real"],
        ),
        "still": (
            "ten steps into the dream its picture is nearer to what happens than the last picture "
            "that was seen",
            lambda f: f["moved"][9] < f["still_picture"][9],
        ),
    },
    seeds=10,
)


def run_temperatures(seed):
    """The table: a controller for every temperature, its score in its dream and in the world.

    One set of real episodes chooses the temperature, another one reports what the choice is worth.
    """
    model, starts = dodge_model(seed)
    rows, chooser = [], []
    for temperature in TEMPERATURES:
        parameters = trained_in_dream(seed, temperature)
        rows.append(examine(model, starts, parameters, temperature, seed))
        chooser.append(real(model, parameters, [seed, 67], 50).mean())
    best = int(np.argmax(chooser))
    return {key: [row[key] for row in rows] for key in rows[0]} | {
        "chosen": TEMPERATURES[best],
        "chosen_real": rows[best]["real"],
        "random": baselines([seed, 66])["random"],
    }


temperatures = Experiment(
    "06_temperatures",
    run_temperatures,
    {
        "easy": (
            "of all the dreams the coldest is the one in which its controller lives longest",
            lambda f: np.argmax(f["dream"]) == 0,
        ),
        "worst": (
            "and in the real world that one lives shorter than the controller of any dream at "
            "temperature 1 or above",
            lambda f: f["real"][0] < min(f["real"][2:]),
        ),
        "chosen": (
            "the temperature that some real episodes choose is worth at least twice random play "
            "on other episodes",
            lambda f: f["chosen_real"] >= 2 * f["random"],
        ),
    },
    seeds=5,
)


def run_reality(seed):
    """CMA-ES in the real world on the same V and M: with as many lives, with as many real steps."""
    model, _ = dodge_model(seed)
    late, early, steps = trained_in_reality(seed)
    in_dream = trained_in_dream(seed, 1.0)
    return {
        "dream": real(model, in_dream, [seed, 68]).mean(),
        "same_lives": real(model, late, [seed, 68]).mean(),
        "same_steps": real(model, early, [seed, 68]).mean(),
        "seen": SEEN,
        "steps": steps,
        "lives": POPULATION * ROLLOUTS * GENERATIONS + VALIDATION * GENERATIONS // 4,
    }


reality = Experiment(
    "06_reality",
    run_reality,
    {
        "steps": (
            "the search in the real world takes at least four times the real steps from which the "
            "dream was learned",
            lambda f: f["steps"] >= 4 * f["seen"],
        )
    },
    seeds=5,
)


def run_racing(seed):
    """The heavy car driven on z and on z and h, the light one on z; all trained in the world."""
    model, figures = racing_model(seed), {}
    for what in ("z", "z and h"):
        found = laps(model, learn_to_drive(seed, what), what, [seed, 66])
        figures |= {what: found.mean(), f"{what}, spread": found.std()}
    light = learn_to_drive(seed, "z", MiniRacing(), generations=6)
    return figures | {
        "light": laps(model, light, "z", [seed, 66], MiniRacing()).mean(),
        "random": evaluate(HeavyRacing(), None, 50, [seed, 66]).returns.mean(),
    }


racing = Experiment(
    "06_racing",
    run_racing,
    {
        "laps": (
            "the driver that reads z and h takes the heavy car at least three quarters of a lap "
            "on new tracks, on average",
            lambda f: f["z and h"] >= 75,
        ),
        "light": (
            "without the heavy wheel z alone is enough for at least nine tenths of a lap",
            lambda f: f["light"] >= 90,
        ),
    },
    seeds=5,
)
