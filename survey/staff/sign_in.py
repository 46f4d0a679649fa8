"""Signing in, in two steps where somebody has a second factor, and out."""

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.staff import accounts, guard, signed_in
from survey.staff.second_factor import SecondFactors
from survey.staff.tries import Tries
from survey.storage.engine import Database

if TYPE_CHECKING:
    from survey.staff.provider import Provider

BETWEEN_STEPS = dt.timedelta(minutes=5)


def add(
    staff: Blueprint, database: Database, factors: SecondFactors, tries: Tries, provider: "Provider | None"
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
        email, password = request.form.get("email", ""), request.form.get("password", "")
        if not tries.allow(email):
            abort(429)
        known = accounts.sign_in(database, email, password)
        if known is None:
            said = gettext("This e-mail address and password do not belong together. Try again.")
            return page(provider, email, said), 403
        tries.forget(email)
        if factors.is_set_up(known):
            session["halfway"] = [known, (guard.now() + BETWEEN_STEPS).isoformat()]
            return redirect(url_for("staff.second_step"))
        return _in(known)

    @staff.get("/sign-in/code")
    @guard.public
    def second_step() -> ResponseReturnValue:
        _halfway()
        return render_template("staff/second_step.html", wrong=False)

    @staff.post("/sign-in/code")
    @guard.public
    def try_second_step() -> ResponseReturnValue:
        known = _halfway()
        if not tries.allow(f"second step of {known}"):
            abort(429)
        if not factors.takes(known, request.form.get("code", ""), guard.now()):
            return render_template("staff/second_step.html", wrong=True), 403
        tries.forget(f"second step of {known}")
        return _in(known)

    @staff.post("/sign-out")
    @guard.own
    def sign_out() -> ResponseReturnValue:
        signed_in.end(database, g.member.id, g.member.session)
        session.clear()
        if g.member.by_provider:
            session["left"] = True
        return redirect(url_for("staff.sign_in"))

    def _in(known: str) -> ResponseReturnValue:
        guard.begin_session(database, known)
        return redirect(url_for("desk.overview"))


def page(provider: "Provider | None", email: str = "", problem: str = "", leaving: str | None = None) -> str:
    """Where one signs in, with what went wrong before; `leaving`: where one also ends one's session at the provider."""
    return render_template("staff/sign_in.html", provider=provider, email=email, problem=problem, leaving=leaving)


def _halfway() -> str:
    """Who has given the right password within the last minutes; else back to the beginning."""
    known, until = session.get("halfway", ("", ""))
    if until < guard.now().isoformat():
        abort(redirect(url_for("staff.sign_in")))
    staff: str = known
    return staff
