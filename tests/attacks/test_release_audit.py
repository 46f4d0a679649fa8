"""The audit of a release against the judge that tries every table: where the rules fail, both see the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from scipy.optimize import OptimizeResult

from reports import audit, disclosure, intervals, witnesses
from reports.counts import Sides
from reports.release import Answer, Interval
from tests.attacks.judges import Numbers, every_table, solved, tried
from tests.attacks.test_disclosure_at_scale import figures_of as told_by
from tests.attacks.test_disclosure_at_scale import released, some_answers
from tests.attacks.test_disclosure_attacker import figures_of, published, release_asking
from tests.released import Shape, release_of

Break = Callable[[pytest.MonkeyPatch], None]


def a_sum_as_if_it_were_a_leaf(patch: pytest.MonkeyPatch) -> None:
    def top(sides: Sides, parts: Sequence[Answer]) -> Answer:
        alone = intervals.leaf_answer(sides, 10, 2)
        return replace(intervals.sum_answer(parts), positive=alone.positive, negative=alone.negative)

    patch.setattr(disclosure, "top_answer", top)


def open_without_a_gate(patch: pytest.MonkeyPatch) -> None:
    def leaf_open(count: int, n: int, b: int, most: int, least: int) -> Interval:
        many = -(-n // 3)
        return (0, many - 1) if count < many else (many, n)

    patch.setattr(intervals, "_leaf_open", leaf_open)


def open_exact(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intervals, "_leaf_open", lambda count, *_: (count, count))


def one_person_hidden(patch: pytest.MonkeyPatch) -> None:
    told = intervals._leaf_interval
    patch.setattr(intervals, "_leaf_interval", lambda count, n, b: told(count, n, 1))


def a_sum_as_counted(patch: pytest.MonkeyPatch) -> None:
    def top(sides: Sides, parts: Sequence[Answer]) -> Answer:
        positive, negative = (sides.positive,) * 2, (sides.negative,) * 2
        return replace(intervals.sum_answer(parts), positive=positive, negative=negative)

    patch.setattr(disclosure, "top_answer", top)


def convicted(shape: Shape, tables: Numbers, figures: Numbers) -> set[str]:
    """The figures that give somebody away."""
    return {finding.split(", from ")[1] for finding in tried(shape, tables, figures)}


@pytest.mark.parametrize(
    ("wrong", "shape"),
    [
        (a_sum_as_if_it_were_a_leaf, {"town": {"a": 5, "b": 5}}),
        (open_without_a_gate, {"town": 6}),
        (open_without_a_gate, {"town": {"a": 5, "b": 5}}),
        (open_exact, {"town": 7}),
        (one_person_hidden, {"town": {"a": 5, "b": 5}}),
    ],
)
def test_the_audit_gives_alarm_where_somebody_is_certain_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, wrong: Break, shape: Shape
) -> None:
    wrong(monkeypatch)
    tables = every_table(shape)
    made = release_asking(shape, tables)
    figures = figures_of(made)
    kinds, questions = np.unique(figures, axis=0, return_index=True)
    alarms = {
        str(kind.tolist())
        for kind, question in zip(kinds, questions.tolist(), strict=True)
        if audit.somebody_is_certain(made.nodes, str(question), made.b)
    }
    without_middle = tables[:, :, 3].sum(axis=1) == 0  # two buttons offer none
    certain = convicted(shape, tables, figures)
    assert certain
    assert alarms == certain | convicted(shape, tables[without_middle], figures[without_middle])


def test_many_places_with_the_same_figures_are_searched_as_if_each_stood_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    a_sum_as_counted(monkeypatch)
    shape: Shape = {"town": {"a": 5, "b": 5, "c": 5, "d": 5, "e": 6, "f": 3}}
    verdicts = []
    for seed in range(8):
        table = some_answers(Random(seed), shape)
        release = released(shape, table)
        certain = next(solved(shape, table, told_by(shape, release, "0")), None) is not None
        verdicts.append((certain, audit.somebody_is_certain(release.nodes, "0", 2)))
    assert set(verdicts) == {(True, True), (False, False)}


def test_who_knows_no_answer_learns_nothing_from_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm says that the rules have failed, and what is shown then is known to follow from it."""
    a_sum_as_if_it_were_a_leaf(monkeypatch)
    shape: Shape = {"town": {"a": 5, "b": 5}}
    tables = every_table(shape)
    figures = published(shape, tables)
    assert figures[:, -1].any()
    assert [finding for finding in tried(shape, tables, figures, 0) if finding.startswith("outside")] == []
    assert convicted(shape, tables[figures[:, -1] == 0], figures[figures[:, -1] == 0]) == set()


def test_a_division_told_more_closely_than_its_parts_gives_alarm() -> None:
    """Were `home` cut as the town is, who left it open in a would know that everybody in c and e is positive."""
    shape: Shape = {"town": {"a": 5, "b": 5, "home": {"c": 5, "d": 5, "e": 5}}}
    truth = {"a": (1, 4, 0), "b": (0, 5, 0), "c": (5, 0, 0), "d": (2, 2, 1), "e": (5, 0, 0)}
    nodes = release_of(shape, [{leaf: Sides(*sides) for leaf, sides in truth.items()}]).nodes
    assert not audit.somebody_is_certain(nodes, "0", 2)
    parts = [node.answers["0"] for node in nodes if node.parent == "home"]
    cut = {"0": intervals.top_answer(Sides(12, 2, 1), parts)}
    nodes = tuple(replace(node, answers=cut) if node.id == "home" else node for node in nodes)
    assert audit.somebody_is_certain(nodes, "0", 2)


RELEASE = release_of(
    {"town": {"a": 5, "b": 6, "c": 2}}, [{"a": Sides(5, 0, 0), "b": Sides(0, 5, 1), "c": Sides(1, 1, 0)}] * 2
)


def test_it_says_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    assert audit.passes(RELEASE, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    "solved",
    [
        OptimizeResult(status=1, x=None),  # out of time
        OptimizeResult(status=4, x=None),
        OptimizeResult(status=2, x=None),  # "there is no such table", though the truth is one
    ],
)
def test_a_solver_that_fails_is_an_alarm(monkeypatch: pytest.MonkeyPatch, solved: OptimizeResult) -> None:
    monkeypatch.setattr(witnesses, "milp", lambda *_, **__: solved)
    assert not audit.passes(RELEASE)


def test_a_solver_that_lies_is_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witnesses, "milp", lambda c, **_: OptimizeResult(status=0, x=np.ones(len(c))))
    assert not audit.passes(RELEASE)


def test_a_search_without_an_end_is_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "SECONDS", 0)
    assert not audit.passes(RELEASE)


def test_figures_that_contradict_each_other_are_an_alarm() -> None:
    (town, *parts) = RELEASE.nodes
    impossible = replace(town.answers["0"], positive=(13, 13))
    nodes = (replace(town, answers=town.answers | {"0": impossible}), *parts)
    assert not audit.passes(replace(RELEASE, nodes=nodes))
