"""Inviting people by e-mail: rows, codes and mails in one transaction, and never the same person twice."""

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from survey.access.codes import for_invitee
from survey.access.issuing import IssuingError, void, void_leftover
from survey.access.redeem import find
from survey.answering.submission import Outcome
from survey.invitations.inviting import Invitations, InvitingError
from survey.invitations.list import ListError
from survey.rounds.closing import close_round
from survey.storage.tables import Base, Batch, Code, Invited, Invitee, Node, Outbox, Round
from tests.invited import invite
from tests.office import NOW
from tests.village import RELATIVES, Village, answer

LIST = "unit_id,email,language\narna,kari@example.no,nb\nfana,ola@example.no,nn\narna,anne@example.no,en\n"


@pytest.fixture
def village(relatives: Village) -> Village:
    return relatives


def invited(village: Village, content: str = LIST, now: dt.datetime = NOW) -> Invitations:
    return invite(village.database, village.keys, village.round_id, content.encode(), now)


def count(village: Village, table: type[Base]) -> int:
    with village.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def code_of(village: Village, email: str) -> str:
    with village.database.reading() as connection:
        invitee = connection.execute(select(Invitee.id).where(Invitee.email == email)).scalar_one()
    return for_invitee(village.keys.web(village.round_id).mail, invitee)


def issued(village: Village) -> dict[str, int]:
    with village.database.reading() as connection:
        rows = connection.execute(select(Batch.unit, Batch.issued).where(Batch.round == village.round_id))
        return {row.unit: row.issued for row in rows}


def test_everybody_on_the_list_gets_a_code_that_leads_to_their_unit_and_a_mail_in_the_outbox(village: Village) -> None:
    assert invited(village) == Invitations(new=3, again=0, before=0)
    for email, unit in (("kari@example.no", "arna"), ("anne@example.no", "arna"), ("ola@example.no", "fana")):
        found = find(village.database, village.keys, code_of(village, email))
        assert found
        assert (found.round_id, found.unit_id) == (village.round_id, unit)
    assert issued(village) == {"arna": 2, "fana": 1}
    with village.database.reading() as connection:
        mails = connection.execute(select(Outbox.kind, Outbox.state, Outbox.attempts, Outbox.due, Outbox.error)).all()
    assert mails == [("invitation", "queued", 0, NOW, "")] * 3


def test_the_same_list_again_invites_nobody(village: Village) -> None:
    invited(village)
    assert invited(village) == Invitations(new=0, again=0, before=3)
    assert (count(village, Invitee), count(village, Code), count(village, Outbox)) == (3, 3, 3)
    assert issued(village) == {"arna": 2, "fana": 1}


def test_a_longer_list_invites_only_who_is_new(village: Village) -> None:
    invited(village)
    assert invited(village, f"{LIST}arna,Per@example.no,nb\n").new == 1
    assert invited(village, "unit_id,email,language\nfana,PER@EXAMPLE.NO,nb\n").new == 0, "nor about another unit"


def test_who_has_answered_is_forgotten_and_not_invited_again(village: Village) -> None:
    invited(village)
    assert village.send(code_of(village, "kari@example.no"), answer()) is Outcome.RECEIVED
    assert (count(village, Invitee), count(village, Outbox)) == (2, 2)
    assert invited(village) == Invitations(new=0, again=0, before=3)
    assert (count(village, Invitee), count(village, Outbox)) == (2, 2)


def test_who_loses_the_code_by_hand_is_forgotten_too_and_gets_no_mail(village: Village) -> None:
    invited(village)
    kari, ola = (code_of(village, f"{name}@example.no") for name in ("kari", "ola"))
    void(village.database, village.keys, village.round_id, [kari])
    assert (count(village, Invitee), count(village, Outbox), count(village, Code)) == (2, 2, 2)
    with village.database.begin() as connection:
        keys = village.keys.web(village.round_id)
        assert void_leftover(connection, keys, village.round_id, ola, ["fana"]) == "fana"
    assert (count(village, Invitee), count(village, Outbox), count(village, Code)) == (1, 1, 1)
    assert invited(village).before == 3, "and the same list does not invite them again"


def test_a_mail_refused_for_good_is_tried_again_with_the_same_code(village: Village) -> None:
    invited(village)
    before = code_of(village, "ola@example.no")
    refused = select(Invitee.id).where(Invitee.email == "ola@example.no").scalar_subquery()
    with village.database.begin() as connection:
        connection.execute(update(Outbox).where(Outbox.invitee == refused).values(state="failed", attempts=4))
    later = NOW + dt.timedelta(days=1)
    assert invited(village, now=later) == Invitations(new=0, again=1, before=2)
    with village.database.reading() as connection:
        mail = connection.execute(select(Outbox.state, Outbox.attempts, Outbox.due).where(Outbox.invitee == refused))
        assert mail.one() == ("queued", 0, later)
    assert code_of(village, "ola@example.no") == before


def test_a_mistake_anywhere_in_the_list_invites_nobody(village: Village) -> None:
    with village.database.begin() as connection:
        connection.execute(update(Node).where(Node.id == "fana").values(service_kind="shared_home"))
    with pytest.raises(ListError) as caught:
        invited(village)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(3, "unit_id")]
    assert (count(village, Invitee), count(village, Code), count(village, Outbox), count(village, Invited)) == (0,) * 4
    assert issued(village) == {}


def test_residents_are_not_invited_by_mail(village: Village) -> None:
    village.round_id = village.open_round()
    with pytest.raises(InvitingError, match="medvirk codes issue"):
        invited(village)


@pytest.mark.parametrize("state", ["planned", "closing", "released", "destroyed"])
def test_only_an_open_round_invites(village: Village, state: str) -> None:
    with village.database.begin() as connection:
        connection.execute(update(Round).where(Round.id == village.round_id).values(state=state))
    with pytest.raises(InvitingError, match=state):
        invited(village)


def test_an_unknown_round_is_told(village: Village) -> None:
    village.round_id = "unknown"
    with pytest.raises(InvitingError, match="medvirk round list"):
        invited(village)


def test_nobody_is_asked_in_two_open_rounds_about_one_place(village: Village) -> None:
    invited(village)
    village.round_id = village.open_round(audience="relative", questionnaire=RELATIVES)
    with pytest.raises(IssuingError, match="already asked"):
        invited(village)


def test_closing_the_round_leaves_nothing_of_who_was_invited(village: Village) -> None:
    invited(village)
    close_round(village.database, village.keys, village.data, village.round_id)
    assert (count(village, Invitee), count(village, Code), count(village, Outbox), count(village, Invited)) == (0,) * 4


def test_only_the_invitees_row_holds_an_address(village: Village) -> None:
    """Nor does any row hold a code; those that hold hashes or ids lie in their order, not the list's."""
    invited(village)
    with village.database.reading() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            assert ("example.no" in repr(rows)) == (table.name == "invitee")
