"""The desk in the page: wmlib's rules, torch's answers, wmlib's search; played by key and pointer."""

import copy

import numpy as np
import pytest
from boards import PLAYER, run
from browser import opened

from wmlib.course.ch11_language_agents import study
from wmlib.course.ch11_language_agents.desk import TOOLS, Desk
from wmlib.course.ch11_language_agents.lookahead import Lookahead
from wmlib.course.ch11_language_agents.players import DESK
from wmlib.course.ch11_language_agents.text import TextModel
from wmlib.devices import new_rng
from wmlib.players.gallery import stage_page
from wmlib.players.weights import rounded

WORLD = Desk(held_out=True)


@pytest.fixture(scope="module")
def texts():
    return DESK.weights()


@pytest.fixture(scope="module")
def page(tmp_path_factory, texts):
    with opened(tmp_path_factory.mktemp("desk"), stage_page(DESK, texts)) as page:
        yield page


@pytest.fixture(scope="module")
def models():
    early, trained = (rounded(copy.deepcopy(model)) for model in study.stored())
    return {"trained": trained, "early": early}


def anywhere(n, seed):
    """Desks as random play meets them, and any tool calls."""
    rng = new_rng(seed)
    rows = Desk(held_out=True, tasks=False).initial(n, rng).tolist()
    return rows, rng.integers(0, 3 * len(TOOLS), n).tolist()


def test_the_desk_is_the_one_of_wmlib(page):
    rows, actions = anywhere(400, 1)
    said = run(
        page,
        "const w = game.world; return given[0].map((row, i) => { const after = w.act(row, given[1][i]);"
        " return [after, w.sentence(after), w.prompt(row, given[1][i]), w.sensible(row)]; })",
        rows,
        actions,
    )
    for row, action, told in zip(rows, actions, said):
        after = WORLD.act(row, action)
        prompt = WORLD.prompt(row, action)
        assert told == [after, WORLD.sentence(after), prompt, WORLD.sensible(row)]


def test_answers_are_read_as_wmlib_reads_them(page):
    rows, actions = anywhere(200, 2)
    answers = [WORLD.answer(row, WORLD.act(row, a)) for row, a in zip(rows, actions)]
    spoilt = [answers[(i + 7) % 200] for i in range(100)] + ["", "yes", "nothing changes . => x ."]
    rows, answers = [*rows, *rows[:103]], [*answers, *spoilt]
    said = run(
        page, "return given[0].map((r, i) => game.world.apply(r, given[1][i]))", rows, answers
    )
    wanted = []
    for row, answer in zip(rows, answers):
        try:
            wanted.append(WORLD.apply(row, answer))
        except ValueError:
            wanted.append(None)
    assert said == wanted and 20 < wanted.count(None) < 104


@pytest.mark.parametrize("name", ["trained", "early"])
def test_the_models_say_what_torch_says(page, models, name):
    rows, actions = anywhere(20, 3)
    prompts = [WORLD.prompt(row, action) for row, action in zip(rows, actions)]
    answers = models[name].answer(prompts)
    said = run(
        page,
        "const w = game.world, m = game.models[given[2]]; return given[0].map((row, i) => { const told ="
        " m.answer(w.prompt(row, given[1][i])); return [told.text, told.probability,"
        " WM.lossRisk(w, m, row, given[1][i])]; })",
        rows,
        actions,
        name,
    )
    texts, probabilities, risks = zip(*said)
    assert list(texts) == answers
    wanted = models[name].probability(prompts, [answer + " <end>" for answer in answers])
    assert np.abs(np.array(probabilities) - wanted).max() < 1e-3
    assert np.abs(np.array(risks) - study.loss_risk(models[name])(prompts)).max() < 1e-3
    assert float(page.get_attribute(".wm-player", "data-check")) < 1e-3


@pytest.mark.parametrize("caution", [None, 0.02])
def test_the_search_decides_what_wmlib_decides(page, models, caution):
    tasks = study.tasks(5, [0, 4]).tolist()
    model = TextModel(WORLD, models["early"].answer, study.loss_risk(models["early"]))
    wanted = Lookahead(2, caution=caution).decide(model, tasks, [frozenset()] * 5)
    said = run(
        page,
        """const w = game.world, m = game.models.early;
        const tell = (row, a) => w.apply(row, m.answer(w.prompt(row, a)).text);
        return given[0].map((row) => {
          const risk = (a) => WM.lossRisk(w, m, row, a);
          const search = WM.lookahead(w, tell, row, new Set(), { depth: 2, caution: given[1], risk });
          for (;;) { const next = search.next(); if (next.done) return next.value.call; }
        });""",
        tasks,
        caution,
    )
    assert said == wanted


def press(page, name):
    """By keyboard."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_a_loss_is_foretold_and_comes_by_keyboard(page):
    press(page, "ask about delete thesis")
    assert page.inner_text(".dream .words") == "Thesis is lost for ever."
    assert "risk of a loss: over 99 %" in page.inner_text(".dream")
    assert page.inner_text(".file >> nth=0").count("imagined: lost for ever") == 1
    assert page.inner_text(".log") == ""  # nothing has happened yet
    press(page, "Do it: delete thesis")
    assert page.evaluate("document.activeElement.textContent") == "Do it"  # focus is not lost
    assert "As imagined." in page.inner_text(".log li")
    assert "lost for ever" in page.inner_text(".file >> nth=0 >> span >> nth=0")
    assert "Questions at this desk: you 1, agent 0." in page.inner_text(".wm-player-score")
    assert "you: 0 without a loss, 1 with a loss, 0 not done" in page.inner_text(".wm-player-score")


def test_a_desk_is_done_by_pointer(page):
    page.click("text=Reset")
    for call in ("backup thesis", "delete thesis"):
        page.get_by_role("button", name=f"ask about {call}").click()
        page.click(f"text=Do it: {call}")
    assert page.inner_text(".dream").startswith("Done: enough space, and nothing lost.")
    assert "you: 1 without a loss, 1 with a loss, 0 not done" in page.inner_text(".wm-player-score")
    assert "Questions at this desk: you 2, agent 0." in page.inner_text(".wm-player-score")
    assert page.get_by_role("button", name="ask about save thesis").is_disabled()


def test_the_agent_plays_and_stops(page):
    page.click("text=Next desk")
    assert "thesis" not in page.inner_text(".file >> nth=0")
    page.select_option("select", label="stopped early")
    assert run(page, "return game.questions().agent") == 0
    page.get_by_label("Agent looks ahead").fill("2")
    page.click("text=Let the agent play")
    page.wait_for_function("document.querySelector('.log').children.length > 0")
    page.click("text=Pause")
    assert run(page, "return game.questions().agent") > 1
    assert run(page, "return game.questions().you") == 0
    assert "(agent)" in page.inner_text(".log li >> nth=0")
    page.click("text=Reset")
    assert page.inner_text(".log") == ""


def test_an_agent_that_accepts_no_risk_asks_for_help(page):
    count = run(page, "return game.count.agent")
    page.get_by_label("Risk it accepts").fill("0")
    page.get_by_label("Agent looks ahead").fill("1")
    page.click("text=Let the agent play")
    page.wait_for_function("document.querySelector('.dream').innerText.includes('asks for help')")
    assert page.inner_text(".log") == "" and not run(page, "return game.desk()[0]")
    assert run(page, "return game.count.agent") == [count[0], count[1], count[2] + 1]
    before = run(page, "return game.desk()")
    page.click("text=Let the agent play")  # at a desk that is done: goes on to the next
    page.wait_for_function(f"before => String({PLAYER}.game.desk()) !== String(before)", arg=before)
    run(page, "document.querySelector('.wm-player').wmPlayer.pause()")


def test_a_desk_that_runs_out_of_calls_counts_as_not_done(page):
    page.click("text=Next desk")
    done, lost, not_done = run(page, "return game.count.you")
    run(
        page, "for (let k = 0; k < 11; k++) document.querySelector('.tools button:enabled').click()"
    )
    asked = run(page, "return game.questions().you")
    assert asked == 11
    for _ in range(10):
        run(page, "document.querySelector('.tools button:enabled').click()")
        page.get_by_role("button", name="Do it:").click()
    assert page.inner_text(".dream").startswith("Not done: no call is left.")
    assert (
        f"you: {done} without a loss, {lost} with a loss, {not_done + 1} not done"
        in page.inner_text(".wm-player-score")
    )
    page.click("text=Next desk")
    assert page.inner_text(".wm-player-says") == ""


LOSING = """const { world } = game, row = game.desk();
  return world.sensible(row).find((a) => { const after = world.act(row, a); return world.losing(after) && !world.reached(after); }) ?? -1;"""


def test_a_loss_counts_also_where_the_desk_is_left(page):
    """And a desk at which nothing was done counts for nothing."""
    before = run(page, "return game.count.you")
    while run(page, LOSING) < 0:
        page.click("text=Next desk")
    action = run(page, LOSING)
    page.locator(".tools button").nth(action).click()
    page.get_by_role("button", name="Do it:").click()
    assert run(page, "return game.count.you") == before  # it goes on
    page.click("text=Next desk")
    page.click("text=Next desk")
    assert run(page, "return game.count.you") == [before[0], before[1] + 1, before[2]]
    assert "Questions at this desk: you 0, agent 0." in page.inner_text(".wm-player-score")


def test_who_helps_the_agent_shares_the_desk_with_it(page):
    """An unfinished desk of two hands, and the agent's questions beside the reader's."""
    page.locator(".tools button:enabled").first.click()
    page.get_by_role("button", name="Do it:").click()
    page.get_by_label("Agent looks ahead").fill("1")
    page.get_by_label("Risk it accepts").fill("100")
    run(
        page,
        "for (let k = 0; k < 200 && document.querySelector('.log').children.length < 2; k++) game.step(); stage.redraw()",
    )
    you, agent = run(page, "return [game.questions().you, game.questions().agent]")
    sensible = 3 * len(TOOLS)
    assert you == 1 and 1 < agent <= sensible  # one step ahead: each call that names a file, once
    page.click("text=Reset")
    assert sum(run(page, "return game.count.together")) == 1
    assert "you and the agent: " in page.inner_text(".wm-player-score")


def test_it_fits_a_phone_and_nothing_went_wrong(page):
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".tools button").first.bounding_box()["height"] >= 44
    assert page.wrong == []


def test_damaged_weights_are_told_in_the_player(page, tmp_path, texts):
    text = texts["desk"]
    at = text.index('"data":"') + 1000
    damaged = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    path = tmp_path / "damaged.html"
    path.write_text(stage_page(DESK, texts | {"desk": damaged}), encoding="utf8")
    page.goto(path.as_uri())
    assert "damaged" in page.inner_text(".wm-player-error")
