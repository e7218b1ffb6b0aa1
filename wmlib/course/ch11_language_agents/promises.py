"""What a search promises, what becomes of it, and a limit on the risk that held-out losses set."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import numpy as np

from wmlib.course.ch11_language_agents.desk import FREE, GOAL, LOST, Desk
from wmlib.course.ch11_language_agents.lookahead import Lookahead, caution_level
from wmlib.course.ch11_language_agents.study import held_out, looking, loss_risk, play
from wmlib.course.ch11_language_agents.text import TextModel
from wmlib.devices import new_rng

WORLD = Desk(held_out=True)
ACCEPTED = [0.02, 0.05, 0.1]  # shares of held-out losses that a limit lets through


class Promises(NamedTuple):
    """For each of n desks the best imagined plan, carried out without another thought.

    Attributes:
        calls: `(n,)` how many it has, 0 where no plan promises the goal.
        kept: `(n,)` bool, the goal was reached and nothing lost. lost: `(n,)` bool.
        futures: the plan, or None.
    """

    calls: np.ndarray
    kept: np.ndarray
    lost: np.ndarray
    futures: list


def promises(desks, text_model, depth) -> Promises:
    """Search from each desk, and carry out every plan that is imagined to reach the goal."""
    rows = np.asarray(desks).tolist()
    thoughts = Lookahead(depth).imagine(text_model, rows, [frozenset()] * len(rows))
    futures = [thought.futures[0] if thought.futures else None for thought in thoughts]
    futures = [f if f and f.desks[-1][FREE] >= f.desks[-1][GOAL] else None for f in futures]
    ends = [reduce(WORLD.act, f.calls, row) if f else row for f, row in zip(futures, rows)]
    lost = WORLD.losses(ends) > WORLD.losses(rows)
    calls = np.array([len(f.calls) if f else 0 for f in futures])
    reached = np.array([end[FREE] >= end[GOAL] for end in ends])
    return Promises(calls, (calls > 0) & reached & ~lost, lost, futures)


def first_calls(desks, text_model):
    """First calls imagined to free enough space and lose nothing: (lost, chosen), `(m,)` bool each.

    `chosen` are those that a search of depth one takes; `lost` is what really happens.
    """
    rows = np.asarray(desks).tolist()
    thoughts = Lookahead(1).imagine(text_model, rows, [frozenset()] * len(rows))
    lost, chosen = [], []
    for row, thought in zip(rows, thoughts):
        for place, future in enumerate(thought.futures):
            if future.desks[-1][FREE] >= row[GOAL]:
                lost.append(LOST in WORLD.sentence(WORLD.act(row, future.calls[0])))
                chosen.append(place == 0)
    return np.array(lost, bool), np.array(chosen, bool)


def whole_plan_risk(found: Promises, desks, text_model) -> np.ndarray:
    """The risks of all calls of each promised plan, added up: `(n,)`, 0 where there is none."""
    risks = np.zeros(len(desks))
    for i, future in enumerate(found.futures):
        if future:
            before = [np.asarray(desks)[i].tolist(), *future.desks]
            asked = [WORLD.prompt(row, call) for row, call in zip(before, future.calls)]
            risks[i] = text_model.risk(asked).sum()
    return risks


def doubt(model):
    """Another risk of a call: how little the model believes in the sentence it says itself."""

    def risk(prompts):
        said = [answer.partition(" => ")[0] for answer in model.answer(prompts)]
        sure = model.probability(prompts, said)
        return [1.0 if LOST in text else 1 - p for text, p in zip(said, sure)]

    return risk


def chance(seed):
    """A risk that knows nothing: a number from 0 to 1, drawn once for each question."""
    rng = new_rng([seed, 116])
    return lambda prompts: rng.random(len(prompts)).tolist()


def calibration(seed: int, each: int = 500):
    """Held-out random calls, as many that lose a file as others: (prompts, lost `(2 each,)`)."""
    prompts, answers = held_out(seed + 10_000, wanted=11 * each, changing=False)
    lost = np.array([LOST in answer for answer in answers])
    rows = np.r_[np.flatnonzero(lost)[:each], np.flatnonzero(~lost)[:each]]
    return [prompts[i] for i in rows], lost[rows]


def limits(risk, prompts, lost) -> tuple[list[float], list[float]]:
    """A limit for each share in `ACCEPTED`, and the share of harmless calls that it forbids."""
    risks = np.asarray(risk(prompts))
    found = [caution_level(risks, lost, accepted) for accepted in ACCEPTED]
    return found, [float((risks[~lost] > limit).mean()) for limit in found]


def cautious(name, model, risk, desks, prompts, lost, depth=3) -> dict:
    """Agents that plan anew after each call and refuse a next call above each limit.

    Returns:
        figures: `{name}_limit`, `_forbids`, `_success`, `_lost`, `_calls`, one for each limit.
    """
    text_model = TextModel(WORLD, model.answer, risk)
    found, forbids = limits(risk, prompts, lost)
    played = [play(desks, looking(text_model, depth, limit)) for limit in found]
    return {
        f"{name}_limit": found,
        f"{name}_forbids": forbids,
        f"{name}_success": [p.success.mean() for p in played],
        f"{name}_lost": [p.lost.mean() for p in played],
        f"{name}_calls": [int(p.calls.sum()) for p in played],
    }


def risks_of(model, seed) -> dict:
    """The three risks that are compared: of a loss, of being wrong, and by chance."""
    return {"careful": loss_risk(model), "doubt": doubt(model), "chance": chance(seed)}
