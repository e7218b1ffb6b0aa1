"""Chapter 3 in the page: the learned worlds beside the real ones, and a network trained there."""

import re

import gymnasium as gym
import numpy as np
import pytest
import torch
from boards import pick, run
from browser import opened

from wmlib.course.ch03_neural_dynamics.players import (
    DRIVE,
    TRAIN_HERE,
    pack_drive,
    small_gradient,
    taught,
)
from wmlib.models import NeuralDynamics
from wmlib.players.dynamics import dream, pack_dynamics
from wmlib.players.gallery import stage_page
from wmlib.players.weights import rounded
from wmlib.worlds import CartPole, Pendulum


def learned(world, **options):
    """A network with weights and normalisers of its own; what it predicts is no matter here."""
    model = NeuralDynamics(world.obs_space.shape[0], world.act_space, hidden=16, **options)
    generator = torch.Generator().manual_seed(0)
    for norm, scale in ((model.norm_in, 0.2), (model.norm_out, 1e-2)):
        norm.fit(scale * (1 + torch.randn(50, len(norm.mean), generator=generator)))
    return model


@pytest.fixture(scope="module")
def drive(tmp_path_factory):
    weights = pack_drive(learned(CartPole()), learned(Pendulum()))
    with opened(tmp_path_factory.mktemp("drive"), stage_page(DRIVE, weights)) as page:
        page.wait_for_selector("[data-ready]")
        yield page
        assert page.wrong == []


@pytest.fixture
def page(drive):
    run(drive, "stage.pause(); game.reset()")
    return drive


@pytest.mark.parametrize(
    "model",
    [
        learned(CartPole()),
        learned(CartPole(), inputs=[1, 2, 3]),
        learned(CartPole(), change=False),
        learned(Pendulum()),
    ],
    ids=["plain", "some inputs", "the state itself", "torques"],
)
def test_a_network_in_the_page_agrees_with_torch(page, model):
    page.evaluate(pack_dynamics("fresh", model))
    rounded(model.net)
    fresh = dream(model, steps=20, seed=5)
    code = "const m = WM.dynamics('fresh'); let s = given[0]; return given[1].map((a) => (s = m.imagine(s, a)))"
    said = run(page, code, fresh["obs"].tolist(), fresh["act"].tolist())
    assert np.abs(np.array(said) - fresh["states"].numpy()).max() < 1e-3


def test_the_chapters_models_agree_and_weigh_little(page):
    weights = pack_drive(taught(CartPole))
    assert list(weights) == DRIVE.asks() and list(TRAIN_HERE.weights()) == TRAIN_HERE.asks()
    for name, text in weights.items():
        assert len(text) < 20_000
        page.evaluate(text)
        assert page.evaluate(f"WM.dynamics('{name}').worst()") < 1e-3
    page.reload()
    page.wait_for_selector("[data-ready]")


def test_the_pendulum_in_the_page_is_gymnasiums(page):
    env = gym.make("Pendulum-v1").unwrapped
    env.reset(seed=0)
    start, torques = env.state.tolist(), np.random.default_rng(0).uniform(-2, 2, 200)
    states = [(env.step(np.array([u], np.float32)), np.array(env.state, float))[1] for u in torques]
    code = "let s = given[0]; return given[1].map((u) => (s = WM.worlds.pendulum.step(s, u)))"
    said = run(page, code, start, np.float32(torques).tolist())
    np.testing.assert_allclose(said, states, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_drives_both_worlds_by_keys_and_pointer(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    pick(page, "speed", "real time")
    page.locator(".wm-player-field").focus()
    page.keyboard.down("ArrowRight")
    page.wait_for_function("document.querySelector('.wm-player').wmPlayer.game.now.ends.real")
    page.keyboard.up("ArrowRight")
    t = run(page, "return game.now.t")
    assert 5 < t < 30 and not run(page, "return stage.running()")
    page.wait_for_function(
        f"/Reality fell at step {t};/.test(document.querySelector('.wm-player-says').textContent)"
    )
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="push left").hover()
    page.mouse.down()
    page.wait_for_timeout(150)
    page.mouse.up()
    assert run(page, "return game.now.t") > 0 and run(page, "return game.now.real[0]") < 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_to_wake_up_sets_the_dream_to_what_is_real(page):
    run(page, "for (let i = 0; i < 12; i++) game.step()")
    real, dreamt = run(page, "return game.now.real"), run(page, "return game.now.dream")
    assert np.abs(np.subtract(real, dreamt)).max() > 1e-3
    page.get_by_role("button", name="wake up").click()
    assert run(page, "return game.now.dream") == real
    run(page, "game.step(); stage.redraw()")
    assert re.match(r"Step 13, 1 in the dream", page.locator(".wm-player-score").inner_text())


def test_what_is_said_aloud_is_events_and_no_stream(page):
    pick(page, "drives", "a simple rule")
    spoken = page.evaluate(
        "() => new Promise((done) => { let n = 0; new MutationObserver(() => n++).observe("
        "document.querySelector('.wm-player-says'), { childList: true, characterData: true, subtree: true });"
        "document.querySelector('.wm-player').wmPlayer.stage.play(); setTimeout(() => done(n), 2000); })"
    )
    assert spoken <= 2 and run(page, "return game.now.t") > 20
    pick(page, "drives", "you")


def test_the_rule_swings_the_pendulum_up(page):
    pick(page, "world", "pendulum")
    pick(page, "drives", "a simple rule")
    run(page, "for (let i = 0; i < 200; i++) game.step(); stage.redraw()")
    assert abs(run(page, "return game.world.angle(game.world.obs(game.now.real))")) < 0.2
    pick(page, "world", "cart-pole")
    pick(page, "drives", "you")


def test_damaged_weights_are_named(page, tmp_path):
    weights = pack_drive(learned(CartPole()), learned(Pendulum()))
    text = weights["drive_pendulum"]
    at = text.index('"data":"') + 12
    weights["drive_pendulum"] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    (tmp_path / "page.html").write_text(stage_page(DRIVE, weights), encoding="utf8")
    page.goto((tmp_path / "page.html").as_uri())
    assert "damaged" in page.locator(".wm-player-error").inner_text()


def test_a_model_that_the_page_cannot_run_is_refused():
    with pytest.raises(TypeError, match="runs NeuralDynamics, got str"):
        pack_dynamics("x", "a model")
    with pytest.raises(ValueError, match="a model of 4 observed numbers and 2 .* got 3 and 1"):
        pack_drive(NeuralDynamics(3, Pendulum().act_space))
    broken = NeuralDynamics(4, CartPole.act_space)
    with torch.no_grad():
        broken.net[0].weight[0, 0] = torch.nan
    with pytest.raises(ValueError, match="not finite"):
        pack_dynamics("x", broken)


def test_packing_leaves_the_model_as_it_was():
    model = learned(CartPole())
    before = model.net[0].weight.clone()
    pack_drive(model)
    assert torch.equal(model.net[0].weight, before)


# ------------------------------------------------------------------------------- trained in the page


@pytest.fixture(scope="module")
def workshop(drive, tmp_path_factory):
    path = tmp_path_factory.mktemp("train") / "page.html"
    node = "document.querySelector('.wm-player')"
    html = stage_page(TRAIN_HERE).replace(
        "<script>WM.mount", f"<script>{node}.dataset.seed = 3; WM.mount"
    )
    path.write_text(html, encoding="utf8")
    page, wrong = drive.context.browser.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("[data-ready]")
    yield page
    assert wrong == []


def test_the_gradient_is_torchs(workshop):
    for seed in (1, 2, 3):
        fresh = small_gradient(seed)
        plain = {
            key: [{k: part[k].flatten().tolist() for k in part} for part in fresh[key]]
            for key in ("layers", "grads")
        }
        code = (
            "const layers = given[0].map(({ W, b }) => ({ W: Float64Array.from(W), b: Float64Array.from(b) }));"
            "const { loss, grads } = WM.learner.gradient(layers, Float64Array.from(given[1]), Float64Array.from(given[2]), 5);"
            "return [loss, grads.map(({ W, b }) => ({ W: [...W], b: [...b] }))]"
        )
        x, y = (fresh[key].flatten().tolist() for key in "xy")
        loss, grads = run(workshop, code, plain["layers"], x, y)
        assert loss == pytest.approx(fresh["loss"], abs=1e-5)
        for mine, torchs in zip(grads, plain["grads"], strict=True):
            for key in "Wb":
                np.testing.assert_allclose(mine[key], torchs[key], atol=1e-5)


def test_a_step_of_adam_is_torchs(workshop):
    weight = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([weight], lr=0.1)
    grads = [[0.3, -0.2, 1.0], [0.1, 0.4, -2.0], [0.0, 1.0, 0.5]]
    for grad in grads:
        weight.grad = torch.tensor(grad, dtype=torch.float64)
        optimiser.step()
    code = (
        "const layer = { W: Float64Array.from([0.5, -1, 2]), b: new Float64Array(1) }, step = WM.learner.adam([layer]);"
        "for (const g of given[0]) step([{ W: Float64Array.from(g), b: new Float64Array(1) }], 0.1); return [...layer.W]"
    )
    np.testing.assert_allclose(run(workshop, code, grads), weight.detach().numpy(), atol=1e-9)


def test_a_reader_makes_transitions_and_trains_on_them(workshop):
    page = workshop
    train = page.get_by_role("button", name="Train")
    train.click()
    assert "at least 50 transitions" in page.locator(".wm-player-says").inner_text()
    page.locator(".wm-player-field").focus()
    page.keyboard.down("ArrowLeft")
    page.wait_for_function("document.querySelector('.wm-player').wmPlayer.game.own >= 5")
    page.keyboard.up("ArrowLeft")
    own = run(page, "return game.own")
    page.get_by_role("button", name="push right").hover()
    page.mouse.down()
    page.wait_for_timeout(300)
    page.mouse.up()
    assert run(page, "return game.own") > own
    for _ in range(5):
        page.get_by_role("button", name="200 random pushes").click()
    count = run(page, "return game.data.length")
    assert count == 1000 + run(page, "return game.own")
    train.click()
    page.wait_for_function(
        "document.querySelector('.wm-player').wmPlayer.game.seconds", timeout=20_000
    )
    first, last = run(page, "return [game.loss[0][1], game.loss[game.loss.length - 1][1]]")
    assert last < first / 100
    errors = run(page, "return game.errors")
    assert errors[0] < 0.02 and errors[19] < 0.5
    page.wait_for_timeout(200)
    dream = run(page, "return game.model.layers.length")
    assert dream == 3 and "Train" in train.inner_text()


def test_fewer_transitions_teach_less_and_reset_forgets(workshop):
    page = workshop
    many = run(page, "return game.errors[19]")
    page.get_by_role("button", name="Reset").click()
    assert run(page, "return [game.data.length, game.model]") == [0, None]
    page.get_by_role("button", name="200 random pushes").click()
    run(page, "game.data.length = 60")
    page.get_by_role("button", name="Train").click()
    page.wait_for_function(
        "document.querySelector('.wm-player').wmPlayer.game.seconds", timeout=20_000
    )
    assert run(page, "return game.errors[19]") > 2 * many


def test_it_fits_a_phone(workshop):
    workshop.set_viewport_size({"width": 390, "height": 844})
    assert workshop.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
