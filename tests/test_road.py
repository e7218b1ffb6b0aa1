"""The road of chapter 5: two worlds that no log can tell apart, and one valley."""

import numpy as np
import pytest

from wmlib.course.ch05_ensembles.gates import drive
from wmlib.course.ch05_ensembles.road import Driver, Road, crawl
from wmlib.experience import collect
from wmlib.worlds.valley import Valley


def test_at_the_speeds_of_the_log_flooded_and_dry_are_the_same_road_to_the_last_digit():
    log = collect(Road(), Driver(0), steps=3000, seed=0)
    state = Road().state_of(log.obs)
    wet, dry = (Road(flooded=flooded).step(state, log.act)[0] for flooded in (True, False))
    assert np.array_equal(wet, dry)


def test_above_the_onset_a_flooded_quay_takes_the_brakes():
    fast, brake = np.array([[350.0, 25.0]]), np.array([[-1.0]])
    wet, dry = (Road(flooded=f).step(fast, brake)[0][0, 1] for f in (True, False))
    assert dry == pytest.approx(25 - 2.5) and wet == pytest.approx(25 - 0.5)
    assert Road().grip(np.array([100.0]), np.array([25.0])) == 1  # the hills are never flooded
    assert Road().grip(np.array([350.0]), np.array([18.0])) == 1


def test_the_driver_of_the_log_is_fast_on_the_hills_and_slow_on_the_quay():
    log = collect(Road(), Driver(1), steps=6000, seed=1)
    on_quay = log.obs[:, 0] >= 300
    assert log.obs[~on_quay, 1].max() > 22
    assert log.obs[on_quay, 1].max() < 13
    assert not Road().wrecked(log.next_obs).any()


@pytest.mark.parametrize("flooded", [True, False])
def test_the_fallback_parks_every_time_and_takes_its_time(flooded):
    drives = drive(Road(flooded=flooded), crawl, 20, seed=2)
    assert not drives.wrecked.any()
    assert all(410 <= path[-1, 0] <= 420 for path in drives.paths)
    assert 45 < drives.seconds.mean() < 60


def test_a_car_past_the_edge_is_in_the_water_and_pays_for_it():
    state, rew, ends = Road().step(np.array([[415.0, 20.0]]), np.array([[0.0]]))
    assert state[0, 0] > Road.EDGE and ends[0] and rew[0] < -Road.WRECK
    _, rew, ends = Road().step(np.array([[415.0, 0.4]]), np.array([[-1.0]]))
    assert ends[0] and rew[0] > -0.01


def test_a_car_never_rolls_backwards():
    state = np.stack([np.linspace(0, 400, 50), np.zeros(50)], 1)
    assert (Road().step(state, np.full((50, 1), -1.0))[0][:, 1] >= 0).all()


def test_the_valley_pays_most_at_two_and_nothing_at_rest():
    at = lambda x, v=0.0: Valley.reward(np.array([[x, v]]))[0]  # noqa: E731
    assert at(2) == 1 > at(1.9) > at(1.2) > at(0)
    assert at(2, 3) < at(2) and at(4) < 0.001
