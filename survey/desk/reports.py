"""The pages of a release. They read releases and nothing else (see `shelf`)."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup

from reports.exports import as_csv
from reports.views import Report
from survey.desk.shelf import Found, Shelf
from survey.staff.accounts import ADMINISTRATOR, QUALITY_ADVISER
from survey.staff.guard import needs

READERS = (ADMINISTRATOR, QUALITY_ADVISER)


def add(desk: Blueprint, shelf: Shelf) -> None:
    """Add the pages of a release and its downloads."""

    def page(found: Found, template: str, asked: str | None, content: Callable[[Report], dict[str, Any]]) -> str:
        """A page in its frame; `content` gives the title and what else the template needs, once a release."""
        language = str(get_locale())

        def render() -> tuple[str, Markup]:
            report = Report(shelf.release(found.sha256), language)
            shown = content(report)
            body = render_template(template, found=found, report=report, release=report.release, **shown)
            return shown["title"], Markup(body)  # noqa: S704  # our own template, escaped when it was rendered

        title, body = shelf.page((template, found.sha256, language, asked), render)
        return render_template("desk/report.html", title=title, body=body)

    @desk.get("/releases/<round_id>")
    @needs(*READERS, round_id=shelf.find)
    def release(found: Found) -> ResponseReturnValue:
        asked = request.args.get("node")

        def content(report: Report) -> dict[str, Any]:
            place = report.places.get(asked) if asked else report.top
            if asked and place is None:
                abort(404)
            return {
                "title": f"{place.name} – {report.release.title}" if place else report.release.title,
                "place": place,
            }

        return page(found, "desk/release.html", asked, content)

    @desk.get("/releases/<round_id>/questions/<question_id>")
    @needs(*READERS, round_id=shelf.find)
    def question(found: Found, question_id: str) -> ResponseReturnValue:
        def content(report: Report) -> dict[str, Any]:
            question = report.questions.get(question_id) or abort(404)
            return {"title": f"{question.text} – {report.release.title}", "question": question}

        return page(found, "desk/question.html", question_id, content)

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
