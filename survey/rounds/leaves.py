"""The tree a round is released over: the register's places that were asked, or their services' planned groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from reports.disclosure import TreeNode
from survey.register import tree as register
from survey.rounds import coming
from survey.storage.tables import Batch, Plan

_COMING = select(Plan.coming).where(Plan.round == bindparam("round"))

GROUP_NAMES = {
    "covered": {"nb": "Omfattet av tiltaket", "nn": "Omfatta av tiltaket", "en": "Covered by the measure"},
    "not_covered": {
        "nb": "Ikke omfattet av tiltaket",
        "nn": "Ikkje omfatta av tiltaket",
        "en": "Not covered by the measure",
    },
}


@dataclass(frozen=True)
class Asked:
    """The nodes of a round, the leaf each batch belongs to, and the ways its codes were issued for."""

    nodes: Sequence[TreeNode]
    leaf_of: Mapping[str, str]
    ways: Sequence[str]


def asked(connection: Connection, round_id: str, municipality: str) -> Asked:
    """Who was asked where, as the plan has it: today or after a reorganisation. A unit without codes is not part."""
    today = register.subtree(connection, municipality)
    to = connection.execute(_COMING, {"round": round_id}).scalar() or {}
    places = coming.as_it_will_be(today, to)
    nodes: dict[str, TreeNode] = {}
    numbers: dict[str, tuple[int, int]] = {}
    leaf_of: dict[str, str] = {}
    ways: set[str] = set()
    for batch in connection.execute(select(Batch).where(Batch.round == round_id).order_by(Batch.id)):
        ways.add(batch.way)
        way_down = places.path(coming.leaf(batch.unit, to, today))
        if batch.group:
            way_down = way_down[:2]
        for place in way_down:
            nodes[place.id] = TreeNode(id=place.id, level=place.level, parent=place.parent, name=place.name)
        leaf = way_down[-1].id
        if batch.group:
            parent, leaf = leaf, f"{leaf}-{batch.group}"
            nodes[leaf] = TreeNode(id=leaf, level="group", parent=parent, name=GROUP_NAMES[batch.group])
        leaf_of[batch.id] = leaf
        invited, voided = numbers.get(leaf, (0, 0))
        numbers[leaf] = (invited + batch.issued - batch.voided, voided + batch.voided)
    if not nodes:
        root = places.root
        nodes[root.id] = TreeNode(id=root.id, level=root.level, parent=None, name=root.name)
    for leaf, (invited, voided) in numbers.items():
        node = nodes[leaf]
        nodes[leaf] = TreeNode(
            id=leaf, level=node.level, parent=node.parent, name=node.name, invited=invited, voided=voided
        )
    return Asked(list(nodes.values()), leaf_of, sorted(ways))
