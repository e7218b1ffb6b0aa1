"""The front page's player: gymnasium's cart, torch's dreams, and a person can play it."""

import gymnasium
import numpy as np
import pytest
import torch
from boards import PLAYER, run
from browser import opened

from wmlib.models import NeuralDynamics
from wmlib.players.dynamics import dream, pack_dynamics
from wmlib.players.front import FRONT
from wmlib.players.gallery import stage_page
from wmlib.players.weights import rounded
from wmlib.worlds import CartPole


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("front"), stage_page(FRONT)) as page:
        page.wait_for_selector("[data-ready]")
        yield page
        assert page.wrong == []


def choose(page, mode):
    page.check(f"input[value={mode}]", force=True)


def test_it_begins_with_futures_and_a_cart_that_stands(page):
    assert run(page, "return game.agent.mode") == "imagine"
    assert run(page, "return game.agent.thought.futures.length") == 24
    page.wait_for_timeout(1000)
    assert run(page, "return game.agent.steps") > 10 and not run(
        page, "return game.agent.fallenFor"
    )
    assert float(page.locator(".wm-player").get_attribute("data-check")) < 1e-3


def test_a_new_model_dreams_in_the_page_what_it_dreams_in_torch(page):
    model = NeuralDynamics(4, CartPole.act_space, hidden=16, inputs=[1, 2, 3], seed=4)
    for norm, scale in ((model.norm_in, 0.2), (model.norm_out, 1e-2)):
        norm.fit(scale * (1 + torch.randn(50, len(norm.mean))))
    page.evaluate(pack_dynamics("fresh", model))
    rounded(model.net)
    fresh = dream(model, steps=20, seed=9)
    said = run(
        page,
        "const m = WM.dynamics('fresh'); let s = given[0]; return given[1].map((a) => (s = m.imagine(s, a)))",
        fresh["obs"].tolist(),
        fresh["act"].tolist(),
    )
    assert np.abs(np.array(said) - fresh["states"].numpy()).max() < 1e-4
    assert page.evaluate("WM.dynamics('fresh').worst()") < 1e-4


def test_its_reality_is_gymnasiums(page):
    env = gymnasium.make("CartPole-v1").unwrapped
    env.reset(seed=3)
    rng, mine, states = np.random.default_rng(3), [float(x) for x in env.state], []
    actions = rng.integers(2, size=200).tolist()
    for action in actions:
        env.steps_beyond_terminated = None
        env.step(action)
        states.append(np.array(env.state, float))
    said = run(
        page,
        "let s = given[0]; return given[1].map((a) => (s = WM.worlds.cartpole.step(s, a)))",
        mine,
        actions,
    )
    np.testing.assert_allclose(said, states, rtol=1e-6)


def test_imagination_stands_a_reflex_falls_and_a_dream_drifts(page):
    stands = {
        mode: [page.evaluate(f"WM.stands('{mode}', 12, {seed})[0]") for seed in (11, 12, 13)]
        for mode in ("imagine", "react", "dream")
    }
    assert min(stands["imagine"]) > 11.9
    assert max(stands["react"]) < 2
    assert all(0.5 < seconds < 10 for seconds in stands["dream"])


def test_to_look_too_near_or_too_far_costs(page):
    """Sent one metre to the right: where the cart is after eight seconds, if it still stands."""

    def outcome(ahead):
        return [page.evaluate(f"WM.stands('imagine', 16, {seed}, {ahead}, 1)") for seed in range(3)]

    fine = outcome(5)
    assert all(s > 15.9 and abs(x[0] - 1) < 0.5 for s, x in fine)
    for ahead in (2, 10):
        assert sum(s < 15.9 for s, _ in outcome(ahead)) >= 2


def notes(page):
    """The number beside the name of each mode."""
    return dict(
        page.evaluate(
            "() => [...document.querySelectorAll('.wm-player-modes label')].map((line) =>"
            " [line.querySelector('input').value, line.querySelector('b').textContent])"
        )
    )


def steps(page, n):
    run(page, "for (let k = 0; k < given[0]; k++) game.step(); stage.redraw();", n)


def test_a_record_belongs_to_the_settings_with_which_it_was_made(page):
    choose(page, "imagine")
    run(page, "stage.pause(); game.reset()")
    slider = page.get_by_label("Look ahead")
    slider.fill("6")
    steps(page, 30)
    assert notes(page)["imagine"] == "0.6 s"
    slider.fill("7")
    assert notes(page)["imagine"] == "0.0 s"
    steps(page, 10)
    assert notes(page)["imagine"] == "0.2 s"  # it stands for longer, not with this look
    page.get_by_label("Be here").fill("0.3")
    assert notes(page)["imagine"] == "0.0 s"
    page.get_by_label("Be here").fill("0")
    slider.fill("6")
    assert notes(page)["imagine"] == "0.6 s"
    slider.fill("5")


def test_a_record_is_no_readers(page):
    choose(page, "react")
    run(page, "stage.pause(); game.reset(); game.agent.real = [0, 0, 0, 0]")
    before = notes(page)["react"]
    for _ in range(80):  # held up by pushes, long after it would have fallen
        side = run(
            page, "const [, , lean, turn] = game.agent.real; return lean + turn > 0 ? -1 : 1"
        )
        run(page, "game.agent.push(given[0])", side)
        steps(page, 1)
    assert run(page, "return game.agent.fallenFor") == 0
    assert float(notes(page)["react"][:-2]) <= max(0.02, float(before[:-2]))
    choose(page, "imagine")


def test_it_says_which_clock_it_counts_by(page):
    choose(page, "react")
    run(page, "stage.pause(); game.reset()")
    steps(page, 10)
    score = page.locator(".wm-player-score")
    assert score.inner_text().startswith(
        "Standing for 0.2 s of the cart’s time, shown at half its speed."
    )
    choose(page, "you")
    run(page, "stage.pause(); game.reset(); stage.pressed.add('right'); stage.held.add('right')")
    steps(page, 1)
    assert "a quarter of its speed" in score.inner_text()
    while not run(page, "return game.agent.fallenFor"):
        steps(page, 1)
    count = run(page, "stage.held.clear(); stage.pressed.clear(); return game.agent.steps")
    page.wait_for_function(
        "words => document.querySelector('.wm-player-says').textContent === words",
        arg=f"You kept it up for {0.02 * count:.1f} seconds of its time, {0.08 * count:.1f} of yours.",
    )
    choose(page, "imagine")


def test_a_planner_that_falls_says_what_it_had_compared(page):
    choose(page, "imagine")
    goal = page.get_by_label("Be here")
    for place, more in (("1.8", " Near an end of the track that happens more often."), ("0", "")):
        run(page, "stage.pause(); game.reset(); stage.say('')")
        goal.fill(place)
        run(page, "game.agent.real = [2.39, 1, 0, 0]; game.step()")
        said = "It ran off the track after 0.0 s: 24 futures of 0.20 s were not enough." + more
        assert page.inner_text(".wm-player-says") == said
    run(
        page,
        "stage.say(''); game.reset(); stage.say(''); game.agent.real = [0, 0, 0.208, 2]; game.step()",
    )
    assert page.inner_text(".wm-player-says").startswith("The pole fell after 0.0 s: 24 futures")


def test_a_fall_after_a_readers_push_is_not_laid_to_the_futures(page):
    choose(page, "imagine")
    run(
        page,
        "stage.pause(); game.reset(); stage.say(''); game.step(); game.agent.push(1); game.step()",
    )
    run(page, "game.agent.real = [0, 0, 0.208, 2]; game.step()")
    said = "The pole fell after 0.1 s, 0.0 s after your last push or change."
    assert page.inner_text(".wm-player-says") == said


def test_the_picture_says_how_much_wider_than_it_is_the_plume_is_drawn(page):
    choose(page, "imagine")
    code = """stage.pause(); game.reset(); const { fillText } = CanvasRenderingContext2D.prototype, { plume } = WM.scenes, seen = [];
      let wider; WM.scenes.plume = (...all) => { wider = all[1].wider; return plume(...all); };
      CanvasRenderingContext2D.prototype.fillText = function (words, ...at) { seen.push(words); return fillText.call(this, words, ...at); };
      game.agent.set("ahead", given[0]); stage.redraw();
      Object.assign(CanvasRenderingContext2D.prototype, { fillText }); WM.scenes.plume = plume; return [wider, seen];"""
    for ahead in (5, 10):
        wider, seen = run(page, code, ahead)
        assert wider > 1 and f"sideways ×{wider:.1f}" in seen
    run(page, "game.agent.set('ahead', 5)")


def test_it_is_played_by_keys_and_by_pointer(page):
    choose(page, "imagine")
    run(page, "stage.pause(); game.reset()")
    before = run(page, "return game.agent.real[3]")
    page.locator(".wm-player-field").focus()
    page.keyboard.press("ArrowRight")
    assert run(page, "return game.agent.real[3]") == pytest.approx(before + 0.5)
    page.get_by_role("button", name="push left").click()
    assert run(page, "return game.agent.real[3]") == pytest.approx(before)
    page.get_by_role("button", name="Step").click()
    assert run(page, "return game.agent.steps") == 1
    page.keyboard.press("Tab")  # space on a button presses the button; on the field it plays
    page.locator(".wm-player-field").focus()
    page.keyboard.press(" ")
    assert run(page, "return stage.running()")
    page.keyboard.press(" ")
    assert not run(page, "return stage.running()")
    box = page.locator("canvas").bounding_box()
    page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 0.8 * box["height"])
    assert run(page, "return game.agent.goal") > 0.4
    page.get_by_label("Look ahead").focus()
    page.keyboard.press("Home")
    assert run(page, "return game.agent.thought.futures.length") == 60
    page.keyboard.press("End")
    assert run(page, "return game.agent.thought.futures.length") == 12
    page.get_by_role("button", name="Reset").click()
    assert run(page, "return game.agent.steps") == 0


def test_arrowing_to_you_keeps_the_focus_and_a_click_hands_it_on(page):
    on_the_field = "document.activeElement.className === 'wm-player-field'"
    choose(page, "dream")
    page.wait_for_function(on_the_field)
    choose(page, "dream")  # chosen already: nothing changes, and the keys must not be taken for it
    page.focus("input[value=dream]")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(50)
    assert page.evaluate("document.activeElement.value") == "you"
    assert run(page, "return game.agent.waits && stage.running()")
    page.locator(".wm-player-modes label", has_text="Imagine").click()
    page.wait_for_function(on_the_field)


# What a person does: sees the cart, and presses a key a quarter of a second later.
PERSON = """() => new Promise((done) => {
  const { game } = document.querySelector('.wm-player').wmPlayer, field = document.querySelector('.wm-player-field');
  const key = (type, key) => field.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true }));
  let down = null, fell = false, over = false;
  const want = (next) => {
    if (next === down) return;
    if (down) key('keyup', down);
    if (next) key('keydown', next);
    down = next;
  };
  const clock = setInterval(() => {
    fell = fell || game.agent.fallenFor > 0;
    const [x, xDot, angle, angleDot] = game.agent.real;
    const lean = angle + 0.35 * angleDot + 0.05 * x + 0.1 * xDot;
    const next = game.agent.waits ? 'ArrowRight' : lean > 0.015 ? 'ArrowRight' : lean < -0.015 ? 'ArrowLeft' : null;
    setTimeout(() => { if (!over) want(next); }, 250);
  }, 30);
  setTimeout(() => { clearInterval(clock); want(null); over = true; done([fell, game.agent.steps]); }, 10000);
})"""


@pytest.mark.slow
def test_a_player_with_a_delay_of_250_ms_survives_ten_seconds(page):
    choose(page, "you")
    fell, steps = page.evaluate(PERSON)
    assert not fell and steps > 80
    choose(page, "imagine")


def test_who_does_nothing_as_you_waits_and_who_pushes_one_way_falls(page):
    choose(page, "you")
    page.wait_for_timeout(300)
    assert run(page, "return game.agent.steps") == 0
    page.locator(".wm-player-field").focus()
    page.keyboard.down("ArrowRight")
    page.wait_for_function(f"{PLAYER}.game.agent.fallenFor > 0", timeout=8000)
    page.keyboard.up("ArrowRight")
    page.wait_for_function(
        "/You kept it up for/.test(document.querySelector('.wm-player-says').textContent)"
    )


def test_it_fits_a_phone_and_stands_still_where_motion_is_unwanted(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    page.reload()
    page.wait_for_selector("[data-ready]")
    page.wait_for_timeout(300)
    assert not run(page, "return stage.running()") and run(page, "return game.agent.steps") == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    fill = "(n) => getComputedStyle(document.querySelector(`input[value=${n}] + span`)).backgroundColor"
    assert page.evaluate(fill, "imagine") != page.evaluate(fill, "react")


def test_damaged_weights_are_named(page, tmp_path):
    text = FRONT.weights()["front"]
    at = text.index('"data":"') + 12
    broken = {"front": text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]}
    (tmp_path / "page.html").write_text(stage_page(FRONT, broken), encoding="utf8")
    page.goto((tmp_path / "page.html").as_uri())
    assert "damaged" in page.locator(".wm-player-error").inner_text()
