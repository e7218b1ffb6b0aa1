"""An agent that looks before it leaps, as a graph: propose -> imagine -> evaluate -> act.

The graph is LangGraph's; its nodes are ordinary functions of a dictionary. What is imagined comes
from any `TextModel`, what is chosen from a `Lookahead`. Source: the pattern of WebDreamer (Gu et
al. 2024), with one difference: after each real call it looks at the real desk again (MPC).
"""

from __future__ import annotations

from typing import TypedDict

from wmlib.course.ch11_language_agents.desk import FREE, GOAL
from wmlib.course.ch11_language_agents.lookahead import Lookahead, Thought, desk_key

NODES = ("propose", "imagine", "evaluate", "act")


class Notes(TypedDict, total=False):
    """What the graph hands from node to node.

    desk: the real one, a list of integers. budget: real calls that are left. met: see
    `Lookahead.imagine`. calls, thought, chosen: of the present turn. log: one `dict` a real call,
    with desk, thought, call, said and after. end: "reached", "out of calls" or "asks for help".
    """

    desk: list
    budget: int
    met: frozenset
    calls: list
    thought: Thought
    chosen: int | None
    log: list
    end: str


def language_agent(world, model, planner: Lookahead):
    """The compiled graph, for one desk at a time. Run it with `run`, or watch it with `.stream`.

    Args:
        world: the real desk: here calls have consequences.
        model: a `TextModel`: here they have none. planner: how far and how carefully.

    Raises:
        ImportError: if LangGraph is not installed.
    """
    try:
        from langgraph.graph import END, START, StateGraph
    except ImportError as error:
        raise ImportError(
            "the language agent is a LangGraph graph, and langgraph is not installed: "
            'pip install "langgraph>=1.0" (or pip install ".[language]" in the course\'s folder)'
        ) from error

    def propose(notes):
        return {"calls": planner.propose(model, notes["desk"])}

    def imagine(notes):
        return {"thought": planner.imagine(model, [notes["desk"]], [notes["met"]])[0]}

    def evaluate(notes):
        chosen = planner.evaluate(model, [notes["desk"]], [notes["thought"]])[0]
        return {"chosen": chosen, "end": "asks for help" if chosen is None else ""}

    def act(notes):
        desk, call = notes["desk"], notes["chosen"]
        after = world.act(desk, call)
        record = {
            "desk": desk,
            "thought": notes["thought"],
            "call": world.call(desk, call),
            "said": world.sentence(after),
            "after": after,
        }
        budget = notes["budget"] - 1
        end = "reached" if after[FREE] >= after[GOAL] else "" if budget else "out of calls"
        return {
            "desk": after,
            "budget": budget,
            "end": end,
            "log": [*notes["log"], record],
            "met": notes["met"] | {desk_key(desk), (desk_key(desk), call)},
        }

    def whether_done(notes):
        return END if notes["end"] else "go on"

    graph = StateGraph(Notes)
    for name, node in zip(NODES, (propose, imagine, evaluate, act)):
        graph.add_node(name, node)
    graph.add_edge(START, "propose")
    graph.add_edge("propose", "imagine")
    graph.add_edge("imagine", "evaluate")
    graph.add_conditional_edges("evaluate", whether_done, {END: END, "go on": "act"})
    graph.add_conditional_edges("act", whether_done, {END: END, "go on": "propose"})
    return graph.compile()


def first_notes(desk, budget: int = 10) -> Notes:
    """What the graph is given at the beginning of an episode."""
    desk = [int(value) for value in desk]
    return Notes(desk=desk, budget=budget, met=frozenset(), log=[], end="")


def run(graph, desk, budget: int = 10) -> Notes:
    """One episode, to its end: the notes with their whole log.

    Args:
        desk: where it begins. budget: real calls allowed.
    """
    return graph.invoke(first_notes(desk, budget), {"recursion_limit": 4 * budget + 5})
