"""The real thing: worlds an agent acts in."""

from wmlib.worlds.base import GymEnv, World
from wmlib.worlds.catch import Catch
from wmlib.worlds.classic import CartPole, Pendulum
from wmlib.worlds.gym import FromGym, as_world
from wmlib.worlds.mazes import Maze
from wmlib.worlds.pixels import PixelWorld, Watched
from wmlib.worlds.racing import MiniRacing

__all__ = [
    "CartPole",
    "Catch",
    "FromGym",
    "GymEnv",
    "Maze",
    "MiniRacing",
    "Pendulum",
    "PixelWorld",
    "Watched",
    "World",
    "as_world",
]
