"""The page on which a round's leader invites interviewers and typists."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.interviews import helpers
from survey.interviews.helpers import HELPING, TAKING, BelongsThereError, NoAccountError
from survey.rounds import head
from survey.rounds.head import Head
from survey.staff.guard import needs
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database


def add(interviews: Blueprint, database: Database) -> None:
    """Add /staff/rounds/<round_id>/helpers."""
    find = head.finder(database)

    def page(round_: Head, problem: str = "", email: str = "", role: str = HELPING[0]) -> str:
        with database.reading() as connection:
            invited = helpers.invited(connection, round_.id)
        return render_template(
            "interviews/helpers.html",
            round=round_,
            invited=invited,
            roles=HELPING,
            taking=round_.state in TAKING,
            problem=problem,
            email=email,
            role=role,
        )

    @interviews.get("/rounds/<round_id>/helpers")
    @needs(ROUND_LEADER, round_id=find)
    def round_helpers(round_: Head) -> ResponseReturnValue:
        return page(round_)

    @interviews.post("/rounds/<round_id>/helpers")
    @needs(ROUND_LEADER, round_id=find)
    def invite_helper(round_: Head) -> ResponseReturnValue:
        email, role = request.form.get("email", ""), request.form.get("role", "")
        if role not in HELPING or round_.state not in TAKING:
            abort(400)
        try:
            with database.begin() as connection:
                helpers.invite(connection, round_, email, role, g.member.email)
        except NoAccountError:
            said = gettext(
                "Nobody has an account with this address. Their own administrator makes one; then try again."
            )
            return page(round_, said, email, role), 422
        except BelongsThereError:
            said = gettext("They work in the service that is asked about. Invite somebody who does not belong there.")
            return page(round_, said, email, role), 422
        flash(gettext("Invited. They find the round when they sign in."))
        return redirect(url_for(".round_helpers", round_id=round_.id))

    @interviews.post("/rounds/<round_id>/helpers/end")
    @needs(ROUND_LEADER, round_id=find)
    def end_helper(round_: Head) -> ResponseReturnValue:
        staff, role = request.form.get("staff", ""), request.form.get("role", "")
        with database.begin() as connection:
            helpers.end(connection, round_, staff, role, g.member.email)
        return redirect(url_for(".round_helpers", round_id=round_.id))
