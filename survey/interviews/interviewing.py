"""The interviewer's desk: a code opens the script; its answer is sent to /submit as everybody's is.

The browser sends the staff's cookie to /staff alone, so who interviewed is not even in the request that is stored.
"""

import secrets

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from survey.access.issuing import void_leftover
from survey.answering.asked import Asked
from survey.answering.pages import Desk as Answering
from survey.answering.rendering import LADDER
from survey.interviews.desks import Desk, finder, listed
from survey.interviews.opening import CodeError, code_at
from survey.rounds.noted import AT_INTERVIEW, one_more
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs, needs_somewhere, now
from survey.staff.roles import INTERVIEWER
from survey.storage.engine import Database

TAKEN = "interview"


def add(interviews: Blueprint, database: Database, answering: Answering) -> None:
    """Add /staff/interviews."""
    find = finder(database, TAKEN)

    @interviews.get("/interviews")
    @needs_somewhere(INTERVIEWER)
    def interview_desks(_places: frozenset[str]) -> ResponseReturnValue:
        with database.reading() as connection:
            desks = listed(connection, g.member, INTERVIEWER, TAKEN)
        return render_template("interviews/desks.html", desks=desks, taken=TAKEN, language=str(get_locale()))

    @interviews.get("/interviews/<interview_id>")
    @needs(INTERVIEWER, interview_id=find)
    def interview(desk: Desk) -> ResponseReturnValue:
        note_desk(database, desk)
        return desk_page(answering, desk, TAKEN)

    @interviews.post("/interviews/<interview_id>")
    @needs(INTERVIEWER, interview_id=find)
    def script(desk: Desk) -> ResponseReturnValue:
        asked = asked_at(answering, desk)
        try:
            code = code_at(database, answering.keys, desk, TAKEN, request.form.get("code", ""))
        except CodeError as error:
            return desk_page(answering, desk, TAKEN, error), 422
        return _in_words(
            "script", desk, asked, request.form.get("spoken", ""), code=code, submission=secrets.token_hex(16)
        )

    @interviews.get("/interviews/<interview_id>/screen")
    @needs(INTERVIEWER, interview_id=find)
    def screen(desk: Desk) -> ResponseReturnValue:
        return _in_words("screen", desk, asked_at(answering, desk), request.args.get("spoken", ""))

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

    def _in_words(template: str, desk: Desk, asked: Asked, spoken: str, **own: str) -> str:
        return render_template(
            f"interviews/{template}.html",
            desk=desk,
            ladder=LADDER,
            **own,
            **answering.pages.asking(asked, spoken_at(asked, spoken)),
        )


def asked_at(answering: Answering, desk: Desk) -> Asked:
    """What the desk's round asks."""
    asked = answering.rounds.get(desk.round_id)
    assert asked  # the desk was found in it
    return asked


def spoken_at(asked: Asked, spoken: str) -> str:
    """The language chosen for the person, where the questionnaire has it; else the reader's, else its first."""
    languages = asked.questionnaire.languages
    return next((each for each in (spoken, str(get_locale())) if each in languages), languages[0])


def desk_page(answering: Answering, desk: Desk, taken: str, error: CodeError | None = None, waiting: int = 0) -> str:
    """Where a code is written, with what was written wrongly."""
    asked = asked_at(answering, desk)
    return render_template(
        "interviews/desk.html",
        desk=desk,
        taken=taken,
        problem=error.problem if error else None,
        waiting=waiting,
        typed=request.form.get("code", "")[:40],
        languages=asked.questionnaire.languages,
        spoken=spoken_at(asked, request.form.get("spoken", "")),
        ladder=request.form.get("ladder", str(LADDER)),
    )


def note_desk(database: Database, desk: Desk) -> None:
    """The log says that somebody sat at a desk of this round on this day: no place, no number, nothing of an answer."""
    day = [desk.round_id, now().date().isoformat()]
    if session.get("desk") != day:
        audit.note_day(database, g.member.email, Action.DESK_OPENED, desk.round_id)
        session["desk"] = day
