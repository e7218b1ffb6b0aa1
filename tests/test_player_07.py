"""Chapter 7's player: RSSM, actor and pictures in the page are wmlib's; its eyes close, and keys take over."""

import numpy as np
import pytest
import torch
from boards import NODE, plain, run
from browser import opened

from wmlib.course.ch07_dreamer import players
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.study import WEIGHTS
from wmlib.learning.dreamer import Dreamer
from wmlib.players.gallery import stage_page

TEXT = players.shipped()["dreamer"]


@pytest.fixture(scope="module")
def opened_page(tmp_path_factory):
    html = stage_page(players.DREAMER, {"dreamer": TEXT})
    html = html.replace("<script>WM.mount", f"<script>{NODE}.dataset.seed = 3; WM.mount")
    with opened(tmp_path_factory.mktemp("seven"), html) as page:
        yield page


@pytest.fixture
def page(opened_page):
    """The player stands still, at its beginning; nothing went wrong in the test."""
    opened_page.set_viewport_size({"width": 1280, "height": 900})
    run(
        opened_page,
        "player.pause(); player.stage.pressed.clear(); game.reset(); player.stage.say('');"
        "for (const one of Object.values(game.state().best)) Object.assign(one, { value: 0, stopped: false }); player.stage.redraw()",
    )
    yield opened_page
    assert not opened_page.wrong


def state(page, key):
    return run(page, f"return game.state().{key}")


def test_twenty_steps_are_torchs(page):
    assert float(page.locator(".wm-player").get_attribute("data-check")) <= 1e-3
    learner, world = Dreamer(PixelCartPole()).import_weights(WEIGHTS), PixelCartPole()
    check = plain(players.check_steps(learner.model, learner.ema.actor, world, seed=123))
    code = "return WM.finish(WM.checkRSSM(game.model, given[0], game.picture))"
    assert run(page, code, check) <= 1e-3
    check["steps"][12]["noise"] = [1 - u for u in check["steps"][12]["noise"]]
    assert run(page, code, check) > 1e-3


def test_without_noise_it_takes_the_likeliest_as_the_agent_does(page):
    """The shipped agent's own choices in 60 steps of the true world, and 20 in the dark."""
    learner, world = Dreamer(PixelCartPole()).import_weights(WEIGHTS), PixelCartPole()
    model, true, wanted = learner.model, world.initial(1, np.random.default_rng(4)), []
    first = true[0].tolist()
    with torch.inference_mode():
        latent = model.start(world.obs(true))
        for t in range(80):
            action = learner.ema.act(model.feat(latent))
            wanted.append(int(action[0]))
            true = world.step(true, action.numpy())[0]
            latent = (
                model.observe(latent, action, world.obs(true))
                if t < 60
                else model.step(latent, action).state
            )
    code = (
        "let s = given[0], latent = game.model.start(game.picture(s)); return Array.from({length: 80}, (_, t) => {"
        "const a = WM.layers.argmax(game.model.actor(latent)); s = WM.worlds.cartpole.step(s, a);"
        "latent = t < 60 ? game.model.observe(latent, a, game.picture(s)) : game.model.step(latent, a); return a })"
    )
    assert run(page, code, first) == wanted and len(set(wanted)) == 2


def test_a_readers_own_learner_fits_the_player(page):
    text = players.pack_dreamer(Dreamer(PixelCartPole(), seed=3))["dreamer"]
    page.evaluate(text)
    code = "const file = WM.weights('dreamer'); return WM.finish(WM.checkRSSM(WM.rssm(file), file.check, game.picture))"
    worst = run(page, code)
    page.evaluate(TEXT)
    assert worst <= 1e-3


def test_pictures_are_wmlibs(page):
    rng = np.random.default_rng(0)
    states = rng.uniform([-2.6, -1, -0.3, -1], [2.6, 1, 0.3, 1], (200, 4))
    code = "return given[0].map((s) => Array.from(game.picture(s)))"
    ours = np.rint(255 * np.array(run(page, code, states.tolist())))
    off = np.abs(ours - PixelCartPole().obs(states).reshape(200, -1).astype(float))
    assert off.max() <= 1 and (off > 0).mean() < 1e-3  # rounding: one level, in few pixels


def test_the_carts_physics_is_wmlibs(page):
    world, rng = PixelCartPole(), np.random.default_rng(1)
    true = world.initial(1, rng)
    actions, wanted = rng.integers(2, size=200).tolist(), []
    first = true[0].tolist()
    for action in actions:
        true, _, over = world.step(true, np.array([action]))
        wanted.append([*true[0], bool(over[0])])
    code = (
        "let s = given[0]; const { step, fallen } = WM.worlds.cartpole;"
        "return given[1].map((a) => { s = step(s, a); return [...s, fallen(s)] })"
    )
    ours = run(page, code, first, actions)
    assert np.allclose([one[:4] for one in ours], [one[:4] for one in wanted])
    assert [one[4] for one in ours] == [one[4] for one in wanted]


# --- played ------------------------------------------------------------------------------------


def test_it_balances_with_open_eyes_and_falls_in_the_dark(page):
    assert not run(page, "for (let i = 0; i < 150; i++) game.step(); return game.state().over")
    page.get_by_text("Close the eyes").click()
    held = run(
        page, "while (!game.state().over) game.step(); player.stage.redraw(); return game.state().held"
    )  # fmt: skip
    assert 5 < held < 400
    assert f"Dreamer {held} steps" in page.locator(".wm-player-score").text_content()
    assert run(page, "game.step(); return game.state().blind") == held + 2  # the dream goes on
    assert "imagined" in page.locator(".imagined p").text_content()
    page.get_by_text("Open the eyes").click()
    assert [state(page, key) for key in ("over", "blind", "steps")] == [False, None, 0]


def test_open_eyes_take_up_the_dreams_memory(page):
    """One memory: what is observed next starts from the latent state that ran on in the dark."""
    page.get_by_text("Close the eyes").click()
    code = "for (let i = 0; i < 5; i++) game.step(); const before = game.state();return before"
    before = run(page, code)
    page.get_by_text("Open the eyes").click()
    after = run(page, "game.step(); return game.state()")
    code = (
        "const [b, a] = given, latent = {deter: Object.values(b.latent.deter), stoch: Object.values(b.latent.stoch)};"
        "return [0, 1].map((push) => Math.max(...game.model.observe(latent, push, game.picture(a.real)).deter"
        ".map((v, i) => Math.abs(v - a.latent.deter[i]))))"
    )
    assert min(run(page, code, before, after)) < 1e-6


def test_keys_take_over_and_space_pauses(page):
    page.locator(".wm-player-field").focus()
    page.keyboard.down("ArrowRight")
    assert run(page, "return player.stage.running()")  # a push starts it, too
    page.keyboard.press(" ")
    run(page, "game.reset()")
    pushed = run(page, "for (let i = 0; i < 4; i++) game.step(); return game.state().real[1]")
    page.keyboard.up("ArrowRight")
    assert pushed > 0.5  # four pushes to the right
    assert (
        run(
            page,
            "for (let i = 0; i < 60; i++) { player.stage.pressed.clear(); game.step() } return game.state().over",
        )
        is False
    )
    page.keyboard.press("c")
    assert state(page, "blind") == 0
    page.keyboard.press("c")
    page.keyboard.press(" ")
    page.wait_for_timeout(400)
    page.keyboard.press(" ")
    steps = state(page, "steps")
    assert steps > 64  # Dreamer caught it, and time went on
    page.wait_for_timeout(150)
    assert state(page, "steps") == steps


def test_pads_push_and_you_alone_are_covered_in_the_dark(page):
    page.get_by_label("Who pushes").select_option(label="left and right in turn, and your keys")
    page.get_by_text("Close the eyes").click()
    pad = page.locator(".wm-player-pads button").first.bounding_box()
    page.mouse.move(pad["x"] + 20, pad["y"] + 20)
    page.mouse.down()
    pushed = run(page, "for (let i = 0; i < 3; i++) game.step(); return game.state().real[1]")
    page.mouse.up()
    assert pushed < -0.4
    corner = "player.stage.redraw(); const c = document.querySelector('canvas'); return c.getContext('2d').getImageData(3, 3, 1, 1).data[0]"
    assert run(page, corner) == 0x33  # a cover, and not the picture's black
    held = run(page, "while (!game.state().over) game.step(); return game.state().held")
    assert run(page, corner) == 0  # it fell: everybody may see
    assert f"you {held} steps." in page.locator(".wm-player-score").text_content()
    page.get_by_label("Who pushes").select_option(label="Dreamer, and your keys")


def test_until_somebody_acts_its_eyes_stay_open_and_the_reader_is_told_to_watch(page):
    code = (
        "const node = document.createElement('div'); node.dataset.player = 'dreamer'; document.body.append(node); WM.mount(node);"
        "const it = node.wmPlayer, began = it.stage.running(); it.pause();"
        "for (let i = 0; i < 300; i++) it.game.step(); it.stage.redraw();"
        "const words = () => node.querySelector('.wm-player-score').textContent, { blind, over } = it.game.state(), before = words();"
        "it.game.press('eyes'); it.stage.redraw(); const after = words(); node.remove(); return [began, blind, over, before, after]"
    )
    began, blind, over, before, after = run(page, code)
    assert began and blind is None and not over
    assert before.startswith("You are watching") and after.startswith("Best in the dark")


def test_a_time_in_the_dark_that_the_reader_ends_counts_and_says_so(page):
    score = page.locator(".wm-player-score")
    code = "for (let i = 0; i < given[0]; i++) game.step(); return game.state().over"
    for button, steps in (("Open the eyes", 4), ("Reset", 6)):
        page.get_by_text("Close the eyes").click()
        assert run(page, code, steps) is False
        page.get_by_text(button).click()
        assert f"Dreamer {steps} steps (stopped), you 0 steps" in score.text_content()
    page.get_by_text("Close the eyes").click()
    run(page, "player.stage.held.add('left')")
    assert run(page, code, 8) is False
    run(page, "player.stage.held.clear()")
    page.get_by_text("Open the eyes").click()
    assert "Dreamer 6 steps (stopped)" in score.text_content()  # both pushed: it does not count


def test_the_message_of_a_try_goes_when_the_next_begins(page):
    said = page.locator(".wm-player-says")
    page.get_by_text("Close the eyes").click()
    assert said.text_content() == "Eyes closed."
    page.get_by_text("Reset").click()
    assert said.text_content() == ""
    run(page, "player.stage.held.add('left'); while (!game.state().over) game.step(); player.stage.held.clear()")  # fmt: skip
    assert "It fell after" in said.text_content()
    run(page, "game.step()")
    assert said.text_content() == ""


def test_twenty_tries_in_the_dark_are_counted(page):
    page.get_by_text("Close its eyes 20 times").click()
    page.wait_for_function(
        "() => /in the median/.test(document.querySelector('.wm-player-says').textContent)"
    )
    row, control = (
        page.locator("tbody tr").nth(i).locator("td").all_text_contents() for i in (0, 1)
    )
    assert control[0] == "left and right in turn, no model"
    assert 10 < float(control[2]) < 55  # who does without the dream falls as late, nearly
    shortest, median, longest = (float(x) for x in row[1:])
    assert row[0] == "Dreamer, imagines what is likeliest" and 5 < shortest <= median <= longest
    assert 25 < median < 55  # 37 in torch


def test_what_is_chosen_while_it_is_measured_counts_from_the_next_time_on(page):
    run(page, "stage.pause(); game.draws = 0; const { noise } = game.model;"
        "game.model.noise = (random) => { game.draws++; return noise(random); }")  # fmt: skip
    page.get_by_text("Close its eyes 20 times").click()
    page.locator(".wm-player-choice:has(span:text('It imagines')) select").select_option(index=1)
    page.wait_for_function(
        "() => /in the median/.test(document.querySelector('.wm-player-says').textContent)"
    )
    assert "what is likeliest" in page.locator("tbody td").first.text_content()
    assert run(page, "return game.draws") == 0


def test_on_a_phone_the_screens_stand_side_by_side(page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    boxes = [c.bounding_box() for c in page.locator("canvas").all()]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["width"] >= 140


def test_damaged_weights_are_told_and_break_nothing_else(page):
    at = TEXT.index('"data":"') + 1000
    page.evaluate(TEXT[:at] + ("A" if TEXT[at] != "A" else "B") + TEXT[at + 1 :])
    said = page.evaluate(
        "() => { const node = document.createElement('div'); node.dataset.player = 'dreamer'; document.body.append(node);"
        " WM.mount(node); node.remove(); return node.querySelector('.wm-player-error').textContent }"
    )
    page.evaluate(TEXT)
    assert "damaged" in said
    run(page, "game.step(); player.stage.redraw()")
    assert page.locator(".wm-player-error").count() == 0
