"""Concept questions of chapter 2."""

from __future__ import annotations

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "The first episode of Dyna-Q with n = 50 is as long as that of Q-learning. Why?",
        (
            "No reward is known yet, so every imagined backup carries 0 to 0.",
            "Backups move value. Before the first reward there is none to move.",
        ),
        [
            (
                "The model is empty until the first episode has ended.",
                "It holds every pair tried so far, from the first step on.",
            ),
            (
                "With alpha = 0.1 the values grow too slowly to matter in one episode.",
                "Nothing grows at all: every target is 0, whatever alpha is.",
            ),
            (
                "Imagined steps are made only between two episodes.",
                "They are made after every real step, in the first episode too.",
            ),
        ],
    ),
    Question(
        "An agent with n = 50 has walked 50 episodes. Its model, solved exactly, gives the policy "
        "that it has already, and that policy is longer than the best. What would help?",
        (
            "Trying pairs that it has not tried.",
            "Its values already agree with its model. Only new facts can change them.",
        ),
        [
            (
                "A larger n, for instance 500 imagined steps after each real one.",
                "There is nothing left to think through: more backups repeat what it knows.",
            ),
            (
                "A smaller step size, so that the values come to rest.",
                "In a world without chance they are at rest already.",
            ),
            (
                "Prioritised sweeping, which orders the backups better.",
                "Order changes how fast values come to rest, not where.",
            ),
        ],
    ),
    Question(
        "Where do a replay buffer and Dyna's table differ in a world without chance, if both make "
        "the same number of updates?",
        (
            "In how often each pair is drawn.",
            "A buffer draws a pair as often as it was visited, a table draws all pairs evenly. "
            "The outcomes are the same.",
        ),
        [
            (
                "A buffer holds real steps, and real steps teach more than imagined ones.",
                "The update is the same, and here the imagined outcome *is* the real one.",
            ),
            (
                "A table can imagine steps from pairs that were never tried.",
                "Dyna-Q's table knows only pairs that were tried. (Dyna-Q+ assumes something.)",
            ),
            (
                "Q-learning with a buffer is model-free, so it needs many times more real steps.",
                "The names do not decide it: here it needed about as many.",
            ),
        ],
    ),
    Question(
        "Why does prioritised sweeping need a list of predecessors?",
        (
            "When a cell's value changes, the pairs that lead *to* it are those that may change.",
            "A backup of (s, a) reads the value of its next state. So news travels backwards.",
        ),
        [
            (
                "To find the shortest way from the start to the cell.",
                "It finds no ways. It asks which backups have become worth making.",
            ),
            (
                "To undo a backup that turns out to be wrong.",
                "Nothing is undone. A later backup moves the value again.",
            ),
        ],
    ),
    Question(
        "An agent may ask its model only twelve questions per real step, and the flag is fourteen "
        "steps away. Why does search at decision time do badly, and Dyna-Q well?",
        (
            "Dyna keeps what it computes, and the search throws its work away at each decision.",
            "Twelve backups a step add up to thousands in the table. Twelve questions of a search "
            "see a few cells, each time anew.",
        ),
        [
            (
                "Search needs a more accurate model than Dyna does.",
                "Both read the same table, and it is exact here.",
            ),
            (
                "A search cannot handle walls and dead ends.",
                "It can: with 400 questions its episodes are as short as prioritised sweeping's.",
            ),
            (
                "Dyna's questions are asked about the present state, so none is wasted.",
                "It is the other way round: Dyna draws states at random, search starts from here.",
            ),
        ],
    ),
    Question(
        "A delivery robot knows its map, keeps no table for pairs of places, and gets a new address for every trip. Which planning "
        "do you expect to ask the map less?",
        (
            "Planning at decision time, as values for all cells would serve one trip only.",
            "The cost of a search grows with the distance, that of a full table with the map.",
        ),
        [
            (
                "Background planning, as its table answers every later question for nothing.",
                "Its values are for *one* goal. A table for all pairs of places would do it, at the price of building it.",
            ),
            (
                "Neither: both must look at every cell once.",
                "A search stops when it meets the address, often long before it has seen all.",
            ),
            (
                "Background planning, because the map does not change.",
                "The map stays, but the goal changes, and values depend on the goal.",
            ),
        ],
    ),
    Question(
        "A shortcut opens far from the way that the agent walks. Why does a bonus in *planning* find "
        "it more often than a bonus in the *choice of an action*?",
        (
            "In planning it enters the values of actions never tried, and so attracts from afar.",
            "Values carry it back cell by cell. In the choice it acts on the next step alone.",
        ),
        [
            (
                "A bonus in planning is larger, because it is added n times per step.",
                "The values do not add up bonuses of repeated draws: each backup sets a target.",
            ),
            (
                "A bonus in the choice is forgotten when the episode ends.",
                "It depends on the time since the last try, which goes on across episodes.",
            ),
            (
                "Planning knows that the wall has moved.",
                "The model knows nothing of the change until the agent has tried the door.",
            ),
        ],
    ),
    Question(
        "On slippery ground, an agent that remembers the last outcome promises itself far too much. "
        "What is the cause?",
        (
            "The planner chooses among errors, and takes those that look best.",
            "A step that happened to go well counts as certain, so the plan leads over such steps.",
        ),
        [
            (
                "The last outcome is, on average, better than the usual one.",
                "Each single memory is fair. The *choice* among them is not.",
            ),
            (
                "It has too few data, and the error would vanish after more episodes.",
                "More episodes replace one last outcome by another. The choice stays.",
            ),
            (
                "Its discount is too large for a world with traps.",
                "With the same discount a sample model keeps its promise.",
            ),
        ],
    ),
]
