"""What an adviser reads, and that it comes from releases alone."""

import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, ValidationError
from sqlalchemy import event, update

from reports.release import ReleaseError
from survey.desk.shelf import Shelf
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Release as ReleaseRow
from tests.bergen import day_centres, shared_homes, shelve
from tests.sheets import sheets, table
from tests.staffed import sign_in, staffed, token

CENTRES, HOMES = "/staff/releases/dagsenter-2026", "/staff/releases/bolig-2026"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with staffed(tmp_path_factory.mktemp("reports"), day_centres(), shared_homes()) as app:
        yield app


@pytest.fixture
def adviser(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no", language="en")


def read(client: FlaskClient, path: str) -> str:
    """The page's text; it must be valid HTML with one h1, and unique ids."""
    page = client.get(path)
    assert page.status_code == 200
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.text)
    assert len(document.findall(".//h1")) == 1
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    return html.unescape(page.text)


def test_the_overview_lists_the_releases_with_how_many_answered(adviser: FlaskClient) -> None:
    page = read(adviser, "/staff/")
    for release in (day_centres(), shared_homes()):
        top = release.nodes[0]
        assert release.title in page
        assert f"{top.n} of {top.invited} invited answered" in page
    assert page.count("Simulated answers") == page.count("Not audited") == 2


def test_a_release_is_read_by_municipality_service_division_and_unit(adviser: FlaskClient) -> None:
    levels = {}
    for release, path in ((day_centres(), CENTRES), (shared_homes(), HOMES)):
        for node in release.nodes:
            page = read(adviser, f"{path}?node={node.id}")
            assert f"{node.n} of {node.invited} invited answered" in page
            assert all(question.text["en"] in page for question in release.questions.values())
            levels[node.level] = page
    assert levels.keys() == {"municipality", "service", "division", "unit", "rest"}


def heard(page: str) -> list[tuple[str, str, bool]]:
    """What a screen reader meets of each chart: its title, its description, whether a table says the same."""
    cells = {" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in re.findall(r"<t[dh][ >].*?</t[dh]>", page)}
    charts = re.findall(r'<svg class="bar[^>]*role="img".*?</svg>', page, re.DOTALL)
    told = [re.findall(rf"<{name}>(.*?)</{name}>", chart)[0] for chart in charts for name in ("title", "desc")]
    return [(title, about, title in cells) for title, about in zip(told[::2], told[1::2], strict=True)]


@pytest.mark.parametrize("address", [CENTRES, f"{CENTRES}/questions/afraid", f"{CENTRES}/beside", f"{HOMES}?node=bo-0"])
def test_a_screen_reader_hears_each_chart_and_finds_its_number_in_a_table(adviser: FlaskClient, address: str) -> None:
    charts = heard(read(adviser, address))
    coverage = [title for title, about, _ in charts if about.startswith("A bar of everybody invited.")]
    assert all("invited answered" in title for title in coverage)
    named = re.compile(r".+\? .+\.(?: The full part of the bar is certain\. .*)?")  # what was asked, and where
    answers = [(title, in_table) for title, about, in_table in charts if named.fullmatch(about)]
    assert len(coverage) + len(answers) == len(charts) > 7
    assert all(re.search(r": .*\d+ of \d+$", title) for title, _ in answers)
    assert all(in_table for _, in_table in answers)


def test_below_ten_there_are_words_and_no_charts_or_percent(adviser: FlaskClient) -> None:
    small = [node for node in shared_homes().nodes if node.n < 10]
    assert small
    for node in small:
        page = read(adviser, f"{HOMES}?node={node.id}")
        assert page.count('role="img"') == 1  # how many of those invited answered
        assert f"at most 2 of {node.n}" in page or f"at least {node.n - 2} of {node.n}" in page
        assert " %" not in page


def talk_of(page: str) -> str:
    """The open questions on the sheet, or beside the words."""
    (found,) = re.findall("<ol>.*?</ol>", page, re.DOTALL)
    return re.sub("<[^>]*>", " ", found)


def test_below_ten_there_are_questions_for_the_next_meeting_and_they_name_no_number(adviser: FlaskClient) -> None:
    small = [node for node in shared_homes().nodes if node.n < 10]
    said = ""
    for node in small:
        page = read(adviser, f"{HOMES}?node={node.id}")
        assert "For the next meeting" in page
        sheet = read(adviser, f"{HOMES}/meeting?node={node.id}")
        assert talk_of(sheet).split() == talk_of(page).split()
        assert talk_of(sheet).count("?") >= 3
        assert not re.search(r"\d", talk_of(sheet))
        said += talk_of(sheet)
    assert "Many answered “" in said
    assert "Several answered “" in said
    assert "<ol>" not in read(adviser, CENTRES)
    assert "Open questions for the next meeting" in read(adviser, CENTRES)


def test_a_home_that_is_not_shown_talks_about_open_questions_that_say_nothing(adviser: FlaskClient) -> None:
    for hidden in (*shared_homes().too_few, *shared_homes().shown_with_others):
        sheet = read(adviser, f"{HOMES}/meeting?node={hidden.id}")
        assert hidden.name["nb"] in sheet
        assert "answered “" not in talk_of(sheet)
        assert "What would you like to decide yourself?" in talk_of(sheet)
    assert adviser.get(f"{HOMES}/meeting?node=nowhere").status_code == 404


def test_from_ten_a_chart_has_its_number_title_and_the_same_in_a_table(adviser: FlaskClient) -> None:
    node = next(node for node in day_centres().nodes if node.level == "unit" and node.n >= 10)
    page = read(adviser, f"{CENTRES}?node={node.id}")
    charts = page.split('<section class="themes"')[1]
    assert charts.count("<title>") == charts.count("<desc>") == 2 * len(day_centres().questions)
    assert 'fill="url(#hatch-negative)"' in page
    assert page.count('<th scope="row">') == len(day_centres().questions)
    assert " style=" not in page
    assert "<script" not in page


def test_what_every_reader_must_know_stands_on_every_release_page(adviser: FlaskClient) -> None:
    for path in (CENTRES, f"{CENTRES}?node=dag-3", f"{CENTRES}/questions/afraid"):
        page = read(adviser, path)
        assert "We do not show whether it was 0, 1 or 2. So nobody can work out what one person answered." in page
        assert "Where it says at most, at least or between, small numbers are hidden" in page
        assert "This survey is no alarm; a single frightened person may not show." in page
        assert "Simulated answers" in page
        assert "Not audited" in page
    page = read(adviser, CENTRES)
    assert "who helped somebody to answer knows that answer" in page
    assert "The residents' own voice" in page
    assert day_centres().sha256 in page


def test_residents_stand_beside_relatives_and_kinds_of_service_beside_each_other(tmp_path: Path) -> None:
    centres = day_centres()
    nobody = {"talk_nicely": replace(centres.nodes[0].answers["talk_nicely"], positive=(0, 2))}
    unshown = tuple(
        replace(node, answers={**node.answers, **nobody}) if node.id == "dag-10" else node
        for node in centres.nodes
        if node.id != "dag-3"
    )
    relatives = replace(
        centres, round="relatives", title="Relatives 2026", audience="relative", nodes=unshown, closed="2026-10-31"
    )
    older = replace(relatives, round="older", title="Relatives 2025", closed="2025-10-31")
    with staffed(tmp_path, centres, shared_homes(), relatives, older) as app:
        adviser = sign_in(app, "anna@bergen.no", language="en")
        page = read(adviser, f"{CENTRES}/beside?node=dag-3")
        assert f'href="{CENTRES}/beside?node=dag-3"' in adviser.get(f"{CENTRES}?node=dag-3").text
        alone = read(adviser, f"{HOMES}/beside")
        by_chance, one_certain = read(adviser, CENTRES), read(adviser, "/staff/releases/relatives")
    voices, kinds = page.split('id="kinds"')
    assert "Relatives 2025" not in page, "the newest of each"
    assert voices.index("Relatives 2026") > voices.index(centres.title)
    assert "Fana dagsenter is not shown alone in this round." in voices
    for node in centres.nodes:
        if node.id in ("dag-3", "4601-dag"):
            assert f"{node.n} of {node.invited} invited answered" in voices
    assert shared_homes().title not in voices
    assert "Relatives 2026" not in kinds
    assert shared_homes().title in kinds
    assert centres.questions["food"].text["en"] in kinds
    assert "lies higher than" in kinds or "do not lie apart for certain" in kinds
    assert page.count("<title>") - 1 == page.count("<desc>") == page.count('role="img"')
    assert "Only these have been asked about it" in alone
    assert "Each of these may be chance, minding how many are compared:" in by_chance
    assert "May be chance." not in by_chance
    differing = one_certain.count("△") + one_certain.count("▼") - 2  # the two that explain themselves
    assert one_certain.count("May be chance.") == differing - 1


def test_after_an_alarm_it_stands_beside_the_hidden_places_why_only_the_municipality_is_shown(tmp_path: Path) -> None:
    (town, *_), hidden = shared_homes().nodes, (*shared_homes().too_few, *shared_homes().shown_with_others)
    alone = replace(
        shared_homes(),
        audit="municipality-only",
        nodes=(town,),
        too_few=tuple(replace(node, parent=town.id) for node in hidden),
        shown_with_others=(),
    )
    with staffed(tmp_path, alone) as app:
        page = read(sign_in(app, "anna@bergen.no", language="en"), HOMES)
    assert page.count("The audit raised an alarm, so only the municipality as a whole is shown.") == 2
    assert "Fewer than 5 answered in places" not in page


def test_places_that_are_not_shown_alone_are_named_where_the_reader_arrives(adviser: FlaskClient) -> None:
    named = read(adviser, HOMES)
    assert shared_homes().too_few
    for hidden in shared_homes().too_few + shared_homes().shown_with_others:
        assert f'?node={hidden.id}">{hidden.name["nb"]}</a></li>' in named


def test_a_question_is_compared_over_places_and_names_its_opposite(adviser: FlaskClient) -> None:
    page = read(adviser, f"{CENTRES}/questions/afraid")
    for node in day_centres().nodes:
        assert node.name["nb"] in page
        assert f"{node.n} of {node.invited} invited answered" in page
    assert "Asked the opposite way:" in page
    assert day_centres().questions["safe"].text["en"] in page
    here = read(adviser, f"{CENTRES}/questions/afraid?node=dag-3")
    assert f'href="{CENTRES}/questions/safe?node=dag-3"' in here, "a question leads to the same place"


@pytest.mark.parametrize(
    "path",
    [
        f"{CENTRES}?node=nowhere",
        f"{CENTRES}/questions/nothing",
        "/staff/releases/none",
        "/staff/releases/none/release.csv",
        "/staff/releases/none/release.json",
        "/staff/releases/none/release.xlsx",
    ],
)
def test_what_is_not_there_is_told_in_words(adviser: FlaskClient, path: str) -> None:
    answer = adviser.get(path)
    assert answer.status_code == 404
    assert "There is no such page, or it belongs to others." in answer.text


def test_names_are_text_whatever_signs_they_hold(tmp_path: Path) -> None:
    odd = '<b>"Fana" & co'
    release = day_centres()
    named = replace(release, title=odd, nodes=tuple(replace(node, name={"nb": odd}) for node in release.nodes))
    with staffed(tmp_path, named) as app:
        adviser = sign_in(app, "anna@bergen.no", language="en")
        for path in ("/staff/", CENTRES, f"{CENTRES}?node=dag-3", f"{CENTRES}/questions/food"):
            assert odd in read(adviser, path)
            assert "<b>" not in adviser.get(path).text


def test_the_release_is_given_as_it_was_hashed(adviser: FlaskClient) -> None:
    answer = adviser.get(f"{CENTRES}/release.json")
    assert hashlib.sha256(answer.data).hexdigest() == day_centres().sha256
    assert json.loads(answer.data)["round"] == "dagsenter-2026"
    assert answer.headers["Content-Disposition"] == "attachment; filename=dagsenter-hosten-2026-2026-11-30.json"


def test_the_table_is_the_releases_numbers(adviser: FlaskClient) -> None:
    answer = adviser.get(f"{CENTRES}/release.csv")
    table = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert {line["place"] for line in table} == {node.name["nb"] for node in day_centres().nodes}
    assert answer.headers["Content-Disposition"] == "attachment; filename=dagsenter-hosten-2026-2026-11-30.csv"


def test_the_workbook_is_the_releases_numbers_in_the_language_of_the_reader(adviser: FlaskClient) -> None:
    answer = adviser.get(f"{CENTRES}/release.xlsx?language=nn")
    assert answer.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Content-Disposition"] == "attachment; filename=dagsenter-hosten-2026-2026-11-30.xlsx"
    places = {line["Stad: id"]: line.get("Svarte") for line in table(sheets(answer.data)["Stader"])}
    hidden = {node.id: None for node in day_centres().too_few + day_centres().shown_with_others}
    assert places == {node.id: node.n for node in day_centres().nodes} | hidden


def test_a_release_is_as_the_published_schema_says(app: Flask, adviser: FlaskClient) -> None:
    for path in (CENTRES, HOMES):
        artefact = adviser.get(f"{path}/release.json")
        address = artefact.headers["Link"].removesuffix('>; rel="describedby"').removeprefix("<")
        assert address == "/release.schema.json"
        assert address in read(adviser, path)
        schema = app.test_client().get(address)  # by somebody who has not signed in
        assert (schema.status_code, schema.content_type) == (200, "application/schema+json")
        assert "Set-Cookie" not in schema.headers
        Draft202012Validator(schema.json).validate(artefact.json)
        with pytest.raises(ValidationError):
            Draft202012Validator(schema.json).validate(artefact.json | {"k": 1})


def test_a_page_speaks_the_language_asked_for_also_after_it_was_read_in_another(adviser: FlaskClient) -> None:
    assert "at most 2 of" in read(adviser, f"{CENTRES}?node=dag-3")
    assert "høyst 2 av" in read(adviser, f"{CENTRES}?node=dag-3&language=nb")
    assert "høgst 2 av" in read(adviser, f"{CENTRES}?node=dag-3&language=nn")


def test_a_kept_page_gives_each_reader_their_own_token_so_that_they_can_sign_out(app: Flask) -> None:
    for email in ("anna@bergen.no", "admin@bergen.no"):
        reader = sign_in(app, email)
        signed = {token(reader.get(page)) for page in (CENTRES, CENTRES, "/staff/", "/staff/", "/staff/measures")}
        assert reader.post("/staff/sign-out", data={"csrf_token": signed.pop()}).location == "/staff/sign-in"
        assert not signed
        assert reader.get(CENTRES).location == "/staff/sign-in"


def test_report_pages_read_the_release_who_reads_and_what_was_found_before_and_no_other_table(
    tmp_path: Path,
) -> None:
    tables: set[str] = set()
    with staffed(tmp_path, day_centres()) as app:
        adviser = sign_in(app, "anna@bergen.no")
        event.listen(
            app.extensions["medvirk.database"]._reader,
            "before_cursor_execute",
            lambda *execution: tables.update(re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "?(\w+)', execution[2])),
        )
        for path in (CENTRES, f"{CENTRES}?node=dag-5", f"{CENTRES}/questions/food", f"{CENTRES}/release.xlsx"):
            assert adviser.get(path).status_code == 200
    assert tables == {
        "release",
        "round",
        "staff",
        "role",
        "staff_session",
        "second_factor",
        "node",
        "round_helper",
        "stamp",
        "earlier_result",  # beside the themes, marked
    }


def test_a_release_that_was_changed_afterwards_is_not_shown(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/medvirk.db")
    migrating.upgrade(database)
    shelve(database, day_centres())
    shelf = Shelf(database)
    with database.begin() as connection:
        changed = day_centres().to_json().replace('"n":135', '"n":136')
        connection.execute(update(ReleaseRow).values(artefact=changed))
    with pytest.raises(ReleaseError, match="changed after it was made"):
        shelf.release(day_centres().sha256)
    database.dispose()


def test_a_round_in_which_too_few_answered_says_so(tmp_path: Path) -> None:
    nobody = replace(day_centres(), round="nobody", nodes=(), too_few=(), shown_with_others=())
    with staffed(tmp_path, nobody) as app:
        adviser = sign_in(app, "anna@bergen.no", language="en")
        for path in ("/staff/", "/staff/releases/nobody", "/staff/releases/nobody/questions/food"):
            assert "Fewer than 5 answered. So nothing is shown." in read(adviser, path)


def test_before_any_round_is_closed_the_overview_says_so(tmp_path: Path) -> None:
    with staffed(tmp_path) as app:
        assert "No round has been closed yet." in read(sign_in(app, "anna@bergen.no", language="en"), "/staff/")
