"""Earlier surveys' numbers in the database. Whatever changes one is written to the log in the same transaction."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from reports.earlier import Earlier
from survey.staff import audit
from survey.staff.audit import Action
from survey.storage.reported import EarlierResult
from survey.storage.tables import Node

_ALL = select(EarlierResult.__table__).order_by(
    EarlierResult.year.desc(), EarlierResult.survey, EarlierResult.theme, EarlierResult.counts, EarlierResult.id
)
_ONE = _ALL.where(EarlierResult.id == bindparam("earlier"))
_OF_MUNICIPALITY = _ALL.where(EarlierResult.municipality == bindparam("municipality"))
_under = select(Node.id).where(Node.id.in_(bindparam("places", expanding=True))).cte("under", recursive=True)
_under = _under.union(select(Node.id).join(_under, Node.parent == _under.c.id))
_AT_PLACES = _ALL.where(EarlierResult.place.in_(select(_under.c.id)))


def find(connection: Connection, earlier_id: str) -> Earlier | None:
    """One number."""
    return next(map(_read, connection.execute(_ONE, {"earlier": earlier_id})), None)


def of_municipality(connection: Connection, municipality: str) -> tuple[Earlier, ...]:
    """All numbers of a municipality and the places in it, the newest first."""
    return tuple(map(_read, connection.execute(_OF_MUNICIPALITY, {"municipality": municipality})))


def listed(connection: Connection, places: Collection[str]) -> list[Earlier]:
    """The numbers of these places and those under them, the newest first."""
    return list(map(_read, connection.execute(_AT_PLACES, {"places": list(places)})))


def keep(connection: Connection, municipality: str, numbers: Iterable[Earlier], who: str) -> None:
    """Keep new numbers of one municipality."""
    rows = [_row(one) | {"municipality": municipality} for one in numbers]
    connection.execute(insert(EarlierResult), rows)
    about = ", ".join(sorted({f"{row['survey']} {row['year']}" for row in rows}))
    audit.note(connection, who, Action.EARLIER_KEPT, place=municipality, about=f"{about}: {len(rows)}")


def change(connection: Connection, municipality: str, now: Earlier, who: str) -> None:
    """Keep a number as it is now."""
    values = {name: value for name, value in _row(now).items() if name != "id"}
    connection.execute(update(EarlierResult).where(EarlierResult.id == now.id).values(values))
    audit.note(connection, who, Action.EARLIER_CHANGED, place=municipality, about=_called(now))


def take_away(connection: Connection, municipality: str, gone: Earlier, who: str) -> None:
    """Forget a number."""
    connection.execute(delete(EarlierResult).where(EarlierResult.id == gone.id))
    audit.note(connection, who, Action.EARLIER_TAKEN_AWAY, place=municipality, about=_called(gone))


def _called(one: Earlier) -> str:
    return f"{one.survey} {one.year}, {one.theme}"


def _row(one: Earlier) -> dict[str, Any]:
    lowest, highest = one.scale or (None, None)
    return {name: value for name, value in vars(one).items() if name != "scale"} | {
        "lowest": lowest,
        "highest": highest,
    }


def _read(row: Row[Any]) -> Earlier:
    kept = row._asdict()
    lowest, highest, _ = kept.pop("lowest"), kept.pop("highest"), kept.pop("municipality")
    return Earlier(**kept, scale=None if lowest is None else (lowest, highest))
