"""What people ran into elsewhere: pictures from 0 to 255 that are no bytes."""

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.models.convs import image_batch, unit_images
from wmlib.models.latent_action import LatentActions
from wmlib.models.rssm import RSSM
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vae import VAE
from wmlib.models.vision_memory import VisionMemory

TWO = gym.spaces.Discrete(2)
BYTES = np.random.default_rng(0).integers(0, 256, (3, 1, 32, 32), dtype=np.uint8)
BYTES[0, 0, 0, :2] = 0, 255


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int64, np.uint16, "float"])
def test_whole_numbers_are_bytes_whatever_their_type_and_floats_are_brightness(kind):
    obs = BYTES / 255 if kind == "float" else BYTES.astype(kind)
    seen = unit_images(obs)
    assert seen.dtype == torch.float32 and seen.min() == 0 and seen.max() == 1
    torch.testing.assert_close(seen, torch.as_tensor(BYTES) / 255)


def test_black_and_white_is_no_shade_of_grey():
    assert unit_images(np.array([False, True])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    "obs, words",
    [
        (BYTES.astype(np.float32), "floats from 0 to 1, got values from 0 to 255: divide by 255"),
        (BYTES.astype(float) - 128, "floats from 0 to 1, got values from -128 to 127: scale"),
        (BYTES.astype(int) + 1, "whole numbers from 0 to 255, got values from 1 to 256: scale"),
        (np.full((1, 1, 32, 32), np.nan), "got values from nan to nan"),
    ],
    ids=["0 to 255", "around 0", "256", "NaN"],
)
def test_pictures_that_cannot_be_meant_so_are_refused(obs, words):
    for read in (unit_images, image_batch):
        with pytest.raises(ValueError, match=words):
            read(obs)


def test_rounding_is_forgiven():
    assert unit_images(np.array([-1e-6, 1 + 1e-6])).shape == (2,)


READERS = {
    "VAE": VAE(4, width=2).encode,
    "Tokenizer": Tokenizer(4, 4, width=2).encode,
    "RSSM": RSSM(TWO, deter=4, hidden=4, width=2).start,
    "VisionMemory": VisionMemory(TWO, 4, 4, width=2).start,
    "TokenModel": TokenModel(TWO, Tokenizer(4, 4, width=2), width=8, layers=1, heads=2).start,
    "LatentActions": LatentActions(width=2).start,
}


@pytest.mark.parametrize("name", READERS)
def test_every_model_of_pictures_refuses_them(name):
    READERS[name](BYTES.astype(np.int64))
    with pytest.raises(ValueError, match="divide by 255"):
        READERS[name](BYTES.astype(np.float32))


@pytest.mark.parametrize("kind", [VAE, LatentActions])
def test_a_black_first_picture_hides_nothing_and_nothing_is_learned(kind):
    model = kind(width=2)
    before = [p.clone() for p in model.parameters()]
    obs = BYTES.astype(np.float32)
    obs[0] = 0
    with pytest.raises(ValueError, match="divide by 255"):
        if kind is VAE:
            model.fit(obs, steps=3)
        else:
            model.fit(obs[None], np.array([[True, False, False]]), steps=3)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters()))


def test_pictures_of_another_size_are_named():
    with pytest.raises(ValueError, match=r"\(B, 1, 32, 32\), got \(2, 210, 160, 3\)"):
        image_batch(np.zeros((2, 210, 160, 3), np.uint8))
