"""Close a round in three steps: stop taking answers, check, release. At the end its leader says that no key is left."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.desk.planning import words
from survey.desk.rounds import counts
from survey.interviews import twice
from survey.register import tree
from survey.rounds import errands, plan
from survey.rounds.head import Head, finder
from survey.staff.guard import needs, now
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database

CONFIRMED = {"release": ("paper", "register", "spares", "final"), "destroy": ("copies",)}  # boxes to be ticked
KINDS = ("stop", "resume", "release", "destroy")


def add(rounds: Blueprint, database: Database) -> None:
    """Add /staff/rounds/<round_id>/close."""
    find = finder(database)

    def page(found: Head, refused: str = "") -> str:
        with database.reading() as connection:
            planned = plan.read(connection, found.id)
            waiting = errands.waiting(connection, found.id)
            papers = twice.waiting_in_all(connection, found.id)
            places = tree.subtree(connection, found.municipality) if found.state == "closing" else None
        under = request.args.get("under", "")
        return render_template(
            "planning/close.html",
            round=found,
            planned=planned,
            waiting=waiting,
            papers=papers,
            counts=counts(database, found, places, planned.places, under) if places else None,
            kept={"under": under} if under else {},
            ticked=request.form,
            refused=refused,
            words=words,
        )

    @rounds.get("/<round_id>/close")
    @needs(ROUND_LEADER, round_id=find)
    def closing(found: Head) -> ResponseReturnValue:
        return page(found)

    @rounds.post("/<round_id>/close")
    @needs(ROUND_LEADER, round_id=find)
    def ask_to_close(found: Head) -> ResponseReturnValue:
        kind = request.form.get("kind", "")
        if kind not in KINDS:
            return page(found, gettext("Choose what is to be done.")), 422
        if any(box not in request.form for box in CONFIRMED.get(kind, ())):
            return page(found, gettext("Nothing was done. Tick every box when it is so.")), 422
        with database.begin() as connection:
            asked = errands.post(connection, found.id, kind, g.member.email, now())
        if not asked:
            return page(found, gettext("Nothing was done: the round is past it, or something else waits.")), 422
        return redirect(url_for(".closing" if kind == "stop" else ".hub", round_id=found.id), 303)
