"""What an action is: one place that checks a space and an action, and turns actions into numbers.

Everywhere in wmlib an action has the environment's own values: integers from `start` up for
`Discrete(n, start=k)`, floats within the bounds for `Box` of shape (A,). Networks, tables and
searches count from 0: `to_index` and `from_index` are the way there and back.
"""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Discrete


def check_space(space: gym.Space) -> Discrete | Box:
    """The space itself, if it is one that wmlib knows: `Discrete(n)`, or `Box` of shape (A,).

    Raises:
        TypeError: for any other.
    """
    if isinstance(space, Discrete) or (isinstance(space, Box) and len(space.shape) == 1):
        return space
    raise TypeError(
        f"actions must be Discrete(n) or Box of shape (A,), got {space}: write a "
        "gymnasium.ActionWrapper that makes them of one of the two"
    )


def n_actions(space: gym.Space, who: str = "this learner") -> int:
    """How many actions there are.

    Args:
        who: named in the error.

    Raises:
        TypeError: if the space is not `Discrete`.
    """
    if not isinstance(space, Discrete):
        raise TypeError(f"{who} chooses among finitely many actions: wanted Discrete, got {space}")
    return int(space.n)


def action_size(space: gym.Space) -> int:
    """How many numbers an action is for a network: n (one-hot), or A."""
    space = check_space(space)
    return int(space.n) if isinstance(space, Discrete) else space.shape[0]


def bounds(space: Box, who: str = "a planner") -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest action, `(A,)` each.

    Raises:
        ValueError: if a bound is infinite: nothing can be drawn evenly from there.
    """
    check_space(space)
    if not (np.isfinite(space.low).all() and np.isfinite(space.high).all()):
        raise ValueError(
            f"{who} needs bounded actions, got {space}: bound them first, for instance with "
            "gymnasium.wrappers.RescaleAction after a ClipAction, or TransformAction"
        )
    return space.low, space.high


def draw_actions(space: gym.Space, n: int, rng: np.random.Generator) -> np.ndarray:
    """`n` actions, drawn evenly: `(n,)` integers or `(n, A)` floats."""
    space = check_space(space)
    if isinstance(space, Discrete):
        return rng.integers(space.n, size=n) + space.start
    low, high = bounds(space, "an even draw")
    return rng.uniform(low, high, (n, *space.shape))


def check_actions(space: gym.Space, action: Any, n: int) -> np.ndarray:
    """What an agent returned for `n` states, as an array that fits the space.

    Lists, tensors, whole numbers written as floats, and a missing or superfluous last axis of
    length 1 are what they obviously mean. Everything else that is no action is an error.

    Returns:
        `(n,)` integers, or `(n, A)` floats.

    Raises:
        ValueError: for another shape, for numbers that are not finite, not whole or out of bounds.
    """
    space = check_space(space)
    if isinstance(space, Discrete) and type(action) is np.ndarray and action.shape == (n,):
        if action.dtype.kind == "i":  # nearly always, and it is asked at every step
            return _within(space, action)
    array = np.asarray(action.detach().cpu() if hasattr(action, "detach") else action)
    wanted = (n,) if isinstance(space, Discrete) else (n, *space.shape)
    if array.shape != wanted and array.size == np.prod(wanted) and _only_ones_differ(array, wanted):
        array = array.reshape(wanted)
    if array.shape != wanted:
        raise ValueError(
            f"{n} observations need actions of shape {wanted} for {space}, got shape {array.shape}"
        )
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise ValueError(f"actions of {space} are finite numbers, got {_some(array)}")
    check = _discrete if isinstance(space, Discrete) else _continuous
    return check(space, array)


def to_index(space: gym.Space, action: Any) -> Any:
    """Actions as numbers from 0 (arrays or tensors); those of a `Box` stay as they are."""
    return action - int(space.start) if isinstance(space, Discrete) and space.start else action


def from_index(space: gym.Space, index: Any) -> Any:
    """The way back: numbers from 0 as actions."""
    return index + int(space.start) if isinstance(space, Discrete) and space.start else index


def _discrete(space, array):
    if array.dtype.kind == "f":
        whole = np.rint(array)
        if (array != whole).any():
            raise ValueError(
                f"actions of {space} are whole numbers, got {_some(array)}: choose one of them, "
                "for instance with argmax"
            )
        array = whole.astype(np.int64)
    elif array.dtype.kind == "b":
        array = array.astype(np.int64)
    return _within(space, array)


def _within(space, array):
    low, high = int(space.start), int(space.start + space.n) - 1
    if array.size and not (low <= array.min() and array.max() <= high):
        raise ValueError(f"actions of {space} are from {low} to {high}, got {_some(array)}")
    return array


def _continuous(space, array):
    slack = 1e-5 * np.maximum(1.0, np.abs(np.nan_to_num(space.high - space.low, posinf=0.0)))
    if (array < space.low - slack).any() or (array > space.high + slack).any():
        raise ValueError(
            f"actions of {space} lie within its bounds, got {_some(array)}: "
            "clip them first, np.clip(action, space.low, space.high)"
        )
    return array


def _only_ones_differ(array, wanted):
    return [n for n in array.shape if n != 1] == [n for n in wanted if n != 1]


def _some(array):
    return np.array2string(np.unique(array)[:5], precision=3, separator=", ")
