"""Sessions, of staff alone: a page outside /staff neither reads nor writes a cookie, and takes no time for one."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


def is_staffs(request: Request) -> bool:
    """Whether the address is under /staff."""
    return (request.path + "/").startswith("/staff/")


class StaffSessions(SecureCookieSessionInterface):
    """Flask's sessions, under /staff."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs cookies and reads them, made once: these are the sessions of one app."""
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session; outside /staff none, and writing to it is an error."""
        return super().open_session(app, request) if is_staffs(request) else None
