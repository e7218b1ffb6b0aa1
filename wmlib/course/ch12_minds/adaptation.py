"""A hand that learns a force field: an internal model trained by its own prediction errors.

The command for a reach is what the planned movement needs, plus a correction for what went astray,
minus *the force that is expected to come*. The expectation is a model, `force = field @ velocity`.
After each reach it is moved towards what was really felt. Feedback alone would never learn; and
what has been learned shows when the world changes back (after-effects).

Source: the experiment is Shadmehr & Mussa-Ivaldi 1994; the task of learning is Jordan & Rumelhart
1992 in its simplest form.
"""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

import numpy as np

from wmlib.acting import play
from wmlib.course.ch12_minds.bodies import Hand
from wmlib.devices import new_rng


class Reach(NamedTuple):
    """One reach: `path (T, 2)` in metres, and the largest distance from the straight line in cm,
    positive to the left of it."""

    path: np.ndarray
    aside: float


def minimum_jerk(steps: int, distance: float = 0.1) -> np.ndarray:
    """How far along a smooth human reach is at each step: `(steps,)` metres (Flash & Hogan 1985)."""
    s = np.linspace(0, 1, steps)
    return distance * (10 * s**3 - 15 * s**4 + 6 * s**5)


class Reacher:
    """Reaches 10 cm in 0.6 s, and adapts.

    Args:
        rate: how far the model moves towards what was felt after each reach; 0: never.
        stiffness, damping: of the feedback (N/m, N s/m).
        noise: deviation (m/s^2) with which accelerations are felt.
        seed: of that noise.

    Attributes:
        field: `(2, 2)` the model: the force expected is `field @ velocity`.
    """

    def __init__(self, rate=0.03, stiffness=60.0, damping=14.0, noise=0.3, seed=0):
        self.rate, self.stiffness, self.damping, self.noise = rate, stiffness, damping, noise
        self.rng, self.field = new_rng(seed), np.zeros((2, 2))

    def expected(self, velocity, angle, share):
        """The robot's force `(2,)` that is expected, from the velocity `(2,)` alone.

        Args:
            angle: of the target. share: of the movement's time that has gone, 0 to 1.
        """
        return self.field @ velocity

    def adapt(self, velocities, surprises, angle):
        """Learn from one reach: `(T, 2)` each."""
        self.field = self.field + self.rate * surprises.T @ velocities

    def reach(self, world: Hand, angle: float, learn: bool = True) -> Reach:
        """One reach from the middle of the table.

        Args:
            world: with the robot on or off. angle: of the target, radians.
            learn: False for catch trials that are not learned from.
        """
        ahead = np.array([np.cos(angle), np.sin(angle)])
        left = np.array([-ahead[1], ahead[0]])
        plan = minimum_jerk(world.max_steps)[:, None] * ahead
        speed = np.gradient(plan, world.SECONDS, axis=0)
        push = world.MASS * np.gradient(speed, world.SECONDS, axis=0)
        path, surprises, velocities, time = [], [], [], count()
        last = world.max_steps - 1

        def command(obs):
            t, (x, v) = next(time), np.split(obs[0], 2)
            force = push[t] + self.stiffness * (plan[t] - x) + self.damping * (speed[t] - v)
            return (force - self.expected(v, angle, t / last))[None]

        for t, step in enumerate(play(world, command, state=np.zeros((1, 4)), again=False)):
            v, after = step.obs[0, 2:], step.next_obs[0]
            felt = (after[2:] - v) / world.SECONDS + self.noise * self.rng.normal(size=2)
            # The force that was felt, less what was expected.
            surprises.append(world.MASS * felt - (step.act[0] + self.expected(v, angle, t / last)))
            velocities.append(v)
            path.append(after[:2])
        if learn:
            self.adapt(np.array(velocities), np.array(surprises), angle)
        path = np.array(path)
        aside = path @ left
        return Reach(path, 100 * float(aside[np.abs(aside).argmax()]))


class Rote(Reacher):
    """Learns by heart: for each target, which force came at which moment. No model of velocity.

    Args:
        rate: how far a remembered force moves towards the one that was felt.
        between: what is expected in other directions. None: no force. "linear": a mixture of the
            two neighbours. "cosine": of all four, each with half the cosine of the angle between
            (the first harmonic; right for practised directions at right angles to each other).
    """

    def __init__(self, rate=0.5, between=None, **others):
        super().__init__(rate, **others)
        self.between = between
        self.memory: dict[float, np.ndarray] = {}  # angle -> (steps, 2)

    def expected(self, velocity, angle, share):
        forces = {a: force[round(share * (len(force) - 1))] for a, force in self.memory.items()}
        if angle in forces:
            return forces[angle]
        return sum((self.part(a - angle) * force for a, force in forces.items()), np.zeros(2))

    def part(self, apart):
        """How much a memory counts in a direction that lies so far from it, in radians."""
        if self.between is None:
            return 0.0
        if self.between == "cosine":
            return np.cos(apart) / 2
        return max(0.0, 1 - np.abs((apart + np.pi) % (2 * np.pi) - np.pi) / (np.pi / 2))

    def adapt(self, velocities, surprises, angle):
        self.memory[angle] = self.memory.get(angle, 0) + self.rate * surprises


def pushed_to(field, angle) -> float:
    """1 where a field pushes a reach in this direction to its left, -1 where to its right."""
    ahead = np.array([np.cos(angle), np.sin(angle)])
    return float(np.sign(np.array([-ahead[1], ahead[0]]) @ np.asarray(field) @ ahead))
