"""Train the small world model that dreams on the front page, and write it out for the player.

python book/_tools/train_front_page.py          # about ten seconds

Chapter 3's network with 2 x 24 units learns from 1,500 real transitions of CartPole under random
pushes. The position is left out of its input: where the cart stands does not change how it moves.
"""

from __future__ import annotations

import torch

from wmlib.experience import collect
from wmlib.files import write_text
from wmlib.models import NeuralDynamics
from wmlib.players.dynamics import pack_dynamics
from wmlib.players.front import WEIGHTS
from wmlib.worlds import CartPole

TRANSITIONS, SEED = 1_500, 1


def trained() -> NeuralDynamics:
    """The model of the front page."""
    torch.set_num_threads(1)
    model = NeuralDynamics(4, CartPole.act_space, hidden=24, inputs=[1, 2, 3], seed=SEED)
    model.fit(collect(CartPole(), None, TRANSITIONS, SEED), steps=6000, batch=128, lr=3e-3)
    return model


if __name__ == "__main__":
    write_text(WEIGHTS, pack_dynamics("front", trained(), settings={"transitions": TRANSITIONS}))
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1000:.1f} kB")
