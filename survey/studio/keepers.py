"""Whom the pages of voices and pictures are for, how much they may send, and the log of what they did."""

from flask import g

from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER
from survey.storage.engine import Database

KEEPERS = (ADMINISTRATOR, QUALITY_ADVISER)
FORM = 10_000  # bytes besides the file


def note(database: Database, action: Action, about: str, place: str = "") -> None:
    """Write down what was done at a place, or for all the municipalities that share it."""
    with database.begin() as connection:
        for node in [place] if place else sorted(g.member.nodes(KEEPERS)):
            audit.note(connection, g.member.email, action, place=node, about=about)
