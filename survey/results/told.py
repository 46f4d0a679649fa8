"""What is told back of a round and a place: which facts, and the lines that staff wrote. Drafts, and what is published.

A published page stands as it was approved until another is; a draft beside it changes nothing for its readers.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from survey.storage.tables import Round, ToldBack

Lines = Mapping[str, Sequence[str]]  # language -> one sentence or two each


@dataclass(frozen=True)
class Content:
    """The facts as (question, end), and what staff will do and did, by language."""

    facts: Sequence[Sequence[str]] = ()
    will: Lines = field(default_factory=dict)
    did: Lines = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Where it can be read whole: what is written in one language stands in it too."""
        most = max((self._size(language) for language in self.will), default=(0, 0))
        return tuple(language for language in self.will if self._size(language) == most)

    def lines(self, language: str) -> list[str]:
        """Everything that staff wrote in a language."""
        return [*self.will.get(language, ()), *self.did.get(language, ())]

    def _size(self, language: str) -> tuple[int, int]:
        return len(self.will.get(language, ())), len(self.did.get(language, ()))


@dataclass(frozen=True)
class Told:
    """A place of a release: what is being written, and what is published, by whom and since when.

    With somebody's name and nothing published, they have decided that the place gets no page.
    """

    round: str
    node: str
    draft: Content
    published: Content | None
    by: str
    on: dt.date | None

    @property
    def left_out(self) -> bool:
        """Whether it is decided that the place gets no page."""
        return self.published is None and bool(self.by)


_ALL = select(ToldBack).where(ToldBack.round == bindparam("round"))
_ONE = _ALL.where(ToldBack.node == bindparam("node"))
_LIST = (
    select(ToldBack.round, ToldBack.node, Round.title, Round.closed)
    .join_from(ToldBack, Round)
    .where(ToldBack.published.is_not(None))
    .order_by(Round.closed.desc(), Round.title, ToldBack.node)
)


def find(connection: Connection, round_id: str, node: str) -> Told | None:
    """What is told of a place; None: nobody has written anything yet."""
    row = connection.execute(_ONE, {"round": round_id, "node": node}).first()
    return _told(row) if row else None


def of_round(connection: Connection, round_id: str) -> dict[str, Told]:
    """The same for every place of a release that has been written about."""
    return {row.node: _told(row) for row in connection.execute(_ALL, {"round": round_id})}


def published(connection: Connection) -> list[Row[Any]]:
    """Every page that can be read, as (round, node, title, closed), the newest round first."""
    return list(connection.execute(_LIST))


def every(connection: Connection) -> list[Content]:
    """Whatever is written or published, of every round."""
    rows = connection.execute(select(ToldBack.draft, ToldBack.published))
    return [Content(**content) for row in rows for content in row if content]


def save(connection: Connection, round_id: str, node: str, draft: Content) -> None:
    """Keep a draft. A place that was to have no page may have one after all."""
    place = ToldBack.round == round_id, ToldBack.node == node
    if not connection.execute(update(ToldBack).where(*place).values(draft=asdict(draft))).rowcount:
        connection.execute(insert(ToldBack).values(round=round_id, node=node, by="", draft=asdict(draft)))
    connection.execute(update(ToldBack).where(*place, ToldBack.published.is_(None)).values(by="", on=None))


def leave_out(connection: Connection, round_id: str, nodes: Sequence[str], by: str, on: dt.date) -> list[str]:
    """Decide that these places get no page; what is published or decided stays. Returns those it was decided of."""
    kept = of_round(connection, round_id)
    left = [node for node in nodes if node not in kept or not (kept[node].published or kept[node].left_out)]
    for node in left:
        if node not in kept:
            save(connection, round_id, node, Content())
        place = ToldBack.round == round_id, ToldBack.node == node
        connection.execute(update(ToldBack).where(*place).values(by=by, on=on))
    return left


def publish(connection: Connection, told: Told, by: str, on: dt.date) -> None:
    """From now on everybody reads the draft."""
    _set(connection, told, published=asdict(told.draft), by=by, on=on)


def withdraw(connection: Connection, told: Told) -> None:
    """Nobody can read it any more; the draft stays."""
    _set(connection, told, published=None, by="", on=None)


def _set(connection: Connection, told: Told, **values: Any) -> None:
    connection.execute(update(ToldBack).where(ToldBack.round == told.round, ToldBack.node == told.node).values(values))


def _told(row: Row[Any]) -> Told:
    return Told(
        round=row.round,
        node=row.node,
        draft=Content(**row.draft),
        published=Content(**row.published) if row.published else None,
        by=row.by,
        on=row.on,
    )
