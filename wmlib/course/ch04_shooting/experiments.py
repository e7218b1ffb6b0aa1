"""Chapter 4, the shooting planner: the experiments behind its claims.

All on fresh episodes. Real steps are those from which something was learned; evaluation is free.
"""

from __future__ import annotations

import time

import numpy as np
import torch

from wmlib.course.ch04_shooting.study import (
    ANGLE,
    BAR,
    FAR_SIGHTED,
    QUICK,
    STEADY,
    SWING,
    Changing,
    at,
    constant,
    dqn,
    endless,
    hold,
    linear,
    mean_return,
    model_based,
    model_free,
    neural,
    pendulum_network,
    pendulum_steps,
    self_taught,
    standing,
    swing_return,
    table,
    tie_break,
    trace,
    upright,
)
from wmlib.evaluation import steps_to_solve
from wmlib.evidence import Experiment
from wmlib.experience import collect
from wmlib.models import LinearDynamics, Simulator
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting
from wmlib.worlds import CartPole, Pendulum


def run_usual(seed):
    """The recipe as usually written: 1,000 random steps, 50 plans of 20, sum of rewards."""
    model = neural(collect(CartPole(), None, 1000, seed=[seed, 0]), seed, inputs=None)
    recipe = RandomShooting(horizon=20, candidates=50)
    by_constant = MPC(model.goal(constant, endless), recipe, seed=seed)
    by_reward_head = MPC(model.goal(cont=endless), recipe, seed=seed)
    return {
        "random": mean_return(None, seed, episodes=60),
        "reward_head": mean_return(by_reward_head, seed, episodes=60),
        "constant": mean_return(by_constant, seed, episodes=60),
    }


usual = Experiment(
    "04_usual",
    run_usual,
    {
        "reward_head": (
            "planning by the sum of rewards that a network predicts balances no longer than "
            "random actions, within a quarter",
            lambda f: f["reward_head"] <= 1.25 * f["random"],
        ),
        "constant": (
            "nor does planning by the true reward, which is 1 for every step",
            lambda f: f["constant"] <= 1.25 * f["random"],
        ),
    },
)


REPAIR = [
    ("it ends when the pole falls", constant, None, 20),
    ("ties are broken", tie_break, None, 20),
    ("the score is shaped", upright, standing, 20),
    ("the horizon is 8", upright, standing, 8),
]


def run_repair(seed):
    """The repair, step by step, on the learned model and on the true one."""
    model = neural(collect(CartPole(), None, 1000, seed=[seed, 0]), seed)
    true, figures = Simulator(CartPole()), {"learned": [], "true": []}
    for _, rew, cont, horizon in REPAIR:
        search = RandomShooting(horizon, candidates=50)
        for name, imagined in (("learned", model), ("true", true)):
            agent = MPC(imagined.goal(rew, cont), search, seed=seed)
            figures[name].append(mean_return(agent, seed))
    return figures


repair = Experiment(
    "04_repair",
    run_repair,
    {
        "end": (
            "a model that also says whether the episode goes on balances at least three times "
            "as long as random actions do",
            lambda f: f["learned"][0] > 66,
        ),
        "planner": (
            "even with the true physics, counting survived steps 20 ahead does not solve the task",
            lambda f: f["true"][0] < BAR,
        ),
        "ties": (
            "on the true physics, a thousandth of a point for being upright in the middle is "
            "worth more than 100 steps",
            lambda f: f["true"][1] > f["true"][0] + 100,
        ),
        "solved": (
            "with a horizon of 8 steps instead of 20 the learned model solves the task",
            lambda f: f["learned"][3] >= BAR,
        ),
    },
)


def solved(learner, limit, seed):
    """Real steps to the bar, the limit where it was not reached, and every check."""
    found = steps_to_solve(CartPole(), learner, BAR, limit, seed=seed)
    return found.steps or limit, found.steps is not None, found.checks


def run_shaped(seed):
    """Shaped tier: score and limits are given. Network, and least squares, refitted often."""
    few, done, checks = solved(model_based(neural, seed, 8, 600), 600, seed)
    least, _, _ = solved(model_based(linear, seed, 8, 200), 200, seed)
    return {"steps": few, "solved": done, "linear": least, "checks": checks}


shaped = Experiment(
    "04_shaped",
    run_shaped,
    {
        "600": (
            "given the shaped score and the limits, a learned network solves CartPole within "
            "600 real steps",
            lambda f: f["solved"] and f["steps"] <= 600,
        ),
        "300": ("and within 300", lambda f: f["solved"] and f["steps"] <= 300),
        "linear": (
            "a linear model needs no more than 100: near upright the pole is almost linear",
            lambda f: f["linear"] <= 100,
        ),
    },
    seeds=20,
)


def run_unprivileged(seed):
    """Nothing is given: the network must learn from experience where episodes end."""
    steps, done, checks = solved(self_taught(seed), 1000, seed)
    return {"steps": steps, "solved": done, "checks": checks}


unprivileged = Experiment(
    "04_unprivileged",
    run_unprivileged,
    {
        "1000": (
            "with nothing given, a network that learned when episodes end solves CartPole "
            "within 1,000 real steps",
            lambda f: f["solved"] and f["steps"] <= 1000,
        )
    },
    bar=0.8,
    seeds=10,
)


def run_dqn_zoo(seed):
    """DQN with the settings of RL Baselines3 Zoo, in both tiers."""
    figures = {}
    for name, privileged in (("unprivileged", False), ("shaped", True)):
        learner = model_free(dqn(privileged, seed))
        steps, done, _ = solved(learner, 40_000, seed)
        figures |= {name: steps, f"{name}_solved": done}
    return figures


dqn_zoo = Experiment("04_dqn_zoo", run_dqn_zoo)


def run_dqn_quick(seed):
    """DQN tuned for few real steps, in both tiers."""
    figures = {}
    for name, privileged in (("unprivileged", False), ("shaped", True)):
        learner = model_free(dqn(privileged, seed, **QUICK))
        steps, done, _ = solved(learner, 10_000, seed)
        figures |= {name: steps, f"{name}_solved": done}
    return figures


dqn_quick = Experiment("04_dqn_quick", run_dqn_quick)


def run_table(seed):
    """Tabular Q-learning on boxes, in both tiers."""
    figures = {}
    for name, privileged in (("unprivileged", False), ("shaped", True)):
        steps, done, _ = solved(model_free(table(privileged, seed)), 60_000, seed)
        figures |= {name: steps, f"{name}_solved": done}
    return figures


tabular = Experiment("04_tabular", run_table)


def settled(world, agent, seed, steps, episodes, column):
    """Play on and look at the last 100 steps: `(100, episodes)` of one observed number."""
    return trace(world, agent, seed, steps, episodes)[-100:, :, column]


def run_transfer(seed):
    """One network from 1,000 random steps; the aim moves from x = 0 to x = 1."""
    world = CartPole()
    model = neural(collect(world, None, 1000, seed=[seed, 0]), seed)
    figures = {}
    for name, place in (("old", 0.0), ("new", 1.0)):
        agent = MPC(model.goal(at(place), standing), RandomShooting(**FAR_SIGHTED), seed=seed)
        seen = trace(world, agent, seed, 400, episodes=4)
        figures[f"{name}_place"] = seen[-150:, :, 0].mean()
        figures[f"{name}_upright"] = int((abs(seen[-1, :, 2]) < ANGLE).sum())
    return figures


transfer = Experiment(
    "04_transfer",
    run_transfer,
    {
        "moves": (
            "told to balance at x = 1 instead of x = 0, the planner goes there: its cart ends "
            "up nearer to 1 than to 0, with no new real step",
            lambda f: 0.5 < f["new_place"] < 1.5 and abs(f["old_place"]) < 0.5,
        ),
        "stands": (
            "and no more than one pole of four falls on the way",
            lambda f: f["new_upright"] >= 3,
        ),
    },
)


def run_swing_up(seed):
    """Pendulum-v1: a network from few real steps beside the true model and a linear one."""
    true, figures = swing_return(Simulator(Pendulum()), seed), {"steps": 800, "checks": []}
    for steps in (600, 800):
        data = pendulum_steps(steps, seed)
        learned = swing_return(pendulum_network(data, seed), seed)
        figures["checks"].append([steps, learned])
        if learned >= true - 40:
            figures["steps"] = steps
            break
    straight = LinearDynamics(3, Pendulum.act_space).fit(data)
    figures |= {"true": true, "learned": learned, "linear": swing_return(straight, seed)}
    return figures


swing_up = Experiment(
    "04_swing_up",
    run_swing_up,
    {
        "learned": (
            "after at most 800 real steps the learned pendulum is swung up within 40 points of "
            "what the true model gets on the same starts",
            lambda f: f["learned"] >= f["true"] - 40,
        ),
        "linear": (
            "with a linear model the same planner loses more than 500 points",
            lambda f: f["linear"] < f["true"] - 500,
        ),
    },
    seeds=10,
)


def run_new_angle(seed):
    """Swing up; then, in the same episode, hold 15 degrees. How far off it is in the end."""
    figures = {}
    network = pendulum_network(pendulum_steps(600, seed), seed)
    for name, model in (("learned", network), ("true", Simulator(Pendulum()))):
        agent = Changing(
            MPC(model, CEM(**SWING), seed=seed),
            MPC(model.goal(hold(np.radians(15))), ICEM(**STEADY), seed=seed),
            after=120,
        )
        seen = trace(Pendulum(), agent, seed, 240, episodes=5)
        angle = np.degrees(np.arctan2(seen[..., 1], seen[..., 0]))
        figures[f"{name}_before"] = abs(angle[100:120]).mean(0)
        figures[f"{name}_off"] = abs(angle[-60:] - 15).mean(0)
    return figures


new_angle = Experiment(
    "04_new_angle",
    run_new_angle,
    {
        "held": (
            "told in mid-episode to lean at 15 degrees, the planner holds the pendulum there "
            "within 5 degrees, from at least 4 of 5 starts, with no new real step",
            lambda f: sum(off < 5 for off in f["learned_off"]) >= 4,
        ),
        "moved": (
            "before that, it stood within 8 degrees of the top from at least 4 of 5 starts",
            lambda f: sum(off < 8 for off in f["learned_before"]) >= 4,
        ),
    },
    seeds=10,
)


MAP_HORIZONS, MAP_CANDIDATES = (2, 4, 8, 15, 30), (5, 15, 50, 150)


def run_map(seed):
    """Horizon x candidates with the shaped score, on one network."""
    model = neural(collect(CartPole(), None, 1000, seed=[seed, 0]), seed)
    aim = model.goal(upright, standing)
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


search_map = Experiment(
    "04_map",
    run_map,
    {
        "too_far": (
            "with 5 plans a decision, looking 30 steps ahead balances less well than looking 4",
            lambda f: f["grid"][0][4] < f["grid"][0][1] - 50,
        ),
        "more": (
            "150 plans a decision make a horizon of 30 good again",
            lambda f: f["grid"][3][4] >= BAR and f["grid"][0][4] < BAR,
        ),
        "open_loop": (
            "a plan of 30 steps, followed to its end before looking again, balances less than "
            "half as long as one replanned at every step",
            lambda f: f["open_loop"][4] < 0.5 * f["grid"][2][4],
        ),
    },
    seeds=3,
)


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
    model = pendulum_network(pendulum_steps(600, seed), seed)
    return {
        name.replace(" ", "_"): swing_return(model, seed, search, episodes=8)
        for name, search in searches().items()
    }


planners = Experiment(
    "04_planners",
    run_searches,
    {
        "sharpen": (
            "with 150 imagined plans a decision, CEM and iCEM swing the pendulum up better than "
            "random shooting",
            lambda f: min(f["CEM"], f["iCEM"]) > f["random_shooting"],
        )
    },
    seeds=10,
)


def one_at_a_time(model, obs, plans):
    """How planners are often written: one plan and one step at a time. Returns scores `(N,)`."""
    scores = []
    for plan in plans:
        state, total, alive = model.start(obs), 0.0, 1.0
        for action in plan:
            state, rew, cont = model.step(state, action[None])
            total += alive * rew.item()
            alive *= cont.item()
        scores.append(total)
    return torch.tensor(scores)


def run_speed(seed):
    """50 plans of 20 steps, scored one at a time and all at once, by turns, in one run."""
    model = neural(collect(CartPole(), None, 200, seed=[seed, 0]), seed, steps=50)
    model, search = model.goal(upright, standing), RandomShooting(horizon=20, candidates=50)
    obs, times = np.zeros((1, 4), np.float32), {"loop": [], "batch": []}
    generator = torch.Generator().manual_seed(seed)
    plans = search.propose(model.act_space, 1, generator)
    with torch.inference_mode():
        for _ in range(3):
            begun = time.process_time()
            slow = one_at_a_time(model, obs, plans[0])
            between = time.process_time()
            for _ in range(10):
                fast = search.evaluate(model, model.start(obs), plans)[0]
            times["loop"].append(between - begun)
            times["batch"].append((time.process_time() - between) / 10)
    loop, batch = np.median(times["loop"]), np.median(times["batch"])
    return {
        "ratio": loop / batch,
        "same": bool(torch.allclose(slow, fast, atol=1e-3)),
        "plans_per_second": 50 / batch,
    }


speed = Experiment(
    "04_speed",
    run_speed,
    {
        "same": ("both ways of scoring 50 plans give the same scores", lambda f: f["same"]),
        "faster": ("all at once is at least 15 times as fast", lambda f: f["ratio"] >= 15),
    },
    seeds=5,
)


def arrived(agent, seed):
    """Where the cart is in the end, and whether nearly all poles still stand."""
    seen = trace(CartPole(), agent, seed, 400, episodes=4)
    upright_ones = int((abs(seen[-1, :, 2]) < ANGLE).sum())
    return seen[-150:, :, 0].mean(), upright_ones


def run_relearn(seed):
    """DQN told to balance at x = 0, then at x = 1: its values are about the old aim."""
    figures, limit = {"steps": 10_000}, 10_000
    old = dqn(False, seed, **QUICK)
    old.reward = at(0.0)
    found = steps_to_solve(CartPole(), model_free(old), BAR, limit, seed=seed)
    figures["old_place"], figures["old_upright"] = arrived(old.act, seed)
    new = dqn(False, seed, **QUICK)
    new.reward = at(1.0)
    for steps, act in model_free(new):
        place, standing_ones = arrived(act, [seed, steps])
        if (0.5 < place < 1.5 and standing_ones >= 3) or steps >= limit:
            break
    figures |= {
        "old_steps": found.steps or limit,
        "steps": steps,
        "place": place,
        "arrived": bool(0.5 < place < 1.5 and standing_ones >= 3),
    }
    return figures


relearn = Experiment(
    "04_relearn",
    run_relearn,
    {
        "again": (
            "to learn to balance at x = 1 the tuned DQN needs more than 500 new real steps",
            lambda f: f["steps"] > 500,
        )
    },
    seeds=5,
)
