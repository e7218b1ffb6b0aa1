"""The real thing: worlds an agent acts in."""

from wmlib.worlds.base import FromGym, GymEnv, World, as_world
from wmlib.worlds.classic import CartPole, Pendulum

__all__ = ["CartPole", "FromGym", "GymEnv", "Pendulum", "World", "as_world"]
