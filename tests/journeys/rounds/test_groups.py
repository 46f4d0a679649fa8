"""A round is given out by the group of a measure: from its plan over cards, mails and letters to the measure's page."""

import re
from collections.abc import Callable

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument
from sqlalchemy import select

from survey.access.codes import normalise
from survey.access.issuing import IssuingError
from survey.keys import KeyStore
from survey.questionnaire.answers import Answer
from survey.settings import Settings
from survey.staff.roles import INTERVIEWER
from survey.storage.engine import Database
from survey.storage.tables import Batch, Invitee, Measure, MeasureRound
from tests.leading import RESIDENTS, STEPS, id_of, opened, page, planned, state
from tests.staffed import employ, post, sign_in
from tests.taken import fields
from tests.village import Village

FIVE_DAYS = "de som har fem dager"
GROUPS = {"covering": FIVE_DAYS, "covered": "10"}
EVERYWHERE = {"where": {"part": "everywhere"}, "anonymity": {"helped": "0"}}
MEASURE = {
    "title": "Fire dager",
    "question": "day-centre-residents/thrive",
    "place": "4601",
    "covers": "group",
    "responsible": "Enhetsleder",
    "start": "2027-01-15",
}
RELATIVES = {"who": {**STEPS["who"], "what": "relatives:day_centre"}}
LIST = "unit_id;email;language;group\r\narna;kari@example.no;nb;covered\r\narna;ola@example.no;nn;not_covered\r\n"
LETTERS = (
    "unit_id;name;address;postcode;town;language;group\r\n"
    "arna;Kari Nordmann;Storgata 1;0150;Oslo;nb;covered\r\narna;Ola Nordmann;Storgata 2;0150;Oslo;nb;not_covered\r\n"
)
SENDER = {"contact": "Ingrid Vik", "phone": "55 00 00 00"}


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no", language="en")


@pytest.fixture
def measure(anna: FlaskClient, database: Database) -> str:
    """A measure for some of the people of every unit."""
    assert post(anna, "/staff/measures/new", **MEASURE).status_code == 302
    with database.reading() as connection:
        return connection.execute(select(Measure.id)).scalar_one()


def in_groups(measure: str, **steps: dict[str, object]) -> dict[str, dict[str, object]]:
    return {**EVERYWHERE, **steps, "groups": {"measure": measure, **GROUPS}}


def printed(lise: FlaskClient, round_: str, way: str = "self", **form: str) -> tuple[str, list[str], str]:
    """The words on the cards, their codes as a real decoder reads them, and the file's name."""
    made = post(lise, f"{round_}/cards", way=way, language="nb", **form)
    assert made.status_code == 200, made.text
    pages = list(PdfDocument(made.data))
    found = [read.text for each in pages for read in zxingcpp.read_barcodes(each.render(scale=2).to_pil())]
    codes = [code for code in (normalise(text.partition("#")[2]) for text in found) if code]
    words = " ".join(each.get_textpage().get_text_range() for each in pages)
    return words, codes, made.headers["Content-Disposition"]


def interviewed(ida: FlaskClient, code: str, answers: dict[str, int]) -> None:
    """At the desk of the unit, which both groups share."""
    [desk] = set(re.findall('href="(/staff/interviews/.+?)"', page(ida, "/staff/interviews")))
    script = post(ida, desk, code=code)
    assert (script.status_code, FIVE_DAYS in script.text) == (200, False)
    sent = {**fields(script), "ladder": "3", "support": "some", **answers}
    assert ida.post("/submit", data=sent, headers={"Accept": "application/json"}).json["status"] == "received"


def batches(database: Database, round_: str) -> dict[tuple[str, str, str], int]:
    with database.reading() as connection:
        rows = connection.execute(select(Batch).where(Batch.round == id_of(round_))).all()
    return {(row.unit, row.way, row.group): row.issued for row in rows}


def test_from_the_plan_to_the_measures_page(
    app: Flask,
    lise: FlaskClient,
    anna: FlaskClient,
    database: Database,
    settings: Settings,
    work: Callable[[], None],
    measure: str,
) -> None:
    round_ = planned(lise, **in_groups(measure))
    step = page(lise, f"{round_}/plan/groups")
    assert "Units are then not shown" in step
    assert "If 22 % answer: 0 of 2 groups are shown by themselves." in step
    assert "If 55 % answer: 2 of 2 groups are shown by themselves." in step
    anonymity = page(lise, f"{round_}/plan/anonymity")
    assert "2 of 2 groups" in anonymity
    assert "How many residents in one service does the same helper assist" in anonymity
    assert f"Covered by a measure: {FIVE_DAYS} (about 10)" in page(lise, round_)
    assert post(lise, f"{round_}/residents", unit="arna", alone="8", alone_covered="9").status_code == 422
    numbers = {"unit": "arna", "alone": "8", "interview": "4", "alone_covered": "6", "interview_covered": "1"}
    assert post(lise, f"{round_}/residents", **numbers).status_code == 303
    round_ = opened(lise, work, **in_groups(measure))
    post(lise, f"{round_}/residents", **numbers)
    cards = page(lise, f"{round_}/cards")
    assert '(6 to print)</span> <span class="quiet">(1 for interviews)' in cards
    assert '(2 to print)</span> <span class="quiet">(3 for interviews)' in cards
    assert post(lise, f"{round_}/cards", unit="arna", number="6", way="self", language="nb").status_code == 422
    village = Village(database, KeyStore(settings.keys), settings.data, id_of(round_))
    with pytest.raises(IssuingError, match="names a measure: give --group"):
        village.codes(1)
    employ(database, "ida@bergen.no", [INTERVIEWER])
    ida = sign_in(app, "ida@bergen.no", language="en")
    answers = {question.id: 5 for question in RESIDENTS.questions if question.scale}
    looks = set()
    for group, thrive in (("covered", 5), ("not_covered", 1)):
        words, codes, name = printed(lise, round_, unit="arna", number="4", group=group)
        assert group in name
        assert len(codes) == 4
        looks.add(re.sub("[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", "code", words))
        for code in codes:
            village.send(code, Answer("nb", 3, "none", {**answers, "thrive": thrive}, {}))
        _, asked, _ = printed(lise, round_, "interview", unit="arna", number="2", group=group)
        for code in asked:  # without them a group would be too small to be shown
            interviewed(ida, code, {**answers, "thrive": thrive})
    assert len(looks) == 1  # nobody sees on a card which group its holder is of
    assert batches(database, round_) == {
        ("arna", way, group): number
        for way, number in (("self", 4), ("interview", 2))
        for group in ("covered", "not_covered")
    }
    post(lise, f"{round_}/close", kind="stop")
    work()
    ticked = dict.fromkeys(("paper", "register", "spares", "final"), "1")
    post(lise, f"{round_}/close", kind="release", **ticked)
    work()
    assert state(database, round_) == "released"
    report = page(anna, f"/staff/releases/{id_of(round_)}")
    assert "Covered by the measure" in report
    assert "Arna" not in report
    at = f"/staff/measures/{measure}"
    ticked_round = f'value="{id_of(round_)}" checked'
    assert ticked_round in page(anna, f"{at}/edit")
    form = {**MEASURE, "baseline": id_of(round_), "rounds": [id_of(round_)]}
    assert post(anna, f"{at}/edit", **form).status_code == 302
    told = page(anna, at)
    assert "at least 4 of 6" in told
    assert "at most 2 of 6" in told


def test_mails_and_letters_carry_the_group_and_say_nothing_of_it(
    lise: FlaskClient, anna: FlaskClient, database: Database, work: Callable[[], None]
) -> None:
    post(anna, "/staff/measures/new", **{**MEASURE, "question": "relatives/trust"})
    with database.reading() as connection:
        measure = connection.execute(select(Measure.id)).scalar_one()
    round_ = opened(lise, work, **in_groups(measure, **RELATIVES))
    assert "unit_id,email,language,group" in page(lise, f"{round_}/invitations")
    without = "unit_id;email;language\r\narna;kari@example.no;nb\r\n"
    refused = post(lise, f"{round_}/invitations", step="look", listed=without)
    assert (refused.status_code, "Begin with unit_id,email,language,group" in refused.text) == (422, True)
    wrong = post(lise, f"{round_}/invitations", step="look", listed=LIST.replace(";covered", ";some"))
    assert "Use covered, not_covered" in wrong.text
    assert post(lise, f"{round_}/invitations", step="send", listed=LIST).status_code == 303
    letters = post(lise, f"{round_}/letters", listed=LETTERS, **SENDER)
    assert letters.status_code == 200
    assert batches(database, round_) == {("arna", "self", group): 2 for group in ("covered", "not_covered")}
    with database.reading() as connection:
        rows = connection.execute(select(Invitee.email, Batch.group).join(Batch, Invitee.batch == Batch.id)).all()
    assert set(rows) == {("kari@example.no", "covered"), ("ola@example.no", "not_covered")}
    words = [each.get_textpage().get_text_range() for each in PdfDocument(letters.data)]
    assert len(words) == 2
    assert not [text for text in words if "tiltak" in text.casefold() or FIVE_DAYS in text]


def test_a_plan_takes_only_a_measure_that_the_round_can_be_read_for_and_may_change_its_mind(
    lise: FlaskClient, database: Database, measure: str
) -> None:
    round_ = planned(lise, **in_groups(measure))
    for change, cure in (
        ({"measure": "m0"}, "Choose one of these."),
        ({"covering": " "}, "Write at least a few words"),
        ({"covered": "0"}, "Write a number from 1"),
    ):
        refused = post(lise, f"{round_}/plan/groups", **{"measure": measure, **GROUPS, **change})
        assert (refused.status_code, cure in refused.text) == (422, True)
    assert post(lise, f"{round_}/plan/how", ways=["self"]).location.endswith("/plan/groups")
    post(lise, f"{round_}/plan/who", **RELATIVES["who"])
    assert post(lise, f"{round_}/plan/how", ways=["self"]).location.endswith("/plan/anonymity")
    assert "The measure is not read from this round" in page(lise, f"{round_}/open")
    assert "No measure for a planned group of persons is read" in page(lise, f"{round_}/plan/groups")
    post(lise, f"{round_}/plan/groups", measure="")
    with database.reading() as connection:
        assert connection.execute(select(MeasureRound)).all() == []
    assert "The measure is not read" not in page(lise, f"{round_}/open")
