"""The stage of the players: controls, keys, what is said, and what a reader sees where it fails."""

from pathlib import Path

import pytest
from browser import opened

from wmlib.players.gallery import Player, stage_page
from wmlib.players.own import play
from wmlib.players.weights import pack

SCRIPT = """
WM.player("dot", { title: "A dot", keys: { ArrowRight: "right" }, weights: ["dot"],
  create(stage) {
    const screen = stage.canvas({ width: 100, height: 50, label: "a dot", kind: "real" });
    const { tensors } = WM.weights("dot");
    let x = 0, steps = 0, last = "";
    stage.pads([["right", "→", "push right"]]);
    stage.slider("size", { min: 1, max: 9, step: 1, value: 3, says: (v) => v + " m" }, (v) => { last = v; });
    stage.choice("who", [["you", "you"], [7, "a rule"]], (v) => { last = v; });
    return {
      dt: 0.02,
      reset() { x = steps = 0; stage.score("0"); },
      say: stage.say, best: stage.best(),
      step() { steps++; if (stage.key("right")) x++; if (x === 900) throw new Error("off the edge"); stage.score(x + " " + steps); stage.say("step " + steps); },
      draw() { screen.clear(); },
      press(key) { last = key; },
      verify: () => Math.abs(tensors.w.data[0] - 1.5),
      get last() { return last; }, set x(v) { x = v; }, get x() { return x; },
    };
  } });
"""


@pytest.fixture
def dot(tmp_path):
    script = tmp_path / "dot.js"
    script.write_text(SCRIPT, encoding="utf8")
    return Player("dot", "A dot", script, lambda: {"dot": pack("dot", {"w": [1.5]})})


def on_stage(tmp_path, player, **options):
    weights = options.pop("weights", None)
    page = stage_page(player, weights)
    return opened(tmp_path, page.split("<body>")[1].split("</body>")[0], **options)


def game(page, what):
    return page.evaluate(f"document.querySelector('.wm-player').wmPlayer.game.{what}")


def test_play_pause_and_reset(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        button = page.get_by_role("button", name="Play", exact=True)
        button.click()
        page.wait_for_function("document.querySelector('.wm-player-score').textContent > '0 2'")
        page.get_by_role("button", name="Pause").click()
        stood = page.locator(".wm-player-score").text_content()
        page.wait_for_timeout(100)
        assert page.locator(".wm-player-score").text_content() == stood
        page.get_by_role("button", name="Reset").click()
        assert page.locator(".wm-player-score").text_content() == "0"
        assert page.wrong == []


def test_a_key_that_is_touched_between_two_steps_counts_once(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        page.locator(".wm-player-field").focus()
        page.keyboard.press(" ")
        page.evaluate(
            "() => { for (const kind of ['keydown', 'keyup']) document.activeElement.dispatchEvent("
            "new KeyboardEvent(kind, {key: 'ArrowRight', bubbles: true})) }"
        )
        page.wait_for_function("document.querySelector('.wm-player-score').textContent > '1 3'")
        assert game(page, "x") == 1 and game(page, "last") == "right"


def test_a_touch_from_the_pause_is_none_for_the_first_step(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        page.locator(".wm-player-field").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press(" ")
        page.wait_for_function("document.querySelector('.wm-player-score').textContent > '0 3'")
        assert game(page, "x") == 0


def test_a_pad_is_held_by_pointer_and_by_key(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        page.get_by_role("button", name="Play", exact=True).click()
        pad = page.get_by_role("button", name="push right")
        box = pad.bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.down()
        page.wait_for_function("document.querySelector('.wm-player').wmPlayer.game.x > 3")
        page.mouse.up()
        before = game(page, "x")
        pad.focus()
        page.keyboard.down("Enter")
        page.wait_for_function(
            f"document.querySelector('.wm-player').wmPlayer.game.x > {before + 3}"
        )
        page.keyboard.up("Enter")


def test_controls_hand_on_their_values_and_say_them(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        page.get_by_role("slider").fill("7")
        assert game(page, "last") == 7
        assert page.get_by_role("slider").get_attribute("aria-valuetext") == "7 m"
        page.get_by_role("combobox").select_option("a rule")
        assert game(page, "last") == 7


def test_a_screen_reader_is_told_at_most_once_in_three_seconds(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        page.evaluate(
            "window.told = 0; new MutationObserver(() => told++).observe("
            "document.querySelector('.wm-player-says'), {childList: true})"
        )
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(1500)
        assert page.evaluate("told") <= 1


def test_reset_takes_away_what_was_said_and_what_was_still_to_be_said(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        said = page.locator(".wm-player-says")
        page.evaluate(
            "const { say } = document.querySelector('.wm-player').wmPlayer.game; say('it fell'); say('it fell again')"
        )
        assert said.text_content() == "it fell"
        page.get_by_role("button", name="Reset").click()
        assert said.text_content() == ""
        page.wait_for_timeout(3300)  # as long as the second message had to wait
        assert said.text_content() == ""
        page.evaluate("document.querySelector('.wm-player').wmPlayer.game.say('anew')")
        assert said.text_content() == "anew"


def test_who_stops_before_the_end_has_a_score_and_it_says_so(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        code = """() => { const { best } = document.querySelector(".wm-player").wmPlayer.game, told = [];
          for (const given of [[1], [12], [9, true], [30, true], [30], [41]]) told.push([best.count(...given), best.words("steps")]);
          return told }"""
        assert page.evaluate(code) == [
            [True, "1 step"],
            [True, "12 steps"],
            [False, "12 steps"],
            [True, "30 steps (stopped)"],
            [False, "30 steps (stopped)"],
            [True, "41 steps"],
        ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_can_be_seen_in_forced_colours_whatever_the_page_s_own_scheme(
    tmp_path, dot, scheme
):
    """The system is black on white, or the other way round; the page believes the opposite."""
    page_ink = {"light": "#fff", "dark": "#000"}[scheme]
    page = stage_page(dot)
    style = page.split("<style>")[1].split("</style>")[0]
    body = page.split("<body>")[1].split("</body>")[0]
    head = f"<style>{style} html {{ --wm-ink: {page_ink} !important }}</style>"
    with opened(tmp_path, body, head=head) as page:
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        drawn = """(key) => { const { stage } = document.querySelector(".wm-player").wmPlayer;
          const screen = stage.canvas({ width: 9, height: 9, label: "" }), { pen } = screen; screen.fit();
          pen.fillStyle = screen.ink[key]; pen.fillRect(0, 0, 9, 9); return pen.getImageData(3, 3, 1, 1).data[0]; }"""
        text, paper = page.evaluate(drawn, "text"), page.evaluate(drawn, "paper")
        assert abs(text - paper) > 200 and (text > paper) == (scheme == "dark")


def test_an_error_in_play_is_shown_in_the_player_and_stops_it(tmp_path, dot):
    with on_stage(tmp_path, dot) as page:
        game(page, "x = 899")
        page.locator(".wm-player-field").focus()
        page.keyboard.down("ArrowRight")
        page.keyboard.press(" ")
        page.get_by_role("alert").wait_for()
        assert page.get_by_role("alert").text_content() == "off the edge"
        assert page.get_by_role("button", name="Play", exact=True).is_visible()


@pytest.mark.parametrize(
    "weights, message",
    [
        ({}, "did not load"),
        ({"dot": pack("dot", {"w": [1.25]})}, "computes something else"),
        ({"dot": pack("dot", {"w": [1.5]}).replace('"data":"AD', '"data":"AE')}, "damaged"),
    ],
    ids=["missing", "other numbers", "tampered"],
)
def test_wrong_weights_are_told_in_the_player(tmp_path, dot, weights, message):
    with on_stage(tmp_path, dot, weights=weights) as page:
        assert message in page.get_by_role("alert").text_content()
        assert page.wrong == []


def test_own_weights_make_one_file_and_a_frame(tmp_path, dot, capsys):
    path = tmp_path / "own.html"
    play(dot, {"dot": pack("dot", {"w": [1.5]})}, path)
    assert "plays in any browser" in capsys.readouterr().out
    assert "http" not in path.read_text(encoding="utf8").replace("http-equiv", "")
    with pytest.raises(ValueError, match="needs the weights"):
        play(dot, {}, Path(path))
