"""Chapters 7 to 9."""

from prose.figures import count, ends, in_words, mid

ROWS: dict[str, list[tuple]] = {}


def nearer(rows) -> int:
    """Steps before the median dream is as wrong as the mean picture (1), to a twentieth."""
    steps = len(rows[0]["dream"])
    return next(t for t in range(steps) if mid(rows, lambda f: f["dream"][t]) > 0.95)


ROWS["07"] = [
    (
        "it balances for {:.0f} steps after 12,000 real steps, for {:.0f} after 14,000 and for {:.0f} "
        "after 16,000",
        "07_dreamer",
        lambda rows: [mid(rows, lambda f: f["means"][at]) for at in (0, 1, 2)],
    ),
    (
        "500 steps at each of the last five checks, in all {} runs",
        "07_dreamer",
        lambda rows: {20: "twenty"}[count(rows, lambda f: f["last_five"] == 500)],
    ),
    (
        "its worst check of the five is {:.0f} to {:.0f}",
        "07_stack",
        lambda rows: ends(f["last_five"] for f in rows),
    ),
    (
        "**Q-learning takes a {} of the time**",
        "07_stack",
        lambda rows: {4: "quarter"}[
            round(mid(rows, lambda f: f["dreamer"]["cpu_seconds"]) / mid(rows, "cpu_seconds"))
        ],
    ),
    (
        "Without a memory the velocities are missing (about {:.0f} steps)",
        "07_left_out",
        lambda rows: round(mid(rows, lambda f: f["memory"][2]), -1),
    ),
    (
        "reach 500 in {} of 20 runs, {:.0f} to {:.0f} in the others",
        "07_dreamer",
        lambda rows: (
            count(rows, lambda f: f["search"]["last_five"] == 500),
            *ends(f["search"]["last_five"] for f in rows if f["search"]["last_five"] < 500),
        ),
    ),
    (
        "in {} of the 20 stored runs for all 500 steps, in three for {:.0f} to {:.0f}",
        "07_dreamer",
        lambda rows: (
            count(rows, lambda f: f["planner"] == 500),
            *ends(f["planner"] for f in rows if f["planner"] < 500),
        ),
    ),
    (
        "For up to {} steps the dream is nearer than both the last picture and the mean picture",
        "07_dreamer",
        lambda rows: {7: "seven"}[nearer(rows)],
    ),
    (
        "{} of five runs reaches 475 steps, the best comes to {:.0f} at its last check (after 20,000 "
        "real steps the median is about {:.0f})",
        "07_left_out",
        lambda rows: (
            in_words(rows, lambda f: max(f["critic"]) >= 475),
            max(f["critic"][-1] for f in rows),
            round(mid(rows, lambda f: f["critic"][2]), -1),
        ),
    ),
    (
        "After 3,000 steps the median is already at {:.0f}",
        "07_numbers",
        lambda rows: mid(rows, lambda f: f["latent_means"][1]),
    ),
    (
        "After 16,000 it is at {:.0f}, with practice in the true physics at {:.0f}",
        "07_numbers",
        lambda rows: [mid(rows, lambda f: f[f"{way}_means"][-1]) for way in ("latent", "truth")],
    ),
    (
        "it promises lost carts {:.0f} to {:.0f} rewards, where {:.0f} to {:.0f} can come (the critic on "
        "the true numbers {:.0f} to {:.0f}); a cart in the middle is worth about {:.0f}",
        "07_lost",
        lambda rows: (
            *ends(f["latent"] for f in rows),
            *ends(f["possible"] for f in rows),
            *ends(f["truth"] for f in rows),
            mid(rows, "middle"),
        ),
    ),
    (
        "the same critic promises {:.0f} to {:.0f}: that measures the memory, not the critic. From these "
        "carts the model imagines an end in {:.0f} % to {:.0f} % of its dreams",
        "07_lost",
        lambda rows: (*ends(f["empty"] for f in rows), *ends(100 * f["foreseen"] for f in rows)),
    ),
]
ROWS["08"] = [
    (
        "In {} of ten seeds the actor catches more than nine balls in ten ({:.0f} % in the other)",
        "08_iris",
        lambda rows: (
            in_words(rows, lambda f: f["caught"] > 0.9),
            100 * min(f["caught"] for f in rows),
        ),
    ),
    (
        "draws sixteen tokens in a row: {} to {} times slower here",
        "08_rssm",
        lambda rows: [
            {5: "five", 11: "eleven"}[round(ratio)]
            for ratio in ends(f["speed"] / f["tokens"]["speed"] for f in rows)
        ],
    ),
    (
        "{} of ten seeds find the ball within these batches, with twenty times the weight all {}",
        "08_see",
        lambda rows: [in_words(rows, lambda f: f[name] < 2) for name in ("free", "both")],
    ),
]
ROWS["09"] = [
    (
        "an untrained network, whose random movements are named in the same way, reaches {:.0f} to "
        "{:.0f} %",
        "09_codes",
        lambda rows: ends(100 * f["untrained"]["agreement"] for f in rows),
    ),
    (
        "Trying all codes is better than the encoder's first answer in {} seed",
        "09_codes",
        lambda rows: {10: "every"}[count(rows, lambda f: f["agreement"] > f["encoder"])],
    ),
    (
        "{:.0f} to {:.0f} % is left, and the predicted frame loses {:.1f} to {:.1f} dB",
        "09_counts",
        lambda rows: [
            *ends(100 * f["agreement"][1] for f in rows),
            *ends(f["psnr"][2] - f["psnr"][1] for f in rows),
        ],
    ),
    (
        "from three to eight at most {:.1f} dB",
        "09_counts",
        lambda rows: max(f["psnr"][4] - f["psnr"][2] for f in rows),
    ),
    (
        "falls from nearly 100 % to {:.0f}–{:.0f} %",
        "09_freedom",
        lambda rows: ends(100 * f["free"] for f in rows),
    ),
    (
        "Four times as many steps bring {:.0f}–{:.0f} %",
        "09_freedom",
        lambda rows: ends(100 * f["free_long"] for f in rows),
    ),
    *(
        (
            sentence,
            "09_cloning",
            lambda rows, at=at: [
                mid(rows, lambda f: f["returns"][at]),
                *(mid(rows, lambda f: f[who]["returns"][at]) for who in ("labels", "inverse")),
            ],
        )
        for at, sentence in enumerate(
            (
                "nobody drives far: {:.0f}, {:.0f} and {:.0f}.",
                "they drive {:.0f} % of a lap (median of the seeds); labels alone {:.0f}, the inverse "
                "model {:.0f}.",
                "With fifty labels it is {:.0f}, {:.0f} and {:.0f}.",
            )
        )
    ),
]
