"""From an open round to its release, and what is left afterwards: nothing but the release. On both databases."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from reports import audit
from survey.answering.submission import Outcome
from survey.keys import KeysError, KeyStore
from survey.rounds import planning
from survey.rounds.closing import close_round, confirm_destroyed
from survey.rounds.planning import RoundError
from survey.storage.engine import Database
from survey.storage.folders import mail_folder
from survey.storage.tables import Batch, Code, Comment, Release, Round, Sealed
from tests.village import PASSPHRASE, RELATIVES, Village, answer


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


def answered(village: Village, unit: str, values: list[int], comment: str = "") -> list[str]:
    """As many people as there are values answer in a unit; gives their codes."""
    spent = village.codes(len(values), unit=unit)
    for code, value in zip(spent, values, strict=True):
        assert village.send(code, answer(value, comment=comment and f"{comment} {code}")) is Outcome.RECEIVED
    return spent


def close(village: Village) -> str:
    return close_round(village.database, village.keys, village.data, village.round_id)


def released(village: Village) -> dict[str, Any]:
    with village.database.reading() as connection:
        return dict(json.loads(connection.execute(select(Release.artefact)).scalar_one()))


def test_a_closed_round_becomes_a_release_of_its_places_with_answered_of_invited(village: Village) -> None:
    answered(village, "arna", [5] * 7 + [1] * 5)
    answered(village, "fana", [5] * 6)
    village.codes(3, unit="fana")
    close(village)
    release = released(village)
    rows = {node["id"]: (node["level"], node["n"], node["invited"]) for node in release["nodes"]}
    assert rows == {
        "4601": ("municipality", 18, 21),
        "4601-d": ("service", 18, 21),
        "arna": ("unit", 12, 12),
        "fana": ("unit", 6, 9),
    }
    arna = next(node for node in release["nodes"] if node["id"] == "arna")
    assert arna["answers"]["glad"]["positive"] == [7, 7]
    assert arna["answers"]["sad"]["positive"] == [5, 5], "who is not sad speaks well of the service"
    assert (release["closed"], release["audit"]) == (dt.datetime.now(dt.UTC).date().isoformat(), "passed")


def test_an_alarm_of_the_audit_releases_the_municipality_alone(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SECONDS", 0)
    answered(village, "arna", [5] * 7 + [1] * 5)
    answered(village, "fana", [5] * 6)
    close(village)
    release = released(village)
    assert release["audit"] == "municipality-only"
    assert [(node["id"], node["n"]) for node in release["nodes"]] == [("4601", 18)]
    assert [node["id"] for node in release["shown_with_others"]] == ["4601-d", "arna", "fana"]


def test_while_it_is_audited_other_rounds_take_answers(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(village, "arna", [5] * 6)
    first, other = village.round_id, village.open_round(audience="relative", questionnaire=RELATIVES)
    (code,) = village.codes(1, round_id=other)
    outcomes = []

    def passes(*_: object) -> bool:
        outcomes.append(village.send(code, answer(), round_id=other))
        return True

    monkeypatch.setattr(audit, "passes", passes)
    close_round(village.database, village.keys, village.data, first)
    assert outcomes == [Outcome.RECEIVED]


def test_a_round_without_a_single_code_or_answer_closes_and_shows_nothing(village: Village) -> None:
    close(village)
    assert (released(village)["nodes"], [node["id"] for node in released(village)["too_few"]]) == ([], ["4601"])


def test_a_round_with_planned_groups_shows_them_and_no_units(village: Village) -> None:
    village.round_id = village.open_round(title="Tiltak")
    for group in ("covered", "not_covered"):
        for unit in ("arna", "fana"):
            for code in village.codes(3, unit=unit, group=group):
                village.send(code, answer())
    close(village)
    with village.database.reading() as connection:
        row = select(Release.artefact).where(Release.round == village.round_id)
        release = json.loads(connection.execute(row).scalar_one())
    assert [(node["id"], node["level"], node["n"]) for node in release["nodes"]] == [
        ("4601", "municipality", 12),
        ("4601-d", "service", 12),
        ("4601-d-covered", "group", 6),
        ("4601-d-not_covered", "group", 6),
    ]


def test_what_somebody_else_answered_is_in_no_count_and_its_number_is_told_for_the_round(village: Village) -> None:
    answered(village, "arna", [5] * 6)
    for code in village.codes(5):
        village.send(code, answer(1, support="by_other"))
    close(village)
    release = released(village)
    assert (release["nodes"][0]["n"], release["totals"]["by_other"]) == (6, 5)


def test_nothing_but_counts_is_left_and_nothing_can_be_sent(village: Village) -> None:
    spent = answered(village, "arna", [5] * 6)
    unused = village.codes(2)
    close(village)
    with village.database.reading() as connection:
        left = [connection.execute(select(func.count()).select_from(table)).scalar() for table in (Sealed, Code)]
        assert left == [0, 0]
        assert connection.execute(select(Batch.issued, Batch.voided)).one() == (8, 0)
    for code in (*spent, *unused):
        assert village.send(code, answer()) is Outcome.CLOSED
    with pytest.raises(KeysError):
        village.keys.web(village.round_id)
    with pytest.raises(KeysError):
        village.keys.opener(village.round_id)


def test_mails_written_for_the_round_go_with_it_and_those_of_others_stay(village: Village) -> None:
    for round_id in (village.round_id, "another"):
        folder = mail_folder(village.data, round_id)
        folder.mkdir(parents=True)
        (folder / "1.eml").write_text("code", encoding="utf-8")
    close(village)
    assert not mail_folder(village.data, village.round_id).exists()
    assert mail_folder(village.data, "another").exists()


def test_nine_comments_are_destroyed_and_ten_wait_for_a_person_unlinked(village: Village) -> None:
    answered(village, "arna", [5] * 9, comment="ni")
    other = village.open_round(audience="relative", questionnaire=RELATIVES)
    first, village.round_id = village.round_id, other
    answered(village, "fana", [1] * 10, comment="ti")
    close_round(village.database, village.keys, village.data, first)
    close(village)
    with village.database.reading() as connection:
        kept = connection.execute(select(Comment.round, Comment.state, Comment.question, Comment.remove_on)).all()
    closed = dt.datetime.now(dt.UTC).date()
    assert kept == [(other, "waiting", "say", closed + dt.timedelta(days=60))] * 10


def test_another_open_round_is_untouched(village: Village) -> None:
    answered(village, "arna", [5] * 6)
    first, other = village.round_id, village.open_round(audience="relative", questionnaire=RELATIVES)
    sent, unsent = village.codes(2, round_id=other)
    village.send(sent, answer(1), round_id=other)
    close(village)
    village.round_id = other
    assert village.send(sent, answer(1)) is Outcome.ALREADY_RECEIVED
    assert village.send(unsent, answer(1), submission="e" * 32) is Outcome.RECEIVED
    close(village)
    with village.database.reading() as connection:
        states = dict(connection.execute(select(Round.id, Round.state)).all())
    assert states == {first: "released", other: "released"}


def test_closing_again_gives_the_same_hash(village: Village) -> None:
    answered(village, "arna", [5] * 6)
    assert close(village) == close(village)


def test_an_answer_that_does_not_open_stops_the_closing_before_anything_is_lost(village: Village) -> None:
    answered(village, "arna", [5] * 6)
    right = village.keys.folder / "worker" / village.round_id / "private"
    copy = village.keys.recovery_file(village.round_id).read_bytes()
    right.chmod(0o600)
    right.write_bytes(bytes(32)[:-1] + b"\x01")
    with pytest.raises(KeysError, match=r"does not open.*medvirk round recover"):
        close(village)
    planning.recover(village.database, village.keys, village.round_id, copy, PASSPHRASE)
    close(village)
    assert released(village)["nodes"][0]["n"] == 6


def test_an_old_backup_cannot_release_again(village: Village, tmp_path: Path) -> None:
    """With its keys gone a round brought back from a backup opens nothing, and is not released anew."""
    answered(village, "arna", [5] * 6)
    village.keys.destroy(village.round_id)
    with pytest.raises(KeysError, match="missing"):
        close(village)
    with village.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Release)).scalar() == 0


def test_a_round_an_old_backup_brought_back_is_ended_without_a_release_and_frees_its_units(village: Village) -> None:
    answered(village, "arna", [5] * 6)
    ending = (village.database, village.keys, village.data, village.round_id)
    with pytest.raises(RoundError, match=f"Close it first: medvirk round close {village.round_id}"):
        confirm_destroyed(*ending, without_release=True)
    village.keys.destroy(village.round_id)
    village.keys.recovery_file(village.round_id).unlink()
    with pytest.raises(RoundError, match=r"medvirk round recover .* --without-release"):
        confirm_destroyed(*ending)
    confirm_destroyed(*ending, without_release=True)
    with village.database.reading() as connection:
        left = [connection.execute(select(func.count()).select_from(table)).scalar() for table in (Sealed, Release)]
    assert left == [0, 0]
    village.round_id = village.open_round()
    assert len(village.codes(1)) == 1


def test_a_round_is_destroyed_only_when_the_recovery_copy_is_gone_too(village: Village) -> None:
    with pytest.raises(RoundError, match=f"medvirk round close {village.round_id}"):
        confirm_destroyed(village.database, village.keys, village.data, village.round_id)
    close(village)
    with pytest.raises(RoundError, match="recovery copy is still there"):
        confirm_destroyed(village.database, village.keys, village.data, village.round_id)
    village.keys.recovery_file(village.round_id).unlink()
    confirm_destroyed(village.database, village.keys, village.data, village.round_id)
    confirm_destroyed(village.database, village.keys, village.data, village.round_id)
    with pytest.raises(RoundError, match="Only a round that is open or closing can be recovered"):
        planning.recover(village.database, village.keys, village.round_id, b"", PASSPHRASE)


@pytest.mark.parametrize(("round_id", "words"), [("none", "no round “none”"), ("planned", "never opened")])
def test_a_round_that_cannot_be_closed_says_why(village: Village, round_id: str, words: str) -> None:
    if round_id == "planned":
        with village.database.begin() as connection:
            connection.execute(text("UPDATE round SET state = 'planned'"))
        round_id = village.round_id
    with pytest.raises(RoundError, match=words):
        close_round(village.database, KeyStore(village.keys.folder), village.data, round_id)
