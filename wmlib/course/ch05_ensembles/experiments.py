"""Chapter 5, ensembles: the experiments behind its claims."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch05_ensembles.curiosity import Hanging, curious, error_everywhere
from wmlib.course.ch05_ensembles.doubt import doubt_figures, pendulum_ensemble
from wmlib.course.ch05_ensembles.exploitation import ITERATIONS, search, valley_log, valley_models
from wmlib.course.ch05_ensembles.gated import Shortening, familiar
from wmlib.course.ch05_ensembles.gates import (
    bold_driver,
    drive,
    gate_figures,
    gated_driver,
    road_ensemble,
    road_log,
)
from wmlib.course.ch05_ensembles.mbpo import BranchedQ
from wmlib.course.ch05_ensembles.road import Road, crawl
from wmlib.evaluation import evaluate, mean_return
from wmlib.evidence import Experiment
from wmlib.experience import collect
from wmlib.learning.swing_up import SWING, pendulum_steps
from wmlib.models import Ensemble, Simulator
from wmlib.planning import CEM, ICEM, MPC
from wmlib.planning.goals import constant, standing, upright
from wmlib.worlds import CartPole, Pendulum


def swing_return(model, seed, search=None, episodes=20):
    """Mean return on the same fresh starts for every model and every search."""
    agent = MPC(model, search or CEM(**SWING), seed=seed)
    return mean_return(agent, seed, episodes, Pendulum())


def run_gate(seed):
    """Bold, gated and safe, ten drives each, on the flooded road and on the dry one."""
    train, held_out = road_log(seed)
    model = road_ensemble(train, seed)
    agents = {
        "bold": lambda: bold_driver(model, seed),
        "gated": lambda: gated_driver(model, held_out, seed),
        "safe": lambda: crawl,
    }
    drives = {
        (name, world): drive(Road(flooded=world == "flooded"), agent(), 10, seed=[seed, 53])
        for name, agent in agents.items()
        for world in ("flooded", "dry")
    }
    threshold = gated_driver(model, held_out, seed).threshold
    return {"threshold": threshold, **gate_figures(drives)}


gate = Experiment(
    "05_gate",
    run_gate,
    {
        "bold": (
            "on the flooded road the bold driver ends in the water at least nine times in ten",
            lambda f: f["bold_flooded_wrecked"] >= 0.9,
        ),
        "gated": (
            "the gated driver does so at most twice in ten",
            lambda f: f["gated_flooded_wrecked"] <= 0.2,
        ),
        "abstention": (
            "on the dry road, where there is nothing to fear, it hands over in at most 40 % of "
            "its decisions",
            lambda f: f["gated_dry_abstention"] <= 0.4,
        ),
        "beats_bold": (
            "over both roads its mean return beats the bold driver's",
            lambda f: f["gated_return"] > f["bold_return"],
        ),
        "beats_safe": (
            "and the always-safe driver's",
            lambda f: f["gated_return"] > f["safe_return"],
        ),
    },
    bar=1.0,
)


FACTORS = [1, 5, 10]


def run_dial(seed):
    """The gate's one dial: the threshold that the held-out trips decided, and looser ones."""
    train, held_out = road_log(seed)
    model = road_ensemble(train, seed)
    wrecked = []
    for factor in FACTORS:
        agent = gated_driver(model, held_out, seed)
        agent.threshold *= factor
        wrecked.append(drive(Road(), agent, 5, [seed, 54]).wrecked.mean())
    return {"factors": FACTORS, "wrecked": wrecked}


dial = Experiment(
    "05_dial",
    run_dial,
    {
        "five": (
            "with five times the threshold the gate loses cars that the threshold itself saves",
            lambda f: f["wrecked"][1] > f["wrecked"][0],
        ),
        "ten": (
            "with ten times the threshold every car ends in the water",
            lambda f: f["wrecked"][2] == 1,
        ),
    },
)


def run_exploitation(seed):
    """CEM with more and more iterations: what the model promises and what the world pays."""
    models = valley_models(valley_log([seed, 70]), seed)
    figures = {"iterations": ITERATIONS}
    for name, model in models.items():
        found = [search(model, iterations, seed)[:2] for iterations in ITERATIONS]
        figures[f"{name}_promised"] = [promised for promised, _ in found]
        figures[f"{name}_paid"] = [paid for _, paid in found]
    return figures


exploitation = Experiment(
    "05_exploitation",
    run_exploitation,
    {
        "promised": (
            "the harder the search in one model, the more it promises: most after 20 iterations, "
            "at least twice as much as after 1",
            lambda f: f["one_promised"][-1] > 2 * f["one_promised"][0],
        ),
        "paid": (
            "and the less the world pays: after 20 iterations less than half of the best on the way",
            lambda f: f["one_paid"][-1] < 0.5 * max(f["one_paid"]),
        ),
        "cautious": (
            "with five models and a price on their disagreement the same search ends with at "
            "least twice as much",
            lambda f: f["cautious_paid"][-1] > 2 * f["one_paid"][-1],
        ),
    },
)


doubts = Experiment(
    "05_doubt",
    doubt_figures,
    {
        "edge": (
            "past the edge of the data disagreement tells known from unknown: AUROC at least 0.9",
            lambda f: f["auroc_edge"] >= 0.9,
        ),
        "inside": (
            "inside the data it finds the worst fifth of the errors: AUROC at least 0.7",
            lambda f: f["auroc_inside"] >= 0.7,
        ),
        "hole": (
            "in a hole in the middle of the data it is nearly blind: AUROC below 0.75",
            lambda f: f["auroc_hole"] < 0.75,
        ),
        "confident": (
            "and confidently wrong: not one in ten of its 90 % intervals there holds the truth",
            lambda f: f["cover_hole"][2] < 0.1,
        ),
        "calibrated": (
            "inside the data its 90 % intervals hold between 75 and 95 % of what happens",
            lambda f: 0.75 <= f["cover_inside"][2] <= 0.95,
        ),
        "ignorance": (
            "four times the data shrinks the disagreement by a third or more",
            lambda f: f["ignorance"] < f["ignorance_few"] * 2 / 3,
        ),
        "noise": (
            "the noise they state is the noise there is, within 40 %",
            lambda f: 0.6 < f["noise"] / 0.05 < 1.4,
        ),
    },
)


ROUNDS = 6  # of 100 real steps each


def run_wonder(seed):
    """600 real steps of a hanging pendulum: random torques, or after what the members dispute."""
    figures = {}
    for name in ("random", "curious"):
        data, errors = collect(Hanging(), steps=100, seed=[seed, 80]), []
        for round_ in range(ROUNDS):
            model = pendulum_ensemble(data, seed + 100 * round_, steps=500)
            errors.append(error_everywhere(model))
            if round_ < ROUNDS - 1:
                agent = curious(model, seed) if name == "curious" else None
                data = data + collect(Hanging(), agent, steps=100, seed=[seed, 81 + round_])
        figures[name] = errors
        figures[f"{name}_top"] = float((data.obs[:, 0] > 0).mean())
    figures["steps"] = [100 * (round_ + 1) for round_ in range(ROUNDS)]
    return figures


wonder = Experiment(
    "05_wonder",
    run_wonder,
    {
        "error": (
            "after 400 to 600 real steps the model that went where its members disagreed errs on "
            "average at most two thirds as much, over all states, as the one that moved at random",
            # One error alone says little: how wrong a network is where it was never taught is luck.
            lambda f: np.mean(f["curious"][3:]) < 2 / 3 * np.mean(f["random"][3:]),
        )
    },
    seeds=20,
)


def lean(obs):
    """A hand-made fallback for the cart-pole: push the way the pole is falling."""
    return (obs[:, 2] + 0.25 * obs[:, 3] > 0).astype(np.int64)


class ShortCartPole(CartPole):
    """CartPole cut off after 200 steps, to keep the experiment short."""

    max_steps = 200


def run_shortening(seed):
    """CartPole from 50 random steps: plan 15 ahead whatever the members say, or only as far."""
    train = collect(CartPole(), None, 50, seed=[seed, 90])
    held_out = collect(CartPole(), None, 200, seed=[seed, 91])
    model = Ensemble(4, CartPole.act_space, seed=seed)
    model.fit(train, steps=600)
    aim = model.goal(rew=upright, cont=standing)
    planners = [ICEM(horizon, 40, 2, 6) for horizon in (15, 6, 3)]
    careful = Shortening(planners, aim, model, lean, familiar(model, held_out, 1, 0.95), seed)
    agents = {"bold": MPC(aim, planners[0], seed), "careful": careful, "fallback": lean}
    figures = {}
    for name, agent in agents.items():
        played = evaluate(ShortCartPole(), agent, 10, seed=[seed, 92])
        figures[name] = played.returns.mean()
    total = sum(careful.counts.values())
    figures["looked"] = [careful.counts[h] / total for h in (15, 6, 3, 0)]
    return figures


shortening = Experiment(
    "05_shortening",
    run_shortening,
    {
        "careful": (
            "looking only as far as the members agree, the planner balances at least as long as "
            "looking 15 steps ahead regardless",
            lambda f: f["careful"] >= f["bold"],
        )
    },
    seeds=10,
)


def run_pets(seed):
    """Pendulum swing-up from 600 real steps: PETS beside one network and the true model."""
    data = pendulum_steps(600, seed)
    models = {
        "one": Ensemble(3, Pendulum.act_space, members=1, bootstrap=False, seed=seed),
        "ts1": Ensemble(3, Pendulum.act_space, redraw=True, seed=seed),
        "ts_infinity": Ensemble(3, Pendulum.act_space, seed=seed),
    }
    figures = {"true": swing_return(Simulator(Pendulum()), seed, episodes=6)}
    for name, model in models.items():
        model.fit(data, steps=1000)
        figures[name] = swing_return(model, seed, episodes=6)
    return figures


pets = Experiment(
    "05_pets",
    run_pets,
    {
        "ts_infinity": (
            "after 600 real steps five networks swing the pendulum up within 40 points of the true "
            "model, on the same starts, each particle with its own network",
            lambda f: f["ts_infinity"] > f["true"] - 40,
        ),
        "ts1": ("and with networks drawn anew at every step", lambda f: f["ts1"] > f["true"] - 40),
        "nearer": (
            "five networks come nearer to the true model than one does",
            lambda f: min(f["ts1"], f["ts_infinity"]) > f["one"],
        ),
    },
)


BRANCHES = [0, 1, 3, 10, 40]


def run_branches(seed):
    """Q-learning from 500 random real steps of CartPole, and from branches of k imagined ones."""
    data = collect(CartPole(), None, 500, seed=[seed, 95])
    model = Ensemble(4, CartPole.act_space, seed=seed)
    model.fit(data, steps=800)
    aim = model.goal(rew=constant, cont=standing)
    figures = {"lengths": BRANCHES, "returns": []}
    for length in BRANCHES:
        agent = BranchedQ(aim, data, length, seed=seed).learn()
        played = evaluate(CartPole(), agent.act, 20, seed=[seed, 96])
        figures["returns"].append(played.returns.mean())
    return {**figures, "drift": branch_drift(model, data, seed)}


@torch.inference_mode()
def branch_drift(model, data, seed, length=40, starts=200):
    """How far imagined branches are from the truth after 1, 2, ... steps: `(length,)`.

    Branches off from real states and balances by `lean`, looking at what is imagined; the truth
    follows with the same actions. Mean distance, in the data's deviations, root mean square over
    features.
    """
    generator = torch.Generator().manual_seed(seed)
    pick = torch.randint(len(data.obs), (starts,), generator=generator).numpy()
    truth, spread, off = Simulator(CartPole()), torch.as_tensor(data.obs.std(0)), []
    dream, real = model.start(data.obs[pick]), truth.start(data.obs[pick])
    for _ in range(length):
        action = torch.as_tensor(lean(model.decode(dream).numpy()))
        dream, real = model.step(dream, action)[0], truth.step(real, action)[0]
        gap = (model.decode(dream) - torch.as_tensor(truth.decode(real))) / spread
        off.append(float(gap.pow(2).mean(-1).sqrt().mean()))
    return off


branches = Experiment(
    "05_branches",
    run_branches,
    {
        "imagined": (
            "with branches of 3, 10 or 40 imagined steps the pole stands, on average, half as long "
            "again as with the same 500 real steps alone",
            lambda f: np.mean(f["returns"][2:]) > 1.5 * f["returns"][0],
        ),
        "drift": (
            "after 40 imagined steps a branch is at least five times as far from the truth as "
            "after 3",
            lambda f: f["drift"][39] > 5 * f["drift"][2],
        ),
    },
)
