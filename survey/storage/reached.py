"""The tables of how a round reaches people, beside `invitee` and `outbox`: days, numbers, and no names."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, column, table
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base

# Outbox and invitee where the mail server refused a mail for good: the only addresses that the web may read. A view, so
# a migration that makes one of the two anew on SQLite drops it first and makes it again after.
REFUSED_MAIL = table(
    "refused_mail", column("mail"), column("invitee"), column("batch"), column("email"), column("words")
)


class Mailing(Base):
    """The day on which invitations or one of the reminders of a round were last asked for."""

    __tablename__ = "mailing"

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # as in the outbox
    day: Mapped[dt.date]


class Noted(Base):
    """How many of a unit can answer in a way, or not now and why; or how many want no more mail of a round."""

    __tablename__ = "noted"
    __table_args__ = (CheckConstraint("number >= 0", name="number"),)

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    place: Mapped[str] = mapped_column(ForeignKey("node.id"), primary_key=True)  # a unit, or the municipality
    what: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
