"""The table of what was done with the views on a measure."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import Base


class Weighing(Base):
    """How the views of those asked were weighed: what was done with them, and why. Added to, never changed."""

    __tablename__ = "weighing"

    id: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(ForeignKey("measure.id"), index=True)
    number: Mapped[int] = mapped_column(server_default="0")  # within the measure, from 1, as they were written
    day: Mapped[dt.date]
    who: Mapped[str]  # an e-mail address
    role: Mapped[str] = mapped_column(server_default="")  # in which they wrote; empty: written before it was kept
    text: Mapped[str]
