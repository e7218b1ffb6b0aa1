"""Review after part 2: questions that span its chapters and what came before."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "Why do networks for dynamics usually predict the change s′ − s and not s′?",
        (
            "Most of s′ is s, and the change would drown in the loss",
            "The copy then comes for free, and the error is measured in units of what changes.",
        ),
        [
            (
                "Because the change is always linear in the action",
                "It need not be. The reason is the scale of the target.",
            ),
            (
                "Because a network cannot represent the identity",
                "It can, but it must spend data and weights on it.",
            ),
            (
                "Because it makes long imagined trajectories exact",
                "Errors still add up and compound over the steps.",
            ),
        ],
    ),
    Question(
        "One-step error is small, and after 30 imagined steps the model is useless. Which cause is *not* possible?",
        (
            "The true world is deterministic",
            "That makes prediction easier. Errors come from the model, from instability, from leaving the data.",
        ),
        [
            (
                "Small errors take the model to states without data",
                "This is the usual cause: there nothing was learned.",
            ),
            (
                "The dynamics pull neighbouring states apart",
                "A falling pole multiplies every small error, also in a good model.",
            ),
            (
                "The model is fed with its own predictions",
                "It was trained on real inputs. Its own outputs are inputs of another kind.",
            ),
        ],
    ),
    Question(
        "CartPole pays 1 for every step. A planner sums predicted rewards over 20 steps, and all its plans score 20. What is missing?",
        (
            "A prediction that the episode ends, which weights what comes after",
            "With a continue head a plan that falls is worth less. The reward alone tells nothing.",
        ),
        [
            (
                "A reward head that was trained for longer",
                "Trained perfectly, it still says 1 for every step that happens.",
            ),
            (
                "More candidate plans, so that a better one is found",
                "They would all score 20, too.",
            ),
            (
                "A discount, so that early steps count for more",
                "Discounted, all plans still have one and the same score.",
            ),
        ],
    ),
    Question(
        "What does model predictive control do that an open-loop plan does not?",
        (
            "It looks at the world after each step and plans again",
            "So that errors of the model do not add up over the whole plan.",
        ),
        [
            (
                "It learns a policy from its plans",
                "Distillation does that. MPC throws the rest of the plan away, or warms the next search with it.",
            ),
            (
                "It searches with gradients instead of samples",
                "How it searches is another matter; random shooting can be MPC.",
            ),
            (
                "It corrects the weights of the model after each step",
                "The model stays. What is corrected is the state from which it imagines.",
            ),
        ],
    ),
    Question(
        "A planner searches harder in the same learned model, and the true return *falls*. What happened?",
        (
            "It found plans whose value is an error of the model",
            "Search looks for high predictions. Where data is thin the highest ones are errors.",
        ),
        [
            (
                "It ran into a local optimum of the true return",
                "More candidates make that less likely, not more.",
            ),
            (
                "The model forgot what it knew while the planner searched",
                "Planning does not change the weights.",
            ),
            (
                "The horizon was too short for the task",
                "Then harder search would bring nothing; it would not make it worse.",
            ),
        ],
    ),
    Question(
        "Five networks agree closely about a state far outside of their data. What follows?",
        (
            "Little: members with the same bias can be wrong together",
            "Disagreement is a sign of ignorance, agreement is no proof of knowledge.",
        ),
        [
            (
                "Their prediction is right there, otherwise they would differ",
                "They share the architecture and the data, and may extrapolate alike.",
            ),
            (
                "The noise of the world is small in that state",
                "That would be aleatoric uncertainty. Agreement of means is about the epistemic one.",
            ),
            (
                "The ensemble is too small, and with ten it would be right",
                "More members estimate their spread better. A common bias stays.",
            ),
        ],
    ),
    Question(
        "Which of these is aleatoric uncertainty?",
        (
            "The spread of outcomes that remains with endless data",
            "Chance in the world, or in what the observation hides. More data cannot remove it.",
        ),
        [
            (
                "The spread between members that were trained on different samples",
                "That is epistemic: it shrinks with data.",
            ),
            (
                "The error of a model that is too small for the world",
                "That is a bias, and a larger model removes it.",
            ),
            (
                "The growth of the error with the number of imagined steps",
                "That is compounding. It happens in a deterministic world as well.",
            ),
        ],
    ),
    Question(
        "Dyna-Q of chapter 2 and MBPO of chapter 5 both learn from short imagined branches. What does MBPO add?",
        (
            "Branches of more than one step, under the current policy, from a learned ensemble",
            "Dyna-Q imagines one step from tried pairs. k > 1 under the new policy shows what it would do.",
        ),
        [
            ("A model, which Dyna-Q does not have", "Dyna-Q has one: the table."),
            (
                "Planning at decision time with the cross-entropy method",
                "That is PETS. MBPO learns a policy in the background.",
            ),
            (
                "A proof that imagined data is always better than real data",
                "Its own plain bound prefers real data; the argument for branches is empirical.",
            ),
        ],
    ),
]
