"""A player in a test: asking it, its controls, and a maze on its screen."""

NODE = "document.querySelector('.wm-player')"
PLAYER = NODE + ".wmPlayer"


def run(page, code, *given, node=".wm-player"):
    """What JavaScript returns that knows `player`, its `game` and `stage`, and what is `given`."""
    known = f"const player = document.querySelector('{node}').wmPlayer, {{ game, stage }} = player;"
    return page.evaluate(f"([...given]) => {{ {known} {code} }}", list(given))


def pick(page, label, words):
    """Choose by the words that a reader sees."""
    box = page.locator(f".wm-player-choice:has(span:text('{label}')) select")
    box.select_option(label=words)


def slide(page, label, value):
    page.locator(f".wm-player-slider:has-text('{label}') input").fill(str(value))


def plain(value):
    """Tensors and arrays as lists, as `pack` writes them."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.tolist() if hasattr(value, "tolist") else value


def letters(page):
    return "".join(run(page, "return game.maze().letters"))


def place(page, cell, board=0, *, rows):
    """Where a cell of a maze of nine columns is on the screen."""
    box = page.locator("canvas").nth(board).bounding_box()
    row, col = divmod(cell, 9)
    return box["x"] + (col + 0.5) * box["width"] / 9, box["y"] + (row + 0.5) * box["height"] / rows


def drag(page, start, end, board=0, *, rows, steps):
    page.mouse.move(*place(page, start, board, rows=rows))
    page.mouse.down()
    page.mouse.move(*place(page, end, board, rows=rows), steps=steps)
    page.mouse.up()
