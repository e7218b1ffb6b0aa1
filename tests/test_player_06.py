"""Chapter 6's players: V, M and the worlds in the page are wmlib's; they are played by keys and by pointer."""

import re

import boards
import numpy as np
import pytest
import torch
from boards import plain
from browser import opened

from wmlib.course.ch06_world_models import players, racing
from wmlib.course.ch06_world_models import study as parts
from wmlib.course.ch06_world_models.dodge import Dodge
from wmlib.models.vision_memory import VisionMemory
from wmlib.players.gallery import stage_page

DODGE_TEXT, RACING_TEXT = players.shipped_dodge()["dodge"], players.shipped_racing()["racing"]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """One page with both players, #dodge and #racing."""
    with opened(
        tmp_path_factory.mktemp("six"), stage_page(players.DODGE, {"dodge": DODGE_TEXT})
    ) as page:
        page.add_script_tag(content=players.RACING.text())
        page.evaluate(RACING_TEXT)
        page.evaluate("() => { document.querySelector('.wm-player').id = 'dodge' }")
        mount(page, "racing", "racing")
        yield page


@pytest.fixture
def page(both):
    """Both players stand still, at their beginning, with no best; nothing went wrong in the test."""
    both.set_viewport_size({"width": 1280, "height": 900})
    for name in ("dodge", "racing"):
        run(
            both,
            name,
            "player.pause(); player.stage.pressed.clear(); game.reset();"
            "for (const one of [game.best.dream, game.best.world, game.best]) if (one) Object.assign(one, { value: 0, stopped: false }); player.stage.say(''); player.stage.redraw()",
        )
    yield both
    assert not both.wrong


def mount(page, name, key):
    page.evaluate(
        "([name, id]) => { const node = document.createElement('div'); node.className = 'wm-player';"
        " node.id = id; node.dataset.player = name; node.dataset.seed = 3; document.body.append(node); WM.mount(node); }",
        [name, key],
    )


def run(page, name, code, *given):
    return boards.run(page, code, *given, node=f"#{name}")


MODELS = {
    "dodge": (lambda: parts.stored_dodge()[0], Dodge),
    "racing": (lambda: racing.stored_racing()[0], racing.HeavyRacing),
}


@pytest.mark.parametrize("name", list(MODELS))
def test_twenty_steps_are_torchs(page, name):
    model, world = (make() for make in MODELS[name])
    assert float(page.locator(f"#{name}").get_attribute("data-check")) <= 1e-3
    check = plain(players.check_steps(model, world, seed=123))  # other noise than the packed one
    code = "return WM.finish(WM.checkVisionMemory(game.model, given[0], game.world.picture))"
    assert run(page, name, code, check) <= 1e-3
    check["steps"][12]["normal"][3] += 0.5
    assert run(page, name, code, check) > 1e-3


def test_a_readers_own_model_fits_the_player(page):
    model = VisionMemory(Dodge.act_space, hidden=64, seed=3)
    W = torch.randn(3, 16 + 64 + 1, generator=torch.Generator().manual_seed(0))
    text = players.pack_dodge(model, W, W)["dodge"]
    page.evaluate(text)
    code = (
        "const file = WM.weights('dodge'), model = WM.visionMemory(file), seen = model.start(game.world.picture(given[0]));"
        "return [WM.finish(WM.checkVisionMemory(model, file.check, game.world.picture)), Array.from(model.scores('warm', seen))]"
    )
    state = Dodge().initial(1, np.random.default_rng(1))
    worst, scores = run(page, "dodge", code, state[0].tolist())
    page.evaluate(DODGE_TEXT)
    with torch.inference_mode():
        feat = model.feat(model.start(Dodge().obs(state)))[0]
    assert worst <= 1e-3
    # The reader's weights are rounded to 16 bits, so this is near and no more.
    assert np.allclose(scores, W[:, :-1] @ feat + W[:, -1], atol=0.2)


def same_pictures(ours, theirs):
    """Bytes beside bytes: rounding may leave one level in a thousand pixels."""
    off = np.abs(np.rint(255 * np.array(ours)) - np.array(theirs, float).reshape(len(ours), -1))
    return off.max() <= 1 and (off > 0).mean() < 1e-3


def test_dodge_is_wmlibs(page):
    world, rng, actions = Dodge(), np.random.default_rng(5), np.random.default_rng(6)
    state, states, hits, pushes = world.initial(1, rng), [], [], []
    for _ in range(400):
        pushes.append(int(actions.integers(3)))
        state, _, hit = world.step(state, np.array(pushes[-1:]), rng)
        states.append(state[0])
        hits.append(bool(hit[0]))
    code = (
        "let i = 0; const random = () => given[0][i++], out = []; let state = game.world.begin(random), hit;"
        "for (const a of given[1]) { [state, hit] = game.world.step(state, a, random); out.push([state, hit, out.length % 4 ? null : Array.from(game.world.picture(state))]) } return out"
    )
    chance = np.random.default_rng(5).random(3000)  # numpy draws all of its numbers from these
    ours = run(page, "dodge", code, chance.tolist(), pushes)
    assert np.allclose([one[0] for one in ours], states, atol=1e-9)
    assert [one[1] for one in ours] == hits and any(hits)
    assert same_pictures([one[2] for one in ours[::4]], world.obs(np.array(states[::4])))


def test_the_heavy_car_is_wmlibs(page):
    world, rng = racing.HeavyRacing(), np.random.default_rng(7)
    state = first = world.initial(4, rng)
    actions, states, rewards, ended = rng.integers(3, size=(60, 4)), [], [], []
    for action in actions:
        state, rew, over = world.step(state, action)
        states.append(state)
        rewards.append(rew)
        ended.append(over)
    code = (
        "let states = given[0]; return given[1].map((actions) => { const all = states.map((s, k) => game.world.step(s, actions[k]));"
        "states = all.map(({ state }) => state); return all.map(({ state, rew, over }, k) => [state, rew, over, k ? null : Array.from(game.world.picture(state))]) })"
    )
    ours = run(page, "racing", code, first.tolist(), actions.tolist())
    flat = [one for line in ours for one in line]
    assert np.allclose([one[0] for one in flat], np.concatenate(states), atol=1e-5)
    assert np.allclose([one[1] for one in flat], np.concatenate(rewards), atol=1e-5)
    assert [one[2] for one in flat] == np.concatenate(ended).tolist() and any(f[2] for f in flat)
    assert same_pictures([one[3] for one in flat[::4]], world.obs(np.array(states)[:, 0]))


def test_a_track_begins_on_the_road_and_along_it(page):
    world = racing.HeavyRacing()
    code = "const random = WM.random.uniform(4); return Array.from({length: 50}, () => game.world.begin(random))"
    found = np.array(run(page, "racing", code))
    bends = found[:, 3:9:2] + 1j * found[:, 4:9:2]
    wanted = world.on_track(bends, np.arctan2(found[:, 1], found[:, 0]))
    assert np.allclose(found[:, :2], wanted[:, :2], atol=1e-3)
    assert np.allclose(np.cos(found[:, 2] - wanted[:, 2]), 1, atol=1e-5)
    assert (found[:, 9] == 0).all()
    assert np.allclose(np.abs(bends).mean(0) / world.BENDS, 0.8, atol=0.2)


# --- Dodge -------------------------------------------------------------------------------------


def figure(page):
    return run(page, "dodge", "return game.state().real.state[0]")


def test_dodge_is_played_by_keys(page):
    before = figure(page)
    page.locator("#dodge .wm-player-field").focus()
    page.keyboard.press(" ")
    way = "ArrowLeft" if before > 15 else "ArrowRight"
    page.keyboard.down(way)
    page.wait_for_timeout(500)
    page.keyboard.up(way)
    page.keyboard.press(" ")
    state = run(page, "dodge", "const s = game.state(); return [s.who, s.real.steps, s.asleep]")
    assert state[0] == "you" and state[1] >= 3 and state[2]
    assert (figure(page) < 13) if way == "ArrowLeft" else (figure(page) > 16)
    page.keyboard.press("w")
    assert not run(page, "dodge", "return game.state().asleep")
    page.keyboard.press("w")


def test_keys_count_after_a_click_on_a_button_and_leave_the_slider_alone(page):
    dodge, who = page.locator("#dodge"), "return game.state().who"
    dodge.locator("select").select_option(label="chance")
    dodge.locator("input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    assert run(page, "dodge", "return game.state().temperature") == pytest.approx(0.95)
    assert run(page, "dodge", who) == "random"
    dodge.get_by_text("Reset").click()
    page.keyboard.press("ArrowLeft")
    assert run(page, "dodge", who) == "you"
    dodge.locator("input[type=range]").fill("1")
    dodge.locator("select").select_option(label="controller trained in a warm dream")


def test_dodge_is_played_by_pointer(page):
    pad = page.locator("#dodge .wm-player-pads button").last.bounding_box()
    page.mouse.move(pad["x"] + 20, pad["y"] + 20)
    page.mouse.down()
    moved = run(
        page, "dodge",
        "const x = game.state().real.state[0]; for (let i = 0; i < 3; i++) game.step(); return [x, game.state().real.state[0]]",
    )  # fmt: skip
    page.mouse.up()
    assert moved[1] == pytest.approx(min(29, moved[0] + 4.5))
    assert run(page, "dodge", "return game.state().who") == "you"


def test_the_dream_begins_where_the_world_is_and_waking_returns_there(page):
    code = (
        "const near = (a, b) => Math.max(...a.z.map((v, i) => Math.abs(v - b.z[i]))), s = () => game.state(), found = [];"
        "found.push(near(s().dream.state, s().real.seen)); for (let i = 0; i < 12; i++) game.step();"
        "found.push(near(s().dream.state, s().real.seen)); return found"
    )
    same, apart = run(page, "dodge", code)
    assert same == 0 and apart > 0.1
    page.locator("#dodge").get_by_text("Wake up").click()
    assert run(page, "dodge", "const s = game.state(); return s.dream.state === s.real.seen")
    assert (
        run(page, "dodge", "return game.state().real.steps") == 0
    )  # what was dreamt does not count
    assert "What the network keeps" in page.locator("#dodge .imagined p").text_content()
    page.locator("#dodge").get_by_text("Fall asleep").click()
    assert "The dream: 0 steps" in page.locator("#dodge .imagined p").text_content()


def test_a_life_of_yours_is_scored_and_then_it_stands_still(page):
    page.locator("#dodge select").select_option(label="you")
    steps = run(
        page, "dodge",
        "player.stage.play(); let n = 0; while (player.stage.running() && n < 3000) { game.step(); n++ } player.stage.redraw(); return n",
    )  # fmt: skip
    assert 0 < steps < 3000
    assert f"Your best: {steps} steps in the dream" in page.locator("#dodge .wm-player-score").text_content()  # fmt: skip
    page.locator("#dodge select").select_option(label="controller trained in a warm dream")


def test_a_life_that_is_left_counts_and_says_so(page):
    """Waking up, falling asleep, a reset and another player end it, and each has its place."""
    dodge = page.locator("#dodge")
    score, steps = dodge.locator(".wm-player-score"), "for (let i = 0; i < given[0]; i++) game.step(); player.stage.redraw(); const s = game.state(); return [s.dream.over, s.real.over]"  # fmt: skip
    dodge.locator("select").select_option(label="you")
    assert run(page, "dodge", steps, 4)[0] is False
    dodge.get_by_text("Wake up").click()
    assert score.text_content() == "Your best: 4 steps (stopped) in the dream, 0 steps in the world."  # fmt: skip
    assert run(page, "dodge", steps, 6)[1] is False
    dodge.get_by_text("Fall asleep").click()
    assert "4 steps (stopped) in the dream, 6 steps (stopped) in the world" in score.text_content()
    run(page, "dodge", steps, 5)
    dodge.get_by_text("Reset").click()
    assert "5 steps (stopped) in the dream" in score.text_content()
    run(page, "dodge", steps, 2)
    dodge.locator("select").select_option(label="controller trained in a warm dream")
    assert run(page, "dodge", "return game.best.dream.value") == 5
    run(page, "dodge", "for (let i = 0; i < 9; i++) game.step(); game.reset()")
    assert run(page, "dodge", "return game.best.dream.value") == 5  # not the reader's


def test_an_arrow_takes_over_and_starts(page):
    assert "Now plays: controller trained in a warm dream" in page.locator("#dodge .wm-player-score").text_content()  # fmt: skip
    page.locator("#dodge .wm-player-field").focus()
    page.keyboard.press("ArrowLeft")
    assert run(page, "dodge", "return [game.state().who, player.stage.running()]") == ["you", True]
    page.locator("#dodge select").select_option(label="controller trained in a warm dream")


def test_a_cold_dream_is_empty_for_who_stands_still(page):
    # About one life of fifty ends early. Without a seed, chance hung on how many frames came before.
    run(page, "dodge", "player.stage.random = WM.random.uniform(3)")
    page.locator("#dodge input[type=range]").fill("0.1")
    assert page.locator("#dodge output").text_content() == "0.10"
    page.locator("#dodge select").select_option(label="nobody: it stands still")
    many = page.locator("#dodge").get_by_text("Measure 20 lives")
    many.click()
    page.wait_for_function(
        "() => /Mean steps of 20/.test(document.querySelector('#dodge .wm-player-says').textContent)"
    )
    row = page.locator("#dodge tbody tr").first.locator("td").all_text_contents()
    assert row[1] == "0.10" and float(row[2].split()[0]) > 270 and float(row[3]) < 60
    cut = int(re.fullmatch(r"\d+ \((\d+) at the limit\)", row[2])[1])
    assert 10 < cut <= 20 and cut * 300 <= 20 * float(row[2].split()[0]) + 10
    heads = page.locator("#dodge thead th").all_text_contents()
    assert "limit: 300 steps" in heads[2] and "limit: 500 steps" in heads[3]
    page.locator("#dodge input[type=range]").fill("1")


# --- the race ----------------------------------------------------------------------------------


def test_the_race_is_driven_by_keys_and_by_pointer(page):
    page.locator("#racing .wm-player-field").focus()
    page.keyboard.down("ArrowRight")  # starts it, too
    page.wait_for_timeout(400)
    page.keyboard.up("ArrowRight")
    page.keyboard.press(" ")
    wheel = "return game.state().cars[0].state[9]"
    turned = run(page, "racing", wheel)
    assert turned > 0.03 and run(page, "racing", "return game.state().cars[2].lap") > 0
    pad = page.locator("#racing .wm-player-pads button").first.bounding_box()
    page.mouse.move(pad["x"] + 20, pad["y"] + 20)
    page.mouse.down()
    run(page, "racing", "player.pause(); game.step()")
    page.mouse.up()
    assert run(page, "racing", wheel) == pytest.approx(turned - 0.02)


def test_a_race_ends_and_each_button_does_what_it_says(page):
    race = page.locator("#racing")
    track = run(page, "racing", "return game.state().first")
    run(page, "racing", "player.stage.play(); while (player.stage.running()) game.step()")
    laps = run(page, "racing", "return game.state().cars.map((car) => car.lap)")
    assert laps[2] > 50 > laps[0]  # nobody at your wheel
    page.wait_for_function(
        "() => /race is over/.test(document.querySelector('#racing .wm-player-says').textContent)"
    )
    race.get_by_text("Reset").click()
    assert run(page, "racing", "const s = game.state(); return [s.first, s.steps]") == [track, 0]
    race.get_by_text("New track").click()
    assert run(page, "racing", "return game.state().first") != track
    assert race.locator(".wm-player-says").text_content() == ""
    race.get_by_text("Show the wheel").click()
    assert race.get_by_text("Show the wheel").get_attribute("aria-pressed") == "true"
    race.get_by_label("Seen by").select_option(label="z and h")
    assert "z and h" in race.locator(".real p").first.text_content()


def test_a_race_that_is_left_counts_and_says_so(page):
    race = page.locator("#racing")
    code = "for (let i = 0; i < 5; i++) game.step(); return game.state().cars[0].lap"
    lap = run(page, "racing", code)
    race.get_by_text("Reset").click()
    words = race.locator(".wm-player-score").text_content()
    assert lap > 0.5 and f"your best {lap:.0f} % (stopped)" in words


# --- both --------------------------------------------------------------------------------------


def test_on_a_phone_the_screens_stand_side_by_side(page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    for name in ("dodge", "racing"):
        boxes = [c.bounding_box() for c in page.locator(f"#{name} canvas").all()]
        assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["width"] >= 140


def test_damaged_weights_are_told_and_break_nothing_else(page):
    at = DODGE_TEXT.index('"data":"') + 1000
    page.evaluate(DODGE_TEXT[:at] + ("A" if DODGE_TEXT[at] != "A" else "B") + DODGE_TEXT[at + 1 :])
    mount(page, "dodge", "damaged")
    page.evaluate(DODGE_TEXT)
    assert "damaged" in page.locator("#damaged .wm-player-error").text_content()
    run(page, "dodge", "game.step(); player.stage.redraw()")
    assert page.locator("#dodge .wm-player-error").count() == 0
    page.evaluate("() => document.querySelector('#damaged').remove()")


def test_nothing_starts_by_itself_where_motion_is_not_wanted(page):
    page.emulate_media(reduced_motion="reduce")
    mount(page, "dodge", "still")
    page.emulate_media(reduced_motion="no-preference")
    assert run(page, "still", "return [player.stage.running(), game.dt > 0]") == [False, True]
    page.evaluate("() => document.querySelector('#still').remove()")
