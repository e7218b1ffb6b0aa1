"""Chapter 11: its exercises name the mistake, its evidence is complete, its rivals are given as much."""

import numpy as np
import pytest
import torch
from exercises import Chapter, Equal

from wmlib.course.ch11_language_agents import baselines, exercises, injection
from wmlib.course.ch11_language_agents import experiments as ex
from wmlib.course.ch11_language_agents import promises as plans
from wmlib.course.ch11_language_agents import study as parts
from wmlib.course.ch11_language_agents.desk import LOST, TOOLS, Desk
from wmlib.course.ch11_language_agents.lookahead import caution_level
from wmlib.course.ch11_language_agents.phrases import Phrases
from wmlib.course.ch11_language_agents.text import TextModel
from wmlib.course.ch11_language_agents.text_gpt import TextGPT
from wmlib.evidence import all_experiments

NUMBERS = ("ex1", "ex2", "ex3", "ex4", "ex5", "ex6", "ex7")
CHECKS = [getattr(exercises, name) for name in exercises.__all__]
WORLD = Desk(held_out=None)


@pytest.fixture(scope="module")
def chapter():
    """Exercise 5 uses the solution of 4, and 7 those of 4 to 6."""
    chapter = Chapter("11_language_agents", ["imports"], world=WORLD)
    for exercise in NUMBERS[3:]:
        exec(chapter.solution(exercise), chapter.space)
    return chapter


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    for _ in range(3):  # inputs are drawn anew
        assert chapter.mistake(exercise, chapter.solution(exercise)) is None


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
@pytest.mark.parametrize("answer", [Equal(), None, [], {}, 0, ("ok", Equal()), "reached"], ids=repr)
def test_what_is_no_answer_does_not_pass(check, answer):
    assert check.mistake(lambda *_: answer, 0)


def test_the_long_exercise_is_of_the_length_that_it_says(chapter):
    lengths = [len(chapter.solution(exercise).strip().splitlines()) for exercise in NUMBERS[3:]]
    assert max(lengths) <= 30 and 50 <= sum(lengths) <= 100


# --- the network of the notebook ---


@pytest.fixture(scope="module")
def network(chapter):
    """The notebook's GPT and the library's, with the same small vocabulary and the same weights."""
    prompts, answers = parts.held_out(0, wanted=30)
    library = TextGPT(Phrases.learn(prompts + answers, parts.APART), seed=1)
    chapter.space |= {"library": library, "phrases": library.phrases, "PAD": 0, "END": 1}
    for cell in ("attention", "gpt", "loss"):
        chapter.run(cell)
    exec(chapter.cells["tokens"].split("\n\n\n")[1], chapter.space)
    ours = chapter.space["GPT"](len(library.phrases))
    ours.load_state_dict(library.state_dict())
    return ours, library, chapter.space["as_table"](prompts, answers), (prompts, answers)


def test_its_loss_is_that_of_the_library_and_reads_no_later_token(network, chapter):
    ours, library, table, texts = network
    assert torch.equal(table[0], library._table(*texts)[0])
    assert torch.allclose(
        chapter.space["answer_loss"](ours, *table), library.loss(*table), atol=1e-5
    )
    ids = table[0].clone()
    before = ours(ids)
    ids[:, 12] = 1
    assert torch.allclose(ours(ids)[:, :12], before[:, :12])
    assert not torch.allclose(ours(ids)[:, 12:], before[:, 12:])


def test_its_risk_is_that_of_the_library(network, chapter):
    ours, library, _, (prompts, _) = network
    chapter.run("risk")
    risk = chapter.space["loss_risk"](ours, prompts).numpy()
    np.testing.assert_allclose(risk, parts.loss_risk(library)(prompts), rtol=1e-3)


# --- the evidence ---


@pytest.mark.parametrize("experiment", all_experiments("11"), ids=lambda e: e.name)
def test_stored_evidence_bears_the_claims_out(experiment):
    stored = experiment.stored()
    assert len(stored["seeds"]) >= 5
    for key in experiment.claims:
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


def test_what_the_text_says_about_exposure_is_stored():
    lost, calls = (ex.early.figures(key).sum(0) for key in ("plan_lost", "plan_calls"))
    tasks = ex.early.figures("tasks").sum()
    assert lost[2] / tasks > 4 * lost[0] / tasks  # over all tasks
    assert lost[2] / calls[2] < 1.5 * lost[0] / calls[0]  # for each call
    _, fails, chosen, chosen_fails = ex.early.figures("first").sum(0)
    passed_over = ex.early.figures("first").sum(0)[0] - chosen
    assert chosen_fails / chosen < (fails - chosen_fails) / passed_over


def test_the_stored_weights_answer_as_the_chapter_says():
    early, model = parts.stored()
    assert (early.steps, model.steps) == (parts.EARLY, parts.STEPS)
    asked, true = parts.held_out(3, wanted=150)
    assert parts.right(model, asked, true)[1] > 0.95 > parts.right(early, asked, true)[1]
    assert sum(path.stat().st_size < 1e6 for path in parts.WEIGHTS.glob("*.pt")) == 2


# --- promises, and a limit on the risk ---


def test_carrying_out_a_plan_of_the_true_simulator_keeps_every_promise():
    desks = parts.tasks(40, 5)
    model = TextModel(WORLD, WORLD.tell, lambda prompts: [0.1] * len(prompts))
    found = plans.promises(desks, model, 2)
    assert (found.kept == (found.calls > 0)).all() and found.kept.mean() > 0.4
    assert not found.lost.any()
    assert not (found.calls[parts.lengths(desks) > 2]).any()  # no promise where there is no plan
    np.testing.assert_allclose(plans.whole_plan_risk(found, desks, model), 0.1 * found.calls)


def lie(prompts):
    """Never says that a file is lost."""
    return [
        told.replace("is lost for ever", "is deleted , the copy is safe").replace(
            " lost .", " deleted ."
        )
        for told in WORLD.tell(prompts)
    ]


def test_a_plan_that_believes_in_a_lie_loses_the_file():
    desks = parts.tasks(40, 6)
    found = plans.promises(desks, TextModel(WORLD, lie), 1)
    broken = (found.calls > 0) & ~found.kept
    assert broken.mean() > 0.05 and (broken == found.lost).all()
    lost, chosen = plans.first_calls(desks, TextModel(WORLD, lie))
    assert chosen.sum() == (found.calls > 0).sum() and (lost & chosen).sum() == found.lost.sum()


def test_a_limit_lets_its_share_of_the_losses_pass_and_no_more():
    rng = np.random.default_rng(0)
    risks, lost = rng.random(200), rng.random(200) < 0.4
    for accepted in (0.0, 0.05, 0.5, 1.0):
        limit = caution_level(risks, lost, accepted)
        assert (risks[lost] <= limit).sum() <= accepted * lost.sum()
    assert limit == risks.max()


# --- the agents that ours is compared with ---


def test_reflexion_does_more_than_react_and_gives_back_no_file():
    desks = parts.tasks(60, 7)
    react, more = baselines.reflexion(desks, trials=1), baselines.reflexion(desks, trials=3)
    assert more.success.mean() > react.success.mean() + 0.2
    assert (react.lost <= more.lost).all() and (more.calls >= react.calls).all()


def test_rules_by_hand_forbid_just_what_loses_a_file():
    for row in parts.tasks(40, 8).tolist():
        for call in WORLD.sensible(row):
            loses = LOST in WORLD.sentence(WORLD.act(row, call))
            if TOOLS[call % 5] == "close" or row[8 + 5 * (call // 5)] == 0:
                assert baselines.hand_written_guard(row, call) == loses
    assert not baselines.reflexion(
        parts.tasks(40, 8), guard=baselines.hand_written_guard
    ).lost.any()


def test_the_table_says_what_it_heard_and_nothing_where_it_heard_nothing():
    prompts, answers = parts.held_out(1, wanted=400, changing=False)
    table = baselines.Table(prompts, answers)
    assert table.answer(prompts) == answers
    assert baselines.Table(prompts[:1], answers[:1]).answer(prompts[1:]).count("") > 300


# --- a tool's text ---


def test_a_forged_entry_is_refused_and_an_honest_desk_is_read():
    pairs, lost = injection.deletions(10, 0)
    assert 0 < lost.sum() < len(lost)
    for row, call in pairs:
        assert injection.read_as_data(WORLD.text(row))[2:] == row[2:]
        for hidden in (False, True):
            with pytest.raises(ValueError, match=r"wanted three drives|listed twice"):
                injection.read_as_data(injection.forged(row, call, hidden))


def test_the_demonstrations_never_lose_a_file():
    requests, calls = parts.demonstrations(0, 50)
    world = Desk()
    for request, call in zip(requests, calls):
        text = request.partition(" now ")[2].removesuffix(" do")
        told = world.tell([f"{text} If I {call} , what will happen ?"])[0]
        assert LOST not in told and not told.endswith("=> same .")
