"""Bets: every guess takes one, what came out is what the course measured, and they play in a page."""

import base64
import functools
import json
import math
import random
import re

import ipywidgets
import nbformat
import pytest
from browser import opened
from repository import CHAPTERS, PRIMER, tool

from wmlib.evidence import all_experiments
from wmlib.questions import live
from wmlib.questions.bets import SCRIPT, SKETCH, bet, bet_html, bets_html, bets_of
from wmlib.questions.judging import RANKED, judged
from wmlib.questions.kinds import Choice, Curve, Number, Order, median, ratio

NOTEBOOKS = {path.stem[:2]: path for path in [PRIMER, *CHAPTERS]}
BETS = {(chapter, name): each for chapter in NOTEBOOKS for name, each in bets_of(chapter).items()}
every_bet = pytest.mark.parametrize("chapter, name", BETS, ids="-".join)
every_chapter = pytest.mark.parametrize("chapter", NOTEBOOKS)


@functools.cache
def cells(chapter):
    return nbformat.read(NOTEBOOKS[chapter], as_version=4).cells


# --- what is asked and what came out


@every_chapter
def test_below_every_guess_stands_its_bet_and_at_the_end_the_table(chapter):
    found = cells(chapter)
    guesses = [i for i, c in enumerate(found) if re.search(r"(?m)^> \*\*Guess first", c.source)]
    below = [found[i + 1].source for i in guesses]
    assert below == [f'bet("{chapter}", "{name}")' for name in bets_of(chapter)]
    table = [i for i, c in enumerate(found) if c.source == f'bets("{chapter}")']
    assert len(table) == 1 and table[0] > guesses[-1]
    specs = {name: each.spec() for name, each in bets_of(chapter).items()}
    shown = {}
    for i in [*(i + 1 for i in guesses), *table]:
        assert "remove-input" in found[i].metadata.tags
        (output,) = found[i].outputs
        packed = re.search(r'data-bets="([^"]+)"', output.data["text/html"])[1]
        stored = json.loads(base64.b64decode(packed))
        assert stored == {name: specs[name] for name in stored}, f"`make notebooks NB={chapter}`"
        shown |= stored
    assert shown == stored == specs


def printed(chapter, cell_id):
    cell = next(c for c in cells(chapter) if c.get("id") == cell_id)
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "\n".join(texts)


@every_bet
def test_what_came_out_is_what_the_course_measured(chapter, name):
    made = BETS[chapter, name]
    if made.cell:
        found = re.search(made.cell[1], printed(chapter, made.cell[0]))
        assert found, f"cell {made.cell[0]} does not say {made.cell[1]!r}"
        if not isinstance(made, Choice):
            said = [float(text.replace(",", "")) for text in found.groups()]
            assert said == (list(made.answer) if isinstance(made, Curve) else [made.answer])
    elif made.claim:
        experiment, key = made.claim.split(".")
        stored = next(e for e in all_experiments(chapter) if e.name == experiment).stored()
        claim = stored["claims"][key]
        assert claim["held"] >= 0.9 * claim["of"]
    else:  # computed, where it is shown, from what is stored
        assert callable(getattr(made, "answer", None)) or isinstance(made, Order)


@every_bet
def test_it_can_be_answered_and_is_not_right_untouched(chapter, name):
    spec = BETS[chapter, name].spec()
    assert spec["asked"].endswith(("?", ")")) and len(spec["asked"]) < 110
    if spec["kind"] == "choice":
        assert len(spec["options"]) >= 3 and judged(spec, spec["answer"]).right
    elif spec["kind"] == "order":
        assert not judged(spec, spec["options"]).right and judged(spec, spec["answer"]).right
    else:
        answers = spec["answer"] if spec["kind"] == "curve" else [spec["answer"]]
        stops, middle = spec["stops"], spec["stops"][(len(spec["stops"]) - 1) // 2]
        assert all(stops[0] <= answer <= stops[-1] for answer in answers)
        nearest = [min(stops, key=lambda stop, a=a: abs(stop - a)) for a in answers]
        one = spec["kind"] == "number"
        assert judged(spec, nearest[0] if one else nearest).right
        assert not judged(spec, middle if one else [middle] * len(answers)).right
        if one:
            assert stops[2] < answers[0] < stops[-3] or len(stops) < 12


def test_the_answer_is_not_to_be_read_before_the_bet():
    for (chapter, name), made in BETS.items():
        spec = made.spec()
        seen = re.sub(r"(?s)<details>.*?</details>", "", bet_html(chapter, name, spec))
        assert spec["says"] not in re.sub(r"(?s)<(script|style)>.*?</\1>", "", seen), name


def test_errors_say_what_there_is():
    with pytest.raises(ValueError, match="no bet 'rowes': its bets are rows, state"):
        bet("03", "rowes")
    with pytest.raises(ValueError, match="no experiments for chapter '99'"):
        bets_of("99")
    with pytest.raises(ValueError, match="no figure 'done_fals'"):
        median("03_ends", "done_fals")
    with pytest.raises(ValueError, match="no evidence is stored under '03_end'"):
        median("03_end", "done_false")
    with pytest.raises(ValueError, match="'x' is none of"):
        Choice("Which?", options=("a", "b"), answer="x").spec()
    with pytest.raises(ValueError, match="2 places .* 1 answers"):
        Curve("How?", x=("1", "2"), answer=(1,)).spec()


def test_medians_are_those_of_the_sentences():
    assert f"{100 * median('03_ends', 'done_false'):.0f}%" in next(
        e.sentence("done") for e in all_experiments("03") if e.name == "03_ends"
    )
    assert ratio("03_noise", "error[3]", "error[0]") == (
        median("03_noise", "error")[3] / median("03_noise", "error")[0]
    )


# --- in a page

FOUR = {
    "n": Number("How many?", low=1, high=1000, log=True, unit=" rows", within=2, answer=48),
    "l": Number("How far?", low=-2, high=2, digits=1, unit=" m", within=0.5, answer=-0.7),
    "c": Choice("Which <b>?", options=("a", "b", 'it\'s "c" – ≥ 1'), answer="b", because="So."),
    "o": Order("Who?", items={w: (lambda v=v: v) for v, w in enumerate("wxyz")}, first="Least"),
    "k": Curve("How?", x=("1", "2", "9"), label="{} plans", high=10, within=1, answer=(1, 2, 8)),
}
SPECS = {name: each.spec() for name, each in FOUR.items()}
PAGE = "".join(bet_html("99", name, spec) for name, spec in SPECS.items()) + bets_html("99", SPECS)


def drawn(name, rng):
    """A possible answer."""
    spec = SPECS[name]
    if spec["kind"] == "choice":
        return rng.choice(spec["options"])
    if spec["kind"] == "order":
        return rng.sample(spec["options"], len(spec["options"]))
    said = [rng.choice(spec["stops"]) for _ in spec.get("x", "1")]
    return said if spec["kind"] == "curve" else said[0]


def keep(page, said):
    text = json.dumps(said)
    page.evaluate("text => localStorage.setItem('wm-bets-99', text)", text)
    page.reload()


def told(page, name):
    return page.locator(f"#bet-{name} p[aria-live]").inner_text()


def test_a_bet_is_made_by_keyboard_kept_and_told_beside_what_came_out(tmp_path):
    with opened(tmp_path, PAGE) as page:
        assert page.locator("details").count() == 0
        assert "made no bet" in page.locator("[data-wm-bet=all]").inner_text()
        page.locator("#bet-n input").focus()
        page.keyboard.press("End")
        assert page.locator("#bet-n input").get_attribute("aria-valuetext") == "1,000 rows"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert told(page, "n") == "You said 1,000 rows; it was 48 rows: 21 times too high."
        assert page.evaluate(
            "document.activeElement === document.querySelector('#bet-n p[aria-live]')"
        )
        page.reload()
        assert told(page, "n").startswith("You said 1,000 rows; it was 48 rows")
        assert page.locator("[data-wm-bet=all] td").nth(1).inner_text() == "1,000 rows"
        assert page.wrong == []


def test_the_first_guess_counts_until_all_of_the_chapter_are_cleared(tmp_path):
    with opened(tmp_path, PAGE) as page:
        keep(page, {"n": 1000, "k": [1, 2, 8]})
        for name in "nk":  # a curve stays to be seen, and takes no other
            assert (
                page.locator(f"#bet-{name}")
                .locator("button:visible, input, [tabindex='0']")
                .count()
                == 0
            )
        assert page.locator("#bet-k path").count() == 2
        page.locator("#bet-c input").first.check()
        # made in another window since this one was drawn
        page.evaluate("""localStorage.setItem('wm-bets-99', '{"n": 1000, "c": "b"}')""")
        page.evaluate(
            "window.said = []; document.addEventListener('wm-bet', (e) => said.push(e.detail))"
        )
        page.locator("#bet-c form > button").click()
        assert told(page, "c").startswith("You said b;")
        assert page.evaluate("said") == ["c"]  # so that the result and the table are shown, too
        clear = page.locator("[data-wm-bet=all] button")
        clear.click()
        assert told(page, "n") and "cannot be brought back" in clear.inner_text()
        clear.click()
        assert told(page, "n") == "" and page.locator("#bet-n input").count() == 1
        assert "made no bet" in page.locator("[data-wm-bet=all]").inner_text()
        assert page.evaluate("document.activeElement.closest('[data-wm-bet=all]') !== null")
        assert clear.count() == 0 and page.evaluate("localStorage.getItem('wm-bets-99')") == "{}"
        assert page.wrong == []


def test_what_was_not_moved_is_no_guess(tmp_path):
    with opened(tmp_path, PAGE) as page:
        assert page.locator("#bet-n fieldset > b").inner_text() == "No guess yet"
        assert page.locator("#bet-n input").get_attribute("aria-valuetext") == "No guess yet"
        for name, first in (
            (
                "n",
                "Move the slider to your guess first. If you mean the middle, move it away and back.",
            ),
            ("o", "Put them into your order first. If this is your order, move one away and back."),
            ("k", "Give every place a value first: the hollow ones have none yet."),
        ):
            page.locator(f"#bet-{name} form > button").click()
            assert told(page, name) == first
        assert page.evaluate("localStorage.getItem('wm-bets-99')") is None
        plot = page.locator("#bet-k svg")
        plot.focus()
        for key in ("ArrowUp", "ArrowRight", "ArrowUp"):
            page.keyboard.press(key)
        page.locator("#bet-k form > button").click()
        assert told(page, "k").startswith("Give every place")  # the third has none
        assert page.locator("#bet-k circle[fill-opacity='0']").count() == 1
        page.locator("#bet-o li").last.get_by_role("button", name="down").click()
        page.locator("#bet-o form > button").click()
        assert told(page, "o").startswith("Put them")  # nothing moved
        page.locator("#bet-n input").press("ArrowRight")
        page.locator("#bet-n input").press("ArrowLeft")  # the middle, and meant
        page.locator("#bet-n form > button").click()
        assert told(page, "n").startswith(f"You said {SPECS['n']['texts'][20]};")
        assert page.wrong == []


def test_a_quick_stroke_leaves_no_place_out(tmp_path):
    with opened(tmp_path, PAGE) as page:
        page.locator("#bet-k svg").scroll_into_view_if_needed()
        box = page.locator("#bet-k svg").bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 2)  # in one step
        page.mouse.up()
        page.locator("#bet-k form > button").click()
        assert told(page, "k").startswith("You said 1 plans: 5")


def test_who_looks_without_a_guess_is_told_and_bets_no_more(tmp_path):
    with opened(tmp_path, PAGE) as page:
        page.evaluate("document.dispatchEvent(new CustomEvent('wm-show', {detail: 'n'}))")
        assert told(page, "n") == "You looked without a guess; it was 48 rows. "[:-1]
        assert page.locator("#bet-n").locator("button:visible, input").count() == 0
        page.reload()
        assert told(page, "n").startswith("You looked")
        table = page.locator("[data-wm-bet=all]").inner_text()
        assert "made no bet" in table and "Looked at without a guess:\n\nHow many?" in table
        keep(page, {"n": 1000})
        page.evaluate("document.dispatchEvent(new CustomEvent('wm-show', {detail: 'n'}))")
        assert told(page, "n").startswith("You said 1,000 rows")  # a guess that was made stays


def test_choice_order_and_curve_take_answers(tmp_path):
    with opened(tmp_path, PAGE) as page:
        page.locator("#bet-c form > button").click()
        assert told(page, "c") == "Choose an answer first."
        page.locator("#bet-c input").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert told(page, "c") == "You said b; it was b: right. So."
        before = page.locator("#bet-o li > span").all_inner_texts()
        page.locator("#bet-o li").first.get_by_role("button", name="down").click()
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == (
            f"{before[0]}, now at place 2: down"
        )
        page.locator("#bet-o form > button").click()
        assert told(page, "o").startswith(f"You said {before[1]}, {before[0]}, ")
        plot = page.locator("#bet-k svg")
        plot.focus()
        for key in ("ArrowUp", "ArrowRight", "ArrowUp", "ArrowUp"):
            page.keyboard.press(key)
        assert plot.get_attribute("aria-valuetext") == "2 plans: 5.5"
        box = plot.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 2, steps=5)
        page.mouse.up()
        assert plot.get_attribute("aria-valuetext") == "9 plans: 10"
        page.locator("#bet-k form > button").click()
        assert "9 plans: 10; it was 1 plans: 1; 2 plans: 2; 9 plans: 8" in told(page, "k")
        assert page.locator("#bet-k path").count() == 2
        assert page.wrong == []


def test_the_page_and_the_kernel_judge_alike_and_rank_alike(tmp_path):
    rng = random.Random(0)
    with opened(tmp_path, PAGE) as page:
        for _ in range(12):
            said = {name: drawn(name, rng) for name in SPECS}
            keep(page, said)
            found = {name: judged(SPECS[name], said[name]) for name in SPECS}
            order = sorted(SPECS, key=lambda name: -found[name].rank)
            rows = page.locator("[data-wm-bet=all] tr:has(td)").all()
            read = [[cell.inner_text() for cell in row.locator("td").all()] for row in rows]
            assert [row[1] for row in read] == [found[name].words for name in order]
            assert [row[3] for row in read] == [found[name].verdict for name in order]
            assert RANKED in page.locator("[data-wm-bet=all] div > p").inner_text()


def test_the_measure_of_the_ranking_is_the_one_that_is_stated():
    """By margins, then by pairs, then choices, then what is right."""
    low, high = judged(SPECS["n"], SPECS["n"]["stops"][0]), judged(SPECS["l"], 2)
    assert low.rank == pytest.approx(
        math.log(48, 2)
    )  # 1 in the place of 48, a margin is a factor of 2
    assert high.rank == pytest.approx(5.4)  # 2 in the place of -0.7, a margin is 0.5
    curve = judged(SPECS["k"], [1, 2, 2])  # off by 0, 0 and 6 margins
    assert curve.rank == 2 and curve.verdict == "near at 2 of 3 places"
    worst, order = judged(SPECS["o"], list("zyxw")), judged(SPECS["o"], list("xwyz"))
    assert worst.rank == 1 and order.rank == pytest.approx(1 / 6) and not order.right
    ranks = [low.rank, high.rank, curve.rank, worst.rank, order.rank]
    ranks += [judged(SPECS["c"], "a").rank, judged(SPECS["c"], "b").rank]
    assert ranks == sorted(ranks, reverse=True)
    near, far = judged(SPECS["l"], -0.5), judged(SPECS["l"], -0.1)
    assert near.right and near.rank < judged(SPECS["c"], "a").rank < far.rank


@pytest.mark.parametrize(
    "kept", ["{", "7", "null", '{"n": "x", "c": "zz", "o": ["w"], "k": [1, null, 2], "l": {}}']
)
def test_what_is_no_answer_is_no_bet(tmp_path, kept):
    with opened(tmp_path, PAGE) as page:
        page.evaluate("text => localStorage.setItem('wm-bets-99', text)", kept)
        page.reload()
        assert "made no bet" in page.locator("[data-wm-bet=all]").inner_text()
        page.locator("#bet-n input").press("End")
        page.locator("#bet-n form > button").click()
        assert told(page, "n").startswith("You said ")
        assert page.wrong == []


def test_without_storage_a_bet_lasts_as_long_as_the_page(tmp_path):
    off = "<script>Object.defineProperty(window, 'localStorage', {get() { throw Error('off') }})"
    with opened(tmp_path, PAGE, head=off + "</script>") as page:
        page.locator("#bet-n input").press("End")
        page.locator("#bet-n form > button").click()
        assert told(page, "n").startswith("You said ")
        assert "of 1 right" in page.locator("[data-wm-bet=all]").inner_text().replace("0 of", "of")
        assert page.wrong == []


@pytest.mark.parametrize("width", [390, 320])
def test_it_fits_a_phone(tmp_path, width):
    with opened(tmp_path, PAGE, width=width) as page:
        rng = random.Random(1)
        for said in ({}, {name: drawn(name, rng) for name in SPECS}):
            keep(page, said)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_the_book_the_script_comes_once():
    present = tool("wm_outputs").present(PAGE)
    assert "<script" not in present and "<style" not in present and present.count("data-bets") == 6
    assert len(SCRIPT) + len(SKETCH) < 13_000 and len(SCRIPT) < 10_000


# --- with a kernel


def press(box):
    next(child for child in box.children if isinstance(child, ipywidgets.Button)).click()
    return box.children[-1].value


def test_the_live_bet_says_the_same(monkeypatch):
    monkeypatch.setattr(live, "_made", {})
    assert "made no bet" in live.made("all", "99", SPECS).value
    boxes = {name: live.made("one", "99", {name: spec}) for name, spec in SPECS.items()}
    slider = boxes["n"].children[1]
    assert press(boxes["n"]).startswith("Move the slider to your guess first.")
    assert press(boxes["k"]).startswith("Move each slider first.")
    assert live._made == {}
    slider.value = 1000
    assert (
        press(boxes["n"])
        == "You said <b>1,000 rows</b>; it was <b>48 rows</b>: 21 times too high. "
    )
    assert press(boxes["c"]) == "Choose an answer first."
    boxes["c"].children[1].value = "b"
    assert press(boxes["c"]) == "You said <b>b</b>; it was <b>b</b>: right. So."
    assert press(boxes["o"]) == "Choose each of them once first."
    for choice, name in zip(boxes["o"].children[2:], "wxyz"):
        choice.value = name
    assert "right" in press(boxes["o"])
    for slider in boxes["k"].children[1:4]:
        assert "Move each slider" in press(boxes["k"])
        middle = slider.value
        slider.value = 10
        slider.value = middle  # the middle, and meant
    assert "near at 0 of 3 places" in press(boxes["k"])
    table = live.made("all", "99", SPECS).value
    assert table.startswith(f"2 of 4 right. {RANKED}<table>") and table.index(
        "How many?"
    ) < table.index("Which &lt;b")
    assert "You said <b>1,000 rows" in live.made("one", "99", {"n": SPECS["n"]}).children[-1].value


def test_in_a_notebook_too_the_first_guess_counts(monkeypatch):
    monkeypatch.setattr(live, "_made", {})
    box = live.made("one", "99", {"n": SPECS["n"]})
    slider, button = box.children[1], box.children[-2]
    again = live.made("one", "99", {"n": SPECS["n"]})  # the cell, run again before the bet
    slider.value = 1000
    press(box)
    assert slider.disabled and button.disabled
    again.children[1].value = 48 if 48 in SPECS["n"]["stops"] else SPECS["n"]["stops"][20]
    assert "You said <b>1,000 rows" in press(again)
    assert live._made == {("99", "n"): 1000} and again.children[-2].disabled
