"""Neural dynamics: one network for the change of state and the reward, one for the continue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gymnasium as gym
import torch
from torch import nn

from wmlib.devices import Device, building, new_generator, pick_device, randint
from wmlib.experience import Transitions
from wmlib.models import blocks
from wmlib.models.as_written import as_written
from wmlib.models.base import Rollout, WorldModel, judged
from wmlib.models.networks import PARTS, ContinueHead, Normaliser, encode_action, mlp
from wmlib.models.vector import VectorModel
from wmlib.training import learning, train


def dynamics_loss(predicted: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """L = E || f(s, a) - s' ||^2 over normalised targets: mean over batch and dimensions."""
    return ((predicted - target) ** 2).mean()


def dream_limits(nxt: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Between what a dream stays, `(D,)` each: far outside of all data `(N, D)`, but finite."""
    centre, spread = nxt.mean(0), 20 * (nxt - nxt.mean(0)).abs().amax(0) + 1e-3
    return centre - spread, centre + spread


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
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    low: torch.Tensor
    high: torch.Tensor

    def __init__(
        self,
        obs_size: int,
        act_space: gym.Space,
        hidden: int = 64,
        layers: int = 2,
        inputs: Sequence[int] | None = None,
        change: bool = True,
        normalise: bool = True,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__(obs_size, act_space)
        self.inputs = list(range(obs_size)) if inputs is None else list(inputs)
        if not set(self.inputs) <= set(range(obs_size)):
            raise ValueError(f"inputs are places from 0 to {obs_size - 1}, got {self.inputs}")
        self.change, self.normalise = change, normalise
        self.generator = new_generator(seed)
        n_in = len(self.inputs) + self.act_size
        with building():
            self.net = mlp([n_in] + [hidden] * layers + [obs_size + 1], self.generator)
            self.norm_in, self.norm_out = Normaliser(n_in), Normaliser(obs_size + 1)
            self.cont = ContinueHead(obs_size, self.generator)
            self.register_buffer("low", torch.full((obs_size,), -torch.inf))
            self.register_buffer("high", torch.full((obs_size,), torch.inf))
        self.to(pick_device(device))

    def predict(self, obs, action, generator=None):
        """See `VectorModel.predict`; nothing here is random."""
        out = self.net(self.norm_in(self._inputs(obs, action)))  # (B, D + 1)
        out = self.norm_out.undo(out)
        nxt = obs + out[:, :-1] if self.change else out[:, :-1]  # (B, D)
        return nxt.clamp(self.low, self.high), out[:, -1]

    def predict_cont(self, next_obs):
        """See `ContinueHead`."""
        return self.cont(next_obs)

    def imagine(self, state, actions, horizon=None, generator=None):
        """See `WorldModel.imagine`; a plan whose gradient nobody wants runs in blocks of rows."""
        layers = blocks.layers_of(self.net)
        if (
            not as_written(self, KINDS)
            or layers is None
            or len(state) < blocks.FEWEST
            or not blocks.pays(state, actions, layers[0][0], self.obs_size)
        ):
            return WorldModel.imagine(self, state, actions, horizon, generator)
        plan = self._plan(state, actions, horizon)  # (B, H, ...)
        act = encode_action(self.act_space, plan).to(state.dtype).movedim(1, 0)  # (H, B, actions)
        states = state.new_empty(len(act) + 1, *state.shape)  # (H + 1, B, D)
        out = state.new_empty(len(act), len(state), self.obs_size + 1)  # (H, B, D + 1)
        states[0] = state
        for rows in blocks.slices(len(state), layers[0][0].shape[1]):
            blocks.roll_network(self, layers, states[:, rows], act[:, rows], out[:, rows])
        return self._judged(states, plan, out[..., -1])

    def _judged(self, states, plan, rew):
        """The rollout along `states (H + 1, B, D)`, judged as `_judge` would step by step.

        Args:
            plan: `(B, H, ...)`. rew: `(H, B)`, as learned.
        """
        seen = self.units.out(states)
        if self.rew_function is not None:
            steps = zip(seen, plan.movedim(1, 0), seen[1:])
            rew = torch.stack([judged(self.rew_function(*step), step[2]) for step in steps])
        if self.cont_function is not None:
            cont = torch.stack([judged(self.cont_function(obs), obs) for obs in seen[1:]])
        else:
            cont = self.cont.along(states[1:])
        return Rollout([*states], plan.clone(), rew.t().contiguous(), cont.t().contiguous())

    @learning
    def fit(
        self,
        data: Transitions,
        steps: int = 1000,
        batch: int = 64,
        lr: float = 1e-3,
        weight_decay: float = 0.0,
        horizon: int = 1,
        balanced: bool = True,
        report: Callable | None = None,
    ) -> list[float]:
        """Learn from transitions; may be called again when there are more.

        Args:
            data: Transitions.
            steps, batch, lr, weight_decay: of Adam (see `wmlib.training.train`).
            horizon: 1 compares one step with reality; k lets the model run on its own
                predictions for k steps and compares each (the gradient flows through all).
            balanced: whether the continue head sees as many ends as it needs.
            report: see `wmlib.training.train`.

        Returns:
            list of training losses (in normalised units).
        """
        first = torch.as_tensor(data.windows(horizon), device="cpu")  # (K,)
        obs, act, rew, nxt, terminated = self._columns(data)
        target = torch.cat([nxt - obs if self.change else nxt, rew[:, None]], dim=1)  # (N, D + 1)
        if self.normalise:
            self.norm_in.fit(self._inputs(obs, act))
            self.norm_out.fit(target)
        self.low, self.high = dream_limits(nxt)

        def loss_of_batch():
            rows = first[randint(len(first), (batch,), self.generator, "cpu")]
            state, loss = obs[rows], 0.0  # (batch, D)
            for k in range(horizon):
                out = self.net(self.norm_in(self._inputs(state, act[rows + k])))  # (batch, D + 1)
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
        act = encode_action(self.act_space, action, obs.device).to(obs.dtype)
        return torch.cat([obs[:, self.inputs], act], dim=1)  # (B, inputs + actions)


KINDS = PARTS | {NeuralDynamics}  # what it is made of
