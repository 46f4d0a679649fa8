"""Sessions, of staff alone: a page outside /staff neither reads nor writes a cookie, and takes no time for one."""

import time
from functools import lru_cache
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

COOKIES_KEPT = 1000  # each of at most 4 kB


def is_staffs(request: Request) -> bool:
    """Whether the address is under /staff."""
    return (request.path + "/").startswith("/staff/")


class StaffSessions(SecureCookieSessionInterface):
    """Flask's sessions, under /staff."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._read = lru_cache(COOKIES_KEPT)(self._verify)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs cookies and reads them, made once: these are the sessions of one app."""
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session; outside /staff none, and writing to it is an error. What a cookie says is verified once."""
        if not is_staffs(request):
            return None
        try:
            said, signed = self._read(app, request.cookies.get(self.get_cookie_name(app), ""))
        except BadSignature:
            return self.session_class()
        if not 0 <= time.time() - signed <= app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class({name: value[:] if type(value) is list else value for name, value in said.items()})

    def _verify(self, app: Flask, cookie: str) -> tuple[dict[str, Any], float]:
        """What the cookie says, and when it was signed. Raises: BadSignature."""
        signer = self.get_signing_serializer(app)
        assert signer is not None  # staff.init gives the key
        said, signed = signer.loads(cookie, return_timestamp=True)
        return said, signed.timestamp()
