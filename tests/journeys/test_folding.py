"""Pages with many units show the places they lie under, and one of these opened: together no more and no less."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from werkzeug.datastructures import MultiDict

from survey.access.issuing import issue
from survey.register import folding
from survey.rounds import planning
from survey.rounds.noted import note, noted
from survey.storage.tables import AnswerCount, Batch, Node
from tests.reaching import Place, reached
from tests.staffed import post
from tests.village import RELATIVES

NUMBERS = {"alone": 6, "support": 1, "interview": 2, "will_not": 1, "away": 0, "no_way_found": 0, "other_reason": 0}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Arna and Fana lie under their service, Os and Ask under its division in the north."""
    with reached(tmp_path_factory.mktemp("folded")) as place:
        village = place.village
        with village.database.begin() as connection:
            for id_, level, parent, places in (
                ("north", "division", "4601-d", None),
                ("os", "unit", "north", 10),
                ("ask", "unit", "north", 12),
            ):
                row = {"id": id_, "level": level, "parent": parent, "places": places, "service_kind": "day_centre"}
                connection.execute(insert(Node).values(name={"nb": id_.title()}, **row))
        for unit, number in (("arna", 3), ("fana", 9), ("os", 8)):
            issue(village.database, village.keys, place.residents, unit, number)
        with village.database.begin() as connection:
            note(connection, place.residents, "arna", NUMBERS)
            note(connection, place.residents, "os", NUMBERS)
            for unit, number in (("arna", 3), ("fana", 7), ("os", 6)):
                batch = select(Batch.id).where(Batch.unit == unit, Batch.round == place.residents)
                last_night = {"batch": connection.execute(batch).scalar_one(), "number": number}
                connection.execute(insert(AnswerCount).values(**last_night, counted=dt.date(2027, 3, 1)))
        yield place


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "FEW", 2)


@pytest.fixture
def many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "FEW", 1)


def rows(client: FlaskClient, address: str) -> dict[str, list[str]]:
    """What the page's tables say in each row, by its first cell, without what is a link."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", client.get(address).text, re.S):
        cells = [
            unescape(re.sub(r"<[^>]*>", "", cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        found[cells[0]] = cells[1:]
    return found


@pytest.mark.parametrize("page", ["cards", "papers", "residents"])
def test_what_all_places_show_when_opened_is_what_a_page_shows_at_once(
    place: Place, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = place.sign_in(round_leader="4601")
    address = f"/staff/rounds/{place.residents}/{page}"
    whole = rows(client, address)
    assert {"Arna", "Fana", "Os", "Ask"} < whole.keys()
    monkeypatch.setattr(folding, "FEW", 2)
    opened = [rows(client, f"{address}?under={under}") for under in ("4601-d", "north")]
    assert [sorted(each.keys() - {"Sted"}) for each in opened] == [["Arna", "Fana"], ["Ask", "Os"]]
    assert {**opened[0], **opened[1]} == whole
    assert rows(client, address).keys() == {"Sted", "Dagsenter", "Dagsenter › North"}
    monkeypatch.setattr(folding, "FEW", 1)
    turned = re.findall(r'href="\?under=([^"#]+)[^"]*">(Arna|Fana)<', client.get(f"{address}?under=4601-d").text)
    assert turned == [("4601-d~2", "Fana")], "where one is, nothing leads"
    pages = [rows(client, f"{address}?under={under}") for under in ("4601-d", "4601-d~2", "north", "north~2")]
    assert [sorted(each.keys() - {"Sted"}) for each in pages] == [["Arna"], ["Fana"], ["Ask"], ["Os"]]
    units = {name: row for each in pages for name, row in each.items() if name != "Sted"}
    assert units == {name: whole[name] for name in units}


@pytest.mark.usefixtures("many")
def test_a_place_tells_the_sums_of_those_units_that_one_may_see(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    from_arna = place.sign_in(works_at="arna", round_leader="4601")
    cards = f"/staff/rounds/{place.residents}/cards"
    assert rows(leader, cards) == {
        "Sted": ["Enheter", "Ute", "Ugyldige", "Trengs ennå"],
        "Dagsenter": ["2", "12", "0", "4; til intervju 2"],  # Arna has three of seven, Fana has not noted
        "Dagsenter › North": ["2", "8", "0", "0; til intervju 2"],  # Os has one too many, which helps nobody
    }
    assert rows(from_arna, cards)["Dagsenter"] == ["1", "9", "0", "0"]
    residents = rows(leader, f"/staff/rounds/{place.residents}/residents")
    assert residents["Dagsenter"] == ["1 av 2 enheter", "50", "6", "1", "2", "1"]


@pytest.mark.usefixtures("many")
def test_what_is_noted_for_a_unit_leaves_all_others_as_they_are(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    address = f"/staff/rounds/{place.residents}/residents"
    with place.village.database.reading() as connection:
        before = noted(connection, place.residents)
    changed = post(leader, f"{address}?under=north", unit="ask", **{**NUMBERS, "alone": 2})
    assert (changed.status_code, changed.location) == (303, f"{address}?under=north")
    with place.village.database.reading() as connection:
        assert noted(connection, place.residents) == {**before, "ask": {**NUMBERS, "alone": 2}}


@pytest.mark.usefixtures("many")
def test_what_was_typed_for_a_unit_comes_back_with_its_place_open(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    cards = f"/staff/rounds/{place.residents}/cards"
    assert 'name="number"' not in leader.get(cards).text
    wrong = post(leader, cards, unit="os", number="none", way="self", language="nb")
    assert wrong.status_code == 422
    assert re.findall(r'<option value="(\w+)"( selected)?>(\w+)</option>', wrong.text)[:2] == [
        ("ask", "", "Ask"),
        ("os", " selected", "Os"),
    ]
    assert 'value="none"' in wrong.text


@pytest.mark.usefixtures("many")
def test_a_leftover_is_counted_where_the_page_shows_it(place: Place) -> None:
    leader = place.sign_in(round_leader="4601")
    address = f"/staff/rounds/{place.residents}/leftovers"
    told = []
    for at in (address, f"{address}?under=north", f"{address}?under=4601-d"):
        (code,) = issue(place.village.database, place.village.keys, place.residents, "os", 1)
        token = re.search(r'name="csrf_token" value="([^"]+)"', leader.get(at).text)
        assert token
        form = {"csrf_token": token[1], "code": code}
        answer = leader.post(at, data=form, headers={"Accept": "application/json"}).json
        assert answer
        told.append((answer["unit"], answer["counted"]))
    assert told == [
        ("north", "Dagsenter › North: 1 av 9 kort"),
        ("os", "Os: 2 av 10 kort"),
        ("north", None),
    ]


UNITS = {"4601-d": {"arna", "fana"}, "north": {"ask", "os"}}
PAGES = {"4601-d": {"arna"}, "4601-d~2": {"fana"}, "north": {"ask"}, "north~2": {"os"}}
ANY = st.sets(st.sampled_from(sorted(UNITS["4601-d"] | UNITS["north"])))


def as_a_browser_sends_it(page: str) -> MultiDict[str, str]:
    """The fields of the plan's form, as they stand there."""
    (form,) = html5lib.parse(page, namespaceHTMLElements=False).findall(".//form[@class='plan']")
    ticks = ("checkbox", "radio")
    fields = (each for each in form.iter("input") if each.get("type") not in ticks or each.get("checked") is not None)
    return MultiDict((each.get("name"), each.get("value", "")) for each in fields if each.get("name"))


@pytest.mark.usefixtures("many_pages")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=ANY.filter(bool),
    looks=st.lists(st.tuples(st.sampled_from([*PAGES, ""]), ANY, st.sets(st.sampled_from(sorted(UNITS)))), max_size=3),
)
def test_whatever_is_opened_and_ticked_what_is_not_shown_stays_chosen_as_it_was(
    leader: FlaskClient, steps: str, before: set[str], looks: list[tuple[str, set[str], set[str]]]
) -> None:
    chosen = set(before)
    assert post(leader, steps, part="chosen", units=sorted(chosen)).status_code == 303
    page, shown = leader.get(steps).text, ""
    for under, units, whole in [*looks, ("", {"os"}, {"north"})]:
        form = as_a_browser_sends_it(page)
        form["part"] = "chosen"
        if shown:
            form.setlist("units", sorted(units & PAGES[shown]))
            chosen = chosen - PAGES[shown] | units & PAGES[shown]
        else:
            form.setlist("whole", sorted(whole))
            emptied = {place for place, inside in UNITS.items() if inside <= chosen} - whole
            chosen = chosen.union(*(UNITS[each] for each in whole)).difference(*(UNITS[each] for each in emptied))
        kept = form
        opened = leader.post(steps, data=MultiDict([*form.items(multi=True), ("under", under)]))
        assert opened.status_code == 200
        page, shown = opened.text, under
    assert units_asked(leader, steps) == before, "opening places saved nothing"
    for form in (as_a_browser_sends_it(page), kept):  # the page before says the same
        saved = leader.post(steps, data=form)
        assert (saved.status_code, units_asked(leader, steps)) == ((303, chosen) if chosen else (422, before))


def units_asked(leader: FlaskClient, steps: str) -> set[str]:
    """What is chosen, by all the pages of both places."""
    pages = (leader.get(f"{steps}?under={under}").text for under in PAGES)
    return {unit for page in pages for unit in as_a_browser_sends_it(page).getlist("units")}


@pytest.fixture(scope="module")
def leader(place: Place) -> FlaskClient:
    return place.sign_in(round_leader="4601")


def test_answers_are_counted_by_place_and_no_sum_gives_away_a_unit_with_few(
    place: Place, leader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = f"/staff/rounds/{place.residents}"
    whole = rows(leader, hub)
    monkeypatch.setattr(folding, "FEW", 1)
    assert rows(leader, hub) == {
        "Sted": ["Enheter", "Svar", "Inviterte"],
        "Dagsenter": ["2", "7; færre enn 5 i 1 enhet", "12"],
        "Dagsenter › North": ["1", "6", "8"],
    }
    pages = [rows(leader, f"{hub}?under={under}") for under in ("4601-d", "4601-d~2", "north")]
    assert [len(each) for each in pages] == [2, 2, 2], "its head and one unit each"
    assert pages[0] | pages[1] | pages[2] == whole
    assert rows(leader, f"{hub}?under=nowhere") == rows(leader, hub)


@pytest.mark.usefixtures("many")
def test_what_will_be_hidden_is_read_place_by_place_and_nothing_typed_is_lost(leader: FlaskClient, steps: str) -> None:
    anonymity = steps.replace("where", "anonymity")
    for page in (leader.get(steps), post(leader, steps, under="north")):
        buttons = re.findall("<button[^>]*>", page.text.split('class="plan"')[1])
        assert buttons[0] == "<button>", "Enter saves"
        assert 'name="under"' in buttons[1]
    assert post(leader, steps, part="everywhere").status_code == 303
    assert rows(leader, anonymity).keys() == {"Sted", "Bergen", "Dagsenter", "North"}
    opened = post(leader, anonymity, helped="7", under="north")
    assert (opened.status_code, 'value="7"' in opened.text) == (200, True)
    assert re.findall(r"<th[^>]*>(Os|Ask|Arna|Fana)<", opened.text) == ["Ask", "Os"]
    assert 'value="7"' not in leader.get(anonymity).text


@pytest.fixture(scope="module")
def steps(place: Place) -> str:
    """The step of a round that is planned, of relatives, whom nobody asks yet."""
    asked = {"audience": "relative", "questionnaire": RELATIVES}
    round_id = planning.create(place.village.database, title="Neste", municipality="4601", **asked)
    return f"/staff/rounds/{round_id}/plan/where"


def test_a_list_that_is_not_short_has_headings(place: Place, steps: str, monkeypatch: pytest.MonkeyPatch) -> None:
    leader = place.sign_in(round_leader="4601")
    assert '"area"' not in leader.get(steps).text
    monkeypatch.setattr(folding, "GLANCE", 3)
    said = re.findall(r'class="area">(.*?)<|name="units" value="(\w+)"', leader.get(steps).text)
    assert ["".join(each) for each in said] == ["Dagsenter", "arna", "fana", "Dagsenter › North", "ask", "os"]
