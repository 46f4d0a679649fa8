"""The tables of how mails and rounds reach people, beside `invitee` and `outbox`: days, numbers, and no names."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, column, table
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import ORDERLESS, Base

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


class TalkMail(Base):
    """A mail about a request to talk: to its contact, or to an adviser when it has waited. Goes when the request goes.

    Holds ids only; made when the day of the request is over, so that no time in it says when somebody asked.
    """

    __tablename__ = "talk_mail"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
        UniqueConstraint("request", "recipient"),
        ORDERLESS,
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str] = mapped_column(ForeignKey("talk_request.id", ondelete="CASCADE"))
    recipient: Mapped[str]  # "contact", or the id of an adviser
    state: Mapped[str]
    attempts: Mapped[int]
    due: Mapped[dt.datetime]  # UTC, without zone
    told: Mapped[dt.date | None]  # when it was sent
