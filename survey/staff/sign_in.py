"""Signing in and out."""

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from survey.staff import accounts, guard, signed_in
from survey.staff.tries import Tries
from survey.storage.engine import Database


def add(staff: Blueprint, database: Database, tries: Tries) -> None:
    """Add /staff/sign-in and /staff/sign-out."""

    @staff.get("/sign-in")
    @guard.public
    def sign_in() -> ResponseReturnValue:
        return render_template("staff/sign_in.html", email="", wrong=False)

    @staff.post("/sign-in")
    @guard.public
    def try_to_sign_in() -> ResponseReturnValue:
        email, password = request.form.get("email", ""), request.form.get("password", "")
        if not tries.allow(email):
            abort(429)
        known = accounts.sign_in(database, email, password)
        if known is None:
            return render_template("staff/sign_in.html", email=email, wrong=True), 403
        tries.forget(email)
        guard.begin_session(database, known)
        return redirect(url_for("desk.overview"))

    @staff.post("/sign-out")
    @guard.own
    def sign_out() -> ResponseReturnValue:
        signed_in.end(database, g.member.id, g.member.session)
        session.clear()
        return redirect(url_for("staff.sign_in"))
