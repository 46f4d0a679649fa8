"""Free texts of closed rounds that wait for somebody to remove names from them."""

import datetime as dt

from sqlalchemy import bindparam, delete

from survey.storage.engine import Database
from survey.storage.tables import Comment

_UNREVIEWED = delete(Comment).where(Comment.state == "waiting", Comment.remove_on <= bindparam("today"))


def remove_unreviewed(database: Database, today: dt.date) -> None:
    """Remove the texts that nobody has reviewed in time."""
    with database.begin() as connection:
        connection.execute(_UNREVIEWED, {"today": today})
