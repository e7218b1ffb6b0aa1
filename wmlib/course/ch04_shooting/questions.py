"""Concept questions of chapter 4."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A model predicts the next state and the reward of CartPole almost perfectly. A planner sums "
        "the predicted rewards of 50 plans and balances no longer than random actions. Why?",
        (
            "Every plan earns the same sum, whether the pole falls or not",
            "CartPole pays 1 for every step. What differs between futures is how long they last, and "
            "nothing in this model says when an episode ends.",
        ),
        [
            (
                "Small errors of the predicted state compound over 20 steps until plans look alike",
                "The true physics with the true reward does no better: all sums are 20.",
            ),
            (
                "Fifty plans are too few: with 5,000 one of them would score higher",
                "It would score higher only by the reward head's error. More plans find a larger error.",
            ),
            (
                "Random training data never show a good episode, so the rewards of one are unknown",
                "The reward is 1 everywhere, and the network predicts it to about a hundredth.",
            ),
        ],
    ),
    Question(
        "With the true physics, 8 random plans balance for 500 steps at horizon 8, and for about 320 "
        "at horizon 40. What happened?",
        (
            "The first action explains only a small share of a long plan's score",
            "At horizon 40 it explains some 4 % of the variance, at horizon 8 some 18 %. The best of "
            "eight long plans is best mostly for what its later actions do.",
        ),
        [
            (
                "The model's errors grow with the horizon, so that long plans are judged wrongly",
                "There are none here: the model is the true physics.",
            ),
            (
                "A longer horizon aims at a different goal than balancing the pole",
                "The score is the same for each step. With 64 plans horizon 40 is much better again.",
            ),
        ],
    ),
    Question(
        "A paper reports: our planner solves CartPole in 100 real steps, DQN in 19,000. Which question "
        "comes first?",
        (
            "Was DQN told the shaped score and the limits too, and did anyone tune it for few steps?",
            "In the chapter the tuned DQN needs about a quarter of what the usual settings need, and a "
            "linear-quadratic regulator with the same help needs 50 steps.",
        ),
        [
            (
                "Is the network of the planner as large as the network of the DQN?",
                "Size is not the difference that counts here. Least squares with a few weights beats both.",
            ),
            (
                "How many seconds did each of them take?",
                "A fair question of another kind. It does not tell whether the steps are comparable.",
            ),
            (
                "Were the evaluation episodes counted as real steps of both?",
                "It must be the same rule for both, but it cannot make a ratio of 190.",
            ),
        ],
    ),
    Question(
        "CEM with 3 rounds of 50 plans scores higher than the median of 50 random plans. What does "
        "that show about CEM?",
        (
            "Nearly nothing: the rival with the same effort is the best of 150",
            "Half of all random plans beat the median. Compare with the best of as many, in the "
            "imagination and in the world.",
        ),
        [
            (
                "That its elites lead the search to better plans than chance does",
                "A single random plan beats that median half of the time.",
            ),
            (
                "That it will act better in the world with the same number of imagined plans",
                "A plan that scores higher in the imagination need not be better in the world, and "
                "this comparison did not use the same number.",
            ),
        ],
    ),
    Question(
        "The goal moves from x = 0 to x = 1. The planner is given the new score and the old steps; a "
        "DQN starts with fresh weights and an empty replay. The planner needs fewer new steps. What may "
        "you conclude?",
        (
            "Only what a fresh DQN costs",
            "The fair rival keeps its weights and its steps, with the new reward written into them. "
            "The chapter runs it. Here it does not arrive either; elsewhere it might.",
        ),
        [
            (
                "Values are about one goal, so a model-free agent has to learn each goal anew",
                "Goal-conditioned values, successor features and relabelled replay are model-free and "
                "keep what was learned.",
            ),
            (
                "A model is needed wherever goals change",
                "A regulator needs only two matrices, and a PID controller holds a new angle with no "
                "model at all.",
            ),
        ],
    ),
    Question(
        "A cart must move to the right. The planner with a horizon of 8 steps (0.16 s) drives it to the "
        "left. What is the cause?",
        (
            "Within 8 steps a push to the right looks best, and saving the pole undoes it",
            "To drive right the cart must first push left until the pole leans right. That pays only "
            "later than 0.16 s.",
        ),
        [
            (
                "The network was trained near x = 0 and does not know the track at x = 1",
                "It does not read the position at all. With a horizon of 50 the same network arrives.",
            ),
            (
                "The new score has the wrong sign for a cart that stands on the left of its goal",
                "With the same score, a longer horizon and more plans it arrives.",
            ),
            (
                "Fifty random plans are too few to contain eight pushes to the right",
                "Eight pushes to the right are one of 256 plans, but most of them would drop the pole.",
            ),
        ],
    ),
    Question(
        "The best of 150 *smooth* random plans swings the pendulum up about as well as CEM with 150 "
        "plans; the best of 150 uniform plans costs a hundred points more. What does this say?",
        (
            "CEM's lead over uniform plans lies mostly in what is sampled, not in the rounds",
            "Uniform torques average out over 20 steps and hardly move a pendulum. Slow noise pushes "
            "one way for long. A comparison that changes both at once cannot tell them apart.",
        ),
        [
            (
                "CEM is useless, and smooth random plans should always be preferred to it",
                "In four of ten seeds smooth plans are worse, by up to 48 points, and their smoothness "
                "has to suit the task.",
            ),
            (
                "The learned model must be wrong in a way that favours smooth plans",
                "The returns are measured in the world, not in the model.",
            ),
        ],
    ),
    Question(
        "On CartPole near upright, when is it right to prefer the linear-quadratic regulator to a "
        "planner with a learned network?",
        (
            "Where the world is nearly linear, the score quadratic, and both are known to you",
            "Then a matrix equation gives the best feedback from 50 steps and no search. The swing-up "
            "is not nearly linear, and without the score there is nothing to put into Q.",
        ),
        [
            (
                "Never: a network can represent every linear model and more besides",
                "It can, but it needs more steps to learn it, and a search at each step to use it.",
            ),
            (
                "Whenever computing time is short, whatever the world is like",
                "A linear model with the chapter's planner loses the swing-up by more than 1,000 points.",
            ),
            (
                "Only when the true physics is known, since its matrices come from there",
                "Its matrices are fitted to the same 50 random steps.",
            ),
        ],
    ),
]
