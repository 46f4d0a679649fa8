"""Signing in and out."""

from flask import Blueprint, Flask, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.staff import accounts, guard
from survey.storage.engine import Database

# For one account from one address, and for one address whatever the account.
TRIES, TRIES_FROM_ADDRESS = parse("10 per 15 minutes"), parse("100 per 15 minutes")


def init(app: Flask, database: Database) -> None:
    """Add /staff/sign-in and /staff/sign-out."""
    staff = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")
    # Asked here alone: as an extension of the app it would take time of every answer.
    tries = FixedWindowRateLimiter(MemoryStorage())

    @staff.get("/sign-in")
    @guard.public
    def sign_in() -> ResponseReturnValue:
        return render_template("staff/sign_in.html", email="", wrong=False)

    @staff.post("/sign-in")
    @guard.public
    def try_to_sign_in() -> ResponseReturnValue:
        email, password = request.form.get("email", ""), request.form.get("password", "")
        address = _asker()
        person = (address, email.strip().casefold())
        if not (tries.hit(TRIES_FROM_ADDRESS, address) and tries.hit(TRIES, *person)):
            abort(429)
        known = accounts.sign_in(database, email, password)
        if known is None:
            return render_template("staff/sign_in.html", email=email, wrong=True), 403
        tries.clear(TRIES, *person)
        guard.begin_session(*known)
        return redirect(url_for("desk.overview"))

    @staff.post("/sign-out")
    @guard.public
    def sign_out() -> ResponseReturnValue:
        session.clear()
        return redirect(url_for("staff.sign_in"))

    staff.register_error_handler(HTTPException, guard.refuse)
    staff.register_error_handler(DataError, guard.refuse_data)
    app.register_blueprint(staff)


def _asker() -> str:
    """The address that asks. Behind the proxy everybody comes from this machine, and the proxy says from where.

    Else ten wrong tries from anywhere would shut everybody out.
    """
    address = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return told if told and address in ("127.0.0.1", "::1") else address
