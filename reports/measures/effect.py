"""Whether a measure helped: before and after, for those it covers and for the others."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports import statistics
from reports.comparing import Caution, NotCompared, cautions_between, much_help, not_compared
from reports.measures.model import Covers, Measure
from reports.measures.rows import Merged, Sides, by_unit, group, sides
from reports.release import Release
from reports.statistics import Bounds, Group


class Verdict(StrEnum):
    """What can be said."""

    AS_HOPED = "as_hoped"
    OTHER_WAY = "other_way"
    NO_SIGN = "no_sign"
    TOO_FEW = "too_few"
    CHOSEN_FOR_LOW = "chosen_for_low"
    NOT_COMPARED = "not_compared"
    NOT_BEGUN = "not_begun"
    NOT_YET = "not_yet"  # no round after it began
    NO_BASELINE = "no_baseline"
    NO_GROUPS = "no_groups"  # the baseline was not given out by the planned group


class Note(StrEnum):
    """What a reader has to mind."""

    LATE_BASELINE = "late_baseline"
    PARTIAL = "partial"
    JOINED = "joined"
    MIXED = "mixed"
    LOW_COVERAGE = "low_coverage"
    NO_OTHERS = "no_others"


@dataclass(frozen=True, kw_only=True)
class Side:
    """The covered, or the others. None: not released, or not yet."""

    before: Group | None
    after: Group | None

    @property
    def change(self) -> Bounds | None:
        """By how much the share at the good end rose."""
        return statistics.change(self.before, self.after) if self.before and self.after else None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What the releases say of a measure.

    `moved` is what the verdict rests on: the difference of the two sides' changes or, without others, the change of
    the covered. `detectable` is the smallest true move that would mostly have been seen; before there is a round
    after, the smallest that will be if as many answer again. `cautions` are what to mind of help to answer, and of
    places that came or went. `reason`: why the two rounds are not compared. `rows`: those that were read.
    """

    verdict: Verdict
    covered: Side
    others: Side
    moved: Bounds | None
    detectable: float | None
    notes: tuple[Note, ...]
    cautions: tuple[Caution, ...] = ()
    reason: NotCompared | None = None
    rows: Sides | None = None


_NOTHING = Side(before=None, after=None)
_NO_BASELINE = Effect(
    verdict=Verdict.NO_BASELINE, covered=_NOTHING, others=_NOTHING, moved=None, detectable=None, notes=()
)


def effect(
    measure: Measure,
    baseline: Release | None,
    after: Release | None,
    chosen: dt.date | None = None,
    merged: Merged | None = None,
) -> Effect:
    """What to say of a measure; `chosen` is the day of the round for whose low numbers its people were chosen.

    `merged`: the units that have become part of others, as the register has them.
    """
    if baseline is None:
        return _NO_BASELINE
    reason = _why_not(measure, baseline, after, merged) if after else None
    if reason:
        after = None
    found = sides(measure, [baseline, after] if after else [baseline], merged)
    covered, others = (
        Side(
            before=group(baseline, rows, measure.question),
            after=group(after, rows, measure.question) if after else None,
        )
        for rows in (found.covered, found.others)
    )
    groups = [side.after or side.before for side in (covered, others)] + [covered.before, others.before]
    seen = statistics.detectable(*filter(None, groups)) if covered.before else None
    moved = _moved(covered, others)
    return Effect(
        verdict=Verdict.NOT_COMPARED if reason else _verdict(measure, baseline, after, chosen, covered, moved, seen),
        covered=covered,
        others=others,
        moved=moved,
        detectable=seen,
        notes=tuple(_notes(measure, baseline, after, found)),
        cautions=tuple(_cautions(measure, baseline, after)),
        reason=reason,
        rows=found,
    )


def _why_not(measure: Measure, baseline: Release, after: Release, merged: Merged | None) -> NotCompared | None:
    of_units = measure.covers is Covers.UNITS and by_unit(baseline)
    if of_units and not by_unit(after) and not sides(measure, [baseline, after], merged).covered:
        return NotCompared.NOT_BY_UNIT
    return not_compared(baseline, after, measure.question)


def _moved(covered: Side, others: Side) -> Bounds | None:
    if not (covered.before and covered.after):
        return None
    if others.before and others.after:
        return statistics.difference_of_changes((covered.before, covered.after), (others.before, others.after))
    return covered.change


def _verdict(
    measure: Measure,
    baseline: Release,
    after: Release | None,
    chosen: dt.date | None,
    covered: Side,
    moved: Bounds | None,
    seen: float | None,
) -> Verdict:
    if measure.covers is Covers.GROUP and baseline.round not in measure.rounds:
        return Verdict.NO_GROUPS
    if covered.before is None or seen is None or (after and moved is None):
        return Verdict.TOO_FEW
    if moved is None:
        return Verdict.NOT_YET if measure.begun else Verdict.NOT_BEGUN
    if chosen and dt.date.fromisoformat(baseline.closed) <= chosen:
        return Verdict.CHOSEN_FOR_LOW  # what is lowest by chance rises by itself
    if moved[0] > 0:
        return Verdict.AS_HOPED
    if moved[1] < 0:
        return Verdict.OTHER_WAY
    before = sum(covered.before.count) / (2 * covered.before.n)
    return Verdict.TOO_FEW if seen >= max(before, 1 - before) else Verdict.NO_SIGN


def _notes(measure: Measure, baseline: Release, after: Release | None, found: Sides) -> Iterator[Note]:
    if measure.start and dt.date.fromisoformat(baseline.closed) > measure.start:
        yield Note.LATE_BASELINE
    if found.partial and found.covered:
        yield Note.PARTIAL
    if found.joined:
        yield Note.JOINED
    if found.mixed:
        yield Note.MIXED
    if any(_few_answered(release, found.covered) for release in (baseline, after) if release):
        yield Note.LOW_COVERAGE
    if found.covered and not found.others:
        yield Note.NO_OTHERS


def _cautions(measure: Measure, baseline: Release, after: Release | None) -> Iterator[Caution]:
    """How many answered among the covered is in the notes."""
    if after:
        if much_help(baseline) or much_help(after):
            yield Caution.HELP
        yield from cautions_between(baseline, after, measure.place)


def _few_answered(release: Release, rows: frozenset[str]) -> bool:
    nodes = [node for node in release.nodes if node.id in rows]
    return 2 * sum(node.n for node in nodes) < sum(node.invited for node in nodes)


def follow_up(
    measure: Measure, baseline: Release, releases: Sequence[Release], merged: Merged | None = None
) -> Release | None:
    """The round to read the effect from: the newest after the measure began and after its baseline.

    Of a planned group it is one of the measure's own rounds. One that may be compared, and shows those covered, comes
    before a newer one that may not or does not.
    """
    if measure.start is None or not measure.begun:
        return None
    since = max(measure.start.isoformat(), baseline.closed)
    later = [
        release
        for release in releases
        if release.closed > since
        and (release.audience, release.service_kind) == (baseline.audience, baseline.service_kind)
        and (measure.covers is Covers.UNITS or release.round in measure.rounds)
    ]

    def fitness(release: Release) -> tuple[bool, bool, str]:
        compared = not_compared(baseline, release, measure.question) is None
        return compared, bool(sides(measure, [baseline, release], merged).covered), release.closed

    return max(later, key=fitness, default=None)
