"""The one place where a chat model plugs in: it becomes the answerer of a `TextModel`.

    answers = ChatAnswers("openai:gpt-4o-mini", desk)     # LangChain's init_chat_model
    answers = ChatAnswers(any_langchain_chat_model, desk)
    answers = ChatAnswers(lambda text: my_own_llm(text), desk)
    model = TextModel(desk, answers)

Whatever goes wrong on the other side, time-outs, exceptions, empty or malformed replies, becomes
None: an outcome that is unknown. What to do about that is the agent's policy, not this module's.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter

from wmlib.course.ch11_language_agents.desk import SENTENCES, TOOLS

ARROW = " => "

PROMPT = """You predict what a tool call will do to a computer desk. You never act.
You are given the desk on one line (space on the drives, then each file with its size in GB, \
whether it is open, whether it has unsaved work, whether there is a copy), then a question. \
The tools are {tools}.
Answer with ONE line: a sentence, then " => ", then what changes and nothing else.
The sentence is one of these, with the file's name for {{}}:
{sentences}
Changes are separated by " ; ": a drive with + or - and a number ("free + 4"), or the file as it \
is afterwards ("thesis 4 closed saved copy", "thesis on_usb", "thesis deleted", "thesis lost"). \
If nothing changes, write "same .". End with " ."."""


class ChatAnswers:
    """Asks a chat model what would happen: `list of prompts -> list of answers (or None)`.

    Args:
        model: a LangChain chat model (anything with `batch_as_completed`), the name of one as
            `init_chat_model` takes it ("provider:model"), or a function from text to text.
        world: the desk, whose words make the instruction.
        examples: (prompts, answers) of real experience, shown before each question.
        timeout: seconds for all questions of one call together.
        retries: how often those without a readable answer are asked again.
        at_once: questions that are sent side by side (LangChain models only).

    Attributes:
        sent: questions sent, with those asked again. words: words sent, roughly what it costs.
        failures: what went wrong and how often: "time-out", "empty", "malformed", or the name of
            the exception.

    Raises:
        ImportError: for a name, if `langchain` is not installed.
        TypeError: if the model is none of the three.
    """

    def __init__(self, model, world, examples=((), ()), timeout=30.0, retries=1, at_once=4):
        self.model = _by_name(model) if isinstance(model, str) else model
        if not hasattr(self.model, "batch_as_completed") and not callable(self.model):
            raise TypeError(
                "wanted a LangChain chat model, the name of one (provider:model), or a function "
                f"from text to text, got {type(model).__name__}"
            )
        self.world, self.examples = world, list(zip(*examples, strict=True))
        self.timeout, self.retries, self.at_once = timeout, retries, at_once
        self.sent = self.words = 0
        self.failures: Counter = Counter()

    def messages(self, prompt: str) -> list[tuple[str, str]]:
        """What is sent for one question: (role, text) pairs."""
        sentences = "\n".join(sentence for sentence in SENTENCES if sentence)
        system = PROMPT.format(tools=", ".join(TOOLS), sentences=sentences)
        shown = [pair for p, a in self.examples for pair in (("human", p), ("ai", a))]
        return [("system", system), *shown, ("human", prompt)]

    def __call__(self, prompts: list[str]) -> list[str | None]:
        """The answers; None for each that did not come or cannot be read."""
        answers: dict[str, str] = {}
        for _ in range(1 + self.retries):
            missing = [prompt for prompt in prompts if prompt not in answers]
            if not missing:
                break
            answers.update(self._round(missing))
        return [answers.get(prompt) for prompt in prompts]

    def _round(self, prompts):
        """Ask once; return those answers that came in time and can be read."""
        letters = [self.messages(prompt) for prompt in prompts]
        self.sent += len(letters)
        self.words += sum(len(text.split()) for letter in letters for _, text in letter)
        replies: queue.Queue = queue.Queue()
        # A thread that nobody waits for: a model that hangs must not hang the agent.
        threading.Thread(target=self._send, args=(letters, replies), daemon=True).start()
        good, left, deadline = {}, len(prompts), time.monotonic() + self.timeout
        while left:
            try:
                i, reply = replies.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.failures["time-out"] += left
                break
            if i is None:  # the whole call failed, and nothing more will come
                self.failures[type(reply).__name__] += left
                break
            left -= 1
            text = self._text(reply, prompts[i])
            if text is not None:
                good[prompts[i]] = text
        return good

    def _send(self, letters, replies):
        try:
            if hasattr(self.model, "batch_as_completed"):
                config = {"max_concurrency": self.at_once}
                for pair in self.model.batch_as_completed(letters, config, return_exceptions=True):
                    replies.put(pair)
                return
            for i, letter in enumerate(letters):
                try:
                    replies.put((i, self.model("\n\n".join(text for _, text in letter))))
                except Exception as error:
                    replies.put((i, error))
        except Exception as error:
            replies.put((None, error))

    def _text(self, reply, prompt):
        """The line that answers, or None with the failure noted."""
        if isinstance(reply, BaseException):
            self.failures[type(reply).__name__] += 1
            return None
        text = reply if isinstance(reply, str) else getattr(reply, "text", None)
        if not isinstance(text, str) or not text.strip():
            self.failures["empty"] += 1
            return None
        line = next((line.strip() for line in text.splitlines() if ARROW in line), "")
        try:
            self.world.apply(self.world.read(prompt.partition(" If I ")[0]), line)
        except ValueError:
            self.failures["malformed"] += 1
            return None
        return line


def _by_name(name):
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise ImportError(
            f"to find the chat model {name!r} by its name, install langchain and its provider's "
            "package, for instance: pip install langchain langchain-openai"
        ) from error
    return init_chat_model(name, temperature=0)
