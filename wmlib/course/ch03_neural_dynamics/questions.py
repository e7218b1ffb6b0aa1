"""Concept questions of chapter 3."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A model of CartPole is wrong by 0.01 after one step and by 0.17 after twenty. What follows?",
        (
            "Nothing yet: compare with its twenty one-step errors added up",
            "Errors that cancel in part add up to less than 20 times one of them. The chapter's linear "
            "model grows 17-fold, and is more than twice as wrong as the sum of its errors: it compounds.",
        ),
        [
            (
                "Its errors only add up, because 17 is less than 20",
                "Twenty errors add up to twenty times one only if all of them point the same way. If "
                "they cancel in part, 17-fold growth is already more than adding.",
            ),
            (
                "Its errors compound, because 17 is far more than the square root of 20",
                "The square root holds for errors that are independent. One-step errors of neighbouring "
                "states are alike, and simply adding them gives more than the square root.",
            ),
            (
                "Its errors compound, because the factor is larger than 10",
                "Mere adding can give a factor of 20 after twenty steps.",
            ),
        ],
    ),
    Question(
        "Why does linear least squares fail on the pendulum, seen as cosine, sine and velocity?",
        (
            "The change of the cosine is about minus sine times velocity: a product",
            "With the two columns sine times velocity and cosine times velocity the error of the cosine "
            "falls from about 1 to 0.2 of a usual change.",
        ),
        [
            (
                "Gravity pulls to one side on the left and to the other on the right of the circle",
                "Gravity is a number times the sine, and the sine is one of the features. Linear least "
                "squares gets the change of the velocity nearly right.",
            ),
            (
                "1,000 rows are too few to fit a linear model with five columns",
                "Five weights for each feature are fixed by far fewer rows. More rows do not help: the "
                "right function is not among those that it can express.",
            ),
            (
                "The motor is too weak to lift the pendulum at once",
                "That makes the task hard for a planner. It does not make the next state hard to predict.",
            ),
        ],
    ),
    Question(
        "You replace metres by millimetres in the data and train again. Which models change what they "
        "predict?",
        (
            "A network without a normaliser, but not least squares",
            "Least squares rescales the weight of a column with its unit. Gradient descent does not: to "
            "the raw network a large number is an important one.",
        ),
        [
            (
                "All of them, because the loss is measured in other units now",
                "A normaliser takes the unit out again, and least squares fits each output on its own.",
            ),
            (
                "None, because the world is the same",
                "The world is the same, but training is not: the errors of the raw network grow more than "
                "a hundredfold.",
            ),
        ],
    ),
    Question(
        "You have one hour of video of one driver, 100,000 frames. How do you choose the test part of a "
        "model of the next frame?",
        (
            "Whole drives, none of whose frames are used for training",
            "Rows that belong together go to the same side. Only then does the test ask for what it has "
            "not nearly seen.",
        ),
        [
            (
                "A random fifth of the frames, because a large sample is precise",
                "Each test frame has a twin, a moment older, in the training part. The number will be "
                "precise and too good.",
            ),
            (
                "Every fifth frame, so that the test part covers the whole hour",
                "That covers the hour, and again each test frame has training frames just before and "
                "after it.",
            ),
        ],
    ),
    Question(
        "A clock stops every episode after 100 steps. What does a continue head learn from `done`, which "
        "is true at falls and at the clock's stops?",
        (
            "That good states end, too, with some probability",
            "States in which the clock happened to stop are marked as ends. A planner that believes it "
            "avoids states in which nothing is wrong.",
        ),
        [
            (
                "The same as from `terminated`, with a little noise that averages out",
                "The mistake has a direction: upright states are called ends and never the reverse. "
                "Averages keep it.",
            ),
            (
                "That episodes last 100 steps, which is true",
                "The head sees a state and not the time. It cannot know when the clock will stop.",
            ),
        ],
    ),
    Question(
        "With four times the data the squared error of a dynamics model falls from 0.093 to 0.092. What "
        "do you know?",
        (
            "That more rows of this kind will hardly help",
            "The rest may be noise of the world, or something that this model cannot express, or that "
            "these rows never show. The curve alone does not tell these apart.",
        ),
        [
            (
                "That the world is noisy, with a variance of about 0.092",
                "It may be. A linear model of the pendulum also stops improving, in a world without any "
                "noise.",
            ),
            (
                "That the model is as good as any model can be",
                "Another model, or another observation, may be better with the same rows.",
            ),
        ],
    ),
    Question(
        "Why is a network that was taught by a good balancer a bad model for a planner?",
        (
            "It has seen hardly any state in which something is going wrong",
            "The balancer stays within 3 degrees, and a planner asks about falls. Random pushes in the "
            "same states help little: the states themselves are missing.",
        ),
        [
            (
                "Nothing can be learned where the push depends on the state",
                "Linear least squares learns the world from exactly these rows almost perfectly. It is "
                "the flexible network that does not know how to continue.",
            ),
            (
                "The balancer never falls, so that its episodes are too long",
                "Long episodes are no harm. What matters is which states they pass through.",
            ),
            (
                "The network learns to balance instead of learning how the cart moves",
                "It is never asked which push to choose: the push is an input.",
            ),
        ],
    ),
    Question(
        "On both worlds of this chapter a Gaussian process errs less than the network. When would you "
        "still take the network?",
        (
            "With very many rows, or inputs such as pictures",
            "A Gaussian process compares each input with every row, and needs a distance that means "
            "something. A network costs the same however many rows it has seen.",
        ),
        [
            (
                "When only a hundred rows can be collected",
                "There the gap is largest: with 100 rows of CartPole the process errs about a hundred "
                "times less.",
            ),
            (
                "When the world is not linear",
                "A Gaussian process is not linear either, and it wins on the pendulum, which is not.",
            ),
            (
                "Always: networks are universal approximators",
                "That says that some weights would do, not that 1,000 rows and 1,000 updates find them.",
            ),
        ],
    ),
]
