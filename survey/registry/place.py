"""One place of the register: its names in each language, how many it is for, and whom one can talk to there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from reports import wording
from survey.languages import LANGUAGES
from survey.reaching.wording import cured
from survey.register.contact_file import SIGNS, keep_contact
from survey.register.contacts import SIDES, Contact, everybody
from survey.register.editing import change
from survey.register.importing import RegisterError
from survey.register.reading import MOST_PLACES, NAME_SIGNS
from survey.register.tree import Place
from survey.registry.found import Found, finder, merge_choices
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs
from survey.staff.roles import ADMINISTRATOR
from survey.storage.engine import Database
from survey.studio import wording as spoken

FIELDS = ("name", "role", "email", "phone")


@dataclass(frozen=True)
class Side:
    """Whom one can talk to on one side: what stands in the form, and who stands in from which place above."""

    typed: Mapping[str, str]
    above: tuple[Contact, Place] | None
    problems: Sequence[str]


def add(registry: Blueprint, database: Database) -> None:
    """Add /staff/register/places/<place_id>."""

    find = finder(database)

    def page(
        found: Found,
        names: Mapping[str, str] | None = None,
        number: str | None = None,
        problems: Sequence[str] = (),
        sides: Mapping[str, Side] | None = None,
    ) -> str:
        language = str(get_locale())
        with database.reading() as connection:
            known = everybody(connection)
            choices = merge_choices(connection, found)
        may = [g.member.may((ADMINISTRATOR,), found.way[: depth + 1]) for depth in range(len(found.path))]
        return render_template(
            "registry/place.html",
            place=found.place,
            above=list(zip(found.path, may, strict=True))[:-1],
            sides={side: _side(found, known, side) for side in _sides(found)} | dict(sides or {}),
            names=found.place.name if names is None else names,
            number=found.place.places or "" if number is None else number,
            problems=problems,
            choices=tuple((unit.id, unit.called(language), unit.places or 0) for unit in choices.values()),
            languages=_languages(),
            language=language,
            most=MOST_PLACES,
            name_signs=NAME_SIGNS,
            contact_signs=SIGNS,
            wording=wording,
        )

    @registry.get("/places/<place_id>")
    @needs(ADMINISTRATOR, place_id=find)
    def place(found: Found) -> ResponseReturnValue:
        return page(found)

    @registry.post("/places/<place_id>")
    @needs(ADMINISTRATOR, place_id=find)
    def change_place(found: Found) -> ResponseReturnValue:
        if found.place.level == "municipality":
            abort(404)  # its name is the official one
        names = {code: request.form.get(f"name-{code}", "") for code in _languages()}
        number = request.form.get("places", "")
        try:
            with database.begin() as connection:
                old, now = change(connection, found.place.id, names, number)
                if now != old:
                    audit.note(connection, g.member.email, Action.PLACE_CHANGED, place=found.way[0], about=now.called())
        except RegisterError as error:
            return page(found, names, number, [_named(each.column, cured(each)) for each in error.problems]), 422
        flash(gettext("Kept."))
        return redirect(url_for(".place", place_id=found.place.id), 303)

    @registry.post("/places/<place_id>/contacts")
    @needs(ADMINISTRATOR, place_id=find)
    def change_contact(found: Found) -> ResponseReturnValue:
        side = request.form.get("side", "")
        if side not in _sides(found):
            abort(400)
        typed = {field: request.form.get(field, "") for field in FIELDS}
        try:
            with database.begin() as connection:
                keep_contact(connection, {"place": found.place.id, "side": side, **typed})
                about = f"{found.place.called()}, {side}"
                audit.note(connection, g.member.email, Action.CONTACT_CHANGED, place=found.way[0], about=about)
        except RegisterError as error:
            wrong = Side(typed, None, [said[:1].upper() + said[1:] for said in map(cured, error.problems)])
            return page(found, sides={side: wrong}), 422
        flash(gettext("Kept."))
        return redirect(url_for(".place", place_id=found.place.id), 303)


def _languages() -> dict[str, str]:
    """The languages that a place has names in, those of the installation among them, by their own names."""
    others = current_app.extensions["medvirk.languages"]
    return {code: spoken.language(code) for code in dict.fromkeys((*LANGUAGES, *others))}


def _named(column: str, said: str) -> str:
    called = _languages().get(column, gettext("Number of places"))
    return f"{called}: {said}"


def _sides(found: Found) -> tuple[str, ...]:
    """Nobody is “here” in a whole municipality."""
    return SIDES if len(found.path) > 1 else ("elsewhere",)


def _side(found: Found, known: Mapping[tuple[str, str], Contact], side: str) -> Side:
    own = known.get((found.place.id, side))
    above = [(known[place.id, side], place) for place in found.path[:-1] if (place.id, side) in known]
    return Side({field: getattr(own, field, "") for field in FIELDS}, above[-1] if above else None, ())
