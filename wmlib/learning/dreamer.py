"""Dreamer: play a little, learn the world, learn to act in it without touching it; again.

    play     8 copies of the world go on, each with the actor's choices
    learn    the RSSM takes one gradient step on stretches of everything that was ever seen
    imagine  from the states it passed through, the actor tries 15 steps in imagination

Hafner et al. (2020, 2021, 2023). Small enough for one CPU core; the settings are of this course.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

import gymnasium as gym
import numpy as np
import torch

from wmlib import weights
from wmlib.devices import Device, new_generator, new_rng
from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.latent_agent import LatentAgent
from wmlib.models.base import tree_map
from wmlib.models.rssm import RSSM
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.streams import Streams
from wmlib.training import improve, interruptible
from wmlib.worlds.actions import n_actions
from wmlib.worlds.base import World
from wmlib.worlds.gym import Source


class Dreamer:
    """The learner.

    Args:
        world: a World with discrete actions, see `Streams`.
        model: an `RSSM`; default one with the sizes of the chapter, see `new_model`.
        behaviour: an `ActorCritic` on its features; default likewise.
        copies: worlds played side by side.
        every: real steps (of all copies together) between two updates.
        batch, length: an update looks at `batch` stretches of `length` frames.
        starts: how many of the states passed through are imagined from.
        prefill: real steps with random actions before the first update.
        lr: learning rate of the model.
        settle: real steps after which all learning rates are down to a tenth, on a straight line
            from half-way on; None leaves them as they are.
        slow: share by which the average of the actor follows at each update (`ema`). It is the one
            that is examined: any single update can unlearn a little.
        seed: everything random comes from it.
        device: of the defaults: "cpu", "auto" (a GPU where there is one) or any of torch's.

    Attributes:
        steps: real steps so far. seconds: processor time spent learning and playing.
        log: one dict per update.

    Raises:
        TypeError: if actions are not discrete, or no default model fits the observations.
    """

    def __init__(
        self,
        world: World | Source,
        model: RSSM | None = None,
        behaviour: ActorCritic | None = None,
        copies: int = 8,
        every: int = 24,
        batch: int = 16,
        length: int = 16,
        starts: int = 128,
        prefill: int = 512,
        lr: float = 1e-3,
        settle: int | None = None,
        slow: float = 0.02,
        seed: int = 0,
        device: Device = "cpu",
    ):
        self.streams = Streams(world, copies, seed)
        actions = n_actions(self.streams.world.act_space, "Dreamer")
        self.model = model or new_model(self.streams.world, seed, device)
        self.behaviour = behaviour or ActorCritic(
            self.model.feat_size, actions, seed=seed, device=device
        )
        self.ema, self.slow = copy.deepcopy(self.behaviour), slow
        self.every, self.batch, self.length = every, batch, length
        self.starts, self.prefill = starts, prefill
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=lr, fused=True)
        self.settle = settle
        self._rates = [o.param_groups[0]["lr"] for o in self._optimisers()]
        self.generator = new_generator(seed)
        self.rng = new_rng([seed, 1])
        self.explorer = LatentAgent(self.model, self.behaviour, self.generator)
        self.seconds = 0.0
        self.log: list[dict] = []

    @property
    def steps(self) -> int:
        return self.streams.steps

    def learn(self, steps: int, report: Callable[..., object] | None = None) -> Dreamer:
        """Live `steps` more real steps and learn from them. May be called again and again.

        Args:
            report: called with (real steps so far, last update's log) after each update.
        """
        begun, goal = time.process_time(), self.steps + steps
        with interruptible(
            lambda: (
                f"stopped after {self.steps} real steps: model and actor keep what they have "
                "learned; learn() goes on from here"
            )
        ):
            while self.steps < goal:
                if self.steps < self.prefill:
                    self.streams.play(self.every)
                    continue
                self.streams.play(self.every, self.explorer)
                self.log.append(self.update())
                if report:
                    report(self.steps, self.log[-1])
        self.seconds += time.process_time() - begun
        return self

    def update(self) -> dict:
        """One gradient step of the model, one of actor and critic in its imagination."""
        self._decay_rates()
        seen = self.streams.sample(self.batch, self.length, self.rng)
        loss, parts, state = self.model.loss(seen)
        improve(self.optimiser, loss, longest=100.0)
        start = self._starts(seen, tree_map(torch.detach, state))
        parts |= self.behaviour.learn(self.model, start, self.generator)
        self._update_ema()
        return parts

    @torch.no_grad()
    def _update_ema(self):
        """The average of the actor follows the actor by a little (exponential moving average)."""
        now = self.behaviour.actor.parameters()
        for average, weight in zip(self.ema.actor.parameters(), now):
            average.lerp_(weight, self.slow)

    def _decay_rates(self):
        """Late in the day the last good policy is worth more than the next one."""
        left = 1.0 if self.settle is None else 1 - self.steps / self.settle
        for optimiser, rate in zip(self._optimisers(), self._rates):
            optimiser.param_groups[0]["lr"] = rate * min(1.0, max(0.1, 2 * left))

    def _starts(self, seen, state):
        """Some of the states passed through `(B, T, ...)`, as `(N, ...)`, none of which is an end:
        there is nothing after it."""
        ended = torch.zeros_like(seen.first)
        ended[:, 1:] = (seen.cont == 0) & seen.real.bool()
        alive = torch.where(~ended.flatten())[0]
        order = torch.randperm(len(alive), generator=self.generator, device=self.generator.device)
        some = alive[order[: self.starts]]
        return tree_map(lambda part: part.flatten(0, 1)[some], state)

    def agent(self) -> LatentAgent:
        """The average of the actor, for `evaluate`: the likeliest latents and actions."""
        return LatentAgent(self.model, self.ema)

    # --- stop and go on ---------------------------------------------------------------------------

    def save(self, path: weights.Path) -> None:
        """Everything that learning on needs, experience included, in one file."""
        rest = {
            "streams": self.streams.content(),
            "explorer": self.explorer.content(),
            "log": self.log,
            "seconds": self.seconds,
        }
        weights.write(weights.states(self._learning()) | rest, path)

    def load(self, path: weights.Path) -> Dreamer:
        """Go on where `save` stopped, in a learner built with the same arguments.

        Raises:
            ValueError: if the file holds something else.
        """
        parts = self._learning()
        content = weights.read(path, (*parts, "streams", "explorer", "log", "seconds"))
        weights.restore(parts, content, path)
        self.streams.restore(content["streams"])
        self.explorer.restore(content["explorer"])
        self.log, self.seconds = content["log"], content["seconds"]
        return self

    def export(self, path: weights.Path) -> None:
        """Model, averaged actor and critic, in half precision: for a reader who will not train."""
        weights.export(self._weights(), path)

    def import_weights(self, path: weights.Path) -> Dreamer:
        """Read what `export` wrote, into a learner built with the same arguments.

        Raises:
            ValueError: if the file holds something else, or weights of other sizes.
        """
        weights.import_weights(self._weights(), path)
        self.behaviour.slow.load_state_dict(self.behaviour.critic.state_dict())
        self.behaviour.actor.load_state_dict(self.ema.actor.state_dict())
        return self

    def _weights(self):
        parts = {"model": self.model, "actor": self.ema.actor, "critic": self.behaviour.critic}
        return {f"{k}.{n}": v for k, m in parts.items() for n, v in m.state_dict().items()}

    def _optimisers(self):
        behaviour = self.behaviour
        return self.optimiser, behaviour.actor_optimiser, behaviour.critic_optimiser

    def _learning(self):
        """What goes on changing while it learns, but for the experience."""
        return {
            "model": self.model,
            "behaviour": self.behaviour,
            "ema": self.ema,
            "optimisers": self._optimisers(),
            "generators": [self.generator, self.model.generator],
            "rng": self.rng,
        }


def new_model(world: World, seed: int = 0, device: Device = "cpu") -> RSSM:
    """An RSSM of what this world shows: pictures `(1, 32, 32)`, or numbers `(N,)` within bounds.

    Raises:
        TypeError: for other observations.
    """
    space = world.obs_space
    if isinstance(space, gym.spaces.Box) and space.shape == (1, 32, 32):
        return RSSM(world.act_space, seed=seed, device=device)
    if isinstance(space, gym.spaces.Box) and len(space.shape) == 1:
        scale = np.maximum(abs(space.low), abs(space.high))
        if np.isfinite(scale).all() and (scale > 0).all():
            return VectorRSSM(world.act_space, scale, seed=seed, device=device)
    raise TypeError(
        "Dreamer makes its own model for pictures of shape (1, 32, 32) and for numbers (N,) within "
        f"bounds, got {space}: hand one in, for instance model=VectorRSSM(act_space, scale), where "
        "scale says how far each number ranges"
    )
