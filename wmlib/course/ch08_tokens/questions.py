"""Eight concept questions about chapter 8."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "Why does the encoder need the straight-through estimator?",
        (
            "A small change of its output leaves the nearest code as it is.",
            "So the true gradient through the choice is zero almost everywhere, and nothing could "
            "be learned from it.",
        ),
        [
            (
                "A codebook of 128 codes is too large for its gradients to be kept in memory.",
                "Its size does not matter: with two codes the gradient is zero just the same.",
            ),
            (
                "It makes the decoder independent of the codes.",
                "The decoder gets nothing but the codes; it has an ordinary gradient.",
            ),
            (
                "Otherwise the codes would be pulled to the encoder's outputs.",
                "They should be: here running averages do that, and no gradient is used for it.",
            ),
        ],
    ),
    Question(
        "What does the commitment loss do, where the codes are moved by running averages?",
        (
            "It pulls the encoder's vectors to their codes.",
            "The codes follow by themselves. Without the pull the vectors may grow without limit, "
            "and codes and vectors chase each other.",
        ),
        [
            (
                "It pulls the codes to the encoder's vectors, since nothing else moves them.",
                "That is the other half of the loss in the original paper; here the averages do it.",
            ),
            (
                "It makes the encoder use all codes equally often.",
                "It says nothing about how often a code is used; a dead code has no vectors at all.",
            ),
            (
                "It punishes a decoded picture that is unlike the real one.",
                "That is the reconstruction loss, the first term.",
            ),
        ],
    ),
    Question(
        "A code of the codebook is dead. Why does training longer not help it?",
        (
            "It moves to the mean of the vectors that choose it, and none does.",
            "No vectors, no mean: it stays where it is until somebody puts it elsewhere.",
        ),
        [
            (
                "Its learning rate has fallen to zero at the end of the schedule.",
                "The codes have no learning rate here, and a dead code does not move early on either.",
            ),
            (
                "The straight-through estimator hides its gradient behind a stop, so it gets none.",
                "It does for every code, also for those that live: they move by averages.",
            ),
            (
                "The commitment loss holds it in its place.",
                "The commitment loss moves the encoder, not the codes.",
            ),
        ],
    ),
    Question(
        "Why are the sixteen tokens of the next frame drawn one after the other?",
        (
            "So that each fits the tokens that were drawn before it.",
            "Drawn each for itself, the left half of a ball could be put in one square and its right "
            "half in a square that does not touch it.",
        ),
        [
            (
                "Because the transformer attends over single tokens.",
                "Here it attends over frames; the small head draws the tokens from one h.",
            ),
            (
                "Because that is faster than drawing them together.",
                "It is slower: sixteen small steps in place of one.",
            ),
            (
                "Because the decoder paints the squares in that order.",
                "The decoder paints all squares at once, when all tokens are there.",
            ),
        ],
    ),
    Question(
        "What does the KV cache change?",
        (
            "The time that one more frame takes, and not the result.",
            "Keys and values of old frames depend on nothing that comes later: they are kept, and "
            "not computed again.",
        ),
        [
            (
                "How far back the model can see: it keeps what the window would lose.",
                "It keeps as many frames as the window allows, so that both passes agree.",
            ),
            (
                "The accuracy: kept keys are a little outdated after each new frame.",
                "With a causal mask an old frame's key cannot change, so it is never outdated.",
            ),
            (
                "The speed of training, where all frames are known at once.",
                "Training computes all frames in one pass anyway; the cache is for imagination.",
            ),
        ],
    ),
    Question(
        "Each of three layers attends to a window of 24 frames, the frame itself among them. Which "
        "is the oldest frame that can still change h at frame 100?",
        (
            "frame 31",
            "Each layer goes 23 frames further back: 100 - 3 x 23 = 31. What is older has no path.",
        ),
        [
            (
                "frame 77",
                "That is what one layer sees. The frames it sees have themselves seen older ones.",
            ),
            (
                "frame 28",
                "The frame itself is one of the 24: each layer goes back by 23, not by 24.",
            ),
            (
                "frame 1, since each layer passes on what it has seen",
                "Only three layers pass something on, each by at most 23 frames.",
            ),
        ],
    ),
    Question(
        "A sign was seen longer ago than the transformer reaches. It answers at chance, a GRU "
        "answers right. What follows?",
        (
            "Here a state that is carried along is the better memory.",
            "The GRU wins this comparison. Within its reach the transformer learned the other task "
            "in far fewer batches.",
        ),
        [
            (
                "The transformer should have been trained longer.",
                "No path leads from the sign to the answer: no training can make one.",
            ),
            (
                "GRUs remember better than transformers.",
                "Six signs within the window took the GRU many times more batches to learn.",
            ),
            (
                "The transformer has fewer parameters than the GRU.",
                "It has more. What counts is whether the information can arrive.",
            ),
        ],
    ),
    Question(
        "The Q network without a model catches more balls than the actor that practised in "
        "imagination. Both learned from the same film. What is a fair conclusion?",
        (
            "With so long a film of this game, the world model was not needed to catch balls.",
            "The film probably shows nearly every situation. The model offers other things: dreams, and new "
            "tasks without new experience.",
        ),
        [
            (
                "World models are worse than Q-learning.",
                "One game, one long film: nothing is said about short films or other games.",
            ),
            (
                "The comparison is unfair, since a model has to learn more.",
                "Film and score are the same. What differs, and is said, is the input: two real frames against a decoded one.",
            ),
            (
                "The tokens lose so much that nobody could catch balls with them.",
                "A script that follows the ball in the decoded picture catches nearly all.",
            ),
        ],
    ),
]
