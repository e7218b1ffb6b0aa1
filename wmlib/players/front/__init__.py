"""The player of the front page. Its model comes from `book/_tools/train_front_page.py`."""

from pathlib import Path

from wmlib.players.gallery import Player

WEIGHTS = Path(__file__).with_name("weights.js")


def weights() -> dict[str, str]:
    """The learned cart-pole of the front page."""
    return {"front": WEIGHTS.read_text(encoding="utf8")}


FRONT = Player(
    "front",
    "A cart that balances a pole, with and without imagination",
    Path(__file__).with_name("front.js"),
    weights,
)
