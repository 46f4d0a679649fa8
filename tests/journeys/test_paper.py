"""Paper is typed in outside the service, some twice; until that is settled nobody can read it. On both databases."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from survey.access.codes import shown
from survey.interviews import twice
from survey.questionnaire.answers import decode
from survey.rounds.closing import close_round
from survey.staff.roles import TYPIST
from survey.storage.engine import Database
from survey.storage.tables import Code, FirstTyping, Sealed
from tests.staffed import employ, sign_in
from tests.taken import INSIDER, LEADER, OUTSIDER, Taken, fields, taken
from tests.village import answer

OTHER = "per@kristiansund.no"
NEVER = 2**300  # one in so many
TYPED = {"typed-glad": "5", "typed-sad": "1", "typed-food": "dont_know", "typed-support": "some"}


@pytest.fixture
def molde(database: Database, tmp_path: Path) -> Iterator[Taken]:
    with taken(database, tmp_path) as molde:
        molde.village.codes(1, way="paper", unit="fana")
        employ(database, OTHER, [TYPIST], "1505")
        leader = sign_in(molde.app, LEADER)
        for email in (OUTSIDER, OTHER):
            molde.invite(leader, "typist", email)
        yield molde


@pytest.fixture
def kari(molde: Taken) -> FlaskClient:
    return sign_in(molde.app, OUTSIDER, language="en")


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twice, "EVERY", NEVER)
    monkeypatch.setattr(twice, "is_first", lambda *_: False)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twice, "EVERY", 1)


def paper(molde: Taken) -> str:
    (code,) = molde.village.codes(1, way="paper", unit="fana")
    return code


def begin(molde: Taken, client: FlaskClient, code: str, **more: str) -> TestResponse:
    """Write a paper's code."""
    form = {"code": code, "spoken": "nb", "ladder": "3", **more}
    return molde.press(client, molde.desk("paper", "fana"), **form)


def type_in(molde: Taken, client: FlaskClient, code: str, **changes: str) -> TestResponse:
    """Write its code, then all that stands on it."""
    form = fields(begin(molde, client, code, alone="1")) | TYPED | changes
    return client.post(f"{molde.desk('paper', 'fana')}/typed", data=form)


def opened(molde: Taken) -> list[object]:
    village = molde.village
    opener = village.keys.opener(village.round_id)
    with village.database.reading() as connection:
        return [decode(opener.decrypt(box)) for box in connection.execute(select(Sealed.box)).scalars()]


def waits(molde: Taken) -> list[bytes]:
    with molde.village.database.reading() as connection:
        return list(connection.execute(select(FirstTyping.box)).scalars())


@pytest.mark.usefixtures("once")
def test_what_stands_on_the_paper_is_the_answer_and_its_code_is_spent(molde: Taken, kari: FlaskClient) -> None:
    code = paper(molde)
    form = begin(molde, kari, shown(code).lower())
    assert "Er du glad her?" in form.text
    assert 'value="4"' not in form.text, "the paper had three answers"
    done = type_in(molde, kari, code, **{"typed-say": "Fin buss"})
    assert (done.status_code, done.location) == (303, molde.desk("paper", "fana"))
    assert "The paper is in" in kari.get(done.location).text
    (got,) = opened(molde)
    expected = answer(5, support="some", comment="Fin buss")
    assert got == type(expected)("nb", 3, "some", {"glad": 5, "sad": 1, "food": "dont_know"}, {"say": "Fin buss"})
    again = begin(molde, kari, code)
    assert again.status_code == 422
    assert "The code has been used" in again.text


@pytest.mark.usefixtures("once")
def test_pressed_twice_it_is_taken_once_and_typed_again_from_an_open_page_it_is_told(
    molde: Taken, kari: FlaskClient
) -> None:
    code, address = paper(molde), f"{molde.desk('paper', 'fana')}/typed"
    form, other = (fields(begin(molde, kari, code)) | TYPED for _ in range(2))
    assert [kari.post(address, data=form).status_code for _ in range(2)] == [303, 303]
    replayed = kari.post(address, data=other)
    assert replayed.status_code == 422
    assert "The code has been used" in replayed.text
    assert len(opened(molde)) == 1


@pytest.mark.usefixtures("once")
def test_what_cannot_be_taken_is_told_and_nothing_typed_is_gone(molde: Taken, kari: FlaskClient) -> None:
    page = type_in(molde, kari, paper(molde), **{"typed-glad": "4", "typed-say": "x" * 1501})
    assert page.status_code == 422
    assert "Nothing you typed is gone" in page.text
    assert "x" * 1501 in page.text
    assert re.search(r'name="typed-food" value="dont_know"[^>]* checked', page.text)
    assert opened(molde) == []


@pytest.mark.usefixtures("always")
def test_a_paper_of_the_sample_is_taken_when_somebody_else_has_typed_the_same(molde: Taken, kari: FlaskClient) -> None:
    code = paper(molde)
    first = type_in(molde, kari, code)
    assert "This paper is typed twice" in first.text
    assert (opened(molde), len(waits(molde))) == ([], 1)
    assert "wait to be typed a second time: 1" in kari.get(molde.desk("paper", "fana")).text
    closing = sign_in(molde.app, LEADER, language="en").get(f"/staff/rounds/{molde.village.round_id}/close")
    assert "wait to be typed a second time: 1" in closing.text
    assert "You typed it the first time yourself" in begin(molde, kari, code).text
    per = sign_in(molde.app, OTHER, language="en")
    assert "Second time" in begin(molde, per, code, ladder="5", spoken="en").text
    assert type_in(molde, per, code, **{"typed-say": " "}).status_code == 303
    assert (len(opened(molde)), waits(molde)) == (1, [])


@pytest.mark.usefixtures("always")
def test_the_first_typing_sent_again_is_no_second_one(molde: Taken, kari: FlaskClient) -> None:
    code = paper(molde)
    form = fields(begin(molde, kari, code)) | TYPED
    for _ in range(2):
        page = kari.post(f"{molde.desk('paper', 'fana')}/typed", data=form)
        assert "This paper is typed twice" in page.text
    assert (opened(molde), len(waits(molde))) == ([], 1)


@pytest.mark.usefixtures("always")
def test_what_was_typed_differently_is_settled_with_the_paper_and_then_taken(molde: Taken, kari: FlaskClient) -> None:
    code = paper(molde)
    type_in(molde, kari, code, **{"typed-say": "Fin bus"})
    per = sign_in(molde.app, OTHER, language="en")
    page = type_in(molde, per, code, **{"typed-say": "Fin <b>buss", "typed-sad": "", "typed-support": "none"})
    assert page.status_code == 200
    assert "Typed differently" in page.text
    assert set(re.findall(r'type="radio" name="typed-(\w+)"', page.text)) == {"say", "sad", "support"}
    assert "Fin &lt;b&gt;buss" in page.text
    assert opened(molde) == []
    settled = fields(page) | {"typed-say": "Fin <b>buss", "typed-sad": "1", "typed-support": "none"}
    unchosen = {name: value for name, value in settled.items() if name != "typed-sad"}
    assert per.post(f"{molde.desk('paper', 'fana')}/typed", data=unchosen).status_code == 400
    assert per.post(f"{molde.desk('paper', 'fana')}/typed", data=settled).status_code == 303
    (got,) = opened(molde)
    assert vars(got) == {
        "language": "nb",
        "ladder": 3,
        "support": "none",
        "values": {"glad": 5, "sad": 1, "food": "dont_know"},
        "comments": {"say": "Fin <b>buss"},
    }
    assert waits(molde) == []


@pytest.mark.usefixtures("always")
def test_what_waits_goes_with_its_code_and_when_the_round_closes(molde: Taken, kari: FlaskClient) -> None:
    village, (kept, voided) = molde.village, (paper(molde), paper(molde))
    for code in (kept, voided):
        type_in(molde, kari, code)
    with village.database.begin() as connection:
        pepper = village.keys.web(village.round_id).pepper
        connection.execute(delete(Code).where(Code.hmac == twice.hashed(pepper, voided)))
    assert len(waits(molde)) == 1
    close_round(village.database, village.keys, village.data, village.round_id)
    assert waits(molde) == []


def test_the_first_paper_of_a_round_is_typed_twice_whatever_the_sample(
    molde: Taken, kari: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twice, "EVERY", NEVER)
    first, second, third = (paper(molde) for _ in range(3))
    assert "This paper is typed twice" in type_in(molde, kari, first).text
    assert type_in(molde, kari, second).status_code == 303
    assert type_in(molde, kari, first).status_code == 303
    assert type_in(molde, kari, third).status_code == 303
    assert (len(opened(molde)), waits(molde)) == (3, [])


def test_one_paper_in_ten_is_typed_twice_and_no_code_tells_which(molde: Taken) -> None:
    web = molde.village.keys.web(molde.village.round_id)
    codes = [f"CODE{number}" for number in range(1000)]
    drawn = [twice.in_sample(web, code) for code in codes]
    assert 50 < sum(drawn) < 160
    assert drawn == [twice.in_sample(web, code) for code in codes]
    other = molde.village.keys.web(molde.village.open_round(title="En annen"))
    assert drawn != [twice.in_sample(other, code) for code in codes]


def test_nobody_types_in_for_the_service_they_work_in_and_no_paper_of_another_place(
    molde: Taken, kari: FlaskClient
) -> None:
    ida = sign_in(molde.app, INSIDER)
    assert ida.get(molde.desk("paper", "fana")).status_code == 404
    address = f"{molde.desk('paper', 'fana')}/typed"
    form = fields(begin(molde, kari, paper(molde))) | TYPED
    assert molde.press(ida, address, **{name: form[name] for name in form if name != "csrf_token"}).status_code == 404
    (elsewhere,) = molde.village.codes(1, way="paper", unit="arna")
    swapped = kari.post(address, data=form | {"code": elsewhere})
    assert swapped.status_code == 422
    assert "no paper code of this round and this place" in swapped.text
    assert opened(molde) == []
    assert kari.post(address, data={**form, "csrf_token": ""}).status_code == 400


@pytest.mark.usefixtures("once")
def test_nothing_is_written_of_who_typed_or_when(molde: Taken, kari: FlaskClient) -> None:
    kari.get(molde.desk("paper", "fana"))
    before = molde.audit()
    for _ in range(3):
        kari.get(molde.desk("paper", "fana"))
        assert type_in(molde, kari, paper(molde)).status_code == 303
    assert molde.audit() == before
    assert before[-1] == (OUTSIDER, "desk_opened", "Runde")
