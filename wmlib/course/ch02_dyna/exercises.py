"""Instant checks of chapter 2: inputs drawn anew, each typical mistake told by its name."""

from __future__ import annotations

import random

import numpy as np

from wmlib.course.ch02_dyna.long_exercise import (
    check_doubter,
    check_model,
    check_planner,
    check_solve,
)
from wmlib.devices import new_rng
from wmlib.exercise import Exercise, numbers

__all__ = ["check_doubter", "check_model", "check_planner", "check_solve"]

Pair = tuple[int, int]


def drawn_model(rng: np.random.Generator, n_states: int = 6, n_actions: int = 3, ends=0.25) -> dict:
    """`{(s, a): (r, next, terminated)}` by chance, with some pairs missing."""
    return {
        (s, a): (float(rng.normal()), int(rng.integers(n_states)), bool(rng.random() < ends))
        for s in range(n_states)
        for a in range(n_actions)
        if rng.random() < 0.7
    }


def drawn_q(rng: np.random.Generator, n_states: int = 6, n_actions: int = 3) -> list[list[float]]:
    """A table of values by chance."""
    return rng.normal(size=(n_states, n_actions)).tolist()


# --- 1: the planning loop ---


def one_backup(answer, rng):
    """A model of one pair leaves nothing to chance."""
    for ends in (True, False):
        q, r, nxt = drawn_q(rng), float(rng.normal()), 4
        after = [list(row) for row in q]
        said = answer(after, {(1, 2): (r, nxt, ends)}, 1, random.Random(0))
        got = numbers(after, (6, 3), "q")[1, 2]
        moved = lambda target, alpha=0.5: abs(got - (q[1][2] + alpha * (target - q[1][2]))) < 1e-9
        right = r if ends else r + 0.9 * max(q[nxt])
        if after == q:
            return "q is unchanged: change it in place" + (
                "; a new table that is returned is lost" if said is not None else ""
            )
        if moved(right):
            continue
        if moved(right, 1.0):
            return "one backup should go half of the way to the target"
        if moved(r + 0.9 * max(q[nxt])):
            return "nothing comes after a terminal state: no max there"
        if moved(r + max(q[nxt])):
            return "the value of the next state counts 0.9 of itself"
        return "one backup: q[s][a] goes half of the way to r + 0.9 * max(q[nxt]), or r at an end"
    return None


def counts(answer, rng, n, seed):
    """How often each of four pairs was backed up: every one ends the episode and pays 1."""
    model = {(s, int(rng.integers(3))): (1.0, 5, True) for s in range(4)}
    q = [[0.0] * 3 for _ in range(6)]
    answer(q, model, n, random.Random(seed))
    values = numbers(q, (6, 3), "q")
    touched = {(int(s), int(a)) for s, a in zip(*np.nonzero(values))}
    if touched - set(model):
        return "a pair was imagined that the model does not hold"
    return [round(-np.log2(1 - values[pair])) for pair in model]


def draws(answer, rng):
    """n backups, over pairs drawn evenly with rng."""
    found = [counts(answer, new_rng(1), 16, seed) for seed in range(40)]
    for row in found:
        if isinstance(row, str):
            return row
        if sum(row) != 16:
            return f"n backups are wanted: with n = 16 there were {sum(row)}"
    if len({tuple(row) for row in found}) == 1:
        return "the draws do not depend on rng: every generator gives the same"
    if counts(answer, new_rng(1), 16, 0) != found[0]:
        return "the same rng should give the same draws: take no other source of chance"
    mean = np.mean(found, 0)
    if mean.min() < 2 or mean.max() > 6:
        return f"not every pair is drawn as often as the others: {mean.round(1)} of 16 draws"
    return None


def plan_with(draw=None, alpha=0.5, gamma=0.9, end=True, times=None):
    """The planning loop, or one with a mistake."""

    def plan(q, model, n, rng):
        for _ in range(n if times is None else times):
            s, a = rng.choice(list(model)) if draw is None else draw(model)
            r, nxt, terminated = model[s, a]
            target = r if terminated and end else r + gamma * max(q[nxt])
            q[s][a] += alpha * (target - q[s][a])

    return plan


check_plan = Exercise(
    "The planning loop",
    [one_backup, draws],
    wrong=[
        (lambda q, model, n, rng: None, "in place"),
        (plan_with(alpha=1.0), "half of the way"),
        (plan_with(end=False), "terminal"),
        (plan_with(gamma=1.0), "0.9"),
        (plan_with(times=1), "n backups"),
        (plan_with(lambda model: list(model)[-1]), "not depend on rng"),
        (plan_with(lambda model: random.choice(list(model))), "no other source"),
        (lambda q, model, n, rng: [row.reverse() for row in q], "half of the way"),
    ],
)


# --- 2: which pairs to imagine first ---


def ordered(q, model, gamma, absolute=True, largest=True, end=True, zeros=False):
    """The reference, and its typical mistakes."""
    change = {}
    for (s, a), (r, nxt, terminated) in model.items():
        target = r if terminated and end else r + gamma * max(q[nxt])
        change[s, a] = abs(target - q[s][a]) if absolute else target - q[s][a]
    kept = [pair for pair in change if zeros or abs(change[pair]) > 0]
    return sorted(kept, key=change.get, reverse=largest)


def rises_at(q, model, gamma, pair):
    """Whether a backup of this pair would raise its value."""
    r, nxt, terminated = model[pair]
    return (r if terminated else r + gamma * max(q[nxt])) > q[pair[0]][pair[1]]


def first(answer, rng):
    """Against the reference."""
    for _ in range(5):
        q, model, gamma = drawn_q(rng), drawn_model(rng), float(rng.uniform(0.5, 0.9))
        at_rest = next(iter(model))
        model[at_rest] = q[at_rest[0]][at_rest[1]], 0, True  # its value is right already
        got = answer([list(row) for row in q], dict(model), gamma)
        got = [tuple(int(x) for x in row) for row in numbers(got, (None, 2), "the list of pairs")]
        if got == ordered(q, model, gamma):
            continue
        for message, mistake in (
            ("the largest change comes first: turn it round", {"largest": False}),
            ("a fall is a change too: take the absolute value", {"absolute": False}),
            ("nothing comes after a step that ended the episode: no max there", {"end": False}),
        ):
            if got == ordered(q, model, gamma, **mistake):
                return message
        rises = [
            p for p in ordered(q, model, gamma, absolute=False) if rises_at(q, model, gamma, p)
        ]
        if got == rises:
            return "a fall is a change too: take the absolute value"
        if at_rest in got:
            return "a pair is in the list whose value is right already: leave it out"
        if sorted(got) != sorted(ordered(q, model, gamma)):
            return f"{len(ordered(q, model, gamma))} pairs would change; the list holds {len(got)}"
        return "the change is |r + gamma * max(q[nxt]) - q[s][a]|, with the gamma that is given"
    return None


check_order = Exercise(
    "The largest change first",
    [first],
    wrong=[
        (lambda q, model, gamma: ordered(q, model, gamma, largest=False), "turn it round"),
        (lambda q, model, gamma: ordered(q, model, gamma, absolute=False), "absolute"),
        (lambda q, model, gamma: ordered(q, model, gamma, end=False), "no max"),
        (lambda q, model, gamma: ordered(q, model, gamma, zeros=True), "right already"),
        (lambda q, model, gamma: ordered(q, model, 0.05), "gamma that is given"),
        (lambda q, model, gamma: ordered(q, model, gamma)[:2], "would change"),
    ],
)


# --- 3: repair Dyna-Q+ ---


def curious(
    model, last_tried, n_actions, now, kappa, known_only=False, fresh=False, root=True, where=True
):
    """The reference, and the mistakes of the version that is to be repaired."""
    steps = {}
    for s in {s for s, _ in model}:
        for a in range(n_actions):
            if known_only and (s, a) not in model:
                continue
            r, nxt, terminated = model.get((s, a), (0.0, s if where else 0, False))
            age = now - last_tried.get((s, a), now if fresh else 0)
            steps[s, a] = r + kappa * (age**0.5 if root else age), nxt, terminated
    return steps


def repaired(answer, rng):
    """Models drawn anew, with pairs never tried in visited states."""
    for _ in range(5):
        model = drawn_model(rng)
        model[5, 2] = 1.0, 0, True
        model.pop((5, 0), None)
        last_tried = {pair: int(rng.integers(1, 900)) for pair in model}
        now, kappa = 1000, float(rng.uniform(0.01, 0.1))
        right = curious(model, last_tried, 3, now, kappa)
        got = answer(dict(model), dict(last_tried), 3, now, kappa)
        if not isinstance(got, dict):
            return "imagined should give a dictionary {(s, a): (reward, next, terminated)}"
        if set(got) <= set(model) and set(right) - set(model):
            return (
                "(5, 0) was never tried, and state 5 was visited: it is missing. Without it no "
                "door is found that was never tried"
            )
        if set(got) != set(right):
            return "wanted is every action of every state that was visited, and nothing else"
        pairs = sorted(right)
        said = numbers([list(got[pair]) for pair in pairs], (len(pairs), 3), "the imagined steps")
        close = lambda table: np.abs(said - np.array([table[p] for p in pairs], float)).max() < 1e-9
        if close(right):
            continue
        new = [i for i, pair in enumerate(pairs) if pair not in model]
        old = [i for i, pair in enumerate(pairs) if pair in model]
        wanted = np.array([right[pair] for pair in pairs], float)
        if np.abs(said[new, 0]).max(initial=0) < 1e-9:
            return "what was never tried gets no bonus: it has not been tried for `now` steps"
        if np.abs(said[new, 1:] - wanted[new, 1:]).max(initial=0) > 1e-9:
            return "a pair never tried leads nowhere: it stays where it is, and nothing ends"
        ages = np.array([now - last_tried[pairs[i]] for i in old])
        rewards = np.array([model[pairs[i]][0] for i in old])
        if np.abs(said[old, 0] - rewards - kappa * ages).max() < 1e-9:
            return "the bonus grows with the root of the time: kappa * sqrt(age)"
        return "the reward of an imagined step is r + kappa * sqrt(now - last_tried)"
    return None


def curious_but(**mistake):
    """The version with one of the mistakes."""
    return lambda *given: curious(*given, **mistake)


check_curious = Exercise(
    "Repair Dyna-Q+",
    [repaired],
    wrong=[
        (curious_but(known_only=True, fresh=True, root=False), "it is missing"),
        (curious_but(fresh=True), "gets no bonus"),
        (curious_but(root=False), "root of the time"),
        (curious_but(where=False), "leads nowhere"),
        (lambda *given: curious(*given[:4], 0.9 * given[4]), "sqrt"),
    ],
)


# --- 4: a sample model ---


def sampled(answer, rng):
    """Outcomes of two actions, drawn in proportion to how often they were seen."""
    remember, imagine = answer
    few, many = int(rng.integers(2, 4)), int(rng.integers(10, 16))
    seen = [(3, 0, "falls")] * few + [(3, 0, "crosses")] * many
    seen += [(3, 1, "waits")] * 30 + [(2, 0, "sleeps")] * 30
    shares = []
    for events in (seen, seen[::-1]):
        counts, chance = {}, random.Random(int(rng.integers(1000)))
        for event in events:
            remember(counts, *event)
        drawn = [imagine(counts, 3, 0, chance) for _ in range(4000)]
        if any(outcome not in ("falls", "crosses", "waits", "sleeps") for outcome in drawn):
            return f"imagine should give an outcome that was seen, and gives {drawn[0]!r}"
        if "waits" in drawn or "sleeps" in drawn:
            return "outcomes of another state or another action are mixed in"
        shares.append(drawn.count("falls") / 4000)
    want = few / (few + many)
    if min(shares) < 0.02 or max(shares) > 0.98:
        return "only the last, or the most frequent, outcome is ever drawn"
    if max(abs(share - 0.5) for share in shares) < 0.04:
        return "every outcome is drawn equally often: weigh them by how often they were seen"
    if max(abs(share - want) for share in shares) > 0.04:
        return f"seen {few} times in {few + many}, drawn with a share of {shares[0]:.2f}"
    return None


def remember_counts(counts, s, a, outcome):
    """Counts an outcome of a pair."""
    seen = counts.setdefault((s, a), {})
    seen[outcome] = seen.get(outcome, 0) + 1


def imagine_counts(counts, s, a, rng):
    """Draws an outcome of a pair in proportion to its count."""
    seen = counts[s, a]
    return rng.choices(list(seen), list(seen.values()))[0]


def remember_mixed(counts, s, a, outcome):
    """Forgets which action it was."""
    remember_counts(counts, s, 0, outcome)


check_sample = Exercise(
    "A sample model",
    [sampled],
    wrong=[
        ((remember_mixed, imagine_counts), "mixed in"),
        ((remember_counts, lambda c, s, a, rng: max(c[s, a], key=c[s, a].get)), "only the last"),
        ((remember_counts, lambda c, s, a, rng: rng.choice(list(c[s, a]))), "equally often"),
        ((remember_counts, lambda c, s, a, rng: None), "that was seen"),
    ],
)
