"""Chapter 5's road in the page: wmlib's road, torch's networks, the chapter's gate."""

import copy
import re

import numpy as np
import pytest
import torch
from boards import run
from browser import opened

from wmlib.course.ch05_ensembles.players import FLOOD, answers, pack_flood, taught
from wmlib.course.ch05_ensembles.road import Road, crawl
from wmlib.players.gallery import stage_page
from wmlib.players.weights import rounded


@pytest.fixture(scope="module")
def packed():
    return FLOOD.weights()


@pytest.fixture(scope="module")
def page(tmp_path_factory, packed):
    with opened(tmp_path_factory.mktemp("flood"), stage_page(FLOOD, packed)) as page:
        page.wait_for_selector("[data-ready]")
        yield page
        assert page.wrong == []


@pytest.fixture(autouse=True)
def anew(request):
    if "page" in request.fixturenames:
        run(request.getfixturevalue("page"), "stage.pause(); stage.speed(2); game.reset()")


@pytest.mark.parametrize("flooded", [True, False])
def test_the_road_is_the_librarys(page, flooded):
    rng, world, pedals = np.random.default_rng(1), Road(flooded=flooded), []
    state, states, safe = np.array([[5.0, 0.0]]), [], []
    for t in range(400):
        pedal = float(rng.uniform(-0.6, 1) if t % 100 else -1)
        if state[0, 0] > 400:
            state = np.array([[300.0, 24.0]])
        pedals.append([*state[0].tolist(), pedal])
        safe.append(float(crawl(state)[0, 0]))
        state = world.step(state, [[pedal]])[0]
        states.append(state[0])
    code = "return given[0].map(([x, v, a]) => [...game.road.step([x, v], a, given[1]), game.road.crawl([x, v])])"
    said = np.array(run(page, code, pedals, flooded))
    np.testing.assert_allclose(said[:, :2], states, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(said[:, 2], safe, atol=1e-6)


def test_members_and_gate_say_what_torch_says(page):
    model = copy.deepcopy(taught()[2])
    rounded(model.net)
    rng = np.random.default_rng(4)
    asked = np.column_stack(
        [rng.uniform(0, 330, 12), rng.uniform(0, 26, 12), rng.uniform(-1, 1, 12)]
    )
    with torch.inference_mode():
        fresh = answers(model, asked.round(2).tolist(), steps=20)
    drive = (
        "const paths = []; for (let e = 0; e < 5; e++) { let s = given[0];"
        "paths.push(given[1].map((a) => (s = game.road.member(e, s, a)))); } return paths"
    )
    said = run(page, drive, fresh["obs"], (-fresh["act"]).tolist())
    wanted = torch.empty(5, 20, 2)
    with torch.inference_mode():
        state = torch.tensor([fresh["obs"]]).expand(5, 1, 2)
        for t, pedal in enumerate(-fresh["act"]):
            state = model.distribution(state, torch.full((5, 1, 1), float(pedal)))[0][..., :2]
            wanted[:, t] = state[:, 0]
    assert np.abs(np.array(said) - wanted.numpy()).max() < 1e-3
    doubt = run(
        page, "return given[0].map(([x, v, a]) => game.road.doubt([x, v], a))", fresh["asked"]
    )
    finite = np.isfinite(fresh["doubt"])
    assert finite.sum() > 6
    np.testing.assert_allclose(np.array(doubt)[finite], fresh["doubt"][finite], atol=1e-3)


def drive_to_the_end(page):
    run(page, "stage.speed(40)")
    page.wait_for_function(
        "document.querySelector('.wm-player').wmPlayer.game.now.over", timeout=10_000
    )
    return run(page, "return game.now.over")


def test_full_throttle_ends_in_the_sea_and_with_the_gate_it_does_not(page):
    """By keyboard; the gate alone makes the difference."""
    page.locator(".wm-player-field").focus()
    page.keyboard.down("ArrowRight")
    over = drive_to_the_end(page)
    place, speed = run(page, "return game.now.car")
    # In one drive of eleven who holds the throttle in the bay as well rolls over the edge, by centimetres.
    assert not over.startswith("In the sea") or (speed < 3 and place < Road.EDGE + 0.6)
    assert run(page, "return game.now.handed") > 5
    page.keyboard.up("ArrowRight")
    assert not run(page, "return stage.running()")
    page.get_by_role("button", name="Gate").click()
    assert page.get_by_role("button", name="Gate").get_attribute("aria-pressed") == "false"
    run(page, "game.reset()")
    page.locator(".wm-player-field").focus()
    page.keyboard.down("ArrowRight")
    assert drive_to_the_end(page).startswith("In the sea")
    page.keyboard.up("ArrowRight")
    page.wait_for_function("/sea/.test(document.querySelector('.wm-player-says').textContent)")
    page.get_by_role("button", name="Gate").click()


ON_THE_QUAY = """
game.gate = false; game.flooded = given[0]; stage.speed(2); game.reset();
game.now.car = game.now.before = [295, 26]; game.now.way = [];
stage.held.add("gas");
for (let t = 0; !game.now.over; t++) {
  if (t === given[1]) { stage.held.clear(); stage.held.add("brake"); }
  game.step();
}
stage.held.clear(); stage.redraw();
return [game.now.over, game.now.quay, game.now.car];
"""


def said(page):
    page.wait_for_function(
        "document.querySelector('.wm-player-says').textContent.includes('Drive begins')"
    )
    return page.locator(".wm-player-says").text_content()


@pytest.mark.parametrize("flooded", [True, False])
def test_without_brakes_both_quays_end_in_the_sea_and_the_message_tells_them_apart(page, flooded):
    over, quay, car = run(page, ON_THE_QUAY, flooded, 1000)
    assert over.startswith(f"In the sea at {car[1]:.0f} m/s")
    words, state, road = said(page), np.array([quay["entered"]]), Road(flooded=flooded)
    while state[0, 1] > 0 and not road.wrecked(state)[0]:
        state = road.step(state, [[-1.0]])[0]
    assert "Nobody braked there." in words
    assert (
        f"Fastest on the {'flooded' if flooded else 'dry'} quay: {quay['fastest']:.0f} m/s" in words
    )
    log = taught()[0].obs  # 700 of its rows are drawn
    fastest = float(words.split("in the log ")[1].split()[0])
    assert 9 < fastest <= log[log[:, 0] >= 300, 1].max() + 0.5
    if flooded:
        assert f"would have left {state[0, 1]:.0f} m/s at the sea" in words and state[0, 1] > 15
    else:
        assert f"would have stopped it at {state[0, 0]:.0f} m" in words and state[0, 0] < 400


def test_a_gated_car_that_rolls_over_the_edge_is_told_so(page):
    words = run(
        page,
        "game.gate = true; game.flooded = true; game.reset();"
        "game.now.quay = { entered: [301, 17], fastest: 17, seconds: 9, lost: 17, dry: 18 };"
        "game.now.car = game.now.before = [419.91, 1.72]; stage.held.add('gas'); game.step(); stage.held.clear();"
        "return [game.now.over, game.now.car[0], game.now.handed]",
    )
    assert words[0].startswith("In the sea at 0 m/s") and words[2] == 1
    cm = int(re.search(r"rolled over the edge, (\d+) cm too far", said(page))[1])
    assert cm == np.ceil(100 * (words[1] - Road.EDGE)) and 10 < cm < 60


def test_no_ghost_drives_on_beyond_the_sea(page):
    run(page, ON_THE_QUAY, True, 1000)
    beyond = run(page, "return game.now.ghosts.map((way) => way.filter(([x]) => x > game.road.EDGE).length)")  # fmt: skip
    assert beyond == [1] * 5  # the last of its places, and no other


def test_what_the_brakes_took_is_what_the_car_lost(page):
    """By the world's own arithmetic: 5 m/s^2 on a dry road, and a fifth of it where it aquaplanes."""
    quay = run(page, ON_THE_QUAY, True, 2)[1]
    words = said(page)
    assert quay["lost"] == pytest.approx(quay["seconds"] * 5 * 0.2, abs=0.6)  # and gusts
    assert quay["dry"] == pytest.approx(quay["seconds"] * 5)
    numbers = re.search(r"In ([\d.]+) s of braking there it lost (\d+) m/s; on a dry quay it would have lost (\d+) m/s", words)  # fmt: skip
    told = [float(number) for number in numbers.groups()]
    assert told == pytest.approx([quay["seconds"], quay["lost"], quay["dry"]], abs=0.5)
    over, quay, car = run(page, ON_THE_QUAY, False, 2)
    assert car[0] < 400 and quay["lost"] == pytest.approx(quay["dry"], abs=1)


def test_the_message_of_a_drive_goes_when_the_next_begins(page):
    run(page, ON_THE_QUAY, True, 1000)
    said(page)
    page.locator(".wm-player-choice select").select_option(label="dry")
    assert page.locator(".wm-player-says").text_content() == ""
    run(page, ON_THE_QUAY, True, 1000)
    said(page)
    run(page, "game.step()")  # Drive, once more
    assert page.locator(".wm-player-says").text_content() == ""
    run(page, "game.gate = true")
    page.locator(".wm-player-choice select").select_option(label="flooded")


def test_the_ghosts_part_where_nobody_was_fast(page):
    """How far apart the five are after six seconds: on the hills, and fast on the quay."""
    code = (
        "const ends = game.road.ghosts(given[0], 1).map((p) => p[p.length - 1][1]);"
        "return Math.max(...ends) - Math.min(...ends)"
    )
    assert run(page, code, [290, 27]) > 5 * run(page, code, [60, 10])


def test_pads_drive_and_brake(page):
    page.get_by_role("button", name="throttle").hover()
    page.mouse.down()
    run(page, "stage.speed(20)")
    page.wait_for_function("document.querySelector('.wm-player').wmPlayer.game.now.car[1] > 8")
    page.mouse.up()
    page.get_by_role("button", name="brake").hover()
    page.mouse.down()
    page.wait_for_function("document.querySelector('.wm-player').wmPlayer.game.now.car[1] < 2")
    page.mouse.up()
    run(
        page, "stage.speed(0.1)"
    )  # a step takes five seconds: none between the click and the question
    page.get_by_role("button", name="Reset").click()
    assert run(page, "return game.now.t") <= 1
    page.locator(".wm-player-choice select").select_option(label="dry")
    assert run(page, "return game.flooded") is False
    page.locator(".wm-player-choice select").select_option(label="flooded")


def test_it_fits_a_phone_and_names_damaged_weights(page, packed, tmp_path):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    text = packed["flood"]
    at = text.index('"data":"') + 12
    broken = {"flood": text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]}
    (tmp_path / "page.html").write_text(stage_page(FLOOD, broken), encoding="utf8")
    page.goto((tmp_path / "page.html").as_uri())
    assert "damaged" in page.locator(".wm-player-error").inner_text()


def test_packing_leaves_the_ensemble_as_it_was():
    train, held_out, model = taught()
    before = model.net.weights[0].clone()
    assert list(pack_flood(model, train, held_out)) == FLOOD.asks()
    assert torch.equal(before, model.net.weights[0])
