"""A picture as sixteen tokens: a vector-quantised autoencoder with a codebook of 32 codes.

    picture (1, 32, 32) --encoder--> 4 x 4 vectors --Codebook--> 16 tokens --decoder--> picture

Every token is the number of a code, one for each of 4 x 4 squares of 8 pixels, read from the left
and from the top. For each the encoder sees its square and two pixels around it, and no further:
where nothing is, the token is always the same, and easily foreseen. What was a picture of 1,024
numbers is then a sentence of sixteen words, and a model of language can go on from there.

van den Oord, Vinyals & Kavukcuoglu (2017); as the vision of a world model: Micheli, Alonso &
Fleuret (2023), IRIS, section 2.1.
"""

from __future__ import annotations

import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.devices import Device, building, device_of, floats, pick_device
from wmlib.models.codebook import Codebook
from wmlib.models.convs import unit_images

SIDE = 4  # tokens along each side of a picture
TOKENS = SIDE * SIDE


class Tokenizer(nn.Module):
    """Pictures `(..., 1, 32, 32)` to tokens `(..., 16)`, integers below `codes`, and back.

    Args:
        codes: K, words in the codebook. size: D, numbers in a word's vector.
        width: channels of the decoder in its last layer; the encoder has eight times as many.
        seed: of the initial weights.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    def __init__(
        self, codes: int = 32, size: int = 32, width: int = 8, seed: int = 0, device: Device = "cpu"
    ):
        super().__init__()
        self.codes, self.size = codes, size
        w = width
        with building(seed):
            self.encoder = nn.Sequential(
                nn.Conv2d(1, 8 * w, 12, stride=8, padding=2),
                nn.ReLU(),
                nn.Conv2d(8 * w, 8 * w, 1),
                nn.ReLU(),
                nn.Conv2d(8 * w, size, 1),
            )
            self.decoder = nn.Sequential(
                nn.Conv2d(size, 4 * w, 3, 1, 1),
                nn.ReLU(),
                nn.ConvTranspose2d(4 * w, 2 * w, 4, 2, 1),
                nn.ReLU(),
                nn.ConvTranspose2d(2 * w, w, 4, 2, 1),
                nn.ReLU(),
                nn.ConvTranspose2d(w, 1, 4, 2, 1),
            )
        self.codebook = Codebook(codes, size)
        self.to(pick_device(device))

    def embed(self, obs: torch.Tensor) -> torch.Tensor:
        """Pictures `(B, 1, 32, 32)` in 0..1 to vectors `(B, 16, D)`, not yet quantised."""
        obs = obs.to(self.codebook.codes.dtype)
        return self.encoder(obs).flatten(2).transpose(1, 2)  # (B, D, 4, 4) to (B, 16, D)

    def decode_vectors(self, vectors: torch.Tensor) -> torch.Tensor:
        """Vectors `(B, 16, D)` to pictures `(B, 1, 32, 32)`, not clipped."""
        return self.decoder(vectors.transpose(1, 2).unflatten(2, (SIDE, SIDE)))

    @torch.no_grad()
    def encode(self, obs: ArrayLike) -> torch.Tensor:
        """Pictures `(..., 1, 32, 32)`, bytes or floats from 0 to 1, to tokens `(..., 16)`.

        Raises:
            ValueError: for pictures of another size.
        """
        obs = torch.as_tensor(obs, device=device_of(self))
        if obs.shape[-3:] != (1, 32, 32):
            raise ValueError(f"wanted pictures (..., 1, 32, 32), got shape {tuple(obs.shape)}")
        pieces = obs.reshape(-1, 1, 32, 32).split(1024)
        vectors = (self.embed(unit_images(piece)) for piece in pieces)  # (N, 16, D) each
        tokens = torch.cat([self.codebook.nearest(some) for some in vectors])
        return tokens.reshape(*obs.shape[:-3], TOKENS)

    def decode(self, tokens: ArrayLike) -> torch.Tensor:
        """Tokens `(..., 16)` to pictures `(..., 1, 32, 32)`, floats from 0 to 1."""
        vectors = self.vectors(tokens)  # (..., 16, D)
        images = self.decode_vectors(vectors.reshape(-1, TOKENS, self.size)).clamp(0, 1)
        return images.reshape(*vectors.shape[:-2], 1, 32, 32)

    def vectors(self, tokens: ArrayLike) -> torch.Tensor:
        """The words' vectors: `(..., 16)` to `(..., 16, D)`.

        Raises:
            ValueError: if there are not sixteen, or if one is no number of a code.
        """
        tokens = torch.as_tensor(tokens, device=device_of(self))
        if tokens.shape[-1:] != (TOKENS,) or tokens.is_floating_point():
            raise ValueError(
                f"wanted integers (..., {TOKENS}), got {tokens.dtype} of {tuple(tokens.shape)}"
            )
        known = tokens.numel() and not tokens.is_meta
        if known and not 0 <= tokens.min() <= tokens.max() < self.codes:
            raise ValueError(f"tokens are numbers of codes, from 0 to {self.codes - 1}")
        return self.codebook.vectors(tokens)

    def loss(
        self, obs: torch.Tensor, vectors: torch.Tensor, commit: float = 1.0
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """How well pictures survive being put into words.

        It moves no code: whoever trains shows the vectors to `codebook.learn` first.

        Args:
            obs: `(B, 1, 32, 32)` floats from 0 to 1. vectors: `(B, 16, D)`, what `embed` made of
                them.
            commit: weight of the pull of the vectors to their codes.

        Returns:
            loss (scalar); dict of floats: recon, squared error of a picture summed over its pixels.
        """
        words = self.codebook(vectors)  # (B, 16, D)
        recon = ((self.decode_vectors(words.vectors) - obs) ** 2).sum((1, 2, 3)).mean()
        return recon + commit * self.size * words.loss, floats({"recon": recon})
