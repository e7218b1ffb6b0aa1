"""The two boards of chapter 13, of states and of pictures, and what is claimed of them."""

from __future__ import annotations

from wmlib.course.ch13_open_problems import rivals
from wmlib.course.ch13_open_problems.arenas import CARTPOLE, CATCH, of
from wmlib.course.ch13_open_problems.entrants import pixel_learners, state_entrants, with_controls
from wmlib.evidence import Claim, Experiment
from wmlib.scoreboard import examine


def table(entrants, arena, seed):
    """Everybody is examined: figures, see `figures_of`.

    Args:
        entrants: name -> (model, real steps, seconds), as in `entrants`.
    """
    return figures_of(
        {
            name: examine(model, arena, seed, steps, seconds)
            for name, (model, steps, seconds) in entrants.items()
        }
    )


def figures_of(rows):
    """Rows as figures: lists with one entry for each entrant."""
    columns = (
        "one_step",
        "k_steps",
        "sensitivity",
        "planning",
        "real_steps",
        "seconds",
        "parameters",
    )
    figures = {c: [getattr(row, c) for row in rows.values()] for c in columns}
    for measure in next(iter(rows.values())).errors:
        figures[measure] = [row.errors[measure] for row in rows.values()]
    return {"names": list(rows)} | figures


def run_states(seed):
    """The arena of states, CartPole: who learns, learns from the same 1,000 random steps."""
    return table(state_entrants(seed), CARTPOLE, seed)


def run_pixels(seed):
    """The arena of pictures, Catch: who learns, learns from the same film of random play."""
    return table(with_controls(pixel_learners(seed)), CATCH, seed)


states = Experiment(
    "13_states",
    run_states,
    {
        "learned": Claim(
            "On CartPole a planner with a learned network plays more than {times} times as long as "
            "one for which nothing moves ({planning[3]:.0f} steps against {planning[0]:.0f}); with "
            "the linear model {planning[2]:.0f}. *Push to the side to which it falls*, without any "
            "model, plays {by_hand[planning][3]:.0f}.",
            lambda f, times: (
                min(of(f, "planning", "network"), of(f, "planning", "ensemble"))
                > times * of(f, "planning", "nothing moves")
            ),
            times=10,
        ),
        "linear": Claim(
            "The linear model errs least of all who learn ({k_steps[2]:.4f} ten steps ahead, the "
            "network {k_steps[3]:.4f}), has the fewest numbers, and plays as long as any, within "
            "{near} steps.",
            lambda f, near: all(
                of(f, "k_steps", "linear") < of(f, "k_steps", name)
                and of(f, "parameters", "linear") < of(f, "parameters", name)
                and of(f, "planning", "linear") >= of(f, "planning", name) - near
                for name in ("table", "network", "ensemble")
            ),
            near=5,
        ),
        "table": Claim(
            "The table is the worst of those who learn, in error and in play "
            "({k_steps[1]:.2f}, {planning[1]:.0f} steps).",
            lambda f: all(
                of(f, "k_steps", "table") > of(f, "k_steps", name)
                and of(f, "planning", "table") < of(f, "planning", name)
                for name in ("linear", "network", "ensemble")
            ),
        ),
        "heeds": Claim(
            "When the actions change, linear model, network and ensemble move as far as reality, "
            "within {near:.0%} ({sensitivity[3]:.2f} for the network).",
            lambda f, near: all(
                abs(of(f, "sensitivity", name) - 1) < near
                for name in ("linear", "network", "ensemble")
            ),
            near=0.1,
        ),
    },
    seeds=10,
    trivial={"nothing moves": rivals.still_states, "untrained": rivals.untrained_states},
    rival={"by_hand": rivals.by_hand_states},
)


pixels = Experiment(
    "13_pixels",
    run_pixels,
    {
        "ball": Claim(
            "On Catch, RSSM, VAE + MDN-RNN and tokens dream the ball within {near} pixels one step "
            "ahead ({one_step[1]:.2f}, {one_step[2]:.2f}, {one_step[3]:.2f}) and {far} ten steps "
            "ahead ({k_steps[1]:.2f}, {k_steps[2]:.2f}, {k_steps[3]:.2f}). *It falls straight*: "
            "{falls[one_step][1]:.2f} and {falls[k_steps][1]:.2f}.",
            lambda f, near, far: all(
                of(f, "one_step", name) < near and of(f, "k_steps", name) < far
                for name in ("RSSM", "VAE + MDN-RNN", "tokens")
            ),
            near=0.6,
            far=2.3,
        ),
        "nearest": Claim(
            "One step ahead the RSSM is nearer than all others who learn; ten steps ahead no "
            "further than the best of them, give or take {near:.0%}.",
            lambda f, near: all(
                of(f, "one_step", "RSSM") < of(f, "one_step", name)
                and of(f, "k_steps", "RSSM") < (1 + near) * of(f, "k_steps", name)
                for name in ("VAE + MDN-RNN", "tokens", "latent actions")
            ),
            near=0.1,
        ),
        "play": Claim(
            "With VAE + MDN-RNN or tokens the planner's return is above {zero} "
            "({planning[2]:.1f} and {planning[3]:.1f} of 5). Random play gets "
            "{random[planning][2]:.1f}. A rule that reads ball and bar from the picture and goes "
            "where the ball is gets {by_hand[planning][2]:.1f}.",
            lambda f, zero: (
                min(of(f, "planning", "VAE + MDN-RNN"), of(f, "planning", "tokens")) > zero
            ),
            zero=0,
        ),
        "dreamer": Claim(
            "The RSSM, whose dreams are nearer one step ahead ({one_step[1]:.2f} pixels against "
            "{one_step[2]:.2f}), earns less than VAE + MDN-RNN ({planning[1]:.1f} against "
            "{planning[2]:.1f}).",
            lambda f: (
                of(f, "one_step", "RSSM") < of(f, "one_step", "VAE + MDN-RNN")
                and of(f, "planning", "RSSM") < of(f, "planning", "VAE + MDN-RNN")
            ),
        ),
        "memory": Claim(
            "Latent actions, which remember nothing, see the ball one step ahead within {near} "
            "pixels ({one_step[4]:.2f}), and ten steps ahead are more than {times} times as wrong "
            "as VAE + MDN-RNN ({k_steps[4]:.2f}).",
            lambda f, near, times: (
                of(f, "one_step", "latent actions") < near
                and of(f, "k_steps", "latent actions") > times * of(f, "k_steps", "VAE + MDN-RNN")
            ),
            near=0.5,
            times=2,
        ),
    },
    seeds=5,
    trivial={"random": rivals.nothing_pixels},
    rival={"falls": rivals.falls_straight, "by_hand": rivals.by_hand_pixels},
)
