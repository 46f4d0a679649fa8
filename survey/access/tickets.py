"""A ticket stands for a code on a tablet's queue: only this installation can read it, and only for a day's work.

So no tablet keeps a code. The server keeps nothing either: the ticket holds the code and its own end, locked.
"""

import base64
import datetime as dt
import hmac

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

VALID = dt.timedelta(hours=12)


class Tickets:
    """Makes tickets and reads them; `secret` is the installation's own."""

    def __init__(self, secret: bytes) -> None:
        self._box = SecretBox(hmac.digest(secret, b"tickets of a tablet's queue", "sha256"))

    def issue(self, code: str, now: dt.datetime) -> str:
        """A ticket for a normalised code, made of letters, digits, - and _."""
        until = int((now + VALID).timestamp())
        return base64.urlsafe_b64encode(self._box.encrypt(f"{until}:{code}".encode())).decode()

    def code(self, ticket: str, now: dt.datetime) -> str | None:
        """The code a ticket stands for; None: it is no ticket of ours, or its day is over."""
        try:
            until, _, code = self._box.decrypt(base64.urlsafe_b64decode(ticket.encode())).decode().partition(":")
        except (CryptoError, ValueError):
            return None
        return code if now.timestamp() < int(until) else None
