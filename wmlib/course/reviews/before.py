"""Ten questions before chapter 1. `after` asks the same ten things in other words."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "What is a world model?",
        (
            "Something that predicts what follows from an action in a state",
            "s′ = f(s, a), usually with the reward and whether the episode goes on.",
        ),
        [
            (
                "A map that holds the best action for each state that the agent may meet",
                "That is a policy.",
            ),
            ("The simulator in which an agent is trained", "That is the world itself, here."),
            ("A network that draws pictures of the world", "It need not draw anything."),
        ],
    ),
    Question(
        "Which agent can use a new goal at once, without new experience?",
        (
            "One that plans in a model of how the world moves",
            "How the world moves does not depend on the goal.",
        ),
        [
            ("One that has learned a Q-table for the old goal", "Its values are the old goal's."),
            ("One that repeats old transitions for the old goal", "They hold the old rewards."),
            ("One that explores at random", "It uses nothing that it knows."),
        ],
    ),
    Question(
        "A model is right to 1 % for one step. Why may it be useless for 50?",
        (
            "Each step begins from the error of the step before",
            "Errors add up, grow with the dynamics, and lead to states without data.",
        ),
        [
            ("Because 50 steps take too long to compute", "They take milliseconds."),
            (
                "Because the discount makes all of the later steps nearly worthless",
                "Then errors would not matter.",
            ),
            ("It is not: 1 % of one step is 1 % of fifty", "Predictions are fed back."),
        ],
    ),
    Question(
        "A coin-like event decides what happens next. Which model is right?",
        (
            "One that gives the chances of both outcomes",
            "The average of both outcomes may be something that never happens.",
        ),
        [
            (
                "One that predicts the average of both outcomes, as a squared error asks",
                "It may be a thing that never happens.",
            ),
            ("One that predicts the likelier outcome", "It hides that the other one exists."),
            ("None: chance cannot be modelled", "Its distribution can."),
        ],
    ),
    Question(
        "A planner searches much harder in a learned model. What may happen?",
        (
            "It finds errors of the model that look like high returns",
            "Search exploits the model where the model is wrong.",
        ),
        [
            (
                "The model gets better, because it is asked about more and more states",
                "Asking does not train it.",
            ),
            ("The plan gets better in any case", "Better in the model, perhaps."),
            ("Nothing, beyond a longer computation", "Other plans are found."),
        ],
    ),
    Question(
        "How can an agent notice that it knows too little about a state?",
        (
            "Several models, trained a little differently, contradict each other there",
            "Where data is missing, little makes them agree.",
        ),
        [
            (
                "The rewards that the model predicts there are lower than those at all other states",
                "Low reward is no ignorance.",
            ),
            ("The noise of the world is large there", "Noise remains when all is known."),
            ("The state was visited often", "Then it knows more, not less."),
        ],
    ),
    Question(
        "An agent sees pictures. Why does it predict in a latent space?",
        (
            "What matters in a picture is a few numbers, and these are easier to predict",
            "Most pixels are predictable or do not matter.",
        ),
        [
            ("Pictures cannot be predicted at all", "They can, at a price."),
            (
                "Latents hold more information than the pictures, since a network has worked on them",
                "They hold less, on purpose.",
            ),
            ("Latents need no training data", "The encoder is trained."),
        ],
    ),
    Question(
        "Agent A needs 1,000 steps and B 10,000. A was told the goal. What follows?",
        (
            "Nothing yet about their methods: they were not given the same",
            "Give both the goal, then compare.",
        ),
        [
            ("A's method is ten times better", "The goal may explain all of it."),
            (
                "B's method does not work, because it needs ten times as much experience",
                "It came to the end, with less information.",
            ),
            ("A cheated, and B is the better method", "That does not follow either."),
        ],
    ),
    Question(
        "A claim holds in 20 of 20 seeds. When may it still say nothing?",
        (
            "When an agent that does nothing useful passes it as well",
            "A claim must be able to fail.",
        ),
        [
            ("When the seeds were 0 to 19", "Any seeds will do that did not design it."),
            ("When the interval is not printed", "20 of 20 can be judged without it."),
            ("Never: 20 of 20 is proof", "Of the condition, not of its meaning."),
        ],
    ),
    Question(
        "An agent learns only in its own imagination. What does it need from the world?",
        (
            "Data to train the model, again and again from where it goes",
            "A model knows what its data showed; a new policy goes elsewhere.",
        ),
        [
            ("Nothing, once it has been switched on", "Then the model is never corrected."),
            ("Rewards alone", "The model must also learn what follows."),
            ("The equations of the world", "Then nothing would have to be learned."),
        ],
    ),
]
