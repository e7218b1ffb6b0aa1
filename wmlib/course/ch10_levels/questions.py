"""Concept questions of chapter 10, levels."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "A guess for A* is never higher than the true rest, but along one step it falls by 10 while "
        "the step costs 1. Your A* never opens a closed state again. What may happen?",
        (
            "It may return a path that is too long",
            "A state can be closed before its cheapest way is known. Such a search needs a "
            "consistent guess, or it must open states again.",
        ),
        [
            (
                "Nothing: never too high is all that A* needs",
                "That is enough only for an A* that opens a closed state again when it finds a "
                "cheaper way to it.",
            ),
            (
                "It finds the shortest path, but opens more states than uniform-cost search does",
                "The number of opened states is not the trouble here: the path itself can be wrong.",
            ),
            (
                "It never comes to an end",
                "It closes every state at most once, so it ends. What it returns may be wrong.",
            ),
        ],
    ),
    Question(
        "What does a planner need to know of an option in order to search with it?",
        (
            "Where it ends and what it costs, from each state where it may begin",
            "That is the option's model. It answers what the model of a single step answers.",
        ),
        [
            (
                "Its policy: the action in every state on the way",
                "Whoever carries the option out needs the policy. The search never looks at it.",
            ),
            (
                "The states that it passes on the way",
                "The search counts only where it ends and the cost. What lies between is forgotten.",
            ),
            (
                "How often it was carried out before",
                "An option need not have been carried out at all: its model was worked out backwards "
                "from single steps.",
            ),
        ],
    ),
    Question(
        "Why are the routes through doorways in this chapter exactly as short as the shortest paths?",
        (
            "Whoever leaves a room must pass one of its doorways",
            "So every shortest path is a chain of shortest paths between doorways. It is a property "
            "of the building.",
        ),
        [
            (
                "Uniform-cost search is optimal, whatever its steps are",
                "It finds the best chain of the options that there are. With badly chosen subgoals "
                "the best chain is still a detour.",
            ),
            (
                "The durations of the options are exact, and sums of exact numbers are exact",
                "Exact durations make the promise true. They do not make the route a shortest one.",
            ),
            (
                "The doorways are the middles of the walls",
                "They lie anywhere along a wall, and the argument does not ask where.",
            ),
        ],
    ),
    Question(
        "Rooms of 9 x 9 cells. The building grows from 16 x 16 to 32 x 32 rooms. What does the ratio "
        "of questions, flat search to doorways, do?",
        (
            "It hardly changes",
            "Both searches grow with the number of rooms. The ratio tends to a limit that depends on "
            "the size of a room.",
        ),
        [
            (
                "It becomes about four times as large",
                "Flat search asks four times as much, but there are four times as many doorways too.",
            ),
            (
                "It doubles, as the trips are twice as long",
                "Longer trips cost both searches more. What matters is cells against doorways.",
            ),
            (
                "It falls, since the doorways become too many",
                "The last room's flood becomes less important, so the ratio even rises a little.",
            ),
        ],
    ),
    Question(
        "You will make exactly one trip through a building of which you have a table of single "
        "steps. Which planner asks the fewest questions in all?",
        (
            "A* on single steps",
            "Nothing has to be prepared. Options and landmarks are repaid only after several trips.",
        ),
        [
            (
                "Search among doorways, whose plan asks the fewest questions of all these searches",
                "Its plan does, but first the options must be learned, and that took some seventy "
                "thousand questions.",
            ),
            (
                "A* with landmarks, since its guess is better",
                "The landmarks' distances have to be worked out before the first trip.",
            ),
            (
                "Uniform-cost search, since it needs no guess",
                "The Manhattan guess costs no question at all, and saves most of them.",
            ),
        ],
    ),
    Question(
        "MPC with a horizon of ten pushes slides into a wall between it and the goal. The same MPC "
        "arrives when its reward is the shortest-path distance. What was wrong?",
        (
            "What its reward says of places beyond the horizon",
            "Planner, model and horizon stayed the same. Only the aim changed, and the body arrived.",
        ),
        [
            (
                "Its learned network, which does not know the walls",
                "In the true model the same MPC slides into the same wall.",
            ),
            (
                "Its horizon: ten pushes are too few to cross a room",
                "With ten pushes and another reward it arrives. Forty pushes with the old one often "
                "do not.",
            ),
            (
                "That it had only one level of planning",
                "With the cost-to-go it arrives with one level. Levels are one cure, not the only "
                "one.",
            ),
        ],
    ),
    Question(
        "As a terminal cost, at the last imagined step only, the cost-to-go works in the true model "
        "and often fails in a linear one. Why?",
        (
            "An imagined plan may pass through a wall, and no step on the way is charged for it",
            "A linear model cannot hold walls. Charged at every step, the cost itself knows them.",
        ),
        [
            (
                "A linear model cannot say how far a push moves the body in free space",
                "In free space this body is linear, and the model is nearly exact.",
            ),
            (
                "The cost-to-go was computed for a walker, not for this body",
                "That is so in the true model as well, and there it works.",
            ),
            (
                "Ten steps are too short for a terminal cost",
                "The true model has the same ten steps.",
            ),
        ],
    ),
    Question(
        "Muddy floors double some durations. You multiply all durations of the map by the one factor "
        "that fits your trips best. What improves?",
        (
            "The promises, on average; the routes do not change",
            "One factor for all leaves the order of all routes as it was.",
        ),
        [
            (
                "The routes, which now go around the mud",
                "To go around the mud the search must know where it is. One factor does not say so.",
            ),
            (
                "Both: the factor holds all that the trips have taught",
                "It holds their average only. Which rooms are slow is lost.",
            ),
            (
                "Neither, because a factor cannot be learned from trips",
                "It can: it is the ratio of what the trips took to what the map promised.",
            ),
        ],
    ),
]
