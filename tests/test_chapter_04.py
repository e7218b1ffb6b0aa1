"""Chapter 4: its exercises name the mistake, its rules are fair, its figures are complete."""

import numpy as np
import pytest
import torch
from exercises import Chapter, Equal

from wmlib.acting import play
from wmlib.course.ch04_shooting import experiments as ex
from wmlib.course.ch04_shooting import rivals
from wmlib.course.ch04_shooting import study as parts
from wmlib.course.ch04_shooting.figures import futures
from wmlib.course.ch04_shooting.new_goals import arrived
from wmlib.course.ch04_shooting.relabelled import Relabelled, later_rows
from wmlib.course.ch04_shooting.rivals import lqr, riccati
from wmlib.evidence import all_experiments
from wmlib.experience import collect
from wmlib.models import LinearDynamics, Simulator
from wmlib.planning import RandomShooting
from wmlib.worlds import CartPole, Pendulum

EXERCISES = ["ex1", "ex2", "ex3", "ex4"]


@pytest.fixture(scope="module")
def chapter():
    """What the chapter has defined when the exercises begin."""
    return Chapter("04_shooting_planner", [], np=np, torch=torch)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_stub_does_not_pass(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_its_solution_passes(exercise, chapter):
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


def test_an_object_that_equals_everything_does_not_pass(chapter):
    for exercise in EXERCISES[:3]:
        assert chapter.mistake(exercise, lambda *given: Equal()) is not None


def test_the_broken_round_is_told_what_is_broken(chapter):
    given = chapter.cells["ex3"].split("```python\n")[1].split("```")[0]
    assert "both mistakes" in chapter.mistake("ex3", given)


# ------------------------------------------------------------------ the rivals


def test_the_regulator_moves_to_its_set_point_and_back():
    data = collect(CartPole(), steps=50, seed=1000)
    assert parts.mean_return(lqr(data), 1000) >= 475
    for place in (-1.0, 1.0):
        found, poles = arrived(lqr(data, place, 0.1), 1000)
        assert abs(found - place) < 0.2 and poles == 4


def test_the_recursion_finds_the_cheapest_gain():
    k = riccati(*(np.ones((1, 1)) for _ in range(4)))
    assert k[0, 0] == pytest.approx(0.618034, abs=1e-5)  # P = 1 + P - P^2 / (1 + P)


def test_climbing_among_policies_counts_every_step(monkeypatch):
    played = []

    def counted(*args, **more):
        for step in play(*args, **more):
            played.append(1)
            yield step

    monkeypatch.setattr(rivals, "play", counted)
    steps = [taken for taken, _ in rivals.best_policy(1000, 400)]
    assert steps[-1] == sum(played) == 400


def test_products_learn_the_pendulum_better_than_a_linear_model():
    train, test = (collect(Pendulum(), steps=n, seed=n) for n in (600, 300))
    exact, linear = rivals.Products(train), LinearDynamics(3, Pendulum.act_space).fit(train)
    off = [
        abs(m.step(m.start(test.obs), torch.as_tensor(test.act)).state.numpy() - test.next_obs).mean()
        for m in (exact, linear)
    ]  # fmt: skip
    assert off[0] < 0.2 * off[1]


def test_feedback_holds_an_angle_without_a_model():
    class Near(Pendulum):
        def initial(self, n, rng):
            return rng.uniform(-0.05, 0.05, (n, 2))

    seen = parts.trace(Near(), rivals.Feedback(np.radians(15)), 0, 120, episodes=3)[-20:]
    assert abs(np.degrees(np.arctan2(seen[..., 1], seen[..., 0])) - 15).max() < 1


def test_a_mirrored_replay_holds_both_sides_of_each_step():
    agent = parts.dqn(False, 0, mirror=True, **parts.QUICK).learn(30)
    assert agent.real_steps == 30 and agent.rows == 60
    obs, act = agent.replay["obs"][:60], agent.replay["act"][:60]
    np.testing.assert_array_equal(obs[::2], -obs[1::2])
    np.testing.assert_array_equal(act[::2], 1 - act[1::2])


def test_relabelling_changes_rewards_and_keeps_weights():
    agent = parts.dqn(False, 0, **parts.QUICK)
    agent.reward = parts.at(0.0)
    agent.learn(600)
    before, rew = agent.q[0].weight.clone(), agent.replay["rew"][:600].copy()
    agent.relabel(parts.at(1.0))
    data = agent.remembered()
    assert torch.equal(before, agent.q[0].weight) and (rew != data.rew).any()
    wanted = parts.at(1.0)(None, None, torch.tensor(data.next_obs)).numpy()
    np.testing.assert_allclose(data.rew, wanted)
    assert len(data) == 600 and data.episode.max() + 1 - data.terminated.sum() in (0, 1)


def test_hindsight_goals_are_places_of_the_same_episode():
    data = collect(CartPole(), steps=200, seed=3)
    draw, rows = later_rows(data, 0), torch.arange(200).repeat(20)
    later = draw(rows, torch.Generator().manual_seed(0))
    assert (later >= rows).all() and (later > rows).any()
    assert (data.episode[later] == data.episode[rows]).all()


def test_q_learning_on_old_steps_learns_to_prefer_the_goals_side():
    """On a cart that may be anywhere, leaning towards the goal must be worth more."""
    data = collect(CartPole(), lqr(collect(CartPole(), steps=50, seed=0)), 600, 1, 0.5)
    learner = Relabelled(data, 0, shift=True).learn(400, 0.0)
    with torch.inference_mode():
        middle, edge = (
            learner.q(torch.tensor([[x, 0.0, 0.0, 0.0]]) / learner.scale).max() for x in (0.0, 2.2)
        )
    assert middle > edge


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
