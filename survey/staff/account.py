"""One's own account: where one is signed in, the second step, a new password."""

import re

import segno
from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from survey.staff import accounts, guard, passwords, signed_in
from survey.staff.browsers import Browsers
from survey.staff.second_factor import SecondFactors, uri
from survey.staff.sign_in import refused
from survey.staff.tries import TooManyTriesError, Tries
from survey.storage.engine import Database

MASK, MARGIN, SCALE = 4, 4, 5
_DARK = re.compile(rb"\x01+")
_SQUARE = Markup(
    '<svg width="{size}" height="{size}" viewBox="-{margin} -{margin} {side} {side}">'
    '<path fill="#fff" d="M-{margin}-{margin}h{side}v{side}h-{side}z"/><path stroke="#000" d="{runs}"/></svg>'
)


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


def drawn(said: str) -> Markup:
    """A QR as SVG, with one mask, not the best of eight, and with little to spare: a screen has no stains.

    segno's own SVG takes three times as long, a tenth of what the whole page may.
    """
    rows = segno.make(said, error="l", mask=MASK).matrix
    runs = (f"M{run.start()} {y}.5h{len(run[0])}" for y, row in enumerate(rows) for run in _DARK.finditer(row))
    side = len(rows) + 2 * MARGIN
    return _SQUARE.format(size=side * SCALE, margin=MARGIN, side=side, runs="".join(runs))


def _set_up(secret: str, problem: str = "") -> str:
    picture = drawn(uri(secret, g.member.email))
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("staff/second_factor.html", picture=picture, secret=grouped, problem=problem)
