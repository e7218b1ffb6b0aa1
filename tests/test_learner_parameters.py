"""Every parameter of every learner does what its docstring says: each is varied here."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from by_hand import chance, rows, spied
from switch import Switch
from varied import Varied

from wmlib.course.ch04_shooting import dqn
from wmlib.course.ch04_shooting.dqn import DQN
from wmlib.course.ch05_ensembles.mbpo import BranchedQ
from wmlib.course.ch06_world_models.cma_controller import (
    CMAController,
    ImaginedReturns,
    LinearAgent,
    RealReturns,
)
from wmlib.course.ch09_latent_actions.cloning import Cloner
from wmlib.learning import ppo
from wmlib.learning.actor_critic import ActorCritic, ReturnScale
from wmlib.learning.binned_q import BinnedQ
from wmlib.learning.dreamer import Dreamer
from wmlib.learning.dyna import DynaQ, DynaQPlus
from wmlib.learning.iris import Iris
from wmlib.learning.latent_agent import LatentAgent, TokenAgent
from wmlib.learning.ppo import PPO
from wmlib.learning.q_learning import QLearner
from wmlib.learning.sweeping import PrioritisedSweeping
from wmlib.models.base import Step, WorldModel
from wmlib.models.distributions import Gaussians
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.streams import Streams
from wmlib.worlds import CartPole

varies = Varied("learning")
TWO = gym.spaces.Discrete(2)


# --- tables ---------------------------------------------------------------------------------------


@varies(QLearner, "alpha", "gamma", "initial")
@pytest.mark.parametrize("alpha, gamma, initial", [(0.5, 0.9, 2.0), (1.0, 0.0, 0.0), (0.0, 0.5, 3)])
def test_a_backup_goes_a_share_of_the_way_to_the_discounted_target(alpha, gamma, initial):
    agent = QLearner(2, 1, alpha=alpha, gamma=gamma, initial=initial)
    agent.learn(0, 0, 5.0, 1, False)
    assert agent.q[0][0] == pytest.approx(initial + alpha * (5 + gamma * initial - initial))


@varies(QLearner, "epsilon", "seed")
def test_epsilon_is_the_share_of_random_choices():
    for epsilon in (0.0, 0.5, 1.0):
        agent = QLearner(1, 10, epsilon=epsilon, seed=1)
        agent.q[0][7] = 1.0
        others = np.mean([agent.act(0) != 7 for _ in range(3000)])
        assert others == pytest.approx(0.9 * epsilon, abs=0.03)
    walks = [[QLearner(1, 10, epsilon=1, seed=s).act(0)] for s in range(20)]
    assert len({w[0] for w in walks}) > 3
    one, two = QLearner(1, 10, seed=5), QLearner(1, 10, seed=5)
    assert [one.act(0) for _ in range(9)] == [two.act(0) for _ in range(9)]


@varies(DynaQ, "planning_steps")
@varies(DynaQPlus, "planning_steps")
@pytest.mark.parametrize("kind", [DynaQ, DynaQPlus])
@pytest.mark.parametrize("steps", [0, 3, 20])
def test_after_each_real_step_come_so_many_imagined_ones(kind, steps):
    agent = kind(4, 2, planning_steps=steps)
    for k in range(3):
        agent.learn(k, 0, 0.0, k + 1, False)
    assert agent.backups == 3 * (1 + steps)


@varies(DynaQPlus, "kappa")
@pytest.mark.parametrize("kappa", [0.0, 0.1, 2.0])
def test_kappa_pays_for_the_root_of_the_time_since_a_pair_was_tried(kappa):
    agent = DynaQPlus(2, 2, planning_steps=0, kappa=kappa, alpha=1.0, gamma=0.0)
    for _ in range(10):
        agent.learn(0, 0, 0.0, 0, False)
    agent.plan(200)
    assert agent.q[0][0] == 0  # tried just now
    assert agent.q[0][1] == pytest.approx(kappa * 10**0.5)  # never tried


@varies(PrioritisedSweeping, "threshold")
@pytest.mark.parametrize("threshold, queued", [(0.0, [1, 1]), (0.5, [0, 1]), (5.0, [0, 0])])
def test_changes_below_the_threshold_are_not_worth_a_backup(threshold, queued):
    for rew, wanted in zip((0.4, 0.6), queued):
        agent = PrioritisedSweeping(3, 1, planning_steps=5, threshold=threshold, alpha=1.0)
        agent.learn(0, 0, rew, 2, True)
        assert agent.backups == wanted and agent.q[0][0] == rew * wanted
        agent.learn(1, 0, 0.0, 0, False)  # news of the same size, a little discounted, for another
        agent.learn(1, 0, 0.0, 0, False)
        assert agent.backups == wanted + (wanted and 0.95 * rew > threshold)


@varies(PrioritisedSweeping, "planning_steps")
@pytest.mark.parametrize("steps, backups", [(1, 1), (2, 2), (50, 4)])
def test_news_travels_back_so_many_pairs_at_once(steps, backups):
    agent = PrioritisedSweeping(5, 1, planning_steps=steps, alpha=1.0)
    for s in range(3):
        agent.learn(s, 0, 0.0, s + 1, False)
    agent.learn(3, 0, 1.0, 4, True)
    assert agent.backups == backups


class Hall(CartPole):
    """Three places in a row: right of the last one pays 1 and ends, and is not seen again."""

    obs_space = gym.spaces.Box(-1, 3, (1,), np.float32)
    max_steps = 12

    def initial(self, n, rng):
        return np.zeros((n, 1))

    def step(self, state, action, rng=None):
        nxt = np.maximum(state + np.where(np.asarray(action) == 1, 1, -1)[:, None], 0)
        return nxt, (nxt[:, 0] == 3).astype(float), nxt[:, 0] == 3

    def obs(self, state):
        return np.asarray(state, np.float32)


@varies(BinnedQ, "gamma", "reward")
@pytest.mark.parametrize("gamma, pay", [(0.5, 1.0), (0.9, 1.0), (0.5, 7.0)])
def test_bins_learn_the_discounted_value_of_the_reward_they_are_given(gamma, pay):
    reward = None if pay == 1 else lambda obs, act, nxt: pay * (nxt[:, 0] == 3)
    agent = BinnedQ(Hall(), [[0.5, 1.5]], gamma=gamma, reward=reward).learn(2500)
    assert agent.table[:, 1] == pytest.approx(pay * gamma ** np.array([2, 1, 0]), rel=0.06)


@varies(BinnedQ, "patience", "seed")
def test_with_little_patience_bins_soon_do_what_they_think_best():
    right = {}
    for patience in (1, 10**9):
        agent = BinnedQ(Hall(), [[0.5, 1.5]], patience=patience, seed=3).learn(2000)
        agent.table[..., 1] = 9.0
        right[patience] = np.mean([agent.explore(np.zeros((1, 1)))[0] for _ in range(400)])
    assert right[1] > 0.95 and right[10**9] == pytest.approx(0.5, abs=0.1)
    tables = [BinnedQ(Hall(), [[0.5, 1.5]], seed=s).learn(60).table for s in (1, 1, 2)]
    assert np.array_equal(tables[0], tables[1]) and not np.array_equal(tables[0], tables[2])


# --- networks that learn values -------------------------------------------------------------------


def quick(**settings):
    small = {"width": 8, "warm_up": 20, "train_every": 10, "updates": 3, "explore_steps": 50}
    return DQN(CartPole(), **{**small, **settings})


def trained(monkeypatch, steps=60, **settings):
    """A DQN after so many steps, and the batches and discounts that it learned from."""
    seen, loss = [], dqn.td_loss

    def spy(q, target, batch, gamma):
        seen.append((len(batch["act"]), gamma))
        return loss(q, target, batch, gamma)

    monkeypatch.setattr(dqn, "td_loss", spy)
    return quick(**settings).learn(steps), seen


@varies(DQN, "warm_up", "train_every", "updates", "batch", "gamma")
@pytest.mark.parametrize(
    "settings, times",
    [({}, 4 * 3), ({"warm_up": 45}, 3 * 2 - 0), ({"train_every": 20}, 2 * 3), ({"updates": 5}, 20)],
)
def test_dqn_learns_when_and_as_often_as_it_is_told(settings, times, monkeypatch):
    _, seen = trained(monkeypatch, **settings, batch=7, gamma=0.3)
    assert len(seen) == times and set(seen) == {(7, 0.3)}


@varies(DQN, "explore_steps", "final_epsilon")
@pytest.mark.parametrize("steps, last", [(100, 0.04), (50, 0.5)])
def test_exploration_falls_on_a_line_to_its_last_value(steps, last):
    agent = quick(explore_steps=steps, final_epsilon=last, warm_up=10)
    seen = []
    for agent.real_steps in (9, steps // 2, steps, 10 * steps):
        seen.append(agent.epsilon())
    assert seen == pytest.approx([1, (1 + last) / 2, last, last])


@varies(DQN, "width", "lr", "seed", "capacity", "reward")
def test_a_dqn_is_as_wide_as_quick_and_as_forgetful_as_it_is_told():
    wide = quick(width=12, capacity=30, reward=lambda obs, act, nxt: nxt[:, 2])
    assert [layer.out_features for layer in wide.q[::2]] == [12, 12, 2]
    before = [p.clone() for p in wide.q.parameters()]
    wide.learn(25)
    assert np.allclose(wide.replay["rew"][:25], wide.replay["next_obs"][:25, 2])
    assert len(wide.replay["obs"]) == 30
    for lr in (1e-3, 1e-2):
        agent = quick(lr=lr, updates=1, width=12)
        agent.learn(30)  # the only step yet: Adam's first, as long as its rate
        moved = max((a - b).abs().max().item() for a, b in zip(agent.q.parameters(), before))
        assert moved == pytest.approx(lr, rel=0.01)
    other = quick(width=12, seed=5)
    assert not torch.equal(other.q[0].weight, before[0])


class Over(WorldModel):
    """Each step goes one up and pays 1; at 3 it is over."""

    act_space = TWO

    def __init__(self):
        self.asked = []

    def start(self, obs, generator=None):
        return torch.as_tensor(obs)

    def step(self, state, action, generator=None):
        self.asked.append(len(state))
        return Step(state + 1, torch.ones(len(state)), (state[:, 0] + 1 < 3).float())

    def decode(self, state):
        return state


def branched(**settings):
    data = rows([[0.0], [1.0]], [0, 1], [1, 1], [[1.0], [2.0]], [False, False])
    return BranchedQ(Over(), data, **{"length": 2, "width": 8, **settings})


@varies(BranchedQ, "length", "imagined", "width", "seed")
def test_branches_are_as_long_and_as_many_as_told():
    for length, imagined in ((2, 40), (4, 40), (1, 7)):
        agent = branched(length=length, imagined=imagined)
        agent.branch()
        assert agent.model.asked == [imagined // length] * length
    assert agent.q[0].out_features == 8 and branched(width=5).q[0].out_features == 5
    q = [branched(seed=seed).q[0].weight for seed in (1, 1, 2)]
    assert torch.equal(q[0], q[1]) and not torch.equal(q[0], q[2])


@varies(BranchedQ, "gamma", "lr")
def test_branched_values_are_discounted():
    for gamma in (0.0, 0.5):
        agent = branched(gamma=gamma, lr=1e-2, imagined=20).learn(updates=250, refresh=5, batch=32)
        values = agent.values(torch.tensor([[0.0], [1.0], [2.0]])).detach().mean(1)
        wanted = [1 + gamma + gamma**2, 1 + gamma, 1.0]
        assert values.tolist() == pytest.approx(wanted, abs=0.25)
    for lr in (1e-3, 1e-2):
        agent = branched(lr=lr)
        before = [p.clone() for p in agent.q.parameters()]
        agent.learn(updates=1)
        moved = max((a - b).abs().max().item() for a, b in zip(agent.q.parameters(), before))
        assert moved == pytest.approx(lr, rel=0.01)


# --- actors and critics ---------------------------------------------------------------------------


class Salary(WorldModel):
    """Pays 1 for every step and goes on; what is done changes nothing."""

    act_space = TWO

    def __init__(self, pay=1.0):
        self.pay, self.asked = pay, 0

    def start(self, obs, generator=None):
        return torch.zeros(len(obs))

    def step(self, state, action, generator=None):
        self.asked += 1
        return Step(state + 1, torch.full((len(state),), self.pay), torch.ones(len(state)))

    @staticmethod
    def feat(state):
        return torch.stack([state, torch.ones_like(state)], -1)


class Wage(Salary):
    """Pays for action 1 alone."""

    def step(self, state, action, generator=None):
        return super().step(state, action)._replace(rew=self.pay * action.float())


BOTH = pytest.mark.parametrize("kind", [ActorCritic, PPO])


def actor(kind, **settings):
    return kind(2, 2, **{"hidden": 4, "horizon": 4, **settings})


def learn(learner, model=None, updates=1, n=16):
    model = model or Salary()
    for k in range(updates):
        told = learner.learn(model, model.start(torch.zeros(n)), chance(k))
    return told


@varies(ActorCritic, "gamma", "lam", "horizon")
@BOTH
@pytest.mark.parametrize("gamma, lam, horizon", [(0.9, 1.0, 4), (0.5, 1.0, 6), (0.9, 0.0, 4)])
def test_the_return_of_a_salary(kind, gamma, lam, horizon):
    """A critic that has learned nothing says 0: what is left are the rewards up to the horizon."""
    model = Salary()
    told = learn(actor(kind, gamma=gamma, lam=lam, horizon=horizon), model)
    wanted = [sum((gamma * lam) ** k for k in range(horizon - t)) for t in range(horizon)]
    assert told["return"] == pytest.approx(np.mean(wanted), rel=1e-4)
    assert model.asked == horizon


@varies(ActorCritic, "bonus")
@BOTH
def test_a_bonus_for_entropy_keeps_the_actor_undecided(kind):
    updates = 30 if kind is ActorCritic else 4
    entropy = [
        learn(actor(kind, bonus=bonus, lr=5e-2, normalise=False), Wage(), updates)["entropy"]
        for bonus in (0.0, 5.0)
    ]
    assert entropy[0] < 0.3 and entropy[1] > 0.65  # log 2 is 0.69


@varies(ActorCritic, "hidden", "lr", "seed")
@varies(PPO, "hidden", "lr", "seed")
@BOTH
def test_an_actor_is_as_wide_and_as_quick_as_told(kind):
    one, same, other, wide = (
        actor(kind, **settings) for settings in ({}, {}, {"seed": 1}, {"hidden": 9})
    )
    assert torch.equal(one.actor[0].weight, same.actor[0].weight)
    assert not torch.equal(one.actor[0].weight, other.actor[0].weight)
    assert one.actor[0].out_features == 4 and wide.critic[0].out_features == 9
    for lr in (1e-3, 1e-2):
        learner = actor(kind, lr=lr, **({"epochs": 1, "minibatches": 1} if kind is PPO else {}))
        before = [p.clone() for p in learner.critic.parameters()]
        learn(learner)
        moved = [(a - b).abs().max().item() for a, b in zip(learner.critic.parameters(), before)]
        assert max(moved) == pytest.approx(lr, rel=0.01)


@varies(ActorCritic, "slow")
def test_the_slow_critic_goes_a_share_of_the_way():
    for slow in (0.0, 0.1, 1.0):
        learner = actor(ActorCritic, slow=slow)
        learn(learner)
        torch.testing.assert_close(learner.slow[-1].bias, slow * learner.critic[-1].bias)


@varies(ActorCritic, "normalise")
@varies(ReturnScale, "decay")
def test_returns_are_divided_by_their_range_if_asked():
    spread = {on: learn(actor(ActorCritic, normalise=on), Salary(1000.0))["scale"] for on in (0, 1)}
    assert spread[0] == 1 and spread[1] > 500
    for decay in (0.0, 0.75):
        scale = ReturnScale(decay)
        scale.update(torch.tensor([0.0, 100.0]))
        assert scale.update(torch.tensor([0.0, 10.0])).item() == pytest.approx(
            decay * 90 + (1 - decay) * 9, rel=1e-4
        )


@varies(PPO, "epochs", "minibatches")
@pytest.mark.parametrize("epochs, minibatches", [(1, 1), (3, 2), (2, 5)])
def test_a_dream_is_looked_at_so_often_in_so_many_pieces(epochs, minibatches, monkeypatch):
    sizes, plain = [], ppo.clipped
    monkeypatch.setattr(
        ppo, "clipped", lambda r, a, clip: sizes.append(len(r)) or plain(r, a, clip)
    )
    learn(actor(PPO, epochs=epochs, minibatches=minibatches), n=10)  # 40 choices
    assert sizes == [40 // minibatches] * minibatches * epochs


@varies(PPO, "clip")
def test_learning_stops_where_the_ratio_leaves_its_clip():
    stopped = [learn(actor(PPO, clip=clip), Wage())["stopped"] for clip in (1e-6, 1.0)]
    assert stopped[0] > 0.9 and stopped[1] == 0


# --- cloning and evolution ------------------------------------------------------------------------


@varies(Cloner, "width", "seed")
def test_a_cloner_is_as_large_as_told():
    nets = [Cloner(3, channels=2, **s) for s in ({}, {"width": 2}, {"seed": 1}, {"seed": 1})]
    size = [sum(p.numel() for p in net.parameters()) for net in nets]
    assert size[1] < size[0] / 4 and size[0] == size[2]
    weights = [next(net.parameters()) for net in nets]
    assert torch.equal(weights[2], weights[3]) and not torch.equal(weights[0], weights[2])
    assert nets[1].choose(torch.zeros(5, 2, 32, 32)).shape == (5,)


UP = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])  # whatever is seen, action 1


@varies(ImaginedReturns, "rollouts", "steps", "feat")
def test_a_dreamt_life_lasts_so_many_steps_and_each_controller_has_so_many():
    returns = ImaginedReturns(Wage(), torch.zeros(1), rollouts=3, steps=7).returns(
        UP[None], chance()
    )
    assert returns.tolist() == [[7.0] * 3]
    away = torch.tensor([[0.0, 0.0], [1.0, -3.5]])  # action 1 once the fourth step is reached
    lives = ImaginedReturns(Wage(), torch.zeros(1), 2, 7, feat=lambda state: state[:, None])
    assert lives(away[None], chance()).tolist() == [3.0]


class Carts(WorldModel):
    """An eye for carts that remembers nothing."""

    act_space = TWO

    def start(self, obs, generator=None):
        return torch.as_tensor(np.asarray(obs), dtype=torch.float32)

    def step(self, state, action, generator=None):
        raise AssertionError("nobody dreams here")

    @staticmethod
    def feat(state):
        return state


FALLING = torch.tensor([[0.0, 0, 0, 0, 0], [0, 0, 1, 1, 0]])  # push to where the pole falls


@varies(RealReturns, "rollouts", "feat")
def test_in_the_world_each_controller_has_so_many_lives():
    returns = RealReturns(Carts(), CartPole(), rollouts=5)
    lives = returns.returns(torch.stack([FALLING, -FALLING]), chance())
    assert lives.shape == (2, 5) and lives[0].min() > 3 * lives[1].max()
    assert returns.steps == lives.sum()
    blind = RealReturns(Carts(), CartPole(), 2, feat=torch.zeros_like)
    assert blind(FALLING[None], chance()).item() < 12


@varies(LinearAgent, "feat")
def test_a_controller_reads_what_it_is_given():
    obs = np.array([[0, 0, 0.1, 0], [0, 0, -0.1, 0]], np.float32)
    for feat, wanted in ((None, [1, 0]), (lambda state: -state, [0, 1])):
        agent = LinearAgent(Carts(), FALLING, feat)
        agent.begin(obs)
        assert agent.act(obs).tolist() == wanted


@varies(CMAController, "population", "sigma", "seed")
def test_a_search_draws_so_many_so_far_apart():
    def first(**settings):
        seen = []
        CMAController(3, 4, **settings).fit(lambda p, g: seen.append(p) or p[:, 0, 0], 1)
        return seen[0]

    assert len(first(population=6)) == 6
    for sigma in (0.1, 2.0):
        assert first(population=40, sigma=sigma).std().item() == pytest.approx(sigma, rel=0.1)
    assert torch.equal(first(seed=1), first(seed=1)) and not torch.equal(
        first(seed=1), first(seed=2)
    )


# --- whole learners -------------------------------------------------------------------------------


def dreamer(**settings):
    seed = settings.get("seed", 0)
    sizes = dict(deter=6, hidden=6, latent=Gaussians(3), seed=seed)
    model = VectorRSSM(CartPole.act_space, (1, 1, 1, 1), **sizes)
    behaviour = ActorCritic(model.feat_size, 2, hidden=4, horizon=2, seed=seed)
    small = dict(copies=4, every=8, batch=3, length=5, starts=6, prefill=32)
    return Dreamer(CartPole(), model, behaviour, **{**small, **settings})


@varies(Dreamer, "copies", "every", "prefill")
@pytest.mark.parametrize(
    "settings, updates",
    [({}, 8), ({"every": 16}, 4), ({"prefill": 64}, 4), ({"copies": 8}, 8), ({"every": 4}, 16)],
)
def test_dreamer_updates_after_so_many_real_steps(settings, updates):
    learner = dreamer(**settings).learn(96)
    assert len(learner.log) == updates and learner.steps == 96
    assert len(learner.streams.sample(2, 4, np.random.default_rng(0)).obs) == 2
    assert learner.streams.copies == settings.get("copies", 4)


@varies(Dreamer, "batch", "length", "starts")
def test_dreamer_learns_from_so_many_stretches_and_imagines_from_so_many_states():
    for batch, length, starts in ((3, 5, 6), (2, 7, 4), (3, 5, 999)):
        learner = dreamer(batch=batch, length=length, starts=starts)
        read, dreamt = [], []
        spied(learner.model, "loss", read)
        spied(learner.behaviour, "learn", dreamt)
        learner.learn(40)
        assert read[0][0][0].obs.shape[:2] == (batch, length)
        state = dreamt[0][0][1]
        assert len(state.deter) <= min(starts, batch * length)
        assert len(state.deter) >= min(starts, batch * length - 2 * batch)  # ends are left out


@varies(Dreamer, "lr", "slow", "settle", "seed")
def test_dreamer_learns_at_its_rates():
    for lr in (1e-3, 1e-2):
        learner = dreamer(lr=lr)
        before = [p.clone() for p in learner.model.parameters()]
        learner.learn(40)  # one update
        moved = [(a - b).abs().max().item() for a, b in zip(learner.model.parameters(), before)]
        assert max(moved) == pytest.approx(lr, rel=0.01)
    for slow in (0.0, 1.0):
        learner = dreamer(slow=slow).learn(56)
        bias, followed = learner.behaviour.actor[-1].bias, learner.ema.actor[-1].bias
        torch.testing.assert_close(followed, slow * bias)
    settled = dreamer(settle=80, lr=1e-2)
    rates = []
    settled.learn(96, lambda *_: rates.append(settled.optimiser.param_groups[0]["lr"]))
    wanted = [1e-2 * min(1, max(0.1, 2 * (1 - steps / 80))) for steps in range(40, 97, 8)]
    assert rates == pytest.approx(wanted)
    logs = [dreamer(seed=seed).learn(48).log for seed in (1, 1, 2)]
    assert logs[0] == logs[1] != logs[2]


@varies(LatentAgent, "generator")
def test_without_a_generator_an_agent_does_what_is_likeliest():
    learner = dreamer().learn(40)
    obs = CartPole().initial(64, np.random.default_rng(0)).astype(np.float32)
    acts = {}
    for seed in (None, 1, 2):
        generator = None if seed is None else chance(seed)
        agent = LatentAgent(learner.model, learner.behaviour, generator)
        again = LatentAgent(learner.model, learner.behaviour, generator)
        acts[seed], twice = agent.act(obs).tolist(), again.act(obs).tolist()
        assert (acts[seed] == twice) == (seed is None)
    assert acts[1] != acts[2]


def iris(seed=0):
    film = Streams(Switch(), copies=2, seed=0).play(80).all(20)
    sizes = dict(width=8, layers=1, heads=2, hidden=8, window=4, head_width=4)
    model = TokenModel(TWO, Tokenizer(codes=4, size=4, width=2), ahead=2, **sizes)
    return Iris(film, TWO, model, seed=seed)


@varies(Iris, "seed")
@varies(TokenAgent, "generator")
def test_iris_draws_its_batches_from_its_seed_and_its_agent_only_if_asked():
    logs = [iris(seed).learn_tokens(3, 4).log["tokens"] for seed in (1, 1, 2)]
    assert logs[0] == logs[1] != logs[2]
    learner, obs = iris(), torch.rand(200, 1, 32, 32, generator=chance())
    sure = learner.agent()
    assert sure(obs).tolist() == sure(obs).tolist()
    drawn = TokenAgent(learner.model, learner.behaviour, chance())
    assert 40 < drawn(obs).sum() < 160  # an actor that has learned nothing tosses a coin


def test_no_parameter_of_a_learner_is_left_out_here():
    assert varies.missing() == []
