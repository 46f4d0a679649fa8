"""The questionnaire on paper: each copy with a code of its own, or none, to look at before anything is printed."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from survey.access.issuing import IssuingError
from survey.answering.rendering import LADDER
from survey.keys import KeyStore
from survey.prints import paper as prints
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.questionnaire.model import LADDERS, Questionnaire
from survey.reaching import wording
from survey.reaching.fields import pdf
from survey.reaching.parts import Part, Whole, chosen, names_of, with_parts
from survey.reaching.stacks import at_home, elsewhere, group_asked, hand_out, minted, no_group, no_number, shown
from survey.rounds import plan
from survey.staff.guard import needs_part
from survey.staff.roles import FACILITATOR, ROUND_LEADER
from survey.storage.engine import Database

MOST = 200  # at a time: each has several pages
WAY = "paper"


def add(reaching: Blueprint, database: Database, keys: KeyStore, press: Press) -> None:
    """Add /staff/rounds/<round_id>/papers."""
    find = with_parts(database)

    def asked_in(whole: Whole) -> Questionnaire:
        with database.reading() as connection:
            return plan.read(connection, whole.head.id).questionnaire

    def page(whole: Whole, parts: list[Part], asked: Questionnaire, problem: str = "") -> str:
        typed: dict[str, Any] = {"language": str(get_locale()), "ladder": str(LADDER), **request.form}
        return render_template(
            "reaching/papers.html",
            round=whole.head,
            own=at_home(parts),
            languages={code: wording.LANGUAGES.get(code, code) for code in asked.languages},
            ladders=LADDERS,
            groups=wording.groups() if whole.scope.grouped else {},
            covering=whole.scope.covering,
            problem=problem,
            typed=typed,
            **shown(database, whole, elsewhere(parts), [WAY]),
        )

    @reaching.get("/rounds/<round_id>/papers")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def papers(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        return page(whole, parts, asked_in(whole))

    @reaching.post("/rounds/<round_id>/papers")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def print_papers(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        form, asked = request.form, asked_in(whole)
        part = chosen(elsewhere(parts))
        language, ladder = form.get("language", ""), form.get("ladder", "")
        if language not in asked.languages or ladder not in map(str, LADDERS):
            abort(404)
        codes, look = minted(MOST), "look" in form
        if not codes and not look:
            return page(whole, parts, asked, no_number(MOST)), 422
        group = "" if look else group_asked(whole)
        if group is None:
            return page(whole, parts, asked, no_group()), 422
        called = part.place.called(language)
        sheets = [prints.Sheets(called, code) for code in ([None] if look else codes)]
        try:
            printed = prints.paper(press, asked, sheets, language, int(ladder))
            if not look:
                hand_out(database, keys, whole, [(part, codes)], WAY, group)
        except (PrintError, IssuingError) as error:
            return page(whole, parts, asked, wording.not_made(error, names_of([part]))), 422
        return pdf(printed, gettext("specimen") if look else gettext("questionnaires"), part.id, *filter(None, [group]))
