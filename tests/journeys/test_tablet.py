"""What a tablet keeps and how a survey day's queue is served, over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient

from survey.access.codes import mint, shown
from survey.app import create_app
from survey.questionnaire.loading import SHIPPED, page_phrases
from survey.settings import ROOT, Settings
from survey.speech.library import name_of
from survey.speech.voices import VOICES
from survey.storage import migrating
from survey.storage.engine import Database
from tests.village import QUESTIONNAIRE, Village, answer

WORDS = page_phrases(SHIPPED)
GLAD = QUESTIONNAIRE.questions[0]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("installation")
    return Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})


@pytest.fixture(scope="module")
def village(settings: Settings) -> Iterator[Village]:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    yield Village.found(database, settings.keys.parent, {"arna": 1000})
    database.dispose()


@pytest.fixture
def client(settings: Settings, village: Village) -> FlaskClient:
    return create_app(settings).test_client()


@pytest.fixture
def spoken(settings: Settings) -> Path:
    """The folder of sounds, with a question read aloud."""
    folder = settings.data / "speech"
    folder.mkdir(exist_ok=True)
    (folder / name_of(GLAD.spoken("nb"), VOICES["nb"])).write_bytes(b"\xff" * 600)
    return folder


def ticket(client: FlaskClient, code: str) -> dict[str, str]:
    reply = client.post("/queue", data={"code": code})
    assert reply.status_code == 200
    found: dict[str, str] = reply.get_json()
    return found


def test_a_card_that_waited_opens_its_questionnaire_and_nothing_is_spent(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    waiting = ticket(client, shown(code).lower())
    assert code not in json.dumps(waiting)
    for _ in range(2):
        page = client.post("/start", data={"ticket": waiting["ticket"]})
        assert page.status_code == 200
        assert f'name="code" value="{code}"' in page.text


def test_the_name_of_a_cards_picture_is_heard_where_it_stands(client: FlaskClient, spoken: Path) -> None:
    sound = spoken / name_of("eple", VOICES["nb"])
    sound.write_bytes(b"\xff" * 600)
    assert f'<span data-sound="{sound.name}">eple</span>' in client.get("/queue?language=nb").text


def test_the_queue_is_not_told_whether_a_code_was_used_or_ever_was(client: FlaskClient, village: Village) -> None:
    fresh, used = village.codes(2)
    village.send(used, answer())
    replies = [ticket(client, code) for code in (fresh, used, mint())]
    assert len({(*reply, len(reply["ticket"])) for reply in replies}) == 1
    refused = client.post("/start", data={"ticket": replies[1]["ticket"]})
    assert refused.status_code == 409
    assert WORDS["code_not_valid"].text["nb"] in refused.text


def test_a_ticket_is_over_after_the_day_and_one_of_nobody_opens_nothing(client: FlaskClient, village: Village) -> None:
    (code,) = village.codes()
    with time_machine.travel("2026-11-22T08:00:00Z", tick=False) as clock:
        waiting = ticket(client, code)["ticket"]
        clock.shift(12 * 3600 - 1)
        assert client.post("/start", data={"ticket": waiting}).status_code == 200
        clock.shift(1)
        for over in (waiting, "nobody's"):
            page = client.post("/start", data={"ticket": over})
            assert page.status_code == 422
            assert WORDS["form_broken"].text["nb"] in page.text


def test_a_mistyped_code_gets_no_ticket(client: FlaskClient) -> None:
    reply = client.post("/queue", data={"code": "ABCD"})
    assert (reply.status_code, reply.get_json()) == (422, {"error": "code_mistyped"})


def test_only_where_cards_are_scanned_may_the_camera_be_used(client: FlaskClient) -> None:
    policies = {address: client.get(address).headers["Permissions-Policy"] for address in ("/queue", "/s", "/offline")}
    assert {address for address, policy in policies.items() if "camera=(self)" in policy} == {"/queue"}
    assert all("microphone=()" in policy for policy in policies.values())


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_manifest_names_icons_that_are_there_and_begins_at_the_code_page(
    client: FlaskClient, language: str
) -> None:
    page = client.get(f"/s?language={language}")
    assert f'href="/manifest.webmanifest?language={language}"' in page.text
    reply = client.get(f"/manifest.webmanifest?language={language}")
    assert reply.mimetype == "application/manifest+json"
    manifest = json.loads(reply.text)
    assert (manifest["lang"], manifest["start_url"], manifest["display"]) == (language, "/s", "standalone")
    assert manifest["description"] == WORDS["about_answering"].text[language]
    assert {icon.get("purpose") for icon in manifest["icons"]} == {"any", "maskable", None}
    for icon in manifest["icons"]:
        kept = ROOT / "static" / "icons" / Path(icon["src"]).name
        if icon["type"] == "image/png":
            size = int.from_bytes(kept.read_bytes()[16:20])
            assert icon["sizes"] == f"{size}x{size}"
        else:
            assert kept.exists()


def test_the_keeper_comes_anew_each_time_and_another_content_is_another_version(
    client: FlaskClient, settings: Settings, spoken: Path
) -> None:
    sound = spoken / name_of(WORDS["offline_title"].spoken("en"), VOICES["en"])
    first = create_app(settings).test_client().get("/sw.js")
    assert (first.mimetype, first.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    sound.write_bytes(b"\xff" * 600)
    later = create_app(settings).test_client().get("/sw.js")
    sound.unlink()
    assert first.text.splitlines()[3] != later.text.splitlines()[3]
    assert later.text.splitlines()[3].startswith('const NAME = "medvirk-')


def test_the_pack_of_a_questionnaire_never_changes_and_is_not_compressed_again(
    client: FlaskClient, village: Village, spoken: Path
) -> None:
    page = client.post("/start", data={"code": village.codes()[0]}, headers={"Accept-Language": "nb"})
    address = page.text.partition('data-pack="')[2].partition('"')[0]
    pack = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert pack.status_code == 200
    assert pack.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in pack.headers
    assert b"\xff" * 600 in pack.data
    pack.close()
    assert client.get("/sounds/" + "0" * 32 + ".pack").status_code == 404


def test_a_page_without_sound_has_no_pack(client: FlaskClient, village: Village) -> None:
    page = client.post("/start", data={"code": village.codes()[0], "language": "en"})
    assert "data-pack" not in page.text
