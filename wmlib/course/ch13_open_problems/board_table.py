"""What `board_table.js` shows of a board: its columns, and a row for each entrant."""

from __future__ import annotations

from typing import Any

COLUMNS = (  # key, heading, whether high is good
    ("one_step", "1 step", False),
    ("k_steps", "10 steps", False),
    ("sensitivity", "heeds actions", True),
    ("planning", "return", True),
    ("real_steps", "real steps", False),
    ("seconds", "CPU s", False),
    ("parameters", "numbers", False),
)


def board_table(figures: dict[str, list], **digits: int) -> dict[str, list[dict[str, Any]]]:
    """Settings of a player: `columns`, and `rows` of figures.

    Args:
        figures: of one seed, a list for each key and the entrants' `names`.
        digits: after the point, by key; none where it is not named.
    """
    return {
        "columns": [
            {"key": key, "words": words, "digits": digits.get(key, 0), "high": high}
            for key, words, high in COLUMNS
        ],
        "rows": [
            {"name": name} | {key: figures[key][i] for key, *_ in COLUMNS}
            for i, name in enumerate(figures["names"])
        ],
    }
