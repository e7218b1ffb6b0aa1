"""Concept questions of chapter 11, language agents."""

from __future__ import annotations

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A planner that looks three calls ahead loses files in five times as many tasks as one that "
        "looks one call ahead. What do you ask first?",
        (
            "How many plans and calls each of them carried out.",
            "Losses grow with exposure. Only losses for each plan or call compare the two planners.",
        ),
        [
            (
                "How to make the deep search avoid the mistakes of the model that it has found.",
                "This takes the cause for granted. First show that a call of the deep planner is "
                "more dangerous at all.",
            ),
            (
                "Whether the difference holds in more than one training seed.",
                "It may hold in every seed and still be exposure. Repetition does not isolate a cause.",
            ),
            (
                "Whether the model was trained for long enough.",
                "A better model loses less at every depth. That does not say what depth did.",
            ),
        ],
    ),
    Question(
        "An agent loses no file in 1,000 tasks. What do you know about it?",
        (
            "Little, until you see how many of the tasks it did.",
            "An agent that refuses everything loses nothing either.",
        ),
        [
            (
                "That its world model predicts losses well.",
                "It may have no model. A script that only ever saves and backs up loses nothing.",
            ),
            (
                "That its true rate of losses is zero.",
                "None in 1,000 is compatible with a rate of up to about 3 in 1,000.",
            ),
            (
                "That it is at least safer than one that looks ahead.",
                "In this chapter the agent that looks ahead loses almost nothing too, and does its "
                "tasks. Safety without work is no standard of comparison.",
            ),
        ],
    ),
    Question(
        "Why do only the answer's tokens count in the loss?",
        (
            "The question is given at the time of use.",
            "Nobody needs the model to write questions, so its capacity and its gradient go to answers.",
        ),
        [
            (
                "Otherwise the model could see the answer while it is being trained to predict it.",
                "The causal mask prevents that, whatever counts in the loss.",
            ),
            (
                "Because the question's tokens are the same in all examples of a batch.",
                "They differ in every example: other files, other numbers, another call.",
            ),
            (
                "Because padding would be predicted too.",
                "Padding stands behind the answer and is left out as well, but that is another matter.",
            ),
        ],
    ),
    Question(
        "The table of lessons predicts as well as the GPT. What does the GPT have that the table lacks?",
        (
            "It was not told which words decide the outcome.",
            "The table was given the columns by a person. The GPT found them in raw text.",
        ),
        [
            (
                "It knows how sure it is.",
                "A table can count as well: the shares of the outcomes in an entry are probabilities.",
            ),
            (
                "It needs fewer lessons than a table to reach the same accuracy on this desk.",
                "Nothing here shows that. The table has only about 4,000 entries to fill.",
            ),
            (
                "It can be used in a search of any depth.",
                "So can the table: it stands behind the same interface and plans as well.",
            ),
        ],
    ),
    Question(
        "Reflexion tries a task up to three times, with notes about what went wrong. Why is it a poor "
        "fit for this desk?",
        (
            "Each note costs a file, and a new trial does not bring it back.",
            "Its method needs a reset. Where errors cannot be undone, there is none.",
        ),
        [
            (
                "Its notes do not help in the later trials.",
                "They do: it does many more tasks than in its first trial.",
            ),
            (
                "A script cannot reflect, so only a large language model could run it.",
                "A larger model would write better notes, but after the same loss.",
            ),
            (
                "Three trials are too few to learn the rules of the desk.",
                "Its notes already help in the second trial. The files of the first trials stay lost.",
            ),
        ],
    ),
    Question(
        "A limit on the risk was set so that 5 % of held-out losses pass. Will the agent therefore lose "
        "a file in 5 % of its tasks?",
        (
            "No: a share of losses is not a share of tasks.",
            "The rate in tasks depends on how many calls are made, and which of them are dangerous.",
        ),
        [
            (
                "Yes, since the held-out calls come from desks of the same kind.",
                "Held-out calls are random, the agent's are chosen, and a task has several of them.",
            ),
            (
                "Yes, but only if the model is calibrated.",
                "The limit counts held-out losses. It does not need calibrated probabilities, and it "
                "still says nothing about tasks.",
            ),
            (
                "No, it will lose far more, because a planner always picks calls that the model has wrong.",
                "At depth one, chosen calls lost a file less often than those passed over (8 against 12 %).",
            ),
        ],
    ),
    Question(
        "A file's name makes the model believe that the thesis has a copy. Why does a limit on "
        "risk still let one in three pass?",
        (
            "The model is seldom in doubt: for the desk that it was told, it is right.",
            "Its probabilities are about the text it reads. The text is false, and it cannot know.",
        ),
        [
            (
                "The limit was set too high; a stricter one would stop such calls.",
                "The strictest limit that leaves honest work alone still lets one in three pass.",
            ),
            (
                "The model was never trained on attacks, so its probabilities are random there.",
                "They are not random: they are sure, and right for the forged desk.",
            ),
            (
                "Risk is computed before the tool's text is read.",
                "It is computed from the same question, with the forged entry in it.",
            ),
        ],
    ),
    Question(
        "A chat model answers: `thesis is closed . => thesis lost .` What should the agent do?",
        (
            "Treat the outcome as unknown, and try only what cannot lose anything.",
            "Sentence and changes contradict each other. An answer that cannot be trusted is no answer.",
        ),
        [
            (
                "Believe the sentence, since sentences are what the model is best at.",
                "Nobody knows which half is wrong, and one half says that the thesis is lost.",
            ),
            (
                "Ask again until the answer is in the right form, and then act on that answer.",
                "Asking again is fine. But a lie may have the right form, and the service may stay down.",
            ),
            (
                "Make the call on the real desk and see what happens.",
                "This is what unknown must not mean, where a call may lose a file for ever.",
            ),
        ],
    ),
]
