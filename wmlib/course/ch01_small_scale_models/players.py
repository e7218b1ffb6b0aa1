"""The player of chapter 1: a reactive and a planning agent before a trap."""

from __future__ import annotations

from pathlib import Path

from wmlib.course.ch01_small_scale_models.lookahead import depth_search, imagined_path
from wmlib.course.ch01_small_scale_models.mazes import trap_world
from wmlib.players.gallery import Player
from wmlib.players.mazes import maze_settings
from wmlib.players.weights import pack

WORLDS = range(1, 13)  # seeds; the first is that of the chapter's film
GAMMA, DEPTH = 0.95, 8


def pack_trap(seeds=WORLDS) -> str:
    """The worlds of these seeds, and what the library's search says in the first of them."""
    worlds = [trap_world(seed) for seed in seeds]
    values, first = depth_search(worlds[0], GAMMA), worlds[0]
    found = [(cell, d, values(cell, d)) for cell in first.free()[::3] for d in (1, 3, DEPTH)]
    path = imagined_path(first, first.starts[0], DEPTH, GAMMA)
    return pack(
        "trap",
        {},
        settings={"worlds": [maze_settings(world, warm=True) for world in worlds], "gamma": GAMMA},
        check={"values": found, "depth": DEPTH, "path": path},
    )


TRAP = Player(
    "trap",
    "A reactive and a planning agent before a trap",
    Path(__file__).with_name("trap.js"),
    lambda: {"trap": pack_trap()},
)
PLAYERS = [TRAP]
