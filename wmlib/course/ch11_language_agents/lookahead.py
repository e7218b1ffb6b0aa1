"""Look before you leap: a search through imagined tool calls, that keeps away from losses.

The world model says what each call would do; this module only chooses. It is the `imagine` and the
`evaluate` of the agent in `wmlib.course.ch11_language_agents.language_agent`, for many desks at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wmlib.course.ch11_language_agents.desk import FREE, GOAL, HARMLESS, LOST, TOOLS


class Future(NamedTuple):
    """An imagined plan: its score, its calls, and the desk after each (lists of integers)."""

    score: float
    calls: tuple[int, ...]
    desks: tuple[list[int], ...]


class Thought(NamedTuple):
    """What was imagined from one desk.

    Attributes:
        futures: the best plan for each first call that is worth a thought, best first.
        verdicts: first call -> (what the model says would happen, what that means): "loss",
            "unknown", "nothing new", or "" where it goes on from there.
    """

    futures: list[Future]
    verdicts: dict[int, tuple[str, str]]


class Lookahead:
    """Beam search in the imagination of a `TextModel`.

    A desk is worth its free space, up to the goal, 5 more where the goal is reached, and 0.05 less
    for each call on the way. A call that is imagined to lose a file is not followed; nor is one
    that leads to a desk already met, in reality or in imagination.

    Args:
        depth: calls imagined in a row. beam: desks followed at each depth.
        caution: highest probability of a loss that is accepted for the *first* call, the only one
            that will really be made. None: the model's words are believed.
        try_unknown: tools that may be tried where their outcome is unknown. With the default only
            those that cannot lose anything, whatever the desk.
    """

    def __init__(
        self, depth: int = 3, beam: int = 6, caution: float | None = None, try_unknown=HARMLESS
    ):
        if depth < 1 or beam < 1:
            raise ValueError(f"depth and beam must be at least 1, got {depth} and {beam}")
        if not set(try_unknown) <= set(TOOLS):
            raise ValueError(f"the tools are {', '.join(TOOLS)}; got {sorted(try_unknown)}")
        self.depth, self.beam = depth, beam
        self.caution, self.try_unknown = caution, frozenset(try_unknown)

    def propose(self, model, row) -> list[int]:
        """The calls worth a thought: those that name a file on the disk."""
        return model.world.sensible(row)

    def imagine(self, model, rows, met) -> list[Thought]:
        """Search from each of B desks.

        Args:
            model: a `TextModel`. rows: B desks, lists of integers.
            met: for each desk a set, see `desk_key`: desks met in this episode, and (desk, call)
                for calls tried there in vain.
        """
        rows = [[int(value) for value in row] for row in rows]
        thoughts = [Thought([], {}) for _ in rows]
        known = [met[i] | {desk_key(row)} for i, row in enumerate(rows)]
        pools = [[Future(0.0, (), (row,))] for row in rows]
        best = [{} for _ in rows]
        for depth in range(1, self.depth + 1):
            asked = [
                (i, future, call)
                for i, pool in enumerate(pools)
                for future in pool
                for call in self.propose(model, future.desks[-1])
            ]
            if not asked:
                break
            found = [{} for _ in rows]
            for (i, future, call), after in zip(asked, self._after(model, asked)):
                said, meaning = self._meaning(model, future.desks[-1], after, known[i])
                if depth == 1:
                    thoughts[i].verdicts[call] = (said, meaning)
                    if meaning == "unknown" and self._may_try(rows[i], call, met[i]):
                        best[i][call] = Future(self.value(rows[i], 1) - 1, (call,), (rows[i],))
                if meaning:
                    continue
                desks = (*future.desks[1:], after) if depth == 1 else (*future.desks, after)
                new = Future(self.value(after, depth), (*future.calls, call), desks)
                for table, key in ((best[i], new.calls[0]), (found[i], desk_key(after))):
                    if key not in table or table[key].score < new.score:
                        table[key] = new
            for i, table in enumerate(found):
                known[i] |= set(table)
                pools[i] = sorted(table.values(), key=lambda f: -f.score)[: self.beam]
        for thought, table in zip(thoughts, best):
            thought.futures.extend(sorted(table.values(), key=lambda f: -f.score))
        return thoughts

    def evaluate(self, model, rows, thoughts) -> list[int | None]:
        """The first call of the best future of each desk; None where nothing is left to do.

        With `caution`, futures whose first call is too risky are passed over, and the verdict on
        that call says so.
        """
        chosen = []
        asked = [
            (i, future.calls[0]) for i, thought in enumerate(thoughts) for future in thought.futures
        ]
        risky = set()
        if self.caution is not None and asked:
            risks = model.risk([model.world.prompt(rows[i], call) for i, call in asked])
            risky = {pair for pair, risk in zip(asked, risks) if risk > self.caution}
        for i, thought in enumerate(thoughts):
            for future in thought.futures:
                call = future.calls[0]
                if (i, call) not in risky:
                    chosen.append(call)
                    break
                thought.verdicts[call] = (thought.verdicts[call][0], "too risky")
            else:
                chosen.append(None)
        return chosen

    def decide(self, model, rows, met) -> list[int | None]:
        """Imagine and evaluate: the next call for each of B desks, None to stop and ask."""
        return self.evaluate(model, rows, self.imagine(model, rows, met))

    def value(self, row, depth: int) -> float:
        """What a desk is worth that was reached with so many calls."""
        return min(row[FREE], row[GOAL]) + 5.0 * (row[FREE] >= row[GOAL]) - 0.05 * depth

    def _after(self, model, asked):
        """The imagined desk after each call, None where it is unknown."""
        state = model.start(np.array([future.desks[-1] for _, future, _ in asked]))
        step = model.step(state, np.array([call for *_, call in asked]))
        desks, known = model.decode(step.state).tolist(), step.state.known.tolist()
        return [desk if sure else None for desk, sure in zip(desks, known)]

    def _meaning(self, model, before, after, known):
        if after is None:
            return "", "unknown"
        said = model.world.sentence(after)
        if LOST in said:
            return said, "loss"
        return said, "nothing new" if desk_key(after) in known else ""

    def _may_try(self, row, call, met):
        return TOOLS[call % len(TOOLS)] in self.try_unknown and (desk_key(row), call) not in met


def desk_key(row) -> tuple:
    """Which desk this is, whatever the last tool said."""
    return tuple(int(value) for value in row[1:])


def caution_level(risks, lost, accepted: float = 0.01) -> float:
    """A limit for `Lookahead(caution=...)` that held-out experience decides.

    The largest risk r such that, of all held-out losses, at most a share `accepted` had a risk of r
    or less: so many losses, and no more, would have been let through.

    Args:
        risks: `(N,)` what the model said. lost: `(N,)` bool, what happened.

    Raises:
        ValueError: if nothing was lost in these experiences: they decide nothing.
    """
    risks, lost = np.asarray(risks, float), np.asarray(lost, bool)
    if not lost.any():
        raise ValueError("without a single loss no limit can be found: hold out more experience")
    of_losses = np.sort(risks[lost])
    through = int(np.floor(accepted * len(of_losses)))
    if through >= len(of_losses):
        return float(risks.max())
    below = risks[risks < of_losses[through]]
    return float(below.max()) if len(below) else 0.0
