"""Forward-Forward: two passes forwards, none backwards.

Every layer learns by itself. Shown a real example it raises its *goodness*, the mean square of its
activities; shown a false one (here a picture with a wrong label written into it) it lowers it.
Nothing is sent back through the layers. To classify, try every label and take the one that the
layers like best.

Source: Hinton 2022.
"""

from __future__ import annotations

import torch
from torch import nn

from wmlib.training import improve, learning

LABEL = 5.0  # how loudly a label is written beside the picture


class ForwardForward:
    """A stack of layers that each tell real (picture, label) pairs from false ones.

    Args:
        inputs: numbers in a picture. classes: labels, 0 to classes - 1.
        hidden: sizes of the layers. threshold: goodness that divides real from false.
        seed: of weights, batches and false labels.
    """

    def __init__(self, inputs: int, classes: int = 10, hidden=(200, 200), threshold=2.0, seed=0):
        self.classes, self.threshold = classes, threshold
        self.generator = torch.Generator().manual_seed(seed)
        sizes = [classes + inputs, *hidden]
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
        for layer in self.layers:
            with torch.no_grad():
                layer.weight.copy_(
                    torch.randn(layer.weight.shape, generator=self.generator)
                    / layer.in_features**0.5
                )
                layer.bias.zero_()

    @learning
    def fit(self, x, y, epochs: int = 60, batch: int = 50, lr: float = 0.01) -> ForwardForward:
        """Learn from pictures `(N, D)` and labels `(N,)`.

        Args:
            epochs: how often every picture is seen. batch, lr: of Adam, one for each layer; the
                rate falls to zero on a straight line.
        """
        optimisers = [torch.optim.Adam(layer.parameters(), lr) for layer in self.layers]
        for epoch in range(epochs):
            for optimiser in optimisers:
                optimiser.param_groups[0]["lr"] = lr * (1 - epoch / epochs)
            for rows in torch.randperm(len(x), generator=self.generator).split(batch):
                other = torch.randint(1, self.classes, (len(rows),), generator=self.generator)
                false = (y[rows] + other) % self.classes
                h = torch.cat([self.write(x[rows], y[rows]), self.write(x[rows], false)])
                real = torch.cat([torch.ones(len(rows)), -torch.ones(len(rows))])
                for layer, optimiser in zip(self.layers, optimisers):
                    # detach: no gradient passes from one layer to the one below
                    h = self.activity(layer, h.detach())
                    goodness = h.pow(2).mean(1)
                    loss = nn.functional.softplus(-real * (goodness - self.threshold)).mean()
                    improve(optimiser, loss)
        return self

    @torch.inference_mode()
    def predict(self, x) -> torch.Tensor:
        """Labels `(N,)`: those under which the layers together are happiest."""
        goodness = []
        for label in range(self.classes):
            h, total = self.write(x, torch.full((len(x),), label)), 0.0
            for layer in self.layers:
                h = self.activity(layer, h)
                total = total + h.pow(2).mean(1)
            goodness.append(total)
        return torch.stack(goodness, 1).argmax(1)

    def write(self, x, y):
        """The label beside the picture: `(N, classes + D)`."""
        return torch.cat([LABEL * nn.functional.one_hot(y, self.classes).float(), x], dim=1)

    @staticmethod
    def activity(layer, h):
        """A layer's activity; the length of its input is taken away, so that it cannot cheat by
        reading off how happy the layer below was."""
        return torch.relu(layer(h / (h.pow(2).mean(1, keepdim=True).sqrt() + 1e-4)))
