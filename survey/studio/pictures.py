"""Concepts and their pictures, and a municipality's own in their place."""

import base64
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from survey import own_symbols, photos
from survey.drawings import SymbolError
from survey.photos import PhotoError
from survey.staff.audit import Action
from survey.staff.guard import covers_all, needs_everywhere, needs_somewhere, takes_files
from survey.storage.engine import Database
from survey.studio import wording
from survey.studio.keepers import FORM, KEEPERS, note
from survey.symbols import Catalogue

CREDIT_SIGNS = 300


class Shown(NamedTuple):
    """A concept, what it is called, its picture as an address (None: it cannot be used), and whose it is."""

    concept: str
    name: str
    picture: str | None
    own: bool
    credit: str


def add(studio: Blueprint, database: Database, catalogue: Catalogue, overlay: Path) -> None:
    """Add /staff/pictures. `catalogue` has the pictures in `overlay` laid over it."""

    as_shipped = catalogue.shipped_only()

    @cache
    def shipped(concept: str, language: str) -> Shown:
        return _shown(as_shipped, concept, language)

    @studio.get("/pictures")
    @needs_somewhere(*KEEPERS)
    def pictures(_municipalities: frozenset[str]) -> ResponseReturnValue:
        current, language = catalogue.unread(), str(get_locale())
        here = {file.name.split(".")[0] for file in overlay.iterdir()} if overlay.is_dir() else set()
        shown = sorted(
            (
                _shown(current, concept, language) if concept in here else shipped(concept, language)
                for concept in catalogue.concepts
            ),
            key=lambda one: one.name,
        )
        own_only = request.args.get("own") == "1"
        return render_template(
            "studio/pictures.html",
            shown=tuple(one for one in shown if one.own or not own_only),
            total=len(shown),
            own=sum(one.own for one in shown),
            own_only=own_only,
            kept={"own": "1"} if own_only else {},
            may_change=covers_all(database, KEEPERS),
        )

    @studio.get("/pictures/<concept>")
    @needs_everywhere(database, *KEEPERS)
    def picture(concept: str) -> ResponseReturnValue:
        return _page(concept)

    @studio.post("/pictures/<concept>")
    @takes_files(photos.LARGEST + FORM)
    @needs_everywhere(database, *KEEPERS)
    def keep_picture(concept: str) -> ResponseReturnValue:
        _known(concept)
        sent, credit = request.files.get("picture"), " ".join(request.form.get("credit", "").split())
        refused = ""
        try:
            if 0 < len(credit) <= CREDIT_SIGNS:
                own_symbols.keep(overlay, concept, sent.read() if sent else b"", credit)
            else:
                refused = wording.no_credit()
        except SymbolError as error:
            refused = wording.drawing_fault(error.fault)
        except PhotoError as error:
            refused = wording.photo_fault(error.fault)
        if refused:
            return _page(concept, refused, credit), 422
        note(database, Action.PICTURE_KEPT, concept)
        return redirect(url_for(".picture", concept=concept, done="kept"), 303)

    @studio.post("/pictures/<concept>/away")
    @needs_everywhere(database, *KEEPERS)
    def take_picture_away(concept: str) -> ResponseReturnValue:
        _known(concept)
        own_symbols.take_away(overlay, concept)
        note(database, Action.PICTURE_TAKEN_AWAY, concept)
        return redirect(url_for(".picture", concept=concept, done="away"), 303)

    def _known(concept: str) -> None:
        if concept not in catalogue.entries:
            abort(404)

    def _page(concept: str, refused: str = "", credit: str = "") -> str:
        _known(concept)
        as_it_comes = shipped(concept, language := str(get_locale()))
        own = catalogue.is_laid_over(concept)
        return render_template(
            "studio/picture.html",
            one=_shown(catalogue.unread(), concept, language) if own else as_it_comes,
            shipped=as_it_comes,
            refused=refused,
            credit=credit,
            credit_signs=CREDIT_SIGNS,
            done=request.args.get("done"),
        )


def _shown(catalogue: Catalogue, concept: str, language: str) -> Shown:
    own = catalogue.is_laid_over(concept)
    name, credit = catalogue.alternative(concept, language), catalogue.overlay_credit(concept) if own else ""
    try:
        picture = "data:image/svg+xml;base64," + base64.b64encode(catalogue.svg(concept).encode()).decode()
    except SymbolError:
        return Shown(concept, name, None, own, credit)
    return Shown(concept, name, picture, own, credit)
