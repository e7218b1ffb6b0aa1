"""Eight questions on chapter 5: ensembles, what their disagreement is worth, PETS and MBPO."""

from __future__ import annotations

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "Five networks trained on the same data agree closely about a state. What follows?",
        (
            "They learned something similar there; it may be wrong",
            "In the hole they agree as well as inside, and err more than ten times as much.",
        ),
        [
            (
                "The prediction there is right, or five networks would not all say it",
                "All are smooth functions held by the same data. What they share is not tested by "
                "comparing them.",
            ),
            (
                "There was training data near that state",
                "Not in the hole. Between two stretches of data smooth functions agree as well.",
            ),
        ],
    ),
    Question(
        "A coin is tossed a million times and five networks predict it. What do they state?",
        (
            "Much noise and little disagreement",
            "More data removes ignorance. It cannot remove the coin's own chance.",
        ),
        [
            (
                "Little noise, since a million tosses are enough to learn any coin",
                "They learn the probability. The next toss is as open as before.",
            ),
            (
                "Much disagreement, because none of them can be right about the next toss",
                "They disagree about the *mean*, which a million tosses fix.",
            ),
        ],
    ),
    Question(
        "Past the edge of the data the ensemble's AUROC is 1.00. How impressive is that?",
        (
            "Not very: networks after one step of training reach it, too",
            "Whatever grows with the distance from the data passes. What training adds is the size "
            "of the intervals.",
        ),
        [
            (
                "Very: it shows that the ensemble has learned where its knowledge ends",
                "Networks that learned nothing show it, too. Ask who else passes a test.",
            ),
            (
                "It cannot be judged before we know the AUROC on the training set",
                "What is missing is not another region but a trivial rival in this one.",
            ),
        ],
    ),
    Question(
        "An uncertainty's 90 % intervals hold 96 % of what happens. What must you ask next?",
        (
            "How wide the intervals are",
            "Untrained networks cover about as much, with intervals many times as wide.",
        ),
        [
            (
                "Nothing: more than 90 % is on the safe side",
                "Intervals from minus to plus infinity hold 100 %, and say nothing.",
            ),
            (
                "How the missing 4 % were distributed over the members",
                "The intervals belong to the ensemble as a whole. First ask whether they are sharp.",
            ),
        ],
    ),
    Question(
        "Members with own random starts and all rows disagree twice as much, past the edge, as "
        "members with one start and own bootstrap rows. What does this experiment show?",
        (
            "Here the random start does more than the bootstrap",
            "Only that differs between the two pairs of settings. Another size of data or network "
            "could change it.",
        ),
        [
            (
                "The bootstrap is useless, and PETS should not use it",
                "It shows one world with 300 steps. The bootstrap alone did give some disagreement.",
            ),
            (
                "Members that see all rows make larger errors, and so they differ more",
                "Inside the data their mean is a little *more* accurate.",
            ),
        ],
    ),
    Question(
        "CEM with 20 iterations in one network is paid less by the world than CEM with 2. Why?",
        (
            "It finds the plans whose return the network overestimates most",
            "The promise rose all the time. With the true model more search does no harm.",
        ),
        [
            (
                "With more iterations CEM loses its spread and stops in a bad local maximum",
                "By the model's own measure its plan is the *best* of all; the model is wrong there.",
            ),
            (
                "One network is noisy, and the mean of five would have cured it",
                "The mean of five was exploited in the same way. The price on disagreement helped.",
            ),
        ],
    ),
    Question(
        "The gate's threshold lets 90 % of familiar stretches pass. What does that promise?",
        (
            "At most about one false alarm in ten familiar stretches",
            "Only familiar trips were used. How near a danger may be, no such trip can say.",
        ),
        [
            (
                "At most one accident in ten drives",
                "No accident was ever looked at. Five times the threshold lost the cars.",
            ),
            (
                "That nine of ten dangerous states will be recognised as dangerous",
                "A danger on which the members agree is not recognised at any threshold.",
            ),
        ],
    ),
    Question(
        "What does MBPO add to Dyna-Q, which also imagines steps from real states?",
        (
            "Branches of several steps that follow the current policy",
            "Dyna-Q's k is 1. MBPO's plain bound prefers k = 0; a longer branch pays only if the "
            "model errs little on the new policy.",
        ),
        [
            (
                "That imagined steps begin at real states at all, and not at imagined ones",
                "Dyna-Q does that already: it repeats pairs that really occurred.",
            ),
            (
                "A proof that short imagined branches are better than real data",
                "Its plain bound says the opposite: it is smallest at k = 0.",
            ),
        ],
    ),
]
