"""Neural dynamics: one network for the change of state and the reward, one for the continue."""

from __future__ import annotations

import torch
from torch import nn

from wmlib.models.networks import ContinueHead, Normaliser, encode_action, mlp
from wmlib.models.vector import VectorModel
from wmlib.training import train


def dynamics_loss(predicted, target):
    """L = E || f(s, a) - s' ||^2 over normalised targets: mean over batch and dimensions."""
    return ((predicted - target) ** 2).mean()


class NeuralDynamics(VectorModel, nn.Module):
    """s' = s + f(s, a), with reward and continue. Deterministic.

    Observations and states `(B, D)`.

    Args:
        obs_size: D.
        act_space: `Discrete` (one-hot for the network) or `Box`.
        hidden, layers: size of the network.
        inputs: which parts of the observation the network may read, default all. Leaving one out
            is structural knowledge ("the dynamics do not depend on where the cart is").
        change: predict s' - s (True) or s' itself.
        normalise: scale inputs and targets by the data's mean and deviation.
        seed: of the initial weights and of the batches.
    """

    def __init__(
        self,
        obs_size,
        act_space,
        hidden=64,
        layers=2,
        inputs=None,
        change=True,
        normalise=True,
        seed=0,
    ):
        super().__init__(obs_size, act_space)
        self.inputs = list(range(obs_size)) if inputs is None else list(inputs)
        if not set(self.inputs) <= set(range(obs_size)):
            raise ValueError(f"inputs are places from 0 to {obs_size - 1}, got {self.inputs}")
        self.change, self.normalise = change, normalise
        self.generator = torch.Generator().manual_seed(seed)
        n_in = len(self.inputs) + self.act_size
        self.net = mlp([n_in] + [hidden] * layers + [obs_size + 1], self.generator)
        self.norm_in, self.norm_out = Normaliser(n_in), Normaliser(obs_size + 1)
        self.cont = ContinueHead(obs_size, self.generator)
        self.register_buffer("low", torch.full((obs_size,), -torch.inf))
        self.register_buffer("high", torch.full((obs_size,), torch.inf))

    def predict(self, obs, action, generator=None):
        out = self.norm_out.undo(self.net(self.norm_in(self._inputs(obs, action))))
        nxt = obs + out[:, :-1] if self.change else out[:, :-1]
        return nxt.clamp(self.low, self.high), out[:, -1]

    def predict_cont(self, next_obs):
        return self.cont(next_obs)

    def fit(
        self,
        data,
        steps=1000,
        batch=64,
        lr=1e-3,
        weight_decay=0.0,
        horizon=1,
        balanced=True,
        report=None,
    ):
        """Learn from transitions; may be called again when there are more.

        Args:
            data: Transitions.
            steps, batch, lr, weight_decay: of Adam (see `networks.train`).
            horizon: 1 compares one step with reality; k lets the model run on its own
                predictions for k steps and compares each (the gradient flows through all).
            balanced: whether the continue head sees as many ends as it needs.
            report: see `networks.train`.

        Returns:
            list of training losses (in normalised units).
        """
        obs, act, rew, nxt, terminated = self._tensors(data)
        target = torch.cat([nxt - obs if self.change else nxt, rew[:, None]], dim=1)
        if self.normalise:
            self.norm_in.fit(self._inputs(obs, act))
            self.norm_out.fit(target)
        # A dream that runs away is stopped far outside of what was ever seen, so it stays finite.
        centre, spread = nxt.mean(0), 20 * (nxt - nxt.mean(0)).abs().amax(0) + 1e-3
        self.low, self.high = centre - spread, centre + spread
        first = torch.as_tensor(data.windows(horizon))

        def loss_of_batch():
            rows = first[torch.randint(len(first), (batch,), generator=self.generator)]
            state, loss = obs[rows], 0.0
            for k in range(horizon):
                out = self.net(self.norm_in(self._inputs(state, act[rows + k])))
                wanted = nxt[rows + k] - state if self.change else nxt[rows + k]
                wanted = torch.cat([wanted, rew[rows + k, None]], dim=1)
                loss = loss + dynamics_loss(out, self.norm_out(wanted)) / horizon
                moved = self.norm_out.undo(out)[:, :-1]
                state = state + moved if self.change else moved
            return loss

        losses = train(self.net.parameters(), loss_of_batch, steps, lr, weight_decay, report)
        self.cont.fit(nxt, terminated, self.generator, balanced=balanced)
        return losses

    def _inputs(self, obs, action):
        return torch.cat([obs[:, self.inputs], encode_action(self.act_space, action)], dim=1)
