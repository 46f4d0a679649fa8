"""For the committee: a report of at most ten pages from one round, or from several of one campaign."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from reports.committee.looks import source
from reports.committee.material import Material
from reports.committee.model import Document, Table
from reports.committee.pdf import fitted
from reports.committee.word import as_docx
from reports.committee.writing import document
from survey.desk import whole
from survey.desk.committee import gathering, texts
from survey.desk.committee.gathering import MOST_ROUNDS, REPORTERS, WRITERS, Choice
from survey.desk.committee.texts import Written
from survey.desk.shelf import Found, Shelf, file_name
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.reaching.wording import translated
from survey.staff.guard import needs_above_or_below
from survey.storage.engine import Database

SIGNS = 1200  # of the introduction, and of the conclusion
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Asked:
    """What somebody asked for: the place, those there are, the rounds beside, those that were chosen."""

    found: Found
    place: Choice
    places: list[Choice]
    offered: list[Found]
    chosen: list[Found]
    whole: bool
    writes: bool

    @property
    def query(self) -> dict[str, Any]:
        """The address's query that asks for the same again."""
        return {"node": self.place.id, "with": [each.round for each in self.chosen], "chosen": 1}


def add(desk: Blueprint, database: Database, shelf: Shelf, press: Press) -> None:
    """Add /staff/releases/<round_id>/committee and the two files."""

    def asked(found: Found, parts: frozenset[str] | None) -> Asked:
        places = gathering.places(shelf, found, parts, str(get_locale()))
        node = request.args.get("node", places[0].id if places else "")
        place = next((each for each in places if each.id == node), None) or abort(404)
        offered = gathering.beside(shelf, found, place.id)
        chosen = [each for each in offered if each.round in request.args.getlist("with")][: MOST_ROUNDS - 1]
        if "chosen" not in request.args:
            chosen = gathering.usual(shelf, found, offered)
        way = found.way if place.id == found.way[0] else (*found.way, place.id)
        return Asked(found, place, places, offered, chosen, parts is None, g.member.may(WRITERS, way))

    def kept(one: Asked) -> Written:
        with database.reading() as connection:
            return texts.find(connection, one.found.round, one.place.id, str(get_locale()))

    def material(one: Asked, words: Written) -> Material:
        rounds, language = [one.found, *one.chosen], str(get_locale())
        return gathering.material(database, shelf, rounds, one.place, one.whole, words, language)

    def report(one: Asked, words: Written) -> Callable[[bool], Document]:
        return partial(document, material(one, words))

    def name(one: Asked, ending: str) -> str:
        return file_name(shelf.release(one.found.sha256), ending, gettext("For the committee"), one.place.name)

    def preview(one: Asked, words: Written) -> Markup:
        """The report as a part of the page: rendered once, then kept by all that it follows from."""
        read = material(one, words)

        def render() -> str:
            shown = {"source": source, "is_table": lambda block: isinstance(block, Table)}
            return render_template("desk/_committee_report.html", report=document(read), **shown)

        kept = shelf.page(("committee", *gathering.key(read)), render, "\0")
        return Markup(b"\0".join(kept).decode())  # noqa: S704 – of a template that escapes

    def page(
        one: Asked,
        written: Written,
        typed: Written | None = None,
        problem: str = "",
        csrf_token: Callable[[], str] = generate_csrf,
    ) -> str:
        return render_template(
            "desk/committee.html",
            csrf_token=csrf_token,
            asked=one,
            kept=one.query,
            titles={each.round: shelf.release(each.sha256) for each in (one.found, *one.offered)},
            report=preview(one, written),
            written=written,
            typed=typed or written,
            problem=problem,
            most=MOST_ROUNDS,
            signs=SIGNS,
        )

    @desk.get("/releases/<round_id>/committee")
    @needs_above_or_below(database, *REPORTERS, round_id=shelf.find)
    def committee(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        def render(csrf_token: Callable[[], str]) -> str:
            one = asked(found, parts)
            return page(one, kept(one), csrf_token=csrf_token)

        query = tuple((name, *values) for name, values in sorted(request.args.lists()))
        return whole.page(shelf, (database.numbers(), parts, g.member.roles, query), render)

    @desk.post("/releases/<round_id>/committee")
    @needs_above_or_below(database, *WRITERS, round_id=shelf.find)
    def keep_committee_text(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        one, today = asked(found, parts), dt.datetime.now(dt.UTC).date()
        typed = Written(_clean("introduction"), _clean("conclusion"), g.member.email, today)
        longest = max(len(typed.introduction), len(typed.conclusion))
        if longest > SIGNS:
            said = gettext("This is %(long)d signs long. Write %(signs)d at most.", long=longest, signs=SIGNS)
            return page(one, kept(one), typed, said), 422
        with database.begin() as connection:
            texts.keep(connection, found.round, one.place.id, str(get_locale()), typed)
        flash(gettext("Kept. It stands in the report now, and the log says that you wrote it."))
        return redirect(url_for(".committee", round_id=found.round, **one.query), 303)

    @desk.get("/releases/<round_id>/committee.pdf")
    @needs_above_or_below(database, *REPORTERS, round_id=shelf.find)
    def committee_pdf(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        one = asked(found, parts)
        written = kept(one)
        try:
            _, content = fitted(report(one, written), press)
        except PrintError as error:
            return page(one, written, problem=translated(error.args[0])), 422
        return _file(content, "application/pdf", name(one, "pdf"))

    @desk.get("/releases/<round_id>/committee.docx")
    @needs_above_or_below(database, *REPORTERS, round_id=shelf.find)
    def committee_word(found: Found, parts: frozenset[str] | None) -> ResponseReturnValue:
        one = asked(found, parts)
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
        written = report(one, kept(one))
        try:
            made, _ = fitted(written, press)
        except PrintError:
            made = written(False)  # Word makes pages of its own, and whoever goes on writing makes it shorter
        return _file(as_docx(made, now), WORD, name(one, "docx"))


def _clean(field: str) -> str:
    """What was typed, without what no printer prints."""
    typed = request.form.get(field, "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in typed if sign == "\n" or sign.isprintable() or sign == "\u00ad").strip()


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind, headers={"Cache-Control": "no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
