"""People who are invited by a list."""

import datetime as dt

from survey.invitations.inviting import Invitations, invite_within
from survey.keys import KeyStore
from survey.storage.engine import Database


def invite(database: Database, keys: KeyStore, round_id: str, content: bytes, now: dt.datetime) -> Invitations:
    """The list alone, in a transaction of its own."""
    with database.begin() as connection:
        return invite_within(connection, keys, round_id, content, now)
