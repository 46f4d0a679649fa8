"""In production the web has a database role of its own: docs/rights.sql is enough for its work, and no more."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DatabaseError

from reports.measures import keeping
from reports.measures.model import Covers
from survey import worker
from survey.access.codes import for_invitee, mint
from survey.answering.submission import Outcome
from survey.app import create_app
from survey.interviews import desks, helpers, twice
from survey.interviews.twice import Typed
from survey.invitations import unsubscribing
from survey.invitations.outbox import utcnow
from survey.invitations.unsubscribing import unsubscribe
from survey.keys import KeyStore
from survey.register import folding
from survey.register.closing import merge, reopen
from survey.register.contact_file import keep_contact
from survey.register.editing import change
from survey.register.importing import import_register
from survey.register.reading import COLUMNS
from survey.rounds.head import finder
from survey.rounds.noted import noted
from survey.settings import Settings
from survey.staff import signed_in
from survey.staff.identities import Identity, admit
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER, ROUND_LEADER, TYPIST
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Batch, Comment, Invitee, Mailing, Outbox, TalkRequest, WrongCode
from survey.talk.asking import Outcome as Asking
from survey.talk.asking import ask
from tests.bergen import day_centres, shelve
from tests.invited import invite
from tests.journeys.test_worker import Pauses
from tests.leading import LATER, begun, opened, state
from tests.measured import a_measure
from tests.office import NOW, village_of_relatives
from tests.reaching import reached
from tests.staffed import employ, post, sign_in, token
from tests.village import QUESTIONNAIRE, Village, answer, settle

pytestmark = pytest.mark.postgres


def test_the_webs_role_takes_answers_and_says_what_became_of_them(
    owned: Database, web: Database, tmp_path: Path
) -> None:
    migrating.check_current(web)
    village = Village.found(owned, tmp_path)
    (code,) = village.codes()
    at_the_web = Village(web, village.keys, village.data, village.round_id)
    assert at_the_web.send(code, answer()) == Outcome.RECEIVED
    assert at_the_web.send(code, answer()) == Outcome.ALREADY_RECEIVED
    assert at_the_web.send(code, answer(), "f" * 32) == Outcome.NOT_VALID


def test_who_was_invited_answers_through_the_webs_role_and_gets_no_more_mail(
    owned: Database, web: Database, tmp_path: Path
) -> None:
    village = village_of_relatives(owned, tmp_path)
    listed = b"unit_id,email,language\narna,kari@example.no,nb\n"
    invite(owned, village.keys, village.round_id, listed, NOW)
    with owned.reading() as connection:
        invitee = connection.execute(select(Invitee.id)).scalar_one()
    code = for_invitee(village.keys.web(village.round_id).mail, invitee)
    at_the_web = Village(web, village.keys, village.data, village.round_id)
    assert at_the_web.send(code, answer()) == Outcome.RECEIVED
    with owned.reading() as connection:
        assert connection.execute(select(Invitee.id).union_all(select(Outbox.id))).all() == []


def test_who_wants_no_more_mail_gets_none_through_the_webs_role(owned: Database, web: Database, tmp_path: Path) -> None:
    village = village_of_relatives(owned, tmp_path)
    listed = b"unit_id,email,language\narna,kari@example.no,nb\narna,ola@example.no,nb\n"
    invite(owned, village.keys, village.round_id, listed, NOW)
    with owned.reading() as connection:
        invitees = connection.execute(select(Invitee.id)).scalars().all()
    for invitee in invitees:
        unsubscribe(web, village.keys, unsubscribing.token(village.keys.web(village.round_id), invitee))
    with owned.reading() as connection:
        assert connection.execute(select(Invitee.id).union_all(select(Outbox.id))).all() == []
        assert noted(connection, village.round_id) == {"4601": {"no_more_mail": 2}}


def test_the_webs_role_takes_a_request_to_talk_once(owned: Database, web: Database, tmp_path: Path) -> None:
    village = Village.found(owned, tmp_path)
    village.befriend()
    (code,) = village.codes()
    for _ in range(2):
        assert ask(web, village.keys, code=code, side="here", name="", today=NOW.date()) == Asking.TOLD
    with owned.reading() as connection:
        assert connection.execute(select(TalkRequest.contact)).scalars().all() == ["Ola Berg"]


def test_the_webs_role_invites_somebody_and_takes_a_paper_that_is_typed_twice(
    owned: Database, web: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twice, "EVERY", 1)
    village = Village.found(owned, tmp_path)
    (code,) = village.codes(1, way="paper")
    employ(owned, "lise@bergen.no", [TYPIST])
    head = finder(web)(village.round_id)
    assert head
    with web.begin() as connection:
        helpers.invite(connection, head, "lise@bergen.no", TYPIST, "anna@bergen.no")
        (invited,) = helpers.invited(connection, village.round_id)
        helpers.end(connection, head, invited.staff, TYPIST, "anna@bergen.no")
        batch = connection.execute(select(Batch.id)).scalar_one()
    desk = desks.finder(web, "paper")(batch)
    assert desk
    paper = {"desk": desk, "questionnaire": QUESTIONNAIRE, "code": code, "settled": False}
    first, second = (Typed(invited.staff, sign * 32, {"language": "nb", "ladder": "3"}) for sign in "ab")
    assert twice.take(web, village.keys, **paper, typed=first) is None
    assert twice.take(web, village.keys, **paper, typed=second) == Outcome.RECEIVED
    with web.reading() as connection:
        assert twice.waiting(connection, desk) == 0


def test_every_page_works_with_the_webs_role(owned: Database, web: Database, tmp_path: Path) -> None:
    shelve(owned, day_centres())
    with owned.begin() as connection:
        waiting = {"id": "c", "round": "dagsenter-2026", "question": "comment", "text": "x", "state": "waiting"}
        connection.execute(insert(Comment), {**waiting, "remove_on": NOW.date() + dt.timedelta(days=9999)})
        request = {"id": "t", "unit": "4601", "side": "here", "contact": "Ola", "name": "", "state": "new"}
        connection.execute(insert(TalkRequest), {**request, "asked": NOW.date(), "remove_on": dt.date(2099, 1, 1)})
    employ(owned, "anna@bergen.no", [QUALITY_ADVISER, ADMINISTRATOR])
    KeyStore(tmp_path / "keys").make_session_key()
    app = create_app(with_database(tmp_path, web))
    anna = sign_in(app, "anna@bergen.no")
    release = "/staff/releases/dagsenter-2026"
    for page in (
        "/s",
        "/staff/",
        "/staff/rounds",
        "/staff/talk",
        "/staff/measures",
        f"{release}/questions/food",
        release,
        f"{release}/release.csv",
        f"{release}/release.xlsx",
        f"{release}/comments",
    ):
        assert anna.get(page).status_code == 200, page
    for text_, decision in (("y", "show"), ("", "remove")):
        form = {"decision": decision, "text": text_, "csrf_token": token(anna.get("/staff/"))}
        assert anna.post("/staff/comments/c", data=form).status_code == 302
    measure = a_measure(municipality="4601", place="4601", covers=Covers.GROUP, units=frozenset(), rounds=frozenset())
    with web.begin() as connection:
        keeping.register(connection, replace(measure, baseline="dagsenter-2026"), "anna@bergen.no")
    for asked, form in (("status", {"status": "ended"}), ("weighings", {"text": "Vi hørte dem."})):
        csrf_token = token(anna.get("/staff/measures/m1"))
        assert anna.post(f"/staff/measures/m1/{asked}", data={**form, "csrf_token": csrf_token}).status_code == 302
    for decision in ("handled", "closed"):
        form = {"decision": decision, "csrf_token": token(anna.get("/staff/"))}
        assert anna.post("/staff/talk/t", data=form).status_code == 302
    assert app.test_client().post("/start", data={"code": mint()}).status_code == 409
    assert app.test_client().post("/start", data={"code": mint()}).status_code == 409
    with owned.reading() as connection:
        assert connection.execute(select(WrongCode.number)).scalar() == 2
    app.extensions["medvirk.database"].dispose()


def test_who_comes_by_the_municipalitys_sign_in_is_let_in_by_the_webs_role(owned: Database, web: Database) -> None:
    shelve(owned, day_centres())
    employ(owned, "anna@bergen.no", [QUALITY_ADVISER])
    now = NOW.replace(tzinfo=None)
    known = admit(web, Identity("https://id.example.no", "17", "anna@bergen.no"), "once", now)
    assert signed_in.member(web, signed_in.begin(web, known, "", now, by_provider=True), now)


def test_the_webs_role_changes_the_register(owned: Database, web: Database, tmp_path: Path) -> None:
    Village.found(owned, tmp_path)
    moved = f"{','.join(COLUMNS)}\n4601,day_centre,Dagsenter,%s,arna,Arna,22\n"
    with web.begin() as connection:
        assert import_register(connection, (moved % "Nord").encode(), {"4601"}).new
        change(connection, "arna", {"nb": "Arna dagsenter"}, "23")
        keep_contact(
            connection, {"place": "4601-d-nord", "side": "here", "name": "Ola", "role": "leder", "phone": "55 00 00 00"}
        )
        assert import_register(connection, (moved % "Sør").encode(), {"4601"}).left, "with its contact"
        merge(connection, "arna", "fana", dt.date(2026, 11, 28))
        reopen(connection, "arna")


def test_people_are_invited_and_reminded_through_the_webs_role(owned: Database, web: Database, tmp_path: Path) -> None:
    addresses = [url.render_as_string(hide_password=False) for url in (owned.url, web.url)]
    with reached(tmp_path, *addresses) as place:
        leader, page = place.sign_in(round_leader="4601"), f"/staff/rounds/{place.relatives}/invitations"
        listed = "unit_id,email,language\narna,kari@example.no,nb\nfana,ola@example.no,nb\narna,anne@example.no,nb\n"
        assert post(leader, page, step="look", listed=listed).status_code == 200
        assert post(leader, page, step="send", listed=listed).status_code == 303
        assert leader.get(page).status_code == 200
        refused = select(Outbox.id).join(Invitee).where(Invitee.email != "kari@example.no").order_by(Invitee.email)
        with owned.begin() as connection:
            connection.execute(update(Outbox).values(state="sent"))
            connection.execute(update(Mailing).values(day=dt.date(2026, 1, 1)))
            mails = connection.execute(refused).scalars().all()
            connection.execute(update(Outbox).where(Outbox.id.in_(mails)).values(state="failed", error="550 unknown"))
        for mail, form in zip(mails, ({"decision": "away"}, {"email": "per@example.no"}), strict=True):
            assert post(leader, f"{page}/refused", mail=mail, **form).status_code == 303
        assert post(leader, f"{page}/remind", kind="reminder_1").status_code == 303
        with owned.reading() as connection:
            rows = connection.execute(select(Invitee.email, Outbox.kind, Outbox.state).join_from(Outbox, Invitee))
            assert {tuple(row) for row in rows} == {
                ("kari@example.no", "invitation", "sent"),
                ("kari@example.no", "reminder_1", "queued"),
                ("per@example.no", "invitation", "queued"),
            }


def test_residents_are_counted_and_cards_and_letters_printed_through_the_webs_role(
    owned: Database, web: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [url.render_as_string(hide_password=False) for url in (owned.url, web.url)]
    with reached(tmp_path, *addresses) as place:
        leader = place.sign_in(round_leader="4601")
        residents, relatives = f"/staff/rounds/{place.residents}", f"/staff/rounds/{place.relatives}"
        for number in (3, 4):
            assert post(leader, f"{residents}/residents", unit="arna", alone=number).status_code == 303
            with monkeypatch.context() as many:
                many.setattr(folding, "FEW", 1)
                out, void, needed = re.findall(r"<td>(\d+)</td>", leader.get(f"{residents}/cards").text)[1:4]
                assert (out, void, needed) == ("0", "0", str(number))
        form = {"unit": "arna", "number": 1, "way": "self", "language": "nb"}
        assert post(leader, f"{residents}/cards", **form).status_code == 200
        (code,) = place.village.codes()
        assert post(leader, f"{residents}/leftovers", code=code).status_code == 303
        listed = "unit_id,name,address,postcode,town,language\narna,Kari Nes,,5003,Bergen,nb\n"
        letters = post(leader, f"{relatives}/letters", listed=listed, contact="Ola", phone="55", email="", until="")
        assert letters.status_code == 200
        with owned.reading() as connection:
            assert noted(connection, place.residents)["arna"]["alone"] == 4
            batches = connection.execute(select(Batch.issued, Batch.voided).order_by(Batch.issued.desc())).all()
            assert [tuple(batch) for batch in batches] == [(2, 1), (1, 0)]


def test_a_round_is_planned_opened_and_closed_with_the_webs_role(
    owned: Database, web: Database, tmp_path: Path
) -> None:
    settle(owned)
    employ(owned, "lise@bergen.no", [ROUND_LEADER])
    KeyStore(tmp_path / "keys").make_session_key()
    app, settings = (create_app(with_database(tmp_path, web)), with_database(tmp_path, owned))
    lise = sign_in(app, "lise@bergen.no", language="en")
    round_ = opened(lise, lambda: worker.run(settings, Pauses(), utcnow))
    assert post(lise, f"{round_}/extend", closes="2099-01-01").status_code == 422
    assert post(lise, f"{round_}/extend", closes=(LATER + dt.timedelta(days=9)).isoformat()).status_code == 303
    post(lise, f"{round_}/wheel", title="Informasjonsdag", day="2099-01-01")
    for kind, becomes in (("stop", "closing"), ("release", "released")):
        ticked = dict.fromkeys(("paper", "register", "spares", "final"), "1")
        post(lise, f"{round_}/close", kind=kind, **ticked)
        worker.run(settings, Pauses(), utcnow)
        assert state(owned, round_) == becomes
    for page in ("", "/wheel", "/calendar.ics", "/close", "/plan/who", "/plan/where", "/plan/groups", "/preview/nb"):
        assert lise.get(f"{round_}{page}").status_code == 200, page
    with pytest.raises(DatabaseError, match="stays as it was planned"), web.begin() as connection:
        connection.execute(text("UPDATE round SET k = 9"))
    assert post(lise, f"{begun(lise)}/away").location == "/staff/rounds"
    with pytest.raises(DatabaseError, match="has been opened stays"), web.begin() as connection:
        connection.execute(text("DELETE FROM round"))
    app.extensions["medvirk.database"].dispose()


def with_database(folder: Path, database: Database) -> Settings:
    """The settings of an installation in a folder that reaches its database so."""
    folders = {"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"}
    address = database.url.render_as_string(hide_password=False)
    return Settings.from_environment({**folders, "MEDVIRK_DATABASE_URL": address})
