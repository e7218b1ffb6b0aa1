"""A timeline of works as a list: real text, one column on a telephone, two where there is room."""

from __future__ import annotations

import html

from wmlib.figures.display import Fragment
from wmlib.figures.style import OTHERS, PALETTE

STYLE = (
    ".wm-timeline{list-style:none;margin:0;padding:0;columns:19em 2;column-gap:2.2em;"
    "font:400 .92em/1.45 Inter,'Source Sans 3',system-ui,sans-serif}"
    ".wm-timeline li{break-inside:avoid;display:grid;grid-template-columns:2.9em 13px 1fr;"
    "column-gap:.7em;margin:0;padding:0;list-style:none}"
    ".wm-timeline time{font-variant-numeric:tabular-nums;opacity:.72;text-align:right}"
    ".wm-timeline i{position:relative;border-left:1px solid color-mix(in srgb,currentColor 25%,"
    "transparent);margin-left:6px}"
    ".wm-timeline i:before{content:'';position:absolute;left:-5.5px;top:.42em;width:10px;"
    "height:10px;border-radius:5px;background:var(--dot)}"
    ".wm-timeline p{margin:0 0 .72em;line-height:1.45}.wm-timeline b{font-weight:600}"
    ".wm-timeline span{display:block;opacity:.82;font-size:.94em}"
    ".wm-threads{display:flex;flex-wrap:wrap;gap:.2em 1.4em;margin:0 0 1em;"
    "font:500 .84em/1.5 Inter,'Source Sans 3',system-ui,sans-serif}"
    ".wm-threads span:before{content:'';display:inline-block;width:10px;height:10px;"
    "border-radius:5px;margin-right:.5em;background:var(--dot)}"
)


def timeline(works) -> Fragment:
    """Works in order of time, each with a dot in the colour of its thread.

    Args:
        works: tuples `(year, who, what, thread)`, for instance
            `(1943, "Craik", "a small-scale model of reality in the head", "minds")`.
            The colours follow the order in which the threads appear.

    Returns:
        a fragment of HTML for `show`.
    """
    works = sorted(works, key=lambda work: work[0])
    if not works:
        raise ValueError("timeline() was given no works: [(1943, 'Craik', 'what', 'thread'), ...]")
    for work in works:
        if len(work) != 4:
            raise ValueError(f"a work is (year, who, what, thread), got {work!r}")
    threads = list(dict.fromkeys(work[3] for work in works))
    if len(threads) > len(OTHERS):
        raise ValueError(f"at most {len(OTHERS)} threads have colours, got {', '.join(threads)}")
    names = {value: name for name, value in PALETTE.items()}
    dots = {
        thread: f"--dot:var(--wm-{names[color]},{color})" for thread, color in zip(threads, OTHERS)
    }
    key = "".join(f'<span style="{dots[t]}">{html.escape(t)}</span>' for t in threads)
    rows = "".join(
        f'<li><time>{year}</time><i style="{dots[thread]}"></i>'
        f"<p><b>{html.escape(who)}</b><span>{html.escape(what)}</span></p></li>"
        for year, who, what, thread in works
    )
    return Fragment(
        f'<style>{STYLE}</style><div><div class="wm-threads">{key}</div>'
        f'<ol class="wm-timeline">{rows}</ol></div>'
    )
