"""People's voices: recorded on a staff page, heard by everybody at once, taken away again."""

import io
import re
from collections.abc import Iterator

import pytest
import soundfile
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert
from werkzeug.test import TestResponse

from survey.settings import Settings
from survey.speech import recordings
from survey.speech.library import SpeechLibrary
from survey.storage.tables import Node
from tests.sounds import hum, wav
from tests.staffed import token
from tests.studio import ASKED, Studio
from tests.studio import studio as opened

FOOD = next(question for question in ASKED.questions if question.id == "food")
BOOTH = "/staff/voices/day-centre-residents/nn/food"
LIST = "/staff/voices?of=day-centre-residents&in=nn"
VOICE = wav(hum(1.2))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with opened(tmp_path_factory.mktemp("studio")) as studio:
        yield studio


@pytest.fixture(autouse=True)
def emptied(studio: Studio) -> None:
    studio.empty()


@pytest.fixture
def anna(studio: Studio) -> FlaskClient:
    return studio.anna


@pytest.fixture
def settings(studio: Studio) -> Settings:
    return studio.settings


def send(client: FlaskClient, sound: bytes, address: str = BOOTH) -> TestResponse:
    form = {"csrf_token": token(client.get(address)), "sound": (io.BytesIO(sound), "opptak.wav")}
    answer = client.post(address, data=form)
    answer.request.environ["wsgi.input"].close()  # where the client wrote a large form
    return answer


def take_away(client: FlaskClient) -> TestResponse:
    return client.post(f"{BOOTH}/away", data={"csrf_token": token(client.get(BOOTH))})


def heard_by_a_resident(studio: Studio, app: Flask) -> str | None:
    """The address of the question's sound on the page that a resident gets."""
    found = re.search(rf'data-sound="(\w+\.mp3)"[^>]*>{re.escape(FOOD.text["nn"])}<', studio.page(app, "nn"))
    return f"/speech/{found[1]}" if found else None


def states(client: FlaskClient) -> dict[str, int]:
    return {
        name: client.get(f"{LIST}&state={name}").text.count('<th scope="row"')
        for name in ("recorded", "missing", "outdated")
    }


def test_a_recording_is_heard_at_once_from_every_process(studio: Studio, anna: FlaskClient) -> None:
    processes = (studio.app, studio.other_process)
    assert [heard_by_a_resident(studio, one) for one in processes] == [None, None]
    assert send(anna, VOICE).location == f"{BOOTH}?done=kept"
    assert "Kept. From now on everybody hears it." in anna.get(f"{BOOTH}?done=kept").text
    addresses = {heard_by_a_resident(studio, one) for one in processes}
    assert len(addresses) == 1
    mp3 = studio.other_process.test_client().get(addresses.pop() or "", buffered=True).data
    assert soundfile.info(io.BytesIO(mp3)).duration == pytest.approx(1.3, abs=0.15)


def test_a_recording_is_replaced_and_taken_away_and_pages_that_play_it_go_on(studio: Studio, anna: FlaskClient) -> None:
    send(anna, VOICE)
    first = heard_by_a_resident(studio, studio.app)
    send(anna, wav(hum(2)))
    second = heard_by_a_resident(studio, studio.app)
    assert take_away(anna).location == f"{BOOTH}?done=away"
    assert heard_by_a_resident(studio, studio.app) is None
    assert first != second
    client = studio.app.test_client()
    assert [client.get(address or "", buffered=True).status_code for address in (first, second)] == [200, 200]
    assert recordings.find(studio.settings.data / "recorded") == ([], [])


def test_the_list_says_who_reads_each_text(anna: FlaskClient) -> None:
    total = len({phrase.text["nn"] for phrase in ASKED.phrases()})
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


def test_who_has_a_role_in_one_of_two_municipalities_listens_but_changes_nothing_for_the_other(
    studio: Studio, anna: FlaskClient
) -> None:
    place = {"places": None, "service_kind": None}
    with studio.village.database.begin() as connection:
        for id_, level, parent in (("0301", "municipality", None), ("0301-d", "service", "0301")):
            connection.execute(insert(Node).values(id=id_, level=level, parent=parent, name={"nb": id_}, **place))
    studio.village.befriend()
    page = anna.get(LIST)
    assert "Those one can talk to" not in page.text  # they may be the other's
    assert "Several municipalities share these voices." in page.text
    assert BOOTH not in page.text
    assert anna.get(BOOTH).status_code == 404
    form = {"csrf_token": token(page), "sound": (io.BytesIO(VOICE), "a.wav")}
    assert anna.post(BOOTH, data=form).status_code == 404
    with studio.village.database.begin() as connection:
        connection.execute(delete(Node).where(Node.id.like("0301%")))
    assert "Those one can talk to" in anna.get(LIST).text
