"""What everybody can read: the list of what has been told back, and each page. No cookie, no sign-in."""

import json
import logging
from dataclasses import asdict
from functools import lru_cache

from flask import Blueprint, Response, abort, url_for

from reports.release import Node, Release
from survey.answering.rendering import Pages
from survey.desk.shelf import Shelf
from survey.languages import alphabetical, chosen
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.results import shown, told
from survey.results.told import Content
from survey.storage.engine import Database

SHEETS = 64  # kept ready, about 100 kB each
_log = logging.getLogger(__name__)


def add(results: Blueprint, database: Database, shelf: Shelf, rendering: Pages, press: Press) -> None:
    """Add /results/, /results/<round_id>/<node_id> and its sheet."""
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
                named = language if language in node.name else "nb"
                lines.append((row, of_round, node.name[named], named))
        rounds = [row.round for row in listed]
        lines.sort(
            key=lambda line: (rounds.index(line[0].round), line[0].node != line[1].nodes[0].id, alphabetical(line[2]))
        )
        kinds = {of_round.service_kind for _, of_round, *_ in lines}
        return rendering.page("results/everything.html", language, kinds, lines=lines)

    def published(round_id: str, node_id: str) -> tuple[Release, Node, Content]:
        with database.reading() as connection:
            found = told.find(connection, round_id, node_id)
        of_round = release(round_id) if found and found.published else None
        if found is None or found.published is None or of_round is None:
            abort(404)
        return of_round, shown.places(of_round)[node_id], found.published

    @lru_cache(SHEETS)
    def printed(round_id: str, node_id: str, approved: str, language: str) -> bytes:
        """The sheet of what was approved (JSON): the same until something else is."""
        of_round, node, _ = published(round_id, node_id)
        content = Content(**json.loads(approved))
        return shown.sheet(press, of_round, node, questionnaire(round_id), content, language, draft=False)

    @results.get("/<round_id>/<node_id>")
    def told_back(round_id: str, node_id: str) -> str:
        of_round, node, content = published(round_id, node_id)
        sheet_at = url_for(".sheet", round_id=round_id, node_id=node_id, language="")
        return shown.page(rendering, of_round, node, questionnaire(round_id), content, chosen(), sheet_at)

    @results.get("/<round_id>/<node_id>/sheet")
    def sheet(round_id: str, node_id: str) -> Response:
        _, _, content = published(round_id, node_id)
        try:
            made = printed(round_id, node_id, json.dumps(asdict(content)), chosen())
        except PrintError as error:
            _log.error("A sheet of results cannot be printed: %s", error)
            abort(404)
        headers = {"Content-Disposition": f"inline; filename={node_id}.pdf"}
        return Response(made, content_type="application/pdf", headers=headers)
