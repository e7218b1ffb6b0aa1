"""Checks of the long exercise, stages 3 and 4: acting. The true world stays on this side."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch02_dyna.mazes import drawn_pair, renumbered, shortest
from wmlib.course.ch02_dyna.model_exercises import FirstKept
from wmlib.course.ch02_dyna.planner import Doubter, LastOutcome, Planner
from wmlib.exercise import Exercise, Mistake

EPISODES, LIMIT = 25, 600


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


def lives(agent, worlds, opens):
    """Rewards of a life that ends 5,000 steps after a shorter way opened: all, the last 2,000."""
    cell, rewards = worlds[0].reset(), []
    for t in range(opens + 5000):
        world = worlds[t >= opens]
        cell, r, terminated = one_step(agent, world, cell)
        rewards.append(r)
        cell = world.reset() if terminated else cell
    return sum(rewards), sum(rewards[-2000:])


def doubts(answer, rng):
    """In each of 18 lives against the planner of stage 3; the date of the change is drawn."""
    mine, plain, pairs = [], [], []
    for seed in range(18):
        if seed < 7:
            pairs.append(drawn_pair(rng))
        worlds, opens = renumbered(pairs[seed % 7], rng), int(rng.integers(500, 4000))
        plain.append(lives(Planner(worlds[0].n_states, 4, seed), worlds, opens))
        mine.append(lives(answer(worlds[0].n_states, 4, seed), worlds, opens))
        if seed >= 3 and any(m[1] < 1.05 * p[1] for m, p in zip(mine, plain)):
            break  # no need to go on: the new way was missed
    (whole, late), (whole_plain, late_plain) = np.transpose(mine), np.transpose(plain)
    missed = int(np.sum(late < 1.05 * late_plain))
    cost = (
        f"{np.mean(whole):.0f} rewards in a whole life, where a planner that never looks again has "
        f"{np.mean(whole_plain):.0f} (means)"
    )
    dear = np.mean(whole) < 0.9 * np.mean(whole_plain)
    if dear and missed < len(mine) or np.mean(late) < 0.9 * np.mean(late_plain):
        return f"looking again costs too much: {cost}"
    if missed == len(mine):
        return f"a shorter way opened in {len(mine)} lives, and it has found none of them"
    if missed:
        return (
            f"in {missed} of {len(mine)} lives its last 2,000 steps earn less than 5 % more than those of a "
            "planner that never looks again: it finds the new way too seldom, or too late"
        )
    return None


class Tourist(Doubter):
    """Forgets everything after 100 steps."""

    patience = 100


class Jittery(Planner):
    """One move in twenty at random: chance finds the door in most mazes, and not in all."""

    share = 0.05

    def act(self, s):
        return self.rng.randrange(4) if self.rng.random() < self.share else super().act(s)


class Shaky(Jittery):
    """One move in ten at random."""

    share = 0.1


class OnlyOnce(Planner):
    """Forgets everything at step 2,500, and never again."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.now = 0

    def learn(self, s, a, r, nxt, terminated):
        self.now += 1
        if self.now == 2500:
            self.model.last.clear()
            self.plan()
        super().learn(s, a, r, nxt, terminated)


check_doubter = Exercise(
    "A planner, stage 4: doubt",
    [doubts],
    wrong=[
        (Planner, "found none"),
        (Tourist, "too much"),
        (Jittery, "too seldom"),
        (Shaky, "too seldom"),
        (OnlyOnce, "too seldom"),
    ],
)
