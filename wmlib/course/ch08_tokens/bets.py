"""What readers bet on in chapter 8."""

from wmlib.course.ch08_tokens.experiments import WAITS
from wmlib.questions.kinds import Choice, Curve, Number, median, percent


def _furthest():
    """Which of the two things is imagined worse, ten steps ahead."""
    errors = {"the bar": median("08_iris", "bar[9]"), "the ball": median("08_iris", "ball[9]")}
    return max(errors, key=errors.get)


def _reach():
    """How many symbols ago the transformer still knows the sign in nine walks of ten."""
    known = zip(WAITS, median("08_reach", "transformer"))
    return 1 + max(wait for wait, share in known if share >= 0.9)


BETS = {
    "dead": Curve(
        "How many of 64 codes are in use at the end?",
        x=("never revived", "revived"),
        answer=(1, 28),
        cell=("dead", r"(?s)of 64: (\d+) \(never revived\).*of 64: (\d+)"),
        high=64,
        digits=0,
        within=8,
    ),
    "window": Number(
        "At which frame does the memory stop changing?",
        answer=70,
        cell=("reach", r"frame (\d+): 0e\+00"),
        low=0,
        high=200,
        digits=0,
        within=5,
    ),
    "furthest": Choice(
        "What is furthest from reality after ten steps?",
        options=("the bar", "the ball", "both alike"),
        answer=_furthest,
    ),
    "caught": Curve(
        "How many of the real balls does each catch?",
        x=("actor", "Q network"),
        answer=lambda: [percent("08_iris", "caught"), percent("08_iris", "offline_q[caught]")],
        digits=0,
        unit=" %",
        within=8,
    ),
    "rssm": Number(
        "How many times as many frames a second as the tokens does the RSSM imagine?",
        answer=lambda: median("08_rssm", "speed") / median("08_iris", "speed"),
        low=0.1,
        high=100,
        log=True,
        unit=" times",
        within=1.6,
    ),
    "signs": Curve(
        "How many of the six signs does the GRU know?",
        x=("300", "5,000"),
        label="after {} batches",
        answer=lambda: [percent("08_recalls", "gru_soon"), percent("08_recalls", "gru")],
        digits=0,
        unit=" %",
        within=10,
    ),
    "reach": Number(
        "How many symbols ago may the sign have been, for the transformer to know it?",
        answer=_reach,
        low=2,
        high=500,
        log=True,
        digits=0,
        unit=" symbols",
        within=1.2,
    ),
    "one_frame": Number(
        "How many pixels is the ball off after ten steps, if one frame was seen?",
        answer=2.93,
        cell=("break-run", r"1 frames seen: ([\d.]+) pixels"),
        high=10,
        digits=2,
        unit=" pixels",
        within=0.75,
    ),
}
