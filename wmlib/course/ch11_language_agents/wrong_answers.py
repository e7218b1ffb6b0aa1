"""Typical wrong answers to chapter 11's exercises, each with words of what it must be told."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch11_language_agents.desk import FREE, GOAL, LOST, TOOLS
from wmlib.course.ch11_language_agents.reference import WORLD, evaluate, imagine, outcome

# --- what changed ---------------------------------------------------------------------------------


def write(desk, changes, copy=True, same=True, add=True, dot=True, text=True, several=True):
    """A solution with one thing left out."""
    desk = dict(desk) if copy else desk
    changes = changes.removesuffix(" .") if dot else changes
    for change in changes.split(" ; ") if several else [changes]:
        name, _, state = change.partition(" ")
        if add and state[:1] in ("+", "-"):
            number = int(desk[name]) + int(state.replace(" ", ""))
            desk[name] = str(number) if text else number
        elif name != "same" or not same:
            desk[name] = state
    return desk


WRITE = [
    (lambda d, c: write(d, c, copy=False), "must not touch reality"),
    (lambda d, c: write(d, c, same=False), "'same .' means"),
    (lambda d, c: write(d, c, add=False), "add it to what"),
    (lambda d, c: write(d, c, dot=False), "full stop"),
    (lambda d, c: write(d, c, text=False), "numbers stay text"),
    (lambda d, c: dict(d), "did not change"),
    (lambda d, c: None, "a dictionary is wanted"),
]

# --- how probable ---------------------------------------------------------------------------------


def logs(logits, ids):
    """Log-probability of each token but the first: `(B, T - 1)`."""
    return logits[:, :-1].log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]


def own_place(logits, ids, is_answer):
    """No shift."""
    found = logits.log_softmax(-1).gather(-1, ids[..., None])[..., 0]
    return torch.where(is_answer, found, 0.0).sum(1).exp()


PROBABILITY = [
    (lambda x, i, a: torch.where(a[:, 1:], logs(x, i), 0.0).sum(1), "take exp"),
    (lambda x, i, a: ((logs(x, i) * a[:, 1:]).sum(1) / a[:, 1:].sum(1)).exp(), "the mean"),
    (lambda x, i, a: logs(x, i).sum(1).exp(), "the question's tokens"),
    (own_place, "by its own place"),
    (lambda x, i, a: torch.where(a[:, 1:], logs(x, i), 0.0).sum().exp(), "should have shape"),
    (lambda x, i, a: torch.full((len(i),), 0.5), "is right, got"),
]

# --- how careful ----------------------------------------------------------------------------------


def first_stopped(risks, lost, accepted, up=0):
    """The risk of the first loss that may not pass."""
    of_losses = np.sort(risks[lost])
    return of_losses[min(len(of_losses) - 1, int(accepted * len(of_losses)) + up)]


LIMIT = [
    (lambda r, x, a: float(first_stopped(r, x, a)), "losses pass"),
    (lambda r, x, a: 0.0, "a larger risk does so too"),
    (lambda r, x, a: float(r.max()), "losses pass"),
    (lambda r, x, a: float(r[~x].max(initial=0)), "your limit lets"),
]

# --- stage 1 --------------------------------------------------------------------------------------


def trusting(row, reply):
    """No talk around the line, no bad reply."""
    after = WORLD.apply(row, reply)
    return ("loss", None) if LOST in WORLD.sentence(after) else ("ok", after)


def no_talk(row, reply):
    """Reads the whole reply as the line."""
    try:
        return outcome(row, reply if "\n" not in reply else "")
    except TypeError:
        return "unknown", None


def never_nothing(row, reply):
    """A call that changes nothing is as good as any."""
    verdict, after = outcome(row, reply)
    return ("ok", list(row)) if verdict == "nothing" else (verdict, after)


OUTCOME = [
    (trusting, "stops with"),
    (no_talk, "you say 'unknown'"),
    (never_nothing, "means 'nothing'"),
    (lambda row, reply: ("unknown", None), "you say 'unknown'"),
    (lambda row, reply: (outcome(row, reply)[0], list(row)), "desk"),
]

# --- stage 2 --------------------------------------------------------------------------------------


def one_deep(row, ask, depth):
    """Never imagines a second call."""
    return imagine(row, ask, 1)


def calls_are_free(row, ask, depth):
    """Forgets that every call costs something."""
    found = imagine(row, ask, depth)
    return {c: (v, w if w is None else w + 0.05) for c, (v, w) in found.items()}


def crashes(row, ask, depth):
    """Asks without a net."""
    ask([])
    return imagine(row, ask, depth)


IMAGINE = [
    (one_deep, "take the best of all that follows"),
    (calls_are_free, "count 0.05"),
    (crashes, "the agent with it"),
    (lambda row, ask, depth: {}, "an entry for each"),
    (lambda row, ask, depth: dict.fromkeys(WORLD.sensible(row), ("ok", 9.0)), "you say 'ok'"),
]

# --- stage 3 --------------------------------------------------------------------------------------


def pick(verdicts, kinds):
    """The first call of some kinds."""
    return next((c for c, (v, _) in verdicts.items() if v in kinds), None)


def best(verdicts):
    """The good call with the highest worth, whatever its risk."""
    good = [(w, c) for c, (v, w) in verdicts.items() if v == "ok"]
    return max(good)[1] if good else None


def either(call, other):
    """The first, unless it is None; call 0 is a call."""
    return other if call is None else call


EVALUATE = [
    (lambda v, r, limit, tried: either(best(v), evaluate(v, r, limit, tried)), "above the limit"),
    (lambda v, r, limit, tried: either(pick(v, ("loss",)), best(v)), "'loss'"),
    (lambda v, r, limit, tried: either(evaluate(v, r, limit, tried), pick(v, ("unknown",))), "try it"),
    (lambda v, r, limit, tried: None, "may be done"),
    (lambda v, r, limit, tried: evaluate(v, r, limit, set()), "in vain"),
    (lambda v, r, limit, tried: evaluate({c: x for c, x in v.items() if x[0] == "ok"}, r, limit, tried),
     "may be done"),
]  # fmt: skip

# --- stage 4 --------------------------------------------------------------------------------------


def run(row, ask, act, risk, limit, depth, budget, remember=True, refuse=True, see=True, stop=True):
    """A solution with one thing left out."""
    tried, now, log = set(), list(row), []
    for _ in range(budget):
        verdicts = imagine(now, ask, depth)
        risks = {c: risk(now, c) if refuse else 0.0 for c in verdicts}
        here = {c for desk, c in tried if desk == tuple(now[1:])}
        call = evaluate(verdicts, risks, limit, here if remember else set())
        if call is None:
            return {"end": "asks for help", "log": log}
        tried.add((tuple(now[1:]), call))
        after = act(call)
        log.append((WORLD.call(now, call), WORLD.sentence(after)))
        now = after if see else now
        if stop and after[FREE] >= after[GOAL]:
            return {"end": "reached", "log": log}
    return {"end": "out of calls", "log": log}


def rehearses(row, ask, act, risk, limit, depth, budget):
    """Tries in the real world what it should imagine."""
    for call in WORLD.sensible(row):
        if TOOLS[call % len(TOOLS)] == "delete":
            act(call)
    return {"end": "reached", "log": []}


ACT = [
    (lambda *a: run(*a, remember=False), "each call once"),
    (lambda *a: run(*a, refuse=False), "above the limit"),
    (lambda *a: run(*a, see=False), "begin again"),
    (lambda *a: run(*a, stop=False), "make no more calls"),
    (rehearses, "lost"),
    (lambda *a: {"end": "asks for help", "log": []}, "no real call"),
    (lambda *a: run(*a)["end"], "return the notes"),
    (lambda *a: run(*a) | {"log": []}, "the log should hold"),
]
