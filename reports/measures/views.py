"""What people think of a measure: the rows of a release whose round asked for their view of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.measures.model import Covers, Measure
from reports.measures.rows import Merged, covered_units, sides
from reports.release import Release
from reports.views import Asked, Place, Report, Row

VIEW = "view_"  # how the questions' ids begin (survey.questionnaire.local)


@dataclass(frozen=True)
class View:
    """A release, and each question of the view in every group that is shown: all of the round, then the covered."""

    release: Release
    rows: tuple[tuple[Asked, tuple[Row, ...]], ...]


def view(measure: Measure, report: Report, baseline: Release | None = None, merged: Merged | None = None) -> View:
    """What a release says of the view of a measure; no rows where too few answered for anything to be shown.

    Units that have become one since the baseline are read as that one.
    """
    places = list(dict.fromkeys(_places(measure, report, baseline, merged)))
    asked = [question for question in report.questions.values() if question.id.startswith(VIEW)]
    rows = ((question, tuple(report.row(place, question) for place in places)) for question in asked)
    return View(report.release, tuple(rows) if places else ())


def _places(measure: Measure, report: Report, baseline: Release | None, merged: Merged | None) -> Iterator[Place]:
    """The whole; then the units that are covered, or both sides of a planned group."""
    yield from (report.top,) if report.top else ()
    if measure.covers is Covers.UNITS:
        shown: tuple[frozenset[str], ...] = (
            covered_units(measure, [*filter(None, [baseline]), report.release], merged),
        )
    else:
        found = sides(measure, [report.release])
        shown = (found.covered, found.others)
    yield from (place for ids in shown for place in report.places.values() if place.id in ids)
