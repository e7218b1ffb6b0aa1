"""Day 20: design a world in which one must remember one frame; and bear a camera that blinks."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day20_memory_world.tables import Model, Tables, best_without_memory, read
from wmlib.challenges.offers import Offer
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake, numbers
from wmlib.worlds import CartPole


def world(exam: Exam) -> Tables:
    """The student's world."""
    return read(exam.student.get("world"), "world")


def errors(exam: Exam) -> list[float]:
    """How often models fail in the student's world that remember no frame, and one."""
    made = world(exam)
    return [Model(made, k, exam.rng(f"learn {k}")).error(exam.rng("test")) for k in (0, 1)]


def valid(exam: Exam) -> str | None:
    """Tables, of which random play sees all."""
    made = world(exam)
    if made.nxt.shape[1] < 2:
        return "a world with one action leaves nothing to decide: two or three"
    met = set(made.start.tolist())
    for _ in range(20):
        met |= {int(n) for state in met for n in made.nxt[state]}
    unmet = sorted(set(range(len(made.obs))) - met)
    if unmet:
        return f"no path leads from the start to state {unmet[0]} within 20 steps: leave it out"
    if len(set(made.obs.tolist())) == len(made.obs):
        return "every state shows another obs, so nothing is hidden: two states must look alike"
    if np.ptp(made.rew) == 0:
        return "every step is paid the same: then it does not matter what one remembers"
    return None


def predict(exam: Exam) -> str | None:
    """A model of the present frame fails, one that remembers a frame does not."""
    none, one = exam.once(errors)
    if none < 0.2:
        return (
            f"the model without memory foresees the next obs in {1 - none:.0%} of the steps: it should "
            "be wrong in every fifth step or more. Which two states look alike, and where do they lead?"
        )
    if one > 0.02:
        if one > none - 0.05:
            return (
                f"the model without memory is wrong in {none:.0%} of the steps, and that with one frame "
                f"of memory in {one:.0%}: the frame before must tell which state it is, and it does not"
            )
        return (
            f"one frame of memory helps ({none:.0%} wrong without, {one:.0%} with), but it should be "
            "wrong in 2 % at most: there are pasts of two frames that look alike and go on differently"
        )
    return None


def act(exam: Exam) -> str | None:
    """Who remembers one frame and plans earns clearly more than anybody who does not."""
    made = world(exam)
    best = best_without_memory(made, exam.rng("players"))
    plans = Model(made, 1, exam.rng("plan")).plan()
    if plans < best + 5:
        why = (
            "do the two states that look alike want different actions?"
            if plans < best + 1
            else "there is a difference; meet the choice more often, or let a wrong one cost something"
        )
        return (
            f"who plans with one frame of memory earns {plans:.1f} in 20 steps, the best player without "
            f"memory {best:.1f}: at least 5 apart. {why}"
        )
    return None


def deeper(exam: Exam) -> str | None:
    """One frame of memory fails, two do not."""
    made = read(exam.student.get("deeper"), "deeper")
    one, two = (
        Model(made, k, exam.rng(f"deeper {k}")).error(exam.rng("deeper test")) for k in (1, 2)
    )
    if one < 0.1:
        return (
            f"one frame of memory is enough here: wrong in {one:.0%} of the steps, 10 % are wanted"
        )
    if two > 0.02:
        return f"two frames of memory are not enough: wrong in {two:.0%} of the steps, at most 2 %"
    return None


class _Policy:
    """Balances if it is told where the pole is; remembers what it was asked."""

    def __init__(self):
        self.asked: list[np.ndarray] = []

    def act(self, obs):
        obs = np.asarray(obs, float)
        if obs.shape != (8, 4):
            raise ValueError(f"policy.act takes obs (8, 4), got {obs.shape}")
        self.asked.append(obs)
        return (obs @ np.array([0.1, 0.4, 3.0, 1.0]) > 0).astype(int)


class _Model:
    """What a network might have learned of the cart-pole: nearly right."""

    def __init__(self):
        self.world = CartPole()

    def step(self, obs, act):
        obs, act = np.asarray(obs, float), np.asarray(act)
        if obs.shape != (8, 4) or act.shape != (8,):
            raise ValueError(
                f"model.step takes obs (8, 4) and act (8,), got {obs.shape}, {act.shape}"
            )
        change = self.world.step(obs, act)[0] - obs
        return obs + 1.05 * change + np.array([0, 0.004, 0, -0.004])


def blink(exam: Exam) -> str | None:
    """Eight poles under a camera that drops seven pictures in ten."""
    rng, cart, policy, steps = exam.rng("blink"), CartPole(), _Policy(), 120 if exam.quick else 200
    agent = exam.student.call("blinker", Offer(_Model(), ["step"]), Offer(policy, ["act"]))
    if not isinstance(agent, Handle):
        return "blinker returns an object with a method act(obs)"
    state = cart.initial(8, rng)
    alive, lived, held, guessed, black = np.ones(8, bool), np.zeros(8), 0, 0, 0
    last = state
    for t in range(steps):
        dark = (rng.random(8) < 0.7) & (t > 0)
        obs = np.where(dark[:, None], 0.0, state)
        before = len(policy.asked)
        said = numbers(agent.call("act", obs), (8,), "what act returns")
        if not np.isin(said, (0, 1)).all():
            raise Mistake("CartPole's actions are 0 and 1")
        if len(policy.asked) > before:
            asked = policy.asked[-1]
            black += int((dark & (asked == 0).all(1)).sum())
            held += int((dark & np.isclose(asked, last).all(1)).sum())
            guessed += int((~dark & ~np.isclose(asked, state, atol=1e-5).all(1)).sum())
        last = np.where(dark[:, None], last, state)
        state, _, fallen = cart.step(state, said.astype(int))
        lived += alive
        alive &= ~fallen
        if not alive.any():
            break
    if lived.mean() >= 0.75 * steps:
        return None
    see = f"{lived.mean():.0f} steps on average, {0.75 * steps:.0f} are wanted: "
    if black:
        return see + "the policy is asked about black pictures, which it has never seen"
    if held > 0.5 * 0.7 * lived.sum():
        return (
            see
            + "in the dark it holds the last picture, while the pole moves on: the model can say where"
        )
    if guessed:
        return see + "where there is a picture, the model's guess is used instead of it"
    return (
        see
        + "is each dark picture guessed from the guess before it *and the action that was taken*?"
    )


challenge = Challenge(
    name="day20_memory_world",
    title="A world that must be remembered",
    chapter="07",
    minutes=30,
    kind="design",
    seconds=120,
    parts=[
        Part("valid", 1, "Write a world as tables.", valid),
        Part("predict", 4, "One frame of memory foresees what none cannot.", predict),
        Part("act", 2, "One frame of memory earns what none can.", act),
        Part("deeper", 2, "A world in which it takes two frames.", deeper),
        Part("why", 1, "Say why one frame of memory suffices in your world.", text="why"),
        Part(
            "blink",
            3,
            "Balance under a camera that drops seven pictures in ten.",
            blink,
            bonus=True,
        ),
    ],
    hints=[
        "Draw circles for the states, write on each what it shows, and let two of them show the same. "
        "How did one get there? That must differ in what the frame *before* showed.",
        "A light is red or green; then comes a door, which looks the same both times, but wants another "
        "action after red than after green. What comes after the door? It must follow from the light, "
        "too, or even a memory of one frame cannot foresee it.",
        "For `deeper` put a corridor, which always looks the same, between the light and the door. In "
        "the bonus keep one guess (8, 4): model.step of the last guess and action where it is dark, "
        "the picture where it is not.",
    ],
)
