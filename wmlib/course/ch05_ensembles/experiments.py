"""Chapter 5, ensembles: the experiments behind its claims."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch05_ensembles.branching import (
    BRANCHES,
    alike,
    branch_drift,
    log_and_model,
    planned,
    pushed_at_random,
    wandering,
)
from wmlib.course.ch05_ensembles.curiosity import ROUNDS, curious, explore, held_torques
from wmlib.course.ch05_ensembles.doubt import doubt_figures
from wmlib.course.ch05_ensembles.exploitation import (
    ITERATIONS,
    paid,
    search,
    valley_log,
    valley_models,
)
from wmlib.course.ch05_ensembles.gates import (
    BY_CHANCE,
    bold_driver,
    drive,
    gate_figures,
    gated_driver,
    scores,
    taught,
)
from wmlib.course.ch05_ensembles.mbpo import BranchedQ, learn_online
from wmlib.course.ch05_ensembles.rivals import ByChance
from wmlib.course.ch05_ensembles.road import Road, crawl
from wmlib.devices import new_rng
from wmlib.evaluation import evaluate, mean_return
from wmlib.evidence import Claim, Experiment
from wmlib.learning.swing_up import SWING, pendulum_steps
from wmlib.models import Ensemble, Simulator
from wmlib.planning import CEM, MPC
from wmlib.worlds import CartPole, Pendulum

# --- what disagreement is worth -------------------------------------------------------------------


def ours(name):
    """The figures of the ensemble, and in their place those of `name` in the same run."""
    keys = ("auroc_inside", "auroc_edge", "auroc_hole")
    return {key: f"{key}_{name}" for key in keys}


def covers(name):
    """The same for the coverage of the intervals."""
    return {key: f"{key}_{name}" for key in ("cover_inside", "cover_edge")}


doubts = Experiment(
    "05_doubt",
    doubt_figures,
    {
        "edge": Claim(
            "Past the edge of the data disagreement reaches an AUROC of at least {high} "
            "({auroc_edge:.2f}). Networks after one step of training reach "
            "{untrained[auroc_edge]:.2f}, the distance from the nearest row "
            "{nearest[auroc_edge]:.2f}, one network with dropout {dropout[auroc_edge]:.2f}.",
            lambda f, high: f["auroc_edge"] >= high,
            trivial=["chance", "stated_noise"],
            high=0.95,
        ),
        "blind": Claim(
            "In the hole the median error is at least {times} times that inside ({error_hole:.2f} "
            "against {error_inside:.2f}), and the AUROC of disagreement is at most {coin} "
            "({auroc_hole:.2f}); untrained networks {untrained[auroc_hole]:.2f}, distance "
            "{nearest[auroc_hole]:.2f}, dropout {dropout[auroc_hole]:.2f}.",
            lambda f, times, coin: (
                f["error_hole"] >= times * f["error_inside"] and f["auroc_hole"] <= coin
            ),
            trivial=["no_draught", "oracle"],
            times=10,
            coin=0.6,
        ),
        "confident": Claim(
            "Fewer than {few:.0%} of the ensemble's 90 % intervals hold what happens in the hole.",
            lambda f, few: f["cover_hole"][2] < few,
            trivial=["no_draught"],
            few=0.1,
        ),
        "calibrated": Claim(
            "Inside, 90 % intervals of the ensemble hold between {low:.0%} and {high:.0%} of what "
            "happens ({cover_inside[2]:.0%}) with a deviation of at most {narrow} rad/s "
            "({width_inside:.3f}), past the edge at least {edge:.0%} "
            "({cover_edge[2]:.0%}); there those of its first member hold {one[cover_edge][2]:.0%}, "
            "those of one deviation for all {constant[cover_edge][2]:.0%}.",
            lambda f, low, high, narrow, edge: (
                low <= f["cover_inside"][2] <= high
                and f["width_inside"] <= narrow
                and f["cover_edge"][2] >= edge
            ),
            trivial=["untrained_intervals", "one", "constant"],
            low=0.75,
            high=0.95,
            narrow=0.1,
            edge=0.8,
        ),
        "starts": Claim(
            "Past the edge members that differ in their random starts alone disagree at least "
            "{times} times as much as members that differ in their bootstrap alone "
            "({spread_starts:.2f} against {spread_bootstrap:.2f}); with both it is "
            "{spread_both:.2f}, with neither {spread_batches:.2f}.",
            lambda f, times: f["spread_starts"] >= times * f["spread_bootstrap"],
            trivial=["batches"],
            times=1.3,
        ),
        "two": Claim(
            "With four times the data the disagreement is at most {share} of what it was "
            "({ignorance:.3f} after {ignorance_few:.3f}); the stated noise stays within {off:.0%} of "
            "the true 0.05 ({noise:.3f}).",
            lambda f, share, off: (
                f["ignorance"] <= share * f["ignorance_few"] and abs(f["noise"] / 0.05 - 1) <= off
            ),
            trivial=["untrained_noise"],
            share=0.67,
            off=0.4,
        ),
    },
    trivial={
        "chance": ours("chance"),
        "stated_noise": ours("noise"),
        "no_draught": {"error_hole": "error_no_draught", "cover_hole": "cover_no_draught"},
        "oracle": {"auroc_hole": "auroc_hole_oracle"},
        "untrained_intervals": covers("untrained") | {"width_inside": "width_inside_untrained"},
        "one": covers("one"),
        "constant": covers("constant"),
        "batches": {"spread_starts": "spread_batches"},
        "untrained_noise": {"ignorance": "ignorance_untrained", "noise": "noise_untrained"},
    },
    rival={"untrained": ours("untrained"), "nearest": ours("nearest"), "dropout": ours("dropout")},
)

# --- the planner finds the mistakes ---------------------------------------------------------------


def run_exploitation(seed):
    """CEM with more and more iterations: what the model promises and what the world pays."""
    models = valley_models(valley_log([seed, 70]), seed)
    figures = {"iterations": ITERATIONS}
    for name, model in models.items():
        found = [search(model, iterations, seed)[:2] for iterations in ITERATIONS]
        figures[f"{name}_promised"] = [promised for promised, _ in found]
        figures[f"{name}_paid"] = [paid for _, paid in found]
    generator = torch.Generator().manual_seed(seed)
    pushes = 6 * torch.rand((1, 15, 1), generator=generator) - 3
    figures["random_paid"] = [paid(pushes)] * len(ITERATIONS)
    figures["still_paid"] = [paid(torch.zeros(1, 15, 1))] * len(ITERATIONS)
    figures["one_best"] = max(figures["one_paid"])
    return figures


exploitation = Experiment(
    "05_exploitation",
    run_exploitation,
    {
        "exploited": Claim(
            "A harder search in one network promises more: after 20 iterations at "
            "least {times} times as much as after 1 ({one_promised[5]:.1f} after "
            "{one_promised[0]:.1f}). The world pays less than {share} of the best on the way "
            "({one_paid[5]:.1f} after {one_best:.1f}). Five networks without a price are paid "
            "{five[one_paid][5]:.1f}.",
            lambda f, times, share: (
                f["one_promised"][-1] >= times * f["one_promised"][0]
                and f["one_paid"][-1] < share * f["one_best"]
            ),
            trivial=["truth"],
            times=2,
            share=0.5,
        ),
        "cautious": Claim(
            "With a price on the disagreement of five the same search is paid at least {most} "
            "({cautious_paid[5]:.1f}); one network with a price on the distance from the nearest "
            "row {nearest[cautious_paid][5]:.1f}, one network whose search stops after 2 iterations "
            "{one_paid[1]:.1f}, the true model {truth_paid[5]:.1f}.",
            lambda f, most: f["cautious_paid"][-1] >= most,
            trivial=["random", "still", "one"],
            most=3,
        ),
    },
    trivial={
        "truth": {"one_promised": "truth_promised", "one_paid": "truth_paid"},
        "random": {"cautious_paid": "random_paid"},
        "still": {"cautious_paid": "still_paid"},
        "one": {"cautious_paid": "one_paid"},
    },
    rival={"five": {"one_paid": "five_paid"}, "nearest": {"cautious_paid": "nearest_paid"}},
)

# --- act only when they agree ---------------------------------------------------------------------

WORLDS = ("flooded", "dry")


def driven(agents, seed, episodes=10):
    """What these drivers come to on both roads: `{name: agent}` -> figures."""
    return gate_figures(
        {
            (name, world): drive(Road(flooded=world == "flooded"), agent, episodes, [seed, 53])
            for name, agent in agents.items()
            for world in WORLDS
        }
    )


def run_gate(seed):
    """Bold, gated and safe, ten drives each, on the flooded road and on the dry one."""
    _, held_out, model = taught(seed)
    agents = {"bold": bold_driver(model, seed), "gated": gated_driver(model, held_out, seed)}
    return driven(agents | {"safe": crawl}, seed)


def instead(agent_of):
    """Five drives on each road by somebody else in the place of the gated driver."""
    return lambda seed: driven({"gated": agent_of(seed, *taught(seed))}, seed, 5)


def behind(name):
    """The same gate with another score, its threshold decided by the same held-out trips."""

    def agent(seed, train, held_out, model):
        return gated_driver(model, held_out, seed, scores(train, model, seed)[name])

    return instead(agent)


def driver(name):
    """The gated driver's figures, and in their place those of another in the same run."""
    keys = ("flooded_wrecked", "dry_abstention", "dry_seconds", "return")
    return {f"gated_{key}": f"{name}_{key}" for key in keys}


def by_accident(seed, train, held_out, model):
    """Hands over at random, as often as the gate."""
    return ByChance(bold_driver(model, seed), crawl, BY_CHANCE, seed)


gate = Experiment(
    "05_gate",
    run_gate,
    {
        "saves": Claim(
            "On the flooded road the gated driver loses at most {few:.0%} of its cars "
            "({gated_flooded_wrecked:.0%}), the bold one {bold_flooded_wrecked:.0%}; behind a gate "
            "on dropout {dropout[gated_flooded_wrecked]:.0%} are lost, on distance "
            "{nearest[gated_flooded_wrecked]:.0%}, handing over by chance "
            "{chance[gated_flooded_wrecked]:.0%}.",
            lambda f, few: f["gated_flooded_wrecked"] <= few,
            trivial=["bold"],
            few=0.2,
        ),
        "price": Claim(
            "On the dry road it hands over at most {share:.0%} of its decisions "
            "({gated_dry_abstention:.0%}) and takes at most {longer} seconds "
            "({gated_dry_seconds:.0f}; bold {bold_dry_seconds:.0f}, always safe "
            "{safe_dry_seconds:.0f}, dropout {dropout[gated_dry_seconds]:.0f}, distance "
            "{nearest[gated_dry_seconds]:.0f}).",
            lambda f, share, longer: (
                f["gated_dry_abstention"] <= share and f["gated_dry_seconds"] <= longer
            ),
            trivial=["safe"],
            share=0.4,
            longer=40,
        ),
        "return": Claim(
            "Over both roads its mean return is at least {margin} better than those of the bold and "
            "of the safe driver ({gated_return:.0f}; {bold_return:.0f}, {safe_return:.0f}); dropout "
            "{dropout[gated_return]:.0f}, distance {nearest[gated_return]:.0f}, by chance "
            "{chance[gated_return]:.0f}.",
            lambda f, margin: f["gated_return"] >= max(f["bold_return"], f["safe_return"]) + margin,
            margin=16,
        ),
    },
    bar=1.0,
    trivial={"bold": driver("bold"), "safe": driver("safe"), "chance": instead(by_accident)},
    rival={"dropout": behind("dropout"), "nearest": behind("nearest")},
)

# --- the same signal, turned round ----------------------------------------------------------------


def run_wonder(seed):
    """600 real steps of a hanging pendulum: random torques, or after what the members dispute."""
    figures = {}
    for name, agent_of in (("random", None), ("curious", curious)):
        figures[name], figures[f"{name}_top"] = explore(agent_of, seed)
    figures["steps"] = [100 * (round_ + 1) for round_ in range(ROUNDS)]
    return figures


def explorer(agent_of):
    """The errors of somebody else: `seed -> figures`."""

    def figures(seed):
        errors, top = explore(agent_of, seed)
        return {"curious": errors, "curious_top": top, "curious_late": float(np.mean(errors[3:]))}

    return figures


wonder = Experiment(
    "05_wonder",
    run_wonder,
    {
        "error": Claim(
            "After 400 to 600 real steps the model that went where its members disagreed errs on "
            "average at most {share} as much, over all states, as the one that moved at random "
            "(600 steps: {curious[5]:.2f} against {random[5]:.2f} rad/s); after random torques that "
            "are held for ten steps it errs by {held[curious][5]:.2f}.",
            # One error alone says little: how wrong a network is where it was never taught is luck.
            lambda f, share: np.mean(f["curious"][3:]) < share * np.mean(f["random"][3:]),
            share=0.67,
        )
    },
    trivial={"at_random": {"curious": "random"}},
    rival={"held": explorer(held_torques)},
)

# --- PETS -----------------------------------------------------------------------------------------


def swing_return(model, seed, search=None, episodes=20):
    """Mean return on the same fresh starts for every model and every search."""
    agent = MPC(model, search or CEM(**SWING), seed=seed)
    return mean_return(agent, seed, episodes, Pendulum())


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


def torques(agent):
    """The same starts with an agent that plans nothing: `seed -> figures`."""

    def figures(seed):
        found = evaluate(Pendulum(), agent(seed), 6, seed=[seed, 3]).returns.mean()
        return {"ts_infinity": found, "ts1": found}

    return figures


def by_chance(seed):
    """Random torques."""
    rng = new_rng(seed)
    return lambda obs: rng.uniform(-2, 2, (len(obs), 1)).astype(np.float32)


def still(seed):
    """No torque."""
    return lambda obs: np.zeros((len(obs), 1), np.float32)


pets = Experiment(
    "05_pets",
    run_pets,
    {
        "near": Claim(
            "After 600 real steps five networks swing the pendulum up within {near} points of the "
            "true model, with TS-infinity and with TS1 ({ts_infinity:.0f} and {ts1:.0f}, true "
            "{true:.0f}); so does one network ({one[ts_infinity]:.0f}).",
            lambda f, near: min(f["ts1"], f["ts_infinity"]) > f["true"] - near,
            near=40,
        )
    },
    trivial={"random": torques(by_chance), "still": torques(still)},
    rival={"one": {"ts_infinity": "one", "ts1": "one"}},
)

# --- Dyna with networks ---------------------------------------------------------------------------


def run_branches(seed):
    """Q-learning from 500 random real steps of CartPole, and from branches of k imagined ones."""
    data, model, aim = log_and_model(seed)
    figures = {"lengths": BRANCHES, "returns": []}
    for length in BRANCHES:
        agent = BranchedQ(aim, data, length, seed=seed).learn()
        played = evaluate(CartPole(), agent.act, 20, seed=[seed, 96])
        figures["returns"].append(played.returns.mean())
    return {**figures, "drift": branch_drift(model, data, seed)}


branches = Experiment(
    "05_branches",
    run_branches,
    {
        "imagined": Claim(
            "With branches of 3, 10 or 40 imagined steps the pole stands on average at least {more} "
            "times as long as after Q-learning from the same 500 random real steps alone "
            "({returns[2]:.0f}, {returns[3]:.0f}, {returns[4]:.0f} against {returns[0]:.0f}; Dyna-Q's "
            "k = 1: {returns[1]:.0f}). After ten random actions a branch it is "
            "{wandering[returns][0]:.0f}, with a planner in the same model {planner[returns][0]:.0f}.",
            lambda f, more: np.mean(f["returns"][2:]) > more * f["returns"][0],
            more=1.5,
        )
    },
    trivial={"random": alike(pushed_at_random)},
    rival={"planner": alike(planned), "wandering": alike(wandering)},
)

ONLINE = [0, 1, 5]


def run_mbpo(seed):
    """MBPO's loop on CartPole for branches of each length; k = 0 is replay without a model."""
    curves = [learn_online(seed, length) for length in ONLINE]
    last = [float(np.mean(curve[-2:])) for curve in curves]
    return {"lengths": ONLINE, "curves": curves, "replay": last[0], "dyna": last[1]} | {
        "branches": last[2],
        "random": float(pushed_at_random(seed)),
    }


mbpo = Experiment(
    "05_mbpo",
    run_mbpo,
    {
        "learns": Claim(
            "After 400 and 500 real steps an agent that learns from branches of 5 steps balances at "
            "least {steps} of 500 steps on average ({branches:.0f}; Dyna-Q's k = 1: "
            "{dyna_q[branches]:.0f}); the same Q-learning from real steps alone "
            "{replayed[branches]:.0f}, random pushes {random:.0f}.",
            lambda f, steps: f["branches"] >= steps,
            steps=100,
        )
    },
    trivial={"pushes": {"branches": "random"}},
    rival={"replayed": {"branches": "replay"}, "dyna_q": {"branches": "dyna"}},
)
