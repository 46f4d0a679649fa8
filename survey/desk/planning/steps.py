"""The steps of a plan, one page each. What is saved stays; what cannot be used comes back as it was written."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection

from reports.measures import keeping
from reports.wording import THEMES
from survey.desk import whole
from survey.desk.planning import fields, grouping, where, words
from survey.desk.planning.making import choices
from survey.desk.shelf import Shelf
from survey.languages import alphabetical
from survey.questionnaire.checking import MOST_QUESTIONS
from survey.questionnaire.local import LOCAL, local_questions
from survey.questionnaire.model import Questionnaire
from survey.register import tree
from survey.register.folding import fold
from survey.rounds import hiding, plan
from survey.rounds.head import Head, finder
from survey.rounds.plan import STEPS, Planned
from survey.rounds.planning import RoundError
from survey.speech.library import SpeechLibrary
from survey.speech.rendering import SpeechError
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database
from survey.symbols import Catalogue

LISTS = ("languages", "left_out", "ways", *where.LISTS)


def add(
    rounds: Blueprint,
    database: Database,
    questionnaires: Mapping[str, Questionnaire],
    catalogue: Catalogue,
    speech: SpeechLibrary,
    blocks: Mapping[str, Questionnaire],
    shelf: Shelf,
) -> None:
    """Add /staff/rounds/<round_id>/plan/<step>; `blocks` are the questions about a measure, by audience."""
    find = finder(database)
    pictures = lru_cache(lambda language: _pictures(catalogue, language))

    def look(head: Head, step: str) -> tuple[Planned, dict[str, Any]]:
        """The plan, and what the step's page needs besides."""
        if step not in STEPS:
            abort(404)
        with database.reading() as connection:
            planned = plan.read(connection, head.id)
            if step == "where":
                places = tree.subtree(connection, head.municipality)
                return planned, where.look(connection, planned, places, request.form or request.args)
            if step in ("groups", "anonymity"):
                places = tree.subtree(connection, head.municipality)
                covering = grouping.possible(connection, planned)
                hides = grouping.foreseen(places, planned, covering)
                under = (request.form or request.args).get("under", "")
                folds = fold(places, [row.place for row in hides.rows if row.place.level in hiding.LEAVES], under)
                return planned, {
                    "hides": hides,
                    "said": tuple(words.spoken(words.STANDING).items()),
                    "folds": folds,
                    "measures": covering,
                    "all": hides.rows[0].people if hides.rows else 0,
                }
            measures = _measures(connection, planned) if step == "questions" and planned.audience in blocks else {}
        copy = planned.questionnaire
        if step == "who":
            return planned, {"choices": choices({**questionnaires, copy.id: copy})}
        if step == "questions":
            base = questionnaires.get(copy.id, copy)
            room = max(0, MOST_QUESTIONS - len(base.questions)) if planned.audience == "resident" else None
            return planned, {
                "base": base,
                "answers": tuple(words.answers(fields.scales_of(base))),
                "themes": tuple(words.spoken(THEMES).items()),
                "titled": tuple(measures.items()),
                "pictures": pictures(str(get_locale())),
                "own": LOCAL,
                "most": MOST_QUESTIONS,
                "room": room,
                "measures": measures,
                "block": blocks.get(planned.audience),
            }
        return planned, {}

    def page(planned: Planned, step: str, context: Mapping[str, Any], **more: Any) -> str:
        shown = {"given": _shown(planned, step), "errors": {}, **context, **more}
        if step == "where":
            shown["choice"] = where.choice(shown["given"], context)
        if step == "dates":
            shown["look"] = fields.looked_at(shown["given"], _today())
        return render_template(
            f"planning/{step}.html",
            planned=planned,
            step=step,
            steps=STEPS,
            words=words,
            lacks=planned.lacks(),
            **shown,
        )

    @rounds.get("/<round_id>/plan/<step>")
    @needs(ROUND_LEADER, round_id=find)
    def step(found: Head, step: str) -> ResponseReturnValue:
        def render(csrf_token: Callable[[], str]) -> str:
            planned, context = look(found, step)
            return page(planned, step, context, csrf_token=csrf_token)

        if step == "where":  # follows from whom other rounds ask, too
            return render(generate_csrf)
        asked = tuple(map(request.args.get, ("done", "under")))
        return whole.page(shelf, (database.numbers(), _today(), asked), render)

    @rounds.post("/<round_id>/plan/<step>")
    @needs(ROUND_LEADER, round_id=find)
    def save(found: Head, step: str) -> ResponseReturnValue:
        planned, context = look(found, step)
        if any(name in request.form for name in where.LOOKS):
            return page(planned, step, context, given=fields.given(request.form, LISTS))
        changes, errors = _read(step, planned, context)
        if not errors:
            try:
                with database.begin() as connection:
                    plan.change(connection, found.id, changes)
                    audit.note_round(connection, g.member.email, Action.ROUND_CHANGED, found.id, step)
                if step == "questions":
                    _speak(speech, changes["questionnaire"])
            except RoundError:
                errors = {"": gettext("The round is no longer planned, so nothing was changed.")}
        if errors:
            return page(planned, step, context, given=fields.given(request.form, LISTS), errors=errors), 422
        onward = onward_from(found, step)
        if "stay" in request.form or not onward:
            return redirect(url_for(".step", round_id=found.id, step=step, done="kept") if onward else _hub(found), 303)
        return redirect(url_for(".step", round_id=found.id, step=onward[0]), 303)

    def onward_from(head: Head, step: str) -> tuple[str, ...]:
        """The steps after this one; that of groups does not stand in the way where no measure has any."""
        after = STEPS[STEPS.index(step) + 1 :]
        if after[:1] != ("groups",):
            return after
        with database.reading() as connection:
            possible = grouping.possible(connection, plan.read(connection, head.id))
        return after if possible else after[1:]

    def _read(step: str, planned: Planned, context: Mapping[str, Any]) -> fields.Outcome:
        match step:
            case "who":
                return fields.who(request.form, planned, questionnaires)
            case "questions":
                offered = (context[name] for name in ("base", "measures", "block"))
                return fields.questions(request.form, planned, catalogue.concepts, *offered)
            case "where":
                return where.read(request.form, planned, context)
            case "how":
                return fields.how(request.form)
            case "groups":
                return fields.groups(request.form, {measure.id for measure in context["measures"]})
            case "anonymity":
                return fields.anonymity(request.form)
            case "decision":
                return fields.decision(request.form)
        return fields.dates(request.form, _today())


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _hub(found: Head) -> str:
    return url_for(".hub", round_id=found.id)


def _measures(connection: Connection, planned: Planned) -> dict[str, str]:
    """The measures that have begun where such services are, by name: id -> title. One chosen earlier stays."""
    register = tree.subtree(connection, planned.municipality)
    return {
        id_: title
        for id_, title, place in keeping.begun(connection, planned.municipality, planned.view_of)
        if register[place].service_kind in (None, planned.service_kind) or id_ == planned.view_of
    }


def _pictures(catalogue: Catalogue, language: str) -> tuple[tuple[str, str], ...]:
    """Every concept with what it is called, in alphabetical order."""
    named = ((concept, catalogue.alternative(concept, language)) for concept in catalogue.concepts)
    return tuple(sorted(named, key=lambda each: alphabetical(each[1])))


def _speak(speech: SpeechLibrary, questionnaire: Questionnaire) -> None:
    """Have the round's own questions read aloud as all others are."""
    for question in local_questions(questionnaire):
        for language in questionnaire.languages:
            with suppress(SpeechError):  # without a sound a text has no Listen button
                speech.speak((question, language))


def _shown(planned: Planned, step: str) -> dict[str, Any]:
    """What the plan says, as the step's form shows it."""
    match step:
        case "who":
            what = f"{planned.questionnaire.id}:{planned.service_kind}"
            return {"title": planned.title, "what": what, "languages": planned.questionnaire.languages}
        case "questions":
            called = {f"view_{language}": name for language, name in planned.view_called.items()}
            return {**_own(planned.questionnaire), "view_of": planned.view_of, **called}
        case "where":
            return where.shown(planned)
        case "how":
            return {"ways": planned.ways, "keep_unfinished": planned.keep_unfinished}
        case "groups":
            return {name: getattr(planned, name) or "" for name in ("measure", "covering", "covered")}
        case "anonymity":
            if planned.helped is not None:
                return {"helped": planned.helped, "b": planned.b, "k": planned.k}
            return {} if planned.audience == "resident" else {"helped": 0}
        case "decision":
            return {name: getattr(planned, name) for name in ("decision", "leader", "retention")}
    return {name: str(getattr(planned, name) or "") for name in ("opens", "closes")} | {"repeat": str(planned.repeat)}


def _own(questionnaire: Questionnaire) -> dict[str, Any]:
    """The round's own questions as fields; what is left out, the page sees from the copy."""
    found: dict[str, Any] = {}
    for question in local_questions(questionnaire):
        found |= {f"{question.id}_{language}": text for language, text in question.text.items()}
        found |= {f"{question.id}_{name}": getattr(question, name) for name in ("theme", "symbol", "turned")}
        found[f"{question.id}_scale"] = question.scale.id if question.scale else ""
    return found
