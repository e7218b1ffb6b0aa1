"""What readers bet on in chapter 5."""

import numpy as np

from wmlib.course.ch05_ensembles import experiments as ex
from wmlib.questions.kinds import Choice, Curve, Number, median, ratio

LENGTHS = {"k = 0": "replay", "k = 1": "dyna", "k = 5": "branches"}
NOBODY = "none stands out: the seeds differ more"


def _best_length():
    """Which length of branches wins in nine seeds of ten, if one does."""
    balanced = [ex.mbpo.figures(figure) for figure in LENGTHS.values()]  # (3, seeds)
    wins = np.bincount(np.argmax(balanced, axis=0), minlength=3)
    return list(LENGTHS)[int(wins.argmax())] if wins.max() >= 0.9 * wins.sum() else NOBODY


BETS = {
    "toy": Choice(
        "Where do the five disagree most?",
        options=("on the left", "on the right", "in the hole", "beyond the ends"),
        answer="beyond the ends",
        cell=("toy-plot", r"hole   members differ by 0\.[01].*\nbeyond members differ by 0\.[2-9]"),
    ),
    "starts": Number(
        "Own starts alone: how many times as much disagreement as with own bootstraps alone?",
        answer=lambda: ratio("05_doubt", "spread_starts", "spread_bootstrap"),
        low=0.1,
        high=10,
        log=True,
        unit=" times",
        within=1.5,
    ),
    "auroc": Curve(
        "What is the AUROC of the ensemble? (0.5 is chance, 1 perfect.)",
        x=("inside", "past the edge", "in the hole"),
        answer=lambda: [median("05_doubt", f"auroc_{at}") for at in ("inside", "edge", "hole")],
        high=1,
        digits=2,
        within=0.1,
    ),
    "exploit": Curve(
        "What does the world pay for the plans, as the search in one network goes on?",
        x=("1", "2", "3", "5", "10", "20"),
        label="iteration {}",
        answer=lambda: median("05_exploitation", "one_paid"),
        high=10,
        digits=1,
        within=1,
    ),
    "gate": Number(
        "How many seconds longer than the bold driver does the gated one take on the dry road?",
        answer=lambda: (
            median("05_gate", "gated_dry_seconds") - median("05_gate", "bold_dry_seconds")
        ),
        high=40,
        digits=0,
        unit=" seconds",
        within=3,
    ),
    "cars": Choice(
        "How many cars are lost?",
        options=("none", "one in five", "half of them", "all"),
        answer="all",
        cell=("break-run", r"5 times the threshold: 100% in the water"),
    ),
    "pets": Choice(
        "After how many real steps does PETS swing the pendulum up?",
        options=("200", "400", "600", "800", "not within 800"),
        answer="600",
        cell=(
            "pets-run",
            r"after 400 real steps: return -1\d{3},.*(\n.*)*600 real steps: return -\d{3},",
        ),
    ),
    "branches": Choice(
        "After 500 real steps, which is best?", options=(*LENGTHS, NOBODY), answer=_best_length
    ),
}
