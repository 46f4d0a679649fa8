"""Units are closed, merged, and opened again."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.register import closing
from survey.register.closing import ClosingError, Fault
from survey.registry.found import Found, finder, merge_choices
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs, now
from survey.staff.roles import ADMINISTRATOR
from survey.storage.engine import Database


def add(registry: Blueprint, database: Database) -> None:
    """Add what is pressed to close, merge and reopen a unit."""
    find = finder(database)

    @registry.post("/places/<place_id>/close")
    @needs(ADMINISTRATOR, place_id=find)
    def close(found: Found) -> ResponseReturnValue:
        _check_unit(found)
        try:
            with database.begin() as connection:
                closing.close(connection, found.place.id, now().date())
                about = found.place.called()
                audit.note(connection, g.member.email, Action.UNIT_CLOSED, place=found.way[0], about=about)
            flash(gettext("The unit is closed. What was released about it stays."))
        except ClosingError as error:
            flash(_said(error))
        return redirect(url_for(".place", place_id=found.place.id), 303)

    @registry.post("/places/<place_id>/merge")
    @needs(ADMINISTRATOR, place_id=find)
    def merge(found: Found) -> ResponseReturnValue:
        _check_unit(found)
        try:
            with database.begin() as connection:
                into = merge_choices(connection, found).get(request.form.get("into", "")) or abort(404)
                closing.merge(connection, found.place.id, into.id, now().date())
                about = f"{found.place.called()} → {into.called()}"
                audit.note(connection, g.member.email, Action.UNITS_MERGED, place=found.way[0], about=about)
        except ClosingError as error:
            flash(_said(error))
            return redirect(url_for(".place", place_id=found.place.id), 303)
        flash(gettext("The units are merged: the places of both are here now."))
        return redirect(url_for(".place", place_id=into.id), 303)

    @registry.post("/places/<place_id>/open")
    @needs(ADMINISTRATOR, place_id=find)
    def reopen(found: Found) -> ResponseReturnValue:
        _check_unit(found)
        if found.place.closed:
            with database.begin() as connection:
                closing.reopen(connection, found.place.id)
                about = found.place.called()
                audit.note(connection, g.member.email, Action.UNIT_OPENED, place=found.way[0], about=about)
            flash(gettext("The unit is open again. See that its number of places is right."))
        return redirect(url_for(".place", place_id=found.place.id), 303)


def _check_unit(found: Found) -> None:
    if found.place.level != "unit":
        abort(404)


def _said(error: ClosingError) -> str:
    if error.fault is Fault.ASKED:
        return str(
            gettext(
                "Nothing was changed: people there are asked in the open round “%(rounds)s”. Close the round first.",
                rounds="”, “".join(error.rounds),
            )
        )
    if error.fault is Fault.TOO_MANY:
        return str(gettext("Nothing was changed: one unit cannot have that many places."))
    return str(gettext("Nothing was changed: the units have changed meanwhile. Look again."))
