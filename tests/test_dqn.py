"""DQN and binned Q-learning: right targets, nothing learned from the clock, clear errors."""

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.course.ch04_shooting.dqn import DQN, td_loss
from wmlib.course.ch04_shooting.study import QUICK
from wmlib.evaluation import evaluate
from wmlib.learning.binned_q import BinnedQ, cartpole_edges
from wmlib.worlds import CartPole, Pendulum
from wmlib.worlds.base import World


class Corridor(World):
    """Three places in a row, cut off after 6 steps. Right of the last one pays 1 and ends."""

    obs_space = gym.spaces.Box(-1, 2, (2,), np.float32)
    act_space = gym.spaces.Discrete(2)
    max_steps = 6

    def initial(self, n, rng):
        return np.zeros(n)

    def step(self, state, action, rng=None):
        nxt = np.maximum(state + np.where(action == 1, 1, -1), 0)
        return nxt, (nxt == 3).astype(float), nxt == 3

    def obs(self, state):
        return np.stack([state / 2, np.ones(len(state))], 1).astype(np.float32)


def a_batch(terminated):
    return {
        "obs": torch.tensor([[1.0, 0.0]]),
        "act": torch.tensor([1]),
        "rew": torch.tensor([2.0]),
        "next_obs": torch.tensor([[0.0, 1.0]]),
        "terminated": torch.tensor([float(terminated)]),
    }


def said(obs):
    """Q(s, .) = (10 s0 + s1, 20 s0 + 3 s1)."""
    return obs @ torch.tensor([[10.0, 20.0], [1.0, 3.0]])


def test_the_target_is_reward_plus_the_discounted_best_of_what_follows():
    wanted, q = 2 + 0.5 * 3.0, 20.0
    assert td_loss(said, said, a_batch(False), 0.5).item() == pytest.approx(q - wanted - 0.5)


def test_nothing_follows_a_terminated_step():
    assert td_loss(said, said, a_batch(True), 0.5).item() == pytest.approx(20 - 2 - 0.5)


def test_the_target_network_gets_no_gradient():
    target = torch.nn.Linear(2, 2)
    q = torch.nn.Linear(2, 2)
    td_loss(q, target, a_batch(False), 0.9).backward()
    assert target.weight.grad is None and q.weight.grad is not None


def quick(world, seed=0, **settings):
    small = {"width": 32, "warm_up": 64, "train_every": 32, "updates": 32, "explore_steps": 300}
    return DQN(world, seed=seed, **{**small, **settings})


def test_it_learns_the_values_of_a_corridor():
    agent = quick(Corridor(), gamma=0.5, lr=3e-3).learn(900)
    with torch.inference_mode():
        q = agent.q(torch.as_tensor(Corridor().obs(np.array([0.0, 1.0, 2.0])))).numpy()
    assert q[:, 1] == pytest.approx([0.25, 0.5, 1.0], abs=0.1)
    assert (q.argmax(1) == 1).all()


def test_an_episode_cut_off_by_the_clock_is_not_remembered_as_an_end():
    agent = quick(Corridor(), warm_up=10_000).learn(300)
    ends = agent.replay["terminated"][:300] == 1
    assert 0 < ends.sum() < 300 and (agent.replay["next_obs"][:300][ends, 0] == 1.5).all()


def test_memory_rows_are_steps_of_the_world():
    agent, world = quick(CartPole(), warm_up=10_000).learn(100), CartPole()
    m = {name: rows[:100] for name, rows in agent.replay.items()}
    nxt, rew, terminated = world.step(world.state_of(m["obs"]), m["act"])
    assert np.allclose(nxt, m["next_obs"], atol=1e-5)
    assert (rew == m["rew"]).all() and (terminated == m["terminated"]).all()


def test_a_given_reward_replaces_the_worlds():
    agent = quick(CartPole(), reward=lambda obs, act, nxt: -abs(nxt[:, 2])).learn(50)
    assert np.allclose(agent.replay["rew"][:50], -abs(agent.replay["next_obs"][:50, 2]))


def test_the_oldest_memories_make_room():
    agent = quick(CartPole(), capacity=40, warm_up=10_000).learn(45)
    assert agent.real_steps == 45 and len(agent.replay["obs"]) == 40


def test_the_same_seed_gives_the_same_agent():
    one, two, other = (quick(CartPole(), seed=s).learn(200) for s in (1, 1, 2))
    obs = CartPole().initial(5, np.random.default_rng(0)).astype(np.float32)
    with torch.inference_mode():
        values = [agent.q(torch.as_tensor(obs)) for agent in (one, two, other)]
    assert torch.equal(values[0], values[1]) and not torch.equal(values[0], values[2])


def test_making_one_leaves_the_global_seed_alone():
    torch.manual_seed(5)
    before = torch.rand(1)
    torch.manual_seed(5)
    quick(CartPole())
    assert torch.equal(torch.rand(1), before)


def test_exploration_falls_to_its_last_value():
    agent = quick(CartPole(), warm_up=10, explore_steps=100, final_epsilon=0.04)
    shares = []
    for agent.real_steps in (0, 9, 50, 100, 5000):
        shares.append(agent.epsilon())
    assert shares == pytest.approx([1, 1, 0.52, 0.04, 0.04])


def test_continuous_actions_are_refused_with_a_reason():
    with pytest.raises(TypeError, match="wanted Discrete, got Box"):
        DQN(Pendulum())


@pytest.mark.slow
def test_it_balances_the_pole():
    agent = DQN(CartPole(), seed=1000, **QUICK)
    means = []
    while agent.real_steps < 3000 and (not means or max(means) < 400):
        agent.learn(64)
        means.append(evaluate(CartPole(), agent.act, episodes=5, seed=0).returns.mean())
    assert max(means) >= 400


# ------------------------------------------------------------------ the table


def corridor_table(**settings):
    return BinnedQ(Corridor(), [[0.25, 0.75], []], **settings)


def test_the_table_learns_the_values_of_a_corridor():
    agent = corridor_table(gamma=0.5).learn(3000)
    assert agent.table[:, 0, 1] == pytest.approx([0.25, 0.5, 1.0], abs=0.02)


def test_cells_of_the_cartpole():
    agent = BinnedQ(CartPole(), cartpole_edges())
    assert agent.table.shape == (6, 6, 12, 12, 2)
    corners = agent.cell(np.array([[-9.0, -9, -9, -9], [9, 9, 9, 9], [0.01, 0.01, 0.001, 0.01]]))
    assert [list(cell) for cell in corners] == [[0, 5, 3], [0, 5, 3], [0, 11, 6], [0, 11, 6]]


def test_edges_are_wanted_for_every_number():
    with pytest.raises(ValueError, match="each of the 4 observed numbers, got 2"):
        BinnedQ(CartPole(), [[0.0], [0.0]])
