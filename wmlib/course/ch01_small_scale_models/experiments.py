"""Chapter 1, small-scale models: look-ahead, latent learning, new goals."""

from __future__ import annotations

import random

import numpy as np

from wmlib.course.ch01_small_scale_models.agents import MapAgent, QLambda, ReplayQ, live
from wmlib.course.ch01_small_scale_models.goal_values import (
    all_goals,
    read_model,
    steps_between,
    successor_features,
    waypoint,
)
from wmlib.course.ch01_small_scale_models.lookahead import (
    falls_until_safe,
    one_step_learner,
    outcome,
    plan_and_walk,
    trace_learner,
)
from wmlib.course.ch01_small_scale_models.mazes import latent_maze, trap_world
from wmlib.course.ch01_small_scale_models.study import (
    NEAR,
    conditions,
    emptied,
    good,
    meal,
    moved,
    new_goals,
    shortest,
    wander,
)
from wmlib.evidence import Claim, Experiment
from wmlib.learning.exact import imagine_everything, value_iteration
from wmlib.learning.q_learning import QLearner, run_episodes

# --- look-ahead ---

DEPTHS = range(1, 9)


def lookahead(seed: int, worlds: int = 60) -> dict:
    """Shares of trap worlds that end in the goal and in a trap, by depth 1 to 8.

    Beside it: a random walk, the greedy policy of value iteration in the same true model, and how
    often two model-free learners fall until their greedy way is safe.
    """
    mazes = [trap_world(1000 * seed + i) for i in range(worlds)]
    ends = [[plan_and_walk(m, d, seed + i)[0] for i, m in enumerate(mazes)] for d in DEPTHS]
    figures = {kind: [row.count(kind) / worlds for row in ends] for kind in ("goal", "trap")}
    figures["deep"], figures["falls"] = figures["goal"][7], figures["trap"][7]
    figures["reactive"] = figures["goal"][0]
    walks = [outcome(m, random_actions(seed + i))[0] for i, m in enumerate(mazes)]
    figures["random"] = walks.count("goal") / worlds
    figures["random_curve"] = [figures["random"]] * len(DEPTHS)
    exact = [value_iteration(*m.tables()).argmax(1).tolist() for m in mazes]
    ways = [outcome(m, q.__getitem__)[0] for m, q in zip(mazes, exact)]
    figures["value_iteration"] = ways.count("goal") / worlds
    for name, learner in (("trace", trace_learner), ("one_step", one_step_learner)):
        falls = [falls_until_safe(m, learner(m, seed + i)) for i, m in enumerate(mazes)]
        figures[f"{name}_falls"] = float(np.mean(falls))
    figures |= {"nowhere": 0.0, "flat": [0.0] * len(DEPTHS)}
    return figures


def random_actions(seed: int):
    """Any action, whatever the cell."""
    rng = random.Random(seed)
    return lambda cell: rng.randrange(4)


LOOKAHEAD = Experiment(
    "01_lookahead",
    lookahead,
    {
        "deep": Claim(
            "Eight steps of look-ahead in the true model reach the fire in at least {share:.0%} of "
            "60 worlds, and at most {falls_allowed:.0%} end in a trap. One step reaches it in "
            "{reactive[deep]:.0%}. Value iteration in the same model: "
            "{value_iteration[deep]:.0%}. The best model-free learner falls {traces[falls]:.0f} "
            "times a world before its way is safe, one-step Q-learning "
            "{one_step_q[falls]:.0f} times.",
            lambda f, share, falls_allowed: f["deep"] >= share and f["falls"] <= falls_allowed,
            share=0.95,
            falls_allowed=0.05,
        ),
        "reach": Claim(
            "The last chutes are seen through at six steps: from depth 5 to 6 the share that "
            "reaches the fire rises by at least {jump:.0%}, from 6 to 8 it changes by at most "
            "{rest:.0%}.",
            lambda f, jump, rest: (
                f["goal"][5] - f["goal"][4] >= jump and abs(f["goal"][7] - f["goal"][5]) <= rest
            ),
            trivial=["random", "still"],
            jump=0.2,
            rest=0.05,
        ),
    },
    exact=True,
    seeds=20,
    trivial={
        "random": {"deep": "random", "goal": "random_curve"},
        "still": {"deep": "nowhere", "goal": "flat"},
        "reactive": {"deep": "reactive"},
    },
    rival={
        "value_iteration": {"deep": "value_iteration"},
        "traces": {"falls": "trace_falls"},
        "one_step_q": {"falls": "one_step_falls"},
    },
)


# --- latent learning ---

DOSES = (0, 500, 1000, 2000, 4000, 8000, 16000, 32000)
LONG = 200_000  # steps of a trial: until the goal box is found, however long that takes


def learners(n_states: int, seed: int) -> dict:
    """Who takes part. Each model-free setting is the best of eight or more, on other seeds."""
    return {
        "map": MapAgent(n_states, seed),
        "searching": MapAgent(n_states, seed, explores=True),
        "replay": ReplayQ(n_states, 4, backwards=False, alpha=0.1, epsilon=0.0, seed=seed),
        "q_lambda": QLambda(n_states, 4, decay=1.0, alpha=1.0, epsilon=0.05, seed=seed),
        "q": QLearner(n_states, 4, alpha=1.0, epsilon=0.1, seed=seed),
    }


def latent_learning(seed: int) -> dict:
    """Wander with an empty box, be fed once in it, then walk from the start.

    `walk_<agent>`: steps of that first walk, after each number of latent steps in `DOSES`.
    `fed_walks_<agent>`: walks to the food until the greedy way is within 1.2 of the shortest.
    `second_<agent>`: steps of the second walk.
    """
    maze = latent_maze()
    best, food, figures = shortest(maze), meal(maze, seed), {}
    rows = wander(emptied(maze), DOSES[-1], seed)
    for name in ("map", "searching", "replay", "q_lambda"):
        walks = []
        for dose in DOSES:
            agent = live(learners(maze.n_states, seed)[name], [*rows[:dose], food])
            walks += run_episodes(agent, maze, 1, max_steps=LONG)
        figures[f"walk_{name}"] = walks
    for name, agent in learners(maze.n_states, seed).items():
        figures[f"fed_walks_{name}"] = walks_until_good(maze, live(agent, [*rows, food]))
    for name, agent in learners(maze.n_states, seed).items():
        live(agent, [*rows, food])
        figures[f"second_{name}"] = run_episodes(agent, maze, 2, max_steps=4000)[1]
    early = run_episodes(MapAgent(maze.n_states, seed), maze, 2, max_steps=LONG)
    return figures | {
        "shortest": best,
        "ratio": figures["walk_map"][-1] / best,
        "ratio_none": figures["walk_map"][0] / best,
        "ratio_searching_none": figures["walk_searching"][0] / best,
        "ratio_replay": figures["walk_replay"][-1] / best,
        "ratio_q_lambda": figures["walk_q_lambda"][-1] / best,
        "second_trial_none": early[1] / best,
    }


def walks_until_good(maze, agent, limit: int = 80) -> int:
    """Walks to the food until the greedy path is within 1.2 of the shortest."""
    best = shortest(maze)

    def knows(episode=0):
        agent.act(maze.starts[0])  # an agent with a map plans here
        return good(agent.q, maze, best)

    if knows():
        return 0
    return len(run_episodes(agent, maze, limit, max_steps=4000, after=knows))


def fresh_map(seed: int) -> dict:
    """The map agent without a latent step, fed once in the same way: walks until it knows a way."""
    maze = latent_maze()
    agent = live(MapAgent(maze.n_states, seed), [meal(maze, seed)])
    return {"fed_walks_map": walks_until_good(maze, agent)}


LATENT = Experiment(
    "01_latent_learning",
    latent_learning,
    {
        "savings": Claim(
            "After 32,000 steps in a maze without food and one meal in the goal box, the first walk "
            "of the map agent is at most {near} times the shortest ({ratio:.2f}). Without those "
            "steps it takes {no_latent[ratio]:.0f} times the shortest, and "
            "{searches[ratio]:.0f} times where it explores by search. Replay of the same steps: "
            "{replay[ratio]:.2f}. Q(lambda): {q_lambda[ratio]:.0f}.",
            lambda f, near: f["ratio"] <= near,
            trivial=["no_latent", "searches"],
            near=NEAR,
        ),
        "fed_walks": Claim(
            "The map agent needs {walks} walks to the food before it knows a good way, and so "
            "does replay ({replay[fed_walks_map]:.0f}). Without the latent steps the map agent "
            "needs {fresh_map[fed_walks_map]:.0f}. With them the best Q(lambda) needs "
            "{q_lambda[fed_walks_map]:.0f} in the median, one-step Q-learning "
            "{one_step_q[fed_walks_map]:.0f}; their second walks take "
            "{q_lambda[second_map]:.0f} and {one_step_q[second_map]:.0f} steps.",
            lambda f, walks: f["fed_walks_map"] <= walks,
            trivial=["one_step_q", "fresh_map"],
            walks=0,
        ),
    },
    exact=True,
    seeds=20,
    trivial={
        "no_latent": {"ratio": "ratio_none"},
        "searches": {"ratio": "ratio_searching_none"},
        "one_step_q": {"fed_walks_map": "fed_walks_q", "second_map": "second_q"},
        "fresh_map": fresh_map,
    },
    rival={
        "replay": {"ratio": "ratio_replay", "fed_walks_map": "fed_walks_replay"},
        "q_lambda": {
            "ratio": "ratio_q_lambda",
            "fed_walks_map": "fed_walks_q_lambda",
            "second_map": "second_q_lambda",
        },
    },
)


# --- a new goal ---

WET = -0.03  # what a wet cell costs the successor features: the best of four values, on other seeds


def aim_at(model, goal: int, wet: int = -1):
    """The same model with another wish: come to `goal`, do not enter `wet`."""
    return model.goal(
        rew=lambda obs, act, nxt: (nxt == goal).float() - (nxt == wet).float(),
        cont=lambda nxt: (nxt != goal).float(),
    )


def replayed(rows, n_states: int, goal: int, wet: int = -1):
    """Action values by Q-learning on old steps, their rewards written anew for the new wish."""
    agent = ReplayQ(n_states, 4, sweeps=2, alpha=1.0, epsilon=0.0)
    agent.memory = [
        (s, a, float(nxt == goal) - float(nxt == wet), nxt, end or nxt == goal)
        for s, a, _, nxt, end in rows
    ]
    agent.replay()
    return agent.q


def new_wishes(seed: int) -> dict:
    """Ten new goals and ten goals with a cell to avoid, told; no new real step for anybody.

    Everybody has the same 32,000 wandering steps. A wish counts as fulfilled if the greedy path
    arrives within 1.2 of the shortest way that keeps the condition.
    """
    maze = latent_maze()
    n, rows = maze.n_states, wander(emptied(maze), DOSES[-1], seed)
    model, start = live(MapAgent(n, seed), rows).model, maze.starts[0]
    values, visits = all_goals(rows, n, sweeps=2), successor_features(rows, n, sweeps=5)
    old = imagine_everything(aim_at(model, maze.cells("G")[0]), n).tolist()
    goals = [(goal, -1, shortest(moved(maze, goal))) for goal in new_goals(maze, seed)]
    steps, rng = steps_between(values), random.Random(seed)

    def by_model(goal, wet):
        return imagine_everything(aim_at(model, goal, wet), n).tolist()

    def by_visits(goal, wet):
        return (visits[:, :, goal] + (WET * visits[:, :, wet] if wet >= 0 else 0)).tolist()

    ways = {
        "map": by_model,
        "forgets": lambda goal, wet: by_model(goal, -1),
        "values": lambda goal, wet: values[goal].tolist(),
        "features": by_visits,
        "replay": lambda goal, wet: replayed(rows, n, goal, wet),
        "old": lambda goal, wet: old,
        "random": lambda goal, wet: [[rng.random() for _ in range(4)] for _ in range(n)],
    }
    figures = {}
    for kind, wishes in (("told", goals), ("dry", conditions(maze, seed))):
        for name, way in ways.items():
            done = [
                good(way(goal, wet), moved(maze, goal), best, wet) for goal, wet, best in wishes
            ]
            figures[f"{kind}_{name}"] = float(np.mean(done))
        if kind == "dry":
            figures["dry_waypoint"] = float(
                np.mean([over_waypoint(steps, start, *wish) for wish in wishes])
            )
    return figures | reading(model, values, old, rng)


def over_waypoint(steps, start, goal, wet, best) -> bool:
    """Whether one waypoint, found in the goal values, keeps the condition and is short enough."""
    over = waypoint(steps, start, goal, wet)
    return over is not None and steps[start, over] + steps[over, goal] <= NEAR * best


def reading(model, values, old, rng) -> dict:
    """Share of the tried pairs whose next cell is read right, from values for all goals or one."""
    truth = {pair: nxt for pair, (_, nxt, end) in model.last.items() if not end}
    share = lambda said: float(np.mean([said(*pair) == nxt for pair, nxt in truth.items()]))
    best = np.max(old, 1)
    cells = sorted({s for s, _ in truth})

    def from_one(s, a):
        """A cell whose value would explain the value of the action; any of them."""
        return rng.choice([c for c in cells if abs(0.95 * best[c] - old[s][a]) < 1e-9] or cells)

    table, blank = read_model(values), read_model(np.zeros_like(values))
    return {
        "read": share(lambda s, a: table[s, a]),
        "read_blank": share(lambda s, a: blank[s, a]),
        "read_one_goal": share(from_one),
        "read_stay": share(lambda s, a: s),
        "read_table": share(lambda s, a: model.last[s, a][1]),
        "entries_table": len(model.last),
        "entries_values": int((values > 0).sum()),
    }


WISHES = Experiment(
    "01_new_wishes",
    new_wishes,
    {
        "told": Claim(
            "Told one of ten new goals, the planner needs no new step to walk within 1.2 times the "
            "shortest way to at least {share:.0%} of them. Neither do goal-conditioned values "
            "({goal_values[told_map]:.0%}), successor features ({features[told_map]:.0%}) and "
            "replay with new rewards ({replay[told_map]:.0%}), learned from the same steps.",
            lambda f, share: f["told_map"] >= share,
            trivial=["random", "old_values"],
            share=0.9,
        ),
        "dry": Claim(
            "Told to reach a goal and to avoid one cell on the shortest way, the planner does so in "
            "at least {share:.0%} of ten cases ({dry_map:.0%}), replay with new rewards in "
            "{replay[dry_map]:.0%}. Goal-conditioned values do in {goal_values[dry_map]:.0%}, "
            "successor features in {features[dry_map]:.0%}, and goal-conditioned values with a "
            "search for a waypoint in {waypoints[dry_map]:.0%}.",
            lambda f, share: f["dry_map"] >= share,
            trivial=["random", "old_values", "forgets"],
            share=0.9,
        ),
        "read": Claim(
            "From the values of all goals the next cell can be read for at least {share:.0%} of the "
            "pairs that were tried ({read:.1%}). From the values of one goal: {one_goal[read]:.0%}. "
            "The table that was written down has {table[read]:.0%}.",
            lambda f, share: f["read"] >= share,
            trivial=["blank", "one_goal", "stays"],
            share=0.98,
        ),
    },
    exact=True,
    seeds=20,
    trivial={
        "random": {"told_map": "told_random", "dry_map": "dry_random"},
        "old_values": {"told_map": "told_old", "dry_map": "dry_old"},
        "forgets": {"dry_map": "dry_forgets"},
        "blank": {"read": "read_blank"},
        "one_goal": {"read": "read_one_goal"},
        "stays": {"read": "read_stay"},
    },
    rival={
        "goal_values": {"told_map": "told_values", "dry_map": "dry_values"},
        "features": {"told_map": "told_features", "dry_map": "dry_features"},
        "replay": {"told_map": "told_replay", "dry_map": "dry_replay"},
        "waypoints": {"dry_map": "dry_waypoint"},
        "table": {"read": "read_table"},
    },
)
