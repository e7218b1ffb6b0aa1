"""The check of chapter 3's exercise 4: a pendulum that nobody has measured."""

from __future__ import annotations

import numpy as np

from wmlib.exercise import Exercise, Mistake, numbers
from wmlib.experience import collect
from wmlib.worlds import Pendulum


class UnknownPendulum(Pendulum):
    """A pendulum whose weight, length and motor are drawn from `rng`."""

    def __init__(self, rng):
        self.gravity, self.motor = 15 * rng.uniform(0.5, 1.6), 3 * rng.uniform(0.5, 2.0)

    def step(self, state, action, rng=None):
        angle, velocity = np.asarray(state, np.float64).T
        torque = np.clip(np.asarray(action, np.float64)[:, 0], -2, 2)
        velocity = velocity + 0.05 * (self.gravity * np.sin(angle) + self.motor * torque)
        nxt = np.stack([angle + 0.05 * velocity, velocity], axis=1)
        return nxt, np.zeros(len(nxt)), np.zeros(len(nxt), bool)


def errors_on_unknown(answer, rng, pendulums=4):
    """One-step errors by feature, in usual changes: ours, with the obs added, and gymnasium's."""
    found = []
    for _ in range(pendulums):
        world, seed = UnknownPendulum(rng), int(rng.integers(2**31))
        data = collect(world, steps=300, seed=[seed, 0], max_steps=20)
        test = collect(world, steps=1000, seed=[seed, 1], max_steps=20)
        columns = (np.asarray(x, float) for x in (data.obs, data.act, data.next_obs))
        predict = answer(*columns)
        if not callable(predict):
            raise Mistake("learn should return a function predict(obs, act) -> next_obs")
        told = predict(test.obs.astype(float), test.act.astype(float))
        told = numbers(told, test.obs.shape, "what predict returns")
        usual = (data.next_obs - data.obs).std(0)
        gym = Pendulum()
        known = gym.obs(gym.step(gym.state_of(test.obs), test.act)[0])
        off = lambda x: np.sqrt((((x - test.next_obs) / usual) ** 2).mean(0))  # noqa: E731
        alike = np.abs(told - known).max() < 1e-3
        found.append([off(told), off(told + test.obs), off(known) if alike else [9.0] * 3])
    return np.mean(found, axis=0)


MOST = 0.02


def examine_pendulum(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    ours, added, known = errors_on_unknown(answer, rng)
    whole = np.sqrt((ours**2).mean())
    if whole < MOST:
        return None
    if known[0] < 9:
        return "that is gymnasium's pendulum, and this is another one: learn from the rows"
    if np.sqrt((added**2).mean()) < 0.5 * whole and whole > 0.5:
        return "predict returns the change: add it to obs"
    if ours[2] < 0.1 and ours[0] > 0.7:
        return (
            f"the velocity is right (off by {ours[2]:.2f} of a usual change), the cosine is not "
            f"({ours[0]:.2f}): its change is a product. Of what?"
        )
    if whole > 0.8:
        return f"off by {whole:.2f} of a usual change: predicting no change at all is off by 1"
    return (
        f"off by {whole:.3f} of a usual change, less than {MOST} is wanted. Which columns would make "
        "the rest a weighted sum?"
    )


def by_columns(columns):
    """Least squares on columns `(obs, act) -> (B, F)`, as an answer."""

    def learn(obs, act, next_obs):
        weight = np.linalg.lstsq(columns(obs, act), next_obs - obs, rcond=None)[0]
        return lambda obs, act: obs + columns(obs, act) @ weight

    return learn


def straight(obs, act):
    """Columns of a linear model."""
    return np.column_stack([obs, act, np.ones(len(obs))])


def squares(obs, act):
    """The same, and all products of two."""
    z = straight(obs, act)
    return np.column_stack([z[:, i] * z[:, j] for i in range(5) for j in range(i, 5)])


def of_gym(obs, act, next_obs):
    """Whatever the rows say: gymnasium's pendulum."""
    world = Pendulum()
    return lambda obs, act: world.obs(world.step(world.state_of(obs), act)[0])


check_pendulum = Exercise(
    "An unknown pendulum",
    [examine_pendulum],
    wrong=[
        (by_columns(straight), "its change is a product"),
        (by_columns(squares), "weighted sum"),
        (lambda obs, act, next_obs: lambda obs, act: obs, "no change at all"),
        (
            lambda obs, act, nxt: lambda o, a: by_columns(squares)(obs, act, nxt)(o, a) - o,
            "add it to obs",
        ),
        (of_gym, "this is another one"),
        (lambda obs, act, next_obs: next_obs, "return a function"),
        (lambda obs, act, next_obs: lambda obs, act: next_obs, "should have shape"),
    ],
)
