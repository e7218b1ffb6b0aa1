"""The desk of chapter 11: what is learned from, the world model, its tests, agents, episodes."""

from __future__ import annotations

import copy
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import gymnasium as gym
import numpy as np

from wmlib import acting
from wmlib.course.ch11_language_agents.desk import (
    CLOSED,
    FREE,
    GOAL,
    HERE,
    LARGEST,
    LOST,
    NAMES,
    SENTENCES,
    TOOLS,
    Desk,
)
from wmlib.course.ch11_language_agents.lookahead import Lookahead, desk_key
from wmlib.course.ch11_language_agents.phrases import Phrases
from wmlib.course.ch11_language_agents.text_gpt import TextGPT, balance
from wmlib.devices import new_rng
from wmlib.experience import collect
from wmlib.worlds import World

APART = {*NAMES, *TOOLS, "=>", *map(str, range(LARGEST + 1))}  # words that never merge
EARLY, STEPS = 300, 1500  # gradient steps: of a model stopped early, of the trained one
WEIGHTS = Path(__file__).parent / "weights"  # of the training with seed 0


def plain_lessons(data, desk) -> tuple[list[str], list[str]]:
    """Transitions as (prompts, answers), each question once."""
    told = {}
    for obs, act, nxt in zip(data.obs, data.act, data.next_obs):
        told.setdefault(desk.prompt(obs, act), desk.answer(obs, nxt))
    return list(told), list(told.values())


@lru_cache(maxsize=1)
def lessons(seed: int, steps: int = 100_000) -> tuple[list[str], list[str]]:
    """Random play on the desks for learning: about 90,000 different questions and their answers."""
    desk = Desk(tasks=False)
    return plain_lessons(collect(desk, None, steps, [seed, 110]), desk)


def held_out(seed: int, files: int = 3, wanted: int = 800, changing: bool = True):
    """Random play on desks whose set of names was never seen: (prompts, answers)."""
    desk = Desk(files, held_out=True if files == 3 else None, tasks=False)
    prompts, answers = plain_lessons(collect(desk, None, 8 * wanted, [seed, 111, files]), desk)
    keep = [i for i, a in enumerate(answers) if not (changing and a.endswith("=> same ."))]
    return [prompts[i] for i in keep[:wanted]], [answers[i] for i in keep[:wanted]]


def student(prompts, answers, seed: int, **sizes) -> TextGPT:
    """A model that has learned nothing yet, with a vocabulary for these lessons."""
    phrases = Phrases.learn(prompts[:12000] + answers[:12000], APART, merges=150)
    return TextGPT(phrases, seed=seed, **sizes)


def train(model, prompts, answers, until=None, report=None):
    """Balanced replay, up to a step of the course of learning."""
    weights = balance(answers, NAMES)
    return model.fit(prompts, answers, weights, STEPS, until, report=report)


@cache
def trained(seed: int) -> tuple[TextGPT, TextGPT]:
    """One course of learning: the model as it was after `EARLY` steps, and at the end."""
    learned = lessons(seed)
    model = student(*learned, seed)
    train(model, *learned, until=EARLY)
    early = copy.deepcopy(model)
    train(model, *learned)
    return early, model


@cache
def trained_early(seed: int) -> TextGPT:
    """The first of what `trained` gives, without the rest of the course of learning."""
    learned = lessons(seed)
    model = student(*learned, seed)
    train(model, *learned, until=EARLY)
    return model


def stored() -> tuple[TextGPT, TextGPT]:
    """What `trained(0)` gave, from stored weights."""
    return TextGPT.load(WEIGHTS / "desk_early.pt"), TextGPT.load(WEIGHTS / "desk.pt")


def right(model, prompts, answers) -> tuple[float, float]:
    """Share of the answers that are right to the word, and share of their sentences."""
    given = model.answer(prompts)
    sentence = lambda text: text.partition(" => ")[0]  # noqa: E731
    exact = [g == a for g, a in zip(given, answers)]
    said = [sentence(g) == sentence(a) for g, a in zip(given, answers)]
    return float(np.mean(exact)), float(np.mean(said))


def tasks(n: int, seed) -> np.ndarray:
    """Desks with a task that can be done, with names that no desk for learning has: `(n, D)`."""
    return Desk(held_out=True).initial(n, new_rng(seed))


def lengths(desks) -> np.ndarray:
    """The length of a shortest loss-free plan for each desk, by the rules."""
    world = Desk(held_out=True)
    return np.array([len(world.shortest(row)) for row in desks])


class Played(NamedTuple):
    """Finished episodes, `(n,)` each: reached without a loss, files lost, calls made."""

    success: np.ndarray
    lost: np.ndarray
    calls: np.ndarray


class Trips(World):
    """Desks with a number of calls that are left. One action more than a `Desk` has: to stop."""

    max_steps = None

    def __init__(self):
        self.desk = Desk(held_out=True)
        self.stop = int(self.desk.act_space.n)
        self.obs_space = self.desk.obs_space
        self.act_space = gym.spaces.Discrete(self.stop + 1)

    def initial(self, n, rng):
        return np.column_stack([self.desk.initial(n, rng), np.full(n, self.desk.max_steps)])

    def step(self, state, action, rng=None):
        nxt, moves = state.copy(), action != self.stop
        nxt[moves, :-1], rew, _ = self.desk.step(state[moves, :-1], action[moves])
        nxt[:, -1] -= moves
        over = ~moves | (nxt[:, -1] == 0) | (nxt[:, FREE] >= nxt[:, GOAL])
        reward = np.zeros(len(nxt))
        reward[moves] = rew
        return nxt, reward, over

    def obs(self, state):
        return state[:, :-1]


class Deciding:
    """`decide(rows, met) -> calls` as an agent in `Trips`; a call that is None stops an episode."""

    def __init__(self, decide, stop: int):
        self.decide, self.stop = decide, stop

    def begin(self, obs):
        """Nothing has been met yet."""
        self.met = [frozenset()] * len(obs)

    def act(self, obs):
        """Calls `(B,)`."""
        rows = obs.tolist()
        calls = self.decide(rows, self.met)
        new = [{desk_key(row), (desk_key(row), call)} for row, call in zip(rows, calls)]
        self.met = [met | more for met, more in zip(self.met, new)]
        return [self.stop if call is None else call for call in calls]

    def keep(self, mask):
        """Go on with some of the episodes only."""
        self.met = [met for met, stays in zip(self.met, mask) if stays]


def play(desks, decide, budget=10) -> Played:
    """Let an agent work on many desks side by side, each until its goal, its end, or its budget.

    Args:
        decide: `rows, met -> calls` (see `Lookahead.decide`); None stops an episode.
        budget: calls allowed, one number or one for each desk.
    """
    world, left = Trips(), np.broadcast_to(budget, len(desks)).astype(int)
    end, calls, some = np.array(desks), np.zeros(len(desks), int), np.flatnonzero(left)
    if len(some):
        state = np.column_stack([end, left])[some]
        agent = Deciding(decide, world.stop)
        for step in acting.play(world, agent, state=state, again=False):
            rows = some[step.episode]
            end[rows] = world.obs(step.next_state)
            calls[rows] += step.act != world.stop
    lost = world.desk.losses(end) - world.desk.losses(np.asarray(desks))
    return Played((end[:, FREE] >= end[:, GOAL]) & (lost == 0), lost > 0, calls)


def looking(model, depth, caution=None):
    """An agent that looks ahead in a text model."""
    planner = Lookahead(depth, caution=caution)
    return lambda rows, met: planner.decide(model, rows, met)


def at_random(seed):
    """An agent that calls any tool on any file that is on the disk."""
    rng, world = new_rng(seed), Desk()

    def decide(rows, met):
        calls = [world.sensible(row) for row in rows]
        return [int(rng.choice(some)) if some else None for some in calls]

    return decide


def greedy(rows, met):
    """A reactive agent: close what is largest, then delete it. It never asks what would happen."""
    chosen = []
    for row in rows:
        here = [slot for slot in range(len(row) // 5 - 1) if row[7 + 5 * slot] == HERE]
        if not here:
            chosen.append(None)
            continue
        slot = max(here, key=lambda slot: row[6 + 5 * slot])
        tool = "delete" if row[8 + 5 * slot] == CLOSED else "close"
        chosen.append(len(TOOLS) * slot + TOOLS.index(tool))
    return chosen


def request(desk, row) -> str:
    """What a cloned policy is asked."""
    return f"goal {int(row[GOAL])} now {desk.text(row)} do"


def demonstrations(seed: int, episodes: int = 4000) -> tuple[list[str], list[str]]:
    """What an expert who knows the rules does on desks for learning: (requests, calls)."""
    desk, requests, calls = Desk(), [], []
    for row in desk.initial(episodes, new_rng([seed, 112])).tolist():
        plan = desk.shortest(row)
        for here, call in zip(accumulate(plan, desk.act, initial=row), plan):
            requests.append(request(desk, here))
            calls.append(desk.call(here, call))
    return requests, calls


def clone(seed: int, steps: int = 1500) -> TextGPT:
    """The same network as the world model's, taught to do what the expert does."""
    requests, calls = demonstrations(seed)
    model = student(requests, calls, seed)
    model.fit(requests, calls, steps=steps)
    return model


def imitating(model):
    """An agent that does what a cloned policy says; where that is no call, it stops."""
    world = Desk()

    def decide(rows, met):
        told = model.answer([request(world, row) for row in rows], longest=4)
        named = [{world.call(row, a): a for a in world.sensible(row)} for row in rows]
        return [calls.get(text) for calls, text in zip(named, told)]

    return decide


def loss_risk(model):
    """What a `TextModel` wants as `risk`: prompts to the probability that something is lost."""
    endings = [sentence for sentence in SENTENCES if LOST in sentence]

    def risk(prompts):
        names = [prompt.partition(" If I ")[2].split()[1] for prompt in prompts]
        asked = [prompt for prompt in prompts for _ in endings]
        told = [ending.format(name) for name in names for ending in endings]
        return model.probability(asked, told).reshape(len(prompts), len(endings)).sum(1).tolist()

    return risk
