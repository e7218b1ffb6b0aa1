"""Controls: live in a kernel, and the same output works in a page without one."""

import base64
import gzip
import io
import json
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from browser import opened

from wmlib import widgets
from wmlib.figures import plots, scenes
from wmlib.figures.display import picture_html
from wmlib.widgets import VIEW, explore, progress, stored_face

ALT = "The pole leans further to the right at every step."


def draw(step, role="real"):
    return scenes.cartpole([step / 10, 0, step / 20, 0], role)


def stored(html):
    """The pictures packed into a stored face."""
    return unpacked(html)["pictures"]


def unpacked(html):
    packed = re.search(r'class="wm-data">([^<]+)<', html)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.fixture
def shown(monkeypatch):
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: bundles.append(data))
    return bundles


def test_the_stored_face_holds_a_picture_for_every_combination():
    html = stored_face(draw, {"step": [0, 2, 4], "role": ["real", "imagined"]}, ALT)
    pictures = stored(html)
    assert len(pictures) == 6
    expected = picture_html(draw(4, "imagined"), f"{ALT} (step 4, role imagined.)")
    assert pictures[5] == expected and pictures[0] in html


def test_the_stored_face_is_the_same_each_time():
    assert stored_face(draw, {"step": [0, 2]}, ALT) == stored_face(draw, {"step": [0, 2]}, ALT)


def test_without_a_kernel_there_is_the_stored_face_alone(shown):
    explore(draw, step=[0, 2], alt=ALT)
    assert set(shown[0]) == {"text/html", "text/plain"} and shown[0]["text/plain"] == ALT


def test_a_live_control_carries_its_stored_face_in_the_same_output(shown, monkeypatch):
    monkeypatch.setattr(widgets, "wants_widget", lambda: True)
    explore(draw, step=[0, 2], alt=ALT)
    (bundle,) = shown
    assert set(bundle) == {"text/html", "text/plain", VIEW}
    assert bundle[VIEW]["version_major"] == 2 and bundle[VIEW]["model_id"]
    assert len(stored(bundle["text/html"])) == 2


def test_a_live_control_draws_anew_and_reports_errors():
    drawn = []

    def fragile(step):
        drawn.append(step)
        if step == 7:
            raise ValueError("no such <step>")
        return draw(step)

    box = widgets._live(fragile, {"step": [0, 5, 7]}, ALT, "")
    slider, stage = box.children
    slider.value = 5
    assert drawn == [0, 5] and "<img" in stage.value
    slider.value = 7
    assert "no such &lt;step&gt;" in stage.value


def test_a_live_control_offers_what_it_was_given_under_the_name_that_it_was_given():
    drawn = []

    def named(**values):
        drawn.append(values)
        return draw(0)

    box = widgets._live(
        named, {"pole_angle": [0.5, 2], "role": ["real", "imagined"]}, ALT, "<i>So</i>."
    )
    slider, choice, stage = box.children
    assert type(slider).__name__ == "SelectionSlider" and type(choice).__name__ == "Dropdown"
    assert slider.options == (("0.5", 0.5), ("2", 2))
    assert choice.options == (("real", "real"), ("imagined", "imagined"))
    assert (slider.description, choice.description) == ("pole angle", "role")
    assert {each.style.description_width for each in (slider, choice)} == {"initial"}
    choice.value = "imagined"
    assert drawn == [{"pole_angle": 0.5, "role": "real"}, {"pole_angle": 0.5, "role": "imagined"}]
    assert ALT in stage.value and "<i>So</i>." in stage.value


def test_a_live_control_may_offer_finer_steps_than_those_stored(shown, monkeypatch):
    lived = []
    monkeypatch.setattr(widgets, "wants_widget", lambda: True)
    live = widgets._live
    monkeypatch.setattr(widgets, "_live", lambda *args: lived.append(args) or live(*args))
    explore(draw, step=[0, 2], role=["real"], live={"step": [0, 1, 2]}, alt=ALT, caption="So.")
    assert lived == [(draw, {"step": [0, 1, 2], "role": ["real"]}, ALT, "So.")]
    assert len(stored(shown[0]["text/html"])) == 2 and "So." in shown[0]["text/html"]


class Kernel:
    kernel = object()


@pytest.mark.parametrize("shell, sits", [(Kernel(), True), (object(), False), (None, False)])
def test_a_kernel_is_a_shell_that_has_one(monkeypatch, shell, sits):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert widgets._in_kernel() == widgets.wants_widget() == sits
    monkeypatch.delitem(sys.modules, "IPython")
    assert not widgets._in_kernel()


def test_a_slow_picture_waits_until_the_slider_is_let_go(monkeypatch):
    for seconds, follows in ((0.0, True), (0.4, False)):
        clock = iter(np.arange(100) * seconds)  # each drawing takes so long
        monkeypatch.setattr(widgets.time, "perf_counter", lambda clock=clock: next(clock))
        slider, _ = widgets._live(draw, {"step": [0, 5, 7]}, ALT, "").children
        assert slider.continuous_update == follows


def test_numbers_make_a_slider_and_words_a_choice():
    html = stored_face(draw, {"step": [0, 2], "role": ["real", "imagined"]}, ALT)
    assert unpacked(html)["controls"] == [
        {"name": "step", "slider": True, "texts": ["0", "2"]},
        {"name": "role", "slider": False, "texts": ["real", "imagined"]},
    ]


@pytest.mark.parametrize("variable", ["WMLIB_TEST", "WMLIB_STATIC"])
def test_notebooks_run_for_the_book_make_no_live_control(variable, monkeypatch):
    monkeypatch.setattr(widgets, "_in_kernel", lambda: True)
    for name in ("WMLIB_TEST", "WMLIB_STATIC"):
        monkeypatch.delenv(name, raising=False)
    assert widgets.wants_widget()
    monkeypatch.setenv(variable, "1")
    assert not widgets.wants_widget()


@pytest.mark.parametrize(
    "controls, message",
    [
        ({}, "needs a control"),
        ({"step": []}, "'step' has no values"),
        ({"step": range(61)}, r"61 pictures \(61 step\); the limit is 60"),
        ({"step": range(8), "role": range(8)}, r"8 step x 8 role"),
    ],
)
def test_too_much_or_too_little_to_store_is_refused(controls, message):
    with pytest.raises(ValueError, match=message):
        stored_face(draw, controls, ALT)


def test_pictures_too_heavy_to_store_are_refused(monkeypatch):
    monkeypatch.setattr(widgets, "MOST_BYTES", 2000)
    with pytest.raises(ValueError, match="would store . KB for 3 pictures; the limit is 2 KB"):
        stored_face(draw, {"step": [0, 1, 2]}, ALT)


def test_an_alt_text_is_required():
    with pytest.raises(ValueError, match="full sentence"):
        explore(draw, step=[0, 1], alt="pole")


@pytest.mark.slow
def test_the_slider_of_the_stored_face_changes_the_picture(tmp_path):
    def curve(height, shade):
        return plots.curves({shade: [0, height]})

    html = stored_face(curve, {"height": [1, 2, 3], "shade": ["one", "two"]}, ALT)
    with opened(tmp_path, html) as page:
        page.locator(".wm-controls input").wait_for()
        page.locator("input").fill("2")
        page.locator("select").select_option("two")
        assert page.get_by_role("img", name="height 3, shade two").count() == 1
        assert page.locator("output").inner_text() == "3" and page.wrong == []


# ----------------------------------------------------------------------------------- progress


class Terminal(io.StringIO):
    """A terminal that somebody looks at."""

    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def as_a_reader_has_it(monkeypatch):
    for name in ("WMLIB_STATIC", "WMLIB_TEST"):
        monkeypatch.delenv(name, raising=False)


def test_progress_goes_through_everything_and_prints_nothing_when_nobody_looks(capsys):
    assert list(progress(range(5), "training")) == [0, 1, 2, 3, 4]
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_progress_says_what_is_being_done_and_of_how_many(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert list(progress(iter("abc"), "training", total=3)) == ["a", "b", "c"]
    assert "training" in terminal.getvalue() and "/3" in terminal.getvalue()


@pytest.mark.parametrize("name", ["WMLIB_STATIC", "WMLIB_TEST"])
def test_progress_is_silent_where_notebooks_are_run_for_the_book(monkeypatch, name):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv(name, "1")
    assert list(progress(range(3))) == [0, 1, 2]
    assert terminal.getvalue() == ""


def test_progress_leaves_nothing_behind_even_when_stopped(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    for k in progress(range(100), "training"):
        if k == 3:
            break
    *before, wiped, after = terminal.getvalue().split("\r")
    assert "training" in "".join(before) and not wiped.strip() and after == ""
