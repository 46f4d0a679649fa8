"""The measures by whose planned groups of persons a round may be given out, and what that will hide."""

from collections.abc import Sequence

from sqlalchemy import Connection

from reports.measures import keeping
from reports.measures.model import Covers, Measure
from survey.register.tree import Tree
from survey.rounds import coming, hiding, plan
from survey.rounds.hiding import Row
from survey.rounds.plan import Planned


def possible(connection: Connection, planned: Planned) -> list[Measure]:
    """Those of the municipality that cover a group of persons and whose question the round asks."""
    asked = {question.id for question in planned.questionnaire.questions}
    return [
        measure
        for measure in keeping.listed(connection, {planned.municipality})
        if measure.covers is Covers.GROUP
        and measure.questionnaire == planned.questionnaire.id
        and measure.question in asked
    ]


def foreseen(places: Tree, planned: Planned, measures: Sequence[Measure]) -> list[Row]:
    """What the plan's k hides on the tree that the round will be released over."""
    later, units = coming.shown(places, plan.units(places, planned), planned.coming)
    chosen = next((measure for measure in measures if measure.id == planned.measure), None)
    if chosen is None:
        return hiding.foreseen(later, units, planned.k)
    return hiding.foreseen_of_groups(later, units, planned.k, planned.covered or 0, chosen.place)
