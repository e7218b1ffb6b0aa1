"""What chapter 4's experiments and its notebook share: scores, learners, one rule for checks.

A learner here is a generator of `(real steps so far, agent)`, as `evaluation.steps_to_solve`
wants it. It yields whenever its agent has changed, but not more often than every `EVERY` real
steps (from 5,000 on: than every hundredth part of the steps so far).
"""

from __future__ import annotations

import numpy as np
import torch

from wmlib.evaluation import evaluate
from wmlib.experience import collect
from wmlib.learning.binned_q import BinnedQ, cartpole_edges
from wmlib.learning.dqn import DQN
from wmlib.models import LinearDynamics, NeuralDynamics
from wmlib.planning import CEM, MPC, RandomShooting
from wmlib.worlds import CartPole, Pendulum

BAR, EVERY = 475, 50
X, ANGLE = CartPole.X_LIMIT, CartPole.ANGLE_LIMIT
NO_POSITION = [1, 2, 3]  # what the network reads: the cart's place does not change its physics


# ------------------------------------------------------------------ scores of an imagined step


def constant(obs, action, next_obs):
    """What CartPole pays: 1 for every step."""
    return torch.ones(len(next_obs))


def endless(next_obs):
    """As the usual recipe has it: imagination goes on after a fall."""
    return torch.ones(len(next_obs))


def upright(obs, action, next_obs):
    """The shaped score: 1 in the middle, 0 in the corners of what is allowed. Privileged."""
    return 1 - 0.5 * (next_obs[:, 2] / ANGLE) ** 2 - 0.5 * (next_obs[:, 0] / X) ** 2


def tie_break(obs, action, next_obs):
    """1 a step, less a thousandth at most for leaning: only decides between equal plans."""
    return 1 - 1e-3 * (1 - upright(obs, action, next_obs))


def standing(next_obs):
    """Whether this is still within the limits, which somebody told us. Privileged."""
    inside = (abs(next_obs[:, 0]) < X) & (abs(next_obs[:, 2]) < ANGLE)
    return inside.float()


# ------------------------------------------------------------------ learners


def neural(data, seed, inputs=NO_POSITION, **settings):
    """One network of 2 x 64, fitted from scratch."""
    model = NeuralDynamics(4, CartPole.act_space, inputs=inputs, seed=seed)
    model.fit(data, **{"steps": 1000, "lr": 3e-3, **settings})
    return model


def linear(data, seed):
    """Least squares."""
    return LinearDynamics(4, CartPole.act_space).fit(data)


def planner(model, shaped: bool, seed: int, horizon: int, candidates: int = 50):
    """Random shooting: with the shaped score and the limits, or with what was learned alone."""
    aim = model.goal(upright, standing) if shaped else model.goal(constant)
    return MPC(aim, RandomShooting(horizon, candidates), seed=seed)


def model_based(fit, shaped, seed, horizon, limit, block=EVERY, share=0.2, mixed=False):
    """Random steps, fit, then blocks of the agent's own steps, refitting after each.

    Args:
        share: of random actions in the agent's own steps.
        mixed: whether every second block is random altogether.
    """
    world = CartPole()
    data = collect(world, None, block, seed=[seed, 0])
    while True:
        agent = planner(fit(data, 10_000 * seed + len(data)), shaped, seed, horizon)
        yield len(data), agent
        if len(data) >= limit:
            return
        actor = None if mixed and len(data) // block % 2 == 0 else agent
        data = data + collect(world, actor, block, seed=[seed, len(data)], random_share=share)


def model_free(agent):
    """A learner that changes its mind every `train_every` steps (a table: at each)."""
    period = getattr(agent, "train_every", 1)
    while True:
        wanted = max(EVERY, agent.real_steps // 100 if agent.real_steps >= 5000 else 0)
        agent.learn(period * -(-wanted // period))
        yield agent.real_steps, agent.act


# The defaults of DQN are RL Baselines3 Zoo's settings for CartPole. These ask for few real steps:
# one update a step and an early start, found on seeds from 1000 up.
QUICK = {
    "train_every": 64, "updates": 64, "warm_up": 500, "explore_steps": 3000, "lr": 1e-3,
}  # fmt: skip


def dqn(shaped, seed, **settings):
    """DQN on CartPole, with the world's reward or with the shaped one."""
    return DQN(CartPole(), reward=upright if shaped else None, seed=seed, **settings)


def table(shaped, seed):
    """Tabular Q-learning on 6 x 6 x 12 x 12 boxes."""
    reward = upright if shaped else None
    return BinnedQ(CartPole(), cartpole_edges(), reward=reward, seed=seed)


# ------------------------------------------------------------------ measures


def mean_return(agent, seed, episodes=20, world=None) -> float:
    """Over fresh episodes."""
    world = world or CartPole()
    return float(evaluate(world, agent, episodes, seed=[seed, 99]).returns.mean())


@torch.inference_mode()
def trace(world, agent, seed, steps, episodes=1):
    """The observations of whole episodes: `(steps + 1, episodes, O)`; after a fall they stay."""
    rng = np.random.default_rng([*np.atleast_1d(seed), 98])
    state = world.initial(episodes, rng)
    seen, alive = [world.obs(state)], np.ones(episodes, bool)
    if hasattr(agent, "begin"):
        agent.begin(seen[0])
    for _ in range(steps):
        act = agent.act(seen[-1]) if hasattr(agent, "act") else agent(seen[-1])
        nxt, _, terminated = world.step(state, act, rng)
        state = np.where(alive[:, None], nxt, state)
        alive &= ~terminated
        seen.append(world.obs(state))
    return np.stack(seen)


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
SWING = {"horizon": 20, "candidates": 50, "iterations": 3, "elites": 6}


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


def pendulum_network(data, seed):
    """One network of 2 x 64 for the pendulum: change of state, and the reward."""
    model = NeuralDynamics(3, Pendulum.act_space, seed=10_000 * seed + len(data))
    model.fit(data, steps=1500, lr=3e-3)
    return model


def pendulum_steps(steps, seed):
    """200 random real steps, then an episode of the agent's own at a time, up to `steps`.

    One torque in five of its own episodes is random: without it the data shows one way up.
    """
    world = Pendulum()
    data = collect(world, None, 200, seed=[seed, 0])
    while len(data) < steps:
        agent = MPC(pendulum_network(data, seed), CEM(**SWING), seed=seed)
        more = collect(world, agent, 200, seed=[seed, len(data)], random_share=0.2)
        data = data + more
    return data


def swing_return(model, seed, search=None, replan=True, episodes=20):
    """Mean return on the same fresh starts for every model and every search."""
    agent = MPC(model, search or CEM(**SWING), seed=seed, replan=replan)
    return mean_return(agent, seed, episodes, Pendulum())
