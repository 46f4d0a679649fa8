"""The units that a round asks about, as parts of it: who has a role at one of them sees that one."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import abort, request
from flask_babel import get_locale
from sqlalchemy import Connection, bindparam, select

from survey.register import tree
from survey.register.folding import Folded, fold
from survey.register.tree import Place, Tree
from survey.rounds import plan
from survey.rounds.head import Head, finder
from survey.rounds.plan import Scope
from survey.staff.roles import Way
from survey.storage.engine import Database
from survey.storage.tables import Node, Plan

_DAYS = select(Plan.opens, Plan.closes).where(Plan.round == bindparam("round"))

PARTS_KEPT = 32
# Units of a round that somebody sees, in a sum over what lies side by side; filled in by `seen_in`.
SEEN = (
    Node.closed.is_(None),
    Node.service_kind == bindparam("kind"),
    Node.id.not_in(bindparam("outside", expanding=True)),
)


@dataclass(frozen=True)
class Part:
    """A unit of a round, and the ids from the municipality down to it."""

    place: Place
    way: Way

    @property
    def id(self) -> str:
        return self.place.id


@dataclass(frozen=True)
class Whole:
    """A round with its municipality's places and the units it asks about."""

    head: Head
    places: Tree
    parts: tuple[Part, ...]
    scope: Scope

    @property
    def municipality(self) -> Place:
        return self.places.root

    @property
    def way(self) -> Way:
        return self.head.way


def parts(places: Tree, head: Head, planned: Collection[str]) -> tuple[Part, ...]:
    """The units of a round's kind of service at the planned places, or wherever there are any, by name."""
    return _parts(places, head.service_kind, tuple(planned))


@lru_cache(PARTS_KEPT)
def _parts(places: Tree, service_kind: str, planned: tuple[str, ...]) -> tuple[Part, ...]:
    units = plan.asked_units(places, service_kind, planned)
    return tuple(Part(unit, tuple(place.id for place in places.path(unit.id))) for unit in units)


def names_of(parts: Iterable[Part]) -> dict[str, str]:
    """What the units are called in the reader's language, by id."""
    language = str(get_locale())
    return {part.id: part.place.called(language) for part in parts}


def folded(places: Tree, parts: Sequence[Part]) -> tuple[Folded, list[Part]]:
    """How a page shows these units, and those it shows: where they are many, of what its address or its form names."""
    asked = request.args.get("under", ""), request.form.get("unit", ""), request.args.get("unit", "")
    folds = fold(places, [part.place for part in parts], *asked)
    return folds, [part for part in parts if part.id in folds.ids]


def seen_in(whole: Whole, parts: Sequence[Part]) -> dict[str, object]:
    """What SEEN needs to leave out all units but these, and the round."""
    mine = {part.id for part in parts}
    outside = [unit.id for unit in whole.places.units() if unit.id not in mine]
    return {"round": whole.head.id, "kind": whole.head.service_kind, "outside": outside}


def chosen(parts: Iterable[Part]) -> Part:
    """The one of these that the form names; else what was sent is no choice of this page."""
    return next((part for part in parts if part.id == request.form.get("unit")), None) or abort(404)


def planned_days(database: Database, head: Head) -> tuple[str, str]:
    """A round's first and last day as a form holds them; empty where none is planned."""

    def read(connection: Connection) -> tuple[dt.date | None, dt.date | None]:
        planned = connection.execute(_DAYS, {"round": head.id}).first()
        return (planned.opens, planned.closes) if planned else (None, None)

    first, last = database.remembered(("days", head.id), read)
    return first.isoformat() if first else "", last.isoformat() if last else ""


def with_parts(database: Database) -> Callable[[str], Whole | None]:
    """What finds a round and its units by the round's id, for `needs_part(…, round_id=with_parts(database))`."""
    find = finder(database)

    def found(round_id: str) -> Whole | None:
        head = find(round_id)
        if head is None:
            return None
        with database.reading() as connection:
            places = tree.subtree(connection, head.municipality)
            scope = plan.scope_of(connection, round_id)
        return Whole(head, places, parts(places, head, scope.places), scope)

    return found
