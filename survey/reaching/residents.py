"""How a unit's residents can answer, in numbers: alone, with support, by interview, or not now and why. No names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import Connection, bindparam, func, select

from survey.access.issuing import limit_for
from survey.reaching import wording
from survey.reaching.parts import SEEN, Part, Whole, folded, names_of, seen_in, with_parts
from survey.register.folding import Folded
from survey.rounds.noted import AT_INTERVIEW, COVERED, MAY_NOTE, NUMBERS, REASONS, WAYS, note, noted
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs_part
from survey.staff.roles import ROUND_LEADER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Node, Noted

FEW = 8  # units whose numbers can be noted together
MOST = 999
LATER = tuple(AT_INTERVIEW.values())

_UNDER = (
    select(Node.parent, Noted.what, func.sum(Noted.number), func.count())
    .join_from(Noted, Node, Node.id == Noted.place)
    .where(Noted.round == bindparam("round"), *SEEN)
    .group_by(Node.parent, Noted.what)
)


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

    def page(whole: Whole, parts: list[Part], typed: Sequence[Unit] = ()) -> str:
        folds, seen = folded(whole.places, parts if whole.head.audience == "resident" else ())
        with database.reading() as connection:
            kept = noted(connection, whole.head.id, [part.id for part in seen]) if seen else {}
            columns = [*([way] for way in WAYS), *([COVERED] if whole.scope.grouped else ()), (*REASONS, *LATER)]
            groups = _groups(connection, whole, parts, folds, columns) if folds.closed else ()
        names = names_of(seen)
        numbers = {place: {what: str(number) for what, number in of.items()} for place, of in kept.items()}
        units = [Unit(part.id, names[part.id], part.place.places, numbers.get(part.id, {})) for part in seen]
        asked = request.args.get("unit")
        forms = [unit for unit in units if len(units) <= FEW or unit.id == asked]
        again = {unit.id: unit for unit in typed}
        forms = [again.get(unit.id, unit) for unit in forms] or list(typed)
        return render_template(
            "reaching/residents.html",
            round=whole.head,
            folds=folds,
            groups=groups,
            language=str(get_locale()),
            units=units,
            forms=forms,
            ways=wording.ways(),
            reasons=wording.reasons(),
            may_note=whole.head.state in MAY_NOTE,
            of_ways=WAYS,
            of_reasons=(*REASONS, *LATER),
            at_interview=LATER,
            of_covered=COVERED if whole.scope.grouped else (),
            covering=whole.scope.covering,
            kept={"unit": asked} if asked else {"under": folds.under} if folds.under else {},
        )

    @reaching.get("/rounds/<round_id>/residents")
    @needs_part(ROUND_LEADER, UNIT_LEADER, round_id=find)
    def residents(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        return page(whole, parts)

    @reaching.post("/rounds/<round_id>/residents")
    @needs_part(ROUND_LEADER, UNIT_LEADER, round_id=find)
    def note_residents(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        mine, sent = {part.id: part for part in parts}, request.form.getlist("unit")
        wanted = (*NUMBERS, *COVERED) if whole.scope.grouped else NUMBERS
        columns = {what: request.form.getlist(what) or [""] * len(sent) for what in wanted}
        if whole.head.audience != "resident" or not sent or not mine.keys() >= set(sent):
            abort(404)
        if len(set(sent)) < len(sent) or any(len(column) != len(sent) for column in columns.values()):
            abort(404)
        typed = [
            _typed(mine[unit], {what: columns[what][place].strip() for what in wanted})
            for place, unit in enumerate(sent)
        ]
        if any(unit.problem for unit in typed):
            return page(whole, parts, typed), 422
        said = [unit for unit in typed if len(typed) == 1 or any(unit.numbers.values())]  # others are not counted yet
        if not said:
            return page(
                whole, parts, [replace(typed[0], problem=gettext("Write how many, at least for one unit."))]
            ), 422
        with database.begin() as connection:
            for unit in sorted(said, key=lambda unit: unit.id):
                numbers = {what: int(number or 0) for what, number in unit.numbers.items()}
                if not note(connection, whole.head.id, unit.id, numbers):
                    abort(404)
                called = mine[unit.id].place.called()
                audit.note_round(connection, g.member.email, Action.RESIDENTS_NOTED, whole.head.id, called)
        flash(gettext("Noted for %(place)s.", place=", ".join(unit.name for unit in said)))
        under = folded(whole.places, parts)[0].under
        return redirect(url_for(".residents", round_id=whole.head.id, under=under or None), 303)


def _groups(
    connection: Connection, whole: Whole, parts: Sequence[Part], folds: Folded, columns: Sequence[Sequence[str]]
) -> tuple[tuple[int, ...], ...]:
    """Of each group: how many of its units have noted, its places, and what they noted together in each column."""
    numbers: dict[str, dict[str, int]] = {}
    noted_by: dict[str, int] = {}
    for node, what, number, units in connection.execute(_UNDER, seen_in(whole, parts)):
        under = node or ""
        numbers.setdefault(under, {})[what] = number
        noted_by[under] = max(noted_by.get(under, 0), units if what in NUMBERS else 0)
    found = []
    for group in folds.groups:
        there = numbers.get(group.id, {})
        sums = (sum(there.get(what, 0) for what in column) for column in columns)
        found.append((noted_by.get(group.id, 0), sum(unit.places or 0 for unit in group.units), *sums))
    return tuple(found)


def _typed(part: Part, numbers: Mapping[str, str]) -> Unit:
    """A unit as its numbers were typed, with what is wrong with them."""
    return Unit(part.id, names_of([part])[part.id], part.place.places, numbers, _problem(numbers, part))


def _problem(typed: Mapping[str, str], part: Part) -> str:
    """What is wrong with the numbers; empty: nothing."""
    if not all(not each or (each.isascii() and each.isdigit() and int(each) <= MOST) for each in typed.values()):
        return str(gettext("Write whole numbers only, from 0 to %(most)s.", most=MOST))
    numbers = {what: int(each or 0) for what, each in typed.items()}
    everybody = sum(numbers[what] for what in NUMBERS)
    if any(numbers.get(some, 0) > numbers[way] for way, some in zip(WAYS, COVERED, strict=True)):
        return str(
            gettext("More are covered than can answer in that way. Count those covered within the number above.")
        )
    if part.place.places is not None and everybody > (limit := limit_for(part.place.places)):
        return str(
            gettext(
                "Together these are %(sum)s people, and with its %(places)s places the unit can have %(limit)s. Count "
                "each once, or ask for the places to be corrected in the register.",
                sum=everybody,
                places=part.place.places,
                limit=limit,
            )
        )
    return ""
