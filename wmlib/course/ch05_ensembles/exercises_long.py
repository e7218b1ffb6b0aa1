"""The checks of chapter 5's long exercise, an ensemble with a gate: the track stays behind them."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch05_ensembles.track import Track, bold, crawl, log, ride
from wmlib.devices import new_rng
from wmlib.exercise import Exercise, Mistake, numbers

# --- stage 1: the members -------------------------------------------------------------------------


def drawn_track(rng):
    """A track, and the trips that somebody made on it."""
    track = Track(rng.uniform(28, 36), icy=True)
    return track, log(track, rng)


def together(trips):
    """Trips as three arrays: obs `(N, 2)`, act `(N, 1)`, next obs `(N, 2)`."""
    return tuple(np.concatenate(column) for column in zip(*trips))


def members(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    _, trips = drawn_track(rng)
    (obs, act, nxt), test = together(trips[:45]), together(trips[45:])
    made = answer(obs, act, nxt, 1)
    predict = lambda o, a: numbers(  # noqa: E731
        made.predict(o, a), (None, len(o), 2), "predict(obs, act)"
    )
    said = predict(test[0], test[1])  # (E, B, 2)
    if len(said) < 3:
        return f"{len(said)} members: at least 3 are wanted"
    if np.allclose(said, said[:1]):
        return "all members say the same: each needs its own random start"
    off = np.abs(said.mean(0) - test[2]).mean(0)
    if (off > 3 * np.abs(test[2] - test[0]).mean(0)).any():
        return "the predictions are far off: is the *change* added to obs, in its own units?"
    linear = np.linalg.lstsq(np.c_[obs, act, np.ones(len(obs))], nxt - obs, rcond=None)[0]
    rival = np.abs(test[0] + np.c_[test[0], test[1], np.ones(len(test[0]))] @ linear - test[2])
    if off[1] > 0.9 * rival.mean(0)[1]:
        return (
            f"its speed is off by {off[1]:.3f} m/s, least squares by {rival.mean(0)[1]:.3f}: "
            "normalise inputs and targets, and train longer"
        )
    far = np.c_[np.full(60, 45.0), rng.uniform(5, 6, 60)], rng.uniform(-1, 1, (60, 1))
    spread = lambda x: np.median(x.std(0).mean(1))  # noqa: E731
    if spread(predict(*far)) < 2 * spread(said):
        return "where nobody was, the members agree as well as elsewhere: do they share anything?"
    again = answer(obs, act, nxt, 2).predict(test[0], test[1])
    if np.allclose(again, said):
        return "seed 1 and seed 2 give the same members: use the seed"
    return None


class Copies:
    """One linear model, called five members."""

    def __init__(self, obs, act, nxt, seed):
        self.w = np.linalg.lstsq(np.c_[obs, act, np.ones(len(obs))], nxt - obs, rcond=None)[0]

    def predict(self, obs, act):
        return np.stack([obs + np.c_[obs, act, np.ones(len(obs))] @ self.w] * 5)


class Jittered(Copies):
    """The same, with noise on top."""

    def predict(self, obs, act):
        rng = new_rng(0)
        return super().predict(obs, act) + 0.01 * rng.normal(size=(5, len(obs), 2))


class ChangesOnly(Jittered):
    """Forgets to add the observation."""

    def predict(self, obs, act):
        return super().predict(obs, act) - obs


check_members = Exercise(
    "The gate, stage 1: members",
    [members],
    wrong=[(Copies, "say the same"), (ChangesOnly, "*change* added"), (Jittered, "least squares")],
)

# --- stage 2: disagreement and its line -----------------------------------------------------------


class Known:
    """Members whose opinions are known: the spread is a drawn function of state and action."""

    def __init__(self, rng, e=4):
        self.weight, self.offset = rng.uniform(0.2, 1, (3, 2)), rng.normal(size=(e, 1, 2))

    def predict(self, obs, act):
        size = np.abs(np.c_[obs, act]) @ self.weight  # (B, 2)
        return np.asarray(obs) + np.c_[act, act] + self.offset * size


def dispute_of(model, obs, act):
    """The reference: deviation over members, root mean square over features."""
    return np.sqrt(model.predict(obs, act).var(0).mean(1))


def doubts(answer, rng):
    """What is wrong with a pair (dispute, threshold), in words; None where it is right."""
    dispute, threshold = answer
    model, n, h = Known(rng), int(rng.integers(25, 50)), int(rng.integers(3, 6))
    obs, act = rng.normal(size=(n, h, 2)), rng.normal(size=(n, h, 1))
    flat = obs.reshape(-1, 2), act.reshape(-1, 1)
    said, each = numbers(dispute(model, *flat), (n * h,), "dispute"), dispute_of(model, *flat)
    spread = model.predict(*flat)
    for wrong, words in (
        (each**2, "dispute: that is a variance: take the root"),
        (np.sqrt(spread.var(0, ddof=1).mean(1)), "dispute: divide by E, not by E - 1"),
        (spread.std(0).mean(1), "dispute: root mean *square* over the features"),
        (spread.std(0).max(1), "dispute: root mean square over the features, not the largest"),
    ):
        if np.allclose(said, wrong):
            return words
    if not np.allclose(said, each):
        return "dispute: the deviation over members, then the root mean square over features"
    worst = np.sort(each.reshape(n, h).max(1))
    for share in (0.8, 0.9):
        rank, found = int(np.ceil((n + 1) * share)), float(threshold(model, obs, act, share))
        if np.isclose(found, np.sort(each.reshape(n, h).mean(1))[rank - 1]):
            return "threshold: the *largest* disagreement of each stretch counts"
        if np.isclose(found, np.sort(each)[min(n * h, int(np.ceil((n * h + 1) * share))) - 1]):
            return "threshold: one number for each stretch, not for each step"
        if not np.isclose(found, worst[rank - 1]):
            return f"threshold: the {rank}-th smallest of {n} stretches is wanted (exercise 3)"
    if threshold(model, obs[:5], act[:5], 0.95) != np.inf:
        return "threshold: five stretches cannot promise 95 %: then it is infinite"
    return None


def line_of(model, obs, act, share, over=np.max):
    """A threshold with the wanted rule, or another number for each stretch."""
    n, h = obs.shape[:2]
    each = dispute_of(model, obs.reshape(n * h, -1), act.reshape(n * h, -1)).reshape(n, h)
    rank = int(np.ceil((n + 1) * share))
    return np.sort(over(each, axis=1))[rank - 1] if rank <= n else np.inf


check_doubt = Exercise(
    "The gate, stage 2: doubt",
    [doubts],
    wrong=[
        ((lambda m, o, a: m.predict(o, a).var(0).mean(1), line_of), "take the root"),
        ((lambda m, o, a: m.predict(o, a).std(0).mean(1), line_of), "mean *square*"),
        ((lambda m, o, a: m.predict(o, a).std(0), line_of), "should have shape"),
        ((dispute_of, lambda *x: line_of(*x, over=np.mean)), "*largest*"),
        ((dispute_of, lambda m, o, a, s: line_of(m, o, a, 0.5)), "-th smallest"),
    ],
)

# --- stage 3: the way back ------------------------------------------------------------------------


def brake(obs):
    """A fallback for the check: half of the speed is taken away."""
    return -0.5 * np.asarray(obs)[:, 1:]


def allowed(model, obs, act, fallback, horizon, limit, way=None):
    """The reference. `way` collects what was asked, one pair (obs, act) a step."""
    worst = np.zeros(len(obs))
    for _ in range(horizon):
        if way is not None:
            way.append((obs, act))
        worst = np.maximum(worst, dispute_of(model, obs, act))
        obs = model.predict(obs, act).mean(0)
        act = fallback(obs)
    return worst <= limit


def gates(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for _ in range(4):
        model, horizon = Known(rng), int(rng.integers(3, 7))
        obs, act, way = rng.normal(size=(30, 2)), rng.normal(size=(30, 1)), []
        allowed(model, obs, act, brake, horizon, 0, way)
        each = np.stack([dispute_of(model, *pair) for pair in way])  # (horizon, 30)
        limit = float(np.median(each.max(0)))
        said = answer(model, obs.copy(), act.copy(), brake, horizon, limit)
        said = numbers(said, (30,), "may_act").astype(bool)
        longer = allowed(model, obs, act, brake, horizon + 1, limit)
        still = obs, brake(obs), brake, horizon, limit
        for wrong, words in (
            (each.max(0) > limit, "it is the wrong way round: True where the action may be done"),
            (each[0] <= limit, "it asks about the action alone: what happens on the way back?"),
            (
                each[-1] <= limit,
                "it asks about the end alone: the disagreement must nowhere exceed",
            ),
            (each.mean(0) <= limit, "the *largest* disagreement on the way counts, not the mean"),
            (each[1:].max(0) <= limit, "begin with the action itself, in the state as it is"),
            (allowed(model, *still), "begin with the action, not with the fallback"),
            (longer, "one step too far: the action, and horizon - 1 steps of the fallback"),
        ):
            if (said == wrong).all() and (wrong != (each.max(0) <= limit)).any():
                return words
        if (said != (each.max(0) <= limit)).any():
            return "the action once, then the fallback in the *imagined* states (the members' mean)"
    return None


def _alone(model, obs, act, fallback, horizon, limit):
    return dispute_of(model, obs, act) <= limit


def _fallback_first(model, obs, act, fallback, horizon, limit):
    return allowed(model, obs, fallback(obs), fallback, horizon, limit)


def _held(model, obs, act, fallback, horizon, limit):
    return allowed(model, obs, act, lambda seen: act, horizon, limit)


check_gate = Exercise(
    "The gate, stage 3: the way back",
    [gates],
    wrong=[
        (_alone, "action alone"),
        (_fallback_first, "not with the fallback"),
        (lambda *asked: ~allowed(*asked), "wrong way round"),
        (lambda *asked: allowed(*asked[:4], asked[4] + 1, asked[5]), "one step too far"),
        (_held, "the action once"),
    ],
)

# --- stage 4: the agent ---------------------------------------------------------------------------

WORLDS = 2  # drawn anew at each check


def rides(answer, rng):
    """What is wrong with an agent, in words; None where it is right."""
    lost, seconds, slow, dry = [], [], [], []
    for k in range(WORLDS):
        track, trips = drawn_track(rng)
        agent = answer(trips[15:], trips[:15], bold, crawl, k)
        for icy in (True, False):
            world, starts = Track(track.slow_from, icy), int(rng.integers(1e6))
            share, time = ride(world, agent.act, new_rng(starts))
            (lost if icy else dry).append(share)
            seconds.append(time)
            slow.append(ride(world, crawl, new_rng(starts))[1])
    if max(dry) > 0:
        raise Mistake(
            f"on a dry track {max(dry):.0%} went over the edge, where even boldness stops"
        )
    if np.mean(lost) > 0.2:
        return f"{np.mean(lost):.0%} of the sledges went over the edge on the icy track"
    if np.mean(seconds) > 0.9 * np.mean(slow):
        return (
            f"nobody is lost, but it takes {np.mean(seconds):.0f} s, and the fallback alone "
            f"{np.mean(slow):.0f}: where may it be bold?"
        )
    return None


class Bold:
    """Never asks."""

    def __init__(self, trips, held_out, bold, fallback, seed):
        self.act = bold


class Slow:
    """Never dares."""

    def __init__(self, trips, held_out, bold, fallback, seed):
        self.act = fallback


check_agent = Exercise(
    "The gate, stage 4: the agent",
    [rides],
    wrong=[(Bold, "over the edge on the icy track"), (Slow, "where may it be bold")],
)
