"""The agent that looks before it leaps: its search, its graph, and any chat model behind it."""

import builtins
import subprocess
import sys
import time

import numpy as np
import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda

from wmlib.course.ch11_language_agents.chat import ChatAnswers
from wmlib.course.ch11_language_agents.desk import FREE, HARMLESS, TOOLS, Desk
from wmlib.course.ch11_language_agents.language_agent import NODES, first_notes, language_agent, run
from wmlib.course.ch11_language_agents.lookahead import Lookahead, caution_level, desk_key
from wmlib.course.ch11_language_agents.study import at_random, greedy, lengths, looking, play, tasks
from wmlib.course.ch11_language_agents.text import TextModel

WORLD = Desk(held_out=True)
TEXT = "free 1 usb 2 cloud 1 ; thesis 3 closed saved nocopy ; photos 5 open unsaved copy ; diary lost ."


def truth():
    return TextModel(WORLD, WORLD.tell)


def desk(goal=4, text=TEXT):
    return WORLD.read(text, goal=goal)


def thought(look, row, model=None):
    return look.imagine(model or truth(), [row], [frozenset()])[0]


# --- the search ------------------------------------------------------------------------------------


def test_one_call_ahead_it_sees_losses_and_does_not_follow_them():
    one = thought(Lookahead(1), desk())
    meant = {WORLD.call(desk(), call): verdict[1] for call, verdict in one.verdicts.items()}
    assert meant["delete thesis"] == meant["move thesis"] == meant["close photos"] == "loss"
    assert meant["save thesis"] == "nothing new" and meant["backup thesis"] == ""
    followed = {WORLD.call(desk(), future.calls[0]) for future in one.futures}
    assert followed == {"backup thesis", "save photos"}


def test_deeper_it_finds_the_plan_that_backs_up_first():
    best = thought(Lookahead(2), desk()).futures[0]
    row, words = desk(), []
    for call in best.calls:
        words.append(WORLD.call(row, call))
        row = WORLD.act(row, call)
    assert words == ["backup thesis", "delete thesis"]
    assert best.desks[-1] == row and row[FREE] == 4
    assert best.score == pytest.approx(4 + 5 - 0.1)


def test_a_desk_that_was_met_is_not_returned_to():
    after = WORLD.act(desk(), TOOLS.index("backup"))
    met = frozenset({desk_key(after)})
    one = Lookahead(1).imagine(truth(), [desk()], [met])[0]
    assert one.verdicts[TOOLS.index("backup")][1] == "nothing new"


def test_many_desks_at_once_are_searched_as_each_alone():
    rows = tasks(12, 3).tolist()
    look, model = Lookahead(3), truth()
    together = look.decide(model, rows, [frozenset()] * 12)
    assert together == [look.decide(model, [row], [frozenset()])[0] for row in rows]


def test_with_the_true_rules_nothing_is_lost_and_depth_finds_shorter_ways():
    desks = tasks(60, 4)
    tight = [play(desks, looking(truth(), d), lengths(desks)).success.mean() for d in (1, 2, 3)]
    assert tight[0] < tight[1] <= tight[2] and tight[2] > 0.85
    free = play(desks, looking(truth(), 3))
    assert free.success.mean() > 0.95 and not free.lost.any()
    assert play(desks, at_random(0)).lost.mean() > 0.4 < play(desks, greedy).lost.mean()


def test_caution_passes_over_a_first_call_that_is_risky():
    risk = lambda prompts: [0.2 if "If I backup" in p else 0.0 for p in prompts]  # noqa: E731
    model = TextModel(WORLD, WORLD.tell, risk)
    names = []
    for caution in (None, 0.3, 0.1):
        look = Lookahead(2, caution=caution)
        one = thought(look, desk(), model)
        names.append(WORLD.call(desk(), look.evaluate(model, [desk()], [one])[0]))
    assert names == ["backup thesis", "backup thesis", "save photos"]
    assert one.verdicts[TOOLS.index("backup")][1] == "too risky"


def test_held_out_losses_decide_how_cautious_to_be():
    risks = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9])
    lost = np.array([0, 0, 0, 1, 0, 1, 1, 1], bool)
    assert caution_level(risks, lost, 0.0) == 0.2  # every held-out loss would have been stopped
    assert caution_level(risks, lost, 0.25) == 0.4  # one of four would have slipped through
    with pytest.raises(ValueError, match="without a single loss"):
        caution_level(risks, np.zeros(8, bool))


# --- the graph -------------------------------------------------------------------------------------


def test_the_graph_is_propose_imagine_evaluate_act_and_back():
    graph = language_agent(WORLD, truth(), Lookahead(2)).get_graph()
    edges = {(edge.source, edge.target) for edge in graph.edges}
    assert set(NODES) < set(graph.nodes)
    assert {*zip(NODES, NODES[1:]), ("act", "propose"), ("__start__", "propose")} <= edges
    assert {("evaluate", "__end__"), ("act", "__end__")} <= edges


def test_it_reaches_the_goal_and_keeps_a_log():
    notes = run(language_agent(WORLD, truth(), Lookahead(3)), desk())
    assert notes["end"] == "reached" and notes["desk"][FREE] == 4
    assert [record["call"] for record in notes["log"]] == ["backup thesis", "delete thesis"]
    assert notes["log"][1]["said"] == "thesis is deleted , the copy is safe ."


def test_it_decides_as_the_search_does_on_many_desks_side_by_side():
    desks, model = tasks(25, 5), truth()
    graph = language_agent(WORLD, model, Lookahead(2))
    alone = [run(graph, row) for row in desks]
    together = play(desks, looking(model, 2))
    assert [len(notes["log"]) for notes in alone] == together.calls.tolist()
    assert [notes["end"] == "reached" for notes in alone] == together.success.tolist()


def test_it_stops_where_only_losses_are_left_and_when_its_calls_are_used_up():
    stuck = desk(
        goal=9,
        text="free 1 usb 0 cloud 0 ; thesis 3 closed saved nocopy ; photos lost ; diary lost .",
    )
    notes = run(language_agent(WORLD, truth(), Lookahead(3)), stuck)
    assert notes["end"] == "asks for help" and not notes["log"]
    notes = run(language_agent(WORLD, truth(), Lookahead(3)), desk(), budget=1)
    assert notes["end"] == "out of calls" and len(notes["log"]) == 1


def test_every_node_can_be_watched():
    graph = language_agent(WORLD, truth(), Lookahead(1))
    nodes = [name for step in graph.stream(first_notes(desk())) for name in step]
    assert nodes[:5] == [*NODES, "propose"]


def test_without_langgraph_wmlib_works_and_the_agent_says_how_to_get_it(monkeypatch):
    code = (
        "import sys, wmlib, wmlib.course.ch11_language_agents.language_agent, wmlib.course.ch11_language_agents.chat;"
        "print([m for m in ('langgraph', 'langchain_core', 'langchain') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf8", check=True
    )
    assert done.stdout.strip() == "[]"
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("langgraph"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match='pip install "langgraph>=1.0"'):
        language_agent(WORLD, truth(), Lookahead(1))


# --- any chat model --------------------------------------------------------------------------------

NICE = "backup thesis", "thesis is copied to cloud . => cloud - 1 ; thesis 3 closed saved copy ."


def prompt(call=NICE[0]):
    return f"{TEXT} If I {call} , what will happen ?"


def tells_the_truth(messages):
    """A chat model that answers rightly, in the manner of chat models."""
    question = messages.to_messages()[-1].content if hasattr(messages, "to_messages") else None
    question = question or messages[-1][1]
    return AIMessage(f"Sure! Here is the line:\n\n  {WORLD.tell([question])[0]}  \n")


def agent(model, **more):
    answers = ChatAnswers(model, WORLD, **more)
    return language_agent(WORLD, TextModel(WORLD, answers), Lookahead(2)), answers


def test_a_well_formed_answer_of_a_langchain_model_is_taken():
    answers = ChatAnswers(FakeListChatModel(responses=[NICE[1]]), WORLD)
    assert answers([prompt()]) == [NICE[1]]
    assert answers.sent == 1 and answers.words > 100 and not answers.failures


def test_a_chat_model_that_knows_the_desk_makes_the_agent_as_good_as_the_rules():
    graph, answers = agent(RunnableLambda(tells_the_truth))
    notes = run(graph, desk())
    assert notes["end"] == "reached" and not answers.failures
    assert [record["call"] for record in notes["log"]] == ["backup thesis", "delete thesis"]


def test_a_plain_function_of_text_will_do():
    asked = []
    answers = ChatAnswers(lambda text: asked.append(text) or NICE[1], WORLD)
    assert answers([prompt()]) == [NICE[1]]
    assert asked[0].endswith(prompt()) and "thesis is eaten" not in asked[0]
    assert "You predict what a tool call will do" in asked[0]


def test_examples_are_shown_before_the_question():
    answers = ChatAnswers(lambda text: NICE[1], WORLD, examples=([prompt("save thesis")], ["x"]))
    roles = [role for role, _ in answers.messages(prompt())]
    assert roles == ["system", "human", "ai", "human"]


def hangs(messages):
    time.sleep(2)
    return AIMessage(NICE[1])


def breaks(messages):
    raise ConnectionError("no network")


BAD = {
    "malformed": (FakeListChatModel(responses=["The file will be fine, I think."]), "malformed"),
    "contradiction": (
        FakeListChatModel(responses=["thesis is closed . => thesis lost ."]),
        "malformed",
    ),
    "another desk": (
        FakeListChatModel(responses=["novel is saved . => novel 2 open saved copy ."]),
        "malformed",
    ),
    "empty": (FakeListChatModel(responses=[""]), "empty"),
    "exhausted": (GenericFakeChatModel(messages=iter([])), "StopIteration"),
    "exception": (RunnableLambda(breaks), "ConnectionError"),
    "time-out": (RunnableLambda(hangs), "time-out"),
    "function raises": (breaks, "ConnectionError"),
    "function of nothing": (lambda text: None, "empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_an_unknown_outcome_and_nothing_that_may_lose_is_done(name):
    model, failure = BAD[name]
    graph, answers = agent(model, timeout=0.3, retries=0)
    notes = run(graph, desk(), budget=20)
    assert notes["end"] == "asks for help"
    assert WORLD.losses([notes["desk"]]) == WORLD.losses([desk()])
    tried = {record["call"].split()[0] for record in notes["log"]}
    assert tried and tried <= HARMLESS  # what can lose nothing was tried all the same
    assert failure in answers.failures or "RuntimeError" in answers.failures, answers.failures


def test_what_unknown_means_is_the_agents_policy():
    model = TextModel(WORLD, lambda prompts: [None] * len(prompts))
    tools = {}
    for name, allowed in (("refuse", ()), ("harmless", HARMLESS), ("bold", TOOLS)):
        graph = language_agent(WORLD, model, Lookahead(1, try_unknown=allowed))
        notes = run(graph, desk(), budget=12)
        tools[name] = {record["call"].split()[0] for record in notes["log"]}
    assert tools["refuse"] == set() and tools["harmless"] == HARMLESS
    assert tools["bold"] - HARMLESS


def test_answers_that_came_in_time_are_kept_when_others_do_not():
    def moody(messages):
        if "If I save" in messages[-1][1]:
            time.sleep(2)
        return AIMessage(NICE[1])

    answers = ChatAnswers(RunnableLambda(moody), WORLD, timeout=0.5, retries=0)
    assert answers([prompt("save thesis"), prompt()]) == [None, NICE[1]]
    assert answers.failures["time-out"] == 1


def test_a_second_chance_is_given_to_those_that_failed_and_to_no_others():
    replies = iter(["what?", NICE[1], NICE[1]])
    answers = ChatAnswers(lambda text: next(replies), WORLD, retries=1)
    assert answers([prompt(), prompt("save thesis")]) == [NICE[1], NICE[1]]
    assert answers.sent == 3 and answers.failures == {"malformed": 1}


def test_a_name_needs_langchain_and_something_else_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    with pytest.raises(ImportError, match="pip install langchain langchain-openai"):
        ChatAnswers("openai:gpt-4o-mini", WORLD)
    with pytest.raises(TypeError, match="got int"):
        ChatAnswers(7, WORLD)
    with pytest.raises(ValueError, match="the tools are save, close"):
        Lookahead(1, try_unknown={"shred"})
    with pytest.raises(ValueError, match="at least 1, got 0"):
        Lookahead(0)
