"""What an examiner lends to a student's process: a world to act in, or questions to ask.

The thing itself stays with the examiner: the student's process holds a stand-in whose methods send
a message and wait for the answer. So real steps and questions are counted where nobody can set the
counter back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from wmlib.challenges import wire

ROWS = 10_000  # that one question may have; the examiner computes the answer
ELEMENTS = 200_000


class Refused(Exception):
    """An examiner's no, with its reason: the budget is spent, the question is not allowed."""


class Offer:
    """An object of the examiner's whose named methods the student may call.

    Args:
        thing: the object. methods: which of its methods may be called.
        budget: how many calls in all, or None. facts: plain values that the stand-in shows as
            attributes.

    Attributes:
        calls: how many calls there were.
    """

    def __init__(
        self,
        thing: Any,
        methods: Sequence[str],
        budget: int | None = None,
        facts: dict[str, Any] | None = None,
    ):
        self.thing, self.methods, self.budget = thing, tuple(methods), budget
        self.facts, self.calls = facts or {}, 0

    def call(self, name: str, args: list) -> Any:
        """Call a method for the student.

        Raises:
            Refused: if it is none of those, or the budget is spent.
        """
        if name not in self.methods:
            raise Refused(f"there is no {name!r} here: there is {', '.join(self.methods)}")
        for arg in args:
            if isinstance(arg, (np.ndarray, list, tuple)) and (
                len(np.shape(arg)) and (len(arg) > ROWS or np.size(arg) > ELEMENTS)
            ):
                raise Refused(f"a question has at most {ROWS:,} rows and {ELEMENTS:,} numbers")
            if isinstance(arg, int) and abs(arg) > ELEMENTS:
                raise Refused(f"{arg} is too large a number for a question")
        if self.budget is not None and self.calls >= self.budget:
            raise Refused(f"all {self.budget:,} questions are asked")
        self.calls += 1
        return getattr(self.thing, name)(*args)

    def describe(self) -> dict:
        """What the stand-in must know, as plain values."""
        return {"kind": "object", "methods": list(self.methods), "facts": self.facts}


class World(Offer):
    """A gymnasium environment that is stepped here and counted here.

    Args:
        env: the environment, or its registered name.
        steps: how many real steps it allows in all. seed: of its first reset; later resets go on
            from there, whatever seed the student asks for.

    Attributes:
        steps_taken, episodes, rows: what happened; a row is (obs, act, rew, next obs, terminated).
    """

    def __init__(self, env: gymnasium.Env | str, steps: int, seed: int = 0):
        made = gymnasium.make(env) if isinstance(env, str) else env
        super().__init__(made, ("reset", "step"))
        self.steps, self.seed = steps, seed
        self.steps_taken, self.episodes = 0, 0
        self.rows: list[tuple] = []
        self._obs: Any = None

    def call(self, name: str, args: list) -> Any:
        """One reset or step for the student: what the environment gives, as plain values."""
        if name == "reset":
            self._obs, _ = self.thing.reset(seed=None if self.episodes else self.seed)
            self.episodes += 1
            return self._obs, {}
        if name != "step" or len(args) != 1:
            raise Refused("a world has reset() and step(action)")
        if self._obs is None:
            raise Refused("call reset() before the first step, and after each episode")
        if self.steps_taken >= self.steps:
            raise Refused(f"all {self.steps:,} real steps are used up")
        act = self._action(args[0])
        obs, rew, terminated, truncated, _ = self.thing.step(act)
        self.steps_taken += 1
        self.rows.append((self._obs, act, float(rew), obs, bool(terminated)))
        self._obs = None if terminated or truncated else obs
        return obs, float(rew), bool(terminated), bool(truncated), {}

    def _action(self, given):
        space = self.thing.action_space
        if isinstance(space, spaces.Discrete):
            whole = np.asarray(given)
            if whole.size != 1 or whole.dtype.kind not in "iu":
                raise Refused(f"an action is a whole number, got {given!r:.60}")
            act: Any = int(whole.reshape(()).item())
        else:
            act = np.asarray(given, space.dtype)
        if not space.contains(act):
            raise Refused(f"{given!r:.60} is no action of {space}")
        return act

    def describe(self) -> dict:
        """The spaces, for the stand-in."""
        return {
            "kind": "world",
            "obs": _space(self.thing.observation_space),
            "act": _space(self.thing.action_space),
        }


def _space(space):
    if isinstance(space, spaces.Discrete):
        return {"n": int(space.n), "start": int(space.start)}
    return {"low": space.low, "high": space.high, "dtype": space.dtype.str}


def _made(told):
    if "n" in told:
        return spaces.Discrete(told["n"], start=told["start"])
    return spaces.Box(told["low"], told["high"], dtype=np.dtype(told["dtype"]).type)


class RemoteWorld(gymnasium.Env):
    """The student's end of a `World`: any code that takes a gymnasium environment takes it."""

    def __init__(self, obs: dict, act: dict, call: Callable[..., Any]):
        self.observation_space, self.action_space, self._call = _made(obs), _made(act), call

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[Any, dict]:
        """Begin an episode; the examiner draws the start."""
        super().reset(seed=seed)
        return self._call("reset")

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict]:
        """One real step, counted by the examiner."""
        return self._call("step", action)


class RemoteObject:
    """The student's end of an `Offer`."""

    def __init__(self, methods: Sequence[str], facts: dict, call: Callable[..., Any]):
        for name, fact in facts.items():
            setattr(self, name, fact)
        for name in methods:
            setattr(self, name, lambda *args, name=name: call(name, *args))


def proxy(told: dict, ask: Callable[[dict], dict]) -> Any:
    """The stand-in for an offer, in the student's process.

    Args:
        told: what stands for the offer. ask: sends a message to the examiner and gives the answer.
    """
    number = told["number"]

    def call(name: str, *args: Any) -> Any:
        def refuse(value: Any) -> dict:
            raise TypeError(f"{name} takes numbers, texts, lists and arrays, not {type(value)}")

        answer = ask({"offer": number, "name": name, "args": wire.encode(list(args), refuse)})
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return wire.decode(answer["value"], lambda _: None)

    about = wire.decode(told["about"], lambda _: None)
    if about["kind"] == "world":
        return RemoteWorld(about["obs"], about["act"], call)
    return RemoteObject(about["methods"], about["facts"], call)
