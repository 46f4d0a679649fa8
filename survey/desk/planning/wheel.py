"""A round's days through the year: its own, the next rounds, and what else is held around it; also for calendars."""

import datetime as dt
from itertools import groupby

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.desk.planning import fields, ring, words
from survey.desk.reports import READERS
from survey.rounds import calendar, plan
from survey.rounds.calendar import Day
from survey.rounds.head import Head, finder
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs
from survey.staff.roles import ROUND_LEADER
from survey.storage.engine import Database

TITLE_SIGNS = 200


def add(rounds: Blueprint, database: Database) -> None:
    """Add /staff/rounds/<round_id>/wheel."""
    find = finder(database)

    def days_of(found: Head) -> list[Day]:
        with database.reading() as connection:
            return calendar.days(connection, plan.read(connection, found.id))

    def page(found: Head, errors: dict[str, str]) -> str:
        days = days_of(found)
        months = groupby(zip(ring.numbers(days), days, strict=True), key=lambda one: one[1].day.replace(day=1))
        return render_template(
            "planning/wheel.html",
            round=found,
            months=tuple((month, tuple(_shown(*one) for one in days_)) for month, days_ in months),
            ring=ring.ring(days),
            leads=g.member.may((ROUND_LEADER,), found.way),
            given=request.form,
            errors=errors,
        )

    @rounds.get("/<round_id>/wheel")
    @needs(*READERS, round_id=find)
    def wheel(found: Head) -> ResponseReturnValue:
        return page(found, {})

    @rounds.post("/<round_id>/wheel")
    @needs(ROUND_LEADER, round_id=find)
    def change_wheel(found: Head) -> ResponseReturnValue:
        day, title = fields.date_of(request.form, "day"), " ".join(request.form.get("title", "").split())
        away, errors = request.form.get("away"), {}
        if not away and day is None:
            errors["day"] = gettext("Choose a day.")
        if not away and not 0 < len(title) <= TITLE_SIGNS:
            errors["title"] = gettext("Say what is held, in at most %(signs)d signs.", signs=TITLE_SIGNS)
        if errors:
            return page(found, errors), 422
        with database.begin() as connection:
            if away:
                calendar.remove_event(connection, found.id, away)
            elif day:
                calendar.add_event(connection, found.id, day, title)
            audit.note_round(connection, g.member.email, Action.ROUND_CHANGED, found.id, title)
        return redirect(url_for(".wheel", round_id=found.id), 303)

    @rounds.get("/<round_id>/calendar.ics")
    @needs(*READERS, round_id=find)
    def calendar_file(found: Head) -> ResponseReturnValue:
        named = [(day, f"{found.title}: {words.day_named(day)}") for day in days_of(found)]
        content = calendar.icalendar(found.id, named, dt.datetime.now(dt.UTC))
        headers = {"Content-Disposition": 'attachment; filename="medvirk.ics"'}
        return Response(content, mimetype="text/calendar", headers=headers)


def _shown(number: int, day: Day) -> tuple[int, dt.date, str, str]:
    """Its number on the wheel, the day, the id of what can be taken away, and what it is."""
    return number, day.day, day.id if day.kind == "event" else "", words.day_named(day)
