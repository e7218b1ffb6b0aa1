"""How a picture enters the page: `show`, and what films and widgets share with it.

Every fragment stands on its own: it brings the few lines of CSS it needs, so that it looks the
same in the book, in JupyterLab and in Colab, in light and in dark, with no network.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wmlib.figures.svg import figure_svg

if TYPE_CHECKING:
    from PIL.Image import Image


def source(name: str) -> str:
    """A script or style sheet that stands beside this module, without indents and comments."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))


# The book sets the --wm-* variables itself; figure.css sets them for notebooks shown elsewhere.
CSS = source("figure.css")
CONTROLS = source("controls.css")


class Fragment(str):
    """A piece of HTML that `show` puts into the page as it is."""


def show(*pictures: Any, alt: str, caption: str = "") -> None:
    """Show figures or images in the notebook, as one figure with alternative text.

    Several pictures stand side by side where there is room and one below the other where there is
    not, which on a telephone is far more readable than one wide figure.

    Args:
        pictures: matplotlib figures, Pillow images, or fragments such as a `timeline`.
        alt: one sentence that tells a reader who cannot see it what is there to be seen.
        caption: what stands below; HTML allowed.

    Raises:
        ValueError: if `alt` is missing or is not a sentence.
    """
    check_alt(alt, "show")
    if not pictures:
        raise ValueError("show() was given no picture: show(fig, alt='...')")
    names = told_once(alt, len(pictures))
    parts = [picture_html(picture, name, spare=True) for picture, name in zip(pictures, names)]
    inside = parts[0] if len(parts) == 1 else row(parts, pictures)
    put(wrap(inside, caption), alt)


def told_once(alt: str, count: int) -> list[str]:
    """Names for pictures that stand together: the first is described, the others refer to it."""
    return [alt] + [
        f"Picture {i} of {count}, described with the first." for i in range(2, count + 1)
    ]


def put(fragment: str, alt: str) -> None:
    """Display a fragment of HTML, with `alt` as its plain text."""
    from IPython.display import display

    display({"text/html": fragment, "text/plain": alt}, raw=True)


def row(parts: Sequence[str], pictures: Sequence[Any]) -> str:
    """Pieces of HTML side by side; two small pictures shrink rather than part on a telephone."""
    small = len(parts) == 2 and all(getattr(picture, "width", 999) <= 230 for picture in pictures)
    return f'<div class="wm-row{" wm-pair" if small else ""}">{"".join(parts)}</div>'


def wrap(inside: str, caption: str = "", attributes: str = "") -> str:
    """The `<figure>` around every picture, film and widget."""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<style>{CSS}</style><figure class="wm-figure"{attributes}>{inside}{below}</figure>'


def picture_html(picture: Any, alt: str, spare: bool = False) -> str:
    """One picture as HTML: a figure becomes an `<svg>` (and is closed), an image an `<img>`.

    With `spare`, a small image stands behind the `<svg>`, hidden by our CSS: where a notebook is
    not trusted, both CSS and `<svg>` are taken out of it and the image is what remains.
    """
    from PIL import Image

    if isinstance(picture, Fragment):
        return picture
    if isinstance(picture, Image.Image):
        return image_html(picture, alt)
    if hasattr(picture, "savefig"):
        from matplotlib import pyplot as plt

        svg = figure_svg(picture, alt)
        behind = _spare_image(picture, alt) if spare else ""
        plt.close(picture)
        return f"<div>{svg}{behind}</div>" if spare else svg
    raise TypeError(
        "wanted a matplotlib figure or a Pillow image, got "
        f"{type(picture).__name__}: functions in wmlib.figures.plots return figures"
    )


def _spare_image(fig, alt):
    from PIL import Image

    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=90, transparent=False, facecolor="white")
    image = Image.open(buffer).convert("RGB").quantize(48, dither=Image.Dither.NONE)
    return image_html(image.convert("RGB"), alt).replace('class="', 'class="wm-spare ')


def image_html(image: Image, alt: str) -> str:
    """A Pillow image as an `<img>` element."""
    return (
        f'<img class="{image_class(image)}" src="{image_uri(image)}" width="{image.width}" '
        f'height="{image.height}" style="height:auto" alt="{html.escape(alt, True)}">'
    )


def image_class(image: Image) -> str:
    """CSS classes: the book's theme leaves `dark-light` alone, `wm-clear` is lifted in the dark."""
    return "dark-light wm-clear" if image.mode == "RGBA" else "dark-light"


def image_uri(image: Image) -> str:
    """A Pillow image as a `data:` address: lossless WebP."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True, quality=90, method=4, exact=False)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def fingerprint(*parts: object) -> str:
    """Eight letters that depend on the contents only: names for elements of a page."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else repr(part).encode())
    return digest.hexdigest()[:8]


def check_alt(alt: object, function: str) -> None:
    """Refuse a picture that says nothing to a reader who cannot see it."""
    if not isinstance(alt, str) or len(alt.split()) < 4 or alt.strip()[-1] not in ".!?":
        raise ValueError(
            f"{function}(...) needs alt=: one full sentence saying what is to be seen, such as "
            f"'The learned model follows the pole for ten steps and then drifts.' Got {alt!r}"
        )
