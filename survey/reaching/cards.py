"""Cards with codes for residents to draw: printed by who does not work in the unit; leftovers are voided.

A code is shown once, in the PDF, to the one who prints it, and kept by no cache. A unit's leader never gets one.
"""

import datetime as dt

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.access.codes import normalise
from survey.access.issuing import IssuingError, void_leftover
from survey.access.wrong import count_wrong_code
from survey.keys import KeyStore
from survey.languages import LANGUAGES
from survey.prints import cards as prints
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.reaching import wording
from survey.reaching.fields import pdf
from survey.reaching.parts import Part, Whole, chosen, names_of, with_parts
from survey.reaching.stacks import (
    at_home,
    elsewhere,
    group_asked,
    hand_out,
    minted,
    no_group,
    no_number,
    shown,
    voided,
)
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs_part
from survey.staff.roles import FACILITATOR, ROUND_LEADER
from survey.storage.engine import Database

MOST = 1000  # at a time, far above what a unit may have
WAYS = ("self", "interview")


def add(reaching: Blueprint, database: Database, keys: KeyStore, press: Press) -> None:
    """Add /staff/rounds/<round_id>/cards and /leftovers."""
    find = with_parts(database)

    def page(whole: Whole, parts: list[Part], problem: str = "") -> str:
        return render_template(
            "reaching/cards.html",
            round=whole.head,
            own=at_home(parts),
            languages=wording.LANGUAGES,
            groups=wording.groups() if whole.scope.grouped else {},
            covering=whole.scope.covering,
            problem=problem,
            typed=request.form,
            **shown(database, whole, elsewhere(parts), needed=True),
        )

    @reaching.get("/rounds/<round_id>/cards")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def cards(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        return page(whole, parts)

    @reaching.post("/rounds/<round_id>/cards")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def print_cards(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        head, form = whole.head, request.form
        part = chosen(elsewhere(parts))
        way, language = form.get("way"), form.get("language", "")
        if head.audience != "resident" or way not in WAYS or language not in LANGUAGES:
            abort(404)
        codes = minted(MOST)
        if not codes:
            return page(whole, parts, no_number(MOST)), 422
        group = group_asked(whole)
        if group is None:
            return page(whole, parts, no_group()), 422
        try:
            owner = press.words(language).text("municipality", municipality=whole.municipality.called(language))
            made = [prints.Card(code, part.place.called(language), owner) for code in codes]
            printed = prints.cards(press, made, language)
            hand_out(database, keys, whole, part, codes, way, group)
        except (PrintError, IssuingError) as error:
            return page(whole, parts, wording.not_made(error, names_of([part]))), 422
        apart = gettext("interview") if way == "interview" else ""
        return pdf(printed, gettext("cards"), part.id, *filter(None, [apart, group]))

    @reaching.get("/rounds/<round_id>/leftovers")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def leftovers(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        return leftovers_page(whole, parts)

    def leftovers_page(whole: Whole, parts: list[Part], problem: str = "") -> str:
        seen = shown(database, whole, elsewhere(parts))
        return render_template(
            "reaching/leftovers.html",
            round=whole.head,
            voided=tuple(voided(seen, whole.head.audience == "resident").items()),
            problem=problem,
            script="leftovers",
            **seen,
        )

    @reaching.post("/rounds/<round_id>/leftovers")
    @needs_part(ROUND_LEADER, FACILITATOR, round_id=find)
    def void(whole: Whole, parts: list[Part]) -> ResponseReturnValue:
        head, code = whole.head, normalise(request.form.get("code", ""))
        allowed = {part.id: part for part in elsewhere(parts)}
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
            place = names_of([allowed[unit]])[unit]
            if head.audience == "resident":
                told = gettext("The card of %(place)s is void.", place=place)
            else:
                told = gettext("The code is void. It was of %(place)s.", place=place)
        elif code:
            told = gettext("This code was not voided: it is used, voided before, or not of these places.")
        else:
            told = gettext("This is no code. Check each sign, and type it again.")
        if "application/json" in request.headers.get("Accept", ""):
            if unit is None:
                return jsonify(told=told, voided=False, unit=None, counted=None)
            counts = voided(shown(database, whole, elsewhere(parts)), head.audience == "resident")
            where = unit if unit in counts else allowed[unit].place.parent  # its own line on the page, or its group's
            return jsonify(told=told, voided=True, unit=where, counted=counts.get(where or ""))
        if unit is None:
            return leftovers_page(whole, parts, told), 422
        flash(told)
        return redirect(url_for(".leftovers", round_id=head.id), 303)
