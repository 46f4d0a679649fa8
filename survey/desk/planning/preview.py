"""The questionnaire's page as those who are asked will meet it: without a code, so it cannot be sent."""

import secrets
from dataclasses import replace

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from survey.answering.asked import Asked
from survey.answering.keeping import new_key
from survey.answering.rendering import OWN, Pages, Place
from survey.desk.kept import Kept
from survey.desk.reports import READERS
from survey.questionnaire.model import Questionnaire
from survey.register import tree
from survey.rounds import plan
from survey.rounds.head import Head, finder
from survey.rounds.plan import Planned
from survey.staff.guard import needs
from survey.storage.engine import Database

PREVIEWS_KEPT = 64


def add(rounds: Blueprint, database: Database, pages: Pages) -> None:
    """Add /staff/rounds/<round_id>/preview/<spoken>."""

    kept: Kept[tuple[Questionnaire, Asked]] = Kept(PREVIEWS_KEPT, lambda _pair: 1)

    def asked_of(planned: Planned, found: Head) -> Asked:
        """The same for the same questionnaire, so that its page is made once."""
        whole = planned.questionnaire

        def make() -> tuple[Questionnaire, Asked]:
            one = replace(whole, languages=())  # another language is another preview
            return whole, Asked("", one, found.service_kind, found.simulated, planned.keep_unfinished)

        # What is kept holds on to the questionnaire: its id is nobody else's.
        return kept.get((id(whole), found.service_kind, found.simulated, planned.keep_unfinished), make)[1]

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
        asked = asked_of(planned, found)
        key, wrapped = new_key(secrets.token_bytes(32))  # one that opens nothing, so that the page is as it will be
        prepared = pages.prepared(asked, at, spoken)
        own = dict.fromkeys(OWN, "") | {"key": key, "wrapped": wrapped}
        return Response(prepared.head.plain(prepared.tail_for(own)), mimetype="text/html")
