"""Who wants to talk to somebody: what is new, what somebody has taken on, and where nobody can be asked for.

Only quality advisers: a request may be about somebody in the unit, and may hold a name.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import bindparam, select

from reports.wording import in_language
from survey.languages import alphabetical
from survey.register import tree
from survey.register.contacts import Contact, contacts_of, lacking
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs, needs_somewhere
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import Batch, Round
from survey.talk import requests
from survey.talk.asking import AUDIENCE
from survey.talk.requests import Placed, Request

Contacts = Mapping[str, tuple[Contact, ...]]  # by unit

_ASKED = (
    select(Batch.unit)
    .join(Round, Batch.round == Round.id)
    .where(
        Round.state == "open",
        Round.audience == AUDIENCE,
        Round.municipality.in_(bindparam("municipalities", expanding=True)),
    )
    .distinct()
)


@dataclass(frozen=True)
class Line:
    """A request, and how its contact can be told; None: nobody stands there any more."""

    request: Request
    place: str
    contact: Contact | None


@dataclass(frozen=True)
class Lacking:
    """A unit that is asked now, and the sides on which nobody can be asked for."""

    place: str
    sides: tuple[str, ...]


def add(desk: Blueprint, database: Database) -> None:
    """Add /staff/talk and the decision on each request."""

    def find(request_id: str) -> Placed | None:
        with database.reading() as connection:
            return requests.find(connection, request_id)

    @desk.get("/talk")
    @needs_somewhere(QUALITY_ADVISER)
    def talks(municipalities: frozenset[str]) -> ResponseReturnValue:
        language = str(get_locale())
        with database.reading() as connection:
            found = requests.listed(connection, municipalities, _today())
            asked = connection.execute(_ASKED, {"municipalities": list(municipalities)}).scalars().all()
            places = tree.reach(connection, municipalities)
            ways = {unit: places[unit] for unit in {*asked, *(each.unit for each in found)}}
            contacts = contacts_of(connection, ways)
        lines = [Line(each, in_language(each.place, language), _contact(contacts, each)) for each in found]
        without = _without({unit: places[unit][-1].called(language) for unit in asked}, contacts)
        return render_template("desk/talks.html", lines=lines, without=without)

    @desk.post("/talk/<request_id>")
    @needs(QUALITY_ADVISER, request_id=find)
    def decide_talk(found: Placed) -> ResponseReturnValue:
        decision = request.form.get("decision")
        with database.begin() as connection:
            if decision == "handled":
                done = requests.handle(connection, found.id) and Action.TALK_HANDLED
            elif decision == "closed":
                done = requests.close(connection, found.id, _today()) and Action.TALK_CLOSED
            else:
                abort(400)
            if done:  # the log does not say where: a small place would be a person
                audit.note(connection, g.member.email, done, place=found.way[0])
        return redirect(url_for("desk.talks"))


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _contact(contacts: Contacts, asked: Request) -> Contact | None:
    """Whom to tell now: somebody else, where the contact has changed since."""
    return next((each for each in contacts[asked.unit] if each.side == asked.side), None)


def _without(names: Mapping[str, str], contacts: Contacts) -> list[Lacking]:
    sides = {unit: lacking(contacts[unit]) for unit in names}
    found = [Lacking(name, sides[unit]) for unit, name in names.items() if sides[unit]]
    return sorted(found, key=lambda each: alphabetical(each.place))
