"""A measure and the releases that tell of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reports.measures.effect import Effect, effect, follow_up
from reports.measures.model import Measure
from reports.measures.rows import Merged
from reports.release import Release
from survey.desk.shelf import Found, Shelf
from survey.register.tree import Place
from survey.staff.roles import Way


@dataclass(frozen=True)
class Followed:
    """A measure, the way down to its place, and what its releases say.

    `takers`: where its place is a unit that was merged into another, as survey.register.tree has them.
    """

    measure: Measure
    places: tuple[Place, ...]
    baseline: Release | None
    after: Release | None
    effect: Effect
    merged: Merged
    takers: tuple[tuple[Place, ...], ...]

    @property
    def way(self) -> Way:
        """Of its place, and of the units that took its people: whoever has a role at one of them has it here."""
        return tuple(dict.fromkeys(place.id for way in (self.places, *self.takers) for place in way))


def follow(
    shelf: Shelf,
    measure: Measure,
    places: tuple[Place, ...],
    others: Sequence[Found],
    merged: Merged,
    takers: tuple[tuple[Place, ...], ...] = (),
) -> Followed:
    """What the municipality's releases, found among `others`, say of a measure; `merged` as the register has it."""
    others = [other for other in others if other.municipality == measure.municipality]
    begun, chosen = (shelf.find(each) if each else None for each in (measure.baseline, measure.chosen_by))
    baseline = released(shelf, measure.baseline)
    asked = tuple(value for name, value in vars(measure).items() if name != "asked")
    key = (asked, begun, chosen, tuple(others), tuple(merged.items()))
    after, found = shelf.effects.get(key, lambda: _judge(shelf, measure, baseline, chosen, others, merged))
    return Followed(measure, places, baseline, shelf.release(after) if after else None, found, merged, takers)


def _judge(
    shelf: Shelf,
    measure: Measure,
    baseline: Release | None,
    chosen: Found | None,
    others: Sequence[Found],
    merged: Merged,
) -> tuple[str | None, Effect]:
    """The hash of the release from after the measure, and the effect."""
    releases = {each.sha256: shelf.release(each.sha256) for each in others} if baseline else {}
    after = follow_up(measure, baseline, list(releases.values()), merged) if baseline else None
    day = dt.date.fromisoformat(shelf.release(chosen.sha256).closed) if chosen else None
    sha256 = next((sha256 for sha256, each in releases.items() if each is after), None)
    return sha256, effect(measure, baseline, after, day, merged)


def released(shelf: Shelf, round_id: str | None) -> Release | None:
    """The release of a round; None where there is none, or no round."""
    found = shelf.find(round_id) if round_id else None
    return shelf.release(found.sha256) if found else None
