"""IRIS: learn to read, learn to dream, learn to act in the dream. Real steps are not asked for.

    learn_tokens   the tokenizer finds a few words in which all frames can be written
    learn_world    the transformer learns which tokens come next, for every action
    learn_rewards  what pays is gone over once more: it is rare
    learn_to_act   actor and critic learn in rollouts that begin at real moments

Micheli, Alonso & Fleuret (2023), Algorithm 1, with experience that was collected before. Small
enough for one CPU core; the settings are of this course.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import torch

from wmlib import weights
from wmlib.devices import Device, new_generator, randint
from wmlib.learning.latent_agent import TokenAgent
from wmlib.learning.ppo import PPO
from wmlib.models.convs import unit_images
from wmlib.models.networks import encode_action
from wmlib.models.token_model import TokenModel, TokenState
from wmlib.streams import Sequences
from wmlib.training import improve, interruptible, one_cycle
from wmlib.worlds.actions import n_actions

Report = Callable[..., object] | None

# Of the default actor: its rewards are near, and an episode is short.
ACTING: dict[str, Any] = dict(gamma=0.95, lam=0.95, horizon=14, bonus=0.005, minibatches=8)


class Iris:
    """The learner.

    Each of the four stages takes the number of steps that it has when it is done, and goes on
    where it was interrupted when it is called again.

    Args:
        seen: experience, `Sequences` of N stretches of T frames.
        act_space: gymnasium space of one action, `Discrete`.
        model: a `TokenModel`; default one with the sizes of the chapter.
        behaviour: a `PPO` on its features; default likewise.
        seed: everything random comes from it.
        device: of the defaults: "cpu", "auto" (a GPU where there is one) or any of torch's.

    Attributes:
        log: stage -> one dict per step. seconds: stage -> processor time.

    Raises:
        TypeError: if actions are not discrete.
    """

    STAGES = "tokens", "world", "rewards", "act"

    def __init__(
        self,
        seen: Sequences,
        act_space: gym.Space,
        model: TokenModel | None = None,
        behaviour: PPO | None = None,
        seed: int = 0,
        device: Device = "cpu",
    ):
        self.seen, actions = seen, n_actions(act_space, "Iris")
        self.model = model or TokenModel(act_space, seed=seed, device=device)
        self.behaviour = behaviour or PPO(
            self.model.feat_size, actions, **ACTING, seed=seed, device=device
        )
        self.generator = new_generator(seed)
        own, named = self.model.tokenizer.parameters(), self.model.named_parameters()
        others = [p for name, p in named if not name.startswith("tokenizer.")]
        self.tokenizer_optimiser = torch.optim.Adam(own, fused=True)
        self.model_optimiser = torch.optim.AdamW(others, weight_decay=0.01, fused=True)
        rewards = self.model.rew.parameters()
        self.reward_optimiser = torch.optim.AdamW(rewards, weight_decay=0.01, fused=True)
        self.log: dict[str, list[dict]] = {stage: [] for stage in self.STAGES}
        self.seconds = dict.fromkeys(self.STAGES, 0.0)
        self._tokens: torch.Tensor | None = None  # of every frame, once the tokenizer has learned
        self._moments: torch.Tensor | None = (
            None  # that the third stage goes over, once they are drawn
        )

    def learn_tokens(
        self, steps: int = 1000, batch: int = 64, lr: float = 2e-3, report: Report = None
    ) -> Iris:
        """The first stage: pictures become tokens, and tokens become pictures.

        Args:
            steps: after which the stage is over. batch: pictures a step.
            lr: highest learning rate, see `training.one_cycle`.
            report: called with (step, its log) after each step.
        """
        frames, tokenizer = self.seen.obs.flatten(0, 1), self.model.tokenizer  # (N T, 1, 32, 32)
        self._tokens = None

        def step(k):
            rows = randint(len(frames), (batch,), self.generator, "cpu")
            obs = unit_images(frames[rows], self.model.device)  # (batch, 1, 32, 32)
            vectors = tokenizer.embed(obs)  # (batch, 16, D)
            tokenizer.codebook.learn(vectors, self.generator)
            loss, parts = tokenizer.loss(obs, vectors)
            self._improve(self.tokenizer_optimiser, loss, one_cycle(k, steps, lr), 100.0)
            return parts

        return self._learn("tokens", steps, step, report)

    def learn_world(
        self,
        steps: int = 1100,
        batch: int = 16,
        length: int = 25,
        lr: float = 2e-3,
        report: Report = None,
    ) -> Iris:
        """The second stage: what comes next. `batch` stretches of `length` frames a step.

        Raises:
            ValueError: if the film has no stretches as long as that.
        """
        tokens, seen = self.tokens, self.seen

        def step(k):
            rows, start = self._draw_stretches(batch, length)
            at = rows[:, None], start[:, None] + torch.arange(length, device="cpu")
            arrow = at[0], at[1][:, :-1]  # of (batch, length) frames, the arrows between them
            columns = seen.act[arrow], seen.rew[arrow], seen.cont[arrow], seen.first[at]
            loss, parts = self.model.token_loss(tokens[at], *columns, self.generator)
            self._improve(self.model_optimiser, loss, one_cycle(k, steps, lr), 1.0)
            return parts

        return self._learn("world", steps, step, report)

    def learn_rewards(
        self, steps: int = 1500, batch: int = 128, lr: float = 2e-3, report: Report = None
    ) -> Iris:
        """The third stage: what pays. `batch` moments a step, from all that paid in the film and
        twice as many that did not. Only the reward head learns.

        Raises:
            ValueError: if no frame of the film pays.
        """
        h, rew = self._reward_data()

        def step(k):
            rows = randint(len(h), (batch,), self.generator, h.device)
            loss = self.model.reward_loss(h[rows], rew[rows]).mean()
            self._improve(self.reward_optimiser, loss, one_cycle(k, steps, lr), 1.0)
            return {"reward": loss.item()}

        return self._learn("rewards", steps, step, report)

    @torch.no_grad()
    def _reward_data(self, context=16, others=2):
        """What the transformer makes of `context` frames before each reward (in a film of shorter
        stretches, of half a stretch), and before `others` times as many moments without one: h
        `(M, D)` and rewards `(M,)`."""
        arrows = self.seen.rew.shape[1]
        context = context if arrows >= context else max(1, arrows // 2)
        last = slice(context - 1, None)
        rew, real = self.seen.rew[:, last], ~self.seen.first[:, 1:][:, last]
        if self._moments is None:
            paid, plain = ((wanted & real).nonzero() for wanted in (rew != 0, rew == 0))
            if not len(paid):
                where = f", {context} frames or more after its stretch begins"
                raise ValueError(
                    f"no frame of this film pays{where if self.seen.rew.any() else ''}: record "
                    "more, cut it into longer stretches, or leave learn_rewards out"
                )
            wanted = others * len(paid) if len(plain) else 0
            some = randint(max(1, len(plain)), (wanted,), self.generator, "cpu")
            self._moments = torch.cat([paid, plain[some]])  # (M, 2): row, frame
        h = []
        for rows, end in (part.T for part in self._moments.split(1024)):
            at = rows[:, None], end[:, None] + torch.arange(context, device="cpu")  # (m, context)
            act = encode_action(self.model.act_space, self.seen.act[at], self.model.device)
            first = self.seen.first[at].to(self.model.device)
            h.append(self.model.trunk(self.tokens[at], act, first)[0][:, -1])  # (m, D)
        h = torch.cat(h)
        return h, rew[tuple(self._moments.T)].to(h.device)

    def learn_to_act(
        self,
        steps: int = 60,
        batch: int = 192,
        context: int = 8,
        lr: float = 1e-3,
        report: Report = None,
    ) -> Iris:
        """The fourth stage: `batch` rollouts a step, each after `context` real frames.

        Raises:
            ValueError: if the film has no stretches as long as that, or all of them end there.
        """

        def step(k):
            for optimiser in (self.behaviour.actor_optimiser, self.behaviour.critic_optimiser):
                optimiser.param_groups[0]["lr"] = lr * (1 - 0.9 * k / steps)
            start = self.moments(batch, context)
            return self.behaviour.learn(self.model, start, self.generator)

        return self._learn("act", steps, step, report)

    @torch.no_grad()
    def moments(self, batch: int, context: int) -> TokenState:
        """States at real moments, none of which is an end, after `context` frames."""
        rows, start = self._draw_stretches(4 * batch, context + 1)
        goes_on = torch.where(~self.seen.first[rows, start + context])[0][:batch]
        if not len(goes_on):
            raise ValueError(
                f"of {4 * batch} stretches none goes on after {context} frames: the episodes are "
                "too short to begin a rollout in, pass a smaller context"
            )
        rows, start = rows[goes_on, None], start[goes_on, None]
        at = start + torch.arange(context, device="cpu")  # (batch, context)
        first = self.seen.first[rows, at].clone()
        first[:, 0] = True
        return self.model.after(self.tokens[rows, at], self.seen.act[rows, at[:, :-1]], first)

    @property
    def tokens(self) -> torch.Tensor:
        """Every frame in tokens, `(N, T, 16)`."""
        if self._tokens is None:
            self._tokens = self.model.tokenizer.encode(self.seen.obs)
        return self._tokens

    def agent(self) -> TokenAgent:
        """The actor at its best, for `evaluate`."""
        return TokenAgent(self.model, self.behaviour)

    def _draw_stretches(self, batch, length):
        n, frames = self.seen.first.shape
        if frames < length:
            raise ValueError(
                f"stretches of at least {length} frames are needed here, this film's have "
                f"{frames}: cut it into longer ones, or pass a smaller length (or context)"
            )
        rows = randint(n, (batch,), self.generator, "cpu")
        return rows, randint(frames - length + 1, (batch,), self.generator, "cpu")

    def _improve(self, optimiser, loss, lr, longest):
        optimiser.param_groups[0]["lr"] = lr
        improve(optimiser, loss, longest)

    def _learn(self, stage, steps, step, report):
        begun, log = time.process_time(), self.log[stage]
        with interruptible(
            lambda: (
                f"stopped after {len(log)} of {steps} steps: the model keeps what it has learned; "
                "call it again to go on from here"
            )
        ):
            while len(log) < steps:
                log.append(step(len(log)))
                if report:
                    report(len(log), log[-1])
        self.seconds[stage] += time.process_time() - begun
        return self

    # --- stop and go on ---------------------------------------------------------------------------

    def save(self, path: weights.Path) -> None:
        """Everything that learning on needs, but for the experience, in one file."""
        rest = {"log": self.log, "seconds": self.seconds, "moments": self._moments}
        weights.write(weights.states(self._learning()) | rest, path)

    def load(self, path: weights.Path) -> Iris:
        """Go on where `save` stopped, in a learner built with the same arguments.

        Raises:
            ValueError: if the file holds something else.
        """
        parts = self._learning()
        content = weights.read(path, (*parts, "log", "seconds", "moments"))
        weights.restore(parts, content, path)
        self.log, self.seconds = content["log"], content["seconds"]
        self._tokens, self._moments = None, content["moments"]
        return self

    def export(self, path: weights.Path) -> None:
        """What was learned, in half precision, for a reader who will not train: three files, whose
        names are `path` with `_tokenizer.pt`, `_world.pt` and `_actor.pt` at the end."""
        for part, own in self._parts().items():
            weights.export(own, f"{path}_{part}.pt")

    def import_weights(self, path: weights.Path) -> Iris:
        """Read what `export` wrote, into a learner built with the same arguments.

        Raises:
            ValueError: if a file holds something else, or weights of other sizes.
        """
        for part, own in self._parts().items():
            weights.import_weights(own, f"{path}_{part}.pt")
        self.behaviour.slow.load_state_dict(self.behaviour.critic.state_dict())
        self._tokens = None
        return self

    def _parts(self):
        """part -> its weights by name. The head of tokens goes with the tokenizer's words."""
        of_tokenizer = (
            "tokenizer.",
            "trunk.token_embed.",
            "trunk.head_embed",
            "trunk.head_out",
            "trunk.head_bias",
        )
        needed = {k: v for k, v in self.model.state_dict().items() if k[:4] != "far."}
        actor = {"actor": self.behaviour.actor, "critic": self.behaviour.critic}
        return {
            "tokenizer": {k: v for k, v in needed.items() if k.startswith(of_tokenizer)},
            "world": {k: v for k, v in needed.items() if not k.startswith(of_tokenizer)},
            "actor": {f"{k}.{n}": v for k, m in actor.items() for n, v in m.state_dict().items()},
        }

    def _learning(self):
        """What goes on changing while it learns."""
        own = [self.tokenizer_optimiser, self.model_optimiser, self.reward_optimiser]
        actor, critic = self.behaviour.actor_optimiser, self.behaviour.critic_optimiser
        return {
            "model": self.model,
            "behaviour": self.behaviour,
            "optimisers": [*own, actor, critic],
            "generator": self.generator,
        }
