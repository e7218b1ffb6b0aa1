"""Review after part 1: questions that span its chapters and what came before."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A reactive agent and a planning agent have the same table of transitions in memory, but only one uses it before acting. What does the planner need beside the table to choose an action?",
        (
            "A search over imagined steps, and something that says which outcome is good",
            "A model predicts; it does not prefer. The preference is a reward, a goal or a value.",
        ),
        [
            (
                "Nothing: a model of the world already contains the right action",
                "A model says what follows from an action, not whether that is wanted.",
            ),
            (
                "A neural network in place of the table, so that it can generalise",
                "A table is a complete model of a small world; planning in it is what chapter 2 does.",
            ),
            (
                "The true simulator, because a learned table is never exact enough",
                "A table learned from experience is enough where every pair that matters was tried.",
            ),
        ],
    ),
    Question(
        "The goal of a maze moves to another cell. Everything else stays. What must an agent with a learned model of the moves learn again?",
        (
            "Only where the reward is now",
            "Moves and walls are as before. That is why a model transfers between goals.",
        ),
        [
            (
                "Every value, from new real steps, as Q-learning has to",
                "Values change, but the model works them out again without a real step.",
            ),
            (
                "Nothing at all: its old values are still those of the new goal",
                "The values were those of the old goal. They are computed anew, in imagination.",
            ),
            (
                "The model of the cells around the old goal",
                "How one moves there has not changed; only what it pays has.",
            ),
        ],
    ),
    Question(
        "Dyna-Q makes 50 imagined updates after each real step. When do these updates change nothing?",
        (
            "As long as no reward has been met and all values are zero",
            "The target of every update is then zero plus a discounted zero.",
        ),
        [
            (
                "As long as the model is learned from fewer than 50 real steps",
                "Even a model of one transition gives useful updates once that transition pays.",
            ),
            (
                "In a world without chance, where one update for each pair is enough",
                "Values still have to travel back step by step, and that takes many updates.",
            ),
            (
                "Never: each imagined step teaches as much as a real one",
                "A real step brings news of the world. An imagined one only spreads what is known.",
            ),
        ],
    ),
    Question(
        "An agent keeps every real transition and repeats random ones of them for its updates. Which model-based method does that resemble?",
        (
            "Dyna-Q in a deterministic world: the buffer is a model that can only repeat",
            "Sampling a stored transition is asking a non-parametric model about a pair that was tried.",
        ),
        [
            (
                "None: replay has no model and therefore learns only from real steps",
                "The updates between real steps come from memory, as in Dyna. The line between both is thin.",
            ),
            (
                "Planning at decision time, because it happens before each action",
                "Nothing is looked ahead from the present state. It is background planning.",
            ),
            (
                "Prioritised sweeping, because it goes backwards from the reward",
                "Uniform replay has no order. A priority on the error would bring it nearer.",
            ),
        ],
    ),
    Question(
        "What is the difference between background planning and decision-time planning?",
        (
            "The first improves values for all states; the second looks ahead from the state at hand",
            "Dyna is background planning; a shooting planner or tree search decides for now.",
        ),
        [
            (
                "The first uses a learned model, the second the true one",
                "Both can use either. The difference is when and for which states one plans.",
            ),
            (
                "The first is for tables and the second for neural networks",
                "Dreamer is background planning with networks; search in a table is decision-time planning.",
            ),
            (
                "The first plans while the agent sleeps, so that it needs no processor time",
                "Both cost time. Background planning spends it between decisions.",
            ),
        ],
    ),
    Question(
        "After a wall has moved, a Dyna-Q agent walks into it for hundreds of steps. What would have helped it most to notice a door that *opens* elsewhere?",
        (
            "A bonus for pairs that were not tried for long",
            "Its model says that the door is a wall. Only trying again can show otherwise: Dyna-Q+.",
        ),
        [
            (
                "More imagined steps for each real one",
                "They repeat what the model believes, and the model believes the door is a wall.",
            ),
            (
                "A smaller step size, so that old values fade more slowly",
                "Slower forgetting keeps the old belief for longer.",
            ),
            (
                "A network instead of a table, which notices changes by itself",
                "A network also learns only from data, and there is none from the door.",
            ),
        ],
    ),
    Question(
        "In a maze with slippery floors, a model stores only the last outcome of each pair. What goes wrong?",
        (
            "It takes chance for certainty, and its values jump with the last outcome",
            "A sample model must keep how often each outcome came, or at least draw among them.",
        ),
        [
            (
                "Nothing, because the average over many updates is right anyway",
                "Each imagined update repeats one outcome until the pair is tried again. It is no fair sample.",
            ),
            (
                "It cannot represent walls any more",
                "Walls are certain, and one outcome is all that there is to store.",
            ),
            (
                "It needs many more imagined steps to converge to the right values",
                "More steps converge faster to the values of the wrong, deterministic world.",
            ),
        ],
    ),
    Question(
        "A theorem shows that an agent which reaches many different multi-step goals well must have learned a predictive model. What does it *not* show?",
        (
            "That the agent plans with this model before it acts",
            "The model can be extracted from its behaviour. How the agent computes is left open.",
        ),
        [
            (
                "That such an agent holds information about transitions",
                "That is just what it shows, under its assumptions.",
            ),
            (
                "That the model is more accurate for agents with smaller errors",
                "The bound on the model's error shrinks with the agent's failure rate.",
            ),
            (
                "Anything: it holds for one fixed goal only, like Q-learning in a maze",
                "It is about many goals of growing depth; for a single goal it says nothing.",
            ),
        ],
    ),
]
