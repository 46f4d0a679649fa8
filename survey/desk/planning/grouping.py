"""The measures by whose planned groups of persons a round may be given out, and what that will hide."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection

from reports.measures import keeping
from reports.measures.model import Covers, Measure
from survey.register.tree import Tree
from survey.rounds import coming, hiding, plan
from survey.rounds.hiding import Foreseen
from survey.rounds.plan import Planned

FORESEEN_KEPT = 32  # of about 50 kB for 200 units


def possible(connection: Connection, planned: Planned) -> list[Measure]:
    """Those of the municipality that cover a group of persons and whose question the round asks."""
    asked = {question.id for question in planned.questionnaire.questions}
    return [
        measure
        for measure in keeping.listed(connection, {planned.municipality}, Covers.GROUP)
        if measure.questionnaire == planned.questionnaire.id and measure.question in asked
    ]


def foreseen(places: Tree, planned: Planned, measures: Sequence[Measure]) -> Foreseen:
    """What the plan's k hides on the tree that the round will be released over."""
    chosen = next((measure for measure in measures if measure.id == planned.measure), None)
    return _foreseen(
        places,
        planned.service_kind,
        tuple(planned.places),
        tuple(planned.coming.items()),
        planned.k,
        (planned.covered or 0, chosen.place) if chosen else None,
    )


@lru_cache(FORESEEN_KEPT)
def _foreseen(
    places: Tree,
    service_kind: str,
    asked: tuple[str, ...],
    moves: tuple[tuple[str, str], ...],
    k: int,
    group: tuple[int, str] | None,
) -> Foreseen:
    """The same tree, while the register stands as it is, is the same object."""
    units = plan.asked_units(places, service_kind, asked) if asked else ()
    later, there = coming.shown(places, units, dict(moves))
    if group is None:
        return hiding.foreseen(later, there, k)
    return hiding.foreseen_of_groups(later, there, k, *group)
