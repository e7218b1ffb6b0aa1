"""The scoreboard: one examination that every model of the course can sit, and any of yours.

    row = examine(model, arena)      # anything that answers `wmlib.models.base.WorldModel`

A row says how far a dream is from reality one step and k steps ahead, how much it heeds what was
done, what a planner earns with it, and what it cost. Where a model cannot do something, the row
holds None, and `why` says why not.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from wmlib.acting import play
from wmlib.agents import Agent, OfState
from wmlib.devices import new_rng
from wmlib.evaluation import dream_after, evaluate
from wmlib.models.base import WorldModel
from wmlib.models.simulator import Simulator
from wmlib.planning import MPC
from wmlib.planning.base import Planner
from wmlib.worlds.base import Seed, World


class Stretches(NamedTuple):
    """N stretches of T frames, each inside one episode, with the true states behind them.

    obs `(N, T, ...)`, act `(N, T - 1, ...)`, rew `(N, T - 1)`, states `(N, T, ...)`: tensors.
    """

    obs: torch.Tensor
    act: torch.Tensor
    rew: torch.Tensor
    states: torch.Tensor


def watch(
    world: World,
    length: int,
    n: int,
    seed: Seed,
    agent: Agent | Callable | None = None,
    keep: Callable[[np.ndarray], np.ndarray] | None = None,
    copies: int = 64,
    steps: int = 250,
) -> Stretches:
    """Film somebody who acts in a world, and draw n stretches of what was seen; they may overlap.

    Args:
        world: a World. length: frames of a stretch.
        agent: see `wmlib.agents.Agent`; None acts at random.
        keep: `keep(rew (..., length - 1)) -> (...) bool`, which stretches will do; default all.
        copies, steps: so many copies of the world are filmed for so long.

    Raises:
        ValueError: if there are fewer such stretches.
    """
    rng = new_rng(seed)
    rows = [
        (step.obs, step.act, step.rew, step.state, step.first)
        for step in islice(play(world, agent, copies=copies, rng=rng), steps)
    ]
    obs, act, rew, states, first = (np.stack(column, 1) for column in zip(*rows))
    good = ~sliding_window_view(first[:, 1:], length - 1, 1).any(-1)
    if keep is not None:
        good &= keep(sliding_window_view(rew[:, :-1], length - 1, 1))
    copy, start = np.nonzero(good)
    if len(copy) < n:
        raise ValueError(
            f"wanted {n} stretches of {length} frames, found {len(copy)}: film for longer, or ask "
            "for fewer or shorter ones"
        )
    some = rng.permutation(len(copy))[:n]
    at = copy[some, None], start[some, None] + np.arange(length)
    arrow = at[0], at[1][:, :-1]
    return Stretches(*map(torch.from_numpy, (obs[at], act[arrow], rew[arrow], states[at])))


class Ceiling(Simulator):
    """The world itself as an entrant. It is shown true states, not observations: nobody can do
    better, and nobody else may do this."""

    def start(self, obs, generator=None):
        return self.from_states(obs)


@dataclass
class Arena(ABC):
    """A named world, and how models are examined in it. Children say what an error is.

    Args:
        name: of the world. world: a World.
        planner: the same for everybody. episodes: that it plays, from the same starts.
        context: frames that are shown before a dream. horizon: frames dreamt.
        k: "k steps ahead". stretches: dreams that are compared with reality.
    """

    name: str
    world: World
    planner: Planner
    episodes: int = 16
    context: int = 1
    horizon: int = 15
    k: int = 10
    stretches: int = 200

    @abstractmethod
    def seen(self, seed: int) -> Stretches:
        """Held-out stretches of `context + horizon` frames."""

    @abstractmethod
    def errors(self, seen: Stretches, dreamt: torch.Tensor) -> dict[str, np.ndarray]:
        """name -> `(horizon,)`: how far the dreams `(N, horizon, ...)` are from what was seen.

        The first name is the one that the columns "1 step" and "k steps" are read from.
        """

    @abstractmethod
    def apart(self, a: torch.Tensor, b: torch.Tensor) -> float:
        """How far two dreams `(N, horizon, ...)` are from each other in their last frames."""

    def aim(self, model: WorldModel) -> WorldModel:
        """The model with the aim that it plans for; default its own reward."""
        return model


@dataclass
class Row:
    """What an examination found. `errors` and their columns are in the arena's units.

    Attributes:
        errors: name -> `(horizon,)`. sensitivity: how far a dream moves when the actions are dealt
            out anew among the stretches, as a share of how far reality moves: 0 is deaf, 1 right.
        returns: of the planner, one for each episode. why: column -> why it does not apply.
    """

    errors: dict
    k: int
    sensitivity: float
    returns: np.ndarray | None
    real_steps: int | None
    seconds: float | None
    parameters: int
    why: dict = field(default_factory=dict)

    @property
    def one_step(self) -> float:
        """Error of the first imagined step."""
        return float(next(iter(self.errors.values()))[0])

    @property
    def k_steps(self) -> float:
        """Error of the k-th imagined step."""
        return float(next(iter(self.errors.values()))[self.k - 1])

    @property
    def planning(self) -> float | None:
        """Mean return of the planner."""
        return None if self.returns is None else float(self.returns.mean())


def examine(
    model: WorldModel,
    arena: Arena,
    seed: int = 0,
    real_steps: int | None = None,
    seconds: float | None = None,
    plan: bool = True,
) -> Row:
    """Let a model sit the examination of an arena.

    Args:
        model: any `WorldModel` that can decode its states; `Ceiling` for the world itself.
        arena: an `Arena`.
        seed: of the held-out stretches, the planner's starts and its chance.
        real_steps, seconds: what it learned from and how long (processor time), if it learned.
        plan: False leaves out the planner, which takes longest.

    Raises:
        ValueError: if the model's actions are not the world's.
    """
    world = arena.world
    if model.act_space != world.act_space:
        raise ValueError(
            f"{type(model).__name__} knows the actions {model.act_space}, {arena.name} has "
            f"{world.act_space}: wrap it in a model that translates"
        )
    seen = arena.seen(seed)
    shuffled = torch.from_numpy(new_rng(seed).permutation(len(seen.act)))
    other = dream(model, seen, arena.context, seen.act[shuffled])
    dreamt = dream(model, seen, arena.context)
    real = arena.apart(
        *(dream(Ceiling(world), seen, arena.context, act) for act in (seen.act, seen.act[shuffled]))
    )
    why, returns = {}, None
    if not arena.aim(model).has_reward:
        why["planning"] = "it predicts no reward"
    elif plan:
        agent = MPC(arena.aim(model), arena.planner, seed=seed)
        agent = OfState(agent) if isinstance(model, Ceiling) else agent
        returns = evaluate(world, agent, arena.episodes, seed).returns
    if real_steps is None:
        why["real_steps"] = why["seconds"] = "it did not learn"
    return Row(
        arena.errors(seen, dreamt),
        arena.k,
        arena.apart(dreamt, other) / real,
        returns,
        real_steps,
        seconds,
        numbers(model),
        why,
    )


@torch.inference_mode()
def dream(
    model: WorldModel, seen: Stretches, context: int, act: torch.Tensor | None = None
) -> torch.Tensor:
    """What a model imagines after `context` real frames: `(N, T - context, ...)`, on the CPU.

    Args:
        act: actions `(N, T - 1, ...)` of the dream, default those that were really taken. What
            was done before the dream is never changed.
    """
    shown = seen.states if isinstance(model, Ceiling) else seen.obs
    then = (seen.act if act is None else act)[:, context - 1 :]
    done = torch.cat([seen.act[:, : context - 1], then], 1)
    return dream_after(model, shown, done, context)[:, 1:].cpu()


def numbers(model: WorldModel) -> int:
    """How many numbers were learned: parameters, or, where nothing is learned by gradients, what
    a fit left behind."""
    if not isinstance(model, torch.nn.Module):
        return 0
    count = sum(p.numel() for p in model.parameters())
    return count or sum(b.numel() for b in model.buffers())
