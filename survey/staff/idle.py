"""A session that nobody uses ends: a tablet is left lying about. What was just sent is not lost with it.

When it was used last stands in the signed cookie itself, written at most every ten minutes: it costs no statement.
"""

import time
from contextlib import suppress

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

LASTS = 2 * 60 * 60  # seconds without a request
NOTED = 10 * 60  # seconds from one note of a use to the next
# Of forms that are not kept: secrets, and who may do what. Somebody else may have sent it from a page left open.
NOT_KEPT = frozenset({"again", "passphrase", "role"})
LONG = 30  # signs: what was written is shown from here on


def begin(staff: str, token: str | None) -> None:
    """The session of this browser is somebody's, and used now; `token` is what `token_of` gave before."""
    session.update(staff=staff, seen=int(time.time()))
    if token:
        session["csrf_token"] = token


def is_over() -> bool:
    """Whether nobody has used the session for two hours; else it is noted now and then that it is used."""
    now = int(time.time())
    unused = now - session.get("seen", now - NOTED)
    if NOTED <= unused < LASTS:
        session["seen"] = now
    return bool(unused >= LASTS)


def leave() -> None:
    """The session is over, however it ended: nothing is left of it but whose it was, and that its forms are ours."""
    kept = {name: session[name] for name in ("csrf_token", "language") if name in session}
    whose = session.get("staff", "")
    session.clear()
    session.update(kept, over=whose)


def token_of(staff: str) -> str | None:
    """What the forms of the session carry that was over here; None unless it was of the same person."""
    return session.get("csrf_token") if session.get("over") == staff else None


def turn_away(csrf: CSRFProtect) -> ResponseReturnValue:
    """To the sign-in; who has just sent a form of ours meets what they wrote, to be sent again when signed in."""
    if request.method == "POST" and "over" in session:
        with suppress(CSRFError, RequestEntityTooLarge):
            csrf.protect()
            if request.blueprint != "staff" and NOT_KEPT.isdisjoint(request.form):  # "staff": accounts
                fields = [each for each in request.form.items(multi=True) if each[0] != "csrf_token"]
                written = [value for _, value in fields if len(value) >= LONG]
                files = any(request.files.values())
                action = request.script_root + request.full_path
                kept = {"fields": fields, "written": written, "files": files, "action": action}
                return render_template("staff/over.html", leads_nowhere=True, **kept), 403
        flash(gettext("What you sent just now was not kept. Sign in, and do it once more."))
    return redirect(url_for("staff.sign_in"))
