"""The look of the reports: templates and a style, for jinja2 with everything escaped.

A page needs nothing beside it: no script, no font, no picture from elsewhere, and says so to the
browser. It is readable on a phone, on paper and in the dark.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]
Titles = Mapping[str, str]
SENTENCE = 600  # characters

STYLE = """
:root { color-scheme: light dark; --ink: #1c1d22; --soft: #5d6270; --paper: #fbfaf7; --card: #fff;
  --line: #e3e1da; --blue: #0072b2; --green: #00775a; --red: #b3480a; --gold: #8a6500;
  --tint: #eef4f8; --mark: #fff1cf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e7e3; --soft: #a3a7b3; --paper: #16161a;
  --card: #1e1f25; --line: #34363f; --blue: #5ab0ec; --green: #34c79a; --red: #ff9248;
  --gold: #ddb13f; --tint: #202a33; --mark: #3d3418; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 400 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Source Sans 3", sans-serif; }
main { max-width: 46rem; margin: 0 auto; }
main.wide { max-width: 90rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .6rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
p { margin: .4rem 0; overflow-wrap: anywhere; }
a { color: var(--blue); }
.soft { color: var(--soft); }
.total { font-variant-numeric: tabular-nums; font-size: 1.1rem; }
.total b { font-size: 1.5rem; }
.part { background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--soft);
  border-radius: .5rem; padding: .7rem 1rem; margin: .7rem 0; }
.part.right { border-left-color: var(--green); }
.part.wrong { border-left-color: var(--red); }
.part.open { border-left-color: var(--gold); }
.part header { display: flex; flex-wrap: wrap; gap: .2rem 1rem; justify-content: space-between; }
.part header b { overflow-wrap: anywhere; }
.state { font-weight: 600; white-space: nowrap; }
.right .state { color: var(--green); } .wrong .state { color: var(--red); }
.open .state { color: var(--gold); }
pre, blockquote { background: var(--tint); border-radius: .4rem; margin: .5rem 0; padding: .6rem .8rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
pre { font: .85rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
ul { padding-left: 1.2rem; margin: .3rem 0; }
li { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-bottom: 1px solid var(--line); }
td { overflow-wrap: break-word; }
.many { columns: 13rem; }
th { font-weight: 600; color: var(--soft); font-size: .9rem; }
.n { text-align: right; white-space: nowrap; }
svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: .6rem 0; }
svg rect { fill: var(--blue); } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
svg line { stroke: var(--line); }
.pair td { font: .8rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; width: 50%;
  white-space: pre-wrap; border-bottom: 0; padding: 0 .6rem; }
.pair { min-width: 44rem; tab-size: 4; }
.pair td { overflow-wrap: anywhere; }
.pair td + td { border-left: 1px solid var(--line); }
.pair .same td { background: var(--mark); } .pair .named td { background: var(--tint); }
@media (max-width: 40rem) { body { padding: 1.2rem .8rem 3rem; } h1 { font-size: 1.4rem; } }
@media print { body { padding: 0; } .part { break-inside: avoid; } }
"""

BASE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ title }}</title>
<style>{{ style }}</style>
</head>
<body>
<main{% if wide %} class="wide"{% endif %}>
{% block body %}{% endblock %}
</main>
</body>
</html>
"""

STUDENT = """{% extends "base" %}{% block body %}
<h1>{{ name }}</h1>
{% for r in results %}
<section>
<h2>{{ r.title }}</h2>
<p class="total"><b>{{ r.marks }}</b> of {{ r.of }} points{% if r.bonus_of %}, bonus {{ r.bonus }} of
{{ r.bonus_of }}{% endif %}{% if r.waiting %}; {{ r.waiting }} more are still to be marked by your
instructor{% endif %}</p>
{% if r.late %}<p>Handed in {{ r.late }} {{ "day" if r.late == 1 else "days" }} late.</p>{% endif %}
{% if r.file %}<p class="soft">From the file {{ r.file }}</p>{% endif %}
{% if r.notes %}<div class="part open"><b>About the run</b>
<ul>{% for note in r.notes %}<li>{{ note }}</li>{% endfor %}</ul></div>{% endif %}
{% for p in r.parts %}
<article class="part {{ p.state }}">
<header><b>{{ p.name }}{% if p.bonus %} (bonus){% endif %}</b>
<span class="state">{{ p.said }} &middot; {{ p.got }} of {{ p.points }}</span></header>
<p>{{ p.asked }}</p>
{% if p.found %}<p><strong>{{ "Found:" if p.state == "wrong" else "Comment:" }}</strong> {{ p.found }}</p>{% endif %}
{% if p.text %}<p class="soft">What you wrote:</p><blockquote>{{ p.text }}</blockquote>{% endif %}
</article>
{% endfor %}
</section>
{% else %}<p>Nothing was handed in.</p>
{% endfor %}
{% endblock %}
"""

CLASS = """{% extends "base" %}{% block body %}
<h1>{{ title }}</h1>
<p class="soft">{{ students }} {{ "student" if students == 1 else "students" }},
{{ graded }} {{ "submission" if graded == 1 else "submissions" }} graded{% if similar_page %};
<a href="{{ similar_page }}">nearly identical submissions: {{ pairs }}</a>{% endif %}</p>
{% for c in challenges %}
<section>
<h2>{{ c.title }}</h2>
<p>{{ c.bars.alt }}</p>
<svg viewBox="0 0 {{ c.bars.width }} {{ c.bars.height }}" role="img" aria-label="{{ c.bars.alt }}">
{% for b in c.bars.bars %}<rect x="{{ b.x }}" y="{{ b.y }}" width="{{ b.width }}" height="{{ b.height }}" rx="2"/>
{% if b.count %}<text x="{{ b.middle }}" y="{{ b.y - 4 }}" text-anchor="middle">{{ b.count }}</text>{% endif %}
<text x="{{ b.middle }}" y="{{ c.bars.height - 4 }}" text-anchor="middle">{{ b.label }}</text>
{% endfor %}<line x1="0" x2="{{ c.bars.width }}" y1="{{ c.bars.base }}" y2="{{ c.bars.base }}"/></svg>
<h3>Parts</h3>
<div class="scroll"><table><tr><th>part</th><th class="n">points</th><th class="n">right</th>
<th class="n">to be marked</th></tr>
{% for p in c.parts %}<tr><td>{{ p.name }}{% if p.bonus %} (bonus){% endif %}</td><td class="n">{{ p.points }}</td>
<td class="n">{{ p.right }} of {{ p.all }}</td><td class="n">{{ p.waiting or "" }}</td></tr>
{% endfor %}</table></div>
{% if c.mistakes %}<h3>Commonest mistakes</h3>
<div class="scroll"><table><tr><th class="n">how many</th><th>part</th><th>found</th></tr>
{% for m in c.mistakes %}<tr><td class="n">{{ m.count }}</td><td>{{ m.part }}</td><td>{{ m.found }}</td></tr>
{% endfor %}</table></div>{% endif %}
{% for heading, people in c.lists %}{% if people %}<h3>{{ heading }}</h3>
<ul>{% for p in people %}<li>{% if p.page is defined %}<a href="{{ p.page }}">{{ p.name }}</a>{% else %}{{ p.name }}{% endif %}{% if p.why is defined %}:
{{ p.why }}{% endif %}</li>{% endfor %}</ul>{% endif %}{% endfor %}
</section>
{% endfor %}
{% if others %}<h2>Files that were not graded</h2>
<ul>{% for p in others %}<li>{{ p.name }}: {{ p.why }}</li>{% endfor %}</ul>{% endif %}
{% if everybody %}<h2>Everybody's page</h2>
<ul class="many">{% for p in everybody %}<li><a href="{{ p.page }}">{{ p.name }}</a>: {{ p.why }}</li>
{% endfor %}</ul>{% endif %}
{% endblock %}
"""

SIMILAR = """{% extends "base" %}{% block body %}
<h1>Nearly identical submissions</h1>
<p>Listed for you to look at and to judge. The numbers say how much of the code is alike when names,
numbers, comments and layout are left aside, and what the starter gave is taken out. A short task has
few solutions, and two people may have been allowed to work together: none of this is evidence of
copying.</p>
<p class="soft">In colour: lines that are the same, and (paler) lines that are the same but for
names.</p>
{% for p in pairs %}
<section>
<h2>{{ p.first }} and {{ p.second }}: {{ p.percent }} % alike</h2>
<p class="soft">{{ p.challenge }}</p>
<div class="scroll"><table class="pair"><tr><th>{{ p.first }}: {{ p.first_file }}</th>
<th>{{ p.second }}: {{ p.second_file }}</th></tr>
{% for row in p.rows %}<tr{% if row.alike %} class="{{ row.alike }}"{% endif %}><td>{{ row.left }}</td><td>{{ row.right }}</td></tr>
{% endfor %}</table></div>
</section>
{% else %}<p>There are none.</p>
{% endfor %}
{% endblock %}
"""


def file_name(student: str, suffix: str = ".html") -> str:
    """A file name for a student: plain letters, and a mark that no two share on any file system."""
    plain = unicodedata.normalize("NFKD", student.lower()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "student"
    return f"{plain}-{hashlib.sha256(student.encode('utf8', 'replace')).hexdigest()[:8]}{suffix}"


def waits(part: Mapping[str, Any]) -> bool:
    """Whether a person is still to mark it."""
    return bool(part["manual"]) and part.get("text") is not None


def title_of(challenge: str, titles: Titles) -> str:
    """What a challenge is called."""
    day = challenge[3:5].lstrip("0")
    return f"Day {day}: {titles[challenge]}" if challenge in titles else challenge


def cut(text: Any, most: int) -> str:
    """A text of at most so many characters, without those that change how its neighbours look."""
    plain = "".join(
        c for c in str("" if text is None else text)[: most + 1] if c in "\n\t" or _harmless(c)
    )
    return plain if len(plain) <= most else plain[: most - 2].rstrip() + " …"


def _harmless(c: str) -> bool:
    return unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")


@functools.cache
def _environment() -> Any:
    from jinja2 import DictLoader, Environment, StrictUndefined

    templates = {"base": BASE, "student": STUDENT, "class": CLASS, "similar": SIMILAR}
    return Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, **values: Any) -> str:
    """A page, from one of the templates "student", "class" and "similar"."""
    from markupsafe import Markup

    values = {"wide": False, "style": Markup(STYLE)} | values
    return _environment().get_template(template).render(**values)
