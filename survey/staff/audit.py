"""What staff did: appended, never changed, each entry holding the hash of the one before. Nothing of respondents.

Whoever changes or takes out an entry breaks the chain at it. To see that none was cut off at the end, keep the last
number and hash elsewhere: `medvirk audit verify` prints them.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, insert, or_, select

from survey.register import tree
from survey.storage.engine import Database, seize
from survey.storage.tables import AuditEntry, Role, Round, Staff, Tried

COMMAND_LINE = "command line"
START = hashlib.sha256(b"Medvirk").digest()
PAGE = 100  # entries at a time
LONG_AGO = dt.datetime.fromtimestamp(0, dt.UTC).replace(tzinfo=None)


class Action(StrEnum):
    """Everything that is written down."""

    SIGNED_IN = "signed_in"
    SIGNED_IN_BY_PROVIDER = "signed_in_by_provider"
    SIGN_IN_REFUSED = "sign_in_refused"
    TRIES_SLOWED = "tries_slowed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 – an action
    SECOND_FACTOR_SET_UP = "second_factor_set_up"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    SECOND_FACTOR_TAKEN_AWAY = "second_factor_taken_away"
    PROVIDER_TIED = "provider_tied"
    PROVIDER_REFUSED = "provider_refused"
    PROVIDER_UNTIED = "provider_untied"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN_AWAY = "role_taken_away"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_MOVED = "account_moved"
    ACCOUNT_ENDED = "account_ended"
    PASSWORD_RENEWED = "password_renewed"  # noqa: S105 – an action
    ROUND_CREATED = "round_created"
    ROUND_CHANGED = "round_changed"
    PLAN_THROWN_AWAY = "plan_thrown_away"
    ROUND_OPENED = "round_opened"
    ROUND_EXTENDED = "round_extended"
    ROUND_STOPPED = "round_stopped"
    ROUND_RESUMED = "round_resumed"
    ROUND_CLOSED = "round_closed"
    ROUND_DESTROYED = "round_destroyed"
    ARCHIVE_TAKEN_OUT = "archive_taken_out"
    WORKER_ASKED = "worker_asked"
    WORKER_NOT_ASKED = "worker_not_asked"
    KEYS_RECOVERED = "keys_recovered"
    CODES_ISSUED = "codes_issued"
    CODES_VOIDED = "codes_voided"
    INVITED = "invited"
    HELPER_INVITED = "helper_invited"
    HELPER_ENDED = "helper_ended"
    DESK_OPENED = "desk_opened"
    INVITATION_TAKEN_BACK = "invitation_taken_back"
    ADDRESS_CORRECTED = "address_corrected"
    REMINDED = "reminded"
    RESIDENTS_NOTED = "residents_noted"
    LEFTOVER_VOIDED = "leftover_voided"
    REGISTER_IMPORTED = "register_imported"
    PLACE_CHANGED = "place_changed"
    CONTACT_CHANGED = "contact_changed"
    UNIT_CLOSED = "unit_closed"
    UNIT_OPENED = "unit_opened"
    UNITS_MERGED = "units_merged"
    COMMENT_SHOWN = "comment_shown"
    COMMENT_REMOVED = "comment_removed"
    TALK_HANDLED = "talk_handled"
    TALK_CLOSED = "talk_closed"
    MEASURE_REGISTERED = "measure_registered"
    MEASURE_CHANGED = "measure_changed"
    VIEWS_WEIGHED = "views_weighed"
    COMMITTEE_TEXT_KEPT = "committee_text_kept"
    EARLIER_KEPT = "earlier_kept"
    EARLIER_CHANGED = "earlier_changed"
    EARLIER_TAKEN_AWAY = "earlier_taken_away"
    VOICE_KEPT = "voice_kept"
    VOICE_TAKEN_AWAY = "voice_taken_away"
    VIDEO_KEPT = "video_kept"
    VIDEO_TAKEN_AWAY = "video_taken_away"
    PICTURE_KEPT = "picture_kept"
    TOLD_BACK = "told_back"
    NOT_TOLD_BACK = "not_told_back"
    TOLD_BACK_WITHDRAWN = "told_back_withdrawn"
    PICTURE_TAKEN_AWAY = "picture_taken_away"


@dataclass(frozen=True)
class Entry:
    """One deed. `at` is UTC without zone, to the second; `place` is a municipality or empty; `round` a round's id."""

    number: int
    at: dt.datetime
    who: str
    action: str
    place: str
    about: str
    round: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds: how many entries it has, its last hash (hex), and where it breaks first."""

    entries: int
    last: str
    broken_at: int | None


_LAST = select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
_ENTRY = (
    *(AuditEntry.number, AuditEntry.at, AuditEntry.who, AuditEntry.action, AuditEntry.place, AuditEntry.about),
    AuditEntry.round,
)
_ALL = select(*_ENTRY, AuditEntry.hash).order_by(AuditEntry.number)
_ROLES_OF = (
    select(Staff.email, Role.node)
    .join_from(Staff, Role, Role.staff == Staff.id, isouter=True)
    .where(Staff.id == bindparam("staff"))
)
_NOTED = select(AuditEntry.number).where(
    AuditEntry.at >= bindparam("since"),
    AuditEntry.who == bindparam("who"),
    AuditEntry.action == bindparam("action"),
    AuditEntry.round == bindparam("round"),
)
_ROUND = select(Round.municipality, Round.title).where(Round.id == bindparam("round"))


def note(
    connection: Connection, who: str, action: Action, *, place: str = "", about: str = "", round_id: str = ""
) -> None:
    """Append one deed in the transaction that does it: neither is without the other.

    `place` is the municipality, whose administrators see it. `about` says what it was done to: a round's title, an
    address; never anything of a respondent. `round_id`: the round, whatever it is called later.
    """
    seize(connection, "audit")
    last = connection.execute(_LAST).first()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    entry = Entry(last.number + 1 if last else 1, now, who, action.value, place, about, round_id)
    digest = _hash(last.hash if last else START, entry)
    connection.execute(insert(AuditEntry).values(**vars(entry), hash=digest))


def note_own(connection: Connection, staff: str, action: Action, by: str = "") -> None:
    """Append what was done to an account, by its owner if nobody else, in every municipality where they have a role."""
    email, nodes = _account(connection, staff)
    places = {way[0] for way in tree.ways(connection, nodes).values()} or {""}
    for place in sorted(places):
        note(connection, by or email, action, place=place, about=email if by else "")


def note_own_day(connection: Connection, staff: str, action: Action) -> None:
    """Append what happens to an account, once a day."""
    email, _ = _account(connection, staff)
    if (
        connection.execute(_NOTED, {"who": email, "action": action.value, "round": "", "since": _midnight()}).first()
        is None
    ):
        note_own(connection, staff, action)


def take_as_long(connection: Connection) -> None:
    """Append nothing, for there is no account; and read, lock and write as much as for one, so that nobody can tell."""
    connection.execute(_ROLES_OF, {"staff": ""})
    tree.ways(connection, {""})
    seize(connection, "audit")
    connection.execute(_LAST)
    connection.execute(insert(Tried).values(key=secrets.token_bytes(32), beyond=0, last=LONG_AGO))


def note_round(connection: Connection, who: str, action: Action, round_id: str, about: str = "") -> None:
    """Append what was done to a round."""
    found = connection.execute(_ROUND, {"round": round_id}).one()
    said = ", ".join(filter(None, (found.title, about)))
    note(connection, who, action, place=found.municipality, about=said, round_id=round_id)


def note_day(database: Database, who: str, action: Action, round_id: str) -> None:
    """Append that somebody worked at a round on this day: once, whenever and however often they did."""
    with database.begin() as connection:
        noted = {"who": who, "action": action.value, "round": round_id}
        if connection.execute(_NOTED, {**noted, "since": _midnight()}).first() is None:
            note_round(connection, who, action, round_id)


def verify(database: Database) -> Verdict:
    """Read the whole chain."""
    before, number = START, 0
    with database.reading() as connection:
        for row in connection.execute(_ALL):
            entry = Entry(*row[:-1])
            if entry.number != number + 1 or row.hash != _hash(before, entry):
                return Verdict(number, before.hex(), number + 1)
            before, number = row.hash, entry.number
    return Verdict(number, before.hex(), None)


def search(database: Database, places: frozenset[str], words: str, before: int) -> Iterator[Entry]:
    """The newest entries below number `before` at these places, in which the words stand.

    A round is found by its id, by its title when something was done to it, and by the one it has now.
    """
    words = words.strip().casefold()
    columns = (func.lower(AuditEntry.who), AuditEntry.action, func.lower(AuditEntry.about), AuditEntry.round)
    called = select(Round.id).where(func.lower(Round.title).contains(words, autoescape=True))
    found = select(*_ENTRY).where(AuditEntry.number < before, AuditEntry.place.in_(places))
    if words:
        stands = (column.contains(words, autoescape=True) for column in columns)
        found = found.where(or_(*stands, AuditEntry.round.in_(called)))
    with database.reading() as connection:
        newest = connection.execute(found.order_by(AuditEntry.number.desc()).limit(PAGE))
        yield from (Entry(*row) for row in newest)


def _midnight() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)


def _account(connection: Connection, staff: str) -> tuple[str, set[str]]:
    rows = connection.execute(_ROLES_OF, {"staff": staff}).all()
    return rows[0].email, {row.node for row in rows if row.node}


def _hash(before: bytes, entry: Entry) -> bytes:
    hashed = {name: value for name, value in vars(entry).items() if name != "round" or value}  # others have none
    content = json.dumps({**hashed, "at": entry.at.isoformat()}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(before + content.encode()).digest()
