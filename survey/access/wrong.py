"""Count wrong guesses, so that many of them raise an alarm. Nothing is slowed down: a home must never be stalled."""

import datetime as dt
import logging

from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import SQLAlchemyError

from survey.storage.engine import Database
from survey.storage.tables import WrongCode

ALARM = 100  # a day: far above what mistakes make, far below what guessing 54 bits needs

_log = logging.getLogger(__name__)
_MORE = (
    update(WrongCode)
    .where(WrongCode.day == bindparam("today"))
    .values(number=WrongCode.number + 1)
    .returning(WrongCode.number)
)
_FIRST = insert(WrongCode)


def count_wrong_code(database: Database, today: dt.date) -> None:
    """One more well-formed code that opened nothing. Never fails: the person must get their page."""
    try:
        with database.begin() as connection:
            number = connection.execute(_MORE, {"today": today}).scalar()
            if number is None:
                connection.execute(_FIRST, {"day": today, "number": 1})
    except SQLAlchemyError:
        _log.warning("A wrong code could not be counted.")
        return
    if number is not None and number % ALARM == 0:
        _log.error("%d wrong codes today: somebody may be guessing.", number)
