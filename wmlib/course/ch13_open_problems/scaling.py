"""A small scaling law: held-out error of a world model against data, parameters and training.

The world is made for the purpose: its physics is a random network, four numbers of state and one
push. So there is no noise in it, data can be had in any amount, and no student has the teacher's
form. At every point of the grid a few students learn side by side, each from its own data.
"""

from __future__ import annotations

import numpy as np
import torch

from wmlib.devices import new_rng
from wmlib.models.stacked import StackedMLP
from wmlib.training import train

COPIES = 4  # students at every point
DATA = [125, 250, 500, 1000, 2000]
WIDTHS = [8, 16, 32, 64]
FAR = 8000, 128  # held out: four times the data, and twice the width, of the largest point
STEPS = [60, 125, 250, 500, 1000, 2000]
INPUTS, OUTPUTS = 5, 4


def physics(seed, hidden=24):
    """A random world: states and pushes `(..., 5)` to the change of state `(..., 4)`."""
    rng = new_rng([seed, 135])
    first, shift, last = (
        torch.as_tensor(rng.standard_normal(shape), dtype=torch.float32)
        for shape in ((INPUTS, hidden), hidden, (hidden, OUTPUTS))
    )
    return lambda x: torch.tanh(x @ first / INPUTS**0.5 + shift) @ last / hidden**0.5


def held_out_error(data, width, steps, seed, batch=64, lr=1e-2):
    """Root mean square error of a step on 3,000 fresh transitions, as a share of the deviation of
    the change: `(COPIES,)`.

    Args:
        data: transitions that each student learns from. width: units in each of its two layers.
        steps: of gradient descent.
    """
    world, draw = physics(seed), new_rng([seed, data, width, steps])
    generator = torch.Generator().manual_seed(int(draw.integers(2**31)))
    x = torch.randn(COPIES, data, INPUTS, generator=generator)
    x_test = torch.randn(3000, INPUTS, generator=generator)
    y, y_test = world(x), world(x_test)
    scale = y_test.std(0)
    net = StackedMLP(COPIES, [INPUTS, width, width, OUTPUTS], generator)

    def loss_of_batch():
        rows = torch.randint(data, (COPIES, batch, 1), generator=generator)
        off = net(x.gather(1, rows.expand(-1, -1, INPUTS)))
        off = off - y.gather(1, rows.expand(-1, -1, OUTPUTS))
        return COPIES * (off / scale).square().mean()

    train(net.parameters(), loss_of_batch, steps, lr)
    with torch.inference_mode():
        off = (net(x_test.expand(COPIES, -1, -1)) - y_test) / scale
    return off.square().mean((1, 2)).sqrt().numpy()


def parameters(width):
    """Numbers in one student."""
    return (INPUTS + 1) * width + (width + 1) * width + (width + 1) * OUTPUTS


def grid(seed, steps=1500):
    """Errors of all students, `(data, widths, COPIES)`, and at the point that is held out."""
    errors = [[held_out_error(n, w, steps, seed) for w in WIDTHS] for n in DATA]
    return np.array(errors), held_out_error(*FAR, steps, seed)


EXPONENTS = np.linspace(0.1, 1.6, 31)


def joint_law(data, params, errors):
    """error = A data^-a + B params^-b + C, all three at least 0, fitted to relative errors.

    For each pair of exponents the rest is linear; the best pair of a grid is taken.

    Args:
        data, params, errors: `(P,)`.

    Returns:
        a, b, A, B, C.
    """
    a, b = (e.ravel() for e in np.meshgrid(EXPONENTS, EXPONENTS))
    terms = (
        np.stack([data ** -a[:, None], params ** -b[:, None], np.ones((len(a), len(data)))], -1)
        / errors[:, None]
    )
    best, found = np.inf, None
    for used in ([0, 1, 2], [0, 1]):  # with a floor, or without
        some = terms[..., used]
        gram = some.swapaxes(1, 2) @ some + 1e-12 * np.identity(len(used))
        weight = np.linalg.solve(gram, some.sum(1)[..., None])[..., 0]
        miss = (((some @ weight[..., None])[..., 0] - 1) ** 2).mean(1)
        miss[(weight < 0).any(1)] = np.inf
        k = int(miss.argmin())
        if miss[k] < best:
            best, found = miss[k], (a[k], b[k], *weight[k], *([0.0] if len(used) == 2 else []))
    return found


def says(law, data, params):
    """What the law says of a point."""
    a, b, of_data, of_params, floor = law
    return of_data * data**-a + of_params * params**-b + floor


def straight(x, y, far):
    """What a straight line on log-log paper, `y = k x^-a`, says of x = far: (a, forecast)."""
    slope, height = np.polyfit(np.log(x), np.log(y), 1)
    return -slope, float(np.exp(height + slope * np.log(far)))


def forecast(errors, draws=200, level=0.9, seed=0):
    """The joint law's forecast for `FAR` and its interval, by bootstrap.

    In each draw the students of every point are drawn anew, with replacement, the law is fitted
    again, and to its forecast one of the misses of the fit is added: the law is not exact either.

    Args:
        errors: `(data, widths, COPIES)`.

    Returns:
        law; forecast, low, high; `(draws, 5)` laws.
    """
    rng, (nd, nw, copies) = new_rng(seed), errors.shape
    data = np.repeat(np.array(DATA, float), nw)
    params = np.tile([float(parameters(w)) for w in WIDTHS], nd)
    flat = errors.reshape(-1, copies)
    law = joint_law(data, params, flat.mean(1))
    miss = flat.mean(1) / says(law, data, params)
    far = FAR[0], parameters(FAR[1])
    laws, said = [], []
    for _ in range(draws):
        some = np.take_along_axis(flat, rng.integers(copies, size=flat.shape), 1).mean(1)
        laws.append(joint_law(data, params, some))
        said.append(says(laws[-1], *far) * rng.choice(miss))
    low, high = np.quantile(said, [(1 - level) / 2, (1 + level) / 2])
    return law, (float(says(law, *far)), float(low), float(high)), np.array(laws)


# --- others in its place ---


def untrained(seed):
    """Students that learned nothing: errors do not depend on anything."""
    error = float(held_out_error(DATA[0], WIDTHS[0], 1, seed).mean())
    return {
        "grid": [[error] * len(WIDTHS)] * len(DATA),
        "steps": [error] * len(STEPS),
        **dict.fromkeys(("far", "said", "straight"), error),
    }


def nothing_helps(seed, steps=1500):
    """A forecaster for whom the large student errs like the largest of the grid."""
    last = float(held_out_error(DATA[-1], WIDTHS[-1], steps, seed).mean())
    return {"said": last, "straight": last}


def last_two(seed, steps=1500):
    """The straight line through the last two amounts of data alone, at the largest width."""
    errors = [held_out_error(n, WIDTHS[-1], steps, seed).mean() for n in DATA[-2:]]
    return {"straight": straight(np.array(DATA[-2:]), np.array(errors), FAR[0])[1]}


def shorter(seed, steps=250):
    """The law of students that trained for a sixth as long."""
    errors = np.array([[held_out_error(n, w, steps, seed) for w in WIDTHS] for n in DATA])
    data = np.repeat(np.array(DATA, float), len(WIDTHS))
    params = np.tile([float(parameters(w)) for w in WIDTHS], len(DATA))
    return {"floor": joint_law(data, params, errors.mean(2).ravel())[4]}
