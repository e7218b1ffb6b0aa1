"""The player of chapter 7: Dreamer, whose eyes can be closed at any moment."""

from __future__ import annotations

import copy
from pathlib import Path

import torch

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.study import WEIGHTS
from wmlib.devices import new_generator, new_rng, rand
from wmlib.learning.dreamer import Dreamer
from wmlib.players.gallery import SHARED, Player
from wmlib.players.weights import pack, rounded

HERE = Path(__file__).parent
SEEN, IMAGINED = 10, 10  # steps of a check
NOT_NEEDED = ("rew.",)  # the player pays no reward


def pack_dreamer(learner) -> dict[str, str]:
    """A `Dreamer` of PixelCartPole, its model and the average of its actor, as the player reads it."""
    model, actor = (rounded(copy.deepcopy(part)) for part in (learner.model, learner.ema.actor))
    tensors = {k: v for k, v in model.state_dict().items() if not k.startswith(NOT_NEEDED)}
    tensors |= {f"actor.{key}": value for key, value in actor.state_dict().items()}
    latent, world = model.latent, PixelCartPole()
    settings = {name: getattr(latent, name) for name in ("groups", "classes", "unimix")}
    settings |= {name: getattr(world, name) for name in ("PIXELS_PER_METRE", "LEAN")}
    settings["actions"] = int(world.act_space.n)
    check = check_steps(model, actor, world, seed=7)
    return {"dreamer": pack("dreamer", tensors, settings=settings, check=check)}


@torch.inference_mode()
def check_steps(model, actor, world, seed) -> dict:
    """What torch makes of SEEN pictures, and of IMAGINED steps after them, with known noise."""
    rng, generator, steps = new_rng(seed), new_generator(seed), []
    again = new_generator(seed)  # draws what the model's own generator draws
    state, action, true = None, None, world.initial(1, rng)
    for t in range(SEEN + IMAGINED):
        noise = rand((1, model.latent.size), again, torch.zeros(()))[0]
        one = {"noise": noise}
        if t < SEEN:
            if state is None:
                state = model.start(world.obs(true), generator)
            else:
                true = world.step(true, action.numpy())[0]
                state = model.observe(state, action, world.obs(true), generator=generator)
            one["world"] = true[0]
        else:
            state = model.step(state, action, generator).state
        feat = model.feat(state)
        action = torch.from_numpy(rng.integers(2, size=1))
        one |= {"deter": state.deter[0], "stoch": state.stoch[0].round(), "action": action[0]}
        one |= {"cont": model.cont(feat).sigmoid()[0, 0], "logits": actor(feat)[0]}
        steps.append(one)
    return {"steps": steps, "picture": model.decode(state).flatten()}


def shipped() -> dict[str, str]:
    """`pack_dreamer` of what comes with wmlib."""
    return pack_dreamer(Dreamer(PixelCartPole()).import_weights(WEIGHTS))


DREAMER = Player(
    "dreamer",
    "Close Dreamer's eyes, and take over",
    (SHARED / "rssm.js", HERE / "pixel_cartpole.js", HERE / "dreamer.js"),
    shipped,
)
PLAYERS = [DREAMER]
