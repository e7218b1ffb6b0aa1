"""What readers bet on in chapter 6."""

from wmlib.questions.kinds import Choice, Curve, Number, median

BETS = {
    "seen": Number(
        "How much of the mean picture's squared error is left after the 16 numbers?",
        answer=30,
        cell=("seen", r"(\d+)% of the mean picture"),
        digits=0,
        unit=" %",
        within=10,
    ),
    "numbers": Choice(
        "Is there one number for the figure's place, and one for each ball?",
        options=(
            "yes, for both",
            "for the figure, not for the balls",
            "no: several numbers move one thing",
        ),
        answer="no: several numbers move one thing",
        cell=("sliders", r"A decoded picture changes"),  # to be seen there, not counted
    ),
    "light": Curve(
        "How much light is in the sky of the dream? (Real games have between 4 and 5.)",
        x=("1", "0.1"),
        label="temperature {}",
        answer=(2.4, 0.0),
        cell=("dial-light", r"figure: ([\d.]+) at temperature 1, ([\d.]+) at 0\.1"),
        high=10,
        digits=1,
        within=0.8,
    ),
    "awake": Curve(
        "How long does each dream's controller live in the world?",
        x=("warm dream", "cold dream"),
        answer=lambda: [median("06_dream", "warm_real"), median("06_dream", "cold_real")],
        low=10,
        high=1000,
        log=True,
        digits=0,
        unit=" steps",
        within=1.5,
    ),
    "asleep": Curve(
        "How many of 300 steps does each live in the dream?",
        x=("still, cold", "random, warm", "still, warm"),
        answer=lambda: [
            median("06_calibration", name)
            for name in ("still_in_cold", "random_in_warm", "still_in_warm")
        ],
        high=300,
        digits=0,
        unit=" steps",
        within=35,
    ),
    "no_dream": Curve(
        "How long do the three live in the world?",
        x=("same lives", "more real steps", "Q-learning"),
        answer=lambda: [
            median("06_reality", name) for name in ("same_lives", "few_steps", "offline")
        ],
        high=800,
        digits=0,
        unit=" steps",
        within=60,
    ),
    "blind": Curve(
        "How long do the three live in the world?",
        x=("no balls", "no memory", "z alone"),
        answer=lambda: [median("06_reads", name) for name in ("erased", "wiped", "z_only")],
        high=400,
        digits=0,
        unit=" steps",
        within=35,
    ),
}
