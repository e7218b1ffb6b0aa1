"""What people ran into elsewhere: actions that are not what they seem. One function checks them."""

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.course.ch04_shooting.dqn import DQN
from wmlib.evaluation import evaluate
from wmlib.experience import collect
from wmlib.learning.binned_q import BinnedQ
from wmlib.models import NeuralDynamics
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting
from wmlib.streams import Streams
from wmlib.worlds import CartPole, GymEnv, Pendulum
from wmlib.worlds.actions import bounds, check_actions, check_space, from_index, to_index

Box, Discrete = gym.spaces.Box, gym.spaces.Discrete
PLANNERS = [RandomShooting(3, 8), CEM(3, 8, 2, 3), ICEM(3, 8, 2, 3), MPPI(3, 8)]


class Line(gym.Env):
    """Actions -1, 0, 1: to the left, stay, to the right; it pays to be at 3."""

    observation_space, action_space = Box(-50, 50, (1,)), Discrete(3, start=-1)

    def __init__(self):
        self.got = set()

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x = 0.0
        return np.zeros(1, np.float32), {}

    def step(self, action):
        self.got.add(int(action))
        self.x += int(action)
        return np.array([self.x], np.float32), -abs(self.x - 3), False, False, {}


def seen_by(env, use):
    """The actions that the environment is given."""
    use(env)
    return env.got


@pytest.mark.parametrize(
    "use",
    [
        lambda env: collect(env, steps=60),
        lambda env: Streams(env, copies=1).play(60),
        lambda env: DQN(env, warm_up=20, train_every=20, updates=2).learn(90),
        lambda env: BinnedQ(env, [[-1.0, 0.0, 1.0]], patience=1).learn(90),
    ],
    ids=["collect", "streams", "dqn", "table"],
)
def test_a_space_that_does_not_start_at_0_keeps_its_numbers(use):
    assert seen_by(Line(), use) == {-1, 0, 1}


def test_a_dqn_learns_on_which_side_of_0_its_actions_lie():
    agent = DQN(Line(), warm_up=100, train_every=50, updates=100, explore_steps=400, gamma=0.9)
    agent.learn(600)
    assert agent.act(np.array([[0.0], [6.0]], np.float32)).tolist() == [1, -1]


def test_a_model_and_a_planner_go_where_it_pays_though_actions_do_not_start_at_0():
    data = collect(Line(), steps=300, max_steps=8)
    assert set(data.act) == {-1, 0, 1}
    model = NeuralDynamics(1, Line.action_space)
    model.fit(data, steps=300)
    model = model.goal(rew=lambda obs, action, nxt: -abs(nxt[:, 0] - 3))
    for planner in (RandomShooting(3, 60), CEM(3, 60, 2, 6), ICEM(3, 60, 2, 6), MPPI(3, 60)):
        agent = MPC(model, planner)
        agent.begin(np.array([[0.0], [6.0]], np.float32))
        assert agent.act(np.array([[0.0], [6.0]], np.float32)).tolist() == [1, -1]


class Slope(gym.Env):
    """A continuous action with bounds of one's own; it pays to be at 1."""

    observation_space = Box(-np.inf, np.inf, (1,))

    def __init__(self, low, high):
        self.action_space = Box(low, high, (1,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x = 0.0
        return np.zeros(1, np.float32), {}

    def step(self, action):
        self.x += float(action[0]) * 0.1
        return np.array([self.x], np.float32), -abs(self.x - 1), False, False, {}


@pytest.mark.parametrize("planner", PLANNERS, ids=lambda p: type(p).__name__)
@pytest.mark.parametrize("low, high", [(-np.inf, np.inf), (0, np.inf), (-3, 1)])
def test_plans_lie_within_the_bounds_and_infinite_bounds_are_refused(planner, low, high):
    env = Slope(low, high)
    data = collect(env, steps=100, max_steps=10)
    model = NeuralDynamics(1, env.action_space)
    model.fit(data, steps=30)
    plan = lambda: planner.plan(model, model.start(data.obs[:1]), torch.Generator().manual_seed(0))
    if np.isfinite([low, high]).all():
        actions = plan().actions
        assert (actions >= low).all() and (actions <= high).all() and actions.unique().numel() > 1
    else:
        with pytest.raises(ValueError, match="needs bounded actions"):
            plan()
        with pytest.raises(ValueError, match="needs bounded actions"):
            Streams(env, copies=1, max_steps=10).play(4)


@pytest.mark.parametrize(
    "space", [gym.spaces.MultiDiscrete([2, 3]), Box(0, 1, (2, 2)), gym.spaces.Dict(a=Discrete(2))]
)
def test_spaces_that_nobody_here_knows_are_refused(space):
    with pytest.raises(TypeError, match="actions must be Discrete"):
        check_space(space)


def test_infinite_bounds_name_what_to_do():
    with pytest.raises(ValueError, match="RescaleAction"):
        bounds(Box(-np.inf, 1, (2,)), "this planner")


good = lambda obs: (obs[:, 2] + obs[:, 3] > 0).astype(int)


@pytest.mark.parametrize(
    "form",
    [
        lambda a: a[:, None],
        torch.as_tensor,
        lambda a: a.tolist(),
        lambda a: a.astype(float),
        lambda a: a.astype(bool),
    ],
    ids=["(B, 1)", "tensor", "list", "whole floats", "bool"],
)
def test_what_obviously_means_an_action_is_one(form):
    wanted = evaluate(CartPole(), good, episodes=4, seed=0).returns
    assert evaluate(CartPole(), lambda o: form(good(o)), episodes=4, seed=0).returns.tolist() == (
        wanted.tolist()
    )


@pytest.mark.parametrize(
    "world, wrong, what",
    [
        (CartPole, lambda o: good(o) * 0.8 + 0.1, "are whole numbers, got \\[0.1, 0.9\\]"),
        (CartPole, lambda o: good(o) + 1, "are from 0 to 1, got"),
        (CartPole, lambda o: -1 - good(o), "are from 0 to 1, got"),
        (CartPole, lambda o: int(good(o)[0]), "need actions of shape \\(3,\\)"),
        (CartPole, lambda o: np.full(len(o), np.nan), "are finite numbers"),
        (CartPole, lambda o: ["left"] * len(o), "are finite numbers"),
        (Pendulum, lambda o: np.full((len(o), 1), 50.0), "lie within its bounds, got \\[50.\\]"),
        (Pendulum, lambda o: np.zeros((len(o), 2)), "need actions of shape \\(3, 1\\)"),
        (Pendulum, lambda o: np.full((len(o), 1), np.inf), "are finite numbers"),
    ],
)
def test_what_is_no_action_is_refused_in_words(world, wrong, what):
    with pytest.raises(ValueError, match=what):
        evaluate(world(), wrong, episodes=3)


def test_a_missing_axis_of_one_number_is_no_mistake():
    a, b = (
        evaluate(Pendulum(), f, episodes=3).returns
        for f in (lambda o: np.zeros(len(o)), lambda o: np.zeros((len(o), 1)))
    )
    assert a.tolist() == b.tolist()


def test_a_world_stepped_by_hand_knows_its_actions_too():
    env = GymEnv(CartPole())
    env.reset(seed=0)
    with pytest.raises(ValueError, match="are from 0 to 1, got \\[7\\]"):
        env.step(7)
    with pytest.raises(ValueError, match="are from 0 to 1"):
        CartPole().step(np.zeros((2, 4)), np.array([0, 2]))


def test_numbers_from_0_and_the_spaces_own_are_each_others_way_back():
    space = Discrete(3, start=5)
    assert to_index(space, np.array([5, 7])).tolist() == [0, 2]
    assert from_index(space, torch.tensor([0, 2])).tolist() == [5, 7]
    assert check_actions(space, [5.0, 7.0], 2).dtype.kind == "i"


@pytest.mark.parametrize(
    "low, high", [(-1.0, 1.0), (0.0, 1000.0), (-np.inf, np.inf), (-2.0, np.inf)]
)
def test_what_rounding_left_beyond_a_bound_is_within_it_and_no_more(low, high):
    space = gym.spaces.Box(np.float32(low), np.float32(high), (2,))
    width = max(1.0, high - low) if np.isfinite(high - low) else 1.0
    for bound, out in ((low, -1), (high, 1)):
        if np.isinf(bound):
            continue
        inside = bound if np.isfinite(high - low) else bound - out
        for slip, fine in ((0.5e-5, True), (2e-5, False)):
            action = np.array([[inside, bound + out * slip * width]])
            if fine:
                assert check_actions(space, action, 1) is not None
            else:
                with pytest.raises(ValueError, match="within its bounds"):
                    check_actions(space, action, 1)
