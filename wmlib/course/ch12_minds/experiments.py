"""Chapter 12, minds, bodies, markets: each phenomenon as a claim, with who fails it and who rivals it."""

from __future__ import annotations

from wmlib.course.ch12_minds.engines import engines, standing, unwritten, written_out
from wmlib.course.ch12_minds.fitted_q import reused
from wmlib.course.ch12_minds.history import breaks
from wmlib.course.ch12_minds.study import (
    adaptation,
    coding,
    critique,
    sparse_dictionary,
    three_ways,
    untrained,
)
from wmlib.course.ch12_minds.tracking import accelerated, delays, load_change, practised
from wmlib.evidence import Claim, Experiment

bars = Experiment(
    "12_bars",
    coding,
    {
        "found": Claim(
            "From mixtures alone predictive coding finds at least {many} of the 16 bars, and the "
            "untrained model {found_naive:.0f}. Dictionary learning, which minimises the same "
            "objective without error units, finds {dictionary[found]:.0f}.",
            lambda f, many: f["found"] >= many,
            trivial=["untrained", "copies its input"],
            many=15,
        ),
        "novel": Claim(
            "At a known bar less than {little:.0%} of the squared error is left, at a "
            "diagonal of the same brightness more than {much:.0%}. In dictionary learning "
            "{dictionary[known]:.1%} and {dictionary[diagonal]:.0%} are left.",
            lambda f, little, much: f["known"] < little and f["diagonal"] > much,
            little=0.02,
            much=0.5,
        ),
    },
    seeds=10,
    trivial={
        "untrained": {"found": "found_naive", "known": "naive"},
        "copies its input": lambda seed: {"found": 0, "known": 0.0, "diagonal": 0.0},
    },
    rival={"dictionary": sparse_dictionary},
)

field = Experiment(
    "12_field",
    adaptation,
    {
        "adapted": Claim(
            "After 160 reaches in the field of 1994 the hand with a model misses by less than "
            "{small} cm. Without learning it misses by {reflex[last]:.1f} cm; with eight times the "
            "stiffness, and no learning, by {stiff[last]:.1f} cm.",
            lambda f, small: abs(f["last"]) < small,
            small=0.4,
        ),
        "after": Claim(
            "When the robot is left out by surprise, and when it is switched off, the hand misses "
            "by more than {opposite} cm to the other side. The stiff hand misses by "
            "{stiff[after]:.1f} cm; the hand that learned by heart, with no model, by "
            "{rote[after]:.1f} cm: it has an after-effect too.",
            lambda f, opposite: max(f["catch"], f["after"]) < -opposite,
            opposite=2,
        ),
        "new": Claim(
            "In four directions that were never practised the hand with a model misses by less "
            "than {near} cm, the stiff one by {stiff[new]:.1f} cm. Learned by heart it is "
            "{rote[new]:.1f} cm if nothing is expected there, {linear[new]:.1f} cm if the two "
            "neighbours are mixed, and {cosine[new]:.2f} cm, as straight as the model, if all four "
            "memories are mixed by cosines.",
            lambda f, near: abs(f["new"]) < near,
            near=0.4,
        ),
        "fast": Claim(
            "In the practised directions, but in two thirds of the time, the hand with a model "
            "misses by less than {near} cm; the one that learned by heart by {cosine[fast]:.1f} cm, "
            "whatever it mixes; the stiff one by {stiff[fast]:.1f}, without learning by "
            "{reflex[fast]:.1f} cm.",
            lambda f, near: abs(f["fast"]) < near,
            near=0.4,
        ),
    },
    seeds=10,
    trivial={"reflex": lambda seed: adaptation(seed, "reflex")},
    rival={
        "stiff": lambda seed: adaptation(seed, "stiff"),
        "rote": lambda seed: adaptation(seed, "rote"),
        "linear": lambda seed: adaptation(seed, "linear"),
        "cosine": lambda seed: adaptation(seed, "cosine"),
    },
)

late = Experiment(
    "12_late",
    delays,
    {
        "sine": Claim(
            "A sine seen 100 or 250 ms late needs no model: with retuned gains the same controller "
            "errs by less than {near} m ({pd[sine_model][0]:.3f} and {pd[sine_model][1]:.3f}), "
            "standing still by {sine_still[0]:.2f} m. On the forecast it errs by "
            "{sine_model[0]:.3f} and {sine_model[1]:.3f} m.",
            lambda f, near: max(f["sine_pd"]) < near,
            near=0.03,
        ),
        "wander": Claim(
            "An irregular target seen 250 ms late is followed on the forecast with less than 1/{share} "
            "of the error on the late observation, both tuned: {wander_model[1]:.3f} m "
            "against {pd[wander_model][1]:.3f} m.",
            lambda f, share: f["wander_model"][1] < f["wander_pd"][1] / share,
            share=4,
        ),
        "stick": Claim(
            "A stick seen 250 ms late stands on the forecast, within {near} m. With the best of "
            "432 pairs of gains it does not stay within {far} m on the late observation, nor on a "
            "forecast without the commands; with a third gain, on the late acceleration, it errs "
            "by {accelerated[stick_model][1]:.2f} m.",
            lambda f, near, far: (
                f["stick_model"][1] < near and min(f["stick_pd"][1], f["stick_deaf"][1]) > far
            ),
            near=0.03,
            far=0.2,
        ),
        "practice": Claim(
            "From 20 seconds of random commands, and no other practice, the stick stands within "
            "{near} m with gains computed in the model ({stick_planned[1]:.3f} m). Without a "
            "model, fitted Q iteration on the same 20 seconds falls ({reused[stick_model][1]:.1f} m); "
            "if they had been free of noise, it would stand as well ({reused[clean]:.3f} m). "
            "Evolution, without a model, needs {practised[minutes]:.0f} minutes of real practice "
            "({practised[stick_model][1]:.3f} m).",
            lambda f, near: f["stick_planned"][1] < near,
            near=0.03,
        ),
    },
    seeds=10,
    trivial={
        "still": {
            "sine_pd": "sine_still",
            "wander_model": "wander_still",
            "stick_model": "stick_still",
            "stick_planned": "stick_still",
        }
    },
    rival={
        "pd": {"sine_model": "sine_pd", "wander_model": "wander_pd", "stick_model": "stick_pd"},
        "practised": practised,
        "reused": reused,
        "accelerated": accelerated,
    },
)

load = Experiment(
    "12_load",
    load_change,
    {
        "stale": Claim(
            "When the arm becomes lighter, the error on the forecast grows more than {worse} "
            "times. Fitted again to 20 seconds, the model brings it back under {back} times. "
            "Without a model it grows too, from {pd_before:.2f} to {without[stale]:.1f} m, and "
            "comes back to {without[again]:.2f} m when the gains are tuned again.",
            lambda f, worse, back: (
                f["stale"] > worse * f["before"] and f["again"] < back * f["before"]
            ),
            worse=10,
            back=2,
        ),
        "both": Claim(
            "With gains chosen for both loads the forecast of the old model errs by less than "
            "{near} m with either arm ({both[0]:.3f} and {both[1]:.3f}), and nothing is fitted "
            "again. On the late observation it is {pd_both[0]:.3f} and {pd_both[1]:.3f} m, standing "
            "still {still_both[0]:.2f}.",
            lambda f, near: max(f["both"]) < near,
            near=0.06,
        ),
    },
    seeds=10,
    trivial={
        "still": {"before": "still", "stale": "still", "again": "still", "both": "still_both"}
    },
    rival={
        "without": {
            "before": "pd_before",
            "stale": "pd_stale",
            "again": "pd_again",
            "both": "pd_both",
        }
    },
)

lucas = Experiment(
    "12_lucas",
    critique,
    {
        "new": Claim(
            "In the old regime the fitted line and the structural model forecast within {near} "
            "points. At a target of 6 % the line errs by more than {far}, also with 200 features "
            "and 20,000 years ({large_new:.1f}); the structural model stays within {near}. So "
            "does a line that was shown 300 years of varied targets ({experiments[structural_new]:.2f}). "
            "The mean of the past errs by {mean_new:.2f}, the line fitted again to ten new years "
            "by {refitted[structural_new]:.2f}.",
            lambda f, near, far: (
                max(f["reduced_old"], f["structural_old"], f["structural_new"]) < near
                and min(f["reduced_new"], f["large_new"]) > far
            ),
            near=0.25,
            far=1.25,
        ),
        "policy": Claim(
            "A bank with the loss u² + π²/2 that believes the line aims at {reduced_target:.1f} %: it "
            "is promised less than {promise} % unemployment and gets {reduced_lived:.1f}, a loss "
            "of {reduced_loss:.0f}. The structural model aims at {knows[reduced_target]:.1f} %, a "
            "loss of {knows[reduced_loss]:.0f}, less by more than {less}.",
            lambda f, promise, less: (
                f["reduced_promised"] < promise and f["reduced_loss"] > f["structural_loss"] + less
            ),
            promise=4.5,
            less=5,
        ),
        "slow": Claim(
            "Where people learn slowly, the line with 300 years of targets drawn every year fails, "
            "too: at 6 % it promises {slow_yearly:.1f} %, and {slow_came:.1f} % come, over {more} "
            "points more. With targets held for 25 years it promises {held[slow_yearly]:.1f} %.",
            lambda f, more: f["slow_came"] > f["slow_yearly"] + more,
            more=1,
        ),
    },
    exact=True,
    seeds=10,
    trivial={
        "mean": {
            "structural_old": "mean_old",
            "structural_new": "mean_new",
            "reduced_promised": "mean_promised",
            "slow_yearly": "mean_promised",
        }
    },
    rival={
        "experiments": {"structural_old": "experiment_old", "structural_new": "experiment_new"},
        "refitted": {"structural_new": "refit_new"},
        "knows": {
            "reduced_promised": "structural_promised",
            "reduced_loss": "structural_loss",
            "reduced_target": "structural_target",
        },
        "held": {"slow_yearly": "slow_held"},
    },
)

history = Experiment(
    "12_history",
    breaks,
    {
        "curve": Claim(
            "The trade-off of the 1960s, off by {curve_inside:.1f} points in its own years, is off "
            "by {curve_fixed:.1f} in the 1970s: more than {worse} times as much as the mean of the "
            "1960s ({curve_mean:.1f}), and the 90 % interval of that ratio lies above 1; more than "
            "{most} times as much as last year's value ({curve_last:.1f}). Fitted anew every "
            "quarter it is off by {refit[curve_fixed]:.1f}.",
            lambda f, worse, most: (
                f["curve_fixed"] > worse * f["curve_mean"]
                and f["curve_low"] > 1
                and f["curve_fixed"] > most * f["curve_last"]
            ),
            worse=1.5,
            most=2.5,
        ),
        "rate": Claim(
            "A forecast of inflation with the interest rate, fitted before 1979, is off by "
            "{rate_fixed:.1f} points in the 1980s, more than {worse} times as much as the last "
            "value ({rate_last:.1f}); fitted anew every quarter by {refit[rate_fixed]:.1f}. The "
            "same regression without the rate does not break: {plain_fixed:.1f}, less than {near} "
            "times the last value.",
            lambda f, worse, near: (
                f["rate_fixed"] > worse * f["rate_last"]
                and f["rate_low"] > 1
                and f["plain_fixed"] < near * f["plain_last"]
            ),
            worse=2.5,
            near=1.1,
        ),
    },
    exact=True,
    seeds=10,
    trivial={"repeats": {"curve_fixed": "curve_mean", "rate_fixed": "rate_last"}},
    rival={"refit": {"curve_fixed": "curve_refit", "rate_fixed": "rate_refit"}},
)

engine = Experiment(
    "12_engine",
    engines,
    {
        "copy": Claim(
            "In the world the engine was written for, a copy learned from 600 steps earns within "
            "{near} points of it ({same_copy_return:.0f} against {same_engine_return:.0f}); "
            "hanging still earns {hangs[same_copy_return]:.0f}.",
            lambda f, near: f["same_copy_return"] > f["same_engine_return"] - near,
            near=60,
        ),
        "plans": Claim(
            "With 30 % more pull than was written down, a planner earns over {more} points more on "
            "the copy ({other_copy_return:.0f}) than on the engine ({other_engine_return:.0f}). "
            "On the engine with gravity fitted to 200 random steps, a third of the copy's, it earns "
            "more than on the copy: {fitted[other_copy_return]:.0f}.",
            lambda f, more: (
                f["other_copy_return"] > f["other_engine_return"] + more
                and f["other_fitted_return"] > f["other_copy_return"]
            ),
            more=200,
        ),
    },
    seeds=10,
    trivial={"hangs": standing},
    rival={"fitted": {"other_copy_return": "other_fitted_return"}},
)

drag = Experiment(
    "12_drag",
    unwritten,
    {
        "form": Claim(
            "Where reality has drag, a term that the engine lacks, one second ahead the copy's "
            "error is less than {share} of that of the engine with its best gravity "
            "({copy_error[19]:.2f} against {fitted[copy_error][19]:.2f}). The planner's return "
            "differs less: {copy_return:.0f} against {fitted[copy_return]:.0f}. Once drag "
            "is written into the engine and its three numbers fitted to 200 steps, the engine "
            "wins again: error {written[copy_error][19]:.3f}, return {written[copy_return]:.0f}.",
            lambda f, share: f["copy_error"][19] < share * f["fitted_error"][19],
            share=0.5,
        )
    },
    seeds=10,
    trivial={"mean": {"copy_error": "mean_error"}},
    rival={
        "fitted": {"copy_error": "fitted_error", "copy_return": "fitted_return"},
        "written": written_out,
    },
)

ways = Experiment(
    "12_ways",
    three_ways,
    {
        "near": Claim(
            "After 4,000 batches Forward-Forward gets more than {right} of the unseen digits right "
            "({forward:.3f}), as many as logistic regression, which has no hidden layer "
            "({logistic[forward]:.3f}), within {near}. Backpropagation in the same layers and as "
            "many batches: {backprop[forward]:.3f}. After 800 batches Forward-Forward has {short:.3f}.",
            lambda f, right, near: (
                f["forward"] > right and abs(f["forward"] - f["logistic"]) < near
            ),
            right=0.94,
            near=0.02,
        )
    },
    seeds=10,
    trivial={"untrained": untrained},
    rival={"logistic": {"forward": "logistic"}, "backprop": {"forward": "backprop"}},
)
