"""The trap in the page: wmlib's worlds and its search; moved about by keys and by pointer."""

import random
from functools import partial
from types import SimpleNamespace

import boards
import pytest
from boards import letters, run
from browser import opened

from wmlib.course.ch01_small_scale_models import lookahead
from wmlib.course.ch01_small_scale_models.mazes import WarmMaze, trap_world
from wmlib.course.ch01_small_scale_models.players import TRAP, pack_trap
from wmlib.models.table import TableModel
from wmlib.players import own
from wmlib.players.gallery import stage_page
from wmlib.players.mazes import maze_settings

place = partial(boards.place, rows=8)
drag = partial(boards.drag, rows=8, steps=3)
SEEDS = range(200, 206)  # worlds that the course does not ship
WEIGHTS = pack_trap(SEEDS)


@pytest.fixture(scope="module")
def module_page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("trap"), stage_page(TRAP, {"trap": WEIGHTS})) as page:
        yield page


@pytest.fixture
def page(module_page):
    """The player, reset and standing still; nothing went wrong in the test."""
    module_page.set_viewport_size({"width": 1280, "height": 900})
    run(module_page, "player.pause(); player.stage.random = WM.random.uniform(5); game.reset()")
    yield module_page
    assert not module_page.wrong


def random_world(seed):
    """Letters thrown together, as a reader may leave them."""
    rng = random.Random(seed)
    cells = rng.choices(".#vT", (6, 3, 2, 1), k=72)
    start, goal = rng.sample(range(72), 2)
    cells[start], cells[goal] = "S", "G"
    drawing = "\n".join("".join(cells[i : i + 9]) for i in range(0, 72, 9))
    return WarmMaze(drawing, goal_reward=5.0, trap_reward=-20.0)


def test_it_stands_and_says_what_wmlib_says(page):
    assert page.locator(".wm-player").get_attribute("data-ready") == "1"
    assert float(page.locator(".wm-player").get_attribute("data-check")) < 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_steps_and_values_are_those_of_wmlib(page, seed):
    world = random_world(seed)
    code = """const maze = new WM.mazes.Maze(given[0]), cells = [...maze.letters.keys()];
      return [cells.map((c) => [0, 1, 2, 3].map((a) => maze.move(c, a))),
        given[1].map(([c, depth]) => game.values(maze, c, depth))];"""
    asked = [(cell, depth) for cell in world.free() for depth in (1, 2, 7)]
    moves, values = run(page, code, maze_settings(world, warm=True), asked)
    assert moves == [[list(o[0][1:]) for o in row] for row in world.outcomes]
    search = lookahead.depth_search(world)
    for (cell, depth), said in zip(asked, values):
        assert said == pytest.approx(search(cell, depth), abs=1e-9)


class Drawn:
    """Chance that was drawn before."""

    def __init__(self, numbers):
        self.numbers = iter(numbers)

    def randrange(self, n):
        return int(next(self.numbers) * n)


@pytest.mark.parametrize("depth", [1, 4, 8])
def test_both_agents_walk_as_wmlib_walks(page, depth, monkeypatch):
    code = """const slider = document.querySelector("input[type=range]");
      slider.value = given[1]; slider.dispatchEvent(new Event("input"));
      const agent = game.agents[1]; let t = 0; game.again();
      while (!agent.end) game.walk(agent, () => given[0][t++]);
      return [agent.end, agent.path];"""
    monkeypatch.setattr(lookahead, "random", SimpleNamespace(Random=Drawn))
    for seed in SEEDS:
        rng = random.Random(seed)
        draws = [rng.random() for _ in range(lookahead.LIMIT)]
        end, path = run(page, code, draws, depth)
        wanted = lookahead.plan_and_walk(trap_world(seed), depth, seed=draws)
        assert ({"fire": "goal"}.get(end, end), path) == wanted
        page.get_by_role("button", name="Another world").click()
    run(page, code, draws, 8)


def play_one_walk(page):
    """Until both have come to an end; what became of them."""
    run(page, "while (!game.agents.every((agent) => agent.end)) game.step(); player.stage.redraw()")
    return run(page, "return game.agents.map((agent) => agent.end)")


def test_the_reactive_agent_falls_and_the_planner_arrives(page):
    assert play_one_walk(page) == ["trap", "fire"]
    said = page.locator(".wm-player-score").inner_text()
    assert "Reactive: 0 fire, 1 trap" in said and "Planning: 1 fire, 0 trap" in said


def test_looking_one_step_ahead_the_planner_falls_too(page):
    slider = page.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "1 step"
    assert play_one_walk(page) == ["trap", "trap"]
    for _ in range(7):
        page.keyboard.press("ArrowRight")


def test_another_depth_or_another_place_begins_a_tally_and_a_walk(page):
    play_one_walk(page)
    run(page, "while (game.agents[1].path.length < 3) game.step()")  # under way again
    page.locator("input[type=range]").press("ArrowLeft")
    assert run(page, "return game.agents.map((agent) => agent.path.length)") == [1, 1]
    assert "Planning: 0 fire, 0 trap" in page.locator(".wm-player-score").inner_text()
    play_one_walk(page)
    start, flag = trap_world(SEEDS[0]).starts[0], trap_world(SEEDS[0]).cells("G")[0]
    drag(page, flag, start + 1)
    assert "Planning: 0 fire, 0 trap" in page.locator(".wm-player-score").inner_text()


def test_the_flag_is_dragged_to_where_both_arrive(page):
    world = trap_world(SEEDS[0])
    start, flag = world.starts[0], world.cells("G")[0]
    near = start + 1  # on the deck
    drag(page, flag, near)
    assert letters(page)[near] == "G" and letters(page)[flag] == "."
    assert play_one_walk(page) == ["fire", "fire"]


def test_a_wall_that_the_planner_was_not_told_of(page):
    """The stairs are walled up: it walks into the wall once, and then believes it."""
    stairs, wall = 9 * 2 + 8, letters(page).index("#")
    drag(page, wall, stairs, board=1)
    assert letters(page)[stairs] == "#"
    assert run(page, "return game.belief().letters[given[0]]", stairs) == "."
    play_one_walk(page)
    assert run(page, "return game.belief().letters[given[0]]", stairs) == "#"


def test_a_planner_falls_once_into_a_trap_that_is_new(page):
    """A chute and a trap are put into the stairs."""
    chute, trap = letters(page).index("v"), letters(page).index("T")
    drag(page, chute, 9 * 2 + 8)
    drag(page, trap, 9 * 3 + 8)
    run(page, "player.stage.random = () => 0")  # of equal actions the first one: up
    assert play_one_walk(page) == ["trap", "trap"]
    assert run(page, "return game.belief().letters[35]") == "T"
    run(page, "game.again()")
    assert play_one_walk(page)[1] != "trap"


def test_a_planner_that_is_told_knows_at_once(page):
    choice = page.locator("select")
    choice.select_option(label="is told")
    drag(page, letters(page).index("#"), 9 * 2 + 8)
    assert run(page, "return game.belief().letters.join('')") == letters(page)
    choice.select_option(label="stays as it was")


def test_things_are_moved_with_the_keys(page):
    flag = letters(page).index("G")
    page.locator(".wm-player-field").focus()
    for key in ("ArrowLeft", "ArrowRight", "Enter", "ArrowLeft", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    assert letters(page).index("G") == flag - 2


def test_a_tap_takes_hold_and_the_next_one_puts_down(page):
    wall = letters(page).index("#")
    page.mouse.click(*place(page, wall))
    assert letters(page)[wall] == "#"
    page.mouse.click(*place(page, 71 - 3))
    assert letters(page)[68] == "#"


def test_each_button_does_what_it_says(page):
    play, before = page.get_by_role("button", name="Play"), letters(page)
    play.click()
    assert run(page, "return player.stage.running()")
    page.get_by_role("button", name="Pause").click()
    assert not run(page, "return player.stage.running()")
    page.locator(".wm-player-field").focus()
    page.keyboard.press("Space")
    assert run(page, "return player.stage.running()")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Another world").click()
    assert letters(page) != before
    play_one_walk(page)
    page.get_by_role("button", name="Reset").click()
    assert run(page, "return game.agents.map((a) => a.fire + a.trap + a.nowhere)") == [0, 0]


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("canvas").first.bounding_box()["width"] > 300


@pytest.mark.parametrize(
    "old, new, said",
    [('"checksum":', '"checksum":1', "damaged"), ('"trap_reward":-20', '"trap_reward":-2', "off")],
)
def test_weights_that_were_tampered_with_are_noticed(page, old, new, said):
    told = run(
        page,
        """window.eval(given[0]); const node = document.createElement("div");
        node.className = "wm-player"; node.dataset.player = "trap"; document.body.append(node);
        WM.mount(node); const told = node.innerText; node.remove(); window.eval(given[1]); return told;""",
        WEIGHTS.replace(old, new),
        WEIGHTS,
    )
    assert said in told
    assert play_one_walk(page) == ["trap", "fire"]  # the other goes on


# --- with a table that a reader's own wanderer filled ---


def wandered(world, steps, seed=1):
    """The chapter's last cell: a table of what followed random steps, begun in any cell."""
    table, rng = TableModel(world.n_states, 4), random.Random(seed)
    cell = world.starts[0]
    for _ in range(steps):
        action = rng.randrange(4)
        nxt, reward, over = world.move(cell, action)
        table.record(cell, action, reward, nxt, over)
        cell = rng.choice(world.free()) if over else nxt
    return table


def play_own(page, tmp_path, table):
    own.play(TRAP, {"trap": pack_trap(SEEDS[:1], table)}, str(tmp_path / "mine.html"))
    page.goto((tmp_path / "mine.html").as_uri())
    page.wait_for_selector("[data-ready]")
    assert float(page.get_attribute(".wm-player", "data-check")) < 1e-9
    run(page, "player.pause(); player.stage.random = WM.random.uniform(5); game.reset()")


def test_a_readers_own_table_is_what_the_planner_imagines_in(page, tmp_path):
    world = trap_world(SEEDS[0])
    play_own(page, tmp_path, wandered(world, 5000))
    assert play_one_walk(page) == ["trap", "fire"]
    assert page.locator("select").count() == 0  # nobody tells it what has moved
    # A wall in the stairs: its table holds the step until it has tried it.
    stairs, above = 9 * 2 + 8, 9 + 8
    drag(page, letters(page).index("#"), stairs, board=1)
    leads = "return game.belief().move(given[0], 1)[0]"
    assert run(page, leads, above) == stairs
    play_one_walk(page)
    assert run(page, leads, above) == above
    # A table that knows nothing: every step looks alike, and it does not arrive.
    play_own(page, tmp_path, wandered(world, 5))
    assert play_one_walk(page)[1] != "fire"


def test_a_table_of_another_world_is_refused():
    with pytest.raises(
        ValueError, match="of 72 cells and 4 actions; got 1 worlds and a table of 9 x 4"
    ):
        pack_trap([1], TableModel(9, 4))
    with pytest.raises(ValueError, match="got 2 worlds"):
        pack_trap([1, 2], TableModel(72, 4))
