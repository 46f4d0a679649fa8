"""What a report for a committee is made of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reports.committee.model import Line, Traced
from reports.earlier import Earlier
from reports.measures.effect import Effect
from reports.measures.model import Measure
from reports.release import Interval, Release
from reports.views import Place, Report, Row, Side
from reports.wording import AUDIENCES, SERVICE_KINDS, answered, count, left_open, named

SHOWN = ("service", "rest")  # below a municipality: nothing smaller stands in a report for a committee


@dataclass(frozen=True, kw_only=True)
class Round:
    """A release, or a part of one, in the report's language; `sha256` is the whole release's.

    `place` is whom the report is about, `services` what a municipality is made of; None: too few answered there.
    """

    report: Report
    sha256: str
    place: Place | None

    @property
    def release(self) -> Release:
        return self.report.release

    @property
    def who(self) -> str:
        """Who was asked about what: "Residents, day centres"."""
        return f"{named(AUDIENCES, self.release.audience)}, {named(SERVICE_KINDS, self.release.service_kind)}"

    @property
    def voice(self) -> str:
        """Residents, or others: nobody should take the one for the other."""
        return "residents" if self.release.audience == "resident" else "others"

    @property
    def services(self) -> list[Place]:
        """The services of a municipality that are shown, by name, and what is shown of several together."""
        if self.place is None or self.place.level != "municipality":
            return []
        return [one for one in self.report.places.values() if one.level in SHOWN and one.depth == self.place.depth + 1]

    def answered(self, place: Place) -> Line:
        """How many of those invited answered."""
        return Line(answered(place.n, place.invited), (Traced(self.sha256, (place.id,), "answered"),))

    def end(self, row: Row, kind: str, named_as: str = "") -> Line:
        """How many chose an end of the answers: "Yes: at least 7 of 9"."""
        side: Side = getattr(row, kind)
        text = f"{named_as or side.label}: {count(side.interval, side.n)}"
        return Line(text, (Traced(self.sha256, (row.place.id,), f"{row.question.id} {kind}"),))

    def open(self, row: Row, interval: Interval) -> Line:
        """How many left a question open."""
        return Line(
            left_open(interval, row.place.n), (Traced(self.sha256, (row.place.id,), f"{row.question.id} open"),)
        )


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """How views were weighed, and when that was written."""

    day: dt.date
    text: str


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A measure, where it is done, what its releases say of it, and what was done with the views, the newest first.

    `viewed` is the newest round that asked for people's view of it, if any did.
    """

    measure: Measure
    where: str
    effect: Effect
    baseline: tuple[Release, str] | None  # with its SHA-256
    after: tuple[Release, str] | None
    viewed: Round | None = None
    weighed: Sequence[Weighed] = ()


@dataclass(frozen=True, kw_only=True)
class Material:
    """`rounds` is one or more, of different people or kinds of service. A text is empty where nobody wrote one."""

    place: str
    rounds: Sequence[Round]
    measures: Sequence[Followed]
    earlier: Sequence[Earlier]
    introduction: str
    conclusion: str
    language: str
    told: Sequence[str] = ()  # how far each round is told back, in words; empty where only a part is read

    @property
    def shown(self) -> list[Round]:
        """The rounds in which enough people answered there for anything to be shown."""
        return [one for one in self.rounds if one.place]
