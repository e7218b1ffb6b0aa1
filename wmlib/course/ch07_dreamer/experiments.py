"""Chapter 7, Dreamer: the experiments behind its claims. Units and method: `study`."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch07_dreamer.ablations import CHECKED, LEFT_OUT, run_left_out
from wmlib.course.ch07_dreamer.lost import run_lost
from wmlib.course.ch07_dreamer.numbers import NUMBER_CHECKS, ends, number_learner, run_numbers  # noqa: F401
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.rivals import StackedQ, regulator, searched
from wmlib.course.ch07_dreamer.study import (
    STEPS,
    WEIGHTS,
    Forgetful,
    dream_errors,
    planner,
    returns,
    train_and_check,
    velocity_probe,
)
from wmlib.evaluation import evaluate
from wmlib.evidence import Claim, Experiment
from wmlib.learning.dreamer import Dreamer
from wmlib.models.rssm import RSSM
from wmlib.worlds import CartPole


def kept(experiment, seed):
    """The stored figures of one seed, or of the seed at the same place where it is not stored."""
    rows = experiment.stored()["seeds"]
    found = {row["seed"]: row["figures"] for row in rows}
    return found.get(seed, rows[seed % len(rows)]["figures"])


def examine(learner, checks, seed):
    """Figures of a trained learner."""
    dream, still = dream_errors(learner, seed)
    return {
        "steps": [c[0] for c in checks],
        "seconds": [c[1] for c in checks],
        "means": [c[2] for c in checks],
        "worst": [c[3] for c in checks],
        "last_five": min(c[2] for c in checks[-5:]),
        "cpu_seconds": learner.seconds,
        "dream": dream,
        "still": still,
        "actor": returns(learner.agent(), [seed, 5], 4).mean(),
        "forgetful": returns(Forgetful(learner), [seed, 5], 4).mean(),
        "planner": returns(planner(learner, seed), [seed, 5], 4).mean(),
    }


def run_dreamer(seed):
    """One whole training from pictures, and everything the chapter asks of its result."""
    learner = Dreamer(PixelCartPole(), settle=STEPS, seed=seed)
    return examine(learner, train_and_check(learner, seed), seed)


def without_an_idea(agent):
    """Figures of somebody who learns nothing: `seed -> figures`."""

    def figures(seed):
        mean = returns(agent(seed), [seed, 5]).mean()
        return {"last_five": mean, "actor": mean, "forgetful": mean}

    return figures


dreamer = Experiment(
    "07_dreamer",
    run_dreamer,
    {
        "solved": Claim(
            "From pictures alone Dreamer keeps the pole up for at least {least} of 500 steps, in each "
            "of the last five checks up to 26,000 real steps ({last_five:.0f}); a linear policy that "
            "a search found with the same steps {search[last_five]:.0f}, random pushes "
            "{random[last_five]:.0f}.",
            lambda f, least: f["last_five"] >= least,
            trivial=["random", "still", "untrained"],
            least=475,
        ),
        "forgetful": Claim(
            "The trained agent with its memory wiped before every picture reaches less than {share:.0%} "
            "of that ({forgetful:.0f} of {actor:.0f} steps; planning in the same latent space "
            "{planner:.0f}).",
            lambda f, share: f["forgetful"] < share * f["actor"],
            trivial=["random", "still", "untrained"],
            share=0.2,
        ),
        "dream": Claim(
            "Three steps ahead the dreamt picture is wrong by less than {most} of the error of the "
            "mean picture ({dream[2]:.2f}); a picture in which nothing moves by "
            "{last_picture[dream][2]:.2f}.",
            lambda f, most: f["dream"][2] < most,
            trivial=["last_picture", "mean_picture"],
            most=0.63,
        ),
    },
    seeds=20,
    trivial={
        "random": without_an_idea(lambda seed: None),
        "still": without_an_idea(lambda seed: lambda obs: np.ones(len(obs), int)),
        "untrained": without_an_idea(lambda seed: Dreamer(PixelCartPole(), seed=seed).agent()),
        "last_picture": {"dream": "still"},
        "mean_picture": lambda seed: {"dream": [1.0] * 40},
    },
    rival={"search": searched},
)


def run_stack(seed):
    """Q-learning on the last four frames: the same real steps, the same checks."""
    means, seconds = StackedQ(seed).learn(seed)
    return {"means": means, "last_five": min(means[-5:]), "cpu_seconds": seconds}


def of_dreamer(seed):
    """The stored Dreamer of the same seed."""
    return {key: kept(dreamer, seed)[key] for key in ("means", "last_five", "cpu_seconds")}


stack = Experiment(
    "07_stack",
    run_stack,
    {
        "solved": Claim(
            "Q-learning without a model, on the last four frames, balances for at least {least} of 500 "
            "steps in each of the last five checks ({last_five:.0f}); Dreamer {dreamer[last_five]:.0f}.",
            lambda f, least: f["last_five"] >= least,
            least=300,
        )
    },
    seeds=10,
    trivial={"random": without_an_idea(lambda seed: None)},
    rival={"dreamer": of_dreamer},
)


def run_probe(seed):
    """What can be read from the latent of the stored model, and from pictures; new play, new networks."""
    learner = Dreamer(PixelCartPole()).import_weights(WEIGHTS)
    return velocity_probe(learner, RSSM(PixelCartPole.act_space, seed=seed), seed)


probe = Experiment(
    "07_probe",
    run_probe,
    {
        "latent": Claim(
            "From the latent of a trained model a network reads both hidden velocities with an R2 of at least {least} "
            "(cart {latent[0]:.2f}, pole {latent[1]:.2f}); from the last four pictures, with as many "
            "batches, {four[latent][0]:.2f} and {four[latent][1]:.2f}; from the latent of an untrained "
            "model {untrained[latent][0]:.2f} and {untrained[latent][1]:.2f}; from one picture "
            "{picture[latent][0]:.2f} and {picture[latent][1]:.2f}.",
            lambda f, least: min(f["latent"]) >= least,
            least=0.9,
        )
    },
    seeds=10,
    trivial={"untrained": {"latent": "untrained"}, "picture": {"latent": "picture"}},
    rival={"four": {"latent": "four"}},
)


def whole(seed):
    """The stored Dreamer with nothing left out, at the checks of the ablations."""
    figures = kept(dreamer, seed)
    rows = [np.argmin([abs(s - at) for s in figures["steps"]]) for at in CHECKED]
    return dict.fromkeys(LEFT_OUT, [figures["means"][row] for row in rows])


def left_out_claim(part, words):
    """Without this part no check reaches `most` steps; with everything in place one does."""
    return Claim(
        words + f" no check reaches {{most}} steps ({{{part}[2]:.0f}} after 20,000 real steps); "
        f"with it {{nothing_left_out[{part}][2]:.0f}}, and Q-learning on four frames, which has no "
        f"such part, {{stack[{part}][2]:.0f}}.",
        lambda f, most: max(f[part]) < most,
        most=100,
    )


left_out = Experiment(
    "07_left_out",
    run_left_out,
    {
        "memory": left_out_claim("memory", "Without a memory"),
        "prior": left_out_claim("prior", "With a prior that nobody teaches"),
        "picture": left_out_claim("picture", "With no picture to reconstruct"),
        "critic": Claim(
            "Without a critic it does not reach {least} steps in the checks up to 20,000 real steps "
            "({critic[2]:.0f} at the third); with one it has {nothing_left_out[critic][2]:.0f}.",
            lambda f, least: max(f["critic"][:3]) < least,
            least=475,
        ),
    },
    seeds=5,
    trivial={"nothing_left_out": whole},
    rival={"stack": lambda seed: dict.fromkeys(LEFT_OUT, kept(stack, seed)["means"][1:6])},
)


def linear(seed):
    """A linear model of the four numbers, fitted to 200 random steps, and its regulator."""
    mean = evaluate(CartPole(), regulator(seed), 16, seed=[seed, 2]).returns.mean()
    return {"truth_last_five": mean, "latent_last_five": mean}


def random_numbers(seed):
    """Random pushes: how long, and how they end."""
    mean = evaluate(CartPole(), None, 16, seed=[seed, 2]).returns.mean()
    return {"truth_last_five": mean, "latent_ends": ends(None, [seed, 3])}


def untrained_critic(seed):
    """What a critic that has learned nothing promises a cart in the middle."""
    learner = number_learner("latent", seed)
    start = learner.model.start(np.zeros((1, 4)))
    return {"latent": float(learner.behaviour.value(learner.model.feat(start)).detach()[0])}


numbers = Experiment(
    "07_numbers",
    run_numbers,
    {
        "truth": Claim(
            "From four numbers, in the worst of the last five checks up to 16,000 real steps, Dreamer "
            "balances for {latent_last_five:.0f} steps; the same actor and critic, practising in the "
            "true physics, for at least {more} more ({truth_last_five:.0f}). A linear regulator fitted "
            "to 200 random steps: {linear[latent_last_five]:.0f}.",
            lambda f, more: f["truth_last_five"] >= f["latent_last_five"] + more,
            more=50,
        ),
        "off": Claim(
            "At least {share:.0%} of its episodes end off the track, with the pole up "
            "({latent_ends[0]:.0%}); of those that practise in the true physics "
            "{in_truth[latent_ends][0]:.0%}, of random ones {random[latent_ends][0]:.0%}.",
            lambda f, share: f["latent_ends"][0] >= share,
            share=0.5,
        ),
    },
    seeds=20,
    trivial={"random": random_numbers},
    rival={"linear": linear, "in_truth": {"latent_ends": "truth_ends"}},
)

lost = Experiment(
    "07_lost",
    run_lost,
    {
        "promised": Claim(
            "With the memory that it really has there, the critic on the latent promises its own lost "
            "carts more than can come (at most {possible:.1f} rewards), and less than {share:.0%} of "
            "what it says with an empty memory: {latent:.0f} against {empty:.0f}. The critic on the "
            "true numbers: {numbers[latent]:.0f}.",
            lambda f, share: f["possible"] < f["latent"] < share * f["empty"],
            trivial=["untrained", "empty_memory"],
            share=0.9,
        ),
        "known": Claim(
            "The latent knows where these carts are: the decoded position is off by less than {near} m "
            "({position_off:.2f}); always to guess the middle would be off by {middle[position_off]:.1f} m.",
            lambda f, near: 0 < f["position_off"] < near,
            trivial=["middle"],
            near=0.5,
        ),
    },
    seeds=10,
    trivial={
        "untrained": untrained_critic,
        "empty_memory": {"latent": "empty"},
        "middle": {"position_off": "position"},
    },
    rival={"numbers": {"latent": "truth"}},
)
