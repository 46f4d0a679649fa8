"""A place gets a photo and its name a voice: both meet the resident first."""

import io
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.photos import LONGEST_SIDE
from survey.register import contacts, folding
from survey.storage.tables import AuditEntry
from tests.register import rows
from tests.sounds import hum, wav
from tests.staffed import token
from tests.studio import Studio
from tests.studio import studio as opened

PAGE = "/staff/places/arna"
BOOTH = "/staff/voices/places/nb/arna"
SEEN = "Et hvitt hus med rød dør"
GPS = 34853


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with opened(tmp_path_factory.mktemp("studio")) as studio:
        yield studio


@pytest.fixture(autouse=True)
def emptied(studio: Studio) -> None:
    studio.empty()


def photo(form: str = "JPEG", **extra: object) -> bytes:
    """As a telephone takes it: 1600 by 1200 dots, lying on its side, with place and day."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif.get_ifd(GPS)[2] = (60.0, 23.0, 34.0)
    exif[0x0132] = "2026:11:21 12:00:00"
    Image.effect_noise((160, 120), 60).convert("RGB").resize((1600, 1200)).save(file, form, exif=exif, **extra)
    return file.getvalue()


def send(client: FlaskClient, content: bytes, alternative: str = SEEN) -> TestResponse:
    form = {
        "csrf_token": token(client.get(PAGE)),
        "picture": (io.BytesIO(content), "x.jpg"),
        "alternative": alternative,
    }
    answer = client.post(PAGE, data=form)
    answer.request.environ["wsgi.input"].close()  # where the client wrote a large form
    return answer


def press(client: FlaskClient, page: str, what: str) -> TestResponse:
    return client.post(f"{page}/{what}", data={"csrf_token": token(client.get(page))})


def shown_first(studio: Studio) -> tuple[str, str] | None:
    """Address and words of the picture on the page that a resident gets, from a process that did not take it in."""
    found = re.search(r'<img class="photo" src="([^"]+)" alt="([^"]+)"', studio.page(studio.other_process))
    return (found[1], found[2]) if found else None


def heard_first(studio: Studio) -> str | None:
    found = re.search(r'id="welcome-title"[^>]* data-sound="(\w+\.mp3)"', studio.page(studio.other_process))
    return found and found[1]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_seen_at_once_upright_small_and_without_where_and_when(studio: Studio, form: str) -> None:
    assert shown_first(studio) is None
    assert send(studio.anna, photo(form)).location == f"{PAGE}?done=kept"
    address, words = shown_first(studio) or ("", "")
    assert words == SEEN
    answer = studio.app.test_client().get(address, buffered=True)
    assert "immutable" in answer.headers["Cache-Control"]
    with Image.open(io.BytesIO(answer.data)) as seen:
        assert (seen.format, seen.size) == ("WEBP", (LONGEST_SIDE * 3 // 4, LONGEST_SIDE))
        assert not seen.getexif()
        assert "exif" not in seen.info
        assert "xmp" not in seen.info
    assert b"2026" not in answer.data


def test_a_picture_is_of_its_place_alone_and_gone_when_it_is_taken_away(studio: Studio) -> None:
    send(studio.anna, photo())
    address, _ = shown_first(studio) or ("", "")
    (code,) = studio.village.codes(unit="fana")
    assert 'class="photo"' not in studio.app.test_client().post("/start", data={"code": code}).text
    assert press(studio.anna, PAGE, "away").location == f"{PAGE}?done=away"
    assert shown_first(studio) is None
    assert studio.app.test_client().get(address).status_code == 404
    assert list((studio.settings.data / "places").iterdir()) == []


def test_another_photo_replaces_the_first_and_deletes_it(studio: Studio) -> None:
    send(studio.anna, photo())
    first = shown_first(studio)
    send(studio.anna, photo(), "Hagen bak huset")
    second = shown_first(studio)
    assert first != second
    assert len(list((studio.settings.data / "places").glob("*.webp"))) == 1


@pytest.mark.parametrize(
    ("content", "alternative", "why"),
    [
        (photo(), " ", "Write what is seen in the picture."),
        (photo(), "x" * 201, "Write what is seen in the picture."),
        (b"", SEEN, "Choose a PNG, JPEG or WebP file."),
        (b"<svg/>", SEEN, "Choose a PNG, JPEG or WebP file."),
        (photo()[:4000], SEEN, "Choose a PNG, JPEG or WebP file."),
    ],
    ids=["no words", "too many words", "nothing", "a drawing", "half a photo"],
)
def test_what_cannot_be_shown_is_refused_with_the_cure(
    studio: Studio, content: bytes, alternative: str, why: str
) -> None:
    answer = send(studio.anna, content, alternative)
    assert answer.status_code == 422
    assert why in answer.text
    assert shown_first(studio) is None


def test_the_name_of_a_place_is_read_by_the_machine_when_asked_and_by_a_person_when_recorded(studio: Studio) -> None:
    assert heard_first(studio) is None
    assert press(studio.anna, BOOTH, "speak").location == f"{BOOTH}?done=kept"
    by_machine = heard_first(studio)
    assert by_machine
    assert studio.app.test_client().get(f"/speech/{by_machine}", buffered=True).status_code == 200
    form = {"csrf_token": token(studio.anna.get(BOOTH)), "sound": (io.BytesIO(wav(hum())), "a.wav")}
    assert studio.anna.post(BOOTH, data=form).status_code == 303
    assert heard_first(studio) not in (None, by_machine)
    press(studio.anna, BOOTH, "away")
    assert heard_first(studio) == by_machine
    press(studio.anna, BOOTH, "away")
    assert heard_first(studio) is None


def heard_of(studio: Studio, text: str, language: str) -> str | None:
    """The sound of a name or role on a resident's page in some language."""
    found = re.search(rf' data-sound="(\w+\.mp3)">{text}<', studio.page(studio.other_process, language))
    return found and found[1]


def test_whom_one_can_talk_to_is_read_in_every_language_by_the_machine_when_asked_and_by_a_person_when_recorded(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "SECONDS", 0)  # nobody waits until the page may show it
    assert "Those one can talk to" not in studio.anna.get("/staff/voices").text  # there is nobody yet
    studio.village.befriend()
    booths = {
        text: f"/staff/voices/contacts/nb/{place}.{side}.{what}"
        for text, place, side, what in (("Ola Berg", "arna", "here", "name"), ("adviser", "4601", "elsewhere", "role"))
    }
    page = studio.anna.get("/staff/voices?of=contacts").text
    for text, booth in booths.items():
        assert f'href="{booth}"' in page
        assert heard_of(studio, text, "nb") is None
        press(studio.anna, booth, "speak")
        by_machine = heard_of(studio, text, "nb")
        assert by_machine
        assert heard_of(studio, text, "en") == by_machine  # by the same voice
    booth = booths["Ola Berg"]
    form = {"csrf_token": token(studio.anna.get(booth)), "sound": (io.BytesIO(wav(hum())), "a.wav")}
    assert studio.anna.post(booth, data=form).status_code == 303
    recorded = heard_of(studio, "Ola Berg", "nn")
    press(studio.anna, booth, "away")
    assert heard_of(studio, "Ola Berg", "nn") not in (None, recorded)
    press(studio.anna, booth, "away")
    assert heard_of(studio, "Ola Berg", "nn") is None


def test_the_list_shows_what_each_place_lacks(studio: Studio) -> None:
    assert studio.anna.get("/staff/places").text.count("No picture") == 2
    send(studio.anna, photo())
    page = studio.anna.get("/staff/places").text
    assert page.count("No picture") == 1
    assert page.count('class="place-photo"') == 1


def test_what_was_put_in_and_taken_away_stands_in_the_log(studio: Studio) -> None:
    send(studio.anna, photo())
    press(studio.anna, PAGE, "away")
    newest = select(AuditEntry.who, AuditEntry.action, AuditEntry.place, AuditEntry.about)
    with studio.village.database.reading() as connection:
        entries = connection.execute(newest.order_by(AuditEntry.number.desc()).limit(2)).all()
    assert [tuple(entry) for entry in entries] == [
        ("anna@bergen.no", "picture_taken_away", "4601", "Arna"),
        ("anna@bergen.no", "picture_kept", "4601", "Arna"),
    ]


def test_many_places_stand_under_what_they_lie_in_which_is_opened_by_a_link(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "FEW", 1)
    send(studio.anna, photo())
    page = studio.anna.get("/staff/places").text
    (row,) = rows(page)[1:]
    assert row == ["Dagsenter", "2", "1"]
    assert "/staff/places/arna" not in page
    (link,) = re.findall(r'href="(\?under=[^"]+)"', page)
    for under, unit in ((link, "arna"), ("?under=arna", "arna"), (f"{link}~2", "fana"), ("?under=fana", "fana")):
        opened = studio.anna.get(f"/staff/places{under}").text
        assert re.findall(r'<h3><a href="/staff/places/(\w+)"', opened) == [unit]
        assert opened.count('class="pages"') == 1
