"""Sending an answer: once, sealed, without a trace of who or when. On both databases."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from survey.access import codes
from survey.access.issuing import IssuingError, batch_for, void
from survey.access.redeem import find
from survey.answering.submission import Outcome
from survey.keys import KeysError, KeyStore
from survey.questionnaire.answers import decode
from survey.rounds import planning
from survey.rounds.planning import RoundError
from survey.storage.engine import Database
from survey.storage.tables import Batch, Code, Invitee, Node, Outbox, Sealed
from tests.village import PASSPHRASE, QUESTIONNAIRE, RELATIVES, Village, answer


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Village:
    return Village.found(database, tmp_path)


def boxes(village: Village) -> list[bytes]:
    with village.database.reading() as connection:
        return list(connection.execute(select(Sealed.box)).scalars())


def test_an_answer_is_received_sealed_and_opens_as_it_was_sent(village: Village) -> None:
    (code,) = village.codes()
    assert village.send(code, answer(3, comment="Hei")) is Outcome.RECEIVED
    (box,) = boxes(village)
    assert b"glad" not in box
    assert decode(village.keys.opener(village.round_id).decrypt(box)) == answer(3, comment="Hei")


def test_the_same_send_again_is_received_already_and_another_send_with_the_code_is_not_valid(village: Village) -> None:
    (code,) = village.codes()
    assert village.send(code, answer()) is Outcome.RECEIVED
    assert village.send(code, answer()) is Outcome.ALREADY_RECEIVED
    assert village.send(code, answer(1), submission="f" * 32) is Outcome.NOT_VALID
    assert len(boxes(village)) == 1


def test_an_unknown_code_or_round_is_not_valid_and_stores_nothing(village: Village) -> None:
    assert village.send(codes.mint(), answer()) is Outcome.NOT_VALID
    assert boxes(village) == []


def test_a_code_leads_to_its_round_and_place_as_often_as_it_is_looked_up_until_it_is_used(village: Village) -> None:
    (code,) = village.codes(unit="fana")
    for _ in range(2):
        found = find(village.database, village.keys, code)
        assert found is not None
        assert (found.round_id, found.unit_id, found.state) == (village.round_id, "fana", "open")
    village.send(code, answer())
    assert find(village.database, village.keys, code) is None


def test_a_code_of_one_round_opens_no_other(village: Village) -> None:
    other = village.open_round(audience="relative", questionnaire=RELATIVES)
    (code,) = village.codes()
    assert village.send(code, answer(), round_id=other) is Outcome.NOT_VALID
    assert village.send(code, answer()) is Outcome.RECEIVED


def invite(village: Village, round_id: str, email: str) -> str:
    """Somebody invited by e-mail, as the invitations' room writes it; gives the code of their link."""
    invitee = uuid4().hex
    web = village.keys.web(round_id)
    code = codes.for_invitee(web.mail, invitee)
    mail = {"id": uuid4().hex, "invitee": invitee, "kind": "invitation", "state": "sent", "attempts": 1, "error": ""}
    with village.database.begin() as connection:
        batch = batch_for(connection, round_id, "arna", 1)
        connection.execute(insert(Code), {"hmac": codes.hashed(web.pepper, code), "batch": batch})
        connection.execute(insert(Invitee), {"id": invitee, "email": email, "language": "nb", "batch": batch})
        connection.execute(insert(Outbox), {**mail, "due": dt.datetime(2026, 11, 21)})  # noqa: DTZ001  kept as UTC
    return code


def test_who_was_invited_by_mail_and_answered_is_forgotten_and_the_others_stay(village: Village) -> None:
    round_id = village.open_round(audience="relative", questionnaire=RELATIVES)
    code, _ = invite(village, round_id, "a@example.org"), invite(village, round_id, "b@example.org")
    assert village.send(code, answer(), round_id=round_id) is Outcome.RECEIVED
    with village.database.reading() as connection:
        left = connection.execute(select(Invitee.email).join(Outbox, Outbox.invitee == Invitee.id)).scalars().all()
        mails = len(connection.execute(select(Outbox.id)).all())
    assert (left, mails) == (["b@example.org"], 1)


def test_keys_missing_while_the_round_is_open_are_told_with_the_cure_and_lose_nothing(village: Village) -> None:
    (code,) = village.codes()
    village.keys.folder.rename(village.keys.folder.with_name("elsewhere"))
    lost = Village(village.database, KeyStore(village.keys.folder), village.data, village.round_id)
    with pytest.raises(KeysError, match="medvirk round recover"):
        lost.send(code, answer())
    village.keys.folder.with_name("elsewhere").rename(village.keys.folder)
    assert lost.send(code, answer()) is Outcome.RECEIVED


def test_a_round_lost_with_its_machine_comes_back_with_the_recovery_copy(village: Village, tmp_path: Path) -> None:
    (code,) = village.codes()
    copy = village.keys.recovery_file(village.round_id).read_bytes()
    elsewhere = Village(village.database, KeyStore(tmp_path / "new machine"), village.data, village.round_id)
    planning.recover(elsewhere.database, elsewhere.keys, elsewhere.round_id, copy, PASSPHRASE)
    assert elsewhere.send(code, answer()) is Outcome.RECEIVED


# Handing out codes


def test_codes_beyond_places_and_a_tenth_are_refused_and_none_is_made(village: Village) -> None:
    village.codes(20)
    with pytest.raises(IssuingError, match="20 places, so at most 22 codes; 20 are out already"):
        village.codes(3)
    assert len(village.codes(2)) == 2


def test_voided_codes_are_not_invited_open_nothing_and_make_room(village: Village) -> None:
    first, *rest = village.codes(22)
    assert void(village.database, village.keys, village.round_id, [codes.shown(first).lower()]) == 1
    assert find(village.database, village.keys, first) is None
    with village.database.reading() as connection:
        assert connection.execute(select(Batch.issued, Batch.voided)).one() == (22, 1)
    assert len(village.codes(1)) == 1
    assert len(rest) == 21


def test_voiding_is_all_or_none_and_names_what_is_wrong(village: Village) -> None:
    good, used = village.codes(2)
    village.send(used, answer())
    with pytest.raises(IssuingError, match=f"Nothing was voided: {used}"):
        void(village.database, village.keys, village.round_id, [good, used])
    assert find(village.database, village.keys, good) is not None


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"unit": "nowhere"}, "no unit “nowhere”.*medvirk register import"),
        ({"unit": "4601-d"}, "no unit “4601-d”"),
        ({"round_id": "none"}, "no round “none”.*medvirk round list"),
        ({"way": "shouted"}, "no way “shouted”.*self, interview, paper"),
        ({"group": "some"}, "no group “some”.*covered, not_covered"),
        ({"number": 0}, "at least 1"),
    ],
)
def test_codes_that_cannot_be_handed_out_say_why(village: Village, how: dict[str, Any], words: str) -> None:
    with pytest.raises(IssuingError, match=words):
        village.codes(**how)


def test_a_round_has_planned_groups_for_all_its_codes_or_for_none(village: Village) -> None:
    village.codes(1)
    with pytest.raises(IssuingError, match="planned groups"):
        village.codes(1, group="covered")
    grouped = village.open_round(audience="relative", questionnaire=RELATIVES)
    village.codes(1, round_id=grouped, group="covered")
    village.codes(1, round_id=grouped, group="not_covered")
    with pytest.raises(IssuingError, match="planned groups"):
        village.codes(1, round_id=grouped)


def test_a_unit_is_asked_in_one_open_round_of_an_audience_and_kind_at_a_time(village: Village) -> None:
    village.codes(1)
    other = village.open_round(title="Enda en")
    with pytest.raises(IssuingError, match="already asked in the open round “Runde”"):
        village.codes(1, round_id=other)
    assert village.codes(1, round_id=other, unit="fana")


def test_a_unit_elsewhere_is_not_in_the_round(village: Village) -> None:
    with village.database.begin() as connection:
        rows = [("4602", "municipality", None, None, None), ("x", "unit", "4602", "day_centre", 9)]
        for id_, level, parent, kind, places in rows:
            node = {"id": id_, "level": level, "parent": parent, "service_kind": kind, "places": places}
            connection.execute(insert(Node), {**node, "name": {"nb": id_}})
    with pytest.raises(IssuingError, match="not in this round: it asks about day_centre in municipality 4601"):
        village.codes(unit="x")


# Planning


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "needs a title"),
        ({"audience": "relative"}, "asks residents, not relatives"),
        ({"municipality": "9999"}, "no municipality “9999”"),
        ({"k": 4}, "at least 5"),
        ({"b": 3}, "at least 2b"),
        ({"b": 1}, "b at least 2"),
        ({"service_kind": "shared_home"}, "is for day_centre, not shared_home"),
        ({"questionnaire": replace(QUESTIONNAIRE, service_kinds=("day_centre", "shared_home"))}, "--service-kind"),
    ],
)
def test_a_round_that_cannot_be_planned_says_why(village: Village, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RoundError, match=words):
        village.open_round(**changes)


def test_a_round_opens_once_and_never_without_a_passphrase(village: Village) -> None:
    with pytest.raises(RoundError, match="Only a round that is planned can be opened"):
        planning.open_round(village.database, village.keys, village.round_id, PASSPHRASE)
    with pytest.raises(KeysError, match="at least 12 signs"):
        planning.open_round(village.database, village.keys, village.round_id, "short")
    with pytest.raises(RoundError, match="no round “x”"):
        planning.open_round(village.database, village.keys, "x", PASSPHRASE)
