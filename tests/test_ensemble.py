"""An ensemble is many models of one world: its draws, its particles, its doubts."""

import numpy as np
import pytest
import torch

from wmlib.experience import collect
from wmlib.models import Cautious, Ensemble
from wmlib.planning import score
from wmlib.worlds import CartPole, Pendulum


@pytest.fixture(scope="module")
def fitted():
    model = Ensemble(4, CartPole().act_space, members=3, particles=6, hidden=16)
    model.fit(collect(CartPole(), steps=200, seed=0), steps=50)
    return model


def test_bootstrap_draws_with_replacement_for_each_member_its_own():
    rows = Ensemble(3, Pendulum().act_space, members=5).bootstrap_rows(1000)
    distinct = [len(np.unique(member)) for member in rows.numpy()]
    # A share of 1 - 1/e of the rows is expected in a draw of n from n.
    assert all(abs(n - 632) < 60 for n in distinct)
    assert not torch.equal(rows[0], rows[1])
    whole = Ensemble(3, Pendulum().act_space, bootstrap=False).bootstrap_rows(10)
    assert whole.tolist() == [list(range(10))] * 5


def test_a_particle_stays_with_its_member_unless_redrawn(fitted):
    obs = collect(CartPole(), steps=4, seed=5).obs
    action = torch.tensor([0, 1, 0, 1])
    mean, _ = fitted.distribution(torch.as_tensor(obs), action)
    state = fitted.step(fitted.start(obs), action).state
    for p in range(6):
        assert torch.allclose(state.obs[:, p], mean[p % 3, :, :-1], atol=1e-6)
    again = fitted.step(state, action).state
    alone = fitted.distribution(state.obs[:, 1], action)[0][1, :, :-1]
    assert torch.allclose(again.obs[:, 1], alone, atol=1e-5)


def test_redrawing_gives_every_particle_to_every_member_in_time():
    model = Ensemble(4, CartPole().act_space, members=3, particles=3, redraw=True)
    model.fit(collect(CartPole(), steps=100, seed=0), steps=5)
    with torch.no_grad():  # no noise, so that only the shuffling is random
        model.min_log_var.fill_(-40)
        model.max_log_var.fill_(-39)
    obs, action = torch.arange(3.0)[:, None].expand(3, 4), torch.ones(3, dtype=torch.long)
    by_first_member = model.distribution(obs, action)[0][0, :, 0]
    state = model.start(np.zeros((1, 4)))._replace(obs=obs[None])
    generator = torch.Generator().manual_seed(0)
    seen = {
        round(model.step(state, action[:1], generator).state.obs[0, 0, 0].item(), 3)
        for _ in range(40)
    }
    assert seen == {round(x, 3) for x in by_first_member.tolist()}
    with pytest.raises(ValueError, match="pass a generator"):
        model.step(state, action[:1])


def test_noise_is_drawn_only_with_a_generator(fitted):
    state, action = fitted.start(np.zeros((2, 4))), torch.tensor([0, 1])
    still = [fitted.step(state, action).state.obs for _ in "ab"]
    drawn = [fitted.step(state, action, torch.Generator().manual_seed(s)).state.obs for s in (0, 1)]
    assert torch.equal(*still) and not torch.equal(*drawn)


def test_the_score_of_an_ensemble_is_the_mean_of_its_particles_scores():
    model = Ensemble(4, CartPole().act_space, members=3, hidden=16).goal(
        rew=lambda o, a, n: n[:, 0], cont=lambda n: torch.sigmoid(5 * n[:, 2])
    )
    obs = np.random.default_rng(0).normal(size=(2, 4))
    actions = torch.randint(2, (2, 6))
    together = score(model.imagine(model.start(obs), actions), discount=0.9)
    state = model.start(obs)
    alive, total = torch.ones(2, 3), torch.zeros(2, 3)
    for t in range(6):
        state = model.step(state, actions[:, t]).state
        total += 0.9**t * alive * state.obs[..., 0]
        alive = alive * torch.sigmoid(5 * state.obs[..., 2])
    assert torch.allclose(together, total.mean(1), atol=1e-5)


def test_members_disagree_where_there_was_no_data(fitted):
    seen = torch.as_tensor(collect(CartPole(), steps=100, seed=9).obs)
    action = torch.zeros(100, dtype=torch.long)
    assert (
        fitted.disagreement(seen + 10, action).median()
        > 5 * fitted.disagreement(seen, action).median()
    )


def test_caution_takes_the_spread_out_of_the_reward(fitted):
    state, action = fitted.start(np.zeros((2, 4))), torch.tensor([0, 1])
    bold, wary = fitted.step(state, action), Cautious(fitted, 2.0).step(state, action)
    spread = bold.state.obs.std(1, correction=0) / fitted.norm_out.std[:-1]
    assert torch.allclose(wary.rew, bold.rew - 2 * spread.pow(2).mean(-1).sqrt())
    assert (wary.rew < bold.rew).all()


def test_predicted_noise_is_the_noise_of_the_world():
    class Noisy(Pendulum):
        def step(self, state, action, rng=None):
            nxt, rew, terminated = super().step(state, action)
            nxt[:, 1] += 0.3 * rng.normal(size=len(nxt))
            return nxt, rew, terminated

    data = collect(Noisy(), steps=1500, seed=0)
    model = Ensemble(3, Noisy().act_space, members=2, hidden=32)
    model.fit(data, steps=600)
    _, std = model.distribution(torch.as_tensor(data.obs), torch.as_tensor(data.act))
    assert std[..., 2].median().item() == pytest.approx(0.3, rel=0.2)


def test_particles_must_share_out_evenly():
    with pytest.raises(ValueError, match="multiple of members"):
        Ensemble(3, Pendulum().act_space, members=5, particles=7)
