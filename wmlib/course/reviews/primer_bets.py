"""What readers bet on in the primer."""

from wmlib.questions.kinds import Number

BETS = {
    "overfit": Number(
        "After how many of the 2,000 steps is the loss on new points lowest?",
        answer=176,
        cell=("train-plot", r"lowest after (\d+) steps"),
        low=1,
        high=2000,
        log=True,
        digits=0,
        unit=" steps",
        within=2,
    ),
    "first_reward": Number(
        "How many values are different from 0 after the first reward?",
        answer=1,
        cell=("q-run", r"first episode (\d+) value"),
        low=0,
        high=8,
        digits=0,
        within=0.5,
    ),
}
