"""Chapter 9, latent actions: the experiments behind its claims.

Each seed has its own video for training and its own, on other tracks, for testing. A model is
given frames only; the true actions are looked at afterwards, to measure. See `study`, `rivals`.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch

from wmlib.course.ch09_latent_actions.cloning import Cloner
from wmlib.course.ch09_latent_actions.rivals import (
    at_random,
    clustering,
    difference,
    habit,
    image_motion,
    untrained,
)
from wmlib.course.ch09_latent_actions.study import (
    ACTIONS,
    CODES,
    LABELS,
    NAMED,
    agree,
    both,
    cloudy,
    drive,
    examine,
    expert_film,
    film_pairs,
    films,
    inverse_model,
    kept,
    named,
    psnr,
    score,
    some,
    steady,
    surest,
    told,
    watched,
)
from wmlib.evidence import Claim, Experiment
from wmlib.models.convs import unit_images
from wmlib.models.latent_action import LatentActions, name_codes

TEN = LABELS.index(10)  # place of ten labels in the curve


def of_codes(codes_of, seed, k=CODES):
    """Somebody who makes codes and no pictures: a random code costs nothing."""
    return score(codes_of, seed, k) | {"delta_psnr": 0.0}


def of_untrained(seed):
    """The networks before they have learned."""
    return examine(untrained(seed), seed)


def run_codes(seed):
    """A model that watched MiniRacing, beside the encoder alone and networks that were told."""
    (before, after, act), (test_before, test_after, test_act) = film_pairs(seed)
    model = watched(seed)
    ceiling = inverse_model(before, after, act, seed).choose(both(test_before, test_after))
    counts = 10, 100, 1000
    told_by = {f"told_{n}": told(n, seed) for n in counts}
    return {
        **examine(model, seed),
        "encoder": score(model.infer_by_encoder, seed)["agreement"],
        "ceiling": agree(np.arange(ACTIONS), ceiling, test_act),
        "majority": float((test_act == act[:NAMED].mode().values).float().mean()),
        "copied": psnr(unit_images(test_before), test_after),
        **told_by,
        "told_curve": [told_by["told_10"] if n <= 10 else told_by["told_100"] for n in LABELS],
    }


codes = Experiment(
    "09_codes",
    run_codes,
    {
        "agrees": Claim(
            "On new tracks the codes agree with the hidden actions in at least {most:.0%} of the "
            "steps ({agreement:.1%}); k-means of picture differences in "
            "{differences[agreement]:.1%}, k-means of fitted image motion in "
            "{motion[agreement]:.1%}, a network that was told every action in "
            "{supervised[agreement]:.1%}.",
            lambda f, most: f["agreement"] >= most,
            most=0.95,
        ),
        "labels": Claim(
            "With ten labels to name them they agree in at least {most:.0%} ({by_labels[4]:.1%}); "
            "k-means of image motion in {motion[by_labels][4]:.1%}, an inverse model that learns "
            "from ten labels alone in {few[by_labels][4]:.1%}.",
            lambda f, most: f["by_labels"][TEN] >= most,
            most=0.85,
        ),
        "control": Claim(
            "The predicted frame loses at least {db} dB when its code is drawn at random "
            "({delta_psnr:.1f}); that of the untrained networks {untrained[delta_psnr]:.1f}.",
            lambda f, db: f["delta_psnr"] >= db,
            db=6,
        ),
    },
    trivial={
        "random": lambda seed: of_codes(at_random(seed), seed),
        "habit": lambda seed: of_codes(habit(seed), seed),
        "untrained": of_untrained,
        "majority": lambda seed: of_codes(lambda before, _: torch.zeros(len(before)).long(), seed),
    },
    rival={
        "differences": lambda seed: of_codes(clustering(difference, seed), seed),
        "motion": lambda seed: of_codes(clustering(image_motion, seed), seed),
        "supervised": {"agreement": "ceiling"},
        "few": {"by_labels": "told_curve"},
    },
)

# --- how many codes? ------------------------------------------------------------------------------

COUNTS = 1, 2, 3, 5, 8
TWO, THREE, EIGHT = (COUNTS.index(k) for k in (2, 3, 8))


def by_count(figures_of):
    """Figures for every number of codes, as lists: `figures_of(k) -> figures`."""
    rows = [figures_of(k) for k in COUNTS]
    return {
        "agreement": [row["agreement"] for row in rows],
        "with_10": [row["by_labels"][TEN] for row in rows],
        "by_labels": [row["by_labels"] for row in rows],
        "psnr": [row.get("psnr", 0.0) for row in rows],
    }


def run_counts(seed):
    """The same training with one, two, three, five and eight codes."""
    three = kept(codes, seed)  # trained in the same way
    found = by_count(lambda k: three if k == CODES else examine(watched(seed, k), seed))
    _, (before, after, _) = film_pairs(seed)
    return found | {"copied": [psnr(unit_images(before), after)] * len(COUNTS)}


counts = Experiment(
    "09_counts",
    run_counts,
    {
        "two": Claim(
            "From two codes to three the predicted frame gains at least {more} dB, from three to "
            "eight at most {less} ({psnr[1]:.1f}, {psnr[2]:.1f} and {psnr[4]:.1f} dB); with no "
            "choice it has {psnr[0]:.1f}, the last picture {last_picture[psnr][0]:.1f}.",
            lambda f, more, less: (
                f["psnr"][THREE] - f["psnr"][TWO] >= more
                and f["psnr"][EIGHT] - f["psnr"][THREE] <= less
            ),
            more=3,
            less=2,
        ),
        "eight": Claim(
            "Eight codes still agree with the actions in at least {most:.0%} of the steps "
            "({agreement[4]:.1%}; three in {agreement[2]:.1%}, two in {agreement[1]:.1%}); eight "
            "clusters of image motion in {motion[agreement][4]:.1%}, of picture differences in "
            "{differences[agreement][4]:.1%}.",
            lambda f, most: f["agreement"][EIGHT] >= most,
            trivial=["random"],
            most=0.92,
        ),
        "price": Claim(
            "But ten labels name eight codes worse than three: they agree in at least {points} "
            "points fewer of the steps ({with_10[4]:.0%} against {with_10[2]:.0%}).",
            lambda f, points: 100 * (f["with_10"][THREE] - f["with_10"][EIGHT]) >= points,
            trivial=["random"],
            points=3,
        ),
    },
    seeds=10,
    trivial={
        "random": lambda seed: by_count(lambda k: of_codes(at_random(seed, k), seed, k)),
        "last_picture": {"psnr": "copied"},
    },
    rival={
        name: lambda seed, features=features: by_count(
            lambda k: of_codes(clustering(features, seed, k), seed, k)
        )
        for name, features in (("differences", difference), ("motion", image_motion))
    },
)

# --- what helped: a code is a movement ------------------------------------------------------------


def run_freedom(seed):
    """Codes that are movements, and codes of which the decoder may make what it likes."""
    return {
        "agreement": kept(codes, seed)["agreement"],
        "free": examine(watched(seed, free=True), seed)["agreement"],
        "free_8": examine(watched(seed, 8, free=True), seed)["agreement"],
        "free_long": examine(watched(seed, free=True, steps=2400), seed)["agreement"],
    }


freedom = Experiment(
    "09_freedom",
    run_freedom,
    {
        "movement": Claim(
            "Codes that are movements agree with the actions in at least {points} points more of "
            "the steps than free ones in the same training ({agreement:.0%} against "
            "{free_codes[agreement]:.0%}; free and four times as long "
            "{longer[agreement]:.0%}, eight free codes {eight[agreement]:.0%}, k-means of picture "
            "differences {differences[agreement]:.0%}).",
            lambda f, points: 100 * (f["agreement"] - f["free"]) >= points,
            points=15,
        )
    },
    seeds=10,
    trivial={
        "random": lambda seed: score(at_random(seed), seed),
        "habit": lambda seed: score(habit(seed), seed),
        "untrained": lambda seed: {"agreement": of_untrained(seed)["agreement"]},
    },
    rival={
        "free_codes": {"agreement": "free"},
        "longer": {"agreement": "free_long"},
        "eight": {"agreement": "free_8"},
        "differences": lambda seed: score(clustering(difference, seed), seed),
    },
)

# --- clouds ---------------------------------------------------------------------------------------


def under_clouds(seed, change=lambda obs: obs):
    """The films of a seed under clouds, `change` applied to their frames.

    Returns:
        frames for training; pairs as `film_pairs`; the light of each next frame, in both films.
    """
    frames, found, lights = None, [], []
    for k, film in enumerate(films(seed)):
        obs, light = cloudy(film, [seed, 5, k])
        obs, real = change(obs), film.real.bool()
        frames = obs if frames is None else frames
        found.append((obs[:, :-1][real], obs[:, 1:][real], film.act[real]))
        lights.append(light[:, 1:][real])
    return frames, found, lights


def of_cloudy(model, seed, found, lights):
    """Agreement with the actions, ΔPSNR, and agreement with the light."""
    (before, after, _), (test_before, test_after, _) = found
    spoken = model.infer(before[:NAMED], after[:NAMED]), model.infer(test_before, test_after)
    light = named(spoken[0], lights[0][:NAMED], spoken[1], lights[1], seed, draws=1)
    return examine(model, seed, found) | {"light": light["agreement"]}


def run_clouds(seed):
    """A video in which the light changes more than the driver does: free codes, and movements."""
    frames, found, lights = under_clouds(seed)
    figures = {}
    for free in (True, False):
        model = LatentActions(CODES, free=free, seed=seed)
        model.fit(frames, films(seed)[0].first, steps=600)
        figures[free] = of_cloudy(model, seed, found, lights)
    frames, found, _ = under_clouds(seed, steady)
    model = LatentActions(CODES, seed=seed)
    model.fit(frames, films(seed)[0].first, steps=600)
    return figures[True] | {
        "majority": kept(codes, seed)["majority"],
        "moving": figures[False]["agreement"],
        "moving_light": figures[False]["light"],
        "moving_delta": figures[False]["delta_psnr"],
        "steady": examine(model, seed, found)["agreement"],
    }


def cloudy_random(seed):
    """Random codes: they control nothing."""
    return {"agreement": 1 / 3, "delta_psnr": 0.0, "light": 1 / 3, "steady": 1 / 3}


def cloudy_untrained(seed):
    """The untrained networks under clouds, and on the steadied film."""
    _, found, lights = under_clouds(seed)
    figures = of_cloudy(untrained(seed, free=True), seed, found, lights)
    _, found, _ = under_clouds(seed, steady)
    return figures | {"steady": examine(untrained(seed), seed, found)["agreement"]}


clouds = Experiment(
    "09_clouds",
    run_clouds,
    {
        "fooled": Claim(
            "Under clouds a random code costs at least {db} dB ({delta_psnr:.1f}), and yet the "
            "codes agree with the actions in at most {points} points more of the steps than always "
            "the same action ({agreement:.0%} against {majority:.0%}); with no clouds the same "
            "model in {clear[agreement]:.0%}.",
            lambda f, db, points: (
                f["delta_psnr"] >= db and 100 * (f["agreement"] - f["majority"]) <= points
            ),
            db=4.5,
            points=5,
        ),
        "light": Claim(
            "They tell the light of the next frame in at least {most:.0%} ({light:.0%}).",
            lambda f, most: f["light"] >= most,
            most=0.9,
        ),
        "steady": Claim(
            "Divide each frame by its brightest pixel, and movement codes agree with the actions "
            "in at least {most:.0%} again ({steady:.0%}); without this in "
            "{as_filmed[steady]:.0%}.",
            lambda f, most: f["steady"] >= most,
            most=0.9,
        ),
    },
    seeds=10,
    trivial={"random": cloudy_random, "untrained": cloudy_untrained},
    rival={
        "clear": lambda seed: {"agreement": kept(freedom, seed)["free"]},
        "as_filmed": {"steady": "moving"},
    },
)

# --- cloning --------------------------------------------------------------------------------------

FEW = 3, 10, 50  # labelled expert steps
DRAWS = 3  # of these, the same for everybody


def cloned(film_codes, seed, steps=400):
    """A policy that has learned the codes of the expert's film, and its return by their names."""
    before, _, _ = expert_film(seed)
    policy, known = Cloner(CODES, seed=seed), {}
    policy.fit(before, film_codes, steps=steps)

    def drives(names):
        key = tuple(int(name) for name in names)
        if key not in known:
            known[key] = drive(policy, key, [seed, 4])
        return known[key]

    return drives


def by_labels(drives, film_codes, seed):
    """Return in the real world when n labelled expert steps name the codes: `(len(FEW),)`."""
    _, _, act = expert_film(seed)
    curve = []
    for n in FEW:
        rows = [some(n, len(act), [seed, 3, n, draw]) for draw in range(DRAWS)]
        curve.append([drives(name_codes(film_codes[r], act[r], CODES, ACTIONS)) for r in rows])
    return [float(np.mean(found)) for found in curve]


def clone_codes(codes_of, seed):
    """Clone the expert through codes: `codes_of(before, after) -> (N,)`."""
    before, after, act = expert_film(seed)
    film_codes = codes_of(before, after)
    drives = cloned(film_codes, seed)
    names = name_codes(film_codes, act, CODES, ACTIONS)
    rows = torch.stack([(film_codes == k).int().argmax() for k in range(CODES)])  # one of each
    return {
        "transfer": agree(names, film_codes, act),
        "returns": by_labels(drives, film_codes, seed),
        "asked": drives(name_codes(film_codes[rows], act[rows], CODES, ACTIONS)),
    }


def run_cloning(seed):
    """Genie's recipe: codes from one film, an expert's film of another look, a few labels."""
    model, (before, after, act) = watched(seed), expert_film(seed)
    film_codes = model.infer(before, after)
    rows = surest(model, before[:NAMED], after[:NAMED])
    drives = cloned(film_codes, seed)
    three = Cloner(ACTIONS, seed=seed)
    three.fit(before[rows], act[rows], steps=100)
    same = np.arange(ACTIONS)
    (day_before, day_after, day_act), _ = film_pairs(seed)
    day = inverse_model(day_before, day_after, day_act, seed)
    at_once = model.infer_by_encoder(before, after)
    return {
        "transfer": agree(name_codes(film_codes, act, CODES, ACTIONS), film_codes, act),
        "encoder": agree(name_codes(at_once, act, CODES, ACTIONS), at_once, act),
        "returns": by_labels(drives, film_codes, seed),
        "asked": drives(name_codes(film_codes[rows], act[rows], CODES, ACTIONS)),
        "asked_alone": drive(three, same, [seed, 4]),
        "all_labels": [cloned(act, seed)(same)] * len(FEW),
        "day_inverse": agree(same, day.choose(both(before, after)), act),
    }


def few_labels(seed, film):
    """The same labels without latent actions.

    Args:
        film: False: the policy learns from the labelled frames alone. True: an inverse model
            learns from them, labels the whole film, and the policy learns that (as VPT does).
    """
    before, after, act = expert_film(seed)
    curve = []
    for n in FEW:
        found = []
        for draw in range(DRAWS):
            rows = some(n, len(act), [seed, 3, n, draw])
            if film:
                inverse = inverse_model(before[rows], after[rows], act[rows], seed, steps=200)
                policy = cloned(inverse.choose(both(before, after)), seed)
                found.append(policy(np.arange(ACTIONS)))
            else:
                alone = Cloner(ACTIONS, seed=draw)
                alone.fit(before[rows], act[rows], steps=150)
                found.append(drive(alone, np.arange(ACTIONS), [seed, 4]))
        curve.append(float(np.mean(found)))
    return {"returns": curve}


cloning = Experiment(
    "09_cloning",
    run_cloning,
    {
        "transfer": Claim(
            "In a film of another look the codes agree with the hidden actions in at least "
            "{most:.0%} of the steps ({transfer:.1%}); those of image motion in "
            "{motion[transfer]:.1%}, an inverse model that was told every action of the first film "
            "in {told_by_day[transfer]:.0%}.",
            lambda f, most: f["transfer"] >= most,
            most=0.95,
        ),
        "drives": Claim(
            "Cloned through them the policy drives at least {lap} % of a lap, whether 50 labelled "
            "steps name the codes ({returns[2]:.0f}) or three, one for each code ({asked:.0f}). "
            "50 labels alone {labels[returns][2]:.0f}, an inverse model from them "
            "{inverse[returns][2]:.0f}, the three frames alone {alone[asked]:.0f}; codes of image "
            "motion {motion[returns][2]:.0f} and {motion[asked]:.0f}, all labels "
            "{oracle[returns][2]:.0f}.",
            lambda f, lap: min(f["returns"][FEW.index(50)], f["asked"]) >= lap,
            lap=92,
        ),
    },
    trivial={
        "random": lambda seed: clone_codes(at_random(seed), seed),
        "untrained": lambda seed: clone_codes(untrained(seed).infer, seed),
    },
    rival={
        "labels": partial(few_labels, film=False),
        "inverse": partial(few_labels, film=True),
        "motion": lambda seed: clone_codes(clustering(image_motion, seed), seed),
        "oracle": {"returns": "all_labels"},
        "told_by_day": {"transfer": "day_inverse"},
        "alone": {"asked": "asked_alone"},
    },
    seeds=10,
)
