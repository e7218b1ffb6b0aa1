"""A player with a maze on its screen: what it says, where its cells are, and dragging them."""

NODE = "document.querySelector('.wm-player')"


def run(page, code, *given):
    """What JavaScript returns that knows the `player`, its `game` and what is `given`."""
    return page.evaluate(
        f"([...given]) => {{ const player = {NODE}.wmPlayer, game = player.game; {code} }}",
        list(given),
    )


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
