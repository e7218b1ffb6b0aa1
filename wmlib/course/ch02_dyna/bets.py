"""What readers bet on in chapter 2."""

from wmlib.course.ch02_dyna import experiments as ex
from wmlib.questions.kinds import Choice, Curve, Number, Order, median, ratio


def _gain_left():
    """The share of the gain of Dyna-Q+ that a bonus in the choice keeps, in the blocking maze."""
    plain, plus = (ex.CHANGING.figures(f"blocking_{kind}_end").mean() for kind in ("plain", "plus"))
    choice = ex.CHANGING.figures("blocking_plus_end", of="acting").mean()
    return 100 * (choice - plain) / (plus - plain)


BETS = {
    "random_walk": Number(
        "How many steps does an agent need on average that moves at random?",
        answer=868.73,
        cell=("exact", r"\nat random +([\d.]+) steps"),
        low=10,
        high=10000,
        log=True,
        digits=0,
        unit=" steps",
        within=1.5,
    ),
    "second_episode": Curve(
        "How long is the second episode, with n imagined steps for each real one?",
        x=("0", "5", "50"),
        label="n = {}",
        answer=lambda: [median("02_planning_steps", f"steps_{n}[1]") for n in (0, 5, 50)],
        low=10,
        high=2000,
        log=True,
        digits=0,
        unit=" steps",
        within=1.5,
    ),
    "lack": Choice(
        "After 50 episodes, what do the agents lack?",
        options=(
            "n = 0 has seen too little, n = 50 has thought too little",
            "n = 0 has thought too little, n = 50 has seen too little",
            "both have seen too little",
            "nothing: all walk equally well",
        ),
        answer="n = 0 has thought too little, n = 50 has seen too little",
        claim="02_known.ignorant",
    ),
    "buffer": Number(
        "How many times the real steps of Dyna-Q does the buffer need in episodes 2 to 25?",
        answer=lambda: ratio("02_replay", "replay_50_total", "dyna_50_total"),
        low=0.5,
        high=10,
        log=True,
        unit=" times",
        within=1.25,
    ),
    "sweeping": Order(
        "Who needs fewer backups, in the maze of 422 cells?",
        items={
            "random order": lambda: median("02_sweeping", "dyna_after[2]"),
            "largest change first": lambda: median("02_sweeping", "sweeping_after[2]"),
            "episodes backwards": lambda: median("02_sweeping", "backward_after[2]"),
        },
        first="Fewest backups",
        text="{:,.0f}",
    ),
    "twelve": Number(
        "With 12 questions for each real step, how many steps an episode does search take?",
        answer=lambda: median("02_when", "search_12"),
        low=14,
        high=2000,
        log=True,
        digits=0,
        unit=" steps",
        within=1.5,
    ),
    "bonus": Number(
        "How much of the gain of Dyna-Q+ is left with the bonus in the choice, in the blocking maze?",
        answer=_gain_left,
        digits=0,
        unit=" %",
        within=8,
    ),
    "last_outcome": Number(
        "How many times what its plan is worth does such a model promise itself?",
        answer=lambda: ratio("02_chance", "last_believed", "last_worth"),
        low=0.5,
        high=20,
        log=True,
        unit=" times",
        within=1.3,
    ),
}
