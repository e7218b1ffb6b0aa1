"""A matplotlib figure as a small inline SVG that takes its colours from the page.

Text stays as outlines, so the letters are the same in the book, in JupyterLab and in Colab. Black
becomes `currentColor`, white the page's paper and the palette CSS variables with fallbacks; ids
carry a hash of the picture, so that several pictures in one page do not collide; what would be
heavy is rasterised; the same figure gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import numpy as np

from wmlib.figures.style import PALETTE, plain_log

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
MANY = 600  # points or cells above which an artist is drawn as pixels

COLOURS = {value.lower(): f"var(--wm-{name},{value})" for name, value in PALETTE.items()} | {
    "#000000": "currentColor",
    "#ffffff": "var(--wm-paper,#fff)",
}
NUMBER = re.compile(r"-?\d+\.\d+")
REFERENCE = re.compile(r"url\(#([^)]+)\)")


def figure_svg(fig: Figure, alt: str) -> str:
    """The figure as an `<svg>` element, ready to stand in a page."""
    _finish(fig)
    _rasterise_heavy(fig)
    buffer = io.StringIO()
    fig.savefig(
        buffer,
        format="svg",
        dpi=140,
        transparent=True,
        metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
    )
    root = ET.fromstring(buffer.getvalue())
    for metadata in root.findall(f"{SVG}metadata"):
        root.remove(metadata)
    _recolour(root)
    _shorten(root)
    _unwrap(root)
    prefix = "w" + hashlib.sha256(ET.tostring(root)).hexdigest()[:7]
    _rename(root, prefix)
    _, _, width, height = (float(v) for v in root.attrib["viewBox"].split())
    root.attrib.clear()
    root.set("viewBox", f"0 0 {width:.4g} {height:.4g}")
    root.set("role", "img")
    root.set("aria-label", alt)
    root.set("fill", "currentColor")
    # points to CSS pixels; height:auto keeps the shape when the page is narrower
    root.set("style", f"width:{width * 4 / 3:.0f}px;max-width:100%;height:auto")
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    text = text.replace("ns0:", "").replace("ns1:", "xlink:")
    text = re.sub(r' xmlns:\w+="[^"]*"', "", text)
    return re.sub(r">\s+<", "><", text).replace(" />", "/>")


def _finish(fig):
    """What can only be done when nothing more is drawn: numbers on axes, names at line ends."""
    from matplotlib.ticker import LogFormatter

    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if axis.get_scale() == "log" and isinstance(axis.get_major_formatter(), LogFormatter):
                plain_log(axis)
        getattr(ax, "_wm_relabel", lambda: None)()


def _rasterise_heavy(fig):
    from matplotlib.collections import Collection, QuadMesh
    from matplotlib.lines import Line2D

    for artist in fig.findobj():
        count = 0
        if isinstance(artist, QuadMesh):
            values = artist.get_array()
            count = 0 if values is None else values.size
        elif isinstance(artist, Collection):
            count = max(len(np.asarray(artist.get_offsets())), len(artist.get_paths()))
        elif isinstance(artist, Line2D) and artist.get_marker() not in ("None", None, "", " "):
            count = np.size(artist.get_xdata(orig=False))
        if count > MANY:
            artist.set_rasterized(True)


def _recolour(root):
    for element in root.iter():
        style = element.get("style")
        if not style:
            continue
        kept = []
        for part in style.split(";"):
            key, _, value = part.partition(":")
            key, value = key.strip(), value.strip()
            if not key or (key, value) in {("stroke-linejoin", "miter"), ("fill-opacity", "1")}:
                continue
            kept.append(f"{key}:{COLOURS.get(value.lower(), _rounded(value))}")
        element.set("style", ";".join(kept))


def _rounded(text: str, digits: int = 2) -> str:
    return NUMBER.sub(lambda m: f"{float(m[0]):.{digits}f}".rstrip("0").rstrip("."), text)


def _shorten(root):
    for element in root.iter():
        if "d" in element.attrib:
            path = re.sub(r"\s+", " ", _rounded(element.get("d"))).strip()
            path = re.sub(r" ?([MLHVCSQTAZ]) ?", r"\1", path)
            element.set("d", path.replace(" -", "-"))
        for key in ("x", "y", "width", "height"):
            if key in element.attrib:
                element.set(key, _rounded(element.get(key)))
        if "transform" in element.attrib:
            element.set("transform", _rounded(element.get("transform"), 4))


def _unwrap(element):
    """Lift the children of groups that say nothing."""
    children = []
    for child in list(element):
        _unwrap(child)
        says = set(child.attrib) - {"id"}
        if child.tag == f"{SVG}g" and not says:
            children.extend(child)
        else:
            children.append(child)
    element[:] = children
    element.text = None
    element.tail = None


def _rename(root, prefix):
    """Keep only the ids that something refers to, and make them this picture's own."""
    used: dict[str, str] = {}
    for element in root.iter():
        targets = [m for value in element.attrib.values() for m in REFERENCE.findall(value)]
        href = element.attrib.pop(HREF, None) or element.get("href")
        if href and href.startswith("#"):
            targets.append(href[1:])
        if href:
            element.set("href", href)
        for target in targets:
            used.setdefault(target, f"{prefix}{len(used):x}")
    for element in root.iter():
        if element.get("id") in used:
            element.set("id", used[element.get("id")])
        else:
            element.attrib.pop("id", None)
        for key, value in element.attrib.items():
            if value.startswith("#") and value[1:] in used:
                element.set(key, "#" + used[value[1:]])
            elif "url(#" in value:
                element.set(key, REFERENCE.sub(lambda m: f"url(#{used[m[1]]})", value))
