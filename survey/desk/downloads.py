"""A release to take along: as a workbook, as a table, and as it was hashed. They hold the release and nothing else."""

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from reports.exports import as_csv
from reports.release import SCHEMA_FILE
from reports.workbook import as_xlsx
from survey.desk.reports import READERS
from survey.desk.shelf import Found, Shelf, file_name
from survey.staff.guard import needs

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add(desk: Blueprint, shelf: Shelf) -> None:
    """Add the downloads of a release."""

    @desk.get("/releases/<round_id>/release.xlsx")
    @needs(*READERS, round_id=shelf.find)
    def workbook(found: Found) -> ResponseReturnValue:
        report = shelf.report(found, str(get_locale())) or abort(404)
        return _file(as_xlsx(report), EXCEL, file_name(report.release, "xlsx"))

    @desk.get("/releases/<round_id>/release.csv")
    @needs(*READERS, round_id=shelf.find)
    def table(found: Found) -> ResponseReturnValue:
        release = shelf.release(found.sha256)
        content = as_csv(release, str(get_locale()))
        return _file(content, "text/csv; charset=utf-8", file_name(release, "csv"))

    @desk.get("/releases/<round_id>/release.json")
    @needs(*READERS, round_id=shelf.find)
    def artefact(found: Found) -> ResponseReturnValue:
        name = file_name(shelf.release(found.sha256), "json")
        response = _file(shelf.text(found.sha256).encode(), "application/json", name)
        response.headers["Link"] = f'<{url_for("release_schema")}>; rel="describedby"'
        return response


def publish_schema(app: Flask) -> None:
    """Serve what a release in JSON is made of, to everybody."""
    schema = SCHEMA_FILE.read_bytes()

    @app.get("/release.schema.json")
    def release_schema() -> ResponseReturnValue:
        return Response(schema, content_type="application/schema+json")


def _file(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
