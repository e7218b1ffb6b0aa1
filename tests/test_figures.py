"""Figures: one look, right in every page, the same bytes each time; and errors that help."""

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from browser import opened
from matplotlib import pyplot as plt
from PIL import Image

import wmlib
from wmlib.course.ch01_small_scale_models.timelines import timeline
from wmlib.course.ch05_ensembles.scene_road import road
from wmlib.figures import IMAGINED, REAL, plots, scenes, show, use_style
from wmlib.figures.display import image_uri, picture_html, wrap
from wmlib.figures.films import reel_html
from wmlib.figures.style import PALETTE

ALT = "The imagined futures drift away from the real one."


def fan():
    rng = np.random.default_rng(0)
    real = np.sin(np.arange(40) / 6)
    return plots.fan(real, real[5:20] + np.cumsum(rng.normal(0, 0.03, (8, 15)), 1), start=5)


def errors(seeds=8):
    return np.random.default_rng(1).random((seeds, 12)) + 0.1


@pytest.fixture(autouse=True)
def closed_in_the_end():
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What `display` was given."""
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: bundles.append(data))
    return bundles


# ------------------------------------------------------------------------------------ pictures


def test_the_same_figure_gives_the_same_bytes():
    assert picture_html(fan(), ALT) == picture_html(fan(), ALT)


def test_reality_is_solid_and_imagination_dashed_and_both_follow_the_page():
    root = ET.fromstring(picture_html(fan(), ALT))
    styles = [e.get("style") for e in root.iter() if "stroke:var(" in (e.get("style") or "")]
    real = [s for s in styles if f"stroke:var(--wm-real,{REAL})" in s]
    imagined = [s for s in styles if f"stroke:var(--wm-imagined,{IMAGINED})" in s]
    assert real and not any("dasharray" in s for s in real)
    assert len(imagined) == 8 and all("stroke-dasharray" in s for s in imagined)


def test_an_svg_has_no_black_of_its_own_no_background_and_no_date():
    use_style()
    svg = picture_html(plt.subplots()[0], ALT)
    assert "currentColor" in svg and "#000" not in svg and "metadata" not in svg
    fills = re.findall(r"fill:([^;\"]+)", svg)
    assert set(fills) <= {"none", "currentColor"}


def test_every_reference_in_an_svg_is_found_in_it():
    svg = picture_html(fan(), ALT)
    wanted = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
    ids = re.findall(r' id="([^"]+)"', svg)
    assert wanted == set(ids) and len(ids) == len(set(ids))


def test_two_different_figures_share_no_id():
    def ids(svg):
        return set(re.findall(r' id="([^"]+)"', svg))

    assert not ids(picture_html(fan(), ALT)) & ids(picture_html(plots.curves({"a": errors()}), ALT))


def test_a_typical_figure_weighs_less_than_60_kb():
    figures = [
        fan(),
        plots.error_by_horizon({"network": errors(), "linear": errors(3), "still": errors(1)}),
        plots.heatmap(errors(6), list("abcdef"), range(12), fmt="{:.2f}"),
        plots.bars({"one": errors()[0], "two": errors()[1]}),
    ]
    assert max(len(picture_html(figure, ALT)) for figure in figures) < 60_000


def test_ten_thousand_points_are_drawn_as_pixels():
    use_style()
    figure, ax = plt.subplots()
    ax.scatter(*np.random.default_rng(0).random((2, 10_000)), s=4)
    svg = picture_html(figure, ALT)
    assert "<image" in svg and len(svg) < 200_000


def test_show_displays_html_with_the_alt_text_and_closes_the_figure(shown):
    figure = fan()
    show(figure, alt=ALT, caption="Fan.")
    (bundle,) = shown
    assert bundle["text/plain"] == ALT
    assert f'aria-label="{ALT}"' in bundle["text/html"] and "Fan.</figcap" in bundle["text/html"]
    assert not plt.fignum_exists(figure.number)


def test_of_several_pictures_the_first_is_described_and_the_others_say_so(shown):
    show(fan(), scenes.cartpole([0] * 4), fan(), alt=ALT)
    html = shown[0]["text/html"].replace("wm-spare", "")
    assert html.count(f'aria-label="{ALT}"') == 1 and 'alt=""' not in html
    assert 'alt="Picture 2 of 3, described with the first."' in html
    assert 'aria-label="Picture 3 of 3, described with the first."' in html
    assert 'alt="Picture 2 of 2, described' in reel_html(film(), film(role="imagined"), alt=ALT)


def test_words_in_plots_are_large_enough_for_a_telephone():
    """9.5 points in a plot of 538 pixels are 9 pixels high where the plot is 387 wide."""
    use_style()
    small = {
        key: size
        for key, size in plt.rcParams.items()
        if key.endswith(("labelsize", "titlesize", "font.size", "legend.fontsize"))
        and isinstance(size, float)
        and size < 9.5
    }
    assert not small
    for path in Path(wmlib.__file__).parent.rglob("*.py"):
        for size in re.findall(r"fontsize=(\d+(?:\.\d+)?)", path.read_text("utf8")):
            assert float(size) >= 9.5, f"{path.name}: fontsize={size}"


@pytest.mark.parametrize("alt", ["", "plot", "a plot of the error", None])
def test_a_figure_without_a_sentence_for_those_who_cannot_see_it_is_refused(alt):
    with pytest.raises(ValueError, match="needs alt=: one full sentence"):
        show(fan(), alt=alt)


def test_show_says_what_it_can_show():
    with pytest.raises(TypeError, match="wanted a matplotlib figure or a Pillow image, got Axes"):
        show(fan().axes[0], alt=ALT)


# --------------------------------------------------------------------------------------- plots


def lines(figure, colour):
    return [line for line in figure.axes[0].lines if line.get_color() == colour]


def test_the_first_error_stands_one_step_ahead():
    figure = plots.error_by_horizon({"network": errors()})
    (line,) = lines(figure, PALETTE["green"])
    assert list(line.get_xdata()) == list(range(1, 13))
    assert np.allclose(line.get_ydata(), np.median(errors(), 0))


def test_words_at_a_threshold_keep_off_the_curves():
    low = plots.curves({"a": [9, 9, 9], "b": [5, 5, 5]}, threshold=(4.9, "the least there can be"))
    high = plots.curves({"a": [1, 9, 10], "b": [1, 1, 1]}, threshold=(7, "solved"))
    for figure, place in ((low, "top"), (high, "bottom")):
        figure.axes[0]._wm_relabel()
        label = figure.axes[0]._wm_labels[0]
        assert label.get_va() == place and label.get_ha() == "left"
        figure.draw_without_rendering()
        assert label.get_window_extent().y0 >= figure.axes[0].bbox.y0 - 1


@pytest.mark.parametrize("top, wanted", [(0.9, {"0.2", "0.5"}), (500.0, {"1", "10", "100"})])
def test_logarithmic_axes_have_plain_numbers_and_steps_are_whole(top, wanted):
    figure = plots.error_by_horizon({"network": np.geomspace(0.15, top, 6)})
    figure.canvas.draw()
    ax = figure.axes[0]
    assert wanted <= {label.get_text() for label in ax.get_yticklabels()}
    assert all(float(x).is_integer() for x in ax.get_xticks())


def test_a_logarithmic_axis_of_ones_own_gets_plain_numbers_when_shown(shown):
    figure = plots.curves({"a": [3, 40, 4000]})
    figure.axes[0].set_yscale("log")
    show(figure, alt=ALT)
    labels = {label.get_text() for label in figure.axes[0].get_yticklabels()}
    assert {"10", "100", "1,000"} <= labels


def test_few_seeds_are_drawn_one_by_one_and_many_as_a_band():
    few, many = plots.curves({"a": errors(4)}), plots.curves({"a": errors(20)})
    assert len(lines(few, PALETTE["green"])) == 5 and not few.axes[0].collections
    assert len(lines(many, PALETTE["green"])) == 1
    (band,) = many.axes[0].collections
    top = band.get_paths()[0].vertices[:, 1].max()
    assert np.isclose(top, np.percentile(errors(20), 95, axis=0).max())


def test_reality_and_imagination_lend_their_colours_to_no_other_series():
    names = {name: errors(1) for name in "abcdefghij"}
    colours = {line.get_color() for line in plots.curves(names).axes[0].lines}
    assert not colours & {REAL, IMAGINED}


def test_every_seed_of_a_bar_is_a_dot():
    figure = plots.bars({"planner": [480, 500, 490], "random": [20, 22, 25]}, grey=("random",))
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [sorted(dot.get_xdata()) for dot in dots] == [[480, 490, 500], [20, 22, 25]]
    assert dots[1].get_color() == PALETTE["grey"]


def test_names_at_the_ends_of_lines_do_not_touch():
    series = {name: np.full(10, 1 + 0.001 * i) for i, name in enumerate(["one", "two", "three"])}
    figure = plots.curves(series | {"far": np.zeros(10)})
    figure.axes[0]._wm_relabel()
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in figure.axes[0]._wm_labels]
    boxes.sort(key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 + 1 for low, high in zip(boxes, boxes[1:]))


def test_imagined_futures_begin_where_they_were_imagined():
    figure = plots.fan(np.arange(30.0), np.arange(10.0, 15.0), start=10, dt=0.5)
    (imagined,) = lines(figure, IMAGINED)
    assert imagined.get_xdata()[0] == 5.0 and imagined.get_ydata()[0] == 10.0


def test_a_heatmap_puts_its_first_row_on_top_and_leaves_nan_empty():
    figure = plots.heatmap([[1, np.nan], [3, 4]], ["a", "b"], ["x", "y"])
    texts = {t.get_text(): t.get_position() for t in figure.axes[0].texts}
    assert texts == {"1": (0, 0), "3": (0, 1), "4": (1, 1)}
    assert figure.axes[0].yaxis_inverted()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: plots.curves({}), "no series to draw"),
        (lambda: plots.curves({"a": np.zeros((2, 3, 4))}), r"\(seeds, T\), got \(2, 3, 4\)"),
        (lambda: plots.curves({"a": [1, np.inf]}), "infinite"),
        (lambda: plots.curves({"a": []}), "holds no numbers"),
        (lambda: plots.curves({"a": [1, 2]}, x=[1, 2, 3]), "has 2 points and x has 3"),
        (lambda: plots.curves({"a": [1, 2]}, grey=("b",)), "no series is called 'b'"),
        (lambda: plots.bars({}), "no values"),
        (lambda: plots.heatmap(np.zeros((2, 3)), "ab", "ab"), r"= \(2, 2\), got \(2, 3\)"),
        (lambda: timeline([]), "no works"),
        (lambda: timeline([(1943, "Craik", "a model in the head")]), "a work is"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_timeline_is_in_order_of_time():
    html = timeline([(2018, "Ha", "dream", "latent"), (1943, "Craik", "a <model>", "minds")])
    assert html.index("1943") < html.index("2018") and "a &lt;model&gt;" in html


def test_large_means_are_written_with_thousands():
    figure = plots.bars({"old table": [33_000, 34_200], "new": [0.12345]})
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["33,600", "0.123"]


# -------------------------------------------------------------------------------------- scenes


def centre(picture, x, y, colour):
    """Whether the picture shows this colour around a pixel."""
    r, g, b, a = picture.getpixel((round(x), round(y)))
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return a > 200 and max(abs(p - q) for p, q in zip((r, g, b), wanted)) < 12


@pytest.mark.parametrize("x, angle", [(0, 0), (1.2, 0.2), (-0.7, -0.4)])
def test_the_pole_stands_where_the_state_says(x, angle):
    picture = scenes.cartpole([x, 0, angle, 0])
    scale = picture.width / 5.6
    across = picture.width / 2 + scale * (x + 0.7 * np.sin(angle))
    up = picture.height - scale * (0.62 + 0.7 * np.cos(angle))
    assert centre(picture, across, up, REAL)
    mirrored = picture.width / 2 + scale * (x - 0.7 * np.sin(angle))
    assert angle == 0 or not centre(picture, mirrored, up, REAL)


def test_an_imagined_scene_is_orange_and_a_real_one_blue():
    def colours(picture):
        return {rgba[:3] for _, rgba in picture.getcolors(100_000) if rgba[3] > 200}

    blue, orange = (0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)
    real, imagined = scenes.cartpole([0] * 4), scenes.cartpole([0] * 4, role="imagined")
    assert blue in colours(real) and orange not in colours(real)
    assert orange in colours(imagined) and blue not in colours(imagined)
    assert orange in colours(scenes.cartpole([0] * 4, ghost=[0.5, 0, 0.3, 0]))


@pytest.mark.parametrize("angle", [0.0, 1.0, -2.5])
def test_the_pendulum_hangs_as_in_gymnasium(angle):
    picture = scenes.pendulum([np.cos(angle), np.sin(angle), 0.0])
    scale = picture.width / 2.7
    x = picture.width / 2 - scale * np.sin(angle)  # positive angles lean to the left
    y = picture.height / 2 - scale * np.cos(angle)
    assert centre(picture, x, y, REAL)
    assert image_uri(picture) == image_uri(scenes.pendulum([angle, 0.0]))


def test_a_maze_shows_values_walls_and_the_agent_in_their_cells():
    picture = scenes.maze("S.G\n.#.", values=[0, 1, np.nan, 0, 0, 0], agent=3, cell=40)

    def cell(row, column):
        return picture.getpixel((round(40 * (column + 0.2) + 12), round(40 * (row + 0.2) + 12)))

    assert centre(picture, 40 * 0.7, 40 * 1.7, REAL)  # the agent stands in cell 3
    assert cell(0, 1)[3] > 2 * cell(1, 2)[3]  # the best cell is shaded most
    assert cell(1, 1)[3] > 150  # the wall


def test_the_car_is_on_the_road_until_its_edge_and_then_in_the_water():
    def blue(picture):
        alpha = np.asarray(picture)[..., :3] == (0x00, 0x72, 0xB2)
        rows, columns = np.nonzero(alpha.all(-1) & (np.asarray(picture)[..., 3] == 255))
        return columns.mean() / picture.width * 484 - 12, rows.max()

    def grey(picture):
        return (np.asarray(picture)[..., :3] == (0x6B, 0x72, 0x80)).all(-1).sum()

    assert grey(road([200, 9.0], refused=True)) > grey(road([200, 9.0])) + 50
    start, quay, water = (blue(road([x, 0.0])) for x in (100, 400, 440))
    assert abs(start[0] - 92) < 6 and abs(quay[0] - 392) < 6
    assert water[1] > quay[1] + 10  # lower


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: road([1, 2, 3]), "position, speed"),
        (lambda: scenes.cartpole([0, 0, 0]), "4 finite numbers, got"),
        (lambda: scenes.cartpole([0, 0, np.nan, 0]), "finite"),
        (lambda: scenes.cartpole([0] * 4, role="dream"), '"real" or "imagined", got \'dream\''),
        (lambda: scenes.pendulum([1]), "cos, sin, velocity"),
        (lambda: scenes.maze("..\n..", values=[1, 2]), "each of the 4 cells"),
        (lambda: scenes.maze("..\n."), "equally long"),
    ],
)
def test_a_state_that_cannot_be_drawn_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --------------------------------------------------------------------------------------- films


def film(n=10, role="real"):
    return [scenes.cartpole([i / 20, 0, i / 40, 0], role) for i in range(n)]


def sheets(html):
    import base64

    found = re.findall(r'data-sheet="data:image/webp;base64,([^"]+)"', html)
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in found]


def test_a_film_holds_its_frames_without_loss():
    frames = film(7)
    (sheet,) = sheets(reel_html(frames, alt=ALT))
    assert sheet.size == (7 * 360, 158)
    for k, frame in enumerate(frames):
        stored = np.asarray(sheet.crop((k * 360, 0, (k + 1) * 360, 158)))
        seen = np.asarray(frame)[..., 3] > 0
        assert (stored[seen] == np.asarray(frame)[seen]).all()


def test_films_that_run_together_have_a_screen_each():
    labels = [f"step {i}" for i in range(10)]
    html = reel_html(film(), film(role="imagined"), alt=ALT, labels=labels)
    assert len(sheets(html)) == 2 and '"step 9"' in html
    assert html == reel_html(film(), film(role="imagined"), alt=ALT, labels=labels)


def test_frames_may_be_arrays_as_environments_render_them():
    frames = [np.full((20, 30, 3), 25 * i, np.uint8) for i in range(5)]
    assert sheets(reel_html(frames, alt=ALT))[0].size == (150, 20)


@pytest.mark.slow
def test_a_hundred_frames_weigh_less_than_250_kb():
    assert len(reel_html(film(100), alt=ALT)) < 250_000


@pytest.mark.parametrize(
    "films, labels, message",
    [
        ((), None, "was given no film"),
        (([],), None, "film 0 has no frames"),
        ((film(2) + [scenes.pendulum([0, 0])],), None, "must have one size"),
        ((film(3), film(4)), None, "equally long"),
        ((film(3),), ["one"], "one text for each of 3 frames, got 1"),
        ((film(1)[0],), None, "to show one picture use show"),
        (([np.zeros((4, 4, 3))],), None, "dtype float64"),
    ],
)
def test_a_film_that_cannot_run_is_refused(films, labels, message):
    with pytest.raises(ValueError, match=message):
        reel_html(*films, alt=ALT, labels=labels)


def test_a_label_cannot_close_the_script():
    html = reel_html(film(2), alt=ALT, labels=["</script><b>", "two"])
    assert "</script><b>" not in html


@pytest.mark.slow
def test_a_film_plays_steps_and_scrubs_in_a_page(tmp_path):
    html = reel_html(film(), alt=ALT, fps=20, labels=[f"step {i}" for i in range(10)])
    with opened(tmp_path, html) as page:
        says = page.locator(".wm-says")
        page.wait_for_function("document.querySelector('input').value > 2")  # plays by itself
        page.get_by_role("button", name="pause", exact=True).click()
        page.locator("input").fill("4")
        assert says.inner_text() == "step 4"
        page.get_by_label("one frame on").click()
        assert says.inner_text() == "step 5"
        drawn = page.evaluate("document.querySelector('canvas').toDataURL()")
        page.get_by_label("one frame back").click()
        assert drawn != page.evaluate("document.querySelector('canvas').toDataURL()")
        assert page.get_by_role("img", name=ALT).count() == 1
        assert page.wrong == []


@pytest.mark.slow
def test_a_figure_takes_its_colours_from_the_page_and_fits_a_telephone(tmp_path):
    fragment = wrap(picture_html(fan(), ALT) + picture_html(scenes.cartpole([0] * 4), ALT))
    head = "<style>:root{--wm-real:rgb(1,2,3)}body{color:rgb(9,8,7)}</style>"
    with opened(tmp_path, fragment, width=390, head=head) as page:
        strokes = page.evaluate(
            "[...document.querySelectorAll('svg [style]')].map(e => getComputedStyle(e).stroke)"
        )
        assert "rgb(1, 2, 3)" in strokes and "rgb(9, 8, 7)" in strokes
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0


def test_the_house_style_needs_no_font_of_the_machine(recwarn):
    figure = plots.curves({"α → β ≥ 1": errors()}, ylabel="$s_{t+1} = f(s_t, a_t)$")
    picture_html(figure, ALT)
    assert not [w for w in recwarn if "font" in str(w.message).lower()]
