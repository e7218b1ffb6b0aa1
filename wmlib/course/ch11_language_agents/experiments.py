"""Chapter 11, language agents: the experiments behind its claims."""

from __future__ import annotations

from functools import reduce

import numpy as np

from wmlib.course.ch11_language_agents.desk import FREE, GOAL, LOST, Desk
from wmlib.course.ch11_language_agents.lookahead import Lookahead, caution_level
from wmlib.course.ch11_language_agents.study import (
    at_random,
    clone,
    greedy,
    held_out,
    imitating,
    lengths,
    looking,
    loss_risk,
    play,
    right,
    tasks,
    trained,
)
from wmlib.course.ch11_language_agents.text import TextModel
from wmlib.evidence import Experiment

DEPTHS = [1, 2, 3]
WORLD = Desk(held_out=True)


def desk_figures(model, seed, n=340):
    """The trained model: its answers, and its agents beside the true simulator's and others."""
    exact, said = right(model, *held_out(seed))
    _, four = right(model, *held_out(seed, files=4, wanted=300))
    figures = {"exact": exact, "sentences": said, "sentences_four": four, "episodes": n}
    desks = tasks(n, [seed, 113])
    shortest = lengths(desks)
    models = {"model": TextModel(WORLD, model.answer), "truth": TextModel(WORLD, WORLD.tell)}
    for name, text_model in models.items():
        free = play(desks, looking(text_model, 3))
        tight = [play(desks, looking(text_model, depth), shortest) for depth in DEPTHS]
        figures[f"{name}_success"], figures[f"{name}_lost"] = free.success.mean(), free.lost.mean()
        figures[f"{name}_tight"] = [played.success.mean() for played in tight]
        figures[f"{name}_tight_lost"] = [played.lost.mean() for played in tight]
        figures[f"{name}_asked"] = text_model.asked / n
    for name, agent in {"random": at_random([seed, 115]), "greedy": greedy}.items():
        played = play(desks, agent)
        figures[f"{name}_success"] = played.success.mean()
        figures[f"{name}_lost"] = played.lost.mean()
    return figures


desk = Experiment(
    "11_desk",
    lambda seed: desk_figures(trained(seed)[1], seed),
    {
        "sentences": (
            "of tool calls that change something, on desks never seen, the model says in at least "
            "98 of 100 the right sentence",
            lambda f: f["sentences"] >= 0.98,
        ),
        "success": (
            "the agent that looks three calls ahead in it does at least 95 % of its tasks",
            lambda f: f["model_success"] >= 0.95,
        ),
        "lost": ("and loses a file in at most 1 % of them", lambda f: f["model_lost"] <= 0.01),
        "paired": (
            "with exactly the shortest plan's calls allowed, it is at every depth within 0.03 of "
            "the true simulator on the same tasks",
            lambda f: max(np.abs(np.subtract(f["model_tight"], f["truth_tight"]))) <= 0.03,
        ),
        "depth": (
            "there depth pays: success grows with every call it looks further, to 0.9 or more",
            lambda f: np.all(np.diff(f["model_tight"]) > 0) and f["model_tight"][-1] >= 0.9,
        ),
        "reactive": (
            "agents that do not look, random or greedy, lose a file in more than half of theirs",
            lambda f: min(f["random_lost"], f["greedy_lost"]) > 0.5,
        ),
    },
    seeds=3,
)


def carried_out(desks, text_model, depth):
    """Trust the first thought: carry out the whole best plan without looking again.

    Returns:
        shares of the desks: a plan promised to reach the goal; the goal was reached without a
        loss; a file was lost.
    """
    rows = desks.tolist()
    thoughts = Lookahead(depth).imagine(text_model, rows, [frozenset()] * len(rows))
    promised, kept = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    end = list(rows)
    for i, thought in enumerate(thoughts):
        best = thought.futures[0] if thought.futures else None
        promised[i] = best is not None and best.desks[-1][FREE] >= best.desks[-1][GOAL]
        if promised[i]:
            end[i] = reduce(WORLD.act, best.calls, end[i])
        kept[i] = promised[i] and end[i][FREE] >= end[i][GOAL]
    lost = WORLD.losses(end) > WORLD.losses(desks)
    return promised.mean(), (kept & ~lost).mean(), lost.mean()


def early_figures(model, seed, n=200):
    """A model stopped early: what depth promises, what it keeps, and what caution repairs."""
    prompts, answers = held_out(seed + 10_000, wanted=800, changing=False)
    risk = loss_risk(model)
    limit = caution_level(risk(prompts), [LOST in answer for answer in answers])
    _, said = right(model, *held_out(seed, wanted=400))
    figures = {"sentences": said, "limit": limit, "depths": DEPTHS}
    desks, text_model = tasks(n, [seed, 114]), TextModel(WORLD, model.answer, risk)
    plans = [carried_out(desks, text_model, depth) for depth in DEPTHS]
    for name, shares in zip(("promised", "kept", "plan_lost"), zip(*plans)):
        figures[name] = list(shares)
    for name, caution in (("bold", None), ("careful", limit)):
        played = [play(desks, looking(text_model, depth, caution)) for depth in DEPTHS]
        figures[f"{name}_success"] = [p.success.mean() for p in played]
        figures[f"{name}_lost"] = [p.lost.mean() for p in played]
    return figures


early = Experiment(
    "11_early",
    lambda seed: early_figures(trained(seed)[0], seed),
    {
        "paradox": (
            "in a model stopped early, plans of up to three calls, carried out as imagined, lose "
            "more files than plans of one",
            lambda f: f["plan_lost"][-1] > f["plan_lost"][0],
        ),
        "promise": (
            "and deeper plans break more promises: the share that said it would reach the goal and "
            "did not grows with depth",
            lambda f: f["promised"][-1] - f["kept"][-1] > f["promised"][0] - f["kept"][0],
        ),
        "repair": (
            "a limit on the risk of the next call, set by held-out experience, saves at least half "
            "of the files that looking three ahead loses",
            lambda f: f["careful_lost"][-1] <= 0.5 * f["bold_lost"][-1],
        ),
    },
    seeds=3,
)


def run_clone(seed, n=340):
    """Behaviour cloning: the same network, taught what an expert did; the same tasks."""
    agent = imitating(clone(seed, steps=800))
    desks = tasks(n, [seed, 113])
    free, tight = play(desks, agent), play(desks, agent, lengths(desks))
    return {"success": free.success.mean(), "lost": free.lost.mean(), "tight": tight.success.mean()}


cloned = Experiment(
    "11_cloned",
    run_clone,
    {
        "imitates": (
            "a clone of an expert does at least half of the tasks, and loses files in more than 1 "
            "of 100",
            lambda f: f["success"] >= 0.5 and f["lost"] > 0.01,
        )
    },
    seeds=3,
)
