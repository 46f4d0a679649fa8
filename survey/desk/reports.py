"""The pages of a release. They read releases and nothing else (see `shelf`)."""

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import Connection

from reports import beside as side
from reports.conversation import alone, talks
from reports.earlier import Earlier
from reports.trends import trend
from reports.views import Place, Report
from survey.desk import whole
from survey.desk.committee import gathering
from survey.desk.committee.gathering import REPORTERS
from survey.desk.earlier import KEEPERS
from survey.desk.earlier import keeping as earlier
from survey.desk.shelf import Found, Shelf, first
from survey.questionnaire.model import Phrase
from survey.register import tree
from survey.staff.guard import needs_above_or_below
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, READER, ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database

READERS = (ADMINISTRATOR, ROUND_LEADER, QUALITY_ADVISER, READER)
PART_READERS = (*READERS, UNIT_LEADER)  # at a place below: its part of a release, and what lies above it
WRITERS = (QUALITY_ADVISER, UNIT_LEADER)  # of measures
COMPARABLE = ("municipality", "service", "division", "unit")  # over rounds: these stay the same places


def add(desk: Blueprint, database: Database, shelf: Shelf, meeting: Mapping[str, Phrase]) -> None:
    """Add the pages of a release; `meeting` is what a unit can talk about."""

    def spoken(report: Report, place: Place | None) -> dict[str, Any]:
        talked = {"talks": talks(report, place), "alone": alone(report, place)}
        return {"place": place, "meeting": meeting, **talked}

    def page(
        found: Found,
        parts: frozenset[str] | None,
        template: str,
        asked: dict[str, str],
        content: Callable[[Report, Place | None], dict[str, Any]],
        besides: Callable[[], tuple[Hashable, ...]] = tuple,
        hidden: bool = False,
    ) -> ResponseReturnValue:
        """A page that follows from the release, the language and what was asked: rendered once, then kept.

        `parts` are the places whose part of the release is read, None for all of it. `asked` is what the address's
        query keeps in another language; `content` is what the template needs besides, of the place that was asked for;
        `besides` is what that follows from, if not from the release alone; `hidden`: those not shown by themselves have
        the page too, and `content` gets no place. A page is kept for those who read the very same places, as the
        register has them now, and whose roles give them the same links on top.
        """

        def made_of(_connection: Connection) -> tuple[Hashable, ...]:
            return found.sha256, _own(database, parts), tuple(asked.items()), *besides()

        def render(csrf_token: Callable[[], str]) -> str:
            language, own = str(get_locale()), _own(database, parts)
            report = shelf.report(found, language, own) or abort(404)
            place = first(own or frozenset(), report)
            if asked:
                place = report.places.get(asked["node"])
                if place is None and not (hidden and report.name_of_hidden(asked["node"])):
                    abort(404)
            shown = {"found": found, "report": report, "release": report.release, "whole": parts is None}
            return render_template(template, kept=asked, csrf_token=csrf_token, **shown, **content(report, place))

        here = "report", request.path, asked.get("node"), parts, g.member.roles
        return whole.page(shelf, database.remembered(here, made_of), render)

    @desk.get("/releases/<round_id>")
    @needs_above_or_below(database, *PART_READERS, round_id=shelf.find)
    def release(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        def earlier_surveys() -> tuple[tuple[Earlier, ...], str]:
            return database.remembered(("earlier", found.municipality), partial(_earlier, found.municipality))

        def links() -> dict[str, bool]:
            return {"keeps": g.member.may(KEEPERS, found.way), "reports": _reports(shelf, found)}

        def content(report: Report, place: Place | None) -> dict[str, Any]:
            here = {one.id for one in (*report.way_to(place), place)} if place else set()
            numbers = (one for one in earlier_surveys()[0] if one.place in here)
            asked = [one for one in numbers if one.audience == report.release.audience]
            return {**spoken(report, place), "earlier": asked, **links()}

        def besides() -> tuple[Hashable, ...]:
            return *links().values(), earlier_surveys()[1]

        return page(found, parts, "desk/release.html", _asked(), content, besides)

    @desk.get("/releases/<round_id>/meeting")
    @needs_above_or_below(database, *PART_READERS, round_id=shelf.find)
    def for_meeting(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        asked = _asked()

        def content(report: Report, place: Place | None) -> dict[str, Any]:
            name = place.name if place else report.name_of_hidden(asked.get("node", "")) or report.release.title
            return {**spoken(report, place), "name": name}

        return page(found, parts, "desk/meeting.html", asked, content, hidden=True)

    @desk.get("/releases/<round_id>/beside")
    @needs_above_or_below(database, *PART_READERS, round_id=shelf.find)
    def side_by_side(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        def content(report: Report, place: Place | None) -> dict[str, Any]:
            own = _own(database, parts)
            beside = list(filter(None, (shelf.report(other, report.language, own) for other in shelf.beside(found))))
            voices, kinds = side.voices(report, place, beside), side.kinds(report, beside)
            shown = {"by_theme": side.by_theme(voices), "kinds": kinds, "alike": side.alike(kinds)}
            return {"place": place, "voices": voices, **shown}

        def besides() -> tuple[Hashable, ...]:
            return tuple(other.sha256 for other in shelf.beside(found))

        return page(found, parts, "desk/beside.html", _asked(), content, besides)

    @desk.get("/releases/<round_id>/questions/<question_id>")
    @needs_above_or_below(database, *PART_READERS, round_id=shelf.find)
    def question(found: Found, parts: frozenset[str] | None, question_id: str) -> ResponseReturnValue:
        def joined() -> frozenset[str]:  # before they joined it, they count with it
            node = request.args.get("node", "")
            return database.remembered(("joined", node), lambda connection: tree.joined(connection, node))

        def content(report: Report, place: Place | None) -> dict[str, Any]:
            question = report.questions.get(question_id) or abort(404)
            shown = {"question": question, "place": place, "writes": _writes(database, found)}
            if place is None or place.level not in COMPARABLE:
                return {**shown, "trend": None}
            before = (shelf.release(one.sha256) for one in shelf.before(found))
            return {**shown, "trend": trend(report.release, before, place.id, question_id, joined())}

        def besides() -> tuple[Hashable, ...]:
            before = (one.sha256 for one in shelf.before(found))
            return _writes(database, found), *sorted(joined()), *before

        return page(found, parts, "desk/question.html", _asked(), content, besides)


def _reports(shelf: Shelf, found: Found) -> bool:
    """Whether a reader may make a report for a committee of it, or of a service in it."""
    if g.member.may(REPORTERS, found.way):
        return True
    own = g.member.nodes(REPORTERS)
    return bool(own and gathering.places(shelf, found, own, str(get_locale())))


def _writes(database: Database, found: Found) -> bool:
    """Whether a reader writes measures anywhere in the municipality of a release."""
    nodes = g.member.nodes(WRITERS)
    ways = database.remembered(("ways", nodes), lambda connection: tree.ways(connection, nodes))
    return any(way[:1] == found.way for way in ways.values())


def _own(database: Database, parts: frozenset[str] | None) -> frozenset[str] | None:
    """These places, all under them and all that has joined them, as the register has them; None: everything."""
    if parts is None:
        return None
    return database.remembered(("own", parts), lambda connection: frozenset(tree.readable(connection, parts)))


def _earlier(municipality: str, connection: Connection) -> tuple[tuple[Earlier, ...], str]:
    """The earlier surveys' numbers, and what tells them from any others in a key."""
    numbers = earlier.of_municipality(connection, municipality)
    return numbers, sha256(repr(numbers).encode()).hexdigest()


def _asked() -> dict[str, str]:
    node = request.args.get("node") if request.args else None
    return {"node": node} if node else {}
