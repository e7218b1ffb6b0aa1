"""Chapter 4: experiments about a new goal. Nothing new is learned from the world.

Everybody is told the new score and the limits; nobody takes a new real step, but for the count in
`told`. Rivals: the linear-quadratic regulator, Q-learning whose old steps are relabelled, Q-learning
that reads the goal, and feedback without a model.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from wmlib.course.ch04_shooting.relabelled import Relabelled
from wmlib.course.ch04_shooting.rivals import Feedback, lqr
from wmlib.course.ch04_shooting.study import (
    ANGLE,
    BAR,
    FAR_SIGHTED,
    QUICK,
    STEADY,
    SWING,
    Changing,
    at,
    dqn,
    hold,
    model_free,
    neural,
    standing,
    swing_network,
    trace,
)
from wmlib.evaluation import steps_to_solve
from wmlib.evidence import Claim, Experiment
from wmlib.experience import collect
from wmlib.models import Simulator
from wmlib.planning import CEM, ICEM, MPC, RandomShooting
from wmlib.worlds import CartPole, Pendulum

LEAN = 0.1  # weight of the angle in the score `at`


def arrived(agent, seed):
    """Where the cart is in the end (m), and how many of four poles still stand."""
    seen = trace(CartPole(), agent, seed, 400, episodes=4)
    return float(seen[-150:, :, 0].mean()), int((abs(seen[-1, :, 2]) < ANGLE).sum())


def there(place, poles):
    """Whether it has arrived at x = 1 and nearly all poles stand."""
    return 0.5 < place < 1.5 and poles >= 3


def planner(data, place, seed):
    """A network from these steps, a far-sighted planner, and the score of a place."""
    model = neural(data, seed).goal(at(place), standing)
    return MPC(model, RandomShooting(**FAR_SIGHTED), seed=seed)


@lru_cache(1)
def thousand(seed):
    """1,000 random steps."""
    return collect(CartPole(), None, 1000, seed=[seed, 0])


def run_transfer(seed):
    """One network from 1,000 random steps; the aim moves from x = 0 to x = 1."""
    figures = {}
    for name, place in (("old", 0.0), ("new", 1.0)):
        found = arrived(planner(thousand(seed), place, seed), seed)
        figures[f"{name}_place"], figures[f"{name}_upright"] = found
    return figures


def told(agent, seed):
    """Figures of somebody else, told the same: where the cart is, and how far from x = 1."""
    place, poles = arrived(agent, seed)
    return {"new_place": place, "new_upright": poles, "off": abs(place - 1)}


def relabelled(seed):
    """Q-learning for x = 0 on the 1,000 steps; then the new reward, the old weights."""
    learner = Relabelled(thousand(seed), seed, shift=True).learn(3000, 0.0)
    return told(learner.learn(3000, 1.0), seed)


def all_goals(seed):
    """Q-learning that reads the goal, on the 1,000 steps, hindsight relabelling included."""
    learner = Relabelled(thousand(seed), seed, goals=True, shift=True).learn(6000)
    return told(learner.asked(1.0), seed)


transfer = Experiment(
    "04_transfer",
    run_transfer,
    {
        "arrives": Claim(
            "Told to balance at x = 1 instead of x = 0, the planner goes there with no new real "
            "step: its cart ends within {near} m ({new_place:.2f} m), and at least {poles} poles of "
            "four stand. The linear-quadratic regulator, told the same, ends at "
            "{lqr[new_place]:.2f} m. Q-learning on the same 1,000 steps, relabelled, its old weights "
            "kept, ends {relabelled[off]:.1f} m off; goal-conditioned Q-learning "
            "{goal_conditioned[off]:.1f} m off.",
            lambda f, near, poles: abs(f["new_place"] - 1) < near and f["new_upright"] >= poles,
            near=0.5,
            poles=3,
        )
    },
    seeds=10,
    trivial={
        "old aim": {"new_place": "old_place", "new_upright": "old_upright"},
        "random": lambda seed: told(None, seed),
    },
    rival={
        "lqr": lambda seed: told(lqr(thousand(seed), 1.0, LEAN), seed),
        "relabelled": relabelled,
        "goal_conditioned": all_goals,
    },
)


# --- everybody on a DQN's own replay ---

NEW_STEPS = 3000


@lru_cache(1)
def old_agent(seed):
    """A DQN that has learned to balance at x = 0, with its replay and its weights."""
    agent = dqn(False, seed, **QUICK)
    agent.reward = at(0.0)
    steps_to_solve(CartPole(), model_free(agent), BAR, 10_000, seed=seed)
    return agent


def until_there(agent, seed):
    """New real steps until the cart balances at x = 1; `NEW_STEPS` where it never did."""
    begun = agent.real_steps
    while agent.real_steps - begun < NEW_STEPS:
        agent.learn(4 * agent.train_every)
        if there(*arrived(agent.act, [seed, agent.real_steps])):
            break
    return min(agent.real_steps - begun, NEW_STEPS)


def run_replay(seed):
    """The planner is given the steps of a DQN; the DQN keeps its weights and is relabelled."""
    agent = old_agent(seed)
    data, figures = agent.remembered(), {"old_steps": agent.real_steps}
    figures["old_place"], figures["old_upright"] = arrived(agent.act, seed)
    figures["place"], figures["upright"] = arrived(planner(data, 1.0, seed), seed)
    figures["off"] = abs(figures["place"] - 1)
    place, poles = arrived(lqr(data, 1.0, LEAN), seed)
    figures |= {"lqr_place": place, "lqr_upright": poles, "lqr_off": abs(place - 1)}
    learner = Relabelled(data, seed, goals=True, shift=True).learn(4000)
    place, poles = arrived(learner.asked(1.0), seed)
    figures |= {"goal_place": place, "goal_upright": poles, "goal_off": abs(place - 1)}
    agent.relabel(at(1.0), updates=3000)
    place, poles = arrived(agent.act, seed)
    figures |= {"dqn_place": place, "dqn_upright": poles, "dqn_off": abs(place - 1)}
    figures["dqn_steps"] = 0 if there(place, poles) else until_there(agent, seed)
    return figures


def theirs(name):
    """Another agent of the same run in the place of the planner."""
    return {"place": f"{name}_place", "upright": f"{name}_upright", "off": f"{name}_off"}


replay = Experiment(
    "04_replay",
    run_replay,
    {
        "arrives": Claim(
            "On the replay of a DQN that had learned to balance at x = 0 ({old_steps:.0f} steps), "
            "the planner arrives at x = 1 within {near} m, at least {gain} m nearer than the DQN's old "
            "values, with at least {poles} poles of four standing ({off:.2f} m off). The "
            "linear-quadratic regulator ends {lqr[off]:.2f} m off. The DQN, its weights kept and its "
            "replay relabelled, ends {dqn[off]:.2f} m off without a new step and takes "
            "{dqn_steps:.0f} new ones (stopped at 3,000). Goal-conditioned Q-learning on that replay "
            "ends {goal[off]:.2f} m off.",
            lambda f, near, gain, poles: (
                abs(f["place"] - 1) < min(near, abs(f["old_place"] - 1) - gain)
                and f["upright"] >= poles
            ),
            near=0.5,
            gain=0.2,
            poles=3,
        )
    },
    seeds=10,
    trivial={
        "old values": {"place": "old_place", "upright": "old_upright"},
        "random": lambda seed: dict(zip(("place", "upright"), arrived(None, seed))),
    },
    rival={"lqr": theirs("lqr"), "dqn": theirs("dqn"), "goal": theirs("goal")},
)


# --- the pendulum: another angle ---


def leaning(model, then, seed):
    """Mean distance (degrees) from the top before step 120, and from 15 degrees in the end."""
    agent = Changing(MPC(model, CEM(**SWING), seed=seed), then, after=120)
    seen = trace(Pendulum(), agent, seed, 240, episodes=5)
    angle = np.degrees(np.arctan2(seen[..., 1], seen[..., 0]))
    return abs(angle[100:120]).mean(0), abs(angle[-60:] - 15).mean(0)


def run_new_angle(seed):
    """Swing up; then, in the same episode, hold 15 degrees. How far off it is in the end."""
    figures = {}
    for name, model in (("learned", swing_network(seed)), ("true", Simulator(Pendulum()))):
        then = MPC(model.goal(hold(np.radians(15))), ICEM(**STEADY), seed=seed)
        figures[f"{name}_before"], figures[f"{name}_off"] = leaning(model, then, seed)
    return figures


new_angle = Experiment("04_new_angle", run_new_angle, seeds=10)


def by_feedback(seed):
    """Feedback instead of the planner from step 120 on: degrees off in the end, `(5,)`."""
    return leaning(swing_network(seed), Feedback(np.radians(15)), seed)[1]
