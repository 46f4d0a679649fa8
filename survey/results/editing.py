"""Where a person writes what is told back, looks at it as it will stand, and approves it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection

from reports.easy_read import MOST, facts, suggested
from reports.release import Node, Release
from reports.wording import in_language
from survey.answering.rendering import Pages
from survey.desk import whole
from survey.desk.shelf import Found, Shelf
from survey.desk.telling import Telling
from survey.languages import LANGUAGES
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.reaching.fields import pdf
from survey.results import gate, shown, told
from survey.results.speaking import awaited
from survey.results.told import Content, Told
from survey.staff import audit, employing
from survey.staff.audit import Action
from survey.staff.guard import needs
from survey.staff.roles import QUALITY_ADVISER, ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.stamped import STAFF

EDITORS = (QUALITY_ADVISER, ROUND_LEADER)


def add(back: Blueprint, database: Database, shelf: Shelf, rendering: Pages, press: Press) -> None:
    """Add /staff/releases/<round_id>/back and, for each place, its page."""
    questionnaire = shown.questionnaires(database)

    def place(found: Found, node_id: str) -> tuple[Release, Node, Told]:
        release = shelf.release(found.sha256)

        def read(connection: Connection) -> tuple[Node, Told]:
            node = shown.places(release).get(node_id) or abort(404)
            first = [(fact.question, fact.end) for fact in suggested(release, node)]
            kept = told.find(connection, found.round, node_id)
            return node, kept or Told(found.round, node_id, Content(first), None, "", None)

        return release, *database.remembered(("told", found.round, node_id), read)

    def editor(
        found: Found,
        node_id: str,
        draft: Content | None = None,
        problems: list[str] | None = None,
        csrf_token: Callable[[], str] = generate_csrf,
    ) -> str:
        release, node, kept = place(found, node_id)
        asked = questionnaire(found.round)
        draft = draft or kept.draft
        language = str(get_locale())
        return render_template(
            "results/editor.html",
            csrf_token=csrf_token,
            found=found,
            release=release,
            node=node,
            name=in_language(node.name, language),
            told=kept,
            draft=draft,
            chosen={tuple(fact) for fact in draft.facts},
            possible=[(fact, shown.said(asked, fact)) for fact in facts(release, node)],
            languages=_languages(asked.languages),
            language=language,
            problems=problems or [],
            most=MOST,
            lines=gate.LINES,
        )

    @back.get("/releases/<round_id>/back")
    @needs(*EDITORS, round_id=shelf.find)
    def places(found: Found) -> ResponseReturnValue:
        def render(csrf_token: Callable[[], str]) -> str:
            release, report = shelf.release(found.sha256), shelf.report(found, str(get_locale()))
            with database.reading() as connection:
                written = told.of_round(connection, found.round)
            told_of = [place for place in report.places.values() if place.level != "rest"] if report else []
            published = [node for node, one in written.items() if one.published]
            decided = {node for node, one in written.items() if one.published or one.left_out}
            return render_template(
                "results/places.html",
                csrf_token=csrf_token,
                found=found,
                release=release,
                places=told_of,
                written=written,
                decided=decided,
                telling=Telling(len(published), len(decided), len(told_of)),
            )

        return whole.page(shelf, (database.numbers(),), render)

    @back.post("/releases/<round_id>/back")
    @needs(*EDITORS, round_id=shelf.find)
    def leave_out(found: Found) -> ResponseReturnValue:
        release, today = shelf.release(found.sha256), dt.datetime.now(dt.UTC).date()
        nodes = shown.places(release)
        chosen = [node for node in request.form.getlist("node") if node in nodes]
        with database.begin() as connection:
            for node in told.leave_out(connection, found.round, chosen, g.member.email, today):
                name = in_language(nodes[node].name, "nb")
                audit.note_round(connection, g.member.email, Action.NOT_TOLD_BACK, found.round, name)
        return redirect(url_for(".places", round_id=found.round), 303)

    @back.get("/releases/<round_id>/back/<node_id>")
    @needs(*EDITORS, round_id=shelf.find)
    def edit(found: Found, node_id: str) -> ResponseReturnValue:
        return whole.page(
            shelf, (database.numbers(),), lambda csrf_token: editor(found, node_id, csrf_token=csrf_token)
        )

    @back.post("/releases/<round_id>/back/<node_id>")
    @needs(*EDITORS, round_id=shelf.find)
    def keep(found: Found, node_id: str) -> ResponseReturnValue:
        release, node, _ = place(found, node_id)
        draft = _draft(release, node)
        if len(draft.facts) > MOST:
            said = gettext("Choose at most %(most)s facts. More are hard to keep in mind.", most=MOST)
            return editor(found, node_id, draft, [said]), 422
        with database.begin() as connection:
            told.save(connection, found.round, node_id, draft)
        return redirect(url_for(".preview", round_id=found.round, node_id=node_id), 303)

    @back.get("/releases/<round_id>/back/<node_id>/preview")
    @needs(*EDITORS, round_id=shelf.find)
    def preview(found: Found, node_id: str) -> ResponseReturnValue:
        _, node, kept = place(found, node_id)
        silent = awaited(rendering.speech, kept.draft)

        def read(connection: Connection) -> tuple[str, ...]:
            people = employing.at(connection, [node_id])
            return tuple(person.email for person in people if (UNIT_LEADER, node_id) in person.roles)

        leaders = database.remembered(("leaders", node_id), read, STAFF)

        def render(csrf_token: Callable[[], str]) -> str:
            return render_template(
                "results/preview.html",
                csrf_token=csrf_token,
                found=found,
                node=node,
                name=in_language(node.name, str(get_locale())),
                told=kept,
                languages=kept.draft.languages,
                problems=_hindrances(kept.draft, found.round),
                awaited=silent,
                leaders=leaders,
            )

        return whole.page(shelf, (database.numbers(), silent, leaders), render)

    @back.get("/releases/<round_id>/back/<node_id>/as-read")
    @needs(*EDITORS, round_id=shelf.find)
    def as_read(found: Found, node_id: str) -> ResponseReturnValue:
        asked = request.args.get("in", "nb")
        release, node, kept = place(found, node_id)

        def render(_csrf_token: Callable[[], str]) -> str:
            sheet_at = url_for(".sheet", round_id=found.round, node_id=node_id) + "?in="
            return shown.page(rendering, release, node, questionnaire(found.round), kept.draft, asked, sheet_at)

        heard = rendering.follow(), awaited(rendering.speech, kept.draft)
        return whole.page(shelf, (database.numbers(), *heard, rendering.pictures.of(node_id), asked), render)

    @back.get("/releases/<round_id>/back/<node_id>/sheet")
    @needs(*EDITORS, round_id=shelf.find)
    def sheet(found: Found, node_id: str) -> ResponseReturnValue:
        release, node, kept = place(found, node_id)
        language = request.args.get("in", "nb")
        try:
            printed = shown.sheet(press, release, node, questionnaire(found.round), kept.draft, language, draft=True)
        except PrintError as error:
            said = gettext("The sheet cannot be printed. The press says: %(words)s", words=str(error))
            return editor(found, node_id, problems=[said]), 422
        return pdf(printed, gettext("draft"), node_id)

    @back.post("/releases/<round_id>/back/<node_id>/publish")
    @needs(*EDITORS, round_id=shelf.find)
    def publish(found: Found, node_id: str) -> ResponseReturnValue:
        _, node, kept = place(found, node_id)
        hindered = _hindrances(kept.draft, found.round)
        if request.form.get("informed") != "yes":
            hindered.append(gettext("First tell those who work there; then tick that it is done."))
        if hindered:
            return editor(found, node_id, problems=hindered), 422
        with database.begin() as connection:
            told.publish(connection, kept, g.member.email, dt.datetime.now(dt.UTC).date())
            name = in_language(node.name, "nb")
            audit.note_round(connection, g.member.email, Action.TOLD_BACK, found.round, name)
        return redirect(url_for(".places", round_id=found.round), 303)

    @back.post("/releases/<round_id>/back/<node_id>/withdraw")
    @needs(*EDITORS, round_id=shelf.find)
    def withdraw(found: Found, node_id: str) -> ResponseReturnValue:
        _, node, kept = place(found, node_id)
        with database.begin() as connection:
            told.withdraw(connection, kept)
            name = in_language(node.name, "nb")
            audit.note_round(connection, g.member.email, Action.TOLD_BACK_WITHDRAWN, found.round, name)
        return redirect(url_for(".places", round_id=found.round), 303)

    def _hindrances(draft: Content, round_id: str) -> list[str]:
        asked = questionnaire(round_id)
        chosen = {question for question, _ in draft.facts}
        texts: dict[str, list[str]] = {}
        for phrase in (*rendering.phrases_of("results_"), *asked.questions):
            if phrase.id.startswith("results_") or phrase.id in chosen:
                for language, text in phrase.text.items():
                    texts.setdefault(language, []).append(text)
        return gate.problems(draft, texts)


def _languages(asked: tuple[str, ...]) -> list[str]:
    return [language for language in LANGUAGES if language in asked]


def _draft(release: Release, node: Node) -> Content:
    """What the form says: its facts are some of those that can be told, its lines have words."""
    ticked = set(request.form.getlist("fact"))
    chosen = [(fact.question, fact.end) for fact in facts(release, node) if f"{fact.question} {fact.end}" in ticked]

    def lines(part: str) -> dict[str, Any]:
        written = {language: request.form.get(f"{part}_{language}", "") for language in LANGUAGES}
        cleaned = {
            language: [line for row in text.splitlines() if (line := " ".join(row.split()))]
            for language, text in written.items()
        }
        return {language: kept for language, kept in cleaned.items() if kept}

    return Content(chosen, lines("will"), lines("did"))
