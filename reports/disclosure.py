"""Counts become a release: who is shown, and what. The only maker of a new release.

No reader, and nobody who knows one answer of the round, can be certain of another person's answer from it.
The rules lean on each other: tests/attacks/test_disclosure_attacker.py tries them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import add, sub

from reports.counts import Counts, LeafCounts, Sides
from reports.intervals import leaf_answer, sum_answer, top_answer
from reports.release import Answer, HiddenNode, Node, Release, ReleasedQuestion, Texts, Total, Totals
from survey.questionnaire.model import Question, Questionnaire, Scale

LEAST_K, LEAST_B = 5, 2
REST_NAME = {"nb": "Andre samlet", "nn": "Andre samla", "en": "Others together"}
SUPPORT_COUNTED = ("none", "some")


@dataclass(frozen=True, kw_only=True)
class TreeNode:
    """A node of the register that took part in the round; `invited` and `voided` count at leaves only."""

    id: str
    level: str
    parent: str | None
    name: Texts
    invited: int = 0
    voided: int = 0


@dataclass(frozen=True, kw_only=True)
class RoundFacts:
    """What a release says of its round. `ways`: those codes were issued for; `not_now`: who declined, if counted."""

    round: str
    title: str
    audience: str
    service_kind: str
    closed: date
    k: int
    b: int
    simulated: bool
    ways: Collection[str]
    not_now: int | None


def check_limits(k: int, b: int) -> None:
    """ValueError unless a round may have these: k of 5 or more, b of 2 or more, k of 2b + 1 or more."""
    if k < LEAST_K or b < LEAST_B or k < 2 * b + 1:
        raise ValueError(
            f"k = {k} with b = {b} is not allowed: k must be at least {LEAST_K}, b at least {LEAST_B}, "
            f"and k at least 2b + 1 = {2 * b + 1}"
        )


def disclose(
    facts: RoundFacts,
    questionnaire: Questionnaire,
    tree: Sequence[TreeNode],
    counts: Counts,
    passes: Callable[[Release], bool] | None = None,
) -> Release:
    """The release of a round, the same in whatever order its input comes.

    `passes` is the audit. What does not pass is released as the municipality alone, as if it had no parts; anything
    milder would show where the alarm came from. Without an audit the release says so.

    `tree` has one root, the municipality, and `counts` are at its leaves; ValueError if they are not.
    """
    check_limits(facts.k, facts.b)
    questions = {
        question.id: _released(number, question, question.scale)
        for number, question in enumerate(questionnaire.questions, 1)
        if question.scale
    }
    grown = _Tree(tree)
    people = _people(grown, counts, questions)
    nearest = _who_is_shown(grown, people, facts.k)

    def released(nearest: Mapping[str, Collection[str]], audit: str) -> Release:
        too_few, shown_with_others = _hidden(grown, people, nearest, facts.k)
        return Release(
            round=facts.round,
            title=facts.title,
            audience=facts.audience,
            service_kind=facts.service_kind,
            closed=facts.closed.isoformat(),
            simulated=facts.simulated,
            questionnaire=questionnaire.id,
            version=questionnaire.version,
            k=facts.k,
            b=facts.b,
            audit=audit,
            totals=_totals(facts, counts),
            questions=questions,
            nodes=_all_rows(grown, people, nearest, facts.b) if grown.root in nearest else (),
            too_few=too_few,
            shown_with_others=shown_with_others,
        )

    made = released(nearest, "not audited")
    if passes is None:
        return made
    if passes(made):
        return replace(made, audit="passed")
    return released({here: () for here in nearest if here == grown.root}, "municipality-only")


def _released(number: int, question: Question, scale: Scale) -> ReleasedQuestion:
    lowest, *_, highest = sorted(scale.options, key=lambda option: option.value)
    positive, negative = (lowest, highest) if question.turned else (highest, lowest)
    return ReleasedQuestion(
        number=number,
        theme=question.theme,
        scale=scale.id,
        turned=question.turned,
        pair_of=question.pair_of,
        text=dict(question.text),
        labels={"positive": dict(positive.text), "negative": dict(negative.text)},
    )


# The tree and its people


class _Tree:
    """The nodes by id, parents before children and siblings by id."""

    def __init__(self, nodes: Sequence[TreeNode]) -> None:
        """ValueError unless the nodes are one tree."""
        by_id = {node.id: node for node in sorted(nodes, key=lambda node: node.id)}
        self.children: dict[str | None, list[str]] = {None: []} | {node_id: [] for node_id in by_id}
        for node in by_id.values():
            if node.parent not in self.children:
                raise ValueError(f"node {node.id}: its parent {node.parent} is not in the tree")
            self.children[node.parent].append(node.id)
        if len(self.children[None]) != 1:
            raise ValueError(f"a round has one municipality, not {self.children[None]}")
        (self.root,) = self.children[None]
        self.nodes = {node_id: by_id[node_id] for node_id in self._from(self.root)}
        if len(self.nodes) != len(nodes):
            raise ValueError("the nodes are no tree: an id stands twice, or nodes are each other's parents")

    def _from(self, top: str) -> Iterator[str]:
        yield top
        for child in self.children[top]:
            yield from self._from(child)


@dataclass(frozen=True)
class _People:
    """Some of the people of a round, and what they answered, by question."""

    n: int
    invited: int
    voided: int
    answers: Mapping[str, Sides]

    def __add__(self, other: "_People") -> "_People":
        return self._joined(other, 1)

    def __sub__(self, other: "_People") -> "_People":
        return self._joined(other, -1)

    def _joined(self, other: "_People", sign: int) -> "_People":
        return _People(
            self.n + sign * other.n,
            self.invited + sign * other.invited,
            self.voided + sign * other.voided,
            {
                question: Sides(
                    mine.positive + sign * theirs.positive,
                    mine.negative + sign * theirs.negative,
                    mine.open + sign * theirs.open,
                )
                for question, mine in self.answers.items()
                for theirs in (other.answers[question],)
            },
        )


def _people(tree: _Tree, counts: Counts, questions: Collection[str]) -> dict[str, _People]:
    """Everybody under each node; ValueError if somebody answered where there is no leaf."""
    leaves = {node_id for node_id in tree.nodes if not tree.children[node_id]}
    if strange := sorted(counts.leaves.keys() - leaves):
        raise ValueError(f"answers in {', '.join(strange)}, which is no leaf of the round's tree")
    people: dict[str, _People] = {}
    for here, node in reversed(tree.nodes.items()):
        if here in counts.leaves:
            leaf = counts.leaves[here]
            people[here] = _People(leaf.n, node.invited, node.voided, {q: leaf.answers[q] for q in questions})
        elif here in leaves:
            people[here] = _People(0, node.invited, node.voided, dict.fromkeys(questions, Sides(0, 0, 0)))
        else:
            people[here] = reduce(add, (people[child] for child in tree.children[here]))
    return people


# Who is shown


def _who_is_shown(tree: _Tree, people: Mapping[str, _People], k: int) -> dict[str, set[str]]:
    """Each shown node and its nearest shown descendants. Decided by numbers of people alone, never answers.

    A node's own people are those under it who are under none of its shown descendants. Going up, whoever is
    left over is joined by others until they are none or at least k.
    """
    nearest: dict[str, set[str]] = {}
    own: dict[str, int] = {}
    for here in reversed(tree.nodes):
        if people[here].n < k:
            continue
        below = {child for child in tree.children[here] if child in nearest}
        left_over = people[here].n - sum(people[child].n for child in below)
        while 0 < left_over < k:
            enough = [child for child in below if left_over + own[child] >= k]
            # Going up has left every node below with no people of its own, or with k: one of the two exists.
            taken_off = min(enough or below, key=lambda child: (people[child].n, child))
            below.remove(taken_off)
            below |= nearest.pop(taken_off)
            left_over += own.pop(taken_off)
        nearest[here], own[here] = below, left_over
    return nearest


def where_each_would_stand(tree: Sequence[TreeNode], answered: Mapping[str, int], k: int) -> dict[str, str]:
    """What would become of each node if so many answered in the leaves: "shown", "too_few" or "shown_with_others".

    ValueError if the nodes are not one tree, or if somebody answers where there is no leaf.
    """
    grown = _Tree(tree)
    leaves = {leaf: LeafCounts(n, {}) for leaf, n in answered.items()}
    people = _people(grown, Counts(leaves, {}, {}, 0), ())
    nearest = _who_is_shown(grown, people, k)
    too_few, taken_off = _hidden(grown, people, nearest, k)
    return (
        dict.fromkeys(nearest, "shown")
        | {node.id: "too_few" for node in too_few}
        | {node.id: "shown_with_others" for node in taken_off}
    )


def _hidden(
    tree: _Tree, people: Mapping[str, _People], nearest: Collection[str], k: int
) -> tuple[tuple[HiddenNode, ...], tuple[HiddenNode, ...]]:
    """The nodes that are not shown: those with too few answers, and those taken off."""
    too_few: list[HiddenNode] = []
    taken_off: list[HiddenNode] = []
    within: dict[str | None, str | None] = {None: None}  # node -> itself or the nearest shown node above
    for here, node in tree.nodes.items():
        within[here] = here if here in nearest else within[node.parent]
        if here not in nearest:
            hidden = HiddenNode(id=here, level=node.level, parent=within[here], name=dict(node.name))
            (too_few if people[here].n < k else taken_off).append(hidden)
    return tuple(too_few), tuple(taken_off)


# The rows


def _all_rows(
    tree: _Tree, people: Mapping[str, _People], nearest: Mapping[str, Collection[str]], b: int
) -> tuple[Node, ...]:
    """Every row. Only the whole round is told more closely than the sum of its parts.

    If rows between were too, the cuts of several would together give single people away.
    """
    rows = _rows(tree, people, nearest, b, tree.root)
    parents = {row.parent for row in rows}
    ends = [row.answers for row in rows if row.id not in parents]
    whole = {
        question: top_answer(sides, [end[question] for end in ends])
        for question, sides in people[tree.root].answers.items()
    }
    for number, row in enumerate(rows):  # the round's only service is the whole round too
        if row.n < rows[0].n:
            break
        rows[number] = replace(row, answers=whole)
    return tuple(rows)


def _rows(
    tree: _Tree,
    people: Mapping[str, _People],
    nearest: Mapping[str, Collection[str]],
    b: int,
    here: str,
    parent: str | None = None,
) -> list[Node]:
    """The shown node `here`, then those shown under it, last the row of those left over."""
    below = [_rows(tree, people, nearest, b, child, here) for child in sorted(nearest[here])]
    rows = [row for branch in below for row in branch]
    children = [branch[0].answers for branch in below]
    left_over = reduce(sub, (people[branch[0].id] for branch in below), people[here])
    answers = {question: leaf_answer(sides, left_over.n, b) for question, sides in left_over.answers.items()}
    if below:
        if left_over.n:
            rest = TreeNode(id=_rest_id(tree, here), level="rest", parent=here, name=REST_NAME)
            rows.append(_row(rest, here, left_over, answers))
            children.append(answers)
        answers = {question: sum_answer([child[question] for child in children]) for question in answers}
    return [_row(tree.nodes[here], parent, people[here], answers), *rows]


def _row(node: TreeNode, parent: str | None, people: _People, answers: Mapping[str, Answer]) -> Node:
    return Node(
        id=node.id,
        level=node.level,
        parent=parent,
        name=dict(node.name),
        n=people.n,
        invited=people.invited,
        voided=people.voided,
        answers=answers,
    )


def _rest_id(tree: _Tree, parent: str) -> str:
    rest_id = f"{parent}-rest"
    while rest_id in tree.nodes:
        rest_id += "-rest"
    return rest_id


# The round's totals


def _totals(facts: RoundFacts, counts: Counts) -> Totals:
    """Counts of the whole round. A way or a support that nobody had is treated as one that a few had.

    Only residents are asked whether they had help.
    """
    of_residents = facts.audience == "resident"
    return Totals(
        way=_merged(dict.fromkeys(facts.ways, 0) | dict(counts.ways), facts.k),
        support=_merged(dict.fromkeys(SUPPORT_COUNTED, 0) | dict(counts.support), facts.k) if of_residents else {},
        by_other=_total(counts.by_other, facts.k),
        not_now=None if facts.not_now is None else _total(facts.not_now, facts.k),
    )


def _merged(categories: Mapping[str, int], k: int) -> dict[str, Total]:
    """The smallest two categories become one until none is below k, so that no difference is below k."""
    merged: dict[tuple[str, ...], int] = {(name,): count for name, count in categories.items()}
    while len(merged) > 1 and min(merged.values()) < k:
        first, second, *_ = sorted(merged, key=lambda names: (merged[names], names))
        merged[tuple(sorted(first + second))] = merged.pop(first) + merged.pop(second)
    return {"+".join(names): _total(count, k) for names, count in merged.items()}


def _total(count: int, k: int) -> Total:
    return count if count >= k else f"fewer than {k}"
