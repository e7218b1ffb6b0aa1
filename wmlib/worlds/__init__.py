"""The real thing: worlds an agent acts in."""

from wmlib.worlds.base import FromGym, GymEnv, World, as_world
from wmlib.worlds.catch import Catch
from wmlib.worlds.classic import CartPole, Pendulum
from wmlib.worlds.dodge import Dodge
from wmlib.worlds.hidden_ball import HiddenBall
from wmlib.worlds.mazes import Maze
from wmlib.worlds.pixel_cartpole import PixelCartPole
from wmlib.worlds.pixels import PixelWorld, Watched
from wmlib.worlds.racing import MiniRacing

__all__ = [
    "CartPole", "Catch", "Dodge", "FromGym", "GymEnv", "HiddenBall", "Maze", "MiniRacing",
    "Pendulum", "PixelCartPole", "PixelWorld", "Watched", "World", "as_world",
]  # fmt: skip
