"""One's own account: where one is signed in, and a new password."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.staff import accounts, guard, passwords, signed_in
from survey.staff.tries import Tries
from survey.storage.engine import Database


def add(staff: Blueprint, database: Database, tries: Tries) -> None:
    """Add /staff/account and what is done there."""

    def page(problem: str = "") -> str:
        sessions = signed_in.sessions(database, g.member.id, guard.now())
        return render_template("staff/account.html", sessions=sessions, problem=problem)

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
        if not tries.allow(g.member.email):
            abort(429)
        if accounts.sign_in(database, g.member.email, old) is None:
            return page(gettext("This is not your password of today.")), 422
        if new != again:
            return page(gettext("The new password is not the same both times.")), 422
        try:
            accounts.change_password(database, g.member.email, new)
        except passwords.PasswordError:
            return page(
                gettext("Guessers would try this one soon. Use several words of your own, 12 signs or more.")
            ), 422
        session.clear()
        flash(gettext("Your password is changed. Sign in with the new one."))
        return redirect(url_for("staff.sign_in"))
