"""Signing in by the municipality's own sign-in: there and back."""

import hmac
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.staff import accounts, guard, identities
from survey.staff.browsers import Browsers, address
from survey.staff.identities import Begun, ProviderError, Trouble
from survey.staff.sign_in import page, refused
from survey.staff.tries import TooManyTriesError, Tries
from survey.storage.engine import Database

if TYPE_CHECKING:
    from survey.staff.provider import Provider

BACK = "/staff/sign-in/provider/back"
_STATUS = {Trouble.UNREACHABLE: 503}  # else 403

_log = logging.getLogger(__name__)


def add(staff: Blueprint, database: Database, tries: Tries, browsers: Browsers, provider: "Provider | None") -> None:
    """Add /staff/sign-in/provider and where it sends people back to."""

    @staff.get("/sign-in/provider")
    @guard.public
    def leave_for_provider() -> ResponseReturnValue:
        there = provider or abort(404)
        try:
            way_there, begun = there.begin()
        except ProviderError as error:
            return _told(there, error)
        session["provider"] = [asdict(begun), (guard.now() + identities.LASTS).isoformat()]
        return redirect(way_there)

    @staff.get("/sign-in/provider/back")
    @guard.public
    def back_from_provider() -> ResponseReturnValue:
        there = provider or abort(404)
        counts = tries.secret("provider", address())  # costs the provider a question, so nobody asks for ever
        try:
            tries.take(counts, guard.now())
            begun = _begun(request.args.get("state", ""))
            who = there.finish(begun, request.args)
            known = identities.admit(database, who, begun.nonce, guard.now())
        except TooManyTriesError as error:
            return refused(error, page(there, problem=error.words))
        except ProviderError as error:
            return _told(there, error)
        tries.right(counts, guard.now())
        guard.begin_session(database, known, by_provider=True)
        response = redirect(url_for("desk.overview"))
        if account := accounts.account(database, known):
            browsers.remember(response, account)
        return response


def _begun(state: str) -> Begun:
    """What this browser left with, if it comes back in time and with the same state; it is over now.

    Raises: ProviderError.
    """
    kept, until = session.pop("provider", ({}, ""))
    if until < guard.now().isoformat():
        raise ProviderError(Trouble.LATE, "it was begun too long ago, elsewhere, or is over")
    begun = Begun(**kept)
    if not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise ProviderError(Trouble.LATE, "it answers to another sign-in")
    return begun


def _told(provider: "Provider", error: ProviderError) -> ResponseReturnValue:
    _log.warning("Nobody was signed in by the provider (%s): %s.", error.trouble, error)
    return page(provider, problem=_words(error.trouble, provider.name)), _STATUS.get(error.trouble, 403)


def _words(trouble: Trouble, name: str) -> str:
    words = {
        Trouble.UNREACHABLE: gettext(
            "%(name)s cannot be reached just now. Try again in a while, or use your password.", name=name
        ),
        Trouble.CANCELLED: gettext("You were not signed in at %(name)s. Try again, or use your password.", name=name),
        Trouble.LATE: gettext("This sign-in is over, or was begun in another browser. Begin again."),
        Trouble.DOUBTFUL: gettext(
            "What %(name)s answered could not be trusted, so nobody was signed in. Try again. "
            "If it happens again, tell those who run Medvirk.",
            name=name,
        ),
        Trouble.UNVERIFIED: gettext(
            "%(name)s has not confirmed your e-mail address, so we cannot know which account is yours. "
            "Ask those who run it to do so, or use your password.",
            name=name,
        ),
        Trouble.UNKNOWN: gettext(
            "You are signed in at %(name)s, but your e-mail address has no account here. "
            "Those who run Medvirk can make one.",
            name=name,
        ),
        Trouble.ANOTHER: gettext(
            "The account with your e-mail address belongs to somebody else at %(name)s. "
            "If it is yours, ask those who run Medvirk to untie it.",
            name=name,
        ),
    }
    said: str = words[trouble]
    return said
