"""An ensemble of probabilistic networks beside mbrl-lib's: plans evaluated, minibatches learned.

Five members of three layers of 200 with SiLU, in both; mbrl-lib's particles stay with their member
(`fixed_model`) as ours do, rewards and ends are its CartPole's in both. Ours predicts a reward beside
the four numbers of the state, so it has ten outputs and mbrl-lib eight.
"""

from __future__ import annotations

from pathlib import Path

import gymnasium as gym
import numpy as np
import torch
from measure import Missing, Row, alternate, checkout, gather, sgemm, share_of_peak

from wmlib.experience import Transitions
from wmlib.models import Ensemble
from wmlib.planning import RandomShooting
from wmlib.planning.goals import standing

MEMBERS, LAYERS, HIDDEN = 5, 3, 200
ADDRESS = "https://github.com/facebookresearch/mbrl-lib"
NEEDED = "install hydra-core, omegaconf and termcolor (tests/benchmarks/requirements.txt)"
SETTINGS = {
    "dynamics_model": {
        "_target_": "mbrl.models.GaussianMLP",
        "_recursive_": False,
        "device": "cpu",
        "num_layers": LAYERS,
        "ensemble_size": MEMBERS,
        "hid_size": HIDDEN,
        "in_size": "???",
        "out_size": "???",
        "deterministic": False,
        "propagation_method": "fixed_model",
        "activation_fn_cfg": {"_target_": "torch.nn.SiLU"},
    },
    "algorithm": {"learned_rewards": False, "target_is_delta": True, "normalize": True},
    "overrides": {},
}


def measure(peers: Path | None) -> list[Row]:
    return gather(peers, evaluation, training)


def theirs():
    """mbrl-lib's ensemble for four numbers and one action."""
    try:
        import mbrl.util.common
        import omegaconf
    except ImportError as what:
        raise Missing(f"mbrl-lib: {what}: {NEEDED}") from what
    made = omegaconf.OmegaConf.create(SETTINGS)
    return mbrl.util.common.create_one_dim_tr_model(made, (4,), (1,))


def transitions(n: int = 2000) -> Transitions:
    """Random transitions in which nothing ends: what is learned is of no matter here."""
    rng = np.random.default_rng(0)
    obs, act = rng.normal(size=(n, 4)), rng.uniform(-1, 1, (n, 1))
    nxt, no = obs + 0.1 * rng.normal(size=(n, 4)), np.zeros(n, bool)
    numbers = (x.astype(np.float32) for x in (obs, act, np.ones(n), nxt))
    return Transitions(*numbers, no, no, np.arange(n) // 200)


def ours(particles: int | None = None) -> Ensemble:
    space = gym.spaces.Box(-1, 1, (1,), np.float32)
    return Ensemble(4, space, MEMBERS, particles, HIDDEN, LAYERS)


def product_flops(rows: float) -> float:
    """Multiplications and additions of our layers for so many rows."""
    return 2 * rows * (5 * HIDDEN + (LAYERS - 1) * HIDDEN**2 + HIDDEN * 10)


# --- plans ---


def alike(particles: int):
    """Both with the same weights and hardly any noise, mbrl-lib's `ModelEnv` around its own."""
    import mbrl.models
    from mbrl.env import reward_fns, termination_fns

    peer, model = theirs(), ours(particles)
    net = peer.model
    with torch.no_grad():
        model.net.weights[-1].mul_(1.5)  # so that some plans end early and others do not
        for layer, weight, bias in zip(
            [hidden[0] for hidden in net.hidden_layers] + [net.mean_and_logvar],
            model.net.weights,
            model.net.biases,
        ):
            if layer.weight.shape == weight.shape:
                layer.weight.copy_(weight)
                layer.bias.copy_(bias)
            else:
                layer.weight.copy_(weight[..., [0, 1, 2, 3, 5, 6, 7, 8]])
                layer.bias.copy_(bias[..., [0, 1, 2, 3, 5, 6, 7, 8]])
        for bounds in (net.max_logvar, net.min_logvar, model.max_log_var, model.min_log_var):
            bounds.fill_(-40.0)
    peer.input_normalizer.update_stats(np.random.default_rng(0).normal(size=(500, 5)))
    model.norm_in.mean = peer.input_normalizer.mean[0].float()
    model.norm_in.std = peer.input_normalizer.std[0].float()
    env = gym.Env()
    env.observation_space = gym.spaces.Box(-9, 9, (4,), np.float32)
    env.action_space = model.act_space
    env = mbrl.models.ModelEnv(
        env, peer, termination_fns.cartpole, reward_fns.cartpole, torch.Generator()
    )
    aim = model.goal(rew=lambda obs, action, nxt: standing(nxt), cont=standing)
    return env, aim


def same_members(candidates: int, particles: int):
    """Which particle belongs to which member in ours, as mbrl-lib wants to know it."""
    which = torch.arange(candidates * particles).view(candidates, -1, MEMBERS)
    return lambda *_: which.movedim(2, 0).flatten()


def evaluation(peers: Path | None) -> list[Row]:
    checkout(peers, "mbrl-lib", ADDRESS)
    return [evaluated(500, 15, 20), evaluated(100, 15, 5)]


def evaluated(candidates: int, horizon: int, particles: int) -> Row:
    env, model = alike(particles)
    planner = RandomShooting(horizon, candidates)
    start = np.zeros(4, np.float32)
    plans = torch.rand(candidates, horizon, 1) * 2 - 1
    generator = torch.Generator().manual_seed(0)

    def evaluate():
        with torch.inference_mode():
            return planner.evaluate(model, model.start(start[None]), plans[None], generator)[0]

    def peer():
        return env.evaluate_action_sequences(plans, start, particles)

    network = env.dynamics_model.model
    draw, network.sample_propagation_indices = (
        network.sample_propagation_indices,
        same_members(candidates, particles),
    )
    wanted = peer()
    assert 1 < wanted.min() < wanted.max(), "all plans score alike: nothing is compared"
    torch.testing.assert_close(evaluate(), wanted, rtol=1e-3, atol=1e-3)
    network.sample_propagation_indices = draw
    seconds = alternate({"wmlib": evaluate, "mbrl-lib": peer, "product": sgemm()})
    product = seconds.pop("product")
    flops = product_flops(candidates * horizon * particles)
    return Row(
        f"ensemble, {candidates} plans of {horizon} steps, {particles} particles",
        "wmlib",
        "mbrl-lib",
        seconds,
        peak=share_of_peak(flops, seconds["wmlib"], product),
        bar=1.5,
        note="same weights, activation, reward and ends; the scores agree within 0.001",
    )


# --- learning ---


def training(peers: Path | None) -> list[Row]:
    checkout(peers, "mbrl-lib", ADDRESS)
    return [learned(32, 2.0), learned(256, 1.3)]


def learned(batch: int, bar: float) -> Row:
    steps, data = 2000 // batch, transitions()
    peer, optimiser, batches = their_training(data, batch)
    model = ours()

    def update():
        for i, part in enumerate(batches):
            if i < steps:
                peer.update(part, optimiser)

    works = {"wmlib": lambda: model.fit(data, steps, batch), "mbrl-lib": update}
    seconds = alternate({**works, "product": sgemm()}, least=0.5)
    product = seconds.pop("product")
    for name in works:
        seconds[name] = [taken / steps for taken in seconds[name]]
    return Row(
        f"ensemble, one minibatch of {batch} for each of 5 members",
        "wmlib",
        "mbrl-lib",
        seconds,
        peak=share_of_peak(3 * product_flops(MEMBERS * batch), seconds["wmlib"], product),
        bar=bar,
        note="mbrl-lib without the evaluation after each epoch, with its own optimiser (Adam)",
    )


def their_training(data: Transitions, batch: int):
    """mbrl-lib's model, optimiser, and iterator over its bootstrapped replay buffer."""
    peer = theirs()
    import mbrl.models
    from mbrl.util.common import get_basic_buffer_iterators
    from mbrl.util.replay_buffer import ReplayBuffer

    buffer = ReplayBuffer(len(data.obs), (4,), (1,), rng=np.random.default_rng(0))
    buffer.add_batch(data.obs, data.act, data.next_obs, data.rew, data.terminated, data.truncated)
    peer.update_normalizer(buffer.get_all())
    optimiser = mbrl.models.ModelTrainer(peer, optim_lr=2e-3, weight_decay=1e-4).optimizer
    batches, _ = get_basic_buffer_iterators(
        buffer, batch, 0, ensemble_size=MEMBERS, shuffle_each_epoch=True, bootstrap_permutes=False
    )
    return peer, optimiser, batches
