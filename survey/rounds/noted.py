"""What is noted of a round's people in numbers: how many can answer in which way, how many not now, and why.

No names: a unit's leader counts, and who presses “no more mail” is counted for the municipality as a whole.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text

from survey.storage.engine import share_round
from survey.storage.tables import Noted, Round

WAYS = ("alone", "support", "interview")
REASONS = ("will_not", "away", "no_way_found", "other_reason")
AT_INTERVIEW = {reason: f"{reason}_at_interview" for reason in REASONS}  # counted one by one, beside the unit's own
NO_MORE_MAIL = "no_more_mail"
NOT_NOW = (*REASONS, *AT_INTERVIEW.values(), NO_MORE_MAIL)
MAY_NOTE = ("planned", "open")
COVERED = tuple(f"{way}_covered" for way in WAYS)  # how many of them a measure covers, where the plan has groups
NUMBERS = (*WAYS, *REASONS)  # what a unit notes, everybody once

_STATE = select(Round.state).where(Round.id == bindparam("round"))
_OF_ROUND = select(Noted.place, Noted.what, Noted.number).where(Noted.round == bindparam("round"))
_OF_UNITS = _OF_ROUND.where(Noted.place.in_(bindparam("units", expanding=True)))
_IN_ALL = select(Noted.what, func.sum(Noted.number)).where(Noted.round == bindparam("round")).group_by(Noted.what)
_FORGET = delete(Noted).where(
    Noted.round == bindparam("round"), Noted.place == bindparam("place"), Noted.what.in_(NUMBERS)
)
_MORE = text(
    "INSERT INTO noted (round, place, what, number) VALUES (:round, :place, :what, 1) "
    "ON CONFLICT (round, place, what) DO UPDATE SET number = noted.number + 1"
)
_NOT_NOW = select(func.sum(Noted.number)).where(Noted.round == bindparam("round"), Noted.what.in_(NOT_NOW))


def noted(connection: Connection, round_id: str, units: Sequence[str] | None = None) -> dict[str, dict[str, int]]:
    """Place -> what was noted there -> how many; of these units alone, or of every place."""
    found: dict[str, dict[str, int]] = {}
    query, asked = (_OF_ROUND, {}) if units is None else (_OF_UNITS, {"units": units})
    for place, what, number in connection.execute(query, {"round": round_id, **asked}).all():
        found.setdefault(place, {})[what] = number
    return found


def noted_in_all(connection: Connection, round_id: str) -> dict[str, int]:
    """What was noted in a round -> how many, over all places."""
    return {row[0]: row[1] for row in connection.execute(_IN_ALL, {"round": round_id})}


def note(connection: Connection, round_id: str, unit: str, numbers: Mapping[str, int]) -> bool:
    """Keep what a unit notes, in place of what it noted before; False: the round is neither planned nor open.

    What interviewers counted there stays.
    """
    share_round(connection, round_id)  # closing deletes it all
    if connection.execute(_STATE, {"round": round_id}).scalar() not in MAY_NOTE:
        return False
    connection.execute(_FORGET, {"round": round_id, "place": unit})
    rows = [{"round": round_id, "place": unit, "what": what, "number": number} for what, number in numbers.items()]
    connection.execute(insert(Noted), rows)
    return True


def one_more(connection: Connection, round_id: str, place: str, what: str) -> None:
    """Count one person more."""
    connection.execute(_MORE, {"round": round_id, "place": place, "what": what})


def not_now(connection: Connection, round_id: str) -> int | None:
    """How many would not or could not answer in this round; None: nobody counted."""
    number: int | None = connection.execute(_NOT_NOW, {"round": round_id}).scalar()
    return number
