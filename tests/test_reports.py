"""Pages for students, for the class, and for submissions that look alike."""

import json
import re
from html.parser import HTMLParser

import pytest

from wmlib.challenges.classroom import report, similar
from wmlib.challenges.classroom.submissions import Submission

EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)">\u202e{{ 7 * 7 }}'
NAME = "day01_classic"


def part(name="plan", points=4.0, got=4.0, found="right", **more):
    return {
        "name": name,
        "asked": f"Write {name}.",
        "points": points,
        "got": got,
        "bonus": False,
        "found": found,
        "manual": False,
        "text": None,
    } | more


def result(student="jane_doe", parts=(), challenge=NAME, **more):
    parts = list(parts) or [part()]
    ordinary = [p for p in parts if not p["bonus"]]
    return {
        "challenge": challenge,
        "student": student,
        "name": student.replace("_", " ").title(),
        "file": "day01.ipynb",
        "marks": sum(p["got"] for p in ordinary),
        "of": sum(p["points"] for p in ordinary),
        "bonus": sum(p["got"] for p in parts if p["bonus"]),
        "bonus_of": sum(p["points"] for p in parts if p["bonus"]),
        "parts": parts,
        "notes": [],
        "verdict": "graded",
        "processor_seconds": 3.14159,
        "hidden_seed": 271828,
    } | more


class Page(HTMLParser):
    """The text of a page, its tags, and whether all are closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.words, self.links = [], [], [], []
        self.feed(html)
        assert self.open == []
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for key, value in attrs if key in ("href", "src")]
        assert not any(key.startswith("on") for key, _ in attrs)
        if tag not in ("meta", "rect", "line", "br", "link", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


def a_class():
    wrong = part(got=0.0, found="after 12 steps the plan is the worst")
    return [
        result("ann", [part(), part("learn", 6.0, 6.0)]),
        result("ben", [wrong, part("learn", 6.0, 3.0, "half")], late_days=2),
        result(
            "cy",
            [
                wrong | {"found": "after 99 steps the plan is the worst"},
                part("learn", 6.0, 0.0, "no"),
            ],
        ),
        result(
            "dot", [part(got=0.0, found="x")], verdict="unreadable", notes=["the file is empty"]
        ),
        result(
            "eve",
            [part(got=0.0, found="not examined: processor time")],
            verdict="limit",
            notes=["It took too long."],
        ),
    ]


def test_a_students_page_says_what_was_asked_found_and_reached():
    bonus = part("five", 2.0, 2.0, bonus=True)
    wrong = part("learn", 6.0, 0.0, "the reward is not learned")
    page = Page(
        report.student_page(
            [result(parts=[part(), wrong, bonus], late_days=1, notes=["Cell 7 stops."])],
            {NAME: "The classic"},
        )
    )
    for words in (
        "Jane Doe",
        "Day 1: The classic",
        "4 of 10 points, bonus 2 of 2",
        "Handed in 1 day late.",
        "Cell 7 stops.",
        "Write learn.",
        "not yet · 0 of 6",
        "Found: the reward is not learned",
        "five (bonus) right · 2 of 2",
    ):
        assert words in page.text, words


def test_what_a_person_marks_is_told_before_and_after():
    text = part(
        "why", 3.0, 0.0, "to be marked by a person", manual=True, text="Because\n<b>it</b> is."
    )
    before = Page(report.student_page([result(parts=[text])])).text
    assert "3 more are still to be marked" in before and "Because <b>it</b> is." in before
    after = text | {"manual": False, "got": 2.0, "found": "Good, but short."}
    page = Page(report.student_page([result(parts=[after])])).text
    assert "partly right · 2 of 3" in page and "Comment: Good, but short." in page
    assert "still to be marked" not in page


def test_an_answer_that_is_no_sentence_is_a_mistake_like_others():
    page = Page(
        report.student_page([result(parts=[part("why", 3.0, 0.0, "write sentences", manual=True)])])
    )
    assert "not yet · 0 of 3" in page.text and "Found: write sentences" in page.text


def test_what_could_not_be_read_is_said_once():
    unread = result(
        parts=[part(got=0.0, found="the file is empty")],
        verdict="unreadable",
        notes=["the file is empty"],
    )
    page = Page(report.student_page([unread])).text
    assert page.count("the file is empty") == 1 and "not examined · 0 of 4" in page


def test_nothing_but_the_named_fields_of_a_result_is_shown():
    pages = report.student_page([result()]) + report.class_page([result()])
    assert "3.14" not in pages and "271828" not in pages


@pytest.mark.parametrize("page", ["student", "class", "pairs"])
def test_what_a_student_wrote_cannot_become_a_part_of_the_page(page):
    mean = part(EVIL, got=0.0, found=EVIL, asked=EVIL, text=EVIL)
    r = result(parts=[mean], name=EVIL, file=EVIL, notes=[EVIL], verdict="crashed")
    code = (EVIL + "\n") * 3
    s = Submission(EVIL, EVIL, EVIL + ".py", code.encode(), EVIL, path=EVIL, challenge=None)
    old = Submission(EVIL, EVIL, EVIL, path=EVIL, challenge=NAME, superseded_by=EVIL)
    html = {
        "student": lambda: report.student_page([r]),
        "class": lambda: report.class_page([r], [s, old], {}, {NAME: [EVIL]}),
        "pairs": lambda: report.pairs_page([similar.Pair(s, s, 1.0)]),
    }[page]()
    parsed = Page(html)
    assert "script" not in parsed.tags and "img" not in parsed.tags
    assert "{{ 7 * 7 }}" in parsed.text
    assert "\u202e" not in html, "a sign that turns the text around"


def test_what_is_long_is_cut():
    long = part(found="x" * 10_000, got=0.0, text="y" * 100_000)
    page = report.student_page([result(parts=[long], notes=["z" * 10_000] * 500, name="n" * 999)])
    assert len(page) < 40_000


def test_a_page_needs_nothing_beside_it_and_forbids_scripts():
    for html in (report.student_page([result()]), report.class_page(a_class())):
        page = Page(html)
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert "default-src 'none'" in html and "prefers-color-scheme: dark" in html
        assert "width=device-width" in html and "url(" not in html


def test_the_class_page_tells_marks_parts_mistakes_and_who_needs_help():
    old = Submission(
        "ann", "Ann", "a.ipynb", path="old.ipynb", challenge=NAME, superseded_by="new.ipynb"
    )
    lost = Submission("fay", "Fay", "b.ipynb", problem="no challenge is named", path="b.ipynb")
    html = report.class_page(
        a_class(), [old, lost], {NAME: "The classic"}, {NAME: ["Gus"]}, 2, "similar.html"
    )
    page = Page(html)
    for words in (
        "5 students, 5 submissions graded",
        "nearly identical submissions: 2",
        "Of 5 graded, the middle one has 0 % of the points: 3 at 0–10 %, 1 at 30–40 %, 1 at 90–100 %.",
        "plan 4 1 of 5",
        "learn 6 1 of 3",
        "2 plan after 12 steps the plan is the worst",
        "Handed in nothing Gus",
        "Could not be read Dot : the file is empty",
        "It took too long.",
        "Late Ben : 2 days",
        "old.ipynb, in its place new.ipynb",
        "Files that were not graded Fay: b.ipynb: no challenge is named",
    ):
        assert words in page.text, words
    help_ = page.text.split("Who needs help")[1].split("Handed in nothing")[0]
    assert re.findall("Ann|Ben|Cy|Dot|Eve", help_) == ["Cy", "Eve", "Ben"]
    assert "similar.html" in page.links and report.file_name("ben") in page.links
    assert "not examined" not in page.text.split("Commonest mistakes")[1].split("Who needs")[0]


def test_nobody_is_a_class_too():
    assert "Nobody has been graded" in Page(report.class_page([], missing={NAME: ["Gus"]})).text
    assert "Nothing was handed in" in Page(report.student_page([])).text
    assert "There are none" in Page(report.pairs_page([])).text


def test_pages_are_the_same_to_the_byte_whatever_the_order_of_the_results():
    mine, copied = a_class(), json.loads(json.dumps(a_class()))
    assert report.class_page(mine) == report.class_page(copied[::-1])
    two = [result(), result(challenge="day02_errors")]
    assert report.student_page(two) == report.student_page(two[::-1])


def test_file_names_are_plain_and_no_two_students_share_one():
    names = ["jane", "Jane", "jörg", "jorg", "../x", "con", "a" * 300, "🙂", "", "a.b"]
    files = [report.file_name(name) for name in names]
    assert len({f.lower() for f in files}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,60}\.html", f) for f in files)


# Submissions that look alike

ONE = '''
def plan(model, obs, rng):
    """Random shooting."""
    plans = rng.integers(0, 2, (50, 20))
    best, value = None, -1e9
    for candidate in plans:  # every plan
        state, total = obs, 0.0
        for act in candidate:
            state, rew = model.step(state, act)
            total += rew
        if total > value:
            best, value = candidate, total
    return best[0]
'''
RENAMED = re.sub(r"\b(plans|best|value|candidate|state|total|act|rew)\b", r"my_\1", ONE)
RENAMED = RENAMED.replace("# every plan", "").replace("    ", "\t").replace("50", "64")
OTHER = """
import torch

def plan(model, obs, rng):
    plans = torch.randint(2, (20, 50))
    total, state, alive = torch.zeros(50), obs.repeat(50, 1), torch.ones(50)
    while len(plans):
        act, plans = plans[0], plans[1:]
        state, rew, cont = model.step(state, act)
        alive = alive * cont
        total = total + alive * rew
    return int(act[total.argmax()])
"""
STARTER = "import numpy as np\nworld = challenge.world(seed=3)\nobs, info = world.reset()\nprint(obs.shape, [x for x in info])\n"


def handed_in(student, code, challenge=NAME, **more):
    return Submission(
        student, student, "a.py", code.encode(), challenge=challenge, path=f"{student}.py", **more
    )


def test_renamed_and_laid_out_anew_it_is_the_same_and_another_way_is_not():
    found = similar.similar(
        [handed_in("zoe", ONE), handed_in("ann", RENAMED), handed_in("ben", OTHER)], {}
    )
    assert [(p.first.student, p.second.student, p.similarity) for p in found] == [
        ("ann", "zoe", 1.0)
    ]


def test_what_the_starter_gave_counts_for_nobody():
    a, b = handed_in("a", STARTER * 3 + ONE), handed_in("b", STARTER * 3 + OTHER)
    assert similar.similar([a, b], {}, at_least=0.2)
    assert not similar.similar([a, b], {NAME: STARTER * 3}, at_least=0.3)
    starter_alone = [handed_in("a", STARTER), handed_in("b", STARTER)]
    assert not similar.similar(starter_alone, {NAME: STARTER})


def test_only_answers_of_different_students_to_one_challenge_that_count_are_compared():
    same = [handed_in("a", ONE), handed_in("a", ONE), handed_in("b", ONE, "day02_errors")]
    gone = [
        handed_in("c", ONE, superseded_by="x"),
        Submission("d", "d", "d.py", None, "lost", challenge=NAME),
    ]
    assert not similar.similar(same + gone, {})


def test_short_code_is_not_compared_since_everything_looks_alike():
    assert not similar.similar(
        [handed_in("a", "x = f(1, 2, 3)"), handed_in("b", "y = g(4, 5, 6)")], {}
    )


@pytest.mark.parametrize(
    "code", ['"""' + "\\" * 99_999, "'" * 100_001, '"""\\' + '"""\\' * 40_000, "(" * 10**6, "\\"]
)
def test_code_that_is_made_to_be_slow_is_not(code):
    assert len(similar.tokens(code)) <= similar.MOST_TOKENS


def test_tokens_leave_out_names_numbers_texts_and_comments():
    assert similar.tokens("x = rf'a' + b  # c\nif x >= 1.5e3: return '''y\n'''") == (
        ["n", "=", "s", "+", "n", "if", "n", ">=", "0", ":", "return", "s"]
    )


def test_side_by_side_same_lines_stand_in_one_row():
    rows = similar.side_by_side("a = 1\nb = f(a)\nc", "b = f(a)\nzz")
    assert rows == [
        ("a = 1", "", ""),
        ("b = f(a)", "b = f(a)", "same"),
        ("c", "zz", "same but for names"),
    ]


def test_the_page_of_pairs_leaves_the_judgement_to_the_instructor():
    pairs = similar.similar([handed_in("zoe", ONE), handed_in("ann", RENAMED)], {})
    page = Page(report.pairs_page(pairs, {NAME: "The classic"}))
    assert "ann and zoe: 100 % alike" in page.text
    assert "none of this is evidence of copying" in page.text
    assert "for candidate in plans:" in page.text and "for my_candidate in my_plans:" in page.text
