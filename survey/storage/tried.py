"""The table of secrets that were tried: how often, and never what, for whom or from where in clear."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.base import ORDERLESS, Base


class Tried(Base):
    """Tries that are counted together, known only by a keyed hash. Gone a week after the last of them."""

    __tablename__ = "tried"
    __table_args__ = (ORDERLESS,)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    beyond: Mapped[int]  # those free of any wait; below nought: so many still are
    last: Mapped[dt.datetime]  # UTC, without zone
