"""Act only when they agree: an agent that hands over to a safe fallback in time.

The gate asks of every action, before it is taken: *if I do this now, and only then turn
cautious, do I stay where the models agree, and out of danger?* It imagines the action and after it
the fallback, and looks at the ensemble's disagreement on the way. Where the answer is no, the
fallback drives. An action that passes leaves a way back that was itself checked one step earlier:
that is the idea of a safety filter (Wabersich & Zeilinger 2018), with an ensemble for "safe".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike

from wmlib.experience import Transitions
from wmlib.models.ensemble import Ensemble


class Gated:
    """An agent behind a gate.

    Args:
        agent: the bold one: `begin(obs)`, `act(obs)`, `keep(mask)` (see `wmlib.planning.MPC`).
        ensemble: whose members must agree.
        fallback: function `obs (B, D) -> actions (B, ...)`, safe wherever it was tried.
        threshold: largest disagreement that passes (see `familiar`).
        horizon: steps imagined by the gate: long enough for the fallback to have the car in hand.
        danger: optional function `obs (B, D) -> (B,)` bool: what must not happen on the way back.
        score: what is compared with the threshold, `(obs, action) -> (B,)` tensors; by default the
            members' disagreement.

    Attributes:
        doubt: disagreement `(B,)` of the last decision. refused: `(B,)` bool, whether it was
            handed over. steps, refusals: decisions and hand-overs since `begin`.
    """

    def __init__(
        self,
        agent: Any,
        ensemble: Ensemble,
        fallback: Callable,
        threshold: float,
        horizon: int = 12,
        danger: Callable | None = None,
        score: Callable | None = None,
    ):
        if horizon < 1:
            raise ValueError(f"the gate must look at least 1 step ahead, got horizon={horizon}")
        if not threshold >= 0:
            raise ValueError(f"threshold must be a disagreement, 0 or more, got {threshold}")
        self.agent, self.ensemble, self.fallback = agent, ensemble, fallback
        self.threshold, self.horizon = threshold, horizon
        self.danger, self.score = danger, score
        self.steps = self.refusals = 0

    def begin(self, obs: np.ndarray) -> None:
        """A new batch of episodes: first observations `(B, D)`."""
        self.agent.begin(obs)
        self.steps = self.refusals = 0

    @torch.inference_mode()
    def act(self, obs: np.ndarray) -> np.ndarray:
        """The agent's actions where the members agree, the fallback's where they do not."""
        action = np.array(self.agent.act(obs))
        asked = self.ensemble, obs, action, self.fallback, self.horizon, self.danger
        self.doubt = doubt(*asked, score=self.score)
        self.refused = ~(self.doubt <= self.threshold)
        action[self.refused] = self.fallback(obs)[self.refused]
        self.steps += len(self.refused)
        self.refusals += int(self.refused.sum())
        return action

    def keep(self, mask: np.ndarray) -> None:
        """Go on with some of the episodes only: mask `(B,)` bool."""
        self.agent.keep(mask)

    @property
    def abstention(self) -> float:
        """Share of the decisions that were handed over."""
        return self.refusals / max(1, self.steps)


@torch.inference_mode()
def doubt(
    ensemble: Ensemble,
    obs: ArrayLike,
    action: ArrayLike,
    fallback: Callable,
    horizon: int,
    danger: Callable | None = None,
    score: Callable | None = None,
) -> np.ndarray:
    """Largest disagreement on the way: this action now, then the fallback.

    Args:
        obs: `(B, D)`. action: `(B, ...)`. fallback: `obs -> actions`.
        horizon: steps imagined, by the members' average.
        danger: see `Gated`; where it is met, the doubt is infinite, as it is where a prediction is
            no number. score: see `Gated`.

    Returns:
        `(B,)`.
    """
    state = ensemble.observed(obs)  # (B, D)
    worst, seen = state.new_zeros(len(state)), state
    for t in range(horizon):
        if t > 0:
            action = fallback(seen.cpu().numpy())
        action = torch.as_tensor(action, device=state.device)
        mean, _ = ensemble.distribution(state, action)
        here = ensemble.spread(mean[..., :-1]) if score is None else score(state, action)
        worst = torch.maximum(worst, here)  # (B,)
        state = mean[..., :-1].mean(0)
        seen = ensemble.units.out(state)
        if danger is not None:
            met = torch.as_tensor(danger(seen), device=state.device)
            worst = torch.where(met, torch.inf, worst)
    return worst.cpu().numpy()


@torch.inference_mode()
def familiar(
    ensemble: Ensemble,
    held_out: Transitions,
    horizon: int,
    share: float = 0.9,
    score: Callable | None = None,
) -> float:
    """The threshold: below it stays this share of familiar stretches of `horizon` steps.

    Held-out real steps decide, and no failure is ever looked at: what the members disagree about
    on roads they know is no reason to stop. As in split conformal prediction (Angelopoulos & Bates
    2021) it is the ceil((n + 1) share)-th smallest of n values, and what it promises is the rate
    of *false alarms on familiar roads*, never that every danger is seen.

    Args:
        held_out: Transitions that no member was trained on. horizon: of the gate.
        score: see `Gated`.

    Raises:
        ValueError: if `share` is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must be between 0 and 1, got {share}")
    obs = ensemble.observed(held_out.obs)
    each = (score or ensemble.disagreement)(obs, torch.as_tensor(held_out.act, device=obs.device))
    each = each.cpu().numpy()
    first = held_out.windows(horizon)
    worst = np.sort(each[first[:, None] + np.arange(horizon)].max(1))
    rank = int(np.ceil((len(worst) + 1) * share))
    return float(worst[min(rank, len(worst)) - 1])
