"""Another Dreamer at the sizes of ours: DreamerV3 of Eclectic-Sheep's `sheeprl`.

Its own `build_agent` makes it from its own configuration files, for one device of Lightning Fabric
in single precision, on one thread. A step is its own `train` with what its loop does before each:
the slow critic follows, the batch becomes floats. Two settings make it faster than its defaults:
Adam is fused, as ours, and nothing is logged. Its buffer is not on the clock, ours is.
"""

from __future__ import annotations

import contextlib
import copy
import sys
import types
from pathlib import Path

import gymnasium as gym
import numpy as np
import torch
from measure import Missing, checkout
from peer_dreamers import BINS, DETER, GROUPS, HIDDEN, WIDTH, Works, count

ADDRESS = "https://github.com/Eclectic-Sheep/sheeprl"
STOCH = GROUPS * GROUPS
DIFFERS = (
    "Its convolutions are strided like ours; they and the gates of its GRU are normalised; its "
    "posterior reads all 512 numbers of the convolutions, where our encoder has a layer more; along "
    "a stretch it computes the prior, and the first state, which it learns, at every step; it dreams "
    "from ends, too, and keeps the graph of its dreams for gradients; its critic is drawn to the "
    "slow one, too."
)


def _import(peers):
    """Its modules; what only its other algorithms and its environments need is stood in for."""
    folder = checkout(peers, "sheeprl", ADDRESS) / "sheeprl"
    sys.path.remove(str(folder.parent))
    for name in ("sheeprl", "sheeprl.utils.env", "pytorch_lightning.utilities"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["sheeprl"].__path__ = [str(folder)]  # its __init__ imports every algorithm
    sys.modules["sheeprl.utils.env"].make_env = None
    try:
        import hydra  # noqa: F401
        from lightning.pytorch.utilities import rank_zero_only

        sys.modules["pytorch_lightning.utilities"].rank_zero_only = rank_zero_only
        from sheeprl.algos.dreamer_v3 import dreamer_v3
    except ImportError as error:
        raise Missing(
            f"sheeprl needs {error.name}: pip install -r tests/benchmarks/requirements.txt"
        ) from error
    return folder, dreamer_v3


def _config(folder, batch, length, horizon):
    """Its configuration of the smallest Dreamer, with our sizes."""
    import hydra
    from omegaconf import OmegaConf
    from sheeprl.utils.utils import dotdict

    sizes = {
        "exp": "dreamer_v3",
        "algo": "dreamer_v3_XS",
        "env": "dummy",
        "env.screen_size": 32,
        "algo.horizon": horizon,
        "algo.per_rank_batch_size": batch,
        "algo.per_rank_sequence_length": length,
        "algo.dense_units": HIDDEN,
        "algo.world_model.stochastic_size": GROUPS,
        "algo.world_model.discrete_size": GROUPS,
        "algo.world_model.encoder.cnn_channels_multiplier": WIDTH,
        "algo.world_model.recurrent_model.recurrent_state_size": DETER,
        "algo.world_model.transition_model.hidden_size": HIDDEN,
        "algo.world_model.representation_model.hidden_size": HIDDEN,
        "algo.world_model.reward_model.bins": BINS,
        "algo.critic.bins": BINS,
        "+algo.world_model.optimizer.fused": True,
        "+algo.actor.optimizer.fused": True,
        "+algo.critic.optimizer.fused": True,
    }
    with hydra.initialize_config_dir(str(folder / "configs"), version_base="1.3"):
        config = hydra.compose("config", [f"{key}={value}" for key, value in sizes.items()])
    parts = ("algo", "env", "distribution")
    return dotdict({part: OmegaConf.to_container(config[part], resolve=True) for part in parts})


@contextlib.contextmanager
def unchecked():
    """Its `distribution.validate_args`: distributions do not check what they are given."""
    distributions = torch.distributions.Distribution
    distributions.set_default_validate_args(False)
    try:
        yield
    finally:
        distributions.set_default_validate_args(True)


def sheeprl(peers: Path | None, seen, horizon: int) -> Works:
    """sheeprl's DreamerV3 on stretches `seen`.

    Its two loops stand in the midst of its `train`: `imagine` and `observe` put its modules together
    line by line as there.
    """
    folder, dreamer = _import(peers)
    from hydra.utils import instantiate
    from lightning.fabric import Fabric

    batch, length = seen.first.shape
    config = _config(folder, batch, length, horizon)
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    space = {"rgb": gym.spaces.Box(0, 255, (1, 32, 32), np.uint8)}
    model, actor, critic, slow, _ = dreamer.build_agent(fabric, [2], False, config, space)
    settings = config.algo.world_model, config.algo.actor, config.algo.critic
    optimisers = fabric.setup_optimizers(
        *(
            instantiate(part.optimizer, params=module.parameters(), _convert_="all")
            for part, module in zip(settings, (model, actor, critic))
        )
    )
    spread = config.algo.actor.moments
    moments = dreamer.Moments(
        spread.decay, spread.max, spread.percentile.low, spread.percentile.high
    )
    data, tau = _columns(seen), config.algo.critic.tau

    @unchecked()
    def step():
        for now, late in zip(critic.module.parameters(), slow.parameters()):
            late.data.copy_(tau * now.data + (1 - tau) * late.data)
        drawn = {key: column.float() for key, column in data.items()}
        parts = model, actor, critic, slow, *optimisers
        dreamer.train(fabric, *parts, drawn, None, config, False, [2], moments)

    @torch.no_grad()
    @unchecked()
    def imagine(starts):
        prior, recurrent = torch.zeros(1, starts, STOCH), torch.zeros(1, starts, DETER)
        latents = torch.empty(horizon + 1, starts, STOCH + DETER)
        latents[0] = latent = torch.cat((prior, recurrent), -1)
        for i in range(1, horizon + 1):
            actions = torch.cat(actor(latent)[0], -1)
            prior, recurrent = model.rssm.imagination(prior, recurrent, actions)
            prior = prior.view(1, -1, STOCH)
            latents[i] = latent = torch.cat((prior, recurrent), -1)
        into = latents[1:]
        reward = dreamer.TwoHotEncodingDistribution(model.reward_model(into), dims=1).mean
        proceed = dreamer.BernoulliSafeMode(logits=model.continue_model(into))
        return latents, reward, dreamer.Independent(proceed, 1).mode

    reader = copy.deepcopy(model.rssm)
    hidden = reader.representation_model.module.model  # reads an embedding as wide as ours
    hidden[0] = torch.nn.Linear(DETER + HIDDEN, HIDDEN, bias=False)
    embed = torch.randn(length, batch, HIDDEN)
    into, first = data["actions"].roll(1, 0).float(), data["is_first"].float()

    @unchecked()
    def observe():
        deter, stoch = torch.zeros(1, batch, DETER), torch.zeros(1, batch, GROUPS, GROUPS)
        sizes = (DETER,), (GROUPS, GROUPS), (STOCH,), (STOCH,)
        deters, stochs, posts, priors = (torch.empty(length, batch, *size) for size in sizes)
        for i in range(length):
            given = into[i : i + 1], embed[i : i + 1], first[i : i + 1]
            deter, stoch, _, post, prior = reader.dynamic(stoch, deter, *given)
            deters[i], stochs[i], posts[i], priors[i] = deter, stoch, post, prior
        (deters.sum() + stochs.sum() + posts.sum() + priors.sum()).backward()

    parts = {
        "encoder": count(model.encoder),
        "recurrent": count(model.rssm),
        "decoder": count(model.observation_model),
        "reward": count(model.reward_model),
        "continue": count(model.continue_model),
        "actor": count(actor),
        "critic": count(critic),
    }
    return Works(step, imagine, observe, parts)


def _columns(seen):
    """Stretches as its buffer has them, time first: the action *from* a frame, the reward into it."""
    pad = torch.nn.functional.pad
    act = torch.nn.functional.one_hot(seen.act, 2)
    ended = (seen.cont == 0) & seen.real.bool()
    columns = {
        "rgb": seen.obs,  # (B, T, 1, 32, 32)
        "actions": pad(act, (0, 0, 0, 1)),  # (B, T, 2)
        "rewards": pad(seen.rew, (1, 0))[..., None],  # (B, T, 1)
        "terminated": pad(ended.int(), (1, 0))[..., None],
        "is_first": seen.first[..., None],
    }
    return {key: column.transpose(0, 1).contiguous() for key, column in columns.items()}
