"""The real thing: worlds an agent acts in."""

from wmlib.worlds.base import FromGym, GymEnv, World, as_world
from wmlib.worlds.catch import Catch
from wmlib.worlds.classic import CartPole, Pendulum
from wmlib.worlds.dodge import Dodge
from wmlib.worlds.mazes import Maze
from wmlib.worlds.pixel_cartpole import PixelCartPole
from wmlib.worlds.pixels import PixelWorld, Watched

__all__ = [
    "CartPole", "Catch", "Dodge", "FromGym", "GymEnv", "Maze", "Pendulum", "PixelCartPole",
    "PixelWorld", "Watched", "World", "as_world",
]  # fmt: skip
