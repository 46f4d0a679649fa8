"""How far a round is told back to those who answered: of how many places a page is published, or none is to be."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from reports.release import Release
from reports.wording import gettext
from survey.storage.tables import ToldBack

_DECIDED = (
    select(ToldBack.round, func.count(ToldBack.published).label("published"), func.count().label("decided"))
    .where(or_(ToldBack.published.is_not(None), ToldBack.by != ""))
    .group_by(ToldBack.round)
)


@dataclass(frozen=True)
class Telling:
    """So many pages are published, so many places have one or are to have none, of all those there are."""

    published: int
    decided: int
    places: int

    @property
    def done(self) -> bool:
        return self.decided >= self.places

    def __str__(self) -> str:
        numbers = {"published": self.published, "places": self.places}
        if self.done:
            return gettext("Back to those who answered: %(published)d of %(places)d pages published", **numbers)
        if not self.published:
            return gettext("Not finished: those who answered have not been told")
        return gettext("Not finished: %(published)d of %(places)d pages for those who answered published", **numbers)


def decided(connection: Connection) -> dict[str, tuple[int, int]]:
    """Of each round that has any: how many pages are published, and of how many places that much is decided."""
    return {row.round: (row.published, row.decided) for row in connection.execute(_DECIDED)}


def tellable(release: Release) -> int:
    """Of how many places a page may be published."""
    return sum(node.level != "rest" for node in release.nodes)
