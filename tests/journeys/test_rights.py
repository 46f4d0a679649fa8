"""In production the web has a database role of its own: docs/rights.sql is enough for its work, and no more."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, insert, select, text
from sqlalchemy.exc import ProgrammingError

from survey.access.codes import for_invitee, mint
from survey.answering.submission import Outcome
from survey.app import create_app
from survey.invitations import unsubscribing
from survey.invitations.inviting import invite
from survey.invitations.unsubscribing import unsubscribe
from survey.keys import KeyStore
from survey.register.contact_file import keep_contact
from survey.register.editing import change
from survey.register.importing import import_register
from survey.register.reading import COLUMNS
from survey.rounds.noted import noted
from survey.settings import Settings
from survey.staff import signed_in
from survey.staff.identities import Identity, admit
from survey.staff.roles import ADMINISTRATOR, QUALITY_ADVISER
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Comment, Invitee, Outbox, TalkRequest, WrongCode
from survey.talk.asking import Outcome as Asking
from survey.talk.asking import ask
from tests.bergen import day_centres, shelve
from tests.conftest import new_postgres
from tests.office import NOW, village_of_relatives
from tests.staffed import employ, sign_in, token
from tests.village import Village, answer

RIGHTS = Path(__file__).parents[2] / "docs" / "rights.sql"
pytestmark = pytest.mark.postgres


@pytest.fixture
def owned(postgres_url: URL, postgres_template: str) -> Iterator[Database]:
    with new_postgres(postgres_url, postgres_template) as url:
        database = Database(url)
        with database.begin() as connection:
            connection.execute(text("DROP ROLE IF EXISTS medvirk_web"))
            connection.execute(text("CREATE ROLE medvirk_web LOGIN"))
            connection.execute(text(RIGHTS.read_text("utf-8")))
        yield database
        with database.begin() as connection:
            connection.execute(text("DROP OWNED BY medvirk_web"))
            connection.execute(text("DROP ROLE medvirk_web"))
        database.dispose()


@pytest.fixture
def web(owned: Database) -> Iterator[Database]:
    database = Database(owned.url.set(username="medvirk_web"))
    yield database
    database.dispose()


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


def test_every_page_works_with_the_webs_role(owned: Database, web: Database, tmp_path: Path) -> None:
    shelve(owned, day_centres())
    with owned.begin() as connection:
        waiting = {"id": "c", "round": "dagsenter-2026", "question": "comment", "text": "x", "state": "waiting"}
        connection.execute(insert(Comment), {**waiting, "remove_on": NOW.date() + dt.timedelta(days=9999)})
        request = {"id": "t", "unit": "4601", "side": "here", "contact": "Ola", "name": "", "state": "new"}
        connection.execute(insert(TalkRequest), {**request, "asked": NOW.date(), "remove_on": dt.date(2099, 1, 1)})
    employ(owned, "anna@bergen.no", [QUALITY_ADVISER, ADMINISTRATOR])
    KeyStore(tmp_path / "keys").make_session_key()
    address = web.url.render_as_string(hide_password=False)
    folders = {"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys"}
    app = create_app(Settings.from_environment({**folders, "MEDVIRK_DATABASE_URL": address}))
    anna = sign_in(app, "anna@bergen.no")
    release = "/staff/releases/dagsenter-2026"
    for page in (
        "/s",
        "/staff/",
        "/staff/rounds",
        "/staff/talk",
        release,
        f"{release}/release.csv",
        f"{release}/comments",
    ):
        assert anna.get(page).status_code == 200, page
    for text_, decision in (("y", "show"), ("", "remove")):
        form = {"decision": decision, "text": text_, "csrf_token": token(anna.get("/staff/"))}
        assert anna.post("/staff/comments/c", data=form).status_code == 302
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


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT box FROM sealed",
        "DELETE FROM sealed",
        "UPDATE sealed SET box = ''",
        "UPDATE release SET sha256 = ''",
        "DELETE FROM release",
        "INSERT INTO release (round, artefact, sha256) VALUES ('', '', '')",
        "TRUNCATE sealed",
        "DROP TABLE release",
        "SELECT email FROM invitee",
        "SELECT hmac FROM invited",
        "UPDATE code SET batch = ''",
        "DELETE FROM talk_request",
        "UPDATE talk_request SET unit = ''",
        "UPDATE node SET level = ''",
        "SELECT error FROM outbox",
        "UPDATE round SET public_key = ''",
        "UPDATE round SET state = 'open'",
        "UPDATE batch SET voided = 0",
        "INSERT INTO code (hmac, batch) VALUES ('', '')",
        "UPDATE answer_count SET number = 0",
        "UPDATE staff SET email = ''",
        "UPDATE role SET node = ''",
        "UPDATE staff_at_provider SET subject = ''",
        "DELETE FROM staff_at_provider",
        "INSERT INTO comment (id, round, question, text, state) VALUES ('', '', '', '', 'shown')",
    ],
)
def test_the_webs_role_reads_no_answer_and_no_address_and_changes_no_round_release_or_address(
    web: Database, statement: str
) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), web.begin() as connection:
        connection.execute(text(statement))
