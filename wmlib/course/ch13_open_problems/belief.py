"""A ball behind a wall: one network that says where it may come out, one that says where it will.

Both read the same frames with the same recurrent network, and both are asked, at every frame t,
where the ball will be seen k frames later, k = 1 ... AHEAD. `Belief` answers with a distribution
over the 32 columns of the picture, `BestGuess` with one number, learned by squared error. Nobody
is told where the ball is while it cannot be seen.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

import numpy as np
import torch
from torch import nn

from wmlib.acting import play
from wmlib.course.ch13_open_problems.hidden_ball import HiddenBall
from wmlib.devices import building
from wmlib.training import train

WALL, TURN, AHEAD = (11, 21), 0.3, 14
COLUMNS = 32
REACH = 3.0  # whoever waits within so many pixels of where the ball comes out has it


def read_ball(frames, wall=WALL):
    """What can be seen of the ball: pictures `(..., 32, 32)` bytes to `(..., 3)` and `(...)` bool.

    Returns:
        its x and y from -1 to 1 (0 where nothing is seen) and the share of it that is seen; and
        whether it is seen whole.
    """
    light = np.asarray(frames, np.float32) / 255
    light[..., slice(*wall)] = 0
    amount, grid = light.sum((-2, -1)), np.arange(COLUMNS, dtype=np.float32)
    full = np.pi * (HiddenBall.RADIUS - 0.5) ** 2
    x = (light.sum(-2) * grid).sum(-1) / np.maximum(amount, 1e-3)
    y = (light.sum(-1) * grid).sum(-1) / np.maximum(amount, 1e-3)
    seen = np.where(amount > 0.05 * full, amount / full, 0)
    near = (x < wall[0] - 0.5 - HiddenBall.RADIUS) | (x > wall[1] - 0.5 + HiddenBall.RADIUS)
    parts = np.stack([(x - 15.5) / 16, (y - 15.5) / 16, np.ones_like(x)], -1)
    return parts * seen[..., None].clip(0, 1), (seen > 0) & near


def watch_only(obs):
    """The one action that there is."""
    return np.zeros(len(obs), int)


@lru_cache(maxsize=4)
def ball_films(seed, turn, copies=800, frames=100):
    """Films of the ball: what is seen `(N, T, 3)`, whether whole `(N, T)`, states `(N, T, 4)`."""
    playing = play(HiddenBall(WALL, turn), watch_only, copies=copies, rng=seed)
    rows = [(*read_ball(s.obs[:, 0]), s.state) for s in islice(playing, frames)]
    seen, whole, states = (torch.as_tensor(np.stack(column, 1)) for column in zip(*rows))
    return seen.float(), whole, states.float()


class Watcher(nn.Module):
    """A GRU that watches, and a head that answers for every frame and every k.

    Args:
        answer: numbers per answer: 32 for a distribution, 1 for a best guess.
    """

    def __init__(self, answer, hidden=64, seed=0):
        super().__init__()
        self.answer = answer
        self.generator = torch.Generator().manual_seed(seed)
        with building(seed):
            self.gru = nn.GRU(3, hidden, batch_first=True)
            self.head = nn.Sequential(
                nn.Linear(hidden, 128), nn.SiLU(), nn.Linear(128, AHEAD * answer)
            )

    def forward(self, seen):
        """`(B, T, 3)` to `(B, T, AHEAD, answer)`."""
        return self.head(self.gru(seen)[0]).unflatten(-1, (AHEAD, self.answer))

    def fit(self, seen, whole, states, steps=800, batch=32, length=48, lr=1.2e-2, report=None):
        """Learn from films: the answer for frame t + k counts if the ball is seen whole there."""
        columns = (seen[..., 0] * 16 + 15.5).clamp(0, COLUMNS - 1)
        room = seen.shape[1] - length - AHEAD

        def loss_of_batch():
            rows = torch.randint(len(seen), (batch, 1), generator=self.generator)
            start = torch.randint(room + 1, (batch, 1), generator=self.generator)
            at = start + torch.arange(length)
            then = at[..., None] + torch.arange(1, AHEAD + 1)
            counts = whole[rows[..., None], then]
            said = self(seen[rows, at])[counts]
            return self.loss(said, columns[rows[..., None], then][counts])

        return train(self.parameters(), loss_of_batch, steps, lr, report=report)


class Belief(Watcher):
    """How likely each column is: cross-entropy."""

    def __init__(self, seed=0, **settings):
        super().__init__(COLUMNS, seed=seed, **settings)

    def loss(self, said, column):
        """Cross-entropy with the two columns nearest to the ball, each by its nearness."""
        low = column.floor().long().clamp_max(COLUMNS - 2)
        share = (column - low)[:, None]
        log_p = said.log_softmax(-1)
        below, above = log_p.gather(1, low[:, None]), log_p.gather(1, low[:, None] + 1)
        return -((1 - share) * below + share * above).mean()

    @torch.inference_mode()
    def distribution(self, seen):
        """P(column) `(B, T, AHEAD, 32)`."""
        return self(seen).softmax(-1)


class BestGuess(Watcher):
    """One column: squared error."""

    def __init__(self, seed=0, **settings):
        super().__init__(1, seed=seed, **settings)

    def loss(self, said, column):
        """Squared error, in sixteenths of the picture's width."""
        return (((column - 15.5) / 16 - said[:, 0]) ** 2).mean()

    @torch.inference_mode()
    def column(self, seen):
        """The column it expects `(B, T, AHEAD)`."""
        return self(seen)[..., 0] * 16 + 15.5


class MedianGuess(BestGuess):
    """One column: absolute error, which is smallest at the median."""

    def loss(self, said, column):
        """Absolute error, in sixteenths of the picture's width."""
        return ((column - 15.5) / 16 - said[:, 0]).abs().mean()


def crps(probs, column):
    """Continuous ranked probability score of distributions over columns, in pixels; low is good.

    The integral of (F(x) - 1[x >= column])^2. Of a single guess it is the absolute error.

    Args:
        probs: `(..., 32)`. column: `(...)` where the ball was.
    """
    cdf = probs.cumsum(-1)[..., :-1]  # constant between columns: bins of width 1 from k to k + 1
    edges = torch.arange(COLUMNS - 1)
    before = (column[..., None] - edges).clamp(0, 1)  # the part of the bin left of the ball
    return (before * cdf**2 + (1 - before) * (1 - cdf) ** 2).sum(-1)


def best_place(probs, reach=REACH):
    """Where to wait: the column within `reach` of which the ball is most likely, `(...)`."""
    columns = torch.arange(COLUMNS, dtype=torch.float32)
    near = ((columns[:, None] - columns).abs() <= reach).float()
    return (probs @ near).argmax(-1).float()


def vanished(whole, seen, states, k):
    """Moments (rows, frames) at which the ball has just vanished behind the wall, is seen whole k
    frames later, and has been watched for at least 8 frames."""
    gone = (seen[..., 2] == 0) & (seen.roll(1, 1)[..., 2] > 0)
    gone[:, :8] = False
    gone[:, seen.shape[1] - k :] = False
    row, frame = torch.where(gone)
    out = whole[row, frame + k]
    return row[out], frame[out]


def gaussian_crps(error, std):
    """CRPS of a Gaussian whose mean is off by `error`, with this standard deviation: `(...)`.

    Gneiting and Raftery (2007), in closed form.
    """
    z = error / std
    normal = torch.distributions.Normal(0.0, 1.0)
    density = normal.log_prob(z).exp()
    return std * (z * (2 * normal.cdf(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))


def belief_figures(seed, turn=TURN, k=12, steps=800):
    """Belief and best guess, trained on the same films, asked at the moment the ball vanishes.

    The best guess is also given an error bar: the deviation of its errors at such moments of the
    training films.
    """
    taught, (seen, whole, states) = ball_films((seed, 0), turn), ball_films((seed, 1), turn)
    belief, guess = Belief(seed), BestGuess(seed)
    belief.fit(*taught, steps)
    guess.fit(*taught, steps)
    return judge(belief, guess, taught, (seen, whole, states), k)


def judge(belief, guess, taught, films, k=12):
    """What the two are worth on other films: scores in pixels, and shares of balls caught."""
    row, frame = vanished(films[1], films[0], films[2], k)
    probs = belief.distribution(films[0])[row, frame, k - 1]
    return of_belief(probs, films, k) | of_guess(guess, taught, films, k)


def caught(place, was):
    """Share of the balls that came out at `was` within reach of `place`."""
    return float(((place - was).abs() <= REACH).float().mean())


def of_belief(probs, films, k=12):
    """Figures of distributions `(moments, 32)` at the moments when a ball has just vanished."""
    (row, frame), states = vanished(films[1], films[0], films[2], k), films[2]
    was, rightward = states[row, frame + k, 0], states[row, frame, 2] > 0
    side = torch.where(was > 15.5, 1.0, 0.0)  # on which side it came out, and what was thought
    right = probs[:, 16:].sum(-1)
    return {
        "moments": len(was),
        "belief_crps": crps(probs, was).mean().item(),
        "belief_caught": caught(best_place(probs), was),
        "mean_caught": caught((probs * torch.arange(COLUMNS)).sum(-1), was),
        "through_said": torch.where(rightward, right, 1 - right).mean().item(),
        "through_true": float((side == rightward.float()).float().mean()),
    }


def of_guess(guess, taught, films, k=12):
    """Figures of one guess; its error bar is the deviation of its errors in the training films."""
    (row, frame), (seen, _, states) = vanished(films[1], films[0], films[2], k), films
    was, one = states[row, frame + k, 0], guess.column(seen)[row, frame, k - 1]
    row_t, frame_t = vanished(taught[1], taught[0], taught[2], k)
    off = guess.column(taught[0])[row_t, frame_t, k - 1] - taught[2][row_t, frame_t + k, 0]
    return {
        "guess_crps": (one - was).abs().mean().item(),
        "guess_bar_crps": gaussian_crps(one - was, off.square().mean().sqrt()).mean().item(),
        "guess_caught": caught(one, was),
    }


# --- others in their place ---


def histogram(columns):
    """Columns `(..., n)` as distributions over the 32: each shared by its two neighbours."""
    low = columns.floor().clamp(0, COLUMNS - 2)
    share = (columns - low)[..., None]
    hot = torch.nn.functional.one_hot(low.long(), COLUMNS).float()
    return ((1 - share) * hot + share * hot.roll(1, -1)).mean(-2)


def moments(films, k=12):
    """What was seen last when a ball vanished, `(moments, 4)`: place and change over five frames;
    and the column where it was `k` frames later."""
    (row, frame), seen = vanished(films[1], films[0], films[2], k), films[0]
    last, before = seen[row, frame - 4, :2], seen[row, frame - 9, :2]
    return torch.cat([last, 3 * (last - before)], 1), films[2][row, frame + k, 0]


def neighbours(seed, turn=TURN, many=50):
    """No network: the outcomes of the `many` most similar moments of the training films."""
    taught, films = ball_films((seed, 0), turn), ball_films((seed, 1), turn)
    (known, came), (asked, _) = moments(taught), moments(films)
    near = torch.cdist(asked, known).topk(many, largest=False).indices
    return of_belief(histogram(came[near]), films)


def climate(seed, turn=TURN):
    """Whatever is seen: how often a ball came out where, in the training films."""
    taught, films = ball_films((seed, 0), turn), ball_films((seed, 1), turn)
    known, (asked, _) = moments(taught)[1], moments(films)
    return of_belief(histogram(known)[None].expand(len(asked), -1), films)


def no_training(seed, turn=TURN):
    """Both networks as they are built."""
    taught, films = ball_films((seed, 0), turn), ball_films((seed, 1), turn)
    return judge(Belief(seed), BestGuess(seed), taught, films)


def median(seed, turn=TURN, steps=800):
    """The guess learned by absolute error."""
    taught, films = ball_films((seed, 0), turn), ball_films((seed, 1), turn)
    guess = MedianGuess(seed)
    guess.fit(*taught, steps)
    return of_guess(guess, taught, films)
