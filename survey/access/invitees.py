"""Who was invited by e-mail is forgotten together with their code."""

from sqlalchemy import Connection, bindparam, delete, select

from survey.access.codes import for_invitee
from survey.keys import WebKeys
from survey.storage.tables import Invitee

_INVITEES = select(Invitee.id).where(Invitee.batch == bindparam("batch"))
_FORGET = delete(Invitee).where(Invitee.id == bindparam("invitee"))


def forget(connection: Connection, web: WebKeys, batch: str, code: str) -> None:
    """Delete the invitee whose code this is (normalised), if it is anybody's: no mail goes to them any more."""
    for invitee in connection.execute(_INVITEES, {"batch": batch}).scalars():
        if for_invitee(web.mail, invitee) == code:
            connection.execute(_FORGET, {"invitee": invitee})
