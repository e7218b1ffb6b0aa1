"""Chapter 4's planner in the page: torch's dreams, wmlib's scores, and what the chapter says of them."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from boards import pick, run, slide
from browser import opened

from wmlib.course.ch04_shooting import study
from wmlib.course.ch04_shooting.players import SHOOTING, pack_shooting, taught
from wmlib.models import NeuralDynamics
from wmlib.planning import RandomShooting
from wmlib.players.dynamics import dream
from wmlib.players.gallery import stage_page
from wmlib.players.weights import rounded
from wmlib.worlds import Pendulum

AIMS = {
    "sum": (study.constant, study.endless),
    "ends": (study.constant, None),
    "shaped": (study.upright, study.standing),
    "there": (study.at(1.0), study.standing),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("shooting"), stage_page(SHOOTING)) as page:
        page.wait_for_selector("[data-ready]")
        yield page
        assert page.wrong == []


@pytest.fixture(scope="module")
def model():
    model = deepcopy(taught())
    rounded(model.net)
    rounded(model.cont.net)
    return model


def steps_until_fall(page, most):
    code = """return (async () => {
      stage.pause(); game.reset();
      while (game.plan && game.t < given[0]) {
        game.step();
        while (game.thinks()) await new Promise((then) => setTimeout(then));
      }
      return [game.t, game.s[0]];
    })()"""
    return run(page, code, most)


def settle(page):
    """Wait for the plan that is being made."""
    page.wait_for_function("!document.querySelector('.wm-player').wmPlayer.game.thinks()")


def test_it_dreams_and_ends_as_torch_does(page, model):
    fresh = dream(model, steps=20, seed=3)
    code = (
        "const m = WM.dynamics('shooting'); let s = given[0];"
        "return given[1].map((a) => [...(s = m.imagine(s, a)), m.cont(s)])"
    )
    said = np.array(run(page, code, fresh["obs"].tolist(), fresh["act"].tolist()))
    assert np.abs(said[:, :4] - fresh["states"].numpy()).max() < 1e-3
    assert np.abs(said[:, 4] - fresh["cont"].numpy()).max() < 1e-3


@pytest.mark.parametrize("name", AIMS)
def test_plans_score_as_in_the_library(page, model, name):
    rng = np.random.default_rng(2)
    obs = np.array([[0.1, 0.2, 0.08, 0.3]], np.float32)
    plans = rng.integers(0, 2, (1, 12, 20))
    aim = model.goal(*AIMS[name])
    with torch.inference_mode():
        wanted = RandomShooting(20, 12).evaluate(aim, aim.start(obs), torch.tensor(plans))[0]
    code = "return given[1].map((plan) => game.score(given[0], plan, given[2], 1))"
    said = run(page, code, obs[0].tolist(), plans[0].tolist(), name)
    np.testing.assert_allclose(said, wanted.numpy(), atol=2e-3)


def test_a_large_plan_is_made_in_slices_and_the_world_waits_for_it(page):
    """Time that goes on by a millisecond a look: ten futures or so, then the page has its turn."""
    run(page, "stage.pause(); game.reset()")
    slide(page, "horizon", 50)
    slide(page, "candidates", 200)
    settle(page)
    code = """let now = 0; const clock = performance.now; performance.now = () => now++;
      game.step(); performance.now = clock;
      const t = game.t, old = game.plan.best.states[0]; game.step(); return [t, game.t, now, game.thinks(), old[0] !== game.s[0]]"""
    before = run(page, "return game.t")
    t, again, looks, thinks, old = run(page, code)
    assert t == again == before + 1 and 5 < looks < 20 and thinks and old
    settle(page)
    shape = "return [game.plan.futures.length, game.plan.best.states.length, game.plan.best.states[0][0] === game.s[0]]"
    assert run(page, shape) == [200, 51, True]
    slide(page, "horizon", 8)
    slide(page, "candidates", 50)


def test_the_sum_of_rewards_ties_and_falls_and_the_shaped_score_stands(page):
    pick(page, "score", "sum of rewards")
    run(page, "stage.redraw()")
    assert "All plans tie at J 8.00, for every step pays 1" in score(page)
    assert steps_until_fall(page, 200)[0] < 100
    pick(page, "score", "shaped: upright, in the middle")
    assert steps_until_fall(page, 150)[0] == 150
    slide(page, "candidates", 1)
    assert steps_until_fall(page, 200)[0] < 100
    slide(page, "candidates", 50)


def score(page):
    return page.locator(".wm-player-score").inner_text()


def scores_from(page, state, horizon):
    """J of thirty plans from a state, as the page finds them."""
    run(page, "stage.pause(); game.reset(); game.s = given[0]", state)
    slide(page, "horizon", horizon)
    slide(page, "candidates", 29)
    slide(page, "candidates", 30)
    settle(page)
    run(page, "stage.redraw()")
    assert run(page, "return game.plan.best.states[0]") == state
    return run(page, "return game.plan.futures.map((f) => f.J)")


def test_only_plans_that_tie_are_said_to_tie(page, model):
    """The learned end tells plans apart also where it is nearly certain, the true one does not."""
    ends, drawn = model.goal(*AIMS["ends"]), torch.Generator().manual_seed(1)
    pick(page, "score", "until it ends")
    for state in ([0, 0, 0, 0], [0.1, 0.2, 0.15, 0.8]):
        said = scores_from(page, state, 8)
        assert len(set(said)) > 1 and "tie" not in score(page)
        plans = torch.randint(2, (1, 30, 8), generator=drawn)
        with torch.inference_mode():
            wanted = RandomShooting(8, 30).evaluate(ends, ends.start(np.float32([state])), plans)
        assert len(set(wanted[0].tolist())) > 1
    pick(page, "model", "true physics")
    assert len(set(scores_from(page, [0, 0, 0, 0], 8))) == 1
    assert "All plans tie at J 8.00, for none is expected to end so soon" in score(page)
    pick(page, "model", "learned network")
    pick(page, "score", "shaped: upright, in the middle")
    said = scores_from(page, [0, 0, 0.02, -0.2], 3)
    assert 0 < max(said) - min(said) < 0.05 and "tie" not in score(page)
    assert f"the worst is {max(said) - min(said):.1g} less" in score(page)
    slide(page, "candidates", 1)
    settle(page)
    assert "there is nothing to choose from" in score(page)
    slide(page, "horizon", 8)
    slide(page, "candidates", 50)
    settle(page)


def test_the_marks_slider_is_there_for_the_score_that_has_a_mark(page):
    mark = page.get_by_label("mark", exact=False).and_(page.get_by_role("slider"))
    for words in ("sum of rewards", "until it ends", "shaped: upright, in the middle"):
        pick(page, "score", words)
        assert mark.count() == 0  # neither to be seen nor to be reached
    pick(page, "score", "shaped: at the mark")
    assert mark.is_visible()
    pick(page, "score", "shaped: upright, in the middle")


def test_reset_forgets_the_longest(page):
    steps_until_fall(page, 30)
    run(page, "stage.redraw()")
    assert "longest by itself with these settings 30." in score(page)
    page.get_by_role("button", name="Reset").click()
    assert "Step 0; longest by itself with these settings 0." in score(page)


def test_a_push_begins_the_longest_anew(page):
    steps_until_fall(page, 30)
    run(page, "game.press('left')")
    settle(page)
    run(page, "game.step(); stage.redraw()")
    assert "Step 31; longest by itself with these settings 30." in score(page)


def test_a_near_sighted_planner_goes_the_wrong_way(page):
    """The chapter's new goal: a horizon of 8 moves away from the mark at x = 1."""
    pick(page, "score", "shaped: at the mark")
    pick(page, "model", "true physics")
    assert min(steps_until_fall(page, 100)[1] for _ in range(3)) < 0
    pick(page, "model", "learned network")
    pick(page, "score", "shaped: upright, in the middle")


def test_it_is_played_by_keys_and_by_pointer(page):
    run(page, "stage.pause(); game.reset()")
    before = run(page, "return game.s[3]")
    page.locator(".wm-player-field").focus()
    page.keyboard.press("ArrowLeft")
    assert run(page, "return game.s[3]") == pytest.approx(before - 0.4)
    page.get_by_role("button", name="push the pole right").click()
    assert run(page, "return game.s[3]") == pytest.approx(before)
    settle(page)
    page.get_by_role("button", name="Step").click()
    assert run(page, "return game.t") == 1
    slide(page, "horizon", 3)
    slide(page, "candidates", 7)
    settle(page)
    shape = "return [game.plan.futures.length, game.plan.best.states.length]"
    assert run(page, shape) == [7, 4]
    pick(page, "score", "shaped: at the mark")
    box = page.locator("canvas").bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    assert run(page, "return game.place") < -0.3
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.wm-player').wmPlayer.game.t > 3")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Reset").click()
    assert run(page, "return game.t") == 0


def test_it_fits_a_phone_and_names_damaged_weights(page, tmp_path):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert list(pack_shooting()) == SHOOTING.asks()
    text = pack_shooting()["shooting"]
    at = text.index('"data":"') + 12
    broken = {"shooting": text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]}
    (tmp_path / "page.html").write_text(stage_page(SHOOTING, broken), encoding="utf8")
    page.goto((tmp_path / "page.html").as_uri())
    assert "damaged" in page.locator(".wm-player-error").inner_text()


def test_a_model_of_another_world_is_refused():
    with pytest.raises(ValueError, match="4 observed numbers and 2 actions, got 3 and 1"):
        pack_shooting(NeuralDynamics(3, Pendulum.act_space))
