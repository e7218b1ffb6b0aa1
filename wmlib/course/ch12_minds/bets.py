"""What readers bet on in chapter 12."""

from wmlib.questions.kinds import Choice, Number, Order, median

BETS = {
    "fades": Choice(
        "Where does the error fade away?",
        options=(
            "at the known bar alone",
            "at the known bar and the diagonal",
            "at both bars",
            "at all three",
        ),
        answer="at the known bar alone",
        claim="12_bars.novel",
    ),
    "after_effect": Choice(
        "Which rival misses to the other side, too?",
        options=("the one that does not learn", "the stiff one", "the one by heart", "none"),
        answer="the one by heart",
        claim="12_field.after",
    ),
    "faster": Choice(
        "Who is straight, to within half a centimetre, in the faster reach?",
        options=(
            "the hand with the model alone",
            "the hand with the model and the memory that mixes all four",
            "all but the one that does not learn",
            "nobody",
        ),
        answer="the hand with the model alone",
        claim="12_field.fast",
    ),
    "gains": Choice(
        "Where is no pair of gains good enough, without a forecast?",
        options=("the sine at 250 ms", "the wandering target at 250 ms", "the stick at 250 ms"),
        answer="the stick at 250 ms",
        claim="12_late.stick",
    ),
    "unemployment": Number(
        "What will unemployment be?",
        answer=5.0,
        cell=("lucas-plot", r"got ([\d.]+) %"),
        high=8,
        digits=1,
        unit=" %",
        within=0.5,
    ),
    "regressions": Choice(
        "Which regressions break?",
        options=(
            "the trade-off alone",
            "the trade-off and the forecast with the interest rate",
            "both forecasts",
            "all three",
        ),
        answer="the trade-off and the forecast with the interest rate",
        claim="12_history.rate",
    ),
    "engine": Order(
        "How do the three rank in the second world?",
        items={
            "engine": lambda: median("12_engine", "other_engine_return"),
            "learned copy": lambda: median("12_engine", "other_copy_return"),
            "fitted engine": lambda: median("12_engine", "other_fitted_return"),
        },
        first="Highest return",
        text="{:.0f}",
        descending=True,
    ),
    "lighter": Choice(
        "Whose error grows by the larger factor, and whose is worse in the end?",
        options=(
            "the forecast's by both",
            "the forecast's grows more, the late one's ends worse",
            "the late one's grows more, the forecast's ends worse",
            "the late one's by both",
        ),
        answer="the forecast's grows more, the late one's ends worse",
        claim="12_load.stale",
    ),
}
