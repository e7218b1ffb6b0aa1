"""Chapter 9's player: the codes in the page draw what torch draws, on wmlib's road."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from boards import PLAYER, pick, run
from browser import opened

from wmlib.course.ch09_latent_actions.players import CODES, dream, pack_codes
from wmlib.course.ch09_latent_actions.study import pairs, place, stored_model, video
from wmlib.devices import new_rng
from wmlib.models.latent_action import LatentActions
from wmlib.players import own
from wmlib.players.gallery import stage_page
from wmlib.players.weights import rounded
from wmlib.worlds.racing import MiniRacing, steer

WORDS = ["left", "straight", "right", "it depends on the road"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """What the chapter's last cell writes, in a browser."""
    folder = tmp_path_factory.mktemp("codes")
    own.play(CODES, pack_codes(stored_model(), [0, 1, 2]), str(folder / "codes.html"))
    with opened(folder, "") as page:
        page.goto((folder / "codes.html").as_uri())
        page.wait_for_selector("[data-ready]")
        yield page


@pytest.fixture(autouse=True)
def anew(page):
    pick(page, "Model", "the chapter's")
    page.get_by_role("button", name="Shuffle").click()
    run(page, "window.told = []; stage.say = (words) => told.push(words)")
    yield
    assert page.wrong == []


def now(page, what):
    return run(page, f"return game.now().{what}")


def said(page, words):
    """What was said last; on the page it stands at the latest three seconds later."""
    return words in page.evaluate("window.told[window.told.length - 1]")


def guess(page, actions):
    for key, action in enumerate(actions, 1):
        pick(page, f"Key {key}", WORDS[action])
    page.get_by_role("button", name="Check").click()


def test_a_new_dream_is_torchs(page):
    assert float(page.locator(".wm-player").get_attribute("data-check")) < 1e-3
    check = {k: v.tolist() for k, v in dream(rounded(stored_model()), seed=7).items()}
    assert run(page, "return WM.finish(game.verify(given[0]))", check) < 1e-3
    check["codes"][3] = (check["codes"][3] + 1) % 3
    assert run(page, "return WM.finish(game.verify(given[0]))", check) > 0.01


def test_the_road_is_wmlibs(page):
    world, rng, rows = MiniRacing(), new_rng(3), []
    state = world.initial(1, rng)
    for k in range(250):
        act = steer(state) if rng.random() < 0.8 else rng.integers(3, size=1)
        nxt, rew, over = world.step(state, act)
        picture = world.obs(nxt)[0].ravel().tolist() if k % 5 == 0 else []
        rows.append(
            [state[0].tolist(), int(act[0]), nxt[0].tolist(), rew[0], bool(over[0]), picture]
        )
        state = world.initial(1, rng) if over[0] or k % 60 == 59 else nxt
    worst = """
      let far = 0;
      for (const [state, action, next, rew, over, picture] of given[0]) {
        const said = game.world.step(state, action), seen = game.world.picture(next);
        if (said.over !== over) return Infinity;
        [...next, rew].forEach((v, i) => { far = Math.max(far, Math.abs(v - [...said.state, said.rew][i])); });
        picture.forEach((v, i) => { far = Math.max(far, Math.abs(v - 255 * seen[i]) - 1); });
      }
      return far;"""
    assert run(page, worst, rows) < 1e-3  # and no pixel differs by more than one grey level


def test_the_place_of_the_road_is_the_chapters(page):
    before, _, _ = pairs(video(2_000, [0, 2]))
    some, thirds = (
        before[::40],
        torch.tensor(run(page, "return WM.weights('codes').settings.thirds")),
    )
    wanted = place(some, thirds).tolist()
    frames = (some.flatten(1) / 255).tolist()
    assert len(set(wanted)) == 3 and run(page, "return given[0].map(game.place)", frames) == wanted


@pytest.mark.parametrize("how", ["key", "pad"])
def test_time_goes_on_while_a_key_or_a_pad_is_held(page, how):
    run(page, "stage.play()")
    page.wait_for_timeout(300)
    assert now(page, "since") == 0
    if how == "key":
        page.locator(".wm-player-field").focus()
        page.keyboard.down("2")
    else:
        page.get_by_role("button", name="key 2").hover()
        page.mouse.down()
    page.wait_for_function(f"{PLAYER}.game.now().since >= 5")
    page.keyboard.up("2") if how == "key" else page.mouse.up()
    page.wait_for_timeout(150)
    stood = now(page, "since")
    page.wait_for_timeout(300)
    assert now(page, "since") == stood and "key 2" in page.inner_text(".wm-player-field")
    assert "waits for your guess" in page.inner_text(".wm-player-field")
    assert (
        run(
            page,
            "return Math.max(...game.now().dream.map((v, i) => Math.abs(v - game.now().real.picture[i])))",
        )
        > 0.1
    )


def held(page, key, steps):
    """So many steps with a key, at once."""
    run(
        page,
        f"stage.held.add('{key}'); for (let i = 0; i < {steps}; i++) game.step(); stage.held.clear(); game.draw()",
    )


def test_reality_does_what_is_guessed_and_a_right_guess_keeps_it_with_the_dream(page):
    apart = "const { real, dream } = game.now(); return dream.reduce((sum, v, i) => sum + Math.abs(v - real.picture[i]), 0) / 1024"
    code = now(page, "code")
    key = code.index(0)  # turns left
    far = []
    for action in (0, 2):
        pick(page, f"Key {key + 1}", WORDS[action])
        assert now(page, "since") == 0
        held(page, key + 1, 5)
        assert f"reality: {WORDS[action]}" in page.inner_text(".wm-player-field")
        far.append(run(page, apart))
    assert far[0] < 0.05 < 2 * far[0] < far[1]


def test_guesses_are_checked(page):
    code, won = now(page, "code"), now(page, "won.all")
    page.get_by_role("button", name="Check").click()
    assert said(page, "each of the three")
    guess(page, [(k + 1) % 3 for k in code])
    assert said(page, "0 of 3 right")
    guess(page, [0 if k == 1 else 1 if k == 0 else 2 for k in code])
    assert said(page, "1 of 3 right")
    guess(page, code)
    assert said(page, "at check 3")
    assert now(page, "solved") and now(page, "won.all") == won + 1
    page.get_by_role("button", name="Check").click()
    assert now(page, "won.all") == won + 1, "found out once"
    page.get_by_role("button", name="Shuffle").click()
    assert not now(page, "solved") and sorted(now(page, "code")) == [0, 1, 2]


def test_the_twins_keys_depend_on_the_road(page):
    pick(page, "Model", "its twin, with the same loss")
    guess(page, now(page, "code"))
    assert said(page, "0 of 3 right")
    guess(page, [3, 3, 3])
    assert said(page, "in each third of the picture")
    # The key does at each place what the chapter's model does with another code.
    code = now(page, "code[0]")
    shifted = "const { dream } = game.now(), k = (given[0] - game.place(dream) + 3) % 3; return [...game.model.step(dream, k)]"
    expected = run(page, shifted, code)
    held(page, 1, 1)
    assert np.allclose(run(page, "return [...game.now().dream]"), expected)


def test_waking_up_another_road_and_leaving_the_road(page):
    guess(page, now(page, "code"))
    key = now(page, "code").index(1) + 1
    held(page, key, 4)
    page.get_by_role("button", name="Wake up").click()
    assert now(page, "since") == 0 and run(
        page, "return game.now().dream === game.now().real.picture"
    )
    before = now(page, "real.state")
    page.get_by_role("button", name="Another road").click()
    assert now(page, "real.state")[3:] != before[3:]
    held(page, now(page, "code").index(0) + 1, 60)  # left, for ever
    assert now(page, "over")
    assert said(page, "left the road")
    page.locator(".wm-player-field").focus()
    page.keyboard.press("1")
    assert not now(page, "over")
    page.get_by_role("button", name="Reset").click()
    assert now(page, "lap") == 0 and now(page, "since") == 0


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [page.locator("canvas").nth(k).bounding_box() for k in (0, 1)]
    assert boxes[0]["y"] == boxes[1]["y"], "reality and dream stand beside each other"
    page.set_viewport_size({"width": 1280, "height": 900})


def test_damaged_weights_are_told(page, tmp_path):
    text = pack_codes()["codes"]
    at = text.index('"data":"') + 500
    text = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    (tmp_path / "bad.html").write_text(stage_page(CODES, {"codes": text}), encoding="utf8")
    back = page.url
    page.goto((tmp_path / "bad.html").as_uri())
    assert "damaged" in page.get_by_role("alert").inner_text()
    page.goto(back)
    page.wait_for_selector("[data-ready]")


def test_packing_leaves_the_model_as_it_was_and_refuses_what_it_cannot_play():
    model = stored_model()
    before = deepcopy(model.state_dict())
    pack_codes(model, [2, 1, 0])
    assert all((before[k] == v).all() for k, v in model.state_dict().items())
    for other in (LatentActions(8), LatentActions(3, free=True)):
        with pytest.raises(ValueError, match="wanted 3 codes and free=False"):
            pack_codes(other)
