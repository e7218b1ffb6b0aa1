"""The concept questions of chapter 0, [[TITLE]]: eight when the chapter is whole."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A table is asked about a pair of cell and move that was never tried. What can it say?",
        (
            "Nothing: whatever it answers is an assumption of its author.",
            "It has only what was recorded.",
        ),
        [
            (
                "That nothing happens, since nothing was seen to happen.",
                "Not seen is not the same as seen to stay: a wall was never bumped into either.",
            ),
            (
                "What happened in the neighbouring cell, which is alike.",
                "A table does not generalise: its cells know nothing of each other. Chapter 3's networks do.",
            ),
        ],
    )
]
