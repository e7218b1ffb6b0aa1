"""One loop in which anybody acts, whatever they act in."""

import ast
from itertools import islice
from pathlib import Path
from random import Random

import gymnasium as gym
import numpy as np
import pytest

from wmlib.acting import film, play, walk
from wmlib.agents import OfState, Sticky, Straying
from wmlib.evaluation import evaluate
from wmlib.experience import collect
from wmlib.streams import Streams
from wmlib.worlds import CartPole, Catch, Maze, Pendulum
from wmlib.worlds.base import World
from wmlib.worlds.maze_gallery import dyna_maze

WMLIB = Path(__file__).resolve().parents[1] / "wmlib"


class Ladder(World):
    """Episodes of different lengths: the start says how many steps there are; +1 for each."""

    obs_space, act_space = gym.spaces.Box(0, 99, (1,)), gym.spaces.Discrete(2)
    max_steps = 5

    def initial(self, n, rng):
        return 2.0 + np.arange(n)[:, None]

    def step(self, state, action, rng=None):
        return state - 1, np.ones(len(state)), state[:, 0] <= 1

    def obs(self, state):
        return np.asarray(state, np.float32)


class Recorder:
    """An agent that writes down how it is called."""

    def __init__(self):
        self.calls = []

    def begin(self, obs):
        self.calls.append(("begin", len(obs)))

    def act(self, obs, first=None):
        self.calls.append(("act", obs[:, 0].tolist(), first.tolist()))
        return np.zeros(len(obs), int)

    def keep(self, mask):
        self.calls.append(("keep", mask.tolist()))


def test_a_step_holds_what_led_where():
    steps = list(islice(play(CartPole(), copies=3, rng=0), 4))
    for before, after in zip(steps, steps[1:]):
        assert np.array_equal(before.next_obs, after.obs) and not after.first.any()
        physics = CartPole().step(before.state, before.act)[0]
        assert np.array_equal(physics, before.next_state)
    assert steps[0].first.all() and steps[0].episode.tolist() == [0, 1, 2]


def test_a_world_may_answer_in_lists_and_a_step_holds_arrays():
    class Plain(Ladder):
        def step(self, state, action, rng=None):
            return [part.tolist() for part in super().step(state, action, rng)]

    for world in (Ladder(), Plain()):
        step = next(play(world, lambda obs: np.ones(len(obs), int), copies=2))
        columns = step.obs, step.next_obs, step.rew, step.terminated, step.truncated, step.first
        assert all(isinstance(column, np.ndarray) and len(column) == 2 for column in columns)
        assert step.terminated.dtype == step.truncated.dtype == step.over.dtype == bool


def test_without_again_episodes_leave_when_they_are_over_and_the_clock_truncates():
    steps = list(play(Ladder(), copies=6, rng=0, again=False))
    assert [step.episode.tolist() for step in steps] == [
        [0, 1, 2, 3, 4, 5],
        [0, 1, 2, 3, 4, 5],
        [1, 2, 3, 4, 5],
        [2, 3, 4, 5],
        [3, 4, 5],
    ]
    last = steps[-1]
    assert last.terminated.tolist() == [True, False, False]
    assert last.truncated.tolist() == [False, True, True]  # an end is not a cut as well


def test_with_again_a_new_episode_begins_in_the_same_copy_and_gets_a_new_number():
    steps = list(islice(play(Ladder(), copies=2, rng=0), 4))
    assert [step.episode.tolist() for step in steps] == [[0, 1], [0, 1], [2, 1], [2, 3]]
    assert [step.first.tolist() for step in steps] == [
        [True, True],
        [False, False],
        [True, False],
        [False, True],
    ]
    # Where the episode ends, next_obs is its own last frame and not the first of the next one.
    assert steps[1].next_obs[0, 0] == 0 and steps[2].obs[0, 0] == 2


def test_an_agent_is_told_what_begins_and_who_leaves():
    agent = Recorder()
    list(play(Ladder(), agent, copies=2, rng=0, again=False))
    assert agent.calls == [
        ("begin", 2),
        ("act", [2.0, 3.0], [True, True]),
        ("act", [1.0, 2.0], [False, False]),
        ("keep", [False, True]),
        ("act", [1.0], [False]),
    ]
    agent = Recorder()
    list(islice(play(Ladder(), agent, copies=2, rng=0), 3))
    assert agent.calls[-1] == ("act", [2.0, 1.0], [True, False])


def test_a_second_parameter_of_ones_own_is_not_taken_for_first():
    def careful(obs, speed=8.0):
        assert speed == 8.0
        return np.zeros(len(obs), int)

    assert len(collect(CartPole(), careful, steps=20)) == 20


class Rememberer:
    """An agent with a memory that cannot be told that one of its episodes begins anew."""

    def begin(self, obs):
        pass

    def act(self, obs):
        return np.zeros(len(obs), int)


def test_an_agent_with_a_memory_that_cannot_be_told_is_refused_in_words():
    with pytest.raises(TypeError, match="give it act\\(obs, first\\)"):
        Streams(Ladder(), copies=2).play(20, Rememberer())
    with pytest.raises(TypeError, match="give it keep\\(mask\\)"):
        evaluate(Ladder(), Rememberer(), episodes=3)
    assert len(collect(Ladder(), Rememberer(), steps=9)) == 9  # one at a time it can


def test_what_is_no_agent_is_refused():
    with pytest.raises(TypeError, match="got int"):
        collect(CartPole(), 3, steps=5)


def test_a_play_can_begin_in_given_states():
    state = np.array([[0.0, 0.0, 0.1, 0.0]])
    (step,) = islice(play(CartPole(), lambda obs: [1], state=state), 1)
    assert np.array_equal(step.state, state) and step.act.tolist() == [1]


def test_a_script_may_be_shown_the_true_state_that_a_picture_hides():
    seen = []
    script = lambda state: seen.append(state.shape) or np.ones(len(state), int)
    list(islice(play(Catch(), OfState(script), copies=2, rng=0), 2))
    assert seen == [(2, 5), (2, 5)]


def test_sticky_actions_last_as_long_as_they_should():
    agent = Sticky(gym.spaces.Discrete(100), change=0.25, seed=0)
    acts = np.stack([agent.act(np.zeros((2000, 1))) for _ in range(5)])
    assert abs((acts[1:] != acts[:-1]).mean() - 0.25 * 0.99) < 0.02
    agent.keep(np.arange(2000) < 10)
    assert agent.act(np.zeros((10, 1))).shape == (10,)


def test_a_straying_agent_strays_as_often_as_it_is_told():
    space = gym.spaces.Discrete(1000)
    space.seed(0)
    agent = Straying(lambda obs: np.zeros(len(obs), int), 0.3, space, np.random.default_rng(0))
    assert abs((agent.act(np.zeros((5000, 1))) != 0).mean() - 0.3) < 0.03


def test_a_film_is_one_episode_with_its_last_frame():
    assert film(Ladder(), lambda obs: np.zeros(len(obs), int)).ravel().tolist() == [2, 1, 0]
    assert len(film(Catch(), rng=0, steps=7)) == 8


def test_streams_go_on_where_they_stopped_with_the_next_agent():
    ones, zeros = (lambda obs, k=k: np.full(len(obs), k) for k in (1, 0))
    streams = Streams(Ladder(), copies=1).play(3, ones).play(2, zeros)
    (acts,) = streams.all(6).act
    assert acts.tolist() == [
        1,
        1,
        0,
        1,
        0,
    ]  # the third frame is an episode's last: nothing was done


def test_a_walk_is_the_same_loop_for_cells():
    maze = dyna_maze()
    rows = list(walk(maze, lambda cell: 3, Random(0), limit=3))
    assert [row[3] for row in rows] == [row[0] for row in rows[1:]] + [rows[-1][3]]
    corridor = Maze("S.G")
    assert list(walk(corridor, lambda cell: 3, Random(0))) == [
        (0, 3, 0.0, 1, False),
        (1, 3, 1.0, 2, True),
    ]
    again = list(walk(corridor, lambda cell: 3, Random(0), limit=4, again=True))
    assert [row[0] for row in again] == [0, 1, 0, 1]
    assert list(walk(corridor, lambda cell: None, Random(0))) == []


def test_nobody_can_set_the_state_of_an_environment():
    with pytest.raises(TypeError, match="write a World"):
        play("CartPole-v1", state=np.zeros((1, 4)))
    with pytest.raises(ValueError, match="copies=0"):
        play(Pendulum(), copies=0)


def _acts(loop):
    """Lines of a loop that carry a world's state on: `state, ... = world.step(state, ...)`."""
    for node in ast.walk(loop):
        call = getattr(node, "value", None) if isinstance(node, ast.Assign) else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        who = ast.unparse(call.func.value)
        if (
            call.func.attr not in ("step", "move", "act")
            or "model" in who
            or who in ("self", "super()")
        ):
            continue
        target = node.targets[0]
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        first = ast.unparse(call.args[0]) if call.args else ""
        if first in map(ast.unparse, names) or call.func.attr == "move":
            yield node.lineno


def test_no_acting_loop_is_written_by_hand_outside_of_acting():
    found = {}
    for path in sorted(WMLIB.rglob("*.py")):
        if path.name == "acting.py":
            continue
        for loop in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(loop, (ast.For, ast.While)):
                for line in _acts(loop):
                    found[f"{path.relative_to(WMLIB)}:{line}"] = True
    # Looking ahead asks a maze what each action *would* do; nobody walks there. So do examiners,
    # who search a maze, score plans, or lay out a film frame by frame and change what happens in it,
    # a flood that counts steps, the reference of an exercise with a track of its own, and a dream.
    asks = {"course/ch01_small_scale_models/experiments.py"}
    asks |= {f"challenges/{day}/world.py" for day in ("day02_know_maze", "day07_replay_rival")}
    asks |= {
        f"challenges/{day}/__init__.py"
        for day in ("day08_six_hundred", "day11_cem", "day20_memory_world", "day30_beat_board")
    }
    asks |= {"challenges/day21_dead_codes/stream.py", "course/ch02_dyna/mazes.py"}
    asks |= {"course/ch11_language_agents/stages.py", "course/ch05_ensembles/track.py"}
    asks |= {"learning/dyna_loop.py"}  # all of Dyna-Q in one loop, held equal to acting's
    asks |= {"course/ch13_open_problems/goodhart.py", "course/ch06_world_models/calibration.py"}
    assert [place for place in found if place.split(":")[0] not in asks] == []
