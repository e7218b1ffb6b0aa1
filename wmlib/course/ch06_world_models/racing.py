"""Chapter 6's small CarRacing: a car with inertia, driven on what V sees and what M remembers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from wmlib import weights
from wmlib.acting import film
from wmlib.course.ch06_world_models.cma_controller import CMAController, LinearAgent, RealReturns
from wmlib.course.ch06_world_models.study import WEIGHTS, random_play, train
from wmlib.devices import new_rng
from wmlib.evaluation import evaluate
from wmlib.models.vision_memory import VisionMemory
from wmlib.worlds import MiniRacing

SEEN = 25_600  # real steps of random steering
POPULATION, ROLLOUTS, GENERATIONS = 16, 4, 15  # of CMA-ES, in the real world


class HeavyRacing(MiniRacing):
    """MiniRacing with a heavy steering wheel: an action turns the wheel, and the wheel the car.

    State `(B, 10)`: that of MiniRacing, and how far the car turns in a step (rad, positive to the
    right). No single picture shows it. Actions push the wheel by `push` to the left, not at all,
    or to the right; it turns by 0.12 rad a step at most.
    """

    def __init__(self, push: float = 0.02):
        self.push = push

    def initial(self, n, rng):
        return np.column_stack([super().initial(n, rng), np.zeros(n)])

    def step(self, state, action, rng=None):
        state, action = self._checked(state, action)
        turn = np.clip(state[:, 9] + self.push * (action - 1), -self.TURN, self.TURN)
        car = state[:, :9].copy()
        car[:, 2] += turn
        nxt, rew, ended = super().step(car, np.ones(len(car), int))
        return np.column_stack([nxt, turn]), rew, ended

    def draw(self, state):
        return super().draw(state[:, :9])

    def beside(self, state):
        return super().beside(state[:, :9])


@lru_cache(maxsize=5)
def racing_model(seed):
    """V and M that have seen random steering of the heavy car."""
    world = HeavyRacing()
    model = VisionMemory(world.act_space, seed=seed)
    return train(model, random_play(world, seed, SEEN), 600, 800)


def reads(model):
    """What the two controllers read, and how many numbers that is."""
    return {"z": (model.feat_z, model.size), "z and h": (model.feat, model.feat_size)}


def learn_to_drive(seed, what, world=None, generations=GENERATIONS):
    """A controller found by CMA-ES in the real world: `(actions, F + 1)`.

    Args:
        what: "z" or "z and h". world: where it learns; default the heavy car.
    """
    model = racing_model(seed)
    feat, size = reads(model)[what]
    search = CMAController(size, model.act_space.n, POPULATION, seed=seed)
    return search.fit(
        RealReturns(model, world or HeavyRacing(), ROLLOUTS, feat), generations
    ).parameters


def laps(model, parameters, what, seed, world=None, episodes=50):
    """Returns on fresh tracks `(episodes,)`: 100 is a lap."""
    agent = LinearAgent(model, parameters, reads(model)[what][0])
    return evaluate(world or HeavyRacing(), agent, episodes, seed).returns


class TwoFrames:
    """V without M: the state is the last two z, `(now (B, S), before (B, S))`."""

    def __init__(self, vision, act_space):
        self.vision, self.act_space, self.device = vision, act_space, "cpu"

    def start(self, obs):
        z, _ = self.vision.encode(obs)  # (B, S)
        return z, z

    def observe(self, state, action, obs, first=None):
        now, before = self.vision.encode(obs)[0], state[0]  # (B, S) each
        if first is not None:
            before = torch.where(torch.as_tensor(first)[:, None], now, before)
        return now, before

    @staticmethod
    def feat(state):
        return torch.cat(state, -1)  # (B, 2 S)


def run_two_frames(seed):
    """The rival of a memory: the driver reads the z of two pictures, this one and the last."""
    world = HeavyRacing()
    vision = VisionMemory(world.act_space, seed=seed).vision
    vision.fit(random_play(world, seed, SEEN).frames(), 600)
    model = TwoFrames(vision, world.act_space)
    search = CMAController(2 * vision.size, world.act_space.n, POPULATION, seed=seed)
    found = search.fit(RealReturns(model, world, ROLLOUTS), GENERATIONS).parameters
    agent = LinearAgent(model, found)
    return {"z and h": evaluate(world, agent, 50, [seed, 66]).returns.mean()}


# --- films and stored weights ----------------------------------------------------------------------------


def store_racing(model, drivers, path=WEIGHTS / "racing.pt"):
    """Write V, M and the controllers `{what: parameters}` to one file, in half precision."""
    weights.write({"weights": weights.halved(model.state_dict()), "drivers": drivers}, path)


def stored_racing(path=WEIGHTS / "racing.pt"):
    """Model and controllers of seed 0, from the file that comes with wmlib.

    Returns:
        model, {what it reads: parameters}.
    """
    content = weights.read(path, ("weights", "drivers"))
    model = VisionMemory(HeavyRacing.act_space)
    model.load_state_dict(content["weights"])
    return model, content["drivers"]


def filmed_drive(model, parameters, what, seed, every=3):
    """One drive of the heavy car, to its end: every so many pictures `(T, 1, 32, 32)`."""
    agent = LinearAgent(model, parameters, reads(model)[what][0])
    seen = film(HeavyRacing(), agent, seed)
    return np.concatenate([seen[:-1:every], seen[-1:]])


def car_racing(steps=150, seed=0):
    """Pictures of gymnasium's CarRacing under random actions, small and grey: `(steps, 1, 32, 32)`.

    Raises:
        ImportError: where box2d is not installed.
    """
    import Box2D  # noqa: F401  gymnasium needs it
    import gymnasium

    env = gymnasium.make("CarRacing-v3", continuous=False)
    rng, film = new_rng(seed), []
    env.reset(seed=seed)
    for t in range(steps + 50):  # the first second the camera still moves in
        if t % 4 == 0:
            action = 3 if t % 24 == 0 else int(rng.integers(3))  # now and then a little gas
        obs, _, terminated, truncated, _ = env.step(action)
        film.append(obs[..., 1].reshape(32, 3, 32, 3).mean((1, 3)))  # in green the road stands out
        if terminated or truncated:
            env.reset()
    env.close()
    return torch.as_tensor(np.array(film[50:])[:, None].astype(np.uint8))
