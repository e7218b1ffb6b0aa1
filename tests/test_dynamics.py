"""Neural dynamics, the linear baseline, the parts they share, and saving them."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wmlib.experience import Transitions, collect
from wmlib.models import LinearDynamics, NeuralDynamics
from wmlib.models.networks import ContinueHead, Normaliser, encode_action, mlp
from wmlib.training import train
from wmlib.worlds import CartPole, Pendulum

TWO = gym.spaces.Discrete(2)
TORQUE = gym.spaces.Box(-2.0, 2.0, (1,), np.float32)


def walk(n=400, seed=0, episode_length=20):
    """A world in which the action is everything: s' = s + (+1 or -1), reward = s * that."""
    rng = np.random.default_rng(seed)
    act = rng.integers(0, 2, n)
    push = 2.0 * act - 1
    obs = np.zeros((n, 1))
    for t in range(1, n):
        obs[t] = 0 if t % episode_length == 0 else obs[t - 1] + push[t - 1]
    last = np.arange(n) % episode_length == episode_length - 1
    return Transitions(
        obs,
        act,
        obs[:, 0] * push,
        obs + push[:, None],
        np.zeros(n, bool),
        last,
        np.arange(n) // episode_length,
    )


def error(model, data):
    """Share of the variance of the change that the model leaves unexplained."""
    with torch.no_grad():
        nxt, rew, _ = model.step(model.start(data.obs), torch.as_tensor(data.act))
    missed = ((nxt.numpy() - data.next_obs) ** 2).mean()
    return missed / (data.next_obs - data.obs).var()


# ---------------------------------------------------------------------------------- alignment


@pytest.mark.parametrize("horizon", [1, 3])
def test_a_network_learns_a_world_in_which_the_action_is_everything(horizon):
    model = NeuralDynamics(1, TWO, hidden=32)
    model.fit(walk(), steps=150, lr=1e-2, horizon=horizon)
    assert error(model, walk(seed=1)) < 0.02


def test_with_actions_one_row_off_the_same_network_learns_nothing():
    data = walk()
    shifted = Transitions(
        data.obs,
        np.roll(data.act, -1),
        data.rew,
        data.next_obs,
        data.terminated,
        data.truncated,
        data.episode,
    )
    model = NeuralDynamics(1, TWO, hidden=32)
    model.fit(shifted, steps=150, lr=1e-2)
    assert error(model, walk(seed=1)) > 0.5


def test_the_linear_model_reads_off_the_walk_exactly():
    model = LinearDynamics(1, TWO).fit(walk())
    assert error(model, walk(seed=1)) < 1e-8


def test_an_imagined_plan_takes_its_actions_in_order():
    model = LinearDynamics(1, TWO).fit(walk())
    rollout = model.imagine(model.start([[0.0]]), torch.tensor([[1, 1, 0]]))
    seen = torch.cat([model.decode(state)[:, 0] for state in rollout.states])
    assert torch.allclose(seen, torch.tensor([0.0, 1.0, 2.0, 1.0]), atol=1e-4)


def test_the_reward_is_that_of_the_state_left_and_the_action_taken():
    model = NeuralDynamics(1, TWO, hidden=32)
    model.fit(walk(1000), steps=400, lr=1e-2)
    with torch.no_grad():
        _, rew, _ = model.step(model.start([[2.0], [2.0], [-3.0]]), torch.tensor([1, 0, 1]))
    assert torch.allclose(rew, torch.tensor([2.0, -2.0, -3.0]), atol=0.5)


# ------------------------------------------------------------------------------------ the loss


@pytest.mark.parametrize("change", [True, False])
def test_the_loss_of_three_steps_is_what_a_hand_computes(change):
    data = collect(Pendulum(), steps=3, seed=0)  # one stretch only: every row of a batch is it
    model = NeuralDynamics(3, TORQUE, hidden=8, change=change)
    weights = {k: v.clone().double().numpy() for k, v in model.net.state_dict().items()}
    loss = model.fit(data, steps=1, horizon=3)[0]

    def network(x):
        for layer in (0, 2, 4):
            x = weights[f"{layer}.weight"] @ x + weights[f"{layer}.bias"]
            x = x / (1 + np.exp(-x)) if layer < 4 else x
        return x

    obs, nxt = data.obs.astype(float), data.next_obs.astype(float)
    inputs = np.hstack([obs, data.act])
    targets = np.hstack([nxt - obs if change else nxt, data.rew[:, None]])
    mean_in, std_in = inputs.mean(0), inputs.std(0, ddof=1)
    mean_out, std_out = targets.mean(0), targets.std(0, ddof=1)
    state, total = obs[0], 0.0
    for k in range(3):
        out = network((np.concatenate([state, data.act[k]]) - mean_in) / std_in)
        target = np.append(nxt[k] - state if change else nxt[k], data.rew[k])
        total += np.mean((out - (target - mean_out) / std_out) ** 2) / 3
        moved = (out * std_out + mean_out)[:-1]
        state = state + moved if change else moved
    assert loss == pytest.approx(total, rel=1e-3)


def test_training_windows_never_cross_from_one_episode_into_the_next():
    short = walk(60, episode_length=3)
    with pytest.raises(ValueError, match="no episode has 4 steps in a row"):
        NeuralDynamics(1, TWO).fit(short, steps=1, horizon=4)


@pytest.mark.slow
def test_training_lowers_the_error_on_a_real_world_and_more_data_lowers_it_again():
    world = CartPole()
    fresh = collect(world, steps=500, seed=9)
    errors = []
    for n in (50, 500):
        model = NeuralDynamics(4, world.act_space)
        before = error(model, fresh)
        model.fit(collect(world, steps=n, seed=1), steps=400, lr=5e-3)
        errors.append(error(model, fresh))
        assert errors[-1] < 0.2 * before
    assert errors[1] < errors[0]


def test_the_same_seed_gives_the_same_model_and_another_seed_another():
    data, models = walk(), []
    for seed in (3, 3, 4):
        models.append(NeuralDynamics(1, TWO, hidden=8, seed=seed))
        models[-1].fit(data, steps=20)
    probe = torch.tensor([[0.5]]), torch.tensor([1])
    a, b, c = (model.predict(*probe)[0].item() for model in models)
    assert a == b != c


def test_what_the_network_may_not_read_does_not_move_its_prediction():
    world = CartPole()
    model = NeuralDynamics(4, world.act_space, inputs=[1, 2, 3])
    model.fit(collect(world, steps=200, seed=0), steps=50)
    here = model.start([[0.0, 0.1, 0.0, 0.0], [2.0, 0.1, 0.0, 0.0]])
    nxt, _ = model.predict(here, torch.tensor([1, 1]))
    assert torch.allclose(nxt[0] - here[0], nxt[1] - here[1], atol=1e-6)


# -------------------------------------------------------------------------------- what goes on


def ends_at_two(truncate_at=None):
    """A walk on a line that terminates beyond 2, and may be cut off by the clock before."""
    obs, act, nxt, term, trunc, episode = [], [], [], [], [], []
    rng, e = np.random.default_rng(0), 0
    while len(obs) < 1500:
        x, t = rng.uniform(-2, 2), 0
        while True:
            a = rng.integers(0, 2)
            y = x + 0.5 * (2 * a - 1)
            t += 1
            dead, late = abs(y) > 2, t == truncate_at
            for column, value in zip(
                (obs, act, nxt, term, trunc, episode), ([x], a, [y], dead, late and not dead, e)
            ):
                column.append(value)
            x = y
            if dead or late:
                break
        e += 1
    return Transitions(obs, act, np.ones(len(obs)), nxt, term, trunc, episode)


def test_the_continue_head_learns_where_episodes_end():
    model = NeuralDynamics(1, TWO, hidden=16)
    model.fit(ends_at_two(), steps=10)
    with torch.no_grad():
        cont = model.predict_cont(torch.tensor([[0.0], [1.5], [2.4], [-2.4]]))
    assert (cont[:2] > 0.9).all() and (cont[2:] < 0.1).all()


def test_a_truncated_step_is_not_an_end():
    """Cut off after two steps nearly everywhere: the middle of the line must still go on."""
    data = ends_at_two(truncate_at=2)
    assert data.truncated.mean() > 0.25
    model = NeuralDynamics(1, TWO, hidden=16)
    model.fit(data, steps=10)
    with torch.no_grad():
        cont = model.predict_cont(torch.tensor([[0.0], [0.7], [2.4]]))
    assert (cont[:2] > 0.9).all() and cont[2] < 0.1


def test_without_an_end_in_the_data_the_model_expects_none():
    model = NeuralDynamics(3, TORQUE, hidden=8)
    model.fit(collect(Pendulum(), steps=50, seed=0), steps=2)
    assert (model.predict_cont(torch.randn(5, 3)) == 1).all()


def test_a_head_taught_by_ends_alone_is_still_a_number():
    head = ContinueHead(1, torch.Generator().manual_seed(0))
    head.fit(torch.randn(8, 1), torch.ones(8, dtype=bool), torch.Generator(), steps=50)
    assert head(torch.zeros(1, 1)).item() < 0.5


# ----------------------------------------------------------------------------------- the parts


def test_the_normaliser_gives_mean_zero_and_deviation_one_and_takes_it_back():
    x = torch.randn(500, 3) * torch.tensor([1e-3, 1.0, 1e4]) + torch.tensor([5.0, 0.0, -7.0])
    norm = Normaliser(3)
    norm.fit(x)
    z = norm(x)
    assert torch.allclose(z.mean(0), torch.zeros(3), atol=1e-2)
    assert torch.allclose(z.std(0), torch.ones(3), atol=1e-2)
    assert torch.allclose(norm.undo(z), x, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, 1.0, -3.7, 1000.1, 1e-9, 123456.7])
def test_a_constant_feature_is_not_divided_by_the_dust_of_rounding(value):
    norm = Normaliser(1)
    norm.fit(torch.full((977, 1), value))
    away = norm(torch.tensor([[value + 1.0]]))
    assert away.abs().item() < 2


def test_one_row_of_data_can_be_normalised():
    norm = Normaliser(2)
    norm.fit(torch.tensor([[3.0, 4.0]]))
    assert torch.equal(norm(torch.tensor([[3.0, 5.0]])), torch.tensor([[0.0, 1.0]]))


def test_a_model_learns_beside_a_constant_feature():
    data = walk()
    wide = Transitions(
        np.hstack([data.obs, np.full((len(data), 1), 42.0)]),
        data.act,
        data.rew,
        np.hstack([data.next_obs, np.full((len(data), 1), 42.0)]),
        data.terminated,
        data.truncated,
        data.episode,
    )
    model = NeuralDynamics(2, TWO, hidden=32)
    model.fit(wide, steps=150, lr=1e-2)
    with torch.no_grad():
        nxt, _, _ = model.step(model.start([[1.0, 42.0]]), torch.tensor([1]))
    assert nxt[0, 0] == pytest.approx(2.0, abs=0.2) and nxt[0, 1] == pytest.approx(42.0, abs=0.05)


def test_discrete_actions_are_one_hot_and_continuous_ones_pass():
    assert encode_action(TWO, [1, 0]).tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert encode_action(TORQUE, [[0.5], [-2.0]]).tolist() == [[0.5], [-2.0]]


def test_a_dream_that_runs_away_stays_finite():
    world = CartPole()
    model = NeuralDynamics(4, world.act_space)
    model.fit(collect(world, steps=100, seed=0), steps=20)
    with torch.no_grad():
        rollout = model.imagine(model.start(np.ones((2, 4))), torch.ones(2, 2000, dtype=torch.long))
    assert all(torch.isfinite(state).all() for state in rollout.states)


def test_the_same_weights_serve_another_aim():
    model = NeuralDynamics(1, TWO, hidden=16)
    model.fit(walk(), steps=50)
    high = model.goal(rew=lambda obs, action, nxt: nxt[:, 0], cont=lambda nxt: nxt[:, 0] < 1)
    state, action = model.start([[0.0], [3.0]]), torch.tensor([1, 1])
    with torch.no_grad():
        plain, aimed = model.step(state, action), high.step(state, action)
    assert torch.equal(plain.state, aimed.state)
    assert torch.equal(aimed.rew, aimed.state[:, 0]) and aimed.cont[1] == 0
    assert not torch.equal(plain.rew, aimed.rew)


# ----------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("kind", [NeuralDynamics, LinearDynamics])
def test_what_is_not_an_observation_is_refused(kind):
    model = kind(4, TWO)
    with pytest.raises(ValueError, match=r"shape \(B, 4\).*\(3, 5\)"):
        model.start(np.zeros((3, 5)))
    with pytest.raises(ValueError, match=r"obs\[None\]"):
        model.start(np.zeros(4))
    with pytest.raises(ValueError, match="not finite"):
        model.start([[0.0, np.nan, 0.0, 0.0]])


@pytest.mark.parametrize("kind", [NeuralDynamics, LinearDynamics])
def test_what_is_not_an_action_is_refused(kind):
    cart, pendulum = kind(1, TWO), kind(3, TORQUE)
    if kind is LinearDynamics:
        cart.fit(walk(40))
        pendulum.fit(collect(Pendulum(), steps=20, seed=0))
    state = cart.start([[0.0], [1.0]])
    with pytest.raises(ValueError, match="2 states need 2 actions"):
        cart.step(state, torch.tensor([1, 0, 1]))
    with pytest.raises(ValueError, match="2 states need 2 actions"):
        cart.step(state, torch.tensor(1))
    with pytest.raises(ValueError, match="from 0 to 1, got values from 0 to 2"):
        cart.step(state, torch.tensor([0, 2]))
    with pytest.raises(ValueError, match="are integers, got torch.float32"):
        cart.step(state, torch.tensor([0.3, 0.7]))
    with pytest.raises(ValueError, match=r"floats of shape \(\.\.\., 1\)"):
        pendulum.step(pendulum.start(np.zeros((2, 3))), torch.zeros(2, 4))


@pytest.mark.parametrize("kind", [NeuralDynamics, LinearDynamics])
def test_data_of_another_world_is_refused_before_anything_changes(kind):
    model = kind(4, TWO)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    with pytest.raises(ValueError, match="observations of size 4.*shape"):
        model.fit(walk())
    for key, value in model.state_dict().items():
        assert torch.equal(value.nan_to_num(), before[key].nan_to_num())


def test_data_that_is_empty_or_not_finite_never_reaches_a_model():
    data = walk(40)
    with pytest.raises(ValueError, match="no transitions"):
        data[:0]
    data.obs[7] = np.nan
    with pytest.raises(ValueError, match="obs holds 1 values that are not finite, first in row 7"):
        data[:]


def test_data_that_went_bad_after_it_was_made_stops_training_with_a_reason():
    data = walk(40)
    data.next_obs[:] = np.nan
    model = NeuralDynamics(1, TWO, hidden=8)
    with pytest.raises(ValueError, match="next_obs holds values that are not finite"):
        model.fit(data, steps=5)


def test_a_linear_model_that_has_learned_nothing_says_so():
    model = LinearDynamics(1, TWO)
    with pytest.raises(RuntimeError, match=r"call fit\(data\) first"):
        model.step(model.start([[0.0]]), torch.tensor([1]))


def test_inputs_that_do_not_exist_and_other_action_spaces_are_refused():
    with pytest.raises(ValueError, match=r"places from 0 to 3, got \[1, 4\]"):
        NeuralDynamics(4, TWO, inputs=[1, 4])
    with pytest.raises(TypeError, match="Discrete.*or Box"):
        NeuralDynamics(4, gym.spaces.MultiBinary(3))


def test_a_loss_that_is_no_number_stops_with_a_reason():
    net = mlp([1, 4, 1], torch.Generator().manual_seed(0))
    with pytest.raises(FloatingPointError, match="became nan at step 2 of 9"):
        losses = iter([1.0, 1.0, float("nan")])
        train(net.parameters(), lambda: net(torch.ones(1, 1)).sum() * 0 + next(losses), 9, 1e-3)


@given(
    batch=st.integers(1, 7), size=st.integers(1, 5), n=st.integers(1, 4), horizon=st.integers(1, 6)
)
@settings(max_examples=25, deadline=None)
def test_shapes_of_what_is_imagined(batch, size, n, horizon):
    model = NeuralDynamics(size, gym.spaces.Discrete(n), hidden=4)
    plan = torch.randint(n, (batch, horizon))
    with torch.no_grad():
        rollout = model.imagine(model.start(np.zeros((batch, size))), plan)
    assert len(rollout.states) == horizon + 1
    assert all(state.shape == (batch, size) for state in rollout.states)
    assert rollout.rew.shape == rollout.cont.shape == (batch, horizon)
    assert ((rollout.cont >= 0) & (rollout.cont <= 1)).all()


# ------------------------------------------------------------------- stopping, saving, resuming


def test_a_stopped_training_leaves_a_usable_model(capsys):
    def stop(step, loss):
        if step == 80:
            raise KeyboardInterrupt  # as Ctrl-C does

    model = NeuralDynamics(1, TWO, hidden=32)
    losses = model.fit(walk(), steps=100_000, lr=1e-2, report=stop)
    assert len(losses) == 81
    assert "stopped after 81 of 100000 steps" in capsys.readouterr().err
    assert error(model, walk(seed=1)) < 0.1


def test_progress_is_reported_after_every_step():
    seen = []
    model = NeuralDynamics(1, TWO, hidden=4)
    losses = model.fit(walk(40), steps=5, report=lambda step, loss: seen.append((step, loss)))
    assert seen == list(enumerate(losses))
