"""Parts of chapter 10: a sliding body in a building, its models, its aims and its controllers."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

import numpy as np
import torch

from wmlib.acting import play
from wmlib.course.ch10_levels.options import Options
from wmlib.course.ch10_levels.rooms import PointRooms
from wmlib.course.ch10_levels.search import Asked, backward
from wmlib.course.ch10_levels.study import trips
from wmlib.course.ch10_levels.subgoals import Subgoals
from wmlib.devices import new_rng
from wmlib.experience import collect
from wmlib.models import LinearDynamics, NeuralDynamics, Simulator
from wmlib.planning import CEM
from wmlib.planning.mpc import MPC

WALL = 200.0  # what a place costs from which nothing was ever seen to lead to the goal


class Holding:
    """Pushes in a random direction for a few steps, then in another: how the body gets to know itself.

    Args:
        seed: of the pushes. hold: steps for which each is held.
    """

    def __init__(self, seed, hold: int = 8):
        self.rng, self.hold = new_rng(seed), hold

    def begin(self, obs):
        self.t = 0

    def act(self, obs):
        if self.t % self.hold == 0:
            self.push = self.rng.uniform(-1, 1, (len(obs), 2)).astype(np.float32)
        self.t += 1
        return self.push

    def keep(self, mask):
        self.push = self.push[mask]


def body_models(world: PointRooms, seed, steps: int = 4000) -> dict:
    """The same 4,000 real steps, learned by a network and by least squares; and the truth."""
    data = collect(world, Holding([seed, 103]), steps, [seed, 104])
    network = NeuralDynamics(4, world.act_space, seed=seed)
    network.fit(data, steps=1500)
    linear = LinearDynamics(4, world.act_space).fit(data)
    return {"network": network, "linear": linear, "true": Simulator(world)}


def untrained(world: PointRooms, seed) -> NeuralDynamics:
    """The network after a single gradient step: it knows the scale of the data, and nothing else."""
    network = NeuralDynamics(4, world.act_space, seed=seed)
    network.fit(collect(world, Holding([seed, 103]), 4000, [seed, 104]), steps=1)
    return network


class Cost:
    """The shortest-path distance to the goals, read off a table of single steps.

    For each goal one search backwards through the whole building. Between cells the distance is
    made smooth: from a position on to the middle of the next cell on the way, and from there by the
    table. Where no way leads (inside walls) it is `WALL`.

    Args:
        world: says which cell a position is in. model: the table. goals: cells `(B,)`.

    Attributes:
        asked: questions to the table, for all goals together.
    """

    def __init__(self, world: PointRooms, model: Asked, goals):
        self.columns, cells = world.building.shape[1], {s for s, _ in model.model.tried}
        self.steps = torch.full((len(goals), world.building.n_states), WALL)  # (B, cells)
        self.next = torch.arange(world.building.n_states).repeat(len(goals), 1)  # (B, cells)
        before = model.queries
        found = [backward(model, int(goal), cells) for goal in goals]
        self.asked = model.queries - before
        for i, (steps, policy) in enumerate(found):
            for cell, action in policy.items():
                self.next[i, cell] = model.ask(cell, action)[0]
            self.steps[i, list(steps)] = torch.tensor(list(steps.values()), dtype=torch.float32)

    def __call__(self, position: torch.Tensor) -> torch.Tensor:
        """Costs `(B * n,)` of positions `(B * n, 2 or more)`: n for each goal, one after another."""
        goal = torch.arange(len(self.steps)).repeat_interleave(len(position) // len(self.steps))
        x, y = position[:, 0], position[:, 1]  # (B * n,)
        rows = self.steps.shape[1] // self.columns
        row, column = (
            y.floor().long().clamp(0, rows - 1),
            x.floor().long().clamp(0, self.columns - 1),
        )
        cell = row * self.columns + column  # (B * n,)
        to = self.next[goal, cell]
        rest = torch.hypot(x - to % self.columns - 0.5, y - to // self.columns - 0.5)
        blocked = self.steps[goal, cell] >= WALL
        return torch.where(blocked, torch.full_like(rest, WALL), self.steps[goal, to] + rest)


def with_cost(model, planner, cost: Cost, last_only: bool = False, seed: int = 0) -> MPC:
    """MPC whose aim is a cost-to-go: of every imagined step, or (a terminal cost) of the last."""
    if not last_only:
        return MPC(model.goal(rew=lambda obs, act, nxt: -cost(nxt)), planner, seed)
    planner.value = lambda state: -cost(torch.as_tensor(np.asarray(model.decode(state)))).float()
    return MPC(model.goal(rew=lambda obs, act, nxt: torch.zeros(len(nxt))), planner, seed)


class PD:
    """No model and no planning: pushes towards the next subgoal, and against its own velocity.

    Args:
        routes: for each episode its subgoals. gain, damping: the best of four settings on seeds 0 to 3.
        reach: a subgoal counts as reached within this distance.
    """

    def __init__(self, routes, gain: float = 3.0, damping: float = 4.0, reach: float = 0.4):
        self.routes, self.gain, self.damping, self.reach = routes, gain, damping, reach
        self.last = np.array([len(route) - 1 for route in routes])

    def begin(self, obs):
        self.at = np.zeros(len(obs), int)

    def act(self, obs):
        far = np.linalg.norm(obs[:, :2] - self._targets(), axis=1)
        self.at = np.minimum(self.at + (far < self.reach), self.last)
        push = self.gain * (self._targets() - obs[:, :2]) - self.damping * obs[:, 2:]
        return np.clip(push, -1, 1).astype(np.float32)

    def _targets(self):
        return np.stack([route[i] for route, i in zip(self.routes, self.at)])


class Pushes:
    """Trivial agents: a random push at every step, or none at all."""

    def __init__(self, seed, size: float = 1.0):
        self.rng, self.size = new_rng(seed), size

    def begin(self, obs):
        pass

    def act(self, obs):
        return (self.size * self.rng.uniform(-1, 1, (len(obs), 2))).astype(np.float32)


class Trips(NamedTuple):
    """Trips of a body: arrived `(n,)` bool; steps `(n,)`, to arrive or until given up; paths."""

    arrived: np.ndarray
    steps: np.ndarray
    paths: np.ndarray


def near_planner(horizon: int = 10) -> CEM:
    """Ten steps ahead, 80 futures a decision: enough for a room, not for a building."""
    return CEM(horizon=horizon, candidates=40, iterations=2, elites=6)


def drive(world: PointRooms, agent, starts, goals, limit=120) -> Trips:
    """Every trip at once, for as long as it takes or `limit` steps.

    Args:
        agent: acts for all of them. starts, goals: cells `(n,)`.
    """
    ends = world.centre(goals)
    state = np.concatenate([world.centre(starts), np.zeros((len(starts), 2))], axis=1)
    steps, path = np.full(len(starts), np.inf), [state[:, :2]]
    for step in islice(play(world, agent, state=state), limit):
        path.append(step.next_state[:, :2])
        there = np.linalg.norm(path[-1] - ends, axis=1) < 0.5
        steps = np.minimum(steps, np.where(there, len(path) - 1, np.inf))
        if np.isfinite(steps).all():
            break
    arrived = np.isfinite(steps)
    return Trips(arrived, np.where(arrived, steps, limit), np.stack(path, 1))


class Task(NamedTuple):
    """Trips that lead through at least three doorways, and what the high level says of them.

    starts, goals: cells `(n,)`. routes: for each trip its doorways and its goal, as positions.
    promised: steps that a walker takes `(n,)`. asked: questions a route, on average.
    """

    starts: np.ndarray
    goals: np.ndarray
    routes: list
    promised: np.ndarray
    asked: float

    @property
    def straight(self) -> list:
        """Routes of one point, the goal itself."""
        return [route[-1:] for route in self.routes]


def body_task(world: PointRooms, options: Options, count: int, seed) -> Task:
    """The first `count` random trips that lead through at least three doorways."""
    rows = []
    for start, goal in trips(world.building, 20 * count, [seed, 1]):
        before = options.queries
        route = options.plan(start, goal)
        if len(route.actions) > 3:
            asked = options.queries - before
            rows.append((start, goal, world.centre(route.states[1:]), route.steps, asked))
        if len(rows) == count:
            break
    starts, goals, routes, promised, asked = zip(*rows)
    return Task(
        np.array(starts), np.array(goals), list(routes), np.array(promised), float(np.mean(asked))
    )


def steered(model, routes, planner=None, seed=0) -> Subgoals:
    """MPC that aims at one point of its route after the other."""
    return Subgoals(model, planner or near_planner(), routes, seed=seed)
