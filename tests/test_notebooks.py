"""Every notebook has the shape the course promises. What it computes is tested by running it."""

import re
import statistics

import nbformat
import pytest
from repository import CHAPTERS, ROOT, SECOND, course

from wmlib import challenges
from wmlib.installing import SETUP

PLAYER = r'<div class="wm-player"[\s\S]*?</div>'
every_notebook = pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def prose(path):
    """All markdown, without the words that stand for a player."""
    text = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    return re.sub(PLAYER, " ", text)


def outputs(path):
    return [output for cell in code_cells(path) for output in cell.outputs]


@every_notebook
def test_it_was_run_from_top_to_bottom_and_nothing_went_wrong(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))
    for output in outputs(path):
        assert output.output_type != "error"
        assert output.get("name") != "stderr", output.get("text")
        assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})


@every_notebook
def test_it_is_within_its_budget(path):
    assert path.stat().st_size < 2e6
    assert "MINUTES" not in prose(path) and "MEMORY" not in prose(path)
    measured = read(path).metadata.get("measured")
    if course[path.stem].draft and not measured:
        pytest.skip("a draft from a machine that does not say what a process took (Windows)")
    # Two train from pictures, and say in their metadata that they may take longer.
    assert measured["minutes"] <= course[path.stem].minutes <= 6 and measured["peak_gb"] < 2


@every_notebook
def test_the_setup_cell_is_the_same_everywhere(path):
    setup = code_cells(path)[0].source
    stamp = re.compile(r'REPOSITORY, TAG = "[^"]+", "[^"]+"')
    same = lambda text: stamp.sub("", text.split("from wmlib.notebook")[0]).strip()  # noqa: E731
    assert same(setup) == same(SETUP)
    assert f'begin("{path.stem[:2]}")' in setup


@every_notebook
def test_code_comes_in_pieces_one_can_take_in(path):
    lengths = [len(cell.source.splitlines()) for cell in code_cells(path)]
    assert max(lengths) <= 30 and statistics.median(lengths) <= 10


@every_notebook
def test_there_is_about_as_much_prose_as_a_chapter_needs(path):
    words = len(re.sub(r"[`$#|*_<>-]", " ", prose(path)).split())
    assert words <= 4200
    if course[path.stem].draft:
        pytest.skip(f"a draft of {words} words: it may still be short")
    assert words >= 1500


@every_notebook
def test_it_claims_and_the_claims_are_compared(path):
    cells = [
        c for c in code_cells(path) if re.search(r"^\s*(claim|check|confirm)\(", c.source, re.M)
    ]
    assert len(cells) >= 3
    for cell in cells:
        assert "nbval-check-output" in cell.metadata.get("tags", []), cell.source


@every_notebook
def test_pictures_have_words_for_those_who_cannot_see_them(path):
    pages = [o["data"]["text/html"] for o in outputs(path) if "text/html" in o.get("data", {})]
    images = re.findall(r"<img\b[^>]*>", " ".join(pages))
    assert all('alt="' in image for image in images)
    for page in pages:  # of several pictures in one figure the first speaks for all
        figure = re.findall(r"<img\b[^>]*>", page)
        assert not figure or any(re.search(r'alt="[^"]{10,}"', image) for image in figure)
    drawn = re.findall(r"<svg\b[^>]*>", " ".join(pages))
    assert all("aria-label" in s or 'role="img"' in s or "aria-hidden" in s for s in drawn)
    assert images or drawn, "a chapter without a picture"
    assert not any("image/png" in o.get("data", {}) for o in outputs(path)), "use figures.show"


@every_notebook
def test_it_has_the_parts_of_a_chapter(path):
    text = prose(path).lower()
    for part in (
        "you will be able to",
        "minutes",
        "exercise",
        "hint",
        "solution",
        "break it",
        "from toy to paper",
        "daily challenge",
        "sources",
    ):
        assert part in text, f"no {part!r} in {path.name}"
    assert len(re.findall(r"^#+ .*exercise \d", text, re.M)) >= 3
    assert len(set(re.findall(r"\{cite(?::\w)?\}`([^`]+)`", prose(path)))) >= 3


def link(challenge):
    return f"[Day {challenge.day} · {challenge.title}](../book/challenges/{challenge.name}.ipynb)"


@every_notebook
def test_it_ends_with_a_challenge_and_links_to_all_of_its_chapter(path):
    text = next(t for t in prose(path).split("\n## ") if t.startswith("Daily challenge: "))
    if course[path.stem].draft:
        assert "](../book/challenges/" in text
        return
    mine = [c for c in map(challenges.load, challenges.names()) if c.chapter == path.stem[:2]]
    linked = re.findall(r"\[[^]]*\]\(\.\./book/challenges/[^)]*\)", text)
    assert set(linked) <= {link(c) for c in mine} and len(set(linked)) == len(linked)
    # One of an instructor's own need not be in the text.
    assert {link(c) for c in mine if c.day <= 30} <= set(linked)
    first = next(c for c in mine if link(c) == linked[0])
    assert text.startswith(f"Daily challenge: {first.title[0].lower()}{first.title[1:]}\n")
    assert f"*About {first.minutes} minutes.*" in text


@every_notebook
def test_its_challenge_is_asked_and_solved_elsewhere(path):
    cells = read(path).cells
    begun = next(i for i, cell in enumerate(cells) if "## Daily challenge" in cell.source)
    assert all(cell.cell_type == "markdown" for cell in cells[begun:])
    assert "<summary>" not in cells[begun].source.split("## Daily challenge")[1]


# --- the second edition ---

second_edition = pytest.mark.parametrize(
    "path", [path for path in CHAPTERS if path.stem[:2] in SECOND], ids=lambda p: p.stem
)
# Names of our own for what has a standard term: encoder, decoder, generator, model, decode, posterior.
PRIVATE = {"eye", "eyes", "brush", "dice", "mind", "spell", "look", "looker", "calm", "silent"}


def unfolded(path):
    """The prose of the core: without what is folded, and without optional cells."""
    cells = [
        cell.source
        for cell in read(path).cells
        if cell.cell_type == "markdown" and "optional" not in cell.metadata.get("tags", [])
    ]
    return re.sub(rf"(?s)<details>.*?</details>|{PLAYER}", " ", "\n\n".join(cells))


def sentences(text):
    """Sentences of running text: no headings, tables, lists of links, code, formulas."""
    text = re.sub(r"(?s)```.*?```|\$\$.*?\$\$", " ", text)
    lines = [line for line in text.splitlines() if not re.match(r"\s*(#|\||<)", line)]
    text = re.sub(r"\{cite:?\w?\}`[^`]*`|\]\([^)]*\)|[*`>$]", " ", "\n".join(lines))
    parts = re.split(r"(?<=[.!?:;])\s+|\n\s*\n|\n\s*[-\d]+\.?\s", text)
    return [part for part in parts if len(part.split()) >= 3]


@second_edition
def test_sentences_are_short(path):
    assert statistics.median(len(s.split()) for s in sentences(prose(path))) <= 18
    long = [s for s in sentences(unfolded(path)) if len(s.split()) > 45]
    assert not long, long[:3]


@second_edition
def test_its_core_takes_an_hour(path):
    words = len(re.sub(r"[`$#|*_<>-]", " ", unfolded(path)).split())
    assert words <= 3000, f"{words} words are not folded: about 2,500 are a core"


@second_edition
def test_no_heading_and_no_name_is_a_word_of_our_own(path):
    names = set()
    rooms = (ROOT / "wmlib" / "course").glob(f"ch{path.stem[:2]}_*/*.py")
    texts = [cell.source for cell in code_cells(path)]
    for text in [*texts, *(p.read_text(encoding="utf8") for p in rooms)]:
        code = re.sub(r"(?s)\"\"\".*?\"\"\"|\"[^\"\n]*\"|#[^\n]*", " ", text)
        names |= {part for name in re.findall(r"[A-Za-z_]\w*", code) for part in parts_of(name)}
    assert not names & PRIVATE
    headings = re.findall(r"(?m)^#+ (.*)$", prose(path))
    assert not {w.lower() for h in headings for w in re.findall(r"\w+", h)} & PRIVATE


def parts_of(name):
    """`look_ahead` -> look, ahead; `LookAhead` -> look, ahead."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


@second_edition
def test_equalities_are_no_claims(path):
    assert not [c.source for c in code_cells(path) if re.search(r"^\s*claim\(", c.source, re.M)]


@second_edition
def test_it_asks_concept_questions(path):
    assert f'quiz("{path.stem[:2]}")' in "\n".join(cell.source for cell in code_cells(path))


@second_edition
def test_exercises_stand_beside_what_they_are_about(path):
    cells = read(path).cells
    places = [i for i, cell in enumerate(cells) if re.search(r"(?m)^#+ .*Exercise \d", cell.source)]
    assert len(places) >= 3 and places[0] < 0.45 * len(cells)
    assert max(b - a for a, b in zip(places, places[1:])) > 6, "they stand in one heap"


@second_edition
def test_it_has_slides(path):
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in read(path).cells]
    assert kinds.count("slide") >= 8


@second_edition
def test_instructors_have_a_page_for_it(path):
    page = (ROOT / "book" / "teaching" / f"{path.stem[:2]}.md").read_text(encoding="utf8")
    assert "50 minutes" in page and "90 minutes" in page and "Misconception" in page
    asked = prose(path).count("**Guess first")
    assert len(re.findall(r"(?m)^\d+\. ", page.split("Guess first")[1])) >= asked > 0


@second_edition
def test_its_core_was_written_without_the_library(path):
    assert (ROOT / "tests" / "cores" / f"core_{path.stem[:2]}.py").exists()
