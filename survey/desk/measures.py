"""Measures: what is done about what was said, whether it helped, and what became of the views of those asked."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection, bindparam, or_, select
from werkzeug.datastructures import MultiDict

from reports.measures import keeping
from reports.measures.model import Measure, Status
from reports.measures.rows import Merged
from reports.measures.views import View, view
from reports.wording import in_language
from survey.desk import whole
from survey.desk.following import Followed, follow, released
from survey.desk.measure_form import TEXT_SIGNS, Choices, Reading, RoundChoice
from survey.desk.reports import READERS, WRITERS
from survey.desk.shelf import Shelf
from survey.questionnaire.model import Questionnaire
from survey.register import tree
from survey.register.tree import Place, Tree
from survey.staff.guard import needs, needs_somewhere
from survey.staff.roles import UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Batch, Plan, Round

Way = tuple[Place, ...]  # down to a place
FOLLOWERS = (*READERS, UNIT_LEADER)

# A round's codes are all given out by group, or none is (survey.access.issuing): one batch tells.
_group = select(Batch.group).where(Batch.round == Round.id).limit(1).correlate(Round).scalar_subquery()
_GROUPED = (
    select(Round.id, Round.title, Round.municipality)
    .join(Plan, Plan.round == Round.id, isouter=True)
    .where(or_(_group != "", Plan.measure.is_not(None)))
    .where(Round.municipality.in_(bindparam("municipalities", expanding=True)))
    .order_by(Round.title, Round.id)
)


def add(desk: Blueprint, database: Database, shelf: Shelf, questionnaires: Mapping[str, Questionnaire]) -> None:
    """Add /staff/measures."""

    def find(measure_id: str) -> Followed | None:
        def read(connection: Connection) -> tuple[Measure, Way, Merged, tuple[Way, ...]] | None:
            measure = keeping.find(connection, measure_id)
            if measure is None:
                return None
            places, takers = tree.path(connection, measure.place), tree.takers(connection, measure.place)
            return measure, places, tree.merged(connection), takers

        found = database.remembered(("measure", measure_id), read)
        if found is None:
            return None
        measure, places, merged, takers = found
        return follow(shelf, measure, places, shelf.of([measure.municipality]), merged, takers)

    def grouped(nodes: frozenset[str]) -> tuple[RoundChoice, ...]:
        """The rounds there that were given out by group: codes raise no number."""
        with database.reading() as connection:
            municipalities = sorted({way[0] for way in tree.ways(connection, nodes).values()})
            rows = connection.execute(_GROUPED, {"municipalities": municipalities})
            return tuple(RoundChoice(*row) for row in rows)

    def choices(nodes: frozenset[str], by_group: tuple[RoundChoice, ...]) -> Choices:
        """What somebody may choose who writes at these nodes of the register."""
        with database.reading() as connection:
            places = tree.reach(connection, nodes)
        municipalities = sorted({way[0].id for way in places.values()})
        finished = [(found, shelf.title(found.sha256)) for found in shelf.of(municipalities)]
        return Choices(
            questionnaires=questionnaires,
            places=places,
            released=tuple(
                RoundChoice(id=found.round, title=title, municipality=found.municipality) for found, title in finished
            ),
            grouped=by_group,
        )

    def may_stay(found: Followed) -> frozenset[str]:
        """Where its writer writes, and where it is now: it may stay at a unit that was merged into one of theirs."""
        nodes: frozenset[str] = g.member.nodes(WRITERS)
        return nodes | {found.measure.place}

    def form(
        offered: Choices,
        typed: MultiDict[str, str],
        old: Measure | None,
        errors: Mapping[str, str] | None = None,
        csrf_token: Callable[[], str] = generate_csrf,
    ) -> str:
        return render_template(
            "desk/measure_form.html",
            csrf_token=csrf_token,
            offered=offered,
            questions=offered.questions(str(get_locale())),
            typed=typed,
            old=old,
            errors=errors or {},
        )

    @desk.get("/measures")
    @needs_somewhere(*FOLLOWERS)
    def measures(nodes: frozenset[str]) -> ResponseReturnValue:
        today, writes = _today(), bool(g.member.nodes(WRITERS))

        def render(csrf_token: Callable[[], str]) -> str:
            with database.reading() as connection:
                reached = tree.with_joined(connection, nodes)
                found, ways = keeping.listed(connection, reached), tree.reach(connection, reached)
                takers = {each.id: tree.takers(connection, each.place) for each in found}
                merged = tree.merged(connection)
            others = shelf.of({each.municipality for each in found})
            return render_template(
                "desk/measures.html",
                csrf_token=csrf_token,
                followed=[follow(shelf, each, ways[each.place], others, merged, takers[each.id]) for each in found],
                today=today,
                writes=writes,
                language=str(get_locale()),
            )

        return whole.page(shelf, (database.numbers(), nodes, writes, today), render)

    @desk.get("/measures/new")
    @needs_somewhere(*WRITERS)
    def new_measure(nodes: frozenset[str]) -> ResponseReturnValue:
        by_group, asked = grouped(nodes), tuple(request.args.items(multi=True))

        def render(csrf_token: Callable[[], str]) -> str:
            offered, typed = choices(nodes, by_group), MultiDict(asked)
            if len(offered.places) == 1:  # whoever leads one unit need not choose it
                (typed["place"],) = offered.places
            return form(offered, typed, None, csrf_token=csrf_token)

        return whole.page(shelf, (database.numbers(), nodes, by_group, asked), render)

    @desk.post("/measures/new")
    @needs_somewhere(*WRITERS)
    def register_measure(nodes: frozenset[str]) -> ResponseReturnValue:
        return keep(nodes, None)

    def page(found: Followed, typed: str = "", problem: str = "") -> str:
        language = str(get_locale())
        with database.reading() as connection:
            weighings = keeping.weighings(connection, found.measure.id)
            units = tree.subtree(connection, found.measure.municipality)
            rounds = keeping.asked_in(connection, found.measure.id)
        asking = sorted(filter(None, map(shelf.find, rounds)), key=lambda each: shelf.release(each.sha256).closed)
        reports = filter(None, (shelf.report(each, language) for each in reversed(asking)))
        views = [view(found.measure, report, found.baseline, found.merged) for report in reports]
        return _measure_page(found, weighings, units, views, len(rounds) > len(views), typed, problem)

    @desk.get("/measures/<measure_id>")
    @needs(*FOLLOWERS, measure_id=find)
    def measure(found: Followed) -> ResponseReturnValue:
        return page(found)

    @desk.get("/measures/<measure_id>/edit")
    @needs(*WRITERS, measure_id=find)
    def edit_measure(found: Followed) -> ResponseReturnValue:
        nodes, old = may_stay(found), found.measure
        by_group = grouped(nodes)

        def render(csrf_token: Callable[[], str]) -> str:
            return form(choices(nodes, by_group), _typed(old), old, csrf_token=csrf_token)

        return whole.page(shelf, (database.numbers(), nodes, by_group), render)

    @desk.post("/measures/<measure_id>/edit")
    @needs(*WRITERS, measure_id=find)
    def change_measure(found: Followed) -> ResponseReturnValue:
        return keep(may_stay(found), found.measure)

    def keep(nodes: frozenset[str], old: Measure | None) -> ResponseReturnValue:
        offered = choices(nodes, grouped(nodes))
        reading = Reading(request.form, offered)
        measure = reading.measure(old, released(shelf, request.form.get("baseline")))
        if measure is None:
            return form(offered, request.form, old, reading.errors), 422
        with database.begin() as connection:
            (keeping.change if old else keeping.register)(connection, measure, g.member.email)
        return redirect(url_for("desk.measure", measure_id=measure.id))

    @desk.post("/measures/<measure_id>/status")
    @needs(*WRITERS, measure_id=find)
    def change_status(found: Followed) -> ResponseReturnValue:
        if (asked := request.form.get("status")) not in set(Status):
            abort(400)
        now = replace(found.measure, status=Status(asked))
        if now.begun and now.start is None:
            now = replace(now, start=_today())
        with database.begin() as connection:
            keeping.change(connection, now, g.member.email, asked)
        return redirect(url_for("desk.measure", measure_id=found.measure.id))

    @desk.post("/measures/<measure_id>/weighings")
    @needs(*WRITERS, measure_id=find)
    def weigh(found: Followed) -> ResponseReturnValue:
        text = request.form.get("text", "").strip()
        if not 0 < len(text) <= TEXT_SIGNS:
            why = gettext("Write between 1 and %(signs)d signs. This is %(long)d.", signs=TEXT_SIGNS, long=len(text))
            return page(found, text, why), 422
        role = next(role for role in WRITERS if g.member.may((role,), found.way))
        with database.begin() as connection:
            keeping.weigh(connection, found.measure, keeping.Weighing(_today(), g.member.email, role, text))
        return redirect(url_for("desk.measure", measure_id=found.measure.id, _anchor="weighed"))


def _measure_page(
    found: Followed,
    weighings: list[keeping.Weighing],
    register: Tree,
    views: list[View],
    awaited: bool,
    typed: str,
    problem: str,
) -> str:
    language = str(get_locale())
    return render_template(
        "desk/measure.html",
        found=found,
        measure=found.measure,
        asked=in_language(found.measure.asked, language),
        units=[place.called(language) for place in register if place.id in found.measure.units],
        weighings=weighings,
        views=views,
        awaited=awaited,
        today=_today(),
        writes=g.member.may(WRITERS, found.way),
        reads=g.member.may(READERS, found.way[:1]),
        typed=typed,
        problem=problem,
        signs=TEXT_SIGNS,
        statuses=list(Status),
        language=language,
    )


def _typed(measure: Measure) -> MultiDict[str, str]:
    """The form as it was filled in for a measure."""
    fields: MultiDict[str, str] = MultiDict(
        {
            "title": measure.title,
            "hoped": measure.hoped,
            "question": f"{measure.questionnaire}/{measure.question}",
            "place": measure.place,
            "covers": measure.covers.value,
            "baseline": measure.baseline or "",
            "chosen_by": measure.chosen_by or "",
            "responsible": measure.responsible,
            "decision": measure.decision,
            "start": measure.start.isoformat() if measure.start else "",
            "deadline": measure.deadline.isoformat() if measure.deadline else "",
        }
    )
    for field, chosen in (("units", measure.units), ("rounds", measure.rounds)):
        fields.setlist(field, sorted(chosen))
    return fields


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
