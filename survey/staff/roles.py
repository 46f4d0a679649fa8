"""The roles, each bound to a place in the register and to all under it, and where they end: nobody takes answers home.

A place is told by its way: the ids from the municipality down to it, as `("4601", "4601-dag", "fana")`.
"""

from collections.abc import Collection

ADMINISTRATOR = "administrator"
ROUND_LEADER = "round_leader"
FACILITATOR = "facilitator"
INTERVIEWER = "interviewer"
TYPIST = "typist"
UNIT_LEADER = "unit_leader"
QUALITY_ADVISER = "quality_adviser"
READER = "reader"
ROLES = (ADMINISTRATOR, ROUND_LEADER, FACILITATOR, INTERVIEWER, TYPIST, UNIT_LEADER, QUALITY_ADVISER, READER)
ENDING = frozenset((FACILITATOR, INTERVIEWER, TYPIST))  # somewhere, for who works there

Way = tuple[str, ...]


def holds(roles: Collection[tuple[str, str]], works: Collection[Way], asked: Collection[str], way: Way) -> bool:
    """Whether who has these roles, as (role, node), and works at these places has one of the asked ones at a place."""
    return any(
        role in asked and node in way and not any(barred(role, way, work) for work in works) for role, node in roles
    )


def barred(role: str, way: Way, work: Way) -> bool:
    """Whether a role ends at a place because its holder works there.

    A facilitator brings no tablet to a unit of their own; who interviews or types does not belong to the service
    whose answers they take.
    """
    if role == FACILITATOR:
        return works_in(way, work)
    if role in (INTERVIEWER, TYPIST):
        return len(work) > 1 and work[:2] == way[:2]
    return False


def works_in(way: Way, work: Way) -> bool:
    """Whether who works at `work` belongs to a unit: works in it, or leads a division that it is in."""
    return len(work) > 2 and way[: len(work)] == work
