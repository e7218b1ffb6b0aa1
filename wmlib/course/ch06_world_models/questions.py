"""Eight questions about chapter 6: understanding, not recall."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A controller lives 295 of 300 steps in its dream and 50 in the world. What do you know?",
        (
            "Too little: first send players who know nothing into the same dream.",
            "If standing still also lives 290 steps there, the dream is empty and nothing was exploited.",
        ),
        [
            (
                "It found an error of the model and exploits it.",
                "Perhaps. But in an empty dream every controller lives long, without exploiting anything.",
            ),
            (
                "It was trained for too few generations in that dream, so it has not learned to dodge.",
                "It has nearly the highest return that this dream can give: more training cannot add much.",
            ),
            (
                "V does not draw the balls.",
                "Then no temperature would help; here the same V serves warm dreams that do transfer.",
            ),
        ],
    ),
    Question(
        "Why does hardly a ball fall in a dream of temperature 0.1?",
        (
            "Draws stay near the likeliest branch, and in each step that is 'no ball'.",
            "The smaller noise does most: each number stays near a mean. Colder weights alone leave more of it.",
        ),
        [
            (
                "M has not seen enough balls in training.",
                "The same M throws balls at temperature 1. Only the drawing has changed.",
            ),
            (
                "At low temperature a ball is thrown just as often as before, but then it stands still in the sky.",
                "Fewer are thrown. One that is thrown moves by the means of the Gaussians.",
            ),
            (
                "The controller moves so that no ball is thrown.",
                "The sky is as dark for a player who acts at random: the controller is not the cause.",
            ),
        ],
    ),
    Question(
        "M predicts each of the 16 numbers by a mixture of its own. What can it not express?",
        (
            "That two numbers change together: both as with a ball, or both as without.",
            "Given h the numbers are drawn independently, so one may say 'ball' and the other 'no ball'.",
        ),
        [
            (
                "That a number may take one of two values.",
                "That is just what a mixture is for: two Gaussians, one at each value.",
            ),
            (
                "That what comes depends on what was seen some steps before.",
                "It does so through the memory h, from which all the mixtures are read.",
            ),
            (
                "That some numbers are more certain than others.",
                "Each Gaussian has a deviation of its own.",
            ),
        ],
    ),
    Question(
        "M learns from draws of z, anew in each batch, and not from the means. What for?",
        (
            "What V is unsure of must not look certain to M.",
            "With the means as targets, M could become more certain about z than V is about the picture.",
        ),
        [
            (
                "It makes the training faster, since the pictures need not be encoded again in each batch.",
                "They are encoded once in both cases. Drawing is an additional, cheap step.",
            ),
            (
                "It teaches V to give better codes.",
                "No gradient reaches V here: it was trained first and is left as it is.",
            ),
            (
                "Otherwise there would be no reason for a mixture.",
                "There would: the future forks even if every picture had an exact code.",
            ),
        ],
    ),
    Question(
        "Ten steps ahead the dream's picture errs by 1.0, the last picture that was seen by 1.3. The "
        "unit is the error of the mean picture, the same for every moment. What does this show?",
        (
            "Little: the mean picture, which knows nothing of the moment, does as well.",
            "A sharp ball in a wrong place is wrong twice. A baseline that never draws balls beats it.",
        ),
        [
            (
                "That M has learned how balls fall.",
                "Then it would beat the mean picture, which knows no balls. At ten steps it does not.",
            ),
            (
                "That the dream is good enough to train a controller.",
                "A dream can train a controller although no forecast is right, and the reverse.",
            ),
            (
                "That V draws sharper pictures than the world.",
                "V's own error is the floor of the dream's error; it is not compared here.",
            ),
        ],
    ),
    Question(
        "Which sentence is true of the paper of 2018?",
        (
            "The CarRacing controller was trained in the real environment, Doom's in the dream.",
            "In CarRacing the question was what M's memory adds to z, and nobody dreamt.",
        ),
        [
            (
                "Both controllers were trained in dreams, and then tested in the real game.",
                "It is often told so. Only Doom's was.",
            ),
            (
                "The Doom controller reads z alone, so that it is small enough for evolution.",
                "It reads z, the cell c and h: 64 + 512 + 512 numbers.",
            ),
            (
                "The best temperature for Doom was the lowest, since cold dreams are stable.",
                "At 0.1 the real score was 193; the best was 1,092 at 1.15.",
            ),
        ],
    ),
    Question(
        "With 435 numbers and 64 generations, what did CMA-ES do here that a plain evolution "
        "strategy, without a covariance, would not?",
        (
            "Almost nothing: the covariance stayed close to a ball.",
            "It has 435 × 436 / 2 entries, and a generation is worth some 9 good draws to learn them from.",
        ),
        [
            (
                "It found the directions in which the controllers differ, which is what made it succeed.",
                "That is the idea, in few dimensions or many generations. The printed lengths show the rest.",
            ),
            (
                "It used the gradient of the dream.",
                "No evolution strategy uses a gradient; it is told scores alone.",
            ),
            (
                "It needed fewer lives, because each life is scored on its own.",
                "Both score a controller by the mean of its lives.",
            ),
        ],
    ),
    Question(
        "On the same recorded steps, Q-learning lives longer than the controller of the dream. "
        "When would you dream all the same?",
        (
            "When many episodes are needed and the model is better than the record is large.",
            "A dream gives any number of episodes, of any policy. Its price is every error of the model.",
        ),
        [
            (
                "Always, because Q-learning needs new real steps.",
                "Not here: it learned from the very steps that the model was learned from.",
            ),
            (
                "Never, because a model can only lose information about the data.",
                "A model may generalise: it can say what a policy would meet that nobody has played.",
            ),
            (
                "When the dream's return is higher than the return in the world.",
                "That says that the dream is easier, not that it is a better teacher.",
            ),
        ],
    ),
]
