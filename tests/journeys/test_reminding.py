"""Reminders: at most two, days apart, to those who have not answered."""

import datetime as dt

from sqlalchemy import select

from survey.access.codes import for_invitee
from survey.answering.submission import Outcome
from survey.invitations.inviting import preview
from survey.invitations.reminding import GAP, mailings, remind, upcoming
from survey.rounds.closing import close_round
from survey.storage.tables import Invitee, Outbox
from tests.office import ANNE, KARI, NOW, OLA, PEOPLE, Office
from tests.village import answer


def code_of(office: Office, email: str) -> str:
    with office.village.database.reading() as connection:
        invitee = connection.execute(select(Invitee.id).where(Invitee.email == email)).scalar_one()
    return for_invitee(office.village.keys.web(office.village.round_id).mail, invitee)


def reminded(office: Office, kind: str, now: dt.datetime) -> bool:
    office.clock.now = now
    with office.village.database.begin() as connection:
        return remind(connection, office.village.round_id, kind, now)


def kinds(office: Office) -> set[tuple[str, str]]:
    with office.village.database.reading() as connection:
        return {tuple(row) for row in connection.execute(select(Invitee.email, Outbox.kind).join_from(Outbox, Invitee))}


def test_only_who_has_the_invitation_and_has_not_answered_is_reminded_with_the_same_code(office: Office) -> None:
    office.invite(*PEOPLE)
    office.server.replies[ANNE] = ["550 no such mailbox"]
    office.send()
    assert office.village.send(code_of(office, OLA), answer()) is Outcome.RECEIVED
    assert reminded(office, "reminder_1", NOW + GAP)
    assert kinds(office) == {(KARI, "invitation"), (KARI, "reminder_1"), (ANNE, "invitation")}
    office.send()
    reminder = office.server.received[-1]
    assert (str(reminder["To"]), len(office.server.received)) == (KARI, 3)
    assert reminder["Subject"].startswith("Påminnelse")
    office.check_code(reminder)
    assert reminder["Message-ID"] != office.server.received[0]["Message-ID"]


def test_reminders_are_two_in_their_order_and_days_apart(office: Office) -> None:
    assert not reminded(office, "reminder_1", NOW), "nobody is invited"
    office.invite(KARI)
    office.send()
    early = NOW + GAP - dt.timedelta(days=1)
    assert not reminded(office, "reminder_1", early)
    assert not reminded(office, "reminder_2", NOW + GAP)
    assert reminded(office, "reminder_1", NOW + GAP)
    assert not reminded(office, "reminder_1", NOW + GAP), "pressed twice"
    assert not reminded(office, "reminder_2", early + GAP)
    assert reminded(office, "reminder_2", NOW + 2 * GAP)
    assert not reminded(office, "reminder_2", NOW + 9 * GAP)
    assert not reminded(office, "reminder_3", NOW + 9 * GAP)
    with office.village.database.reading() as connection:
        days = mailings(connection, office.village.round_id)
    assert days == {"invitation": NOW.date(), "reminder_1": (NOW + GAP).date(), "reminder_2": (NOW + 2 * GAP).date()}
    assert upcoming(days) is None


def test_a_preview_leaves_no_day_behind(office: Office) -> None:
    listed = f"unit_id,email,language\narna,{KARI},nb\n".encode()
    preview(office.village.database, office.village.keys, office.village.round_id, listed, NOW)
    with office.village.database.reading() as connection:
        assert mailings(connection, office.village.round_id) == {}


def test_a_round_that_is_over_reminds_nobody(office: Office) -> None:
    office.invite(KARI)
    office.send()
    village = office.village
    close_round(village.database, village.keys, village.data, village.round_id)
    assert not reminded(office, "reminder_1", NOW + GAP)
