"""Small rounds for the tests of releases, written as a shape: a node's name to its children, or to its people.

{"town": {"a": 6, "home": {"b": 5, "c": 3}}}
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from reports.counts import Counts, LeafCounts, Sides
from reports.disclosure import RoundFacts, TreeNode, disclose
from reports.release import Release
from survey.questionnaire.model import Option, Question, Questionnaire, Scale

Shape = Mapping[str, Any]
Table = Mapping[str, Sides]  # leaf -> what its people answered to one question

FACES = Scale(
    id="faces",
    options=tuple(
        Option(id=f"faces_{value}", text={"nb": text}, value=value)
        for value, text in [(5, "bra"), (3, "midt imellom"), (1, "dårlig")]
    ),
    ladders={2: (5, 1), 3: (5, 3, 1)},
)
FACTS = RoundFacts(
    round="r1",
    title="Høsten 2026",
    audience="resident",
    service_kind="day_centre",
    closed=date(2026, 11, 30),
    k=5,
    b=2,
    simulated=False,
    ways=("self",),
    not_now=0,
)


def asking(*names: str) -> Questionnaire:
    """A questionnaire with these questions, all with faces, and a comment at the end."""
    questions = [Question(id=name, text={"nb": f"Er {name} bra?"}, theme="wellbeing", scale=FACES) for name in names]
    comment = Question(id="comment", text={"nb": "Noe mer?"}, theme="overall", scale=None)
    return Questionnaire(
        id="tiny",
        version=1,
        audience="resident",
        service_kinds=("day_centre",),
        languages=("nb",),
        title={"nb": "Liten"},
        welcome=(),
        questions=(*questions, comment),
    )


def tree_of(shape: Shape) -> list[TreeNode]:
    """The shape's nodes; twice as many are invited as answered, and one code a leaf is voided."""
    return list(_nodes(shape, None, 0))


def _nodes(shape: Shape, parent: str | None, depth: int) -> Iterator[TreeNode]:
    for name, below in shape.items():
        level = ("municipality", "service", "division")[min(depth, 2)] if isinstance(below, Mapping) else "unit"
        node = TreeNode(id=name, level=level, parent=parent, name={"nb": name.title()})
        if isinstance(below, Mapping):
            yield node
            yield from _nodes(below, name, depth + 1)
        else:
            yield replace(node, invited=2 * below, voided=1)


def leaves_of(shape: Shape) -> dict[str, int]:
    """Leaf -> how many answered there."""
    leaves: dict[str, int] = {}
    for name, below in shape.items():
        leaves.update(leaves_of(below) if isinstance(below, Mapping) else {name: below})
    return leaves


def release_of(
    shape: Shape,
    tables: Sequence[Table],
    k: int = 5,
    b: int = 2,
    passes: Callable[[Release], bool] | None = None,
) -> Release:
    """The release of a round in which question number i (named by i, from 0) was answered as tables[i] says."""
    leaves = {
        leaf: LeafCounts(n, {str(i): table[leaf] for i, table in enumerate(tables)})
        for leaf, n in leaves_of(shape).items()
    }
    people = sum(leaf.n for leaf in leaves.values())
    counts = Counts(leaves=leaves, ways={"self": people}, support={"none": people}, by_other=0)
    questionnaire = asking(*map(str, range(len(tables))))
    return disclose(replace(FACTS, k=k, b=b), questionnaire, tree_of(shape), counts, passes)
