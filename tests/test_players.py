"""The model in the browser says what it says in Python; the real world there is the real one."""

import json
import re

import gymnasium as gym
import numpy as np
import pytest
import torch
from browser import opened

from wmlib.models.dynamics import NeuralDynamics
from wmlib.players import cartpole_player, export_dynamics
from wmlib.players.drive import player_html
from wmlib.worlds.classic import CartPole, Pendulum

ALT = "The learned cart-pole follows the real one for a while and then drifts."


def learned(world, **options):
    """A network with weights and normalisers of its own; what it predicts is no matter here."""
    model = NeuralDynamics(world.obs_space.shape[0], world.act_space, hidden=16, **options)
    generator = torch.Generator().manual_seed(0)
    for norm, scale in ((model.norm_in, 0.2), (model.norm_out, 1e-3)):
        norm.fit(scale * (1 + torch.randn(50, len(norm.mean), generator=generator)))
    return model


def in_browser(page, code, *arguments):
    return page.evaluate(
        "([...x]) => { const p = document.querySelector('[data-wm-drive]').wmPlayer; "
        f"return ({code})(p, ...x) }}",
        list(arguments),
    )


def told(page, pattern):
    """Wait until the player says something of this pattern."""
    page.wait_for_function(
        "p => RegExp(p).test(document.querySelector('.wm-news').textContent)",
        arg=pattern,
        polling=5,
    )


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"inputs": [1, 2, 3]}, {"change": False}])
def test_the_network_in_the_browser_agrees_with_torch(tmp_path, options):
    model = learned(CartPole(), **options)
    rng = np.random.default_rng(1)
    obs = rng.normal(0, 0.7, (50, 4)).astype(np.float32)
    act = rng.integers(0, 2, 50)
    with torch.inference_mode():
        expected = model.predict(torch.as_tensor(obs), torch.as_tensor(act))[0].numpy()
    with opened(tmp_path, player_html("cartpole", model, ALT)) as page:
        code = "(p, obs, act) => obs.map((o, i) => p.imagine(o, p.code(act[i])))"
        said = np.array(in_browser(page, code, obs.tolist(), act.tolist()))
        assert np.abs(said - expected).max() < 1e-4
        assert float(page.locator("[data-wm-drive]").get_attribute("data-check")) < 1e-4
        assert page.wrong == []


@pytest.mark.slow
def test_the_pendulum_in_the_browser_agrees_with_torch_and_gymnasium(tmp_path):
    model = learned(Pendulum())
    obs = np.array([[0.6, 0.8, -1.0]], np.float32)
    with torch.inference_mode():
        expected = model.predict(torch.as_tensor(obs), torch.tensor([[1.5]]))[0].numpy()
    env = gym.make("Pendulum-v1").unwrapped
    env.reset(seed=0)
    start = env.state.tolist()
    torques = np.random.default_rng(0).uniform(-2, 2, 60).tolist()
    states = [(env.step(np.array([u], np.float32)), env.state.tolist())[1] for u in torques]
    with opened(tmp_path, player_html("pendulum", model, ALT)) as page:
        said = in_browser(page, "(p, o) => p.imagine(o, p.code(1.5))", obs[0].tolist())
        assert np.abs(np.array(said) - expected).max() < 1e-4
        code = "(p, s, us) => us.map(u => (s = p.step(s, u)))"
        assert np.abs(np.array(in_browser(page, code, start, torques)) - states).max() < 1e-4


@pytest.mark.slow
def test_the_real_cartpole_in_the_browser_is_gymnasiums(tmp_path):
    env = gym.make("CartPole-v1").unwrapped
    obs, _ = env.reset(seed=3)
    start = np.array(env.state, float).tolist()
    actions = [0, 1] * 10
    states = []
    for action in actions:
        env.step(action)
        states.append(np.array(env.state, float).tolist())
    with opened(tmp_path, player_html("cartpole", learned(CartPole()), ALT)) as page:
        code = "(p, s, actions) => actions.map(a => (s = p.step(s, a)))"
        assert np.abs(np.array(in_browser(page, code, start, actions)) - states).max() < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_drives_both_worlds(tmp_path, width):
    html = player_html("cartpole", learned(CartPole()), ALT)
    with opened(tmp_path, html, width=width) as page:
        news = page.locator(".wm-news")
        assert "Push with" in news.inner_text()
        page.get_by_label("speed").select_option("real time")
        page.locator(".wm-drive").focus()
        page.keyboard.down("ArrowRight")
        told(page, "Reality fell")
        page.keyboard.up("ArrowRight")
        assert re.search(r"at step \d+; ", news.inner_text())
        page.get_by_label("begin anew").click()
        assert "Push with" in news.inner_text()
        page.get_by_label("push left").hover()
        page.mouse.down()
        told(page, "Step|Reality")
        page.mouse.up()
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0 and page.wrong == []


@pytest.mark.slow
def test_a_model_that_looks_begins_again_from_reality(tmp_path):
    html = player_html("cartpole", learned(CartPole()), ALT)
    with opened(tmp_path, html) as page:
        page.get_by_label("who drives").select_option("a simple rule drives")
        page.get_by_label("speed").select_option("real time")
        page.get_by_label("start or pause").click()
        told(page, r"Step [3-9]\d")
        page.get_by_label("start or pause").click()
        page.get_by_label("set the imagined state to the real one").click()
        before = page.locator(".wm-news").inner_text()
        page.get_by_label("start or pause").click()
        page.wait_for_function(
            "b => document.querySelector('.wm-news').textContent !== b", arg=before
        )
        step, since = map(int, re.findall(r"\d+", page.locator(".wm-news").inner_text())[:2])
        assert step - since >= 30 and page.wrong == []


def test_the_export_is_plain_numbers_with_answers_to_check_by():
    model = learned(CartPole(), inputs=[1, 2, 3])
    data = json.loads(json.dumps(export_dynamics(model, checks=3)))
    assert [(layer["in"], layer["out"]) for layer in data["layers"]] == [(5, 16), (16, 16), (16, 5)]
    obs, act = torch.tensor(data["check"]["obs"]), torch.tensor(data["check"]["act"])
    with torch.inference_mode():
        nxt, _ = model.predict(obs, act)
    assert np.allclose(nxt.numpy(), data["check"]["next"], atol=1e-6)


def test_a_player_of_a_full_size_model_weighs_less_than_60_kb():
    model = NeuralDynamics(4, CartPole().act_space)
    assert len(player_html("cartpole", model, ALT)) < 60_000


def test_a_model_that_the_browser_cannot_run_is_refused():
    with pytest.raises(TypeError, match="runs NeuralDynamics, got str"):
        export_dynamics("a model")
    with pytest.raises(ValueError, match="observations of size 4 and actions of size 2, got 3"):
        player_html("cartpole", NeuralDynamics(3, Pendulum().act_space), ALT)
    broken = NeuralDynamics(4, CartPole().act_space)
    with torch.no_grad():
        broken.net[0].weight[0, 0] = torch.nan
    with pytest.raises(ValueError, match="not all finite"):
        export_dynamics(broken)
    with pytest.raises(ValueError, match="full sentence"):
        cartpole_player(broken, alt="")
