"""World models that read and write text: any answerer of questions, and one learned from scratch.

A `TextModel` asks in words ("... If I delete thesis , what will happen ?") and reads the answer
("thesis is lost for ever . => free + 3 ; thesis lost ."). Who answers is its only part: the rules
of the world (`Desk.tell`), a `TextGPT` (`wmlib.course.ch11_language_agents.text_gpt`) trained on what tool calls did, or
any chat model (`wmlib.course.ch11_language_agents.chat`). To planners it is one more `WorldModel`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

from wmlib.models.base import Step, WorldModel


class TextState(NamedTuple):
    """Desks `(B, D)` as integers, and whether the way there was imagined at all: `(B,)` bool."""

    desk: torch.Tensor
    known: torch.Tensor


class TextModel(WorldModel):
    """A world model that asks in words. It remembers answers and never asks twice.

    Args:
        world: how desks become words and words desks (`wmlib.course.ch11_language_agents.desk.Desk`).
        answer: `list of prompts -> list of answers`, None for those that failed.
        risk: `list of prompts -> list of probabilities` that something is lost, if it can say.

    Attributes:
        asked: how many questions were asked, those that were remembered not counted.

    An answer that is missing, malformed or contradicts itself is *unknown*: the imagined desk
    stays as it is, `known` is False, the reward is -1 and nothing comes after. So a planner that
    knows nothing of words keeps away from it.
    """

    def __init__(self, world, answer, risk=None):
        self.world, self.act_space = world, world.act_space
        self.answer, self.risk_of = answer, risk
        self.asked, self.feat_size = 0, world.obs_space.shape[0]
        self._heard: dict[str, str | None] = {}
        self._risks: dict[str, float] = {}

    def start(self, obs, generator=None):
        desk = torch.as_tensor(np.asarray(obs)).long()
        if desk.ndim != 2 or desk.shape[1:] != self.world.obs_space.shape:
            raise ValueError(
                f"wanted desks (B, {self.world.obs_space.shape[0]}), got {tuple(desk.shape)}"
            )
        return TextState(desk, torch.ones(len(desk), dtype=torch.bool))

    def step(self, state, action, generator=None):
        rows = state.desk.tolist()
        actions = torch.as_tensor(action).tolist()
        answers = self.ask([self.world.prompt(row, a) for row, a in zip(rows, actions)])
        nxt, known = [], []
        for row, answer in zip(rows, answers):
            imagined = self._read(row, answer)
            nxt.append(row if imagined is None else imagined)
            known.append(imagined is not None)
        nxt = np.array(nxt).reshape(state.desk.shape)
        known = torch.tensor(known, dtype=torch.bool) & state.known
        reached = nxt[:, 2] >= nxt[:, 1]
        lost = self.world.losses(nxt) - self.world.losses(np.array(rows).reshape(nxt.shape))
        rew = torch.as_tensor(reached - lost).float()
        cont = 1.0 - torch.as_tensor(reached).float()
        return Step(
            TextState(torch.as_tensor(nxt), known),
            torch.where(known, rew, -torch.ones_like(rew)),
            torch.where(known, cont, torch.zeros_like(cont)),
        )

    def decode(self, state):
        return state.desk

    def feat(self, state):
        """The desk's numbers `(B, D)`, as floats."""
        return state.desk.float()

    def ask(self, prompts: list[str]) -> list[str | None]:
        """The answers, each prompt sent once in the life of this model."""
        new = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._heard]
        if new:
            answers = list(self.answer(new))
            if len(answers) != len(new):
                raise ValueError(f"{len(new)} questions were asked, {len(answers)} answers came")
            self._heard.update(zip(new, answers))
            self.asked += len(new)
        return [self._heard[prompt] for prompt in prompts]

    def risk(self, prompts: list[str]) -> np.ndarray:
        """How probable the answerer thinks a loss is, for each prompt: `(B,)` in [0, 1].

        Raises:
            TypeError: if it gives words only, no probabilities.
        """
        if self.risk_of is None:
            raise TypeError("this model answers in words only: it has no probabilities to look at")
        new = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._risks]
        if new:
            self._risks.update(zip(new, self.risk_of(new)))
        return np.array([self._risks[prompt] for prompt in prompts])

    def _read(self, row, answer):
        try:
            return self.world.apply(row, answer)
        except (ValueError, TypeError, AttributeError, IndexError):
            return None
