"""Where an ensemble's doubt can be trusted: inside the data, at its edge, and in a hole in it."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.evaluation import auroc, coverage
from wmlib.experience import Transitions, collect
from wmlib.models import Ensemble
from wmlib.worlds import Pendulum

LEVELS = [0.5, 0.8, 0.9, 0.95]
GUST = 0.05


class Draughty(Pendulum):
    """The pendulum, hanging, with small gusts; and a steady draught where nobody ever looked.

    Episodes begin near the bottom and last 50 steps, so that random torques hardly ever reach the
    upper half. Each step kicks the velocity by about 0.05 rad/s: noise that no data can cure.
    Within 0.15 rad of the bottom a draught adds 0.5 rad/s a step.
    """

    DRAUGHT = 0.5
    max_steps = 50

    def initial(self, n, rng):
        return np.stack([np.pi + rng.uniform(-1, 1, n), rng.uniform(-1, 1, n)], axis=1)

    def step(self, state, action, rng=None):
        nxt, rew, terminated = super().step(state, action)
        kick = self.DRAUGHT * self.hole(state)
        if rng is not None:
            kick = kick + GUST * rng.standard_normal(len(nxt))
        return nxt + np.stack([0.05 * kick, kick], axis=1), rew, terminated

    @staticmethod
    def hole(state):
        """Whether a state is in the draught: `(B, 2) -> (B,)`."""
        return np.abs(state[:, 0] % (2 * np.pi) - np.pi) < 0.15


def visits(where, steps, seed):
    """Real steps under random torques, from one region.

    Args:
        where: "inside" (swinging, but not through the draught), "hole" (in the draught, which lies
            in the middle of it all), or "edge" (the upper half, drawn evenly, up to 8 rad/s).
    """
    world = Draughty()
    if where != "edge":
        data = collect(world, steps=20 * steps if where == "hole" else 2 * steps, seed=seed)
        keep = world.hole(world.state_of(data.obs)) == (where == "hole")
        return data[np.flatnonzero(keep)[:steps]]
    rng = np.random.default_rng(seed)
    state = np.stack([rng.uniform(-np.pi / 2, np.pi / 2, steps), rng.uniform(-8, 8, steps)], 1)
    act = rng.uniform(-2, 2, (steps, 1)).astype(np.float32)
    nxt, rew, ends = world.step(state, act, rng)
    columns = world.obs(state), act, rew, world.obs(nxt), ends, ends, np.arange(steps)
    return Transitions(*columns)


def pendulum_ensemble(data, seed, steps=600, **settings):
    """Five probabilistic networks on these steps of a pendulum."""
    model = Ensemble(3, Pendulum.act_space, seed=seed, **settings)
    model.fit(data, steps=steps)
    return model


@torch.inference_mode()
def opinions(model, data):
    """What the members say of each step, and what was likely to happen.

    Returns:
        dict of `(N,)`. Of all features, in units of their usual change, root mean square: `error`
        of the members' average against the world without its gusts, and `disagreement`. Of the
        next velocity (rad/s): `surprise` against what happened, `noise` (the mean stated
        deviation), `total` (both uncertainties together), and for the first member alone
        `one_surprise`, `one_noise`.
    """
    obs, act = torch.as_tensor(data.obs), torch.as_tensor(data.act)
    mean, std = (part[..., :3].numpy() for part in model.distribution(obs, act))
    world = Draughty()
    likely = world.obs(world.step(world.state_of(data.obs), data.act)[0])
    error = (mean.mean(0) - likely) / model.norm_out.std[:3].numpy()
    mean, std = mean[..., 2], std[..., 2]
    noise = np.sqrt((std**2).mean(0))
    return {
        "error": np.sqrt((error**2).mean(-1)),
        "surprise": mean.mean(0) - data.next_obs[:, 2],
        "disagreement": model.disagreement(obs, act).numpy(),
        "noise": noise,
        "total": np.sqrt(noise**2 + mean.var(0)),
        "one_surprise": mean[0] - data.next_obs[:, 2],
        "one_noise": std[0],
    }


def doubt_figures(seed, logs=2):
    """AUROC and coverage in three regions; noise and ignorance with little and with much data.

    One log is half luck: every figure is the mean over `logs` of them, each with its own networks.
    """
    test = {where: visits(where, 1000, [seed, 61, k]) for k, where in enumerate(REGIONS)}
    each = [one_log(test, seed, log) for log in range(logs)]
    means = {key: np.mean([figures[key] for figures in each], axis=0) for key in each[0]}
    return {"levels": LEVELS, **means}


def one_log(test, seed, log):
    """The figures of one log of 300 steps, examined on `test`, `{region: Transitions}`."""
    many = visits("inside", 300, [seed, 60, log])
    models = {
        "few": pendulum_ensemble(many[:75], 1000 * seed + log),
        "many": pendulum_ensemble(many, 1000 * seed + log),
        "same": pendulum_ensemble(many, 1000 * seed + log, bootstrap=False),
    }
    said = {where: opinions(models["many"], data) for where, data in test.items()}
    inside, few = said["inside"], opinions(models["few"], test["inside"])
    plain = {w: opinions(models["same"], data)["disagreement"] for w, data in test.items()}
    figures = {
        "auroc_inside": auroc(inside["disagreement"], _worst(inside["error"])),
        "noise": np.median(inside["noise"]),
        "noise_few": np.median(few["noise"]),
        "ignorance": np.median(inside["disagreement"]),
        "ignorance_few": np.median(few["disagreement"]),
    }
    for where in ("edge", "hole"):
        figures[f"auroc_{where}"] = _apart(inside["disagreement"], said[where]["disagreement"])
        figures[f"auroc_{where}_no_bootstrap"] = _apart(plain["inside"], plain[where])
        figures[f"auroc_{where}_noise"] = _apart(inside["noise"], said[where]["noise"])
    for where, o in said.items():
        figures[f"error_{where}"] = np.median(o["error"])
        figures[f"cover_{where}"] = coverage(o["surprise"], o["total"], LEVELS)
        figures[f"cover_{where}_one"] = coverage(o["one_surprise"], o["one_noise"], LEVELS)
    return figures


REGIONS = ("inside", "edge", "hole")


def _worst(error, share=0.2):
    return error > np.quantile(error, 1 - share)


def _apart(known, unknown):
    """How well a score tells unknown states from known ones."""
    score = np.concatenate([known, unknown])
    return auroc(score, np.arange(len(score)) >= len(known))
