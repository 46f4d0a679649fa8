"""Cards with codes for residents to draw: printed by who does not work in the unit; leftovers are voided.

A code is shown once, in the PDF, to the one who prints it, and kept by no cache. A unit's leader never gets one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import bindparam, func, select

from survey.access.codes import mint, normalise
from survey.access.issuing import GROUPS, IssuingError, hand_out_within, limit_for, void_leftover
from survey.access.wrong import count_wrong_code
from survey.keys import KeyStore
from survey.languages import LANGUAGES
from survey.prints import cards as prints
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.reaching import wording
from survey.reaching.fields import pdf
from survey.reaching.parts import Part, Whole, names_of, with_parts
from survey.rounds.noted import noted
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs_part
from survey.staff.roles import FACILITATOR, ROUND_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Batch

MOST = 1000  # at a time, far above what a unit may have
WAYS = ("self", "interview")

_MADE = (
    select(
        Batch.unit,
        Batch.way,
        Batch.group,
        func.sum(Batch.issued).label("made"),
        func.sum(Batch.voided).label("voided"),
    )
    .where(Batch.round == bindparam("round"))
    .group_by(Batch.unit, Batch.way, Batch.group)
)


@dataclass(frozen=True)
class Stack:
    """A unit's cards: how many were made and voided, how many it may still get (None: no limit), how many are due.

    `groups`: of each group under a measure, if there are any, (how many are out, are to be made for residents who
    answer themselves, and for interviews).
    """

    id: str
    name: str
    made: int
    voided: int
    room: int | None
    due: int
    groups: Mapping[str, tuple[int, int, int]]


def add(reaching: Blueprint, database: Database, keys: KeyStore, press: Press) -> None:
    """Add /staff/rounds/<round_id>/cards and /leftovers."""
    find = with_parts(database)

    def page(whole: Whole, parts: list[Part], problem: str = "") -> str:
        return render_template(
            "reaching/cards.html",
            round=whole.head,
            stacks=stacks(whole, _elsewhere(parts)),
            own=list(names_of(part for part in parts if g.member.works_in(part.way)).values()),
            languages=wording.LANGUAGES,
            language=str(get_locale()),
            groups=wording.groups() if whole.scope.grouped else {},
            covering=whole.scope.covering,
            problem=problem,
            typed=request.form,
        )

    def stacks(whole: Whole, parts: Sequence[Part]) -> list[Stack]:
        with database.reading() as connection:
            made = connection.execute(_MADE, {"round": whole.head.id}).all()
            known = noted(connection, whole.head.id)
        names, audience = names_of(parts), whole.head.audience
        groups = GROUPS if whole.scope.grouped else ()
        return [
            _stack(
                part,
                names[part.id],
                [row for row in made if row.unit == part.id],
                known.get(part.id, {}),
                audience,
                groups,
            )
            for part in parts
        ]

    @reaching.get("/rounds/<round_id>/cards")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def cards(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        return page(whole, parts)

    @reaching.post("/rounds/<round_id>/cards")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def print_cards(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        head, form = whole.head, request.form
        part = next((part for part in _elsewhere(parts) if part.id == form.get("unit")), None) or abort(404)
        way, language, number = form.get("way"), form.get("language", ""), form.get("number", "").strip()
        if head.audience != "resident" or way not in WAYS or language not in LANGUAGES:
            abort(404)
        group = form.get("group", "") if whole.scope.grouped else ""
        if whole.scope.grouped and group not in GROUPS:
            return page(whole, parts, gettext("Choose for which group the cards are.")), 422
        if not (number.isascii() and number.isdigit() and 0 < int(number) <= MOST):
            return page(whole, parts, gettext("Write how many cards, as a whole number from 1.")), 422
        codes = [mint() for _ in range(int(number))]
        try:
            owner = press.words(language).text("municipality", municipality=whole.municipality.called(language))
            made = [prints.Card(code, part.place.called(language), owner) for code in codes]
            printed = prints.cards(press, made, language)
            with database.begin() as connection:
                hand_out_within(connection, keys.web(head.id), head.id, {part.id: codes}, way, group)
                audit.note_round(
                    connection, g.member.email, Action.CODES_ISSUED, head.id, f"{part.place.called()}: {number}"
                )
        except PrintError as error:
            return page(whole, parts, wording.unprinted(error)), 422
        except IssuingError as error:
            return page(whole, parts, wording.refused(error, names_of([part]))), 422
        return pdf(printed, gettext("cards"), part.id, *filter(None, [group]))

    @reaching.get("/rounds/<round_id>/leftovers")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def leftovers(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        return leftovers_page(whole, parts)

    def leftovers_page(whole: Whole, parts: list[Part], problem: str = "") -> str:
        return render_template(
            "reaching/leftovers.html",
            round=whole.head,
            stacks=stacks(whole, _elsewhere(parts)),
            problem=problem,
            script="leftovers",
        )

    @reaching.post("/rounds/<round_id>/leftovers")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def void(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        head, code = whole.head, normalise(request.form.get("code", ""))
        allowed = {part.id: part for part in _elsewhere(parts)}
        if head.state != "open":
            abort(404)
        unit = None
        if code:
            with database.begin() as connection:
                unit = void_leftover(connection, keys.web(head.id), head.id, code, allowed)
                if unit:
                    about = allowed[unit].place.called()
                    audit.note_round(connection, g.member.email, Action.LEFTOVER_VOIDED, head.id, about)
            if unit is None:
                count_wrong_code(database, dt.datetime.now(dt.UTC).date())
        if unit:
            told = gettext("The card of %(place)s is void.", place=names_of([allowed[unit]])[unit])
        elif code:
            told = gettext("This card was not voided: it is used, voided before, or not of these places.")
        else:
            told = gettext("This is no code. Check each sign, and type it again.")
        if "application/json" in request.headers.get("Accept", ""):
            return jsonify(told=told, voided=unit is not None)
        if unit is None:
            return leftovers_page(whole, parts, told), 422
        flash(told)
        return redirect(url_for(".leftovers", round_id=head.id), 303)


def _elsewhere(parts: Sequence[Part]) -> list[Part]:
    """Those in which the asker does not work: who does gets no card, whatever else they are."""
    return [part for part in parts if not g.member.works_in(part.way)]


def _stack(
    part: Part, name: str, rows: Sequence[Any], known: Mapping[str, int], audience: str, groups: Sequence[str]
) -> Stack:
    made, voided = sum(row.made for row in rows), sum(row.voided for row in rows)
    limited = audience == "resident" and part.place.places is not None
    by_themselves = sum(row.made - row.voided for row in rows if row.way == "self")
    return Stack(
        id=part.id,
        name=name,
        made=made,
        voided=voided,
        room=limit_for(part.place.places or 0) - made + voided if limited else None,
        due=max(0, known.get("alone", 0) + known.get("support", 0) - by_themselves),
        groups={group: _of_group(group, rows, known) for group in groups},
    )


def _of_group(group: str, rows: Sequence[Any], known: Mapping[str, int]) -> tuple[int, int, int]:
    """How many of a unit's cards are out for a group, and how many are to be made, by oneself and for interviews."""
    out = Counter[str]()
    for row in rows:
        if row.group == group:
            out[row.way] += row.made - row.voided

    def wanted(way: str) -> int:
        covered = known.get(f"{way}_covered", 0)
        return covered if group == "covered" else known.get(way, 0) - covered

    by_themselves = wanted("alone") + wanted("support") - out["self"]
    return out.total(), max(0, by_themselves), max(0, wanted("interview") - out["interview"])
