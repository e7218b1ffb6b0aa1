"""Checks of the long exercise: a planner in four stages. The true world stays on this side."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch02_dyna.mazes import drawn_pair, renumbered, shortest
from wmlib.course.ch02_dyna.planner import Doubter, LastOutcome, Planner, solve
from wmlib.exercise import Exercise, Mistake, numbers

EPISODES, LIMIT = 25, 600


# --- stage 1: a model ---


def remembers(answer, rng):
    """Rows drawn anew; the last outcome of each pair counts."""
    model, truth = answer(), {}
    if model is None:
        return "Model() should give an object with record and ask"
    if model.ask(0, 0) is not None:
        return "ask of a pair that was never tried should give None: the model does not know"
    for t in range(60):
        s, a, nxt = (int(x) for x in rng.integers((5, 3, 5)))
        row = float(rng.integers(3)), nxt, bool(rng.random() < 0.3)
        if t % 3 == 0 and truth:  # once more, as it was
            (s, a), row = list(truth.items())[rng.integers(len(truth))]
        news, said = truth.get((s, a)) != row, model.record(s, a, *row)
        first = (s, a) not in truth
        old, truth[s, a] = truth.get((s, a)), row
        got = model.ask(s, a)
        if got is None:
            return "ask gives None for a pair that was recorded"
        if not first and old != row and same(got, old):
            return "after another outcome the first one is still there: the last one counts"
        if not same(got, row):
            return f"recorded was {row}, and ask gives {got}: (r, next state, terminated)"
        if bool(said) != news or said is None:
            return (
                "record should say whether this was news: True for a pair never tried and for "
                "another outcome than last time, False for what the model had already"
            )
    asked = [(s, a) for s in range(5) for a in range(3)]
    if any((model.ask(*p) is None) != (p not in truth) for p in asked):
        return "a pair that was never tried has an answer, or one that was tried has none"
    return None if all(same(model.ask(*p), truth[p]) for p in truth) else "pairs are mixed up"


def same(got, row):
    """Whether an answer is this outcome."""
    said = numbers(list(got), (3,), "what ask gives")
    return bool(np.abs(said - np.array(row, float)).max() < 1e-9)


class FirstKept(LastOutcome):
    """Keeps the first outcome."""

    def record(self, s, a, *row):
        news = (s, a) not in self.last
        self.last.setdefault((s, a), row)
        return news


class AlwaysNews(LastOutcome):
    """Everything is news."""

    def record(self, *row):
        super().record(*row)
        return True


class NothingHappens(LastOutcome):
    """Answers for pairs it never saw."""

    def ask(self, s, a):
        return self.last.get((s, a), (0.0, s, False))


check_model = Exercise(
    "A planner, stage 1: the model",
    [remembers],
    wrong=[
        (FirstKept, "the last one counts"),
        (AlwaysNews, "whether this was news"),
        (NothingHappens, "should give None"),
    ],
)


# --- stage 2: values from the model ---


class Drawn:
    """A model drawn by chance, with pairs that it does not know."""

    def __init__(self, rng, n_states, n_actions):
        self.table = {
            (s, a): (float(rng.normal()), int(rng.integers(n_states)), bool(rng.random() < 0.2))
            for s in range(n_states)
            for a in range(n_actions)
            if rng.random() < 0.7
        }

    def ask(self, s, a):
        """(r, next, terminated) or None."""
        return self.table.get((s, a))


class Endless(Drawn):
    """The same, as if no step ended the episode."""

    def __init__(self, other):
        self.table = {p: (r, nxt, False) for p, (r, nxt, _) in other.table.items()}


def solves(answer, rng):
    """Models drawn anew against the reference."""
    for _ in range(3):
        n, m = int(rng.integers(5, 9)), int(rng.integers(2, 5))
        gamma, hope, model = (
            float(rng.uniform(0.7, 0.9)),
            float(rng.uniform(2, 6)),
            Drawn(rng, n, m),
        )
        got = numbers(answer(model, n, m, gamma, hope), (n, m), "what solve gives")
        close = lambda other: np.abs(got - other).max() < 1e-3
        if close(solve(model, n, m, gamma, hope)):
            continue
        if close(solve(model, n, m, gamma, 0.0)):
            return "a pair that was never tried should be worth hope, and here it is worth 0"
        if close(solve(Endless(model), n, m, gamma, hope)):
            return "nothing comes after a step that ended the episode: its value is r alone"
        unknown = [model.ask(s, a) is None for s in range(n) for a in range(m)]
        if np.abs(got.ravel()[unknown] - hope).max(initial=0) > 1e-3:
            return "the value of a pair that was never tried should stay at hope"
        if any(close(solve(model, n, m, gamma, hope, sweeps=k)) for k in range(1, 12)):
            return "too few sweeps: repeat until no value changes by more than 0.000001"
        return "known pairs: r + gamma * (the largest value of the next state), again and again"
    return None


check_solve = Exercise(
    "A planner, stage 2: values",
    [solves],
    wrong=[
        (lambda model, n, m, gamma, hope: solve(model, n, m, gamma, 0.0), "worth hope"),
        (lambda model, n, m, gamma, hope: solve(Endless(model), n, m, gamma, hope), "r alone"),
        (lambda *given: solve(*given, sweeps=1), "too few sweeps"),
        (lambda model, n, m, gamma, hope: solve(model, n, m, 1.1 * gamma, hope), "again and again"),
        (lambda model, n, m, gamma, hope: np.zeros((m, n + m)), "shape"),
    ],
)


# --- stages 3 and 4: acting ---


def one_step(agent, world, cell):
    """The agent acts and learns once: (next cell, reward, terminated)."""
    action = agent.act(cell)
    if not isinstance(action, (int, np.integer)) or not 0 <= action < 4:
        raise Mistake(f"act should give an action, 0 to 3, and gives {action!r}")
    nxt, r, terminated = world.move(cell, int(action))
    agent.learn(cell, int(action), r, nxt, terminated)
    return nxt, r, terminated


def lengths(agent, world, episodes):
    """Steps of each episode; one that takes 600 steps is cut off."""
    found = []
    for _ in range(episodes):
        cell, t, terminated = world.reset(), 0, False
        while not terminated and t < LIMIT:
            (cell, _, terminated), t = one_step(agent, world, cell), t + 1
        found.append(t)
    return found


def acts(answer, rng):
    """Mazes drawn anew: to the flag, by the shortest way, with few steps; then a wall closes it."""
    costs = []
    for seed in range(3):
        pair = drawn_pair(rng)
        (closed, opened), (far, near) = renumbered(pair, rng), map(shortest, pair)
        agent = answer(closed.n_states, 4, seed)
        steps = lengths(agent, opened, EPISODES)
        if min(steps) == LIMIT:
            return f"in {EPISODES} episodes of {LIMIT} steps it never comes to the flag"
        if found := wrong_way(steps[-4:], near):
            return found
        costs.append(sum(steps) - EPISODES * near)
        steps = lengths(agent, closed, EPISODES)
        if max(steps[-4:]) == LIMIT:
            return (
                f"a wall closed its way, and {LIMIT} steps do not take it to the flag any more: "
                "does a new outcome replace the old one, and is the plan made anew?"
            )
        if found := wrong_way(steps[-4:], far):
            return found
    if np.mean(costs) > 900:
        return f"exploring costs {np.mean(costs):,.0f} steps a maze; 900 are enough"
    return None


def wrong_way(last, least):
    """What the last four episodes say of the agent, or None where they are as short as can be."""
    if max(last) == least:
        return None
    if len(set(last)) == 1:
        return (
            f"it always takes the same {last[0]} steps where {least} would do: does it hope for "
            "something in pairs that were never tried?"
        )
    return (
        f"after {EPISODES - 4} episodes it takes {last} steps, where {least} would do: act on the "
        "plan, without chance moves, and plan when there was news"
    )


class Wanderer(Planner):
    """Acts at random."""

    def act(self, s):
        return self.rng.randrange(4)

    def plan(self):
        """Does not."""


class Hopeless(Planner):
    """A pair never tried is worth nothing."""

    hope = 0.0


class Deaf(Planner):
    """Keeps the first outcome of every pair."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.model = FirstKept()


class Restless(Planner):
    """One move in five at random."""

    def act(self, s):
        return self.rng.randrange(4) if self.rng.random() < 0.2 else super().act(s)


check_planner = Exercise(
    "A planner, stage 3: acting",
    [acts],
    wrong=[
        (Wanderer, "steps"),
        (Hopeless, "hope"),
        (Deaf, "a wall closed its way"),
        (Restless, "without chance moves"),
        (lambda *sizes: LastOutcome(), "has no attribute 'act'"),
    ],
)


def lives(agent, worlds):
    """Rewards in 6,000 steps, of which the last 2,000, while a shorter way opens after 2,000."""
    cell, rewards = worlds[0].reset(), []
    for t in range(6000):
        world = worlds[t >= 2000]
        cell, r, terminated = one_step(agent, world, cell)
        rewards.append(r)
        cell = world.reset() if terminated else cell
    return np.array([sum(rewards), sum(rewards[-2000:])])


def doubts(answer, rng):
    """Mean rewards in three mazes, against the planner of stage 3 in the same mazes."""
    mine, plain = [], []
    for seed in range(3):
        worlds = renumbered(drawn_pair(rng), rng)
        mine.append(lives(answer(worlds[0].n_states, 4, seed), worlds))
        plain.append(lives(Planner(worlds[0].n_states, 4, seed), worlds))
    (whole, late), (whole_plain, late_plain) = np.mean(mine, 0), np.mean(plain, 0)
    if late < 1.08 * late_plain and whole < 0.9 * whole_plain:
        return (
            f"looking again costs too much: {whole:.0f} rewards in all, where a planner that never "
            f"looks again has {whole_plain:.0f}"
        )
    if late < 1.08 * late_plain:
        return (
            f"in the last 2,000 steps it collects {late:.0f}; a planner that never looks again has "
            f"{late_plain:.0f}. A shorter way is open there, and it has not found it"
        )
    if whole < 0.9 * whole_plain:
        return (
            f"it finds the new way, but looking again costs too much: {whole:.0f} rewards in all, "
            f"against {whole_plain:.0f} of a planner that never looks again"
        )
    return None


class Tourist(Doubter):
    """Forgets everything after 100 steps."""

    patience = 100


check_doubter = Exercise(
    "A planner, stage 4: doubt",
    [doubts],
    wrong=[(Planner, "has not found it"), (Tourist, "too much")],
)
