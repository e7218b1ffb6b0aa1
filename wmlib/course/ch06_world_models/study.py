"""What the experiments of chapter 6 share: random play, V and M of a world, controllers for it."""

from __future__ import annotations

from functools import lru_cache
from itertools import count, islice
from pathlib import Path

import numpy as np
import torch

from wmlib import evaluation, weights
from wmlib.acting import film, play
from wmlib.agents import OfState, Sticky
from wmlib.course.ch06_world_models.cma_controller import (
    CMAController,
    ImaginedReturns,
    LinearAgent,
    RealReturns,
    choose,
)
from wmlib.course.ch06_world_models.dodge import Dodge, evade
from wmlib.evaluation import evaluate
from wmlib.models import tree_map
from wmlib.models.vision_memory import VisionMemory
from wmlib.streams import Streams
from wmlib.widgets import progress

WEIGHTS = Path(__file__).parent / "weights"
SEEN = 51_200  # real steps of random play, 64 games side by side
TEMPERATURES = (0.1, 0.5, 1.0, 1.15, 1.3)
POPULATION, ROLLOUTS, GENERATIONS = 32, 4, 64  # of CMA-ES: 8,192 lives, and of each fourth
VALIDATION = 100  # generation's middle 100 more
SWEEP = 26  # steps one way of the blind sweep: the best of 18, 20, ... 28 on games of other seeds


def random_play(world, seed, steps=SEEN):
    """What 64 players saw who take a new action in one step of four: `Streams`."""
    key = np.atleast_1d(seed).tolist()
    player = Sticky(world.act_space, 0.25, [*key, 61])
    return Streams(world, 64, [*key, 60]).play(steps, player)


def first_frames(streams):
    """The pictures in which the episodes of these streams began: `(N, 1, 32, 32)`."""
    seen = streams.all(2)
    return seen.obs[:, 1][seen.first[:, 1]]


def train(model, streams, steps_v=1300, steps_m=2500, report=None):
    """Train V, then M, on what was seen.

    Args:
        steps_v, steps_m: gradient steps of each. report: called with ("V" or "M", step, loss).

    Returns:
        the model.
    """
    told = (lambda part: lambda *news: report(part, *news)) if report else lambda part: None
    model.vision.fit(streams.frames(), steps_v, report=told("V"))
    model.memory.fit(streams.all(100), model.vision, steps_m, report=told("M"))
    return model


@lru_cache(maxsize=5)
def dodge_model(seed):
    """V and M of Dodge, and states of theirs in which a dream may begin."""
    streams = random_play(Dodge(), seed)
    model = train(VisionMemory(Dodge.act_space, seed=seed), streams)
    return model, dream_starts(model, streams)


@torch.inference_mode()
def dream_starts(model, streams):
    """States in which the real episodes began: a dream may begin there too."""
    return model.start(first_frames(streams))


def dreaming(model, starts, temperature, rollouts=ROLLOUTS):
    """Lives in this model's dream at a temperature, for `CMAController.fit`."""
    model.temperature = temperature
    return ImaginedReturns(model, starts, rollouts)


def search(model, seed):
    """A search that has not begun."""
    return CMAController(model.feat_size, model.act_space.n, POPULATION, seed=seed)


@lru_cache(maxsize=40)
def trained_in_dream(seed, temperature):
    """The controller that was found in a dream of this temperature: `(actions, F + 1)`."""
    model, starts = dodge_model(seed)
    return dream_search(model, starts, temperature, seed).best


def dream_search(model, starts, temperature, seed, report=None):
    """CMA-ES in the dream; which generation was best, other lives in the same dream decide."""
    score, validation = (dreaming(model, starts, temperature, n) for n in (ROLLOUTS, VALIDATION))
    return search(model, seed).fit(score, GENERATIONS, validation, report=report)


def dream_search_on_z(model, starts, seed):
    """The same in the dream of temperature 1 for controllers that read z alone: `(actions, S + 1)`."""
    model.temperature = 1.0
    score, validation = (
        ImaginedReturns(model, starts, n, feat=model.feat_z) for n in (ROLLOUTS, VALIDATION)
    )
    found = CMAController(model.size, model.act_space.n, POPULATION, seed=seed)
    return found.fit(score, GENERATIONS, validation).best


def dreamt(model, starts, parameters, temperature, seed, rollouts=64):
    """Returns of new lives in the dream `(rollouts,)`."""
    generator = torch.Generator().manual_seed(seed)
    return (
        dreaming(model, starts, temperature, rollouts)
        .returns(parameters[None], generator)[0]
        .numpy()
    )


def real(model, parameters, seed, episodes=100, feat=None, world=None):
    """Returns of fresh episodes of the real Dodge `(episodes,)`."""
    return evaluate(world or Dodge(), LinearAgent(model, parameters, feat), episodes, seed).returns


def wiped(state):
    """What a controller reads of a state whose memory is gone: `(B, S + H)`."""
    return torch.cat([state.z, torch.zeros_like(state.hidden)], -1)


def sweep():
    """A player who looks at nothing: SWEEP steps to the left, as many to the right, again.

    Returns:
        a policy for one batch of games: `(B, ...)`, whatever is seen -> actions `(B,)`.
    """
    clock = count()
    return lambda seen: np.full(len(seen), 2 * (next(clock) // SWEEP % 2))


class NoBalls(Dodge):
    """The same game, but its pictures show no balls."""

    def draw(self, state):
        bare = state.copy()
        self.balls(bare)[:] = 0
        return super().draw(bare)


def random_pictures(seed, games=64, steps=40):
    """Pictures of real games under random actions, one after another: `(steps * games, 1, 32, 32)`."""
    played = islice(play(Dodge(), copies=games, rng=seed), steps)
    return torch.from_numpy(np.concatenate([step.next_obs for step in played]))


def baselines(seed, episodes=100):
    """Mean returns in Dodge of those who do not learn: at random, still, the sweep, scripted."""
    still = evaluate(Dodge(), lambda obs: np.ones(len(obs), int), episodes, seed)
    return {
        "random": evaluate(Dodge(), None, episodes, seed).returns.mean(),
        "still": still.returns.mean(),
        "sweep": evaluate(Dodge(), sweep(), episodes, seed).returns.mean(),
        "scripted": scripted(Dodge(), evade, episodes, seed).mean(),
    }


def scripted(world, script, episodes, seed):
    """Returns of somebody who sees the true states: `script(state) -> actions`."""
    total = np.zeros(episodes)
    for step in play(world, OfState(script), copies=episodes, rng=seed, again=False):
        total[step.episode] += step.rew
    return total


def trained_in_reality(seed):
    """CMA-ES in the real world, with as many lives as in the dream, examinations too.

    Returns:
        controller; the one it had when it had taken SEEN real steps; real steps in all.
    """
    model, _ = dodge_model(seed)
    score, validation = (RealReturns(model, Dodge(), n) for n in (ROLLOUTS, VALIDATION))
    found, early = search(model, seed), None
    for _ in range(GENERATIONS):
        found.fit(score, 1, validation)
        if score.steps + validation.steps <= SEEN:
            early = found.best
    return found.best, early, score.steps + validation.steps


# --- dreams beside reality ------------------------------------------------------------------------


def dream_beside_reality(model, seed, context=8, horizon=30, generator=None):
    """Random games, and dreams from the same moments: see `evaluation.dream_beside_reality`."""
    seen = random_play(Dodge(), [seed, 62], 6_400).all(context + horizon)
    return evaluation.dream_beside_reality(model, seen, context, generator)


@torch.inference_mode()
def picture_errors(model, seed, horizon=30):
    """Errors of the picture `(horizon,)`: of the dream, of V's reconstruction, of the last picture.

    In units of the error of the mean picture: 1 is to know nothing of the moment. The reconstruction
    is what V draws of the picture that came: no dream can be better than what V can draw.
    """
    real, dreamt = dream_beside_reality(model, seed, horizon=horizon)
    z, _ = model.vision.encode_all(torch.as_tensor(real))
    drawn = model.vision.decode(z.flatten(0, 1)).clamp(0, 1).view(real.shape).numpy()
    return tuple(evaluation.picture_errors(real, guess) for guess in (dreamt, drawn, real[:, :1]))


# --- films and stored weights ----------------------------------------------------------------------------


def store_dodge(model, warm, cold, path=WEIGHTS / "dodge.pt"):
    """Write V, M and two controllers to one file, in half precision."""
    halved = weights.halved(model.state_dict())
    content = {"weights": halved, "warm": warm.clone(), "cold": cold.clone()}
    weights.write(content, path)


def stored_dodge(path=WEIGHTS / "dodge.pt"):
    """The model of seed 0 as this chapter trains it, from the file that comes with wmlib.

    Returns:
        model, controller of the warm dream, controller of the cold dream.
    """
    content = weights.read(path, ("weights", "warm", "cold"))
    model = VisionMemory(Dodge.act_space)
    model.load_state_dict(content["weights"])
    return model, content["warm"], content["cold"]


def filmed_game(model, parameters, seed, steps=99):
    """One real game: pictures `(T, 1, 32, 32)` of at most so many steps, to its end."""
    return film(Dodge(), LinearAgent(model, parameters), seed, steps)


@torch.inference_mode()
def filmed_dream(model, starts, parameters, temperature, seed, steps=99):
    """One dreamt game, likewise: what the controller believes to see."""
    model.temperature, generator = temperature, torch.Generator().manual_seed(seed)
    pick = torch.randint(len(starts.z), (1,), generator=generator)
    state, film = tree_map(lambda x: x[pick], starts), []
    for _ in range(steps):
        film.append(model.decode(state)[0])
        action = choose(torch.as_tensor(parameters)[None], model.feat(state))
        state, _, cont = model.step(state, action, generator)
        if torch.rand(1, generator=generator) > cont:
            break
    return torch.stack([*film, model.decode(state)[0]]).numpy()


def padded(film, length):
    """A film held at its last picture until it has so many."""
    return film[np.minimum(np.arange(length), len(film) - 1)]


def ticking(total, words):
    """A `report=` for a training of so many steps, that shows a progress bar."""
    bar = iter(progress(range(total - 1), words))
    return lambda *news: next(bar, None)
