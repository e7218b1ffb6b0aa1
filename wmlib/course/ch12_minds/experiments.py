"""Chapter 12, minds, bodies, markets: each phenomenon as a claim, beside its control."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch12_minds.study import (
    CHANGE,
    adaptation,
    coding,
    critique,
    delays,
    engines,
    load_change,
    slow_people,
    three_ways,
)
from wmlib.evidence import Experiment

bars = Experiment(
    "12_bars",
    coding,
    {
        "found": (
            "from mixtures alone the model finds at least 15 of the 16 bars, and the untrained "
            "one none",
            lambda f: f["found"] >= 15 and f["found_naive"] == 0,
        ),
        "known": (
            "at a known bar the error units fall silent: less than 2 % of their energy is left",
            lambda f: f["known"] < 0.02,
        ),
        "diagonal": (
            "at a diagonal, which is as bright and was never seen, more than half of it stays",
            lambda f: f["diagonal"] > 0.5,
        ),
        "naive": (
            "and without learning more than half of it stays at the bars too",
            lambda f: f["naive"] > 0.5,
        ),
    },
    seeds=10,
)

field = Experiment(
    "12_field",
    adaptation,
    {
        "first": (
            "the field throws the first reaches more than 2.5 cm aside",
            lambda f: abs(f["model_first"]) > 2.5,
        ),
        "last": (
            "with a model that learns, the last reaches in the field are off by less than 0.4 cm",
            lambda f: abs(f["model_last"]) < 0.4,
        ),
        "catch": (
            "when the field is left out by surprise, and when it goes off, reaches miss by more "
            "than 2.5 cm to the other side",
            lambda f: min(f["model_catch"], f["model_after"]) > 2.5 and f["model_first"] < 0,
        ),
        "reflex": (
            "control: with feedback alone nothing improves, and there is no after-effect",
            lambda f: abs(f["reflex_last"]) > 2.5 and abs(f["reflex_after"]) < 0.2,
        ),
        "field": (
            "what was learned is the robot's field, each of its four numbers within 1.5 N s/m",
            lambda f: np.abs(np.array(f["learned_field"]) - [0, 13, -13, 0]).max() < 1.5,
        ),
    },
    seeds=10,
)

AT_100, AT_250 = 2, 3  # places in minds_parts.DELAYS

late = Experiment(
    "12_late",
    delays,
    {
        "late": (
            "acting on news that is 100 ms old, the arm strays ten times as far as on fresh news; "
            "at 250 ms it is out of control, by more than a metre",
            lambda f: f["late"][AT_100] > 10 * f["late"][0] and f["late"][AT_250] > 1,
        ),
        "smith": (
            "with a learned forward model it strays less than twice as far, at every delay",
            lambda f: max(f["smith"]) < 2 * f["late"][0],
        ),
        "deaf": (
            "control: a forward model that does not hear the commands is no help at 100 ms",
            lambda f: f["deaf"][AT_100] > 5 * f["smith"][AT_100],
        ),
    },
    seeds=5,
)

load = Experiment(
    "12_load",
    load_change,
    {
        "stale": (
            "when the arm becomes lighter, the forward model that was right ruins it: it strays at "
            "least ten times as far",
            lambda f: f["stale"] > 10 * f["before"],
        ),
        "again": (
            "and after 20 seconds of babbling with the lighter arm it is as good as before, within "
            "a factor of two",
            lambda f: f["again"] < 2 * f["before"],
        ),
    },
    seeds=5,
)

lucas = Experiment(
    "12_lucas",
    critique,
    {
        "old": (
            "while policy stays as it was, both models forecast within 0.25 percentage points",
            lambda f: max(f["reduced_old"], f["structural_old"]) < 0.25,
        ),
        "new": (
            "under a new target of 6 % the reduced form is off by more than 1.5 points, the "
            "structural model still by less than 0.25",
            lambda f: f["reduced_new"] > 1.5 and f["structural_new"] < 0.25,
        ),
        "more": (
            "20,000 years of data and 200 features do not cure it: still off by more than 1.5",
            lambda f: f["large_old"] < 0.25 and f["large_new"] > 1.5,
        ),
        "policy": (
            "policy chosen by the reduced form promises unemployment at least half a point below the "
            "natural rate and gets the natural rate, with inflation on top",
            lambda f: (
                f["reduced_promised"] < 4.5
                and abs(f["reduced_lived"] - 5) < 0.1
                and f["reduced_loss"] > f["structural_loss"] + 1
            ),
        ),
    },
    exact=True,
    seeds=10,
)

slow = Experiment(
    "12_slow",
    slow_people,
    {
        "bought": (
            "if people learn of the new target only from what happens, unemployment is bought at "
            "first: more than a point below the natural rate in the first two years",
            lambda f: np.mean(f["unemployment"][CHANGE : CHANGE + 2]) < 4,
        ),
        "gone": (
            "and thirty years later nothing of it is left",
            lambda f: abs(np.mean(f["unemployment"][CHANGE + 30 :]) - 5) < 0.1,
        ),
    },
    exact=True,
    seeds=10,
)

engine = Experiment(
    "12_engine",
    engines,
    {
        "copy": (
            "in the world the engine was written for, a copy learned from 600 steps (five networks) "
            "swings the pendulum up within 60 points of it",
            lambda f: f["same_copy_return"] > f["same_engine_return"] - 60,
        ),
        "drift": (
            "there the engine makes no error at all, and the copy's grows: one second ahead it is "
            "more than three times that of one step",
            lambda f: (
                max(f["same_engine_error"]) < 1e-3
                and f["same_copy_error"][19] > 3 * f["same_copy_error"][0]
            ),
        ),
        "other": (
            "in a world with 30 % more pull than was written down it is the other way round: the "
            "copy's error one second ahead is less than half of the engine's",
            lambda f: f["other_copy_error"][19] < 0.5 * f["other_engine_error"][19],
        ),
        "plans": (
            "and a planner earns more with the copy there than with the engine, by over 200 points",
            lambda f: f["other_copy_return"] > f["other_engine_return"] + 200,
        ),
    },
    seeds=5,
)

ways = Experiment(
    "12_ways",
    three_ways,
    {
        "forward": (
            "Forward-Forward gets more than 0.9 of the unseen digits right",
            lambda f: f["forward"] > 0.9,
        ),
        "backprop": (
            "backpropagation in the same two layers gets more right",
            lambda f: f["backprop"] > f["forward"],
        ),
        "logistic": (
            "and so does logistic regression, which has no layers at all",
            lambda f: f["logistic"] > f["forward"],
        ),
    },
    seeds=5,
)
