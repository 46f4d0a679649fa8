"""The pages of a release. They read releases and nothing else (see `shelf`)."""

from collections.abc import Callable, Hashable
from secrets import token_hex
from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from reports.trends import trend
from reports.views import Place, Report
from survey.desk.shelf import Found, Shelf
from survey.register import tree
from survey.staff.guard import needs_above_or_below
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, READER, ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database

READERS = (ADMINISTRATOR, ROUND_LEADER, QUALITY_ADVISER, READER)
PART_READERS = (*READERS, UNIT_LEADER)  # at a place below: its part of a release, and what lies above it
WRITERS = (QUALITY_ADVISER, UNIT_LEADER)  # of measures
COMPARABLE = ("municipality", "service", "division", "unit")  # over rounds: these stay the same places

_PLACE_OF_TOKEN = token_hex()  # in a kept page, where each reader's own goes


def add(desk: Blueprint, database: Database, shelf: Shelf) -> None:
    """Add the pages of a release."""

    def page(
        found: Found,
        parts: frozenset[str] | None,
        template: str,
        asked: dict[str, str],
        content: Callable[[Report, Place | None], dict[str, Any]],
        besides: tuple[Hashable, ...] = (),
    ) -> str:
        """A page that follows from the release, the language and what was asked: rendered once, then kept.

        `parts` are the places whose part of the release is read, None for all of it. `asked` is what the address's
        query keeps in another language; `content` is what the template needs besides, of the place that was asked for;
        `besides` is what that follows from, if not from the release alone.
        """
        language = str(get_locale())

        def render() -> str:
            own, report = _read(shelf, found, parts, language) or abort(404)
            place = first(own, report)
            if asked:
                place = report.places.get(asked["node"]) or abort(404)
            shown = {"found": found, "report": report, "release": report.release, "whole": parts is None}
            return render_template(
                template, kept=asked, csrf_token=lambda: _PLACE_OF_TOKEN, **shown, **content(report, place)
            )

        scope = tuple(sorted(parts)) if parts is not None else None
        kept = shelf.page((request.path, found.sha256, language, scope, *asked.items(), *besides), render)
        return kept.replace(_PLACE_OF_TOKEN, generate_csrf())

    @desk.get("/releases/<round_id>")
    @needs_above_or_below(database, *PART_READERS, round_id=shelf.find)
    def release(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        return page(found, parts, "desk/release.html", _asked(), lambda _report, place: {"place": place})

    @desk.get("/releases/<round_id>/questions/<question_id>")
    @needs_above_or_below(database, *PART_READERS, round_id=shelf.find)
    def question(found: Found, parts: frozenset[str] | None, question_id: str) -> ResponseReturnValue:
        earlier, writes = shelf.before(found), g.member.may(WRITERS, found.way)
        with database.reading() as connection:
            joined = tree.joined(connection, request.args.get("node", ""))  # before they did, they count with it

        def content(report: Report, place: Place | None) -> dict[str, Any]:
            question = report.questions.get(question_id) or abort(404)
            if place is None or place.level not in COMPARABLE:
                return {"question": question, "place": place, "trend": None, "writes": writes}
            before = (shelf.release(one.sha256) for one in earlier)
            over_time = trend(report.release, before, place.id, question_id, joined)
            return {"question": question, "place": place, "trend": over_time, "writes": writes}

        besides = (writes, *sorted(joined), *(one.sha256 for one in earlier))
        return page(found, parts, "desk/question.html", _asked(), content, besides)


def _read(
    shelf: Shelf, found: Found, parts: frozenset[str] | None, language: str
) -> tuple[frozenset[str], Report] | None:
    """The places that the reader's roles cover, empty for all, and what is read; None: none of it is theirs."""
    if parts is None:
        return frozenset(), shelf.report(found, language)
    part = shelf.parts(found, parts)
    return (part[0], Report(part[1], language)) if part else None


def first(own: frozenset[str], report: Report) -> Place | None:
    """Where a reader begins: the first of their own places that is shown, else the whole of what they read."""
    return next((place for place in report.places.values() if place.id in own), report.top)


def _asked() -> dict[str, str]:
    node = request.args.get("node")
    return {"node": node} if node else {}
