"""The tables of who takes answers for others, and of what waits there."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import ORDERLESS, Base


class RoundHelper(Base):
    """Somebody, from here or elsewhere, who was invited to take this one round's answers; gone when it closes."""

    __tablename__ = "round_helper"
    __table_args__ = (CheckConstraint("role IN ('interviewer', 'typist')", name="role"),)

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class FirstTyping(Base):
    """A paper typed once, to be typed again: a box that only its code and the round's key together open.

    Goes with the code.
    """

    __tablename__ = "first_typing"
    __table_args__ = (ORDERLESS,)

    code: Mapped[bytes] = mapped_column(ForeignKey("code.hmac", ondelete="CASCADE"), primary_key=True)
    box: Mapped[bytes]
