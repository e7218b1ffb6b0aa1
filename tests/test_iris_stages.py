"""The four stages of IRIS: which moments of the film each learns from, and at what rate.

In this film everything says where it stands: film f, frame t pays 100 f + t, was acted in by t mod
2, and is put into the tokens (f, t, 0, 0, ...).
"""

import gymnasium as gym
import pytest
import torch
from by_hand import spied

from wmlib.learning import iris as stages
from wmlib.learning.iris import Iris
from wmlib.learning.ppo import PPO
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.streams import Sequences
from wmlib.training import one_cycle

FILMS, FRAMES = 3, 24


def numbered():
    """Two episodes in each film: the second begins at frame 15."""
    film, frame = torch.arange(FILMS)[:, None], torch.arange(FRAMES)[None]
    first = torch.zeros(FILMS, FRAMES, dtype=torch.bool)
    first[:, 0] = first[:, 15] = True
    cont = torch.ones(FILMS, FRAMES - 1)
    cont[:, 13] = 0
    rew = (100.0 * film + frame)[:, :-1]
    act = frame[:, :-1].expand(FILMS, -1) % 2
    generator = torch.Generator().manual_seed(0)
    obs = torch.rand(FILMS, FRAMES, 1, 32, 32, generator=generator)
    return Sequences(obs, act, rew, cont, first)


def learner(monkeypatch, seed=0):
    """One that has put every frame into tokens, and the rates and bounds of all its steps."""
    sizes = dict(width=8, layers=1, heads=2, hidden=8, window=6, head_width=4)
    model = TokenModel(gym.spaces.Discrete(2), Tokenizer(32, 4, 2), ahead=2, **sizes)
    found = Iris(numbered(), model.act_space, model, PPO(256, 2, hidden=4, horizon=2), seed=seed)
    where = torch.stack([torch.arange(FILMS)[:, None].expand(-1, FRAMES),
                         torch.arange(FRAMES).expand(FILMS, -1)], -1)  # fmt: skip
    found._tokens = torch.nn.functional.pad(where, (0, 14))
    steps, improve = [], stages.improve

    def spy(optimiser, loss, longest):
        steps.append((optimiser, optimiser.param_groups[0]["lr"], longest))
        improve(optimiser, loss, longest)

    monkeypatch.setattr(stages, "improve", spy)
    return found, steps


def test_a_world_is_learned_from_stretches_whose_columns_belong_together(monkeypatch):
    iris, steps = learner(monkeypatch)
    seen = []
    spied(iris.model, "token_loss", seen)
    iris.learn_world(steps=20, batch=5, length=4, lr=0.01)
    film, frame = (torch.cat([args[0][..., k] for args, _ in seen]) for k in (0, 1))
    act, rew, cont, first = (torch.cat([args[k] for args, _ in seen]) for k in (1, 2, 3, 4))
    assert film.shape == (100, 4) and act.shape == rew.shape == cont.shape == (100, 3)
    assert (film == film[:, :1]).all() and (frame.diff(dim=1) == 1).all()
    assert torch.equal(act, frame[:, :-1] % 2)
    assert torch.equal(rew, (100 * film + frame)[:, :-1].float())
    assert torch.equal(cont, (frame[:, :-1] != 13).float())
    assert torch.equal(first, (frame == 0) | (frame == 15))
    assert set(film[:, 0].tolist()) == {0, 1, 2}
    assert set(frame[:, 0].tolist()) == set(range(FRAMES - 3))  # every stretch there is
    assert [rate for _, rate, _ in steps] == [one_cycle(k, 20, 0.01) for k in range(20)]
    assert {longest for *_, longest in steps} == {1.0}


def test_what_pays_is_learned_from_what_was_seen_before_it_and_not_at_the_seam(monkeypatch):
    iris, _ = learner(monkeypatch)
    iris.seen.rew[:, 10:] *= 0
    iris.seen.rew[1, 20] = 7.0
    iris.seen.rew[:, 14] = 9.0  # the arrow into the next episode is none
    h, rew = iris._reward_data(context=3, others=2)
    paid = {(f, t) for f in range(3) for t in range(2, 10)} | {(1, 20)}
    where = [tuple(pair) for pair in iris._moments.tolist()]
    assert {(f, t + 2) for f, t in where[: len(paid)]} == paid
    assert len(where) == 3 * len(paid) and not any(t + 2 == 14 for _, t in where)
    assert rew[: len(paid)].tolist() == [
        iris.seen.rew[f, t + 2].item() for f, t in where[: len(paid)]
    ]
    assert rew[len(paid) :].eq(0).all()
    one_hot = torch.nn.functional.one_hot(iris.seen.act, 2).float()
    for (f, t), its in zip(where, h):
        at = slice(t, t + 3)
        alone = iris.model.trunk(iris.tokens[None, f, at], one_hot[None, f, at], iris.seen.first[None, f, at])[0]  # fmt: skip
        torch.testing.assert_close(its, alone[0, -1])
    iris, steps = learner(monkeypatch)
    iris.learn_rewards(steps=10, batch=6, lr=0.02)
    assert [step[1:] for step in steps] == [(one_cycle(k, 10, 0.02), 1.0) for k in range(10)]
    assert {step[0] for step in steps} == {iris.reward_optimiser}
    assert iris.log["rewards"][-1].keys() == {"reward"}


def test_a_film_in_which_nothing_pays_cannot_teach_what_pays(monkeypatch):
    iris, _ = learner(monkeypatch)
    iris.seen.rew[:, 4:] = 0
    with pytest.raises(ValueError, match="pays, 16 frames or more after its stretch begins"):
        iris.learn_rewards(1)
    iris.seen.rew[:] = 0
    with pytest.raises(ValueError, match="no frame of this film pays: record more"):
        iris.learn_rewards(1)


def test_tokens_are_learned_from_any_frame_at_rates_of_one_cycle(monkeypatch):
    iris, steps = learner(monkeypatch)
    seen = []
    spied(iris.model.tokenizer, "loss", seen)
    iris.learn_tokens(steps=30, batch=9, lr=0.01)
    frames = iris.seen.obs.flatten(0, 1)
    places = [torch.cdist(args[0].flatten(1), frames.flatten(1)).min(1) for args, _ in seen]
    assert all(place.values.max() < 0.1 and len(place.values) == 9 for place in places)
    assert torch.cat([place.indices for place in places]).unique().numel() == FILMS * FRAMES
    assert [step[1:] for step in steps] == [(one_cycle(k, 30, 0.01), 100.0) for k in range(30)]
    assert {step[0] for step in steps} == {iris.tokenizer_optimiser}


def test_rollouts_begin_after_real_frames_none_of_which_is_an_end(monkeypatch):
    iris, _ = learner(monkeypatch)
    seen, starts = [], []
    spied(iris.model, "after", seen)
    for _ in range(12):
        starts.append(iris.moments(5, 4))
    last = torch.cat([start.tokens[:, 1] for start in starts])
    assert all(len(start.tokens) == 5 for start in starts)
    assert 14 not in last and set(last.tolist()) <= set(range(3, FRAMES - 1))
    assert len(last.unique()) > 12
    for (tokens, act, first), _ in seen:
        frame = tokens[..., 1]
        assert (frame.diff(dim=1) == 1).all() and torch.equal(act, frame[:, :-1] % 2)
        assert first[:, 0].all() and torch.equal(first[:, 1:], frame[:, 1:] == 15)


def test_the_actors_rate_falls_to_a_tenth(monkeypatch):
    iris, _ = learner(monkeypatch)
    rates, seen, learn = [], [], iris.behaviour.learn

    def spy(model, start, generator):
        optimisers = iris.behaviour.actor_optimiser, iris.behaviour.critic_optimiser
        rates.append([o.param_groups[0]["lr"] for o in optimisers])
        seen.append(len(start.tokens))
        return learn(model, start, generator)

    iris.behaviour.learn = spy
    iris.learn_to_act(steps=4, batch=6, context=3, lr=0.1)
    wanted = [0.1 * (1 - 0.9 * k / 4) for k in range(4)]
    assert [rate for rate, _ in rates] == pytest.approx(wanted)
    assert [rate for _, rate in rates] == pytest.approx(wanted)
    assert seen == [6] * 4 and len(iris.log["act"]) == 4
    iris.learn_to_act(steps=4)  # the stage is over: nothing more is done
    assert len(seen) == 4


def test_each_stage_moves_its_own_weights_and_no_others(monkeypatch):
    iris, _ = learner(monkeypatch)

    def moved(teach):
        before = {k: v.clone() for k, v in iris.model.named_parameters()}
        teach()
        now = dict(iris.model.named_parameters())
        return {k.split(".")[0] for k in now if not torch.equal(now[k], before[k])}

    assert moved(lambda: iris.learn_world(3, 4, 6)) == {"trunk", "rew", "cont", "far"}
    assert moved(lambda: iris.learn_rewards(3, 4)) == {"rew"}
    assert moved(lambda: iris.learn_to_act(2, 4, 3)) == set()
    assert moved(lambda: iris.learn_tokens(3, 4)) == {"tokenizer"}
