"""Places: the picture that people know a unit by, and its name read aloud."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from survey import photos
from survey.photos import PhotoError
from survey.questionnaire.model import Phrase
from survey.register import folding, tree
from survey.register.pictures import Picture, Pictures
from survey.register.tree import Place, UnknownPlaceError
from survey.speech.library import SpeechLibrary
from survey.staff.audit import Action
from survey.staff.guard import needs, needs_somewhere, takes_files
from survey.storage.engine import Database
from survey.studio import wording
from survey.studio.collection import State, hear, names_of
from survey.studio.keepers import FORM, KEEPERS, note

ALTERNATIVE_SIGNS = 200


@dataclass(frozen=True)
class Shown:
    """A place, the places above it, its picture, and who reads its name in which language."""

    id: str
    name: str
    above: str
    way: tuple[str, ...]
    picture: Picture | None
    read: tuple[tuple[str, State], ...]


@dataclass(frozen=True)
class Group:
    """Units side by side, the way down to what they lie under, and those places that have a picture."""

    above: tuple[Place, ...]
    units: list[Place]
    pictured: frozenset[str]

    @cached_property
    def pages(self) -> dict[str, Sequence[Place]]:
        """As they are shown, by what the address says."""
        return folding.pages(self.above[-1].id, self.units, folding.FEW)

    def page(self, under: str) -> str:
        """The page that an address opens; empty: none of them."""
        return folding.page_of({page: [unit.id for unit in units] for page, units in self.pages.items()}, under)

    @property
    def without(self) -> int:
        """How many of them have no picture."""
        return sum(unit.id not in self.pictured for unit in self.units)


def add(studio: Blueprint, database: Database, pictures: Pictures, speech: SpeechLibrary) -> None:
    """Add /staff/places."""

    def shown(way: tuple[Place, ...]) -> Shown:
        place, language = way[-1], str(get_locale())
        names = names_of([place])
        return Shown(
            id=place.id,
            name=place.called(language),
            above=" › ".join(above.called(language) for above in way[1:-1]),
            way=tuple(each.id for each in way),
            picture=pictures.of(place.id),
            read=tuple((spoken, hear(names, _name(place), spoken, speech).state) for spoken in place.name),
        )

    def find(place_id: str) -> Shown | None:
        speech.reload()
        try:
            with database.reading() as connection:
                return shown(tree.path(connection, place_id))
        except UnknownPlaceError:
            return None

    @studio.get("/places")
    @needs_somewhere(*KEEPERS)
    def places(kept: frozenset[str]) -> ResponseReturnValue:
        speech.reload()
        language = str(get_locale())
        with database.reading() as connection:
            beside = tree.reach(connection, kept).units_beside()
        pictured = pictures.having(unit.id for _, units in beside for unit in units)
        all_ = (Group(above, [unit for unit in units if not unit.closed], pictured) for above, units in beside)
        groups = [group for group in all_ if group.units]
        folded = sum(len(group.units) for group in groups) > folding.FEW
        under = request.args.get("under", "") if folded else ""
        part = next((group for group in groups if under and group.page(under)), None)
        page = part.page(under) if part else ""
        open_ = [(part, part.pages[page])] if part else [] if folded else [(group, group.units) for group in groups]
        return render_template(
            "studio/places.html",
            units=[shown((*group.above, unit)) for group, units in open_ for unit in units],
            groups=groups if folded and not part else [],
            part=part,
            several=len({group.above[0].id for group in groups}) > 1,
            under=page,
            turns=folding.turns(part.pages, lambda unit: unit.called(language)) if part else (),
            kept={"under": under} if part else {},
            states=wording.states(),
            language=language,
        )

    @studio.get("/places/<place_id>")
    @needs(*KEEPERS, place_id=find)
    def place(found: Shown) -> ResponseReturnValue:
        return _page(found)

    @studio.post("/places/<place_id>")
    @takes_files(photos.LARGEST + FORM)
    @needs(*KEEPERS, place_id=find)
    def keep_place(found: Shown) -> ResponseReturnValue:
        sent, alternative = request.files.get("picture"), " ".join(request.form.get("alternative", "").split())
        if not 0 < len(alternative) <= ALTERNATIVE_SIGNS:
            return _page(found, wording.no_alternative(), alternative), 422
        try:
            photo = photos.photo(sent.read() if sent else b"")
        except PhotoError as error:
            return _page(found, wording.photo_fault(error.fault), alternative), 422
        pictures.keep(found.id, photo, alternative)
        note(database, Action.PICTURE_KEPT, found.name, found.way[0])
        return redirect(url_for(".place", place_id=found.id, done="kept"), 303)

    @studio.post("/places/<place_id>/away")
    @needs(*KEEPERS, place_id=find)
    def take_place_away(found: Shown) -> ResponseReturnValue:
        pictures.take_away(found.id)
        note(database, Action.PICTURE_TAKEN_AWAY, found.name, found.way[0])
        return redirect(url_for(".place", place_id=found.id, done="away"), 303)

    def _page(found: Shown, refused: str = "", alternative: str = "") -> str:
        return render_template(
            "studio/place.html",
            place=found,
            refused=refused,
            alternative=alternative,
            signs=ALTERNATIVE_SIGNS,
            done=request.args.get("done"),
            wording=wording,
        )


def _name(place: Place) -> Phrase:
    return Phrase(id=place.id, text=place.name)
