"""What goes into a report for a committee: the places somebody may report on, the rounds beside, measures, numbers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from reports.committee import followed
from reports.committee.material import Followed, Material, Round, Weighed
from reports.measures import keeping
from reports.parts import nothing_of
from reports.release import HiddenNode, Node, Release
from reports.views import Report
from survey.desk import telling
from survey.desk.committee.texts import Written
from survey.desk.earlier import keeping as earlier
from survey.desk.following import follow
from survey.desk.shelf import Found, Shelf
from survey.register import tree
from survey.staff.roles import QUALITY_ADVISER, READER, ROUND_LEADER
from survey.storage.engine import Database

REPORTERS = (QUALITY_ADVISER, READER, ROUND_LEADER)
WRITERS = (QUALITY_ADVISER, ROUND_LEADER)
LEVELS = ("municipality", "service")
MOST_ROUNDS = 4
APART = dt.timedelta(days=366)  # rounds of one campaign are closed within this time of each other


@dataclass(frozen=True)
class Choice:
    """A place that a report can be about."""

    id: str
    name: str


def places(shelf: Shelf, found: Found, parts: frozenset[str] | None, language: str) -> list[Choice]:
    """The municipality and its services, or those services among `parts`, as the release names them."""
    release = shelf.release(found.sha256)
    return [
        Choice(node.id, node.name.get(language) or node.name["nb"])
        for node in _nodes(release)
        if node.level in LEVELS and (parts is None or node.id in parts)
    ]


def beside(shelf: Shelf, found: Found, place: str) -> list[Found]:
    """The newest rounds of other people or kinds of service about this place, of the same campaign."""
    own = shelf.release(found.sha256)
    taken, offered = {_asked(own)}, []
    for other in shelf.of([found.municipality]):
        release = shelf.release(other.sha256)
        apart = abs(dt.date.fromisoformat(release.closed) - dt.date.fromisoformat(own.closed))
        if _asked(release) not in taken and apart <= APART and any(node.id == place for node in _nodes(release)):
            taken.add(_asked(release))
            offered.append(other)
    return offered


def usual(shelf: Shelf, found: Found, offered: Iterable[Found]) -> list[Found]:
    """Those of the same kind of service: residents and relatives belong beside each other."""
    kind = shelf.release(found.sha256).service_kind
    return [each for each in offered if shelf.release(each.sha256).service_kind == kind][: MOST_ROUNDS - 1]


def material(
    database: Database,
    shelf: Shelf,
    found: Sequence[Found],
    place: Choice,
    whole: bool,
    written: Written,
    language: str,
) -> Material:
    """All of it; `whole`: who asks reads the whole of the releases, not this place's part alone."""
    with database.reading() as connection:
        own = None if whole else frozenset(tree.readable(connection, [place.id])) | {place.id}
        rounds = [_round(shelf, each, place.id, own, language) for each in found]
        measures = _measures(connection, shelf, rounds, place.id, own, language)
        numbers = earlier.of_municipality(connection, found[0].municipality)
        decided = telling.decided(connection) if whole else {}
    audiences = {one.release.audience for one in rounds}
    return Material(
        place=place.name,
        rounds=rounds,
        measures=measures,
        earlier=[one for one in numbers if one.place == place.id and one.audience in audiences],
        introduction=written.introduction,
        conclusion=written.conclusion,
        language=language,
        told=[_told(one, decided.get(one.release.round, (0, 0))) for one in rounds] if whole else [],
    )


def _told(one: Round, decided: tuple[int, int]) -> str:
    return f"{one.who}. {telling.Telling(*decided, telling.tellable(one.release))}."


def key(material: Material) -> tuple[str, ...]:
    """All that a report follows from; releases by their hashes, parts of them by the places read and kept back."""
    followed = [
        (one.measure, one.where, one.effect, *((each and each[1]) for each in (one.baseline, one.after)), one.weighed)
        for one in material.measures
    ]
    viewed = [one.viewed and _part(one.viewed) for one in material.measures]
    words = (material.place, material.introduction, material.conclusion, material.language)
    read = (material.told, material.earlier, followed, viewed, [_part(one) for one in material.rounds])
    return (*words, *map(repr, read))


def _part(one: Round) -> tuple[object, ...]:
    release = one.release
    read = ([node.id for node in nodes] for nodes in (release.nodes, release.too_few, release.shown_with_others))
    return one.sha256, one.place and one.place.id, *read


def _round(shelf: Shelf, found: Found, place: str, own: frozenset[str] | None, language: str) -> Round:
    report = shelf.report(found, language, own) or Report(nothing_of(shelf.release(found.sha256)), language)
    return Round(report=report, sha256=found.sha256, place=report.places.get(place))


def _measures(
    connection: Connection, shelf: Shelf, rounds: Sequence[Round], place: str, own: frozenset[str] | None, language: str
) -> list[Followed]:
    """Those on the questions of these rounds, at the place and under it."""
    asked = {one.release.questionnaire for one in rounds}
    found: list[Followed] = []
    places = tree.reach(connection, [place])
    listed = keeping.listed(connection, [place]) if places else []
    listed = [measure for measure in listed if measure.questionnaire in asked]
    others = shelf.of({measure.municipality for measure in listed})
    ids = [measure.id for measure in listed]
    merged = tree.merged(connection) if listed else {}
    written, asking = keeping.weighings_of(connection, ids[: followed.MOST]), keeping.rounds_asking(connection, ids)
    for measure in listed:
        told = follow(shelf, measure, places[measure.place], others, merged)
        viewing = filter(None, map(shelf.find, asking.get(measure.id, ())))
        newest = max(viewing, key=lambda each: shelf.release(each.sha256).closed, default=None)
        found.append(
            Followed(
                measure=measure,
                where=" › ".join(each.called(language) for each in told.places),
                effect=told.effect,
                baseline=_traced(shelf, told.baseline),
                after=_traced(shelf, told.after),
                viewed=_round(shelf, newest, place, own, language) if newest else None,
                weighed=[Weighed(day=each.day, text=each.text) for each in written.get(measure.id, ())],
            )
        )
    return found


def _traced(shelf: Shelf, release: Release | None) -> tuple[Release, str] | None:
    found = shelf.find(release.round) if release else None
    return (release, found.sha256) if release and found else None


def _asked(release: Release) -> tuple[str, str]:
    return release.audience, release.service_kind


def _nodes(release: Release) -> tuple[Node | HiddenNode, ...]:
    return (*release.nodes, *release.too_few, *release.shown_with_others)
