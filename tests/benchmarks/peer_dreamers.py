"""Two other Dreamers at the sizes of ours: `r2dreamer` and `dreamerv3-torch`, both by NM512.

Each is built from its own configuration file, with one hidden layer a head, 8 x 8 latents and
pictures of 32 x 32 as ours, in single precision, on one thread, without `torch.compile`. What cannot
be made equal is said in `DIFFERS`.
"""

from __future__ import annotations

import contextlib
import re
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from measure import Missing, checkout

GROUPS, DETER, HIDDEN, WIDTH, BINS = 8, 128, 128, 8, 61
ADDRESS = "https://github.com/NM512/"
DIFFERS = {
    "r2dreamer": (
        "Its convolutions run at full resolution and are pooled, ours take strides; its recurrent "
        "part has a layer more in place of our encoder's last; its critic learns from real "
        "stretches, too."
    ),
    "dreamerv3-torch": (
        "Its convolutions are strided like ours; its rewards and values have 255 bins, ours 61; it "
        "computes the entropies of the states for its log."
    ),
}


class Works(NamedTuple):
    """A Dreamer's three works, to be timed, and its parameters part by part."""

    step: Callable[[], object]
    imagine: Callable[[int], object]
    observe: Callable[[], object]
    parameters: dict[str, int]


class Config(dict):
    """A configuration whose entries are attributes, as OmegaConf's are."""

    __setattr__ = dict.__setitem__

    def __getattr__(self, name):
        if name not in self:
            raise AttributeError(name)
        return self[name]


def nested(tree):
    """Dicts within dicts, as `Config`s; `4e-5`, which YAML takes for a text, as a number."""
    if isinstance(tree, str) and re.fullmatch(r"[\d.]+e-?\d+", tree):
        return float(tree)
    if isinstance(tree, dict):
        return Config({key: nested(value) for key, value in tree.items()})
    return tree


def count(module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _stand_in(*names):
    """Empty modules for what a peer imports and never uses here: writers of logs, for instance."""
    for name in names:
        if name not in sys.modules:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].SummaryWriter = object


def _import(peers, name, *wanted):
    """The peer's modules. Both call theirs `networks` and `tools`: the other's are forgotten."""
    for other in ("networks", "tools", "distributions", "dreamer", "rssm", "models", "optim"):
        sys.modules.pop(other, None)
    checkout(peers, name, ADDRESS + name)
    _stand_in("torch.utils.tensorboard")
    try:
        return [__import__(module) for module in wanted]
    except ImportError as error:
        raise Missing(
            f"{name} needs {error.name}: pip install -r tests/benchmarks/requirements.txt"
        ) from error
    finally:
        sys.path.remove(str(peers / name))


def _space(actions):
    image = types.SimpleNamespace(shape=(32, 32, 1))
    act_space = types.SimpleNamespace(n=actions, discrete=True)
    return types.SimpleNamespace(spaces={"image": image}), act_space


def r2dreamer(peers: Path | None, seen, horizon: int) -> Works:
    """NM512's r2dreamer with the loss of its decoder, one block, on stretches `seen`."""
    import yaml

    (dreamer,) = _import(peers, "r2dreamer", "dreamer")
    try:
        from tensordict import TensorDict
    except ImportError as error:
        raise Missing(
            "r2dreamer needs tensordict: see tests/benchmarks/requirements.txt"
        ) from error
    text = (peers / "r2dreamer/configs/model/_base_.yaml").read_text(encoding="utf8")
    sizes = dict(deter=DETER, hidden=HIDDEN, discrete=GROUPS, depth=WIDTH, units=HIDDEN)
    sizes |= {"act": "SiLU", "norm": "True"}
    text = re.sub(r"\$\{model\.(\w+)\}", lambda found: str(sizes[found[1]]), text)
    text = text.replace("${device}", "cpu")
    text = re.sub(r"\$\{env\.\w+\.(\w+)\}", lambda m: {"mlp_keys": "'$^'"}.get(m[1], "image"), text)
    config = nested(yaml.safe_load(text))
    config |= dict(compile=False, rep_loss="dreamer", imag_horizon=horizon, warmup=0)
    config.rssm |= dict(stoch=GROUPS, blocks=1, img_layers=1)
    for part in ("encoder", "decoder"):
        config[part].cnn |= dict(mults=[1, 2, 4], kernel_size=4)
    config.decoder.cnn.bspace = 1
    for part in ("reward", "cont", "actor", "critic"):
        config[part].layers = 1
    for part in ("reward", "critic"):
        config[part].shape, config[part].dist.bin_num = [BINS], BINS
    dreamer.autocast = lambda **settings: contextlib.nullcontext()  # single precision, as ours
    with contextlib.redirect_stdout(None):
        agent = dreamer.Dreamer(config, *_space(2))
    agent._scaler = torch.amp.GradScaler("cpu", enabled=False)
    data = TensorDict(_columns(seen), batch_size=seen.first.shape)
    initial = agent.rssm.initial(len(seen.first))
    memory = types.SimpleNamespace(
        sample=lambda: (data.clone(), None, initial), update=lambda *parts: None
    )
    rssm = sys.modules["rssm"].RSSM(config.rssm, HIDDEN, 2)  # reads an embedding as wide as ours
    act, first = data["action"], data["is_first"]
    embed = torch.randn(*first.shape, HIDDEN)

    @torch.no_grad()
    def imagine(starts):
        feat, _ = agent._imagine(agent.rssm.initial(starts), horizon)
        return agent._frozen_reward(feat).mode(), agent._frozen_cont(feat).mean

    def observe():
        stoch, deter, post = rssm.observe(embed, act, initial, first)
        _, prior = rssm.prior(deter)
        (stoch.sum() + deter.sum() + post.sum() + prior.sum()).backward()

    parts = {
        "encoder": count(agent.encoder),
        "recurrent": count(agent.rssm),
        "decoder": count(agent.decoder),
        "reward": count(agent.reward),
        "continue": count(agent.cont),
        "actor": count(agent.actor),
        "critic": count(agent.value),
    }
    return Works(lambda: agent.update(memory), imagine, observe, parts)


def dreamerv3_torch(peers: Path | None, seen, horizon: int) -> Works:
    """NM512's dreamerv3-torch, whose pictures go through strided convolutions like ours."""
    import yaml

    models, networks = _import(peers, "dreamerv3-torch", "models", "networks")
    text = (peers / "dreamerv3-torch/configs.yaml").read_text(encoding="utf8")
    config = nested(yaml.safe_load(text)["defaults"])
    config |= dict(device="cpu", num_actions=2, units=HIDDEN, dyn_hidden=HIDDEN, dyn_deter=DETER)
    config |= dict(dyn_stoch=GROUPS, dyn_discrete=GROUPS, initial="zeros", imag_horizon=horizon)
    config |= dict(imag_gradient="reinforce", opt_eps=1e-8, compile=False)
    for part in ("encoder", "decoder"):
        config[part] |= dict(cnn_depth=WIDTH)
    for part in ("reward_head", "cont_head", "actor", "critic"):
        config[part].layers = 1
    config.actor |= dict(dist="onehot", std="none")
    with contextlib.redirect_stdout(None):
        model = models.WorldModel(*_space(2), 0, config)
        behaviour = models.ImagBehavior(config, model)
    model.requires_grad_(False)
    behaviour.requires_grad_(False)
    columns = {key: value.numpy() for key, value in _columns(seen).items()}
    columns["is_terminal"] = columns["is_terminal"][..., 0]

    def reward(feat, state, action):
        return model.heads["reward"](model.dynamics.get_feat(state)).mode()

    def step():
        post, _, _ = model._train({key: value.copy() for key, value in columns.items()})
        return behaviour._train(post, reward)

    @torch.no_grad()
    def imagine(starts):
        begun = {key: value[None] for key, value in model.dynamics.initial(starts).items()}
        feat, _, _ = behaviour._imagine(begun, behaviour.actor, horizon)
        return model.heads["reward"](feat).mode(), model.heads["cont"](feat).mean

    sizes = (GROUPS, DETER, HIDDEN, 1, GROUPS, config.act, config.norm, "none", "sigmoid2", 0.1)
    rssm = networks.RSSM(*sizes, 0.01, "zeros", 2, HIDDEN, "cpu")
    act, first = (torch.as_tensor(columns[key]).float() for key in ("action", "is_first"))
    embed = torch.randn(*first.shape, HIDDEN)

    def observe():
        post, prior = rssm.observe(embed, act.clone(), first)
        read = post["stoch"].sum() + post["deter"].sum() + post["logit"].sum()
        (read + prior["logit"].sum()).backward()

    parts = {
        "encoder": count(model.encoder),
        "recurrent": count(model.dynamics),
        "decoder": count(model.heads["decoder"]),
        "reward": count(model.heads["reward"]),
        "continue": count(model.heads["cont"]),
        "actor": count(behaviour.actor),
        "critic": count(behaviour.value),
    }
    return Works(step, imagine, observe, parts)


def _columns(seen):
    """Stretches as both peers read them: pictures `(B, T, 32, 32, 1)`, the action *into* a frame."""
    act = torch.nn.functional.one_hot(seen.act, 2).float()
    before = torch.cat([torch.zeros_like(act[:, :1]), act], 1)  # (B, T, 2)
    into = lambda x: torch.cat([torch.zeros_like(x[:, :1]), x], 1)  # noqa: E731
    return {
        "image": seen.obs.permute(0, 1, 3, 4, 2).contiguous(),
        "action": before,
        "reward": into(seen.rew)[..., None],
        "is_first": seen.first,
        "is_last": seen.first.roll(-1, 1)[..., None],
        "is_terminal": ((into(seen.cont) == 0) & (before.sum(-1) > 0))[..., None],
    }
