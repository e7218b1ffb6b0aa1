"""What readers bet on in chapter 9."""

from wmlib.questions.kinds import Choice, Curve, Number, median, percent

BETS = {
    "habit": Number(
        "In what share of the steps is the frame before enough to name the action?",
        answer=lambda: percent("09_codes", "habit[agreement]"),
        low=33,
        high=100,
        digits=0,
        unit=" %",
        within=6,
    ),
    "rival": Choice(
        "Which of the two finds the actions?",
        options=("the differences", "the motion", "both", "neither"),
        answer="the motion",
        claim="09_codes.agrees",
    ),
    "counts": Curve(
        "In what share of the steps do the codes agree with the three actions?",
        x=("2", "8"),
        label="{} codes",
        answer=lambda: [percent("09_counts", f"agreement[{i}]") for i in (1, 4)],
        digits=0,
        unit=" %",
        within=8,
    ),
    "freedom": Number(
        "In what share of the steps do free codes agree with the actions?",
        answer=lambda: percent("09_freedom", "free"),
        digits=0,
        unit=" %",
        within=12,
    ),
    "decibels": Choice(
        "Must its codes be actions?",
        options=(
            "yes: nothing else foretells so much",
            "yes, if there are as many codes as actions",
            "no",
        ),
        answer="no",
        cell=("turning-check", r"✓ the agreement is lower by more than 30 points"),
    ),
    "clouds": Choice(
        "What do the three codes say under clouds?",
        options=("the action", "the light of the next frame", "where the road lies", "nothing"),
        answer="the light of the next frame",
        claim="09_clouds.light",
    ),
    "night": Choice(
        "Who agrees better with the hidden actions of the night?",
        options=("the inverse model with all labels of the day", "the codes", "both alike"),
        answer="the codes",
        claim="09_cloning.transfer",
    ),
    "labels": Curve(
        "How much of a lap does the driver from latent actions drive?",
        x=("3", "10", "50"),
        label="{} labels",
        answer=lambda: median("09_cloning", "returns"),
        digits=0,
        unit=" %",
        within=12,
    ),
    "late": Number(
        "In what share of the steps do the codes agree, one frame late?",
        answer=38,
        cell=("break-run", r"one frame late (\d+)%"),
        digits=0,
        unit=" %",
        within=10,
    ),
}
