"""What readers bet on in chapter 1."""

from wmlib.questions.kinds import Choice, Curve, Number, median, percent

BETS = {
    "depth": Curve(
        "In what share of the worlds does the agent reach the fire, by depth of search?",
        x=("1", "2", "3", "4", "5", "6", "8"),
        label="depth {}",
        answer=lambda: [percent("01_lookahead", f"goal[{i}]") for i in (0, 1, 2, 3, 4, 5, 7)],
        digits=0,
        unit=" %",
        within=15,
    ),
    "latent": Number(
        "How many walks to the food does one-step Q-learning need until it knows a good way?",
        answer=lambda: median("01_latent_learning", "fed_walks_q"),
        low=5,
        high=5000,
        log=True,
        digits=0,
        unit=" walks",
        within=2,
    ),
    "wishes": Choice(
        "Who fulfils the wishes with a condition?",
        options=(
            "the map agent alone",
            "the map agent and replay",
            "the map agent and goal-conditioned values",
            "all four",
        ),
        answer="the map agent and replay",
        claim="01_new_wishes.dry",
    ),
    "no_discount": Curve(
        "In what share of the worlds does the agent without a discount reach the fire?",
        x=("6", "8", "10"),
        label="{} steps ahead",
        answer=(0.43, 0.17, 0.03),
        cell=(
            "break-1",
            r"(?s)6 steps.*?([\d.]+) \(gamma 1\.0\).*8 steps.*?([\d.]+) \(gamma 1\.0\)"
            r".*10 steps.*?([\d.]+) \(gamma 1\.0\)",
        ),
        low=0,
        high=1,
        digits=2,
        within=0.15,
    ),
}
