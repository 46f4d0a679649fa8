"""The pages of a release. They read releases and nothing else (see `shelf`)."""

from collections.abc import Callable, Hashable
from secrets import token_hex
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from reports.exports import as_csv
from reports.trends import trend
from reports.views import Report
from survey.desk.shelf import Found, Shelf
from survey.staff.guard import needs
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, READER, ROUND_LEADER, UNIT_LEADER

READERS = (ADMINISTRATOR, ROUND_LEADER, QUALITY_ADVISER, READER)
WRITERS = (QUALITY_ADVISER, UNIT_LEADER)  # of measures
COMPARABLE = ("municipality", "service", "division", "unit")  # over rounds: these stay the same places

_PLACE_OF_TOKEN = token_hex()  # in a kept page, where each reader's own goes


def add(desk: Blueprint, shelf: Shelf) -> None:
    """Add the pages of a release and its downloads."""

    def page(
        found: Found,
        template: str,
        asked: dict[str, str],
        content: Callable[[Report], dict[str, Any]],
        besides: tuple[Hashable, ...] = (),
    ) -> str:
        """A page that follows from the release, the language and what was asked: rendered once, then kept.

        `asked` is what the address's query keeps in another language; `content` is what the template needs besides;
        `besides` is what that follows from, if not from the release alone.
        """
        language = str(get_locale())

        def render() -> str:
            report = shelf.report(found, language)
            shown = {"found": found, "report": report, "release": report.release, **content(report)}
            return render_template(template, kept=asked, csrf_token=lambda: _PLACE_OF_TOKEN, **shown)

        kept = shelf.page((request.path, found.sha256, language, *asked.items(), *besides), render)
        return kept.replace(_PLACE_OF_TOKEN, generate_csrf())

    @desk.get("/releases/<round_id>")
    @needs(*READERS, round_id=shelf.find)
    def release(found: Found) -> ResponseReturnValue:
        asked = request.args.get("node")

        def content(report: Report) -> dict[str, Any]:
            if asked and asked not in report.places:
                abort(404)
            return {"place": report.places[asked] if asked else report.top}

        return page(found, "desk/release.html", {"node": asked} if asked else {}, content)

    @desk.get("/releases/<round_id>/questions/<question_id>")
    @needs(*READERS, round_id=shelf.find)
    def question(found: Found, question_id: str) -> ResponseReturnValue:
        earlier, writes, asked = (
            shelf.before(found),
            g.member.may(WRITERS, found.way),
            request.args.get("node"),
        )

        def content(report: Report) -> dict[str, Any]:
            question = report.questions.get(question_id) or abort(404)
            place = report.places.get(asked) or abort(404) if asked else report.top
            if place is None or place.level not in COMPARABLE:
                return {"question": question, "place": place, "trend": None, "writes": writes}
            before = (shelf.release(one.sha256) for one in earlier)
            over_time = trend(report.release, before, place.id, question_id)
            return {"question": question, "place": place, "trend": over_time, "writes": writes}

        besides = (writes, *(one.sha256 for one in earlier))
        return page(found, "desk/question.html", {"node": asked} if asked else {}, content, besides)

    @desk.get("/releases/<round_id>/release.csv")
    @needs(*READERS, round_id=shelf.find)
    def table(found: Found) -> ResponseReturnValue:
        return _file(
            as_csv(shelf.release(found.sha256), str(get_locale())), "text/csv; charset=utf-8", f"{found.round}.csv"
        )

    @desk.get("/releases/<round_id>/release.json")
    @needs(*READERS, round_id=shelf.find)
    def artefact(found: Found) -> ResponseReturnValue:
        return _file(shelf.release(found.sha256).to_json().encode(), "application/json", f"{found.round}.json")


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
