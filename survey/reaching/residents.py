"""How a unit's residents can answer, in numbers: alone, with support, by interview, or not now and why. No names."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.access.issuing import limit_for
from survey.reaching import wording
from survey.reaching.parts import Part, Whole, chosen, names_of, with_parts
from survey.rounds.noted import AT_INTERVIEW, MAY_NOTE, NUMBERS, REASONS, WAYS, note, noted
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs_part
from survey.staff.roles import ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database

FEW = 3  # units whose forms stand open at once
MOST = 999


@dataclass(frozen=True)
class Unit:
    """A unit with what it noted, as typed or kept; `problem`: why the typed was not kept."""

    id: str
    name: str
    places: int | None
    numbers: Mapping[str, str]
    problem: str = ""

    def total(self, which: tuple[str, ...]) -> int:
        return sum(int(self.numbers.get(what) or 0) for what in which)


def add(reaching: Blueprint, database: Database) -> None:
    """Add /staff/rounds/<round_id>/residents."""
    find = with_parts(database)

    def page(whole: Whole, parts: list[Part], typed: Unit | None = None) -> str:
        with database.reading() as connection:
            kept = noted(connection, whole.head.id)
        names = names_of(parts)
        numbers = {place: {what: str(number) for what, number in of.items()} for place, of in kept.items()}
        units = [Unit(part.id, names[part.id], part.place.places, numbers.get(part.id, {})) for part in parts]
        asked = request.args.get("unit")
        forms = [unit for unit in units if len(units) <= FEW or unit.id == asked]
        if typed:
            forms = [typed if unit.id == typed.id else unit for unit in forms] or [typed]
        return render_template(
            "reaching/residents.html",
            round=whole.head,
            units=units,
            forms=forms,
            ways=wording.ways(),
            reasons=wording.reasons(),
            may_note=whole.head.state in MAY_NOTE,
            of_ways=WAYS,
            of_reasons=(*REASONS, *AT_INTERVIEW.values()),
            at_interview=tuple(AT_INTERVIEW.values()),
            kept={"unit": asked} if asked else {},
        )

    @reaching.get("/rounds/<round_id>/residents")
    @needs_part(ROUND_LEADER, UNIT_LEADER, round_id=find)
    def residents(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        return page(whole, parts)

    @reaching.post("/rounds/<round_id>/residents")
    @needs_part(ROUND_LEADER, UNIT_LEADER, round_id=find)
    def note_residents(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        part = chosen(parts)
        typed = {what: request.form.get(what, "").strip() for what in NUMBERS}
        numbers, problem = _read(typed, part)
        if whole.head.audience != "resident":
            abort(404)
        if problem:
            name = names_of([part])[part.id]
            return page(whole, parts, Unit(part.id, name, part.place.places, typed, problem)), 422
        with database.begin() as connection:
            if not note(connection, whole.head.id, part.id, numbers):
                abort(404)
            audit.note_round(connection, g.member.email, Action.RESIDENTS_NOTED, whole.head.id, part.place.called())
        flash(gettext("Noted for %(place)s.", place=names_of([part])[part.id]))
        return redirect(url_for(".residents", round_id=whole.head.id), 303)


def _read(typed: Mapping[str, str], part: Part) -> tuple[dict[str, int], str]:
    """The numbers, and what is wrong with them."""
    if not all(not each or (each.isascii() and each.isdigit() and int(each) <= MOST) for each in typed.values()):
        return {}, gettext("Write whole numbers only, from 0 to %(most)s.", most=MOST)
    numbers = {what: int(each or 0) for what, each in typed.items()}
    if part.place.places is not None and sum(numbers.values()) > (limit := limit_for(part.place.places)):
        return {}, gettext(
            "Together these are %(sum)s people, and with its %(places)s places the unit can have %(limit)s. Count "
            "each once, or ask for the places to be corrected in the register.",
            sum=sum(numbers.values()),
            places=part.place.places,
            limit=limit,
        )
    return numbers, ""
