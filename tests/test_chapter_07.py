"""Chapter 7: its exercises name the mistake, its evidence is complete, its measures are fair."""

import numpy as np
import pytest
from exercises import Chapter

from wmlib.course.ch07_dreamer import experiments as ex
from wmlib.course.ch07_dreamer import study as parts
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.learning.dreamer import Dreamer


@pytest.fixture(scope="module")
def chapter():
    notebook = Chapter("07_dreamer", [])
    notebook.run("imports")
    world = PixelCartPole()
    trained = Dreamer(world).import_weights(parts.WEIGHTS)
    notebook.space.update(world=world, trained=trained, learner=trained)
    return notebook


@pytest.mark.parametrize("exercise", ["ex1", "ex2", "ex3"])
def test_a_stub_does_not_pass_and_the_solution_does(chapter, exercise):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


@pytest.mark.parametrize(
    "right, wrong, named",
    [
        ("R, found = v[-1], []", "R, found = 0.0, []", "R[H] = v[H]"),
        ("c[t] * ", "", "c = 0"),
        ("(1 - lam) * v[t + 1] + lam * R", "lam * v[t + 1] + (1 - lam) * R", "wrong way round"),
        ("found.insert(0, R)", "found.append(R)", "last return"),
    ],
)
def test_mistakes_in_the_return_are_named(chapter, right, wrong, named):
    assert named in chapter.mistake("ex1", chapter.solution("ex1").replace(right, wrong))


@pytest.mark.parametrize(
    "right, wrong, named",
    [
        ("0.5 * nats(q.detach(), p) + 0.1", "0.1 * nats(q.detach(), p) + 0.5", "wrong way round"),
        ("nats(q, p.detach())", "nats(q.detach(), p)", "posterior is not moved"),
        (".clamp_min(free).mean()", ".mean().clamp_min(free)", "every row's KL"),
    ],
)
def test_mistakes_in_the_balance_are_named(chapter, right, wrong, named):
    assert named in chapter.mistake("ex2", chapter.solution("ex2").replace(right, wrong))


def test_an_agent_that_remembers_everything_is_no_answer_to_exercise_three(chapter):
    answer = chapter.solution("ex3").replace("[-self.k :]", "[-9:]")
    assert "k = 1" in chapter.mistake("ex3", answer)


# -------------------------------------------------------------------------------- the evidence


def test_it_is_solved_and_stays_solved_in_nine_of_ten_seeds():
    last, seconds = ex.dreamer.figures("last_five"), ex.dreamer.figures("cpu_seconds")
    assert len(last) >= 10 and np.mean(last >= 475) >= 0.9 and np.mean(seconds < 240) >= 0.9
    assert ex.dreamer.figures("steps").max() <= 30_000


def test_the_stored_weights_balance_and_are_small_enough_to_keep():
    assert parts.WEIGHTS.stat().st_size <= 1e6
    learner = Dreamer(PixelCartPole(), seed=1).import_weights(parts.WEIGHTS)
    assert parts.returns(learner.agent(), 12, 4).mean() >= 475
    assert parts.returns(parts.Forgetful(learner), 12, 4).mean() < 150
