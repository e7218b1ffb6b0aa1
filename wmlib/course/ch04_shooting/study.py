"""What chapter 4's experiments and its notebook share: scores, learners, one rule for checks.

A learner here is a generator of `(real steps so far, agent)`, as `evaluation.steps_to_solve`
wants it. It yields whenever its agent has changed, but not more often than every `EVERY` real
steps (from 5,000 on: than every hundredth part of the steps so far).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

import numpy as np
import torch

from wmlib.acting import play
from wmlib.course.ch04_shooting.dqn import DQN
from wmlib.devices import new_rng
from wmlib.evaluation import mean_return
from wmlib.experience import Transitions, collect
from wmlib.learning.binned_q import BinnedQ, cartpole_edges
from wmlib.learning.swing_up import SWING, pendulum_network, pendulum_steps  # noqa: F401
from wmlib.models import LinearDynamics, NeuralDynamics
from wmlib.models.networks import ContinueHead
from wmlib.planning import CEM, MPC, RandomShooting
from wmlib.planning.goals import constant, standing, upright  # noqa: F401
from wmlib.worlds import CartPole, Pendulum, World

BAR, EVERY = 475, 50
X, ANGLE = CartPole.X_LIMIT, CartPole.ANGLE_LIMIT
NO_POSITION = [1, 2, 3]  # what the network reads: the cart's place does not change its physics


# ------------------------------------------------------------------ scores of an imagined step


def endless(next_obs):
    """As the usual recipe has it: imagination goes on after a fall."""
    return torch.ones(len(next_obs))


def tie_break(obs, action, next_obs):
    """1 a step, less a thousandth at most for leaning: only decides between equal plans."""
    return 1 - 1e-3 * (1 - upright(obs, action, next_obs))


# ------------------------------------------------------------------ learners


def neural(data, seed, inputs=NO_POSITION, **settings):
    """One network of 2 x 64, fitted from scratch."""
    model = NeuralDynamics(4, CartPole.act_space, inputs=inputs, seed=seed)
    model.fit(data, **{"steps": 1000, "lr": 3e-3, **settings})
    return model


def linear(data, seed):
    """Least squares."""
    return LinearDynamics(4, CartPole.act_space).fit(data)


def model_based(fit, seed, horizon, limit):
    """The shaped tier: random steps, fit, then the agent's own, refitting after every 50.

    It is told the score and the limits. One action in five of its own steps is random.
    """
    world = CartPole()
    data = collect(world, None, EVERY, seed=[seed, 0])
    while True:
        model = fit(data, 10_000 * seed + len(data)).goal(upright, standing)
        agent = MPC(model, RandomShooting(horizon, 50), seed=seed)
        yield len(data), agent
        if len(data) >= limit:
            return
        data = data + collect(world, agent, EVERY, seed=[seed, len(data)], random_share=0.2)


def mirrored(data):
    """Every step twice: as it was, and seen in a mirror, where left is right."""
    twin = Transitions(
        -data.obs,
        1 - data.act,
        data.rew,
        -data.next_obs,
        data.terminated,
        data.truncated,
        data.episode,
    )
    return data + twin


def ending(data, ahead):
    """Which steps stand less than `ahead` steps before an end, and of which that is known.

    The last steps of an episode that was cut off, by the clock or by us, might have gone on.
    """
    soon, known = np.zeros(len(data), bool), np.ones(len(data), bool)
    for episode in np.unique(data.episode):
        rows = np.flatnonzero(data.episode == episode)
        (soon if data.terminated[rows[-1]] else known)[rows[-ahead:]] = data.terminated[rows[-1]]
    return soon, known


def far_sighted(data, seed, ahead=50):
    """A network whose imagined step is worth the chance of being alive `ahead` steps later.

    A second continue head learns that from the same ends. The first sees an end only when it is
    one step away, which for a drifting cart is too late. Both are softened: a head that is
    certain reads exactly 1 wherever it is safe, and then all plans tie.
    """
    data = mirrored(data)
    model, (soon, known) = neural(data, seed), ending(data, ahead)
    model.cont.temperature.fill_(5.0)
    generator = torch.Generator().manual_seed(seed)
    far = ContinueHead(4, generator)
    far.fit(torch.as_tensor(data.next_obs[known]), torch.as_tensor(soon[known]), generator)
    far.temperature.fill_(2.0)
    return model.goal(lambda obs, action, next_obs: far(next_obs))


def self_taught(seed, horizon=20, limit=1000):
    """Nothing given: 200 random steps, then whole episodes of its own, refitting after each.

    Whole, because a cart that drifts away does so after 200 steps: cut short, its episodes would
    never show where the track ends.
    """
    world = CartPole()
    data, checked = collect(world, None, 200, seed=[seed, 0]), 0
    while True:
        agent = MPC(
            far_sighted(data, 10_000 * seed + len(data)), RandomShooting(horizon, 50), seed=seed
        )
        if len(data) >= checked + EVERY or len(data) >= limit:
            checked = len(data)
            yield len(data), agent
        if len(data) >= limit:
            return
        more = min(CartPole.max_steps, limit - len(data))
        data = data + collect(world, agent, more, [seed, len(data)], 0.2, episodes=1)


def model_free(agent):
    """A learner that changes its mind every `train_every` steps (a table: at each)."""
    period = getattr(agent, "train_every", 1)
    while True:
        wanted = max(EVERY, agent.real_steps // 100 if agent.real_steps >= 5000 else 0)
        agent.learn(period * -(-wanted // period))
        yield agent.real_steps, agent.act


# The defaults of DQN are RL Baselines3 Zoo's settings for CartPole. These ask for few real steps:
# one update a step and an early start, found on seeds from 1000 up.
QUICK = {"train_every": 64, "updates": 64, "warm_up": 500, "explore_steps": 3000, "lr": 1e-3}


def dqn(shaped, seed, mirror=False, **settings):
    """DQN on CartPole, with the world's reward or with the shaped one."""
    agent = DQN(CartPole(), reward=upright if shaped else None, seed=seed, **settings)
    agent.mirror = mirror
    return agent


def table(shaped, seed):
    """Tabular Q-learning on 6 x 6 x 12 x 12 boxes."""
    reward = upright if shaped else None
    return BinnedQ(CartPole(), cartpole_edges(), reward=reward, seed=seed)


# ------------------------------------------------------------------ measures


class Staying(World):
    """A world in which an episode that is over stays where it ended. State: one number more."""

    def __init__(self, world):
        self.world, self.max_steps = world, None
        self.obs_space, self.act_space = world.obs_space, world.act_space

    def initial(self, n, rng):
        return np.column_stack([self.world.initial(n, rng), np.zeros(n)])

    def step(self, state, action, rng=None):
        nxt, rew, terminated = self.world.step(state[:, :-1], action, rng)
        over = state[:, -1:] == 1
        nxt = np.where(over, state[:, :-1], nxt)
        return np.column_stack([nxt, over[:, 0] | terminated]), rew, np.zeros(len(rew), bool)

    def obs(self, state):
        return self.world.obs(state[:, :-1])


def trace(world, agent, seed, steps, episodes=1):
    """The observations of whole episodes: `(steps + 1, episodes, O)`; after a fall they stay."""
    rng = new_rng(seed, 98)
    taken = list(islice(play(Staying(world), agent, copies=episodes, rng=rng), steps))
    return np.stack([*(step.obs for step in taken), taken[-1].next_obs])


def ratio_of_medians(many, few):
    """How many times more steps: for `bootstrap_interval`."""
    return np.median(many) / np.median(few)


# ------------------------------------------------------------------ other goals, other worlds


def at(place):
    """An aim for the cart-pole: stand over `place` (m). Leaning is cheap, distance is not."""

    def score(obs, action, next_obs):
        return 1 - 0.1 * (next_obs[:, 2] / ANGLE) ** 2 - 0.5 * ((next_obs[:, 0] - place) / X) ** 2

    return score


def hold(angle):
    """A new aim for the pendulum: stand still at `angle` (rad) instead of at the top."""

    def score(obs, action, next_obs):
        off = torch.atan2(obs[:, 1], obs[:, 0]) - angle
        off = torch.remainder(off + np.pi, 2 * np.pi) - np.pi
        return -(off**2 + 0.1 * obs[:, 2] ** 2 + 0.001 * action[:, 0] ** 2)

    return score


FAR_SIGHTED = {"horizon": 50, "candidates": 200}  # to go right, a cart must first push left


# The torque that holds 15 degrees is two thirds of the motor's: smooth plans, and the best one seen
# instead of a mean, which the bounds pull towards zero.
STEADY = SWING | {"beta": 2.0}


class Changing:
    """An agent whose aim changes in mid-episode: one agent's actions, then another's."""

    def __init__(self, first, second, after):
        self.agents, self.after = (first, second), after

    def begin(self, obs):
        self.taken, self.agent = 0, self.agents[0]
        self.agent.begin(obs)

    def act(self, obs):
        if self.taken == self.after:
            self.agent = self.agents[1]
            self.agent.begin(obs)
        self.taken += 1
        return self.agent.act(obs)


@lru_cache(32)
def swing_data(seed):
    """The 600 real steps of the film's pendulum."""
    return pendulum_steps(600, seed)


@lru_cache(32)
def swing_network(seed):
    """The network that was trained on them."""
    return pendulum_network(swing_data(seed), seed)


def swing_return(model, seed, search=None, replan=True, episodes=20):
    """Mean return on the same fresh starts for every model and every search."""
    agent = MPC(model, search or CEM(**SWING), seed=seed, replan=replan)
    return mean_return(agent, seed, episodes, Pendulum())
