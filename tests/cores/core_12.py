"""Chapter 12 from memory: a model that explains pictures, and one that brings late news up to date."""

import numpy as np

# --- predictive coding


def settle(U, x, steps=60, sparsity=0.05):
    """Causes (N, K) and errors (N, D) of inputs (N, D)."""
    r = np.zeros((len(x), U.shape[1]))
    rate = 0.1 / max(1.0, np.linalg.norm(U, 2) ** 2 / 4)
    for _ in range(steps):
        error = x - r @ U.T  # (N, D)
        r = np.maximum(0, r + rate * (error @ U - sparsity))  # (N, K)
    return r, x - r @ U.T


def learn(U, x, rate=0.5):
    r, error = settle(U, x)
    U = np.maximum(0, U + rate * error.T @ r / len(x))  # (D, K)
    return U / np.maximum(1, np.linalg.norm(U, axis=0) / 8**0.5)


def bars(n, rng):
    rows, columns = rng.random((2, n, 8)) < 0.12
    pictures = (rows[:, :, None] | columns[:, None, :]).astype(float)
    return pictures.reshape(n, 64) + 0.05 * rng.normal(size=(n, 64))


# --- a stick that is seen 250 ms late

DT, GRAVITY, GAIN = 0.01, 40.0, 3.0


def stick(state, command, rng):
    """The next state (2,): how far it leans and how fast; on the floor it stays."""
    x, v = state
    if abs(x) >= 0.5:
        return np.array([x, 0.0])
    nxt = np.array([x + DT * v, v + DT * (GAIN * command + GRAVITY * x)])
    return nxt + 1e-3 * rng.normal(size=2)


def babble(rng, steps=2000, longest=30):
    """20 seconds of random commands, then least squares: (4, 2), from (x, v, command, 1)."""
    rows, after, state = [], [], np.zeros(2)
    for t in range(steps):
        state = np.zeros(2) if t % longest == 0 else state
        command = rng.normal(0, 3)
        rows.append([*state, command, 1.0])
        state = stick(state, command, rng)
        after.append(state)
    return np.linalg.lstsq(np.array(rows), np.array(after), rcond=None)[0]


def where_now(model, late, sent):
    """Roll a late observation (2,) forward through the commands sent since then."""
    for command in sent:  # oldest first
        late = np.array([*late, command, 1.0]) @ model
    return late


def balance(rng, model=None, gains=(80, 7), delay=25, steps=600):
    """Root mean square lean in m."""
    seen, sent, leans = [np.zeros(2)] * (delay + 1), [0.0] * delay, []
    for _ in range(steps):
        x, v = seen[-1 - delay]
        if model is not None:
            x, v = where_now(model, seen[-1 - delay], sent[-delay:])
        sent.append(np.clip(-gains[0] * x - gains[1] * v, -50, 50))
        seen.append(stick(seen[-1], sent[-1], rng))
        leans.append(seen[-1][0])
    return np.sqrt(np.mean(np.square(leans)))


def learns():
    rng = np.random.default_rng(0)
    pictures, U = bars(3000, rng), 0.1 * np.abs(rng.normal(size=(64, 20)))
    for _ in range(6):
        for rows in np.array_split(rng.permutation(3000), 60):
            U = learn(U, pictures[rows])
    eye = np.eye(8)
    rows = np.repeat(eye[:, :, None], 8, axis=2)
    singles = np.concatenate([rows, rows.transpose(0, 2, 1)]).reshape(16, 64)
    found = (singles / 8**0.5 @ (U / (np.linalg.norm(U, axis=0) + 1e-9))).max(1) > 0.9
    assert found.sum() >= 14
    model = babble(rng)
    assert balance(rng, model) < 0.05
    assert min(balance(rng, gains=(kp, kd)) for kp in (5, 12, 20) for kd in (2, 4, 7)) > 0.2
