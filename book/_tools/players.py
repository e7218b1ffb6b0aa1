"""Write the players where the book's pages find them: `book/_generated/players/`.

The engine (one file) and the scripts are copied from `wmlib`, the weights written from those that
the course ships. A file that would not change is left as it is.
"""

from __future__ import annotations

from pathlib import Path

from wmlib.files import write_text
from wmlib.players.gallery import engine, players

OUT = Path(__file__).resolve().parents[1] / "_generated" / "players"


def written() -> dict[str, str]:
    """Every file: its path below `OUT` and its text."""
    files = {name: engine(name) for name in ("load.js", "player.css")} | {"engine.js": engine()}
    for player in players():
        files[f"{player.name}.js"] = player.text()
        for name, text in player.weights().items():
            files[f"weights/{name}.js"] = text
    return files


def write_players() -> None:
    """Write what changed, and take away what nobody writes any more."""
    files = written()
    for name, text in files.items():
        path = OUT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf8") != text:
            write_text(path, text)
    for path in OUT.rglob("*"):
        if path.is_file() and path.relative_to(OUT).as_posix() not in files:
            path.unlink()


if __name__ == "__main__":
    write_players()
    print(OUT)
