"""Dyna in the page: wmlib's agent on the same chance; walls drawn by keys, pointer and finger."""

from functools import partial

import boards
import numpy as np
import pytest
from boards import letters, run
from browser import opened

from wmlib.acting import walk
from wmlib.course.ch02_dyna.mazes import blocking_maze, shortest
from wmlib.course.ch02_dyna.players import DYNA, Uniform, pack_dyna
from wmlib.learning.dyna import DynaQ
from wmlib.learning.q_learning import run_episodes
from wmlib.models.table import SampleModel
from wmlib.players import own
from wmlib.players.gallery import stage_page
from wmlib.players.mazes import maze_settings
from wmlib.worlds.maze_gallery import dyna_maze
from wmlib.worlds.mazes import Maze

place = partial(boards.place, rows=6)
drag = partial(boards.drag, rows=6, steps=12)
WEIGHTS = pack_dyna()
START, FLAG = 18, 8  # cells of the Dyna maze


@pytest.fixture(scope="module")
def module_page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("dyna"), stage_page(DYNA, {"dyna": WEIGHTS})) as page:
        yield page


@pytest.fixture
def page(module_page):
    """The player, its maze restored, standing still; nothing went wrong in the test."""
    module_page.set_viewport_size({"width": 1280, "height": 900})
    run(module_page, "player.pause(); player.stage.random = WM.random.uniform(5)")
    module_page.get_by_role("button", name="Restore the maze").click()
    yield module_page
    assert not module_page.wrong


def quiet(page):
    """Where neither agent stands: they are put back to the start."""
    run(page, "for (const side of game.sides) side.life.begin()")


def test_chance_is_the_engines(page):
    said = page.evaluate(
        "() => { const u = WM.random.uniform(77); return Array.from({length: 500}, u) }"
    )
    mine = Uniform(77)
    assert said == [mine.random() for _ in said]


def test_it_stands_and_learns_what_wmlib_learns(page):
    assert page.locator(".wm-player").get_attribute("data-ready") == "1"
    assert page.locator(".wm-player").get_attribute("data-check") == "0"


@pytest.mark.parametrize("n", [0, 1, 20])
def test_an_agent_learns_the_same_also_where_a_wall_goes_up(page, n):
    """2,000 steps in a maze whose gap is closed half-way: values equal to the last bit."""
    before, after = blocking_maze()
    agent = DynaQ(54, 4, n)
    agent.random = Uniform(1000 + n)
    lengths, t = [], 0
    for i, row in enumerate(
        walk(lambda t: after if t >= 1000 else before, agent.act, agent.random, None, 2000, True)
    ):
        agent.learn(*row)
        t += 1
        if row[-1]:
            lengths.append(t)
            t = 0
    code = """const maze = new WM.mazes.Maze(given[0]), agent = new game.DynaQ(54, given[2], game.settings, WM.random.uniform(given[3]));
      const life = new game.Life(maze, agent);
      for (let t = 0; t < 2000; t++) { if (t === 1000) maze.letters = given[1].lines.join("").split(""); life.step(); }
      return [agent.q, life.lengths];"""
    q, said = run(page, code, maze_settings(before), maze_settings(after), n, 1000 + n)
    assert len(lengths) > 1 and said == lengths
    assert q == agent.q


@pytest.mark.parametrize("seed", range(4))
def test_steps_and_shortest_ways_are_those_of_wmlib(page, seed):
    rng = np.random.default_rng(seed)
    cells = rng.choice([".", "#"], 54, p=[0.6, 0.4])
    cells[[0, 53]] = "S", "G"
    maze = Maze("\n".join("".join(cells[i : i + 9]) for i in range(0, 54, 9)))
    code = """const maze = new WM.mazes.Maze(given[0]);
      return [maze.letters.map((_, c) => [0, 1, 2, 3].map((a) => maze.move(c, a))), maze.shortest()]"""
    moves, least = run(page, code, maze_settings(maze))
    assert moves == [[list(o[0][1:]) for o in row] for row in maze.outcomes]
    assert least == shortest(maze)


def test_imagination_wins_the_race(page):
    """After the same real steps n = 50 has found the flag more often."""
    run(
        page,
        "for (let t = 0; t < 400; t++) for (const side of game.sides) side.life.step(); player.stage.redraw()",
    )
    plain, dyna = run(page, "return game.sides.map((side) => side.life.lengths.length)")
    assert dyna > 5 and dyna > 2 * plain
    assert f"{plain} (n = 0), {dyna} (n = 50)" in page.locator(".wm-player-score").inner_text()


def test_walls_are_drawn_and_taken_away_by_pointer(page):
    quiet(page)
    drag(page, 9 * 5 + 2, 9 * 5 + 6)
    assert letters(page)[45:54] == "..#####.."
    page.mouse.click(*place(page, 9 * 5 + 4, board=1))
    assert letters(page)[45:54] == "..##.##.."


def test_the_flag_and_the_start_are_dragged(page):
    quiet(page)
    drag(page, FLAG, 9 * 5 + 8)
    assert letters(page)[53] == "G" and letters(page)[FLAG] == "."
    run(page, "for (const side of game.sides) side.life.cell = 20")
    drag(page, START, 9 * 5)
    assert letters(page)[45] == "S" and run(page, "return game.best()") == 8


def test_where_no_way_is_left_it_says_so(page):
    quiet(page)
    drag(page, 9 * 1 + 8, 9 * 1 + 8)
    assert run(page, "return game.best()") is None
    page.wait_for_function(
        "document.querySelector('.wm-player-says').innerText.startsWith('No way')"
    )
    score = page.locator(".wm-player-score")
    assert "Shortest way: none" in score.inner_text()
    what_to_do = "No way leads from the start to the flag. Take a wall away (click it), or press “Restore the maze”."
    assert score.inner_text().startswith(what_to_do)
    captions = page.locator(".wm-player-caption")
    assert [captions.nth(k).inner_text().endswith("no way to the flag") for k in (0, 1)] == [
        True
    ] * 2
    page.get_by_role("button", name="Reset").click()  # no search for a flag that cannot be found
    assert run(page, "return game.sides.map((side) => side.life.total)") == [0, 0]
    page.mouse.click(*place(page, 9 * 1 + 8))
    assert not score.inner_text().startswith("No way")
    assert "no way" not in page.locator(".wm-player-field").inner_text()


def test_an_agent_that_is_walled_in_is_told_of(page):
    """The start still has its way, the agent in the corner has none."""
    quiet(page)
    run(page, "game.sides[1].life.cell = 53")
    drag(page, 52, 52)
    page.mouse.click(*place(page, 44))
    assert letters(page)[44] == letters(page)[52] == "#" and run(page, "return game.best()") == 14
    assert (
        page.locator(".wm-player-score")
        .inner_text()
        .startswith("No way leads to the flag from where")
    )
    captions = page.locator(".wm-player-caption")
    assert "no way" in captions.nth(1).inner_text() and "no way" not in captions.nth(0).inner_text()


def test_the_flag_is_carried_with_the_keys(page):
    quiet(page)
    page.locator(".wm-player-field").focus()
    for key in ["ArrowRight"] * 8 + ["ArrowUp"] * 2 + ["Enter"] + ["ArrowDown"] * 5:
        page.keyboard.press(key)
    assert letters(page)[FLAG] == "G" and letters(page)[53] == "."
    page.keyboard.press("Enter")
    assert letters(page)[FLAG] == "." and letters(page)[53] == "G"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert letters(page)[52] == "G"


def test_walls_are_built_with_the_keys(page):
    quiet(page)
    page.locator(".wm-player-field").focus()
    page.keyboard.press("ArrowRight")
    before = letters(page)
    page.keyboard.press("Enter")
    changed = [i for i, (a, b) in enumerate(zip(before, letters(page))) if a != b]
    assert len(changed) == 1 and letters(page)[changed[0]] == "#"
    # a screen reader hears it
    page.wait_for_function(
        "document.querySelector('.wm-player-says').innerText.startsWith('wall, row')"
    )
    page.keyboard.press("Enter")
    assert letters(page) == before


def test_a_finger_taps_walls_and_scrolls_without_drawing(page):
    quiet(page)
    touch = """const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
      for (const type of given[2]) canvas.dispatchEvent(new PointerEvent(type, { pointerType: "touch", pointerId: 5,
        clientX: box.left + given[0] * box.width, clientY: box.top + given[1] * box.height, bubbles: true }));"""
    before = letters(page)
    run(page, touch, 0.05, 0.95, ["pointerdown", "pointermove", "pointercancel"])
    assert letters(page) == before
    run(page, touch, 0.05, 0.95, ["pointerdown", "pointerup"])
    assert letters(page)[45] == "#"


def test_each_control_does_what_it_says(page):
    quiet(page)
    page.mouse.click(*place(page, 9 * 5 + 4))
    run(page, "stage.say('With 50 imagined steps ...')")
    page.locator("select").first.select_option(label="n = 5 after each")
    assert page.inner_text(".wm-player-says") == ""
    assert run(page, "return game.sides.map((side) => side.life.agent.n)") == [0, 5]
    assert letters(page)[49] == "#"
    page.get_by_role("button", name="Reset").click()
    assert run(page, "return game.sides[1].life.lengths.length") == 1 and letters(page)[49] == "#"
    page.get_by_role("button", name="Restore the maze").click()
    assert letters(page) == dyna_maze().letters
    page.locator("select").nth(1).select_option(label="a gap on the left")
    assert run(page, "return game.best()") == 16
    page.locator("select").nth(1).select_option(label="the Dyna maze")
    page.locator("select").first.select_option(label="n = 50 after each")
    slider = page.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "1500 steps a second"
    before = run(page, "return game.sides[0].life.total")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Pause").click()
    assert run(page, "return game.sides[0].life.total") > before + 50


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("canvas").first.bounding_box()["width"] > 300


@pytest.mark.parametrize(
    "old, new, said",
    [('"checksum":', '"checksum":1', "damaged"), ('"alpha":0.1', '"alpha":0.2', "off")],
)
def test_weights_that_were_tampered_with_are_noticed(page, old, new, said):
    assert old in WEIGHTS
    told = run(
        page,
        """window.eval(given[0]); const node = document.createElement("div");
        node.className = "wm-player"; node.dataset.player = "dyna"; document.body.append(node);
        WM.mount(node); const told = node.innerText; node.remove(); window.eval(given[1]); return told;""",
        WEIGHTS.replace(old, new),
        WEIGHTS,
    )
    assert said in told
    before = run(page, "return game.sides[0].life.total")
    run(page, "game.sides[0].life.step()")
    assert run(page, "return game.sides[0].life.total") == before + 1  # the other goes on


def test_a_readers_own_agent_goes_on_with_what_it_has_learned(page, tmp_path):
    """The last cell of the notebook: its values and its model, and the same steps as in Python."""
    maze = dyna_maze()
    mine = DynaQ(maze.n_states, 4, 50, seed=3)
    run_episodes(mine, maze, 20)
    own.play(DYNA, {"dyna": pack_dyna(maze, mine)}, str(tmp_path / "mine.html"))
    page.goto((tmp_path / "mine.html").as_uri())
    page.wait_for_selector("[data-ready]")
    assert page.get_attribute(".wm-player", "data-check") == "0"
    run(page, "stage.pause(); game.reset(); stage.redraw()")
    assert run(page, "return game.sides[1].life.agent.q") == mine.q
    assert run(page, "return game.sides[1].life.agent.last.size") == len(mine.model.last)
    assert "your agent, n = 50" in page.locator(".wm-player-field").inner_text()
    run(page, "while (game.sides[1].life.lengths.length < 4) game.sides[1].life.step()")
    assert max(run(page, "return game.sides[1].life.lengths")) < 60  # it knows the way
    run(page, "stage.redraw()")
    assert (
        "(your agent, n = 50). Steps of the last episode"
        in page.locator(".wm-player-score").inner_text()
    )
    assert page.wrong == []


def test_an_agent_that_the_page_cannot_run_is_refused():
    maze = dyna_maze()
    with pytest.raises(ValueError, match="DynaQ with a TableModel, got DynaQ with SampleModel"):
        pack_dyna(maze, DynaQ(54, 4, 5, SampleModel(54, 4)))
    with pytest.raises(ValueError, match="values 54 x 4, the agent has 20 x 4"):
        pack_dyna(maze, DynaQ(20, 4, 5))
    two = Maze("S.G\n..S")
    with pytest.raises(ValueError, match="one start and one flag, got 2 and 1"):
        pack_dyna(two, DynaQ(6, 4, 5))
