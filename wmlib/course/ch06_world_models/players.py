"""The players of chapter 6: a dream of Dodge to play in, and a race of the heavy car."""

from __future__ import annotations

import copy
from pathlib import Path

import torch

from wmlib.course.ch06_world_models.dodge import Dodge
from wmlib.course.ch06_world_models.racing import HeavyRacing, stored_racing
from wmlib.course.ch06_world_models.study import stored_dodge
from wmlib.devices import new_generator, new_rng, rand, randn
from wmlib.models.vae import CONTRAST
from wmlib.players.gallery import SHARED, Player
from wmlib.players.weights import pack, rounded

HERE = Path(__file__).parent
SEEN, DREAMT = 10, 10  # steps of a check
TEMPERATURES = 0.5, 1.15  # of its dreamt steps, in turn


def pack_dodge(model, warm, cold) -> dict[str, str]:
    """The dream of Dodge and two controllers, as the player reads them.

    Args:
        model: a `VisionMemory` of Dodge. warm, cold: controllers `(3, F + 1)` that were found in its
            dream at a temperature of 1 and of 0.1.
    """
    world = Dodge()
    settings = {name: getattr(world, name) for name in ("n_balls", "rate", "aim", "SPEED", "REACH")}
    return {"dodge": pack_model("dodge", model, world, settings, {"warm": warm, "cold": cold})}


def pack_racing(model, drivers) -> dict[str, str]:
    """V and M of the heavy car, and its drivers.

    Args:
        model: a `VisionMemory` of HeavyRacing. drivers: {what it reads: parameters `(3, F + 1)`}.
    """
    world = HeavyRacing()
    names = ("push", "SPEED", "TURN", "HALF_ROAD", "RADIUS", "BENDS", "GRASS", "ROAD", "max_steps")
    settings = {name: getattr(world, name) for name in names}
    return {"racing": pack_model("racing", model, world, settings, drivers)}


def pack_model(name, model, world, settings, controllers) -> str:
    """A VisionMemory with its controllers as a weights file, with a check of 20 steps."""
    model = rounded(copy.deepcopy(model))
    tensors = dict(model.state_dict())
    for key, parameters in controllers.items():
        tensors[key] = torch.as_tensor(parameters)
    sizes = {"size": model.size, "mixtures": model.memory.mixtures, "actions": model.act_space.n}
    sizes["contrast"] = CONTRAST
    check = check_steps(model, world, seed=6)
    return pack(name, tensors, settings=settings | sizes, check=check)


@torch.inference_mode()
def check_steps(model, world, seed) -> dict:
    """What torch makes of SEEN real pictures, and of DREAMT steps after them with known noise."""
    rng, generator, steps = new_rng(seed), new_generator(seed), []
    noise = new_generator(seed)  # draws again what the model's own generator draws
    true = world.initial(1, rng)
    state, action = model.start(world.obs(true)), None
    for t in range(SEEN + DREAMT):
        if t < SEEN:
            if t:
                true = world.step(true, action.numpy(), rng)[0]
                state = model.observe(state, action, world.obs(true))
            one = {"world": true[0]}
        else:
            model.temperature = TEMPERATURES[t % 2]
            place = rand((1, model.size, 1), noise, state.z)
            normal = randn((1, model.size), noise, state.z)
            state, rew, cont = model.step(state, action, generator)
            one = {"temperature": model.temperature, "place": place.flatten(), "normal": normal[0]}
            one |= {"rew": rew[0], "cont": cont[0]}
        action = torch.from_numpy(rng.integers(world.act_space.n, size=1))
        steps.append(one | {"action": action[0], "z": state.z[0], "hidden": state.hidden[0]})
    return {"steps": steps, "picture": model.decode(state).flatten()}


def shipped_dodge() -> dict[str, str]:
    """`pack_dodge` of what comes with wmlib."""
    return pack_dodge(*stored_dodge())


def shipped_racing() -> dict[str, str]:
    """`pack_racing` of what comes with wmlib."""
    return pack_racing(*stored_racing())


DODGE = Player(
    "dodge",
    "Play inside a dream of Dodge",
    (SHARED / "vision_memory.js", HERE / "dodge_world.js", HERE / "dodge.js"),
    shipped_dodge,
)
RACING = Player(
    "racing",
    "Race two drivers in a car with a heavy wheel",
    (
        SHARED / "vision_memory.js",
        SHARED / "racing.js",
        HERE / "racing_world.js",
        HERE / "racing.js",
    ),
    shipped_racing,
)
PLAYERS = [DODGE, RACING]
