"""Free-text comments: read by a person who takes out names, and shown only then.

Comments are unlinked and shuffled; nothing says who wrote one, where or when.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import Connection, bindparam, delete, or_, select, update

from reports.wording import in_language
from survey.desk import whole
from survey.desk.reports import READERS
from survey.desk.shelf import Shelf
from survey.questionnaire.loading import restore
from survey.questionnaire.model import COMMENT_SIGNS
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import OfMunicipality, needs
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import Comment, Round

_RELEASED = Round.state.in_(("released", "destroyed"))
_ROUND = select(Round.id, Round.title, Round.municipality, Round.simulated, Round.questionnaire).where(
    Round.id == bindparam("round"), _RELEASED
)
_OF_ROUND = (
    select(Comment.id, Comment.question, Comment.text, Comment.state, Comment.remove_on)
    .where(
        Comment.round == bindparam("round"),
        or_(Comment.state == "shown", Comment.remove_on > bindparam("today")),
    )
    .order_by(Comment.id)  # which is random
)
_ONE = (
    select(Comment.id, Comment.round, Round.municipality)
    .join_from(Comment, Round)
    .where(Comment.id == bindparam("comment"), _RELEASED)
)
_SHOW = (
    update(Comment)
    .where(Comment.id == bindparam("comment"), Comment.state == "waiting")
    .values(text=bindparam("edited"), state="shown")
)
_REMOVE = delete(Comment).where(Comment.id == bindparam("comment"))


@dataclass(frozen=True)
class Commented(OfMunicipality):
    """A released round with its questions of free text."""

    round: str
    title: str
    municipality: str
    simulated: bool
    questions: dict[str, str]  # id -> text


@dataclass(frozen=True)
class Written(OfMunicipality):
    """One comment, to be decided on."""

    id: str
    round: str
    municipality: str


def add(desk: Blueprint, database: Database, shelf: Shelf) -> None:
    """Add the comments of a release and the decision on each."""

    def find(round_id: str) -> Commented | None:
        def read(connection: Connection) -> Commented | None:
            row = connection.execute(_ROUND, {"round": round_id}).first()
            return _commented(row, language) if row else None

        language = str(get_locale())
        return database.remembered(("commented", round_id, language), read)

    def find_comment(comment_id: str) -> Written | None:
        with database.reading() as connection:
            row = connection.execute(_ONE, {"comment": comment_id}).first()
        return Written(*row) if row else None

    @desk.get("/releases/<round_id>/comments")
    @needs(*READERS, round_id=find)
    def comments(found: Commented) -> ResponseReturnValue:
        reviewer, today = g.member.may((QUALITY_ADVISER,), found.way), dt.datetime.now(dt.UTC).date()

        def render(csrf_token: Callable[[], str]) -> str:
            with database.reading() as connection:
                rows = connection.execute(_OF_ROUND, {"round": found.round, "today": today}).all()
            return render_template(
                "desk/comments.html",
                csrf_token=csrf_token,
                found=found,
                shown=[row for row in rows if row.state == "shown"],
                waiting=[row for row in rows if row.state == "waiting"] if reviewer else [],
                reviewer=reviewer,
                signs=COMMENT_SIGNS,
            )

        return whole.page(shelf, (database.numbers(), reviewer, today), render)

    @desk.post("/comments/<comment_id>")
    @needs(QUALITY_ADVISER, comment_id=find_comment)
    def decide(found: Written) -> ResponseReturnValue:
        decision, edited = request.form.get("decision"), request.form.get("text", "").strip()
        with database.begin() as connection:
            if decision == "remove":
                connection.execute(_REMOVE, {"comment": found.id})
                audit.note_round(connection, g.member.email, Action.COMMENT_REMOVED, found.round)
            elif decision == "show" and 0 < len(edited) <= COMMENT_SIGNS:
                connection.execute(_SHOW, {"comment": found.id, "edited": edited})
                audit.note_round(connection, g.member.email, Action.COMMENT_SHOWN, found.round)
            else:
                abort(400)
        return redirect(url_for("desk.comments", round_id=found.round))


def _commented(row: Any, language: str) -> Commented:
    questions = {
        question.id: in_language(question.text, language)
        for question in restore(row.questionnaire).questions
        if question.scale is None
    }
    return Commented(row.id, row.title, row.municipality, row.simulated, questions)
