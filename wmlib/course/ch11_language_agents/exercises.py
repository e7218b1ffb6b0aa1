"""Checks of chapter 11's exercises: inputs are drawn anew and compared with a reference."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch11_language_agents import wrong_answers as wrong
from wmlib.course.ch11_language_agents.desk import Desk
from wmlib.course.ch11_language_agents.stages import (
    check_act,
    check_evaluate,
    check_imagine,
    check_outcome,
)
from wmlib.exercise import Exercise, numbers

__all__ = [
    "check_act",
    "check_evaluate",
    "check_imagine",
    "check_limit",
    "check_outcome",
    "check_probability",
    "check_write",
]
WORLD = Desk(tasks=False)


# --- what changed, and nothing else ---------------------------------------------------------------


def as_words(row) -> dict[str, str]:
    """A desk as a dictionary: {"free": "4", ..., "thesis": "3 closed saved copy"}."""
    drives, *files = WORLD.text(row).removesuffix(" .").split(" ; ")
    words = drives.split()
    return dict(zip(words[::2], words[1::2])) | dict(file.split(" ", 1) for file in files)


def examine_write(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    rows = WORLD.initial(60, rng).tolist()
    for row in rows:
        after = WORLD.act(row, int(rng.integers(WORLD.act_space.n)))
        changes = WORLD.answer(row, after).partition(" => ")[2]
        before, wanted = as_words(row), as_words(after)
        given = dict(before)
        got = answer(given, changes)
        if type(got) is not dict:
            return f"a dictionary is wanted, got {type(got).__name__}"
        if given != before:
            return (
                "the old desk was changed: imagination must not touch reality, so make a copy "
                "before you write"
            )
        for name in {*got, *wanted}:
            found = _word_mistake(name, before.get(name), got.get(name), wanted.get(name), changes)
            if found:
                return found
    return None


def _word_mistake(name, before, got, wanted, changes):
    if type(got) is str and got == wanted:
        return None
    if wanted is None:
        return (
            f"after {changes!r} there is a new entry {name!r}: 'same .' means that nothing changes"
        )
    if isinstance(got, str) and got[:1] in ("+", "-"):
        return f"{got!r} is a change, not a state: add it to what {name} had"
    if isinstance(got, str) and got.endswith("."):
        return f"{name} became {got!r}: the full stop at the end is no part of the last change"
    if isinstance(got, int):
        return f"{name} became the number {got}: numbers stay text, as {wanted!r}"
    if got == before:
        return f"{changes!r}: {name} did not change. Several changes stand between ' ; '"
    return f"{name} was {before!r}, then {changes!r}: it should be {wanted!r}, got {got!r}"


check_write = Exercise("What changed", [examine_write], wrong.WRITE)


# --- how probable an answer is --------------------------------------------------------------------


def examine_probability(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for _ in range(4):
        batch, length, size = (int(n) for n in rng.integers([2, 6, 4], [6, 11, 9]))
        logits = torch.tensor(rng.normal(0, 2, (batch, length, size)), dtype=torch.float32)
        ids = torch.tensor(rng.integers(0, size, (batch, length)))
        begin = torch.tensor(rng.integers(1, length - 2, batch))
        end = begin + torch.tensor(rng.integers(1, 3, batch))
        place = torch.arange(length)
        is_answer = (place >= begin[:, None]) & (place < end[:, None])
        said = answer(logits.clone(), ids.clone(), is_answer.clone())
        said = said.detach().numpy() if isinstance(said, torch.Tensor) else said
        got = numbers(said, (batch,), "the probabilities")
        logs = logits[:, :-1].log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]
        counts = is_answer[:, 1:]
        right = torch.where(counts, logs, 0.0).sum(1)
        unshifted = logits.log_softmax(-1).gather(-1, ids[..., None])[..., 0]
        named = {
            "these are logarithms: take exp at the end": right,
            "the mean over tokens makes long answers as probable as short ones: multiply "
            "probabilities, that is, add logarithms": (right / counts.sum(1)).exp(),
            "the question's tokens count as well: only those of the answer should": logs.sum(
                1
            ).exp(),
            "each token is scored by its own place: logits[:, t] say what comes at t + 1": torch.where(
                is_answer, unshifted, 0.0
            )
            .sum(1)
            .exp(),
            "logits are no logarithms of probabilities: use log_softmax": torch.where(
                counts, logits[:, :-1].gather(-1, ids[:, 1:, None])[..., 0], 0.0
            )
            .sum(1)
            .exp(),
        }
        if np.abs(got - right.exp().numpy()).max() < 1e-5:
            continue
        for mistake, value in named.items():
            if np.allclose(got, value.numpy(), rtol=1e-3, atol=1e-6):
                return mistake
        return f"for the first text {right.exp()[0]:.4f} is right, got {got[0]:.4f}"
    return None


check_probability = Exercise("How probable?", [examine_probability], wrong.PROBABILITY)


# --- how careful ----------------------------------------------------------------------------------


def allowed_limit(risks, lost, accepted):
    """The reference, by trying every risk."""
    fine = [r for r in risks if (risks[lost] <= r).sum() <= accepted * lost.sum() + 1e-9]
    return max(fine, default=0.0)


def examine_limit(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for trial in range(40):
        n = int(rng.integers(6, 30))
        risks = rng.permutation(np.arange(1, n + 1)) / (n + 1)
        lost = rng.random(n) < np.clip(risks + 0.1, 0, 1)
        lost[rng.integers(n)] = True
        accepted = float((0.0, 1.0, rng.uniform(0, 1))[trial % 3])
        wanted = allowed_limit(risks, lost, accepted)
        told = answer(risks.copy(), lost.copy(), accepted)
        got = float(numbers(told, (), "the limit"))
        if abs(got - wanted) < 1e-9:
            continue
        through, most = int((risks[lost] <= got).sum()), int(accepted * lost.sum() + 1e-9)
        case = f"{n} calls, {lost.sum()} losses, accepted {accepted:.2f}"
        if through > most:
            return f"{case}: your limit lets {through} losses pass, {most} are allowed"
        if got not in (*risks, 0.0):
            return f"{case}: {got:.3f} is none of the risks"
        return f"{case}: {got:.3f} keeps the rule, but a larger risk does so too: {wanted:.3f}"
    try:
        answer(np.array([0.1, 0.4]), np.zeros(2, bool), 0.1)
    except ValueError:
        return None
    return "nothing was lost, so nothing can be decided: raise ValueError"


check_limit = Exercise("How careful?", [examine_limit], wrong.LIMIT)
