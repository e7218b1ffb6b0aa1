"""Real steps and processor seconds until CartPole is solved: planners beside Stable-Baselines3.

One stop rule for all, `wmlib.evaluation.steps_to_solve`: the first check with a mean return of 475
on 20 fresh episodes, confirmed on 20 new ones. Ours are chapter 4's learners: where each seed stops
is in that chapter's evidence, and here it learns once more, as far, on the clock. Stable-Baselines3's
DQN and PPO have the settings that RL Baselines3 Zoo tuned for CartPole-v1 and learn in gymnasium's
own CartPole-v1. Checks are free and take no part in the seconds.

Each seed is kept in _build/real_steps.jsonl as soon as it is done, and an interrupted run goes on
there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from measure import Missing
from stored import ROOT, significant, where

from wmlib.course.ch04_shooting.study import BAR, EVERY, linear, model_based, neural, self_taught
from wmlib.devices import new_rng
from wmlib.evaluation import steps_to_solve
from wmlib.worlds import CartPole

SEEDS = range(10)
HALF = ROOT / "_build" / "real_steps.jsonl"
EVIDENCE = ROOT / "wmlib" / "course" / "ch04_shooting" / "evidence"

# RL Baselines3 Zoo, hyperparams/dqn.yml and ppo.yml, CartPole-v1.
DQN = {
    "learning_rate": 2.3e-3,
    "batch_size": 64,
    "buffer_size": 100_000,
    "learning_starts": 1000,
    "gamma": 0.99,
    "target_update_interval": 10,
    "train_freq": 256,
    "gradient_steps": 128,
    "exploration_fraction": 0.16,
    "exploration_final_eps": 0.04,
    "policy_kwargs": {"net_arch": [256, 256]},
}
PPO = {
    "n_steps": 32,
    "batch_size": 256,
    "gae_lambda": 0.8,
    "gamma": 0.98,
    "n_epochs": 20,
    "ent_coef": 0.0,
    "learning_rate": lambda left: 0.001 * left,
    "clip_range": lambda left: 0.2 * left,
}


def due(steps: int, checked: int) -> bool:
    """Whether a check is due: chapter 4's rule, every 50 steps, later every hundredth part."""
    return steps - checked >= max(EVERY, steps // 100 if steps >= 5000 else 0)


def baselines():
    """Stable-Baselines3."""
    try:
        import stable_baselines3
    except ImportError as error:
        raise Missing("pip install stable-baselines3, or make bench with PEERS=folder") from error
    return stable_baselines3


def sb3_dqn(seed: int, limit: int) -> Iterator:
    """Its own learning loop, handing out its agent after each training."""
    agent = baselines().DQN("MlpPolicy", "CartPole-v1", seed=seed, device="cpu", **DQN)
    _, callback = agent._setup_learn(limit, None)
    checked = 0
    while agent.num_timesteps < limit:
        agent.collect_rollouts(
            agent.env,
            callback,
            train_freq=agent.train_freq,
            replay_buffer=agent.replay_buffer,
            learning_starts=agent.learning_starts,
        )
        if agent.num_timesteps > agent.learning_starts:
            agent.train(agent.gradient_steps, agent.batch_size)
        if due(agent.num_timesteps, checked):
            checked = agent.num_timesteps
            yield checked, greedy(agent)


def sb3_ppo(seed: int, limit: int) -> Iterator:
    """The same with eight environments."""
    from stable_baselines3.common.env_util import make_vec_env

    envs = make_vec_env("CartPole-v1", n_envs=8, seed=seed)
    agent = baselines().PPO("MlpPolicy", envs, seed=seed, device="cpu", **PPO)
    _, callback = agent._setup_learn(limit, None)
    checked = 0
    while agent.num_timesteps < limit:
        agent.collect_rollouts(agent.env, callback, agent.rollout_buffer, agent.n_steps)
        agent._update_current_progress_remaining(agent.num_timesteps, limit)
        agent.train()
        if due(agent.num_timesteps, checked):
            checked = agent.num_timesteps
            yield checked, greedy(agent)


def greedy(agent) -> Callable:
    """What it does when it does not explore."""
    return lambda obs: agent.predict(obs, deterministic=True)[0]


def evidence(name: str, what: str, seed: int) -> int | None:
    """Where chapter 4's experiment stopped with this seed; None where it was not solved."""
    text = (EVIDENCE / f"{name}.json").read_text(encoding="utf8")
    [figures] = [row["figures"] for row in json.loads(text)["seeds"] if row["seed"] == seed]
    return figures[what] if what != "steps" or figures["solved"] else None


# Each makes a learner, `(seed, limit) -> (real steps, agent), ...`, and has a limit.
PEERS = {"Stable-Baselines3 DQN": (sb3_dqn, 50_000), "Stable-Baselines3 PPO": (sb3_ppo, 100_000)}
OURS = {
    "planner, shaped, network": (lambda seed, limit: model_based(neural, seed, 8, limit), 600),
    "planner, shaped, least squares": (lambda seed, limit: model_based(linear, seed, 8, limit), 200),
    "planner, nothing given": (lambda seed, limit: self_taught(seed, limit=limit), 1000),
}  # fmt: skip
STOPPED = {
    "planner, shaped, network": ("04_shaped", "steps"),
    "planner, shaped, least squares": ("04_shaped", "linear"),
    "planner, nothing given": ("04_unprivileged", "steps"),
}
METHODS: dict[str, tuple[Callable[[int, int], Iterator], int]] = OURS | PEERS


class Clock:
    """Counts the processor seconds that a learner takes, not those of who looks at it."""

    def __init__(self, learner):
        self.learner, self.seconds = learner, 0.0

    def __iter__(self):
        while True:
            began = time.process_time()
            step = next(self.learner, None)
            self.seconds += time.process_time() - began
            if step is None:
                return
            yield step


def one(method: str, seed: int) -> dict:
    """One seed of one method; `steps` is None where the bar was not reached within the limit."""
    torch.set_num_threads(1)
    make, limit = METHODS[method]
    learner = Clock(make(seed, limit))
    if method in PEERS:
        steps = steps_to_solve(CartPole(), learner, BAR, limit, seed=seed).steps
    else:
        steps = evidence(*STOPPED[method], seed)
        for done, _ in learner:
            if done >= (steps or limit):
                break
    return {"method": method, "seed": seed, "steps": steps, "seconds": significant(learner.seconds)}


def every(half: Path = HALF) -> list[dict]:
    """All seeds of all methods; those in the file already are taken from there."""
    lines = half.read_text(encoding="utf8").splitlines() if half.exists() else []
    done = {(row["method"], row["seed"]): row for row in map(json.loads, lines)}
    half.parent.mkdir(exist_ok=True)
    for method in METHODS:
        for seed in SEEDS:
            if (method, seed) not in done:
                done[method, seed] = row = one(method, seed)
                with half.open("a", encoding="utf8") as file:
                    file.write(json.dumps(row) + "\n")
                print(row, flush=True)
    return [done[method, seed] for method in METHODS for seed in SEEDS]


def summary(method: str, rows: list[dict]) -> dict:
    """Medians with 90 % bootstrap intervals; a seed that failed counts with the limit."""
    limit = METHODS[method][1]
    mine = [row for row in rows if row["method"] == method]
    steps = [row["steps"] or limit for row in mine]
    seconds = [row["seconds"] for row in mine]
    solved = sum(row["steps"] is not None for row in mine)
    told = {"method": method, "limit": limit, "solved": solved, "of": len(mine)}
    told |= {"steps": interval(steps), "seconds": interval(seconds)}
    return told | {"seeds": [[row["seed"], row["steps"], row["seconds"]] for row in mine]}


def interval(figures: list[float], draws: int = 10_000) -> list[float]:
    """The median, and the 5 % and 95 % points of its bootstrap."""
    drawn = np.median(new_rng(0).choice(figures, (draws, len(figures))), axis=1)
    return [significant(x) for x in (np.median(figures), *np.quantile(drawn, [0.05, 0.95]))]


def table(peers: Path | None) -> dict:
    """All methods, with every seed."""
    version = baselines().__version__
    rows = every()
    told = {"methods": [summary(method, rows) for method in METHODS]}
    HALF.unlink()  # a next run measures anew
    return told | where({"stable-baselines3": version})
