"""The long exercise of chapter 11, an agent in four stages: the checks, and what they compare with."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch11_language_agents import wrong_answers as wrong
from wmlib.course.ch11_language_agents.desk import FREE, GOAL, HARMLESS, TOOLS
from wmlib.course.ch11_language_agents.reference import WORLD, evaluate, imagine, outcome
from wmlib.exercise import Exercise, Mistake, numbers

BROKEN = (None, "", 7, "I think that is fine, go ahead!", "free + 3", " => ", "thesis => lost .")


# --- draws ----------------------------------------------------------------------------------------


def a_desk(rng):
    """A desk with a task."""
    return WORLD.initial(1, rng)[0].tolist()


def talk(rng, line):
    """A true answer in the manner of a chat model, or as it is."""
    return (
        line if rng.random() < 0.5 else f"Certainly! Here is the line:\n  {line}  \nAnything else?"
    )


# --- stage 1 --------------------------------------------------------------------------------------


def examine_outcome(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for trial in range(60):
        row = a_desk(rng)
        call = int(rng.choice(WORLD.sensible(row)))
        reply = talk(rng, WORLD.tell([WORLD.prompt(row, call)])[0])
        if trial % 3 == 0:
            reply = BROKEN[int(rng.integers(len(BROKEN)))]
        kept = list(row)
        try:
            got = answer(row, reply)
        except Exception as error:
            if isinstance(error, NotImplementedError):
                raise
            return f"for the reply {reply!r} it stops with {type(error).__name__}: a bad reply is 'unknown'"
        if row != kept:
            return "the desk was changed: imagination must not touch reality"
        if not isinstance(got, tuple) or len(got) != 2 or not isinstance(got[0], str):
            return f"a pair (verdict, desk or None) is wanted, got {got!r}"
        wanted = outcome(row, reply)
        if got[0] != wanted[0]:
            return f"the reply {reply!r} means {wanted[0]!r}, you say {got[0]!r}"
        if (got[1] is None) != (wanted[1] is None):
            return f"with the verdict {wanted[0]!r} the desk is {'' if wanted[1] else 'None, not '}a desk"
        if wanted[1] is not None:
            desk = numbers(got[1], (len(row),), "the next desk")
            if (desk != wanted[1]).any():
                return f"after {reply!r} the desk is {wanted[1]}, you say {got[1]}"
    return None


check_outcome = Exercise("Stage 1, read or say unknown", [examine_outcome], wrong.OUTCOME)


# --- stage 2 --------------------------------------------------------------------------------------


def examine_imagine(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for trial in range(12):
        row, depth = a_desk(rng), int(rng.integers(1, 4))
        gone = set(rng.choice(40, 12).tolist()) if trial % 2 else set()

        def ask(prompts, gone=gone):
            told = WORLD.tell(list(prompts))
            return [None if len(p) % 40 in gone else t for p, t in zip(prompts, told)]

        def down(prompts):
            raise ConnectionError("no network")

        ask = down if trial == 5 else ask
        try:
            got = answer(list(row), ask, depth)
        except ConnectionError:
            return "the model was down, and the agent with it: then every outcome is 'unknown'"
        wanted = imagine(row, ask, depth)
        if not isinstance(got, dict) or set(got) != set(wanted):
            return "a dictionary with an entry for each of world.sensible(row) is wanted"
        for call, (verdict, worth) in wanted.items():
            found = _worth_mistake(row, call, got[call], verdict, worth, depth)
            if found:
                return found
    return None


def _worth_mistake(row, call, got, verdict, worth, depth):
    words = WORLD.call(row, call)
    if not isinstance(got, tuple) or len(got) != 2:
        return f"{words}: a pair (verdict, worth) is wanted, got {got!r}"
    if got[0] != verdict:
        return f"{words} is {verdict!r}, you say {got[0]!r}"
    if worth is None:
        return None if got[1] is None else f"{words} is {verdict!r}: its worth is None"
    value = float(numbers(got[1], (), "a worth"))
    if abs(value - worth) < 1e-6:
        return None
    if value < worth - 0.2:
        return (
            f"depth {depth}, {words}: worth {value:.2f}, but a desk worth {worth:.2f} can be "
            "reached through it: take the best of all that follows"
        )
    if value > worth + 0.2:
        return f"depth {depth}, {words}: worth {value:.2f} is more than any desk there: {worth:.2f}"
    return f"depth {depth}, {words}: {value:.2f} for {worth:.2f}: count 0.05 for every call used"


check_imagine = Exercise("Stage 2, propose and imagine", [examine_imagine], wrong.IMAGINE)


# --- stage 3 --------------------------------------------------------------------------------------


def examine_evaluate(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    kinds = ["ok", "unknown", "loss", "nothing"]
    for trial in range(200):
        calls = sorted(rng.choice(15, int(rng.integers(0, 8)), replace=False).tolist())
        share = [0.0, 0.7, 0.15, 0.15] if trial % 2 else [0.4, 0.3, 0.2, 0.1]
        drawn = {call: str(rng.choice(kinds, p=share)) for call in calls}
        verdicts = {
            call: (v, float(rng.uniform(0, 9)) if v == "ok" else None) for call, v in drawn.items()
        }
        risks = {call: float(rng.choice([0.0, 0.1, 0.4])) for call in calls}
        tried = {call for call in calls if rng.random() < 0.3}
        limit = float(rng.choice([0.05, 0.1, 1.0]))
        got, wanted = answer(dict(verdicts), dict(risks), limit, set(tried)), None
        wanted = evaluate(verdicts, risks, limit, tried)
        if got is None and wanted is None:
            continue
        if got is None:
            return f"None, but {wanted} may be done: its verdict is {verdicts[wanted][0]!r}"
        got = int(numbers(got, (), "the call"))
        if got == wanted:
            continue
        if got not in verdicts:
            return f"{got} was not proposed"
        return _choice_mistake(got, wanted, verdicts[got], risks[got], limit, tried)
    return None


def _choice_mistake(got, wanted, verdict, risk, limit, tried):
    kind, tool = verdict[0], TOOLS[got % len(TOOLS)]
    if kind in ("loss", "nothing"):
        return f"a call whose verdict is {kind!r} was chosen"
    if kind == "ok" and risk > limit:
        return f"a risk of {risk} is above the limit of {limit}"
    if kind == "ok":
        return "of the good calls that are not too risky, the one with the highest worth"
    if tool not in HARMLESS:
        return f"'{tool}' may lose a file, and nobody knows what it does here: do not try it"
    if got in tried:
        return "this unknown call was tried here already, in vain"
    if wanted is not None and wanted % len(TOOLS) == got % len(TOOLS) and wanted < got:
        return "of several harmless unknown calls take the one with the lowest number"
    return "a call that is known to be good goes before an unknown one; then the lowest number"


check_evaluate = Exercise("Stage 3, evaluate and refuse", [examine_evaluate], wrong.EVALUATE)


# --- stage 4 --------------------------------------------------------------------------------------


class Watched:
    """A real desk that counts what is done to it."""

    def __init__(self, row):
        self.row, self.calls, self.log = list(row), [], []

    def act(self, call):
        """Makes a call, for ever; gives the desk as it is now."""
        if not isinstance(call, (int, np.integer)):
            raise Mistake(f"act wants the number of a call, got {call!r}")
        words = WORLD.call(self.row, call)
        self.calls.append(int(call))
        self.row = WORLD.act(self.row, call)
        self.log.append((words, WORLD.sentence(self.row)))
        return list(self.row)


def reference_run(row, ask, risk, limit, depth, budget):
    """(calls made, how it ended) by the reference's stages."""
    real, tried, end = Watched(row), set(), "out of calls"
    for _ in range(budget):
        now = real.row
        here = {call for desk, call in tried if desk == tuple(now[1:])}
        verdicts = imagine(now, ask, depth)
        call = evaluate(verdicts, {c: risk(now, c) for c in verdicts}, limit, here)
        if call is None:
            end = "asks for help"
            break
        tried.add((tuple(now[1:]), call))
        if real.act(call)[FREE] >= row[GOAL]:
            end = "reached"
            break
    return real.calls, end


def examine_act(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    dead = lambda prompts: [None for _ in prompts]  # noqa: E731
    hopeful = lambda prompts: [  # noqa: E731  a model that never sees a drive as too small
        t.replace("does not fit and is lost for ever", "is moved to usb").replace(
            " lost .", " on_usb ."
        )
        if "does not fit" in t
        else t
        for t in WORLD.tell(list(prompts))
    ]
    none = lambda row, call: 0.0  # noqa: E731
    fits = lambda row, call: (
        0.9
        * (  # noqa: E731
            TOOLS[call % 5] == "move" and row[6 + 5 * (call // 5)] > row[3]
        )
    )
    cases = [(WORLD.tell, none, 10)] * 5 + [(WORLD.tell, none, 1), (dead, none, 10)]
    cases += [(hopeful, fits, 10)] * 5
    for ask, risk, budget in cases:
        row, depth = a_desk(rng), 2
        real = Watched(row)
        notes = answer(list(row), ask, real.act, risk, 0.5, depth, budget)
        calls, end = reference_run(row, ask, risk, 0.5, depth, budget)
        if type(notes) is not dict or not {"end", "log"} <= set(notes):
            return f"return the notes, with 'end' and 'log'; got {type(notes).__name__}"
        got = notes["end"]
        if not isinstance(got, str):
            return f"'end' says in words how it ended; got {got!r}"
        if len(real.calls) > budget:
            return f"{len(real.calls)} real calls with a budget of {budget}"
        lost = WORLD.losses([real.row])[0] > WORLD.losses([row])[0]
        if lost and not WORLD.losses([_end_of(row, calls)])[0] > WORLD.losses([row])[0]:
            return "a file was lost where a risk above the limit, or an unknown outcome, said no"
        if (
            end == "reached"
            and real.calls[: len(calls)] == calls
            and (got != end or len(real.calls) > len(calls))
        ):
            return "the goal is reached when enough is free: say 'reached', and make no more calls"
        if not real.calls and calls:
            return "no real call was made: imagining alone frees no space"
        if real.calls != calls:
            told = [TOOLS[c % 5] for c in real.calls], [TOOLS[c % 5] for c in calls]
            return f"your agent made {told[0]}, the four stages make {told[1]}: {_why(ask, dead)}"
        if got != end:
            return f"it ended with {end!r}, you say {got!r}"
        if type(notes["log"]) is not list or list(map(repr, notes["log"])) != list(
            map(repr, real.log)
        ):
            return (
                "the log should hold for each real call a pair (the call in words, what the tool "
                f"said): {real.log[:2]}"
            )
    return None


def _end_of(row, calls):
    for call in calls:
        row = WORLD.act(row, call)
    return row


def _why(ask, dead):
    if ask is dead:
        return "nothing is known here, so only what is harmless may be tried, each call once"
    return "after each real call begin again with the desk as it really is"


check_act = Exercise("Stage 4, act and look again", [examine_act], wrong.ACT)
