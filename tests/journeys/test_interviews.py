"""Interviews: two people ask in the exact words, and nothing of them is with the answer. On both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from survey.access import codes
from survey.rounds.closing import Closing, close_round, stop_taking, take_again
from survey.rounds.noted import noted
from survey.storage.engine import Database
from survey.storage.tables import Base, Batch, Sealed, Staff, WrongCode
from tests.staffed import sign_in
from tests.taken import INSIDER, LEADER, OUTSIDER, Taken, fields, taken
from tests.village import QUESTIONNAIRE, RELATIVES


@pytest.fixture
def molde(database: Database, tmp_path: Path) -> Iterator[Taken]:
    with taken(database, tmp_path) as molde:
        molde.village.codes(2, way="interview", unit="fana")
        yield molde


@pytest.fixture
def leader(molde: Taken) -> FlaskClient:
    return sign_in(molde.app, LEADER, language="en")


def person(molde: Taken, email: str) -> FlaskClient:
    return sign_in(molde.app, email, language="en")


def rows(molde: Taken) -> dict[str, list[object]]:
    """Everything in the database, table by table."""
    with molde.village.database.reading() as connection:
        return {
            name: sorted(map(repr, connection.execute(table.select()).all()))
            for name, table in Base.metadata.tables.items()
        }


# Who may


def test_who_was_invited_from_elsewhere_finds_the_round_until_it_is_ended(molde: Taken, leader: FlaskClient) -> None:
    kari = person(molde, OUTSIDER)
    desk = molde.desk("interview", "fana")
    assert "There is no interview to do" in kari.get("/staff/interviews").text
    assert kari.get(desk).status_code == 404
    assert molde.invite(leader, "interviewer").status_code == 302
    assert "kari@kristiansund.no" in leader.get(molde.helpers).text
    assert desk in kari.get("/staff/interviews").text
    assert kari.get(desk).status_code == 200
    assert kari.get(molde.helpers).status_code == 404
    end = {name: value for name, value in fields(leader.get(molde.helpers)).items() if name != "csrf_token"}
    with molde.village.database.reading() as connection:
        end["staff"] = connection.execute(select(Staff.id).where(Staff.email == OUTSIDER)).scalar_one()
    assert molde.press(leader, f"{molde.helpers}/end", staff=end["staff"], role="interviewer").status_code == 302
    assert kari.get(desk).status_code == 404
    assert molde.press(kari, desk, code="x").status_code == 404
    assert [(who, deed, about) for who, deed, about in molde.audit() if deed.startswith("helper")] == [
        (LEADER, "helper_invited", "Runde, kari@kristiansund.no: interviewer"),
        (LEADER, "helper_ended", "Runde, kari@kristiansund.no: interviewer"),
    ]


def test_inviting_twice_is_inviting_once_and_each_role_is_a_matter_of_its_own(
    molde: Taken, leader: FlaskClient
) -> None:
    for _ in range(2):
        assert molde.invite(leader, "typist").status_code == 302
    assert leader.get(molde.helpers).text.count("kari@kristiansund.no</th>") == 1
    assert person(molde, OUTSIDER).get(molde.desk("interview", "fana")).status_code == 404


def test_where_answers_are_stopped_nobody_takes_one_until_they_are_taken_again(
    molde: Taken, leader: FlaskClient
) -> None:
    molde.invite(leader, "interviewer")
    kari, desk, village = person(molde, OUTSIDER), molde.desk("interview", "fana"), molde.village
    closing = Closing(village.database, village.keys, village.data, village.round_id)
    for step, status in ((stop_taking, 404), (take_again, 200)):
        step(closing)
        assert kari.get(desk).status_code == status


def test_closing_ends_every_invitation(molde: Taken, leader: FlaskClient) -> None:
    molde.invite(leader, "interviewer")
    kari, desk, village = person(molde, OUTSIDER), molde.desk("interview", "fana"), molde.village
    assert kari.get(desk).status_code == 200
    close_round(village.database, village.keys, village.data, village.round_id)
    assert kari.get(desk).status_code == 404
    assert "Runde" not in kari.get("/staff/interviews").text
    assert rows(molde)["round_helper"] == []
    assert molde.invite(leader, "interviewer").status_code == 400


def test_an_invitation_that_cannot_be_says_why_and_keeps_what_was_typed(molde: Taken, leader: FlaskClient) -> None:
    nobody = molde.invite(leader, "typist", "nobody@kristiansund.no")
    assert nobody.status_code == 422
    assert "Nobody has an account with this address" in nobody.text
    assert 'value="nobody@kristiansund.no"' in nobody.text
    own = molde.invite(leader, "typist", INSIDER)
    assert own.status_code == 422
    assert "They work in the service" in own.text
    assert molde.invite(leader, "administrator").status_code == 400
    assert rows(molde)["round_helper"] == []


def test_nobody_interviews_in_the_service_they_work_in_whatever_their_roles(molde: Taken) -> None:
    ida = person(molde, INSIDER)
    assert "Fana" not in ida.get("/staff/interviews").text
    assert ida.get(molde.desk("interview", "fana")).status_code == 404


# The conversation


@pytest.fixture
def kari(molde: Taken, leader: FlaskClient) -> FlaskClient:
    molde.invite(leader, "interviewer")
    return person(molde, OUTSIDER)


def test_the_script_has_the_exact_words_and_its_answer_is_received_like_every_other(
    molde: Taken, kari: FlaskClient
) -> None:
    (code,) = molde.village.codes(1, way="interview", unit="fana")
    page = molde.press(kari, molde.desk("interview", "fana"), code=codes.shown(code), spoken="nn")
    assert page.status_code == 200
    for phrase in (*QUESTIONNAIRE.welcome, *QUESTIONNAIRE.questions):
        assert phrase.text["nn"] in page.text
    sent = fields(page)
    assert set(sent) == {"code", "round", "submission", "language"}
    assert 'method="post" action="/submit"' in page.text
    form = {**sent, "ladder": "3", "support": "some", "glad": "5", "sad": "dont_know"}
    answered = kari.post("/submit", data=form, headers={"Accept": "application/json"})
    assert answered.json == {"status": "received", "errors": {}}
    assert "Cookie" not in answered.request.headers, "who interviews is not even in the request"
    assert kari.get_cookie("medvirk_staff", path="/staff")
    again = molde.press(kari, molde.desk("interview", "fana"), code=code)
    assert again.status_code == 422
    assert "has been used" in again.text


def test_the_second_screen_shows_the_questions_and_the_answers_there_are_and_nothing_to_press(
    molde: Taken, kari: FlaskClient
) -> None:
    molde.village.codes(way="interview", unit="arna")
    for unit, spoken in (("fana", "en"), ("fana", "nn"), ("arna", "nn"), ("fana", "en")):
        page = kari.get(f"{molde.desk('interview', unit)}/screen?spoken={spoken}").text
        assert f'id="place">{unit.title()}<' in page
        assert all(question.text[spoken] in page for question in QUESTIONNAIRE.questions)
        assert "<input" not in page
        assert "<button" not in page


def test_a_code_that_opens_nothing_here_is_told_and_stays_as_it_was(molde: Taken, kari: FlaskClient) -> None:
    village, desk = molde.village, molde.desk("interview", "fana")
    other = village.open_round(audience="relative", questionnaire=RELATIVES)
    (used,) = village.codes(way="interview", unit="fana")
    kari.post("/submit", data={**fields(molde.press(kari, desk, code=used)), "ladder": "3", "glad": "5"})
    not_here = "The code has been used, or it is no interview code"
    wrong = {
        " ": "Write the code first",
        "ABCD": "The code is mistyped",
        used: not_here,
        codes.mint(): not_here,
        village.codes(way="interview")[0]: not_here,
        village.codes(unit="fana")[0]: not_here,
        village.codes(unit="fana", way="interview", round_id=other)[0]: not_here,
    }
    before = rows(molde)
    for code, words in wrong.items():
        page = molde.press(kari, desk, code=code)
        assert (page.status_code, words in page.text) == (422, True), code
    after = rows(molde)
    assert {name for name in after if after[name] != before[name]} == {"wrong_code"}
    with village.database.reading() as connection:
        assert connection.execute(select(WrongCode.number)).scalar() == 2, "the used and the unknown"


def test_who_does_not_want_to_has_said_nothing_and_may_answer_another_day(molde: Taken, kari: FlaskClient) -> None:
    (code,) = molde.village.codes(1, way="interview", unit="fana")
    desk = molde.desk("interview", "fana")
    molde.press(kari, desk, code=code)
    before = rows(molde)
    page = molde.press(kari, f"{desk}/ended", code=code)
    assert "Nothing was sent and nothing is kept" in page.text
    assert rows(molde) == before
    assert molde.press(kari, desk, code=code).status_code == 200


def test_who_does_not_want_to_at_all_is_counted_once_with_the_reason_and_the_card_is_void(
    molde: Taken, kari: FlaskClient
) -> None:
    code, other = molde.village.codes(2, way="interview", unit="fana")
    (elsewhere,) = molde.village.codes(1, way="interview", unit="arna")
    ended = f"{molde.desk('interview', 'fana')}/ended"
    for card, status in ((code, 303), (code, 422), (elsewhere, 422), ("x", 422)):
        assert molde.press(kari, ended, code=card, reason="will_not").status_code == status
    assert molde.press(kari, ended, code=other, reason="because").status_code == 400
    with molde.village.database.reading() as connection:
        assert noted(connection, molde.village.round_id) == {"fana": {"will_not_at_interview": 1}}
        assert connection.execute(select(Batch.voided).where(Batch.unit == "fana")).scalar_one() == 1
    assert molde.press(kari, molde.desk("interview", "fana"), code=code).status_code == 422
    assert molde.audit()[-1] == (OUTSIDER, "leftover_voided", "Runde")


def test_a_round_whose_keys_cannot_be_read_is_told_and_comes_back(molde: Taken, kari: FlaskClient) -> None:
    village, desk = molde.village, molde.desk("interview", "fana")
    (code,) = village.codes(1, way="interview", unit="fana")
    folder = village.keys.folder / "web" / village.round_id
    (folder / "pepper").rename(folder / "away")
    molde.app.extensions["medvirk.answering"].keys._known.clear()
    assert molde.press(kari, desk, code=code).status_code == 503
    (folder / "away").rename(folder / "pepper")
    assert molde.press(kari, desk, code=code).status_code == 200


def test_nothing_is_written_of_who_interviewed_when_or_how_often(molde: Taken, kari: FlaskClient) -> None:
    desk, noted = molde.desk("interview", "fana"), []
    for code in molde.village.codes(3, way="interview", unit="fana"):
        kari.get(desk)
        form = fields(molde.press(kari, desk, code=code))
        before = rows(molde)
        assert kari.post("/submit", data={**form, "ladder": "3", "glad": "1"}).status_code == 200
        after = rows(molde)
        assert {name for name in after if after[name] != before[name]} == {"sealed", "code"}
        noted.append([entry for entry in molde.audit() if entry[1] == "desk_opened"])
    assert noted == [[(OUTSIDER, "desk_opened", "Runde")]] * 3, "once a day: no place, no code, no number"
    assert set(Sealed.__table__.columns.keys()) == {"id", "batch", "tag", "box"}
    with molde.village.database.reading() as connection:
        staff = connection.execute(select(Staff.id).where(Staff.email == OUTSIDER)).scalar_one()
    kept = rows(molde)
    assert not [name for name in ("sealed", "code", "batch", "answer_count") for row in kept[name] if staff in str(row)]


def test_no_address_of_a_desk_is_lent_to_another_round(molde: Taken, kari: FlaskClient) -> None:
    """Who was invited to one round opens no desk of another one of the same places."""
    other = molde.village.open_round(audience="relative", questionnaire=RELATIVES)
    molde.village.codes(1, unit="fana", way="interview", round_id=other)
    elsewhere = Taken(molde.app, molde.village)
    molde.village.round_id, here = other, molde.village.round_id
    assert kari.get(elsewhere.desk("interview", "fana")).status_code == 404
    molde.village.round_id = here
    assert kari.get(elsewhere.desk("interview", "fana")).status_code == 200


def test_two_hundred_places_take_no_more_statements_than_one(database: Database, tmp_path: Path) -> None:
    with taken(database, tmp_path, {"arna": 9} | {f"unit-{number}": 9 for number in range(200)}) as molde:
        with database.begin() as connection:
            batch = {"round": molde.village.round_id, "way": "interview", "group": "", "issued": 3, "voided": 0}
            first, *units = ({**batch, "id": f"batch-{number}", "unit": f"unit-{number}"} for number in range(200))
            connection.execute(insert(Batch), units)
        molde.invite(sign_in(molde.app, LEADER), "interviewer")
        kari, said = person(molde, OUTSIDER), []
        database_of_app = molde.app.extensions["medvirk.database"]
        for engine in (database_of_app._reader, database_of_app._writer):
            event.listen(engine, "before_cursor_execute", lambda *execution: said.append(execution[2]))
        assert kari.get("/staff/interviews").text.count("<li><a") == 1, "the service they all lie under"
        for page in ("", "~2", "~3"):
            assert kari.get(f"/staff/interviews?under=4601-d{page}").text.count("/staff/interviews/batch-") == 50
        assert kari.get("/staff/interviews?under=4601-d~4").text.count("/staff/interviews/batch-") == 49
        assert len(said) <= 12 * 5
        with molde.village.database.begin() as connection:
            connection.execute(insert(Batch), first)
        last = kari.get("/staff/interviews?under=4601-d~4").text
        assert last.count("/staff/interviews/batch-") == 50, "codes were made just now"
        said.clear()
        assert kari.get("/staff/interviews/batch-7").status_code == 200
        assert len(said) <= 12
