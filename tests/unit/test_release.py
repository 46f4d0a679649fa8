"""A release is read as it was written, or not at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reports.counts import Sides
from reports.release import SCHEMA_FILE, ReleaseError, from_json, verified
from tests.released import release_of

SHAPE = {"4601": {"centres": {"arna": 9, "fana": 6, "eidsvåg": 3}, "homes": {"x": 2, "y": 1}}}
TABLE = {
    "arna": Sides(7, 0, 1),
    "fana": Sides(3, 3, 0),
    "eidsvåg": Sides(0, 1, 2),
    "x": Sides(2, 0, 0),
    "y": Sides(0, 0, 1),
}
RELEASE = release_of(SHAPE, [TABLE])


def test_a_release_is_read_as_it_was_written() -> None:
    assert from_json(RELEASE.to_json()) == RELEASE
    assert verified(RELEASE.to_json(), RELEASE.sha256) == RELEASE


def test_the_text_is_canonical() -> None:
    text = RELEASE.to_json()
    assert "eidsvåg" in text
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def test_a_release_changed_by_one_sign_is_refused() -> None:
    tampered = RELEASE.to_json().replace('"n":9', '"n":8')
    assert tampered != RELEASE.to_json()
    with pytest.raises(ReleaseError, match="changed after it was made"):
        verified(tampered, RELEASE.sha256)


def first_answer(data: Any) -> Any:
    return data["nodes"][0]["answers"]["0"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data.pop("k"), r"\$: 'k' is a required property"),
        (lambda data: data.update(audit="fine"), r"\$\.audit: 'fine' is not one of"),
        (lambda data: data.update(extra=1), "'extra' was unexpected"),
        (lambda data: data.update(k=3), r"\$\.k: 3 is less than the minimum of 5"),
        (lambda data: data["nodes"][0].update(n=-1), r"\$\.nodes\[0\]\.n: -1 is less"),
        (lambda data: first_answer(data).update(positive=[1]), r"\$\.nodes\[0\]\.answers.*too short"),
        (lambda data: first_answer(data).update(open=[3, 2]), r"node 4601: 0: \[3, 2\] does not lie within n"),
        (lambda data: first_answer(data).update(negative=[0, 99]), r"\[0, 99\] does not lie within n"),
        (lambda data: data["nodes"][0].update(answers={}), "are not to the release's questions"),
        (lambda data: data["nodes"][1].update(parent="oslo"), "parent oslo does not stand before it"),
        (lambda data: data["nodes"][1].update(parent=None), "parent None does not stand before it"),
        (lambda data: data["nodes"][1].update(id="4601"), "node 4601: stands twice"),
        (lambda data: data["nodes"][1].update(n=4), "n 4 is below k 5"),
        (lambda data: data["too_few"][0].update(parent=None), "parent None is not shown"),
        (lambda data: data["too_few"][0].update(parent="homes"), "parent homes is not shown"),
        (lambda data: data["too_few"][0].update(id="4601"), "both shown and not shown"),
    ],
)
def test_what_is_no_release_is_refused_with_the_place(spoil: Callable[[Any], None], message: str) -> None:
    data = json.loads(RELEASE.to_json())
    spoil(data)
    with pytest.raises(ReleaseError, match=message):
        from_json(json.dumps(data))


def test_a_text_that_is_not_json_is_refused() -> None:
    with pytest.raises(ReleaseError, match="not JSON"):
        from_json("{")
