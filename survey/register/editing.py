"""Change one place: its names in each language, and how many people a unit is for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import Connection, update

from survey.register import tree
from survey.register.importing import RegisterError, alone
from survey.register.reading import NAME_SIGNS, NO_NAME, NO_NUMBER, TOO_LONG, UNSEEN, clean, number_of
from survey.register.tree import Place
from survey.spreadsheet import Problem, worded
from survey.storage.tables import Node


def change(connection: Connection, place_id: str, names: Mapping[str, str], places: str) -> tuple[Place, Place]:
    """Call a place by these names (an empty one: as in bokmål), and say how many a unit is for, in the caller's
    transaction; gives the place as it was and as it is. Languages that are not mentioned stay.

    Raises: RegisterError with every problem, its column a language or `places`; UnknownPlaceError.
    """
    alone(connection)
    register = tree.everything(connection)
    if place_id not in register:
        raise tree.UnknownPlaceError(place_id)
    old = register[place_id]
    typed = {language: clean(name) for language, name in names.items()}
    problems = list(_problems(old, typed, places.strip(), register))
    if problems:
        raise RegisterError(problems)
    known = {language: name for language, name in {**old.name, **typed}.items() if name}
    now = replace(old, name=known, places=number_of(places.strip()) if old.level == "unit" else old.places)
    if now != old:
        connection.execute(update(Node).where(Node.id == place_id).values(name=known, places=now.places))
    return old, now


def _problems(place: Place, names: Mapping[str, str], places: str, register: Mapping[str, Place]) -> Iterator[Problem]:
    for language, name in names.items():
        if language == "nb" and not name:
            yield Problem(0, language, *NO_NAME)
        elif not name.isprintable():
            yield Problem(0, language, *UNSEEN)
        elif len(name) > NAME_SIGNS:
            yield Problem(0, language, *TOO_LONG)
        elif language == "nb":
            yield from _beside(place, name, register)
    if place.level == "unit" and not number_of(places):
        yield Problem(0, "places", *NO_NUMBER)


def _beside(place: Place, name: str, register: Mapping[str, Place]) -> Iterator[Problem]:
    """A file finds services and divisions by their names in bokmål: each is read again as it was written."""
    if place.level == "division" and ">" in name:
        yield Problem(0, "nb", worded("a division's name cannot hold “>”"), worded("Write the name without it"), name)
    if place.level in ("service", "division"):
        for other in register.values():
            here = other.parent == place.parent and other.level == place.level and other.id != place.id
            if here and other.called().casefold() == name.casefold():
                yield Problem(0, "nb", worded("there is another with this name"), worded("Write another name"), name)
