"""How a picture enters the page: `show`, and what films and widgets share with it.

Every fragment stands on its own: it brings the few lines of CSS it needs, so that it looks the
same in the book, in JupyterLab and in Colab, in light and in dark, with no network.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io

from wmlib.figures.svg import figure_svg

# The book sets the --wm-* variables itself; these rules are for notebooks shown elsewhere.
_DARK = "[data-jp-theme-light=false] .wm-figure,html[theme=dark] .wm-figure,.vscode-dark .wm-figure"
CSS = (
    ".wm-figure{margin:1.1em 0;max-width:100%;min-width:0;box-sizing:border-box}"
    ".wm-figure *{box-sizing:border-box}"
    ".wm-row{display:flex;flex-wrap:wrap;gap:.8em 1.6em;align-items:flex-start}"
    ".wm-row>*{min-width:0;max-width:100%}"
    ".wm-figure svg,.wm-figure img,.wm-figure canvas{display:block;max-width:100%}"
    ".wm-figure figcaption{font:400 .84em/1.5 Inter,'Source Sans 3',system-ui,sans-serif;"
    "opacity:.78;margin:.6em 0 0;max-width:44em;text-align:left}"
    "html[data-theme=dark] div.cell_output .text_html:has(.wm-figure)"
    "{background:none!important;color:inherit!important;padding:0!important}"
    + _DARK
    + "{--wm-real:#5AB0EC;--wm-imagined:#FF9248;--wm-grey:#9CA3AF;--wm-green:#34C79A;"
    "--wm-purple:#D98CCB;--wm-gold:#DDB13F;--wm-sky:#8CCBF2;--wm-paper:#16161A}"
)


def show(*pictures, alt: str, caption: str = "") -> None:
    """Show figures or images in the notebook, as one figure with alternative text.

    Several pictures stand side by side where there is room and one below the other where there is
    not, which on a telephone is far more readable than one wide figure.

    Args:
        pictures: matplotlib figures or Pillow images.
        alt: one sentence that tells a reader who cannot see it what is there to be seen.
        caption: what stands below; HTML allowed.

    Raises:
        ValueError: if `alt` is missing or is not a sentence.
    """
    check_alt(alt, "show")
    if not pictures:
        raise ValueError("show() was given no picture: show(fig, alt='...')")
    parts = [picture_html(picture, alt if i == 0 else "") for i, picture in enumerate(pictures)]
    inside = parts[0] if len(parts) == 1 else f'<div class="wm-row">{"".join(parts)}</div>'
    put(wrap(inside, caption), alt)


def put(fragment: str, alt: str) -> None:
    """Display a fragment of HTML, with `alt` as its plain text."""
    from IPython.display import display

    display({"text/html": fragment, "text/plain": alt}, raw=True)


def wrap(inside: str, caption: str = "", attributes: str = "") -> str:
    """The `<figure>` around every picture, film and widget."""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f"<style>{CSS}</style>"
        f'<figure class="wm-figure" role="group"{attributes}>{inside}{below}</figure>'
    )


def picture_html(picture, alt: str) -> str:
    """One picture as HTML: a figure becomes an `<svg>` (and is closed), an image an `<img>`."""
    from PIL import Image

    if isinstance(picture, Image.Image):
        # class dark-light: the book's theme leaves such images as they are in dark mode
        return (
            f'<img class="dark-light" src="{image_uri(picture)}" width="{picture.width}" '
            f'height="{picture.height}" style="height:auto" alt="{html.escape(alt, True)}">'
        )
    if hasattr(picture, "savefig"):
        from matplotlib import pyplot as plt

        svg = figure_svg(picture, alt)
        plt.close(picture)
        return svg
    raise TypeError(
        "wanted a matplotlib figure or a Pillow image, got "
        f"{type(picture).__name__}: functions in wmlib.figures.plots return figures"
    )


def image_uri(image) -> str:
    """A Pillow image as a `data:` address: lossless WebP."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True, quality=90, method=4, exact=False)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def fingerprint(*parts) -> str:
    """Eight letters that depend on the contents only: names for elements of a page."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else repr(part).encode())
    return digest.hexdigest()[:8]


def check_alt(alt, function: str) -> None:
    """Refuse a picture that says nothing to a reader who cannot see it."""
    if not isinstance(alt, str) or len(alt.split()) < 4 or alt.strip()[-1] not in ".!?":
        raise ValueError(
            f"{function}(...) needs alt=: one full sentence saying what is to be seen, such as "
            f"'The learned model follows the pole for ten steps and then drifts.' Got {alt!r}"
        )
