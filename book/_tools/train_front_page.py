"""Train the small world model that dreams on the front page, and write it out as JavaScript.

    python book/_tools/train_front_page.py          # about ten seconds

A network with two hidden layers learns, from 1,500 real transitions of gymnasium's CartPole-v1
under random actions, how the state changes in one step. The position is left out of its input:
where the cart stands does not change how it moves. With the weights go a check vector (inputs and
what torch predicts for them), which the tests compare with what the page computes.
"""

from __future__ import annotations

import json
from pathlib import Path

import gymnasium
import numpy as np
import torch
from torch import nn

OUT = Path(__file__).resolve().parents[1] / "_static" / "front" / "model.js"
TRANSITIONS, HIDDEN, STEPS, SEED = 1_500, 24, 6_000, 1

HEAD = """/* The learned world model of the front page: written by book/_tools/train_front_page.py.
   {transitions:,} real transitions of CartPole-v1 under random actions; a network of 2 x {hidden} tanh
   units from (velocity, angle, angular velocity, action) to the change of the state.
   Median error on 500 transitions it never saw: {error}. */
window.WorldModel = window.WorldModel || {{}};
window.WorldModel.weights = """


def collect(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Real transitions under random actions: states (count, 4), actions (count,), changes."""
    env = gymnasium.make("CartPole-v1")
    chooser = np.random.default_rng(seed)
    states, actions, changes = [], [], []
    obs, _ = env.reset(seed=seed)
    while len(states) < count:
        action = int(chooser.integers(2))
        after, _, terminated, truncated, _ = env.step(action)
        states.append(obs)
        actions.append(action)
        changes.append(after - obs)
        obs = env.reset()[0] if terminated or truncated else after
    return np.array(states), np.array(actions), np.array(changes)


def inputs_of(states: np.ndarray, actions: np.ndarray) -> np.ndarray:
    """What the network sees: velocity, angle, angular velocity, and the push as -1 or +1."""
    return np.column_stack([states[:, 1:], 2.0 * actions - 1]).astype(np.float32)


def train(inputs: np.ndarray, changes: np.ndarray) -> tuple[nn.Sequential, dict]:
    """Fit the network on normalised data; the network and the four normalising vectors."""
    scale = {
        "in_mean": inputs.mean(0),
        "in_std": inputs.std(0),
        "out_mean": changes.mean(0),
        "out_std": changes.std(0),
    }
    x = torch.as_tensor((inputs - scale["in_mean"]) / scale["in_std"], dtype=torch.float32)
    y = torch.as_tensor((changes - scale["out_mean"]) / scale["out_std"], dtype=torch.float32)
    net = nn.Sequential(
        nn.Linear(4, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 4)
    )
    optimiser = torch.optim.Adam(net.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        batch = torch.randint(len(x), (128,))
        loss = (net(x[batch]) - y[batch]).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net, scale


def predict(net: nn.Sequential, scale: dict, states: np.ndarray, actions: np.ndarray) -> np.ndarray:
    """The next states that the network expects."""
    x = torch.as_tensor(
        (inputs_of(states, actions) - scale["in_mean"]) / scale["in_std"], dtype=torch.float32
    )
    with torch.inference_mode():
        return states + net(x).numpy() * scale["out_std"] + scale["out_mean"]


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    states, actions, changes = collect(TRANSITIONS, SEED)
    net, scale = train(inputs_of(states, actions), changes)

    unseen_states, unseen_actions, unseen_changes = collect(500, SEED + 1000)
    guess = predict(net, scale, unseen_states, unseen_actions)
    errors = np.abs(guess - unseen_states - unseen_changes)
    names = ("position", "velocity", "angle", "angular velocity")
    error = ", ".join(f"{n} {e:.1e}" for n, e in zip(names, np.median(errors, 0)))

    layers = [m for m in net if isinstance(m, nn.Linear)]
    weights = {
        **{key: [round(float(v), 7) for v in value] for key, value in scale.items()},
        "layers": [
            {
                "w": [[round(float(v), 6) for v in row] for row in m.weight.detach()],
                "b": [round(float(v), 6) for v in m.bias.detach()],
            }
            for m in layers
        ],
        "check": {
            "states": unseen_states[:8].astype(float).round(6).tolist(),
            "actions": unseen_actions[:8].tolist(),
            "next": guess[:8].astype(float).round(6).tolist(),
        },
        "transitions": TRANSITIONS,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(transitions=TRANSITIONS, hidden=HIDDEN, error=error)
    OUT.write_text(head + json.dumps(weights, separators=(",", ":")) + ";\n", encoding="utf8")
    print(f"{OUT.name}: {OUT.stat().st_size / 1000:.0f} kB; median error {error}")


if __name__ == "__main__":
    main()
