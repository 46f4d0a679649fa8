"""Where somebody tries to sign in from: an address, and a browser in which they have signed in before.

A browser keeps a number of its own, and a mark for each account that has signed in there since its last password.
So who guesses elsewhere slows down nobody in a browser of theirs. A mark opens nothing; without the key none is made.
"""

import hmac
import ipaddress
import json
import re
import secrets
from contextlib import suppress

from flask import request
from werkzeug import Response

from survey.staff.accounts import Account

COOKIE = "medvirk_browser"
LASTS = 180 * 24 * 60 * 60  # seconds
MOST = 8  # accounts that one browser is known to be of


class Browsers:
    """Makes and knows marks."""

    def __init__(self, session_key: bytes, secure: bool) -> None:
        self._key = hmac.digest(session_key, b"browsers", "sha256")
        self._secure = secure
        self._cookie = cookie_called(COOKIE, secure)

    def known(self, account: Account | None) -> str:
        """The number of the browser that asks, if this account has signed in there; else empty."""
        number, marks = self._kept()
        expected = self._mark(number, account)
        return number if any(hmac.compare_digest(mark, expected) for mark in marks) and account else ""

    def remember(self, response: Response, account: Account) -> None:
        """The account has signed in in the browser that gets this response."""
        number, marks = self._kept()
        mark = self._mark(number := number or secrets.token_urlsafe(16), account)
        kept = ".".join([number, mark, *[other for other in marks if other != mark][: MOST - 1]])
        response.set_cookie(
            self._cookie, kept, max_age=LASTS, path="/staff", secure=self._secure, httponly=True, samesite="Lax"
        )

    def _kept(self) -> tuple[str, list[str]]:
        """The number of the browser that asks and its marks; both are nobody's where it was never here."""
        number, *marks = request.cookies.get(self._cookie, "").split(".")
        well_formed = re.fullmatch(r"[\w-]{22}", number, re.ASCII) and all(
            re.fullmatch("[0-9a-f]{32}", mark) for mark in marks
        )
        return (number, marks[:MOST]) if well_formed else ("", [])

    def _mark(self, number: str, account: Account | None) -> str:
        of = json.dumps([number, account.id, account.password] if account else [number])
        return hmac.new(self._key, of.encode(), "sha256").hexdigest()[:32]


def cookie_called(name: str, secure: bool) -> str:
    """A cookie's name; a browser takes one so called over HTTPS alone."""
    return f"__Secure-{name}" if secure else name


def address() -> str:
    """The address that asks, or the network of a home where it has many. Behind the proxy everybody comes from this
    machine, and the proxy says from where.
    """
    asker = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if told and asker in ("127.0.0.1", "::1"):
        asker = told
    with suppress(ValueError):
        if (found := ipaddress.ip_address(asker)).version == 6:
            mapped = found.ipv4_mapped
            return str(mapped or ipaddress.ip_network((int(found), 64), strict=False))
    return asker
