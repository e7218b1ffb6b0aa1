"""What readers bet on in chapter 0, [[TITLE]]: one bet below each *Guess first*, in their order."""

from wmlib.questions.kinds import Curve, percent

BETS = {
    "known": Curve(
        "What share of all moves does the table know, after so many random steps?",
        x=("100", "300", "1,000", "5,000"),
        label="after {} steps",
        answer=lambda: [percent("00_wander", f"known[{i}]") for i in range(4)],
        digits=0,
        unit=" %",
        within=10,
    )
}
