"""What advisers write in a report for a committee, kept by round, place and language."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from survey.staff import audit
from survey.staff.audit import Action
from survey.storage.reported import CommitteeText

_ONE = select(CommitteeText.introduction, CommitteeText.conclusion, CommitteeText.by, CommitteeText.on).where(
    CommitteeText.round == bindparam("round"),
    CommitteeText.node == bindparam("node"),
    CommitteeText.language == bindparam("language"),
)


@dataclass(frozen=True)
class Written:
    """Both may be empty. `by` is an e-mail address; empty, as is the day, where nothing was kept."""

    introduction: str = ""
    conclusion: str = ""
    by: str = ""
    on: dt.date | None = None


def find(connection: Connection, round_id: str, node: str, language: str) -> Written:
    """What is kept."""
    row = connection.execute(_ONE, {"round": round_id, "node": node, "language": language}).first()
    return Written(*row) if row else Written()


def keep(connection: Connection, round_id: str, node: str, language: str, written: Written) -> None:
    """Keep it in the place of what was there, and note in the log that it was done."""
    key = {"round": round_id, "node": node, "language": language}
    connection.execute(delete(CommitteeText).filter_by(**key))
    connection.execute(insert(CommitteeText).values(**key, **vars(written)))
    audit.note_round(connection, written.by, Action.COMMITTEE_TEXT_KEPT, round_id, f"{node}, {language}")
