"""What a round's k will hide, on the very tree it asks, if so and so many answer. The rule is the release's own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reports.disclosure import TreeNode, where_each_would_stand
from survey.kept import Unchanging
from survey.register.tree import Place, Tree
from survey.rounds.leaves import GROUP_NAMES

LEAVES = ("unit", "group")
SHARES = (22, 55)  # per cent who answer: relatives by letter in one municipality; about every second resident


@dataclass(frozen=True)
class Row:
    """A place, how deep it lies, its people, and where it would stand at each share: (how many answer, standing)."""

    place: Place
    depth: int
    people: int
    at: tuple[tuple[int, str], ...]


@dataclass(frozen=True, eq=False)
class Foreseen(Unchanging):
    """Every place that is asked, parents first; share -> how many units (or groups) are shown by themselves, of all."""

    rows: Sequence[Row] = ()
    whole: Mapping[int, tuple[int, int]] = field(default_factory=dict)


def foreseen(places: Tree, units: Sequence[Place], k: int) -> Foreseen:
    """Every place that is asked, parents first. As many answer in each unit as the share of its places, rounded."""
    return _rows(places, {unit.id: unit.places or 0 for unit in units}, k)


def foreseen_of_groups(places: Tree, units: Sequence[Place], k: int, covered: int, within: str) -> Foreseen:
    """The same where a measure covers so many persons: every service, and its two groups instead of units.

    `within`: the service where they are, or the municipality. They are taken to be spread over its services as the
    places are.
    """
    sizes = Counter[str]()
    for unit in units:
        sizes[places.path(unit.id)[1].id] += unit.places or 0
    where = {id_: size for id_, size in sizes.items() if within in (id_, places.root.id)}
    everybody, people, tree = sum(where.values()), dict[str, int](), [places.root]
    for id_, size in sizes.items():
        some = min(size, (2 * covered * where.get(id_, 0) + everybody) // (2 * everybody)) if everybody else 0
        tree.append(places[id_])
        for group, number in (("covered", some), ("not_covered", size - some)):
            leaf = replace(places[id_], id=f"{id_}-{group}", level="group", parent=id_, name=GROUP_NAMES[group])
            tree.append(leaf)
            people[leaf.id] = number
    return _rows(Tree(tree, places.root.id), people, k)


def _rows(places: Tree, people: Mapping[str, int], k: int) -> Foreseen:
    """Every place with a leaf in it; `people` are those of each leaf."""
    below: dict[str, list[str]] = {}
    for leaf in people:
        for place in places.path(leaf):
            below.setdefault(place.id, []).append(leaf)
    nodes = [TreeNode(id=each.id, level=each.level, parent=each.parent, name=each.name) for each in places]
    nodes = [node for node in nodes if node.id in below]
    if not nodes:
        return Foreseen()
    answers = [{leaf: (number * share + 50) // 100 for leaf, number in people.items()} for share in SHARES]
    standing = [where_each_would_stand(nodes, answered, k) for answered in answers]
    rows = []
    for place in (place for place in places if place.id in below):
        leaves = below[place.id]
        at = [
            (sum(answered[leaf] for leaf in leaves), stands[place.id])
            for answered, stands in zip(answers, standing, strict=True)
        ]
        rows.append(Row(place, len(places.path(place.id)) - 1, sum(people[leaf] for leaf in leaves), tuple(at)))
    return Foreseen(tuple(rows), {share: _whole(rows, number) for number, share in enumerate(SHARES)})


def _whole(rows: Sequence[Row], number: int) -> tuple[int, int]:
    leaves = [row for row in rows if row.place.level in LEAVES]
    return sum(row.at[number][1] == "shown" for row in leaves), len(leaves)
