"""A rival of the forward model: it reuses the same random data, and learns no model of the stick.

*Fitted Q iteration* (Ernst, Geurts & Wehenkel 2005): the costs to come are a function of what a
controller can hear, the late observation and the commands since, and of its next command. That
function is fitted to the data again and again, each time to one cost and the best that was fitted
before. Here it is quadratic, as it truly is for a linear body. The best command is linear then, so
that the controller is `Remembers`, the one that evolution looks for.
"""

from __future__ import annotations

import numpy as np

from wmlib.course.ch12_minds.bodies import Stick
from wmlib.course.ch12_minds.tracking import TASKS, Remembers, babbled, follow, upright


class SmoothStick(Stick):
    """The stick without noise in its motion."""

    NOISE = 0.0


def heard(data, delay):
    """What a controller hears before and after every step: `(N, 2 + delay)` each.

    An episode begins at rest, with nothing ordered before it.
    """
    before, after = [], []
    for obs, act, nxt in zip(data.obs, data.act, data.next_obs):
        if not obs.any():  # at rest: a new episode
            seen, sent = [obs] * (delay + 1), [0.0] * delay
        before.append([*seen[-1 - delay], *sent[-delay:]])
        seen.append(nxt)
        sent.append(float(act[0]))
        after.append([*seen[-1 - delay], *sent[-delay:]])
    return np.array(before), np.array(after)


def fitted_q(data, delay, price=1e-5, discount=0.99, rounds=400):
    """Weights `(2 + delay,)` of the command that costs least, from transitions alone."""
    before, after = heard(data, delay)
    command = data.act[:, 0].astype(float)
    unit = np.r_[0.1, 0.6, np.full(delay + 1, 3.0)]
    pairs = np.triu_indices(len(unit))
    x = np.concatenate([before, command[:, None]], axis=1) / unit  # (N, 3 + delay)
    products = (x[:, :, None] * x[:, None, :])[:, pairs[0], pairs[1]]  # (N, pairs)
    columns = np.concatenate([products, np.ones((len(x), 1))], axis=1)
    solve = np.linalg.pinv(columns, rcond=1e-8)  # (pairs + 1, N)
    cost = after[:, 0] ** 2 + price * command**2
    future, row = 0 * cost, np.zeros(len(unit) - 1)
    for _ in range(rounds):
        weights = solve @ (cost + discount * future)
        H = np.zeros((len(unit), len(unit)))
        H[pairs] = weights[:-1]
        H = (H + H.T) / 2 / unit[:, None] / unit  # Q = x H x + constant
        row = -H[-1, :-1] / H[-1, -1] if H[-1, -1] > 0 else 0 * row  # the best next command
        best = np.concatenate([after, (after @ row)[:, None]], axis=1)
        future = np.maximum(0, ((best @ H) * best).sum(1) + weights[-1])
    return row


def reused(seed, delay=25) -> dict:
    """The stick after the 20 seconds that the forward model gets, by fitted Q iteration.

    Returns:
        stick_model: its error (m) at the longer delay, twice; clean: what it would be if the 20
        seconds had been free of noise (it is judged with noise as everybody).
    """
    errors = []
    for world in (TASKS["stick"].world, SmoothStick()):
        row = fitted_q(babbled(seed, world=world, longest=TASKS["stick"].longest), delay)
        agent = Remembers(
            np.repeat(row[None] * np.r_[-1, -1, np.ones(delay)], 16, axis=0), delay, 1
        )
        rest = np.zeros((16, 4))
        errors.append(float(follow(agent, Stick(), upright, rest, [seed, 162])[1].mean()))
    return {"stick_model": [errors[0], errors[0]], "clean": errors[1]}
