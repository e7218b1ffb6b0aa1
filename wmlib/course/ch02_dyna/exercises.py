"""Instant checks of chapter 2: inputs drawn anew, each typical mistake told by its name."""

from __future__ import annotations

import copy
import random

import numpy as np

from wmlib.course.ch02_dyna.long_exercise import check_doubter, check_planner
from wmlib.course.ch02_dyna.model_exercises import check_model, check_solve
from wmlib.course.ch02_dyna.planning_exercise import check_plan
from wmlib.exercise import Exercise, numbers

__all__ = ["check_doubter", "check_model", "check_plan", "check_planner", "check_solve"]

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


# --- 2: which pairs to imagine first ---


def ordered(q, model, gamma, absolute=True, largest=True, end=True, zeros=False, pays=True):
    """The reference, and its typical mistakes."""
    change = {}
    for (s, a), (r, nxt, terminated) in model.items():
        target = r if terminated and end else r + gamma * max(q[nxt])
        target = 0.0 if terminated and not pays else target
        change[s, a] = abs(target - q[s][a]) if absolute else target - q[s][a]
    kept = [pair for pair in change if zeros or abs(change[pair]) > 0]
    return sorted(kept, key=change.get, reverse=largest)


def rises_at(q, model, gamma, pair):
    """Whether a backup of this pair would raise its value."""
    r, nxt, terminated = model[pair]
    return (r if terminated else r + gamma * max(q[nxt])) > q[pair[0]][pair[1]]


def first(answer, rng):
    """Against the reference; a mistake is named that explains the list of every model."""
    found = []
    for _ in range(5):
        q, gamma = drawn_q(rng, 8), float(rng.uniform(0.5, 0.9))
        model = drawn_model(rng, 8, ends=0.4)
        at_rest = next(iter(model))
        model[at_rest] = q[at_rest[0]][at_rest[1]], 0, True  # its value is right already
        table, steps = [list(row) for row in q], dict(model)
        got = answer(table, steps, gamma)
        if table != q or steps != model:
            return "q or model has changed: order only says what *would* change"
        many = len(ordered(q, model, gamma))
        if isinstance(got, list) and not got:
            return f"{many} pairs would change; the list holds 0"
        got = [tuple(int(x) for x in row) for row in numbers(got, (None, 2), "the list of pairs")]
        found.append((got, q, model, gamma))
    explains = lambda **mistake: all(got == ordered(*given, **mistake) for got, *given in found)
    if explains():
        return None
    for message, mistake in (
        ("the largest change comes first: turn it round", {"largest": False}),
        ("a fall is a change too: take the absolute value", {"absolute": False}),
        ("nothing comes after a step that ended the episode: no max there", {"end": False}),
        ("a step that ended the episode still pays r", {"pays": False}),
    ):
        if explains(**mistake):
            return message
    got, q, model, gamma = next(row for row in found if row[0] != ordered(*row[1:]))
    right = ordered(q, model, gamma)
    rises = [p for p in ordered(q, model, gamma, absolute=False) if rises_at(q, model, gamma, p)]
    if got == rises:
        return "a fall is a change too: take the absolute value"
    if set(got) & set(model) - set(right):
        return "a pair is in the list whose value is right already: leave it out"
    if sorted(got) != sorted(right):
        return f"{len(right)} pairs would change; the list holds {len(got)}"
    return "the change is |r + gamma * max(q[nxt]) - q[s][a]|, with the gamma that is given"


def backs_up(q, model, gamma):
    """Orders, and makes the backups too."""
    pairs = ordered(q, model, gamma)
    for s, a in pairs:
        r, nxt, terminated = model[s, a]
        q[s][a] = r if terminated else r + gamma * max(q[nxt])
    return pairs


check_order = Exercise(
    "The largest change first",
    [first],
    wrong=[
        (lambda q, model, gamma: ordered(q, model, gamma, largest=False), "turn it round"),
        (lambda q, model, gamma: ordered(q, model, gamma, absolute=False), "absolute"),
        (lambda q, model, gamma: ordered(q, model, gamma, end=False), "no max"),
        (lambda q, model, gamma: ordered(q, model, gamma, zeros=True), "right already"),
        (lambda q, model, gamma: ordered(q, model, 0.05), "gamma that is given"),
        (lambda q, model, gamma: ordered(q, model, gamma, pays=False), "still pays r"),
        (lambda q, model, gamma: ordered(q, model, gamma)[:2], "would change"),
        (lambda q, model, gamma: [], "holds 0"),
        (backs_up, "has changed"),
    ],
)


# --- 3: repair Dyna-Q+ ---


def curious(
    model, last_tried, n_actions, now, kappa, known_only=False, fresh=False, root=True, where=True,
    entered=False,
):  # fmt: skip
    """The reference, and the mistakes of the version that is to be repaired."""
    steps = {}
    for s in {s for s, _ in model} | ({row[1] for row in model.values()} if entered else set()):
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
        model[4, 1] = 0.0, 6, False  # state 6 was entered, and the agent has not acted there
        last_tried = {pair: int(rng.integers(1, 900)) for pair in model}
        now, kappa = 1000, float(rng.uniform(0.01, 0.1))
        right = curious(model, last_tried, 3, now, kappa)
        given, tried = dict(model), dict(last_tried)
        got = answer(given, tried, 3, now, kappa)
        if given != model or tried != last_tried:
            return "model or last_tried has changed: what is imagined is no knowledge"
        if not isinstance(got, dict):
            return "imagined should give a dictionary {(s, a): (reward, next, terminated)}"
        if set(got) <= set(model) and set(right) - set(model):
            return (
                "(5, 0) was never tried, and the agent has acted in 5: it is missing. Without it no "
                "door is found that was never tried"
            )
        if any(pair[0] == 6 for pair in got):
            return "state 6 was only entered: the agent has never acted there, so leave it out"
        if set(got) != set(right):
            return "wanted is every action of every state in which the agent has acted, no others"
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


def writing(model, last_tried, n_actions, now, kappa):
    """Writes what it assumes into the model."""
    steps = curious(model, last_tried, n_actions, now, kappa)
    for (s, a), step in steps.items():
        model.setdefault((s, a), (0.0, *step[1:]))
    return steps


check_curious = Exercise(
    "Repair Dyna-Q+",
    [repaired],
    wrong=[
        (curious_but(known_only=True, fresh=True, root=False), "it is missing"),
        (curious_but(fresh=True), "gets no bonus"),
        (curious_but(root=False), "root of the time"),
        (curious_but(where=False), "leads nowhere"),
        (lambda *given: curious(*given[:4], 0.9 * given[4]), "sqrt"),
        (curious_but(entered=True), "only entered"),
        (writing, "has changed"),
    ],
)


# --- 4: a sample model ---


FALLS, CROSSES = (-1.0, 7, True), (0.0, 4, False)
WAITS, SLEEPS = (0.0, 3, False), (0.0, 2, False)


def sampled(answer, rng):
    """Outcomes of two actions, drawn in proportion to how often they were seen."""
    remember, imagine = answer
    for few, many in ((1, int(rng.integers(5, 8))), (int(rng.integers(30, 45)), 150)):
        seen = [(3, 0, FALLS)] * few + [(3, 0, CROSSES)] * many
        seen += [(3, 1, WAITS)] * 30 + [(2, 0, SLEEPS)] * 30
        for events in (seen, seen[::-1]):
            counts, other, seed = {}, {}, int(rng.integers(1000))
            for event in events:
                remember(counts, *event)
                remember(other, 3, 0, WAITS)
            held = copy.deepcopy(counts)
            chance, again = random.Random(seed), random.Random(seed)
            drawn = [imagine(counts, 3, 0, chance) for _ in range(4000)]
            if found := wrong_draws(drawn, few / (few + many)):
                return found
            if [imagine(counts, 3, 0, again) for _ in range(4000)] != drawn:
                return "the same rng should give the same draws: take no other source of chance"
            if counts != held:
                return "imagine has changed counts: what is imagined was not seen"
            if imagine(other, 3, 0, chance) != WAITS or not counts:
                return "two dictionaries of counts are mixed up: keep everything in `counts`"
    return None


def wrong_draws(drawn, want):
    """What 4,000 draws say of the answer."""
    known = {repr(outcome) for outcome in (FALLS, CROSSES, WAITS, SLEEPS)}
    strange = [x for x in drawn if type(x) is not tuple or repr(x) not in known]
    if strange:
        return (
            "imagine should give an outcome as it was remembered, for instance the tuple "
            f"{CROSSES}, and gives {strange[0]!r}"
        )
    if WAITS in drawn or SLEEPS in drawn:
        return "outcomes of another state, another action or another dictionary are mixed in"
    share = drawn.count(FALLS) / len(drawn)
    if share in (0, 1):
        return (
            "every draw is the same: neither the last nor the most frequent outcome alone will do, "
            "nor a generator begun anew at each call. Draw with the rng that is given"
        )
    if abs(share - 0.5) < 0.03:
        return "every outcome is drawn equally often: weigh them by how often they were seen"
    if abs(share - want) > 0.03:
        return f"seen with a share of {want:.2f}, drawn with a share of {share:.2f}"
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


def imagine_with(weigh=None, source=None):
    """Draws with other weights, or from another source of chance."""

    def imagine(counts, s, a, rng):
        seen = counts[s, a]
        weights = [count if weigh is None else weigh(count) for count in seen.values()]
        return (rng if source is None else source()).choices(list(seen), weights)[0]

    return imagine


ELSEWHERE: dict = {}


check_sample = Exercise(
    "A sample model",
    [sampled],
    wrong=[
        ((remember_mixed, imagine_counts), "mixed in"),
        ((remember_counts, lambda c, s, a, rng: max(c[s, a], key=c[s, a].get)), "most frequent"),
        ((remember_counts, lambda c, s, a, rng: rng.choice(list(c[s, a]))), "equally often"),
        ((remember_counts, lambda c, s, a, rng: None), "as it was remembered"),
        ((remember_counts, imagine_with(source=lambda: random)), "no other source"),
        ((remember_counts, imagine_with(source=lambda: random.Random(0))), "begun anew"),
        ((remember_counts, imagine_with(lambda count: count**2)), "drawn with a share"),
        ((remember_counts, imagine_with(lambda count: count + 1)), "drawn with a share"),
        ((remember_counts, imagine_with(lambda count: min(count, 20))), "equally often"),
        ((lambda c, s, a, o: remember_counts(c, s, a, str(o)), imagine_counts), "as it was"),
        ((lambda c, s, a, o: c.update({(s, a): {o: 1}}), imagine_counts), "the last"),
        (
            (
                lambda c, s, a, o: remember_counts(ELSEWHERE, s, a, o),
                lambda c, s, a, rng: imagine_counts(ELSEWHERE, s, a, rng),
            ),
            "another dictionary",
        ),
    ],
)
