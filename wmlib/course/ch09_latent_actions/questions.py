"""Eight concept questions about chapter 9."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "Why may the latent action model say only one code out of a few?",
        (
            "With a wide message it could pass on the next frame itself.",
            "Then the frame would be predicted perfectly, and the message would say nothing about "
            "actions in particular.",
        ),
        [
            (
                "The dynamics network could not read a message of real numbers.",
                "It reads vectors; for the first third of the training it gets unquantised ones.",
            ),
            (
                "There are as many actions as codes, and a real number cannot stand for an action.",
                "With eight codes for three actions it works as well; and in other worlds an action "
                "is a real number.",
            ),
            (
                "Choosing among few codes makes the gradient exact.",
                "On the contrary: a choice has no useful gradient, and straight-through replaces it.",
            ),
        ],
    ),
    Question(
        "The encoder sees the next frame. Why is that no cheating?",
        (
            "When one plays, nobody asks the encoder: the player chooses the code.",
            "It is used to find out what happened in a film. The dynamics sees the frame before and "
            "the code only.",
        ),
        [
            (
                "It sees only the difference of the frames, which does not hold the next frame.",
                "Frame and difference together are the next frame. It does see it.",
            ),
            (
                "The commitment loss removes what it has seen of it.",
                "That term keeps vectors near their codes. What limits the message is the number "
                "of codes.",
            ),
            (
                "It would be, and the test film is there to punish it.",
                "On the test film the encoder sees the next frame too, as it must.",
            ),
        ],
    ),
    Question(
        "Codes agree with the hidden actions in 51 % of the steps, always the same action in 41 %. "
        "What follows?",
        (
            "Little: the frame before the step alone may give as much.",
            "A driver reacts to the road. A code that says where the road lies agrees with the "
            "actions and is none.",
        ),
        [
            (
                "The codes are the actions, since the agreement is above the majority.",
                "In this chapter sorting the frames by where the road lies gave 51 % as well.",
            ),
            (
                "The model needs more codes.",
                "Eight free codes did not repair it here. First ask what the codes say instead.",
            ),
            (
                "The codes must be named with more labels until the agreement rises.",
                "Names can be right and the codes still mean something else.",
            ),
        ],
    ),
    Question(
        "Nobody knows how many actions there are, and you train with eight codes instead of three. "
        "What does it cost in this chapter?",
        (
            "More labels to name them.",
            "Several codes share an action. Each must be seen with its action before it has the "
            "right name, but then they agree nearly as often.",
        ),
        [
            (
                "The codes no longer agree with the actions, since three of eight must be right.",
                "Several codes may have the same name; agreement stays high.",
            ),
            (
                "Five codes die and the rest are as before.",
                "They do not die: they split an action, for instance by what the road does.",
            ),
            (
                "The predicted frames get worse.",
                "They get a little better: a finer message helps to predict.",
            ),
        ],
    ),
    Question(
        "What made the codes mean the same action everywhere in this chapter?",
        (
            "The assumption that a code is one movement.",
            "In the same training, free codes agree far less often, with three codes or with "
            "eight. With four times as many steps they come nearer.",
        ),
        [
            (
                "The loss, which punishes a code that means two things.",
                "It does not: permute the codes by place, and frames and loss stay the same.",
            ),
            (
                "That there were as many codes as actions.",
                "With eight codes that are movements the agreement stays high.",
            ),
            (
                "The size of the network and of the film, which leave nothing else to say.",
                "Film and encoder are the same for free codes, and those mean other things.",
            ),
        ],
    ),
    Question(
        "A model has a ΔPSNR of six decibels. What do you know?",
        (
            "Its predicted frames depend on the code.",
            "Nothing more. Under clouds the codes told the light; with codes permuted by place they "
            "told an action only together with the place.",
        ),
        [
            (
                "Its codes are the actions of the player.",
                "Two models in this chapter have a high ΔPSNR, and their codes are not the actions.",
            ),
            (
                "Its predicted frames are good.",
                "It is a difference of two errors: both may be large.",
            ),
            (
                "It uses as many codes as there are actions in the world.",
                "It says nothing about the number of actions.",
            ),
        ],
    ),
    Question(
        "k-means of fitted image motion finds the actions as well as the network, in less than a "
        "second. What is the fair conclusion?",
        (
            "Here the assumption did the work, and no network was needed to find the codes.",
            "Both assume that an action is one motion of the whole picture. The network adds frames "
            "that can be imagined.",
        ),
        [
            (
                "The network is useless.",
                "It predicts frames, so one can play it. k-means of motion draws nothing.",
            ),
            (
                "The comparison is unfair: k-means was told the actions.",
                "It was given what the model was given: the film, and the same labels for names.",
            ),
            (
                "Latent actions never need networks, whatever the film shows.",
                "One world is one world: here nothing moved but the camera, and motion was all.",
            ),
        ],
    ),
    Question(
        "Why did the inverse model that knew all actions of the day film fail in the night film?",
        (
            "It had learned how turns look by day.",
            "What it reads are bright roads on dark grass. The codes were tried by moving the "
            "picture itself, and that works in any colours.",
        ),
        [
            (
                "In the night film the actions have other effects.",
                "The car turns and drives in the same way; only the look is another.",
            ),
            (
                "It had too few labels to learn from.",
                "It had every label of the day film, about 11,000, and by day it is right nearly "
                "always.",
            ),
            (
                "A model with labels overfits; one without labels cannot.",
                "By day it is right on new tracks, too. And our own encoder, without labels, is "
                "worse by night as well.",
            ),
        ],
    ),
]
