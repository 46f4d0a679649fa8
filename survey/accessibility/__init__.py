"""What WCAG asks and how Medvirk meets it: one file, from which the statement and the documentation are made."""

import datetime as dt

from flask import Blueprint, Flask, current_app, render_template

from survey.accessibility.criteria import Evaluation, load
from survey.languages import chosen

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
    return render_template(
        "accessibility/statement.html", language=chosen(), evaluation=evaluation, old=old, module="alone", **who
    )
