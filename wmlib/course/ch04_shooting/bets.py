"""What readers bet on in chapter 4."""

import numpy as np

from wmlib.questions.kinds import Choice, Curve, Number, median, percent

STEPS = ("1, the end", "2, ties are broken", "3, the score is shaped", "4, the horizon is 8")


def _largest_gain():
    """Which of the four repairs adds most steps on the learned network."""
    after = [median("04_repair", "summed[learned][0]"), *median("04_repair", "learned")]
    return STEPS[int(np.argmax(np.diff(after)))]


BETS = {
    "usual": Number(
        "How many steps does this planner keep the pole up?",
        answer=lambda: median("04_usual", "reward_head"),
        low=3,
        high=500,
        log=True,
        digits=0,
        unit=" steps",
        within=1.5,
    ),
    "repair": Choice(
        "Which of the four is worth most, on the learned network?",
        options=STEPS,
        answer=_largest_gain,
    ),
    "open_loop": Curve(
        "How many steps does it balance when each plan is followed to its end?",
        x=("4", "8", "30"),
        label="plans of {}",
        answer=lambda: [median("04_map", f"open_loop[{i}]") for i in (1, 2, 4)],
        high=500,
        digits=0,
        unit=" steps",
        within=60,
    ),
    "real_steps": Curve(
        "How many real steps does each need, with the shaped score?",
        x=("planner", "DQN", "table"),
        answer=lambda: [
            median("04_shaped", "steps"),
            median("04_dqn_quick", "shaped"),
            median("04_tabular", "shaped"),
        ],
        low=10,
        high=100000,
        log=True,
        digits=0,
        unit=" steps",
        within=3,
    ),
    "best_of": Number(
        "In what share of the states does CEM's plan beat the best of 1,500 random ones?",
        answer=lambda: percent("04_best_of", "ten_times[share]"),
        digits=0,
        unit=" %",
        within=12,
    ),
    "swing_up": Number(
        "After how many real steps is the learned model as good as the true one?",
        answer=lambda: median("04_swing_up", "steps"),
        low=200,
        high=2200,
        digits=0,
        unit=" steps",
        within=200,
    ),
    "new_goal": Number(
        "Where is the cart after two seconds? (It starts at 0 and is told to be at 1.)",
        answer=-0.68,
        cell=("transfer-wrong", r"x = (-?[\d.]+)"),
        low=-2,
        high=2,
        digits=2,
        unit=" m",
        within=0.4,
    ),
    "arrives": Choice(
        "Who arrives?",
        options=(
            "the planner alone",
            "the planner and LQR",
            "the planner, LQR and relabelled Q-learning",
            "all four",
        ),
        answer="the planner and LQR",
        claim="04_transfer.arrives",
    ),
    "sight": Curve(
        "How many steps does each balance, with eight plans a decision?",
        x=("horizon 8", "horizon 40", "iCEM, 40"),
        answer=lambda: [median("04_sight", name) for name in ("near", "far", "warm")],
        high=500,
        digits=0,
        unit=" steps",
        within=60,
    ),
}
