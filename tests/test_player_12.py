"""The players of chapter 12: wmlib's hand and wmlib's economy, played by key and by pointer."""

import numpy as np
import pytest
from boards import NODE, PLAYER, pick, run
from browser import opened

from wmlib.course.ch12_minds.adaptation import Reacher, Rote
from wmlib.course.ch12_minds.bodies import Hand
from wmlib.course.ch12_minds.players import POLICY, REACH, life, pack_reach, reaches
from wmlib.devices import new_rng
from wmlib.players.gallery import stage_page


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """One browser, in which each test opens the page that it wants."""
    folder = tmp_path_factory.mktemp("minds")
    with opened(folder, "") as page:
        page.folder = folder
        yield page


@pytest.fixture(scope="module")
def texts():
    return {player.name: player.weights() for player in (REACH, POLICY)}


def shown(page, player, weights):
    path = page.folder / f"{player.name}.html"
    html = stage_page(player, weights)
    html = html.replace("<script>WM.mount", f"<script>{NODE}.dataset.seed = 3; WM.mount")
    path.write_text(html, encoding="utf8")
    page.wrong.clear()
    page.goto(path.as_uri())
    return page


@pytest.fixture
def reach(both, texts):
    return shown(both, REACH, texts["reach"])


@pytest.fixture
def policy(both, texts):
    return shown(both, POLICY, texts["policy"])


def errors(page):
    return run(page, "return game.errors().map((e) => e.error)")


# --- a hand in a robot's grip ---


def test_the_hand_in_the_page_is_wmlibs(reach):
    rng = new_rng([5, 0])
    fields = [Hand.FIELD_1994, Hand.CURL, np.zeros((2, 2))]
    turns = [(float(rng.integers(8)) * np.pi / 4, fields[k % 3]) for k in range(6)]
    noise = rng.normal(size=(6 * 60, 2))
    wanted, field = reaches(turns, noise)
    said = run(
        reach,
        """const { settings } = WM.weights("reach"); let at = 0;
        const hand = WM.reacher(settings.numbers, settings.hands.learns, () => given[1][at++]);
        return [given[0].map(([angle, robot]) => { hand.begin(angle); while (!hand.step(robot));
          return [hand.reach.path.slice(1), hand.reach.aside]; }), hand.field];""",
        [[angle, robot.tolist()] for angle, robot in turns],
        noise.ravel().tolist(),
    )
    for (path, aside), told in zip(said[0], wanted):
        assert np.abs(np.array(path) - told["path"]).max() < 1e-9
        assert aside == pytest.approx(told["aside"], abs=1e-9)
    assert np.abs(np.array(said[1]) - field).max() < 1e-9
    assert float(reach.get_attribute(".wm-player", "data-check")) < 1e-3


def test_a_reach_by_key_and_one_by_pointer(reach):
    reach.focus(".wm-player-field")
    reach.keyboard.press("ArrowUp")
    reach.wait_for_function(f"{PLAYER}.game.errors().length === 1")
    assert not run(reach, "return stage.running()") and abs(errors(reach)[0]) < 0.2
    box = reach.locator("canvas").first.bounding_box()
    reach.mouse.click(box["x"] + 0.86 * box["width"], box["y"] + box["height"] / 2)
    assert run(reach, "return game.hand().reach.angle") == 0
    reach.wait_for_function(f"{PLAYER}.game.errors().length === 2")
    assert reach.wrong == []


def test_the_robot_throws_it_off_and_an_after_effect_is_left(reach):
    reach.focus(".wm-player-field")
    reach.keyboard.press("r")
    practise = (
        "for (let n = game.errors().length + given[0]; game.errors().length < n; ) game.step()"
    )
    run(reach, practise, 40)
    off = errors(reach)
    assert off[0] > 2 and np.mean(off[-4:]) < 0.5 * off[0]
    reach.get_by_role("button", name="Switch the robot off").click()
    run(reach, practise, 1)
    assert errors(reach)[-1] < -1
    reach.get_by_role("button", name="Reset").click()
    assert errors(reach) == [] and "No reach yet" in reach.inner_text(".wm-player-score")
    pick(reach, "Hand", "feedback alone")
    pick(reach, "Push", "always sideways")
    reach.get_by_role("button", name="Switch the robot on").click()
    run(reach, practise, 20)
    assert run(reach, "return game.hand().field") == [[0, 0], [0, 0]]
    assert min(errors(reach)) > 2  # who does not learn stays bent
    assert Reacher(rate=0, noise=0).reach(Hand(Hand.CURL), 0.0).aside == pytest.approx(
        -np.mean(errors(reach)), abs=0.2
    )


@pytest.mark.parametrize("player", [REACH, POLICY], ids=["reach", "policy"])
def test_nothing_happens_before_the_reader_begins(both, texts, player):
    page = shown(both, player, texts[player.name])
    page.wait_for_timeout(400)
    assert not run(page, "return stage.running()")
    assert run(page, "return (game.errors || game.years)().length") == 0
    first = page.locator(".wm-player-bar button").first
    first.click()
    assert first.text_content() == "Pause" and run(page, "return stage.running()")


def test_a_straight_reach_is_called_straight(reach):
    """Nobody pushes and nothing is learned yet: the planned path, to the last digit."""
    reach.focus(".wm-player-field")
    reach.keyboard.press("ArrowRight")
    reach.wait_for_function(f"{PLAYER}.game.errors().length === 1")
    reach.wait_for_function(
        "/straight/.test(document.querySelector('.wm-player-says').textContent)"
    )
    assert errors(reach) == [0]
    assert reach.inner_text(".wm-player-score") == "Reach 1: straight; the robot is off."
    reach.get_by_role("button", name="Reset").click()
    assert reach.inner_text(".wm-player-says") == ""


def test_a_reach_that_is_reset_is_no_practice(reach):
    reach.focus(".wm-player-field")
    reach.keyboard.press("ArrowRight")
    assert run(reach, "return stage.running()")
    reach.get_by_role("button", name="Reset").click()
    assert not run(reach, "return stage.running()") and errors(reach) == []
    run(reach, "stage.play(); game.step()")
    reach.get_by_role("button", name="Reset").click()
    assert run(reach, "return stage.running()")  # a practice goes on


REACHES = "for (let n = game.errors().length + given[0]; game.errors().length < n; ) game.step(); stage.redraw()"


def dots(page):
    """Where the dots of the chart are drawn, in its units; the axis' numbers."""
    code = """const canvas = document.querySelectorAll("canvas")[1], pen = canvas.getContext("2d"), at = [], words = [];
      const { arc, fillText } = pen;
      pen.arc = function (x, y, ...rest) { at.push(y); return arc.call(this, x, y, ...rest); };
      pen.fillText = function (text, ...rest) { words.push(text); return fillText.call(this, text, ...rest); };
      stage.redraw(); delete pen.arc; delete pen.fillText; return [at, words];"""
    return run(page, code)


def test_the_axis_holds_every_error(reach):
    assert {"−4", "+4"} <= set(dots(reach)[1]) and "+6" not in dots(reach)[1]
    reach.get_by_role("button", name="Switch the robot on").click()
    run(reach, REACHES, 8)
    off, (at, words) = np.array(errors(reach)), dots(reach)
    assert off.max() > 6 and {"+6", "+8"} & set(words)
    assert len(at) == len(off) and min(at) >= 11 and max(at) <= 239
    assert np.ptp((125 - np.array(at)) / off) < 1e-6  # one scale for all of them


def test_practise_runs_and_pauses(reach):
    reach.click("text=Practise")
    reach.wait_for_function(f"{PLAYER}.game.hand().reach !== null")
    reach.click("text=Pause")
    assert not run(reach, "return stage.running()")


def test_nothing_moves_by_itself_for_who_wants_it_still(both, texts):
    both.emulate_media(reduced_motion="reduce")
    page = shown(both, REACH, texts["reach"])
    assert not run(page, "return stage.running()")
    page.focus(".wm-player-field")
    page.keyboard.press("ArrowRight")
    assert len(errors(page)) == 1 and not run(page, "return stage.running()")
    both.emulate_media(reduced_motion="no-preference")


# --- a bank that believes its statistics ---


@pytest.mark.parametrize("learning", [None, 0.2])
def test_the_economy_in_the_page_is_wmlibs(policy, learning):
    rng = new_rng([6, 0])
    aims = rng.integers(0, 8, 300).astype(float)
    wanted = life(learning, aims, *rng.normal(size=(2, 300)))
    given = [wanted[key].tolist() for key in ("aims", "slips", "shocks")]
    said = run(
        policy,
        """const { economy } = WM.weights("policy").settings, [aims, slips, shocks, share] = given;
        let last = { inflation: aims[0], expected: aims[0] };
        return aims.map((aim, t) => (last = WM.year(economy, last, aim, slips[t], shocks[t], share)));""",
        *given,
        learning,
    )
    for key, values in wanted["years"].items():
        assert np.abs(np.array([year[key] for year in said]) - values).max() < 1e-9
    assert float(policy.get_attribute(".wm-player", "data-check")) < 1e-3


YEARS = "for (let n = 0; n < given[0]; n++) game.step(); stage.redraw(); const all = game.years(); return [all.at(-1).promised, all.slice(-given[0]).reduce((s, y) => s + y.unemployment, 0) / given[0]]"


def test_the_forecast_breaks_when_it_is_used(policy):
    promised, came = run(policy, YEARS, 60)
    assert abs(promised - came) < 0.3  # as long as nobody uses it
    policy.get_by_label("Target for inflation").fill("6")
    promised, came = run(policy, YEARS, 60)
    assert promised < 3.5 and came > 4.7
    policy.get_by_role("button", name="Fit again to the last 30 years").click()
    promised, came = run(policy, YEARS, 60)
    assert abs(promised - came) < 0.4
    pick(policy, "The bank believes", "that people expect the target")
    policy.get_by_role("button", name="Let the bank choose").click()
    assert run(policy, "return game.target()") == 0
    policy.get_by_role("button", name="Reset").click()
    assert run(policy, "return [game.target(), game.years().length]") == [2, 0]


def test_people_who_learn_slowly_are_surprised_at_first(policy):
    pick(policy, "People", "learn slowly")
    policy.get_by_label("Target for inflation").fill("8")
    assert run(policy, YEARS, 2)[1] < 3.7
    run(policy, YEARS, 30)
    assert run(policy, YEARS, 40)[1] > 4.6


def test_the_target_is_set_by_key_and_by_pointer(policy):
    policy.focus(".wm-player-field")
    policy.keyboard.press("ArrowUp")
    assert run(policy, "return game.target()") == 2.5
    box = policy.locator("canvas").first.bounding_box()
    policy.mouse.click(box["x"] + 0.55 * box["width"], box["y"] + 0.5 * box["height"])
    assert 3.5 < run(policy, "return game.target()") < 5.5
    assert policy.get_by_label("Target for inflation").get_attribute("aria-valuetext").endswith("%")
    policy.keyboard.press(" ")
    policy.wait_for_function(f"{PLAYER}.game.years().length > 1")
    policy.keyboard.press(" ")
    assert not run(policy, "return stage.running()") and policy.wrong == []


def test_the_axes_hold_every_year(policy):
    """People who learn slowly, and a target that goes from 0 to 10 and back."""
    pick(policy, "People", "learn slowly")
    for target in (10, 0):
        policy.get_by_label("Target for inflation").fill(str(target))
        run(policy, YEARS, 25)
        unemployment = run(policy, "return game.years().map((y) => y.unemployment)")
        code = """const canvas = document.querySelector("canvas"), pen = canvas.getContext("2d"), at = [], { arc } = pen;
          pen.arc = function (x, y, ...rest) { at.push([x, y]); return arc.call(this, x, y, ...rest); };
          stage.redraw(); delete pen.arc; return at;"""
        x, y = np.array(run(policy, code)).T
        assert x.min() >= 42 and x.max() <= 408 and y.min() >= 34 and y.max() <= 302
        assert len(np.unique(y.round(6))) > 0.9 * len(y)  # none was moved to the edge
    assert max(unemployment) > 9  # more than the axis shows at first


def test_a_message_goes_with_the_policy_that_it_was_about(policy):
    run(policy, YEARS, 10)
    policy.wait_for_function(
        "/Ten years at 2/.test(document.querySelector('.wm-player-says').textContent)"
    )
    policy.get_by_label("Target for inflation").fill("6")
    assert policy.inner_text(".wm-player-says") == ""
    came = run(policy, YEARS, 7)[1]
    assert f"{came:.1f} % came (mean of 7 years)" in policy.inner_text(".wm-player-score")


# --- both ---


@pytest.mark.parametrize("player", [REACH, POLICY], ids=["reach", "policy"])
def test_it_fits_a_phone(both, texts, player):
    page = shown(both, player, texts[player.name])
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 and page.wrong == []
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("player", [REACH, POLICY], ids=["reach", "policy"])
def test_damaged_weights_are_told_in_the_player(both, texts, player):
    text = texts[player.name][player.name]
    at = text.index('"data":"') + 9
    damaged = text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :]
    page = shown(both, player, {player.name: damaged})
    assert "damaged" in page.inner_text(".wm-player-error")


def test_a_readers_own_hand_goes_on_with_what_it_has_learned(both):
    """The last cell of the notebook: thrown off at once when the robot is away, and straight with it."""
    mine = Reacher()
    for k in range(100):
        mine.reach(Hand(Hand.FIELD_1994), k % 4 * np.pi / 2)
    page = shown(both, REACH, pack_reach(mine))
    assert np.abs(np.array(run(page, "return game.hand().field")) - mine.field).max() < 1e-12
    assert float(page.get_attribute(".wm-player", "data-check")) < 1e-9
    practise = "for (let n = game.errors().length + 1; game.errors().length < n; ) game.step()"
    run(page, "game.toggle()")
    run(page, practise)
    assert abs(errors(page)[-1]) < 0.7
    run(page, "game.toggle()")
    run(page, practise)
    assert errors(page)[-1] < -1
    pick(page, "Hand", "learns")
    assert run(page, "return game.hand().field") == [[0, 0], [0, 0]]
    with pytest.raises(TypeError, match="the page runs Reacher, got Rote"):
        pack_reach(Rote())
