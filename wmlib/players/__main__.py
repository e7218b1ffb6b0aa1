"""Write a player as one HTML file that plays by itself.

python -m wmlib.players                      # what players there are
python -m wmlib.players dodge dodge.html     # one of them
"""

from __future__ import annotations

import argparse
import sys

from wmlib.files import write_text
from wmlib.players.gallery import players, stage_page


def main() -> int:
    """List the players, or write the one that is named; 1 where there is none of that name."""
    parser = argparse.ArgumentParser(prog="python -m wmlib.players", description=__doc__)
    parser.add_argument("name", nargs="?")
    parser.add_argument("path", nargs="?", help="default NAME.html")
    given = parser.parse_args()
    found = {player.name: player for player in players()}
    if given.name is None:
        for player in found.values():
            print(f"{player.name:12} {player.title}")
        return 0
    if given.name not in found:
        print(f"there is no player {given.name!r}; there are {', '.join(found)}", file=sys.stderr)
        return 1
    path = given.path or f"{given.name}.html"
    write_text(path, stage_page(found[given.name]))
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
