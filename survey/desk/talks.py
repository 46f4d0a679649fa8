"""Who wants to talk to somebody: what is new, what somebody has taken on, and where nobody can be asked for.

Only quality advisers: a request may be about somebody in the unit, and may hold a name.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import NamedTuple

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import Connection, bindparam, select

from survey.languages import alphabetical
from survey.register import tree
from survey.register.contacts import Contact, contacts_of, lacking
from survey.register.tree import Place
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
_GAP = token_hex()  # in what is kept of a list, where a name goes


class Line(NamedTuple):
    """A request without the name in it, and whom to tell now; `tell` is empty where nobody stands there any more."""

    id: str
    place: str
    side: str
    contact: str
    named: bool
    state: str
    mail: str
    asked: dt.date
    told: dt.date | None
    remove_on: dt.date
    tell: str
    role: str
    email: str
    phone: str


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
        without = database.remembered(
            ("without a contact", municipalities),
            lambda connection: _without(connection, tree.reach(connection, municipalities)),
        )
        with database.reading() as connection:
            places = tree.reach(connection, municipalities)
            found = requests.listed(connection, places, _today())
            asked = connection.execute(_ASKED, {"municipalities": list(municipalities)}).scalars() if without else ()
            lacking_now = without.keys() & asked
        nameless = tuple([(*each[:-1], bool(each.name)) for each in found])

        def read(connection: Connection) -> tuple[Line, ...]:
            called = {each.unit: places[each.unit][-1].called(language) for each in found}
            contacts = contacts_of(connection, {unit: places[unit] for unit in called})
            return tuple(_line(each, called[each.unit], _contact(contacts, each)) for each in found)

        lines = database.remembered(("talks", municipalities, language, nameless), read)
        gaps = [Lacking(places[unit][-1].called(language), without[unit]) for unit in lacking_now]
        gaps.sort(key=lambda each: alphabetical(each.place))
        names = [each.name for each in found]
        return render_template("desk/talks.html", lines=lines, names=names, gap=_GAP, without=gaps)

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


def _line(asked: Request, place: str, tell: Contact | None) -> Line:
    return Line(
        id=asked.id,
        place=place,
        side=asked.side,
        contact=asked.contact,
        named=bool(asked.name),
        state=asked.state,
        mail=asked.mail or "",
        asked=asked.asked,
        told=asked.told,
        remove_on=asked.remove_on,
        tell=tell.name if tell else "",
        role=tell.role if tell else "",
        email=tell.email if tell else "",
        phone=tell.phone if tell else "",
    )


def _without(connection: Connection, ways: Mapping[str, tuple[Place, ...]]) -> Mapping[str, tuple[str, ...]]:
    """The sides on which nobody stands, of those units where there is one."""
    units = {place: way for place, way in ways.items() if way[-1].level == "unit"}
    sides = {unit: lacking(there) for unit, there in contacts_of(connection, units).items()}
    return {unit: without for unit, without in sides.items() if without}
