"""A unit leader reads their own unit and what lies above it; an adviser of a service reads the service."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, update

from reports.measures import keeping
from survey.staff import passwords
from survey.staff.roles import QUALITY_ADVISER, UNIT_LEADER
from survey.storage.engine import Database
from survey.storage.tables import Measure, MeasureUnit, Node, Role, Staff
from tests.bergen import day_centres, shared_homes
from tests.measured import a_measure
from tests.staffed import PASSWORD, sign_in, staffed, token

CENTRES, HOMES = day_centres(), shared_homes()
SHOWN = next(node for node in HOMES.nodes if node.level == "unit")
HIDDEN = HOMES.too_few[0]
OTHERS = [node.name["nb"] for node in HOMES.nodes if node.level == "unit" and node.id != SHOWN.id]
NAMES = [place.name["nb"] for place in (*HOMES.too_few, *HOMES.shown_with_others)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The register has the places of the homes' release, each under the nearest one above it that is shown."""
    with staffed(tmp_path_factory.mktemp("staff"), CENTRES, HOMES) as app:
        database = app.extensions["medvirk.database"]
        places = [place for place in (*HOMES.nodes, *HOMES.too_few, *HOMES.shown_with_others) if place.level != "rest"]
        with database.begin() as connection:
            for place in places[1:]:
                node = {"id": place.id, "level": place.level, "parent": place.parent, "name": place.name}
                connection.execute(insert(Node).values(**node, service_kind=None, places=None))
            for name, role, place in (
                ("leader", UNIT_LEADER, SHOWN.id),
                ("small", UNIT_LEADER, HIDDEN.id),
                ("service", QUALITY_ADVISER, "4601-bo"),
            ):
                account = {"id": name, "email": f"{name}@bergen.no", "password": passwords.hashed(PASSWORD)}
                connection.execute(insert(Staff).values(**account, works_at=place))
                connection.execute(insert(Role).values(staff=name, role=role, node=place))
        yield app


def read(client: FlaskClient, address: str = f"/staff/releases/{HOMES.round}") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_a_unit_leader_reads_their_unit_and_no_other(app: Flask) -> None:
    leader = sign_in(app, "leader@bergen.no")
    overview = read(leader, "/staff/")
    assert HOMES.title in overview
    assert CENTRES.title not in overview, "nobody of theirs was asked there"
    page = read(leader)
    assert f"<h1>{SHOWN.name['nb']}</h1>" in page
    question = read(leader, f"/staff/releases/{HOMES.round}/questions/{next(iter(HOMES.questions))}")
    assert SHOWN.name["nb"] in question
    for text in (overview, page, question, read(leader, f"/staff/releases/{HOMES.round}?node=4601")):
        assert not [name for name in (*OTHERS, *NAMES) if f">{name}<" in text]


def test_the_leader_of_a_home_too_small_reads_what_it_is_told_with(app: Flask) -> None:
    small = sign_in(app, "small@bergen.no")
    page = read(small)
    assert HIDDEN.name["nb"] in page
    assert "For få svar" in page
    assert not [name for name in OTHERS if f">{name}<" in page]
    question = next(iter(HOMES.questions))
    begin = re.search(
        r'"(/staff/measures/new[^"]+)"', read(small, f"/staff/releases/{HOMES.round}/questions/{question}")
    )
    assert begin, "what is read there is where a measure for their own home begins"
    form = read(small, unescape(begin[1]))
    for chosen in (f"{HOMES.questionnaire}/{question}", HOMES.round, HIDDEN.id):
        assert f'<option value="{chosen}" selected>' in form


def test_the_leader_of_a_joined_unit_reads_what_was_released_of_its_parts(app: Flask) -> None:
    """Also where the joined unit is a new one, of which the release knows nothing."""
    other = next(node for node in HOMES.nodes if node.name["nb"] in OTHERS)
    joining = update(Node).where(Node.id.in_([SHOWN.id, other.id]))
    with app.extensions["medvirk.database"].begin() as connection:
        new = {"id": "bo-new", "level": "unit", "parent": SHOWN.parent, "name": {"nb": "Nyveien"}}
        connection.execute(insert(Node).values(**new, service_kind=None, places=None))
        connection.execute(joining.values(merged_into="bo-new", closed=dt.date(2027, 1, 1)))
        connection.execute(update(Role).where(Role.staff == "leader").values(node="bo-new"))
    leader = sign_in(app, "leader@bergen.no")
    assert HOMES.title in read(leader, "/staff/")
    for node in (SHOWN, other):
        assert f"<h1>{node.name['nb']}</h1>" in read(leader, f"/staff/releases/{HOMES.round}?node={node.id}")
    assert not [name for name in (*OTHERS, *NAMES) if f">{name}<" in read(leader) and name != other.name["nb"]]
    follow_measures(app, leader)
    with app.extensions["medvirk.database"].begin() as connection:
        connection.execute(joining.values(merged_into=None, closed=None))
        connection.execute(update(Role).where(Role.staff == "leader").values(node=SHOWN.id))
        connection.execute(delete(Node).where(Node.id == "bo-new"))
    assert leader.get(f"/staff/releases/{HOMES.round}?node={other.id}").status_code == 404


def follow_measures(app: Flask, leader: FlaskClient) -> None:
    """One of a part says where that is now, and can be followed up from there without being moved."""
    late = a_measure(municipality="4601", place=SHOWN.id, units=frozenset({SHOWN.id}), baseline=None)
    late = replace(late, questionnaire="shared-home-residents", question="safe", deadline=dt.date(2026, 8, 1))
    with app.extensions["medvirk.database"].begin() as connection:
        keeping.register(connection, late, "anna@bergen.no")
    address, told = "/staff/measures/m1", f"{SHOWN.name['nb']} ble en del av Nyveien 1. januar 2027."
    assert address in read(leader, "/staff/"), "it is overdue"
    for page in (address, "/staff/measures"):
        assert told in read(leader, page)
    assert f'<option value="{SHOWN.id}" selected>' in read(leader, f"{address}/edit")
    assert SHOWN.id not in read(leader, "/staff/measures/new"), "where nobody is, nothing begins"
    form = {"title": "Husmøter", "responsible": "Leder", "place": SHOWN.id, "question": "shared-home-residents/safe"}
    form["csrf_token"] = token(leader.get("/staff/measures"))
    assert leader.post(f"{address}/edit", data=form).location == address
    with app.extensions["medvirk.database"].begin() as connection:
        kept = keeping.listed(connection, ["4601"])
        assert [(each.title, each.place, each.units) for each in kept] == [("Husmøter", SHOWN.id, {SHOWN.id})]
        connection.execute(delete(MeasureUnit))
        connection.execute(delete(Measure))


def test_each_leader_gets_the_sheet_for_their_own_next_meeting(app: Flask) -> None:
    sheet = f"/staff/releases/{HOMES.round}/meeting?node="
    for name, own, others in (("small", HIDDEN, SHOWN), ("leader", SHOWN, HIDDEN)):
        leader = sign_in(app, f"{name}@bergen.no")
        assert own.name["nb"] in read(leader, sheet + own.id)
        assert leader.get(sheet + others.id).status_code == 404


def test_side_by_side_each_reads_their_own_part(app: Flask) -> None:
    page = read(sign_in(app, "leader@bergen.no"), f"/staff/releases/{HOMES.round}/beside?node={SHOWN.id}")
    assert SHOWN.name["nb"] in page
    assert CENTRES.title not in page, "nobody of theirs was asked there"
    assert CENTRES.title in read(sign_in(app, "anna@bergen.no"), f"/staff/releases/{HOMES.round}/beside")


def test_other_places_downloads_and_comments_are_not_theirs(app: Flask) -> None:
    leader = sign_in(app, "leader@bergen.no")
    other = next(node.id for node in HOMES.nodes if node.name["nb"] in OTHERS)
    release = f"/staff/releases/{HOMES.round}"
    for address in (f"{release}?node={other}", f"{release}/release.csv", f"{release}/release.json"):
        assert leader.get(address).status_code == 404
    for address in (f"{release}/comments", f"{release}/back", f"/staff/releases/{CENTRES.round}"):
        assert leader.get(address).status_code == 404
    assert "release.csv" not in read(leader)


def test_an_adviser_of_a_service_reads_all_of_it(app: Flask) -> None:
    page = read(sign_in(app, "service@bergen.no"), f"/staff/releases/{HOMES.round}?node=4601-bo")
    assert SHOWN.name["nb"] in page
    assert HIDDEN.name["nb"] in page


def test_what_one_reader_was_shown_is_not_shown_to_another(app: Flask) -> None:
    """Pages are kept, each for those who read the same part."""
    leader, anna = sign_in(app, "leader@bergen.no"), sign_in(app, "anna@bergen.no")
    whole = read(anna)
    assert "release.csv" in whole
    assert "release.csv" not in read(leader)
    assert read(anna).count("<a ") == whole.count("<a ")


def test_what_is_kept_of_pages_is_never_shown_to_who_may_read_less(app: Flask) -> None:
    """Whoever comes first: all addresses that the one opens are tried by the other, and the other way round."""
    release, question = f"/staff/releases/{HOMES.round}", next(iter(HOMES.questions))
    nodes = [node.id for node in HOMES.nodes if node.level != "rest"][:12]
    addresses = [release, f"{release}/questions/{question}"]
    addresses += [f"{address}?node={node}" for address in tuple(addresses) for node in nodes]
    addresses += [f"{release}/{page}" for page in ("beside", "meeting", "comments", "back", "committee")]
    people = {name: sign_in(app, f"{name}@bergen.no") for name in ("anna", "leader", "small", "admin", "service")}
    for order in (tuple(people), tuple(reversed(people))):
        for address in addresses:
            for name in order:
                text = people[name].get(address).text
                if name in ("leader", "small"):
                    assert not [each for each in OTHERS if f">{each}<" in text], (name, address)
                    assert "release.csv" not in text
                assert ("/staff/people" in text) == (name == "admin" and "<main" in text), (name, address)


def test_who_loses_a_place_no_longer_reads_what_was_kept_of_it(app: Flask) -> None:
    """A home is moved to another division, whose leader reads of it, and back again."""
    address, database = f"/staff/releases/{HOMES.round}?node={SHOWN.id}", app.extensions["medvirk.database"]
    other = next(node for node in HOMES.nodes if node.level == "division" and node.id != SHOWN.parent)
    with database.begin() as connection:
        account = {"id": "head", "email": "head@bergen.no", "password": passwords.hashed(PASSWORD)}
        connection.execute(insert(Staff).values(**account, works_at=other.id))
        connection.execute(insert(Role).values(staff="head", role=UNIT_LEADER, node=other.id))
    head = sign_in(app, "head@bergen.no")
    assert head.get(address).status_code == 404
    elsewhere = Database(database.url)  # as another process has it
    for writer in (database, elsewhere):
        for parent, status in ((other.id, 200), (SHOWN.parent, 404)):
            with writer.begin() as connection:
                connection.execute(update(Node).where(Node.id == SHOWN.id).values(parent=parent))
                assert head.get(address).status_code == (404 if status == 200 else 200), "nobody sees it yet"
            for _ in range(2):
                assert head.get(address).status_code == status
    elsewhere.dispose()
