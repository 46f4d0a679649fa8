"""The release of a round: the frozen, hashed artefact that every report reads, and the only one.

The dataclasses mirror the JSON, whose schema is `release.schema.json`. Only `disclosure.py` makes a new one.
"""

import dataclasses
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

SCHEMA = 1
SCHEMA_FILE = Path(__file__).with_name("release.schema.json")

Interval = tuple[int, int]  # the lowest and the highest number of people it may be, both included
Total = int | str  # a number of people, or "fewer than k"
Texts = Mapping[str, str]  # language -> text


class ReleaseError(ValueError):
    """A text that is no release, or not the one that was made; the message says where and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How many of a node's n answered one question well, badly, or left it open (None: not given)."""

    positive: Interval
    negative: Interval
    open: Interval | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A group that is shown, `parent` its nearest shown ancestor. A "rest" has the parent's other people."""

    id: str
    level: str
    parent: str | None
    name: Texts
    n: int
    invited: int
    voided: int
    answers: Mapping[str, Answer]  # by question


@dataclass(frozen=True, kw_only=True)
class HiddenNode:
    """A group that is not shown; `parent` is its nearest shown ancestor, in whose numbers its people are."""

    id: str
    level: str
    parent: str | None
    name: Texts


@dataclass(frozen=True, kw_only=True)
class ReleasedQuestion:
    """A question as it was asked; `number` is its place in the questionnaire, from 1."""

    number: int
    theme: str
    scale: str
    turned: bool
    pair_of: str | None
    text: Texts
    labels: Mapping[str, Texts]  # "positive" and "negative": the answer at that end of the scale


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Numbers for the whole round. A key with "+" holds categories that are told together only."""

    way: Mapping[str, Total]
    support: Mapping[str, Total]
    by_other: Total
    not_now: Total | None  # None: nobody counted


@dataclass(frozen=True, kw_only=True)
class Release:
    """Everything that is ever published of one round; `nodes` has parents before their children."""

    schema: int = SCHEMA
    round: str
    title: str
    audience: str
    service_kind: str
    closed: str  # ISO date
    simulated: bool  # answered by simulated people
    questionnaire: str
    version: int
    k: int
    b: int
    audit: str
    totals: Totals
    questions: Mapping[str, ReleasedQuestion]
    nodes: tuple[Node, ...]
    too_few: tuple[HiddenNode, ...]
    shown_with_others: tuple[HiddenNode, ...]

    def to_json(self) -> str:
        """The canonical text: keys sorted, no spaces, every sign as itself (to be stored as UTF-8)."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """The SHA-256 of the canonical text, in hex."""
        return _sha256(self.to_json())


def verified(text: str, sha256: str) -> Release:
    """The stored release, if its text still has the hash it was stored with; ReleaseError otherwise."""
    return from_json(untouched(text, sha256))


def untouched(text: str, sha256: str) -> str:
    """The stored text, if it still has the hash it was stored with; ReleaseError otherwise."""
    if _sha256(text) != sha256:
        raise ReleaseError(f"release: it was changed after it was made (SHA-256 {_sha256(text)}, not {sha256})")
    return text


def from_json(text: str) -> Release:
    """Read a release; ReleaseError names the first place that is not as schema and sense demand."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ReleaseError(f"release: not JSON: {error}") from error
    if problem := best_match(_validator().iter_errors(data)):
        raise ReleaseError(f"release: {problem.json_path}: {problem.message}")
    return _release(data)


def kept(text: str, sha256: str) -> Release:
    """A release that has the hash it was stored with: it was read by `from_json` then, and is not checked all again."""
    return _release(json.loads(untouched(text, sha256)))


def _release(data: dict[str, Any]) -> Release:
    answers: dict[_Numbers, Answer] = {}  # many have the same numbers: a large release is a tenth as large in memory
    release = Release(
        **data
        | {
            "totals": Totals(**data["totals"]),
            "questions": {key: ReleasedQuestion(**question) for key, question in data["questions"].items()},
            "nodes": tuple(_node(node, answers) for node in data["nodes"]),
            "too_few": tuple(HiddenNode(**node) for node in data["too_few"]),
            "shown_with_others": tuple(HiddenNode(**node) for node in data["shown_with_others"]),
        }
    )
    _check_sense(release)
    return release


_Numbers = tuple[Interval, Interval, Interval | tuple[()]]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def _node(data: dict[str, Any], known: dict[_Numbers, Answer]) -> Node:
    return Node(**data | {"answers": {sys.intern(id_): _answer(each, known) for id_, each in data["answers"].items()}})


def _answer(data: dict[str, Any], known: dict[_Numbers, Answer]) -> Answer:
    positive, negative, left = (tuple(data[name] or ()) for name in ("positive", "negative", "open"))
    key = positive, negative, left
    if key not in known:
        known[key] = Answer(positive=positive, negative=negative, open=left or None)
    return known[key]


def _check_sense(release: Release) -> None:
    """What a JSON Schema cannot say: nodes are known once and in order, and intervals lie within n."""
    shown: set[str] = set()
    for node in release.nodes:
        where = f"release: node {node.id}"
        if node.id in shown:
            raise ReleaseError(f"{where}: stands twice")
        if (node.parent is None) == bool(shown) or not (node.parent is None or node.parent in shown):
            raise ReleaseError(f"{where}: its parent {node.parent} does not stand before it")
        if node.n < release.k:
            raise ReleaseError(f"{where}: n {node.n} is below k {release.k}")
        if node.answers.keys() != release.questions.keys():
            raise ReleaseError(f"{where}: its answers are not to the release's questions")
        for question, answer in node.answers.items():
            for interval in (answer.positive, answer.negative, answer.open):
                if interval and not 0 <= interval[0] <= interval[1] <= node.n:
                    raise ReleaseError(f"{where}: {question}: {list(interval)} does not lie within n {node.n}")
        shown.add(node.id)
    for hidden in release.too_few + release.shown_with_others:
        if hidden.id in shown:
            raise ReleaseError(f"release: node {hidden.id}: both shown and not shown")
        if hidden.parent is None if shown else hidden.parent is not None:
            raise ReleaseError(f"release: node {hidden.id}: its parent {hidden.parent} is not shown")
        if hidden.parent is not None and hidden.parent not in shown:
            raise ReleaseError(f"release: node {hidden.id}: its parent {hidden.parent} is not shown")
