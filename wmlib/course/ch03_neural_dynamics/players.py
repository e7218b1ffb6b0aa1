"""Chapter 3 in the page: drive the learned world beside the real one, and train one there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch

from wmlib.course.ch03_neural_dynamics import study
from wmlib.models import NeuralDynamics
from wmlib.models.dynamics import dynamics_loss
from wmlib.models.networks import mlp
from wmlib.players.dynamics import pack_dynamics
from wmlib.players.gallery import Player
from wmlib.players.weights import pack
from wmlib.worlds import CartPole, Pendulum


@lru_cache
def taught(world: type) -> NeuralDynamics:
    """The chapter's network after 1,000 random steps; trained when it is asked for."""
    return study.fitted(world(), study.real_steps(world(), study.TRAIN, [0, 0]), 0)


def pack_drive(
    cartpole: NeuralDynamics | None = None, pendulum: NeuralDynamics | None = None
) -> dict[str, str]:
    """The two learned worlds, each a `NeuralDynamics`; the chapter's own where none is given.

    Raises:
        ValueError: for a model of another world.
    """
    packed = {}
    for name, world, model in (("cartpole", CartPole, cartpole), ("pendulum", Pendulum, pendulum)):
        text = pack_dynamics(f"drive_{name}", taught(world) if model is None else model)
        sizes = world.obs_space.shape[0], 2 if world is CartPole else 1
        if model is not None and (model.obs_size, model.act_size) != sizes:
            raise ValueError(
                f"the {name} needs a model of {sizes[0]} observed numbers and {sizes[1]} for the "
                f"action, got {model.obs_size} and {model.act_size}"
            )
        packed[f"drive_{name}"] = text
    return packed


DRIVE = Player(
    "drive",
    "A real world and the learned one, driven by the same keys",
    Path(__file__).with_name("drive.js"),
    pack_drive,
)


def small_gradient(seed: int = 0) -> dict:
    """A small network, a batch, and torch's loss and gradient, in double precision."""
    generator = torch.Generator().manual_seed(seed)
    net = mlp([6, 8, 8, 4], generator).double()
    x, y = (torch.randn(5, n, generator=generator).double() for n in (6, 4))
    loss = dynamics_loss(net(x), y)
    loss.backward()
    linear = [layer for layer in net if hasattr(layer, "weight")]
    return {
        "layers": [{"W": layer.weight, "b": layer.bias} for layer in linear],
        "grads": [{"W": layer.weight.grad, "b": layer.bias.grad} for layer in linear],
        "x": x,
        "y": y,
        "loss": loss.item(),
    }


def pack_train() -> dict[str, str]:
    """What a page that trains by itself must know: only a gradient to check its own by."""
    return {"train_here": pack("train_here", {}, check=small_gradient())}


TRAIN_HERE = Player(
    "train_here",
    "Make transitions, and train a network on them in this page",
    (Path(__file__).with_name("learner.js"), Path(__file__).with_name("train.js")),
    pack_train,
)
PLAYERS = [DRIVE, TRAIN_HERE]
