"""Hand out codes and void leftovers. The code itself is told once and kept nowhere."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from operator import itemgetter
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from survey.access import invitees
from survey.access.codes import hashed, mint, normalise
from survey.keys import KeyStore, WebKeys
from survey.register import tree
from survey.storage.engine import Database, seize, share_round
from survey.storage.tables import Batch, Code, Node, Plan, Round

WAYS = ("self", "interview", "paper")
GROUPS = ("covered", "not_covered")


class Fault(StrEnum):
    """Why codes cannot be handed out or voided, where a page says it in other words."""

    OTHER_ROUND = "other_round"
    LIMIT = "limit"
    OTHER = "other"


class IssuingError(Exception):
    """Codes cannot be handed out or voided; the message names the cure. `about`: what a page needs to say so."""

    def __init__(self, message: str, fault: Fault = Fault.OTHER, **about: object) -> None:
        super().__init__(message)
        self.fault = fault
        self.about = about


_BATCH = select(Batch.id).where(
    Batch.round == bindparam("round"),
    Batch.unit == bindparam("unit"),
    Batch.way == bindparam("way"),
    Batch.group == bindparam("group"),
)
_OTHER_ROUND = (
    select(Round.id, Round.title)
    .join(Batch, Batch.round == Round.id)
    .where(
        Batch.unit == bindparam("unit"),
        Round.id != bindparam("round"),
        Round.state.in_(("open", "closing")),
        Round.audience == bindparam("audience"),
        Round.service_kind == bindparam("service_kind"),
    )
)
_IN_UNIT = select(func.coalesce(func.sum(Batch.issued - Batch.voided), 0)).where(
    Batch.round == bindparam("round"), Batch.unit == bindparam("unit")
)
_PLANNED = select(Plan.places, Plan.measure).where(Plan.round == bindparam("round"))
_GROUPED = select(Batch.id).where(Batch.round == bindparam("round"), (Batch.group != "") != bindparam("grouped"))
_VOID = delete(Code).where(Code.hmac == bindparam("hmac")).returning(Code.batch)
_LEFTOVER = (
    select(Code.hmac, Batch.unit)
    .join(Batch, Code.batch == Batch.id)
    .where(
        Code.hmac == bindparam("hmac"),
        Batch.round == bindparam("round"),
        Batch.unit.in_(bindparam("units", expanding=True)),
    )
)
_COUNT_VOID = update(Batch).where(Batch.id == bindparam("batch")).values(voided=Batch.voided + 1)
_ADD = update(Batch).where(Batch.id == bindparam("batch")).values(issued=Batch.issued + bindparam("number"))


def issue(
    database: Database, keys: KeyStore, round_id: str, unit: str, number: int, way: str = "self", group: str = ""
) -> list[str]:
    """New codes for one unit of an open round, normalised.

    Raises: IssuingError, KeysError.
    """
    with database.begin() as connection:
        return issue_within(connection, keys, round_id, unit, number, way, group)


def issue_within(
    connection: Connection, keys: KeyStore, round_id: str, unit: str, number: int, way: str = "self", group: str = ""
) -> list[str]:
    """The same in a transaction of the caller's, who does more in it."""
    batch = batch_for(connection, round_id, unit, number, way, group)
    codes = [mint() for _ in range(number)]
    _insert(connection, keys.web(round_id).pepper, batch, codes)
    return codes


def hand_out_within(
    connection: Connection,
    keys: WebKeys,
    round_id: str,
    minted: Mapping[str, Sequence[str]],
    way: str = "self",
    group: str = "",
) -> None:
    """Let codes be used that were minted and printed before: unit -> codes, normalised; all of them or none.

    Raises: IssuingError, KeysError.
    """
    for unit, codes in sorted(minted.items()):  # locks are taken in one order
        batch = batch_for(connection, round_id, unit, len(codes), way, group)
        _insert(connection, keys.pepper, batch, codes)


def _insert(connection: Connection, pepper: bytes, batch: str, codes: Iterable[str]) -> None:
    """In the order of their hashes: how the rows lie tells nothing of a list or a pile of letters."""
    rows = [{"hmac": hashed(pepper, code), "batch": batch} for code in codes]
    connection.execute(insert(Code), sorted(rows, key=itemgetter("hmac")))


def batch_for(connection: Connection, round_id: str, unit: str, number: int, way: str = "self", group: str = "") -> str:
    """The batch that `number` more invitations of a unit belong to, made where it is not, with them counted.

    Raises: IssuingError where the round is not open, the unit not in it, open elsewhere, or the limit is passed.
    """
    if number < 1:
        raise IssuingError("The number of codes must be at least 1.")
    if way not in WAYS:
        raise IssuingError(f"There is no way “{way}”. Use one of: {', '.join(WAYS)}.")
    if group not in ("", *GROUPS):
        raise IssuingError(f"There is no group “{group}”. Use one of: {', '.join(GROUPS)}.")
    share_round(connection, round_id)
    seize(connection, f"batches/{round_id}")  # two who begin it at once agree on planned groups
    seize(connection, f"unit/{unit}")
    found = connection.execute(select(Round).where(Round.id == round_id)).first()
    if found is None:
        raise IssuingError(f"There is no round “{round_id}”. See: medvirk round list")
    if found.state != "open":
        raise IssuingError(f"The round is {found.state}, not open. Codes are handed out while it is open.")
    wanted = select(Node.level, Node.service_kind, Node.places, Node.closed).where(Node.id == unit)
    place = connection.execute(wanted).first()
    if place is None or place.level != "unit":
        raise IssuingError(f"There is no unit “{unit}”. Import it: medvirk register import FILE.csv")
    if place.closed:
        raise IssuingError(f"The unit “{unit}” is closed since {place.closed}. Open it again in the register first.")
    way_down = [above.id for above in tree.path(connection, unit)]
    if place.service_kind != found.service_kind or way_down[0] != found.municipality:
        raise IssuingError(
            f"The unit “{unit}” is not in this round: "
            f"it asks about {found.service_kind} in municipality {found.municipality}."
        )
    planned = connection.execute(_PLANNED, {"round": round_id}).first()
    if planned and planned.places and not set(planned.places) & set(way_down):
        raise IssuingError(f"The unit “{unit}” is not in the plan of this round, which cannot be changed any more.")
    _check_no_other_round(connection, round_id, unit, found.audience, found.service_kind)
    if planned and (planned.measure is not None) != (group != ""):
        said = "names a measure: give --group" if planned.measure else "names no measure: leave --group out"
        raise IssuingError(f"The plan of this round {said}. It cannot be changed any more.")
    if connection.execute(_GROUPED, {"round": round_id, "grouped": group != ""}).first():
        raise IssuingError("A round has planned groups for all its codes or for none. Use --group as before.")
    if found.audience == "resident":
        _check_limit(connection, round_id, unit, number, place.places)
    key = {"round": round_id, "unit": unit, "way": way, "group": group}
    batch: str | None = connection.execute(_BATCH, key).scalar()
    if batch is None:
        batch = uuid4().hex
        connection.execute(insert(Batch), {"id": batch, **key, "issued": 0, "voided": 0})
    connection.execute(_ADD, {"batch": batch, "number": number})
    return batch


def _check_no_other_round(connection: Connection, round_id: str, unit: str, audience: str, service_kind: str) -> None:
    other = connection.execute(
        _OTHER_ROUND, {"unit": unit, "round": round_id, "audience": audience, "service_kind": service_kind}
    ).first()
    if other:
        raise IssuingError(
            f"The unit “{unit}” is already asked in the open round “{other.title}” ({other.id}). "
            "A person is asked in one round at a time: close that one first.",
            Fault.OTHER_ROUND,
            unit=unit,
            title=other.title,
        )


def _check_limit(connection: Connection, round_id: str, unit: str, number: int, places: int) -> None:
    limit = limit_for(places)
    there = connection.execute(_IN_UNIT, {"round": round_id, "unit": unit}).scalar_one()
    if there + number > limit:
        raise IssuingError(
            f"The unit “{unit}” has {places} places, so at most {limit} codes; {there} are out already. "
            "Void leftovers first (medvirk codes void), or correct the places in the register.",
            Fault.LIMIT,
            limit=limit,
            out=there,
        )


def limit_for(places: int) -> int:
    """Codes a unit may have for residents: 1.1 times its places, rounded up."""
    return math.ceil(places * 11 / 10)


def void(database: Database, keys: KeyStore, round_id: str, typed: Iterable[str]) -> int:
    """Void leftover codes, all or none; gives how many.

    Raises: IssuingError naming every code that is mistyped, used or not of this round; KeysError.
    """
    with database.begin() as connection:
        return void_within(connection, keys, round_id, typed)


def void_within(connection: Connection, keys: KeyStore, round_id: str, typed: Iterable[str]) -> int:
    """The same in a transaction of the caller's, who does more in it."""
    wanted = list(dict.fromkeys(typed))
    share_round(connection, round_id)
    state = connection.execute(select(Round.state).where(Round.id == round_id)).scalar()
    if state != "open":
        raise IssuingError(f"There is no open round “{round_id}”. See: medvirk round list")
    web = keys.web(round_id)
    wrong = [shown for shown in wanted if not _void_one(connection, web, shown)]
    if wrong:
        raise IssuingError(f"Nothing was voided: {', '.join(wrong)} – mistyped, used, or not of this round.")
    return len(wanted)


def void_leftover(
    connection: Connection, keys: WebKeys, round_id: str, code: str, units: Collection[str]
) -> str | None:
    """Void one code (normalised) of an open round, if it is of one of these units; gives the unit, None: it is not.

    Used, of another unit, never made: whoever holds the card is told the same.
    """
    share_round(connection, round_id)
    state = connection.execute(select(Round.state).where(Round.id == round_id)).scalar()
    key = {"hmac": hashed(keys.pepper, code)}
    found = connection.execute(_LEFTOVER, {**key, "round": round_id, "units": list(units)}).first()
    if state != "open" or found is None:
        return None
    batch = connection.execute(_VOID, key).scalar()
    if batch is None:
        return None  # somebody was faster
    count_void(connection, batch)
    invitees.forget(connection, keys, batch, code)
    unit: str = found.unit
    return unit


def _void_one(connection: Connection, keys: WebKeys, typed: str) -> bool:
    code = normalise(typed)
    batch = connection.execute(_VOID, {"hmac": hashed(keys.pepper, code)}).scalar() if code else None
    if code and batch is not None:
        count_void(connection, batch)
        invitees.forget(connection, keys, batch, code)
    return batch is not None


def count_void(connection: Connection, batch: str) -> None:
    """One more code of a batch is gone that nobody has used."""
    connection.execute(_COUNT_VOID, {"batch": batch})
