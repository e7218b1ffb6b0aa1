"""Chapter 8, tokens: the experiments behind its claims. Units and method: `study`, `memory`."""

from __future__ import annotations

import time

import torch

from wmlib.course.ch08_tokens.memory import REACH, Attending, Carrying, practise, recall
from wmlib.course.ch08_tokens.rivals import OfflineQ, standing_still
from wmlib.course.ch08_tokens.study import (
    Anywhere,
    by_ruler,
    catch_rate,
    commitment,
    dream,
    dreamt_rate,
    errors,
    film,
    held_out,
    kept,
    learner,
    one_ball,
    picture_error,
    seen_by_rssm,
    size,
    speed,
    standing,
    taught,
    train_rssm,
)
from wmlib.evidence import Claim, Experiment
from wmlib.models.codebook import Codebook


def dreams(model, real, seed):
    """What a model's dreams are worth: errors by horizon, drawn and likeliest."""
    ball, bar, straight = errors(real, dream(model, real))
    drawn, _, _ = errors(real, dream(model, real, generator=torch.Generator().manual_seed(seed)))
    return {"ball": ball, "bar": bar, "straight": straight, "drawn": drawn}


def examine(done, seed):
    """Figures of a learner that has been through its four stages."""
    held = held_out(seed)
    real = one_ball(held, seed)
    error, used, off = picture_error(done.model.tokenizer, held.obs[0])
    return dreams(done.model, real, seed) | {
        "picture_error": error,
        "codes_used": used,
        "reading": off,
        "caught": catch_rate(done.agent(), [seed, 3]),
        "random": catch_rate(None, [seed, 3]),
        "dreamt": dreamt_rate(done, seed),
        "speed": speed(done.model, real),
        "size": size(done.model),
        "cpu_seconds": sum(done.seconds.values()),
        "seconds": [done.seconds[stage] for stage in done.STAGES],
    }


def run_iris(seed):
    """Four stages on the film of this seed, and all that the chapter asks."""
    return examine(taught(seed), seed)


def guess(who):
    """Ball and bar as somebody guesses them who learned nothing: `seed -> figures`."""

    def figures(seed):
        ball, bar = who(one_ball(held_out(seed), seed))
        return {"ball": ball, "bar": bar}

    return figures


Q_STEPS = 4000


def offline_q(seed):
    """A Q network on the same film, with no model."""
    begun = time.process_time()
    agent = OfflineQ(film(seed), seed).learn(Q_STEPS)
    seconds = time.process_time() - begun
    return {"caught": catch_rate(agent, [seed, 3]), "q_seconds": seconds}


iris = Experiment(
    "08_iris",
    run_iris,
    {
        "ten": Claim(
            "Ten steps ahead the imagined ball is off by less than {near} pixels ({ball[9]:.2f}); "
            "'it falls straight' by {straight[ball][9]:.2f}, the RSSM by {rssm[ball][9]:.2f}, and "
            "a line through the measured ball by {ruler[ball][9]:.2f}.",
            lambda f, near: 0 <= f["ball"][9] < near,
            trivial=["straight", "last_picture"],
            near=1.7,
        ),
        "bar": Claim(
            "Ten steps ahead the imagined bar is off by less than {near} pixels ({bar[9]:.2f}); "
            "the RSSM's by {rssm[bar][9]:.2f}, the last picture's by {last_picture[bar][9]:.1f}.",
            lambda f, near: 0 <= f["bar"][9] < near,
            trivial=["last_picture"],
            near=0.45,
        ),
        "catches": Claim(
            "An actor that practised in imagination alone catches at least {most:.0%} of the real "
            "balls ({caught:.1%}); random actions {random[caught]:.0%}, standing still "
            "{still[caught]:.0%}, a Q network on the same film {offline_q[caught]:.1%}.",
            lambda f, most: f["caught"] >= most,
            trivial=["random", "still"],
            most=0.85,
        ),
    },
    seeds=10,
    trivial={
        "straight": {"ball": "straight"},
        "last_picture": guess(standing),
        "random": {"caught": "random"},
        "still": lambda seed: {"caught": catch_rate(standing_still, [seed, 3])},
    },
    rival={"rssm": lambda seed: kept(rssm, seed), "ruler": guess(by_ruler), "offline_q": offline_q},
)


def run_rssm(seed):
    """An RSSM on the same film."""
    seen, begun = film(seed), time.process_time()
    model = train_rssm(seen, seed)
    seconds = time.process_time() - begun
    real = one_ball(held_out(seed), seed)
    figures = {"speed": speed(model, real), "size": size(model), "cpu_seconds": seconds}
    return dreams(model, real, seed) | figures


rssm = Experiment(
    "08_rssm",
    run_rssm,
    {
        "ball": Claim(
            "The RSSM's ball is off by less than {one} pixels after one step ({ball[0]:.2f}) and "
            "{ten} after ten ({ball[9]:.2f}); that of the tokens by {tokens[ball][0]:.2f} and "
            "{tokens[ball][9]:.2f}.",
            lambda f, one, ten: 0 <= f["ball"][0] < one and f["ball"][9] < ten,
            one=0.2,
            ten=1.2,
        ),
        "drawn": Claim(
            "Where both draw what they imagine, the RSSM's ball is off by less than {ten} pixels "
            "after ten steps ({drawn[9]:.2f}), that of the tokens by {tokens[drawn][9]:.2f}.",
            lambda f, ten: 0 <= f["drawn"][9] < ten,
            ten=1.6,
        ),
    },
    seeds=10,
    trivial={"straight": {"ball": "straight", "drawn": "straight"}},
    rival={"tokens": lambda seed: kept(iris, seed)},
)


def run_see(seed):
    """Weights of the picture and of the KL, each alone and both: is the ball found?"""
    found = {}
    for name, picture, kl in (("plain", 1, 1), ("loud", 20, 20), ("free", 1, 0.005), ("both", 20, 0.1)):  # fmt: skip
        found[name], found[f"{name}_nats"] = seen_by_rssm(seed, picture, 0.5 * kl, 0.1 * kl)
    return found


see = Experiment(
    "08_see",
    run_see,
    {
        "kl": Claim(
            "Beside a picture of twenty times the weight, a KL that costs next to nothing lets the "
            "RSSM find the ball within {near} pixels in 440 batches ({both:.1f}); with the KL of "
            "chapter 7 in proportion it misses by {in_proportion[both]:.1f}, with chapter 7's own "
            "weights by {as_before[both]:.1f}.",
            lambda f, near: 0 <= f["both"] < near,
            near=2.0,
        )
    },
    seeds=10,
    trivial={"as_before": {"both": "plain"}},
    rival={"in_proportion": {"both": "loud"}},
)


def run_codes(seed, steps=400, codes=64):
    """Three codebooks in the same tokenizer: begun anywhere; begun well; begun well and revived."""
    frames, figures = held_out(seed).obs[0], {}
    codebooks = {
        "anywhere": Anywhere(codes, 32),
        "begun": Codebook(codes, 32, dead=0.0),
        "revived": Codebook(codes, 32),
    }
    for name, codebook in codebooks.items():
        done = learner(seed, codes=codes)
        done.model.tokenizer.codebook = codebook
        done.learn_tokens(steps)
        error, used, off = picture_error(done.model.tokenizer, frames)
        figures |= {f"{name}_error": error, f"{name}_used": used, f"{name}_ball": off}
    return figures


codes = Experiment(
    "08_codes",
    run_codes,
    {
        "alive": Claim(
            "Of 64 codes that are revived at least {half} are in use after 400 batches "
            "({revived_used:.0f}); begun well and never revived {begun[revived_used]:.0f}, begun "
            "anywhere {anywhere[revived_used]:.0f}.",
            lambda f, half: f["revived_used"] >= half,
            half=32,
        ),
        "error": Claim(
            "The error of a decoded picture is then below {share:.0%} of what it is without "
            "revival ({revived_error:.1f} against {begun[revived_error]:.1f}).",
            lambda f, share: f["revived_error"] < share * f["begun_error"],
            share=0.95,
        ),
    },
    seeds=10,
    trivial={"anywhere": {"revived_used": "anywhere_used", "revived_error": "anywhere_error"}},
    rival={"begun": {"revived_used": "begun_used", "revived_error": "begun_error"}},
)

commit = Experiment(
    "08_commit",
    commitment,
    {
        "length": Claim(
            "Without the commitment loss the encoder's vectors are at least {times} times as long "
            "after 600 batches ({length_none:.0f} against {length:.1f}; with a weight of 0.25 "
            "{quarter[length]:.1f}).",
            lambda f, times: f["length_none"] >= times * f["length"],
            times=5,
        ),
        "error": Claim(
            "And the error of a decoded picture is below {share:.0%} of what it is without "
            "({error:.1f} against {error_none:.1f}; with a weight of 0.25 {quarter[error]:.1f}).",
            lambda f, share: f["error"] < share * f["error_none"],
            share=0.95,
        ),
    },
    seeds=10,
    trivial={"without": {"length": "length_none", "error": "error_none"}},
    rival={"quarter": {"length": "length_quarter", "error": "error_quarter"}},
)

# --- memory ---------------------------------------------------------------------------------------

SOON, LONG, MOST = 300, 5000, 6  # batches of the transformer, and of the GRU; shutters
MARKS = (300, 1000, 2000, 3000, 4000, 5000)  # when the GRU is asked on its way
WAITS = (0, 5, 10, 15, 20, 21, 22, 23, 30, 40, 60)


def run_rates(seed, steps=2000):
    """The GRU's learning rates: how much it knows of six shutters in the end, for each."""
    figures = {}
    for name, lr in (("0.001", 1e-3), ("0.003", 3e-3), ("0.006", 6e-3), ("0.01", 1e-2)):
        net = Carrying(seed)
        practise(net, steps, seed, MOST, lr=lr)
        figures[name] = recall(net, MOST, seed + 1)
    return figures


rates = Experiment("08_rates", run_rates, seeds=1)  # stored with --first 100: others than `recalls`


def run_recalls(seed):
    """Six shutters within the window: attention after few batches, the GRU until it has learned."""
    attending, carrying = Attending(seed), Carrying(seed)
    soon = practise(attending, SOON, seed, MOST)
    short = Carrying(seed)
    practise(short, SOON, seed, MOST)
    long = practise(carrying, LONG, seed, MOST, marks=MARKS)
    return {
        "transformer": recall(attending, MOST, seed + 1),
        "gru_soon": recall(short, MOST, seed + 1),
        "gru": recall(carrying, MOST, seed + 1),
        "gru_marks": long["marks"],
        "guess": recall(Attending(seed), MOST, seed + 1),
        "transformer_seconds": soon["seconds"],
        "gru_seconds": long["seconds"],
        "transformer_size": size(attending),
        "gru_size": size(carrying),
    }


recalls = Experiment(
    "08_recalls",
    run_recalls,
    {
        "soon": Claim(
            "After 300 batches the transformer knows at least {most:.0%} of six signs "
            "({transformer:.0%}); the GRU after as many {gru_then[transformer]:.0%}, an untrained "
            "network {untrained[transformer]:.0%}.",
            lambda f, most: f["transformer"] >= most,
            most=0.95,
        ),
        "learns": Claim(
            "After 5,000 batches the GRU knows at least {most:.0%} of them, too ({gru:.0%}).",
            lambda f, most: f["gru"] >= most,
            most=0.9,
        ),
    },
    seeds=10,
    trivial={"untrained": {"transformer": "guess", "gru": "guess"}},
    rival={"gru_then": {"transformer": "gru_soon"}},
)


def run_reach(seed):
    """One shutter and a wait: what each still knows, by how long it waited."""
    figures = {}
    for name, net in (("transformer", Attending(seed)), ("gru", Carrying(seed))):
        practise(net, 1000, seed, most=1, longest=30)
        figures[name] = [recall(net, 1, seed + 1, wait) for wait in WAITS]
    untrained = Carrying(seed)
    return figures | {"guess": [recall(untrained, 1, seed + 1, wait) for wait in WAITS]}


def at(wait):
    """Place of a wait in the lists of figures."""
    return WAITS.index(wait)


reach = Experiment(
    "08_reach",
    run_reach,
    {
        "reaches": Claim(
            "The transformer still knows the sign in at least {most:.0%} of the walks when it was "
            f"{REACH} symbols ago " + "({transformer[5]:.0%}), far beyond its window of 12; the "
            "GRU in {the_gru[transformer][5]:.0%}.",
            lambda f, most: f["transformer"][at(REACH - 1)] >= most,
            most=0.9,
        ),
        "carries": Claim(
            f"When it was {REACH + 1} symbols ago, " + "the GRU knows it in at least {most:.0%} "
            "({gru[6]:.0%}), and 61 symbols ago as well ({gru[10]:.0%}); the transformer in "
            "{the_transformer[gru][6]:.0%} and {the_transformer[gru][10]:.0%}, which is "
            "chance.",
            lambda f, most: min(f["gru"][at(REACH)], f["gru"][at(60)]) >= most,
            trivial=["untrained"],
            most=0.9,
        ),
    },
    seeds=10,
    trivial={"untrained": {"transformer": "guess", "gru": "guess"}},
    rival={"the_gru": {"transformer": "gru"}, "the_transformer": {"gru": "transformer"}},
)
