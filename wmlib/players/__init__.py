"""Learned models that run in the browser, with no kernel."""

from wmlib.players.dynamics import pack_dynamics
from wmlib.players.gallery import Player, players, stage_page
from wmlib.players.own import play
from wmlib.players.weights import pack, rounded

__all__ = ["Player", "pack", "pack_dynamics", "play", "players", "rounded", "stage_page"]
