"""The real thing: worlds an agent acts in."""

from wmlib.worlds.base import FromGym, GymEnv, World, as_world
from wmlib.worlds.classic import CartPole, Pendulum
from wmlib.worlds.mazes import Maze

__all__ = ["CartPole", "FromGym", "GymEnv", "Maze", "Pendulum", "World", "as_world"]
