"""Back to those who answered: written, looked at, approved by a person, and read by everybody."""

import re
from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from reports.easy_read import facts, suggested
from survey.languages import alphabetical
from survey.results.speaking import Voice
from survey.speech import rendering
from survey.speech.library import SpeechLibrary
from survey.speech.rendering import Rendered, SpeechError
from survey.staff import audit
from survey.staff.roles import READER, UNIT_LEADER
from survey.storage.tables import AuditEntry, Node, Role
from tests.bergen import day_centres, shared_homes
from tests.printed import qr_codes, texts
from tests.staffed import employ, post, sign_in, staffed

ROUND, BACK = day_centres().round, f"/staff/releases/{day_centres().round}/back"
PAGE = f"{BACK}/4601"
PUBLIC = f"/results/{ROUND}/4601"
WILL = "Du får velge maten selv.\nVi kjøper nye stoler."


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with staffed(tmp_path_factory.mktemp("staff"), day_centres(), shared_homes()) as app:
        yield app


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no")


def ticked(client: FlaskClient) -> list[str]:
    return re.findall(r'name="fact" value="([^"]+)" checked', client.get(PAGE).text)


def write(client: FlaskClient, will: str = WILL, **more: object) -> TestResponse:
    return post(client, PAGE, **{"fact": ticked(client), "will_nb": will} | more)


def test_from_the_numbers_to_the_page_that_everybody_reads(app: Flask, anna: FlaskClient) -> None:
    release = day_centres()
    assert "har ikke fått vite" in anna.get("/staff/").text
    first = suggested(release, release.nodes[0])
    assert ticked(anna) == [f"{fact.question} {fact.end}" for fact in first]
    assert write(anna).location == f"{PAGE}/preview"
    stranger = app.test_client()
    assert stranger.get(PUBLIC).status_code == 404, "a draft is nobody's but its writers'"
    preview = anna.get(f"{PAGE}/as-read?in=nb").text
    assert post(anna, f"{PAGE}/publish", informed="yes").location == BACK
    read = stranger.get(PUBLIC)
    assert read.text == preview.replace(f"{PAGE}/sheet?in=", f"{PUBLIC}/sheet?language=")
    assert "Set-Cookie" not in read.headers
    for line in WILL.splitlines():
        assert f">{line}<" in read.text
    for fact in first:
        assert release.questions[fact.question].text["nb"] in read.text
    assert f"{release.nodes[0].n} personer svarte." in read.text
    assert PUBLIC in stranger.get("/results/").text
    places = [node.id for node in release.nodes if node.level != "rest"]
    for page in ("/staff/", BACK, f"/staff/rounds/{ROUND}", f"/staff/releases/{ROUND}/committee"):
        assert f"1 av {len(places)} sider" in anna.get(page).text
    assert anna.get("/staff/").text.count("har ikke fått vite") == 1, "the other round waits"
    assert anna.get("/staff/").text.count("Ikke ferdig") == 2
    left = [each for each in places if each != "4601"]
    offered = re.findall(r'name="node" value="([^"]+)"[^>]*> <span>([^<]+)</span>', anna.get(BACK).text)
    assert [name for _, name in offered] == ["Dagsenter", *sorted((name for _, name in offered[1:]), key=alphabetical)]
    assert {node for node, _ in offered} == set(left)
    assert post(anna, BACK, node=[*left, "nowhere", "4601"]).location == BACK
    assert anna.get("/staff/").text.count("Ikke ferdig") == 1
    assert stranger.get(PUBLIC).status_code == 200, "what is published stays"
    assert 'name="node"' not in anna.get(BACK).text
    post(anna, f"{BACK}/{left[-1]}", will_nb="Vi kjøper nye stoler.")
    assert anna.get("/staff/").text.count("Ikke ferdig") == 2, "one is written after all"


def test_the_page_says_what_the_release_says_and_nothing_else(app: Flask, anna: FlaskClient) -> None:
    release = day_centres()
    node = release.nodes[0]
    every = [f"{fact.question} {fact.end}" for fact in facts(release, node)]
    write(anna, fact=every[:5])
    text = re.sub(r"<[^>]+>", " ", anna.get(f"{PAGE}/as-read").text)
    words = {"many": "Mange svarte:", "some": "Noen svarte:", "few": "Få svarte:"}
    for fact in facts(release, node)[:5]:
        question = release.questions[fact.question]
        said = (
            rf"{re.escape(question.text['nb'])}\s+{words[fact.word]}\s+{re.escape(question.labels[fact.end]['nb'])}\b"
        )
        assert re.search(said, text)
    write(anna, fact=["food sideways", "nothing positive", "<b> negative"])
    assert "Velg hva som fortelles" in anna.get(f"{PAGE}/preview").text
    assert write(anna, fact=every[:6]).status_code == 422


def test_nothing_is_published_before_the_gate_and_before_those_who_work_there_know(
    app: Flask, anna: FlaskClient
) -> None:
    write(anna)
    assert "Fortell det først" in post(anna, f"{PAGE}/publish").text
    for will, cure in (
        ("", "Skriv minst én linje"),
        ("Vi skal evaluere brukermedvirkningsprosessene.", "brukermedvirkningsprosessene"),
        ("Vi skal se på hva vi kan gjøre for at det kan bli litt bedre for dere her.", "har 18 ord"),
        ("Maten blir forbedret.", "si hvem som gjør det"),
        ("a" * 121, "for lang"),
        ("\n".join(f"Vi gjør {number} ting." for number in range(7)), "Høyst 6 linjer"),
    ):
        write(anna, will)
        refused = post(anna, f"{PAGE}/publish", informed="yes")
        assert refused.status_code == 422
        assert cure in refused.text
        assert app.test_client().get(PUBLIC).status_code == 404


def test_what_is_published_stays_until_somebody_publishes_again(app: Flask, anna: FlaskClient) -> None:
    write(anna)
    post(anna, f"{PAGE}/publish", informed="yes")
    write(anna, "Vi maler veggene røde.", did_nb="Vi har kjøpt nye stoler.")
    stranger = app.test_client()
    assert "stoler" in stranger.get(PUBLIC).text
    assert "veggene" not in stranger.get(PUBLIC).text
    post(anna, f"{PAGE}/publish", informed="yes")
    page = stranger.get(PUBLIC).text
    assert "Dette har vi gjort" in page
    assert "veggene" in page
    post(anna, f"{PAGE}/withdraw")
    assert stranger.get(PUBLIC).status_code == 404
    assert PUBLIC not in stranger.get("/results/").text
    database = app.extensions["medvirk.database"]
    with database.reading() as connection:
        deeds = connection.execute(select(AuditEntry.action).where(AuditEntry.action.contains("told"))).scalars().all()
    assert deeds == ["told_back", "told_back", "told_back_withdrawn"]
    assert audit.verify(database).broken_at is None


def test_the_sheet_says_what_is_approved_and_before_that_it_is_a_draft(app: Flask, anna: FlaskClient) -> None:
    write(anna, will_en="You choose the food yourself.\nWe buy new chairs.")
    stranger = app.test_client()
    assert stranger.get(f"{PUBLIC}/sheet").status_code == 404
    draft = anna.get(f"{PAGE}/sheet?in=nb")
    assert f"{PAGE}/sheet?in=nb" in anna.get(f"{PAGE}/as-read").text
    assert "Dette er et utkast." in texts(draft.data)[0]
    post(anna, f"{PAGE}/publish", informed="yes")
    write(anna, "Vi maler veggene røde.")
    assert f"{PUBLIC}/sheet?language=nb" in stranger.get(PUBLIC).text
    assert f"{PUBLIC}/sheet?language=en" in anna.get(f"{PAGE}/preview").text
    sheet = stranger.get(f"{PUBLIC}/sheet?language=en")
    assert sheet.mimetype == "application/pdf"
    assert "Set-Cookie" not in sheet.headers
    [page] = texts(sheet.data)
    assert "We buy new chairs." in page
    assert "draft" not in page
    assert qr_codes(sheet.data, 0)[0].says.endswith(PUBLIC)
    assert "veggene" not in texts(stranger.get(f"{PUBLIC}/sheet").data)[0], "what is written since is a draft"


def test_those_who_work_at_a_unit_are_told_before_everybody_and_the_log_says_who_saw_to_it(
    app: Flask, anna: FlaskClient
) -> None:
    database = app.extensions["medvirk.database"]
    page = f"{BACK}/dag-2"
    assert "Ingen som leder her, har en konto" in _written(anna, page)
    employ(database, "leder@bergen.no", [UNIT_LEADER])
    unit = {"id": "dag-2", "level": "unit", "parent": "4601", "name": {"nb": "Eidsvåg"}, "service_kind": None}
    with database.begin() as connection:
        connection.execute(insert(Node).values(**unit, places=None))
        connection.execute(update(Role).where(Role.role == UNIT_LEADER).values(node="dag-2"))
    assert "leder@bergen.no kan se resultatene" in _written(anna, page)
    leader = sign_in(app, "leder@bergen.no")
    assert leader.get(f"/staff/releases/{ROUND}").status_code == 200, "theirs to read, before it is published"
    post(anna, f"{page}/publish")
    assert app.test_client().get(f"/results/{ROUND}/dag-2").status_code == 404
    post(anna, f"{page}/publish", informed="yes")
    assert app.test_client().get(f"/results/{ROUND}/dag-2").status_code == 200
    assert "anna@bergen.no" in anna.get(f"{page}/preview").text
    with database.reading() as connection:
        [entry] = connection.execute(select(AuditEntry).where(AuditEntry.action == "told_back")).all()
    assert entry.who == "anna@bergen.no"


def _written(client: FlaskClient, page: str) -> str:
    fact = re.findall(r'name="fact" value="([^"]+)" checked', client.get(page).text)
    post(client, page, fact=fact, will_nb=WILL)
    return client.get(f"{page}/preview").text


def test_the_worker_reads_the_lines_aloud_and_until_then_the_page_says_that_sound_comes(
    app: Flask, anna: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def render(jobs: Sequence[tuple[str, object]]) -> list[Rendered]:
        if not made:
            made.append("")
            raise SpeechError("no voice today")
        made.extend(text for text, _ in jobs)
        return [Rendered(b"ID3", []) for _ in jobs]

    monkeypatch.setattr(rendering, "render", render)
    write(anna)
    assert made == [], "nobody's request waits for a voice"
    assert "lese inn 2 linjer" in anna.get(f"{PAGE}/preview").text
    assert "Noe av lyden kommer snart." in anna.get(f"{PAGE}/as-read").text
    speech = SpeechLibrary(app.extensions["medvirk.answering"].pages.speech._sounds.parent)
    broken, voice = (Voice(app.extensions["medvirk.database"], speech) for _ in range(2))
    for _ in range(2):
        broken.work()
    assert made == [""], "what cannot be read is not tried for ever"
    voice.work()
    voice.work()
    assert sorted(made[1:]) == sorted(WILL.splitlines())
    assert "lese inn" not in anna.get(f"{PAGE}/preview").text
    page = anna.get(f"{PAGE}/as-read").text
    assert "Noe av lyden" not in page
    assert re.search(r'<li data-sound="\w+\.mp3">Du får velge maten selv\.', page)


def test_a_language_is_offered_when_all_is_written_in_it(app: Flask, anna: FlaskClient) -> None:
    write(anna, will_nn="Du får velje maten sjølv.", will_en="You choose the food yourself.\nWe buy new chairs.")
    post(anna, f"{PAGE}/publish", informed="yes")
    stranger = app.test_client()
    assert 'lang="en"' in stranger.get(PUBLIC + "?language=en").text.partition("<head>")[0]
    assert 'lang="nb"' in stranger.get(PUBLIC + "?language=nn").text.partition("<head>")[0]
    assert "?language=nn" not in stranger.get(PUBLIC).text


def test_what_staff_write_is_never_more_than_words(app: Flask, anna: FlaskClient) -> None:
    write(anna, "Hei <script>alert(1)</script> du.")
    assert "<script>alert" not in anna.get(f"{PAGE}/as-read").text
    assert "&lt;script&gt;alert" in anna.get(f"{PAGE}/as-read").text


def test_places_that_are_not_shown_have_no_page(app: Flask, anna: FlaskClient) -> None:
    homes = shared_homes()
    for node in (homes.too_few[0].id, "nowhere", next(one.id for one in homes.nodes if one.level == "rest")):
        assert anna.get(f"/staff/releases/{homes.round}/back/{node}").status_code == 404
        assert app.test_client().get(f"/results/{homes.round}/{node}").status_code == 404


def test_a_reader_neither_writes_nor_publishes(app: Flask) -> None:
    employ(app.extensions["medvirk.database"], "reader@bergen.no", [READER])
    reader = sign_in(app, "reader@bergen.no")
    assert "har ikke fått vite" not in reader.get("/staff/").text
    for address in (BACK, PAGE):
        assert reader.get(address).status_code == 404
    assert post(reader, f"{PAGE}/publish", informed="yes").status_code == 404
