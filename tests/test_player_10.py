"""The searches in the page ask as many questions as wmlib's; goals are clicked and chosen by key."""

import pytest
from boards import PLAYER, run
from browser import opened

from wmlib.course.ch10_levels.options import Options
from wmlib.course.ch10_levels.players import ROOMS, learned, moves_of, pack_rooms, questions
from wmlib.course.ch10_levels.rooms import Rooms
from wmlib.course.ch10_levels.search import Asked, manhattan, search
from wmlib.course.ch10_levels.study import learned_table, trips
from wmlib.models import TableModel
from wmlib.players.gallery import stage_page

SIZES, SEED = ((4, 5), (3, 6)), 11  # buildings that the course does not ship
WEIGHTS = pack_rooms(learned(SIZES, SEED))


@pytest.fixture(scope="module")
def module_page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("rooms"), stage_page(ROOMS, {"rooms": WEIGHTS})) as page:
        yield page


@pytest.fixture
def page(module_page):
    """The player, reset and standing still; nothing went wrong in the test."""
    module_page.set_viewport_size({"width": 1280, "height": 900})
    run(module_page, "player.pause(); player.stage.random = WM.random.uniform(5); game.reset()")
    yield module_page
    assert not module_page.wrong


ARRIVE = """const there = (side) => side.at >= side.walked.length - 1;
  for (let t = 0; t < 20000 && !game.sides.every(there); t++) game.step(); player.stage.redraw();"""


def score(page):
    return page.locator(".wm-player-score").inner_text()


def test_it_stands_and_asks_as_many_questions_as_wmlib(page):
    assert page.locator(".wm-player").get_attribute("data-ready") == "1"
    assert page.locator(".wm-player").get_attribute("data-check") == "0"


@pytest.mark.parametrize("b", [0, 1])
def test_questions_and_steps_of_fresh_trips_are_those_of_wmlib(page, b):
    world = Rooms(*SIZES[b], SEED)
    table = learned_table(world, SEED)
    pairs = trips(world, 12, seed=99)
    code = """const where = game.enter(game.settings.buildings[given[0]]);
      return given[1].map(([from, to]) => [[false, false], [false, true], [true, false], [true, true]].map(([levels, told]) => {
        const { asked, path, walked } = game.planned(where, levels, told, from, to);
        return { asked, steps: path.steps, walked };
      }));"""
    for pair, found in zip(pairs, run(page, code, b, pairs)):
        wanted = questions(table, world, *pair)
        names = ("flat", "astar", "levels", "both")
        assert [row["asked"] for row in found] == [wanted[name] for name in names]
        for row in found:
            walked = row["walked"]
            assert row["steps"] == len(walked) - 1 == wanted["steps"]
            assert (walked[0], walked[-1]) == pair
            for a, z in zip(walked, walked[1:]):
                assert z in {world.move(a, action)[0] for action in range(4)}


def test_what_lights_up_is_what_was_asked_in_the_same_order(page):
    world = Rooms(*SIZES[0], SEED)
    table, (start, goal) = learned_table(world, SEED), trips(world, 1, seed=5)[0]
    flat, options = Asked(table), Options(table)
    search(flat.neighbours, start, goal, manhattan(world.shape[1], goal))
    options.low.log.clear()
    options.plan(start, goal)
    code = """const where = game.enter(game.settings.buildings[0]);
      return [[false, true], [true, false]].map(([levels, told]) => game.planned(where, levels, told, given[0], given[1]).log);"""
    said_flat, said_levels = run(page, code, start, goal)
    assert said_flat == flat.log
    cells = [cell for cell in said_levels if not isinstance(cell, list)]
    pairs = [tuple(pair) for pair in said_levels if isinstance(pair, list)]
    assert sorted(cells) == sorted(options.low.log)
    assert sorted(pairs) == sorted((cell, options.doors[i]) for cell, i in options.log)


def test_a_trip_is_searched_and_walked_and_billed(page):
    run(page, ARRIVE)
    flat, levels = run(page, "return game.sides.map((side) => side.asked)")
    built = run(page, "return game.at().building.options.built")
    assert levels < flat
    assert f"{flat:,} cell by cell, {levels:,} among doorways" in score(page)
    assert f"{built + levels:,} among doorways, of which {built:,} to learn" in score(page)
    assert not run(page, "return player.stage.running()")


@pytest.mark.parametrize("board", [0, 1])
def test_a_click_sets_the_goal_and_the_next_trip_begins_there(page, board):
    run(page, ARRIVE)
    old, columns = run(page, "return [game.at().goal, game.at().building.columns]")
    world = Rooms(*SIZES[0], SEED)
    cell = next(c for c in world.inside() if c != old)
    row, col = divmod(cell, columns)
    page.locator("canvas").nth(board).scroll_into_view_if_needed()
    box = page.locator("canvas").nth(board).bounding_box()
    page.mouse.click(
        box["x"] + (col + 0.5) * box["width"] / columns,
        box["y"] + (row + 0.5) * box["height"] / columns,
    )
    at = run(page, "return [game.at().start, game.at().goal, player.stage.running()]")
    assert at == [old, cell, True]


def test_a_click_on_a_wall_means_the_nearest_cell(page):
    run(page, ARRIVE)
    box = page.locator("canvas").first.bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] - 3)  # the outer wall's corner
    columns, goal = run(page, "return [game.at().building.columns, game.at().goal]")
    assert goal == columns * (columns - 2) + 1


def test_the_flag_is_set_with_the_keys(page):
    run(page, ARRIVE)
    before = run(page, "return game.at().goal")
    page.locator(".wm-player-field").focus()
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    for _ in range(3):
        page.keyboard.press("ArrowUp" if before > 200 else "ArrowDown")
    flag = run(page, "return game.at().flag")
    assert flag != before and run(page, "return game.at().goal") == before
    page.keyboard.press("Enter")
    assert run(page, "return [game.at().start, game.at().goal]") == [before, flag]
    page.keyboard.press("Space")
    assert not run(page, "return player.stage.running()")


def test_each_control_does_what_it_says(page):
    asked = run(page, "return game.sides.map((side) => side.asked)")
    searches, building = page.locator("select").first, page.locator("select").nth(1)
    searches.select_option(label="A*: told rows and columns to go")
    told = run(page, "return game.sides.map((side) => side.asked)")
    assert told[0] < asked[0] and told[1] <= asked[1]
    searches.select_option(label="A* cell by cell only")
    assert run(page, "return game.sides.map((side) => side.asked)") == [told[0], asked[1]]
    searches.select_option(label="told nothing")
    assert run(page, "return game.sides.map((side) => side.asked)") == asked
    building.select_option(label="3 × 3 rooms of 6 × 6")
    assert run(page, "return game.at().building.columns") == Rooms(3, 6, SEED).shape[1]
    building.select_option(label="4 × 4 rooms of 5 × 5")
    slider = page.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "100 questions a second"
    run(page, "player.pause(); game.reset(); for (let t = 0; t < 30; t++) game.step()")
    assert run(page, "return game.sides[0].shown") == pytest.approx(100, abs=0.1)
    page.keyboard.press("End")
    run(page, ARRIVE)
    old = run(page, "return game.at().goal")
    page.get_by_role("button", name="Play").click()  # a trip drawn at random
    page.wait_for_function(f"{PLAYER}.game.at().start === {old}")
    page.get_by_role("button", name="Reset").click()
    first = run(page, "return game.settings.buildings[0].trip")
    assert run(page, "return [game.at().start, game.at().goal]") == first


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("canvas").first.bounding_box()["width"] > 300


@pytest.mark.parametrize(
    "old, new, said", [("checksum", "sum", "damaged"), ('"moves":"', None, "")]
)
def test_weights_that_were_tampered_with_are_noticed(page, old, new, said):
    at = WEIGHTS.index('"moves":"') + len('"moves":"')
    at = next(i for i in range(at, len(WEIGHTS)) if WEIGHTS[i] == "f")  # a cell in mid-room
    damaged = WEIGHTS.replace(old, new) if new else WEIGHTS[:at] + "3" + WEIGHTS[at + 1 :]
    told = run(
        page,
        """window.eval(given[0]); const node = document.createElement("div");
        node.className = "wm-player"; node.dataset.player = "rooms"; document.body.append(node);
        WM.mount(node); const told = [node.dataset.failed, node.innerText]; node.remove(); window.eval(given[1]); return told;""",
        damaged,
        WEIGHTS,
    )
    assert told[0] and told[0] in told[1] and said in told[0]
    run(page, ARRIVE)  # the other goes on
    assert "cell by cell" in score(page)


def test_a_table_that_is_no_maze_is_refused():
    world = Rooms(2, 3, 0)
    table = TableModel(world.n_states, 4)
    table.record(world.free()[0], 3, 0.0, world.free()[-1], False)
    with pytest.raises(ValueError, match="that is no maze"):
        moves_of(table, world)
