"""The codes that a unit's residents or relatives hold in their hands: how many are out, and who may hand out more.

A code is shown once, in the PDF, to the one who prints it, and kept by no cache. A unit's leader never gets one.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import g, request
from flask_babel import get_locale, gettext
from sqlalchemy import Connection, Text, bindparam, cast, func, select

from survey.access.codes import mint
from survey.access.issuing import GROUPS, WAYS, hand_out_within, limit_for
from survey.keys import KeyStore
from survey.reaching.parts import Part, Whole, folded, names_of
from survey.register.tree import Tree
from survey.rounds.noted import WAYS as ANSWERING
from survey.rounds.noted import noted
from survey.staff import audit
from survey.staff.audit import Action
from survey.storage.engine import Database
from survey.storage.tables import Batch
from survey.storage.tables import Noted as NotedRow

_MADE = select(Batch.unit, Batch.way, Batch.group, Batch.issued.label("made"), Batch.voided).where(
    Batch.round == bindparam("round"), Batch.unit.in_(bindparam("units", expanding=True))
)
_MADE_IN_ALL = (
    select(Batch.unit, Batch.way, func.sum(Batch.issued).label("made"), func.sum(Batch.voided).label("voided"))
    .where(Batch.round == bindparam("round"))
    .group_by(Batch.unit, Batch.way)
)
# Codes are only ever added and voided: as long as these numbers stay, so do all those of a round.
_STANDING = select(func.count(), func.sum(Batch.issued), func.sum(Batch.voided)).where(
    Batch.round == bindparam("round")
)
# All that is noted of who can answer, a unit, a way and a number in each line.
_WANTED = select(
    func.aggregate_strings(NotedRow.place + " " + NotedRow.what + " " + cast(NotedRow.number, Text), "\n")
).where(NotedRow.round == bindparam("round"), NotedRow.what.in_(ANSWERING))


@dataclass(frozen=True)
class Stack:
    """A unit's codes: how many were made and voided, and how many it may still get (None: no limit).

    `due` and `interviews` are how many it still needs of those who answer themselves, or in an interview; None: its
    leader has not noted it. `groups`: the same of each group under a measure, if there are any: out, due, interviews.
    """

    id: str
    name: str
    made: int
    voided: int
    room: int | None
    due: int | None
    interviews: int | None
    groups: Mapping[str, tuple[int, int, int]]


Made = Mapping[tuple[str, str], tuple[int, int]]  # unit and way -> how many codes were made and voided


class Sum(NamedTuple):
    """The codes of units side by side; `due` and `interviews`: what those still need that have noted it."""

    made: int = 0
    voided: int = 0
    due: int = 0
    interviews: int = 0


def sums(
    database: Database, whole: Whole, parts: Sequence[Part], ways: Sequence[str] = WAYS, *, needed: bool = False
) -> dict[str, Sum]:
    """The codes of these units together, by the place they lie under; `needed`: of all ways, and what is needed."""
    asked, mine = {"round": whole.head.id}, frozenset(part.id for part in parts)
    with database.reading() as connection:
        standing = whole.head.id, *connection.execute(_STANDING, asked).one()
        wanted = (connection.execute(_WANTED, asked).scalar() if needed else None) or ""

    def read(connection: Connection) -> Made:
        return {(row.unit, row.way): (row.made, row.voided) for row in connection.execute(_MADE_IN_ALL, asked)}

    made = database.remembered(("made", *standing), read)
    key = "sums", *standing, tuple(ways), mine, hashlib.sha256(wanted.encode()).digest()
    return database.remembered(key, lambda _now: _together(whole.places, made, ways, mine, wanted))


def _together(places: Tree, made: Made, ways: Collection[str], units: Collection[str], wanted: str) -> dict[str, Sum]:
    found: dict[str, Sum] = {}

    def add(unit: str, *numbers: int) -> None:
        under = places[unit].parent or ""
        found[under] = Sum(*map(sum, zip(found.get(under, Sum()), numbers, strict=True)))

    for (unit, way), (number, voided_) in made.items():
        if unit in units and way in ways:
            add(unit, number, voided_, 0, 0)
    known: dict[str, dict[str, int]] = {}
    for unit, what, noted_ in (line.rsplit(" ", 2) for line in filter(None, wanted.split("\n"))):
        known.setdefault(unit, {})[what] = int(noted_)
    for unit in known.keys() & units:
        out = {way: made[unit, way][0] - made[unit, way][1] for way in WAYS if (unit, way) in made}
        add(unit, 0, 0, *(_lacking(known[unit], out) or (0, 0)))
    return found


def stacks(database: Database, whole: Whole, parts: Sequence[Part], ways: Sequence[str] = ()) -> list[Stack]:
    """The stacks of these units, by name; made and voided in these ways of answering, or in all."""
    with database.reading() as connection:
        units = [part.id for part in parts]
        made = connection.execute(_MADE, {"round": whole.head.id, "units": units}).all()
        known = noted(connection, whole.head.id, units)
    of_unit: dict[str, list[Any]] = {}
    for row in made:
        of_unit.setdefault(row.unit, []).append(row)
    names, audience = names_of(parts), whole.head.audience
    groups = GROUPS if whole.scope.grouped else ()
    return [
        _stack(part, name, of_unit.get(part.id, ()), known.get(part.id, {}), audience, ways, groups)
        for part, name in zip(parts, names.values(), strict=True)
    ]


def shown(
    database: Database, whole: Whole, parts: Sequence[Part], ways: Sequence[str] = (), *, needed: bool = False
) -> dict[str, Any]:
    """What a page shows of these units' codes: `folds`, the `stacks` of the units shown, and `sums` of the groups."""
    folds, seen = folded(whole.places, parts)
    together = sums(database, whole, parts, ways or WAYS, needed=needed) if folds.closed else {}
    return {
        "folds": folds,
        "stacks": stacks(database, whole, seen, ways) if seen else [],
        "sums": tuple(together.get(group.id, Sum()) for group in folds.groups),
        "language": str(get_locale()),
        "kept": {"under": folds.under} if folds.under else {},
    }


def group_asked(whole: Whole) -> str | None:
    """The group of a measure that the form names; empty: the round has none; None: it names none and has to."""
    if not whole.scope.grouped:
        return ""
    return group if (group := request.form.get("group")) in GROUPS else None


def no_group() -> str:
    """What to choose instead."""
    return str(gettext("Choose for which group they are."))


def voided(seen: Mapping[str, Any], cards: bool) -> dict[str, str]:
    """How many cards, or other codes, are void: of each unit or group that has any, as `shown` gives them."""
    folds, language = seen["folds"], seen["language"]
    if folds.closed:
        sums_ = zip(folds.groups, seen["sums"], strict=True)
        codes = {group.id: (group.called(language), each) for group, each in sums_ if each.made}
    else:
        codes = {stack.id: (stack.name, stack) for stack in seen["stacks"]}
    some = gettext("%(voided)s of %(made)s cards") if cards else gettext("%(voided)s of %(made)s codes")
    return {
        id_: f"{name}: {some % {'voided': each.voided, 'made': each.made}}"
        for id_, (name, each) in codes.items()
        if each.made
    }


def elsewhere(parts: Sequence[Part]) -> list[Part]:
    """Those in which the asker does not work: who does gets no code, whatever else they are."""
    return [part for part in parts if not g.member.works_in(part.way)] if g.member.belongs else list(parts)


def at_home(parts: Sequence[Part]) -> list[str]:
    """What the others are called."""
    return list(names_of(part for part in parts if g.member.works_in(part.way)).values()) if g.member.belongs else []


def minted(most: int) -> list[str]:
    """As many new codes as were asked for; none where that is no number from 1 to `most`."""
    number = request.form.get("number", "").strip()
    wrong = not (number.isascii() and number.isdigit()) or int(number) > most
    return [] if wrong else [mint() for _ in range(int(number))]


def no_number(most: int) -> str:
    """What to write instead."""
    return str(gettext("Write how many, as a whole number from 1 to %(most)s.", most=most))


def hand_out(
    database: Database, keys: KeyStore, whole: Whole, piles: Sequence[tuple[Part, Sequence[str]]], way: str, group: str
) -> None:
    """Let codes be used that were printed for units, and note in the log how many.

    Raises: IssuingError, KeysError.
    """
    head = whole.head
    with database.begin() as connection:
        codes = {part.id: codes for part, codes in piles}
        hand_out_within(connection, keys.web(head.id), head.id, codes, way, group)
        for part, codes_ in piles:
            about = f"{part.place.called()}: {len(codes_)}"
            audit.note_round(connection, g.member.email, Action.CODES_ISSUED, head.id, about)


def _stack(
    part: Part,
    name: str,
    rows: Sequence[Any],
    known: Mapping[str, int],
    audience: str,
    ways: Sequence[str],
    groups: Sequence[str],
) -> Stack:
    out = sum(row.made - row.voided for row in rows)
    shown = [row for row in rows if not ways or row.way in ways]
    limited = audience == "resident" and part.place.places is not None
    of = _by_way(rows)
    due, interviews = _lacking(known, of) or (None, None)
    return Stack(
        id=part.id,
        name=name,
        made=sum(row.made for row in shown),
        voided=sum(row.voided for row in shown),
        room=limit_for(part.place.places or 0) - out if limited else None,
        due=due,
        interviews=interviews,
        groups={group: _of_group(group, rows, known) for group in groups},
    )


def _lacking(known: Mapping[str, int], out: Mapping[str, int]) -> tuple[int, int] | None:
    """How many codes a unit still needs for those who answer themselves, and in interviews; None: it has not noted."""
    if "alone" not in known:
        return None
    by_themselves = known["alone"] + known.get("support", 0)
    return max(0, by_themselves - out.get("self", 0)), max(0, known.get("interview", 0) - out.get("interview", 0))


def _by_way(rows: Iterable[Any]) -> Counter[str]:
    out = Counter[str]()
    for row in rows:
        out[row.way] += row.made - row.voided
    return out


def _of_group(group: str, rows: Sequence[Any], known: Mapping[str, int]) -> tuple[int, int, int]:
    """How many of a unit's codes are out for a group, and are still needed, by oneself and for interviews."""
    out = _by_way(row for row in rows if row.group == group)

    def wanted(way: str) -> int:
        covered = known.get(f"{way}_covered", 0)
        return covered if group == "covered" else known.get(way, 0) - covered

    by_themselves = wanted("alone") + wanted("support") - out["self"]
    return out.total(), max(0, by_themselves), max(0, wanted("interview") - out["interview"])
