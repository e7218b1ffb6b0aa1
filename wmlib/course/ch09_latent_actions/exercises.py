"""The checks of chapter 9's exercises: inputs are drawn anew and compared with a reference."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch09_latent_actions.rivals import difference, kmeans
from wmlib.course.ch09_latent_actions.study import agree, pairs, video
from wmlib.exercise import Exercise, Mistake, numbers
from wmlib.models.latent_action import name_codes


def whole(value, shape, what, below):
    """An answer that must be whole numbers from 0 to `below` - 1, as an array."""
    found = numbers(value, shape, what)
    if (found != found.round()).any() or (found < 0).any() or (found >= below).any():
        raise Mistake(f"{what} should be whole numbers from 0 to {below - 1}")
    return found.astype(int)


# --- 1: real steps --------------------------------------------------------------------------------


def real_steps(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    films, frames = int(rng.integers(3, 6)), int(rng.integers(7, 11))
    first = np.zeros((films, frames), bool)
    first[:, 0] = True
    for row in first:
        row[rng.choice(np.arange(3, frames - 1), 2, replace=False)] = True
    obs = torch.from_numpy(rng.permutation(films * frames).reshape(films, frames, 1, 1, 1))
    said = answer(obs, torch.from_numpy(first))
    if not isinstance(said, tuple) or len(said) != 2:
        return "return two things: the frames before and the frames after"
    before, after = (numbers(part, (None, 1, 1, 1), "frames").ravel() for part in said)
    if len(before) != len(after):
        return f"as many frames before as after are wanted, got {len(before)} and {len(after)}"
    place = {int(frame): divmod(i, frames) for i, frame in enumerate(obs.flatten().tolist())}
    got = [(place.get(int(a)), place.get(int(b))) for a, b in zip(before, after)]
    if any(a is None or b is None for a, b in got):
        return "these are no frames of the video"
    if got and all((b[0], b[1] + 1) == a for a, b in got):
        return "before and after are exchanged"
    if any(a[0] != b[0] or b[1] != a[1] + 1 for a, b in got):
        return "after must be the frame that follows before in the same row"
    if any(first[b] for _, b in got):
        return "a pair leads into a frame where a new episode begins"
    if len(got) < (~first[:, 1:]).sum():
        return "pairs are missing: an episode's first frame may stand before, not after"
    return "a pair comes twice" if len(set(got)) < len(got) else None


def _real(condition):
    def steps(obs, first):
        keep = condition(first)
        return obs[:, :-1][keep], obs[:, 1:][keep]

    return steps


check_steps = Exercise(
    "Real steps",
    [real_steps],
    wrong=[
        (_real(lambda first: torch.ones_like(first[:, 1:])), "a new episode begins"),
        (_real(lambda first: ~first[:, :-1]), "a new episode begins"),
        (_real(lambda first: ~first[:, 1:] & ~first[:, :-1]), "pairs are missing"),
        (lambda obs, first: _real(lambda f: ~f[:, 1:])(obs, first)[::-1], "exchanged"),
        (lambda obs, first: obs[:, 1:][~first[:, 1:]], "two things"),
        (lambda obs, first: (obs[~first][:-1], obs[~first][1:]), "that follows before"),
        (lambda obs, first: (obs[:, :-1].flatten(0, 1), obs[:, 1:][~first[:, 1:]]), "as many"),
    ],
)

# --- 2: names -------------------------------------------------------------------------------------


def names_codes(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    k, n_actions = int(rng.integers(5, 8)), int(rng.integers(3, 5))
    meaning = rng.permutation(np.arange(k) % n_actions)  # several codes for one action
    codes = rng.integers(2, k - 1, 60)  # the last code is never seen
    act = np.where(rng.random(60) < 0.8, meaning[codes], rng.integers(n_actions, size=60))
    often, rare = (int(a) for a in rng.permutation(n_actions)[:2])
    codes = np.append(codes, [0] * 60 + [1] * 11)
    act = np.append(act, [often] * 60 + [often] * 6 + [rare] * 5)
    order = rng.permutation(len(act))
    codes, act = codes[order], act[order]
    count = np.zeros((k, n_actions), int)
    np.add.at(count, (codes, act), 1)
    names = whole(answer(codes, act, k, n_actions), (k,), "names", n_actions)
    if np.array_equal(names[:-1], count[:-1].argmax(1)):
        wanted = f"a code that was never seen gets the most frequent action of all, {often} here"
        return None if names[-1] == count.sum(0).argmax() else wanted
    share = count / np.maximum(1, count.sum(0))
    if np.array_equal(names[:-1], share[:-1].argmax(1)):
        return "you divide by how frequent each action is: count the steps of the code only"
    if len(set(names.tolist())) == len(names) or (names[:-1] == names[0]).all():
        return "each code has its own most frequent action, and several codes may share one"
    return "a code's name is the action with which *this code* was seen most often"


def _named(codes, act, k, n_actions, unseen=None, weigh=False):
    count = np.zeros((k, n_actions))
    np.add.at(count, (codes, act), 1)
    names = (count / np.maximum(1, count.sum(0)) if weigh else count).argmax(1)
    frequent = np.bincount(act, minlength=n_actions).argmax()
    names[count.sum(1) == 0] = frequent if unseen is None else unseen(frequent, n_actions)
    return names


def _last_seen(codes, act, k, n_actions):
    names = np.zeros(k, int)
    names[codes[::-1]] = act[::-1]
    names[k - 1] = np.bincount(act).argmax()
    return names


check_names = Exercise(
    "Names",
    [names_codes] * 3,
    wrong=[
        (lambda c, a, k, n: _named(c, a, k, n, unseen=lambda often, n: (often + 1) % n), "never"),
        (lambda c, a, k, n: _named(c, a, k, n, weigh=True), "you divide"),
        (lambda c, a, k, n: [int(np.bincount(a).argmax())] * k, "its own most frequent"),
        (_last_seen, "this code"),
        (lambda c, a, k, n: _named(a, c, n, k), "shape"),
        (lambda c, a, k, n: [0.5] * k, "whole numbers"),
    ],
)

# --- 3: delta PSNR --------------------------------------------------------------------------------


def reference_delta(real, inferred, random):
    """ΔPSNR of pictures `(B, 1, H, W)` in 0..1."""
    mse = [((x - real) ** 2).mean((1, 2, 3)) for x in (inferred, random)]
    return float(10 * (torch.log10(mse[1]) - torch.log10(mse[0])).mean())


def delta_right(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    b = int(rng.integers(3, 7))
    real = torch.from_numpy(rng.random((b, 1, 8, 8)))
    scale = [torch.from_numpy(10 ** rng.uniform(*r, (b, 1, 1, 1))) for r in ((-3, -1), (-1, 0))]
    inferred, random = (real + s * torch.from_numpy(rng.normal(size=real.shape)) for s in scale)
    value = float(numbers(answer(real, inferred, random), (), "what you return"))
    wanted, error = reference_delta(real, inferred, random), ((inferred - real) ** 2, (random - real) ** 2)  # fmt: skip
    mse = [e.mean((1, 2, 3)) for e in error]
    found = {
        "the sign: it is positive where the inferred code helps": -wanted,
        "decibels are ten times the logarithm": wanted / 10,
        "the error is squared already: ten times the logarithm, not twenty": 2 * wanted,
        "that is the natural logarithm: use log10": wanted * float(np.log(10)),
        "the logarithm of the mean is not the mean of the logarithms: one PSNR for each picture": float(
            10 * (mse[1].mean().log10() - mse[0].mean().log10())
        ),
        "average over a picture's pixels before the logarithm, over pictures after it": float(
            10 * (error[1].log10() - error[0].log10()).mean()
        ),
    }
    if abs(value - wanted) < 1e-3:
        return None
    near = [words for words, number in found.items() if abs(value - number) < 1e-3]
    both = "both mistakes" if abs(value + list(found.values())[4]) < 1e-3 else None
    if both:
        return "the sign is wrong, and one PSNR for each picture is wanted"
    return near[0] if near else f"it should be {wanted:.2f} dB here, got {value:.2f}"


def broken_delta(real, inferred, random):
    """ΔPSNR, with two mistakes."""

    def psnr(drawn):
        return -10 * torch.log10(((drawn - real) ** 2).mean())

    return psnr(random) - psnr(inferred)


def _delta(factor=10, log=torch.log10, dims=(1, 2, 3), sign=1):
    def delta(real, inferred, random):
        mse = [((x - real) ** 2).mean(dims) for x in (inferred, random)]
        return sign * factor * (log(mse[1]) - log(mse[0])).mean()

    return delta


check_delta = Exercise(
    "Delta PSNR",
    [delta_right],
    wrong=[
        (broken_delta, "the sign is wrong, and one PSNR"),
        (_delta(sign=-1), "the sign"),
        (_delta(factor=1), "ten times"),
        (_delta(factor=20), "squared already"),
        (_delta(log=torch.log), "log10"),
        (_delta(dims=(0, 1, 2, 3)), "one PSNR for each picture"),
        (_delta(dims=(1,)), "before the logarithm"),
        (lambda real, inferred, random: 8.7, "it should be"),
    ],
)

# --- 4: actions from eight codes ------------------------------------------------------------------


def chooses(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    b, k, n_actions = 400, int(rng.integers(6, 9)), 3
    names = rng.permutation(np.append(np.zeros(k - 3, int), [1, 2, 1]))  # one action has most codes
    logits = torch.from_numpy(rng.normal(0, 1.5, (b, k)))
    said = whole(answer(logits, torch.from_numpy(names), n_actions), (b,), "actions", n_actions)
    p = logits.softmax(1).numpy()
    mine = [names == a for a in range(n_actions)]
    total = np.stack([p[:, m].sum(1) for m in mine], 1)
    if np.array_equal(said, total.argmax(1)):
        return None
    found = {
        "that is the name of the likeliest code: add up the codes of one action": names[
            p.argmax(1)
        ],
        "add up probabilities, not logits": np.stack(
            [logits.numpy()[:, m].sum(1) for m in mine], 1
        ).argmax(1),
        "the sum, not the mean: three codes at 0.2 say 0.6": np.stack(
            [p[:, m].mean(1) for m in mine], 1
        ).argmax(1),
        "that is the likeliest code, not an action": p.argmax(1).clip(0, n_actions - 1),
    }
    near = [words for words, act in found.items() if np.array_equal(said, act)]
    return near[0] if near else "wanted is the action whose codes are likeliest together"


def _summed(of, add):
    def choose(logits, names, n_actions):
        p = of(logits)
        return torch.stack([add(p[:, names == a]) for a in range(n_actions)], 1).argmax(1)

    return choose


check_choose = Exercise(
    "Actions from eight codes",
    [chooses],
    wrong=[
        (lambda logits, names, n: names[logits.argmax(1)], "likeliest code: add up"),
        (_summed(lambda x: x, lambda p: p.sum(1)), "not logits"),
        (_summed(lambda x: x.softmax(1), lambda p: p.mean(1)), "the sum, not the mean"),
        (lambda logits, names, n: logits.argmax(1).clamp(0, n - 1), "not an action"),
        (lambda logits, names, n: logits.argmax(1), "whole numbers"),
        (lambda logits, names, n: torch.zeros(len(logits)), "likeliest together"),
    ],
)

# --- 5: codes without a network -------------------------------------------------------------------


def finds_codes(answer, rng, most=0.9):
    """What is wrong with an answer, in words; None where it is right: two films, new tracks."""
    shares = []
    for _ in range(2):
        before, after, act = pairs(video(3200, int(rng.integers(1 << 30))))
        frames = [frame.float() / 255 for frame in (before, after)]
        codes = torch.as_tensor(whole(answer(*frames), (len(act),), "codes", 3))
        shares.append(agree(name_codes(codes, act, 3, 3), codes, act))
        swapped = answer(frames[0], frames[1].roll(1, 0))  # the next pictures of other steps
        swapped = torch.as_tensor(whole(swapped, (len(act),), "codes", 3))
        blind = agree(name_codes(swapped, act, 3, 3), swapped, act)
    share, majority = float(np.mean(shares)), float((act == act.mode().values).float().mean())
    if share >= most:
        return None
    if len(codes.unique()) == 1:
        return "all steps got the same code"
    if torch.equal(codes, swapped) and blind > majority + 0.04:
        return (
            f"{share:.0%}, and the same codes whatever comes next: you read the driver's habit "
            "from the frame before"
        )
    if share < majority + 0.04:
        return f"{share:.0%}: no better than always the most frequent action ({majority:.0%})"
    return (
        f"{share:.0%}, wanted are {most:.0%}: the same turn changes other pixels at each place. "
        "Which *motion* explains the change?"
    )


def _clusters_of_differences(before, after):
    x = difference(before, after)
    return torch.cdist(x, kmeans(x[:2000], 3, 0, tries=1)).argmin(1)


def _road(before, after):
    light = (before[:, 0, 8:14].mean(1) - 0.15).clamp_min(0)  # (N, 32)
    where = (light * torch.arange(32)).sum(1) / light.sum(1).clamp_min(1e-3)  # (N,)
    return torch.bucketize(where, where.quantile(torch.tensor([1 / 3, 2 / 3])))


check_find = Exercise(
    "Codes without a network",
    [finds_codes],
    wrong=[
        (_clusters_of_differences, "Which *motion*"),
        (_road, "habit"),
        (lambda before, after: torch.zeros(len(before)), "the same code"),
        (lambda before, after: torch.arange(len(before)) % 3, "no better than"),
        (lambda before, after: torch.arange(len(before)), "whole numbers"),
    ],
)
