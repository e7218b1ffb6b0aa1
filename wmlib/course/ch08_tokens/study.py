"""Chapter 8's parts: a film of Catch, dreams beside reality, and what is measured on them."""

from __future__ import annotations

import time
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from wmlib.acting import play
from wmlib.agents import OfState, Sticky
from wmlib.evaluation import dream_after, evaluate
from wmlib.learning.iris import Iris
from wmlib.learning.rssm_film import PLAIN, new_rssm, train_rssm  # noqa: F401
from wmlib.models.codebook import Codebook
from wmlib.models.convs import unit_images
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.streams import Streams
from wmlib.worlds.catch import Catch, ball_in, bar_in, follow

WEIGHTS = Path(__file__).parent / "weights" / "iris"  # three files, trained with seed 0
STEPS = 256_000  # real steps, all of them with random actions
CODES, WORLD_STEPS, ACT_STEPS = 128, 2500, 100
CONTEXT, HORIZON = 8, 12  # frames that are seen before a dream, and frames that are dreamt
CHANCE = 0.25  # about the share of the balls that random actions catch


class Wanderer(Sticky):
    """Random actions that last for a while: each step, with probability 0.4, a new one."""

    def __init__(self, seed):
        super().__init__(Catch.act_space, 0.4, seed)

    def renew(self, n):
        return self.rng.random(n) >= 0.6  # the stored evidence was drawn so


@lru_cache(maxsize=2)
def film(seed, steps=STEPS, copies=64):
    """Catch as a wanderer sees it: `Sequences` of stretches of 250 frames."""
    return Streams(Catch(), copies, seed).play(steps, Wanderer(seed)).all(250)


def held_out(seed):
    """Another film, for measuring: 32 stretches of 250 frames."""
    return film(seed + 500_000, 8_000, 16)


def learner(seed, seen=None, codes=CODES):
    """A learner with the chapter's sizes, which has seen the film of its seed."""
    tokenizer = Tokenizer(codes, seed=seed)
    model = TokenModel(Catch.act_space, tokenizer, temperature=0.5, reward_sign=True, seed=seed)
    return Iris(film(seed) if seen is None else seen, Catch.act_space, model, seed=seed)


def taught(seed):
    """A learner that has been through its four stages."""
    done = learner(seed).learn_tokens().learn_world(WORLD_STEPS)
    return done.learn_rewards().learn_to_act(ACT_STEPS)


def stored_learner(seen):
    """The learner of seed 0, its four stages done, from the files that come with wmlib."""
    return learner(0, seen).import_weights(WEIGHTS)


# --- dreams beside reality ------------------------------------------------------------------------


def one_ball(film, seed, n=400, context=CONTEXT, horizon=HORIZON):
    """Stretches in whose `context` frames no ball came down and no episode began: the ball that
    is to be foreseen has been there all the time."""
    length = context + horizon
    begins = film.first[:, 1:].unfold(1, length - 1, 1).any(2)
    new_ball = (film.rew != 0).unfold(1, context - 1, 1).any(2)[:, : begins.shape[1]]
    rows, start = torch.where(~begins & ~new_ball)
    some = np.random.default_rng(seed).permutation(len(rows))[:n]
    return film.cut(length, rows[some], start[some])


@torch.no_grad()
def dream(model, real, context=CONTEXT, generator=None):
    """What a model imagines after `context` real frames, doing what was really done.

    Returns:
        pictures `(N, horizon, 32, 32)` floats from 0 to 1, of the frames `real.obs[:, context:]`.
    """
    return dream_after(model, real.obs, real.act, context, generator)[:, 1:, 0]


def errors(real, dreamt, context=CONTEXT):
    """How far balls and bars of a dream are from the real ones, in pixels.

    Counted are frames in which the real ball is to be seen whole (away from the floor) and is
    still the ball that was seen before the dream: where the next one appears nobody can know.

    Returns:
        ball, bar `(horizon,)`: mean distances. ball_straight `(horizon,)`: of "it falls straight".
    """
    obs = real.obs[:, context:, 0]
    (ball, whole), (bar, alone) = ball_in(obs), bar_in(obs)
    ours = (real.rew[:, context - 1 :] == 0).cumprod(1).bool().numpy() & whole
    last, _ = ball_in(real.obs[:, context - 1, 0])
    fall = Catch.FALL * np.arange(1, obs.shape[1] + 1)
    straight = last[:, None] + np.stack([0 * fall, fall], -1)
    far = lambda guess: np.linalg.norm(guess - ball, axis=-1)  # noqa: E731
    mean = lambda x, mask: (x * mask).sum(0) / mask.sum(0)  # noqa: E731
    return (
        mean(far(ball_in(dreamt)[0]), ours),
        mean(np.abs(bar_in(dreamt)[0] - bar), alone),
        mean(far(straight), ours),
    )


def catch_rate(agent, seed, episodes=100):
    """Share of the balls caught in the real world, 5 to an episode. None: random actions."""
    returns = evaluate(Catch(), agent, episodes, seed=seed).returns
    return float((1 + returns / Catch.BALLS).mean() / 2)


@torch.no_grad()
def dreamt_rate(learner, seed, dreams=256, steps=30):
    """Share of the balls that the actor catches in its dreams."""
    generator = torch.Generator().manual_seed(seed)
    model, behaviour = learner.model, learner.behaviour
    policy = lambda state: behaviour.act(model.feat(state))  # noqa: E731
    rew = model.imagine(learner.moments(dreams, CONTEXT), policy, steps, generator).rew
    return float((rew > 0.5).sum() / (rew.abs() > 0.5).sum().clamp_min(1))


@torch.no_grad()
def reward_by_offset(model, seed, copies=128, steps=100):
    """What the model thinks of balls that come down beside the middle of the bar.

    Somebody who sees the true state steers the bar to a place up to 7 pixels beside each ball, in
    the real world; the model watches, and is asked for the reward before it sees it.

    Returns:
        offsets, imagined, real `(K,)`: middles of bins one pixel wide, bar minus ball, and the
        mean rewards in them.
    """
    rng, rows, seen, act = np.random.default_rng([*np.atleast_1d(seed), 1]), [], None, None
    aim = rng.uniform(-7, 7, copies)
    steer = OfState(lambda state: follow(np.stack([state[:, 0], state[:, 1] + aim], 1)))
    for step in islice(play(Catch(), steer, copies=copies, rng=seed), steps):
        if seen is None:
            seen = model.start(step.obs)
        else:
            seen = model.observe(seen, act, step.obs, torch.as_tensor(step.first))
        act = torch.as_tensor(step.act)
        told, rew, down = model.step(seen, act).rew.numpy(), step.rew, step.rew != 0
        bar = np.clip(step.state[:, 0] + Catch.SPEED * (step.act - 1), 2, 29)
        off = bar - step.state[:, 1] - step.state[:, 3]
        rows += list(zip(off[down], told[down], rew[down]))
        aim[down] = rng.uniform(-7, 7, down.sum())
    off, told, rew = np.array(rows).T
    middles = np.arange(-6.5, 7)
    mean = lambda x: np.array([x[np.abs(off - m) <= 0.5].mean() for m in middles])  # noqa: E731
    return middles, mean(told), mean(rew)


# --- the RSSM of chapter 7 on the same film -------------------------------------------------------


def half_knowing(cells, n=8000):
    """Squared error of a picture, summed over its pixels, of somebody who knows in which of
    `cells` by `cells` equal fields the ball is, and paints the mean of what may be there."""
    world, rng = Catch(), np.random.default_rng(0)
    x, y = rng.uniform(3, 29, n), rng.uniform(0, 26, n)
    state = np.stack([np.full(n, 15.5), x, y, np.zeros(n), np.full(n, 5.0)], 1)
    light = unit_images(world.obs(state))[:, 0, :28].numpy()  # above the bar
    field = np.floor((x - 3) / 26 * cells) * cells + np.floor(y / 26 * cells)
    shown = [light[field == f] for f in np.unique(field)]
    return float(sum(((part - part.mean(0)) ** 2).sum() for part in shown) / n)


@torch.no_grad()
def speed(model, real, frames=12):
    """Frames imagined in a second, 64 dreams side by side, pictures not drawn."""
    state = model.start(real.obs[:64, 0])
    plan, generator = real.act[:64, :frames], torch.Generator().manual_seed(0)
    model.imagine(state, plan, generator=generator)  # once to warm up
    begun = time.process_time()
    for _ in range(3):
        model.imagine(state, plan, generator=generator)
    return 3 * frames * len(plan) / (time.process_time() - begun)


def size(model):
    """How many numbers were learned."""
    return sum(p.numel() for p in model.parameters())


# --- dead codes -----------------------------------------------------------------------------------


class Anywhere(Codebook):
    """A codebook as one writes it first: codes begin anywhere, and nobody revives a dead one."""

    def __init__(self, n, size):
        super().__init__(n, size, dead=0.0)

    def _init_codes(self, x, generator):
        self._place(torch.arange(self.n), torch.randn(self.n, self.size, generator=generator), 1.0)
        self.initialised.fill_(True)


def picture_error(tokenizer, frames):
    """Squared error of a picture that went through the words, summed over its pixels; words used
    at all; and how far the ball of the repainted picture is from the real one, in pixels."""
    tokens = tokenizer.encode(frames)
    with torch.no_grad():
        painted = tokenizer.decode(tokens)
    ball, whole = ball_in(frames[:, 0])
    off = np.linalg.norm(ball_in(painted[:, 0])[0] - ball, axis=-1)[whole].mean()
    error = ((painted - unit_images(frames)) ** 2).sum((1, 2, 3)).mean()
    return float(error), len(tokens.unique()), float(off)
