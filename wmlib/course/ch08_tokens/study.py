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
from wmlib.devices import new_rng, randint
from wmlib.evaluation import dream_after, evaluate
from wmlib.evidence import Experiment
from wmlib.learning.iris import Iris
from wmlib.learning.rssm_film import new_rssm, train_rssm  # noqa: F401
from wmlib.models.codebook import Codebook
from wmlib.models.convs import unit_images
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.streams import Streams
from wmlib.training import improve, one_cycle
from wmlib.worlds.catch import Catch, ball_in, bar_in, follow

WEIGHTS = Path(__file__).parent / "weights" / "iris"  # three files, trained with seed 0
STEPS = 256_000  # real steps, all of them with random actions
CODES, WORLD_STEPS, ACT_STEPS = 128, 2500, 100
CONTEXT, HORIZON = 8, 12  # frames that are seen before a dream, and frames that are dreamt


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


def kept(experiment: Experiment, seed: int) -> dict:
    """Figures of a seed: from the stored evidence, or run where that has none."""
    rows = (experiment.stored() or {"seeds": []})["seeds"]
    found = [row["figures"] for row in rows if row["seed"] == seed]
    return found[0] if found else experiment.run(seed)


# --- dreams beside reality ------------------------------------------------------------------------


def one_ball(film, seed, n=400, context=CONTEXT, horizon=HORIZON):
    """Stretches in whose `context` frames no ball came down and no episode began: the ball that
    is to be foreseen has been there all the time."""
    length = context + horizon
    begins = film.first[:, 1:].unfold(1, length - 1, 1).any(2)
    new_ball = (film.rew != 0).unfold(1, context - 1, 1).any(2)[:, : begins.shape[1]]
    rows, start = torch.where(~begins & ~new_ball)
    some = new_rng(seed).permutation(len(rows))[:n]
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
    last, _ = ball_in(real.obs[:, context - 1, 0])
    fall = Catch.FALL * np.arange(1, real.obs.shape[1] - context + 1)
    straight = last[:, None] + np.stack([0 * fall, fall], -1)  # (N, horizon, 2)
    ball, bar = distances(real, ball_in(dreamt)[0], bar_in(dreamt)[0], context)
    return ball, bar, distances(real, straight, bar_in(dreamt)[0], context)[0]


def distances(real, ball, bar, context=CONTEXT):
    """How far guesses of the ball `(N, horizon, 2)` and the bar `(N, horizon)` are from the real
    ones: two means `(horizon,)` in pixels, over the frames that `errors` counts."""
    obs = real.obs[:, context:, 0]
    (there, whole), (under, alone) = ball_in(obs), bar_in(obs)
    ours = (real.rew[:, context - 1 :] == 0).cumprod(1).bool().numpy() & whole
    mean = lambda x, mask: (x * mask).sum(0) / mask.sum(0)  # noqa: E731
    return mean(np.linalg.norm(ball - there, axis=-1), ours), mean(np.abs(bar - under), alone)


def by_ruler(real, context=CONTEXT):
    """Somebody who knows the game measures ball and bar in the real frames, draws a line through
    the ball's places, and lets it turn at the sides; the bar obeys the actions.

    Returns:
        ball, bar `(horizon,)`: mean distances in pixels, counted as in `errors`.
    """
    seen = real.obs[:, :context, 0]
    (places, _), (bars, _) = ball_in(seen), bar_in(seen)
    horizon = real.obs.shape[1] - context
    slope, end = np.polynomial.polynomial.polyfit(
        np.arange(1 - context, 1), places.swapaxes(0, 1).reshape(context, -1), 1
    )[::-1].reshape(2, -1, 2)  # (N, 2) each
    line = end[:, None] + np.arange(1, horizon + 1)[:, None] * slope[:, None]  # (N, horizon, 2)
    line[..., 0] = 29 - np.abs(27 - np.abs(line[..., 0] - 2))
    bar, steered = bars[:, -1], []
    for act in real.act[:, context - 1 :].numpy().T:
        bar = np.clip(bar + Catch.SPEED * (act - 1), 2, 29)
        steered.append(bar)
    return distances(real, line, np.stack(steered, 1), context)


def standing(real, context=CONTEXT):
    """The last real picture for ever; returns as `by_ruler`."""
    last = real.obs[:, context - 1 : context, 0].expand(-1, real.obs.shape[1] - context, -1, -1)
    return distances(real, ball_in(last)[0], bar_in(last)[0], context)


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
    rng, rows, seen, act = new_rng(seed, 1), [], None, None
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


def seen_by_rssm(seed, picture, dyn, rep, steps=440, batch=128):
    """The first lesson of an RSSM, from pairs of frames, with these weights of picture and KL.

    Returns:
        how far the ball of the decoded posterior is from the real one, in pixels; nats of KL in the
        last batch.
    """
    seen, model, rng = film(seed, 64_000, 16), new_rssm(seed), new_rng(seed)
    model.recon, model.dyn, model.rep = picture, dyn, rep
    optimiser = torch.optim.Adam(model.parameters(), lr=0.0, fused=True)
    rows, frames = seen.first.shape
    for step in range(steps):
        pairs = seen.cut(2, rng.integers(rows, size=batch), rng.integers(frames - 1, size=batch))
        optimiser.param_groups[0]["lr"] = 3e-3 * min(1.0, (step + 1) / 50)
        loss, parts, _ = model.loss(pairs)
        improve(optimiser, loss, longest=100.0)
    obs = held_out(seed).obs[:, ::10].flatten(0, 1)
    with torch.no_grad():
        decoded = model.decode(model.start(obs))[:, 0]
    ball, whole = ball_in(obs[:, 0])
    off = np.linalg.norm(ball_in(decoded)[0] - ball, axis=-1)[whole].mean()
    return float(off), parts["kl"]


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
    """Squared error of a picture that went through the tokens, summed over its pixels; codes used
    at all; and how far the ball of the decoded picture is from the real one, in pixels."""
    tokens = tokenizer.encode(frames)
    with torch.no_grad():
        decoded = tokenizer.decode(tokens)
    ball, whole = ball_in(frames[:, 0])
    off = np.linalg.norm(ball_in(decoded[:, 0])[0] - ball, axis=-1)[whole].mean()
    error = ((decoded - unit_images(frames)) ** 2).sum((1, 2, 3)).mean()
    return float(error), len(tokens.unique()), float(off)


def commitment(seed, steps=600, codes=64):
    """The commitment loss left out, with the weight of the paper, and with this chapter's.

    Returns:
        error: of a decoded picture. length: root mean square of the encoder's vectors.
    """
    frames, obs = film(seed, 64_000, 16).obs.flatten(0, 1), held_out(seed).obs[0]
    figures = {}
    for name, weight in (("", 1.0), ("_quarter", 0.25), ("_none", 0.0)):
        tokenizer, generator = Tokenizer(codes, seed=seed), torch.Generator().manual_seed(seed)
        optimiser = torch.optim.Adam(tokenizer.parameters(), fused=True)
        for step in range(steps):
            batch = unit_images(frames[randint(len(frames), (64,), generator, "cpu")])
            vectors = tokenizer.embed(batch)  # (64, 16, D)
            tokenizer.codebook.learn(vectors, generator)
            optimiser.param_groups[0]["lr"] = one_cycle(step, steps, 2e-3)
            improve(optimiser, tokenizer.loss(batch, vectors, weight)[0], 100.0)
        figures[f"error{name}"], figures[f"used{name}"], _ = picture_error(tokenizer, obs)
        with torch.no_grad():
            long = (tokenizer.embed(unit_images(obs)) ** 2).sum(-1).mean().sqrt()
        figures[f"length{name}"] = float(long)
    return figures
