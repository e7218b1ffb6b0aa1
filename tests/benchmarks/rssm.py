"""One step of learning of our Dreamer beside three others of the same sizes, and its two loops alone.

- step: stretches of 16 x 32 pictures of 32 x 32; loss of the world model with its decoder, dreams
  of 15 steps from all 512 states, losses of actor and critic, and all optimisers' steps
- dream: 512 or 128 dreams of 15 steps, with actor, reward and continue, without gradients
- posterior: the states along 16 x 32 embeddings, and the gradients of it
"""

from __future__ import annotations

import copy
from functools import partial
from pathlib import Path

import peer_dreamers
import peer_sheeprl
import torch
from measure import Missing, Row, alternate
from peer_dreamers import Works, count

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.learning.dreamer import Dreamer

BATCH, LENGTH, HORIZON, STARTS = 16, 32, 15, 512
DIFFERS = peer_dreamers.DIFFERS | {"sheeprl": peer_sheeprl.DIFFERS}
WORKS = (  # one of `Works`, its arguments, what it is called, the ratio that was asked for
    ("step", {}, "a step of Dreamer, 16 x 32 pictures, 512 dreams of 15", 1.5),
    ("imagine", {"starts": 512}, "512 dreams of 15 steps", 2.5),
    ("imagine", {"starts": 128}, "128 dreams of 15 steps", None),
    ("observe", {}, "posterior along 16 x 32, forward and backward", None),
)


def ours() -> tuple[Works, object]:
    """Our works, and the stretches that all learn from."""
    world = PixelCartPole()
    learner = Dreamer(world, length=LENGTH, batch=BATCH, starts=STARTS, prefill=10**9).learn(2048)
    model, behaviour, generator = learner.model, learner.behaviour, learner.generator
    seen = learner.streams.sample(BATCH, LENGTH, learner.rng)
    act = model._encode_action(seen.act)
    embed = torch.randn(*seen.first.shape, peer_dreamers.HIDDEN)
    reader = copy.deepcopy(model)
    reader.encoder = torch.nn.Identity()

    @torch.no_grad()
    def imagine(starts):
        return behaviour.imagine(model, model._empty(starts), generator)

    def observe():
        state, post, prior = reader.observe_sequence(embed, act, seen.first, generator)
        (state.stoch.sum() + state.deter.sum() + post.sum() + prior.sum()).backward()

    parts = {
        "encoder": count(model.encoder),
        "recurrent": sum(map(count, (model.gru_in, model.gru, model.prior, model.post))),
        "decoder": count(model.decoder),
        "reward": count(model.rew),
        "continue": count(model.cont),
        "actor": count(behaviour.actor),
        "critic": count(behaviour.critic),
    }
    return Works(learner.update, imagine, observe, parts), seen


def measure(peers: Path | None) -> list[Row]:
    """Each work beside each peer that is there."""
    mine, seen = ours()
    rows, left_out = [], []
    for peer in (peer_dreamers.r2dreamer, peer_dreamers.dreamerv3_torch, peer_sheeprl.sheeprl):
        name = peer.__name__.replace("_", "-")
        try:
            theirs = peer(peers, seen, HORIZON)
        except Missing as what:
            left_out.append(f"{name}: {what}")
            continue
        sizes = "; ".join(f"{k} {n:,}/{theirs.parameters[k]:,}" for k, n in mine.parameters.items())
        for method, given, work, bar in WORKS:
            both = {"wmlib": mine, name: theirs}
            calls = {who: partial(getattr(works, method), **given) for who, works in both.items()}
            note = f"{DIFFERS[name]} Parameters, ours/theirs: {sizes}."
            rows.append(Row(work, "wmlib", name, alternate(calls), bar=bar, note=note))
    if not rows:
        raise Missing("; ".join(left_out))
    print(*(f"left out: {what}" for what in left_out), sep="\n", end="\n" if left_out else "")
    return rows
