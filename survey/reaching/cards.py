"""Cards with codes for residents to draw: printed by who does not work in the unit; leftovers are voided.

A code is shown once, in the PDF, to the one who prints it, and kept by no cache. A unit's leader never gets one.
"""

import datetime as dt

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.access.codes import mint, normalise
from survey.access.issuing import IssuingError, void_leftover
from survey.access.wrong import count_wrong_code
from survey.keys import KeyStore
from survey.languages import LANGUAGES
from survey.prints import cards as prints
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.reaching import wording
from survey.reaching.fields import pdf
from survey.reaching.parts import Part, Whole, chosen, folded, names_of, with_parts
from survey.reaching.stacks import (
    at_home,
    elsewhere,
    group_asked,
    hand_out,
    minted,
    no_group,
    no_number,
    shown,
    stacks,
    voided,
)
from survey.staff import audit
from survey.staff.audit import Action
from survey.staff.guard import needs_part
from survey.staff.roles import FACILITATOR, ROUND_LEADER
from survey.storage.engine import Database

MOST = 1000  # at a time, far above what a unit may have
WAYS = ("self", "interview")
EVERY = "*"  # in the place of a unit: each one that the page shows


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
        mine, every = elsewhere(parts), form.get("unit") == EVERY and not whole.scope.grouped
        asked = folded(whole.places, mine)[1] if every else [chosen(mine)]
        way, language = form.get("way", ""), form.get("language", "")
        if head.audience != "resident" or way not in WAYS or language not in LANGUAGES:
            abort(404)
        group = group_asked(whole)
        if group is None:
            return page(whole, parts, no_group()), 422
        piles, problem = _piles(whole, asked, way)
        if problem:
            return page(whole, parts, problem), 422
        try:
            owner = press.words(language).text("municipality", municipality=whole.municipality.called(language))
            made = [[prints.Card(code, part.place.called(language), owner) for code in codes] for part, codes in piles]
            printed = prints.piles(press, made, language)
            hand_out(database, keys, whole, piles, way, group)
        except (PrintError, IssuingError) as error:
            return page(whole, parts, wording.not_made(error, names_of(asked))), 422
        apart = gettext("interview") if way == "interview" else ""
        about = whole.municipality.id if every else asked[0].id
        return pdf(printed, gettext("cards"), about, *filter(None, [apart, group]))

    def _piles(whole: Whole, asked: list[Part], way: str) -> tuple[list[tuple[Part, list[str]]], str]:
        """New codes for these units, as many as the form says or as are still needed; or why there are none."""
        typed = request.form.get("number", "").strip()
        if typed and len(asked) > 1:
            return [], gettext("Choose one unit, or leave the number empty: each unit then gets what it still needs.")
        if typed or whole.scope.grouped:
            codes = minted(MOST)
            return [(asked[0], codes)], "" if codes else no_number(MOST)
        due = {
            stack.id: stack.interviews if way == "interview" else stack.due for stack in stacks(database, whole, asked)
        }
        piles = [(part, [mint() for _ in range(number)]) for part in asked if (number := due[part.id] or 0)]
        if sum(len(codes) for _, codes in piles) > MOST:
            return [], gettext("Print at most %(most)s cards at a time: choose one unit after the other.", most=MOST)
        if not piles:
            return [], gettext(
                "No more of these cards are needed, by what the units have noted. Choose one unit, and write how many."
            )
        return piles, ""

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
