"""The primer's questions, one for each of its sections, and the checks of its exercises."""

import math

import numpy as np
import torch

from wmlib.exercise import Exercise, numbers
from wmlib.questions import Question

QUESTIONS = [
    Question(
        "`q` has shape `(32, 4)`, `act` is a tensor `(32,)` of integers. What is `q[torch.arange(32), act]`?",
        ("a tensor `(32,)`", "One number from each row: the value of the action that was taken."),
        [
            ("a tensor `(32, 32)`", "`q[:, act]` would be that. Read section 1."),
            ("a tensor `(32, 4)`", "A column is picked in each row. Read section 1."),
            ("an error, since the shapes differ", "Both index tensors are `(32,)`. Read section 1."),
        ],
    ),
    Question(
        "You call `loss.backward()` twice without `zero_grad()`. What stands in `.grad`?",
        ("the sum of both gradients", "`backward` adds; that is why loops begin with zero_grad."),
        [
            ("the second gradient, which replaces the first", "It is added. Read section 2."),
            ("nothing, because the graph was freed", "Gradients stay. Read section 2."),
            ("the mean of both gradients", "Nothing divides by two. Read section 2."),
        ],
    ),
    Question(
        "The training loss still falls, the held-out loss rises. What is it called, and what helps?",
        ("overfitting: more data, or an earlier stop", "The network learns its examples' noise."),
        [
            ("underfitting: a larger network", "It fits too well already. Read section 3."),
            ("divergence: a smaller learning rate", "The training loss falls. Read section 3."),
            ("nothing: the training loss decides", "It says nothing about new data. Read section 3."),
        ],
    ),
    Question(
        "A network predicts a mean and a log-deviation. Its loss is negative. Is that a mistake?",
        ("No: a density may be larger than 1", "Then minus its logarithm is negative."),
        [
            ("Yes: minus a logarithm of a probability is never negative", "It is a density. Read section 4."),
            ("Yes: a squared error is never negative", "There is more than that. Read section 4."),
            ("No: PyTorch subtracts a constant", "It does not. Read section 4."),
        ],
    ),
    Question(
        "An episode is truncated at 500 steps. What is the future worth in the target of its last step?",
        ("what the value function says of the last state", "The world would have gone on."),
        [
            ("0, because the episode is over", "That is right for *terminated*. Read section 5."),
            ("the mean reward of the episode", "The value is what is expected. Read section 5."),
            ("it cannot be known, so such steps are dropped", "The value stands for it. Read section 5."),
        ],
    ),
    Question(
        "All Q values are 0 and only the goal pays. How far does one episode of Q-learning bring the reward?",
        ("one step back from the goal", "Each update looks one step ahead, once for each pair."),
        [
            ("along the whole path of the episode", "That needs λ or a model. Read section 6."),
            ("to all states with the same action", "A table shares nothing. Read section 6."),
            ("nowhere, because of the exploration", "The last step is updated. Read section 6."),
        ],
    ),
    Question(
        "What does a baseline do to a policy gradient?",
        ("less noise, with the same expectation", "What does not depend on the action cancels."),
        [
            ("it makes the gradient larger", "Its size is not the point. Read section 7."),
            ("it makes all rewards positive", "It does not, and need not. Read section 7."),
            ("it removes the need for exploration", "Actions must still vary. Read section 7."),
        ],
    ),
    Question(
        "How can a GRU keep a number for a thousand steps?",
        ("a gate near 0 leaves its state unchanged", "What is not written over stays."),
        [
            ("it stores all past inputs in a list", "Its state has a fixed size. Read section 8."),
            ("it cannot: it forgets after some ten steps", "Hard to learn, not impossible. Read section 8."),
            ("by attention to the step in question", "That is a transformer. Read section 8."),
        ],
    ),
]  # fmt: skip


def _distances(answer, rng):
    a, b = (torch.as_tensor(rng.normal(size=(n, 3))) for n in (4, 6))
    said = answer(a, b)
    if tuple(getattr(said, "shape", ())) == (6, 4):
        return "its shape is (M, N): rows of a first"
    said = numbers(said, (4, 6), "the distances")
    want = (torch.cdist(a, b) ** 2).numpy()
    if np.abs(said - np.sqrt(want)).max() < 1e-6:
        return "squared distances are wanted: no square root"
    if np.abs(said - want / 3).max() < 1e-6:
        return "add over the D numbers, do not average"
    return None if np.abs(said - want).max() < 1e-6 else "not the squared distances of the rows"


def _nll(answer, rng):
    x, mean, log_std = (torch.as_tensor(rng.normal(size=(5, 3))) for _ in range(3))
    want = -torch.distributions.Normal(mean, log_std.exp()).log_prob(x).sum(-1).numpy()
    said = numbers(answer(x, mean, log_std), (5,), "the loss of a batch of five rows")
    for wrong, words in (
        (-want, "that is the log-likelihood: minus is missing"),
        (want / 3, "the numbers of a row are independent: add their losses, do not average"),
        (want - 1.5 * math.log(2 * math.pi), "the constant log(2 pi) / 2 is missing"),
    ):
        if np.abs(said - wrong).max() < 1e-6:
            return words
    if np.abs(said - want).max() > 1e-6:
        return "not minus the log-likelihood: is log_std the logarithm of the deviation?"
    sure = numbers(answer(mean, mean, torch.full_like(mean, -40.0)), (5,), "a very sure loss")
    return None if np.abs(sure / sure[0] - 1).max() < 1e-6 else "not right for a log_std of -40"


def _target(answer, rng):
    rew, next_q = rng.normal(size=6), rng.normal(size=(6, 3))
    terminated, truncated = (
        np.array(flags, float) for flags in ([0, 0, 1, 1, 0, 0], [0, 1, 0, 1, 0, 1])
    )
    said = numbers(answer(rew, terminated, truncated, next_q, 0.9), (6,), "the targets")
    best = next_q.max(-1)
    for wrong, words in (
        (rew + 0.9 * best, "a terminated step has no future: its target is the reward"),
        (rew + 0.9 * (1 - np.maximum(terminated, truncated)) * best,
         "a truncated step has a future: only the clock was stopped"),
        (rew + 0.9 * (1 - terminated) * next_q.mean(-1), "the best action counts, not the mean"),
        (rew + (1 - terminated) * best, "where is the discount?"),
    ):  # fmt: skip
        if np.abs(said - wrong).max() < 1e-9:
            return words
    want = rew + 0.9 * (1 - terminated) * best
    return (
        None
        if np.abs(said - want).max() < 1e-9
        else "not rew + gamma * max next_q, cut where terminated"
    )


check_distances = Exercise(
    "Distances",
    [_distances],
    wrong=[
        (lambda a, b: torch.cdist(a, b), "no square root"),
        (lambda a, b: ((b[:, None] - a[None]) ** 2).sum(-1), "rows of a first"),
        (lambda a, b: ((a[:, None] - b[None]) ** 2).mean(-1), "do not average"),
        (lambda a, b: a - b, "your code stops with RuntimeError"),
    ],
)
check_nll = Exercise(
    "A Gaussian's loss",
    [_nll],
    wrong=[
        (
            lambda x, m, s: torch.distributions.Normal(m, s.exp()).log_prob(x).sum(-1),
            "minus is missing",
        ),
        (lambda x, m, s: (0.5 * ((x - m) / s.exp()) ** 2 + s).sum(-1), "constant"),
        (
            lambda x, m, s: -torch.distributions.Normal(m, s.exp()).log_prob(x).mean(-1),
            "do not average",
        ),
        (lambda x, m, s: -torch.distributions.Normal(m, s.exp()).log_prob(x), "shape (5,)"),
    ],
)
check_target = Exercise(
    "The target",
    [_target],
    wrong=[
        (lambda r, end, cut, q, g: r + g * q.max(-1), "has no future"),
        (lambda r, end, cut, q, g: r + g * (1 - np.maximum(end, cut)) * q.max(-1), "has a future"),
        (lambda r, end, cut, q, g: r + g * (1 - end) * q.mean(-1), "not the mean"),
        (lambda r, end, cut, q, g: r + (1 - end) * q.max(-1), "discount"),
    ],
)
