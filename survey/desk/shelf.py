"""Releases as the reports read them: found by round, read and checked once, rendered once.

A release never changes, so what was made of it under its hash stays true. No table is read here but `release`, and
which municipality's a round was; which releases there are is remembered until the database says that it has changed.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.orm import aliased

from reports.measures.effect import Effect
from reports.parts import part_of
from reports.release import Release, kept, untouched
from reports.views import Place, Report
from survey.desk.telling import tellable
from survey.kept import Kept
from survey.register.changes import slug
from survey.staff.guard import OfMunicipality
from survey.storage.engine import Database
from survey.storage.tables import Release as ReleaseRow
from survey.storage.tables import Round

# What one process keeps at most. A place of a release takes about 10 kB, and as much again in each language it is read.
PLACES_KEPT = 50_000
BYTES_KEPT = 30_000_000  # of pages
EFFECTS_KEPT = 500
HEADS_KEPT = 2000  # of less than 1 kB
ROUNDS_BACK = 8  # how many earlier rounds a trend looks at: two years of quarters


@dataclass(frozen=True)
class Found(OfMunicipality):
    """A round that has been released."""

    round: str
    municipality: str
    sha256: str


@dataclass(frozen=True)
class Head:
    """What stands of a release in a list; `place` is where its reader begins, None: too few answered.

    `places`: of how many a page may be published for those who answered.
    """

    title: str
    audience: str
    service_kind: str
    closed: str
    simulated: bool
    audit: str
    k: int
    place: Place | None
    places: int


_HEAD = select(Round.id).where(Round.state.in_(("released", "destroyed")))
_ONE = _HEAD.where(Round.id == bindparam("round"))
_OF_MUNICIPALITIES = _HEAD.where(Round.municipality.in_(bindparam("municipalities", expanding=True))).order_by(
    Round.closed.desc(), Round.title, Round.id
)
_this = aliased(Round)
_BEFORE = (
    _HEAD.join(_this, _this.id == bindparam("round"))
    .where(
        Round.municipality == _this.municipality,
        Round.audience == _this.audience,
        Round.service_kind == _this.service_kind,
        Round.closed < _this.closed,
    )
    .order_by(Round.closed.desc(), Round.id)
    .limit(ROUNDS_BACK)
)
# SQLite reads all of a release to come to its hash: once in a process.
_HASHES = (
    select(ReleaseRow.round, Round.municipality, ReleaseRow.sha256)
    .join_from(ReleaseRow, Round)
    .where(ReleaseRow.round.in_(bindparam("rounds", expanding=True)))
)
_BESIDE = (
    _HEAD.add_columns(Round.audience, Round.service_kind)
    .join(_this, _this.id == bindparam("round"))
    .where(
        Round.municipality == _this.municipality,
        Round.simulated == _this.simulated,
        (Round.audience == _this.audience) != (Round.service_kind == _this.service_kind),
    )
    .order_by(Round.closed.desc(), Round.id)
)
_ARTEFACT = select(ReleaseRow.artefact).where(ReleaseRow.sha256 == bindparam("sha256"))


class Shelf:
    """What this process has read and rendered."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found: dict[str, Found] = {}
        self._pages: Kept[list[bytes]] = Kept(BYTES_KEPT, lambda pieces: sum(map(len, pieces)))
        self._releases: Kept[Release] = Kept(PLACES_KEPT, lambda release: len(release.nodes) + 1)
        self._reports: Kept[Report | None] = Kept(PLACES_KEPT, lambda report: len(report.places) + 1 if report else 1)
        self.effects: Kept[tuple[str | None, Effect]] = Kept(EFFECTS_KEPT, lambda _read: 1)  # of measures
        self.head = lru_cache(HEADS_KEPT)(self._head)
        self.title = lru_cache(HEADS_KEPT)(lambda sha256: self.release(sha256).title)

    def find(self, round_id: str) -> Found | None:
        """The round's release; None if there is none yet."""
        if round_id in self._found:
            return self._found[round_id]
        return next(iter(self._all("one", _ONE, {"round": round_id})), None)

    def of(self, municipalities: Collection[str]) -> list[Found]:
        """The municipalities' releases, the newest first."""
        return self._all("of", _OF_MUNICIPALITIES, {"municipalities": tuple(sorted(municipalities))})

    def before(self, found: Found) -> list[Found]:
        """The releases before this one that asked the same kind of people about the same kind of service."""
        return self._all("before", _BEFORE, {"round": found.round})

    def page(self, key: Hashable, render: Callable[[], str], cut: str) -> list[bytes]:
        """A page that follows from its key, in the pieces that it has between each two `cut`s."""
        return self._pages.get(key, lambda: [piece.encode() for piece in render().split(cut)])

    def release(self, sha256: str) -> Release:
        """Raises: ReleaseError where what is stored is not what was released."""
        return self._releases.get(sha256, lambda: self._read(sha256))

    def report(self, found: Found, language: str, own: frozenset[str] | None = None) -> Report | None:
        """What a release says of these places, each of them named, or of all (None). None: none of them was asked."""

        def read() -> Report | None:
            release = self.release(found.sha256)
            part = release if own is None else part_of(release, own)
            return Report(part, language) if part else None

        return self._reports.get((found.sha256, own, language), read)

    def _all(self, name: str, rounds: Select[Any], asked: Mapping[str, Hashable]) -> list[Found]:
        def read(connection: Connection) -> list[Found]:
            return self._known(connection.execute(rounds, asked).scalars().all())

        return list(self._database.remembered((name, *asked.values()), read))

    def _known(self, ids: Sequence[str]) -> list[Found]:
        if unknown := [id_ for id_ in ids if id_ not in self._found]:
            with self._database.reading() as connection:
                self._found |= {row.round: Found(*row) for row in connection.execute(_HASHES, {"rounds": unknown})}
        return [self._found[id_] for id_ in ids if id_ in self._found]

    def _head(self, found: Found, own: frozenset[str] | None, language: str) -> Head | None:
        """What stands of a release in a list, to who reads all of it (None) or these places; None: nothing of it."""
        report = self.report(found, language, own)
        if report is None:
            return None
        told = {name: getattr(report.release, name) for name in Head.__dataclass_fields__ if "place" not in name}
        return Head(**told, place=first(own or frozenset(), report), places=tellable(report.release))

    def beside(self, found: Found) -> list[Found]:
        """The newest release of each other kind of people on the same service, and of other services by the same."""

        def read(connection: Connection) -> list[Found]:
            rows = connection.execute(_BESIDE, {"round": found.round}).all()
            newest = {(row.audience, row.service_kind): row.id for row in reversed(rows)}
            known = {each.round: each for each in self._known(list(newest.values()))}
            return [known[newest[key]] for key in sorted(newest) if newest[key] in known]

        return list(self._database.remembered(("beside", found.round), read))

    def text(self, sha256: str) -> str:
        """The release's canonical text, as it was hashed; raises as `release`."""
        return untouched(self._artefact(sha256), sha256)

    def _read(self, sha256: str) -> Release:
        return kept(self._artefact(sha256), sha256)

    def _artefact(self, sha256: str) -> str:
        with self._database.reading() as connection:
            return str(connection.execute(_ARTEFACT, {"sha256": sha256}).scalar_one())


def file_name(release: Release, ending: str, *about: str) -> str:
    """What a file of a release is called: what it is about, the round, and the day it closed."""
    return f"{'-'.join(filter(None, map(slug, (*about, release.title, release.closed))))}.{ending}"


def first(own: frozenset[str], report: Report) -> Place | None:
    """Where a reader begins: the first of their own places that is shown, else the whole of what they read."""
    return next((place for place in report.places.values() if place.id in own), report.top)
