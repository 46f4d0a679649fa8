"""What the desks of interviewers and typists have in common: where one sits, what is asked there, in which language."""

from flask import g, render_template, request, session
from flask_babel import get_locale

from survey.answering.asked import Asked
from survey.answering.pages import Desk as Answering
from survey.answering.rendering import LADDER
from survey.interviews.desks import Desk, listed
from survey.interviews.opening import CodeError
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import now
from survey.storage.engine import Database


def desks_page(database: Database, role: str, taken: str) -> str:
    """Where somebody chooses the desk at which they sit today."""
    rounds = listed(database, g.member, role, taken, request.args.get("under", ""))
    opened = next((each.folds.opened.id for each in rounds if each.folds.opened), None)
    return render_template(
        "interviews/desks.html",
        rounds=rounds,
        taken=taken,
        language=str(get_locale()),
        kept={"under": opened} if opened else {},
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


def in_words(answering: Answering, template: str, desk: Desk, spoken: str, **content: object) -> str:
    """A page of this desk that says what is asked, in the language chosen for the person."""
    asked = asked_at(answering, desk)
    said = answering.pages.asking(asked, spoken_at(asked, spoken))
    return render_template(f"interviews/{template}.html", desk=desk, **content, **said)
