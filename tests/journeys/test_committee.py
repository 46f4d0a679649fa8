"""An adviser makes the committee's report: chooses, writes, looks, takes it along; others read what they cover."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from flask import Flask
from sqlalchemy import delete, insert, select

from reports.measures import keeping
from survey.rounds.plan import EMPTY
from survey.staff import passwords
from survey.staff.roles import QUALITY_ADVISER, READER, UNIT_LEADER
from survey.storage.tables import AuditEntry, Node, Plan, Role, Staff
from tests.bergen import day_centres, shared_homes
from tests.measured import a_measure, later_round, register_of
from tests.printed import texts
from tests.staffed import PASSWORD, post, sign_in, staffed

CENTRES, HOMES = day_centres(), shared_homes()
PAGE = "/staff/releases/dagsenter-2026/committee"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Two rounds of one autumn and one of the next, a measure, and people with one role each."""
    later = later_round(CENTRES, "dagsenter-2028", "2028-11-30", "dag-2", "thrive")
    with staffed(tmp_path_factory.mktemp("committee"), CENTRES, HOMES, later) as app:
        database = app.extensions["medvirk.database"]
        with database.begin() as connection:
            connection.execute(insert(Node), register_of(CENTRES))
            measure = a_measure(municipality="4601", place="dag-2", units=frozenset({"dag-2"}), baseline=CENTRES.round)
            measure = replace(measure, questionnaire=CENTRES.questionnaire, question="thrive")
            keeping.register(connection, measure, "anna@bergen.no")
            for name, role, place in (
                ("reader", READER, "4601"),
                ("service", QUALITY_ADVISER, "4601-dag"),
                ("unit", QUALITY_ADVISER, "dag-2"),
                ("leader", UNIT_LEADER, "4601"),
            ):
                account = {"id": name, "email": f"{name}@bergen.no", "password": passwords.hashed(PASSWORD)}
                connection.execute(insert(Staff).values(**account, works_at=place))
                connection.execute(insert(Role).values(staff=name, role=role, node=place))
        yield app


def test_an_adviser_writes_an_introduction_looks_and_takes_the_report_along(app: Flask) -> None:
    anna = sign_in(app, "anna@bergen.no")
    assert f'href="{PAGE}"' in anna.get("/staff/releases/dagsenter-2026").text
    page = anna.get(PAGE).text
    assert "135 av 305 inviterte" in page
    assert "Mer å gjøre" in page
    answer = post(anna, PAGE, introduction="Vi ble <b>spurt</b> om å svare.\r\n\r\nTakk.", conclusion="Vi anbefaler …")
    assert answer.status_code == 303
    page = anna.get(answer.location).text
    assert '<p class="written">Vi ble &lt;b&gt;spurt&lt;/b&gt; om å svare.</p>' in page
    assert "anna@bergen.no" in page
    pdf = anna.get(f"{PAGE}.pdf")
    assert pdf.content_type == "application/pdf"
    assert pdf.headers["Cache-Control"] == "no-store"
    assert "til-utvalget-bergen-dagsenter-hosten-2026-2026-11-30.pdf" in pdf.headers["Content-Disposition"]
    assert "Vi ble <b>spurt</b> om å svare." in " ".join(texts(pdf.data))
    word = docx.Document(BytesIO(anna.get(f"{PAGE}.docx").data))
    assert "Vi ble <b>spurt</b> om å svare." in [paragraph.text for paragraph in word.paragraphs]
    with app.extensions["medvirk.database"].reading() as connection:
        noted = select(AuditEntry.who, AuditEntry.about).where(AuditEntry.action == "committee_text_kept")
        assert connection.execute(noted).all() == [("anna@bergen.no", f"{CENTRES.title}, 4601, nb")]


def test_rounds_of_the_same_year_may_stand_beside_it_and_no_others(app: Flask) -> None:
    anna = sign_in(app, "anna@bergen.no")
    page = anna.get(PAGE).text
    assert 'value="bolig-2026"' in page
    assert 'value="dagsenter-2028"' not in page
    assert HOMES.sha256 not in page, "of another kind of service: nobody chose it"
    both = anna.get(f"{PAGE}?chosen=1&with=bolig-2026&with=dagsenter-2028&with=nothing").text
    assert HOMES.sha256 in both
    assert CENTRES.sha256 in both
    assert 0 < len(texts(anna.get(f"{PAGE}.pdf?chosen=1&with=bolig-2026").data)) <= 10


def test_what_is_too_long_is_told_and_nothing_typed_is_lost(app: Flask) -> None:
    anna = sign_in(app, "anna@bergen.no")
    answer = post(anna, f"{PAGE}?language=en", introduction="Ord. " * 300, conclusion="Kort.")
    assert answer.status_code == 422
    assert "Skriv høyst 1200" in answer.text or "Write 1200 at most" in answer.text
    assert "Ord. Ord. Ord." in answer.text
    assert ">Kort.</textarea>" in answer.text


def test_where_ten_pages_do_not_hold_it_the_page_says_what_to_shorten(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.committee.pdf.PAGES", 1)
    anna = sign_in(app, "anna@bergen.no")
    answer = anna.get(f"{PAGE}.pdf")
    assert answer.status_code == 422
    assert "kort ned innledningen og avslutningen" in answer.text
    assert anna.get(f"{PAGE}.docx").status_code == 200, "where it can be made shorter"


def test_a_reader_takes_it_along_and_writes_nothing(app: Flask) -> None:
    reader = sign_in(app, "reader@bergen.no")
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert post(reader, PAGE, introduction="Min mening").status_code == 404
    assert reader.get(f"{PAGE}.docx").status_code == 200


def test_an_adviser_of_a_service_reports_on_that_service_alone(app: Flask) -> None:
    service = sign_in(app, "service@bergen.no")
    assert f'href="{PAGE}"' in service.get("/staff/releases/dagsenter-2026").text
    page = service.get(PAGE).text
    assert "Rapport til utvalget: Dagsenter" in page
    assert "Kort sagt" in page
    assert 'value="4601"' not in page
    with app.extensions["medvirk.database"].begin() as connection:
        connection.execute(insert(Plan), {**EMPTY, "round": HOMES.round, "view_of": "m1"})
    (viewed,) = re.findall(r"Det folk sier om det[^<]*", service.get(PAGE).text)
    assert "Færre enn 5 svarte. Derfor vises ingenting." in viewed, "it asked elsewhere, where others read"
    with app.extensions["medvirk.database"].begin() as connection:
        connection.execute(delete(Plan))
    assert service.get(f"{PAGE}?node=4601").status_code == 404
    assert post(service, f"{PAGE}?node=4601", introduction="Om hele byen").status_code == 404
    assert post(service, PAGE, introduction="Om tjenesten").status_code == 303


@pytest.mark.parametrize("name", ["unit", "leader"])
def test_who_covers_no_service_or_only_leads_makes_no_report(app: Flask, name: str) -> None:
    somebody = sign_in(app, f"{name}@bergen.no")
    assert [somebody.get(f"{PAGE}{ending}").status_code for ending in ("", ".pdf", ".docx")] == [404] * 3
    assert f'href="{PAGE}"' not in somebody.get("/staff/releases/dagsenter-2026").text
