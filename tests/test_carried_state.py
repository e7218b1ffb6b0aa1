"""State carried between calls: what a planner, an agent or a learner remembers from the last one.

Whether it is carried at all, moved on by one step, cut where an episode begins, and thinned out
where others end. A fake that looks only at the present would not notice.
"""

from types import SimpleNamespace
from typing import NamedTuple

import gymnasium as gym
import numpy as np
import pytest
import torch
from by_hand import Doubtful, chance, spied
from switch import Switch

from wmlib.course.ch04_shooting.dqn import DQN
from wmlib.course.ch05_ensembles.gated import Gated
from wmlib.course.ch06_world_models.cma_controller import CMAController, LinearAgent
from wmlib.course.ch10_levels.subgoals import Subgoals
from wmlib.learning.binned_q import BinnedQ
from wmlib.learning.iris import Iris
from wmlib.learning.latent_agent import LatentAgent
from wmlib.learning.sweeping import PrioritisedSweeping
from wmlib.models import Ensemble
from wmlib.models.base import Step, WorldModel
from wmlib.models.ensemble import Particles
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.planning import CEM, ICEM, MPC, MPPI, Plan, RandomShooting
from wmlib.streams import Streams
from wmlib.worlds import CartPole

ONE, TWO = gym.spaces.Box(-1, 1, (1,), np.float32), gym.spaces.Discrete(2)


class Line(WorldModel):
    """A position that the action moves; being far to the right pays."""

    act_space = ONE

    def start(self, obs, generator=None):
        return torch.as_tensor(np.asarray(obs), dtype=torch.float32)

    def step(self, state, action, generator=None):
        nxt = state + action
        return Step(nxt, nxt[:, 0], torch.ones(len(nxt)))

    def decode(self, state):
        return state


def name_of(planner):
    return type(planner).__name__


# --- planners -------------------------------------------------------------------------------------


def candidates(planner, warm):
    """All plans that are compared, round by round: a list of `(B, N, H, 1)`."""
    seen, model = [], Line()
    spied(planner, "evaluate", seen)
    planner.plan(model, model.start(np.zeros((2, 1))), chance(1), warm)
    return [args[2] for args, _ in seen]


WARM = torch.tensor([[0.1, 0.2, 0.3, 0.4], [-0.1, -0.2, -0.3, -0.4]])[..., None]
MOVED_ON = [[0.2, 0.3, 0.4, 0.4], [-0.2, -0.3, -0.4, -0.4]]


@pytest.mark.parametrize("planner", [CEM(4, 6, 1, 2), MPPI(4, 6), ICEM(4, 6, 1, 2)], ids=name_of)
def test_a_warm_planner_searches_around_the_last_plan_moved_on_by_a_step(planner, monkeypatch):
    """Without noise, all that is searched is the middle of the search."""
    still = lambda shape, *others: torch.zeros(shape)  # noqa: E731
    icem = name_of(planner) == "ICEM"
    noise = "coloured" if icem else "normal"
    monkeypatch.setattr(f"wmlib.planning.{name_of(planner).lower()}.{noise}", still)
    memory = WARM[:, None] if icem else None
    first = candidates(planner, Plan(WARM, torch.zeros(2), memory))[0]
    for plan in first.unbind(1):
        torch.testing.assert_close(plan[..., 0], torch.tensor(MOVED_ON))


def test_the_elites_that_icem_keeps_are_moved_on_to_the_next_step():
    planner, model = ICEM(4, 20, iterations=2, elites=10, keep=0.3), Line()
    cold = planner.plan(model, model.start(np.zeros((2, 1))), chance())
    assert cold.memory.shape == (2, 3, 4, 1)  # three tenths of ten
    first, second = candidates(planner, cold)
    kept = torch.cat([cold.memory[:, :, 1:], cold.memory[:, :, -1:]], 2)
    torch.testing.assert_close(first[:, -3:], kept)
    assert first.shape[1] == 20 + 3
    # From round to round of the same step they go along as they are: the best of the round before.
    score = first.cumsum(2).sum((2, 3))
    best = first[torch.arange(2)[:, None], score.topk(3, 1).indices]
    torch.testing.assert_close(second[:, -3:], best)


def test_icem_returns_the_best_plan_it_saw_in_any_round():
    planner, model, seen = ICEM(3, 12, iterations=3, elites=4), Line(), []
    spied(planner, "evaluate", seen)
    plan = planner.plan(model, model.start(np.zeros((2, 1))), chance())
    everything = torch.cat([scores for _, scores in seen], 1)
    torch.testing.assert_close(plan.score, everything.amax(1))
    wanted = model.imagine(torch.zeros(2, 1), plan.actions).rew.sum(1)
    torch.testing.assert_close(plan.score, wanted)


class Scripted:
    """A planner whose n-th plan says n0, n1, n2; it writes down what it was given."""

    horizon = 3

    def __init__(self):
        self.warm, self.states = [], []

    def plan(self, model, state, generator, warm=None):
        self.warm.append(warm)
        self.states.append(state)
        n, b = len(self.warm), len(state.past)
        steps = 10 * n + torch.arange(3).expand(b, 3) + 100 * torch.arange(b)[:, None]
        return Plan(steps, 1.0 * steps[:, 0], steps[:, None, :])


class Past(NamedTuple):
    past: torch.Tensor


class Remembering(WorldModel):
    """Its state is the sum of all actions and observations it took in since the beginning."""

    act_space = gym.spaces.Discrete(1000)

    def start(self, obs, generator=None):
        return Past(torch.as_tensor(np.asarray(obs, np.float32))[:, 0])

    def observe(self, state, action, obs, first=None, generator=None):
        past = state.past if first is None else state.past * ~torch.as_tensor(first)
        return Past(10 * past + torch.as_tensor(action) + self.start(obs).past)

    def step(self, state, action, generator=None):
        return Step(state, torch.zeros(len(state.past)), torch.ones(len(state.past)))


def at(*numbers):
    return np.array(numbers, np.float32)[:, None]


def test_mpc_hands_its_last_plan_to_the_next_search_and_takes_in_what_it_did():
    planner = Scripted()
    agent = MPC(Remembering(), planner)
    agent.begin(at(1, 2))
    assert agent.act(at(1, 2)).tolist() == [10, 110]
    assert planner.warm == [None] and planner.states[0].past.tolist() == [1, 2]
    assert agent.act(at(3, 4)).tolist() == [20, 120]
    assert planner.states[1].past.tolist() == [10 + 10 + 3, 20 + 110 + 4]
    assert planner.warm[1].actions.tolist() == [[10, 11, 12], [110, 111, 112]]
    agent.begin(at(5, 6))
    agent.act(at(5, 6))
    assert planner.warm[2] is None and planner.states[2].past.tolist() == [5, 6]


def test_when_some_episodes_are_over_mpc_goes_on_with_the_others():
    planner = Scripted()
    agent = MPC(Remembering(), planner)
    agent.begin(at(1, 2, 3))
    agent.act(at(1, 2, 3))
    agent.keep(np.array([True, False, True]))
    agent.act(at(7, 8))
    assert planner.states[1].past.tolist() == [10 + 10 + 7, 30 + 210 + 8]
    warm = planner.warm[1]
    assert warm.actions.tolist() == [[10, 11, 12], [210, 211, 212]]
    assert warm.memory.tolist() == [[[10, 11, 12]], [[210, 211, 212]]]
    assert warm.score.tolist() == [10, 210]


def test_open_loop_mpc_follows_its_plan_to_the_end_and_then_plans_coldly_again():
    planner = Scripted()
    agent = MPC(Remembering(), planner, replan=False)
    agent.begin(at(0))
    acts = [agent.act(at(0)).item() for _ in range(7)]
    assert acts == [10, 11, 12, 20, 21, 22, 30]
    assert planner.warm == [None, None, None]
    agent.begin(at(0))
    assert [agent.act(at(0)).item() for _ in range(2)] == [40, 41]  # not where the old one stood


def test_an_episode_that_begins_while_others_go_on_is_planned_anew():
    planner = Scripted()
    agent = MPC(Remembering(), planner)
    agent.begin(at(1, 2))
    agent.act(at(1, 2))
    agent.act(at(3, 4), first=np.array([False, True]))
    assert planner.states[1].past[0] == 10 + 10 + 3 and planner.warm[1] is None
    agent.act(at(5, 6), first=np.array([False, False]))
    assert planner.warm[2].actions.tolist() == [[20, 21, 22], [120, 121, 122]]


def test_subgoals_are_ticked_off_one_by_one_and_not_twice():
    routes = [[(1, 0), (2, 0), (3, 0)], [(0, 5)]]

    class Plane(Line):
        act_space = gym.spaces.Box(-1, 1, (2,), np.float32)

    agent = Subgoals(Plane(), RandomShooting(2, 3), routes, reach=0.5)
    agent.begin(np.zeros((2, 2)))
    seen = []
    for x in (0.0, 0.6, 0.7, 1.6, 3.0, 3.0):
        agent.act(np.array([[x, 0], [x, 0]]))
        seen.append(agent.targets[0, 0])
    assert seen == [1, 2, 2, 3, 3, 3] and agent.targets[1].tolist() == [0, 5]
    agent.keep(np.array([False, True]))
    assert agent.targets.tolist() == [[0, 5]] and len(agent.routes) == 1
    with pytest.raises(ValueError, match="1 routes need as many episodes"):
        agent.begin(np.zeros((2, 2)))


def test_a_gate_counts_from_the_beginning_of_its_episodes():
    bold = SimpleNamespace(begin=lambda obs: None, act=lambda obs: np.ones(len(obs), int))
    gate = Gated(bold, Doubtful(), lambda obs: np.zeros(len(obs), int), threshold=1.0, horizon=1)
    for _ in range(2):
        gate.begin(at(0, 1))
        assert gate.act(at(0.1, 3)).tolist() == [1, 0]
        assert gate.act(at(3, 3)).tolist() == [0, 0]
        assert (gate.steps, gate.refusals, gate.abstention) == (4, 3, 0.75)


# --- agents with a model's memory -----------------------------------------------------------------


class Features(Remembering):
    """What an actor reads is the memory itself."""

    feat_size = 1

    @staticmethod
    def feat(state):
        return state.past[:, None]


class LastDigit:
    """Does what the last digit of the memory says."""

    def act(self, feat, generator=None):
        return (feat[:, 0] % 10).long()


def latent_agent():
    return LatentAgent(Features(), LastDigit())


def linear_agent():
    weight = torch.tensor([[0.0, 0.5], [1.0, -4.0]])  # action 1 where the memory is above 4.5
    return LinearAgent(Features(), weight)


def test_a_latent_agent_remembers_its_own_actions_and_forgets_with_the_episode():
    agent = latent_agent()
    agent.begin(at(1, 2))
    assert agent.act(at(1, 2)).tolist() == [1, 2]
    assert agent.act(at(3, 4)).tolist() == [(10 + 1 + 3) % 10, (20 + 2 + 4) % 10]
    assert agent.state.past.tolist() == [14, 26]
    agent.act(at(1, 1), first=np.array([False, True]))
    assert agent.state.past[0] == 140 + 4 + 1 and agent.state.past[1] < 10
    agent.keep(np.array([False, True]))
    agent.act(at(5))
    assert agent.state.past.shape == (1,)
    agent.begin(at(3))
    assert agent.act(at(3)).tolist() == [3]


def test_a_linear_agent_remembers_its_own_actions_and_forgets_with_the_episode():
    agent = linear_agent()
    agent.begin(at(1, 9))
    assert agent.act(at(1, 9)).tolist() == [0, 1]
    agent.act(at(3, 0))
    assert agent.state.past.tolist() == [10 + 0 + 3, 90 + 1 + 0]
    agent.keep(np.array([False, True]))
    agent.act(at(0))
    assert agent.state.past.tolist() == [910 + 1]
    agent.begin(at(2, 2, 2))
    assert agent.act(at(2, 2, 2)).tolist() == [0, 0, 0]


# --- models ---------------------------------------------------------------------------------------


def test_the_age_of_a_cache_grows_frame_by_frame_up_to_its_window():
    sizes = dict(width=8, layers=1, heads=2, hidden=8, window=4, head_width=4)
    model = TokenModel(TWO, Tokenizer(codes=3, size=4, width=2), **sizes)
    obs, act = torch.rand(2, 1, 32, 32, generator=chance()), torch.tensor([0, 1])
    state, ages = model.start(obs), []
    for t in range(6):
        ages.append(state.cache.age.tolist())
        state = model.observe(state, act, obs, first=torch.tensor([False, t == 3]))
    assert ages == [[0, 0], [1, 1], [2, 2], [3, 3], [3, 0], [3, 1]]
    assert model.step(state, act).state.cache.age.tolist() == [3, 3]


def test_a_particle_that_is_given_to_another_member_takes_its_chance_of_being_alive_along():
    model = Ensemble(1, TWO, members=3, redraw=True)
    told = model.goal(rew=lambda obs, act, nxt: obs[:, 0], cont=lambda nxt: torch.ones(len(nxt)))
    state = Particles(torch.tensor([[[1.0], [2.0], [3.0]]]), torch.tensor([[0.5, 0.0, 0.25]]))
    for seed in range(5):
        step = told.step(state, torch.tensor([0]), chance(seed))
        assert step.rew.item() == pytest.approx((0.5 * 1 + 0.25 * 3) / 0.75)
        assert sorted(step.state.alive[0].tolist()) == [0, 0.25, 0.5]


def test_a_particles_end_is_remembered_by_all_later_steps():
    model = Ensemble(1, TWO, members=2).goal(
        rew=lambda obs, act, nxt: torch.ones(len(obs)),
        cont=lambda nxt: torch.full((len(nxt),), 0.5),
    )
    state, action = model.start(np.zeros((1, 1))), torch.tensor([0])
    for k in range(1, 4):
        state, _, cont = model.step(state, action)
        assert cont.item() == pytest.approx(0.5)
        assert state.alive.tolist() == [[0.5**k] * 2]


# --- learners -------------------------------------------------------------------------------------


def test_dqn_goes_on_where_it_stopped():
    small = {"width": 8, "warm_up": 16, "train_every": 8, "updates": 2, "explore_steps": 60}
    once, twice = (DQN(CartPole(), seed=1, **small) for _ in range(2))
    once.learn(90)
    twice.learn(40).learn(50)
    assert np.array_equal(once.replay["obs"], twice.replay["obs"])
    assert all(torch.equal(a, b) for a, b in zip(once.q.parameters(), twice.q.parameters()))


def test_the_oldest_of_dqns_memories_make_room_for_the_newest():
    few, all_ = (DQN(CartPole(), capacity=n, warm_up=10**6, seed=1).learn(50) for n in (20, 50))
    for name in few.replay:
        newest = all_.replay[name][30:50]
        assert np.array_equal(np.roll(few.replay[name], -(50 % 20), 0), newest)


def test_a_table_of_bins_goes_on_where_it_stopped():
    edges = [[0.0]] * 4
    once, twice = (BinnedQ(CartPole(), edges, seed=2) for _ in range(2))
    once.learn(200)
    twice.learn(77).learn(123)
    assert np.array_equal(once.table, twice.table) and once.episodes == twice.episodes > 5


def test_what_left_the_queue_of_a_sweep_may_enter_it_again():
    agent = PrioritisedSweeping(2, 1, planning_steps=1, alpha=0.5, threshold=0.1)
    for expected in (0.5, 0.75, 0.875, 0.9375, 0.9375):  # at last it is off by less than 0.1
        agent.learn(0, 0, 1.0, 1, True)
        assert agent.q[0][0] == expected
    assert not agent.queue and not agent.waiting


def test_a_stale_entry_of_the_queue_is_passed_over():
    agent = PrioritisedSweeping(3, 1, planning_steps=0, alpha=1.0)
    agent.learn(0, 0, 1.0, 2, True)
    agent.learn(0, 0, 5.0, 2, True)  # the same pair, more urgent: the old entry is stale
    assert len(agent.queue) == 2
    agent.plan(10)
    assert agent.backups == 1 and agent.q[0][0] == 5


def test_a_search_draws_its_next_population_only_when_the_last_was_scored():
    search, seen = CMAController(2, 2, population=4, seed=3), []

    def score(population, generator):
        seen.append((population.clone(), torch.rand(1, generator=generator).item()))
        if len(seen) == 2:
            raise KeyboardInterrupt
        return population.flatten(1).sum(1)

    search.fit(score, 2)
    search.fit(score, 2)
    populations = [population for population, _ in seen]
    assert torch.equal(populations[1], populations[2])  # interrupted: the same once more
    assert not torch.equal(populations[0], populations[1])
    assert not torch.equal(populations[2], populations[3])
    lucks = [luck for _, luck in seen]
    assert lucks[1] == lucks[2] and len(set(lucks)) == 3  # a new one for each generation


def test_frames_are_put_into_tokens_again_when_the_tokenizer_has_learned_more():
    film = Streams(Switch(), copies=2, seed=0).play(40).all(10)
    sizes = dict(width=8, layers=1, heads=2, hidden=8, window=4, head_width=4)
    model = TokenModel(TWO, Tokenizer(codes=4, size=4, width=2), ahead=2, **sizes)
    learner = Iris(film, TWO, model)
    learner.learn_tokens(1, 8)
    before = learner.tokens
    assert learner.tokens is before
    learner.learn_tokens(30, 8, lr=0.1)
    assert torch.equal(learner.tokens, model.tokenizer.encode(film.obs))
    assert not torch.equal(learner.tokens, before)
