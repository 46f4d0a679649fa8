"""The typist's desk: what came on paper is typed in outside the service, some of it twice."""

import re
import secrets

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.access.wrong import count_wrong_code
from survey.answering.asked import Asked
from survey.answering.pages import Desk as Answering
from survey.answering.submission import Outcome
from survey.interviews import twice
from survey.interviews.desks import Desk, finder
from survey.interviews.opening import CodeError, code_at
from survey.interviews.sitting import asked_at, desk_page, desks_page, in_words, note_desk, spoken_at
from survey.interviews.twice import Typed
from survey.questionnaire.answers import InvalidAnswer
from survey.questionnaire.model import LADDERS
from survey.staff.guard import needs, needs_somewhere, now
from survey.staff.roles import TYPIST
from survey.storage.engine import Database

TAKEN = "paper"


def add(interviews: Blueprint, database: Database, answering: Answering) -> None:
    """Add /staff/paper."""
    find = finder(database, TAKEN)

    @interviews.get("/paper")
    @needs_somewhere(TYPIST)
    def paper_desks(_places: frozenset[str]) -> ResponseReturnValue:
        return desks_page(database, TYPIST, TAKEN)

    @interviews.get("/paper/<paper_id>")
    @needs(TYPIST, paper_id=find)
    def paper(desk: Desk) -> ResponseReturnValue:
        note_desk(database, desk)
        return _desk(desk)

    @interviews.post("/paper/<paper_id>")
    @needs(TYPIST, paper_id=find)
    def open_paper(desk: Desk) -> ResponseReturnValue:
        asked, form = asked_at(answering, desk), request.form
        try:
            code = code_at(database, answering.keys, desk, TAKEN, form.get("code", ""))
        except CodeError as error:
            return _desk(desk, error), 422
        with database.reading() as connection:
            before = twice.first(connection, answering.keys.web(desk.round_id), code)
        if before and before.staff == g.member.id and "alone" not in form:
            return render_template("interviews/twice.html", desk=desk, code=code)
        fields = {name: before.fields[name] for name in ("language", "ladder")} if before else _chosen(asked)
        return _form(desk, code, Typed(g.member.id, secrets.token_hex(16), fields), second=before is not None)

    @interviews.post("/paper/<paper_id>/typed")
    @needs(TYPIST, paper_id=find)
    def typed(desk: Desk) -> ResponseReturnValue:
        asked, form = asked_at(answering, desk), request.form
        try:
            code = code_at(database, answering.keys, desk, TAKEN, form.get("code", ""), sent=True)
        except CodeError as error:
            return _desk(desk, error), 422
        submission = form.get("submission", "")
        if not re.fullmatch("[0-9a-f]{32}", submission):
            abort(400)
        this = Typed(g.member.id, submission, _typed(asked))
        try:
            became = twice.take(
                database,
                answering.keys,
                desk=desk,
                questionnaire=asked.questionnaire,
                code=code,
                typed=this,
                settled="settled" in form,
            )
        except InvalidAnswer as invalid:
            return _form(desk, code, this, errors=invalid.errors), 422
        if became is None:
            return render_template("interviews/twice.html", desk=desk, code=None)
        if isinstance(became, Typed):
            names = twice.differing(asked.questionnaire, became, this)
            return _in_words("differences", desk, this, code=code, first=became, differing=names)
        if became is Outcome.NOT_VALID:
            count_wrong_code(database, now().date())
        if became in (Outcome.NOT_VALID, Outcome.CLOSED):
            return _desk(desk, CodeError("not_here")), 422
        flash(gettext("The paper is in. Its code is used."))
        return redirect(url_for(".paper", paper_id=desk.id), 303)

    def _desk(desk: Desk, error: CodeError | None = None) -> str:
        with database.reading() as connection:
            number = twice.waiting(connection, desk)
        return desk_page(answering, desk, TAKEN, error, waiting=number)

    def _form(desk: Desk, code: str, this: Typed, second: bool = False, errors: dict[str, str] | None = None) -> str:
        return _in_words("typing", desk, this, code=code, second=second, errors=errors or {})

    def _in_words(template: str, desk: Desk, this: Typed, **content: object) -> str:
        return in_words(answering, template, desk, this.fields["language"], typed=this, **content)


def _chosen(asked: Asked) -> dict[str, str]:
    """The language and the number of answers that the paper was printed with."""
    ladder = request.form.get("ladder", "")
    if ladder not in map(str, LADDERS):
        abort(400)
    return {"language": spoken_at(asked, request.form.get("spoken", "")), "ladder": ladder}


def _typed(asked: Asked) -> dict[str, str]:
    names = ("support", *(question.id for question in asked.questionnaire.questions))
    if "settled" in request.form and not all(f"typed-{name}" in request.form for name in names):
        abort(400)  # of two that differ none was chosen: that is not the same as left open
    return _chosen(asked) | {name: request.form.get(f"typed-{name}", "") for name in names}
