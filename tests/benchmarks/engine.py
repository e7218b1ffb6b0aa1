"""A step of the players' engine beside onnxruntime-web's: the same model in the same Chromium.

The page of a player has one sample at a time, and feeds each step's state to the next. The peer is
the npm package `onnxruntime-web` (WebAssembly with SIMD, one thread), whose folder is expected among
the peers; it gets the same model from `torch.onnx`. Time is processor time of the page's process.
"""

from __future__ import annotations

import base64
import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import torch
from measure import Missing, Row
from torch import nn
from torch.nn.functional import one_hot

from wmlib.course.ch03_neural_dynamics.players import taught
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.players import pack_dreamer
from wmlib.course.ch07_dreamer.study import WEIGHTS
from wmlib.learning.dreamer import Dreamer
from wmlib.players import pack_dynamics
from wmlib.players.gallery import SHARED, engine
from wmlib.players.weights import rounded
from wmlib.worlds import CartPole

OURS, THEIRS, ROUNDS, LEAST, CHECKED = "the players' engine", "onnxruntime-web", 9, 0.5, 20
SITE = "http://bench.invalid/"


def measure(peers: Path | None) -> list[Row]:
    """Imagined steps of a small and of a larger model."""
    folder = peers / "onnxruntime-web" if peers else None
    if not (folder and (folder / "dist" / "ort.wasm.min.js").is_file()):
        raise Missing(
            "npm install onnxruntime-web, and put node_modules/onnxruntime-web into the folder of "
            "the peers: make bench NAME=engine PEERS=that/folder"
        )
    version = json.loads((folder / "package.json").read_text(encoding="utf8"))["version"]
    rows = []
    for work, model, start, script in (small(), large()):
        with page_with(folder, script) as (page, clock):
            page.evaluate(THEM, [base64.b64encode(exported(model, start)).decode(), len(start)])
            flat = [one.flatten().tolist() for one in start]
            agree(page, model, start, flat)
            taken = alternate(page, clock, flat)
            note = "processor time of the page's process, one thread, one sample a step"
            rows.append(Row(work, OURS, THEIRS, taken, note=note, versions={THEIRS: version}))
    return rows


@torch.inference_mode()
def agree(page, model, start, flat):
    """Both say after 20 steps what torch says."""
    out = start
    for t in range(CHECKED):
        out = model(*out[: len(start)], choice(t % 2))
        out = out if isinstance(out, tuple) else (out,)
    wanted = torch.cat([one.flatten() for one in out])
    for program in (STEPS_OURS, STEPS_THEIRS):
        said = torch.tensor(page.evaluate(program, [flat, CHECKED]))
        torch.testing.assert_close(said, wanted, atol=1e-3, rtol=0)


def alternate(page, clock, flat) -> dict[str, list[float]]:
    """Processor seconds a step, round by round, in alternation (see `measure.alternate`)."""
    programs = {OURS: STEPS_OURS, THEIRS: STEPS_THEIRS}
    steps, taken = {}, {name: [] for name in programs}
    for name, program in programs.items():  # compiled, and how many fill a round
        steps[name] = 200
        while (spent := seconds(page, clock, program, flat, steps[name])) < LEAST / 2:
            steps[name] *= 4
        steps[name] = round(steps[name] * LEAST / spent)
    for turn in range(ROUNDS):
        for name in list(programs)[:: 1 if turn % 2 == 0 else -1]:
            spent = seconds(page, clock, programs[name], flat, steps[name])
            taken[name].append(spent / steps[name])
    return taken


def seconds(page, clock, program, flat, steps):
    began = clock()
    page.evaluate(program, [flat, steps])
    return clock() - began


# --- the models -----------------------------------------------------------------------------------


class MLPStep(nn.Module):
    """A step of `NeuralDynamics`, without the checks of a user's input."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, obs, action):
        m = self.model
        x = torch.cat([obs[:, m.inputs], action], 1)
        y = m.net((x - m.norm_in.mean) / m.norm_in.std)[:, : m.obs_size]
        moved = y * m.norm_out.std[: m.obs_size] + m.norm_out.mean[: m.obs_size]
        return (obs + moved if m.change else moved).clamp(m.low, m.high)


def small():
    """Chapter 3's network of the cart-pole."""
    model = taught(CartPole)
    text = pack_dynamics("bench", model)
    rounded(model.net)
    ours = text + (
        "const model = WM.dynamics('bench'); window.begin = (obs) => ({ obs });"
        "window.step = ({ obs }, action) => ({ obs: model.imagine(obs, action) });"
        "window.numbers = ({ obs }) => obs;"
    )
    count = sum(p.numel() for p in model.net.parameters())
    work = f"imagined step of chapter 3's network ({count:,} weights)"
    return work, MLPStep(model), [torch.tensor([[0.1, 0.2, 0.03, -0.1]])], ours


class RSSMStep(nn.Module):
    """An imagined step of chapter 7's RSSM, its likeliest latent state, and the picture of it."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, deter, stoch, action):
        m = self.model
        deter = m.gru(m.gru_in(torch.cat([stoch, action], 1)), deter)
        params = m.prior(deter).view(1, m.latent.groups, m.latent.classes)
        stoch = one_hot(params.argmax(-1), m.latent.classes).float().flatten(1)
        return deter, stoch, m.decoder(torch.cat([deter, stoch], 1)).clamp(0, 1)


def large():
    """Chapter 7's RSSM, with the picture."""
    learner = Dreamer(PixelCartPole()).import_weights(WEIGHTS)
    text, model = pack_dreamer(learner), rounded(learner.model)
    ours = (
        (SHARED / "rssm.js").read_text(encoding="utf8")
        + text["dreamer"]
        + (
            "const model = WM.rssm(WM.weights('dreamer')); window.begin = (deter, stoch) => ({ deter, stoch });"
            "window.step = (state, action) => { const next = model.step(state, action); next.picture = model.decode(next); return next; };"
            "window.numbers = ({ deter, stoch, picture }) => [...deter, ...stoch, ...picture];"
        )
    )
    used = (model.gru_in, model.gru, model.prior, model.decoder)
    count = sum(p.numel() for part in used for p in part.parameters())
    work = f"imagined step of chapter 7's RSSM with its picture ({count:,} weights)"
    state = [torch.zeros(1, model.deter), torch.zeros(1, model.latent.size)]
    return work, RSSMStep(model), state, ours


def exported(model, start) -> bytes:
    """The model for onnxruntime."""
    try:
        import onnxscript  # noqa: F401  torch.onnx needs it
    except ImportError as error:
        raise Missing(f"{error}: pip install -r tests/benchmarks/requirements.txt") from error
    names = [f"state{k}" for k in range(len(start))]
    example = (*start, choice(0))
    program = torch.onnx.export(
        model.eval(), example, dynamo=True, verbose=False, input_names=[*names, "action"]
    )
    return program.model_proto.SerializeToString()


def choice(action):
    return one_hot(torch.tensor([action]), 2).float()


# --- the page -------------------------------------------------------------------------------------

THEM = """async ([model, states]) => {
  ort.env.wasm.numThreads = 1;
  window.session = await ort.InferenceSession.create(Uint8Array.from(atob(model), (c) => c.charCodeAt(0)));
  window.states = states;
  const { inputNames, outputNames } = session;
  window.run = async (state, action) => {
    const feeds = { [inputNames[states]]: new ort.Tensor('float32', [Number(action === 0), Number(action === 1)], [1, 2]) };
    state.forEach((one, k) => { feeds[inputNames[k]] = one; });
    const out = await session.run(feeds);
    return outputNames.map((name) => out[name]);
  };
}"""
STEPS_OURS = """([start, steps]) => {
  let state = begin(...start);
  for (let t = 0; t < steps; t++) state = step(state, t % 2);
  return Array.from(numbers(state));
}"""
STEPS_THEIRS = """async ([start, steps]) => {
  let out = start.map((one) => new ort.Tensor('float32', one, [1, one.length]));
  for (let t = 0; t < steps; t++) out = await run(out.slice(0, states), t % 2);
  return out.flatMap((one) => Array.from(one.data));
}"""


@contextmanager
def page_with(folder, script):
    """A page with the engine and with onnxruntime, and a function that says its processor seconds."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if program is None:
        raise Missing("apt-get install chromium (as root)")
    html = f'<script src="dist/ort.wasm.min.js"></script><script>{engine()}{script}</script>'

    def answer(route):
        path = route.request.url.removeprefix(SITE)
        if path:
            kind = "application/wasm" if path.endswith(".wasm") else "text/javascript"
            route.fulfill(path=folder / path, content_type=kind)
        else:
            route.fulfill(body=html, content_type="text/html")

    with sync_playwright() as pw:
        browser = pw.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto(SITE)
        system = browser.new_browser_cdp_session()

        def clock():
            told = system.send("SystemInfo.getProcessInfo")["processInfo"]
            return sum(process["cpuTime"] for process in told if process["type"] == "renderer")

        yield page, clock
        browser.close()
