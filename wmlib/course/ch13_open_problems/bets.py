"""What readers bet on in chapter 13."""

from wmlib.course.ch13_open_problems.goodhart import CANDIDATES
from wmlib.questions.kinds import Choice, Curve, Order, median


def _promised():
    """What a straight line promises the student that is larger than any in the grid."""
    error, true = median("13_scale", "straight"), median("13_scale", "far")
    return "too little error" if error < true else "too much error"


BETS = {
    "better": Order(
        "Which dream is nearest, ten steps ahead?",
        items={
            "a vote of three on the same rows": lambda: median("13_horizon", "vote[9]"),
            "leaps of five steps": lambda: median("13_horizon", "leap[1]"),
            "eight times the data": lambda: median("13_horizon", "more[9]"),
            "four times the updates": lambda: median("13_horizon", "longer[9]"),
        },
        first="Smallest error",
        text="{:.3f}",
    ),
    "vanished": Choice(
        "Where does the best guess expect the ball?",
        options=("on the left", "on the right", "in the wall, where it cannot be"),
        answer="in the wall, where it cannot be",
        cell=("hidden-film", r"says column (1[1-9]|20); the wall covers 11 to 20"),
    ),
    "scale": Choice(
        "What does a straight line promise the large student?",
        options=("too little error", "too much error", "the right error, to within 5 %"),
        answer=_promised,
    ),
    "mismatch": Choice(
        "Who errs less about what is seen, and whose plans earn more?",
        options=(
            "the model of observations both",
            "the model of observations errs less, that of rewards earns more",
            "the model of rewards errs less, that of observations earns more",
            "the model of rewards both",
        ),
        answer="the model of observations errs less, that of rewards earns more",
        claim="13_mismatch.worse",
    ),
    "camera": Choice(
        "What is the best plan for what is measured?",
        options=(
            "clean all, then wait",
            "cover the camera, then wait",
            "wait",
            "clean, then cover",
        ),
        answer="cover the camera, then wait",
        cell=(
            "aims-check",
            r"✓ for what is measured, all plans of 1 to 7 steps begin with the cloth",
        ),
    ),
    "lamp": Curve(
        "How does the true return of the best of N plans go?",
        x=tuple(f"{n:,}" for n in CANDIDATES),
        label="N = {}",
        answer=lambda: median("13_harder", "lamp_truth"),
        high=10,
        digits=1,
        within=1,
    ),
    "four": Order(
        "In which order do the four stand, one step ahead?",
        items={
            "RSSM": lambda: median("13_pixels", "one_step[1]"),
            "VAE + MDN-RNN": lambda: median("13_pixels", "one_step[2]"),
            "tokens": lambda: median("13_pixels", "one_step[3]"),
            "latent actions": lambda: median("13_pixels", "one_step[4]"),
        },
        first="Smallest error of the ball",
        text="{:.2f} pixels",
    ),
    "deaf": Choice(
        "Which column stays as it was?",
        options=("the error of the ball", "heeds actions", "return", "none"),
        answer="the error of the ball",
        cell=("break-check", r"✓ it foretells the ball as before"),
    ),
}
