"""Where an ensemble's doubt can be trusted: inside the data, at its edge, and in a hole in it."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch05_ensembles.rivals import Dropout, Nearest, Noise
from wmlib.devices import new_rng
from wmlib.evaluation import auroc, coverage
from wmlib.experience import COLUMNS, Transitions, collect
from wmlib.models import Ensemble
from wmlib.worlds import Pendulum

LEVELS = [0.5, 0.8, 0.9, 0.95]
NINETY = LEVELS.index(0.9)
REGIONS = ("inside", "edge", "hole")
# What may differ between members, beside the order of their batches: (own start, own rows).
DIFFERENT = {
    "batches": (False, False),
    "bootstrap": (False, True),
    "starts": (True, False),
    "both": (True, True),
}
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
    rng = new_rng(seed)
    state = np.stack([rng.uniform(-np.pi / 2, np.pi / 2, steps), rng.uniform(-8, 8, steps)], 1)
    act = rng.uniform(-2, 2, (steps, 1)).astype(np.float32)
    nxt, rew, ends = world.step(state, act, rng)
    columns = world.obs(state), act, rew, world.obs(nxt), ends, ends, np.arange(steps)
    return Transitions(*columns)


def pendulum_ensemble(data, seed, steps=600, starts=True, **settings):
    """Five probabilistic networks on these steps of a pendulum.

    Args:
        starts: whether each member has its own random start; else all begin as the first does.
    """
    model = Ensemble(3, Pendulum.act_space, seed=seed, **settings)
    if not starts:
        with torch.no_grad():
            for weight in model.net.parameters():
                weight.copy_(weight[:1].clone().expand_as(weight))
    model.fit(data, steps=steps)
    return model


@torch.inference_mode()
def opinions(model, data, draught=True):
    """What the members say of each step, and what was likely to happen.

    Args:
        draught: whether these steps were made with it.

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
    world.DRAUGHT = Draughty.DRAUGHT * draught
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
    """AUROC and coverage in three regions, of an ensemble and of all that might replace it.

    One log is half luck: every figure is the mean over `logs` of them, each with its own networks.
    """
    test = {where: visits(where, 1000, [seed, 61, k]) for k, where in enumerate(REGIONS)}
    test["no_draught"] = without_draught(test["hole"])
    each = [one_log(test, seed, log) for log in range(logs)]
    means = {key: np.mean([figures[key] for figures in each], axis=0) for key in each[0]}
    return {"levels": LEVELS, **means}


def one_log(test, seed, log):
    """The figures of one log of 300 steps, examined on `test`, `{region: Transitions}`."""
    many, number = visits("inside", 300, [seed, 60, log]), 1000 * seed + log
    models = {
        name: pendulum_ensemble(many, number, starts=starts, bootstrap=rows)
        for name, (starts, rows) in DIFFERENT.items()
    }
    models["untrained"] = pendulum_ensemble(many, number, steps=1)
    models["few"] = pendulum_ensemble(many[:75], number)
    ask = lambda m: {w: opinions(m, d, w != "no_draught") for w, d in test.items()}  # noqa: E731
    said = {name: ask(m) for name, m in models.items()}
    ours, model = said["both"], models["both"]
    figures = {
        "noise": np.median(ours["inside"]["noise"]),
        "noise_few": np.median(said["few"]["inside"]["noise"]),
        "ignorance": np.median(ours["inside"]["disagreement"]),
        "ignorance_few": np.median(said["few"]["inside"]["disagreement"]),
    }
    scores = {
        "": models["both"],
        "_untrained": models["untrained"],
        "_nearest": Nearest(many, model),
        "_dropout": Dropout(many, model, number),
        "_noise": Noise(model),
    }
    for name, who in scores.items():
        asked = {w: scored(who, data) for w, data in test.items() if w in REGIONS}
        figures |= {
            f"auroc_{w}{name}": x for w, x in aurocs(asked, ours["inside"]["error"]).items()
        }
    chance = new_rng([seed, 62, log])
    blind = {w: chance.random(len(ours[w]["error"])) for w in REGIONS}
    figures |= {f"auroc_{w}_chance": x for w, x in aurocs(blind, blind["hole"]).items()}
    figures["auroc_hole_oracle"] = _apart(ours["inside"]["error"], ours["hole"]["error"])
    spread = np.std(ours["inside"]["surprise"])  # one deviation for every prediction
    for where, o in ours.items():
        figures[f"error_{where}"] = np.median(o["error"])
        figures[f"cover_{where}"] = coverage(o["surprise"], o["total"], LEVELS)
        figures[f"cover_{where}_one"] = coverage(o["one_surprise"], o["one_noise"], LEVELS)
        constant = np.full(len(o["surprise"]), spread)
        figures[f"cover_{where}_constant"] = coverage(o["surprise"], constant, LEVELS)
        o = said["untrained"][where]
        figures[f"cover_{where}_untrained"] = coverage(o["surprise"], o["total"], LEVELS)
    for name in DIFFERENT:
        o = said[name]
        figures[f"spread_{name}"] = np.median(o["edge"]["disagreement"])
        figures[f"held_{name}"] = coverage(o["edge"]["surprise"], o["edge"]["total"], [0.9])[0]
        figures[f"accuracy_{name}"] = np.median(o["inside"]["error"])
    figures["ignorance_untrained"] = np.median(said["untrained"]["inside"]["disagreement"])
    for name, where in (("", ours), ("_untrained", said["untrained"])):
        figures[f"width_inside{name}"] = np.median(where["inside"]["total"])
    figures["noise_untrained"] = np.median(said["untrained"]["inside"]["noise"])
    return figures


def without_draught(data):
    """The same steps as they would have gone in the same gusts without the draught."""
    world = Draughty()
    nxt = world.state_of(data.next_obs) - world.DRAUGHT * np.array([[0.05, 1.0]])
    columns = [world.obs(nxt) if c == "next_obs" else getattr(data, c) for c in COLUMNS]
    return Transitions(*columns)


def scored(who, data):
    """A score of every step: `(N,)`."""
    with torch.inference_mode():
        return who.disagreement(torch.as_tensor(data.obs), torch.as_tensor(data.act)).numpy()


def aurocs(score, error, share=0.2):
    """AUROC inside (for the worst fifth of the errors), past the edge and in the hole.

    Args:
        score: `{region: (N,)}`. error: `(N,)` of the steps inside.
    """
    worst = error > np.quantile(error, 1 - share)
    found = {w: _apart(score["inside"], score[w]) for w in ("edge", "hole")}
    return found | {"inside": auroc(score["inside"], worst)}


def _apart(known, unknown):
    """How well a score tells unknown states from known ones."""
    score = np.concatenate([known, unknown])
    return auroc(score, np.arange(len(score)) >= len(known))
