"""What readers bet on in chapter 7."""

from wmlib.questions.kinds import Choice, Curve, Number, median

BETS = {
    "hidden": Choice(
        "How many of the 1,024 pixels differ?",
        options=("none", "about ten", "about a hundred", "more than half"),
        answer="none",
        cell=("hidden-code", r"^0 pixels differ now"),
    ),
    "falling": Choice(
        "Which symbol tells the actor that falling is bad?",
        options=(
            "the reward",
            "the continue",
            "the discount",
            "the critic's value of the state before",
        ),
        answer="the continue",
        cell=("lambda-try", r"R: \[8\.0, 4\.0, 1\.0"),
    ),
    "rise": Number(
        "After 12,000 of 26,000 real steps, how many of 500 steps does Dreamer balance?",
        answer=lambda: median("07_dreamer", "means[0]"),
        high=500,
        digits=0,
        unit=" steps",
        within=60,
    ),
    "rivals": Number(
        "How many seconds of processor time does Q-learning on four frames need?",
        answer=lambda: median("07_stack", "cpu_seconds"),
        low=5,
        high=3000,
        log=True,
        digits=0,
        unit=" s",
        within=1.7,
    ),
    "left_out": Curve(
        "How many of 500 steps are left without each part, after 20,000 real steps?",
        x=("memory", "prior", "picture", "critic"),
        label="without {}",
        answer=lambda: [
            median("07_left_out", f"{part}[2]") for part in ("memory", "prior", "picture", "critic")
        ],
        low=5,
        high=500,
        log=True,
        digits=0,
        unit=" steps",
        within=1.7,
    ),
    "numbers": Choice(
        "The same Dreamer, given the four numbers?",
        options=("faster and better", "faster, but worse", "slower, but better", "no difference"),
        answer="faster, but worse",
        claim="07_numbers.truth",
    ),
    "mirror": Number(
        "How many steps does it balance in the mirror?",
        answer=10,
        cell=("break-code", r"it balances for (\d+) steps"),
        low=3,
        high=500,
        log=True,
        digits=0,
        unit=" steps",
        within=1.7,
    ),
}
