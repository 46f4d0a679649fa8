"""Releases as the reports read them: found by round, read and checked once, rendered once.

A release never changes, so what was made of it under its hash stays true. No table is read here but `release`, which
municipality's a round was, and for those who read a part of it what lies under their places.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from reports.parts import part_of
from reports.release import Release, verified
from reports.views import Report
from survey.register.tree import subtree
from survey.staff.guard import OfMunicipality
from survey.storage.engine import Database
from survey.storage.tables import Release as ReleaseRow
from survey.storage.tables import Round

RELEASES_KEPT, PAGES_KEPT = 32, 300  # a page is about 100 kB
ROUNDS_BACK = 8  # how many earlier rounds a trend looks at: two years of quarters


@dataclass(frozen=True)
class Found(OfMunicipality):
    """A round that has been released."""

    round: str
    municipality: str
    sha256: str


_HEAD = (
    select(ReleaseRow.round, Round.municipality, ReleaseRow.sha256)
    .join_from(ReleaseRow, Round)
    .where(Round.state.in_(("released", "destroyed")))
)
_ONE = _HEAD.where(ReleaseRow.round == bindparam("round"))
_OF_MUNICIPALITIES = _HEAD.where(Round.municipality.in_(bindparam("municipalities", expanding=True))).order_by(
    Round.closed.desc(), Round.title, ReleaseRow.round
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
    .order_by(Round.closed.desc(), ReleaseRow.round)
    .limit(ROUNDS_BACK)
)
_BESIDE = (
    _HEAD.add_columns(Round.audience, Round.service_kind)
    .join(_this, _this.id == bindparam("round"))
    .where(
        Round.municipality == _this.municipality,
        Round.simulated == _this.simulated,
        (Round.audience == _this.audience) != (Round.service_kind == _this.service_kind),
    )
    .order_by(Round.closed.desc(), ReleaseRow.round)
)
_ARTEFACT = select(ReleaseRow.artefact).where(ReleaseRow.sha256 == bindparam("sha256"))


class Shelf:
    """What this process has read and rendered."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found: dict[str, Found] = {}
        self._pages: dict[Hashable, str] = {}
        self.release = lru_cache(RELEASES_KEPT)(self._read)
        self.report = lru_cache(RELEASES_KEPT)(self._report)

    def find(self, round_id: str) -> Found | None:
        """The round's release; None if there is none yet."""
        if round_id not in self._found:
            with self._database.reading() as connection:
                row = connection.execute(_ONE, {"round": round_id}).first()
            if row is None:
                return None
            self._found[round_id] = Found(*row)
        return self._found[round_id]

    def of(self, municipalities: Collection[str]) -> list[Found]:
        """The municipalities' releases, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_MUNICIPALITIES, {"municipalities": list(municipalities)}).all()
        return [Found(*row) for row in rows]

    def before(self, found: Found) -> list[Found]:
        """The releases before this one that asked the same kind of people about the same kind of service."""
        with self._database.reading() as connection:
            return [Found(*row) for row in connection.execute(_BEFORE, {"round": found.round}).all()]

    def beside(self, found: Found) -> list[Found]:
        """The newest release of each other kind of people on the same service, and of other services by the same."""
        with self._database.reading() as connection:
            rows = connection.execute(_BESIDE, {"round": found.round}).all()
        newest = {(row.audience, row.service_kind): Found(*row[:3]) for row in reversed(rows)}
        return [newest[key] for key in sorted(newest)]

    def page(self, key: Hashable, render: Callable[[], str]) -> str:
        """A page that follows from its key."""
        if key not in self._pages:
            if len(self._pages) >= PAGES_KEPT:
                self._pages.clear()
            self._pages[key] = render()
        return self._pages[key]

    def parts(self, found: Found, places: Collection[str]) -> tuple[frozenset[str], Release] | None:
        """What a release says of these places and all under them, and which these are; None: they were not asked."""
        with self._database.reading() as connection:
            own = frozenset(place.id for top in places for place in subtree(connection, top))
        part = part_of(self.release(found.sha256), own)
        return (own, part) if part else None

    def _report(self, found: Found, language: str) -> Report:
        return Report(self.release(found.sha256), language)

    def _read(self, sha256: str) -> Release:
        """Raises: ReleaseError where what is stored is not what was released."""
        with self._database.reading() as connection:
            return verified(connection.execute(_ARTEFACT, {"sha256": sha256}).scalar_one(), sha256)
