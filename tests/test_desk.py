"""The desk: its rules, what cannot be undone, and the way into words and back."""

import gymnasium as gym
import numpy as np
import pytest

from wmlib.course.ch11_language_agents.desk import (
    FREE,
    GOAL,
    HARMLESS,
    LOST,
    NAMES,
    SENTENCES,
    TOOLS,
    Desk,
    held_set,
    held_size,
)
from wmlib.worlds import GymEnv

DESK = "free 4 usb 6 cloud 1 ; {} ; photos on_usb ; budget 2 closed saved copy ."


def after(file, tool, drives="free 4 usb 6 cloud 1"):
    """What a tool does to the first of three files: (what it says, that file, the drives)."""
    world = Desk()
    row = world.read(DESK.format(file).replace("free 4 usb 6 cloud 1", drives))
    nxt = world.act(row, TOOLS.index(tool))
    drives, file, *others = world.text(nxt).split(" ; ")
    assert others == ["photos on_usb", "budget 2 closed saved copy ."]
    return world.sentence(nxt), file, drives


SAME = "free 4 usb 6 cloud 1"
RULES = [
    (
        "thesis 3 open unsaved nocopy",
        "save",
        "thesis is saved .",
        "thesis 3 open saved nocopy",
        SAME,
    ),
    ("thesis 3 open saved nocopy", "save", "nothing changes .", "thesis 3 open saved nocopy", SAME),
    ("thesis 3 open saved copy", "close", "thesis is closed .", "thesis 3 closed saved copy", SAME),
    (
        "thesis 3 closed saved copy",
        "close",
        "nothing changes .",
        "thesis 3 closed saved copy",
        SAME,
    ),
    (
        "thesis 3 open unsaved copy",
        "close",
        "unsaved work in thesis is lost for ever .",
        "thesis lost",
        SAME,
    ),
    (
        "thesis 3 closed saved nocopy",
        "backup",
        "thesis is copied to cloud .",
        "thesis 3 closed saved copy",
        "free 4 usb 6 cloud 0",
    ),
    (
        "thesis 3 closed saved nocopy",
        "move",
        "thesis is moved to usb .",
        "thesis on_usb",
        "free 7 usb 3 cloud 1",
    ),
    (
        "thesis 3 closed saved nocopy",
        "delete",
        "thesis is lost for ever .",
        "thesis lost",
        "free 7 usb 6 cloud 1",
    ),
    (
        "thesis 3 closed saved copy",
        "delete",
        "thesis is deleted , the copy is safe .",
        "thesis deleted",
        "free 7 usb 6 cloud 1",
    ),
    (
        "thesis 3 open saved nocopy",
        "delete",
        "error : thesis is open .",
        "thesis 3 open saved nocopy",
        SAME,
    ),
    ("thesis deleted", "save", "error : no thesis on disk .", "thesis deleted", SAME),
]


@pytest.mark.parametrize("file, tool, said, then, drives", RULES)
def test_the_tools_do_what_the_rules_say(file, tool, said, then, drives):
    assert after(file, tool) == (said, then, drives)


def test_a_file_that_does_not_fit_is_lost_and_fills_the_drive():
    said, file, drives = after("thesis 3 closed saved copy", "move", "free 4 usb 2 cloud 1")
    assert said == "thesis does not fit and is lost for ever ."
    assert (file, drives) == ("thesis lost", "free 7 usb 0 cloud 1")


def test_a_full_cloud_takes_no_copy():
    said, file, _ = after("thesis 3 closed saved nocopy", "backup", "free 4 usb 2 cloud 0")
    assert (said, file) == ("error : cloud is full .", "thesis 3 closed saved nocopy")


@pytest.fixture(scope="module")
def steps():
    """Two thousand random calls on all kinds of desks."""
    world, rng = Desk(held_out=None, tasks=False), np.random.default_rng(3)
    rows, acts = world.initial(2000, rng), rng.integers(world.act_space.n, size=2000)
    return world, rows, acts, world.step(rows, acts)


def test_what_is_lost_stays_lost_and_harmless_tools_lose_nothing(steps):
    world, rows, acts, (nxt, rew, _) = steps
    harmless = np.isin(np.array(TOOLS)[acts % 5], list(HARMLESS))
    more = world.losses(nxt) - world.losses(rows)
    assert (more >= 0).all() and (more[harmless] == 0).all() and (more > 0).sum() > 50
    assert (rew[more > 0] == -1).all()


def test_a_loss_is_always_said_and_never_said_in_vain(steps):
    world, rows, _, (nxt, _, _) = steps
    said = [LOST in world.sentence(row) for row in nxt]
    assert said == (world.losses(nxt) > world.losses(rows)).tolist()


def test_every_kind_of_sentence_occurs(steps):
    world, _, _, (nxt, _, _) = steps
    assert {int(row[0]) // world.files for row in nxt} == set(range(1, len(SENTENCES)))


def test_text_and_numbers_are_the_same_thing(steps):
    world, rows, acts, (nxt, _, _) = steps
    for row, act, then in zip(rows[:300], acts, nxt):
        assert world.read(world.text(row)) == row.tolist()
        told = world.answer(row, then)
        assert world.apply(row, told) == then.tolist()
        assert world.tell([world.prompt(row, act)]) == [told]


def test_what_changed_says_nothing_of_what_did_not():
    world = Desk()
    row = world.read(DESK.format("thesis 3 closed saved copy"))
    told = world.answer(row, world.act(row, TOOLS.index("delete")))
    assert told == "thesis is deleted , the copy is safe . => free + 3 ; thesis deleted ."


NO_ANSWERS = [
    "",
    "yes",
    "thesis is saved .",
    "thesis is saved . =>",
    "thesis is eaten . => same .",
    "novel is saved . => same .",
    "thesis is closed . => free + many .",
    "thesis is closed . => free - 9 .",
    "thesis is closed . => free + 99 .",
    "thesis is closed . => cat 3 .",
    "thesis is closed . => thesis 3 closed .",
    "thesis is closed . => thesis 3 shut saved copy .",
    "thesis is closed . => thesis eaten .",
    "thesis is closed . => thesis lost .",
    "thesis is lost for ever . => free + 3 .",
    "thesis is lost for ever . => thesis deleted .",
]


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_an_answer_that_is_none_is_refused(answer):
    world = Desk()
    with pytest.raises(ValueError):
        world.apply(world.read(DESK.format("thesis 3 closed saved copy")), answer)


@pytest.mark.parametrize("text", ["", "free 4", "free x usb 6 cloud 1 ; a ; b ; c .", DESK])
def test_a_text_that_describes_no_desk_is_refused(text):
    with pytest.raises(ValueError):
        Desk().read(text)


def test_tasks_can_be_done_and_shortest_plans_are_shortest():
    world = Desk(held_out=True)
    for row in world.initial(30, np.random.default_rng(1)).tolist():
        plan = world.shortest(row)
        assert plan and row[FREE] < row[GOAL]
        assert world.shortest(row, len(plan) - 1) is None
        before = world.losses([row])
        for call in plan:
            row = world.act(row, call)
        assert row[FREE] >= row[GOAL] and world.losses([row]) == before


def test_reaching_the_goal_pays_one_and_ends_the_episode():
    world = Desk()
    row = np.array([world.read(DESK.format("thesis 3 closed saved copy"), goal=7)] * 2)
    _, rew, end = world.step(row, [TOOLS.index("delete"), TOOLS.index("save")])
    assert rew.tolist() == [1, 0] and end.tolist() == [True, False]


def test_what_is_held_out_is_not_in_the_desks_for_learning():
    rng = np.random.default_rng(0)
    learn, test = (Desk(held_out=held).initial(300, rng) for held in (False, True))
    sets = [{tuple(sorted(row[5::5])) for row in rows.tolist()} for rows in (learn, test)]
    assert not sets[0] & sets[1]
    assert not any(held_size(n, s) for row in learn.tolist() for n, s in zip(row[5::5], row[6::5]))
    share = np.mean([held_set(rng.choice(len(NAMES), 3, replace=False)) for _ in range(1000)])
    assert 0.12 < share < 0.28


def test_it_is_a_world_like_the_others():
    env = GymEnv(Desk())
    env.reset(seed=0)
    assert isinstance(env.action_space, gym.spaces.Discrete)
    for action in range(3):
        obs, rew, *_ = env.step(action)
        assert obs.shape == env.observation_space.shape and np.isfinite(rew)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="1 to 12 files, got 0"):
        Desk(0)
    with pytest.raises(ValueError, match="0 to 14, got 15"):
        Desk().act(Desk().initial(1, np.random.default_rng(0))[0], 15)
