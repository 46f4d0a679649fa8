"""Count answers once a night: all that anybody may see of a round that is open (DESIGN section 7)."""

import datetime as dt

from sqlalchemy import func, select, text

from survey.storage.engine import Database
from survey.storage.tables import AnswerCount

_LAST = select(func.max(AnswerCount.counted))
# “WHERE true” tells SQLite that ON CONFLICT belongs to the INSERT.
_COUNT = text(
    """
    INSERT INTO answer_count (batch, number, counted)
    SELECT batch.id, (SELECT count(*) FROM sealed WHERE sealed.batch = batch.id), :today
    FROM batch JOIN round ON round.id = batch.round
    WHERE round.state = 'open'
    ON CONFLICT (batch) DO UPDATE SET number = excluded.number, counted = excluded.counted
    """
)


def last_count(database: Database) -> dt.date | None:
    """The day of the latest count; None: never."""
    with database.reading() as connection:
        return connection.execute(_LAST).scalar()


def count_answers(database: Database, today: dt.date) -> None:
    """Count the answers of every batch of the open rounds."""
    with database.begin() as connection:
        connection.execute(_COUNT, {"today": today})
