"""What actors, critics and answers are taught, computed by hand (see test_targets.py)."""

import copy

import gymnasium as gym
import numpy as np
import pytest
import torch
from by_hand import bins_surprise, chance, loud, mean, rows

from wmlib.course.ch05_ensembles import mbpo
from wmlib.course.ch11_language_agents.phrases import END, PAD, Phrases
from wmlib.course.ch11_language_agents.text_gpt import TextGPT
from wmlib.learning import actor_critic, ppo
from wmlib.models.base import Step, WorldModel
from wmlib.models.distributions import twohot_mean

TWO = gym.spaces.Discrete(2)
GAMMA, LAM, BONUS = 0.9, 0.8, 0.05


class Given(WorldModel):
    """Two dreams of three steps, written down beforehand: they go on so whatever is done."""

    act_space = TWO
    rew = torch.tensor([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]])
    cont = torch.tensor([[1.0, 0.5, 1.0], [0.9, 0.0, 1.0]])

    def start(self, obs, generator=None):
        return torch.zeros(2)

    def step(self, state, action, generator=None):
        t = int(state[0])
        return Step(state + 1, self.rew[:, t], self.cont[:, t])

    @staticmethod
    def feat(state):
        return torch.stack([state, 1 - state], 1)


def returns_by_hand(value):
    """R[t] = r[t] + gamma c[t] ((1 - lam) v[t+1] + lam R[t+1]), and how much each step counts."""
    returns, weight = np.zeros((2, 3)), np.zeros((2, 3))
    for b in range(2):
        after = value[b, 3]
        for t in (2, 1, 0):
            after = (1 - LAM) * value[b, t + 1] + LAM * after
            after = Given.rew[b, t].item() + GAMMA * Given.cont[b, t].item() * after
            returns[b, t] = after
        counts = 1.0
        for t in range(3):
            weight[b, t] = counts
            counts *= GAMMA * Given.cont[b, t].item()
    return returns, weight


def one_update(module, kind, monkeypatch, **settings):
    """What a learner thinks before its first update, the losses that it takes, and its actions."""
    learner = kind(2, 2, hidden=4, gamma=GAMMA, lam=LAM, horizon=3, bonus=BONUS, **settings)
    loud(learner.critic[-1], learner.slow[-1], learner.actor[-1])
    torch.nn.init.normal_(learner.slow[-1].bias, generator=chance(2))  # the slow one is another
    with torch.no_grad():
        feat = torch.stack([Given.feat(torch.full((2,), float(t))) for t in range(4)], 1)
        critic, slow = learner.critic(feat), learner.slow(feat)
        log_p = learner.actor(feat[:, :3]).log_softmax(-1)
    losses, acts, improve, act = [], [], module.improve, learner.act

    def spy(optimiser, loss, *args, **kwargs):
        losses.append(loss.item())
        improve(optimiser, loss, *args, **kwargs)

    monkeypatch.setattr(module, "improve", spy)
    learner.act = lambda *args: acts.append(act(*args)) or acts[-1]
    learner.learn(Given(), torch.zeros(2), chance())
    chosen = log_p.gather(-1, torch.stack(acts, 1)[..., None])[..., 0].numpy()
    return losses, critic, slow, chosen, -(log_p.exp() * log_p).sum(-1).numpy()


def told(kind, **settings):
    """What a learner says that it did with the two dreams, what it should have said of them, and
    the learner."""
    learner = kind(2, 2, hidden=4, gamma=GAMMA, lam=LAM, horizon=3, bonus=BONUS, **settings)
    loud(learner.critic[-1], learner.slow[-1], learner.actor[-1])
    before = copy.deepcopy(learner)
    with torch.no_grad():
        feat = torch.stack([Given.feat(torch.full((2,), float(t))) for t in range(4)], 1)
        critic = before.critic(feat)
        log_p = before.actor(feat[:, :3]).log_softmax(-1)
    returns, weight = returns_by_hand(twohot_mean(before.slow(feat)).detach().numpy())
    wanted = {
        "return": returns.mean(),
        "reward": Given.rew.mean().item(),
        "entropy": -(log_p.exp() * log_p).sum(-1).mean().item(),
        "critic": misses(critic, returns, weight),
    }
    return learner.learn(Given(), torch.zeros(2), chance()), wanted, returns


@pytest.mark.parametrize("kind", [actor_critic.ActorCritic, ppo.PPO])
def test_what_is_told_of_a_lesson_is_the_mean_of_what_happened_in_plain_numbers(kind):
    once = {"epochs": 1, "minibatches": 1} if kind is ppo.PPO else {}
    found, wanted, returns = told(kind, **once)
    assert {type(value) for value in found.values()} == {float}
    if kind is ppo.PPO:
        assert found.pop("stopped") == 0  # nothing has changed at the first look
    else:
        del wanted["reward"]
        low, high = np.quantile(returns, [0.05, 0.95])
        assert found.pop("scale") == pytest.approx(high - low, rel=1e-4)
    assert found == pytest.approx(wanted, rel=1e-4)


def misses(critic, returns, weight):
    """The critic's surprise at each return, weighted."""
    places = [(b, t) for b in range(2) for t in range(3)]
    return mean(weight[p] * bins_surprise(critic[p], returns[p]) for p in places)


def test_what_actor_and_critic_learn_from_a_dream(monkeypatch):
    (actor_loss, critic_loss), critic, slow, chosen, entropy = one_update(
        actor_critic, actor_critic.ActorCritic, monkeypatch, normalise=False
    )
    value = twohot_mean(slow).numpy()  # what is expected is what the slow critic says
    returns, weight = returns_by_hand(value)
    gain = (returns - value[:, :3]) * chosen + BONUS * entropy
    assert actor_loss == pytest.approx(-(weight * gain).mean(), rel=1e-4)
    assert critic_loss == pytest.approx(misses(critic, returns, weight), rel=1e-4)


def test_what_ppo_learns_from_a_dream_at_the_first_look(monkeypatch):
    (actor_loss, critic_loss, *more), critic, _, _, entropy = one_update(
        ppo, ppo.PPO, monkeypatch, normalise=False, minibatches=1, epochs=2
    )
    value = twohot_mean(critic).numpy()
    returns, weight = returns_by_hand(value)
    # Nothing was learned yet, so what was done is as likely as it was: the ratio is 1.
    gain = returns - value[:, :3] + BONUS * entropy
    assert actor_loss == pytest.approx(-(weight * gain).mean(), rel=1e-4)
    assert critic_loss == pytest.approx(misses(critic, returns, weight), rel=1e-4)
    assert len(more) == 2  # and a second look


def test_one_network_chooses_what_comes_next_and_another_values_it(monkeypatch):
    """Double Q-learning; and nothing comes after an end."""
    data = rows([[0.0], [1.0]], [0, 1], [1, 5], [[1.0], [2.0]], [False, True])
    agent, seen = mbpo.BranchedQ(Given(), data, length=0, gamma=0.5, lr=0.1, seed=1), []
    plain, frozen = torch.nn.functional.smooth_l1_loss, copy.deepcopy(agent.q)

    def spy(found, wanted):
        seen.append((found.tolist(), wanted.tolist(), copy.deepcopy(agent.q)))
        return plain(found, wanted)

    monkeypatch.setattr(torch.nn.functional, "smooth_l1_loss", spy)
    agent.learn(updates=2, batch=64)
    found, wanted, now = seen[1]  # when the two are no longer the same
    obs = (torch.tensor([[0.0], [1.0], [2.0]]) - 0.5) / 0.5
    q, target = now(obs), frozen(obs)
    ahead = 1 + 0.5 * target[1, q[1].argmax()].item()
    assert sorted(set(wanted)) == pytest.approx(sorted([ahead, 5.0]), rel=1e-4)
    assert target[1].max().item() != target[1, q[1].argmax()].item()
    assert sorted(set(found)) == pytest.approx(sorted([q[0, 0].item(), q[1, 1].item()]), rel=1e-4)


def test_an_imagined_end_is_learned_as_an_end():
    """A step that pays 1 and ends is worth 1, in a dream as in the world."""

    class Over(WorldModel):
        act_space = TWO

        def start(self, obs, generator=None):
            return torch.as_tensor(obs)

        def step(self, state, action, generator=None):
            return Step(state, torch.ones(len(state)), torch.zeros(len(state)))

        def decode(self, state):
            return state

    data = rows([[0.0], [1.0]], [0, 1], [1, 1], [[0.0], [1.0]], [True, True])
    agent = mbpo.BranchedQ(Over(), data, length=1, imagined=50, gamma=0.9, lr=2e-2, width=8)
    agent.learn(updates=150, refresh=10, batch=32)
    assert agent.values(torch.tensor([[0.0], [1.0]])).detach().numpy() == pytest.approx(1, abs=0.1)


def test_only_the_tokens_of_the_answer_are_learned():
    model = TextGPT(Phrases([PAD, END, "a", "b", "c", "d"]), width=8, layers=1, heads=2, longest=8)
    ids = torch.tensor([[2, 3, 4, 5, 2, 1]])
    log_p = model.head(model(ids[:, :-1]))[0].log_softmax(-1)
    wanted = [-log_p[k - 1, ids[0, k]].item() for k in (3, 4, 5)]  # d, a, and that it is over
    (loss,) = model.fit(["a b c"], ["d a"], steps=1, batch=4)
    assert loss == pytest.approx(mean(wanted), rel=1e-4)
