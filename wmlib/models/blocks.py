"""Plans whose gradient nobody wants, imagined sooner: memory that is used again, rows in blocks.

`WorldModel.imagine` makes every tensor anew and checks every step. Where all actions are known they
are checked and encoded once, each layer writes into its own buffer, and a block of rows runs the
whole horizon while it is in cache. The numbers stay the same (`tests/test_fast_paths.py`), to
the last bit on the machine that made the stored evidence. Two things would change them:

- a product of fewer than four rows adds up in another order than one of more;
- the last elements of a tensor, which do not fill a vector register, get another `exp` than the
  others: so a block holds a multiple of 64 rows, and its last elements are the tensor's.

Blocks know the two models only as they are written. One that does something else in a step (by a
subclass, another activation, a hook) is left to the clear path: see `as_written`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from wmlib.models import products

FEWEST = 16  # rows
CACHED = 2**16  # numbers that stay in the second-level cache, beside weights and the next layer's
Layers = Sequence[tuple[torch.Tensor, torch.Tensor]]
Map = Callable[[torch.Tensor], torch.Tensor]


def pays(obs: torch.Tensor, actions: Any, weight: torch.Tensor, size: int) -> bool:
    """Whether a rollout from `obs (..., size)` may run in blocks: a plan, no gradient, on the CPU.

    What a model with this `weight` cannot read is left to `WorldModel.imagine` and to its errors.
    """
    return (
        not callable(actions)
        and products.plainly()
        and obs.device.type == weight.device.type == "cpu"
        and (obs.dtype, obs.shape[-1]) == (weight.dtype, size)
    )


def slices(n: int, width: int) -> Iterator[slice]:
    """Rows 0 to n - 1 in blocks, of which `width` numbers a row stay in the second-level cache."""
    size = max(64, CACHED // width // 64 * 64)
    starts = list(range(0, max(n - 64, 1), size))  # the last block is no small rest
    yield from map(slice, starts, [*starts[1:], n])


def layers_of(net: nn.Module) -> Layers | None:
    """Weights `(in, out)` and biases of a `networks.mlp`; None for any other network."""
    parts = list(net.children())
    kinds = [nn.Linear if i % 2 == 0 else nn.SiLU for i in range(len(parts))]
    if type(net) is not nn.Sequential or [type(part) for part in parts] != kinds:
        return None
    linear = [part for part in parts if isinstance(part, nn.Linear) and part.bias is not None]
    if len(parts) % 2 == 0 or len(linear) < len(parts) / 2:
        return None
    return [(part.weight.t(), part.bias) for part in linear]


def hidden(layers: Layers, x: torch.Tensor) -> Map:
    """All layers but the last, SiLU after each, for `(rows, in)`, or `(E, rows, in)` for E networks.

    Args:
        x: of the shape that is wanted.

    Returns:
        a function of such inputs. What it returns may stand in memory that its next call writes to.
    """
    parts = [products.prepare(weight, bias, x.shape[:-1]) for weight, bias in layers[:-1]]

    def run(x):
        for product in parts:
            x = nn.functional.silu(product(x), inplace=True)
        return x

    return run


def members(layers: Layers, x: torch.Tensor, out: torch.Tensor) -> Callable[[torch.Tensor], object]:
    """E networks for inputs `(E, rows, in)`: a function of them that writes to `out`.

    From the first large product on the members take turns, since oneDNN has none for all of them.
    """
    weight, bias = layers[-1]
    rows = x.shape[1]
    whole = all(rows * w.shape[2] % 16 == 0 for w, _ in layers[:-1])  # as to `exp`, see above
    large = [whole and products.quick(rows, w[0], w.shape[2]) for w, _ in layers[:-1]]
    if True not in large:
        net = hidden(layers, x)
        return lambda x: torch.baddbmm(bias, net(x), weight, out=out)
    k = large.index(True)
    first = hidden(layers[: k + 1], x)
    nets = [hidden([(w[e], b[e, 0]) for w, b in layers[k:]], x[e]) for e in range(len(x))]
    if weight.shape[1] > products.SAME_BITS:
        weight = weight.mT.contiguous().mT  # read in half of the time, added up in another order
    last = [*zip(nets, weight, bias[:, 0], out)]

    def run(x):
        for x_e, (net, weight_e, bias_e, out_e) in zip(first(x).unbind(), last):
            torch.addmm(bias_e, net(x_e), weight_e, out=out_e)

    return run


def answers(weight: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Memory for what E networks with a last layer `(E, in, out)` say to `rows`, `(E, rows, out)`.

    Of wide networks it holds column by column: their products are written in less time so, and add
    up in another order. What learners' networks say keeps its bits.
    """
    if weight.shape[1] > products.SAME_BITS and products.pays():
        return rows.new_empty(len(weight), weight.shape[2], rows.shape[1]).mT
    return rows.new_empty(len(weight), rows.shape[1], weight.shape[2])


def roll_network(
    model: Any, layers: Layers, states: torch.Tensor, act: torch.Tensor, out: torch.Tensor
) -> None:
    """A block of rows through the horizon of a `NeuralDynamics`, from `states[0]`.

    Args:
        layers: of the network. states: `(H + 1, rows, D)`, of which all but the first are written.
        act: encoded, `(H, rows, actions)`. out: `(H, rows, D + 1)`; written, the reward last.
    """
    index, (x, mean, std) = columns(model), inputs_for(model, act)
    net, (weight, bias) = hidden(layers, x[0]), layers[-1]
    out_std, out_mean, low, high = model.norm_out.std, model.norm_out.mean, model.low, model.high
    parts = zip(states, states[1:], x, x[..., : len(mean)], out, out[..., :-1])
    for obs, nxt, x_t, x_obs, out_t, moved in parts:
        torch.sub(obs if index is None else obs[:, index], mean, out=x_obs).div_(std)
        torch.addmm(bias, net(x_t), weight, out=out_t)
        out_t.mul_(out_std).add_(out_mean)
        if model.change:
            torch.add(obs, moved, out=nxt).clamp_(low, high)
        else:
            torch.clamp(moved, low, high, out=nxt)


def roll_members(
    model: Any,
    states: torch.Tensor,
    act: torch.Tensor,
    raw: torch.Tensor,
    out: torch.Tensor,
    noisy: bool,
) -> None:
    """A block of rows through the horizon of an `Ensemble`, all members side by side.

    Args:
        states: `(H + 1, E, rows, D)`, of which all but the first are written.
        act: encoded, `(H, rows, actions)`. raw: memory for what the networks say, a part of
            `(E, all rows, 2 D + 2)`: its products' last bits depend on where it begins.
        out: `(H, E, rows, D + 1)`: noise if `noisy`, else zeros; the reward is added to the last.
    """
    act = act[:, None].expand(-1, states.shape[1], -1, -1)
    index, (x, mean, std) = columns(model), inputs_for(model, act)
    net = members(list(zip(model.net.weights, model.net.biases)), x[0], raw)
    out_std, out_mean, low, high = model.norm_out.std, model.norm_out.mean, model.low, model.high
    moved = raw[..., : len(out_mean)]
    change, rew = moved[..., :-1], moved[..., -1]
    parts = zip(states, states[1:], x, x[..., : len(mean)], out, out[..., :-1], out[..., -1])
    for obs, nxt, x_t, x_obs, noise, noise_obs, rew_t in parts:
        torch.sub(obs if index is None else obs[..., index], mean, out=x_obs).div_(std)
        net(x_t)
        if noisy:
            noise.mul_(model._split(raw)[1].mul_(0.5).exp_().mul_(out_std))
        moved.mul_(out_std).add_(out_mean)
        torch.add(obs, change, out=nxt).clamp_(low, high)
        if noisy:
            nxt.add_(noise_obs)
        rew_t.add_(rew)


def columns(model: Any) -> torch.Tensor | None:
    """Which numbers of an observation the network reads; None if it reads all, in order."""
    if model.inputs == list(range(model.obs_size)):
        return None
    return torch.tensor(model.inputs, dtype=torch.long, device="cpu")


def inputs_for(model: Any, act: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Memory for the inputs of all steps, in which the normalised actions stand already.

    Returns:
        it, `(H, ..., inputs + actions)`, and mean and deviation of the inputs before the actions.
    """
    n, norm = len(model.inputs), model.norm_in
    x = act.new_empty(*act.shape[:-1], n + act.shape[-1])
    torch.div(act - norm.mean[n:], norm.std[n:], out=x[..., n:])
    return x, norm.mean[:n], norm.std[:n]
