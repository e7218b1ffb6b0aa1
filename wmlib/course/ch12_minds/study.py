"""Parts of chapter 12: bars and digits, reaches, statistics and policies, two engines."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from wmlib.course.ch12_minds.adaptation import Reacher, Rote, pushed_to
from wmlib.course.ch12_minds.bodies import Hand
from wmlib.course.ch12_minds.economy import Economy, Years
from wmlib.course.ch12_minds.forward_forward import ForwardForward
from wmlib.course.ch12_minds.phillips import ReducedForm, Structural, best_target
from wmlib.course.ch12_minds.predictive_coding import PredictiveCoding, bars, found, single_bars
from wmlib.devices import new_rng
from wmlib.models.networks import mlp
from wmlib.training import train

# --- predictive coding -----------------------------------------------------------------------

DIAGONAL = np.identity(8).reshape(1, -1)


def coding(seed, pictures=3000) -> dict:
    """Bars, learned; then how loud the error units stay at a bar, a diagonal, two crossing bars."""
    rng = new_rng([seed, 120])
    naive = PredictiveCoding(64, seed=seed)
    model = PredictiveCoding(64, seed=seed).fit(bars(pictures, rng))
    singles = single_bars()
    return {
        "found": found(model, singles),
        "found_naive": found(naive, singles),
        "known": left_loud(model, singles),
        "naive": left_loud(naive, singles),
        "diagonal": left_loud(model, DIAGONAL),
        "pixels": float((model.infer(bars(500, rng), 150).error ** 2).mean()),
    }


def sparse_dictionary(seed, pictures=3000) -> dict:
    """The rival: scikit-learn's dictionary learning, the same objective by coordinate descent."""
    from sklearn.decomposition import MiniBatchDictionaryLearning

    seen = bars(pictures, new_rng([seed, 120]))
    learner = MiniBatchDictionaryLearning(
        20,
        alpha=0.1,
        transform_alpha=0.05,
        fit_algorithm="cd",
        transform_algorithm="lasso_cd",
        positive_code=True,
        positive_dict=True,
        random_state=seed,
        max_iter=6,
        batch_size=50,
    ).fit(seen)
    singles, model = single_bars(), PredictiveCoding(64, seed=seed)
    model.weights = learner.components_.T  # (64, 20), a cause each column
    told = lambda x: learner.transform(x) @ learner.components_
    left = lambda x: float((((x - told(x)) ** 2).sum(1) / (x**2).sum(1)).mean())
    return {"found": found(model, singles), "known": left(singles), "diagonal": left(DIAGONAL)}


def left_loud(model, pictures, steps=150) -> float:
    """Share of the squared error that is left when inference has settled, mean."""
    settled = model.infer(pictures, steps)
    return float(((settled.error**2).sum(1) / settled.energy[0]).mean())


# --- a hand in a force field -----------------------------------------------------------------

BEFORE, FIELD, AFTER = 40, 160, 40  # reaches with the robot off, on, off
FIELD_1994 = Hand.FIELD_1994
TRAINED = np.arange(4) * np.pi / 2  # the four directions that are practised
NEW = TRAINED + np.pi / 4  # and four others, tried once at the end of the practice
FAST = 40  # steps of the fast reaches that are tried then, too; practised are 60

HANDS = {
    "model": lambda seed: Reacher(seed=seed),
    "reflex": lambda seed: Reacher(rate=0, seed=seed),
    "stiff": lambda seed: Reacher(rate=0, stiffness=480, damping=40, seed=seed),
    "rote": lambda seed: Rote(seed=seed),
    "linear": lambda seed: Rote(between="linear", seed=seed),
    "cosine": lambda seed: Rote(between="cosine", seed=seed),
}


def session(seed, hand="model", field=FIELD_1994) -> dict:
    """Reaches in four directions; the field comes on and goes off; now and then it is left out.

    Returns:
        aside `(reaches,)`: sideways error in cm, positive to where the robot pushes; catch
        `(reaches,)` bool: field left out in the middle of the block; new: mean error in four
        directions never practised, field on; fast: of reaches in the practised directions in
        two thirds of the time; learned: the model at the end of the block.
    """
    rng, reacher = new_rng([seed, 121]), HANDS[hand](seed)
    off, on = Hand(), Hand(field)
    aside, catch, new, fast, learned = [], [], np.nan, np.nan, None
    for k in range(BEFORE + FIELD + AFTER):
        pushed = BEFORE <= k < BEFORE + FIELD
        caught = bool(pushed and k > BEFORE + 20 and rng.random() < 0.1)
        angle = TRAINED[rng.integers(4)]
        reached = reacher.reach(on if pushed and not caught else off, angle, learn=not caught)
        aside.append(reached.aside * pushed_to(field, angle))
        catch.append(caught)
        if k == BEFORE + FIELD - 1:
            learned = reacher.field
            tried = lambda world, angles: np.mean(
                [reacher.reach(world, a, learn=False).aside * pushed_to(field, a) for a in angles]
            )
            new, fast = tried(on, NEW), tried(Hand(field, FAST), TRAINED)
    tests = {"new": new, "fast": fast, "learned": learned}
    return {"aside": np.array(aside), "catch": np.array(catch), **tests}


def adaptation(seed, hand="model") -> dict:
    """A session of one hand: mean sideways errors in cm."""
    went = session(seed, hand)
    aside, catch, on = went["aside"], went["catch"], BEFORE + FIELD
    seen = np.where(catch, np.nan, aside)
    return {
        "aside": aside,
        "caught": catch.astype(int),
        "first": np.mean(aside[BEFORE : BEFORE + 4]),
        "last": np.nanmean(seen[on - 20 : on]),
        "catch": np.mean(aside[catch]),
        "after": np.mean(aside[on : on + 4]),
        "new": went["new"],
        "fast": went["fast"],
        "learned": went["learned"].ravel(),
    }


# --- the economy -----------------------------------------------------------------------------


def rmse(model, years) -> float:
    """Root mean square error of a forecast of unemployment, in percentage points."""
    return float(np.sqrt(((model.predict(years) - years.unemployment[1:]) ** 2).mean()))


def critique(seed) -> dict:
    """Fit in the old regime, forecast in it, then use the models to set policy."""
    rng, economy = new_rng([seed, 125]), Economy()
    past, held_out, many = (economy.run(np.full(n, 2.0), rng) for n in (300, 400, 20_000))
    models = {
        "reduced": ReducedForm().fit(past),
        "large": ReducedForm(features=200, seed=seed).fit(many),
        "structural": Structural().fit(past),
    }
    new, figures = economy.run(np.full(400, 6.0), rng), tried(seed, past, held_out)
    for name, model in models.items():
        target = best_target(model)
        lived = economy.run(np.full(4000, target), rng)
        figures |= {
            f"{name}_old": rmse(model, held_out),
            f"{name}_new": rmse(model, new),
            f"{name}_target": target,
            f"{name}_promised": model.promise(target),
            f"{name}_lived": lived.unemployment.mean(),
            f"{name}_loss": lived.unemployment.mean() ** 2 + 0.5 * lived.inflation.mean() ** 2,
        }
    return figures


def tried(seed, past, held_out) -> dict:
    """Those who forecast otherwise: the mean of the past, the same regression fitted again to the
    first ten new years, and a regression that was shown what the *target* does.

    The last is unemployment = a + b inflation + c target, from 300 years of the same economy in
    which the bank set a target of 0 to 4 % at random every year.
    """
    rng, economy = new_rng([seed, 126]), Economy()
    targets = rng.integers(0, 5, 300).astype(float)
    trial, new = economy.run(targets, rng), economy.run(np.full(400, 6.0), rng)
    columns = lambda years, aim: np.stack([np.ones(len(aim)), years.inflation, aim], 1)
    fitted = np.linalg.lstsq(columns(trial, targets), trial.unemployment, rcond=None)[0]
    errors = lambda years, aim: years.unemployment - columns(years, np.full(400, aim)) @ fitted
    spread = lambda error: float(np.sqrt(np.mean(np.square(error))))
    mean, early = past.unemployment.mean(), Years(*(column[:10] for column in new))
    late = Years(*(column[10:] for column in new))
    return {
        **slow_experiments(seed),
        "experiment_old": spread(errors(held_out, 2.0)),
        "experiment_new": spread(errors(new, 6.0)),
        "mean_old": spread(held_out.unemployment - mean),
        "mean_new": spread(new.unemployment - mean),
        "mean_promised": mean,
        "refit_new": rmse(ReducedForm().fit(early), late),
    }


def slow_experiments(seed, learning=0.3, years=300) -> dict:
    """The line of varied targets, in an economy whose people learn from what happens: what it
    promises at 6 %, from targets drawn anew every year and from targets held for 25 years."""
    promises = {}
    for name, held in (("yearly", 1), ("held", 25)):
        rng = new_rng([seed, 134])
        targets = np.repeat(rng.integers(0, 5, years // held), held).astype(float)
        lived = Economy(learning=learning).run(targets, rng)
        x = np.stack([np.ones(years), lived.inflation, targets], 1)
        promises[name] = float(np.linalg.lstsq(x, lived.unemployment, rcond=None)[0] @ [1, 6, 6])
    change = np.repeat([2.0, 6.0], [100, 400])  # what came: from the 100th year of 6 % on
    came = Economy(learning=learning).run(change, new_rng([seed, 135])).unemployment[200:].mean()
    return {"slow_yearly": promises["yearly"], "slow_held": promises["held"], "slow_came": came}


CHANGE = 10  # the year in which the target rises from 2 to 6 %


def slow_people(seed, learning=0.2, runs=200, years=60) -> dict:
    """The same change of policy, met by people who learn from what happens: mean of many runs."""
    rng, economy = new_rng([seed, 133]), Economy(learning=learning)
    targets = np.where(np.arange(years) < CHANGE, 2.0, 6.0)
    lives = [economy.run(targets, rng) for _ in range(runs)]
    return {
        "unemployment": np.mean([life.unemployment for life in lives], 0),
        "expected": np.mean([life.expected for life in lives], 0),
    }


# --- digits ----------------------------------------------------------------------------------


def digits(seed):
    """Scikit-learn's 1,797 handwritten digits of 8 x 8: (x, y, test x, test y) as tensors."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    data = load_digits()
    x, test, y, label = train_test_split(
        data.data / 16, data.target, test_size=0.25, random_state=seed, stratify=data.target
    )
    as_floats = lambda a: torch.as_tensor(a, dtype=torch.float32)  # noqa: E731
    return as_floats(x), torch.as_tensor(y), as_floats(test), torch.as_tensor(label)


def backprop(x, y, seed, steps=4000):
    """The same two layers of 200, taught by backpropagation: a function of pictures to labels."""
    generator = torch.Generator().manual_seed(seed)
    net = mlp([x.shape[1], 200, 200, 10], generator)

    def loss_of_batch():
        rows = torch.randint(len(x), (50,), generator=generator)
        return nn.functional.cross_entropy(net(x[rows]), y[rows])

    train(net.parameters(), loss_of_batch, steps, 1e-3)
    return lambda pictures: net(pictures).argmax(1)


def three_ways(seed, epochs=150) -> dict:
    """Accuracy on a quarter of the digits that nobody was taught.

    150 times through the digits are about 4,000 batches; "short" has 30, about 800.
    """
    from sklearn.linear_model import LogisticRegression

    x, y, test, label = digits(seed)
    forward = ForwardForward(64, seed=seed).fit(x, y, epochs)
    short = ForwardForward(64, seed=seed).fit(x, y, epochs // 5)
    back = backprop(x, y, seed)
    logistic = LogisticRegression(max_iter=500).fit(x.numpy(), y.numpy())
    share = lambda guess: float((torch.as_tensor(guess) == label).float().mean())  # noqa: E731
    with torch.inference_mode():
        return {
            "forward": share(forward.predict(test)),
            "short": share(short.predict(test)),
            "backprop": share(back(test)),
            "logistic": share(logistic.predict(test.numpy())),
        }


def untrained(seed) -> dict:
    """Forward-Forward before it has learned anything."""
    _, _, test, label = digits(seed)
    guess = ForwardForward(64, seed=seed).predict(test)
    return {"forward": float((guess == label).float().mean())}
