"""What readers bet on in chapter 11."""

from wmlib.course.ch11_language_agents import experiments as ex
from wmlib.questions.kinds import Number, percent


def _deeper():
    """How many times as dangerous a call three ahead is as one ahead, over all seeds."""
    lost, calls = (ex.early.figures(name).sum(0) for name in ("plan_lost", "plan_calls"))
    return (lost[2] / calls[2]) / (lost[0] / calls[0])


BETS = {
    "random": Number(
        "In what share of its tasks does a random agent lose a file?",
        answer=lambda: percent("11_desk", "random_lost"),
        digits=0,
        unit=" %",
        within=12,
    ),
    "clone": Number(
        "In what share of its tasks does the clone lose a file?",
        answer=lambda: percent("11_desk", "clone[model_lost]"),
        high=50,
        digits=0,
        unit=" %",
        within=4,
    ),
    "deeper": Number(
        "How many times as dangerous is a call of the deep planner?",
        answer=_deeper,
        low=0.2,
        high=20,
        log=True,
        unit=" times",
        within=1.3,
    ),
    "forged": Number(
        "What share of the losing deletions does the GPT now call safe?",
        answer=lambda: percent("11_injection", "pasted_passed"),
        digits=0,
        unit=" %",
        within=12,
    ),
    "brave": Number(
        "In how many of a hundred tasks is a file lost?",
        answer=58,
        cell=("break-run", r"brave: \d+% done, (\d+)% with a loss"),
        digits=0,
        unit=" tasks",
        within=7,
    ),
}
