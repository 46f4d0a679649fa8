"""What else waits for staff: counts of open rounds, comments to be read, the alarm of wrong codes."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Executable, insert, select, update

from survey.access.wrong import ALARM
from survey.storage.engine import Database
from survey.storage.tables import AnswerCount, Batch, Comment, Node, Round, WrongCode
from tests.bergen import day_centres
from tests.staffed import sign_in, staffed, token

COUNTED = dt.date(2027, 3, 1)
COMMENTS = "/staff/releases/dagsenter-2026/comments"


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with staffed(tmp_path, day_centres(), database_url=database_url) as app:
        yield app


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["medvirk.database"]  # type: ignore[no-any-return]


@pytest.fixture
def adviser(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no", language="en")


def write(database: Database, id_: str, text: str, state: str = "waiting", days: int = 60) -> None:
    last = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)
    with database.begin() as connection:
        connection.execute(
            insert(Comment).values(
                id=id_, round="dagsenter-2026", question="comment", text=text, state=state, remove_on=last
            )
        )


def texts(database: Database) -> dict[str, tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(Comment.id, Comment.state, Comment.text)).all()
    return {row.id: (row.state, row.text) for row in rows}


def decide(client: FlaskClient, comment: str, **form: str) -> int:
    csrf_token = token(client.get("/staff/"))
    return client.post(f"/staff/comments/{comment}", data={**form, "csrf_token": csrf_token}).status_code


def test_a_comment_is_shown_after_a_person_has_taken_out_names(database: Database, adviser: FlaskClient) -> None:
    write(database, "c1", "Kari er snill")
    assert "comments wait for you" in adviser.get("/staff/").text
    assert "Kari er snill" in adviser.get(COMMENTS).text
    assert decide(adviser, "c1", decision="show", text="En ansatt er snill") == 302
    page = adviser.get(COMMENTS).text
    assert "<blockquote>En ansatt er snill</blockquote>" in page
    assert "Kari" not in page
    assert texts(database) == {"c1": ("shown", "En ansatt er snill")}
    assert "comments wait for you" not in adviser.get("/staff/").text


def test_a_comment_can_be_removed_before_and_after_it_was_shown(database: Database, adviser: FlaskClient) -> None:
    write(database, "c1", "Kari er snill")
    write(database, "c2", "Per er snill", state="shown")
    assert decide(adviser, "c1", decision="remove") == 302
    assert decide(adviser, "c2", decision="remove") == 302
    assert texts(database) == {}


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "show", "text": " "},
        {"decision": "show", "text": "x" * 1501},
        {"decision": "show"},
        {"decision": "keep", "text": "Hei"},
        {},
    ],
)
def test_a_decision_that_is_none_changes_nothing(
    database: Database, adviser: FlaskClient, form: dict[str, str]
) -> None:
    write(database, "c1", "Kari er snill")
    assert decide(adviser, "c1", **form) == 400
    assert texts(database) == {"c1": ("waiting", "Kari er snill")}


def test_who_edits_a_comment_that_another_has_shown_does_not_change_it(
    database: Database, adviser: FlaskClient
) -> None:
    write(database, "c1", "En ansatt er snill", state="shown")
    assert decide(adviser, "c1", decision="show", text="Kari er snill") == 302
    assert texts(database) == {"c1": ("shown", "En ansatt er snill")}


def test_a_comment_past_its_day_is_seen_by_nobody(database: Database, adviser: FlaskClient) -> None:
    write(database, "c1", "Kari er snill", days=0)
    assert "Kari" not in adviser.get(COMMENTS).text
    assert "comments wait for you" not in adviser.get("/staff/").text


def open_round(database: Database, state: str = "open", **counts: tuple[int, int | None]) -> None:
    """A round with these units: invited, and answers last night (None: not counted yet)."""
    round_id = f"round-{state}"
    with database.begin() as connection:
        like = connection.execute(select(Round)).mappings().first()
        assert like
        connection.execute(insert(Round).values(**{**like, "id": round_id, "title": "Våren 2027", "state": state}))
        for unit, (invited, answers) in counts.items():
            node: dict[str, Any] = {"level": "unit", "parent": "4601", "service_kind": "day_centre", "places": 30}
            connection.execute(insert(Node).values(id=unit, name={"nb": unit.title()}, **node))
            for way, issued, number in (("self", invited - 1, answers), ("interview", 3, None)):
                batch = f"{unit}-{way}"
                batched = {"round": round_id, "unit": unit, "way": way, "group": "", "issued": issued}
                connection.execute(insert(Batch).values(id=batch, voided=2 if way == "interview" else 0, **batched))
                if number is not None:
                    connection.execute(insert(AnswerCount).values(batch=batch, number=number, counted=COUNTED))


def test_of_an_open_round_only_counts_show_and_none_below_five(database: Database, adviser: FlaskClient) -> None:
    open_round(database, fana=(34, 17), arna=(22, 4), tjonnen=(17, 0), nesttun=(28, None), laxevaag=(23, 5))
    page = " ".join(adviser.get("/staff/rounds/round-open").text.split())
    assert "Våren 2027" in page
    assert "Counted on 1 March 2027." in page
    cells = {
        name: page.split(f'<th scope="row">{name}</th> ')[1].split(" </tr>")[0]
        for name in ("Fana", "Arna", "Tjonnen", "Nesttun", "Laxevaag")
    }
    assert cells == {
        "Fana": "<td>17</td> <td>34</td>",
        "Arna": "<td>fewer than 5</td> <td>22</td>",
        "Tjonnen": "<td>fewer than 5</td> <td>17</td>",
        "Nesttun": "<td>fewer than 5</td> <td>28</td>",
        "Laxevaag": "<td>5</td> <td>23</td>",
    }


def test_a_round_of_the_command_line_shows_what_there_is_of_a_plan(database: Database, adviser: FlaskClient) -> None:
    open_round(database, fana=(34, 17))
    page = " ".join(adviser.get("/staff/rounds/round-open").text.split())
    assert "Groups of fewer than 5 are not shown." in page
    assert "Still to do" not in page


def test_how_many_answered_is_said_from_the_first_night_and_how_many_are_invited_at_once(
    database: Database, adviser: FlaskClient
) -> None:
    open_round(database, fana=(34, None))
    fana = Batch.id == "fana-self"
    number, night = AnswerCount.number, dt.date(2027, 3, 2)
    counted = {"batch": "fana-self", "number": 17, "counted": COUNTED}
    changes: dict[str, Executable | None] = {
        "<td>–</td> <td>34</td>": None,
        "<td>–</td> <td>36</td>": update(Batch).where(fana).values(issued=Batch.issued + 2),
        "<td>–</td> <td>35</td>": update(Batch).where(fana).values(voided=Batch.voided + 1),
        "<td>17</td> <td>35</td>": insert(AnswerCount).values(counted),
        "<td>19</td> <td>35</td>": update(AnswerCount).values(number=number + 2, counted=night),
    }
    for cells, change in changes.items():
        if change is not None:
            with database.begin() as connection:
                connection.execute(change)
        page = " ".join(adviser.get("/staff/rounds/round-open").text.split())
        assert f'<th scope="row">Fana</th> {cells}' in page
        assert ("Not counted yet." in page) == ("–" in cells)


@pytest.mark.parametrize("state", ["planned", "released", "destroyed"])
def test_of_rounds_that_are_not_open_nothing_is_counted(database: Database, adviser: FlaskClient, state: str) -> None:
    open_round(database, state, fana=(34, 17))
    assert "Våren 2027" in adviser.get("/staff/rounds").text
    assert "17" not in re.sub("<[^>]+>", "", adviser.get(f"/staff/rounds/round-{state}").text)


def test_a_release_is_there_only_when_closing_has_finished_with_it(database: Database, adviser: FlaskClient) -> None:
    with database.begin() as connection:
        connection.execute(update(Round).values(state="closing"))
    assert "No round has been closed yet." in adviser.get("/staff/").text
    assert adviser.get("/staff/releases/dagsenter-2026").status_code == 404
    with database.begin() as connection:
        connection.execute(update(Round).values(state="destroyed"))
    assert adviser.get("/staff/releases/dagsenter-2026").status_code == 200


def test_many_wrong_codes_on_a_day_alarm_the_administrator(
    app: Flask, database: Database, adviser: FlaskClient
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    with database.begin() as connection:
        for days, number in ((0, ALARM + 1), (1, ALARM), (30, 5000)):
            connection.execute(insert(WrongCode).values(day=today - dt.timedelta(days=days), number=number))
    page = sign_in(app, "admin@bergen.no", language="en").get("/staff/").text
    assert page.count("wrong codes were tried") == 1
    assert f"{ALARM + 1} wrong codes" in page
    assert "wrong codes" not in adviser.get("/staff/").text
