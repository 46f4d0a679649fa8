"""The questionnaire's page as those who are asked will meet it: without a code, so it cannot be sent."""

import secrets
from dataclasses import replace

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from survey.answering.asked import Asked
from survey.answering.keeping import new_key
from survey.answering.rendering import LADDER, Kept, Pages, Place
from survey.desk.reports import READERS
from survey.register import tree
from survey.rounds import plan
from survey.rounds.head import Head, finder
from survey.staff.guard import needs
from survey.storage.engine import Database


def add(rounds: Blueprint, database: Database, pages: Pages) -> None:
    """Add /staff/rounds/<round_id>/preview/<spoken>."""

    @rounds.get("/<round_id>/preview/<spoken>")
    @needs(*READERS, round_id=finder(database))
    def preview(found: Head, spoken: str) -> ResponseReturnValue:
        with database.reading() as connection:
            planned = plan.read(connection, found.id)
            places = tree.subtree(connection, found.municipality)
        if spoken not in planned.questionnaire.languages:
            abort(404)
        one = next(iter(plan.units(places, planned)), places.root)
        language = spoken if one.name.get(spoken) else "nb"
        at = Place(one.id, one.name[language], language, ())
        questionnaire = replace(planned.questionnaire, languages=())  # another language is another preview
        asked = Asked("", questionnaire, found.service_kind, found.simulated, planned.keep_unfinished)
        key, wrapped = new_key(secrets.token_bytes(32))  # one that opens nothing, so that the page is as it will be
        return pages.again(asked, at, spoken, Kept({"ladder": str(LADDER), "key": key, "wrapped": wrapped}, {}))
