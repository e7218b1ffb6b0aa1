"""Who else sits the examinations of chapter 13: agents with no idea, and rules that need no model."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import torch

from wmlib.course.ch13_open_problems.arenas import CARTPOLE, CATCH, StillPictures
from wmlib.evaluation import evaluate
from wmlib.models import NeuralDynamics
from wmlib.models.base import Step
from wmlib.models.vector import Still
from wmlib.scoreboard import examine, numbers
from wmlib.worlds import CartPole
from wmlib.worlds.catch import Catch, ball_in, bar_in

ENTRANTS = 6  # of each board


def everybody(**figures):
    """The same figure for each entrant of a board."""
    return {key: [value] * ENTRANTS for key, value in figures.items()}


def row_of(model, seed):
    """A model's row of the board of states, in everybody's place."""
    row = examine(model, CARTPOLE, seed)
    return everybody(
        one_step=row.one_step,
        k_steps=row.k_steps,
        sensitivity=row.sensitivity,
        planning=row.planning,
        parameters=numbers(model),
    )


def still_states(seed):
    """A model in which nothing moves."""
    return row_of(Still(4, CartPole.act_space), seed)


def untrained_states(seed):
    """A network as it is built."""
    return row_of(NeuralDynamics(4, CartPole.act_space, seed=seed), seed)


def push_to_its_side(obs):
    """No model: push to the side to which the pole falls, `(B, 4)` to `(B,)`."""
    return (obs[:, 2] + 0.5 * obs[:, 3] > 0).astype(int)


def by_hand_states(seed):
    """The rule's steps in the place of all planners'."""
    played = evaluate(CartPole(), push_to_its_side, CARTPOLE.episodes, seed)
    return everybody(planning=float(played.returns.mean()))


# --- pictures ---


class FallsStraight:
    """What the examination asks of a model, and no more. Reads ball and bar from one picture; the ball falls straight, the bar does as it is told."""

    act_space, has_reward = Catch.act_space, False

    def start(self, obs, generator=None):
        obs = torch.as_tensor(obs)[:, 0]
        ball, bar = torch.as_tensor(ball_in(obs)[0]), torch.as_tensor(bar_in(obs)[0])
        return torch.cat([bar[:, None], ball], 1)

    def step(self, state, action, generator=None):
        bar, x, y = state.T
        bar = (bar + Catch.SPEED * (torch.as_tensor(action) - 1)).clamp(2, 29)
        nxt = torch.stack([bar, x, y + Catch.FALL], 1)
        return Step(nxt, torch.zeros(len(nxt)), torch.ones(len(nxt)))

    def observe(self, state, action, obs, first=None, generator=None):
        return self.start(obs)

    def imagine(self, state, plan, generator=None):
        states = [state]
        for t in range(plan.shape[1]):
            states.append(self.step(states[-1], plan[:, t]).state)
        return SimpleNamespace(states=states)

    def decode(self, state):
        rest = torch.zeros(len(state), 2)  # Catch also keeps the drift, and the balls left
        return torch.as_tensor(Catch().obs(torch.cat([state, rest], 1).numpy()))


def falls_straight(seed):
    """Its errors in the place of all."""
    row = examine(FallsStraight(), CATCH, seed, plan=False)
    return everybody(one_step=row.one_step, k_steps=row.k_steps)


def nothing_pixels(seed):
    """The last picture for ever, and random play."""
    row = examine(StillPictures(), CATCH, seed, plan=False)
    played = evaluate(Catch(), None, CATCH.episodes, seed)
    return everybody(
        one_step=row.one_step, k_steps=row.k_steps, planning=float(played.returns.mean())
    )


def go_where_it_is(obs):
    """No model: read the picture, and move the bar to below the ball. `(B, 1, 32, 32)` to `(B,)`."""
    away = ball_in(obs[:, 0])[0][:, 0] - bar_in(obs[:, 0])[0]
    return np.where(np.abs(away) < 0.75, 1, np.where(away > 0, 2, 0))


def by_hand_pixels(seed):
    """The rule's return in the place of all planners'."""
    played = evaluate(Catch(), go_where_it_is, CATCH.episodes, seed)
    return everybody(planning=float(played.returns.mean()))
