"""Learned models that run in the browser, with no kernel."""

from wmlib.players.drive import cartpole_player, pendulum_player
from wmlib.players.export import export_dynamics

__all__ = ["cartpole_player", "export_dynamics", "pendulum_player"]
