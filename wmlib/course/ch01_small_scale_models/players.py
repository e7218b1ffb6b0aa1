"""The player of chapter 1: a reactive and a planning agent before a trap."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from wmlib.course.ch01_small_scale_models.lookahead import depth_search, imagined_path
from wmlib.course.ch01_small_scale_models.mazes import trap_world
from wmlib.models.table import TableModel
from wmlib.players.gallery import Player
from wmlib.players.mazes import maze_settings
from wmlib.players.weights import pack

WORLDS = range(1, 13)  # seeds; the first is that of the chapter's film
GAMMA, DEPTH = 0.95, 8


def pack_trap(seeds=WORLDS, table: TableModel | None = None) -> str:
    """The worlds of these seeds, and what the library's search says in the first of them.

    Args:
        table: of the only world, learned by wandering: what the planner then imagines in.

    Raises:
        ValueError: for a table of another size, or one with several worlds.
    """
    worlds = [trap_world(seed) for seed in seeds]
    first, own = worlds[0], None
    if table is not None:
        if len(worlds) > 1 or (table.n_states, table.n_actions) != (first.n_states, 4):
            raise ValueError(
                f"a table belongs to one world, here of {first.n_states} cells and 4 actions; got "
                f"{len(worlds)} worlds and a table of {table.n_states} x {table.n_actions}"
            )
        own = [[*pair, nxt, reward, end] for pair, (reward, nxt, end) in sorted(table.last.items())]
    model = first if table is None else as_maze(table)
    values = depth_search(model, GAMMA)
    found = [(cell, d, values(cell, d)) for cell in first.free()[::3] for d in (1, 3, DEPTH)]
    path = imagined_path(model, first.starts[0], DEPTH, GAMMA)
    return pack(
        "trap",
        {},
        settings={
            "worlds": [maze_settings(world, warm=True) for world in worlds],
            "gamma": GAMMA,
            "own": own,
        },
        check={"values": found, "depth": DEPTH, "path": path},
    )


def as_maze(table: TableModel) -> SimpleNamespace:
    """A table as something that can be searched and walked like the maze that it knows."""
    outcomes = [[table.outcomes(s, a) for a in range(4)] for s in range(table.n_states)]
    return SimpleNamespace(
        outcomes=outcomes, move=lambda cell, action, random=None: outcomes[cell][action][0][1:]
    )


TRAP = Player(
    "trap",
    "A reactive and a planning agent before a trap",
    Path(__file__).with_name("trap.js"),
    lambda: {"trap": pack_trap()},
)
PLAYERS = [TRAP]
