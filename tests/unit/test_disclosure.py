"""Who is shown, and what, against the rules worked out a second time; and what is never lost on the way."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import add
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.aggregate import OpenedAnswer, aggregate
from reports.counts import Counts, LeafCounts, Sides
from reports.disclosure import TreeNode, disclose
from reports.release import Answer, Node, Release, from_json
from tests.released import FACTS, Shape, Table, asking, leaves_of, release_of, tree_of


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """A municipality with up to four levels under it and up to eight people a leaf."""
    names = iter(range(1000))

    def below(depth: int) -> Shape | int:
        if depth and draw(st.booleans()):
            return {f"n{next(names)}": below(depth - 1) for _ in range(draw(st.integers(1, 4)))}
        return draw(st.integers(0, 8))

    return {"town": {f"n{next(names)}": below(3) for _ in range(draw(st.integers(1, 4)))}}


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Shape, Table]:
    """A shape and any answers to one question."""
    shape = draw(shapes())
    table = {}
    for leaf, n in leaves_of(shape).items():
        positive = draw(st.integers(0, n))
        negative = draw(st.integers(0, n - positive))
        table[leaf] = Sides(positive, negative, draw(st.integers(0, n - positive - negative)))
    return shape, table


def empty(shape: Shape) -> Table:
    return dict.fromkeys(leaves_of(shape), Sides(0, 0, 0))


def leaves_under(tree: list[TreeNode], top: str) -> set[str]:
    """The ids of a node's leaves, itself if it is one."""
    below = [node.id for node in tree if node.parent == top]
    return {top} if not below else {leaf for child in below for leaf in leaves_under(tree, child)}


def shown_by_the_book(shape: Shape, k: int) -> tuple[set[str], dict[str, int]]:
    """The rule of who is shown, said again slowly: everything is worked out anew after every step."""
    tree = tree_of(shape)
    people = leaves_of(shape)
    parent = {node.id: node.parent for node in tree}
    under = {node.id: leaves_under(tree, node.id) for node in tree}
    n = {node: sum(people[leaf] for leaf in under[node]) for node in under}
    shown = {node for node in n if n[node] >= k}

    def above(node: str) -> list[str]:
        up = parent[node]
        return [] if up is None else [up, *above(up)]

    def own(node: str) -> int:
        elsewhere = {leaf for other in shown if node in above(other) for leaf in under[other]}
        return sum(people[leaf] for leaf in under[node] - elsewhere)

    def nearest_shown_descendants(node: str) -> list[str]:
        found = [other for other in shown if next((up for up in above(other) if up in shown), None) == node]
        return sorted(found, key=lambda other: (n[other], other))

    for node in sorted(shown, key=lambda node: -len(above(node))):
        while node in shown and 0 < own(node) < k:
            found = nearest_shown_descendants(node)
            reaching = [other for other in found if own(node) + own(other) >= k]
            without = [other for other in found if own(other) == 0]
            shown.remove((reaching or without)[0])
    return shown, {node: own(node) for node in shown}


@given(shapes(), st.sampled_from([(5, 2), (6, 2), (7, 3)]))
def test_who_is_shown_follows_the_rule(shape: Shape, limits: tuple[int, int]) -> None:
    k, b = limits
    release = release_of(shape, [empty(shape)], k, b)
    shown, own = shown_by_the_book(shape, k)
    assert {node.id for node in release.nodes if node.level != "rest"} == shown
    rests = {node.parent: node.n for node in release.nodes if node.level == "rest"}
    parents = {node.parent for node in release.nodes}
    assert rests == {node: n for node, n in own.items() if n and node in parents}


@given(shapes())
def test_every_node_of_the_tree_stands_in_one_list_under_its_nearest_shown_ancestor(shape: Shape) -> None:
    release = release_of(shape, [empty(shape)])
    tree = tree_of(shape)
    people = leaves_of(shape)
    shown = {node.id: node for node in release.nodes if node.level != "rest"}
    too_few = {node.id for node in release.too_few}
    with_others = {node.id for node in release.shown_with_others}
    assert sorted([*shown, *too_few, *with_others]) == sorted(node.id for node in tree)
    for node in tree:
        n = sum(people[leaf] for leaf in leaves_under(tree, node.id))
        assert (node.id in too_few) == (n < 5)
    up = {node.id: node.parent for node in tree}
    for node in (*shown.values(), *release.too_few, *release.shown_with_others):
        ancestor = up[node.id]
        while ancestor is not None and ancestor not in shown:
            ancestor = up[ancestor]
        assert node.parent == ancestor


def truth(shape: Shape, release: Release, node: Node, table: Table) -> tuple[int, int, int, int]:
    """The n, positive, negative and open of the people in a row."""
    tree = tree_of(shape)
    leaves = leaves_under(tree, node.parent if node.level == "rest" and node.parent else node.id)
    if node.level == "rest":
        for other in release.nodes:
            if other.parent == node.parent and other.level != "rest":
                leaves -= leaves_under(tree, other.id)
    people = leaves_of(shape)
    return (
        sum(people[leaf] for leaf in leaves),
        sum(table[leaf].positive for leaf in leaves),
        sum(table[leaf].negative for leaf in leaves),
        sum(table[leaf].open for leaf in leaves),
    )


@given(rounds())
def test_every_interval_holds_the_truth(answered: tuple[Shape, Table]) -> None:
    shape, table = answered
    release = release_of(shape, [table])
    for node in release.nodes:
        n, positive, negative, left_open = truth(shape, release, node, table)
        answer = node.answers["0"]
        assert node.n == n >= 5
        assert answer.positive[0] <= positive <= answer.positive[1]
        assert answer.negative[0] <= negative <= answer.negative[1]
        assert answer.open is None or answer.open[0] <= left_open <= answer.open[1]


@given(rounds())
def test_parts_add_up_to_their_parent(answered: tuple[Shape, Table]) -> None:
    release = release_of(answered[0], [answered[1]])
    for parent in release.nodes:
        parts = [node for node in release.nodes if node.parent == parent.id]
        if parts:
            assert parent.n == sum(part.n for part in parts)
            hidden = {node.id for node in release.too_few if node.parent == parent.id}
            if not hidden:
                assert parent.invited == sum(part.invited for part in parts)
                assert parent.voided == sum(part.voided for part in parts)


@given(rounds(), st.randoms(use_true_random=False))
def test_the_same_round_in_any_order_is_the_same_release(answered: tuple[Shape, Table], random: Random) -> None:
    shape, table = answered
    tree = tree_of(shape)
    counts = {leaf: LeafCounts(n, {"q": table[leaf]}) for leaf, n in leaves_of(shape).items()}
    n = sum(leaves_of(shape).values())
    ways = {"self": n, "interview": 9, "paper": 2}
    support = {"none": n, "some": 7}

    def stirred(mapping: Mapping[str, int]) -> dict[str, int]:
        return dict(random.sample(list(mapping.items()), len(mapping)))

    first = disclose(FACTS, asking("q"), tree, Counts(counts, ways, support, 6))
    leaves = dict(random.sample(list(counts.items()), len(counts)))
    again = disclose(
        FACTS,
        asking("q"),
        random.sample(tree, len(tree)),
        Counts(leaves, stirred(ways), stirred(support), 6),
    )
    assert again.to_json() == first.to_json()
    assert again.sha256 == first.sha256
    assert from_json(first.to_json()) == first


def one_group(n: int, *sides: Sides) -> list[Answer]:
    release = release_of({"town": n}, [{"town": table} for table in sides])
    return list(release.nodes[0].answers.values())


def test_in_one_group_the_two_people_at_either_end_are_not_told_apart() -> None:
    answers = one_group(9, *(Sides(positive, 0, 0) for positive in range(10)))
    assert [answer.positive for answer in answers] == [(0, 2)] * 3 + [(3, 3), (4, 4), (5, 5), (6, 6)] + [(7, 9)] * 3


def test_open_is_few_or_many_from_a_third() -> None:
    few, many = one_group(10, Sides(0, 0, 3), Sides(0, 0, 4))
    assert (few.open, many.open) == ((0, 3), (4, 10))


def test_open_is_given_only_where_the_two_sides_leave_room() -> None:
    # n = 10: a third is 4, so 10 - positive - negative must be 6 or more.
    answers = one_group(10, Sides(4, 0, 5), Sides(5, 0, 5), Sides(3, 3, 4), Sides(9, 0, 1))
    assert [answer.open for answer in answers] == [(4, 10), None, None, None]


def parent(*units: tuple[int, Sides]) -> Answer:
    shape = {"town": {f"u{i}": n for i, (n, _) in enumerate(units)}}
    return release_of(shape, [{f"u{i}": sides for i, (_, sides) in enumerate(units)}]).nodes[0].answers["0"]


def test_a_parent_of_exact_parts_is_exact() -> None:
    assert parent((9, Sides(4, 3, 0)), (9, Sides(5, 3, 0))).positive == (9, 9)


def test_a_parent_of_few_parts_is_their_sum() -> None:
    assert parent((9, Sides(1, 0, 0)), (9, Sides(8, 0, 0))).positive == (7, 11)


@pytest.mark.parametrize(("positive", "shown"), [(2, (0, 2)), (3, (3, 3)), (4, (4, 6))])
def test_a_parent_of_three_wide_parts_is_cut_at_the_ends(positive: int, shown: tuple[int, int]) -> None:
    units = [(9, Sides(min(2, max(0, positive - 2 * i)), 0, 0)) for i in range(3)]
    assert parent(*units).positive == shown


def test_open_of_a_parent_is_the_sum_and_not_given_where_a_part_is_not() -> None:
    assert parent((9, Sides(0, 0, 9)), (9, Sides(0, 0, 0))).open == (3, 11)
    assert parent((9, Sides(0, 0, 9)), (9, Sides(9, 0, 0))).open is None


@given(rounds())
def test_levels_between_tell_nothing_that_a_round_without_them_would_not(answered: tuple[Shape, Table]) -> None:
    """A round of the same rows straight under the municipality has the same figures; the rest are their sums."""
    shape, table = answered
    release = release_of(shape, [table])
    parents = {node.parent for node in release.nodes}
    ends = [node for node in release.nodes if node.id not in parents]
    if len(ends) > 1:
        truths = {end.id: truth(shape, release, end, table) for end in ends}
        flat = {"town": {end.id: end.n for end in ends}}
        told = release_of(flat, [{id_: Sides(*sides) for id_, (_, *sides) in truths.items()}])
        assert told.nodes[0].answers == release.nodes[0].answers
        assert {node.id: node.answers for node in told.nodes[1:]} == {end.id: end.answers for end in ends}
    for node in release.nodes[1:]:
        parts = [part for part in release.nodes if part.parent == node.id]
        if parts and node.n < release.nodes[0].n:
            for side in ("positive", "negative"):
                intervals = [getattr(part.answers["0"], side) for part in parts]
                assert getattr(node.answers["0"], side) == tuple(map(sum, zip(*intervals, strict=True)))


def test_an_only_child_and_its_parent_say_the_same() -> None:
    release = release_of({"town": {"service": {"a": 9, "b": 0}}}, [{"a": Sides(4, 5, 0), "b": Sides(0, 0, 0)}])
    assert [node.id for node in release.nodes] == ["town", "service", "a"]
    for above, below in pairwise(release.nodes):
        assert above.answers == below.answers


def test_the_smallest_unit_that_suffices_joins_those_left_over() -> None:
    shape = {"town": {"a": 9, "b": 6, "c": 6, "d": 1}}
    release = release_of(shape, [empty(shape)])
    assert [(node.id, node.n) for node in release.nodes] == [("town", 22), ("a", 9), ("c", 6), ("town-rest", 7)]
    assert [node.id for node in release.shown_with_others] == ["b"]
    assert [node.id for node in release.too_few] == ["d"]


def test_a_whole_division_is_opened_up_where_it_has_nobody_of_its_own() -> None:
    shape = {"town": {"home": {"a": 6, "b": 7}, "other": {"c": 8, "d": 9}, "tiny": 2}}
    release = release_of(shape, [empty(shape)])
    assert [(node.id, node.parent) for node in release.nodes] == [
        ("town", None),
        ("b", "town"),
        ("other", "town"),
        ("c", "other"),
        ("d", "other"),
        ("town-rest", "town"),
    ]
    assert [(node.id, node.parent) for node in release.shown_with_others] == [("home", "town"), ("a", "town")]


def test_a_municipality_with_too_few_answers_shows_nothing() -> None:
    shape = {"town": {"a": 3, "b": 1}}
    release = release_of(shape, [empty(shape)])
    assert release.nodes == ()
    assert [(node.id, node.parent) for node in release.too_few] == [("town", None), ("a", None), ("b", None)]
    assert release.totals.way == {"self": "fewer than 5"}
    assert release.totals.support == {"none+some": "fewer than 5"}
    assert from_json(release.to_json()) == release


def test_a_planned_group_is_shown_under_its_service_only_beside_the_other() -> None:
    def covered_by_the_measure(covered: int, not_covered: int) -> list[str]:
        tree = [
            TreeNode(id="4601", level="municipality", parent=None, name={"nb": "Bergen"}),
            TreeNode(id="s", level="service", parent="4601", name={"nb": "Dagsenter"}),
            TreeNode(id="s-in", level="group", parent="s", name={"nb": "Med tiltak"}, invited=20),
            TreeNode(id="s-out", level="group", parent="s", name={"nb": "Uten tiltak"}, invited=20),
        ]
        answers = [OpenedAnswer("s-in", "self", "none", {"q": 5})] * covered
        answers += [OpenedAnswer("s-out", "self", "none", {"q": 1})] * not_covered
        questionnaire = asking("q")
        return [node.id for node in disclose(FACTS, questionnaire, tree, aggregate(answers, questionnaire)).nodes]

    assert covered_by_the_measure(8, 9) == ["4601", "s", "s-in", "s-out"]
    assert covered_by_the_measure(8, 4) == ["4601", "s"]


def test_what_passes_the_audit_is_released_as_it_is() -> None:
    shape: Shape = {"town": {"a": 6, "home": {"b": 5, "c": 3}}}
    made = release_of(shape, [empty(shape)])
    assert release_of(shape, [empty(shape)], passes=lambda _: True) == replace(made, audit="passed")


@given(rounds())
def test_an_alarm_leaves_the_municipality_as_if_it_had_no_parts(answered: tuple[Shape, Table]) -> None:
    shape, table = answered
    release = release_of(shape, [table], passes=lambda made: made.audit != "not audited")
    whole = reduce(add, (np.array([each.positive, each.negative, each.open]) for each in table.values()))
    people = sum(leaves_of(shape).values())
    alone = release_of({"town": people}, [{"town": Sides(*whole.tolist())}])
    assert release.audit == "municipality-only"
    assert [(node.id, node.n, node.answers) for node in release.nodes] == [
        (node.id, node.n, node.answers) for node in alone.nodes
    ]
    not_shown = {node.id for node in tree_of(shape)} - {node.id for node in release.nodes}
    assert {node.id for node in release.too_few + release.shown_with_others} == not_shown
    assert from_json(release.to_json()) == release


def test_a_rest_row_has_an_id_of_its_own() -> None:
    shape = {"town": {"town-rest": 9, "a": 3, "b": 3}}
    assert [node.id for node in release_of(shape, [empty(shape)]).nodes] == ["town", "town-rest", "town-rest-rest"]


def test_the_question_is_told_as_it_was_asked_and_the_comment_is_not() -> None:
    turned = replace(asking("afraid"), questions=(replace(asking("afraid").questions[0], turned=True, pair_of="safe"),))
    question = disclose(FACTS, turned, tree_of({"town": 0}), Counts({}, {}, {}, 0)).questions["afraid"]
    assert (question.turned, question.pair_of, question.text) == (True, "safe", {"nb": "Er afraid bra?"})
    assert question.labels == {"positive": {"nb": "dårlig"}, "negative": {"nb": "bra"}}
    release = release_of({"town": 5}, [{"town": Sides(1, 1, 1)}])
    assert [(name, question.number) for name, question in release.questions.items()] == [("0", 1)]
    assert release.questions["0"].labels == {"positive": {"nb": "bra"}, "negative": {"nb": "dårlig"}}


@pytest.mark.parametrize(("k", "b"), [(4, 1), (5, 1), (5, 3), (6, 3), (4, 2)])
def test_limits_below_the_least_are_refused(k: int, b: int) -> None:
    with pytest.raises(ValueError, match=f"k = {k} with b = {b} is not allowed: k must be at least 5"):
        release_of({"town": 9}, [{"town": Sides(0, 0, 0)}], k, b)


def node(name: str, above: str | None) -> TreeNode:
    return TreeNode(id=name, level="unit", parent=above, name={"nb": name})


@pytest.mark.parametrize(
    ("tree", "leaves", "message"),
    [
        ([node("a", None), node("b", "x")], [], "node b: its parent x is not in the tree"),
        ([node("a", None), node("b", None)], [], r"one municipality, not \['a', 'b'\]"),
        ([], [], r"one municipality, not \[\]"),
        ([node("a", None), node("b", "c"), node("c", "b")], [], "are no tree"),
        ([node("a", None), node("b", "a"), node("b", "a")], [], "are no tree"),
        ([node("a", None), node("b", "a")], ["a"], "answers in a, which is no leaf"),
        ([node("a", None), node("b", "a")], ["x"], "answers in x, which is no leaf"),
    ],
)
def test_what_does_not_fit_together_is_refused(tree: list[TreeNode], leaves: list[str], message: str) -> None:
    counts = Counts({leaf: LeafCounts(5, {}) for leaf in leaves}, {}, {}, 0)
    with pytest.raises(ValueError, match=message):
        disclose(FACTS, asking(), tree, counts)
