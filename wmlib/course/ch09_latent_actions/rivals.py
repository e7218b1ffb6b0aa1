"""What an expert would try before a network: clustering. And agents with no idea at all.

Each is a function `(before, after) -> codes (N,)`, for frames `(N, 1, 32, 32)` and the next ones.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch.nn.functional import avg_pool2d, pad

from wmlib.course.ch09_latent_actions.study import CODES, film_pairs, place, road_ahead
from wmlib.models.convs import unit_images
from wmlib.models.latent_action import LatentActions

FIT = 4000  # steps of the training film on which the clusters are found


def kmeans(x, k, seed, tries=3, rounds=20):
    """Centres `(k, D)` for vectors `(N, D)`: k-means++, the best of some tries."""
    best, least = x[:k], torch.inf
    for attempt in range(tries):
        generator = torch.Generator().manual_seed(1000 * seed + attempt)
        centres = x[torch.randint(len(x), (1,), generator=generator)]
        while len(centres) < k:  # the next one is drawn by squared distance
            far = torch.cdist(x, centres).amin(1) ** 2
            centres = torch.cat([centres, x[torch.multinomial(far, 1, generator=generator)]])
        for _ in range(rounds):
            index = torch.cdist(x, centres).argmin(1)  # (N,)
            means = [x[index == i].mean(0) for i in range(k)]
            centres = torch.stack([m if m.isfinite().all() else c for m, c in zip(means, centres)])
        error = float((torch.cdist(x, centres).amin(1) ** 2).mean())
        if error < least:
            best, least = centres, error
    return best


def difference(before, after):
    """The difference of two pictures, `(N, 1024)`."""
    return (unit_images(after) - unit_images(before)).flatten(1)


AHEAD = torch.stack(
    torch.meshgrid(torch.arange(32) - 15.5, torch.arange(32) - 25.5, indexing="xy")
)  # (2, 32, 32): each pixel's place, seen from the car


def image_motion(before, after, blur=3):
    """The affine motion that explains the change best, by least squares: `(N, 6)`.

    Lucas & Kanade (1981): brightness that moves by v changes by -(gradient . v). Here v is linear
    in the place: three numbers for the motion to the right, three for the motion down.
    """
    frames = (unit_images(frame) for frame in (before, after))
    x, y = (avg_pool2d(f, blur, 1, blur // 2, count_include_pad=False) for f in frames)
    middle, px, py = (x + y) / 2, *AHEAD / 16
    right = pad((middle[..., 2:] - middle[..., :-2]) / 2, (1, 1))  # (N, 1, 32, 32), the gradient
    down = pad((middle[..., 2:, :] - middle[..., :-2, :]) / 2, (0, 0, 1, 1))
    columns = [right, right * px, right * py, down, down * px, down * py]
    features = torch.cat(columns, 1).flatten(2)  # (N, 6, 1024)
    square = features @ features.mT + 1e-2 * torch.ones(6).diag()  # (N, 6, 6)
    return -torch.linalg.solve(square, features @ (y - x).flatten(1)[..., None])[..., 0]


@lru_cache(maxsize=12)
def clustering(features, seed, k=CODES):
    """k-means of these features of the training film: `(before, after) -> codes`."""

    def pieces(before, after):
        pairs = zip(before.split(1000), after.split(1000))
        return torch.cat([features(b, a) for b, a in pairs])

    before, after, _ = film_pairs(seed)[0]
    centres = kmeans(pieces(before[:FIT], after[:FIT]), k, seed)
    return lambda before, after: torch.cdist(pieces(before, after), centres).argmin(1)


# --- with no idea ---------------------------------------------------------------------------------


def at_random(seed, k=CODES):
    """A code drawn for each step."""

    def codes(before, after):
        generator = torch.Generator().manual_seed(len(before) + seed)
        return torch.randint(k, (len(before),), generator=generator)

    return codes


def habit(seed):
    """Reads the frame before alone: where the road ahead lies says what the driver mostly does."""
    before, _, _ = film_pairs(seed)[0]
    thirds = road_ahead(before).quantile(torch.tensor([1 / 3, 2 / 3]))
    return lambda before, after: place(before, thirds)


def untrained(seed, k=CODES, free=False):
    """The same networks before the first step, with a codebook among the encoder's outputs."""
    model = LatentActions(k, free=free, seed=seed)
    before, after, _ = film_pairs(seed)[0]
    with torch.no_grad():
        vectors = model.encode(unit_images(before[:512]), unit_images(after[:512]))  # (512, S)
    model.codebook.learn(vectors, model.generator)
    return model
