"""The checks of chapter 5's short exercises: inputs are drawn anew and compared with a reference."""

from __future__ import annotations

import numpy as np

from wmlib.devices import new_rng
from wmlib.exercise import Exercise, Mistake, numbers

# --- 1: the bootstrap -----------------------------------------------------------------------------


def bootstraps(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    n, members, seed = int(rng.integers(800, 2000)), int(rng.integers(3, 8)), int(rng.integers(1e6))
    draw = lambda seed: numbers(  # noqa: E731
        answer(n, members, new_rng(seed)), (members, n), "the rows"
    )
    rows = draw(seed)
    if (rows % 1 != 0).any():
        return "rows are whole numbers"
    if rows.min() < 0 or rows.max() >= n:
        return "a row lies outside of 0 to n - 1"
    if (rows == rows[0]).all():
        return "all members got the same rows"
    distinct = np.array([len(np.unique(row)) for row in rows]) / n
    if (distinct > 0.99).all():
        return "every row occurs just once: draw *with* replacement"
    if abs(distinct - 0.632).max() > 0.06:
        return "about 63 % of the rows should occur for each member: is every row equally likely?"
    if abs(rows.mean() / (n - 1) - 0.5) > 0.05:
        return "is every row equally likely?"
    if (draw(seed) != rows).any() or (draw(seed + 1) == rows).all():
        return "draw with the generator that is passed in"
    return None


check_bootstrap = Exercise(
    "The bootstrap",
    [bootstraps],
    wrong=[
        (lambda n, m, rng: np.tile(rng.integers(n, size=n), (m, 1)), "same rows"),
        (lambda n, m, rng: np.stack([rng.permutation(n) for _ in range(m)]), "*with* replacement"),
        (lambda n, m, rng: rng.integers(n // 2, size=(m, n)), "63 %"),
        (lambda n, m, rng: np.random.randint(n, size=(m, n)), "generator that is passed"),
        (lambda n, m, rng: rng.integers(n, size=(n, m)), "should have shape"),
        (lambda n, m, rng: rng.integers(1, n + 1, size=(m, n)), "outside"),
        (lambda n, m, rng: rng.random((m, n)) * n, "whole numbers"),
    ],
)

# --- 2: noise and ignorance -----------------------------------------------------------------------


def two(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    members, n = int(rng.integers(3, 8)), int(rng.integers(5, 9))
    mean, std = rng.normal(size=(members, n)), rng.uniform(0.2, 3, (members, n))
    said = answer(mean.copy(), std.copy())
    if not isinstance(said, tuple) or len(said) != 2:
        return "return two arrays: (noise, ignorance)"
    noise, ignorance = numbers(said[0], (n,), "noise"), numbers(said[1], (n,), "ignorance")
    var, unknown = (std**2).mean(0), mean.var(0)
    same = lambda a, b: np.allclose(a, b, rtol=1e-5)  # noqa: E731
    if same(noise, np.sqrt(unknown)) and same(ignorance, np.sqrt(var)):
        return "they have changed places"
    for found, wrong, words in (
        (noise, std.mean(0), "noise: average variances, not deviations, then take the root"),
        (noise, var, "noise: that is a variance: take the root"),
        (noise, np.sqrt((std**2).sum(0)), "noise: take the mean over the members, not the sum"),
        (ignorance, unknown, "ignorance: that is a variance: take the root"),
        (
            ignorance,
            mean.std(0, ddof=1),
            "ignorance: these members *are* the ensemble: divide by E",
        ),
        (ignorance, std.std(0), "ignorance: the spread of the *means* is wanted"),
        (ignorance, np.ptp(mean, 0), "ignorance: a deviation is wanted, not the range"),
    ):
        if same(found, wrong):
            return words
    if not same(noise, np.sqrt(var)):
        return "noise: the mean of std squared, and then the root"
    if not same(ignorance, np.sqrt(unknown)):
        return "ignorance: the deviation of the members' means"
    return None


def _noise(std):
    return np.sqrt((std**2).mean(0))


check_two = Exercise(
    "Noise and ignorance",
    [two],
    wrong=[
        (lambda m, s: (m.std(0), _noise(s)), "changed places"),
        (lambda m, s: (s.mean(0), m.std(0)), "not deviations"),
        (lambda m, s: ((s**2).mean(0), m.std(0)), "noise: that is a variance"),
        (lambda m, s: (_noise(s), m.std(0, ddof=1)), "divide by E"),
        (lambda m, s: (_noise(s), m.var(0)), "ignorance: that is a variance"),
        (lambda m, s: (_noise(s), s.std(0)), "spread of the *means*"),
        (lambda m, s: _noise(s) + m.std(0), "two arrays"),
    ],
)

# --- 3: where to draw the line --------------------------------------------------------------------


def lines(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for n, share in ((int(rng.integers(20, 60)), rng.uniform(0.6, 0.9)), (9, 0.5), (9, 0.95)):
        held_out = rng.permutation(np.cumsum(rng.uniform(0.5, 2, n)))
        rank, given = int(np.ceil((n + 1) * share)), held_out.copy()
        found = answer(given, share)
        if (given != held_out).any():
            return "you changed the array that was given: sort a copy"
        if not isinstance(found, float | int | np.number):
            raise Mistake(f"one number is wanted, got {type(found).__name__}")
        if rank > n:
            if found != np.inf:
                return f"{n} stretches cannot promise {share:.0%}: then the line is infinite"
            continue
        ordered = np.sort(held_out)
        if found == ordered[rank - 1]:
            continue
        if found == held_out[rank - 1]:
            return "they are in no order: sort first"
        if found not in held_out:
            return "it lies between two of the values (np.quantile does that): take one of them"
        if found == ordered[min(rank, n - 1)]:
            return "the k-th smallest stands at index k - 1"
        if found == ordered[max(0, int(np.ceil(n * share)) - 1)]:
            return "the new stretch counts, too: n + 1, not n"
        if found == ordered[int((n + 1) * share) - 1]:
            return "round (n + 1) * share *up*"
        return f"of {n} values at a share of {share:.2f} it is the {rank}-th smallest"
    return None


def _rank(n, share):
    return int(np.ceil((n + 1) * share))


check_line = Exercise(
    "Where to draw the line",
    [lines],
    wrong=[
        (lambda h, s: h[min(len(h), _rank(len(h), s)) - 1], "sort first"),
        (lambda h, s: np.quantile(h, s), "between two"),
        (lambda h, s: np.sort(h)[min(len(h), _rank(len(h), s)) - 1], "infinite"),
        (lambda h, s: np.sort(h)[min(len(h) - 1, _rank(len(h), s))], "index k - 1"),
        (lambda h, s: (h.sort(), h[0])[1], "sort a copy"),
        (lambda h, s: float(np.max(h)), "smallest"),
    ],
)

# --- 4: one possible world ------------------------------------------------------------------------


def worlds(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    members, horizon, d = int(rng.integers(3, 6)), int(rng.integers(4, 8)), 2
    turn = rng.normal(size=(members, d, d)) * 0.4 + np.identity(d)
    pull = rng.normal(size=(members, d))
    nets = [lambda s, a, e=e: s @ turn[e] + a * pull[e] for e in range(members)]
    obs, plan = rng.normal(size=d), rng.normal(size=horizon)
    paths = numbers(answer(nets, obs.copy(), plan), (members, horizon + 1, d), "the paths")
    wanted = np.empty_like(paths)
    for e, net in enumerate(nets):
        wanted[e, 0] = obs
        for t in range(horizon):
            wanted[e, t + 1] = net(wanted[e, t], plan[t])
    if np.allclose(paths, wanted):
        return None
    if not np.allclose(paths[:, 0], obs):
        return "every path begins at obs: here one begins where another ended"
    if np.allclose(paths, paths[0]):
        return "all paths are the same: a particle asks *its own* member, not the average"
    if not np.allclose(paths[:, 1], wanted[:, 1]):
        return "the first step of member e is nets[e](obs, plan[0])"
    mixed = [net(wanted[:, 1].mean(0), plan[1]) for net in nets]
    if np.allclose(paths[:, 2], mixed):
        return "each step starts from the members' average: a particle goes on from *its own* state"
    return "the second step goes wrong: which state and which action does it start from?"


def _averaged(nets, obs, plan):
    path = [obs]
    for action in plan:
        path.append(np.mean([net(path[-1], action) for net in nets], axis=0))
    return np.tile(path, (len(nets), 1, 1))


def _restarted(nets, obs, plan):
    states, paths = np.tile(obs, (len(nets), 1)), [np.tile(obs, (len(nets), 1))]
    for action in plan:
        states = np.stack([net(states.mean(0), action) for net in nets])
        paths.append(states)
    return np.stack(paths, 1)


def _continued(nets, obs, plan):
    paths, state = [], obs
    for net in nets:
        path = [state]
        for action in plan:
            path.append(state := net(state, action))
        paths.append(path)
    return np.array(paths)


check_follow = Exercise(
    "One particle, one world",
    [worlds],
    wrong=[
        (_averaged, "all paths are the same"),
        (_restarted, "its own* state"),
        (_continued, "begins at obs"),
        (lambda nets, obs, plan: _continued(nets, obs, plan)[:, 1:], "should have shape"),
    ],
)
