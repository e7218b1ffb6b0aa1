"""Day 22: how far back a transformer sees, and which cache entries go."""

from __future__ import annotations

from typing import Any

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers

# Two layers, a window of 4: each frame looks at itself and three others.
BACK = {
    8: "a window of 4 looks at 3 frames back, for the frame itself is one of the four",
    7: "the window of *each* layer holds the frame itself: take it off once for each layer",
    3: "that is for one layer: what a layer looks at has looked back itself, in the layer before",
    4: "a window of 4 looks at 3 frames back, and there are two layers",
    9: "layers add up, they do not multiply: each looks window - 1 frames further back",
    16: "layers add up, they do not multiply: each looks window - 1 frames further back",
    5: "layers add up: each looks window - 1 frames further back",
}
FILM = [1, 0, 0, 0, 0, 1, 0, 0, 0]  # two episodes: frames 0 to 4, and 5 to 8


def reach(exam: Exam, layers: int, window: int) -> int:
    """How many frames back, as the student says."""
    said = float(numbers(exam.student.call("reach", layers, window), (), "what reach returns"))
    if said != int(said):
        raise Mistake(f"reach counts frames: a whole number, not {said:g}")
    return int(said)


def frames(exam: Exam, name: str, *args: Any) -> list[int]:
    """A list of frames, as the student gives it."""
    said = exam.student.call(name, *args)
    said = numbers(sorted(said) if isinstance(said, set) else said, (None,), f"what {name} returns")
    found = [int(n) for n in said]
    if any(n != whole for n, whole in zip(said, found)):
        raise Mistake(f"{name} gives numbers of frames: whole numbers")
    if len(set(found)) < len(found):
        raise Mistake(f"{name} names a frame twice: {found}")
    return found


def back(exam: Exam) -> str | None:
    """One layer, two, three; and a window that holds nothing but the frame itself."""
    if reach(exam, 1, 4) != 3:
        return {
            4: "one layer, a window of 4: the frame itself is one of the four",
            0: "one layer, a window of 4: a frame sees others as well, not only itself",
        }.get(reach(exam, 1, 4), "one layer, a window of 4: which frames may frame 9 look at?")
    said = reach(exam, 2, 4)
    if said != 6:
        return BACK.get(
            said, f"two layers, a window of 4: not {said}. Follow the arrows from frame 9 down"
        )
    if reach(exam, 3, 24) != 69:
        return "right for one layer and for two, not for chapter 8's three with a window of 24"
    if reach(exam, 5, 1):
        return "a window of 1 holds the frame alone: however many layers, nothing before it is seen"
    return None


def touched(exam: Exam) -> str | None:
    """Two episodes: where a change of one frame arrives."""
    said = frames(exam, "touched", 1, FILM, 2, 2)
    if sorted(said) != [1, 2, 3]:
        see = f"the first example (frame 1, two layers, a window of 2) gives {sorted(said)}: "
        if 0 in said:
            return see + "no frame may look at a later one, so nothing before the change is touched"
        if 1 not in said:
            return see + "a frame looks at itself, too: its own h changes"
        if sorted(said) == [1, 2]:
            return (
                see
                + "frame 2 has looked at frame 1, and frame 3 looks at frame 2 in the next layer"
            )
        if max(said) > 4:
            return see + "no frame looks into another episode"
        return see + "each layer carries a change window - 1 frames further"
    said = frames(exam, "touched", 3, FILM, 2, 3)
    if sorted(said) != [3, 4]:
        if set(said) > {3, 4}:
            return "frame 3 is changed: no frame of the second episode looks into the first"
        return "frame 3 is changed: what is left of its episode is within reach, all of it"
    if sorted(frames(exam, "touched", 8, FILM, 3, 5)) != [8]:
        return "the last frame is changed: there is no frame 9 in a film of nine frames"
    if sorted(frames(exam, "touched", 6, FILM, 1, 2)) != [6, 7]:
        return "frame 6, in the second episode, one layer, a window of 2: itself and the next"
    return None


def cached(exam: Exam) -> str | None:
    """What is left in the cache after a film."""
    film = [1] + 9 * [0]
    said = frames(exam, "cached", film, 4)
    if said != [7, 8, 9]:
        see = f"after ten frames with a window of 4 the cache should not hold {said}: "
        if said == [6, 7, 8, 9]:
            return (
                see
                + "the next frame is one of its own four, so three of the others can be looked at"
            )
        if sorted(said) == [7, 8, 9]:
            return see + "oldest first"
        if said == [6, 7, 8]:
            return see + "it is asked *after* frame 9 was taken in"
        if len(said) > 4:
            return see + (
                "an entry that no later frame may look at can go, although what it said lives on in "
                "the higher entries of later frames"
            )
        return see + "which frames may frame 10 look at, besides itself?"
    if frames(exam, "cached", film[:2], 4) != [0, 1]:
        return "after two frames there are no more than two: only frames that there were"
    if frames(exam, "cached", FILM[:7], 5) != [5, 6]:
        return "frame 5 begins an episode: the entries of the episode before can never be looked at again"
    if frames(exam, "cached", FILM[:6], 3) != [5]:
        return "the last frame begins an episode: its own entry stays, all others go"
    if frames(exam, "cached", film, 1):
        return "with a window of 1 no frame looks at another: nothing need be kept"
    return None


challenge = Challenge(
    name="day22_window",
    title="How far back can it see?",
    chapter="08",
    minutes=10,
    kind="predict",
    seconds=60,
    without=["wmlib.models.frame_transformer:FrameTransformer"],
    parts=[
        Part("reach", 2, "Say how many frames back a transformer with windows sees.", back),
        Part("touched", 2, "Predict which outputs change when one frame changes.", touched),
        Part("cached", 1, "Say which entries the cache must keep.", cached),
    ],
    hints=[
        "Draw nine frames as dots in a row, and one row more for each layer. From each dot draw arrows "
        "to the dots below that it looks at, and follow them down from the top right.",
        "Each layer goes at most window - 1 dots to the left. A change travels the same arrows the "
        "other way, to the right, until its episode ends.",
        "The cache is for the *next* frame's looks, layer by layer. Its window holds window frames, "
        "one of which is that frame itself.",
    ],
)
