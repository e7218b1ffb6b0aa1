"""Eight concept questions about chapter 7."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "What is the difference between observing and imagining in an RSSM?",
        (
            "Whether z is drawn from the posterior or from the prior.",
            "Memory, heads and all else are the same. The posterior has the picture, the prior has not.",
        ),
        [
            (
                "Observing uses the GRU; imagining uses a second network that was trained on rollouts.",
                "The same GRU carries h in both cases, and there is no second network.",
            ),
            (
                "In imagination h is sampled, while in observation it is computed exactly.",
                "h is computed in both. What is sampled is z, in both.",
            ),
            (
                "Imagining decodes each picture and encodes it again.",
                "No picture is made: the next step needs h and z only.",
            ),
        ],
    ),
    Question(
        "The posterior learns to ignore the picture. What happens to the KL?",
        (
            "It becomes small, although the model has become useless.",
            "Nothing is left for the prior to predict. That is why this half of the KL gets the "
            "smaller weight, and why the reconstruction must pay for looking.",
        ),
        [
            (
                "It becomes large, since prior and posterior now disagree.",
                "They agree easily: neither says anything about the picture.",
            ),
            (
                "It stays at exactly one nat, the free nat.",
                "The floor hides a KL below one nat from the loss; the KL itself goes to zero.",
            ),
            (
                "It cannot happen, because the KL only moves the prior.",
                "One of its two halves moves the posterior, with weight 0.1 here.",
            ),
        ],
    ),
    Question(
        "In your code the actions are shifted by one step. How do you notice?",
        (
            "By a test in a world where the last action decides what is seen.",
            "The loss hardly shows it, since pictures change little from step to step.",
        ),
        [
            (
                "The loss of the model no longer falls.",
                "It falls nearly as low: the last picture already says most of the next one.",
            ),
            (
                "The KL becomes infinite, because the prior is always surprised.",
                "Unimix keeps it finite, and the surprise is small where little changes.",
            ),
            (
                "The shapes no longer fit.",
                "A shift by one keeps all shapes. That is what makes it dangerous.",
            ),
        ],
    ),
    Question(
        "A world pays 1 on every step, also on the last. Which part makes the actor avoid the end?",
        (
            "The predicted continue, which cuts off everything after the end.",
            "All rewards are equal; only the number of steps that still count differs.",
        ),
        [
            (
                "The reward head, which learns that falling pays less.",
                "It does not pay less: the step that drops the pole is worth 1, too.",
            ),
            (
                "The entropy bonus, which punishes a certain fall.",
                "It rewards undecided actions, whatever follows from them.",
            ),
            (
                "The discount, which makes later falls cheaper.",
                "With equal rewards and no end, the discount alone ranks nothing.",
            ),
        ],
    ),
    Question(
        "Where does the gradient of the actor's loss flow in this chapter?",
        (
            "Into the actor only, through log π of the imagined actions.",
            "The dream is made without gradients; the advantage is a fixed number (REINFORCE).",
        ),
        [
            (
                "Through the whole dream into the actor, as in V1.",
                "V1 does that. Here, as in V3 for discrete actions, the dream is a source of samples.",
            ),
            (
                "Into the actor and the model, so that the dream becomes pleasant.",
                "That would let the model learn wishes instead of the world.",
            ),
            (
                "Into the actor and the critic, which share one loss.",
                "The critic has its own loss; the advantage is stopped.",
            ),
        ],
    ),
    Question(
        "From the latent a network reads the velocities with R2 0.97. What does that show by itself?",
        (
            "That this latent contains them, in a form that the network can read.",
            "Not that training put them there: an untrained model's latent gives more than half of "
            "the variance. Not that an RSSM is needed: four pictures give much of it.",
        ),
        [
            (
                "That the agent uses the velocities to balance the pole.",
                "A probe shows what is there, not what is used. Wiping the memory tests the use.",
            ),
            (
                "That training made the latent represent velocities.",
                "Only the comparison with an untrained model says how much training added.",
            ),
            (
                "That no method without a recurrent state could know them.",
                "The control with four pictures knows a good part of them.",
            ),
        ],
    ),
    Question(
        "In one run an agent lets the cart roll off the track. Its latent knows where the cart is, and its "
        "model imagines no end there. What follows?",
        (
            "The actor practises in a world whose track hardly ends.",
            "What the latent knows does not help if the continue head does not say it. Whether that "
            "alone is the cause would take one more experiment.",
        ),
        [
            (
                "The encoder should be made larger, so that the position can be seen.",
                "The decoded position is right to about twelve centimetres. It is there.",
            ),
            (
                "The actor's learning rate is too high, so it forgets the track.",
                "It has hardly ever been told of the end of the track. No rate repairs that.",
            ),
            (
                "The critic alone is at fault, because the model's dreams are right.",
                "They are not: they go on where the real episode ends within a few steps.",
            ),
        ],
    ),
    Question(
        "A linear policy from a one-second search does nearly as well as Dreamer on this task. What is a "
        "fair conclusion?",
        (
            "For this task the model was not needed.",
            "Near upright CartPole is almost linear, also in its pictures' main components. Where no "
            "linear policy exists, this rival has nothing to offer.",
        ),
        [
            (
                "Dreamer is not worth learning, since eight weights replace 400,000.",
                "One easy task says nothing about tasks in which eight weights are not enough.",
            ),
            (
                "The comparison is unfair, because the search saw more real steps than Dreamer did.",
                "All steps of its episodes are counted, and it gets no more than Dreamer.",
            ),
            (
                "The search learned a world model without saying so.",
                "Its components describe pictures; nothing in it predicts what an action does.",
            ),
        ],
    ),
]
