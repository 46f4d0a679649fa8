"""A round's plan: read, changed while the round is planned, and what it still lacks."""

import calendar
import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from survey.questionnaire.loading import dump, restore
from survey.questionnaire.local import local_questions
from survey.questionnaire.model import Questionnaire
from survey.register.tree import Place, Tree
from survey.rounds import planning
from survey.rounds.planning import RoundError
from survey.storage.engine import seize
from survey.storage.stamped import REPORTS, memory, remembered
from survey.storage.tables import Batch, MeasureRound, Noted, Plan, Round, RoundHelper

STEPS = ("who", "questions", "where", "how", "groups", "anonymity", "decision", "dates")
UNITS_KEPT = 64  # lists of the units that are asked, while the register stands as it is
REPEATS = (0, 3, 6, 12, 24, 36)  # months

_OF_ROUND = (
    Round.title,
    Round.audience,
    Round.service_kind,
    Round.municipality,
    Round.state,
    Round.questionnaire,
    Round.k,
    Round.b,
    Round.keep_unfinished,
)
EMPTY: Mapping[str, Any] = {
    "places": [],
    "ways": [],
    "helped": None,
    "decision": "",
    "leader": "",
    "retention": "",
    "opens": None,
    "closes": None,
    "repeat": 0,
    "measure": None,
    "covering": "",
    "covered": None,
    "coming": {},
    "view_of": None,
    "view_called": {},
}
_READ = (
    select(*_OF_ROUND, Plan.round, *(getattr(Plan, name) for name in EMPTY))
    .join_from(Round, Plan, isouter=True)
    .where(Round.id == bindparam("round"))
)
_SCOPE = select(Plan.places, Plan.measure, Plan.covering).where(Plan.round == bindparam("round"))
_HELD = select(Round.state, Plan.round).join_from(Round, Plan, isouter=True).where(Round.id == bindparam("round"))
_BESIDE = (
    select(Round.id, Round.title, Plan.places)
    .join_from(Round, Plan, isouter=True)
    .where(
        Round.id != bindparam("round"),
        Round.municipality == bindparam("municipality"),
        Round.audience == bindparam("audience"),
        Round.service_kind == bindparam("service_kind"),
        Round.state.in_(("open", "closing")),
    )
)
_ASKED = select(Batch.unit, Batch.round).where(Batch.round.in_(bindparam("rounds", expanding=True))).distinct()


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A round's plan as it stands; `places` are ids of the register, `repeat` months, 0: once.

    `measure`: the one whose planned group of persons the codes are given out by, about `covered` of them; `covering`
    says who they are. `coming`: see `rounds.coming`.

    `view_of` is the measure that people's view is asked of, `view_called` what the questions call it, by language.
    """

    id: str
    title: str
    audience: str
    service_kind: str
    municipality: str
    state: str
    questionnaire: Questionnaire
    k: int
    b: int
    keep_unfinished: bool
    places: list[str]
    ways: list[str]
    helped: int | None
    decision: str
    leader: str
    retention: str
    opens: dt.date | None
    closes: dt.date | None
    repeat: int
    measure: str | None
    covering: str
    covered: int | None
    coming: Mapping[str, str]
    view_of: str | None
    view_called: Mapping[str, str]

    def lacks(self) -> list[str]:
        """The steps that must be done before the round can open."""
        said = {
            "where": self.places,
            "how": self.ways,
            "anonymity": self.helped is not None,
            "decision": self.decision and self.leader and self.retention,
            "dates": self.opens and self.closes,
        }
        return [step for step in STEPS if not said.get(step, True)]

    def next_step(self) -> str | None:
        """The first that is not done. Whether there are questions of its own is asked before where they are asked."""
        lacking = next(iter(self.lacks()), None)
        return "questions" if lacking == "where" and not local_questions(self.questionnaire) else lacking


def read(connection: Connection, round_id: str) -> Planned:
    """The plan of a round that is there; outside a transaction it is remembered, and nobody may change it."""

    def read_now() -> Planned:
        row = dict(connection.execute(_READ, {"round": round_id}).mappings().one())
        if row.pop("round") is None:
            row |= EMPTY
        return Planned(**{**row, "id": round_id, "questionnaire": restore(row["questionnaire"])})

    return remembered(memory(connection, REPORTS), ("plan", round_id), read_now)


@dataclass(frozen=True)
class Scope:
    """Whom a round asks: at the places that its plan names (none: nothing was said, so all of them), in which groups.

    `measure` and `covering` as in Planned; no measure: the round has no groups, or they are not planned.
    """

    places: Sequence[str] = ()
    measure: str | None = None
    covering: str = ""

    @property
    def grouped(self) -> bool:
        """Whether every code is given out to one of the measure's groups."""
        return self.measure is not None


def scope_of(connection: Connection, round_id: str) -> Scope:
    """The scope of a round."""

    def read() -> Scope:
        row = connection.execute(_SCOPE, {"round": round_id}).first()
        return Scope(*row) if row else Scope()

    return remembered(memory(connection, REPORTS), ("scope", round_id), read)


def change(connection: Connection, round_id: str, changes: Mapping[str, Any]) -> None:
    """Change some of it, by the names of Planned.

    Raises: RoundError where the round is no longer planned.
    """
    _hold(connection, round_id, "planned")
    of_round = {name: value for name, value in changes.items() if name not in EMPTY}
    if "questionnaire" in of_round:
        of_round["questionnaire"] = dump(of_round["questionnaire"])
    if of_round:
        connection.execute(update(Round).where(Round.id == round_id).values(**of_round))
    _keep(connection, round_id, {name: value for name, value in changes.items() if name in EMPTY})
    if "measure" in changes:  # whose page then reads the round
        connection.execute(delete(MeasureRound).where(MeasureRound.round == round_id))
        if changes["measure"]:
            connection.execute(insert(MeasureRound), {"measure": changes["measure"], "round": round_id})


def again(connection: Connection, planned: Planned) -> str:
    """A new round planned as this one was, its dates moved on by the repetition (a year where there is none).

    A year in its title moves on with its first day, so that two rounds are not called the same.
    """
    months = planned.repeat or 12
    kept = ("title", "audience", "municipality", "questionnaire", "service_kind", "k", "b", "keep_unfinished")
    copied = {name: getattr(planned, name) for name in kept}
    if planned.opens:
        years = later(planned.opens, months).year - planned.opens.year
        copied["title"] = re.sub(r"\b20\d\d\b", lambda year: str(int(year[0]) + years), planned.title)
    round_id = planning.add(connection, **copied)
    moved = {name: day and later(day, months) for name in ("opens", "closes") for day in (getattr(planned, name),)}
    kept_in_plan = {name: getattr(planned, name) for name in EMPTY} | {"coming": {}}  # a reorganisation comes once
    change(connection, round_id, kept_in_plan | moved)
    return round_id


def later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return dt.date(day.year + years, month + 1, min(day.day, last))


def extend(connection: Connection, round_id: str, closes: dt.date) -> None:
    """Put off the closing day of an open round.

    Raises: RoundError where the round is not open.
    """
    _hold(connection, round_id, "open")
    _keep(connection, round_id, {"closes": closes})


def throw_away(connection: Connection, round_id: str) -> None:
    """A planned round is gone, with all that was noted for it.

    Raises: RoundError where it is no longer planned.
    """
    _hold(connection, round_id, "planned")
    for table in (Noted, RoundHelper, MeasureRound):
        connection.execute(delete(table).where(table.round == round_id))
    connection.execute(delete(Round).where(Round.id == round_id))  # its plan, days and errand go with it


def _hold(connection: Connection, round_id: str, state: str) -> None:
    """The plan's row is there, and the round stays in this state until the transaction ends."""
    seize(connection, round_id)
    found = connection.execute(_HELD, {"round": round_id}).one()
    if found.state != state:
        raise RoundError(f"The round is {found.state}, no longer {state}.")
    if found.round is None:
        connection.execute(insert(Plan), {**EMPTY, "round": round_id})


def _keep(connection: Connection, round_id: str, values: Mapping[str, Any]) -> None:
    if values:
        connection.execute(update(Plan).where(Plan.round == round_id).values(**values))


def units(places: Tree, planned: Planned) -> tuple[Place, ...]:
    """The units that are asked; those the register has no longer are left out."""
    return asked_units(places, planned.service_kind, planned.places) if planned.places else ()


def asked_units(places: Tree, service_kind: str, planned: Collection[str]) -> tuple[Place, ...]:
    """The units of a round, by name: those at the places of its plan; where it says none, all of its kind."""
    return _asked_units(places, service_kind, tuple(planned))


@lru_cache(UNITS_KEPT)
def _asked_units(places: Tree, service_kind: str, planned: tuple[str, ...]) -> tuple[Place, ...]:
    units = possible_units(places, service_kind)
    return tuple(_within(places, units, planned)) if planned else units


@lru_cache(UNITS_KEPT)
def possible_units(places: Tree, service_kind: str) -> tuple[Place, ...]:
    """The units of one kind of service."""
    return tuple(unit for unit in places.units() if unit.service_kind == service_kind)


def beside(connection: Connection, planned: Planned) -> Sequence[Any]:
    """Other open rounds that ask the same people about the same kind of service: their id, title and places."""
    key = ("municipality", "audience", "service_kind")
    return connection.execute(_BESIDE, {"round": planned.id} | {name: getattr(planned, name) for name in key}).all()


def asked_elsewhere(
    connection: Connection, register: Tree, rounds: Sequence[Any], units: Sequence[Place]
) -> dict[str, str]:
    """Those of the units that one of the rounds beside asks already: unit -> its title."""
    if not rounds or not units:
        return {}
    titles = {row.id: row.title for row in rounds}
    found = {
        unit.id: row.title for row in rounds for unit in (_within(register, units, row.places) if row.places else ())
    }
    if len(found) == len(units):
        return found
    ids = {unit.id for unit in units}
    asked = connection.execute(_ASKED, {"rounds": list(titles)}).all()
    return found | {row.unit: titles[row.round] for row in asked if row.unit in ids}


def _within(places: Tree, units: Sequence[Place], planned: Collection[str]) -> Sequence[Place]:
    """Those of the units that lie at one of these places."""
    if places.root.id in planned:
        return units
    ids = set(planned)
    return [unit for unit in units if any(place.id in ids for place in places.path(unit.id))]
