"""Reads criteria.yaml."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from survey.questionnaire.source import FAST

FILE = Path(__file__).parent / "criteria.yaml"


@dataclass(frozen=True)
class Criterion:
    """One success criterion of WCAG 2.2; `tests` are names in Evaluation.tests; `gap` (a text per language) is what is
    not met, empty where nothing is."""

    number: str
    level: Literal["A", "AA", "AAA"]
    name: Mapping[str, str]
    standing: Literal["met", "absent"]
    how: str
    tests: tuple[str, ...] = ()
    people: str = ""
    gap: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Trial:
    """A time when people tried Medvirk; who they were, per language."""

    date: dt.date
    who: Mapping[str, str]


@dataclass(frozen=True)
class Evaluation:
    """What was looked at, when, and in which version; `tests` are their places under tests/, by name.

    `transcripts` is the beginning of the SHA-256 of what a screen reader met then (tests/browser/golden/).
    """

    version: str
    date: dt.date
    transcripts: str
    trials: tuple[Trial, ...]
    tests: Mapping[str, str]
    criteria: tuple[Criterion, ...]

    @property
    def gaps(self) -> tuple[Criterion, ...]:
        """The criteria that are not met."""
        return tuple(criterion for criterion in self.criteria if criterion.gap)

    @property
    def required(self) -> int:
        """How many criteria of A and AA there are."""
        return sum(criterion.level != "AAA" for criterion in self.criteria)

    def of_principle(self, principle: int) -> tuple[Criterion, ...]:
        """The criteria of one of WCAG's four principles, in WCAG's order."""
        those = (criterion for criterion in self.criteria if criterion.number.startswith(f"{principle}."))
        return tuple(sorted(those, key=lambda criterion: [int(part) for part in criterion.number.split(".")]))


@cache
def load() -> Evaluation:
    """The evaluation that is shipped; it does not change while a process lives."""
    file = yaml.load(FILE.read_text(encoding="utf-8"), FAST)  # noqa: S506 – it is a safe one
    return Evaluation(
        **file["evaluated"],
        trials=tuple(Trial(**trial) for trial in file["tried_with_people"]),
        tests=file["tests"],
        criteria=tuple(Criterion(**{**row, "tests": tuple(row.get("tests", ()))}) for row in file["criteria"]),
    )
