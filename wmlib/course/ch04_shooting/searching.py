"""Chapter 4: experiments about the search itself. How far, how many, and which planner."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch04_shooting.rivals import lqr, torque
from wmlib.course.ch04_shooting.study import (
    mean_return,
    neural,
    standing,
    swing_data,
    swing_network,
    swing_return,
    upright,
)
from wmlib.evidence import Claim, Experiment
from wmlib.experience import collect
from wmlib.models import Simulator
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting
from wmlib.planning.base import Plan, Planner, best_of
from wmlib.planning.cem import best
from wmlib.planning.proposals import coloured, proposal
from wmlib.worlds import CartPole, Pendulum

MAP_HORIZONS, MAP_CANDIDATES = (2, 4, 8, 15, 30), (5, 15, 50, 150)


def thousand(seed):
    """1,000 random steps of CartPole."""
    return collect(CartPole(), None, 1000, seed=[seed, 0])


def run_map(seed):
    """Horizon x candidates with the shaped score, on one network."""
    aim = neural(thousand(seed), seed).goal(upright, standing)
    grid = [
        [
            mean_return(MPC(aim, RandomShooting(horizon, candidates), seed=seed), seed, 5)
            for horizon in MAP_HORIZONS
        ]
        for candidates in MAP_CANDIDATES
    ]
    opened = [
        mean_return(MPC(aim, RandomShooting(horizon, 50), seed=seed, replan=False), seed)
        for horizon in MAP_HORIZONS
    ]
    return {"grid": grid, "open_loop": opened}


def everywhere(balanced):
    """Figures of the map for somebody who neither looks ahead nor compares plans."""
    return {"grid": [[balanced] * 5] * 4, "open_loop": [balanced] * 5}


search_map = Experiment(
    "04_map",
    run_map,
    {
        "too_far": Claim(
            "With 5 plans a decision, looking 30 steps ahead balances at least {lost} steps less "
            "than looking 4 ({grid[0][4]:.0f} against {grid[0][1]:.0f}); 150 plans bring back at "
            "least half of that ({grid[3][4]:.0f}). The linear-quadratic regulator "
            "imagines no plan at all: {lqr[grid][0][4]:.0f}.",
            lambda f, lost: (
                f["grid"][0][4] < f["grid"][0][1] - lost
                and f["grid"][3][4] >= (f["grid"][0][4] + f["grid"][0][1]) / 2
            ),
            lost=50,
        ),
        "open_loop": Claim(
            "A plan of 30 steps that is followed to its end balances less than {part} times as long "
            "as one replanned at every step ({open_loop[4]:.0f} against {grid[2][4]:.0f}; feedback "
            "of the regulator {lqr[open_loop][4]:.0f}).",
            lambda f, part: f["open_loop"][4] < part * f["grid"][2][4],
            part=0.5,
        ),
    },
    seeds=10,
    trivial={"random": lambda seed: everywhere(mean_return(None, seed))},
    rival={"lqr": lambda seed: everywhere(mean_return(lqr(thousand(seed)), seed))},
)


# --- too much foresight for too few plans: what repairs it ---


def run_sight(seed):
    """The true physics, 8 random plans: horizon 8, 40, and three repairs of 40."""
    model = Simulator(CartPole()).goal(upright, standing)
    searches = {
        "near": RandomShooting(8, 8),
        "far": RandomShooting(40, 8),
        "discounted": RandomShooting(40, 8, discount=0.8),
        "many": RandomShooting(40, 64),
        "warm": ICEM(40, 4, iterations=2, elites=2, beta=1.0),
    }
    return {
        name: mean_return(MPC(model, search, seed=seed), seed, 5)
        for name, search in searches.items()
    } | first_action(seed)


def first_action(seed, plans=400):
    """Share of the variance of plans' scores that their first actions explain: "told_near", ..."""
    world = CartPole()
    model = Simulator(world).goal(upright, standing)
    data = collect(world, lqr(thousand(seed)), 200, seed=[seed, 5], random_share=0.3)
    generator, told = torch.Generator().manual_seed(seed), {}
    for name, horizon, discount in (
        ("near", 8, 1.0), ("far", 40, 1.0), ("discounted", 40, 0.8)
    ):  # fmt: skip
        search = RandomShooting(horizon, plans, discount=discount)
        state = model.start(data.obs[::10])
        actions = search.propose(model.act_space, len(state), generator)  # (B, N, H)
        scores = search.evaluate(model, state, actions)  # (B, N)
        right, shares = actions[:, :, 0] == 1, []
        for pushed, score in zip(right, scores):
            between = score[pushed].mean() - score[~pushed].mean()
            p = pushed.float().mean()
            shares.append(float(p * (1 - p) * between**2 / score.var()))
        told[f"told_{name}"] = float(np.mean(shares))
    return told


sight = Experiment(
    "04_sight",
    run_sight,
    {
        "hurts": Claim(
            "With the true physics and 8 random plans, horizon 40 balances at least {lost} steps "
            "less than horizon 8 ({far:.0f} against {near:.0f}). Counting the near future more "
            "(discount 0.8) balances longer again ({discounted:.0f}), and so do 64 plans "
            "({many:.0f}); iCEM with 8 plans gets {warm:.0f}; the linear-quadratic regulator "
            "{lqr[near]:.0f}.",
            lambda f, lost: (
                f["far"] < f["near"] - lost and min(f["discounted"], f["many"]) > f["far"]
            ),
            lost=50,
        )
    },
    seeds=10,
    trivial={
        "random": lambda seed: dict.fromkeys(
            ("near", "far", "discounted", "many"), mean_return(None, seed)
        ),
        "no repair": {"discounted": "far", "many": "far"},
    },
    rival={
        "lqr": lambda seed: dict.fromkeys(
            ("near", "far", "discounted", "many", "warm"), mean_return(lqr(thousand(seed)), seed)
        )
    },
)


# --- better searches ---


class SmoothShooting(Planner):
    """The best of N random plans whose torques change slowly: noise with spectrum 1 / f^beta."""

    def plan(self, model, state, generator, warm=None):
        """See `Planner.plan`."""
        batch, _ = self._batch(state)
        dist = proposal(model.act_space, batch, self.horizon)
        dist.std = torch.full_like(dist.std, 2.0)  # all of the motor, clipped at its bound
        shape = (batch, self.candidates, self.horizon, dist.noise_size)
        actions = dist.sample(coloured(shape, 2.0, generator))
        return Plan(*best_of(actions, self.evaluate(model, state, actions, generator)))


def searches(horizon=20, budget=150):
    """Four searches that imagine about as much: `budget` plans for each decision."""
    third = budget // 3
    return {
        "random shooting": RandomShooting(horizon, budget),
        "MPPI": MPPI(horizon, third, iterations=3),
        "CEM": CEM(horizon, third, iterations=3, elites=6),
        "iCEM": ICEM(horizon, third, iterations=3, elites=6, beta=2.0),
    }


def run_searches(seed):
    """Four planners on one learned pendulum, each allowed to imagine as much."""
    model = swing_network(seed)
    return {
        name.replace(" ", "_"): swing_return(model, seed, search, episodes=8)
        for name, search in searches().items()
    }


def smooth(seed):
    """The best of 150 smooth random plans, on the same learned pendulum."""
    model = swing_network(seed)
    return {"CEM": swing_return(model, seed, SmoothShooting(20, 150), episodes=8)}


planners = Experiment(
    "04_planners",
    run_searches,
    {
        "sharpen": Claim(
            "With 150 imagined plans a decision, CEM swings the pendulum up at least {points} "
            "points better than the best of 150 uniform plans ({CEM:.0f} against "
            "{uniform[CEM]:.0f}). MPPI gets {MPPI:.0f}, iCEM {iCEM:.0f}; and the best of 150 "
            "*smooth* random plans {smooth[CEM]:.0f}.",
            lambda f, points: f["CEM"] > f["random_shooting"] + points,
            points=50,
        )
    },
    seeds=10,
    trivial={
        "no torque": lambda seed: {"CEM": mean_return(torque(0.0), seed, 8, Pendulum())},
        "random torque": lambda seed: {"CEM": mean_return(torque(None, seed), seed, 8, Pendulum())},
    },
    rival={"uniform": {"CEM": "random_shooting"}, "smooth": smooth},
)


def scores_of(search, seed, chosen=best):
    """What plans of CEM and of random shooting are worth in the imagination, state by state.

    Args:
        search: (random plans, CEM's plans a round). chosen: which plans of a round are kept.
    """
    model, generator = swing_network(seed), torch.Generator().manual_seed(seed)
    state, (many, few) = model.start(swing_data(seed).obs[::12]), search  # 50 states
    random, cem = RandomShooting(20, many), CEM(20, few, iterations=3, elites=6)
    with torch.inference_mode():
        top = random.plan(model, state, generator).score  # (50,): the best of `many`
        dist = proposal(model.act_space, len(state), 20)
        for _ in range(3):
            noise = torch.randn(len(state), few, 20, 1, generator=generator)
            actions = dist.sample(noise)
            scores = cem.evaluate(model, state, actions)
            dist.refit(chosen(actions, scores, 6))
        mean = cem.evaluate(model, state, dist.mode()[:, None])[:, 0]  # (50,)
    return float((mean > top).float().mean()), float((mean - top).mean())


def run_best_of(seed):
    """CEM's plan against the best of as many random plans, in the imagination."""
    share, gain = scores_of((150, 50), seed)
    return {"share": share, "gain": gain}


def any_plans(actions, scores, k):
    """Elites that nobody chose: the first k."""
    return actions[:, :k]


best_of_many = Experiment(
    "04_best_of",
    run_best_of,
    {
        "better": Claim(
            "In the imagination, CEM's plan from 3 rounds of 50 scores higher than the best of 150 "
            "uniform plans in more than {most:.0%} of 50 states ({share:.0%}, on average by "
            "{gain:.1f} points); against the best of 1,500 it does in {ten_times[share]:.0%}.",
            lambda f, most: f["share"] > most,
            most=0.5,
        )
    },
    seeds=10,
    trivial={
        "elites not chosen": lambda seed: dict(
            zip(("share", "gain"), scores_of((150, 50), seed, any_plans))
        )
    },
    rival={"ten_times": lambda seed: dict(zip(("share", "gain"), scores_of((1500, 50), seed)))},
)
