"""How hard a text is to read: words a sentence, and LIX.

LIX (C. H. Björnsson, 1968) is the mean number of words a sentence plus the percentage of words longer than six
letters. It was made for running text: one four-word question with one long word already scores 29. So LIX is
taken over all texts of a file in one language together, where it is steady, and a single text is held to a
greatest number of words a sentence, which is what a listener has to keep in mind.

A sentence ends at . ! ? : or with its text, so a question or a button without a stop is a sentence of its own.
"""

import re
from collections.abc import Iterable

LONGEST_SENTENCE = 12
LONGEST_WORD = 15
HIGHEST_LIX = 25

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LONG_WORD = 7
_SHORTENED = re.compile(r"\b(?:\w{1,4}\.(?=\w)|(?:bl|ca|etc|evt|feks|jf|kl|mv|nr|osv|tlf)\b|(?!X+\b)[A-ZÆØÅ]{2,}\b)")
_PASSIVE = re.compile(
    r"\b(?:(?:bør|kan|må|skal|vil)\s+\w{3,}(?:es|ast)|(?:ble|blei|blir|vart|vert)\s+\w{3,}(?:et|rt|kt|lt))\b",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """The words of a text; joined by a hyphen or an apostrophe they are one."""
    return _WORD.findall(text)


def sentences(text: str) -> list[list[str]]:
    """The sentences of a text as lists of words; none is empty."""
    return [found for part in re.split(r"[.!?:\n]", text) if (found := words(part))]


def lix(texts: Iterable[str]) -> float:
    """LIX of all the texts together: 0 without words, below 25 very easy, above 45 hard."""
    every = [sentence for text in texts for sentence in sentences(text)]
    count = sum(map(len, every))
    if not count:
        return 0.0
    long_words = sum(len(word) >= _LONG_WORD for sentence in every for word in sentence)
    return count / len(every) + 100 * long_words / count


def obstacles(text: str) -> list[tuple[str, str]]:
    """What makes a text hard beside its length, each with its cure: long words, abbreviations, passives (nb, nn)."""
    found = [(word, "Find a shorter word, or two") for word in words(text) if _letters(word) > LONGEST_WORD]
    found += [(short, "Write it in full") for short in _SHORTENED.findall(text)]
    return found + [(passive, "Say who does it") for passive in _PASSIVE.findall(text)]


def _letters(word: str) -> int:
    return max(map(len, re.split("[-'’]", word)))
