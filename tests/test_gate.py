"""Act only when they agree: what the gate asks, where its threshold comes from, what it does."""

import numpy as np
import pytest
import torch

from wmlib.course.ch05_ensembles.gated import Gated, doubt, familiar
from wmlib.course.ch05_ensembles.road import Driver, Road, crawl
from wmlib.experience import collect
from wmlib.models import Ensemble


@pytest.fixture(scope="module")
def log():
    return collect(Road(), Driver(0), steps=2500, seed=0)


@pytest.fixture(scope="module")
def model(log):
    model = Ensemble(2, Road.act_space, members=3, seed=0)
    model.fit(log, steps=300)
    return model


class Always:
    """An agent that holds the pedal where it is."""

    def __init__(self, pedal):
        self.pedal, self.begun = pedal, 0

    def begin(self, obs):
        self.begun += 1

    def act(self, obs):
        return np.full((len(obs), 1), self.pedal, np.float32)

    def keep(self, mask):
        self.kept = mask


def test_the_threshold_is_one_of_the_held_out_disagreements_and_lets_that_share_pass(model, log):
    with torch.inference_mode():
        each = model.disagreement(torch.as_tensor(log.obs), torch.as_tensor(log.act)).numpy()
    first = log.windows(5)
    worst = np.array([each[i : i + 5].max() for i in first])
    for share in (0.5, 0.9):
        line = familiar(model, log, 5, share)
        assert line in worst
        # Neighbouring stretches share their worst step, so several may stand exactly on the line.
        rank = np.ceil((len(worst) + 1) * share)
        assert (worst < line).sum() < rank <= (worst <= line).sum()


@pytest.mark.parametrize("share", [0.0, 1.0, 90])
def test_a_share_is_between_nothing_and_all(model, log, share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        familiar(model, log, 5, share)


def test_doubt_is_the_largest_disagreement_on_the_way_back(model):
    obs, action = np.array([[100.0, 20.0]], np.float32), np.ones((1, 1), np.float32)
    state, seen = torch.as_tensor(obs), []
    pedal = torch.as_tensor(action)
    with torch.inference_mode():
        for _ in range(4):
            seen.append(model.disagreement(state, pedal).item())
            state = model.predict(state, pedal)[0]
            pedal = torch.as_tensor(crawl(state.numpy()))
    assert doubt(model, obs, action, crawl, 4)[0] == pytest.approx(max(seen), rel=1e-4)
    assert doubt(model, obs, action, crawl, 1)[0] == pytest.approx(seen[0], rel=1e-4)


def test_danger_on_the_way_is_doubt_without_limit(model):
    obs, full = np.array([[418.0, 15.0], [50.0, 10.0]], np.float32), np.ones((2, 1), np.float32)
    found = doubt(model, obs, full, crawl, 3, Road().wrecked)
    assert found[0] == np.inf and np.isfinite(found[1])


def test_what_is_refused_is_done_by_the_fallback_and_counted(model):
    obs = np.array([[100.0, 10.0], [350.0, 8.0]], np.float32)
    bold = Always(1.0)
    shut = Gated(bold, model, crawl, threshold=0.0)
    shut.begin(obs)
    assert np.array_equal(shut.act(obs), crawl(obs)) and shut.refused.all()
    assert shut.abstention == 1 and bold.begun == 1
    open_ = Gated(bold, model, crawl, threshold=1e9)
    open_.begin(obs)
    assert (open_.act(obs) == 1).all() and open_.abstention == 0
    open_.keep(np.array([True, False]))
    assert bold.kept.tolist() == [True, False]


@pytest.mark.parametrize("wrong", [dict(horizon=0), dict(threshold=-1.0)])
def test_a_gate_that_cannot_be_is_refused(model, wrong):
    with pytest.raises(ValueError, match="gate must look|disagreement"):
        Gated(Always(1.0), model, crawl, **{"threshold": 1.0, **wrong})
