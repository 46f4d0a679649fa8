"""A municipality's own pictures of concepts: put in place on a staff page, seen by everybody at once, taken away."""

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from survey.settings import Settings
from tests.staffed import token
from tests.studio import Studio
from tests.studio import studio as opened

PAGE = "/staff/pictures/food"
RED = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path fill="#abcdef" d="M0 0h9v9z"/></svg>'
CREDIT = "Foto: Kari Nordmann, Bergen kommune"


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


def picture(form: str = "PNG", size: tuple[int, int] = (300, 200)) -> bytes:
    """As many colours as a photo has."""
    file = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(file, form)
    return file.getvalue()


def send(client: FlaskClient, content: bytes, credit: str = CREDIT) -> TestResponse:
    form = {"csrf_token": token(client.get(PAGE)), "picture": (io.BytesIO(content), "mat.svg"), "credit": credit}
    answer = client.post(PAGE, data=form)
    answer.request.environ["wsgi.input"].close()  # where the client wrote a large form
    return answer


def sheet_of(page: str) -> str:
    """The address of the sheet of symbols on a page."""
    (sheet,) = set(re.findall(r'<use href="(.+?)#food"', page))
    return sheet


def seen_by_a_resident(studio: Studio, app: Flask) -> str:
    """The sheet of symbols on the page that a resident gets."""
    return app.test_client().get(sheet_of(studio.page(app))).text


def test_an_own_drawing_is_seen_at_once_from_every_process_and_its_maker_is_named(
    studio: Studio, settings: Settings, anna: FlaskClient
) -> None:
    before = seen_by_a_resident(studio, studio.app)
    assert send(anna, RED).location == f"{PAGE}?done=kept"
    for process in (studio.app, studio.other_process):
        assert '<path fill="#abcdef"' in seen_by_a_resident(studio, process)
        assert CREDIT in process.test_client().get("/about").text
    assert CREDIT in anna.get(PAGE).text
    assert anna.get("/staff/pictures?own=1").text.count('class="concept"') == 1
    form = {"csrf_token": token(anna.get(PAGE))}
    assert anna.post(f"{PAGE}/away", data=form).location == f"{PAGE}?done=away"
    assert seen_by_a_resident(studio, studio.app) == before
    assert CREDIT not in studio.app.test_client().get("/about").text
    assert list((settings.data / "symbols").iterdir()) == []


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_dots_becomes_a_small_png_and_replaces_a_drawing(
    studio: Studio, settings: Settings, anna: FlaskClient, form: str
) -> None:
    send(anna, RED)
    assert send(anna, picture(form, (1600, 1200))).status_code == 303
    kept = settings.data / "symbols" / "food.png"
    assert kept.stat().st_size <= 60_000
    with Image.open(kept) as small:
        assert max(small.size) <= 512
    assert not kept.with_suffix(".svg").exists()
    assert 'href="data:image/png;base64,' in seen_by_a_resident(studio, studio.app)


def test_an_own_picture_needs_a_maker(settings: Settings, anna: FlaskClient) -> None:
    for credit in ("", "  ", "x" * 301):
        answer = send(anna, RED, credit)
        assert answer.status_code == 422
        assert "Write who made the picture" in answer.text
    assert not (settings.data / "symbols").exists()


def test_a_page_that_was_made_before_still_finds_its_pictures(studio: Studio, anna: FlaskClient) -> None:
    sheet = sheet_of(studio.page(studio.app))
    send(anna, RED)
    assert studio.other_process.test_client().get(sheet).status_code == 200


def test_a_file_that_was_laid_there_and_cannot_be_used_changes_nothing_for_residents(
    studio: Studio, settings: Settings, anna: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    before = seen_by_a_resident(studio, studio.app)
    (settings.data / "symbols").mkdir()
    (settings.data / "symbols" / "food.svg").write_text("<svg/>")
    assert seen_by_a_resident(studio, studio.app) == before
    assert "food.svg cannot be used" in caplog.text
    assert "This picture cannot be used." in anna.get(PAGE).text
    assert "This picture cannot be used." in anna.get("/staff/pictures").text
