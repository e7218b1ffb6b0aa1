"""What readers bet on in chapter 10."""

from wmlib.questions.kinds import Choice, Curve, median, percent


def _larger():
    """Which way of having four times the cells raises the ratio of flat search to doorways more."""
    ratios = {
        "more rooms, 16 × 16": median("10_rooms", "ratio[3]"),
        "larger rooms, of 17 × 17": median("10_rooms", "ratio[6]"),
    }
    return max(ratios, key=ratios.get)


BETS = {
    "questions": Curve(
        "How many questions does each ask for this trip?",
        x=("A*", "doorways"),
        answer=(6060, 678),
        cell=("film", r"(?s)A\*: ([\d,]+) questions.*doorways: ([\d,]+) questions"),
        low=10,
        high=20000,
        log=True,
        digits=0,
        unit=" questions",
        within=2,
    ),
    "larger": Choice(
        "In which of the two does the ratio grow more?",
        options=("more rooms, 16 × 16", "larger rooms, of 17 × 17", "in both alike"),
        answer=_larger,
    ),
    "straight": Curve(
        "On what share of the trips does it arrive then?",
        x=("perfect model", "forty pushes", "other reward"),
        answer=lambda: [
            percent("10_body", name) for name in ("straight_true", "far", "levels_network")
        ],
        digits=0,
        unit=" %",
        within=15,
    ),
    "anew": Choice(
        "How much has to be learned anew?",
        options=("one entry", "one option", "one room", "the building"),
        answer="one room",
        claim="10_shut.cost",
    ),
}
