"""What the archive needs of a round, as one file."""

import datetime as dt
import hashlib

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue

from survey.archive import facts
from survey.archive.package import package
from survey.desk.reports import READERS
from survey.prints.press import Press
from survey.rounds.head import Head, finder
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs
from survey.storage.engine import Database


def add(rounds: Blueprint, database: Database, press: Press) -> None:
    """Add /staff/rounds/<round_id>/archive.zip."""

    @rounds.get("/<round_id>/archive.zip")
    @needs(*READERS, round_id=finder(database))
    def archive(found: Head) -> ResponseReturnValue:
        with database.reading() as connection:
            known = facts.read(connection, found.id)
        content = package(known, press)
        about = f"SHA-256 {hashlib.sha256(content).hexdigest()}"
        with database.begin() as connection:
            audit.note_round(connection, g.member.email, Action.ARCHIVE_TAKEN_OUT, found.id, about)
        name = f"medvirk-{found.id}-{dt.datetime.now(dt.UTC).date()}.zip"
        response = Response(content, content_type="application/zip", headers={"Cache-Control": "no-store"})
        response.headers.set("Content-Disposition", "attachment", filename=name)
        return response
