"""Chapter 11: its exercises name the mistake, its evidence is complete, its words match its code."""

import numpy as np
import pytest
from exercises import Chapter

from wmlib.course.ch11_language_agents import experiments as ex
from wmlib.course.ch11_language_agents import study as parts
from wmlib.course.ch11_language_agents.desk import LOST, Desk
from wmlib.course.ch11_language_agents.text import TextModel
from wmlib.evidence import all_experiments

NUMBERS = ("ex1", "ex2", "ex3")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("11_language_agents", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


MISTAKES = [
    (
        "ex1",
        "def write_over(desk, changes):\n"
        "    return desk | dict(c.split(' ', 1) for c in changes.split(' ; '))",
        "same .",
    ),
    (
        "ex1",
        "def write_over(desk, changes):\n    for c in changes[:-2].split(' ; '):\n"
        "        if c != 'same':\n            n, s = c.split(' ', 1)\n            desk[n] = s\n"
        "    return desk",
        "add it",
    ),
    (
        "ex1",
        "def write_over(desk, changes):\n    for c in changes[:-2].split(' ; '):\n"
        "        n, _, s = c.partition(' ')\n        if s[:1] in ('+', '-'):\n"
        "            desk[n] = str(int(desk[n]) + int(s.replace(' ', '')))\n"
        "        elif n != 'same':\n            desk[n] = s\n    return desk",
        "must not touch reality",
    ),
    ("ex2", "choose = lambda v, h: max(v, key=lambda x: x[2])[0] if v else None", "scores high"),
    (
        "ex2",
        "choose = lambda v, h: max([x for x in v if x[1] != 'loss'], key=lambda x: x[2])[0]",
        "its score is a guess",
    ),
    (
        "ex2",
        "choose = lambda v, h: next((x[0] for w in ('ok', 'unknown') for x in"
        " sorted(v, key=lambda x: -x[2]) if x[1] == w), None)",
        "nobody knows",
    ),
    ("ex3", "limit = lambda r, l, a: np.sort(r[l])[int(a * l.sum())]", "stay below it"),
    ("ex3", "limit = lambda r, l, a: r[~l].max()", "lets the loss at 0.3 through"),
    (
        "ex3",
        "limit = lambda r, l, a: r[r < np.sort(r[l])[int(a * l.sum())]].max()",
        "stops with ValueError",
    ),
]


@pytest.mark.parametrize("exercise, answer, named", MISTAKES)
def test_mistakes_are_named(exercise, answer, named, chapter):
    assert named in chapter.mistake(exercise, answer)


@pytest.mark.parametrize("experiment", all_experiments("11"), ids=lambda e: e.name)
def test_every_experiment_has_claims_and_stored_evidence_that_bears_them_out(experiment):
    assert experiment.claims
    stored = experiment.stored()
    for key, (sentence, _) in experiment.claims.items():
        assert stored["claims"][key]["sentence"] == sentence
        held = [experiment.holds(row["figures"])[key] for row in stored["seeds"]]
        assert np.mean(held) >= experiment.bar, key


def test_over_all_seeds_the_agent_meets_its_bars_on_a_thousand_tasks():
    assert ex.desk.figures("episodes").sum() >= 1000
    assert ex.desk.figures("sentences").min() >= 0.98
    assert ex.desk.figures("model_success").mean() >= 0.95
    assert ex.desk.figures("model_lost").mean() <= 0.01
    tight = ex.desk.figures("model_tight").mean(0)
    assert np.abs(tight - ex.desk.figures("truth_tight").mean(0)).max() <= 0.03
    assert tight[2] >= 0.9


def test_the_stored_weights_answer_as_the_chapter_says():
    early, model = parts.stored()
    assert (early.steps, model.steps) == (parts.EARLY, parts.STEPS)
    asked, true = parts.held_out(3, wanted=150)
    assert parts.right(model, asked, true)[1] > 0.95 > parts.right(early, asked, true)[1]
    assert sum(path.stat().st_size < 1e6 for path in parts.WEIGHTS.glob("*.pt")) == 2


def test_carrying_out_a_plan_of_the_true_simulator_keeps_every_promise():
    desks = parts.tasks(40, 5)
    promised, kept, lost = ex.carried_out(desks, TextModel(ex.WORLD, ex.WORLD.tell), 2)
    assert promised == kept > 0.4 and lost == 0


def test_a_plan_that_believes_in_a_lie_loses_the_file():
    desks = parts.tasks(40, 6)
    lie = lambda prompts: [  # noqa: E731
        told.replace("is lost for ever", "is deleted , the copy is safe").replace(
            " lost .", " deleted ."
        )
        for told in ex.WORLD.tell(prompts)
    ]
    promised, kept, lost = ex.carried_out(desks, TextModel(ex.WORLD, lie), 1)
    assert promised - kept > 0.05
    assert lost == pytest.approx(promised - kept)


def test_the_demonstrations_never_lose_a_file():
    requests, calls = parts.demonstrations(0, 50)
    world = Desk()
    for request, call in zip(requests, calls):
        text = request.partition(" now ")[2].removesuffix(" do")
        told = world.tell([f"{text} If I {call} , what will happen ?"])[0]
        assert LOST not in told and not told.endswith("=> same .")
