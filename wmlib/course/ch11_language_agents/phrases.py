"""From words to tokens: words that often stand side by side become one token.

Pairs are merged as in byte-pair encoding (Sennrich et al. 2016), but of words, not of letters; and
some words are kept apart, because they carry the meaning: names, numbers, tools.
"""

from __future__ import annotations

from collections import Counter

PAD, END = "<pad>", "<end>"


class Phrases:
    """A vocabulary of words and phrases; a text is cut into the longest phrases there are.

    Args:
        tokens: the vocabulary: `PAD`, `END`, words, and phrases of words with spaces between.
    """

    def __init__(self, tokens: list[str]):
        if list(tokens[:2]) != [PAD, END]:
            raise ValueError(f"a vocabulary begins with {PAD} and {END}, got {tokens[:2]}")
        self.tokens = list(tokens)
        self.number = {tuple(token.split(" ")): i for i, token in enumerate(self.tokens)}
        self.lengths: dict[str, list[int]] = {}  # of the phrases that begin with a word
        for words in sorted(self.number, key=len, reverse=True):
            lengths = self.lengths.setdefault(words[0], [])
            if len(words) not in lengths:
                lengths.append(len(words))

    @classmethod
    def learn(cls, texts, apart=(), merges: int = 60, rare: int = 20) -> Phrases:
        """A vocabulary from texts.

        Args:
            texts: words with spaces between them.
            apart: words that are never merged.
            merges: how many pairs become one token, the most frequent first.
            rare: a pair seen less often is not merged.
        """
        apart, pieces = set(apart), Counter()
        words = apart | {word for text in texts for word in text.split()}
        for text in texts:
            piece = []
            for word in [*text.split(), None]:
                if word is None or word in apart:
                    pieces[tuple(piece)] += 1
                    piece = []
                else:
                    piece.append(word)
        tokens = [PAD, END, *sorted(words)]
        for _ in range(merges):
            pairs = Counter()
            for piece, count in pieces.items():
                for pair in zip(piece, piece[1:]):
                    pairs[pair] += count
            if not pairs:
                break
            # The most frequent; of equals the first in the alphabet, so that it is always the same.
            pair = min(pairs, key=lambda pair: (-pairs[pair], pair))
            if pairs[pair] < rare:
                break
            tokens.append(" ".join(pair))
            merged = Counter()
            for piece, count in pieces.items():
                merged[_merge(piece, pair)] += count
            pieces = merged
        return cls(tokens)

    def __len__(self):
        return len(self.tokens)

    def encode(self, text: str) -> list[int]:
        """Numbers of the tokens of a text.

        Raises:
            ValueError: for a word that is not in the vocabulary.
        """
        words, out, at = text.split(), [], 0
        while at < len(words):
            for length in self.lengths.get(words[at], ()):
                number = self.number.get(tuple(words[at : at + length]))
                if number is not None:
                    break
            else:
                raise ValueError(f"the word {words[at]!r} was never seen in training: {text!r}")
            out.append(number)
            at += length
        return out

    def decode(self, numbers) -> str:
        """The text of tokens `(T,)`, up to the first `END`."""
        words = []
        for number in numbers:
            if number == 1:
                break
            words.append(self.tokens[int(number)])
        return " ".join(words)


def _merge(piece, pair):
    out, at = [], 0
    while at < len(piece):
        if piece[at : at + 2] == pair:
            out.append(" ".join(pair))
            at += 2
        else:
            out.append(piece[at])
            at += 1
    return tuple(out)
