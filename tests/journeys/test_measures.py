"""An adviser registers a measure, and rounds later reads whether it helped; nothing typed is lost on the way."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from werkzeug.test import TestResponse

from reports.measures import keeping
from reports.measures.model import Measure
from reports.release import Interval, Release
from survey.rounds.plan import EMPTY
from survey.storage import tables
from survey.storage.tables import AuditEntry, MeasureRound, MeasureUnit, Node, Plan, Role, Round, Staff, Weighing
from survey.storage.tables import Measure as MeasureRow
from tests.bergen import day_centres, four_days
from tests.journeys.test_reports import heard
from tests.measured import a_measure, later_round, register_of
from tests.register import statements
from tests.staffed import employ, sign_in, staffed, token

MEASURES = "/staff/measures"
UNIT, QUESTION = "dag-2", "thrive"  # Eidsvåg, where nine of 22 thrived
WORSE = ("dag-5", "decide")  # in the third round
FILLED = {
    "title": "Kurs på Eidsvåg",
    "question": f"day-centre-residents/{QUESTION}",
    "hoped": "Flere har det bra",
    "place": UNIT,
    "covers": "units",
    "baseline": "dagsenter-2026",
    "chosen_by": "",
    "responsible": "Enhetsleder",
    "decision": "",
    "start": "2027-01-15",
    "deadline": "2027-06-30",
}


def rounds() -> list[Release]:
    first = day_centres()
    worse = replace(later_round(first, "", "", *WORSE, worse=True), title=first.title)
    return [
        first,
        later_round(first, "second", "2027-05-31", "", ""),
        later_round(worse, "third", "2027-11-30", UNIT, QUESTION),
        replace(four_days(), service_kind="senior_centre"),
    ]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with staffed(tmp_path_factory.mktemp("measures"), *rounds()) as app:
        with app.extensions["medvirk.database"].begin() as connection:
            connection.execute(insert(Node), register_of(day_centres()))
        yield app


@pytest.fixture
def app(installed: Flask) -> Iterator[Flask]:
    """The installation, without a measure again afterwards."""
    yield installed
    with installed.extensions["medvirk.database"].begin() as connection:
        for table in (Plan, Weighing, MeasureUnit, MeasureRound, MeasureRow):
            connection.execute(delete(table))


@pytest.fixture
def adviser(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no", language="en")


def post(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    return client.post(address, data={**fields, "csrf_token": token(client.get(MEASURES))})


def begun(client: FlaskClient, **changes: object) -> str:
    """The address of a measure that was registered and then began."""
    address = post(client, f"{MEASURES}/new", **FILLED | changes).location
    assert address
    post(client, f"{address}/status", status="started")
    return address


def kept(app: Flask) -> list[Measure]:
    with app.extensions["medvirk.database"].reading() as connection:
        return keeping.listed(connection, ["4601"])


def test_an_adviser_registers_a_measure_and_reads_whether_it_helped(app: Flask, adviser: FlaskClient) -> None:
    assert "No measure is registered yet" in adviser.get(MEASURES).text
    answer = post(adviser, f"{MEASURES}/new", **FILLED)
    (measure,) = kept(app)
    assert answer.location == f"{MEASURES}/{measure.id}"
    assert measure.units == {UNIT}
    page = adviser.get(answer.location).text
    assert "Not begun" in page
    assert "That is if as many answer again." in page
    post(adviser, f"{answer.location}/status", status="started")
    page = adviser.get(answer.location).text
    assert "Moved as hoped" in page
    assert re.search(r"The covered compared with the others:</strong> between \d+ and \d+ more of 100 people", page)
    assert "Eidsvåg dagsenter" in page
    assert 'href="/staff/releases/third"' in page
    assert "Simulated answers" in page
    listed = adviser.get(MEASURES).text
    assert "Moved as hoped" in listed
    with app.extensions["medvirk.database"].reading() as connection:
        assert connection.execute(select(AuditEntry.about).where(AuditEntry.action == "measure_registered")).scalar()


def test_it_is_decided_started_and_ended_and_what_should_have_been_is_marked(app: Flask, adviser: FlaskClient) -> None:
    past = dt.date(2026, 1, 1).isoformat()
    address = post(adviser, f"{MEASURES}/new", **FILLED | {"start": past, "deadline": past}).location
    for status, overdue in (("decided", True), ("started", True), ("ended", False)):
        assert post(adviser, f"{address}/status", status=status).location == address
        assert kept(app)[0].status == status
        for page in (MEASURES, address):
            assert ("Overdue" in adviser.get(page).text) is overdue
    assert post(adviser, f"{address}/status", status="forgotten").status_code == 400


def test_what_begins_without_a_day_begins_today(app: Flask, adviser: FlaskClient) -> None:
    begun(adviser, start="", deadline="")
    assert kept(app)[0].start == dt.datetime.now(dt.UTC).date()


def test_a_late_baseline_and_one_chosen_for_low_numbers_are_told(adviser: FlaskClient) -> None:
    late = begun(adviser, start="2026-10-01")
    assert "The baseline is late" in adviser.get(late).text
    low = begun(adviser, chosen_by="dagsenter-2026")
    page = adviser.get(low).text
    assert "No verdict: chosen for low numbers" in page
    assert "Moved as hoped" not in page
    later = post(
        adviser,
        f"{low}/edit",
        **FILLED | {"chosen_by": "dagsenter-2026", "baseline": "second", "start": "2027-07-01", "deadline": ""},
    )
    assert "Moved as hoped" in adviser.get(later.location).text


def test_what_those_asked_think_of_it_stands_on_its_page(app: Flask, adviser: FlaskClient) -> None:
    address = begun(adviser)
    assert "Nobody has told their view of it yet. Whoever leads the next round" in adviser.get(address).text
    (measure,) = kept(app)
    with app.extensions["medvirk.database"].begin() as connection:
        connection.execute(insert(Plan), {**EMPTY, "round": "four-days", "view_of": measure.id})
    page = adviser.get(address).text
    for question in ("Vi har begynt med fire dager i uka. Hvordan er", "Har du det bedre med", "Fikk du si"):
        assert question in page
    view = page.split('id="views"')[1].split('id="weighed"')[0]
    (town, eidsvag) = (node for node in four_days().nodes if node.id in ("4601", UNIT))
    for node in (town, eidsvag):
        for question in ("view_1", "view_2", "view_3"):
            answers = node.answers[question]
            for end in (answers.positive, answers.negative):
                assert wording_of(end, node.n) in view
    assert "Arna dagsenter" not in view, "it is not covered"
    assert "Kloppedalen" not in view, "it is not shown"
    assert view.count('role="img"') == view.count("<desc>") == 2 * 2 * 3
    assert view.count("<table>") == 3
    assert all(in_table for _title, _about, in_table in heard(view))
    assert "We do not show whether it was 0, 1 or 2." in view
    assert 'href="/staff/releases/four-days"' in view


def wording_of(interval: Interval, n: int) -> str:
    low, high = interval
    if low == high:
        return f"{low} of {n}"
    return f"at most {high} of {n}" if low == 0 else f"at least {low} of {n}" if high == n else f"between {low} and"


def test_how_views_were_weighed_is_written_down_and_stays(adviser: FlaskClient) -> None:
    address = post(adviser, f"{MEASURES}/new", **FILLED).location
    answer = post(adviser, f"{address}/weighings", text="Brukerrådet ville ha <mer> valg.")
    assert answer.location == f"{address}#weighed"
    page = adviser.get(address).text
    assert "Brukerrådet ville ha &lt;mer&gt; valg." in page
    assert "Quality adviser, anna@bergen.no" in page
    refused = post(adviser, f"{address}/weighings", text="x" * 2001)
    assert refused.status_code == 422
    assert "This is 2001." in refused.text
    assert "x" * 2001 in refused.text
    assert post(adviser, f"{address}/weighings", text=" ").status_code == 422


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "Give the measure a name."),
        ({"title": "x" * 121}, "This is 121 signs long. Write 120 at most."),
        ({"question": "day-centre-residents/none"}, "Choose the one question that it should move."),
        ({"question": "day-centre-residents/comment"}, "Choose the one question that it should move."),
        ({"question": "shared-home-residents/safe"}, "This question is not asked there."),
        ({"place": "0301"}, "Choose the place where it is done."),
        ({"units": "dag-3"}, "Some of these units are not in the place chosen above."),
        ({"covers": "group"}, "Rounds with a planned group are shown by service."),
        ({"covers": "group", "place": "4601", "rounds": "second"}, "Choose rounds of the same municipality."),
        ({"baseline": "elsewhere"}, "Choose a round of the same municipality."),
        ({"chosen_by": "elsewhere"}, "Choose a round of the same municipality."),
        ({"responsible": ""}, "Say who is responsible"),
        ({"start": "i morgen"}, "“i morgen” is no date. Write it as 2026-12-31."),
        ({"deadline": "2026-12-31"}, "The deadline is before the start."),
    ],
)
def test_what_is_wrong_is_told_with_its_cure_and_nothing_typed_is_lost(
    app: Flask, adviser: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    answer = post(adviser, f"{MEASURES}/new", **FILLED | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert kept(app) == []
    typed = FILLED | wrong
    for name in ("title", "responsible", "start", "deadline"):
        assert f'name="{name}"' in answer.text
        assert f'value="{typed[name]}"' in answer.text or not typed[name].strip()
    assert "Flere har det bra</textarea>" in answer.text


def test_a_baseline_that_did_not_ask_the_question_is_refused(app: Flask, adviser: FlaskClient) -> None:
    relatives = FILLED | {"question": "relatives/respect"}
    assert "That round did not ask this question." in post(adviser, f"{MEASURES}/new", **relatives).text


def test_the_form_is_filled_with_what_was_kept_and_with_what_the_address_says(app: Flask, adviser: FlaskClient) -> None:
    address = post(adviser, f"{MEASURES}/new", **FILLED | {"place": "4601-dag", "units": ["dag-2", "dag-3"]}).location
    page = adviser.get(f"{address}/edit").text
    for value in ("Kurs på Eidsvåg", "2027-01-15", "Enhetsleder"):
        assert f'value="{value}"' in page
    assert page.count(" checked") == 3  # two units, and that units are covered
    assert f'<option value="day-centre-residents/{QUESTION}" selected>' in page
    changed = post(adviser, f"{address}/edit", **FILLED | {"title": "Kurs på Fana", "place": "dag-3"})
    assert changed.location == address
    assert [(each.title, each.units) for each in kept(app)] == [("Kurs på Fana", {"dag-3"})]
    begun = adviser.get(f"{MEASURES}/new?question=day-centre-residents/thrive&baseline=second").text
    assert f'<option value="day-centre-residents/{QUESTION}" selected>' in begun
    assert '<option value="second" selected>' in begun


def test_a_reader_reads_and_does_not_write(app: Flask, adviser: FlaskClient) -> None:
    address = post(adviser, f"{MEASURES}/new", **FILLED).location
    reader = sign_in(app, "admin@bergen.no", language="en")
    for page in (MEASURES, address):
        assert "Kurs på Eidsvåg" in reader.get(page).text
        assert "Change the measure" not in reader.get(page).text
        assert "Register a measure" not in reader.get(page).text
    assert reader.get(f"{MEASURES}/new").status_code == 403
    for wanted in ("edit", "status", "weighings"):
        assert post(reader, f"{address}/{wanted}", status="ended", text="x", **FILLED).status_code == 404
    assert [each.status for each in kept(app)] == ["planned"]


def test_another_municipality_neither_sees_it_nor_is_offered_as_a_place(app: Flask, adviser: FlaskClient) -> None:
    oslo = {"id": "0301", "level": "municipality", "parent": None, "name": {"nb": "Oslo"}, "service_kind": None}
    database = app.extensions["medvirk.database"]
    with database.begin() as connection:
        connection.execute(insert(Node), {**oslo, "places": None})
    employ(database, "oda@oslo.no", ["quality_adviser"], "0301")
    address = post(adviser, f"{MEASURES}/new", **FILLED).location
    oda = sign_in(app, "oda@oslo.no", language="en")
    assert oda.get(address).status_code == 404
    assert "Kurs på Eidsvåg" not in oda.get(MEASURES).text
    assert "Eidsvåg" not in oda.get(f"{MEASURES}/new").text
    assert "Choose the place where it is done." in post(oda, f"{MEASURES}/new", **FILLED).text


def test_below_ten_people_a_change_is_told_in_words_only(app: Flask, adviser: FlaskClient) -> None:
    small = next(node for node in day_centres().nodes if node.level == "unit" and node.n < 10)
    measure = replace(
        a_measure(municipality="4601", place=small.id, units=frozenset({small.id}), baseline="dagsenter-2026"),
        questionnaire="day-centre-residents",
        question=QUESTION,
        start=dt.date(2027, 1, 1),
    )
    with app.extensions["medvirk.database"].begin() as connection:
        keeping.register(connection, measure, "anna@bergen.no")
    page = adviser.get(f"{MEASURES}/m1").text
    assert re.search(rf"(at most|at least|\d) .*of {small.n}", page)
    assert ">not told</td>" in page
    assert "The covered compared with the others:" not in page


def test_a_question_is_read_over_the_rounds_before_in_words_a_chart_and_a_table(adviser: FlaskClient) -> None:
    question = "/staff/releases/third/questions/thrive"
    page = adviser.get(f"{question}?node={UNIT}").text
    assert "More are at the good end than the last time" in page
    assert page.count('class="columns"') == 1
    chart = page.split('class="columns"')[1].split("</ol>")[0]
    assert chart.count("<title>") == chart.count("<desc>") == 3
    assert "at least 20 of 22" in chart
    assert page.count("<caption>") == 2  # over time, and place by place
    assert "If it was chance who answered" in page
    assert "columns" not in adviser.get("/staff/releases/dagsenter-2026/questions/thrive").text
    assert "Not compared" not in page
    whole = adviser.get(question).text
    assert "Eidsvåg dagsenter lies higher than" in whole
    assert "lies higher than" not in page  # one unit has nothing to be ranked


def test_below_ten_people_there_is_no_chart_over_time(adviser: FlaskClient) -> None:
    small = next(node for node in day_centres().nodes if node.level == "unit" and node.n < 10)
    page = adviser.get(f"/staff/releases/third/questions/thrive?node={small.id}").text
    assert "columns" not in page
    assert "Round by round" in page
    assert "of 100 people" not in page
    assert adviser.get("/staff/releases/third/questions/thrive?node=nowhere").status_code == 404


def test_a_round_that_is_released_later_is_in_the_next_reading(app: Flask, adviser: FlaskClient) -> None:
    """A kept page follows from the releases there are, not from its own alone."""
    begun(adviser)
    told = {"/staff/": "/second", MEASURES: "Moved as hoped", "/staff/releases/third/questions/glad": " – 2027-05-31"}
    for state, there in (("released", True), ("closing", False), ("released", True)):
        with app.extensions["medvirk.database"].begin() as connection:
            connection.execute(update(Round).where(Round.id.in_(("second", "third"))).values(state=state))
        assert [text in adviser.get(page).text for page, text in [*told.items(), *told.items()]] == [there] * 6


def test_a_measure_begins_at_a_question_and_who_is_late_reads_so_on_arrival(app: Flask, adviser: FlaskClient) -> None:
    link = f"{MEASURES}/new?question=day-centre-residents/thrive&amp;baseline=third&amp;place=4601"
    question = "/staff/releases/third/questions/thrive"
    assert link in adviser.get(question).text
    assert "/new?" not in sign_in(app, "admin@bergen.no", language="en").get(question).text
    assert "Measures that need attention" not in adviser.get("/staff/").text
    post(adviser, f"{MEASURES}/new", **FILLED | {"start": "2026-01-01"})
    begun(adviser, title="Husmøter", place=WORSE[0], question=f"day-centre-residents/{WORSE[1]}", deadline="")
    database = app.extensions["medvirk.database"]
    assert "Moved the other way" in adviser.get(MEASURES).text
    told = re.findall(r'/staff/measures/\w+">([^<]+)</a>: ([^<]+)<', adviser.get("/staff/").text)
    assert told == [("Kurs på Eidsvåg", "overdue"), ("Husmøter", "moved the other way")]
    assert statements(database, adviser, "/staff/") <= 12
    page = adviser.get(f"{MEASURES}/{next(one.id for one in kept(app) if one.title == 'Husmøter')}").text
    assert all(int(number) <= 100 for number in re.findall(r"(\d+) (?:and \d+ )?(?:more|fewer)", page))
    employ(database, "fana@bergen.no", ["unit_leader"])
    with database.begin() as connection:
        of_fana = Role.staff == select(Staff.id).where(Staff.email == "fana@bergen.no").scalar_subquery()
        connection.execute(update(Role).where(of_fana).values(node="dag-3"))
    assert "need attention" not in sign_in(app, "fana@bergen.no", language="en").get("/staff/").text


def test_the_lists_are_kept_as_they_are_today_and_for_who_reads_the_very_same(app: Flask) -> None:
    """Each is read twice before the next change: the second time it is the one that was kept."""
    database = app.extensions["medvirk.database"]
    employ(database, "eva@bergen.no", ["quality_adviser"])
    page = {"round": "third", "node": "4601", "draft": {}, "published": {}, "by": ""}

    def told(client: FlaskClient) -> tuple[list[str], ...]:
        for _ in range(2):
            arrived, listed = client.get("/staff/").text, client.get(MEASURES).text
        assert statements(database, client, "/staff/") <= 2  # who reads, and how many want to talk
        assert statements(database, client, MEASURES) == 1
        overdue = re.findall(r'/staff/measures/\w+">[^<]+</a>: ([^<]+)<', arrived)
        published = re.findall(r"(\d) of \d+ pages", arrived)
        return re.findall(r"<strong>([^<]+)</strong>", listed), re.findall(">Overdue<", listed), overdue, published

    with time_machine.travel(dt.datetime(2027, 6, 30, 20, tzinfo=dt.UTC), tick=False) as clock:
        eva = sign_in(app, "eva@bergen.no", language="en")
        assert told(eva) == ([], [], [], [])
        address = post(eva, f"{MEASURES}/new", **FILLED).location
        assert told(eva) == (["Not begun"], [">Overdue<"], ["overdue"], [])
        post(eva, f"{address}/status", status="started")
        assert told(eva) == (["Moved as hoped"], [], [], [])
        with database.begin() as connection:
            connection.execute(insert(tables.ToldBack).values(**page))
        assert told(eva) == (["Moved as hoped"], [], [], ["1"])
        clock.shift(dt.timedelta(hours=5))
        eva = sign_in(app, "eva@bergen.no", language="en")  # her session has ended meanwhile
        assert told(eva) == (["Moved as hoped"], [">Overdue<"], ["overdue"], ["1"])
        assert told(sign_in(app, "admin@bergen.no", language="en")) == (*told(eva)[:3], [])
        with database.begin() as connection:
            evas = Role.staff == select(Staff.id).where(Staff.email == "eva@bergen.no").scalar_subquery()
            connection.execute(update(Role).where(evas).values(node="dag-3"))
            connection.execute(delete(tables.ToldBack))
        assert told(eva) == ([], [], [], [])


def test_a_unit_leader_writes_own_measures_and_sees_no_others(app: Flask, adviser: FlaskClient) -> None:
    employ(app.extensions["medvirk.database"], "ole@bergen.no", ["unit_leader"])
    with app.extensions["medvirk.database"].begin() as connection:
        connection.execute(update(Role).where(Role.role == "unit_leader").values(node=UNIT))
    ole = sign_in(app, "ole@bergen.no", language="en")
    assert "Fana" not in ole.get(f"{MEASURES}/new").text
    mine = begun(ole)
    assert "Moved as hoped" in ole.get(mine).text
    assert "/staff/releases/" not in ole.get(mine).text
    others = post(adviser, f"{MEASURES}/new", **FILLED | {"place": "dag-3", "title": "Kurs på Fana"}).location
    assert ole.get(others).status_code == 404
    assert "Kurs på Fana" not in ole.get(MEASURES).text
    assert "Choose the place where it is done." in post(ole, f"{MEASURES}/new", **FILLED | {"place": "dag-3"}).text
