"""Review after part 3: questions that span its chapters and what came before."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A VAE reconstructs pictures well, and the ball of a game is missing in all of them. How can both be?",
        (
            "The ball is so few pixels that the loss hardly counts it",
            "Reconstruction weighs pixels, not what matters for the task.",
        ),
        [
            (
                "The KL term forbids the latent to hold a position",
                "It has a price, not a ban; what pays for itself in pixels is kept.",
            ),
            (
                "The decoder is linear and cannot draw circles",
                "Convolutional decoders draw them easily when the loss asks for it.",
            ),
            (
                "The pictures were shown in the wrong order",
                "A VAE looks at single pictures. Their order plays no part.",
            ),
        ],
    ),
    Question(
        "In a dream of low temperature a random player survives as long as a trained one. What does that show?",
        (
            "That nothing happens in this dream which could be learned",
            "Where everybody scores alike, the score says nothing about skill.",
        ),
        [
            (
                "That the trained one exploits an error of the model",
                "Then it would score higher in the dream than the random player.",
            ),
            (
                "That the model is exact, and the game is easy",
                "Run both in the world before you say so. There the random player dies early.",
            ),
            (
                "That the controller is too small to use the latent",
                "Then it would fail in a warm dream too, where the same controller learns.",
            ),
        ],
    ),
    Question(
        "An RSSM has a deterministic state h and a stochastic state z. What is the difference between prior and posterior of z?",
        (
            "The posterior has seen the present picture, the prior has not",
            "Both read h. Imagination must do with the prior, so training pulls the two together.",
        ),
        [
            (
                "The prior is used in training and the posterior in imagination",
                "It is the other way round: in imagination there is no picture to look at.",
            ),
            (
                "The prior is deterministic and the posterior random",
                "Both are distributions from which z is drawn.",
            ),
            (
                "The prior is learned first and then frozen",
                "Both are learned together, with a balance between the two directions of the KL.",
            ),
        ],
    ),
    Question(
        "Dreamer's actor is trained in imagination. Why does the critic matter even though rewards are predicted for 15 steps?",
        (
            "It stands for all that comes after the last imagined step",
            "Without it the actor would only care for 15 steps.",
        ),
        [
            (
                "It decodes the latents into pictures for the actor",
                "The decoder does that, and the actor needs no pictures.",
            ),
            (
                "It makes sure that the imagined states are real ones",
                "Nothing of the kind: a critic is as happy with impossible states.",
            ),
            (
                "It replaces the reward head, which is only needed for the loss",
                "Rewards of the imagined steps enter the λ-returns directly.",
            ),
        ],
    ),
    Question(
        "A transformer has three layers, each with a window of 24 frames. How far back can the newest output depend on a frame?",
        (
            "69 frames: each layer reaches 23 frames further back",
            "What the layer below saw is handed on. The window is per layer.",
        ),
        [
            (
                "23 frames: beyond the window there is nothing",
                "This holds for one layer. The layers add up.",
            ),
            (
                "Without limit, because attention has no recurrence",
                "Attention looks at what is in the window and no further.",
            ),
            (
                "8 frames: the window is shared among the layers",
                "Each layer has the whole window for itself.",
            ),
        ],
    ),
    Question(
        "Why does a vector-quantised tokenizer need a straight-through gradient?",
        (
            "Choosing the nearest code has no useful derivative",
            "So the decoder's gradient is handed to the encoder as if nothing had been rounded.",
        ),
        [
            ("Because the codes are drawn at random", "The nearest one is taken, without chance."),
            (
                "Because the codebook would collapse to one code otherwise",
                "Dead codes are a problem of their own, with cures of their own.",
            ),
            (
                "Because the transformer is trained with cross-entropy",
                "It is trained afterwards, on tokens that are fixed by then.",
            ),
        ],
    ),
    Question(
        "A latent action model sees two frames and may send a code of three values. What keeps the code from simply describing the next frame?",
        (
            "It is far too small for that",
            "The narrow code is what forces it to hold what the past does not tell: the action.",
        ),
        [
            (
                "The labels of the true actions in the training set",
                "There are none. The code is learned from video alone.",
            ),
            (
                "The tokenizer, which removes everything but the agent",
                "It keeps whatever helps to draw the frame.",
            ),
            ("A loss that compares the code with the optical flow", "No such loss is used here."),
        ],
    ),
    Question(
        "Two models have the same reconstruction error. One plans much better. How can that be?",
        (
            "Their errors lie in different places, and only some matter for decisions",
            "Objective mismatch: a good likelihood is not the same as a good decision.",
        ),
        [
            (
                "It cannot: the error decides how well one can plan",
                "Two models may err by as much in the sky as in the ball.",
            ),
            (
                "One of them must have been trained on more data",
                "Perhaps, but equal error can hide unequal use with the same data, too.",
            ),
            (
                "The better one must have a longer horizon",
                "The horizon belongs to the planner and can be the same for both.",
            ),
        ],
    ),
]
