"""Concept questions of chapter 13."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "The true physics, begun with the network's error of one step, ends ten times as wrong after "
        "thirty steps. The network's dream ends fifty times as wrong. What follows?",
        (
            "Most of the drift comes from errors that the network makes after the first step.",
            "The physics enlarges one error tenfold; the rest is new errors, enlarged in their turn.",
        ),
        [
            (
                "The pendulum is chaotic, so no model could do better.",
                "The true physics does much better with the same first error.",
            ),
            (
                "The network's first step is its worst.",
                "Then the physics begun with that error would end as wrong as the dream.",
            ),
        ],
    ),
    Question(
        "Three networks vote and gain nothing. Which experiment shows whether their common data are "
        "the reason?",
        (
            "Give each network rows of its own, as many as before, and let them vote again.",
            "Only what the members share changes. If the vote gains now, sharing was the reason.",
        ),
        [
            (
                "Give the three networks eight times the rows and train them for longer.",
                "Three things change at once, and each single network improves too.",
            ),
            (
                "Let ten networks vote instead of three, all from the same rows.",
                "They would still share the rows, and the errors that come from them.",
            ),
        ],
    ),
    Question(
        "A ball comes out on the left with 0.3 and on the right with 0.7. You may name one column and "
        "want to catch it. What should the number have been trained for?",
        (
            "Absolute error: its best answer is the median, on the right.",
            "The mean lies in the wall. The median stands where most of the probability is.",
        ),
        [
            (
                "Squared error, with a larger network that can represent both sides.",
                "The best answer to squared error is the mean, however large the network is.",
            ),
            (
                "Nothing: one number cannot catch balls here, only a whole distribution can.",
                "The median caught nearly as many as the belief.",
            ),
        ],
    ),
    Question(
        "A scaling law's 90 % interval holds the truth in four of ten seeds. What is the likely fault?",
        (
            "The form of the law is wrong, and drawing points anew cannot show that.",
            "The bootstrap sees chance among the students; a missing term is in every draw.",
        ),
        [
            (
                "Too few bootstrap draws: with more of them the interval would widen to 90 %.",
                "More draws make the same interval smoother, not wider.",
            ),
            (
                "Four of ten is bad luck; intervals need no term for training.",
                "Where training is a sixth as long the fitted floor is another one: that term matters.",
            ),
        ],
    ),
    Question(
        "Model A errs by 0.5 about everything that is seen, model B by 0.95, and B's plans earn nearly "
        "twice as much. How can that be?",
        (
            "A's error is small where nothing depends on it, and large where the reward does.",
            "Twenty pixels of a film weigh more in A's loss than the two numbers of the marble.",
        ),
        [
            (
                "B overfits the rewards, so its plans only seem to earn more.",
                "The plans were carried out in the world, from fresh starts.",
            ),
            (
                "A was trained too briefly; with more updates its plans would catch up.",
                "Trained twice as long, A erred less and its plans earned hardly more.",
            ),
        ],
    ),
    Question(
        "Two models are value equivalent for one policy and one function. What do you know?",
        (
            "One Bellman update agrees; their transition probabilities may differ.",
            "The fewer policies and functions one asks about, the more models pass.",
        ),
        [
            (
                "They have the same transition probabilities for the actions of that policy.",
                "Probability may be moved between next states as long as the expected value stays.",
            ),
            (
                "They lead every planner to the same plans, whatever the reward is.",
                "Nothing was asked about other policies, functions or rewards.",
            ),
        ],
    ),
    Question(
        "A school pays teachers by test scores. Scores rise; pupils know as much as before, since the "
        "tests were practised. Which kind of Goodhart's law fits best?",
        (
            "Causal: the score was changed without what it used to follow from.",
            "As with the cloth: somebody acts on the measure itself. (If teachers game it against the "
            "school, one may also call it adversarial.)",
        ),
        [
            (
                "Regressional: among many schools, the best scores owe something to luck.",
                "That happens as well, but luck does not make all scores rise after the announcement.",
            ),
            (
                "Extremal: nobody had ever seen such pupils before the tests were introduced.",
                "The pupils are ordinary; the way to the score is what changed.",
            ),
        ],
    ),
    Question(
        "A planner finds plans that a sensor praises and that are worth nothing. Its model is perfect. "
        "Which change helps?",
        (
            "A second sensor that fails elsewhere, and the lower report counts.",
            "A plan must then deceive both at once. With the same fault in both it helps nothing.",
        ),
        [
            (
                "A second sensor of the same make; two reports are better than one.",
                "What dazzles one dazzles the other: the fault is shared.",
            ),
            (
                "Comparing more plans, so that the good ones are found among the bad.",
                "More search finds more of the places where the measure errs.",
            ),
            (
                "Training the model for longer, until it foresees the sensor's report exactly.",
                "It foresees the report already. The report is what is wrong.",
            ),
        ],
    ),
]
