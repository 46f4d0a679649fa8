"""What a round's answers come to: counts by leaf and question. All that leaves `aggregate`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sides:
    """How many of a leaf's people answered one question well, badly, or left it open."""

    positive: int
    negative: int
    open: int


@dataclass(frozen=True)
class LeafCounts:
    """The number of people who answered in a leaf, and their answers, by question."""

    n: int
    answers: Mapping[str, Sides]


@dataclass(frozen=True)
class Counts:
    """What a round's answers come to. Who had somebody else answer is in `by_other` and nowhere else."""

    leaves: Mapping[str, LeafCounts]
    ways: Mapping[str, int]
    support: Mapping[str, int]
    by_other: int
