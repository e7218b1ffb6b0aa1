"""The checks of chapter 8's exercises: inputs are drawn anew and compared with a reference."""

from __future__ import annotations

import torch

from wmlib.exercise import Exercise, Mistake, numbers


def tensor(value, shape, what):
    """An answer that must be a tensor of this shape."""
    if not isinstance(value, torch.Tensor):
        raise Mistake(f"{what} should be a tensor, got {type(value).__name__}")
    numbers(value.detach(), shape, what)
    return value


# --- 1: straight through --------------------------------------------------------------------------


def straight_through(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    n, k, d = (int(x) for x in rng.integers((6, 3, 2), (10, 7, 5)))
    codes, z, weight = (torch.from_numpy(rng.normal(size=s)) for s in ((k, d), (n, d), (n, d)))
    codes, z = (3 * codes).requires_grad_(), (3 * z).requires_grad_()
    said = answer(z, codes)
    if not isinstance(said, tuple) or len(said) != 2:
        return "return two things: z_hat and index"
    z_hat, index = tensor(said[0], (n, d), "z_hat"), tensor(said[1], (n,), "index")
    distance = torch.cdist(z, codes)
    if torch.equal(index, distance.argmax(1)):
        return "index: that is the *farthest* code"
    if not torch.equal(index, distance.argmin(1)):
        return "index: the number of the nearest code is wanted"
    if torch.allclose(z_hat, z):
        return "forwards z_hat must be the code itself, and it is z"
    if not torch.allclose(z_hat, codes[index]):
        return "forwards z_hat must be the code itself"
    if z_hat.requires_grad:
        (z_hat * weight).sum().backward()
    if z.grad is None:
        return "no gradient reaches z: codes[index] has none to give"
    if not torch.allclose(z.grad, weight):
        return "the gradient should reach z unchanged, no more and no less: what must be detached?"
    if codes.grad is not None and codes.grad.abs().sum() > 0:
        return "the codes get a gradient, too: hide the whole bracket"
    return None


def _nearest(z, codes):
    return torch.cdist(z, codes).argmin(1)


def _farthest(z, codes):
    k = torch.cdist(z, codes).argmax(1)
    return z + (codes[k] - z).detach(), k


def _no_gradient(z, codes):
    k = _nearest(z, codes)
    return codes[k].detach(), k


def _zero_gradient(z, codes):
    k = _nearest(z, codes)
    return codes[k] + 0 * z, k


def _half_hidden(z, codes):
    k = _nearest(z, codes)
    return codes[k] + z - z.detach(), k


check_quantise = Exercise(
    "Straight through",
    [straight_through],
    wrong=[
        (lambda z, codes: _nearest(z, codes), "two things"),
        (_farthest, "farthest"),
        (_no_gradient, "no gradient reaches z"),
        (_zero_gradient, "unchanged"),
        (_half_hidden, "the codes get a gradient"),
        (lambda z, codes: (z, _nearest(z, codes)), "the code itself, and it is z"),
        (lambda z, codes: (codes[[0] * len(z)], torch.zeros(len(z)).long()), "nearest"),
    ],
)

# --- 2: revive dead codes -------------------------------------------------------------------------


def revives(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    k, d, n = (int(x) for x in rng.integers((8, 2, 150), (14, 5, 250)))
    given, z = (torch.from_numpy(rng.normal(size=s)).float() for s in ((k, d), (n, d)))
    share = torch.from_numpy(rng.uniform(0.11, 2, k)).float()  # of a fair share
    dead = torch.zeros(k, dtype=torch.bool)
    dead[rng.permutation(k)[:4]] = True
    share[dead] = torch.from_numpy(rng.uniform(0.02, 0.09, 4)).float()
    share[dead.nonzero()[0]] = 0.0
    counts, before = share * n / k, given.clone()
    generator = lambda seed: torch.Generator().manual_seed(seed)  # noqa: E731
    codes = tensor(answer(given, counts, z, generator(1)), (k, d), "codes")
    if not torch.equal(before, given):
        return "you changed the codes that were given: clone them first"
    if not torch.equal(codes[~dead], given[~dead]):
        return "a code in use was moved: only those below a tenth of N / K are dead"
    moved = (codes[dead, None] == z).all(-1)  # (4, N)
    if not moved[counts[dead] == 0].any(-1).all():
        return "a code that served nobody should stand on a vector of z"
    if not moved.any(-1).all():
        return "a code that served less than a tenth of its fair share is dead as well"
    if len(codes[dead].unique(dim=0)) == 1:
        return "all of them got the same vector: draw one for each"
    if torch.equal(codes, answer(given, counts, z, generator(2))):
        return "the same rows with every seed: draw them at random"
    if not torch.equal(codes, answer(given, counts, z, generator(1))):
        return "draw with the generator that is passed in"
    return None


def _reviver(share=0.1, clone=True, rows=None, below=True):
    """A solution with one thing changed."""

    def revive(codes, counts, z, generator):
        codes = codes.clone() if clone else codes
        dead = counts < share * len(z) / len(codes) if below else counts == 0
        codes[dead] = z[(rows or _drawn)(int(dead.sum()), len(z), generator)]
        return codes

    return revive


def _drawn(n, of, generator):
    return torch.randint(of, (n,), generator=generator)


check_revive = Exercise(
    "Revive dead codes",
    [revives],
    wrong=[
        (_reviver(below=False), "dead as well"),
        (_reviver(clone=False), "clone them"),
        (_reviver(rows=lambda n, of, g: _drawn(1, of, g)), "draw one for each"),
        (_reviver(rows=lambda n, of, g: torch.arange(n)), "draw them at random"),
        (_reviver(rows=lambda n, of, g: torch.randint(of, (n,))), "generator that is passed"),
        (_reviver(share=1.0), "in use was moved"),
        (lambda codes, counts, z, generator: codes.clone(), "served nobody"),
    ],
)

# --- 3: who may attend to whom --------------------------------------------------------------------


def masked(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    length, window = int(rng.integers(14, 20)), int(rng.integers(3, 5))
    first = torch.zeros(length, dtype=torch.bool)
    first[0] = first[int(rng.integers(6, 9))] = True
    said = tensor(answer(first, window), (length, length), "the table")
    if said.dtype != torch.bool:
        return "wanted a table of bools"
    t, episode = torch.arange(length), first.cumsum(0)
    back, same = t[:, None] - t, episode[:, None] == episode
    if not torch.equal(said, said.tril()) and torch.equal(said, said.triu()):
        return "rows attend, columns are attended to: yours is the other way round"
    if said[back < 0].any():
        return "a frame attends to one that comes later"
    if not said.diagonal().all():
        return "a frame may attend to itself"
    if said[~same].any():
        return "a frame attends to one of the episode before"
    if said[same & (back >= window)].any():
        return f"with a window of {window} a frame attends to itself and {window - 1} others"
    if not said[same & (back >= 0) & (back < window)].all():
        return f"the window is too short: {window} frames, the frame itself among them"
    return None


def _mask(condition):
    def may_attend(first, window):
        t, episode = torch.arange(len(first)), first.cumsum(0)
        back = t[:, None] - t
        return condition(back, episode[:, None] == episode, window)

    return may_attend


check_mask = Exercise(
    "Who may attend to whom",
    [masked],
    wrong=[
        (_mask(lambda back, same, w: (back.abs() < w) & same), "comes later"),
        (_mask(lambda back, same, w: (back >= 0) & (back < w)), "episode before"),
        (_mask(lambda back, same, w: (back >= 0) & (back <= w) & same), "a window of"),
        (_mask(lambda back, same, w: (back > 0) & (back < w) & same), "itself"),
        (_mask(lambda back, same, w: (back >= 0) & (back < w - 1) & same), "too short"),
        (_mask(lambda back, same, w: ((back >= 0) & (back < w) & same).T), "other way round"),
        (_mask(lambda back, same, w: ((back >= 0) & (back < w) & same).float()), "bools"),
    ],
)

# --- 4: repair a cache ----------------------------------------------------------------------------


def repaired(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    frames, window, d = int(rng.integers(12, 16)), int(rng.integers(3, 6)), 3
    query, key, value = (torch.from_numpy(rng.normal(size=(frames, d))) for _ in range(3))
    keys = values = torch.zeros(0, d, dtype=query.dtype)
    for t in range(frames):
        rows = slice(t, t + 1)
        said = answer(query[rows], key[rows], value[rows], keys, values, window)
        if not isinstance(said, tuple) or len(said) != 3:
            return "return three things: the output, keys and values"
        out = tensor(said[0], (1, d), "the output")
        keys, values = (tensor(x, (None, d), "keys and values") for x in said[1:])
        seen = slice(max(0, t + 1 - window), t + 1)
        weight = (query[rows] @ key[seen].T / d**0.5).softmax(-1)
        if torch.allclose(out, weight @ value[seen]):
            if len(keys) != len(values):
                return "as many keys as values must be kept"
            if len(keys) > window - 1:
                return f"more than window - 1 = {window - 1} frames are kept: the cache grows"
            continue
        if t == 0:
            return "frame 0 must attend to itself: add its key and value before the scores"
        if t < window - 1:
            return f"frame {t} is wrong, and the window is not full yet: what was lost?"
        return f"right until the window is full; frame {t} must attend to {window} frames"
    return None


def _cached(before=True, attended=0, kept=-1, scale=0.5):
    """A cache with one thing changed: how many frames beyond the window are attended and kept."""

    def attend(query, key, value, keys, values, window):
        old = keys, values
        keys, values = torch.cat([keys, key]), torch.cat([values, value])
        keys, values = keys[-window - attended :], values[-window - attended :]
        seen = (keys, values) if before else old
        out = (query @ seen[0].T / query.shape[-1] ** scale).softmax(-1) @ seen[1]
        least = max(0, len(keys) - window - kept)
        return out, keys[least:], values[least:]

    return attend


check_cache = Exercise(
    "Repair the cache",
    [repaired],
    wrong=[
        (_cached(before=False), "itself"),
        (_cached(attended=1, kept=0), "the cache grows"),
        (_cached(kept=-2), "until the window is full"),
        (_cached(attended=99, kept=99), "the cache grows"),
        (_cached(scale=1), "not full yet"),
        (lambda q, k, v, keys, values, window: v, "three things"),
        (lambda q, k, v, keys, values, window: (v, k[:0], v[:0]), "what was lost"),
    ],
)

# --- 5: invent a rule for a small cache -----------------------------------------------------------


def remembers(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    shutters, size = int(rng.integers(4, 7)), 7
    for walk in range(20):
        slots, now = [], {}
        for _ in range(60):
            seen = None
            if rng.random() < 0.4:
                seen = int(rng.integers(shutters)), int(rng.integers(8))
                now[seen[0]] = seen[1]
            given = list(slots)
            slots = answer(list(slots), seen, size)
            if not isinstance(slots, list) or len(slots) > size:
                return f"return a list of at most {size} things"
            if any(not any(s is g or s == g for g in [*given, seen]) for s in slots):
                return "something is kept that was neither there nor has just been seen"
            known = {pair[0]: pair[1] for pair in slots if pair is not None}
            wrong = [key for key in now if known.get(key) != now[key]]
            if not wrong:
                continue
            if wrong[0] in known and (wrong[0], now[wrong[0]]) not in slots:
                return "a new sign was not kept, but an outdated one of the same shutter"
            if wrong[0] in known:
                return "an old sign of a shutter stands after its new one: the newest must be last"
            if slots.count(None):
                return "a shutter was dropped while moments with nothing to be seen were kept"
            if len(known) < len(slots):
                return "a shutter was dropped while an outdated sign of another one was kept"
            return "a shutter was dropped although there was room"
    return None


def _sliding(slots, seen, size):
    return [*slots, seen][-size:]


def _no_waits(slots, seen, size):
    return [s for s in [*slots, seen] if s is not None][-size:]


def _first_sign(slots, seen, size):
    return slots if seen is None or any(s[0] == seen[0] for s in slots) else [*slots, seen]


def _in_front(slots, seen, size):
    return [s for s in [seen, *slots] if s is not None][:size]


check_remember = Exercise(
    "A cache of seven slots",
    [remembers],
    wrong=[
        (_sliding, "nothing to be seen"),
        (_no_waits, "outdated sign"),
        (_first_sign, "a new sign was not kept"),
        (lambda slots, seen, size: [], "although there was room"),
        (lambda slots, seen, size: [*slots, seen], "at most"),
        (lambda slots, seen, size: [(k, 0) for k in range(6)], "neither there"),
        (_in_front, "after its new one"),
    ],
)
