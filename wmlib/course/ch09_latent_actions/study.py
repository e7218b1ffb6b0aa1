"""What the experiments of chapter 9 share: video of a driver, and what is measured on it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from wmlib import weights
from wmlib.agents import OfState
from wmlib.course.ch09_latent_actions.cloning import Cloner
from wmlib.devices import new_rng
from wmlib.evaluation import evaluate
from wmlib.evidence import Experiment
from wmlib.models.codebook import perplexity
from wmlib.models.convs import unit_images
from wmlib.models.latent_action import LatentActions, name_codes
from wmlib.streams import Streams
from wmlib.worlds.racing import MiniRacing, steer

CODES = ACTIONS = 3
LABELS = (1, 2, 3, 5, 10, 20, 50, 100, 300, 1000)  # labelled transitions, for the curve
NAMED = 3000  # so many steps of the training film are looked at to name codes and to draw labels


class NightRacing(MiniRacing):
    """The same car on another road: narrower, and dark between bright fields."""

    GRASS, ROAD, HALF_ROAD = 0.6, 0.1, 5.0


def video(steps, seed, chance=0.5, world=None):
    """A scripted driver is filmed, who does something at random every so often.

    Args:
        steps: real steps, of 32 cars side by side. seed: of tracks, starts and chance.
        chance: share of the steps in which the driver's hand slips. world: default MiniRacing.

    Returns:
        Sequences of 50 frames. Their `act` is the hidden truth: for measuring only.
    """
    streams, rng = Streams(world or MiniRacing(), 32, seed), new_rng([seed, 7])

    def driver(state):
        act = steer(state)
        slips = rng.random(len(act)) < chance
        return np.where(slips, rng.integers(ACTIONS, size=len(act)), act)

    return streams.play(steps, OfState(driver)).all(50)


def pairs(film):
    """Every frame that has a next one, the next one, and the hidden action between them."""
    real = film.real.bool()
    return film.obs[:, :-1][real], film.obs[:, 1:][real], film.act[real]


@lru_cache(maxsize=3)
def films(seed):
    """Two videos of a driver: for training, and on other tracks for testing."""
    return video(12_000, [seed, 0]), video(4_000, [seed, 1])


@lru_cache(maxsize=3)
def film_pairs(seed):
    """The same as pairs: `(before, after, act)` for training, and for testing."""
    return tuple(map(pairs, films(seed)))


@lru_cache(maxsize=3)
def expert_film(seed):
    """The video of a better driver in the other world: `(before, after, act)`."""
    return pairs(video(6_000, [seed, 2], chance=0.2, world=NightRacing()))


def cloudy(film, seed):
    """The same video under clouds: each frame as bright as chance says, one of three lights.

    Returns:
        frames as bytes, like `film.obs`, and the lights `(N, T)`: 0, 1 or 2.
    """
    light = new_rng(seed).integers(3, size=film.first.shape)
    factor = torch.as_tensor(np.array([0.3, 0.65, 1.0])[light], dtype=torch.float32)
    return (film.obs * factor[:, :, None, None, None]).to(torch.uint8), torch.as_tensor(light)


def steady(obs):
    """Each frame divided by its brightest pixel, which is the car's: `(N, T, 1, 32, 32)` bytes."""
    brightest = obs.amax((2, 3, 4), keepdim=True).float()
    return (obs * (255 / brightest)).round().clamp(0, 255).to(torch.uint8)


# --- training -------------------------------------------------------------------------------------


@lru_cache(maxsize=12)
def watched(seed, codes=CODES, free=False, steps=600):
    """A model that has watched the training video of this seed."""
    film, _ = films(seed)
    model = LatentActions(codes, free=free, seed=seed)
    model.fit(film.obs, film.first, steps=steps)
    return model


def some(n, of, seed):
    """`n` different numbers below `of`, drawn."""
    return torch.as_tensor(new_rng(seed).choice(of, n, replace=False))


def both(before, after):
    """What an inverse model sees: the frame and the change, `(B, 2, 32, 32)` floats."""
    before, after = unit_images(before), unit_images(after)
    return torch.cat([before, after - before], 1)


def inverse_model(before, after, act, seed, steps=500):
    """The same encoder, and it is told the true actions."""
    cloner = Cloner(ACTIONS, channels=2, seed=seed)
    cloner.fit(both(before, after), act, steps)
    return cloner


# --- measuring ------------------------------------------------------------------------------------


def psnr(drawn, real):
    """Peak signal-to-noise ratio of pictures in 0..1, in decibels, mean over the batch.

    The error of a picture is not taken below one grey level of a byte: 48 dB are perfect.
    """
    error = ((drawn - unit_images(real)) ** 2).mean((1, 2, 3)).clamp_min(1 / 255**2)
    return float(-10 * torch.log10(error).mean())


@torch.inference_mode()
def drawn(model, before, codes):
    """The frames that a model draws from these and the codes: `(B, 1, 32, 32)`."""
    pieces = zip(torch.as_tensor(before).split(512), torch.as_tensor(codes).split(512))
    return torch.cat([model.step(model.start(b), c).state for b, c in pieces])


def control(model, before, after, codes, seed):
    """PSNR with these codes, and what it loses with random ones: `{psnr, delta_psnr}`."""
    k = model.act_space.n
    chance = torch.randint(k, codes.shape, generator=torch.Generator().manual_seed(seed))
    ours = psnr(drawn(model, before, codes), after)
    return {"psnr": ours, "delta_psnr": ours - psnr(drawn(model, before, chance), after)}


def agree(names, codes, act):
    """Share of transitions whose code is called what was really done."""
    return float((torch.as_tensor(names)[codes] == act).float().mean())


def named(codes, act, test_codes, test_act, seed, k=CODES, draws=20):
    """Agreement on the test film of codes that the training film has named.

    Returns:
        {agreement: with all NAMED steps; by_labels: with so few, `(len(LABELS),)`, mean of draws}.
    """
    curve = []
    for n in LABELS:
        rows = [some(n, len(act), [seed, n, draw]) for draw in range(draws)]
        names = [name_codes(codes[r], act[r], k, ACTIONS) for r in rows]
        curve.append(float(np.mean([agree(name, test_codes, test_act) for name in names])))
    names = name_codes(codes, act, k, ACTIONS)
    return {"agreement": agree(names, test_codes, test_act), "by_labels": curve}


def score(codes_of, seed, k=CODES):
    """What codes are worth: `codes_of(before, after) -> (N,)`, on the films of this seed."""
    (before, after, act), (test_before, test_after, test_act) = film_pairs(seed)
    codes = codes_of(before[:NAMED], after[:NAMED])
    return named(codes, act[:NAMED], codes_of(test_before, test_after), test_act, seed, k)


def examine(model, seed, pairs=None):
    """The figures of a model: agreement, PSNR and ΔPSNR, codes in use.

    Args:
        pairs: as `film_pairs` gives them, where it is another film than that of the seed.
    """
    (before, after, act), (test_before, test_after, test_act) = pairs or film_pairs(seed)
    codes, k = model.infer(before[:NAMED], after[:NAMED]), int(model.act_space.n)
    test_codes = model.infer(test_before, test_after)
    return {
        **named(codes, act[:NAMED], test_codes, test_act, seed, k),
        **control(model, test_before, test_after, test_codes, seed),
        "perplexity": perplexity(test_codes, k),
    }


def told(n, seed, draws=3):
    """Agreement on the test film of an inverse model that is told `n` actions, and no more."""
    (before, after, act), (test_before, test_after, test_act) = film_pairs(seed)
    seen, found = both(test_before, test_after), []
    for draw in range(draws):
        rows = some(n, NAMED, [seed, n, draw])
        pupil = inverse_model(before[rows], after[rows], act[rows], seed, steps=200)
        found.append(agree(np.arange(ACTIONS), pupil.choose(seen), test_act))
    return float(np.mean(found))


@torch.inference_mode()
def surest(model, before, after):
    """For each code the step in which it beats the second best one by most: `(codes,)` numbers."""
    wrong = model.errors(unit_images(before), unit_images(after))
    best, second = wrong.sort(1).values[:, :2].T
    return ((second - best)[:, None] * (wrong == best[:, None])).argmax(0)


def drive(policy, names, seed, episodes=10):
    """Mean return in the other world of a policy that says codes, which are given names."""

    def agent(obs):
        return np.asarray(names)[policy.choose(obs).numpy()]

    return float(evaluate(NightRacing(), agent, episodes, seed).returns.mean())


# --- keys that turn with the place ----------------------------------------------------------------


def road_ahead(before):
    """In which column of the picture the road lies, a dozen pixels ahead of the car: `(B,)`."""
    light = (unit_images(before)[:, 0, 8:14].mean(1) - MiniRacing.GRASS).clamp_min(0)
    return (light * torch.arange(32)).sum(1) / light.sum(1).clamp_min(1e-3)


def place(before, thirds):
    """Whether the road ahead lies further left than usual (0), as usual (1) or right (2)."""
    return torch.bucketize(road_ahead(before), thirds)


class TurningKeys(LatentActions):
    """A trained model whose keys change their meaning with the place: a trick, not a training.

    It draws exactly what `model` draws. Only what a code is called differs: where the road lies
    in the second third of the picture, code k is what `model` calls k - 1, in the last k - 2.
    """

    def __init__(self, model, thirds):
        super().__init__(CODES, width=2)
        self.model, self.thirds = model, thirds

    def infer(self, before, after):
        return (self.model.infer(before, after) + place(before, self.thirds)) % CODES

    def step(self, state, action, generator=None):
        return self.model.step(state, (action - place(state, self.thirds)) % CODES)


# --- for looking at it ---------------------------------------------------------------------------


def kept(experiment: Experiment, seed: int) -> dict:
    """Figures of a seed: from the stored evidence, or run where that has none."""
    rows = (experiment.stored() or {"seeds": []})["seeds"]
    found = [row["figures"] for row in rows if row["seed"] == seed]
    return found[0] if found else experiment.run(seed)


def stored_model():
    """The model of seed 0, trained as `watched` trains it, from the file that comes with wmlib."""
    path = Path(__file__).parent / "weights" / "latent_actions.pt"
    return weights.load(LatentActions(CODES), path)


def stretches(film, frames):
    """Stretches of so many frames with no new episode in them: `(N, frames, 1, 32, 32)` bytes."""
    whole = ~film.first[:, 1:frames].any(1)
    return film.obs[whole, :frames]


@torch.inference_mode()
def say(model, frame, codes):
    """What is imagined when one frame `(1, 1, 32, 32)` is followed by these codes.

    Returns:
        `(len(codes) + 1, 1, 32, 32)` floats; the first one is the frame.
    """
    rollout = model.imagine(model.start(frame), torch.as_tensor(codes)[None])
    return torch.cat([model.decode(state) for state in rollout.states])
