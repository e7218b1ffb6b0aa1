"""Acting on news that is late: the Smith predictor with any world model inside.

A controller sees where the arm *was*. The commands sent since then are known (the *efference
copies*), and a forward model can roll the late percept forward through them: that is where the arm
is now. Smith (1957) had this for chemical plants, in another form; Miall et al. (1993) proposed it
for the cerebellum. Ours is the form for a state: predict it, then control as if nothing were late.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import torch

from wmlib.models.base import WorldModel


class Late:
    """A controller behind a delay, with or without a forward model.

    Args:
        controller: `(time step, obs (B, D)) -> actions (B, A)`, right if nothing were late.
        delay: steps by which observations are late.
        model: a `WorldModel` that rolls the late observation forward; None: act on what is seen.
        copies: False lets the model roll forward as if nothing had been commanded: a control.
    """

    def __init__(
        self, controller, delay: int, model: WorldModel | None = None, copies: bool = True
    ):
        if delay < 0:
            raise ValueError(f"a delay cannot be negative, got {delay}")
        self.controller, self.delay, self.model, self.copies = controller, delay, model, copies

    def begin(self, obs):
        """A new batch of episodes at rest: first observations `(B, D)`."""
        self.t, size = 0, self.controller(0, obs).shape
        self.sent = deque([np.zeros(size, np.float32)] * self.delay, maxlen=self.delay or 1)

    @torch.inference_mode()
    def act(self, late):
        """Actions `(B, A)` for observations `(B, D)` that are `delay` steps old."""
        now = np.asarray(late)
        if self.model is not None and self.delay:
            sent = torch.as_tensor(np.stack(self.sent, axis=1))
            future = self.model.imagine(self.model.start(now), sent if self.copies else 0 * sent)
            now = self.model.decode(future.states[-1]).numpy()
        action = self.controller(self.t, now).astype(np.float32)
        self.sent.append(action)
        self.t += 1
        return action
