"""Every page under /staff says whom it is for, and lets nobody else in."""

import datetime as dt
from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Insert, insert, select

from reports.measures import keeping
from survey.desk.earlier import keeping as earlier
from survey.interviews.helpers import HELPING
from survey.staff.guard import now
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, ROLES, ROUND_LEADER, Way
from survey.staff.signed_in import begin
from survey.storage.tables import Batch, Comment, Node, Role, Round, RoundHelper, Staff, TalkRequest
from tests.bergen import day_centres
from tests.committee import earlier as an_earlier
from tests.measured import a_measure
from tests.staffed import employ, sign_in, staffed, token

SECRETS = (
    "Dagsenter høsten 2026",
    "Bergen",
    "Fana",
    day_centres().sha256,
    "Kari sa noe fint",
    "Per Hansen",
    "Mer å gjøre",
    "Våren 2027",
    "Bedre kommune 2021",
)
ADDRESS = {
    "round_id": "dagsenter-2026",
    "question_id": "food",
    "comment_id": "c1",
    "request_id": "t1",
    "session_id": "s1",
    "measure_id": "m1",
    "staff_id": "per",
    "node_id": "4601",
    "earlier_id": "e1",
}
ADDRESS |= {"interview_id": "talks", "paper_id": "papers"}
ADDRESS |= {"of": "day-centre-residents", "spoken": "nb", "phrase_id": "food", "concept": "food", "place_id": "fana"}
ADDRESS |= {"step": "anonymity", "specimen": "kort-nb-eksempel.pdf"}
BERGEN: Way = ("4601",)
FANA: Way = ("4601", "dag", "fana")
WAYS = {
    "place_id": FANA,
    "request_id": FANA,
    "staff_id": FANA,
    "measure_id": FANA,
    "earlier_id": FANA,
}  # where not in Bergen as a whole
IN_ROUND = ("interview_id", "paper_id")  # which opens to those who were invited to the round, too
WAYS |= dict.fromkeys((*IN_ROUND, "earlier_id"), FANA)
PLACES = ("4601", "dag", "fana", "arna", "0301")
OPEN_TO_ALL = {"staff.sign_in", "staff.try_to_sign_in", "staff.second_step", "staff.try_second_step"} | {
    "staff.leave_for_provider",
    "staff.back_from_provider",
}
OWN = {"staff.sign_out", "staff.account", "staff.end_session", "staff.change_password"} | {
    "staff.second_factor",
    "staff.second_factor_picture",
    "staff.confirm_second_factor",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Bergen's release, comment and open round, and oda who has every role in Oslo."""
    with staffed(tmp_path_factory.mktemp("staff"), day_centres()) as app:
        database = app.extensions["medvirk.database"]
        oslo = {"id": "0301", "level": "municipality", "parent": None, "name": {"nb": "Oslo"}, "service_kind": None}
        dag = {"id": "dag", "level": "service", "parent": "4601", "name": {"nb": "Dag"}, "service_kind": "day_centre"}
        units = [dag | {"id": unit, "level": "unit", "parent": "dag"} for unit in ("fana", "arna")]
        written = {"id": "c1", "round": "dagsenter-2026", "question": "comment", "text": "Kari sa noe fint"}
        with database.begin() as connection:
            connection.execute(insert(Node), [{**node, "places": None} for node in (oslo, dag, *units)])
            connection.execute(insert(Comment).values(**written, state="waiting", remove_on=dt.date(2099, 1, 1)))
            request = {"id": "t1", "unit": "fana", "side": "here", "contact": "Ola Berg", "name": "Per Hansen"}
            days = {"asked": dt.date(2026, 11, 1), "remove_on": dt.date(2099, 1, 1)}
            connection.execute(insert(Staff).values(id="per", email="per@bergen.no", password="", works_at="fana"))
            connection.execute(insert(TalkRequest).values(**request, **days, state="new"))
            measure = a_measure(municipality="4601", place="fana", units=frozenset({"fana"}), baseline="dagsenter-2026")
            keeping.register(connection, replace(measure, question="food"), "anna@bergen.no")
            earlier.keep(connection, "4601", [an_earlier(place="fana", survey="Bedre kommune")], "anna@bergen.no")
            like = connection.execute(select(Round)).mappings().one()
            connection.execute(insert(Round).values(**{**like, "id": "spring", "title": "Våren 2027", "state": "open"}))
            batch = {"round": "spring", "unit": "fana", "group": "", "issued": 3, "voided": 0}
            for id_, way in (("talks", "interview"), ("papers", "paper")):
                connection.execute(insert(Batch).values(**batch, id=id_, way=way))
        employ(database, "lise@bergen.no", [ROUND_LEADER])
        employ(database, "oda@oslo.no", ROLES, "0301")
        yield app


def pages(app: Flask, but: Set[str] = frozenset()) -> list[tuple[str, str, bool]]:
    """Method, address and whether it is about one thing, of every staff page for those who have signed in."""
    addresses = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff") and rule.endpoint not in OPEN_TO_ALL | but:
            address = addresses.build(rule.endpoint, {name: ADDRESS[name] for name in rule.arguments})
            found += [(method, address, bool(rule.arguments)) for method in (rule.methods or set()) & {"GET", "POST"}]
    assert len(found) >= 8
    return found


def test_every_staff_page_declares_whom_it_is_for(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
            if rule.endpoint in OPEN_TO_ALL:
                assert access == "public"
            elif rule.endpoint in OWN:
                assert access == "own"
            else:
                assert access
                assert set(access) <= set(ROLES)


def test_without_signing_in_every_staff_page_leads_to_signing_in(app: Flask) -> None:
    client = app.test_client()
    csrf_token = token(client.get("/staff/sign-in"))
    for method, address, _ in pages(app):
        answer = client.open(address, method=method, data={"csrf_token": csrf_token} if method == "POST" else None)
        assert (answer.status_code, answer.location) == (302, "/staff/sign-in"), address


def test_who_has_every_role_in_another_municipality_gets_nothing(app: Flask) -> None:
    oda = sign_in(app, "oda@oslo.no")
    csrf_token = token(oda.get("/staff/"))
    for method, address, about_one_thing in pages(app, but=OWN):
        decision = "closed" if "talk" in address else "remove"
        form = {"csrf_token": csrf_token, "decision": decision, "place": "0301"} if method == "POST" else None
        answer = oda.open(address, method=method, data=form)
        assert answer.status_code == (404 if about_one_thing else 422 if form else 200), address
        assert not [secret for secret in SECRETS if secret in answer.text], address
    with app.extensions["medvirk.database"].reading() as connection:
        assert connection.execute(select(Comment.state).where(Comment.id == "c1")).scalar_one() == "waiting"
        assert connection.execute(select(TalkRequest.state).where(TalkRequest.id == "t1")).scalar_one() == "new"


def test_who_belongs_there_gets_every_page(app: Flask) -> None:
    anna, admin, lise = (sign_in(app, f"{name}@bergen.no") for name in ("anna", "admin", "lise"))
    for rule in app.url_map.iter_rules():
        roles = getattr(app.view_functions[rule.endpoint], "access", ())
        if roles != "own" and not {QUALITY_ADVISER, ADMINISTRATOR, ROUND_LEADER} & set(roles):
            continue  # opened below
        asker = anna if QUALITY_ADVISER in roles or roles == "own" else admin if ADMINISTRATOR in roles else lise
        if rule.rule.startswith("/staff") and "GET" in (rule.methods or ()) and rule.endpoint not in OPEN_TO_ALL:
            address = app.url_map.bind("localhost").build(
                rule.endpoint, {name: ADDRESS[name] for name in rule.arguments}
            )
            assert asker.get(address).status_code == 200, address


def expected(view: Any, role: str, place: str) -> bool:
    """Whether a page opens to whoever has this role at this place, by what the page itself declares."""
    if role not in view.access:
        return False
    if view.where == "somewhere":
        return True
    if view.where.endswith(", in part"):
        return place != "0301"
    return place in (BERGEN if view.where == "everywhere" else WAYS.get(view.where, BERGEN))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_to_its_roles_at_its_place_and_to_nobody_else(app: Flask, role: str) -> None:
    for place in PLACES:
        somebody = signed_in(app, insert(Role).values(role=role, node=place))
        walk(app, somebody, lambda view, place=place: expected(view, role, place))  # type: ignore[misc]


@pytest.mark.parametrize("role", HELPING)
def test_who_was_invited_to_a_round_gets_its_desks_and_nothing_else(app: Flask, role: str) -> None:
    helper = signed_in(app, insert(RoundHelper).values(role=role, round="spring"))
    walk(app, helper, lambda view: role in view.access and view.where in ("somewhere", *IN_ROUND))
    assert "Dagsenter høsten 2026" not in helper.get("/staff/").text


@pytest.mark.parametrize("role", HELPING)
@pytest.mark.parametrize("work", ["dag", "fana", "arna"])
def test_an_invitation_takes_nobody_to_the_service_they_work_in(app: Flask, role: str, work: str) -> None:
    helper = signed_in(app, insert(RoundHelper).values(role=role, round="spring"), work)
    walk(app, helper, lambda view: role in view.access and view.where == "somewhere")


def walk(app: Flask, somebody: FlaskClient, opens: Callable[[Any], bool]) -> None:
    """Try every page: those that should open do, all others answer 403 or 404."""
    addresses = app.url_map.bind("localhost")
    csrf_token = token(somebody.get("/staff/account"))
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/staff") or rule.endpoint in OPEN_TO_ALL | OWN:
            continue
        view = app.view_functions[rule.endpoint]
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        address = addresses.build(rule.endpoint, {name: ADDRESS[name] for name in rule.arguments}, method)
        if method == "POST" and opens(view):
            continue  # what it then does is tried elsewhere
        form = {"csrf_token": csrf_token} if method == "POST" else None
        answer = somebody.open(address, method=method, data=form)
        refused = 403 if view.where == "somewhere" else 404  # type: ignore[attr-defined]
        assert answer.status_code == (200 if opens(view) else refused), address


def signed_in(app: Flask, having: Insert, work: str = "0301") -> FlaskClient:
    """A browser of somebody who has this one role, and works there."""
    database, staff = app.extensions["medvirk.database"], uuid4().hex
    with database.begin() as connection:
        connection.execute(insert(Staff).values(id=staff, email=f"{staff}@x.no", password="", works_at=work))
        connection.execute(having.values(staff=staff))
    client = app.test_client()
    with client.session_transaction(path="/staff") as session:
        session["key"] = begin(database, staff, "", now())
    return client


def test_an_administrator_does_not_read_comments_that_still_hold_names(app: Flask) -> None:
    admin = sign_in(app, "admin@bergen.no")
    page = admin.get("/staff/releases/dagsenter-2026/comments")
    assert page.status_code == 200
    assert "Kari sa noe fint" not in page.text
    form = {"csrf_token": token(page), "decision": "remove"}
    assert admin.post("/staff/comments/c1", data=form).status_code == 404


def test_an_administrator_does_not_see_who_wants_to_talk(app: Flask) -> None:
    admin = sign_in(app, "admin@bergen.no")
    assert admin.get("/staff/talk").status_code == 403
    assert "/staff/talk" not in admin.get("/staff/").text
    form = {"csrf_token": token(admin.get("/staff/")), "decision": "closed"}
    assert admin.post("/staff/talk/t1", data=form).status_code == 404


def test_a_page_that_forgot_to_say_whom_it_is_for_is_refused_to_everybody(app: Flask) -> None:
    app.view_functions["desk.rounds"], kept = lambda: "forgotten", app.view_functions["desk.rounds"]
    try:
        assert sign_in(app, "anna@bergen.no").get("/staff/rounds").status_code == 403
    finally:
        app.view_functions["desk.rounds"] = kept


def test_every_form_is_refused_without_its_token(app: Flask) -> None:
    anna = sign_in(app, "anna@bergen.no")
    posts = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff") and "POST" in rule.methods]
    addresses = app.url_map.bind("localhost")
    for rule in posts:
        address = addresses.build(rule.endpoint, {name: ADDRESS[name] for name in rule.arguments}, method="POST")
        assert anna.post(address, data={"decision": "remove"}).status_code == 400, address
