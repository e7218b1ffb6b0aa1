"""The code in the README and on the page on a world of one's own does what they say."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "book" / "your_own_world.md"


README = PAGE.parents[1] / "README.md"


def returns(code, capsys):
    exec(compile(code, PAGE.name, "exec"), {})
    return map(float, capsys.readouterr().out.split())


@pytest.mark.slow
def test_the_code_on_the_page_learns_to_hold_the_boat(capsys):
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf8"), re.S))
    random, planned = returns(code, capsys)
    assert planned > -60 > random / 3

    without_the_aim = re.sub(r"\nmodel = model.goal.*", "", code)
    assert without_the_aim != code
    random, planned = returns(without_the_aim, capsys)
    assert planned < random, "the page says that the boat sails away"


@pytest.mark.slow
def test_the_code_in_the_readme_balances_the_pole(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf8"), re.S)
    random, planned = returns(code, capsys)
    assert random < 30 and planned >= 475
