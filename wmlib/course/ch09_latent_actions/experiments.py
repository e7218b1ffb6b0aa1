"""Chapter 9, latent actions: the experiments behind its claims.

Each seed has its own video for training and its own, on other tracks, for testing. A model is
given frames only; the true actions are looked at afterwards, to measure. See `latent_parts`.
"""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch09_latent_actions.cloning import Cloner
from wmlib.course.ch09_latent_actions.study import (
    ACTIONS,
    CODES,
    NAMED,
    TurningKeys,
    agree,
    both,
    cloudy,
    control,
    drive,
    films,
    inverse_model,
    label_curve,
    pairs,
    road_ahead,
    some,
    surest,
    video,
    watched,
)
from wmlib.evaluation import evaluate
from wmlib.evidence import Experiment
from wmlib.models.codebook import perplexity
from wmlib.models.latent_action import LatentActions, name_codes
from wmlib.worlds.racing import MiniRacing


def examine(model, seed):
    """What a model's codes are worth, on the videos of this seed.

    Returns:
        figures, the codes it inferred in the first NAMED steps of the training video, and in the
        test video.
    """
    (before, after, act), (test_before, test_after, test_act) = map(pairs, films(seed))
    codes = model.infer(before[:NAMED], after[:NAMED])
    test_codes = model.infer(test_before, test_after)
    names = name_codes(codes, act[:NAMED], CODES, ACTIONS)
    ours, chance, copied = control(model, test_before, test_after, test_codes, seed)
    figures = {
        "agreement": agree(names, test_codes, test_act),
        "psnr": ours,
        "delta_psnr": ours - chance,
        "psnr_copied": copied,
        "perplexity": perplexity(test_codes, CODES),
    }
    return figures, codes, test_codes


def run_codes(seed):
    """A model that watched MiniRacing, beside the ceiling and the baselines."""
    (before, after, act), (test_before, test_after, test_act) = map(pairs, films(seed))
    model = watched(seed)
    figures, codes, test_codes = examine(model, seed)
    ceiling = inverse_model(before, after, act, seed)
    turning = TurningKeys(model, road_ahead(before).quantile(torch.tensor([1 / 3, 2 / 3])))
    turned, _, _ = examine(turning, seed)
    told = {}
    for n in (10, 100, 1000):
        rows = some(n, len(act), [seed, n])
        pupil = inverse_model(before[rows], after[rows], act[rows], seed, steps=200)
        told[n] = agree(np.arange(ACTIONS), pupil.choose(both(test_before, test_after)), test_act)
    return figures | {
        "majority": float((test_act == act.mode().values).float().mean()),
        "guess": agree(
            name_codes(codes, act[:NAMED], CODES, ACTIONS),
            model.infer_by_encoder(test_before, test_after),
            test_act,
        ),
        "ceiling": agree(
            np.arange(ACTIONS), ceiling.choose(both(test_before, test_after)), test_act
        ),
        "by_labels": label_curve(codes, act[:NAMED], test_codes, test_act, seed),
        "told": list(told.values()),
        "turning_agreement": turned["agreement"],
        "turning_delta": turned["delta_psnr"],
        "turning_psnr": turned["psnr"],
    }


codes = Experiment(
    "09_codes",
    run_codes,
    {
        "agreement": (
            "on tracks it has not seen, the codes of a model that was never told an action agree "
            "with the hidden actions in at least 60 % of the steps",
            lambda f: f["agreement"] >= 0.6,
        ),
        "majority": (
            "that is at least 20 points more than always saying the most frequent action",
            lambda f: f["agreement"] >= f["majority"] + 0.2,
        ),
        "ceiling": (
            "it is within five points of a network that was told every action",
            lambda f: f["agreement"] >= f["ceiling"] - 0.05,
        ),
        "guess": (
            "trying every word and taking the one that draws the next frame best agrees with the "
            "actions at least as often as the word that the eye says at once",
            lambda f: f["agreement"] >= f["guess"],
        ),
        "control": (
            "the picture of the next frame loses at least 3 dB when the code is drawn at random",
            lambda f: f["delta_psnr"] >= 3,
        ),
        "usage": (
            "all three codes are in use: the perplexity is above 2.5 of 3",
            lambda f: f["perplexity"] > 2.5,
        ),
        "labels": (
            "twenty labelled transitions name the codes: the agreement is within five points of "
            "what thousands of labels give",
            lambda f: f["by_labels"][5] >= f["agreement"] - 0.05,
        ),
        "turning": (
            "a model whose keys turn with the place draws the very same pictures, and its codes "
            "agree with the actions less often by at least 30 points",
            lambda f: (
                f["turning_agreement"] < f["agreement"] - 0.3
                and abs(f["turning_psnr"] - f["psnr"]) < 1e-3
            ),
        ),
    },
    seeds=5,
)


def run_clouds(seed):
    """Free codes, and a video in which the light changes more than the driver does."""
    (train, test), shades = films(seed), {}
    for k, film in enumerate((train, test)):
        obs, light = cloudy(film, [seed, 5, k])
        real = film.real.bool()
        shades[k] = (obs, obs[:, :-1][real], obs[:, 1:][real], light[:, 1:][real], film.act[real])
    obs, before, after, light, act = shades[0]
    model = LatentActions(CODES, free=True, seed=seed)
    model.fit(obs, train.first, steps=600)
    _, test_before, test_after, test_light, test_act = shades[1]
    codes = model.infer(before[:NAMED], after[:NAMED])
    test_codes = model.infer(test_before, test_after)
    act, light = act[:NAMED], light[:NAMED]
    ours, chance, copied = control(model, test_before, test_after, test_codes, seed)
    return {
        "agreement": agree(name_codes(codes, act, CODES, ACTIONS), test_codes, test_act),
        "majority": float((test_act == act.mode().values).float().mean()),
        "light": agree(name_codes(codes, light, CODES, 3), test_codes, test_light),
        "psnr": ours,
        "delta_psnr": ours - chance,
        "psnr_copied": copied,
        "perplexity": perplexity(test_codes, CODES),
    }


clouds = Experiment(
    "09_clouds",
    run_clouds,
    {
        "control": (
            "under clouds a random code costs at least 5 dB",
            lambda f: f["delta_psnr"] >= 5,
        ),
        "chance": (
            "and the codes agree with the actions no better than always saying the most frequent "
            "one, give or take five points",
            lambda f: f["agreement"] <= f["majority"] + 0.05,
        ),
        "light": (
            "they say how bright the next frame is, in at least 90 % of the steps",
            lambda f: f["light"] >= 0.9,
        ),
    },
    seeds=5,
)


def run_cloning(seed):
    """Driving as an unlabelled video of a better driver shows it, and a handful of labels."""
    model, film = watched(seed), video(6_000, [seed, 2], chance=0.2)
    before, after, act = pairs(film)
    inferred = model.infer(before, after)
    policy = Cloner(CODES, seed=seed)
    policy.fit(before, inferred, steps=400)
    from_video, from_labels = [], []
    for draw in range(3):
        rows = some(10, len(act), [seed, 3, draw])
        names = name_codes(inferred[rows], act[rows], CODES, ACTIONS)
        from_video.append(drive(policy, names, [seed, 4]).mean())
        alone = Cloner(ACTIONS, seed=draw)
        alone.fit(before[rows], act[rows], steps=100)
        from_labels.append(drive(alone, np.arange(ACTIONS), [seed, 4]).mean())
    rows = surest(model, before[:NAMED], after[:NAMED])
    asked = drive(policy, name_codes(inferred[rows], act[rows], CODES, ACTIONS), [seed, 4])
    three = Cloner(ACTIONS, seed=seed)
    three.fit(before[rows], act[rows], steps=100)
    told = Cloner(ACTIONS, seed=seed)
    told.fit(before, act, steps=400)
    return {
        "from_video": from_video,
        "from_labels": from_labels,
        "asked": float(asked.mean()),
        "three": float(drive(three, np.arange(ACTIONS), [seed, 4]).mean()),
        "video": float(np.mean(from_video)),
        "labels": float(np.mean(from_labels)),
        "all_labels": float(drive(told, np.arange(ACTIONS), [seed, 4]).mean()),
        "random": float(evaluate(MiniRacing(), None, 20, [seed, 4]).returns.mean()),
    }


cloning = Experiment(
    "09_cloning",
    run_cloning,
    {
        "drives": (
            "a policy cloned from video without actions, its three codes named by asking about "
            "one step each, drives at least four fifths of a lap on average",
            lambda f: f["asked"] >= 80,
        ),
        "labels": (
            "that is further than cloning from ten labelled frames drawn at random, without the "
            "film",
            lambda f: f["asked"] > f["labels"],
        ),
        "random": (
            "and at least three times as far as random steering",
            lambda f: f["asked"] > 3 * max(f["random"], 1),
        ),
    },
    seeds=5,
)
