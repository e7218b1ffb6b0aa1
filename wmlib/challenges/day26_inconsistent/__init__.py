"""Day 26: a graph and an admissible guess that lead an A* astray which never reopens."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake

Graph = dict[Any, dict[Any, int]]
ORDERS = 40  # in how many ways ties are broken


def given(value: Any, most: int) -> tuple[Graph, dict]:
    """A graph and a guess as they should be.

    Raises:
        Mistake: with what is not as agreed.
    """
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise Mistake("return two things: the graph and the guess")
    graph, guess = value
    if isinstance(graph, Handle) or isinstance(guess, Handle):
        raise Mistake("graph and guess should be plain dictionaries")
    if not isinstance(graph, dict) or not isinstance(guess, dict):
        raise Mistake("graph and guess should be dictionaries: node -> {next: cost}, node -> guess")
    if not all(isinstance(ways, dict) for ways in graph.values()):
        raise Mistake("graph[node] should be a dictionary {next node: cost}")
    nodes = set(graph) | {nxt for ways in graph.values() for nxt in ways}
    if len(nodes) > most:
        raise Mistake(f"{len(nodes)} nodes: at most {most} are needed")
    for node, ways in graph.items():
        for nxt, cost in ways.items():
            if not _whole(cost) or cost < 1:
                raise Mistake(
                    f"the edge {node} -> {nxt} costs {cost!r:.20}: whole numbers from 1 on"
                )
    for node in nodes:
        if not _whole(guess.get(node)) or guess[node] < 0:
            raise Mistake(f"guess[{node!r:.20}] should be a whole number from 0 on")
    return graph, guess


def _whole(n):
    return isinstance(n, (int, float)) and not isinstance(n, bool) and abs(n) < 1e9 and n == int(n)


def closed_search(graph: Graph, guess: dict, rng: np.random.Generator) -> int | None:
    """Cost of the way that A* finds when it never opens a node twice; ties fall as rng says."""
    best, done, queue, count = {"S": 0}, set(), [(guess["S"], 0.0, 0, "S")], 0
    while queue:
        *_, node = heapq.heappop(queue)
        if node == "G":
            return int(best["G"])
        if node in done:
            continue
        done.add(node)
        for nxt, cost in graph.get(node, {}).items():
            if nxt not in done and best[node] + cost < best.get(nxt, np.inf):
                best[nxt], count = best[node] + cost, count + 1
                heapq.heappush(queue, (best[nxt] + guess[nxt], rng.random(), count, nxt))
    return None


def left_over(graph: Graph) -> dict[Any, float]:
    """What is really left to the goal, for every node from which it can be reached."""
    left: dict[Any, float] = {"G": 0}
    for _ in range(len(graph) + 1):
        for node, ways in graph.items():
            costs = [cost + left[nxt] for nxt, cost in ways.items() if nxt in left]
            if costs:
                left[node] = min(left.get(node, np.inf), *costs)
    return left


def led_astray(exam: Exam, name: str, most: int, times: float) -> str | None:
    """Whether what the search finds costs more than `times` the shortest way, however ties fall."""
    graph, guess = given(exam.student.call(name), most)
    left = left_over(graph)
    if "S" not in left:
        return "there is no way from 'S' to 'G'"
    for node, rest in left.items():
        if guess[node] > rest:
            return (
                f"the guess of {node!r:.20} is too high: the way from there to 'G' is shorter. "
                "Every A* may go wrong then; yours must go wrong with an admissible guess"
            )
    rng = exam.rng("ties")
    found = [closed_search(graph, guess, rng) for _ in range(ORDERS)]
    assert all(cost is not None for cost in found)
    costs = [int(cost or 0) for cost in found]
    if max(costs) == left["S"]:
        falls = any(
            guess[node] > cost + guess[nxt]
            for node, ways in graph.items()
            for nxt, cost in ways.items()
        )
        if not falls:
            return (
                "the search finds the shortest way: this guess falls along no edge by more than the "
                "edge costs, it is consistent, and with such a guess nothing can go wrong"
            )
        return (
            "the search still finds the shortest way, though the guess is inconsistent: a node of "
            "the shortest way must be opened too early, when only a dearer way to it is known"
        )
    if min(costs) == left["S"]:
        return "whether it goes wrong depends on which of two equals is opened first: avoid the tie"
    if min(costs) <= times * left["S"]:
        return (
            f"the search goes wrong, and finds a way that costs {min(costs) / left['S']:.2f} times "
            f"the shortest: wanted more than {times:g} times. One trap cannot do it"
        )
    return None


def trap(exam: Exam) -> str | None:
    """Any graph that leads it astray."""
    return led_astray(exam, "trap", 12, 1)


def far_trap(exam: Exam) -> str | None:
    """A graph in which the way that is found costs more than three times the shortest."""
    return led_astray(exam, "far_trap", 20, 3)


def pairs(value: Any) -> set[tuple]:
    """The answer of `steep` as a set of pairs."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple, set)):
        raise Mistake("steep should return a list of pairs (node, next node)")
    try:
        found = {tuple(pair) for pair in value}
    except TypeError:
        raise Mistake("steep should return a list of pairs (node, next node)") from None
    if any(len(pair) != 2 for pair in found):
        raise Mistake("steep should return pairs: (node, next node)")
    return found


def edges(exam: Exam) -> str | None:
    """Small graphs."""
    graph = {"S": {"A": 1, "C": 3}, "A": {"C": 2}, "C": {"G": 9}, "G": {}}
    ask = lambda guess: pairs(exam.student.call("steep", graph, guess))
    falls = ask({"S": 4, "A": 11, "C": 4, "G": 0})
    if falls == {("S", "A")}:
        return "a guess may *rise* along an edge by as much as it likes: look for where it falls"
    if falls == {("S", "A"), ("A", "C")}:
        return (
            "from S to A the guess rises by 7 over an edge of 1, and that is allowed: only a fall "
            "counts, so leave out the absolute value"
        )
    if falls != {("A", "C")}:
        return (
            "with the guesses S 4, A 11, C 4, G 0 only the edge from A to C (cost 2, the guess falls "
            f"by 7) is too steep; yours: {sorted(map(str, falls))}"
        )
    if ask({"S": 12, "A": 11, "C": 9, "G": 0}):
        return (
            "a fall of exactly the cost of the edge is allowed: the exact guess does it everywhere"
        )
    if ask({"S": 0, "A": 0, "C": 0, "G": 0}):
        return "a guess of 0 everywhere never falls"
    return None


challenge = Challenge(
    name="day26_inconsistent",
    title="Admissible is not enough",
    chapter="10",
    minutes=10,
    kind="design",
    parts=[
        Part("edges", 2, "Find the edges along which a guess falls too steeply.", edges),
        Part("trap", 3, "Design a graph and an admissible guess that lead A* astray.", trap),
        Part(
            "far_trap", 1, "Lead it to a way more than three times as long.", far_trap, bonus=True
        ),
    ],
    hints=[
        "The shortest way must look bad just long enough: put a high guess (not too high!) on one of "
        "its nodes.",
        "Four nodes do: S leads to A and, by a dearer edge, to C directly; A leads to C, and C to G. "
        "Which of A and C must be opened first, so that C is closed when A shows the cheaper way?",
        "Let what lies behind C be long (say 20): then the guess of A may be nearly 20 as well, and C, "
        "with a guess of 0, is opened first. For the bonus, put such traps one behind the other: once "
        "the search is behind, the next high guess can make it lose as much again.",
    ],
)
