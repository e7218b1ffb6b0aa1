"""Chapter 6, World Models (2018): the experiments behind its claims. Method: `study`.

The temperature of the headline, 1.0, was chosen on seeds from 1000 up; here are seeds 0 and on.
"""

from __future__ import annotations

import numpy as np

from wmlib.course.ch06_world_models.calibration import causes, ignorant, scalars
from wmlib.course.ch06_world_models.dodge import Dodge
from wmlib.course.ch06_world_models.racing import (
    HeavyRacing,
    laps,
    learn_to_drive,
    racing_model,
    run_two_frames,
)
from wmlib.course.ch06_world_models.rivals import (
    GreedyAgent,
    dreamt_transitions,
    evolve_in_world,
    linear_picture_errors,
    linear_q,
    offline_q,
    transitions,
)
from wmlib.course.ch06_world_models.study import (
    GENERATIONS,
    POPULATION,
    ROLLOUTS,
    SEEN,
    TEMPERATURES,
    VALIDATION,
    NoBalls,
    baselines,
    dodge_model,
    dream_search,
    dream_search_on_z,
    dreaming,
    dreamt,
    picture_errors,
    random_play,
    real,
    search,
    trained_in_dream,
    trained_in_reality,
    wiped,
)
from wmlib.evaluation import evaluate
from wmlib.evidence import Claim, Experiment
from wmlib.worlds import MiniRacing

BLIND = ("random", "still", "sweep")  # players who look at nothing


def examine(model, starts, parameters, temperature, seed):
    """What a controller is worth in its dream and in the world: means, and spreads of lives."""
    inside = dreamt(model, starts, parameters, temperature, seed)
    outside = real(model, parameters, [seed, 66])
    return {
        "dream": inside.mean(),
        "dream_spread": inside.std(),
        "real": outside.mean(),
        "real_spread": outside.std(),
    }


# --- learned in a dream, used in the world --------------------------------------------------------


def run_dream(seed):
    """Controllers that never met the world: from a dream of temperature 1, and from a cold one."""
    model, starts = dodge_model(seed)
    figures = baselines([seed, 66])
    for name, temperature in (("warm", 1.0), ("cold", 0.1)):
        found = examine(model, starts, trained_in_dream(seed, temperature), temperature, seed)
        figures |= {f"{name}_{key}": value for key, value in found.items()}
    return figures


dream = Experiment(
    "06_dream",
    run_dream,
    {
        "transfers": Claim(
            "a controller that was trained in the dream alone lives {warm_real:.0f} steps in the "
            "world, at least {times} times as long as random play ({random:.0f}) and {more} times "
            "as long as a sweep from wall to wall that looks at nothing ({sweep:.0f}); the same "
            "search in a dream of temperature 0.1 gives {cold_dream_search[warm_real]:.0f}, a "
            "script that knows the true places and movements {scripted:.0f}",
            lambda f, times, more: (
                f["warm_real"] >= times * f["random"] and f["warm_real"] >= more * f["sweep"]
            ),
            times=2,
            more=1.1,
        )
    },
    seeds=10,
    trivial={
        "at random": {"warm_real": "random"},
        "standing": {"warm_real": "still"},
        "blind sweep": {"warm_real": "sweep"},
    },
    rival={"cold_dream_search": {"warm_real": "cold_real"}},
)


def run_picture_of(model, seed):
    """How far ahead a dreamt picture of this model is worth anything."""
    moved, reconstruction, last = picture_errors(model, seed)
    return {"moved": moved, "reconstruction": reconstruction, "last": last}


def run_picture(seed):
    """The same for the model of a seed."""
    return run_picture_of(dodge_model(seed)[0], seed)


picture = Experiment(
    "06_picture",
    run_picture,
    {
        "near": Claim(
            "three steps into the dream its picture errs by {moved[2]:.2f}, at most {most} of the "
            "mean picture's error; a linear forecast of z errs by {linear[moved][2]:.2f}, the last "
            "picture that was seen by {last[2]:.2f}",
            lambda f, most: f["moved"][2] <= most,
            most=0.8,
        )
    },
    seeds=10,
    trivial={"mean picture": lambda seed: {"moved": [1.0] * 30}, "last picture": {"moved": "last"}},
    rival={"linear": lambda seed: {"moved": linear_picture_errors(dodge_model(seed)[0], seed)}},
)


def run_reads(seed):
    """What the controller of the warm dream reads: it loses the balls, its memory, or never had M's."""
    model, starts = dodge_model(seed)
    warm, on_z = trained_in_dream(seed, 1.0), dream_search_on_z(model, starts, seed)
    nothing = baselines([seed, 73])
    return {
        "whole": real(model, warm, [seed, 73]).mean(),
        "erased": real(model, warm, [seed, 73], world=NoBalls()).mean(),
        "wiped": real(model, warm, [seed, 73], feat=wiped).mean(),
        "z_only": real(model, on_z, [seed, 73], feat=model.feat_z).mean(),
        "random": nothing["random"],
        "sweep": nothing["sweep"],
    }


reads = Experiment(
    "06_reads",
    run_reads,
    {
        "balls": Claim(
            "with the balls erased from its pictures the controller of the warm dream lives "
            "{erased:.0f} steps, at most {share} of the {whole:.0f} with them; with its memory wiped "
            "{wiped:.0f}; a controller that the same search found on z alone lives "
            "{z_alone[whole]:.0f}, the blind sweep {sweep:.0f}",
            lambda f, share: f["erased"] <= share * f["whole"],
            share=0.4,
        )
    },
    seeds=10,
    trivial={
        "blind sweep": {"whole": "sweep", "erased": "sweep"},
        "at random": {"whole": "random", "erased": "random"},
    },
    rival={"z_alone": {"whole": "z_only"}},
)


# --- what a dream's return is worth ---------------------------------------------------------------


def run_calibration(seed):
    """Players who know nothing in every dream, beside the controllers that were trained there."""
    model, starts = dodge_model(seed)
    figures = ignorant(model, starts, seed)
    for name, temperature in (("warm", 1.0), ("cold", 0.1)):
        found = examine(model, starts, trained_in_dream(seed, temperature), temperature, seed)
        figures |= {f"{name}_in_{name}": found["dream"], f"{name}_world": found["real"]}
    return figures | scalars(figures)


calibration = Experiment(
    "06_calibration",
    run_calibration,
    {
        "empty": Claim(
            "in the dream of temperature 0.1 standing still lives {still_in_cold:.0f} of 300 steps, "
            "random play {random_in_cold:.0f}, the controller that was trained there "
            "{cold_in_cold:.0f}: training gained fewer than {little} steps; in the dream of "
            "temperature 1.3 random play lives {hotter[random_in_cold]:.0f}",
            lambda f, little: (
                f["cold_in_cold"] - max(f["random_in_cold"], f["still_in_cold"]) < little
            ),
            trivial=["warm dream"],
            little=15,
        ),
        "skill": Claim(
            "trained in the dream of temperature 1, the controller lives at least {times} times as "
            "long in it as random play, standing still and the blind sweep ({warm_in_warm:.0f} "
            "against {random_in_warm:.0f}, {still_in_warm:.0f} and {sweep_in_warm:.0f}), and as "
            "many times as long in the world ({warm_world:.0f} against {random_world:.0f}, "
            "{still_world:.0f} and {sweep_world:.0f})",
            lambda f, times: all(
                f[f"warm_{place}"] >= times * max(f[f"{who}_{place}"] for who in BLIND)
                for place in ("in_warm", "world")
            ),
            trivial=["at random", "standing", "blind sweep", "cold controller"],
            times=1.1,
        ),
        "easy": Claim(
            "the dream of temperature 1 is too easy: random play lives {random_in_warm:.0f} steps "
            "there, at least {times} times as long as in the world ({random_world:.0f}), and "
            "standing still {still_in_warm:.0f}, at least {more} times as long ({still_world:.0f})",
            lambda f, times, more: (
                f["random_in_warm"] >= times * f["random_world"]
                and f["still_in_warm"] >= more * f["still_world"]
            ),
            trivial=["the world itself"],
            times=1.2,
            more=1.8,
        ),
    },
    seeds=10,
    trivial={
        "warm dream": {
            "cold_in_cold": "warm_in_warm",
            "random_in_cold": "random_in_warm",
            "still_in_cold": "still_in_warm",
        },
        "at random": {"warm_in_warm": "random_in_warm", "warm_world": "random_world"},
        "standing": {"warm_in_warm": "still_in_warm", "warm_world": "still_world"},
        "cold controller": {"warm_world": "cold_world"},
        "blind sweep": {"warm_in_warm": "sweep_in_warm", "warm_world": "sweep_world"},
        "the world itself": {"random_in_warm": "random_world", "still_in_warm": "still_world"},
    },
    rival={"hotter": {"random_in_cold": "random_in_hot"}},
)


def run_temperatures(seed):
    """The table: a controller for every temperature, its score in its dream and in the world.

    One set of real episodes chooses the temperature, another one reports what the choice is worth.
    """
    model, starts = dodge_model(seed)
    rows, chooser = [], []
    for temperature in TEMPERATURES:
        parameters = trained_in_dream(seed, temperature)
        rows.append(examine(model, starts, parameters, temperature, seed))
        chooser.append(real(model, parameters, [seed, 67], 50).mean())
    best = int(np.argmax(chooser))
    return {key: [row[key] for row in rows] for key in rows[0]} | {
        "chosen": TEMPERATURES[best],
        "chosen_real": rows[best]["real"],
        "fixed_real": rows[TEMPERATURES.index(1.0)]["real"],
        "random": baselines([seed, 66])["random"],
    }


def untrained(name):
    """Figures of a player who is the same whatever dream he was trained in."""

    def figures(seed):
        lived = baselines([seed, 66])[name]
        return {"real": [lived] * len(TEMPERATURES), "chosen_real": lived}

    return figures


temperatures = Experiment(
    "06_temperatures",
    run_temperatures,
    {
        "cold": Claim(
            "in the world the controller of the dream of temperature 0.1 lives {real[0]:.0f} steps, "
            "at most {share} of what the worst of the controllers of temperature 1 and above lives "
            "({real[2]:.0f}, {real[3]:.0f} and {real[4]:.0f})",
            lambda f, share: f["real"][0] <= share * min(f["real"][2:]),
            share=0.7,
        ),
        "chosen": Claim(
            "the temperature that some real episodes choose is worth {chosen_real:.0f} steps on "
            "other episodes, at least {times} times random play ({random:.0f}); to take 1 without "
            "choosing is worth {always_1[chosen_real]:.0f}",
            lambda f, times: f["chosen_real"] >= times * f["random"],
            times=2.5,
        ),
    },
    seeds=10,
    trivial={"at random": untrained("random"), "standing": untrained("still")},
    rival={"always_1": {"chosen_real": "fixed_real"}},
)


apart = Experiment(
    "06_apart",
    lambda seed: causes(*dodge_model(seed), seed),
    {
        "both": Claim(
            "With both cold {light_both:.2f} of the warm dream's light of {light_warm:.1f} is left, "
            "at most {share}, and less than with one alone: cold noise leaves "
            "{noise[light_both]:.2f}, cold weights {weights[light_both]:.2f}. Random play then lives "
            "{random_both:.0f} steps, {random_noise:.0f} and {random_weights:.0f}, with neither "
            "{random_warm:.0f}.",
            lambda f, share: (
                f["light_both"] <= share * f["light_warm"]
                and f["light_both"] < min(f["light_noise"], f["light_weights"])
            ),
            share=0.05,
        )
    },
    seeds=10,
    trivial={"nothing cold": {"light_both": "light_warm"}},
    rival={"noise": {"light_both": "light_noise"}, "weights": {"light_both": "light_weights"}},
)


def run_longer(seed):
    """The search in the dream of temperature 1, three times as long: does what it finds get worse?

    It is interrupted after every 32 generations. Exploitation would show as a return that rises in
    the dream while it falls in the world.
    """
    model, starts = dodge_model(seed)
    found, score = search(model, seed), dreaming(model, starts, 1.0)
    inside, outside = [], []
    for _ in range(6):
        found.fit(score, 32)
        inside.append(dreamt(model, starts, found.parameters, 1.0, seed, 200).mean())
        outside.append(real(model, found.parameters, [seed, 72], 200).mean())
    nothing = baselines([seed, 72])
    return {
        "inside": inside,
        "outside": outside,
        "last": outside[-1],
        "early": outside[1],
        "random": nothing["random"],
        "still": nothing["still"],
    }


longer = Experiment(
    "06_longer",
    run_longer,
    {
        "kept": Claim(
            "searched three times as long in the warm dream (192 generations), the controller lives "
            "{inside[5]:.0f} steps there and {last:.0f} in the world, at least {share} of the "
            "{shorter[last]:.0f} after 64 generations",
            lambda f, share: f["last"] >= share * f["early"],
            share=0.6,
        )
    },
    seeds=10,
    trivial={"at random": {"last": "random"}, "standing": {"last": "still"}},
    rival={"shorter": {"last": "early"}},
)


def run_searches(seed, searches=4):
    """Other searches in the same warm dream: what their controllers live there and in the world."""
    model, starts = dodge_model(seed)
    figures = {"dream": [], "world": [], "sweep": baselines([seed, 66])["sweep"]}
    for k in range(searches):
        found = dream_search(model, starts, 1.0, 1000 * (seed + 1) + k).best
        figures["dream"].append(dreamt(model, starts, found, 1.0, seed).mean())
        figures["world"].append(real(model, found, [seed, 66]).mean())
    return figures


searches = Experiment("06_searches", run_searches, {}, seeds=10)


# --- without the dream ----------------------------------------------------------------------------


def run_without(seed):
    """On the steps from which V and M were learned, or as many others: who learns what from them."""
    model, starts = dodge_model(seed)
    recorded = transitions(model, random_play(Dodge(), seed))
    lived = lambda agent: evaluate(Dodge(), agent, 100, [seed, 68]).returns.mean()  # noqa: E731
    knows_nothing = baselines([seed, 68])
    return {
        "offline": lived(GreedyAgent(model, offline_q(recorded, seed))),
        "dreamt_q": lived(
            GreedyAgent(model, offline_q(dreamt_transitions(model, starts, seed), seed))
        ),
        "linear_q": real(model, linear_q(recorded), [seed, 68]).mean(),
        "few_steps": real(model, evolve_in_world(model, seed), [seed, 68]).mean(),
        "random": knows_nothing["random"],
        "still": knows_nothing["still"],
    }


def run_reality(seed):
    """CMA-ES in the real world on the same V and M; Q-learning on the steps that V and M saw."""
    model, _ = dodge_model(seed)
    late, early, steps = trained_in_reality(seed)
    in_dream = trained_in_dream(seed, 1.0)
    return {
        "dream": real(model, in_dream, [seed, 68]).mean(),
        "same_lives": real(model, late, [seed, 68]).mean(),
        "same_steps": real(model, early, [seed, 68]).mean(),
        "seen": SEEN,
        "steps": steps,
        "lives": POPULATION * ROLLOUTS * GENERATIONS + VALIDATION * GENERATIONS // 4,
    } | run_without(seed)


reality = Experiment(
    "06_reality",
    run_reality,
    {
        "offline": Claim(
            "Q-learning with a network, on nothing but the recorded steps from which V and M were "
            "learned, lives {offline:.0f} steps, at least {times} times as long as the controller of "
            "the dream ({dream:.0f}); as a linear controller it lives {linear[offline]:.0f}, and "
            "evolution in the world with as many steps {evolution[offline]:.0f}",
            lambda f, times: f["offline"] >= times * f["dream"],
            times=1.4,
        ),
        "steps": Claim(
            "the same learner on as many dreamt steps lives {dreamt[offline]:.0f}: on recorded ones "
            "({offline:.0f}) at least {more} times as long",
            lambda f, more: f["offline"] >= more * f["dreamt_q"],
            more=1.1,
        ),
        "lives": Claim(
            "with as many lives in the world as in the dream, evolution lives {same_lives:.0f} steps, "
            "longer than the controller of the dream ({dream:.0f}); it took {steps:,.0f} real steps, "
            "at least {cost} times those from which V and M were learned",
            lambda f, cost: f["same_lives"] > f["dream"] and f["steps"] >= cost * f["seen"],
            cost=30,
        ),
    },
    seeds=10,
    trivial={
        "at random": {"same_lives": "random", "offline": "random"},
        "standing": {"same_lives": "still", "offline": "still"},
    },
    rival={
        "evolution": {"offline": "few_steps"},
        "linear": {"offline": "linear_q"},
        "dreamt": {"offline": "dreamt_q"},
    },
)


# --- a car with a heavy wheel ---------------------------------------------------------------------


def run_racing(seed):
    """The heavy car driven on z and on z and h, the light one on z; all trained in the world."""
    model, figures = racing_model(seed), {}
    for what in ("z", "z and h"):
        found = laps(model, learn_to_drive(seed, what), what, [seed, 66])
        figures |= {what: found.mean(), f"{what}, spread": found.std()}
    light = learn_to_drive(seed, "z", MiniRacing(), generations=6)
    return figures | {
        "light": laps(model, light, "z", [seed, 66], MiniRacing()).mean(),
        "random": evaluate(HeavyRacing(), None, 50, [seed, 66]).returns.mean(),
    }


racing = Experiment(
    "06_racing",
    run_racing,
    {
        "laps": Claim(
            "the driver that reads z and h takes the heavy car {z and h:.0f} percent of a lap on new "
            "tracks, at least {least}; on z alone it is {alone[z and h]:.0f}, on the z of two pictures "
            "{two_pictures[z and h]:.0f}",
            lambda f, least: f["z and h"] >= least,
            least=75,
        )
    },
    seeds=10,
    trivial={"at random": {"z and h": "random"}},
    rival={"alone": {"z and h": "z"}, "two_pictures": run_two_frames},
)
