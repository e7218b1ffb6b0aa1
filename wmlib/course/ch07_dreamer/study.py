"""Chapter 7's parts: train and check a Dreamer, ask what its latent knows, let it dream."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.devices import building, new_rng
from wmlib.evaluation import dream_beside_reality, evaluate, picture_errors
from wmlib.evidence import stored_evidence
from wmlib.learning.dreamer import Dreamer
from wmlib.models.convs import Encoder, unit_images
from wmlib.models.networks import mlp
from wmlib.planning import CEM, MPC
from wmlib.streams import Streams
from wmlib.training import train
from wmlib.worlds import Watched

WEIGHTS = Path(__file__).parent / "weights" / "dreamer.pt"  # of the training with seed 21
STEPS = 26_000  # real steps, 50 a second: nine minutes of CartPole
PROBE_STEPS = 1500  # of every network that reads velocities
CHECKS = [*range(12_000, 22_000, 2_000), *range(22_000, STEPS + 1, 1_000)]


def returns(agent, seed, episodes=16):
    """Returns of fresh episodes `(episodes,)`."""
    return evaluate(PixelCartPole(), agent, episodes, seed=seed).returns


def train_and_check(learner, seed, steps=STEPS, checks=CHECKS, report=None):
    """Learn, and play fresh episodes on the way; checks count neither as steps nor as seconds.

    Returns:
        list of (real steps, processor seconds, mean return, worst return), one per check.
    """
    found = []
    for k, goal in enumerate([c for c in checks if c <= steps]):
        learner.learn(goal - learner.steps, report)
        world = learner.streams.world
        fresh = evaluate(world, learner.agent(), 16, seed=[seed, 2, k]).returns
        found.append((learner.steps, learner.seconds, float(fresh.mean()), float(fresh.min())))
    return found


def read_stored(model, behaviour):
    """The stored weights, read into networks that were written like the library's.

    Args:
        model: an RSSM. behaviour: has `actor`, `ema`, `critic`, `slow`. Parameters in the same order.

    Returns:
        the checks of that training: list of (real steps, mean return, worst return).
    """
    stored = Dreamer(PixelCartPole()).import_weights(WEIGHTS)
    for ours, theirs in (
        (model, stored.model), (behaviour.actor, stored.ema.actor), (behaviour.ema, stored.ema.actor),
        (behaviour.critic, stored.behaviour.critic), (behaviour.slow, stored.behaviour.critic),
    ):  # fmt: skip
        ours.load_state_dict(dict(zip(ours.state_dict(), theirs.state_dict().values())))
    figures = stored_evidence("07_dreamer")["seeds"][0]["figures"]
    return list(zip(*(figures[key] for key in ("steps", "means", "worst"))))


# --- what the latent knows ------------------------------------------------------------------------


class Distracted:
    """A player some of whose actions are replaced by chance; it is told, and remembers.

    Args:
        share: of the actions that chance replaces.

    Attributes:
        feats: its features at every frame, `(n, F)` each. ages: frames since the beginning.
        acts: what was done.
    """

    def __init__(self, player, seed, share):
        self.player, self.share = player, share
        self.rng = new_rng(seed)
        self.feats, self.ages, self.acts, self.age = [], [], [], None

    def __call__(self, obs, first):
        act = self.player(obs, first).copy()
        stray = self.rng.random(len(act)) < self.share
        act[stray] = self.rng.integers(2, size=stray.sum())
        self.player.action = torch.as_tensor(act)
        self.feats.append(self.player.model.feat(self.player.state))
        self.age = np.where(first, 0, 0 if self.age is None else self.age + 1)
        self.ages.append(self.age)
        self.acts.append(act)
        return act


def watched_play(learner, seed, copies=64, steps=200, share=0.4):
    """Play with distraction, and note the truth.

    A good player keeps the cart so still that there is little velocity to be known; at a share of
    0.4 it is shaken enough, and still stays up.

    Returns:
        feats `(copies, steps, F)`, pictures `(copies, steps, 1, 32, 32)`, velocities
        `(copies, steps, 2)`, ages and acts `(copies, steps)`, the `Streams` themselves.
    """
    world = Watched(PixelCartPole())
    player = Distracted(learner.agent(), seed, share)
    streams = Streams(world, copies, seed).play(copies * steps, player)
    true = world.states.reshape(steps, copies, -1).swapaxes(0, 1)
    pictures = world.world.obs(true.reshape(-1, 4)).reshape(copies, steps, 1, 32, 32)
    feats = torch.stack(player.feats, 1).numpy()
    velocities = world.world.velocities(true.reshape(-1, 4)).reshape(copies, steps, 2)
    ages, acts = (np.stack(found, 1) for found in (player.ages, player.acts))
    return feats, pictures, velocities, ages, acts, streams


def r2(predicted, true):
    """Share of the variance explained, for each column."""
    return 1 - ((predicted - true) ** 2).mean(0) / true.var(0)


def network(net, x, y, x_test, seed, steps=PROBE_STEPS):
    """Predictions of a network trained on the same rows.

    Args:
        x, x_test: `rows -> inputs (n, ...)`, for numbers of rows. y: `(N, 2)`, what is taught.
    """
    (teach, exam), generator = (x, x_test), torch.Generator().manual_seed(seed)
    y = torch.as_tensor(y, dtype=torch.float32)
    mean, std = y.mean(0), y.std(0)

    def loss():
        rows = torch.randint(len(y), (128,), generator=generator)
        return ((net(teach(rows)) - (y[rows] - mean) / std) ** 2).mean()

    train(net.parameters(), loss, steps, lr=2e-3, weight_decay=1e-3)
    with torch.inference_mode():
        parts = [net(exam(rows)) for rows in torch.arange(exam.rows).split(2000)]
    return (torch.cat(parts) * std + mean).numpy()


class Rows:
    """Inputs of some moments, made when they are asked for: `rows -> (n, ...)` floats.

    Args:
        array: `(copies, steps, ...)` features, or pictures as bytes. mask: `(copies, steps)` bool.
        frames: of pictures: how many, the present one last, as channels.
    """

    def __init__(self, array, mask, frames=1):
        self.array, (self.copy, self.step) = array, np.nonzero(mask)
        self.back, self.rows = np.arange(1 - frames, 1), len(self.copy)

    def __call__(self, rows):
        copy, step = self.copy[rows], self.step[rows]
        if self.array.dtype != np.uint8:
            return torch.as_tensor(self.array[copy, step])
        return unit_images(self.array[copy[:, None], step[:, None] + self.back, 0])


def read_by(model, pictures, acts, ages):
    """Features `(copies, steps, F)` of a model that is shown what another player saw and did."""
    state, feats = model.start(pictures[:, 0]), []
    with torch.no_grad():
        for t in range(pictures.shape[1]):
            if t:
                act = torch.as_tensor(acts[:, t - 1])
                state = model.observe(state, act, pictures[:, t], first=ages[:, t] == 0)
            feats.append(model.feat(state))
    return torch.stack(feats, 1).numpy()


def velocity_probe(learner, untrained, seed, copies=128):
    """R2 of the two hidden velocities, from four inputs; the same rows, batches and steps for all.

    Half of the copies of the world teach, the other half examine. The first five frames of an
    episode are left out: nobody can know a velocity before having seen anything move.

    Args:
        untrained: a model that has learned nothing and is shown the same.

    Returns:
        dict: "latent", "untrained", "picture", "four" (pictures), each `[cart, pole]`.
    """
    feats, pictures, true, ages, acts, _ = watched_play(learner, [seed, 3], copies=copies)
    half, old = copies // 2, ages >= 5
    teach, exam = old.copy(), old.copy()
    teach[half:], exam[:half] = False, False
    blank = read_by(untrained, pictures, acts, ages)
    generator, found = torch.Generator().manual_seed(seed), {}
    for name, array, frames in (
        ("latent", feats, 1), ("untrained", blank, 1), ("picture", pictures, 1), ("four", pictures, 4),
    ):  # fmt: skip
        if array is pictures:
            with building(seed):
                net = nn.Sequential(Encoder(64, frames, width=8), nn.SiLU(), nn.Linear(64, 2))
        else:
            net = mlp([array.shape[-1], 256, 2], generator)
        x, x_test = Rows(array, teach, frames), Rows(array, exam, frames)
        guess = network(net, x, true[teach], x_test, seed)
        found[name] = r2(guess, true[exam]).tolist()
    return found


# --- dreams ---------------------------------------------------------------------------------------


def film_of(learner, seed, frames=50):
    """Stretches of `frames` frames of what the distracted player sees and does."""
    return watched_play(learner, [seed, 4], copies=32, share=0.25)[-1].all(frames)


def dream_errors(learner, seed):
    """Errors of the picture for 40 steps `(40,)`: of the dream, and of "nothing moves"."""
    real, dreamt = dream_beside_reality(learner.model, film_of(learner, seed), context=10)
    return picture_errors(real, dreamt), picture_errors(real, real[:, :1])


class Forgetful:
    """The trained agent with its memory wiped before every picture."""

    def __init__(self, learner):
        self.player = learner.agent()

    def begin(self, obs):
        pass

    def act(self, obs):
        self.player.begin(obs)
        return self.player.act(obs)

    def keep(self, mask):
        pass


class Recent:
    """The trained agent that remembers the last k pictures only.

    Args:
        last: `last(model, pictures, pushes, k)`, the answer to exercise 3.
    """

    def __init__(self, learner, last, k):
        self.learner, self.last, self.k = learner, last, k

    def begin(self, obs):
        self.pictures, self.pushes = [], []

    @torch.no_grad()
    def act(self, obs):
        model, self.pictures = self.learner.model, [*self.pictures, obs][-self.k :]
        state = self.last(model, list(self.pictures), list(self.pushes), self.k)
        push = self.learner.ema.act(model.feat(state))
        self.pushes = [*self.pushes, push][-self.k :]
        return push.numpy()

    def keep(self, mask):
        self.pictures = [picture[mask] for picture in self.pictures]
        self.pushes = [push[torch.as_tensor(mask)] for push in self.pushes]


def planner(learner, seed, horizon=12, candidates=48):
    """PlaNet on the same model: the cross-entropy method of chapter 4 in latent space."""
    search = CEM(horizon=horizon, candidates=candidates, iterations=2, elites=6)
    return MPC(learner.model, search, seed=seed)
