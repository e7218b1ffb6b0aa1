"""On a GPU, where there is one, everything answers and learns as on the CPU.

Without one, torch's meta device proves what it can (`test_interface`), and so does a second device
made of the CPU's numbers (`test_wild_devices`).
"""

import numpy as np
import pytest
import torch
from every_model import BUILDERS, ON_THE_CPU, THREE, actions, build, transitions
from test_wild_devices import LESSONS
from torch.utils._pytree import tree_leaves

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.devices import new_generator, pick_device
from wmlib.learning.dreamer import Dreamer
from wmlib.models import Ensemble
from wmlib.planning import CEM, MPC

pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="no GPU here: the meta device proves what it can"
)


@pytest.fixture(autouse=True)
def full_precision():
    """A GPU rounds the factors of convolutions (TF32) unless it is told not to."""
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    yield
    torch.backends.cudnn.allow_tf32 = before


def same(here, there, tolerance=1e-3):
    """The same numbers in the same places, within rounding."""
    here, there = tree_leaves(here), tree_leaves(there)
    assert len(here) == len(there)
    for one, other in zip(here, there):
        if isinstance(one, (torch.Tensor, np.ndarray, float, int)):
            one, other = (torch.as_tensor(x).detach().cpu().double() for x in (one, other))
            torch.testing.assert_close(other, one, rtol=tolerance, atol=tolerance, equal_nan=True)
        else:
            assert one == other


def test_auto_is_the_gpu():
    assert pick_device("auto").type == "cuda"


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, id=kind.__name__)
        for kind in sorted(set(BUILDERS) - ON_THE_CPU, key=str)
        if issubclass(kind, torch.nn.Module)  # what wraps a model is asked below
    ],
)
def test_every_model_imagines_on_the_gpu_what_it_imagines_on_the_cpu(kind):
    told = []
    for device in ("cpu", "cuda"):
        model, obs = build(kind, device="cpu")
        model = model.to(device)
        with torch.inference_mode():
            state = model.start(obs, new_generator(0))
            state = model.observe(state, actions(model, 3), obs, None, new_generator(1))
            rollout = model.imagine(state, actions(model, 3, 4), generator=new_generator(2))
            told.append((rollout.rew, rollout.cont, model.decode(rollout.states[-1])))
        assert rollout.rew.device.type == device
    same(*told)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_the_same_is_learned_and_done(lesson, tmp_path):
    same(lesson("cpu", tmp_path), lesson("cuda", tmp_path), tolerance=1e-2)


def test_an_ensemble_learns_on_the_gpu_and_plans_there():
    data, errors = transitions(THREE, n=400), {}
    data.next_obs[:] = 0.9 * data.obs + 0.1 * data.act[:, None]
    for device in ("cpu", "cuda"):
        model = Ensemble(2, THREE, hidden=32, device=device)
        model.fit(data, steps=400)
        with torch.inference_mode():
            step = model.step(model.start(data.obs), torch.as_tensor(data.act))
            nxt = model.decode(step.state).cpu().numpy()
        errors[device] = float(abs(nxt - data.next_obs).mean())
    still = float(abs(data.obs - data.next_obs).mean())
    assert errors["cuda"] < 1.2 * errors["cpu"] < 0.5 * still
    agent = MPC(model, CEM(5, 64, 2, 8))
    agent.begin(data.obs[:2])
    assert all(THREE.contains(a) for a in agent.act(data.obs[:2]))


def test_dreamer_learns_on_the_gpu():
    learner = Dreamer(PixelCartPole(), device="cuda").learn(512 + 24 * 60)
    assert next(learner.model.parameters()).is_cuda
    first, last = learner.log[0]["recon"], np.mean([row["recon"] for row in learner.log[-5:]])
    assert last < 0.75 * first
