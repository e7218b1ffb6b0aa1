"""Pages of the book, and quizzes."""

from statistics import median

from prose.figures import count, ends, in_words, mid

ROWS: dict[str, list[tuple]] = {}

ROWS["wmlib/course/ch01_small_scale_models/questions.py"] = [
    (
        "In our maze it is for {} agents of 20.",
        "01_latent_learning",
        lambda rows: count(rows, lambda f: f["second_trial_none"] <= 1.2),
    )
]
ROWS["book/corrections.md"] = [
    (
        "Against the best of as many it wins in {:.0f} % of the states",
        "04_best_of",
        lambda rows: 100 * mid(rows, "share"),
    ),
    (
        "lives {:.0f} of 300 steps, one that stands still {:.0f}, a trained controller {:.0f}",
        "06_calibration",
        lambda rows: [mid(rows, f"{who}_in_cold") for who in ("random", "still", "cold")],
    ),
    (
        "is ahead of it in {} of ten models, by {:.1f} to {:.1f} times",
        "06_dream",
        lambda rows: (
            in_words(rows, lambda f: f["warm_real"] > f["sweep"]),
            min(f["warm_real"] / f["sweep"] for f in rows),
            max(f["warm_real"] / f["sweep"] for f in rows),
        ),
    ),
    (
        "Without balls in its pictures it lives {:.0f}.",
        "06_reads",
        lambda rows: mid(rows, "erased"),
    ),
    (
        "the sweep {:.0f} against {:.0f}, and",
        "06_calibration",
        lambda rows: [mid(rows, f"sweep_{at}") for at in ("in_warm", "world")],
    ),
    (
        "in the world at {:.0f} to {:.0f} steps (forty in ten models)",
        "06_searches",
        lambda rows: [edge(x for f in rows for x in f["world"]) for edge in (min, max)],
    ),
]
ROWS["book/teaching/01.md"] = [
    (
        "(in {} of 20 seeds it keeps to a longer way)",
        "01_latent_learning",
        lambda rows: count(rows, lambda f: f["fed_walks_q_lambda"] == 80),
    )
]
ROWS["book/teaching/02.md"] = [
    (
        "{:.1f} steps (n = 0), {:.1f} (n = 5), {:.1f} (n = 50). Q-learning has tried {:.0f} of 184",
        "02_known",
        lambda rows: [mid(rows, key) for key in ("now_0", "now_5", "now_50", "tried_0")],
    ),
    (
        "Dyna-Q ({:.0f} steps an episode; search {:.0f})",
        "02_when",
        lambda rows: (mid(rows, "dyna_12"), mid(rows, "search_12")),
    ),
    (
        "sees the whole way ({:.1f}), and does as well as prioritised sweeping ({:.1f})",
        "02_when",
        lambda rows: (mid(rows, "search_400"), mid(rows, "sweeping_400")),
    ),
]
ROWS["book/teaching/04.md"] = [
    (
        "in {:.0f} % of the states (median of ten seeds, {:.0f} to {:.0f} %)",
        "04_best_of",
        lambda rows: [100 * of(f["share"] for f in rows) for of in (median, min, max)],
    ),
    (
        "The true physics with step 1 alone lasts about {:.0f} steps",
        "04_repair",
        lambda rows: round(mid(rows, lambda f: f["true"][0]), -1),
    ),
    (
        "explains some {:.0f} % of the variance, at horizon 8 some {:.0f} %; with a discount of 0.8 "
        "it is {:.0f} %",
        "04_sight",
        lambda rows: [100 * mid(rows, f"told_{name}") for name in ("far", "near", "discounted")],
    ),
]
ROWS["book/teaching/05.md"] = [
    (
        "{:.0f} steps without a model, {:.0f} with $k = 1$, {:.0f} with $k = 5$",
        "05_mbpo",
        lambda rows: [mid(rows, key) for key in ("replay", "dyna", "branches")],
    )
]
ROWS["book/teaching/06.md"] = [
    (
        "about {} of the light (median of ten models), the smaller noise alone about a {}",
        "06_apart",
        lambda rows: [
            {2: "half", 7: "seventh"}[
                round(1 / mid(rows, lambda f: f[f"light_{cold}"] / f["light_warm"]))
            ]
            for cold in ("weights", "noise")
        ],
    ),
    (
        "random play {:.0f} to {:.0f} where the world gives {:.0f} to {:.0f}, standing still "
        "{:.0f} to {:.0f} where it gives {:.0f} to {:.0f}",
        "06_calibration",
        lambda rows: [
            edge(f[f"{who}_{at}"] for f in rows)
            for who in ("random", "still")
            for at in ("in_warm", "world")
            for edge in (min, max)
        ],
    ),
    (
        "{:.0f}, {:.0f} and {:.0f} of {:.0f} steps",
        "06_reads",
        lambda rows: [mid(rows, key) for key in ("erased", "wiped", "z_only", "whole")],
    ),
]

# --- chapters 7 to 13 ---
ROWS["book/corrections.md"] += [
    (
        "wavers (its worst check of the last five is {:.0f} to {:.0f};",
        "07_stack",
        lambda rows: ends(f["last_five"] for f in rows),
    ),
    (
        "the critic promises such carts {:.0f} to {:.0f} rewards ({:.0f} in the middle); the critic on "
        "the true numbers promises them {:.0f} to {:.0f}",
        "07_lost",
        lambda rows: (
            *ends(f["latent"] for f in rows),
            mid(rows, "middle"),
            *ends(f["truth"] for f in rows),
        ),
    ),
    (
        "where every run has {} or more",
        "07_lost",
        lambda rows: {1: "a hundred"}[min(f["carts"] for f in rows) // 100],
    ),
    (
        "the latent gives R2 {:.2f} and {:.2f} for the two velocities, four pictures {:.2f} and {:.2f}, "
        "and the latent of an *untrained* model {:.2f} and {:.2f}",
        "07_probe",
        lambda rows: [
            mid(rows, lambda f: f[who][at])
            for who in ("latent", "four", "untrained")
            for at in (0, 1)
        ],
    ),
    ("where Dreamer ends at {:.0f}", "07_numbers", lambda rows: mid(rows, "latent_last_five")),
    (
        "The agent in imagination catches {:.1f} %, and {:.0f} % in the worst of ten seeds",
        "08_iris",
        lambda rows: [100 * mid(rows, "caught"), 100 * min(f["caught"] for f in rows)],
    ),
    (
        "the first film is right in {:.0f} %, the codes in {:.1f} %",
        "09_cloning",
        lambda rows: [100 * mid(rows, key) for key in ("day_inverse", "transfer")],
    ),
    (
        "level with logistic regression ({:.3f} and {:.3f}), backpropagation at {:.3f}",
        "12_ways",
        lambda rows: [mid(rows, key) for key in ("forward", "logistic", "backprop")],
    ),
    (
        "median, catches {:.0f} % where the belief catches {:.0f} %, and fifty similar moments of the "
        "past, without a network, {:.0f} %",
        "13_hidden",
        lambda rows: [
            100 * mid(rows, key)
            for key in (
                lambda f: f["median"]["guess_caught"],
                "belief_caught",
                lambda f: f["neighbours"]["belief_caught"],
            )
        ],
    ),
    (
        "misses the observations by {:.2f} earns {:.1f}, one that misses them by {:.2f} earns {:.1f}",
        "13_mismatch",
        lambda rows: [
            mid(rows, f"{who}_{key}")
            for who in ("observations", "rewards")
            for key in ("error", "paid")
        ],
    ),
]
ROWS["book/teaching/09.md"] = [
    (
        "the inverse model {:.0f} % in the median, {:.0f} % at most",
        "09_cloning",
        lambda rows: [100 * mid(rows, "day_inverse"), 100 * max(f["day_inverse"] for f in rows)],
    )
]
ROWS["wmlib/course/ch11_language_agents/questions.py"] = [
    (
        "lost a file less often than those passed over ({:.0f} against {:.0f} %)",
        "11_early",
        lambda rows: (
            lambda free, lost, chosen, chosen_lost: (
                100 * chosen_lost / chosen,
                100 * (lost - chosen_lost) / (free - chosen),
            )
        )(*(sum(f["first"][at] for f in rows) for at in range(4))),
    )
]
