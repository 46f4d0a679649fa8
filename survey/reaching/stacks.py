"""The codes that a unit's residents or relatives hold in their hands: how many are out, and who may hand out more.

A code is shown once, in the PDF, to the one who prints it, and kept by no cache. A unit's leader never gets one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext
from sqlalchemy import bindparam, func, select

from survey.access.codes import mint
from survey.access.issuing import hand_out_within, limit_for
from survey.keys import KeyStore
from survey.reaching.parts import Part, Whole, names_of
from survey.rounds.noted import noted
from survey.staff import audit
from survey.staff.audit import Action
from survey.storage.engine import Database
from survey.storage.tables import Batch

_MADE = (
    select(Batch.unit, Batch.way, func.sum(Batch.issued).label("made"), func.sum(Batch.voided).label("voided"))
    .where(Batch.round == bindparam("round"))
    .group_by(Batch.unit, Batch.way)
)


@dataclass(frozen=True)
class Stack:
    """A unit's codes: how many were made and voided, and how many it may still get (None: no limit).

    `due` and `interviews` are how many it still needs of those who answer themselves, or in an interview; None: its
    leader has not noted it.
    """

    id: str
    name: str
    made: int
    voided: int
    room: int | None
    due: int | None
    interviews: int | None


def stacks(database: Database, whole: Whole, parts: Sequence[Part], ways: Sequence[str] = ()) -> list[Stack]:
    """The stacks of these units, by name; made and voided in these ways of answering, or in all."""
    with database.reading() as connection:
        made = connection.execute(_MADE, {"round": whole.head.id}).all()
        known = noted(connection, whole.head.id)
    of_unit: dict[str, list[Any]] = {}
    for row in made:
        of_unit.setdefault(row.unit, []).append(row)
    names, audience = names_of(parts), whole.head.audience
    return [
        _stack(part, name, of_unit.get(part.id, ()), known.get(part.id, {}), audience, ways)
        for part, name in zip(parts, names.values(), strict=True)
    ]


def voided(stack: Stack, cards: bool) -> str:
    """How many of a unit's cards, or other codes, are void."""
    if cards:
        said = gettext("%(voided)s of %(made)s cards", voided=stack.voided, made=stack.made)
    else:
        said = gettext("%(voided)s of %(made)s codes", voided=stack.voided, made=stack.made)
    return f"{stack.name}: {said}"


def elsewhere(parts: Sequence[Part]) -> list[Part]:
    """Those in which the asker does not work: who does gets no code, whatever else they are."""
    return [part for part in parts if not g.member.works_in(part.way)]


def at_home(parts: Sequence[Part]) -> list[str]:
    """What the others are called."""
    return list(names_of(part for part in parts if g.member.works_in(part.way)).values())


def minted(most: int) -> list[str]:
    """As many new codes as were asked for; none where that is no number from 1 to `most`."""
    number = request.form.get("number", "").strip()
    wrong = not (number.isascii() and number.isdigit()) or int(number) > most
    return [] if wrong else [mint() for _ in range(int(number))]


def no_number(most: int) -> str:
    """What to write instead."""
    return str(gettext("Write how many, as a whole number from 1 to %(most)s.", most=most))


def hand_out(database: Database, keys: KeyStore, whole: Whole, part: Part, codes: Sequence[str], way: str) -> None:
    """Let codes be used that were printed for a unit, and note in the log how many.

    Raises: IssuingError, KeysError.
    """
    head = whole.head
    with database.begin() as connection:
        hand_out_within(connection, keys.web(head.id), head.id, {part.id: codes}, way)
        about = f"{part.place.called()}: {len(codes)}"
        audit.note_round(connection, g.member.email, Action.CODES_ISSUED, head.id, about)


def _stack(
    part: Part, name: str, rows: Sequence[Any], known: Mapping[str, int], audience: str, ways: Sequence[str]
) -> Stack:
    out = sum(row.made - row.voided for row in rows)
    shown = [row for row in rows if not ways or row.way in ways]
    limited = audience == "resident" and part.place.places is not None
    of = {row.way: row.made - row.voided for row in rows}
    by_themselves, interviewed = known.get("alone", 0) + known.get("support", 0), known.get("interview", 0)
    return Stack(
        id=part.id,
        name=name,
        made=sum(row.made for row in shown),
        voided=sum(row.voided for row in shown),
        room=limit_for(part.place.places or 0) - out if limited else None,
        due=max(0, by_themselves - of.get("self", 0)) if "alone" in known else None,
        interviews=max(0, interviewed - of.get("interview", 0)) if "alone" in known else None,
    )
