"""Chapter 8, tokens: the experiments behind its claims. Units and method: `tokens_parts`."""

from __future__ import annotations

import time

import torch

from wmlib.course.ch08_tokens.memory import Carrying, Recalling, practise, recall
from wmlib.course.ch08_tokens.study import (
    PLAIN,
    Anywhere,
    catch_rate,
    dream,
    dreamt_rate,
    errors,
    film,
    held_out,
    learner,
    one_ball,
    picture_error,
    size,
    speed,
    taught,
    train_rssm,
)
from wmlib.evidence import Experiment
from wmlib.models.codebook import Codebook


def look_at(model, real, seed):
    """What a model's dreams are worth: errors by horizon, drawn and likeliest."""
    ball, bar, straight = errors(real, dream(model, real))
    drawn, _, _ = errors(real, dream(model, real, generator=torch.Generator().manual_seed(seed)))
    return {"ball": ball, "bar": bar, "straight": straight, "drawn": drawn}


def examine(done, seed):
    """Figures of a learner that has been through its four stages."""
    held = held_out(seed)
    real = one_ball(held, seed)
    error, used, off = picture_error(done.model.tokenizer, held.obs[0])
    return look_at(done.model, real, seed) | {
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


iris = Experiment(
    "08_iris",
    run_iris,
    {
        "next": (
            "one step ahead the ball is dreamt within half a pixel of where it will be",
            lambda f: f["ball"][0] < 0.5,
        ),
        "ten": (
            "ten steps ahead it is within two pixels, where 'it falls straight down' is off by "
            "more than two and a half",
            lambda f: f["ball"][9] < 2 and f["straight"][9] > 2.5,
        ),
        "catches": (
            "an actor that practised in dreams alone catches at least 85 % of the balls in the "
            "real world",
            lambda f: f["caught"] >= 0.85,
        ),
        "random": (
            "that is at least three times as many as random actions catch",
            lambda f: f["caught"] >= 3 * f["random"],
        ),
    },
    seeds=5,
)


def run_rssm(seed):
    """An RSSM on the same film."""
    seen, begun = film(seed), time.process_time()
    model = train_rssm(seen, seed)
    seconds = time.process_time() - begun
    real = one_ball(held_out(seed), seed)
    figures = {"speed": speed(model, real), "size": size(model), "cpu_seconds": seconds}
    return look_at(model, real, seed) | figures


rssm = Experiment(
    "08_rssm",
    run_rssm,
    {
        "ball": (
            "an RSSM that learned from the same film dreams the ball within a third of a pixel one "
            "step ahead",
            lambda f: f["ball"][0] < 1 / 3,
        ),
        "ten": (
            "ten steps ahead within a pixel and a half, where 'it falls straight down' is off by "
            "more than two and a half",
            lambda f: f["ball"][9] < 1.5 and f["straight"][9] > 2.5,
        ),
        "bar": ("and the bar within one", lambda f: f["bar"][9] < 1),
    },
    seeds=5,
)


def run_faint(seed):
    """The control: the same training, with the weights that picture and KL have in chapter 7."""
    model = train_rssm(film(seed), seed, see=PLAIN, foresee=PLAIN)
    return look_at(model, one_ball(held_out(seed), seed), seed)


faint = Experiment(
    "08_faint",
    run_faint,
    {
        "unseen": (
            "the same training, picture and KL weighed as in chapter 7 from beginning to end, does "
            "not find the ball: one step ahead it is off by more than five pixels",
            lambda f: f["ball"][0] > 5,
        )
    },
    seeds=5,
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
        "dead": (
            "of 64 codes that begin anywhere fewer than ten are ever used",
            lambda f: f["anywhere_used"] < 10,
        ),
        "alive": (
            "of 64 codes that begin at what the eye says and are revived, at least half are used",
            lambda f: f["revived_used"] >= 32,
        ),
        "revived": (
            "that is more than of those that begin as well and are never revived",
            lambda f: f["revived_used"] > f["begun_used"],
        ),
        "error": (
            "and the repainted picture is less than three quarters as wrong as of those that began "
            "anywhere",
            lambda f: f["revived_error"] < 0.75 * f["anywhere_error"],
        ),
    },
    seeds=5,
)

MANY = (1, 2, 4, 8, 12, 16, 20, 24)
MOST, WINDOW, STEPS = 12, 24, 1000  # up to 12 shutters while they learn: 24 symbols, the window


def run_memory(seed):
    """Shutters with signs, and questions: attention and a GRU, taught on the same walks."""
    nets = {"transformer": Recalling(WINDOW, seed), "gru": Carrying(WINDOW, seed)}
    figures = {}
    for name, net in nets.items():
        figures[f"{name}_seconds"] = practise(net, MOST, STEPS, seed)
        figures[name] = [recall(net, many, seed + 1) for many in MANY]
        figures[f"{name}_size"] = size(net)
    return figures


memory = Experiment(
    "08_memory",
    run_memory,
    {
        "recalls": (
            "the transformer knows what was on each of twelve shutters, nine times in ten",
            lambda f: f["transformer"][MANY.index(12)] >= 0.9,
        ),
        "forgets": (
            "the GRU, taught on the same walks, knows it of fewer than half of the twelve",
            lambda f: f["gru"][MANY.index(12)] < 0.5,
        ),
        "one": (
            "a single shutter it remembers as well as the transformer does",
            lambda f: f["gru"][MANY.index(1)] >= 0.9,
        ),
        "window": (
            "of 24 shutters, which are twice as many as its window holds with their questions, the "
            "transformer knows fewer than seven in ten",
            lambda f: f["transformer"][MANY.index(24)] < 0.7,
        ),
    },
    seeds=5,
)
