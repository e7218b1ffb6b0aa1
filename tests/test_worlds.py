"""The batched worlds are gymnasium's, and a world and an environment are the same thing."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from wmlib.worlds import CartPole, Catch, FromGym, GymEnv, MiniRacing, Pendulum, as_world
from wmlib.worlds.valley import Valley


def test_cartpole_steps_like_gymnasium():
    env, world = gym.make("CartPole-v1").unwrapped, CartPole()
    rng = np.random.default_rng(0)
    env.reset(seed=0)
    for _ in range(2000):
        state, action = np.array(env.state)[None], int(rng.integers(2))
        obs, rew, terminated, _, _ = env.step(action)
        mine, my_rew, my_terminated = world.step(state, np.array([action]))
        np.testing.assert_allclose(mine[0], env.state, atol=1e-12)
        assert (my_rew[0], my_terminated[0]) == (rew, terminated)
        if terminated:
            env.reset()


def test_pendulum_steps_like_gymnasium():
    env, world = gym.make("Pendulum-v1").unwrapped, Pendulum()
    rng = np.random.default_rng(0)
    obs, _ = env.reset(seed=0)
    state = np.array(env.state)[None]
    for _ in range(500):
        action = rng.uniform(-2.5, 2.5, 1).astype(np.float32)
        obs, rew, *_ = env.step(action)
        state, my_rew, _ = world.step(state, action[None])
        np.testing.assert_allclose(world.obs(state)[0], obs, atol=1e-4)
        assert my_rew[0] == pytest.approx(rew, abs=1e-4)


def test_pendulum_state_is_read_back_from_its_observation():
    world = Pendulum()
    state = world.initial(50, np.random.default_rng(1))
    np.testing.assert_allclose(world.state_of(world.obs(state)), state, atol=1e-6)


STEPS = [  # world, state, action, what follows, what it pays, whether it ends
    (Catch(), [15.5, 10, 4, 0.5, 5], 2, [17, 10.5, 5.2, 0.5, 5], 0, False),
    (Catch(), [2.5, 10, 4, 0, 5], 0, [2, 10, 5.2, 0, 5], 0, False),
    (Catch(), [28, 10, 4, 0, 5], 2, [29, 10, 5.2, 0, 5], 0, False),
    (Catch(), [15.5, 1.9, 4, -0.3, 5], 1, [15.5, 1.6, 5.2, 0.3, 5], 0, False),
    (Catch(), [15.5, 2.5, 4, -0.3, 5], 1, [15.5, 2.2, 5.2, -0.3, 5], 0, False),
    (Catch(), [15.5, 28.9, 4, 0.3, 5], 1, [15.5, 29.2, 5.2, -0.3, 5], 0, False),
    (Catch(), [15.5, 18.9, 28, 0, 3], 1, [15.5, 16, 0, 0, 2], 1, False),
    (Catch(), [15.5, 19.1, 28, 0, 1], 1, [15.5, 16, 0, 0, 0], -1, True),
    (Catch(), [15.5, 15.5, 27.7, 0.1, 1], 1, [15.5, 15.6, 28.9, 0.1, 1], 0, False),
    (Valley(), [0, 0], [2.0], [0.06, 0.2], np.exp(-2 * 1.94**2) - 0.02 * 0.04, False),
    (Valley(), [np.pi / 2, 1], [-9], [np.pi / 2 + 0.18, 0.6], None, False),
    (
        MiniRacing(),
        [60, 0, np.pi / 2] + [0] * 6,
        1,
        [60, 1.3, np.pi / 2] + [0] * 6,
        100 / (2 * np.pi) * np.arctan2(1.3, 60),
        False,
    ),
    (
        MiniRacing(),
        [60, 0, -np.pi / 2] + [0] * 6,
        1,
        [60, -1.3, -np.pi / 2] + [0] * 6,
        -100 / (2 * np.pi) * np.arctan2(1.3, 60),
        False,
    ),
    (
        MiniRacing(),
        [50, 0, 0.0] + [0] * 6,
        2,
        [51.290654, 0.155626, 0.12] + [0] * 6,
        100 / (2 * np.pi) * np.arctan2(0.155626, 51.290654),
        True,
    ),
    (MiniRacing(), [52.8, 0, 0.0] + [0] * 6, 1, [54.1, 0, 0] + [0] * 6, 0, False),
    (
        MiniRacing(),
        [67.2, 0, 0.0] + [0] * 6,
        0,
        [68.490654, -0.155626, -0.12] + [0] * 6,
        None,
        True,
    ),
    (CartPole(), [2.41, -0.6, 0, 0], 0, None, 1, False),
    (CartPole(), [-2.39, -0.6, 0, 0], 0, None, 1, True),
    (CartPole(), [0, 0, 0.21, -0.1], 1, None, 1, False),
    (CartPole(), [0, 0, 0.209, 0.1], 1, None, 1, True),
]


@pytest.mark.parametrize("world, state, action, nxt, rew, terminated", STEPS)
def test_a_step_by_hand(world, state, action, nxt, rew, terminated):
    found = world.step(np.array([state] * 2, float), np.array([action] * 2))
    if nxt is not None:
        np.testing.assert_allclose(found[0], [nxt] * 2, atol=1e-6)
    if rew is not None:
        np.testing.assert_allclose(found[1], [rew] * 2, atol=1e-6)
    assert found[2].tolist() == [terminated] * 2


def test_stepping_leaves_the_given_state_alone():
    world = CartPole()
    state = world.initial(3, np.random.default_rng(0))
    before = state.copy()
    world.step(state, np.array([0, 1, 0]))
    np.testing.assert_array_equal(state, before)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("world", [CartPole(), Pendulum()])
def test_a_world_is_a_proper_gymnasium_environment(world):
    check_env(GymEnv(world), skip_render_check=True)


def test_the_clock_truncates_and_does_not_terminate():
    env = GymEnv(Pendulum())
    env.reset(seed=0)
    for t in range(200):
        *_, terminated, truncated, _ = env.step(np.zeros(1, np.float32))
    assert truncated and not terminated


def test_an_environment_must_be_reset_first():
    with pytest.raises(RuntimeError, match="call reset"):
        GymEnv(CartPole()).step(0)


class Corridor(gym.Env):
    """An environment of the user's own: walk right to the end."""

    observation_space, action_space = gym.spaces.Box(0, 5, (1,)), gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x = 0
        return np.array([0.0], np.float32), {}

    def step(self, action):
        self.x = max(0, self.x + (1 if action else -1))
        return np.array([self.x], np.float32), float(self.x == 5), self.x == 5, False, {}


def test_an_environment_of_ones_own_becomes_a_world_whose_states_can_be_stepped_twice():
    world = FromGym(Corridor(), max_steps=20)
    state = world.initial(2, np.random.default_rng(0))
    once, *_ = world.step(state, np.array([1, 0]))
    again, *_ = world.step(state, np.array([1, 1]))
    assert world.obs(once)[:, 0].tolist() == [1, 0]
    assert world.obs(again)[:, 0].tolist() == [1, 1]


def test_what_is_no_world_is_refused():
    with pytest.raises(TypeError, match="got list"):
        as_world([1, 2])


@pytest.mark.parametrize("world, name", [(CartPole, "CartPole-v1"), (Pendulum, "Pendulum-v1")])
def test_spaces_and_limits_are_gymnasiums(world, name):
    env = gym.make(name)
    assert world.act_space == env.action_space and world.max_steps == env.spec.max_episode_steps
    if world is Pendulum:  # CartPole's are about twice what it may ever show; ours say nothing
        assert world.obs_space == env.observation_space
    else:
        assert world.obs_space.shape == env.observation_space.shape
