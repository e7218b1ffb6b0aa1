"""What the long exercise of chapter 11 is compared with: an agent in stages, on words alone."""

from __future__ import annotations

from wmlib.course.ch11_language_agents.desk import FREE, GOAL, HARMLESS, LOST, TOOLS, Desk

WORLD = Desk(held_out=None)


def outcome(row, reply):
    """What an answer means: ("ok" | "nothing" | "loss" | "unknown", the next desk or None)."""
    lines = reply.splitlines() if isinstance(reply, str) else []
    line = next((line.strip() for line in lines if " => " in line), "")
    try:
        after = WORLD.apply(row, line)
    except ValueError:
        return "unknown", None
    if LOST in WORLD.sentence(after):
        return "loss", None
    return ("ok", after) if after[1:] != list(row)[1:] else ("nothing", None)


def imagine(row, ask, depth, used=1):
    """For each sensible call what it leads to, and the worth of the best desk reached through it."""
    calls, found = WORLD.sensible(row), {}
    try:
        replies = list(ask([WORLD.prompt(row, call) for call in calls]))
    except Exception:
        replies = []
    for i, call in enumerate(calls):
        verdict, after = outcome(row, replies[i] if i < len(replies) else None)
        worth = None
        if verdict == "ok":
            worth = min(after[FREE], after[GOAL]) + 5 * (after[FREE] >= after[GOAL]) - 0.05 * used
            if depth > 1 and after[FREE] < after[GOAL]:
                later = imagine(after, ask, depth - 1, used + 1).values()
                worth = max([worth, *(w for _, w in later if w is not None)])
        found[call] = verdict, worth
    return found


def evaluate(verdicts, risks, limit, tried):
    """The best call that is known to be good and not too risky; else a harmless one; else None."""
    good = [(-w, c) for c, (v, w) in verdicts.items() if v == "ok" and risks[c] <= limit]
    if good:
        return min(good)[1]
    mild = [
        c
        for c, (v, _) in verdicts.items()
        if v == "unknown" and TOOLS[c % len(TOOLS)] in HARMLESS and c not in tried
    ]
    return min(mild, default=None)
