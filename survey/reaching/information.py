"""The information letter to whoever leads a unit: what comes, that everybody may say no, how to help. No codes."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from survey.languages import LANGUAGES
from survey.prints import information as prints
from survey.prints.press import Press
from survey.prints.sender import Sender
from survey.prints.words import PrintError
from survey.reaching import wording
from survey.reaching.fields import LONGEST, contact, day_of, pdf, wrong_contact
from survey.reaching.parts import Whole, chosen, folded, names_of, planned_days, with_parts
from survey.staff.guard import needs
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database


def add(reaching: Blueprint, database: Database, press: Press) -> None:
    """Add /staff/rounds/<round_id>/information."""
    find = with_parts(database)

    def page(whole: Whole, problems: list[str] | None = None) -> str:
        begins, ends = planned_days(database, whole.head)
        folds, seen = folded(whole.places, whole.parts if whole.head.audience == "resident" else ())
        return render_template(
            "reaching/information.html",
            round=whole.head,
            folds=folds,
            names=names_of(seen),
            kept={"under": folds.opened.id} if folds.opened else {},
            languages=wording.LANGUAGES,
            language=str(get_locale()),
            longest=LONGEST,
            problems=problems or [],
            typed={"begins": begins, "ends": ends, **request.form},
        )

    @reaching.get("/rounds/<round_id>/information")
    @needs(ROUND_LEADER, round_id=find)
    def information(whole: Whole) -> ResponseReturnValue:
        return page(whole)

    @reaching.post("/rounds/<round_id>/information")
    @needs(ROUND_LEADER, round_id=find)
    def print_information(whole: Whole) -> ResponseReturnValue:
        part = chosen(whole.parts)
        language = request.form.get("language", "")
        if whole.head.audience != "resident" or language not in LANGUAGES:
            abort(404)
        typed, begins, ends = contact(), day_of("begins"), day_of("ends")
        problems = wrong_contact(typed)
        if begins is None or ends is None or ends < begins:
            problems.append(gettext("Write the first day and the last day; the last comes after the first."))
        if problems or begins is None or ends is None:
            return page(whole, problems), 422
        announced = prints.Announced(
            place=part.place.name,
            sender=Sender(municipality=whole.municipality.name, **typed),
            begins=begins,
            ends=ends,
            visit=day_of("visit"),
        )
        try:
            return pdf(prints.information(press, announced, language), gettext("information"), part.id)
        except PrintError as error:
            return page(whole, [wording.unprinted(error)]), 422
