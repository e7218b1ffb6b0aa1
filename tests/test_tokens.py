"""Tokens: pictures in words, a transformer with a cache, and the world model that joins them."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from switch import Switch

from wmlib.learning.iris import Iris
from wmlib.models.base import tree_map
from wmlib.models.frame_transformer import FrameTransformer
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.planning import CEM, MPC
from wmlib.streams import Streams
from wmlib.training import one_cycle
from wmlib.worlds.catch import Catch

SMALL = dict(width=16, layers=2, heads=2, hidden=32, window=6, head_width=8)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def trunk(seed=0, **kw):
    """A small transformer with 4 words and 3 tokens a frame, whose every part has a say."""
    net = FrameTransformer(4, 2, tokens=3, seed=seed, **{**SMALL, **kw})
    torch.nn.init.normal_(net.rel_bias, generator=rng(seed))
    return net


def words(frames=20, films=3, seed=0):
    tokens = torch.randint(4, (films, frames, 3), generator=rng(seed))
    act = torch.rand(films, frames, 2, generator=rng(seed + 1))
    first = torch.zeros(films, frames, dtype=torch.bool)
    first[:, 0] = True
    return tokens, act, first


# --- the tokenizer --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frames():
    return torch.as_tensor(Streams(Catch(), 8, seed=0).play(400).frames())


def taught(tokenizer, obs, generator=None, commit=1.0):
    """The loss after the codes have seen these pictures, as in training."""
    vectors = tokenizer.embed(obs)
    tokenizer.codebook.learn(vectors, generator or rng())
    return tokenizer.loss(obs, vectors, commit)


def test_a_picture_becomes_sixteen_words_and_a_picture_again(frames):
    tokenizer = Tokenizer(codes=8, size=8, width=4)
    taught(tokenizer, frames[:32] / 255)
    tokens = tokenizer.encode(frames[:10])
    assert tokens.shape == (10, 16) and tokens.min() >= 0 and tokens.max() < 8
    assert torch.equal(tokens, tokenizer.encode(frames[:10] / 255))
    assert torch.equal(tokens.view(2, 5, 16), tokenizer.encode(frames[:10].view(2, 5, 1, 32, 32)))
    pictures = tokenizer.decode(tokens)
    assert pictures.shape == (10, 1, 32, 32) and pictures.min() >= 0 and pictures.max() <= 1


def test_the_tokens_of_a_picture_are_read_from_the_left_and_from_the_top():
    tokenizer = Tokenizer(codes=8, size=8, width=4)
    picture = torch.zeros(1, 1, 32, 32)
    picture[..., 4, 28] = 1  # the upper right corner
    moved = (tokenizer.embed(picture) - tokenizer.embed(torch.zeros_like(picture))).abs().sum(-1)[0]
    assert moved[3] > 0 and moved.view(4, 4)[2:].sum() == 0


def test_the_encoder_learns_through_the_words(frames):
    """No gradient passes a choice; straight-through, the encoder is told what the decoder would
    like."""
    tokenizer = Tokenizer(codes=8, size=8, width=4)
    loss, _ = taught(tokenizer, frames[:32] / 255, commit=0.0)
    loss.backward()
    assert all(p.grad.abs().sum() > 0 for p in tokenizer.encoder.parameters())


def test_dead_codes_come_back_to_life_while_it_learns(frames):
    tokenizer = Tokenizer(codes=8, size=8, width=4)
    generator = rng()
    taught(tokenizer, frames[:32] / 255, generator)
    codebook = tokenizer.codebook
    codebook._place(torch.tensor([2, 5]), torch.full((2, 8), 99.0), 0.0)  # two of them far away
    assert not torch.isin(tokenizer.encode(frames), torch.tensor([2, 5])).any()
    taught(tokenizer, frames[:32] / 255, generator)
    assert codebook.codes.abs().max() < 50


def test_what_is_no_picture_and_what_are_no_words_is_said():
    tokenizer = Tokenizer(codes=8, size=8, width=4)
    with pytest.raises(ValueError, match="wanted pictures"):
        tokenizer.encode(torch.zeros(2, 1, 64, 64))
    with pytest.raises(ValueError, match="wanted integers"):
        tokenizer.decode(torch.zeros(2, 15, dtype=torch.long))
    with pytest.raises(ValueError, match="from 0 to 7"):
        tokenizer.decode(torch.full((2, 16), 8))


# --- the transformer ------------------------------------------------------------------------------


def through_the_cache(net, tokens, act, first):
    """h of every frame, one at a time, as in a dream."""
    cache, hs = net.empty(len(tokens)), []
    for t in range(tokens.shape[1]):
        cache = cache._replace(age=cache.age * ~first[:, t])
        h, cache = net.advance(tokens[:, t], act[:, t], cache)
        hs.append(h)
    return torch.stack(hs, 1)


def test_the_cache_gives_what_the_full_forward_pass_gives_also_beyond_the_window():
    net, (tokens, act, first) = trunk(), words(frames=20)
    full, _, _ = net(tokens, act, first)
    torch.testing.assert_close(through_the_cache(net, tokens, act, first), full)


def test_the_cache_forgets_at_the_beginning_of_an_episode_each_film_at_its_own():
    net, (tokens, act, first) = trunk(), words(frames=20)
    first[0, 7], first[1, [3, 4]], first[2, 19] = True, True, True
    full, _, _ = net(tokens, act, first)
    torch.testing.assert_close(through_the_cache(net, tokens, act, first), full)


def test_what_comes_later_changes_nothing_earlier():
    net, (tokens, act, first) = trunk(), words()
    before, _, _ = net(tokens, act, first)
    tokens[:, 9], act[:, 9] = (tokens[:, 9] + 1) % 4, 1 - act[:, 9]
    after, _, _ = net(tokens, act, first)
    torch.testing.assert_close(before[:, :9], after[:, :9])
    changed = (before - after).abs().amax((0, 2)) > 1e-6
    # Two layers, each of which looks five frames back: ten frames later the last trace is gone.
    assert changed[9:20].all() and not changed[20:].any()


def test_nothing_is_seen_across_the_beginning_of_an_episode():
    net, (tokens, act, first) = trunk(), words()
    first[:, 8] = True
    before, _, _ = net(tokens, act, first)
    tokens[:, :8] = (tokens[:, :8] + 1) % 4
    after, _, _ = net(tokens, act, first)
    torch.testing.assert_close(before[:, 8:], after[:, 8:])
    assert not torch.allclose(before[:, 7], after[:, 7])


def test_how_long_ago_it_was_matters():
    """Without positions a transformer sees a bag of frames, and could tell no speed."""
    net, (tokens, act, first) = trunk(), words(frames=4)
    here, _, _ = net(tokens, act, first)
    swapped = tokens[:, [1, 0, 2, 3]], act[:, [1, 0, 2, 3]]
    there, _, _ = net(*swapped, first)
    assert not torch.allclose(here[:, 3], there[:, 3], atol=1e-3)


def test_a_word_is_spelled_from_those_before_it_and_never_from_itself():
    net = trunk()
    h, said = torch.randn(5, 16, generator=rng()), torch.zeros(5, 3, dtype=torch.long)
    one = net.logits(h, said)
    said[:, 1] = 2
    two = net.logits(h, said)
    assert torch.equal(one[:, :2], two[:, :2]) and not torch.allclose(one[:, 2], two[:, 2])


def test_spelling_draws_from_the_probabilities_that_training_is_told():
    net = trunk()
    with torch.no_grad():
        net.head_out.mul_(4)
        h = torch.randn(1, 16, generator=rng()).expand(4000, -1)
        drawn = net.decode_tokens(h, rng(1))
        expected = net.logits(h, drawn).softmax(-1)  # of each word, given those that were drawn
    for n in range(3):
        share = torch.bincount(drawn[:, n], minlength=4) / len(drawn)
        torch.testing.assert_close(share, expected[:, n].mean(0), atol=0.03, rtol=0)
    greedy = net.decode_tokens(h[:1])
    assert torch.equal(net.logits(h[:1], greedy).argmax(-1), greedy)


# --- the world model ------------------------------------------------------------------------------


def small(seed=0, n=2, **kw):
    tokenizer = Tokenizer(codes=4, size=8, width=4, seed=seed)
    return TokenModel(gym.spaces.Discrete(n), tokenizer, seed=seed, **{**SMALL, **kw})


@pytest.fixture(scope="module")
def film():
    return Streams(Catch(), 6, seed=0).play(6 * 60).all(60)


def read(model, film):
    """A batch of this film in words, as `model.token_loss` wants it."""
    taught(model.tokenizer, film.obs[0] / 255)
    return dict(
        tokens=model.tokenizer.encode(film.obs),
        act=film.act,
        rew=film.rew,
        cont=film.cont,
        first=film.first,
    )


def test_arrows_between_two_episodes_teach_nothing(film):
    model = small(n=3)
    whole = read(model, film)
    first = film.first.clone()
    first[:, 30] = True
    lies = {name: whole[name].clone() for name in ("act", "rew", "cont")}
    lies["act"][:, 29], lies["rew"][:, 29], lies["cont"][:, 29] = 2, 99.0, 0.0
    loss = model.token_loss(**{**whole, "first": first}, generator=rng())[0]
    lied = model.token_loss(**{**whole, **lies, "first": first}, generator=rng())[0]
    assert loss.item() == lied.item()
    assert loss.item() != model.token_loss(**whole, generator=rng())[0].item()


def test_a_stretch_too_short_to_look_far_ahead_is_learned_from_all_the_same(film):
    model = small(n=3, ahead=5)
    for length, far in ((5, False), (6, True)):
        cut = film.cut(length, torch.arange(2), torch.zeros(2, dtype=torch.long))
        loss, parts, _ = model.loss(cut)
        assert torch.isfinite(loss) and (parts["far"] > 0) == far


def test_a_stretch_read_at_once_leaves_the_same_state_as_frame_by_frame(film):
    model = small(n=3)
    read(model, film)
    tokens = torch.stack([model.tokenizer.encode(film.obs[:, t]) for t in range(25)], 1)
    for length in (1, 4, 25):
        first = film.first[:, :length].clone()
        first[0, length // 2], first[1, length - 1] = True, True
        whole = model.after(tokens[:, :length], film.act[:, : length - 1], first)
        state = model.start(film.obs[:, 0])
        for t in range(1, length):
            state = model.observe(state, film.act[:, t - 1], film.obs[:, t], first[:, t])
        assert torch.equal(whole.tokens, state.tokens)
        assert torch.equal(whole.cache.age, state.cache.age)
        dreams = [model.step(s, torch.zeros(6, dtype=torch.long)) for s in (whole, state)]
        torch.testing.assert_close(dreams[0].rew, dreams[1].rew)
        torch.testing.assert_close(dreams[0].cont, dreams[1].cont)


def test_imagining_draws_words_only_with_a_generator(film):
    model = small(n=3)
    read(model, film)
    state, plan = model.start(film.obs[:, 0]), torch.zeros(6, 8, dtype=torch.long)
    dream = lambda seed: (
        model.imagine(  # noqa: E731
            state, plan, generator=None if seed is None else rng(seed)
        )
        .states[-1]
        .tokens
    )
    assert torch.equal(dream(None), dream(None)) and torch.equal(dream(0), dream(0))
    assert not torch.equal(dream(0), dream(1))
    assert model.decode(state).shape == (6, 1, 32, 32)
    assert model.feat(state).shape == (6, model.feat_size)


def test_planners_can_repeat_and_choose_its_states(film):
    model = small(n=3)
    read(model, film)
    state = model.observe(model.start(film.obs[:, 0]), film.act[:, 0], film.obs[:, 1])
    chosen = tree_map(lambda x: x[torch.tensor([4, 4, 0])], state)
    rew = model.step(state, torch.ones(6, dtype=torch.long)).rew
    again = model.step(chosen, torch.ones(3, dtype=torch.long)).rew
    torch.testing.assert_close(again, rew[[4, 4, 0]])


def test_other_pictures_and_other_actions_are_refused():
    model = small()
    with pytest.raises(ValueError, match=r"shape \(B, 1, 32, 32\)"):
        model.start(np.zeros((1, 32, 32), np.uint8))
    with pytest.raises(ValueError, match="integers from 0 to 1"):
        model.step(model.start(np.zeros((1, 1, 32, 32), np.uint8)), torch.tensor([2]))


@pytest.fixture(scope="module")
def switched():
    """A model that has learned the light."""
    film = Streams(Switch(), copies=8, seed=0).play(800).all(50)
    learner = Iris(film, Switch.act_space, small(), seed=0)
    return learner.learn_tokens(80, 32, lr=3e-3).learn_world(150, 16, 9, lr=5e-3)


@pytest.mark.slow
def test_an_action_is_learned_to_lead_to_the_next_frame_and_its_reward(switched):
    """One step late or early, and the imagined light would be the wrong one half of the time."""
    model, plan = switched.model, torch.tensor([[1, 1, 0, 1, 0, 0]])
    with torch.no_grad():
        dream = model.imagine(model.start(np.zeros((1, 1, 32, 32), np.uint8)), plan)
        light = [model.decode(state).mean().item() for state in dream.states]
    np.testing.assert_allclose(light, [0, 1, 1, 0, 1, 0, 0], atol=0.15)
    np.testing.assert_allclose(dream.rew[0], plan[0], atol=0.15)
    assert dream.cont.min() > 0.9


@pytest.mark.slow
def test_a_planner_of_chapter_four_plans_in_tokens(switched):
    agent = MPC(switched.model, CEM(horizon=4, candidates=32, iterations=2, elites=6), seed=0)
    agent.begin(np.zeros((3, 1, 32, 32), np.uint8))
    assert agent.act(np.zeros((3, 1, 32, 32), np.uint8)).tolist() == [1, 1, 1]
    agent.keep(np.array([True, False, True]))
    assert agent.act(np.full((2, 1, 32, 32), 255, np.uint8)).tolist() == [1, 1]


@pytest.mark.slow
def test_the_actor_learns_in_the_dream_what_pays_in_the_world(switched):
    switched.learn_to_act(40, 16, context=3, lr=1e-2)
    dark_and_light = np.stack([np.zeros((1, 32, 32)), np.ones((1, 32, 32))])
    assert switched.agent()(dark_and_light).tolist() == [1, 1]


# --- learning can be stopped, repeated and gone on with -------------------------------------------


def learner(film, seed=0):
    return Iris(film, Catch.act_space, small(n=3, seed=seed), seed=seed)


def stages(learner, report=None):
    learner.learn_tokens(4, 8, report=report).learn_world(4, 4, 12, report=report)
    learner.learn_rewards(4, 8, report=report)
    return learner.learn_to_act(4, 4, context=5, report=report)


def weights(learner):
    both = {**learner.model.state_dict(), **learner.behaviour.state_dict()}
    return torch.cat([value.double().flatten() for value in both.values()]).nan_to_num()


def test_the_same_seed_gives_the_same_learner_and_another_another(film):
    one, two, other = (weights(stages(learner(film, seed))) for seed in (0, 0, 1))
    assert torch.equal(one, two) and not torch.equal(one, other)


@pytest.mark.parametrize("stage, at", [("tokens", 2), ("world", 3), ("rewards", 1), ("act", 1)])
def test_after_an_interrupt_it_goes_on_where_it_stopped_even_from_a_file(
    stage, at, film, tmp_path, capsys
):
    whole, broken = stages(learner(film)), learner(film)
    stopped = []

    def interrupt(step, log):
        if not stopped and len(broken.log[stage]) == at:
            stopped.append(step)
            raise KeyboardInterrupt

    for name, teach in (
        ("tokens", lambda: broken.learn_tokens(4, 8, report=interrupt)),
        ("world", lambda: broken.learn_world(4, 4, 12, report=interrupt)),
        ("rewards", lambda: broken.learn_rewards(4, 8, report=interrupt)),
        ("act", lambda: broken.learn_to_act(4, 4, context=5, report=interrupt)),
    ):
        teach()
        if name == stage:
            break
    assert len(broken.log[stage]) == at and "stopped after" in capsys.readouterr().err
    broken.save(tmp_path / "iris.pt")
    again = learner(film, seed=0).load(tmp_path / "iris.pt")
    assert torch.equal(weights(stages(again)), weights(whole))
    assert again.log == whole.log


def test_a_file_that_holds_something_else_is_refused(film, tmp_path):
    torch.save({"model": 1}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match="does not hold a saved model"):
        learner(film).load(tmp_path / "other.pt")


def test_dreams_begin_at_real_moments_that_are_no_ends(film):
    done = stages(learner(film))
    moments = done.moments(64, context=5)
    assert len(moments.tokens) == 64 and (moments.cache.age <= 4).all()
    goes_on = done.tokens[:, :-1][~film.first[:, 1:]].tolist()
    assert all(tokens in goes_on for tokens in moments.tokens.tolist())


def test_the_reward_head_learns_from_the_moments_that_paid_and_from_nothing_else(film):
    paid = Streams(Catch(), 6, seed=0).play(6 * 200).all(200)
    done = learner(paid).learn_tokens(4, 8)
    before = {name: value.clone() for name, value in done.model.state_dict().items()}
    done.learn_rewards(5, 32)
    after = done.model.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed and all(name.startswith("rew.") for name in changed)
    h, rew = done._reward_data(context=16, others=2)
    inside = (paid.rew != 0) & ~paid.first[:, 1:]
    assert (rew != 0).sum() == inside[:, 15:].sum() and len(rew) == 3 * (rew != 0).sum()
    row, t = inside[:, 15:].nonzero()[0]  # and each h is that of the frame before its reward
    t = t + 15
    seen = slice(t - 15, t + 1)
    act = torch.nn.functional.one_hot(paid.act[None, row, seen], 3).float()
    alone = done.model.trunk(done.tokens[None, row, seen], act, paid.first[None, row, seen])[0]
    torch.testing.assert_close(h[0], alone[0, -1])
    assert rew[0] == paid.rew[row, t]


def test_an_expected_reward_is_the_chance_to_win_minus_the_chance_to_lose():
    model = small(reward_sign=True)
    with torch.no_grad():
        model.rew[-1].bias.copy_(torch.tensor([0.2, 0.3, 0.5]).log())
    torch.testing.assert_close(model.reward(torch.zeros(2, 16)), torch.full((2,), 0.3))
    loss = model.reward_loss(torch.zeros(3, 16), torch.tensor([-1.0, 0.0, 7.0]))
    torch.testing.assert_close(loss, -torch.tensor([0.2, 0.3, 0.5]).log())


def test_exported_weights_dream_and_act_as_they_did(film, tmp_path):
    done, other = stages(learner(film)), learner(film, seed=5)
    done.export(tmp_path / "iris")
    other.import_weights(tmp_path / "iris")
    obs = film.obs[:, 7]
    assert torch.equal(done.model.start(obs).tokens, other.model.start(obs).tokens)
    assert (done.agent()(obs) == other.agent()(obs)).all()
    act = torch.zeros(6, dtype=torch.long)
    rews = [one.model.step(one.model.start(obs), act).rew for one in (done, other)]
    torch.testing.assert_close(*rews, atol=1e-2, rtol=0)
    wide = Iris(film, Catch.act_space, small(n=3, width=20), seed=0)
    with pytest.raises(ValueError, match="with the same arguments"):
        wide.import_weights(tmp_path / "iris")


def test_the_rate_climbs_and_then_falls_to_nothing():
    rates = [one_cycle(k, 100, 1.0) for k in range(100)]
    assert np.argmax(rates) == 10 and max(rates) == 1 and rates[0] < 0.1 and rates[-1] < 1e-3
    assert (np.diff(rates[:10]) > 0).all() and (np.diff(rates[10:]) < 0).all()
