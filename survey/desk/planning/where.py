"""The step of a plan that says where people are asked: everywhere, or in chosen units; many are chosen place by place.

The form carries the whole choice, also of units it does not show: those are in `elsewhere`, joined by spaces, and
`whole` names places all of whose units are chosen. So a place can be opened without saving, and nothing is lost.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, gettext
from sqlalchemy import Connection

from survey.desk.planning.fields import Form, Outcome, given
from survey.register.folding import Folded, fold
from survey.register.tree import Place, Tree
from survey.rounds import coming, plan
from survey.rounds.plan import Planned

MORE = ("", "", "")  # lines for what else goes somewhere
LISTS = ("units", "whole", "goes", "to")
LOOKS = ("under", "coming")  # buttons that show something else of the page, and save nothing


@dataclass(frozen=True)
class Choice:
    """The choice as the form carries it: the units; how many of each group; which of them are not shown.

    `moves` are the lines of a reorganisation that comes: which unit, to which place, and what they are called.
    """

    units: frozenset[str]
    some: tuple[int, ...]
    elsewhere: str
    moves: Sequence[tuple[str, str, tuple[str, str]]]


def look(connection: Connection, planned: Planned, places: Tree, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page needs; `asked`: what is pressed or stands in the address. To save, every unit is looked at."""
    units = plan.possible_units(places, planned.service_kind)
    folds = fold(places, units, asked.get("under", asked.get("opened", "")))
    looks = not asked.get("part") or any(name in asked for name in LOOKS)
    beside = plan.beside(connection, planned)
    return {
        "units": units,
        "folds": folds,
        "beside": [row.title for row in beside],
        "taken": plan.asked_elsewhere(connection, places, beside, folds.shown if looks else units),
        "targets": {place.id: place for place in coming.targets(places, planned.service_kind)},
        "moving": not folds.groups or bool(asked.get("coming")),
    }


def shown(planned: Planned) -> dict[str, Any]:
    """What the plan says, as the form shows it."""
    everywhere = planned.places == [planned.municipality]
    return {
        "part": "everywhere" if everywhere else "chosen" if planned.places else "",
        "units": planned.places,
        "goes": [*planned.coming, *MORE],
        "to": [*planned.coming.values(), *MORE],
    }


def choice(typed: Mapping[str, Any], context: Mapping[str, Any]) -> Choice:
    """The choice that stands in a form, or in the plan."""
    folds: Folded = context["folds"]
    whole = set(typed.get("whole", ()))
    ids = {*typed.get("units", ()), *typed.get("elsewhere", "").split()}
    ids |= {unit.id for group in folds.groups if group.id in whole for unit in group.units}
    here = frozenset(unit.id for unit in context["units"] if unit.id in ids)
    some = tuple(sum(unit.id in here for unit in group.units) for group in folds.groups)
    hidden = [
        unit.id
        for group, number in zip(folds.groups, some, strict=True)
        if folds.opened or number < len(group.units)
        for unit in group.units
        if unit.id in here and unit.id not in folds.ids
    ]
    return Choice(here, some, " ".join(hidden), list(_moves(typed, context)) if not context["moving"] else ())


def _moves(typed: Mapping[str, Any], context: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, str]]]:
    language, names = str(get_locale()), dict[str, Place]()
    for unit, to in zip(typed.get("goes", ()), typed.get("to", ()), strict=False):
        if unit or to:
            names = names or {each.id: each for each in (*context["units"], *context["targets"].values())}
            goes, there = (names[id_].called(language) if id_ in names else id_ for id_ in (unit, to))
            yield unit, to, (goes, there)


def read(form: Form, planned: Planned, context: Mapping[str, Any]) -> Outcome:
    """The whole municipality, or chosen units, none that another round asks now; and a reorganisation that comes.

    The fields of the latter are lists of the same length: which unit (`goes`), to which of the targets (`to`).
    """
    units = [unit.id for unit in context["units"]]
    if form.get("part") == "everywhere":
        asked, places = units, [planned.municipality]
    else:
        ids = choice(given(form, LISTS), context).units
        asked = places = [unit for unit in units if unit in ids]
    if form.get("part") not in ("everywhere", "chosen"):
        return {}, {"part": gettext("Say whether the whole municipality is asked, or chosen units.")}
    if not asked:
        return {}, {"part": gettext("Choose at least one unit.")}
    taken = context["taken"]
    if busy := sorted({taken[unit] for unit in asked if unit in taken}):
        why = gettext(
            "Some of these are asked now in “%(round)s”. A person is asked in one round at a time: close that one "
            "first, or leave those units out.",
            round=", ".join(busy),
        )
        return {}, {"part": why}
    moves, errors = _coming(form, units, context["targets"])
    return {"places": places, "coming": moves}, errors


def _coming(form: Form, units: Collection[str], targets: Collection[str]) -> Outcome:
    lines = [(unit, to) for unit, to in zip(form.getlist("goes"), form.getlist("to"), strict=False) if unit or to]
    moves = dict(lines)
    if any(unit not in units or to not in targets or unit == to for unit, to in lines):
        return {}, {"coming": gettext("Choose in each line a unit, and another place where it goes.")}
    if len(moves) < len(lines):
        return {}, {"coming": gettext("The same unit stands in two lines. Take one of them away.")}
    if any(to in moves for to in moves.values()):
        return {}, {"coming": gettext("A unit that others join does not go anywhere itself. Choose where all end up.")}
    return moves, {}
