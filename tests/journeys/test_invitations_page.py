"""Inviting by e-mail in the web: looked at before it is sent, how it goes, refused addresses, reminders."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from survey.access.codes import for_invitee
from survey.answering.submission import Outcome
from survey.storage.tables import AuditEntry, Base, Batch, Code, Invited, Invitee, Mailing, Outbox
from tests.mailserver import serving
from tests.office import ANNE, KARI, NOW, OLA, Office
from tests.reaching import Place, reached
from tests.staffed import post
from tests.village import answer

LIST = f"unit_id,email,language\narna,{KARI},nb\nfana,{OLA},nn\narna,{ANNE},en\n"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with reached(tmp_path) as place:
        place.village.round_id = place.relatives
        yield place


@pytest.fixture
def leader(place: Place) -> FlaskClient:
    return place.sign_in(round_leader="4601")


def address(place: Place, then: str = "") -> str:
    return f"/staff/rounds/{place.relatives}/invitations{then}"


def count(place: Place, table: type[Base]) -> int:
    with place.village.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def numbers(page: str) -> list[int]:
    """Invited, sent, waiting, refused; or new, before, again."""
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd>", page)]


def audited(place: Place) -> list[tuple[str, str]]:
    entries = select(AuditEntry.action, AuditEntry.about).where(AuditEntry.action != "signed_in")
    with place.village.database.reading() as connection:
        return [tuple(row) for row in connection.execute(entries.order_by(AuditEntry.number))]


def test_a_list_is_looked_at_before_anything_is_sent_and_then_sent_as_it_was_seen(
    place: Place, leader: FlaskClient
) -> None:
    look = post(leader, address(place), step="look", listed=LIST)
    assert look.status_code == 200
    assert numbers(look.text) == [3, 0, 0]
    rows = re.findall(r'<th scope="row">(\w+)</th><td lang="(\w+)">\S+</td><td>(\d+)</td>', look.text)
    assert rows == [("Arna", "en", "1"), ("Arna", "nb", "1"), ("Fana", "nn", "1")]
    for table in (Invitee, Invited, Outbox, Code, Batch, Mailing):
        assert count(place, table) == 0
    seen = re.search(r"<textarea[^>]*hidden[^>]*>(.*?)</textarea>", look.text, re.DOTALL)
    assert seen
    sent = post(leader, address(place), step="send", listed=seen[1])
    assert sent.status_code == 303
    page = leader.get(sent.location).text
    assert "3 personer er invitert" in page
    assert numbers(page) == [3, 0, 3, 0]
    assert numbers(post(leader, address(place), step="look", listed=LIST).text) == [0, 3, 0]
    assert audited(place) == [("invited", "Runde, 3 by e-mail")]


def test_a_file_as_a_spreadsheet_saves_it_is_taken_too_and_so_are_addresses_alone(
    place: Place, leader: FlaskClient
) -> None:
    file = io.BytesIO("\ufeffunit_id;email;language\r\narna;kari@example.no;nb\r\n".encode())
    look = post(leader, address(place), step="look", listed="", file=(file, "list.csv"))
    assert numbers(look.text) == [1, 0, 0]
    look = post(leader, address(place), step="look", unit="fana", language="nn", listed=f"{KARI}\nOla <{OLA}>")
    assert numbers(look.text) == [2, 0, 0]
    assert f"fana,{OLA},nn" in look.text
    latin = io.BytesIO("unit_id;email;language\r\narna;kåre@example.no;nb\r\n".encode("latin-1"))
    look = post(leader, address(place), step="look", listed="", file=(latin, "list.csv"))
    assert (look.status_code, "CSV UTF-8" in look.text) == (422, True)


def test_what_is_wrong_is_told_by_line_and_cure_and_nothing_typed_is_lost(
    place: Place, leader: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = f"{LIST}fana,{KARI},nb\nnowhere,per@example,xx\n"
    for step in ("look", "send"):
        page = post(leader, address(place), step=step, listed=wrong)
        assert page.status_code == 422
        told = re.findall(r"<li>(Linje [^<]+)</li>", page.text)
        assert [line[:7] for line in told] == ["Linje 5", "Linje 6", "Linje 6", "Linje 6"]
        assert "den samme adressen står i linje 2. Ta bort den ene" in told[0]
        assert not [line for line in told if "@example" in line and "navn@" not in line]
        assert wrong.strip() in page.text.replace("\r", "")
    assert count(place, Invitee) == 0
    assert "example" not in caplog.text
    back = post(leader, address(place), step="edit", listed=wrong)
    assert wrong.strip() in back.text.replace("\r", "")


@pytest.mark.parametrize(
    "line",
    [
        "arna,kari@example.no\r\nBcc: all@example.no,nb",
        'arna,"kari@example.no\nBcc: all@example.no",nb',
        "arna,kari@example.no%0aBcc:all@example.no,nb",
        'arna,"kari@example.no, ola@example.no",nb',
        "arna,=cmd|' /C calc'!A0,nb",
        "arna,Kari <kari@example.no>,nb",
        "'; DROP TABLE invitee;--,kari@example.no,nb",
        "4601-d,kari@example.no,nb",
        "arna\x00,kari@example.no,nb",
    ],
)
def test_no_header_no_formula_and_no_second_recipient_comes_in_by_the_list(
    place: Place, leader: FlaskClient, line: str
) -> None:
    page = post(leader, address(place), step="send", listed=f"unit_id,email,language\n{line}\n")
    assert page.status_code == 422
    assert count(place, Invitee) == count(place, Outbox) == 0


def test_numbers_never_tell_who_or_how_many_answered(place: Place, leader: FlaskClient) -> None:
    with serving() as server:
        office = Office(place.village, server)
        office.invite(KARI, OLA, ANNE)
        server.replies[ANNE] = [f"550 5.1.1 <{ANNE}>: no such mailbox"]
        office.send()
        before = leader.get(address(place)).text
        assert numbers(before) == [3, 2, 0, 1]
        with place.village.database.reading() as connection:
            invitee = connection.execute(select(Invitee.id).where(Invitee.email == KARI)).scalar_one()
        code = for_invitee(place.village.keys.web(place.relatives).mail, invitee)
        assert place.village.send(code, answer()) is Outcome.RECEIVED
        after = leader.get(address(place)).text
    strip = re.compile(r'name="csrf_token" value="[^"]+"')
    assert strip.sub("", after) == strip.sub("", before)
    assert KARI not in after
    assert OLA not in after, "an address that works is shown to nobody"


def test_a_refused_address_is_corrected_or_taken_back(place: Place, leader: FlaskClient) -> None:
    with serving() as server:
        office = Office(place.village, server)
        office.invite(KARI, OLA)
        for email in (KARI, OLA):
            server.replies[email] = [f"550 5.1.1 <{email}>: no <b>such</b> mailbox"]
        office.send()
        page = leader.get(address(place)).text
        assert "no &lt;b&gt;such&lt;/b&gt; mailbox" in page
        addresses, ids = re.findall(r'type="email" value="([^"]+)"', page), re.findall(r'"mail" value="(\w+)"', page)
        mails = dict(zip(addresses, ids, strict=True))
        wrong = post(leader, address(place, "/refused"), mail=mails[KARI], email="kari@", decision="correct")
        assert (wrong.status_code, "kan ikke være en e-postadresse" in wrong.text) == (422, True)
        assert 'value="kari@"' in wrong.text
        taken = post(leader, address(place, "/refused"), mail=mails[KARI], email=OLA, decision="correct")
        assert (taken.status_code, "alt invitert" in taken.text) == (422, True)
        for again in (303, 422):
            good = post(leader, address(place, "/refused"), mail=mails[KARI], email=ANNE, decision="correct")
            assert good.status_code == again
            back = post(leader, address(place, "/refused"), mail=mails[OLA], decision="away")
            assert back.status_code == again
        with place.village.database.begin() as connection:
            connection.execute(update(Outbox).values(due=NOW))
        office.send()
        assert server.recipients() == [ANNE]
        office.check_code(server.received[0])
    assert numbers(leader.get(address(place)).text) == [1, 1, 0, 0]
    with place.village.database.reading() as connection:
        told = connection.execute(select(Batch.unit, Batch.issued, Batch.voided).order_by(Batch.unit)).all()
    assert [tuple(row) for row in told] == [("arna", 1, 0), ("fana", 1, 1)]
    assert numbers(post(leader, address(place), step="look", listed=LIST).text) == [2, 1, 0], "can be invited anew"
    assert [action for action, _ in audited(place)] == ["address_corrected", "invitation_taken_back"]
    assert "example" not in repr(audited(place))


def test_reminders_say_their_days_and_are_sent_once(place: Place, leader: FlaskClient) -> None:
    assert "Påminnelser" not in leader.get(address(place)).text
    with serving() as server:
        office = Office(place.village, server)
        office.invite(KARI)
        office.send()
        for kind, button in (("reminder_1", "Send den første påminnelsen"), ("reminder_2", "siste påminnelsen")):
            with place.village.database.begin() as connection:
                connection.execute(update(Mailing).values(day=dt.date(2026, 1, 5)))
            page = leader.get(address(place)).text
            assert "Siste invitasjon: 5. januar 2026" in page
            assert button in page
            for told in ("er på vei til dem som ikke har svart", "Ingen påminnelse ble sendt"):
                sent = post(leader, address(place, "/remind"), kind=kind)
                assert told in leader.get(sent.location).text
            assert "Den neste kan sendes fra" in leader.get(address(place)).text or kind == "reminder_2"
    assert "Begge påminnelsene er sendt" in leader.get(address(place)).text
    assert audited(place) == [("reminded", "Runde")] * 2
    with place.village.database.reading() as connection:
        kinds = connection.execute(select(Outbox.kind).order_by(Outbox.kind)).scalars().all()
    assert kinds == ["invitation", "reminder_1", "reminder_2"]


def test_a_round_of_residents_or_one_that_is_over_invites_nobody(place: Place, leader: FlaskClient) -> None:
    residents = f"/staff/rounds/{place.residents}/invitations"
    assert "trekker kort" in leader.get(residents).text
    assert post(leader, residents, step="send", listed=LIST).status_code == 422
    assert count(place, Invitee) == 0


def test_a_refused_mail_of_another_round_cannot_be_touched(place: Place, leader: FlaskClient) -> None:
    with serving() as server:
        office = Office(place.village, server)
        office.invite(KARI)
        server.replies[KARI] = ["550 no"]
        office.send()
    with place.village.database.reading() as connection:
        mail = connection.execute(select(Outbox.id)).scalar_one()
    other = f"/staff/rounds/{place.residents}/invitations/refused"
    for decision in ("away", "correct"):
        assert post(leader, other, mail=mail, email=OLA, decision=decision).status_code == 422
    assert count(place, Invitee) == 1
