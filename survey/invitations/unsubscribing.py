"""No more mail, please: one press, without signing in, and nothing is kept of who it was.

The token in a mail is its invitee's id, locked with a key that comes from the round's mail key and goes with it. It is
no code, opens no questionnaire and leads to no answer: who has answered has no row that it could name.
"""

import base64
import hmac

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import Connection, bindparam, delete, select

from survey.access.codes import for_invitee, hashed
from survey.keys import KeysError, KeyStore, WebKeys
from survey.rounds.noted import NO_MORE_MAIL, one_more
from survey.storage.engine import Database, share_round
from survey.storage.tables import Code, Invitee, Round

_ROUND = select(Round.state, Round.municipality).where(Round.id == bindparam("round"))
_THERE = select(Invitee.id).where(Invitee.id == bindparam("invitee"))
_VOID = delete(Code).where(Code.hmac == bindparam("hmac")).returning(Code.batch)
_FORGET = delete(Invitee).where(Invitee.id == bindparam("invitee"))


class UnknownTokenError(LookupError):
    """The token is of no round that is open."""


def token(keys: WebKeys, invitee: str) -> str:
    """What stands in this invitee's mail, made of letters, digits, - and _."""
    return base64.urlsafe_b64encode(_box(keys).encrypt(bytes.fromhex(invitee))).decode().rstrip("=")


def is_invited(database: Database, keys: KeyStore, given: str) -> bool:
    """Whether the token's person is still invited and has not answered.

    Raises: UnknownTokenError, KeysError.
    """
    _, _, invitee = _opened(keys, given)
    with database.reading() as connection:
        return connection.execute(_THERE, {"invitee": invitee}).first() is not None


def unsubscribe(database: Database, keys: KeyStore, given: str) -> None:
    """Forget an invitee, void their code and count one more who would not now. Again, it does nothing.

    What is kept of the address is its keyed hash, as of everybody invited: so it is not invited again in this round.
    Raises: UnknownTokenError, also where the round is not open any more; KeysError.
    """
    round_id, web, invitee = _opened(keys, given)
    code = hashed(web.pepper, for_invitee(web.mail, invitee))
    with database.begin() as connection:
        share_round(connection, round_id)
        found = connection.execute(_ROUND, {"round": round_id}).first()
        if found is None or found.state != "open":
            raise UnknownTokenError
        if _voided(connection, code):  # first the code, as Send does: one of the two gets it
            connection.execute(_FORGET, {"invitee": invitee})
            one_more(connection, round_id, found.municipality, NO_MORE_MAIL)


def _voided(connection: Connection, code: bytes) -> bool:
    return connection.execute(_VOID, {"hmac": code}).first() is not None


def _opened(keys: KeyStore, given: str) -> tuple[str, WebKeys, str]:
    """The round, its keys and the invitee of a token."""
    trouble = None
    for round_id in keys.rounds():
        try:
            web = keys.web(round_id)
            invitee = _box(web).decrypt(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))).hex()
        except KeysError as error:
            trouble = error
        except (CryptoError, ValueError):
            continue
        else:
            return round_id, web, invitee
    raise trouble or UnknownTokenError


def _box(keys: WebKeys) -> SecretBox:
    return SecretBox(hmac.digest(keys.mail, b"no more mail", "sha256"))
