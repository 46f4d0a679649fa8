"""What WCAG asks and how Medvirk meets it: one file, from which the statement and the documentation are made."""

import datetime as dt

from flask import Blueprint, Flask, current_app

from survey.accessibility.criteria import Evaluation, load
from survey.answering.pages import Desk
from survey.languages import LANGUAGES, chosen

blueprint = Blueprint("accessibility", __name__, template_folder="templates")

A_YEAR = dt.timedelta(days=365)  # a statement is looked over once a year


def init(app: Flask, *, responsible: str | None, email: str | None) -> None:
    """Serve the statement; `responsible` answers for this installation, and `email` is read by somebody there."""
    app.extensions["medvirk.accessibility"] = load(), {"responsible": responsible, "email": email}
    app.register_blueprint(blueprint)


@blueprint.get("/accessibility")
def statement() -> str:
    """The accessibility statement, in the form that Norwegian public bodies give."""
    evaluation: Evaluation
    evaluation, who = current_app.extensions["medvirk.accessibility"]
    old = dt.datetime.now(dt.UTC).date() - evaluation.date > A_YEAR
    desk: Desk = current_app.extensions["medvirk.answering"]
    language = spoken if (spoken := chosen()) in LANGUAGES else LANGUAGES[0]  # a municipality may have added others
    template = "accessibility/statement.html"
    return desk.pages.page(template, language, frozenset(), evaluation=evaluation, old=old, **who)
