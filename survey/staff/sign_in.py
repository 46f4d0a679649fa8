"""Signing in, in two steps where somebody has a second factor, and out."""

import datetime as dt
import hashlib
from math import ceil
from typing import TYPE_CHECKING

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.staff import accounts, guard, signed_in
from survey.staff.accounts import Account
from survey.staff.browsers import Browsers, address
from survey.staff.second_factor import SecondFactors
from survey.staff.tries import TooManyTriesError, Tries
from survey.storage.engine import Database

if TYPE_CHECKING:
    from survey.staff.provider import Provider

BETWEEN_STEPS = dt.timedelta(minutes=5)


def add(
    staff: Blueprint,
    database: Database,
    factors: SecondFactors,
    tries: Tries,
    browsers: Browsers,
    provider: "Provider | None",
) -> None:
    """Add /staff/sign-in, its second step and /staff/sign-out."""

    @staff.get("/sign-in")
    @guard.public
    def sign_in() -> ResponseReturnValue:
        left = session.pop("left", False)
        return page(provider, leaving=provider.leaving() if provider and left else None)

    @staff.post("/sign-in")
    @guard.public
    def try_to_sign_in() -> ResponseReturnValue:
        email, password = request.form.get("email", "").strip().casefold(), request.form.get("password", "")
        known = accounts.find(database, email)
        counts, slowed = tries.sign_in(email, address(), browsers.known(known)), False
        try:
            slowed = tries.take(counts, guard.now())
        except TooManyTriesError as error:
            if not (counts := tries.made(email, password, guard.now())):
                return refused(error, page(provider, email, error.words))
        if not accounts.opens(database, known, password, slowed) or known is None:
            said = gettext("This e-mail address and password do not belong together. Try again.")
            return page(provider, email, said), 403
        tries.right(counts, guard.now())
        if known.second_factor:
            session["halfway"] = [known.id, (guard.now() + BETWEEN_STEPS).isoformat(), _of_today(known)]
            return redirect(url_for("staff.second_step"))
        return _in(known)

    @staff.get("/sign-in/code")
    @guard.public
    def second_step() -> ResponseReturnValue:
        _halfway(database)
        return render_template("staff/second_step.html", problem="")

    @staff.post("/sign-in/code")
    @guard.public
    def try_second_step() -> ResponseReturnValue:
        known = _halfway(database)
        counts = tries.secret("second step", known.id, browsers.known(known))
        try:
            slowed = tries.take(counts, guard.now())
        except TooManyTriesError as error:
            return refused(error, render_template("staff/second_step.html", problem=error.words))
        if not factors.takes(known.id, request.form.get("code", ""), guard.now(), slowed):
            said = gettext("This code is wrong, or it was used before. Wait for the next one.")
            return render_template("staff/second_step.html", problem=said), 403
        tries.right(counts, guard.now())
        return _in(known)

    @staff.post("/sign-out")
    @guard.own
    def sign_out() -> ResponseReturnValue:
        signed_in.end(database, g.member.id, g.member.session)
        session.clear()
        if g.member.by_provider:
            session["left"] = True
        return redirect(url_for("staff.sign_in"))

    def _in(known: Account) -> ResponseReturnValue:
        guard.begin_session(database, known.id)
        response = redirect(url_for("desk.overview"))
        browsers.remember(response, known)
        return response


def refused(error: TooManyTriesError, page: str) -> ResponseReturnValue:
    """Nothing was tried, and the page says how long to wait; so does the header."""
    return page, 429, {"Retry-After": str(ceil(error.wait.total_seconds()))}


def page(provider: "Provider | None", email: str = "", problem: str = "", leaving: str | None = None) -> str:
    """Where one signs in, with what went wrong before; `leaving`: where one also ends one's session at the provider."""
    over = "over" in session
    return render_template(
        "staff/sign_in.html", provider=provider, email=email, problem=problem, leaving=leaving, over=over
    )


def _halfway(database: Database) -> Account:
    """Who has given the right password within the last minutes; else back to the beginning."""
    staff, until, given = session.get("halfway", ("", "", ""))
    known = accounts.account(database, staff) if guard.now().isoformat() <= until else None
    if known is None or _of_today(known) != given:
        abort(redirect(url_for("staff.sign_in")))
    return known


def _of_today(known: Account) -> str:
    """A mark of the password that they have now: who gave another is not halfway in."""
    return hashlib.sha256(known.password.encode()).hexdigest()
