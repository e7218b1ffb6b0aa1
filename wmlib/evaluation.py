"""Measuring: returns on fresh episodes, real steps to solve, error by horizon, intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike

from wmlib.acting import play
from wmlib.agents import Agent, Sampled
from wmlib.devices import new_rng
from wmlib.experience import Transitions, info_columns
from wmlib.models.base import WorldModel
from wmlib.models.convs import unit_images
from wmlib.streams import Sequences
from wmlib.worlds import CartPole, FromGym, World, as_world
from wmlib.worlds.base import Seed
from wmlib.worlds.gym import Source


class Episodes(NamedTuple):
    """Finished episodes: `returns (n,)`, `lengths (n,)`, `terminated (n,)` bool.

    `info`: name -> `(n,)`, numbers that the environment told beside each episode's last step.
    """

    returns: np.ndarray
    lengths: np.ndarray
    terminated: np.ndarray
    info: dict[str, np.ndarray]


ENDLESS = 100_000  # steps after which an episode without any limit is given up


def evaluate(
    world: World | Source,
    agent: Agent | Callable | None = None,
    episodes: int = 20,
    seed: Seed = 0,
    max_steps: int | None = None,
) -> Episodes:
    """Play fresh episodes, each to its end: side by side in a World, else one after the other.

    Args:
        world: a World, a gymnasium environment (run with its own wrappers and its own limit), its
            id, or a function that makes one.
        agent: see `wmlib.agents.Agent`; None acts at random.
        seed: of the starts and the world's chance (and of random actions).
        max_steps: where episodes are cut off; default the world's own limit.
    """
    world = as_world(world, max_steps)
    if episodes < 1:
        raise ValueError(f"wanted at least 1 episode, got episodes={episodes}")
    rng = new_rng(seed)
    uniform = Sampled(world.act_space, int(rng.integers(2**31)))
    native = isinstance(world, FromGym)  # one environment, never copied
    playing = play(
        world,
        uniform if agent is None else agent,
        copies=1 if native else episodes,
        rng=rng,
        again=native,
        max_steps=max_steps,
    )
    returns, lengths = np.zeros(episodes), np.zeros(episodes, int)
    infos: list[dict] = [{}] * episodes
    terminated, left = np.zeros(episodes, bool), episodes
    for step in playing:
        returns[step.episode] += step.rew
        lengths[step.episode] += 1
        terminated[step.episode] = step.terminated
        for row in np.flatnonzero(step.over):
            infos[step.episode[row]] = step.info[row]
        left -= int(step.over.sum())
        if not left:
            break
        if lengths[step.episode[0]] >= ENDLESS:
            raise RuntimeError(
                f"an episode of {world.name} has lasted {ENDLESS:,} steps, and it names no limit: "
                "pass max_steps, for instance 500"
            )
    return Episodes(returns, lengths, terminated, info_columns(infos))


def mean_return(
    agent: Agent | Callable | None, seed: int, episodes: int = 20, world: World | None = None
) -> float:
    """Mean return over fresh episodes (of CartPole, if no world is given)."""
    world = world or CartPole()
    return float(evaluate(world, agent, episodes, seed=[seed, 99]).returns.mean())


class Solved(NamedTuple):
    """When a learner was done: real steps (None: never), and every check `[(steps, mean), ...]`."""

    steps: int | None
    checks: list


def steps_to_solve(
    world: World | Source,
    learner: Iterable[tuple[int, Any]],
    bar: float,
    limit: int,
    seed: int = 0,
    episodes: int = 20,
) -> Solved:
    """Real steps until the mean return reaches a bar, by one stop rule for every method.

    The first check that reaches the bar on `episodes` fresh episodes is confirmed on as many new
    ones; if that fails, learning goes on. Evaluation does not count as real steps.

    Args:
        learner: an iterator that yields `(real steps so far, agent)` whenever it may be checked.
        bar: mean return wanted. limit: give up after so many real steps.
    """
    checks: list[tuple[int, float]] = []
    for steps, agent in learner:
        if steps > limit:
            break
        k = 2 * len(checks)
        mean = evaluate(world, agent, episodes, seed=[seed, 1, k]).returns.mean()
        checks.append((steps, float(mean)))
        if mean >= bar:
            again = evaluate(world, agent, episodes, seed=[seed, 1, k + 1]).returns.mean()
            if again >= bar:
                return Solved(steps, checks)
    return Solved(None, checks)


@torch.inference_mode()
def error_by_horizon(
    model: WorldModel, data: Transitions, horizon: int, seed: Seed = 0, starts: int = 200
) -> np.ndarray:
    """How far imagination drifts: the model runs on its own predictions, reality beside it.

    Args:
        model: any WorldModel that can decode. data: real transitions, as a test set.
        horizon: H. starts: how many stretches of H steps are compared, at most.

    Returns:
        `(H,)` root mean square error k = 1..H steps ahead, in the data's standard deviations of
        each observation feature, averaged over features.
    """
    first = data.windows(horizon)
    rng = new_rng(seed)
    if len(first) > starts:
        first = np.sort(rng.choice(first, starts, replace=False))
    rows = first[:, None] + np.arange(horizon)
    rollout = model.imagine(model.start(data.obs[first]), torch.from_numpy(data.act[rows]))
    seen = torch.stack([model.decode(state) for state in rollout.states[1:]], dim=1).cpu().numpy()
    scale = data.obs.reshape(len(data), -1).std(0)
    scale = np.where(scale <= 1e-7 * abs(data.obs).reshape(len(data), -1).max(0), 1, scale)
    error = (seen - data.next_obs[rows]).reshape(len(first), horizon, -1) / scale
    return np.sqrt((error**2).mean(axis=(0, 2)))


@torch.inference_mode()
def dream_beside_reality(
    model: WorldModel, seen: Sequences, context: int = 8, generator: torch.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Pictures that came, and those a model dreams from the same moments with the same actions.

    Args:
        model: a WorldModel of pictures. seen: `streams.Sequences`; stretches in which an episode
            begins are left out. context: frames that are looked at before the eyes are closed.
        generator: for dreams that are drawn; None dreams what is likeliest.

    Returns:
        real, dreamt `(N, T - context + 1, ...)` floats from 0 to 1; the first picture of each is
        the last one that was seen.

    Raises:
        ValueError: if an episode begins in every stretch.
    """
    whole = ~seen.first[:, 1:].any(1)
    if not whole.any():
        raise ValueError(
            f"an episode begins in each of the {len(whole)} stretches of {seen.first.shape[1]} "
            "frames: take shorter ones, or a player whose episodes last"
        )
    obs = unit_images(seen.obs[whole])
    dreamt = dream_after(model, obs, seen.act[whole], context, generator)
    return obs[:, context - 1 :].cpu().numpy(), dreamt.cpu().numpy()


def dream_after(
    model: WorldModel,
    obs: torch.Tensor,
    act: torch.Tensor,
    context: int,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """What a model sees in its mind: it looks at `context` frames, and then dreams on.

    Args:
        model: a WorldModel that can decode. obs: `(N, >= context, ...)`. act: `(N, T - 1, ...)`,
            what was done, and what is to be dreamt of.
        generator: for dreams that are drawn; None dreams what is likeliest.

    Returns:
        `(N, T - context + 1, ...)` tensor, decoded; the first is the last frame that was seen.
    """
    state = model.start(obs[:, 0])
    for t in range(1, context):
        state = model.observe(state, act[:, t - 1], obs[:, t])
    states = model.imagine(state, act[:, context - 1 :], generator=generator).states
    return torch.stack([model.decode(state) for state in states], 1)


def picture_errors(real: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Root mean square error of pictures, frame by frame: `(N, T, ...)` twice to `(T - 1,)`.

    In units of the error of the mean picture: 1 is to know nothing of the moment. A sharp thing
    in a wrong place is wrong twice, so a dream may well be worse than that.
    """
    axes = (0, *range(2, real.ndim))
    error = lambda guess: np.sqrt(((guess - real) ** 2).mean(axes))[1:]  # noqa: E731
    return error(guess) / error(real.mean((0, 1), keepdims=True))


def interval(values: ArrayLike, level: float = 0.9) -> tuple[float, float, float]:
    """Median and the central interval that holds `level` of the values: (median, low, high)."""
    values = np.asarray(values, float)
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(np.median(values)), float(low), float(high)


def bootstrap_interval(
    statistic: Callable[..., float],
    *samples: ArrayLike,
    level: float = 0.9,
    draws: int = 2000,
    seed: Seed = 0,
) -> tuple[float, float, float]:
    """Interval of `statistic(*samples)` by resampling each sample with replacement.

    Returns:
        (estimate, low, high).
    """
    rng = new_rng(seed)
    samples = [np.asarray(sample, float) for sample in samples]
    values = [
        statistic(*(sample[rng.integers(len(sample), size=len(sample))] for sample in samples))
        for _ in range(draws)
    ]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(statistic(*samples)), float(low), float(high)


def proportion_interval(held: int, of: int, level: float = 0.9) -> tuple[float, float]:
    """Wilson's interval for a share of `held` in `of`."""
    if of < 1:
        raise ValueError("an interval needs at least one trial, got none")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = held / of
    centre = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * np.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return float(max(0, centre - half)), float(min(1, centre + half))


def auroc(score: ArrayLike, positive: ArrayLike) -> float:
    """Chance that a positive has a higher score than a negative: 1 perfect, 0.5 blind.

    Args:
        score: `(N,)`, for instance disagreement. positive: `(N,)` bool, for instance large errors.

    Raises:
        ValueError: if there are no positives or no negatives.
    """
    score, positive = np.asarray(score, float), np.asarray(positive, bool)
    if positive.all() or not positive.any():
        raise ValueError("auroc compares two groups: wanted positives and negatives, got only one")
    values, index, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[index]  # ties share their mean rank
    n = positive.sum()
    return float((rank[positive].sum() - n * (n + 1) / 2) / (n * (~positive).sum()))


def coverage(error: ArrayLike, deviation: ArrayLike, levels: ArrayLike) -> np.ndarray:
    """Share of errors inside the central Gaussian interval of each level: `(len(levels),)`.

    Args:
        error: predicted minus real, any shape. deviation: stated standard deviation, same shape.
        levels: stated confidences between 0 and 1, for instance [0.5, 0.9].
    """
    z = [NormalDist().inv_cdf(0.5 + level / 2) for level in np.asarray(levels, float)]
    ratio = np.abs(np.asarray(error)) / np.maximum(np.asarray(deviation), 1e-12)
    return np.array([(ratio <= width).mean() for width in z])
