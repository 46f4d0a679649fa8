"""What people are told of a round they answered: a few facts, in words of fixed meaning, chosen by rules one can read.

Many: certainly more than half of those who answered. Some: certainly at least one of five, and at most half.
Few: certainly fewer than one of five. What a published interval leaves open is not told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reports.release import Interval, Node, Release

End = Literal["positive", "negative"]
Word = Literal["many", "some", "few"]
ENDS: tuple[End, End] = ("positive", "negative")
LEAST, MOST = 3, 5  # facts on a page
GOOD_FIRST = 2  # facts on what is good, before those on what is not


@dataclass(frozen=True)
class Fact:
    """This many chose the good or the bad end of a question's answers."""

    question: str
    end: End
    word: Word


def word_for(interval: Interval, n: int) -> Word | None:
    """The word that is certainly right for "between low and high of n"; None: none is."""
    low, high = interval
    if 2 * low > n:
        return "many"
    if 5 * low >= n and 2 * high <= n:
        return "some"
    if 5 * high < n:
        return "few"
    return None


def facts(release: Release, node: Node) -> list[Fact]:
    """Everything that can be told of a place, in the questionnaire's order."""
    return list(_facts(release, node))


def suggested(release: Release, node: Node) -> list[Fact]:
    """Three to five of them where there are so many, in the questionnaire's order, each theme once.

    First what many find good, then what many or some find bad, the most certain first; then more that is good, then
    what few find bad.
    """
    possible = facts(release, node)
    good = _most_first(node, (fact for fact in possible if (fact.end, fact.word) == ("positive", "many")))
    bad = _most_first(node, (fact for fact in possible if fact.end == "negative" and fact.word != "few"))
    calm = [fact for fact in possible if (fact.end, fact.word) == ("negative", "few")]
    chosen: list[Fact] = []
    for source, until in ((good, GOOD_FIRST), (bad, MOST), (good, LEAST), (calm, LEAST)):
        for fact in source:
            themes = {release.questions[other.question].theme for other in chosen}
            if len(chosen) < until and release.questions[fact.question].theme not in themes:
                chosen.append(fact)
    return [fact for fact in possible if fact in chosen]


def _facts(release: Release, node: Node) -> Iterator[Fact]:
    for question in sorted(release.questions, key=lambda id_: release.questions[id_].number):
        answer = node.answers[question]
        for end in ENDS:
            if word := word_for(getattr(answer, end), node.n):
                yield Fact(question, end, word)


def _most_first(node: Node, found: Iterable[Fact]) -> list[Fact]:
    return sorted(found, key=lambda fact: -getattr(node.answers[fact.question], fact.end)[0])
