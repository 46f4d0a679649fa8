"""The interviewer's desk: a code opens the script; its answer is sent to /submit as everybody's is.

The browser sends the staff's cookie to /staff alone, so who interviewed is not even in the request that is stored.
"""

import secrets

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.access.issuing import void_leftover
from survey.answering.pages import Desk as Answering
from survey.answering.rendering import LADDER
from survey.interviews.desks import Desk, finder
from survey.interviews.opening import CodeError, code_at
from survey.interviews.sitting import asked_at, desk_page, desks_page, in_words, note_desk, spoken_at
from survey.kept import Kept
from survey.rounds.noted import AT_INTERVIEW, one_more
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs, needs_somewhere
from survey.staff.roles import INTERVIEWER
from survey.storage.engine import Database

TAKEN = "interview"
SIGNS_KEPT = 10_000_000  # of second screens; one takes about 20,000


def add(interviews: Blueprint, database: Database, answering: Answering) -> None:
    """Add /staff/interviews."""
    find = finder(database, TAKEN)
    screens: Kept[str] = Kept(SIGNS_KEPT, len)

    @interviews.get("/interviews")
    @needs_somewhere(INTERVIEWER)
    def interview_desks(_places: frozenset[str]) -> ResponseReturnValue:
        return desks_page(database, INTERVIEWER, TAKEN)

    @interviews.get("/interviews/<interview_id>")
    @needs(INTERVIEWER, interview_id=find)
    def interview(desk: Desk) -> ResponseReturnValue:
        note_desk(database, desk)
        return desk_page(answering, desk, TAKEN)

    @interviews.post("/interviews/<interview_id>")
    @needs(INTERVIEWER, interview_id=find)
    def script(desk: Desk) -> ResponseReturnValue:
        try:
            code = code_at(database, answering.keys, desk, TAKEN, request.form.get("code", ""))
        except CodeError as error:
            return desk_page(answering, desk, TAKEN, error), 422
        own = {"ladder": LADDER, "code": code, "submission": secrets.token_hex(16)}
        return in_words(answering, "script", desk, request.form.get("spoken", ""), **own)

    @interviews.get("/interviews/<interview_id>/screen")
    @needs(INTERVIEWER, interview_id=find)
    def screen(desk: Desk) -> ResponseReturnValue:
        asked = asked_at(answering, desk)
        spoken = spoken_at(asked, request.args.get("spoken", ""))
        follows_from = desk.id, *desk.place.items(), asked, spoken, answering.pages.follow()
        return screens.get(
            (request.root_path, follows_from), lambda: in_words(answering, "screen", desk, spoken, ladder=LADDER)
        )

    @interviews.post("/interviews/<interview_id>/ended")
    @needs(INTERVIEWER, interview_id=find)
    def ended(desk: Desk) -> ResponseReturnValue:
        code, reason = request.form.get("code", ""), request.form.get("reason")
        if reason is None:
            return render_template("interviews/ended.html", desk=desk, code=code)
        if reason not in AT_INTERVIEW:
            abort(400)
        try:
            code = code_at(database, answering.keys, desk, TAKEN, code)
        except CodeError as error:
            return desk_page(answering, desk, TAKEN, error), 422
        web = answering.keys.web(desk.round_id)
        with database.begin() as connection:
            if void_leftover(connection, web, desk.round_id, code, [desk.unit]):
                one_more(connection, desk.round_id, desk.unit, AT_INTERVIEW[reason])  # of which the log has nothing
                audit.note_round(connection, g.member.email, Action.LEFTOVER_VOIDED, desk.round_id)
        flash(gettext("The card is void and the reason is counted."))
        return redirect(url_for(".interview", interview_id=desk.id), 303)
