"""The tables of what staff did, and of mails to them: what they are to do, what was done to their accounts."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base


class AuditEntry(Base):
    """Something staff did. The database itself refuses to change or delete one."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]  # UTC, without zone
    who: Mapped[str]  # an e-mail address, or "command line"
    action: Mapped[str]
    place: Mapped[str]  # a node of the register, or empty
    about: Mapped[str]
    hash: Mapped[bytes]  # SHA-256 over the one before and this
    round: Mapped[str] = mapped_column(server_default="")  # its id, where it was done to one; a title may change


class StaffMail(Base):
    """A mail that reminds somebody of a day: of one round or measure (`about`), once. Holds ids only."""

    __tablename__ = "staff_mail"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
        CheckConstraint("kind IN ('next_round', 'measure_begins', 'measure_ends')", name="kind"),
        UniqueConstraint("recipient", "kind", "about", "day"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    kind: Mapped[str]
    about: Mapped[str]
    day: Mapped[dt.date]  # when the round is due, when the measure should have begun or ended
    state: Mapped[str]
    attempts: Mapped[int]
    due: Mapped[dt.datetime]  # UTC, without zone


class AccountMail(Base):
    """A mail that tells the owner of an account that somebody changed how they get in; its row goes when it went."""

    __tablename__ = "account_mail"

    id: Mapped[str] = mapped_column(primary_key=True)
    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    kind: Mapped[str]  # survey.staff.notices.Change
    day: Mapped[dt.date]  # when it was changed
    attempts: Mapped[int]
    due: Mapped[dt.datetime]  # UTC, without zone
