"""What everybody can read: the list of what has been told back, and each page. No cookie, no sign-in."""

from flask import Blueprint, Response, abort, make_response

from reports.release import Release
from survey.answering.rendering import Pages
from survey.desk.shelf import Shelf
from survey.languages import chosen
from survey.results import shown, told
from survey.storage.engine import Database


def add(results: Blueprint, database: Database, shelf: Shelf, rendering: Pages) -> None:
    """Add /results/ and /results/<round_id>/<node_id>."""
    questionnaire = shown.questionnaires(database)

    def release(round_id: str) -> Release | None:
        found = shelf.find(round_id)
        return shelf.release(found.sha256) if found else None

    @results.get("/")
    def everything() -> str:
        language = chosen()
        with database.reading() as connection:
            listed = told.published(connection)
        lines = []
        for row in listed:
            of_round = release(row.round)
            node = shown.places(of_round).get(row.node) if of_round else None
            if of_round and node:
                lines.append((row, of_round, node.name.get(language, node.name["nb"])))
        kinds = {of_round.service_kind for _, of_round, _ in lines}
        return rendering.page("results/everything.html", language, kinds, lines=lines)

    @results.get("/<round_id>/<node_id>")
    def told_back(round_id: str, node_id: str) -> Response:
        with database.reading() as connection:
            found = told.find(connection, round_id, node_id)
        of_round = release(round_id) if found and found.published else None
        if found is None or found.published is None or of_round is None:
            abort(404)
        node = shown.places(of_round)[node_id]
        return make_response(shown.page(rendering, of_round, node, questionnaire(round_id), found.published, chosen()))
