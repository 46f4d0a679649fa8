"""A new round: its title, what is asked, and in which municipality; or one like another, the next time."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import Connection, bindparam, select

from reports.wording import AUDIENCES, SERVICE_KINDS, in_language, named
from survey.desk.planning import fields
from survey.languages import alphabetical
from survey.questionnaire.model import Questionnaire
from survey.rounds import plan, planning
from survey.rounds.head import Head, finder
from survey.rounds.planning import RoundError
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs, needs_somewhere
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Node

_MUNICIPALITIES = select(Node.id, Node.name).where(
    Node.id.in_(bindparam("places", expanding=True)), Node.level == "municipality"
)


@dataclass(frozen=True)
class Choice:
    """A questionnaire for one kind of service."""

    value: str
    title: str
    about: str
    questions: int


def choices(questionnaires: Mapping[str, Questionnaire]) -> list[Choice]:
    """What a round may ask."""
    language = str(get_locale())
    return [
        Choice(
            f"{id_}:{kind}",
            in_language(each.title, language),
            f"{named(AUDIENCES, each.audience)}, {named(SERVICE_KINDS, kind)}",
            len(each.questions),
        )
        for id_, each in questionnaires.items()
        for kind in each.service_kinds
    ]


def add(rounds: Blueprint, database: Database, questionnaires: Mapping[str, Questionnaire]) -> None:
    """Add /staff/rounds/new, /staff/rounds/<round_id>/again and /away."""
    find = finder(database)

    def page(places: frozenset[str], errors: Mapping[str, str]) -> str:
        with database.reading() as connection:
            municipalities = _municipalities(connection, places)
        return render_template(
            "planning/new.html",
            choices=choices(questionnaires),
            municipalities=municipalities,
            given=request.form,
            errors=errors,
        )

    @rounds.get("/new")
    @needs_somewhere(ROUND_LEADER)
    def new(places: frozenset[str]) -> ResponseReturnValue:
        return page(places, {})

    @rounds.post("/new")
    @needs_somewhere(ROUND_LEADER)
    def make(places: frozenset[str]) -> ResponseReturnValue:
        changes, errors = fields.what_is_asked(request.form, questionnaires)
        with database.reading() as connection:
            municipalities = _municipalities(connection, places)
        municipality = request.form.get("municipality") or next(iter(municipalities), "")
        if errors or municipality not in municipalities:
            return page(places, errors), 422
        with database.begin() as connection:
            round_id = planning.add(connection, municipality=municipality, **changes)
            plan.change(connection, round_id, {"leader": g.member.email})
            audit.note_round(connection, g.member.email, Action.ROUND_CREATED, round_id)
            step = plan.read(connection, round_id).next_step()
        return redirect(url_for(".step", round_id=round_id, step=step), 303)

    @rounds.post("/<round_id>/again")
    @needs(ROUND_LEADER, round_id=find)
    def again(found: Head) -> ResponseReturnValue:
        with database.begin() as connection:
            round_id = plan.again(connection, plan.read(connection, found.id))
            audit.note_round(connection, g.member.email, Action.ROUND_CREATED, round_id)
        return redirect(url_for(".step", round_id=round_id, step="who"), 303)

    @rounds.get("/<round_id>/away")
    @needs(ROUND_LEADER, round_id=find)
    def away(found: Head) -> ResponseReturnValue:
        return render_template("planning/away.html", round=found)

    @rounds.post("/<round_id>/away")
    @needs(ROUND_LEADER, round_id=find)
    def throw_away(found: Head) -> ResponseReturnValue:
        try:
            with database.begin() as connection:
                audit.note_round(connection, g.member.email, Action.PLAN_THROWN_AWAY, found.id)
                plan.throw_away(connection, found.id)
        except RoundError:
            return redirect(url_for(".away", round_id=found.id), 303)  # which says that it has been opened
        flash(gettext("The plan “%(title)s” is thrown away.", title=found.title))
        return redirect(url_for("desk.rounds"), 303)


def _municipalities(connection: Connection, places: frozenset[str]) -> dict[str, str]:
    language = str(get_locale())
    rows = connection.execute(_MUNICIPALITIES, {"places": list(places)})
    found = {row.id: in_language(row.name, language) for row in rows}
    return dict(sorted(found.items(), key=lambda each: alphabetical(each[1])))
