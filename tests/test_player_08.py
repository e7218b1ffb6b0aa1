"""Chapter 8's player: IRIS in the page says what torch says, and plays wmlib's Catch."""

from copy import deepcopy

import numpy as np
import pytest
from boards import PLAYER, pick, plain, run
from browser import opened

from wmlib.course.ch08_tokens.players import IRIS, dream, pack_iris
from wmlib.course.ch08_tokens.study import film, stored_learner
from wmlib.devices import new_rng
from wmlib.players import own
from wmlib.players.gallery import stage_page
from wmlib.players.weights import rounded
from wmlib.worlds.catch import Catch, bar_in


@pytest.fixture(scope="module")
def learner():
    return stored_learner(film(1, 2_000, 8))


@pytest.fixture(scope="module")
def page(tmp_path_factory, learner):
    """What the chapter's last cell writes, in a browser."""
    folder = tmp_path_factory.mktemp("iris")
    own.play(IRIS, pack_iris(learner), str(folder / "iris.html"))
    with opened(folder, "") as page:
        page.goto((folder / "iris.html").as_uri())
        page.wait_for_selector("[data-ready]")
        yield page


@pytest.fixture(autouse=True)
def anew(page):
    run(page, "stage.pause(); game.reset()")
    yield
    assert page.wrong == []


def now(page, what):
    return run(page, f"return game.now().{what}")


def test_packing_leaves_the_learner_as_it_was(learner):
    before = deepcopy(learner.model.state_dict())
    pack_iris(learner)
    assert all((before[k] == v).all() for k, v in learner.model.state_dict().items())


def test_a_new_dream_is_torchs(page, learner):
    assert float(page.locator(".wm-player").get_attribute("data-check")) < 1e-3
    model, actor = (rounded(deepcopy(x)) for x in (learner.model, learner.behaviour.actor))
    check = {k: plain(v) for k, v in dream(model, actor, seed=7).items()}
    assert run(page, "return WM.finish(game.verify(given[0]))", check) < 1e-3
    check["act"][8:] = [2 - act for act in check["act"][8:]]  # something else was done: it is seen
    assert run(page, "return WM.finish(game.verify(given[0]))", check) > 0.01


def test_catch_is_wmlibs(page):
    world, rng = Catch(), new_rng(3)
    state, rows = world.initial(1, rng), []
    for _ in range(250):
        act = rng.integers(3, size=1)
        nxt, rew, over = world.step(state.copy(), act, rng)
        picture = world.obs(nxt)[0].ravel().tolist() if len(rows) % 5 == 0 else []
        rows.append(
            [state[0].tolist(), int(act[0]), nxt[0].tolist(), rew[0], bool(over[0]), picture]
        )
        state = world.initial(1, rng) if over[0] else nxt
    worst = """
      let far = 0;
      for (const [state, action, next, rew, over, picture] of given[0]) {
        const said = game.world.step(state, action, [next[1], next[3]]);
        if (said.rew !== rew || said.over !== over) return Infinity;
        said.state.forEach((v, i) => { far = Math.max(far, Math.abs(v - next[i])); });
        const seen = game.world.picture(said.state);
        picture.forEach((v, i) => { far = Math.max(far, Math.abs(v - 255 * seen[i]) - 1); });
      }
      return far;"""
    assert sum(row[3] != 0 for row in rows) >= 5
    assert run(page, worst, rows) < 1e-3  # and no pixel differs by more than one grey level


def test_the_actor_that_is_awake_catches_real_balls(page):
    pick(page, "Who steers", "the actor, awake")
    caught = run(
        page,
        """let won = 0, all = 0;
        for (let round = 0; round < 2; round++) {
          game.reset();
          while (game.now().tally.real[1] < 5) game.step();
          won += game.now().tally.real[0]; all += 5;
        }
        return won / all;""",
    )
    assert caught > 0.7  # more than nine in ten; random actions catch one in four


@pytest.mark.parametrize("how", ["key", "pad"])
def test_a_key_and_a_pad_move_both_bars(page, how):
    pick(page, "Who steers", "the actor, in the dream")
    run(page, "stage.play()")
    if how == "key":
        page.locator(".wm-player-field").focus()
        page.keyboard.down("ArrowRight")
    else:
        page.get_by_role("button", name="right", exact=True).hover()
        page.mouse.down()
    page.wait_for_function(f"{PLAYER}.game.now().dreamt >= 12")
    page.keyboard.up("ArrowRight") if how == "key" else page.mouse.up()
    assert now(page, "who") == "you" and "You steer" in page.inner_text(".wm-player-says")
    assert now(page, "real.state[0]") == 29  # at the right side
    assert bar_in(np.reshape(run(page, "return [...game.now().dream.picture]"), (32, 32)))[0] > 25


def test_waking_up_puts_reality_into_the_dream_and_uncovers_it(page):
    run(page, "for (let i = 0; i < 16 * 40; i++) game.step(); game.draw()")
    assert "40 frames" in page.inner_text(".wm-player-field")
    page.get_by_role("button", name="Cover reality").click()
    assert now(page, "covered") and "covered" in page.inner_text(".wm-player-score")
    page.get_by_role("button", name="Wake up").click()
    assert now(page, "dream.tokens") == now(page, "real.tokens")
    keys = "cache.map((layer) => layer.map(([key]) => [...key]))"
    assert len(now(page, "dream.cache")[2]) == 23  # the window without the frame to come
    assert now(page, f"dream.{keys}") == now(page, f"real.{keys}"), "it remembers what really was"
    assert run(page, "return game.now().dream.cache[0] !== game.now().real.cache[0]")
    assert not now(page, "covered") and "0 frames" in page.inner_text(".wm-player-field")


def test_one_token_writes_one_and_temperature_0_the_likeliest(page):
    page.get_by_role("slider").fill("0")
    assert "likeliest" in page.inner_text(".wm-player-slider output")
    for written in (1, 2):
        page.get_by_role("button", name="One token").click()
        assert len(now(page, "frame.tokens")) == written
    chances = run(page, "return [...game.now().frame.chances(0)]")
    likely = run(page, "return [...game.now().frame.chances(1)]")
    assert max(chances) == sum(chances) == 1 and np.argmax(chances) == np.argmax(likely)
    assert 0 < max(likely) < 1 and sum(likely) == pytest.approx(1)
    page.get_by_role("slider").fill("0.5")


@pytest.mark.parametrize("how", ["key", "pointer"])
def test_a_reader_writes_the_third_likeliest_token(page, how):
    page.get_by_role("button", name="One token").click()
    order = np.argsort([-p for p in run(page, "return [...game.now().frame.chances(0.5)]")])
    if how == "key":
        page.locator(".wm-player-field").focus()
        page.keyboard.press("3")
    else:
        box = page.locator("canvas").nth(2).bounding_box()
        page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    assert now(page, "frame.tokens")[1:] == [order[2]]


def test_a_key_opens_the_next_frame_when_the_film_stands(page):
    page.locator(".wm-player-field").focus()
    page.keyboard.press("ArrowRight")
    assert now(page, "frame.action") == 2 and now(page, "frame.tokens") == []
    for _ in range(16):
        page.keyboard.press("1")
    assert now(page, "frame") is None and now(page, "dreamt") == 1
    assert now(page, "real.state[0]") == 17  # a step to the right of the middle, in reality too


def test_a_slower_pace_is_slower_and_reset_begins_anew(page):
    def tokens(seconds=0.7):
        count = "return 16 * game.now().dreamt + (game.now().frame ? game.now().frame.tokens.length : 0)"
        run(page, "game.reset(); stage.play()")
        page.wait_for_timeout(1000 * seconds)
        return run(page, f"stage.pause(); {count}")

    pick(page, "Pace", "2 tokens a second")
    slow = tokens()
    pick(page, "Pace", "6 frames a second")
    assert slow <= 3 < 10 < tokens()
    page.get_by_role("button", name="Reset").click()
    assert now(page, "tally") == {"real": [0, 0], "dream": [0, 0]} and now(page, "dreamt") == 0


def test_five_balls_are_a_round_for_you(page):
    pick(page, "Who steers", "you")
    run(page, "stage.play(); while (game.now().tally.real[1] < 5) game.step()")
    assert not run(page, "return stage.running()")
    page.wait_for_function(
        "document.querySelector('.wm-player-says').textContent.startsWith('Five balls')"
    )


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [page.locator("canvas").nth(k).bounding_box() for k in (0, 1)]
    assert boxes[0]["y"] == boxes[1]["y"], "reality and dream stand beside each other"
    page.set_viewport_size({"width": 1280, "height": 900})


def test_damaged_weights_are_told(page, learner, tmp_path):
    text = pack_iris(learner)["iris"]
    at = text.index('"data":"') + 5000
    text = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    (tmp_path / "bad.html").write_text(stage_page(IRIS, {"iris": text}), encoding="utf8")
    back = page.url
    page.goto((tmp_path / "bad.html").as_uri())
    assert "damaged" in page.get_by_role("alert").inner_text()
    page.goto(back)
    page.wait_for_selector("[data-ready]")
