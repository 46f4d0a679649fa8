"""The tables of what staff write beside releases: their words in a committee's report, and earlier surveys' numbers."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base


class CommitteeText(Base):
    """What an adviser writes in the report of a round about a place, in one language."""

    __tablename__ = "committee_text"

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    node: Mapped[str] = mapped_column(primary_key=True)  # as in the release
    language: Mapped[str] = mapped_column(primary_key=True)
    introduction: Mapped[str]
    conclusion: Mapped[str]
    by: Mapped[str]  # an e-mail address
    on: Mapped[dt.date]


class EarlierResult(Base):
    """A number of an earlier survey: in percent, or a mean on the scale from `lowest` to `highest`."""

    __tablename__ = "earlier_result"
    __table_args__ = (
        CheckConstraint("(lowest IS NULL) = (highest IS NULL)", name="scale"),
        CheckConstraint("n >= 5", name="n"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    place: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    audience: Mapped[str]
    year: Mapped[int]
    survey: Mapped[str]
    theme: Mapped[str]
    counts: Mapped[str]  # what is counted, or what the values of the scale are
    value: Mapped[float]
    lowest: Mapped[float | None]
    highest: Mapped[float | None]
    n: Mapped[int | None]  # how many answered, where that is known
    source: Mapped[str]
