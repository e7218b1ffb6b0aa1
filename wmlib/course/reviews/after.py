"""Ten questions after chapter 13: the same ten things as in `before`, in other words."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "Which of these is a world model?",
        (
            "A function that says where a robot's arm will be after a motor command",
            "It predicts what follows from an action in a state.",
        ),
        [
            (
                "A function that says which motor command is the best one in each position",
                "That is a policy.",
            ),
            ("A camera that reports where the arm is", "It observes, it does not predict."),
            ("A score of how good the arm's position is", "That is a reward or a value."),
        ],
    ),
    Question(
        "A robot learned to balance a pole upright. Now it shall balance at a slant. Who needs no new data?",
        (
            "A planner with a learned model of the pole and a new score",
            "The pole moves as before; only what is wanted has changed.",
        ),
        [
            (
                "A Q-network for the upright pole, since the pole has stayed the same",
                "Its values are about the old goal.",
            ),
            ("A policy that was cloned from an expert", "The expert balanced upright."),
            ("A critic that was trained in imagination", "It values the old goal."),
        ],
    ),
    Question(
        "Two models have the same one-step error. After 20 steps one is far better. What can explain it?",
        (
            "Its errors do not push it away from the data",
            "Equal errors can add up, cancel, or compound.",
        ),
        [
            (
                "Its network has more layers, and can therefore look further ahead",
                "The one-step error would show it.",
            ),
            ("It was asked with a smaller batch", "Batches do not change predictions."),
            ("That is impossible", "One step does not decide twenty."),
        ],
    ),
    Question(
        "A door is open on half of all days. A model that minimises the squared error predicts…",
        (
            "a door that is half open, which nobody has ever seen",
            "The mean minimises the squared error, whether it exists or not.",
        ),
        [
            ("an open or a closed door, by chance", "That would need a distribution."),
            (
                "always the open door, because that is what it saw just as often",
                "Then the error would be larger.",
            ),
            ("a closed door on days with bad weather", "Weather was no input."),
        ],
    ),
    Question(
        "With more candidates the predicted return of the best plan rises and the true one falls. The name of this is…",
        ("model exploitation", "The search finds what the model gets wrong in its favour."),
        [
            ("aleatoric uncertainty", "That is chance in the world."),
            ("compounding error", "That grows with the horizon, not with candidates."),
            ("catastrophic forgetting", "No training happens here."),
        ],
    ),
    Question(
        "Five models agree, and all of them are wrong. How can that be?",
        (
            "They share a bias, for instance the same wrong extrapolation",
            "Agreement is evidence only as far as the members are independent.",
        ),
        [
            (
                "It cannot be, if each of them began from another seed and saw other data",
                "Seeds do not remove a common bias.",
            ),
            ("The world must have changed its noise", "Noise does not make means agree."),
            ("Five are always too few", "Fifty with the same bias agree as well."),
        ],
    ),
    Question(
        "What does a latent of 32 numbers lose that a picture of 4,096 pixels has?",
        (
            "Whatever did not help the loss it was trained with",
            "That can include the one pixel that matters for the task.",
        ),
        [
            (
                "Nothing, if the decoder is good",
                "Then pictures would be redundant by a factor 128.",
            ),
            ("The noise and nothing else", "Small things that matter can be lost, too."),
            ("The order of the frames", "A single picture has none."),
        ],
    ),
    Question(
        "A hierarchical planner beats a flat one. Before you praise the hierarchy, you ask…",
        (
            "whether the flat one was given the map that the levels use",
            "A terminal cost from the same map may do as well.",
        ),
        [
            ("whether its levels were trained end to end", "That is about how, not about why."),
            ("how many levels it has", "It does not tell what helped."),
            ("whether it runs on a GPU", "The comparison would not change."),
        ],
    ),
    Question(
        "A dream-trained controller scores 295 in its dream. A random one scores 299 there. The dream shows…",
        (
            "nothing about skill: it is empty",
            "The trivial agent passes, so that the score means nothing.",
        ),
        [
            ("that the controller is nearly optimal", "So is chance, then."),
            ("that the model was exploited", "Then the controller would beat chance there."),
            ("that random play is good in the world", "The world was not asked."),
        ],
    ),
    Question(
        "A policy trained in imagination gets worse in the world although its imagined return rises. The first remedy is…",
        (
            "new data from where the policy goes now, and training the model on it",
            "The policy has left the states that the model knows.",
        ),
        [
            ("more imagined steps between updates", "They come from the same wrong model."),
            ("a longer horizon of imagination", "It goes further where nothing is known."),
            ("a larger critic", "It would value the same imagined states."),
        ],
    ),
]
