"""The audit log, to be read and searched by administrators."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from survey.staff import audit, guard
from survey.staff.roles import ADMINISTRATOR
from survey.storage.engine import Database

NEWEST = 2**31 - 1


def add(staff: Blueprint, database: Database) -> None:
    """Add /staff/audit."""

    @staff.get("/audit")
    @guard.needs_somewhere(ADMINISTRATOR)
    def audit_log(places: frozenset[str]) -> ResponseReturnValue:
        words = request.args.get("words", "")
        before = request.args.get("before", NEWEST, type=int)
        found = list(audit.search(database, places, words, min(max(before, 0), NEWEST)))
        older = found[-1].number if len(found) == audit.PAGE else None
        entries = tuple((each.at, each.who, each.action, each.about, each.round) for each in found)
        return render_template("staff/audit.html", entries=entries, words=words, older=older)
