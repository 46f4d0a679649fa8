"""A round's own page: what it is, what was planned, what waits, how many answered, and where everything else is."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, ngettext
from flask_wtf.csrf import generate_csrf

from reports.measures import keeping
from reports.measures.model import Measure
from reports.wording import in_language
from survey.desk import telling, whole
from survey.desk.planning import fields, words
from survey.desk.planning.links import Link, offered
from survey.desk.reports import READERS
from survey.desk.rounds import Counted, counts
from survey.desk.shelf import Shelf
from survey.questionnaire.local import local_questions
from survey.reaching import wording
from survey.register import tree
from survey.register.tree import Place
from survey.rounds import calendar, days, errands, plan
from survey.rounds.days import Look
from survey.rounds.errands import Waiting
from survey.rounds.head import Head, finder
from survey.rounds.noted import AT_INTERVIEW, NO_MORE_MAIL, noted_in_all
from survey.rounds.plan import Planned
from survey.rounds.planning import RoundError
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, ROUND_LEADER
from survey.storage.engine import Database

CLOSED = ("released", "destroyed")
NAMED = 12  # units
COUNTING = ("open", "closing")  # while nothing but numbers of answers can be seen


class Seen(NamedTuple):
    """What the page follows from, besides the register and what reports are made of; all of it can be compared."""

    waiting: Waiting | None
    counts: Counted | None
    not_now: tuple[tuple[str, int], ...]
    leads: bool
    tells: bool
    audits: bool
    links: tuple[Link, ...]
    today: dt.date
    under: str


@dataclass(frozen=True)
class Part:
    """A step of the plan, in short. A round of the command line may be open with little said."""

    step: str
    name: str
    said: Sequence[str]
    lacks: bool


def add(rounds: Blueprint, database: Database, shelf: Shelf) -> None:
    """Add /staff/rounds/<round_id>, and putting off its closing day."""
    find = finder(database)

    def seen(found: Head) -> Seen:
        leads, under = g.member.may((ROUND_LEADER,), found.way), request.args.get("under", "")
        counting = found.state in COUNTING
        with database.reading() as connection:
            planned = plan.read(connection, found.id)
            places = tree.subtree(connection, found.municipality)
            waiting = errands.waiting(connection, found.id)
            noted = noted_in_all(connection, found.id) if leads and counting else {}
        return Seen(
            waiting=waiting,
            counts=counts(database, found, places, planned.places, under) if counting else None,
            not_now=tuple(_not_now(noted)) if noted else (),
            leads=leads,
            tells=g.member.may((QUALITY_ADVISER, ROUND_LEADER), found.way),
            audits=g.member.may((ADMINISTRATOR,), found.way),
            links=tuple(offered(found)),
            today=_today(),
            under=under,
        )

    def page(found: Head, now: Seen, csrf_token: Callable[[], str], why: str = "", moved: Look | None = None) -> str:
        with database.reading() as connection:
            planned = plan.read(connection, found.id)
            places = tree.subtree(connection, found.municipality)
            opened = calendar.opened_on(connection, found.id) if found.state != "planned" else None
            measure = keeping.find(connection, planned.view_of) if planned.view_of else None
            decided = telling.decided(connection) if found.state in CLOSED else {}
        release = shelf.find(found.id) if found.state in CLOSED else None
        pages = telling.tellable(shelf.release(release.sha256)) if release else 0
        return render_template(
            "planning/round.html",
            **now._asdict(),
            round=found,
            planned=planned,
            parts=_parts(planned, plan.units(places, planned), places.root, measure, opened),
            place=places.root.called(str(get_locale())),
            kept={"under": now.under} if now.under else {},
            telling=telling.Telling(*decided.get(found.id, (0, 0)), pages) if release else None,
            words=words,
            csrf_token=csrf_token,
            refused=why,
            moved=moved,
            typed=request.form,
        )

    @rounds.get("/<round_id>")
    @needs(*READERS, round_id=find)
    def hub(found: Head) -> ResponseReturnValue:
        now = seen(found)
        return whole.page(shelf, (database.numbers(), now), lambda csrf_token: page(found, now, csrf_token))

    def refused(found: Head, why: str, moved: Look | None = None) -> ResponseReturnValue:
        return page(found, seen(found), generate_csrf, why, moved), 422

    @rounds.post("/<round_id>/extend")
    @needs(ROUND_LEADER, round_id=find)
    def extend(found: Head) -> ResponseReturnValue:
        closes = fields.date_of(request.form, "closes")
        if closes is None:
            return refused(found, gettext("Choose a day."))
        with database.reading() as connection:
            planned = plan.read(connection, found.id)
            opened = calendar.opened_on(connection, found.id)
        moved = days.moved(planned.opens, opened, planned.closes, closes, planned.repeat, _today())
        if moved.impossible:
            return refused(found, words.of_days(moved.impossible))
        if not moved.meant(request.form.get("meant", "")):
            why = gettext("The last day is not changed yet. Choose another, or tick that it is meant so.")
            return refused(found, why, moved)
        try:
            with database.begin() as connection:
                plan.extend(connection, found.id, closes)
                audit.note_round(connection, g.member.email, Action.ROUND_EXTENDED, found.id, closes.isoformat())
        except RoundError:
            return refused(found, gettext("The round is not open, so nothing was changed."))
        return redirect(url_for(".hub", round_id=found.id), 303)

    @rounds.post("/<round_id>/withdraw")
    @needs(ROUND_LEADER, round_id=find)
    def withdraw(found: Head) -> ResponseReturnValue:
        with database.begin() as connection:
            errands.withdraw(connection, found.id, g.member.email)
        return redirect(url_for(".hub", round_id=found.id), 303)


def _not_now(noted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Why so many do not answer now, over the whole round."""
    reasons = {**wording.reasons(), NO_MORE_MAIL: gettext("Want no more mail")}
    numbers = ((name, noted.get(what, 0) + noted.get(AT_INTERVIEW.get(what, ""), 0)) for what, name in reasons.items())
    return [(name, number) for name, number in numbers if number]


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _parts(
    planned: Planned, units: Sequence[Place], municipality: Place, measure: Measure | None, opened: dt.date | None
) -> list[Part]:
    lacks = planned.lacks() if planned.state == "planned" else []
    said = _said(planned, units, municipality) | {"dates": _dates(planned, opened)}
    said["questions"] += _view_of(measure, units) if measure else []
    return [Part(step, words.named(words.STEPS, step), said[step], step in lacks) for step in plan.STEPS]


def _said(planned: Planned, units: Sequence[Place], municipality: Place) -> dict[str, list[str]]:
    """What the plan says, in short lines, by step."""
    language = str(get_locale())
    own = local_questions(planned.questionnaire)
    people = sum(unit.places or 0 for unit in units)
    spoken = ", ".join(map(words.language, planned.questionnaire.languages))
    number = ", ".join(
        (
            ngettext("%(num)d unit", "%(num)d units", len(units)),
            ngettext("%(num)d place", "%(num)d places", people),
        )
    )
    return {
        "who": [f"{in_language(planned.questionnaire.title, language)} ({spoken})"],
        "questions": [in_language(question.text, language) for question in own] or [gettext("None")],
        "where": [
            f"{_where(planned, units, municipality)}: {number}" if _few(planned, units) else number,
            *([gettext("Shown as after the reorganisation that comes.")] if planned.coming else []),
        ]
        if planned.places
        else [],
        "how": [words.named(words.WAYS, way) for way in planned.ways]
        + ([gettext("A tablet keeps what is begun, locked, for thirty minutes.")] if planned.keep_unfinished else []),
        "groups": [
            gettext("Covered by a measure: %(who)s (about %(number)d)", who=planned.covering, number=planned.covered),
            gettext("Services and their two groups are shown, units are not."),
        ]
        if planned.measure
        else [gettext("None")],
        "anonymity": [
            gettext("Groups of fewer than %(k)d are not shown.", k=planned.k),
            gettext("Numbers are told so that up to %(b)d answers stay hidden at each end.", b=planned.b),
        ],
        "decision": [
            *filter(None, [planned.decision, planned.retention]),
            *([gettext("Leads: %(name)s", name=planned.leader)] if planned.leader else []),
        ],
    }


def _dates(planned: Planned, opened: dt.date | None) -> list[str]:
    """From the day on which it was opened, or will be."""
    if not (planned.opens and planned.closes):
        return []
    first = opened or planned.opens
    lines = [
        ngettext(
            "From %(first)s to %(last)s: %(num)d day",
            "From %(first)s to %(last)s: %(num)d days",
            (planned.closes - first).days + 1,
            first=words.day(first),
            last=words.day(planned.closes),
        )
    ]
    if first != planned.opens:
        lines.append(gettext("Its plan says %(first)s.", first=words.day(planned.opens)))
    return [*lines, words.named(words.REPEATS, planned.repeat)]


def _view_of(measure: Measure, units: Sequence[Place]) -> list[str]:
    """Whose view of what is asked, and where people are asked whom it does not cover."""
    others = sum(unit.id not in measure.units for unit in units) if measure.units else 0
    lines = [gettext("These ask for people's view of the measure “%(title)s”.", title=measure.title)]
    if others:
        lines.append(
            ngettext(
                "In %(num)d unit of this round nobody is covered by it. They can answer that they do not know.",
                "In %(num)d units of this round nobody is covered by it. They can answer that they do not know.",
                others,
            )
        )
    return lines


def _few(planned: Planned, units: Sequence[Place]) -> bool:
    """Whether what is asked can be told in one line."""
    return len(units) <= NAMED or len(planned.places) == 1


def _where(planned: Planned, units: Sequence[Place], municipality: Place) -> str:
    asked = [municipality] if planned.places == [municipality.id] else units
    return ", ".join(place.called(str(get_locale())) for place in asked)
