"""One interface: every model class of the package answers the same questions in the same shapes."""

from contextlib import suppress
from typing import NamedTuple

import gymnasium as gym
import numpy as np
import pytest
import torch
from every_model import (
    BUILDERS,
    CONTINUOUS,
    ON_THE_CPU,
    OWN_ACTIONS,
    PUSH,
    SHIFTED,
    THREE,
    actions,
    build,
    classes,
    shared,
    transitions,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from wmlib.devices import new_generator
from wmlib.models import Ensemble, Goal, LinearDynamics, NeuralDynamics, Simulator
from wmlib.models.base import Step, WorldModel, batch_size, leaves, tree_map
from wmlib.models.rssm import RSSM
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting, score
from wmlib.streams import Sequences
from wmlib.worlds import CartPole, GymEnv

PLANNERS = [RandomShooting(4, 8), CEM(4, 8, 2, 3), ICEM(4, 8, 2, 3), MPPI(4, 8)]


def named(kinds):
    return [
        pytest.param(kind, id=kind.__name__) for kind in sorted(kinds, key=lambda k: k.__name__)
    ]


every_model = pytest.mark.parametrize("kind", named(BUILDERS))
every_planner = pytest.mark.parametrize("planner", PLANNERS, ids=lambda p: type(p).__name__)
torch_models = pytest.mark.parametrize("kind", named(set(BUILDERS) - ON_THE_CPU))


def test_every_model_class_of_the_package_is_asked():
    assert classes() == set(BUILDERS)


@pytest.fixture(autouse=True)
def no_gradients():
    with torch.no_grad():
        yield


def same(one, two):
    """Whether two states hold the same numbers, up to rounding."""
    pairs = zip(leaves(one), leaves(two), strict=True)
    return all(torch.allclose(torch.as_tensor(a), torch.as_tensor(b), atol=1e-5) for a, b in pairs)


# ------------------------------------------------------------------------------- every question


@every_model
def test_start_and_observe_give_a_state_for_each_observation(kind):
    model, obs = shared(kind)
    state = model.start(obs)
    assert batch_size(state) == 3
    assert batch_size(model.observe(state, actions(model, 3), obs)) == 3
    assert same(state, model.start(obs))
    for generator in (new_generator(0), None):
        state = model.start(obs, generator=generator)
        nxt = model.observe(state, actions(model, 3), obs, generator=generator)
        assert batch_size(nxt) == 3


@every_model
def test_where_an_episode_begins_nothing_before_is_remembered(kind):
    model, obs = shared(kind)
    before = model.start(obs[[1, 2, 0]])
    before = model.step(before, actions(model, 3)).state
    told = model.observe(before, actions(model, 3), obs, first=np.array([True, False, True]))
    anew, on = model.start(obs), model.observe(before, actions(model, 3), obs)

    def follows(state, rows):
        """What the model makes of some of the states, which is all that can be asked of them."""
        state = tree_map(lambda x: x[np.array(rows)], state)
        nxt, rew, cont = model.step(state, actions(model, len(rows), seed=1))
        return model.decode(state), rew, cont, model.decode(nxt)

    assert same(follows(told, [0, 2]), follows(anew, [0, 2]))
    assert same(follows(told, [1]), follows(on, [1]))


@every_model
def test_a_step_gives_states_rewards_and_chances_to_go_on(kind):
    model, obs = shared(kind)
    for generator in (None, new_generator(1)):
        nxt, rew, cont = model.step(model.start(obs), actions(model, 3), generator)
        assert batch_size(nxt) == 3 and rew.shape == cont.shape == (3,)
        assert ((cont >= 0) & (cont <= 1)).all() and torch.isfinite(rew).all()


@every_model
def test_a_rollout_has_one_state_more_than_actions(kind):
    model, obs = shared(kind)
    plan = actions(model, 3, 4)
    policy = lambda state: actions(model, batch_size(state))
    for rollout in (
        model.imagine(model.start(obs), plan),
        model.imagine(model.start(obs), plan.numpy(), generator=new_generator(2)),
        model.imagine(model.start(obs), policy, horizon=4),
    ):
        assert len(rollout.states) == 5
        assert rollout.actions.shape[:2] == rollout.rew.shape == rollout.cont.shape == (3, 4)
        assert all(batch_size(state) == 3 for state in rollout.states)
    assert torch.equal(model.imagine(model.start(obs), plan).actions, plan)


@every_model
def test_the_same_generator_imagines_the_same_and_none_imagines_nothing_random(kind):
    model, obs = shared(kind)
    plan = actions(model, 3, 3)
    for seed in (None, 5):
        drawn = lambda: None if seed is None else new_generator(seed)
        one, two = (model.imagine(model.start(obs, drawn()), plan, generator=drawn()) for _ in "ab")
        assert same(one.states[-1], two.states[-1]) and torch.equal(one.rew, two.rew)


@every_model
def test_what_is_decoded_looks_like_an_observation_and_feat_has_its_size(kind):
    model, obs = shared(kind)
    state = model.step(model.start(obs), actions(model, 3)).state
    assert model.decode(state).shape == obs.shape
    try:
        feat = model.feat(state)
    except NotImplementedError as error:
        assert kind.__name__ in str(error) and "no features" in str(error)
    else:
        assert feat.shape == (3, model.feat_size) and feat.is_floating_point()


def sequences(model, obs, frames=6):
    """Stretches in which the observations take turns; in the second, an episode begins midway."""
    obs = torch.as_tensor(obs)
    seen = torch.stack([obs[[t % 3, (t + 1) % 3]] for t in range(frames)], 1)
    first = torch.zeros(2, frames, dtype=torch.bool)
    first[:, 0] = first[1, 3] = True
    rew, act = torch.linspace(0, 1, frames - 1).repeat(2, 1), actions(model, 2, frames - 1)
    return Sequences(seen, act, rew, torch.ones(2, frames - 1), first)


@every_model
def test_a_loss_is_a_number_with_named_parts_or_the_model_says_that_it_has_none(kind):
    model, obs = shared(kind)
    try:
        loss, parts, _ = model.loss(sequences(model, obs), new_generator(3))
    except NotImplementedError as error:
        assert "does not learn from sequences" in str(error)
    else:
        assert loss.shape == () and torch.isfinite(loss)
        assert parts and all(isinstance(part, float) for part in parts.values())


@pytest.mark.parametrize("kind", named(set(BUILDERS) - OWN_ACTIONS))
def test_actions_are_the_environments_own_wherever_they_start(kind):
    """Discrete(3, start=-1): a twin from the same seed, told the same things, says the same."""
    model, obs = shared(kind)
    twin, _ = shared(kind, SHIFTED)
    act = actions(model, 3)
    a = model.step(model.observe(model.start(obs), act, obs), act)
    b = twin.step(twin.observe(twin.start(obs), act - 1, obs), act - 1)
    assert same(a.state, b.state) and torch.allclose(a.rew, b.rew, atol=1e-6)


@pytest.mark.parametrize("kind", named(CONTINUOUS))
def test_continuous_actions_are_floats_with_a_place_for_each_number(kind):
    model, obs = shared(kind, PUSH)
    rollout = model.imagine(model.start(obs), actions(model, 3, 4))
    assert rollout.actions.shape == (3, 4, 2) and rollout.rew.shape == (3, 4)


SPACES = {"0 to 2": THREE, "-1 to 1": SHIFTED, "floats": PUSH}
TAKEN = [
    pytest.param(kind, space, id=f"{kind.__name__}, {name}")
    for kind in BUILDERS
    for name, space in SPACES.items()
    if kind in (CONTINUOUS if space is PUSH else set(BUILDERS) - OWN_ACTIONS)
]


@every_planner
@pytest.mark.parametrize("kind, space", TAKEN)
def test_any_planner_runs_on_any_model_and_keeps_to_its_actions(kind, space, planner):
    model, obs = shared(kind, space)
    agent = MPC(model, planner, seed=1)
    agent.begin(obs)
    first = agent.act(obs)
    agent.keep(np.array([True, False, True]))
    second = agent.act(obs[[0, 2]], np.array([False, True]))
    assert first.shape[0] == 3 and second.shape[0] == 2
    assert all(space.contains(a.astype(space.dtype)) for a in (*first, *second))


# ------------------------------------------------------------------------------ on any device


class OneDevice(TorchFunctionMode):
    """Torch's meta device has no values, and a tensor of the CPU that meets it raises. Two things it
    lets pass: zero-dimensional tensors of the CPU, and a generator of the CPU that draws there."""

    MOVES = {"to", "__get__", "copy_", "cpu", "__getitem__", "__setitem__"}

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        name = getattr(func, "__name__", str(func))
        tensors = [x for x in tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
        if name not in self.MOVES:
            assert len({x.device.type for x in tensors}) < 2, f"{name} mixes devices"
        if kwargs.get("generator") is not None and isinstance(out, torch.Tensor):
            assert out.device == kwargs["generator"].device, f"{name} draws elsewhere"
        return out


def meta(tree):
    """Whether all tensors in something live on the meta device."""
    tensors = [x for x in tree_leaves(tree) if isinstance(x, torch.Tensor)]
    return bool(tensors) and all(x.is_meta for x in tensors)


def test_a_stray_tensor_is_caught():
    there, number = torch.zeros(3, device="meta"), torch.tensor(1.0)
    for stray in (
        lambda: there + torch.ones(3),
        lambda: there * number,
        lambda: torch.rand(3, generator=new_generator(), device="meta"),
    ):
        with OneDevice(), pytest.raises((RuntimeError, AssertionError)):
            stray()


@torch_models
@pytest.mark.parametrize("drawn", [False, True], ids=["likeliest", "drawn"])
def test_every_question_is_answered_on_the_models_device(kind, drawn):
    model, obs = shared(kind, device="meta")
    assert model.device.type == "meta"
    generator = new_generator(0) if drawn else None
    first = torch.tensor([True, False, False])
    with OneDevice():
        state = model.start(obs, generator)
        state = model.observe(state, actions(model, 3), obs, generator=generator)
        state = model.observe(state, actions(model, 3), obs, first, generator)
        step = model.step(state, actions(model, 3), generator)
        rollout = model.imagine(state, actions(model, 3, 3), generator=generator)
        policy = lambda state: actions(model, batch_size(state))
        answers = [state, step, rollout, model.imagine(state, policy, 2, generator)]
        answers.append(model.decode(state))
        for ask in (model.feat, lambda _: model.loss(sequences(model, obs), generator)[0]):
            with suppress(NotImplementedError):
                answers.append(ask(state))
    assert all(map(meta, answers))


@every_planner
@pytest.mark.parametrize("space", [THREE, PUSH], ids=["whole", "floats"])
@pytest.mark.parametrize("kind", [Ensemble, RSSM])
def test_every_planner_plans_on_the_models_device(kind, space, planner):
    model, obs = shared(kind, space, "meta")
    with OneDevice():
        state = model.start(obs)
        plan = planner.plan(model, state, new_generator(0))
        again = planner.plan(model, state, new_generator(0), warm=plan)
    assert meta(plan) and meta(again)


@pytest.mark.parametrize("kind", [NeuralDynamics, LinearDynamics, Ensemble])
def test_a_model_learns_on_its_device(kind):
    model, _ = build(kind, device="meta")
    data = transitions(THREE)
    data.terminated[:] = False
    with OneDevice():
        model.fit(data, **({} if kind is LinearDynamics else {"steps": 2}))
        if kind is NeuralDynamics:
            ends = torch.arange(40) % 10 == 9
            model.cont.fit(torch.zeros(40, 2, device="meta"), ends, new_generator(), steps=2)
    assert model.device.type == "meta"


LIBRARY = {kind for kind in BUILDERS if not kind.__module__.startswith("wmlib.course")}


@pytest.mark.parametrize("kind", named(LIBRARY))
def test_another_default_device_or_precision_changes_nothing(kind):
    """What somebody wrote at the top of a notebook: only their own tensors follow it."""
    model, obs = shared(kind)
    plan = actions(model, 3, 2)
    wanted = model.imagine(model.start(obs), plan, generator=new_generator(0))
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):
            model, obs = build(kind)
            found = model.imagine(model.start(obs), plan, generator=new_generator(0))
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.allclose(wanted.rew, found.rew, atol=1e-5) and wanted.rew.dtype == found.rew.dtype


# ----------------------------------------------------------------------------- memory and aims


class Memory(NamedTuple):
    hidden: torch.Tensor
    count: torch.Tensor


class Remembering(WorldModel):
    """A model with a memory: it counts its steps, and what it observed changes what it expects."""

    act_space = gym.spaces.Discrete(3)

    def start(self, obs, generator=None):
        obs = torch.as_tensor(np.asarray(obs), dtype=torch.float32)
        return Memory(torch.zeros(len(obs), 2, 2), obs[:, 0])

    def observe(self, state, action, obs, first=None, generator=None):
        hidden = state.hidden + 1
        if first is not None:
            hidden = hidden * ~torch.as_tensor(first)[:, None, None]
        return Memory(hidden, torch.as_tensor(obs)[:, 0].float())

    def step(self, state, action, generator=None):
        nxt = Memory(state.hidden, state.count + 1)
        return Step(nxt, state.hidden[:, 0, 0] + action.float(), torch.full_like(state.count, 0.9))

    def decode(self, state):
        return state.count[:, None]


def test_a_memory_takes_in_what_really_happened():
    model = Remembering()
    agent = MPC(model, RandomShooting(2, 4))
    agent.begin(np.zeros((1, 1), np.float32))
    for t in range(3):
        agent.act(np.full((1, 1), t, np.float32))
    assert agent.state.hidden[0, 0, 0] == 2 and agent.state.count[0] == 2


def test_an_agent_forgets_where_an_episode_begins_and_plans_anew():
    agent = MPC(Remembering(), RandomShooting(2, 4), replan=False)
    agent.begin(np.zeros((2, 1), np.float32))
    agent.act(np.zeros((2, 1), np.float32))
    plan = agent.plan
    agent.act(np.zeros((2, 1), np.float32), first=np.array([True, False]))
    assert agent.state.hidden[:, 0, 0].tolist() == [0, 1] and agent.plan is not plan


def test_a_goal_passes_on_whatever_it_does_not_change():
    model, obs = shared(Ensemble)
    aimed = Goal(model, cont=lambda nxt: nxt[:, 0] < 1)
    assert aimed.feat_size == 2 and aimed.members == 2 and aimed.device == model.device
    state, act = torch.as_tensor(obs), actions(model, 3)
    assert torch.equal(aimed.disagreement(state, act), model.disagreement(state, act))
    memory = Goal(Remembering(), rew=lambda o, a, n: n[:, 0])
    state = memory.observe(memory.start([[0.0], [0.0]]), [0, 0], [[1.0], [2.0]], [True, False])
    assert state.hidden[:, 0, 0].tolist() == [0, 1]


def test_a_goal_changes_the_reward_and_not_the_world():
    model, obs = shared(NeuralDynamics)
    other = model.goal(lambda o, a, n: n[:, 0], cont=lambda n: 0 * n[:, 0])
    plan = actions(model, 3, 4)
    a, b = model.imagine(model.start(obs), plan), other.imagine(other.start(obs), plan)
    assert torch.equal(a.states[-1], b.states[-1])
    assert torch.equal(b.rew[:, 0], b.states[1][:, 0]) and (b.cont == 0).all()
    assert not torch.equal(a.rew, b.rew)


def test_a_goal_of_an_ensemble_judges_every_particle():
    model, obs = shared(Ensemble)
    aimed = model.goal(lambda o, a, n: n[:, 1] ** 2)
    nxt, rew, _ = aimed.step(aimed.start(obs), actions(model, 3))
    assert torch.allclose(rew, (nxt.obs[..., 1] ** 2).mean(1), atol=1e-5)


@pytest.mark.parametrize("wrap", [lambda m, aim: m.goal(rew=aim), Goal], ids=["goal", "Goal"])
def test_an_aim_that_is_not_one_number_for_each_state_is_refused(wrap):
    model, obs = shared(NeuralDynamics)
    for aim, shape in ((lambda o, a, n: n, r"\(3, 2\)"), (lambda o, a, n: 1.0, r"\(\)")):
        aimed = wrap(model, aim)
        with pytest.raises(ValueError, match=f"one number for each of 3 states, got shape {shape}"):
            aimed.step(aimed.start(obs), actions(model, 3))


def test_a_model_without_reward_is_refused_until_it_has_an_aim():
    model, obs = shared(NeuralDynamics)
    video = model.goal()
    video.has_reward = False
    with pytest.raises(ValueError, match="model.goal"):
        RandomShooting(3, 4).plan(video, video.start(obs), torch.Generator())
    aimed = video.goal(rew=lambda o, a, n: n[:, 0])
    RandomShooting(3, 4).plan(aimed, aimed.start(obs), torch.Generator())


# ------------------------------------------------------------------------------- what is refused


class Silent(WorldModel):
    """It can be started and stepped, and nothing else."""

    act_space = gym.spaces.Discrete(2)
    start = step = None


@pytest.mark.parametrize(
    "ask, says",
    [
        (lambda m: m.decode(None), "Silent cannot say what its states look like"),
        (lambda m: m.feat(None), "Silent has no features of its states"),
        (lambda m: m.loss(None), "Silent does not learn from sequences"),
    ],
)
def test_a_question_that_a_model_cannot_answer_is_refused_in_words(ask, says):
    with pytest.raises(NotImplementedError, match=says):
        ask(Silent())


@pytest.mark.parametrize(
    "plan, more, says",
    [
        (torch.zeros(3, 2, 1, dtype=torch.long), {}, r"shape \(B, H\) with B = 3, got \(3, 2, 1\)"),
        (torch.zeros(3, 2), {"horizon": 5}, "horizon=5 is longer than the plan of 2 steps"),
        (torch.zeros(3, 2), {"horizon": 0}, "at least 1 step, got horizon=0"),
        (torch.full((3, 2), torch.nan), {}, "not finite"),
        (lambda state: 0, {}, "horizon=15"),
    ],
)
def test_what_is_no_plan_is_refused(plan, more, says):
    model = Remembering()
    with pytest.raises(ValueError, match=says):
        model.imagine(model.start(np.zeros((3, 1))), plan, **more)


def test_a_model_whose_actions_nobody_knows_is_refused():
    model = Remembering()
    model.act_space = gym.spaces.MultiDiscrete([2, 2])
    with pytest.raises(TypeError, match=r"Discrete\(n\) or Box"):
        model.imagine(model.start(np.zeros((3, 1))), torch.zeros(3, 2))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(0, 3), st.integers(1, 5))
def test_a_plan_for_another_number_of_states_is_refused(b, extra, h):
    model = Remembering()
    state = model.start(np.zeros((b, 1), np.float32))
    plan = torch.zeros(b + extra, h, dtype=torch.long)
    if extra:
        with pytest.raises(ValueError, match=f"B = {b}"):
            model.imagine(state, plan)
    else:
        assert model.imagine(state, plan).rew.shape == (b, h)


@pytest.mark.parametrize("bad", [np.zeros(2), np.zeros((2, 3)), np.zeros((1, 2, 2))])
@pytest.mark.parametrize("kind", [LinearDynamics, NeuralDynamics, Ensemble])
def test_observations_of_the_wrong_shape_are_named(kind, bad):
    with pytest.raises(ValueError, match=r"\(B, 2\)"):
        shared(kind)[0].start(bad)


def test_observations_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="not finite"):
        shared(NeuralDynamics)[0].start(np.full((1, 2), np.nan))


# ------------------------------------------------------------------------------ plans and scores


@every_planner
def test_the_same_seed_plans_the_same(planner):
    model, obs = shared(Ensemble, PUSH)
    plans = [planner.plan(model, model.start(obs), torch.Generator().manual_seed(5)) for _ in "ab"]
    assert torch.equal(plans[0].actions, plans[1].actions)


def test_the_simulator_imagines_what_then_happens():
    world = CartPole()
    env = GymEnv(world)
    obs, _ = env.reset(seed=4)
    plan = np.random.default_rng(0).integers(2, size=(1, 30))
    model = Simulator(world)
    imagined = model.imagine(model.from_states(env.state[None]), plan)
    for t in range(30):
        obs, rew, terminated, *_ = env.step(plan[0, t])
        np.testing.assert_allclose(model.decode(imagined.states[t + 1])[0], obs, atol=1e-6)
        assert imagined.cont[0, t] == 1 - terminated
        if terminated:
            break


def test_the_score_counts_a_reward_as_far_as_the_episode_gets_there():
    class Rolled(NamedTuple):
        states: list
        rew: torch.Tensor
        cont: torch.Tensor

    rolled = Rolled(
        [None, torch.tensor([7.0])], torch.tensor([[1.0, 2.0, 4.0]]), torch.tensor([[0.5, 0.0, 1]])
    )
    assert score(rolled).item() == pytest.approx(1 + 0.5 * 2)
    assert score(rolled, discount=0.5).item() == pytest.approx(1 + 0.5 * 0.5 * 2)
    lasting = rolled._replace(cont=torch.tensor([[0.5, 0.5, 0.5]]))
    plain = 1 + 0.5 * 2 + 0.25 * 4
    valued = score(lasting, value=lambda state: state).item()
    assert valued == pytest.approx(plain + 0.125 * 7)


def test_a_state_may_be_a_dictionary_with_tuples_in_it():
    state = {"b": (torch.zeros(3, 2), torch.ones(3)), "a": torch.zeros(3, 5)}
    assert batch_size(state) == 3
    assert [tuple(leaf.shape) for leaf in leaves(state)] == [(3, 2), (3,), (3, 5)]
    twice = tree_map(lambda x: torch.cat([x, x]), state)
    assert batch_size(twice) == 6 and twice["b"][1].tolist() == [1.0] * 6
