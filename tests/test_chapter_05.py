"""Chapter 5: its exercises name the mistake, its evidence is complete, its words match its code."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch05_ensembles import experiments as ex
from wmlib.course.ch05_ensembles.curiosity import error_everywhere
from wmlib.course.ch05_ensembles.doubt import Draughty, visits

NUMBERS = ("ex1", "ex2", "ex3", "ex4")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("05_ensembles", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


MISTAKES = [
    ("ex1", "bootstrap = lambda n, m, rng: np.tile(rng.integers(n, size=n), (m, 1))", "same rows"),
    (
        "ex1",
        "bootstrap = lambda n, m, rng: np.stack([rng.permutation(n) for _ in range(m)])",
        "with* replacement",
    ),
    ("ex1", "bootstrap = lambda n, m, rng: rng.integers(n // 2, size=(m, n))", "63 %"),
    ("ex2", "two_uncertainties = lambda m, s: (m.std(0), np.sqrt((s**2).mean(0)))", "places"),
    ("ex2", "two_uncertainties = lambda m, s: (s.mean(0), m.std(0))", "not deviations"),
    ("ex2", "two_uncertainties = lambda m, s: ((s**2).mean(0), m.std(0))", "take the root"),
    (
        "ex2",
        "two_uncertainties = lambda m, s: (np.sqrt((s**2).mean(0)), m.std(0, ddof=1))",
        "E - 1",
    ),
    ("ex3", "line = lambda h, q: h[int(np.ceil((len(h) + 1) * q)) - 1]", "sort first"),
    ("ex3", "line = lambda h, q: np.quantile(h, q)", "interpolates"),
    ("ex3", "line = lambda h, q: np.sort(h)[min(9, int(np.ceil(10 * q))) - 1]", "infinity"),
    (
        "ex4",
        "def may_act(obs, action, imagine, dispute, fallback, horizon, threshold):\n"
        "    return dispute(obs, action) <= threshold",
        "braking comes too late",
    ),
]


@pytest.mark.parametrize("exercise, answer, named", MISTAKES)
def test_mistakes_are_named(exercise, answer, named, chapter):
    assert named in chapter.mistake(exercise, answer)


def test_the_gate_holds_in_every_seed_against_bold_and_safe_alike():
    returns = {name: ex.gate.figures(f"{name}_return") for name in ("bold", "gated", "safe")}
    assert len(returns["gated"]) >= 10
    assert (returns["gated"] > np.maximum(returns["bold"], returns["safe"])).all()
    assert ex.gate.figures("gated_flooded_wrecked").max() <= 0.2
    assert ex.gate.figures("bold_flooded_wrecked").min() >= 0.9
    assert ex.gate.figures("gated_dry_abstention").max() <= 0.4


def test_the_three_regions_are_where_they_are_said_to_be():
    world = Draughty()
    for where in ("inside", "hole"):
        states = world.state_of(visits(where, 200, 0).obs)
        assert (world.hole(states) == (where == "hole")).all()
        assert np.mean(np.cos(states[:, 0]) < 0) > 0.95  # the lower half
    assert (visits("edge", 200, 0).obs[:, 0] > 0).all()  # the upper half


def test_the_draught_is_half_a_radian_a_second_and_only_at_the_bottom():
    from wmlib.worlds import Pendulum

    state, act = np.array([[np.pi, 0.0], [np.pi + 0.3, 0.0]]), np.zeros((2, 1))
    kick = Draughty().step(state, act)[0] - Pendulum().step(state, act)[0]
    assert kick[:, 1] == pytest.approx([0.5, 0.0])


def test_a_model_that_knows_the_pendulum_has_no_error_anywhere():
    class Knows:
        def distribution(self, obs, act):
            from wmlib.worlds import Pendulum

            world = Pendulum()
            nxt = world.obs(world.step(world.state_of(obs.numpy()), act.numpy())[0])
            mean = torch.cat([torch.as_tensor(nxt), torch.zeros(len(nxt), 1)], 1)[None]
            return mean, torch.zeros_like(mean)

    assert error_everywhere(Knows()) < 1e-4
