"""One's own account: where one is signed in, the second step, a new password."""

from io import BytesIO

import segno
from flask import Blueprint, Response, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.staff import accounts, guard, passwords, signed_in
from survey.staff.browsers import Browsers
from survey.staff.second_factor import SecondFactors, uri
from survey.staff.sign_in import refused
from survey.staff.tries import TooManyTriesError, Tries
from survey.storage.engine import Database


def add(staff: Blueprint, database: Database, factors: SecondFactors, tries: Tries, browsers: Browsers) -> None:
    """Add /staff/account and what is done there."""

    def page(problem: str = "") -> str:
        sessions = signed_in.sessions(database, g.member.id, guard.now())
        left = factors.recovery_codes_left(g.member.id)
        return render_template("staff/account.html", sessions=sessions, problem=problem, recovery_codes=left)

    @staff.get("/account")
    @guard.own
    def account() -> ResponseReturnValue:
        return page()

    @staff.post("/account/sessions/<session_id>/end")
    @guard.own
    def end_session(session_id: str) -> ResponseReturnValue:
        signed_in.end(database, g.member.id, session_id)
        return redirect(url_for("staff.account"))

    @staff.post("/account/password")
    @guard.own
    def change_password() -> ResponseReturnValue:
        old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
        try:
            if not knows_password(old):
                return page(gettext("This is not your password of today.")), 422
        except TooManyTriesError as error:
            return refused(error, page(error.words))
        if new != again:
            return page(gettext("The new password is not the same both times.")), 422
        try:
            changed = accounts.change_password(database, g.member.email, new)
        except passwords.PasswordError:
            return page(
                gettext("Guessers would try this one soon. Use several words of your own, 12 signs or more.")
            ), 422
        session.clear()
        flash(gettext("Your password is changed. Sign in with the new one."))
        response = redirect(url_for("staff.sign_in"))
        browsers.remember(response, changed)
        return response

    @staff.get("/account/second-step")
    @guard.own
    def second_factor() -> ResponseReturnValue:
        return _set_up(factors.offer(g.member))

    @staff.get("/account/second-step.png")
    @guard.own
    def second_factor_picture() -> ResponseReturnValue:
        """Apart from its page, of whose time it would take most."""
        return Response(picture_of(uri(factors.offer(g.member), g.member.email)), mimetype="image/png")

    @staff.post("/account/second-step")
    @guard.own
    def confirm_second_factor() -> ResponseReturnValue:
        try:
            known = not g.member.second_factor or knows_password(request.form.get("old", ""))
        except TooManyTriesError as error:
            return refused(error, _set_up(factors.offer(g.member), error.words))
        if not known:
            return _set_up(factors.offer(g.member), gettext("This is not your password of today.")), 422
        codes = factors.confirm(g.member, request.form.get("code", ""), guard.now())
        if codes is None:
            said = gettext("This code is not the one that the app shows now. Is the clock of your phone right?")
            return _set_up(factors.offer(g.member), said), 422
        return render_template("staff/recovery_codes.html", codes=codes)

    def knows_password(password: str) -> bool:
        """Whether it is that of who is signed in. Whoever found their browser open can guess no more than others.

        Raises: TooManyTriesError.
        """
        counts = tries.secret("own password", g.member.id)
        slowed = tries.take(counts, guard.now())
        known = accounts.opens(database, accounts.account(database, g.member.id), password, slowed)
        if known:
            tries.right(counts, guard.now())
        return known


def picture_of(said: str) -> bytes:
    """A QR that says this, as PNG, with one mask: to choose the best of eight takes most of the time."""
    picture = BytesIO()
    segno.make_qr(said, mask=4).save(picture, kind="png", scale=5)
    return picture.getvalue()


def _set_up(secret: str, problem: str = "") -> str:
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("staff/second_factor.html", secret=grouped, problem=problem)
