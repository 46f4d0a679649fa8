"""Earlier surveys' numbers are typed or brought in, shown beside a theme as not comparable, and enter nothing else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from survey.desk.earlier.fields import COLUMNS
from survey.staff import passwords
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.reported import EarlierResult
from survey.storage.tables import AuditEntry, Node, Role, Staff
from tests.bergen import day_centres
from tests.hostile import FORMULAS, runs
from tests.measured import register_of
from tests.staffed import PASSWORD, post, sign_in, staffed

LIST, NEW, FILE = "/staff/earlier", "/staff/earlier/new", "/staff/earlier/import"
RELEASE = "/staff/releases/dagsenter-2026"
MARK = "ikke direkte sammenlignbar"
TYPED = {
    "place": "4601",
    "audience": "resident",
    "year": "2021",
    "survey": "Bedre kommune",
    "theme": "safety",
    "value": "4,6",
    "lowest": "1",
    "highest": "6",
    "counts": "1 svært misfornøyd, 6 svært fornøyd",
    "n": "144",
    "source": "Rapport 2021, side 12",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with staffed(tmp_path_factory.mktemp("earlier"), day_centres()) as app:
        database = app.extensions["medvirk.database"]
        with database.begin() as connection:
            connection.execute(insert(Node), register_of(day_centres()))
            account = {"id": "unit", "email": "unit@bergen.no", "password": passwords.hashed(PASSWORD)}
            connection.execute(insert(Staff).values(**account, works_at="dag-2"))
            connection.execute(insert(Role).values(staff="unit", role=QUALITY_ADVISER, node="dag-2"))
        yield app


@pytest.fixture
def app(installed: Flask) -> Flask:
    with installed.extensions["medvirk.database"].begin() as connection:
        connection.execute(EarlierResult.__table__.delete())
    return installed


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no")


def kept(app: Flask) -> list[Any]:
    with app.extensions["medvirk.database"].reading() as connection:
        return list(connection.execute(select(EarlierResult.__table__)).all())


def as_file(*lines: dict[str, str]) -> str:
    return "\n".join([";".join(COLUMNS), *(";".join({**TYPED, **line}[name] for name in COLUMNS) for line in lines)])


def test_a_typed_number_stands_beside_its_theme_marked_and_in_no_other_number(app: Flask, anna: FlaskClient) -> None:
    before = [anna.get(f"{RELEASE}/release.{kind}").data for kind in ("json", "csv")]
    assert "Bedre kommune" not in anna.get(RELEASE).text
    assert post(anna, NEW, **TYPED).status_code == 303
    page = anna.get(RELEASE).text
    said = "Bedre kommune 2021, beboere og brukere: et gjennomsnitt på 4,6 på en skala fra 1 til 6, 144 svarte"
    assert page.count(said) == 1
    assert page.index(MARK) < page.index(said) < page.index("Ikke direkte sammenlignbart: andre spørsmål")
    assert "(Bergen)" in anna.get(f"{RELEASE}?node=dag-2").text, "a unit reads what was found for the whole"
    report = anna.get(f"{RELEASE}/committee").text
    assert f"Tidligere, ikke direkte sammenlignbart: {said}" in report
    assert [anna.get(f"{RELEASE}/release.{kind}").data for kind in ("json", "csv")] == before
    assert "Bedre kommune" not in anna.get(f"{RELEASE}/questions/safe").text, "where bars and lines are"


def test_it_is_changed_and_taken_away_and_the_log_says_so(app: Flask, anna: FlaskClient) -> None:
    post(anna, NEW, **TYPED)
    address = f"{LIST}/{kept(app)[0].id}"
    assert 'value="4.6"' in anna.get(address).text
    assert post(anna, address, **TYPED | {"value": "72", "lowest": "", "highest": ""}).status_code == 303
    assert "72 prosent" in anna.get(LIST).text
    assert "Ingenting bringer det tilbake" in anna.get(address).text
    assert post(anna, f"{address}/away").status_code == 303
    assert kept(app) == []
    assert anna.get(address).status_code == 404
    with app.extensions["medvirk.database"].reading() as connection:
        deeds = connection.execute(select(AuditEntry.action, AuditEntry.about).order_by(AuditEntry.number)).all()
    assert [tuple(deed) for deed in deeds if deed.action.startswith("earlier")][-3:] == [
        ("earlier_kept", "Bedre kommune 2021: 1"),
        ("earlier_changed", "Bedre kommune 2021, safety"),
        ("earlier_taken_away", "Bedre kommune 2021, safety"),
    ]


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        ({"place": "0301"}, "Ta id-en fra registeret"),
        ({"audience": "everybody"}, "Skriv en av disse: resident"),
        ({"theme": "weather"}, "Skriv en av disse: self_determination"),
        ({"year": "21"}, "Skriv året med fire sifre"),
        ({"year": "2999"}, "Skriv året med fire sifre"),
        ({"survey": ""}, "ta ikke med tallet"),
        ({"counts": "x" * 201}, "Bruk høyst 200 tegn"),
        ({"value": ""}, "Skriv prosenten, eller gjennomsnittet"),
        ({"value": "mange"}, "Skriv det som 72 eller 4,6"),
        ({"value": "nan"}, "Skriv det som 72 eller 4,6"),
        ({"value": "7"}, "Skriv et gjennomsnitt som ligger på skalaen"),
        ({"highest": ""}, "Skriv begge for et gjennomsnitt"),
        ({"lowest": "", "highest": "", "value": "101"}, "Skriv 0 til 100"),
        ({"n": "4"}, "Det kan røpe hva én person svarte"),
        ({"n": "noen"}, "Skriv hvor mange som svarte med sifre"),
    ],
)
def test_what_is_wrong_is_told_with_its_cure_and_nothing_typed_is_lost(
    app: Flask, anna: FlaskClient, wrong: dict[str, str], cure: str
) -> None:
    answer = post(anna, NEW, **TYPED | wrong)
    assert answer.status_code == 422
    assert cure in answer.text
    assert f'value="{TYPED["source"]}"' in answer.text
    assert kept(app) == []
    assert cure in post(anna, FILE, listed=as_file(wrong), step="do").text, "the same is told of a file's line"


def test_of_several_faults_each_names_its_field(app: Flask, anna: FlaskClient) -> None:
    told = post(anna, NEW, **TYPED | {"survey": "", "source": ""}).text.split('role="alert"')[1].split("</div>")[0]
    faults = re.findall(r">([^<]+)</a>", told)
    assert [fault.partition("?")[0] for fault in faults] == ["Hva het undersøkelsen", "Hvor står det"]
    listed = post(anna, FILE, listed=as_file({"survey": "", "source": ""}), step="look").text
    assert [f"Linje 2, {name}: her står det ingenting" in listed for name in ("survey", "source")] == [True, True]


def test_the_same_number_is_not_kept_twice(app: Flask, anna: FlaskClient) -> None:
    post(anna, NEW, **TYPED)
    answer = post(anna, NEW, **TYPED | {"value": "5"})
    assert (answer.status_code, len(kept(app))) == (422, 1)
    assert "Dette er lagret fra før" in answer.text


def test_a_file_is_looked_at_before_it_is_kept_and_can_be_brought_in_again(app: Flask, anna: FlaskClient) -> None:
    file = as_file({}, {"theme": "Trivsel", "audience": "pårørende", "value": "72 %", "lowest": "", "highest": ""})
    looked = post(anna, FILE, listed=file, step="look")
    assert (looked.status_code, kept(app)) == (200, [])
    assert "72 prosent, 144 svarte" in looked.text
    assert post(anna, FILE, listed=file, step="do").status_code == 303
    assert {(one.theme, one.audience, one.value) for one in kept(app)} == {
        ("safety", "resident", 4.6),
        ("wellbeing", "relative", 72.0),
    }
    taken_out = anna.get(f"{LIST}/earlier.csv").data.decode("utf-8-sig")
    assert "Alt er lagret fra før" in post(anna, FILE, listed=taken_out, step="look").text
    other = post(anna, FILE, listed=as_file({"value": "5"}), step="do")
    assert (other.status_code, len(kept(app))) == (422, 2)
    assert "Linje 2, value «5»: dette er lagret med et annet tall" in other.text


def test_one_fault_keeps_out_the_whole_file(app: Flask, anna: FlaskClient) -> None:
    answer = post(anna, FILE, listed=as_file({}, {"theme": "weather"}, {}), step="do")
    assert answer.status_code == 422
    assert "Linje 3, theme «weather»: dette er ukjent" in answer.text
    assert "Linje 4: det samme står i linje 2" in answer.text
    assert "Rapport 2021, side 12" in answer.text
    assert kept(app) == []
    assert "den første linjen er ikke som den skal" in post(anna, FILE, listed="a;b\n1;2", step="look").text


def test_no_cell_of_the_file_is_a_formula_for_a_spreadsheet(app: Flask, anna: FlaskClient) -> None:
    for number, formula in enumerate(FORMULAS):
        post(anna, NEW, **TYPED | {"survey": f"{formula} {number}", "counts": formula, "source": formula})
    assert len(kept(app)) > 5
    table = anna.get(f"{LIST}/earlier.csv").data.decode("utf-8-sig")
    assert not [cell for line in table.splitlines() for cell in line.split(";") if runs(cell)]


def test_who_advises_one_unit_neither_sees_nor_changes_what_lies_elsewhere(app: Flask, anna: FlaskClient) -> None:
    post(anna, NEW, **TYPED)
    unit = sign_in(app, "unit@bergen.no")
    assert "Bedre kommune 2021" not in unit.get(LIST).text
    assert unit.get(f"{LIST}/{kept(app)[0].id}").status_code == 404
    assert post(unit, f"{LIST}/{kept(app)[0].id}/away").status_code == 404
    assert post(unit, NEW, **TYPED).status_code == 422
    assert "Ta id-en fra registeret" in post(unit, FILE, listed=as_file({}), step="do").text
    assert post(unit, NEW, **TYPED | {"place": "dag-2"}).status_code == 303
    assert [one.place for one in kept(app)].count("dag-2") == 1
