"""Concept questions: eight a chapter, each wrong answer explained, playable without a kernel."""

import importlib
import re

import pytest

from wmlib.questions import Question, chapters_with_questions, questions_of, quiz_html

TWO = [
    Question("What is `2 + 2`?", ("4", "Count."), [("5", "One too many."), ("3", "One too few.")]),
    Question("Is <b> safe?", ("yes", "It is escaped."), [("no", "Look at the page's source.")]),
]


SETS = {chapter: (questions_of(chapter), 8) for chapter in chapters_with_questions()}
for name, many in [(f"part_{n}", 8) for n in (1, 2, 3, 4)] + [
    ("before", 10),
    ("after", 10),
    ("primer", 8),
]:
    SETS[name] = importlib.import_module(f"wmlib.course.reviews.{name}").QUESTIONS, many


@pytest.mark.parametrize("name", SETS)
def test_every_answer_of_every_question_is_explained(name):
    found, many = SETS[name]
    assert len(found) == many
    assert len({question.asked for question in found}) == many
    for question in found:
        assert len(question.wrong) >= 2, question.asked
        options = [question.right, *question.wrong]
        assert len({option for option, _ in options}) == len(options), question.asked
        assert all(len(why.split()) >= 3 for _, why in options), question.asked
        # Who takes the longest answer every time must not pass.
    longest = [
        len(question.right[0]) > max(len(option) for option, _ in question.wrong)
        for question in found
    ]
    assert sum(longest) <= many / 2, "the right answer is the longest one too often"


def test_an_option_opens_and_explains_itself_without_a_script():
    page = quiz_html(TWO, "Sums")
    assert page.count("<details") == 5 and page.count("wm-option wm-right") == 2
    assert "<code>2 + 2</code>" in page and "&lt;b&gt;" in page and "<b>" not in page
    assert re.search(r"<summary>5</summary><p>&#10007; One too many", page)


def test_the_right_answer_is_not_always_at_the_same_place():
    many = [Question(f"Question {i}?", ("a", "x"), [("b", "x"), ("c", "x")]) for i in range(30)]
    places = [
        re.findall(r"<summary>(\w)</summary>", part).index("a")
        for part in quiz_html(many, "x").split('class="wm-question"')[1:]
    ]
    assert set(places) == {0, 1, 2}
    assert quiz_html(many, "x") == quiz_html(many, "x")
