"""Chapters 10 to 13."""

from statistics import median

from prose.figures import WORDS, count, ends, in_words, mid

ROWS: dict[str, list[tuple]] = {}

ROWS["10"] = [
    (
        "the ratio rises from {:.0f} to {:.0f} (medians of the stored seeds). Larger rooms bring it to "
        "{:.0f}",
        "10_rooms",
        lambda rows: [mid(rows, lambda f: f["ratio"][at]) for at in (2, 3, 6)],
    ),
    (
        "it is repaid after about {} goals",
        "10_body",
        lambda rows: WORDS[
            round(mid(rows, lambda f: f["built"] / (f["cost_asked"] - f["levels_asked"])))
        ],
    ),
]
ROWS["11"] = [
    (
        "{:.1f} % of its calls lose a file, and {:.1f} % of the shallow planner's",
        "11_early",
        lambda rows: [
            100 * sum(f["plan_lost"][at] for f in rows) / sum(f["plan_calls"][at] for f in rows)
            for at in (2, 0)
        ],
    ),
    (
        "brings the losses from {:.1f} to {:.1f} % of the tasks, and success from {:.0f} to {:.0f} %",
        "11_early",
        lambda rows: [
            100 * sum(key(f) for f in rows) / len(rows)
            for what in ("lost", "success")
            for key in (lambda f: f[f"bold_{what}"], lambda f: f[f"careful_{what}"][0])
        ],
    ),
    (
        "The strictest limit leaves at most {:.2f} of that in each of ten seeds; a limit that lets 5 % "
        "of the losses through leaves all of it in {}",
        "11_early",
        lambda rows: (max(left(f, 0) for f in rows), in_words(rows, lambda f: left(f, 1) >= 1)),
    ),
]


def left(f, limit) -> float:
    """Losses per task done under a limit, as a share of those without one."""
    careful = f["careful_lost"][limit] / f["careful_success"][limit]
    return careful / (f["bold_lost"] / f["bold_success"])


ROWS["12"] = [
    (
        "It holds our stick, some {} times less closely than the forecast",
        "12_late",
        lambda rows: WORDS[
            round(mid(rows, lambda f: f["accelerated"]["stick_model"][1] / f["stick_model"][1]))
        ],
    ),
    (
        "**fitted engine does better** in {} of ten stored seeds, by {:.1f} to {:.0f} points",
        "12_engine",
        lambda rows: (lambda ahead: (WORDS[len(ahead)], *ends(ahead)))(
            [d for f in rows if (d := f["other_fitted_return"] - f["other_copy_return"]) > 0]
        ),
    ),
    (
        "The planner earns more on it in {} of ten seeds",
        "12_drag",
        lambda rows: in_words(rows, lambda f: f["copy_return"] > f["fitted_return"]),
    ),
    (
        "behind backpropagation, which is ahead in {} of ten stored seeds",
        "12_ways",
        lambda rows: in_words(rows, lambda f: f["backprop"] > f["forward"]),
    ),
]
ROWS["13"] = [
    (
        "enlarges its one error some {}- to {}fold",
        "13_horizon",
        lambda rows: [
            {5: "five", 25: "twenty-five"}[round(times)]
            for times in ends(f["physics"][29] / f["physics"][0] for f in rows)
        ],
    ),
    (
        "it gains {:.0f} to {:.0f} % in {} of ten seeds",
        "13_horizon",
        lambda rows: (lambda gains: (100 * min(gains), 100 * max(gains), WORDS[len(gains)]))(
            [g for f in rows if (g := 1 - f["own_vote"][9] / f["own"][9]) > 0]
        ),
    ),
    (
        "In {} of ten seeds the updates alone help",
        "13_horizon",
        lambda rows: in_words(rows, lambda f: f["longer"][9] < f["walk"][9]),
    ),
    (
        "a tenth of the stretches holds {:.0f} % of the squared error in the median",
        "13_horizon",
        lambda rows: 100 * mid(rows, "worst"),
    ),
    (
        "the fitted floor $C$ is {:.1f} to {:.1f} times as high",
        "13_scale",
        lambda rows: ends(f["shorter"]["floor"] / f["floor"] for f in rows),
    ),
    (
        "promises {:.0f} % too much in the median and is up to {:.0f} % off",
        "13_scale",
        lambda rows: (lambda off: (100 * median(off), 100 * max(map(abs, off))))(
            [f["last_two"]["straight"] / f["far"] - 1 for f in rows]
        ),
    ),
    (
        "Its plans gain in all {} seeds and catch up in {}",
        "13_mismatch",
        lambda rows: (
            in_words(rows, lambda f: f["wide_paid"] > f["observations_paid"]),
            in_words(rows, lambda f: f["wide_paid"] >= f["bare_paid"]),
        ),
    ),
    (
        "VAE + MDN-RNN beats it in {} training",
        "13_pixels",
        lambda rows: {5: "every"}[count(rows, lambda f: f["planning"][2] > f["planning"][1])],
    ),
]
