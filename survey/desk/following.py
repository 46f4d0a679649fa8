"""A measure and the releases that tell of it."""

import datetime as dt
from dataclasses import dataclass

from reports.measures.effect import Effect, effect, follow_up
from reports.measures.model import Measure
from reports.release import Release
from survey.desk.shelf import Shelf
from survey.register.tree import Place
from survey.staff.roles import Way


@dataclass(frozen=True)
class Followed:
    """A measure, the way down to its place, and what its releases say."""

    measure: Measure
    places: tuple[Place, ...]
    baseline: Release | None
    after: Release | None
    effect: Effect

    @property
    def way(self) -> Way:
        return tuple(place.id for place in self.places)


def follow(shelf: Shelf, measure: Measure, places: tuple[Place, ...]) -> Followed:
    """What the municipality's releases say of a measure."""
    baseline, after, chosen = released(shelf, measure.baseline), None, released(shelf, measure.chosen_by)
    if baseline:
        others = (shelf.release(found.sha256) for found in shelf.of([measure.municipality]))
        after = follow_up(measure, baseline, list(others))
    day = dt.date.fromisoformat(chosen.closed) if chosen else None
    return Followed(measure, places, baseline, after, effect(measure, baseline, after, day))


def released(shelf: Shelf, round_id: str | None) -> Release | None:
    """The release of a round; None where there is none, or no round."""
    found = shelf.find(round_id) if round_id else None
    return shelf.release(found.sha256) if found else None
