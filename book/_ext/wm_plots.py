"""A plot of matplotlib's with a third of its elements, and the same picture.

Matplotlib writes each letter, dot, tick and grid line as an element of its own. Here a word is one
outline, and so are the dots of one look that do not overlap, the ticks and the lines of the grid.
"""

from __future__ import annotations

import re
from itertools import groupby

GLYPH = re.compile(r'<path id="([^"]+)"(?: d="([^"]*)")? transform="scale\(([\d.]+)\)"/>')
LETTER = (
    r'<use(?: transform="translate\(([^ )]+) ([^)]+)\)(?: scale\(([^)]+)\))?")? href="#([^"]+)"/>'
)
WORD = re.compile(f"(?:{LETTER})+")
ALONE = re.compile(r'<g([^>]*) transform="([^"]+)"><path transform="([^"]+)" d="([^"]*)"/></g>')
CLIPPED = re.compile(r'<g( clip-path="[^"]+")><path([^>]*)/></g>')
MARK = re.compile(r'<path id="([^"]+)" d="([^"]*)"(?: style="([^"]*)")?/>')
USE = r'<use x="([^"]+)" y="([^"]+)" style="([^"]*)" href="#([^"]+)"/>'
USES = re.compile(f"(?:{USE})+")
LINE = re.compile(
    r'<path d="(M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+))"( clip-path="[^"]+" style="[^"]*stroke-opacity:0\.1;[^"]*")/>'
)
STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")
SIZE = {"M": 2, "L": 2, "Q": 4, "C": 6}  # numbers of one step
WIDTH = re.compile(r"stroke-width:([\d.]+)")


def fewer(svg: str) -> str:
    """The same plot with fewer elements; what is not as matplotlib writes it stays as it is."""
    if "<use" not in svg:
        return svg
    svg = ticks(dots(words(svg)))
    seen = {}
    for line in LINE.finditer(svg):  # upright and level lines apart: they cross
        seen.setdefault((line[6], line[2] == line[4]), []).append(line)
    for (look, _), lines in seen.items():
        svg = svg.replace(lines[0][0], f'<path d="{"".join(line[1] for line in lines)}"{look}/>', 1)
        for line in lines[1:]:
            svg = svg.replace(line[0], "", 1)
    svg = svg.replace('<style type="text/css"/>', "").replace("<defs></defs>", "")
    return CLIPPED.sub(r"<path\1\2/>", svg)


def moved(outline: str, at: tuple[float, float], scale: float, pen: list[float]) -> str:
    """The outline at a place, in steps relative to the `pen`, which moves along.

    Relative, because equal letters are then equal text, which compresses.
    """
    made = []
    for command, text in STEP.findall(outline):
        if command == "z":
            made.append("z")
            pen[:2] = pen[2:]  # where the line began
            continue
        ends = [round(float(n) * scale + at[i % 2], 2) for i, n in enumerate(NUMBER.findall(text))]
        for k in range(0, len(ends), SIZE[command]):
            curve = ends[k : k + SIZE[command]]
            steps = " ".join(f"{round(end - pen[i % 2], 2):g}" for i, end in enumerate(curve))
            made.append(command.lower() + steps.replace(" -", "-"))
            pen[:2] = curve[-2:]
            if command == "M":
                pen[2:] = curve
    return "".join(made)


def words(svg: str) -> str:
    """One outline for each word."""
    glyphs = {name: (d, float(scale)) for name, d, scale in GLYPH.findall(svg)}

    def word(found) -> str:
        letters = re.findall(LETTER, found[0])
        if not all(name in glyphs for *_, name in letters):
            return found[0]
        unit, pen, outline = glyphs[letters[0][3]][1], [0.0] * 4, ""
        for x, y, scale, name in letters:
            at = (round(float(x or 0) / unit), round(float(y or 0) / unit))
            outline += moved(glyphs[name][0], at, float(scale or 1), pen)
        return f'<path transform="scale({unit:g})" d="{outline}"/>' if outline else ""

    svg = WORD.sub(word, svg)
    svg = GLYPH.sub(lambda found: found[0] if f'href="#{found[1]}"' in svg else "", svg)
    return ALONE.sub(r'<path\1 transform="\2 \3" d="\4"/>', svg.replace("<defs></defs>", ""))


def dots(svg: str) -> str:
    """Neighbours of one look in layers, so that of two which overlap the later stays above."""
    marks = {name: (d, style) for name, d, style in MARK.findall(svg)}

    def layers(found) -> str:
        made = []
        for (style, name), run in groupby(re.findall(USE, found[0]), key=lambda use: use[2:]):
            places = [(float(x), float(y)) for x, y, *_ in run]
            made.append(drawn(places, style, *marks[name]) if name in marks else found[0])
        return "".join(made)

    if not all(use[3] in marks for use in re.findall(USE, svg)):
        return svg
    svg = USES.sub(lambda found: layers(found) if found[0].count("<use") > 1 else found[0], svg)
    return without_marks(svg)


def drawn(places: list[tuple[float, float]], style: str, outline: str, own: str) -> str:
    """The mark at all places, in as few outlines as overlaps allow."""
    numbers = [abs(float(n)) for n in NUMBER.findall(outline)]
    widths = [float(w) for w in WIDTH.findall(f"{style};{own}")]
    reach = 2 * max(numbers) + max(widths, default=1.0)
    above: list[list[tuple[float, float]]] = []
    for x, y in places:
        layer = next(
            (
                k + 1
                for k in reversed(range(len(above)))
                if any(abs(x - u) < reach and abs(y - v) < reach for u, v in above[k])
            ),
            0,
        )
        if layer == len(above):
            above.append([])
        above[layer].append((x, y))
    look = ";".join(filter(None, (style, own)))
    return "".join(f'<path d="{repeated(outline, layer)}" style="{look}"/>' for layer in above)


def repeated(outline: str, places: list[tuple[float, float]]) -> str:
    """The outline at every place."""
    pen = [0.0] * 4
    return "".join(moved(outline, place, 1.0, pen) for place in places)


def ticks(svg: str) -> str:
    """Marks that stand alone, as ticks do between their labels: one outline for each look."""
    marks = {name: (d, style) for name, d, style in MARK.findall(svg)}
    seen: dict[tuple[str, str], list[re.Match]] = {}
    for use in re.finditer(USE, svg):
        if "opacity" not in use[3] and use[4] in marks:
            seen.setdefault((use[3], use[4]), []).append(use)
    for (style, name), uses in seen.items():
        places = [(float(use[1]), float(use[2])) for use in uses]
        svg = svg.replace(uses[0][0], drawn(places, style, *marks[name]), 1)
        for use in uses[1:]:
            svg = svg.replace(use[0], "", 1)
    return without_marks(svg)


def without_marks(svg: str) -> str:
    """Without the outlines that nothing refers to any more."""
    return MARK.sub(lambda found: found[0] if f'href="#{found[1]}"' in svg else "", svg)
