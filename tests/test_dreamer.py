"""The loop: it stops and goes on, keeps what it learned, and imagines from no grave."""

import numpy as np
import pytest
import torch

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.evaluation import evaluate
from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.dreamer import Dreamer
from wmlib.models.distributions import Categoricals
from wmlib.models.rssm import RSSM, Latent
from wmlib.streams import Sequences


def tiny(seed=0):
    world = PixelCartPole()
    model = RSSM(world.act_space, Categoricals(2, 4), deter=16, hidden=16, width=2, seed=seed)
    behaviour = ActorCritic(model.feat_size, 2, hidden=16, horizon=4, seed=seed)
    return Dreamer(
        world,
        model,
        behaviour,
        copies=4,
        every=16,
        batch=4,
        length=8,
        starts=16,
        prefill=64,
        seed=seed,
    )


def weights(learner):
    modules = learner.model, learner.behaviour
    return torch.cat([p.detach().flatten() for m in modules for p in m.parameters()])


def test_an_update_follows_every_so_many_real_steps():
    learner, told = tiny(), []
    learner.learn(64)
    assert learner.steps == 64 and not learner.log
    learner.learn(160, report=lambda steps, parts: told.append(steps))
    assert learner.steps == 224 and len(learner.log) == 10 == len(told)
    assert {"recon", "kl", "return", "entropy"} <= set(learner.log[-1])
    assert learner.seconds > 0


def test_the_same_seed_gives_the_same_learner_and_another_seed_another():
    a, b, c = (tiny(seed).learn(128) for seed in (1, 1, 2))
    assert torch.equal(weights(a), weights(b)) and a.log == b.log
    assert not torch.equal(weights(a), weights(c))


def test_the_actor_that_is_examined_is_an_average_of_the_last_ones():
    learner = tiny().learn(128)
    learner.slow = 0.25

    def of(behaviour):
        return torch.cat([p.detach().flatten() for p in behaviour.actor.parameters()])

    before = of(learner.ema).clone()
    learner.learn(16)  # one update
    after, now = of(learner.ema), of(learner.behaviour)
    torch.testing.assert_close(after, 0.75 * before + 0.25 * now)
    assert not torch.equal(after, now) and not torch.equal(before, now)
    assert learner.agent().behaviour is learner.ema


def test_saved_and_resumed_it_learns_exactly_what_it_would_have_learned(tmp_path):
    whole = tiny().learn(128).learn(64)
    half = tiny().learn(128)
    half.save(tmp_path / "half.pt")
    resumed = tiny(seed=5).load(tmp_path / "half.pt")
    assert resumed.steps == 128
    resumed.learn(64)
    assert torch.equal(weights(whole), weights(resumed))
    assert whole.log == resumed.log and whole.streams.returns == resumed.streams.returns


def test_another_file_is_refused_and_nothing_is_changed(tmp_path):
    learner = tiny()
    before = weights(learner)
    torch.save({"something": 1}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match="does not hold"):
        learner.load(tmp_path / "other.pt")
    assert torch.equal(weights(learner), before)


def test_an_interrupt_leaves_a_usable_learner_that_goes_on(capsys):
    learner = tiny()

    def impatient(steps, parts):
        if steps >= 128:
            raise KeyboardInterrupt

    learner.learn(10_000, report=impatient)
    assert "stopped after 128 real steps" in capsys.readouterr().err
    played = evaluate(PixelCartPole(), learner.agent(), episodes=3, seed=0)
    assert (played.returns > 0).all()
    assert learner.learn(32).steps == 160


def test_it_imagines_from_no_state_that_is_an_end():
    learner = tiny()
    first = torch.tensor([[True, False, False, True, False]])
    seen = Sequences(
        torch.zeros(1, 5, 1, 32, 32),
        torch.zeros(1, 4),
        torch.zeros(1, 4),
        torch.tensor([[1.0, 0.0, 1.0, 1.0]]),
        first,
    )
    number = torch.arange(5.0)[None, :, None]
    start = learner._starts(seen, Latent(number, number))
    assert sorted(start.deter[:, 0].tolist()) == [0, 1, 3, 4]


def test_the_player_forgets_where_an_episode_begins_and_only_there():
    learner = tiny().learn(96)
    rng = np.random.default_rng(0)
    obs = PixelCartPole().obs(PixelCartPole().initial(3, rng))
    agent = learner.agent()
    agent(obs, np.ones(3, bool))
    fresh = agent.state
    agent(obs, np.array([False, True, False]))
    torch.testing.assert_close(agent.state.deter[1], fresh.deter[1])
    assert not torch.allclose(agent.state.deter[0], fresh.deter[0])


def test_episodes_that_end_leave_the_batch():
    learner = tiny()
    played = evaluate(PixelCartPole(), learner.agent(), episodes=5, seed=1)
    assert (played.returns == played.lengths).all() and played.terminated.all()


def test_exported_weights_are_small_and_act_alike(tmp_path):
    learner, path = tiny().learn(96), tmp_path / "weights.pt"
    learner.export(path)
    reader = tiny(seed=3).import_weights(path)
    torch.testing.assert_close(weights(reader)[:500], weights(learner)[:500], rtol=1e-3, atol=1e-3)
    assert path.stat().st_size < 3 * len(weights(learner)) + 40_000
    world = PixelCartPole()
    other = Dreamer(world, RSSM(world.act_space, deter=8, hidden=8, width=2))
    with pytest.raises(ValueError, match="with the same arguments"):
        other.import_weights(path)


def test_learning_rates_settle_to_a_tenth_in_the_second_half():
    learner = tiny()
    learner.settle, rates = 320, {}
    learner.learn(
        352,
        report=lambda steps, log: rates.__setitem__(
            steps, learner.behaviour.actor_optimiser.param_groups[0]["lr"]
        ),
    )
    assert rates[160] == 1e-3
    assert rates[240] == pytest.approx(0.5e-3)
    assert rates[352] == pytest.approx(1e-4)
    assert learner.optimiser.param_groups[0]["lr"] == pytest.approx(1e-4)
