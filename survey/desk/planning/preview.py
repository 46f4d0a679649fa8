"""What those who are asked will meet: the questionnaire's page, without a code, and every card, letter and mail."""

import secrets
from dataclasses import replace
from itertools import groupby

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from survey.answering.asked import Asked
from survey.answering.keeping import new_key
from survey.answering.rendering import OWN, Pages, Place
from survey.archive import facts, specimens
from survey.archive.specimens import Specimen
from survey.desk.planning import words
from survey.desk.reports import READERS
from survey.invitations.mail import TextsMissingError
from survey.kept import Kept
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.questionnaire.model import Questionnaire
from survey.register import tree
from survey.rounds import plan
from survey.rounds.head import Head, finder
from survey.rounds.plan import Planned
from survey.staff.guard import needs
from survey.storage.engine import Database

PREVIEWS_KEPT = 64


def add(rounds: Blueprint, database: Database, pages: Pages, press: Press) -> None:
    """Add /staff/rounds/<round_id>/preview/<spoken> and /specimens."""
    find = finder(database)

    def specimens_of(found: Head) -> list[Specimen]:
        with database.reading() as connection:
            return specimens.offered(facts.read(connection, found.id), press)

    @rounds.get("/<round_id>/specimens")
    @needs(*READERS, round_id=find)
    def prints(found: Head) -> ResponseReturnValue:
        in_order = sorted(specimens_of(found), key=lambda each: each.print_)
        grouped = [(print_, list(each)) for print_, each in groupby(in_order, key=lambda each: each.print_)]
        return render_template("planning/specimens.html", round=found, prints=grouped, words=words)

    @rounds.get("/<round_id>/specimens/<specimen>")
    @needs(*READERS, round_id=find)
    def one_print(found: Head, specimen: str) -> ResponseReturnValue:
        wanted = next((each for each in specimens_of(found) if each.name == specimen), None) or abort(404)
        try:
            content = wanted.make()
        except (PrintError, TextsMissingError):
            abort(404)
        kind = "application/pdf" if wanted.name.endswith(".pdf") else "text/plain; charset=utf-8"
        response = Response(content, content_type=kind, headers={"Cache-Control": "no-store"})
        response.headers.set("Content-Disposition", "inline", filename=wanted.name)
        return response

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
    @needs(*READERS, round_id=find)
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
