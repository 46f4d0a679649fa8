"""The information letter to whoever leads a unit, or to all of a place: what comes, how to help. No codes."""

from collections import Counter
from functools import lru_cache

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, ngettext

from survey.languages import LANGUAGES
from survey.prints import information as prints
from survey.prints.press import Press
from survey.prints.sender import Sender
from survey.prints.words import PrintError
from survey.reaching import wording
from survey.reaching.fields import LONGEST, contact, day_of, pdf, wrong_contact
from survey.reaching.parts import PARTS_KEPT, Whole, folded, names_of, parts, planned_days, with_parts
from survey.register.tree import Place, Tree
from survey.rounds.head import Head
from survey.staff.guard import needs
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database

MOST = 300  # letters at once


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
            together=_together(whole),
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
        place, language = request.form.get("unit", ""), request.form.get("language", "")
        to = [part.place for part in whole.parts if place in part.way]
        if whole.head.audience != "resident" or language not in LANGUAGES or not 0 < len(to) <= MOST:
            abort(404)
        typed, begins, ends = contact(), day_of("begins"), day_of("ends")
        problems = wrong_contact(typed)
        if begins is None or ends is None or ends < begins:
            problems.append(gettext("Write the first day and the last day; the last comes after the first."))
        if problems or begins is None or ends is None:
            return page(whole, problems), 422
        sender = Sender(municipality=whole.municipality.name, **typed)
        visit = day_of("visit")
        announced = [
            prints.Announced(place=unit.name, sender=sender, begins=begins, ends=ends, visit=visit) for unit in to
        ]
        try:
            return pdf(prints.information(press, announced, language), gettext("information"), place)
        except PrintError as error:
            return page(whole, [wording.unprinted(error)]), 422


def _together(whole: Whole) -> dict[str, str]:
    """Places with several units, whose letters are made at once: what each is called, and how many."""
    language = str(get_locale())
    return {
        place.id: ngettext(
            "%(place)s: %(num)d unit",
            "%(place)s: all %(num)d units",
            number,
            place=" › ".join(each.called(language) for each in whole.places.path(place.id)[1:] or [place]),
        )
        for place, number in _several(whole.places, whole.head, tuple(whole.scope.places))
    }


@lru_cache(PARTS_KEPT)
def _several(places: Tree, head: Head, planned: tuple[str, ...]) -> list[tuple[Place, int]]:
    """Places with as many of a round's units as are printed at once, and with fewer than the place above."""
    numbers = Counter[str]()
    for above, number in Counter(part.way[:-1] for part in parts(places, head, planned)).items():
        numbers.update(dict.fromkeys(above, number))
    return [
        (place, numbers[place.id])
        for place in places
        if 1 < numbers[place.id] <= MOST and numbers[place.id] != numbers[place.parent or ""]
    ]
