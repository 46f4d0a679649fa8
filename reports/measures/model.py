"""A measure: something that is done so that one question is answered better."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How far a measure has come, in this order."""

    PLANNED = "planned"
    DECIDED = "decided"
    STARTED = "started"
    ENDED = "ended"


class Covers(StrEnum):
    """Whom a measure is for: everybody in some units, or a planned group of persons in any of a service's units."""

    UNITS = "units"
    GROUP = "group"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is kept of a measure.

    `place` is where it belongs in the register: a municipality, service, division or unit. `units` are covered; of a
    planned group, `rounds` are those whose codes were given out by it. `baseline` is the round with the answers from
    before; `chosen_by` the round for whose low numbers those covered were chosen, if they were.
    """

    id: str
    municipality: str
    place: str
    title: str
    hoped: str  # what is expected of it
    questionnaire: str
    question: str
    asked: Mapping[str, str]  # language -> the question
    covers: Covers
    units: frozenset[str]
    rounds: frozenset[str]
    baseline: str | None
    chosen_by: str | None
    responsible: str
    decision: str  # who decided what, and where it is written; may be empty
    start: dt.date | None
    deadline: dt.date | None
    status: Status

    @property
    def begun(self) -> bool:
        """Whether it is under way, or was."""
        return self.status in (Status.STARTED, Status.ENDED)

    def overdue(self, today: dt.date) -> bool:
        """Whether it should have begun by now and has not, or should be over and is not."""
        late_start = self.start is not None and self.start < today and not self.begun
        late_end = self.deadline is not None and self.deadline < today and self.status is not Status.ENDED
        return late_start or late_end
