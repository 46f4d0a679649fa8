"""The tables of a round's plan, and of what the web asks the worker to do with it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base


class Plan(Base):
    """What a round's leader has planned, beside what `round` holds. A round of the command line may have none."""

    __tablename__ = "plan"

    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    places: Mapped[list[str]]  # those of the register that are asked, with all under them; none: not said yet
    ways: Mapped[list[str]]
    helped: Mapped[int | None]  # the most residents whom one helper assists in a unit
    decision: Mapped[str]
    leader: Mapped[str]
    retention: Mapped[str]
    opens: Mapped[dt.date | None]
    closes: Mapped[dt.date | None]
    repeat: Mapped[int]  # months until the next one; 0: none
    measure: Mapped[str | None] = mapped_column(ForeignKey("measure.id"))  # released over those it covers and not
    covering: Mapped[str] = mapped_column(server_default="")  # who they are, in words that name nobody
    covered: Mapped[int | None]  # about how many
    coming: Mapped[dict[str, str]] = mapped_column(server_default="{}")  # see survey.rounds.coming
    view_of: Mapped[str | None] = mapped_column(ForeignKey("measure.id"), index=True)  # what people's view is asked of
    view_called: Mapped[dict[str, str]] = mapped_column(server_default="{}")  # language -> its name in the questions


class RoundEvent(Base):
    """A day around a round: an information day, a council's meeting."""

    __tablename__ = "round_event"

    id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    day: Mapped[dt.date]
    title: Mapped[str]


class Errand(Base):
    """What the web asks the worker to do with a round, one thing at a time. Gone when it is done."""

    __tablename__ = "errand"
    __table_args__ = (CheckConstraint("kind IN ('open', 'stop', 'resume', 'release', 'destroy')", name="kind"),)

    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str]
    passphrase: Mapped[bytes | None]  # sealed to the worker; to open alone
    asked_by: Mapped[str]  # an e-mail address
    asked: Mapped[dt.datetime]  # UTC, without zone
    trouble: Mapped[str]  # why it has not been done yet; empty: not tried
