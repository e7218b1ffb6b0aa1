"""Chapter 7's parts: train and check a Dreamer, ask what its latent knows, let it dream."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.devices import building
from wmlib.evaluation import dream_beside_reality, evaluate, picture_errors
from wmlib.evidence import stored_evidence
from wmlib.models.convs import Encoder, unit_images
from wmlib.models.networks import mlp
from wmlib.planning import CEM, MPC
from wmlib.streams import Streams
from wmlib.training import train
from wmlib.worlds import Watched

WEIGHTS = Path(__file__).parent / "weights" / "dreamer.pt"  # of the training with seed 21
STEPS = 26_000  # real steps, 50 a second: nine minutes of CartPole
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


def stored_training(learner):
    """The stored weights, read into a learner, and the checks of the first stored training."""
    learner.import_weights(WEIGHTS)
    figures = stored_evidence("07_dreamer")["seeds"][0]["figures"]
    learner.seconds = figures["cpu_seconds"]
    return list(zip(*(figures[key] for key in ("steps", "seconds", "means", "worst"))))


# --- what the latent knows ------------------------------------------------------------------------


class Distracted:
    """A player some of whose actions are replaced by chance; it is told, and remembers.

    Args:
        share: of the actions that chance replaces.

    Attributes:
        feats: its features at every frame, `(n, F)` each. ages: frames since the beginning.
    """

    def __init__(self, player, seed, share):
        self.player, self.share = player, share
        self.rng = np.random.default_rng(seed)
        self.feats, self.ages, self.age = [], [], None

    def __call__(self, obs, first):
        act = self.player(obs, first).copy()
        stray = self.rng.random(len(act)) < self.share
        act[stray] = self.rng.integers(2, size=stray.sum())
        self.player.action = torch.as_tensor(act)
        self.feats.append(self.player.model.feat(self.player.state))
        self.age = np.where(first, 0, 0 if self.age is None else self.age + 1)
        self.ages.append(self.age)
        return act


def watched_play(learner, seed, copies=64, steps=200, share=0.4):
    """Play with distraction, and note the truth.

    A good player keeps the cart so still that there is little velocity to be known; at a share of
    0.4 it is shaken enough, and still stays up.

    Returns:
        feats `(copies, steps, F)`, pictures `(copies, steps, 1, 32, 32)`, velocities
        `(copies, steps, 2)`, ages `(copies, steps)`, the `Streams` themselves.
    """
    world = Watched(PixelCartPole())
    player = Distracted(learner.agent(), seed, share)
    streams = Streams(world, copies, seed).play(copies * steps, player)
    true = world.states.reshape(steps, copies, -1).swapaxes(0, 1)
    pictures = world.world.obs(true.reshape(-1, 4)).reshape(copies, steps, 1, 32, 32)
    feats = torch.stack(player.feats, 1).numpy()
    velocities = world.world.velocities(true.reshape(-1, 4)).reshape(copies, steps, 2)
    return feats, pictures, velocities, np.stack(player.ages, 1), streams


def r2(predicted, true):
    """Share of the variance explained, for each column."""
    return 1 - ((predicted - true) ** 2).mean(0) / true.var(0)


def ridge(x, y, x_test, strength=1.0):
    """Predictions of a linear regression with a penalty: `(N, D), (N, K), (M, D) -> (M, K)`."""
    mean, scale = x.mean(0), x.std()  # one scale for all: a constant pixel is not blown up
    x, x_test = (x - mean) / scale, (x_test - mean) / scale
    weights = np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ (y - y.mean(0)))
    return x_test @ weights + y.mean(0)


def network(net, x, y, x_test, seed, steps):
    """Predictions of a network trained on the same rows, inputs as tensors."""
    generator, y = torch.Generator().manual_seed(seed), torch.as_tensor(y, dtype=torch.float32)
    mean, std = y.mean(0), y.std(0)

    def loss():
        rows = torch.randint(len(x), (128,), generator=generator)
        return ((net(x[rows]) - (y[rows] - mean) / std) ** 2).mean()

    train(net.parameters(), loss, steps, lr=2e-3, weight_decay=1e-3)
    with torch.inference_mode():
        return (net(x_test) * std + mean).numpy()


def velocity_probe(learner, seed):
    """R2 of the two hidden velocities, from the latent and from one picture; same rows for all.

    Half of the copies of the world teach, the other half examine. The first five frames of an
    episode are left out: nobody can know a velocity before having seen anything move.
    """
    feats, pictures, true, ages, _ = watched_play(learner, [seed, 3], copies=256)
    half, old = len(feats) // 2, ages >= 5
    teach, exam = old.copy(), old.copy()
    teach[half:], exam[:half] = False, False
    y, y_test = true[teach], true[exam]
    generator = torch.Generator().manual_seed(seed)
    with building(seed):
        cnn = nn.Sequential(Encoder(64, width=8), nn.SiLU(), nn.Linear(64, 2))
    small = mlp([feats.shape[-1], 256, 2], generator)
    flat = lambda mask: pictures[mask].reshape(mask.sum(), -1) / 255.0  # noqa: E731
    kept = lambda mask: unit_images(pictures[mask])  # noqa: E731
    features = lambda mask: torch.as_tensor(feats[mask])  # noqa: E731
    guesses = {
        "latent_ridge": ridge(feats[teach], y, feats[exam]),
        "latent_network": network(small, features(teach), y, features(exam), seed, 4000),
        "frame_ridge": ridge(flat(teach), y, flat(exam), strength=100.0),
        "frame_network": network(cnn, kept(teach), y, kept(exam), seed, 1000),
    }
    return {name: r2(guess, y_test).tolist() for name, guess in guesses.items()}


# --- dreams ---------------------------------------------------------------------------------------


def film_of(learner, seed, frames=50):
    """Stretches of `frames` frames of what the distracted player sees and does."""
    return watched_play(learner, [seed, 4], copies=32, share=0.25)[-1].all(frames)


def dream_errors(learner, seed):
    """Errors of the picture for 40 steps `(40,)`: of the dream, and of "nothing moves"."""
    real, dreamt = dream_beside_reality(learner.model, film_of(learner, seed), context=10)
    return picture_errors(real, dreamt), picture_errors(real, real[:, :1])


class Forgetful:
    """The trained agent with its memory wiped before every look."""

    def __init__(self, learner):
        self.player = learner.agent()

    def begin(self, obs):
        pass

    def act(self, obs):
        self.player.begin(obs)
        return self.player.act(obs)

    def keep(self, mask):
        pass


def planner(learner, seed, horizon=12, candidates=48):
    """PlaNet on the same model: the cross-entropy method of chapter 4 in latent space."""
    search = CEM(horizon=horizon, candidates=candidates, iterations=2, elites=6)
    return MPC(learner.model, search, seed=seed)
