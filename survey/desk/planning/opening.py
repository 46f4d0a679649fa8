"""Open a round: what then cannot be changed any more, and the passphrase that locks the recovery copy of its keys.

The web makes no key. It closes the passphrase for the worker, which makes them.
"""

import datetime as dt

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.desk.planning import grouping, words
from survey.keys import DIFFERENT_SIGNS, PASSPHRASE_SIGNS, KeysError, KeyStore, check_passphrase
from survey.register import tree
from survey.rounds import days, errands, plan
from survey.rounds.days import Look
from survey.rounds.head import Head, finder
from survey.rounds.plan import Planned
from survey.staff.guard import needs, now
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database

LONGEST = 200  # signs


def add(rounds: Blueprint, database: Database, keys: KeyStore) -> None:
    """Add /staff/rounds/<round_id>/open."""
    find = finder(database)

    def page(found: Head, planned: Planned, obstacles: list[str], refused: str = "") -> str:
        return render_template(
            "planning/open.html",
            round=found,
            planned=planned,
            obstacles=obstacles,
            refused=refused,
            look=_days(planned),
            ticked=request.form.get("meant", ""),
            signs=PASSPHRASE_SIGNS,
            words=words,
        )

    def look(found: Head) -> tuple[Planned, list[str]]:
        """The plan, and what keeps the round from being opened."""
        with database.reading() as connection:
            planned = plan.read(connection, found.id)
            measures = {measure.id for measure in grouping.possible(connection, planned)}
            places = tree.subtree(connection, found.municipality)
            asked = plan.units(places, planned)
            taken = plan.asked_elsewhere(connection, places, plan.beside(connection, planned), asked)
        obstacles = []
        if found.state != "planned":
            obstacles.append(gettext("The round has been opened already."))
        elif planned.places and not asked:
            obstacles.append(gettext("None of the planned places is in the register any more. Choose others."))
        elif planned.measure and planned.measure not in measures:
            obstacles.append(gettext("The measure is not read from this round's questions. Look at the groups again."))
        if busy := sorted({taken[unit.id] for unit in asked if unit.id in taken}):
            obstacles.append(gettext("Units of this round are asked now in “%(round)s”.", round=", ".join(busy)))
        return planned, obstacles

    @rounds.get("/<round_id>/open")
    @needs(ROUND_LEADER, round_id=find)
    def opening(found: Head) -> ResponseReturnValue:
        return page(found, *look(found))

    @rounds.post("/<round_id>/open")
    @needs(ROUND_LEADER, round_id=find)
    def ask_to_open(found: Head) -> ResponseReturnValue:
        planned, obstacles = look(found)
        if obstacles or planned.lacks():
            return page(found, planned, obstacles), 422
        on_days, passphrase = _days(planned), request.form.get("passphrase", "")
        if on_days and on_days.impossible:
            return page(found, planned, []), 422
        if on_days and not on_days.meant(request.form.get("meant", "")):
            return page(found, planned, [], gettext("The round is not opened. Tick that its days are meant so.")), 422
        try:
            check_passphrase(passphrase)
        except KeysError:
            why = gettext(
                "Use at least %(signs)d signs, %(different)d of them different; best several words.",
                signs=PASSPHRASE_SIGNS,
                different=DIFFERENT_SIGNS,
            )
            return page(found, planned, [], why), 422
        if len(passphrase) > LONGEST:
            return page(found, planned, [], gettext("Use at most %(signs)d signs.", signs=LONGEST)), 422
        if passphrase != request.form.get("again"):
            return page(found, planned, [], gettext("The two differ. Write the same passphrase twice.")), 422
        try:
            posted = keys.posted(passphrase)
        except KeysError:
            why = gettext(
                "The worker, which makes the keys, has never run. Ask whoever runs the installation to start it."
            )
            return page(found, planned, [], why), 422
        with database.begin() as connection:
            errands.post(connection, found.id, "open", g.member.email, now(), posted)
        return redirect(url_for(".hub", round_id=found.id), 303)


def _days(planned: Planned) -> Look | None:
    """The plan opened today; None: it says no days."""
    if not (planned.opens and planned.closes):
        return None
    return days.opened(planned.opens, planned.closes, planned.repeat, dt.datetime.now(dt.UTC).date())
