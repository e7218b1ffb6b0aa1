"""What readers bet on in chapter 3."""

from wmlib.questions.kinds import Choice, Number, median, percent, ratio


def _best_number():
    """Which of the pendulum's three numbers least squares predicts best."""
    errors = {
        "the cosine": median("03_kinematics", "linear_cos"),
        "the sine": median("03_kinematics", "linear_sin"),
        "the angular velocity": median("03_kinematics", "linear_velocity"),
    }
    return min(errors, key=errors.get)


BETS = {
    "rows": Number(
        "How many of 1,000 rows are the last of their episode?",
        answer=48,
        cell=("data", r"(\d+) of them are ends"),
        low=10,
        high=1000,
        log=True,
        digits=0,
        unit=" rows",
        within=1.5,
    ),
    "state": Number(
        "By what factor does the error grow when the network predicts the next state?",
        answer=lambda: ratio("03_ablations", "state", "whole"),
        low=1,
        high=400,
        log=True,
        digits=0,
        unit=" times",
        within=2,
    ),
    "split": Number(
        "Held out by row, what share of the true error does the test report?",
        answer=lambda: percent("03_split", "row_share"),
        high=200,
        digits=0,
        unit=" %",
        within=15,
    ),
    "done": Number(
        "In what share of the steps that end nothing does the head now see an end?",
        answer=lambda: percent("03_ends", "done_false"),
        digits=0,
        unit=" %",
        within=8,
    ),
    "twenty": Number(
        "How many times as far off as after one step is the network after twenty?",
        answer=lambda: median("03_growth", "short_network_grown"),
        low=3,
        high=1000,
        log=True,
        digits=0,
        unit=" times",
        within=1.5,
    ),
    "compounding": Number(
        "After 50 steps, how many times as wrong as its added one-step errors is the network?",
        answer=lambda: median("03_growth", "network_times"),
        low=1,
        high=1000,
        log=True,
        digits=0,
        unit=" times",
        within=2,
    ),
    "sensors": Choice(
        "With which sensors does training over several steps help?",
        options=("with sharp ones", "with blurred ones", "with both", "with neither"),
        answer="with blurred ones",
        claim="03_multistep.noisy",
    ),
    "pendulum": Choice(
        "Which of the pendulum's three numbers does the linear model predict best?",
        options=("the cosine", "the sine", "the angular velocity"),
        answer=_best_number,
    ),
    "noise": Number(
        "From 125 to 4,000 training steps, how much of the squared error is left?",
        answer=lambda: 100 * ratio("03_noise", "error[3]", "error[0]"),
        digits=0,
        unit=" %",
        within=10,
        because="The noise stays as it is; only the ignorance falls.",
    ),
    "habit": Choice(
        "Where pushes are random, how is the model that the rule taught?",
        options=(
            "better",
            "worse, mostly because of the states that it saw",
            "worse, mostly because each push followed from the state",
        ),
        answer="worse, mostly because of the states that it saw",
        claim="03_habits.blind",
    ),
}
