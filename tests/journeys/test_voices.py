"""People's voices: recorded on a staff page, heard by everybody at once, taken away again."""

import io
import re
from collections.abc import Iterator

import pytest
import soundfile
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey import watching
from survey.app import create_app
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.settings import Settings
from survey.speech import recordings
from survey.speech.library import SpeechLibrary
from survey.storage import migrating
from survey.storage.engine import Database
from tests.sounds import hum, wav
from tests.staffed import employ, sign_in, token
from tests.village import Village

ASKED = load_folder(SHIPPED)["day-centre-residents"]
FOOD = next(question for question in ASKED.questions if question.id == "food")
BOOTH = "/staff/voices/day-centre-residents/nn/food"
LIST = "/staff/voices?of=day-centre-residents&in=nn"
VOICE = wav(hum(1.2))


@pytest.fixture
def village(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Village]:
    monkeypatch.setattr(watching, "SECONDS", 0.0)
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, settings.keys.parent)
    village.round_id = village.open_round(questionnaire=ASKED)
    employ(database, "anna@bergen.no", ["quality_adviser"])
    yield village
    database.dispose()


@pytest.fixture
def app(settings: Settings, village: Village) -> Flask:
    return create_app(settings)


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no", language="en")


def send(client: FlaskClient, sound: bytes, address: str = BOOTH) -> TestResponse:
    form = {"csrf_token": token(client.get(address)), "sound": (io.BytesIO(sound), "opptak.wav")}
    answer = client.post(address, data=form)
    answer.request.environ["wsgi.input"].close()  # where the client wrote a large form
    return answer


def take_away(client: FlaskClient) -> TestResponse:
    return client.post(f"{BOOTH}/away", data={"csrf_token": token(client.get(BOOTH))})


def heard_by_a_resident(app: Flask, code: str) -> str | None:
    """The address of the question's sound on the page that a resident gets."""
    page = app.test_client().post("/start", data={"code": code, "language": "nn"}).text
    found = re.search(rf'data-sound="(\w+\.mp3)"[^>]*>{re.escape(FOOD.text["nn"])}<', page)
    return f"/speech/{found[1]}" if found else None


def states(client: FlaskClient) -> dict[str, int]:
    return {
        name: client.get(f"{LIST}&state={name}").text.count('<th scope="row"')
        for name in ("recorded", "missing", "outdated")
    }


def test_a_recording_is_heard_at_once_from_every_process(
    app: Flask, settings: Settings, village: Village, anna: FlaskClient
) -> None:
    other_process = create_app(settings)
    (code,) = village.codes()
    assert [heard_by_a_resident(one, code) for one in (app, other_process)] == [None, None]
    assert send(anna, VOICE).location == f"{BOOTH}?done=kept"
    assert "Kept. From now on everybody hears it." in anna.get(f"{BOOTH}?done=kept").text
    addresses = {heard_by_a_resident(one, code) for one in (app, other_process)}
    assert len(addresses) == 1
    mp3 = other_process.test_client().get(addresses.pop() or "", buffered=True).data
    assert soundfile.info(io.BytesIO(mp3)).duration == pytest.approx(1.3, abs=0.15)


def test_a_recording_is_replaced_and_taken_away_and_pages_that_play_it_go_on(
    app: Flask, settings: Settings, village: Village, anna: FlaskClient
) -> None:
    (code,) = village.codes()
    send(anna, VOICE)
    first = heard_by_a_resident(app, code)
    send(anna, wav(hum(2)))
    second = heard_by_a_resident(app, code)
    assert take_away(anna).location == f"{BOOTH}?done=away"
    assert heard_by_a_resident(app, code) is None
    assert first != second
    assert [app.test_client().get(address or "", buffered=True).status_code for address in (first, second)] == [
        200,
        200,
    ]
    assert recordings.find(settings.data / "recorded") == ([], [])


def test_the_list_says_who_reads_each_text(anna: FlaskClient) -> None:
    total = sum(1 for _ in ASKED.phrases())
    assert states(anna) == {"recorded": 0, "missing": total, "outdated": 0}
    send(anna, VOICE)
    assert states(anna) == {"recorded": 1, "missing": total - 1, "outdated": 0}
    page = anna.get(f"{LIST}&state=recorded").text
    assert FOOD.text["nn"] in page
    assert 'href="/speech/' in page


def test_a_recording_of_a_text_that_was_changed_since_is_out_of_date(settings: Settings, anna: FlaskClient) -> None:
    before = SpeechLibrary(settings.data)
    send(anna, VOICE)
    index = settings.data / "speech" / "recordings.json"
    index.write_text(index.read_text().replace(FOOD.text["nn"], "Er maten god?"))
    assert states(anna)["outdated"] == 1
    page = anna.get(BOOTH).text
    assert "The text was changed after it was recorded." in page
    assert "Er maten god?" in page
    before.reload()
    assert before.sound_for(FOOD, "nn") is None


def test_a_build_keeps_what_was_recorded(settings: Settings, anna: FlaskClient) -> None:
    send(anna, VOICE)
    speech = SpeechLibrary(settings.data)
    sound = speech.sound_for(FOOD, "nn")
    report = speech.build([], lambda done, of: None)
    assert (report.recorded, len(report.problems)) == (1, 1)  # no text of none is the one recorded
    assert speech.sound_for(FOOD, "nn") == sound


def test_what_others_wrote_into_the_list_of_recordings_stays(settings: Settings, anna: FlaskClient) -> None:
    folder = settings.data / "recorded" / "nn"
    folder.mkdir(parents=True)
    (folder / "ja.wav").write_bytes(VOICE)
    (folder / "recordings.yaml").write_text("ja.wav: Ja\n")
    send(anna, VOICE)
    take_away(anna)
    found, problems = recordings.find(folder.parent)
    assert ([(one.text, one.path.name) for one in found], problems) == ([("Ja", "ja.wav")], [])


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (b"", "This file is no sound"),
        (b"<svg/>", "This file is no sound"),
        (wav(hum(rate=8000), 8000), "Save it as WAV"),
        (wav(hum(61, 16_000), 16_000), "longer than 60 seconds"),
        (wav(hum(level=0)), "Nothing can be heard in this."),
        (wav(hum(level=1.5).clip(-1, 1)), "This is too loud"),
    ],
)
def test_a_bad_recording_is_refused_with_the_reason_and_the_cure(
    settings: Settings, anna: FlaskClient, sound: bytes, why: str
) -> None:
    answer = send(anna, sound)
    assert answer.status_code == 422
    assert why in answer.text
    assert "Nothing was kept." in answer.text
    assert not (settings.data / "recorded" / "nn").exists()


def test_the_microphone_is_for_the_booth_alone(anna: FlaskClient) -> None:
    for address, microphone in (
        (BOOTH, "microphone=(self)"),
        ("/staff/voices", "microphone=()"),
        ("/s", "microphone=()"),
    ):
        headers = anna.get(address).headers
        assert microphone in headers["Permissions-Policy"]
        assert "camera=()" in headers["Permissions-Policy"]


def test_who_has_a_role_in_one_of_two_municipalities_listens_but_changes_nothing_for_the_other(
    village: Village, anna: FlaskClient
) -> None:
    from sqlalchemy import insert

    from survey.storage.tables import Node

    oslo = [("0301", "municipality", None, None), ("0301-d", "service", "0301", "day_centre")]
    with village.database.begin() as connection:
        for id_, level, parent, kind in oslo:
            node = {"id": id_, "level": level, "parent": parent, "name": {"nb": id_}, "service_kind": kind}
            connection.execute(insert(Node).values(**node, places=None))
    page = anna.get(LIST)
    assert "Several municipalities share these voices." in page.text
    assert BOOTH not in page.text
    assert anna.get(BOOTH).status_code == 404
    form = {"csrf_token": token(page), "sound": (io.BytesIO(VOICE), "a.wav")}
    assert anna.post(BOOTH, data=form).status_code == 404


def test_a_folder_that_cannot_be_written_is_told_and_leaves_what_was_there(
    settings: Settings, anna: FlaskClient
) -> None:
    settings.data.joinpath("recorded").write_text("in the way")
    answer = send(anna, VOICE)
    assert answer.status_code == 507
    assert "The server may not write where this belongs" in answer.text
    settings.data.joinpath("recorded").unlink()
    folder = settings.data / "recorded" / "nn"
    folder.mkdir(parents=True)
    (folder / "recordings.yaml").write_text("- no list of files")
    assert send(anna, VOICE).status_code == 507
    assert (folder / "recordings.yaml").read_text() == "- no list of files"
