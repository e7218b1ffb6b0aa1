"""Chapter 4: its exercises name the mistake, its rules are fair, its figures are complete."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch04_shooting import experiments as ex
from wmlib.course.ch04_shooting import study as parts
from wmlib.course.ch04_shooting.figures import futures
from wmlib.evidence import all_experiments
from wmlib.experience import collect
from wmlib.models import Simulator
from wmlib.planning import CEM, ICEM, MPC, RandomShooting
from wmlib.worlds import CartPole, Pendulum

EXERCISES = ["ex1", "ex2", "ex3"]


@pytest.fixture(scope="module")
def chapter():
    """What the chapter has defined when the exercises begin; the true pendulum as its model."""
    return Chapter(
        "04_shooting_planner",
        [],
        np=np,
        torch=torch,
        parts=parts,
        CEM=CEM,
        swing_model=Simulator(Pendulum()),
        ICEM=ICEM,
        Pendulum=Pendulum,
        MPC=MPC,
        true=Simulator(CartPole()).goal(parts.upright, parts.standing),
    )


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_stub_does_not_pass(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)


@pytest.mark.parametrize("exercise", ["ex1", "ex2", pytest.param("ex3", marks=pytest.mark.slow)])
def test_its_solution_passes(exercise, chapter):
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


def after_its_own_continue(rew, cont, discount):
    return (torch.cumprod(cont, 1) * rew).sum(1)


def only_the_last_continue(rew, cont, discount):
    before = torch.cat([torch.ones_like(cont[:, :1]), cont[:, :-1]], 1)
    return (before * rew).sum(1)


def no_discount(rew, cont, discount):
    alive = torch.cumprod(cont, 1)
    return (torch.cat([torch.ones_like(cont[:, :1]), alive[:, :-1]], 1) * rew).sum(1)


@pytest.mark.parametrize(
    "attempt, named",
    [
        (lambda r, c, d: r.sum(), "one number for each"),
        (lambda r, c, d: r.sum(1), "the continues are ignored"),
        (after_its_own_continue, "the step that falls is still paid"),
        (only_the_last_continue, "take the product"),
        (no_discount, "gamma"),
    ],
)
def test_mistakes_in_the_score_are_named(attempt, named, chapter):
    assert named in chapter.mistake("ex1", attempt)


@pytest.mark.parametrize(
    "attempt, named",
    [
        (lambda p, s, k: (p.mean(0), p.std(0)), "all plans"),
        (lambda p, s, k: (p[s.argsort()[:k]].mean(0), p.std(0)), "the worst plans"),
        (lambda p, s, k: (p[s.topk(k).indices].mean(0), p.std(0)), "the deviation is not"),
    ],
)
def test_mistakes_with_the_elites_are_named(attempt, named, chapter):
    assert named in chapter.mistake("ex2", attempt)


def leaning(degrees, to_radians=np.pi / 180, speed=0.1):
    def score(obs, action, next_obs):
        angle = torch.atan2(next_obs[:, 1], next_obs[:, 0])
        return -((angle - degrees * to_radians) ** 2) - speed * next_obs[:, 2] ** 2

    return score


@pytest.mark.parametrize(
    "attempt, named",
    [
        (leaning(+10), "the other side"),
        (leaning(-10, to_radians=1.0), "are those radians"),
        (leaning(0), "higher than upright"),
        (leaning(-10, speed=0.0), "less than standing"),
        (lambda o, a, n: n[:1, 0], "one score for each"),
    ],
)
def test_mistakes_with_the_aim_are_named(attempt, named, chapter):
    assert named in chapter.mistake("ex3", attempt)


# ------------------------------------------------------------------ scores and learners


def test_the_shaped_score_is_one_in_the_middle_and_zero_in_the_corner():
    rows = torch.tensor([[0.0, 3, 0, 3], [parts.X, 0, parts.ANGLE, 0], [parts.X, 0, 0, 0]])
    assert parts.upright(None, None, rows).tolist() == pytest.approx([1, 0, 0.5], abs=1e-6)


def test_standing_is_what_the_world_says():
    rng = np.random.default_rng(0)
    rows = rng.uniform(-1, 1, (500, 4)) * [4, 3, 0.4, 3]
    assert (parts.standing(torch.as_tensor(rows)).numpy() == 1 - CartPole().fallen(rows)).all()


def test_a_tie_break_never_outweighs_a_step():
    worst = torch.tensor([[parts.X, 0, parts.ANGLE, 0]])
    assert 20 * (1 - parts.tie_break(None, None, worst)).item() < 0.05


def test_holding_an_angle_is_best_at_that_angle_on_either_way_round():
    angle = torch.tensor([0.3, 0.3 - 2 * np.pi, 0.0, 3.0])
    obs = torch.stack([torch.cos(angle), torch.sin(angle), torch.zeros(4)], 1)
    score = parts.hold(0.3)(obs, torch.zeros(4, 1), obs)
    assert score[:2].tolist() == pytest.approx([0, 0], abs=1e-6) and (score[2:] < -0.05).all()


def test_every_learner_is_checked_by_one_rule():
    table = parts.model_free(parts.table(False, 0))
    assert [next(table)[0] for _ in range(3)] == [50, 100, 150]
    agent = parts.dqn(False, 0, **parts.QUICK)
    assert [next(parts.model_free(agent))[0] for _ in range(3)] == [64, 128, 192]


def test_the_planners_learner_counts_every_real_step(monkeypatch):
    taken = []

    def counted(world, agent, steps, **more):
        taken.append(steps)
        return collect(world, agent, steps, **more)

    monkeypatch.setattr(parts, "collect", counted)
    learner = parts.model_based(parts.linear, seed=1000, horizon=5, limit=150)
    assert [steps for steps, _ in learner] == [50, 100, 150] and sum(taken) == 150


def test_the_linear_planner_solves_cartpole_with_fifty_real_steps():
    _, agent = next(parts.model_based(parts.linear, seed=1000, horizon=8, limit=50))
    assert parts.mean_return(agent, 1000) >= 475


def test_the_steps_before_an_end_are_marked_where_the_end_is_known():
    data = collect(CartPole(), steps=60, seed=0)
    ends = np.flatnonzero(data.terminated)
    soon, known = parts.ending(data, ahead=5)
    assert len(ends) >= 3
    for end in ends:
        assert soon[end - 4 : end + 1].all() and not soon[end - 5]
    cut_off = data.episode == data.episode[-1]
    assert not soon[cut_off].any() and not known[-5:][cut_off[-5:]].any()
    assert known[~cut_off].all()


def test_a_mirrored_step_obeys_the_same_physics():
    data, world = parts.mirrored(collect(CartPole(), steps=40, seed=1)), CartPole()
    assert len(data) == 80
    nxt, _, ended = world.step(world.state_of(data.obs), data.act)
    np.testing.assert_allclose(world.obs(nxt), data.next_obs, atol=1e-5)
    np.testing.assert_array_equal(ended, data.terminated)


def test_a_certain_head_ties_and_a_softened_one_ranks():
    head = parts.neural(collect(CartPole(), steps=200, seed=0), 0).cont
    safe = torch.zeros(2, 4)
    safe[1, 2] = 0.02
    head.net[-1].bias.data += 30.0
    assert head(safe)[0] == head(safe)[1] == 1
    head.temperature.fill_(5.0)
    assert head(safe)[0] != head(safe)[1]


def test_the_learner_with_nothing_given_plays_whole_episodes(monkeypatch):
    taken = []

    def counted(*args, **more):
        taken.append(collect(*args, **more))
        return taken[-1]

    monkeypatch.setattr(parts, "collect", counted)
    monkeypatch.setattr(parts, "far_sighted", lambda data, seed: parts.linear(data, seed))
    seen = [steps for steps, _ in parts.self_taught(1000, horizon=5, limit=300)]
    assert seen[0] == 200 and seen[-1] == sum(map(len, taken)) == 300
    assert all(own.terminated[-1] for own in taken[1:-1])


def test_both_ways_of_scoring_plans_agree():
    model = Simulator(CartPole()).goal(parts.upright, parts.standing)
    search = RandomShooting(horizon=10, candidates=6)
    plans = search.propose(model.act_space, 1, torch.Generator().manual_seed(0))
    obs = np.array([[0.0, 0.5, 0.1, 0.5]], np.float32)
    slow = ex.one_at_a_time(model, obs, plans[0])
    fast = search.evaluate(model, model.start(obs), plans)[0]
    assert torch.allclose(slow, fast.float(), atol=1e-5)


def test_an_aim_can_change_in_mid_episode():
    class Says:
        def __init__(self, word):
            self.word = word

        def begin(self, obs):
            self.begun = True

        def act(self, obs):
            assert self.begun
            return self.word

    agent = parts.Changing(Says("up"), Says("lean"), after=2)
    agent.begin(None)
    assert [agent.act(None) for _ in range(4)] == ["up", "up", "lean", "lean"]


def test_the_picture_of_futures_wants_a_score_for_each():
    from matplotlib import pyplot as plt

    fig = futures(np.zeros((3, 5)), [1.0, 2.0, 3.0], limits=(-1, 1))
    assert fig.axes[0].texts[0].get_text() == "chosen"
    plt.close(fig)
    with pytest.raises(ValueError, match=r"\(3, 5\) and \(2,\)"):
        futures(np.zeros((3, 5)), [1.0, 2.0])


def test_a_trace_stands_still_after_the_fall():
    seen = parts.trace(CartPole(), lambda obs: np.ones(len(obs), int), 0, 60, episodes=2)
    assert seen.shape == (61, 2, 4) and (seen[30] == seen[60]).all()
    assert (abs(seen[60, :, 2]) > parts.ANGLE).all()


def test_every_claim_has_stored_evidence_that_reaches_its_bar():
    for experiment in all_experiments("04"):
        stored = experiment.stored()
        assert stored is not None, experiment.name
        assert set(stored["claims"]) == set(experiment.claims), experiment.name
        for key, claim in stored["claims"].items():
            assert claim["held"] >= experiment.bar * claim["of"], (experiment.name, key)


def test_no_claim_holds_whatever_happens():
    """Every condition is false for some figures: those of a planner that always fails."""
    useless = {
        "random": 20,
        "reward_head": 100,
        "constant": 100,
        "learned": [20] * 4,
        "true": [500] * 4,
        "steps": 100,
        "solved": False,
        "linear": 10**6,
        "new_place": 0.0,
        "old_place": 2.0,
        "new_upright": 0,
        "learned_off": [90] * 5,
        "learned_before": [90] * 5,
        "grid": [[500] * 5] * 4,
        "open_loop": [500] * 5,
        "CEM": -2000,
        "iCEM": -2000,
        "random_shooting": -150,
        "same": False,
        "ratio": 1,
    }
    for experiment in all_experiments("04"):
        figures = dict(useless)
        if experiment is ex.swing_up:
            figures |= {"learned": -1000, "true": -150, "linear": -160}
        if experiment is ex.repair:
            figures["learned"] = [20, 20, 20, 20]
        assert not any(experiment.holds(figures).values()), experiment.name
