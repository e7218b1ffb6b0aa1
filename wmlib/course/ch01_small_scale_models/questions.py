"""Eight concept questions of chapter 1."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "Which of these is a world model in the sense of this chapter?",
        (
            "A table of what followed each action in each cell",
            "It answers what comes next for a state and an action, and can be run without the world.",
        ),
        [
            (
                "A table of how good each action is in each cell, learned for one goal",
                "That says which action to take. It does not say where the action leads.",
            ),
            (
                "A recording of the best episode that the agent ever had",
                "It says what followed once. Of any other action it can say nothing.",
            ),
            (
                "A policy that never makes a mistake in this world",
                "A good policy maps states to actions. Nothing in that predicts the next state.",
            ),
        ],
    ),
    Question(
        "A rollout of 5 imagined steps ends the episode with its third step. Which rewards count?",
        (
            "The first three",
            "The step that ends the episode still pays. Only what would come after it does not count.",
        ),
        [
            (
                "The first two, because the third step is the end",
                "The continue of a step concerns what comes after it. The step itself pays.",
            ),
            (
                "All five, each multiplied by its own continue",
                "Its own continue is the wrong one: the product of all *earlier* continues decides.",
            ),
            (
                "All but the third",
                "After an end it stays ended: the fourth and the fifth step do not happen.",
            ),
        ],
    ),
    Question(
        "In the trap worlds an agent that searches five steps deep still falls in many worlds, one "
        "that searches six steps deep in none. Why just six?",
        (
            "The longest chute has five cells, and its trap is the sixth step",
            "Search of depth d sees the end of a chute only if it is shorter than d.",
        ),
        [
            (
                "The fire comes into sight at six steps, so the agent knows where to go",
                "The fire is at least twelve steps from every start. Avoiding the chutes is enough, "
                "since every step along the deck pays.",
            ),
            (
                "With six steps there are enough futures to find a good one by chance",
                "Nothing is left to chance here: every sequence is tried at every depth.",
            ),
            (
                "The discount makes rewards beyond six steps too small to matter",
                "A penalty of 20 is still about 14 after seven steps with a discount of 0.95.",
            ),
        ],
    ),
    Question(
        "A rat had ten days in a maze without food, met food on day 11 and runs well on day 12. "
        "What else must be shown before this counts as latent learning?",
        (
            "A rat without those ten days runs badly at the same point",
            "Otherwise one rewarded trial may have been enough. In our maze it is for 16 agents of 20.",
        ),
        [
            (
                "It runs as well as a rat that was fed on all twelve days",
                "That is part of the classic result. But a rat that needed only one trial would do "
                "so as well, with nothing learned before.",
            ),
            (
                "It ran badly on the first ten days",
                "That shows that it had no reason to run, or knew nothing. It cannot tell which.",
            ),
            (
                "It still runs well a week later",
                "That is about forgetting, and says nothing about when the maze was learned.",
            ),
        ],
    ),
    Question(
        "Replay is called model-free. Why did it walk straight to the food like the map agent?",
        (
            "Its memory holds what followed each action, and can be gone through again with food in it",
            "A memory of steps answers the same question as a table: it is a model kept as raw data.",
        ),
        [
            (
                "It had already learned good values during the wandering",
                "Before the meal all its values were zero. Zero and zero to come is all there was.",
            ),
            (
                "Traces carried the reward back along its last walk",
                "Replay here has no traces. It was placed before the goal box and made one step.",
            ),
            ("It had seen more steps than the map agent", "Both took in the very same steps."),
        ],
    ),
    Question(
        "Goal-conditioned values have learned every cell as a goal. Which wish defeats them, if they "
        "only read their table?",
        (
            "Reach this cell and do not enter that one",
            "Each table was learned for one goal alone. Nothing in it knows of the cell to avoid.",
        ),
        [
            (
                "Reach a cell in which there has never been any reward",
                "Every step was a success for the cell where it ended, rewarded or not.",
            ),
            (
                "Reach the cell that is furthest from the start",
                "Its values are small there, and still the best action has the largest.",
            ),
            (
                "Reach the old goal again after a new one",
                "There is a table for each of the two. Nothing was overwritten.",
            ),
        ],
    ),
    Question(
        "What does the theorem of Richens and others (2025) say about an agent that does one task "
        "perfectly?",
        (
            "Nothing: it is about agents that are good at all goals up to some length",
            "The proof asks the agent to choose among many composite goals. One goal gives too few "
            "answers.",
        ),
        [
            (
                "That it contains a model, since perfect behaviour needs one",
                "A policy for one task can be a table from states to actions. No model need be in it.",
            ),
            (
                "That it imagines before it acts",
                "Even for general agents it says only that a model can be extracted, and not that "
                "it is used.",
            ),
            (
                "That it contains a model if it was trained by a model-based method",
                "The theorem does not ask how the agent was made. It looks at choices only.",
            ),
        ],
    ),
    Question(
        "The map is perfect, the discount is 1, and the agent searches further than it needs. It "
        "hardly ever reaches the fire. What is the smallest repair?",
        (
            "A discount just below 1",
            "It breaks the tie between leaving now and leaving later. Nothing else was wrong.",
        ),
        [
            (
                "A deeper search",
                "Deeper search gives it more time to spare, and more plans that begin with waiting.",
            ),
            (
                "A better model",
                "The model is the true world already. It did what the score asked for.",
            ),
            (
                "A larger reward at the fire",
                "The reward is collected in all the tied plans, so that making it larger changes "
                "nothing.",
            ),
        ],
    ),
]
