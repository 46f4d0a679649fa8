"""A unit that somebody types: it becomes the lines of a file, and is looked at and brought in as one."""

from collections.abc import Collection, Iterable, Mapping

from flask_babel import gettext

from survey.register.changes import slug
from survey.register.reading import COLUMNS, clean
from survey.register.tree import Tree
from survey.spreadsheet import written

FIELDS = tuple(column for column in COLUMNS if column != "unit_id")


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """What stands in the form's fields."""
    return {field: clean(form.get(field, "")) for field in FIELDS}


def labels() -> dict[str, str]:
    """What the fields are called."""
    return {
        "municipality_number": gettext("Municipality"),
        "service_kind": gettext("Kind of service"),
        "service": gettext("Service"),
        "division": gettext("Division, if there is one"),
        "unit": gettext("The unit's name"),
        "places": gettext("Number of places"),
    }


def as_file(unit: Mapping[str, str], taken: Collection[str]) -> str:
    """A register file with this unit alone; its id follows from its name and is none of those taken."""
    wanted = slug(unit["unit"])[:50]
    wanted = wanted if wanted.strip("0123456789") else f"unit-{wanted}".strip("-")
    free = next(one for number in range(1, len(taken) + 2) if (one := _numbered(wanted, number)) not in taken)
    return written([COLUMNS, [{**unit, "unit_id": free}[column] for column in COLUMNS]]).decode("utf-8-sig")


def stands_already(unit: Mapping[str, str], trees: Iterable[Tree]) -> bool:
    """Whether its service has a unit of this name."""
    return any(
        place.called().casefold() == unit["unit"].casefold()
        and unit["service"].casefold() in (above.called().casefold() for above in tree.path(place.id)[:-1])
        for tree in trees
        for place in tree.units()
    )


def _numbered(wanted: str, number: int) -> str:
    return wanted if number == 1 else f"{wanted}-{number}"
