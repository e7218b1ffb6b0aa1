"""Chapters 1 to 6."""

from prose.figures import WORDS, count, in_words, mid

ROWS: dict[str, list[tuple]] = {}

ROWS["01"] = [
    (
        "The map agent walks straight in all {} seeds, replay in {}, and neither",
        "01_latent_learning",
        lambda rows: (
            count(rows, lambda f: f["ratio"] <= 1.2),
            count(rows, lambda f: f["ratio_replay"] <= 1.2),
        ),
    ),
    (
        "Where Q(λ) or that map agent fails ({} and {} of 20 seeds), it keeps to a longer way",
        "01_latent_learning",
        lambda rows: (
            count(rows, lambda f: f["fed_walks_q_lambda"] == 80),
            count(rows, lambda f: f["fresh_map"]["fed_walks_map"] == 80),
        ),
    ),
]
ROWS["02"] = [
    (
        "only {:.0f} to {:.0f} in a hundred change a value",
        "02_sweeping",
        lambda rows: sorted(
            100
            * mid(rows, lambda f: f["dyna_changing"][i])
            / mid(rows, lambda f: f["dyna_after"][i])
            for i in (0, 2)
        ),
    ),
    (
        "A bonus for tried pairs alone loses ({:.0f}: mistake 6 below)",
        "02_mistakes",
        lambda rows: mid(rows, "bonus_wrong"),
    ),
    (
        "Never-tried actions without a bonus gain almost nothing ({:.0f}; Dyna-Q {:.0f})",
        "02_changing",
        lambda rows: (
            mid(rows, lambda f: f["untried"]["shortcut_plus_end"]),
            mid(rows, "shortcut_plain_end"),
        ),
    ),
]
ROWS["03"] = [
    (
        "multiplies the error by {:.0f} to {:.0f}; of the medians by {:.1f}.",
        "03_ablations",
        lambda rows: (
            min(f["state"] / f["whole"] for f in rows),
            max(f["state"] / f["whole"] for f in rows),
            mid(rows, "state") / mid(rows, "whole"),
        ),
    ),
    (
        "less than the true one in all {} seeds",
        "03_split",
        lambda rows: {20: "twenty"}[count(rows, lambda f: f["row_share"] < 1)],
    ),
    (
        "the linear model is *better*: {} times after one step, {} times after twenty",
        "03_one_step",
        lambda rows: [
            WORDS[
                round(
                    mid(rows, lambda f: f["network_by_horizon"][at])
                    / mid(rows, lambda f: f["linear_by_horizon"][at])
                )
            ]
            for at in (0, 19)
        ],
    ),
    (
        "After ten steps the factor is still small ({:.1f} and {:.1f})",
        "03_growth",
        lambda rows: [
            mid(rows, lambda f: f[f"{model}_error"][9] / f[f"{model}_added"][9])
            for model in ("network", "linear")
        ],
    ),
    *(
        (
            "**The network loses in both worlds**, in all {} seeds",
            name,
            lambda rows: {20: "twenty"}[
                count(
                    rows,
                    lambda f: f["network"] > max(f["products"]["network"], f["process"]["network"]),
                )
            ],
        )
        for name in ("03_one_step", "03_swing_up")
    ),
]
ROWS["04"] = [
    (
        "In {} of ten seeds the learned model does better than the truth with step 1 alone",
        "04_repair",
        lambda rows: in_words(rows, lambda f: f["learned"][0] > f["true"][0]),
    ),
    (
        "In {} seed fewer steps are left",
        "04_repair",
        lambda rows: {10: "every"}[count(rows, lambda f: f["rounded"]["first"] < f["learned"][0])],
    ),
    (
        "{} of ten planners do not get there within 1,000 steps",
        "04_unprivileged",
        lambda rows: in_words(rows, lambda f: not f["solved"]).capitalize(),
    ),
    (
        "better than CEM in {} of ten seeds, worse by up to {:.0f} points in the others",
        "04_planners",
        lambda rows: (
            in_words(rows, lambda f: f["smooth"]["CEM"] > f["CEM"]),
            max(f["CEM"] - f["smooth"]["CEM"] for f in rows),
        ),
    ),
    (
        "Goal-conditioned Q-learning arrives in {} of ten",
        "04_transfer",
        lambda rows: in_words(
            rows,
            lambda f: (
                abs(f["goal_conditioned"]["new_place"] - 1) < 0.5
                and f["goal_conditioned"]["new_upright"] >= 3
            ),
        ),
    ),
    (
        "the planner in {} of ten, the relabelled DQN in {}, and only once within 3,000 new steps; "
        "the goal-conditioned one in {}",
        "04_replay",
        lambda rows: [
            in_words(rows, lambda f: f[f"{who}off"] < 0.5 and f[f"{who}upright"] >= 3)
            for who in ("", "dqn_", "goal_")
        ],
    ),
    (
        "(In {} seed of ten they did not.)",
        "04_sight",
        lambda rows: in_words(rows, lambda f: min(f["discounted"], f["many"]) <= f["far"]),
    ),
    (
        "the share rises from {:.0f} to {:.0f} %",
        "04_sight",
        lambda rows: [100 * mid(rows, f"told_{name}") for name in ("far", "discounted")],
    ),
]
ROWS["05"] = [
    (
        "(its return is better in {} of 10 seeds)",
        "05_gate",
        lambda rows: count(rows, lambda f: f["dropout"]["gated_return"] > f["gated_return"]),
    ),
    (
        "disagreement is better in {} of 10 seeds, in the mean of 400 to 600 steps in {}",
        "05_wonder",
        lambda rows: (
            count(rows, lambda f: f["curious"][5] < f["held"]["curious"][5]),
            count(rows, lambda f: sum(f["curious"][3:]) < sum(f["held"]["curious"][3:])),
        ),
    ),
    (
        "five networks fall {:.0f} points behind the true model and one network {:.0f}",
        "05_pets",
        lambda rows: [mid(rows, lambda f: f["true"] - f[name]) for name in ("ts_infinity", "one")],
    ),
    (
        "from real steps alone is better in {} of 10 seeds, and in the median",
        "05_mbpo",
        lambda rows: count(rows, lambda f: f["replay"] > f["branches"]),
    ),
    (
        "those of the current policy are better in only {} of 10 seeds",
        "05_branches",
        lambda rows: count(rows, lambda f: f["returns"][3] > f["wandering"]["returns"][3]),
    ),
]
ROWS["06"] = [
    (
        "In {} of ten models the noise does more",
        "06_apart",
        lambda rows: in_words(rows, lambda f: f["light_noise"] < f["light_weights"]),
    ),
    (
        "at about the same return, {:.0f} to {:.0f}, and in the world at {:.0f} to {:.0f} steps",
        "06_searches",
        lambda rows: (
            (apart := max(rows, key=lambda f: max(f["world"]) / min(f["world"])))
            and [edge(apart[at]) for at in ("dream", "world") for edge in (min, max)]
        ),
    ),
    (
        "In {} of ten models the cold one is no better than random play, in two it lives {:.0f} and "
        "{:.0f} steps",
        "06_dream",
        lambda rows: (
            in_words(rows, lambda f: f["cold_real"] < 1.05 * f["random"]),
            *sorted(f["cold_real"] for f in rows)[-2:],
        ),
    ),
    (
        "beats standing still, in the dream in {} of ten models",
        "06_calibration",
        lambda rows: in_words(rows, lambda f: f["random_in_warm"] > f["still_in_warm"]),
    ),
    (
        "longer than in the world, in ours {:.1f} to {:.0f} times",
        "06_calibration",
        lambda rows: [
            mid(rows, f"{who}_in_warm") / mid(rows, f"{who}_world") for who in ("sweep", "still")
        ],
    ),
    (
        "In {} of ten models the controller lived at least as long in the world at the end",
        "06_longer",
        lambda rows: in_words(rows, lambda f: f["last"] >= f["early"]),
    ),
    (
        "longer than the controller of the dream in {} of ten models",
        "06_reality",
        lambda rows: {10: "each"}[count(rows, lambda f: f["offline"] > f["dream"])],
    ),
    (
        "lives {:.0f} steps with 102,400 in all, and in {} of ten models longer than the dream's",
        "06_reality",
        lambda rows: (
            mid(rows, "few_steps"),
            in_words(rows, lambda f: f["few_steps"] > f["dream"]),
        ),
    ),
    (
        "without the balls it lives, in {} of ten models, less long than random play",
        "06_reads",
        lambda rows: in_words(rows, lambda f: f["erased"] < f["random"]),
    ),
    (
        "It is behind in {} of ten models, by up to {:.0f} %, and ahead in {}",
        "06_reads",
        lambda rows: (
            in_words(rows, lambda f: f["z_only"] < f["whole"]),
            100 * max(1 - f["z_only"] / f["whole"] for f in rows),
            in_words(rows, lambda f: f["z_only"] > f["whole"]),
        ),
    ),
    (
        "come further than $z$ alone in {} of ten seeds",
        "06_racing",
        lambda rows: in_words(rows, lambda f: f["z and h"] > f["z"]),
    ),
]
