"""Videos of signs: put in on a staff page, watched by residents at once, taken away for good."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from survey.signs import Signs
from survey.videos import video
from tests.staffed import token
from tests.studio import ASKED, Studio
from tests.studio import studio as opened
from tests.videos import mp4, webm

FOOD = next(question for question in ASKED.questions if question.id == "food")
BOOTH = "/staff/voices/day-centre-residents/nb/food"
LIST = "/staff/voices?of=day-centre-residents&in=nb"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with opened(tmp_path_factory.mktemp("signs")) as studio:
        yield studio


@pytest.fixture(autouse=True)
def emptied(studio: Studio) -> None:
    studio.empty()


def send(studio: Studio, content: bytes) -> TestResponse:
    form = {"csrf_token": token(studio.anna.get(BOOTH)), "video": (io.BytesIO(content), "film.mov")}
    return studio.anna.post(f"{BOOTH}/video", data=form)


def take_away(studio: Studio) -> TestResponse:
    return studio.anna.post(f"{BOOTH}/video/away", data={"csrf_token": token(studio.anna.get(BOOTH))})


def watched(studio: Studio, language: str = "nb") -> str | None:
    """The address of what a resident who presses Watch at the question gets, from the other process."""
    page = studio.page(studio.other_process, language)
    found = re.search(rf'data-film="([\w.]+)"[^>]*>{re.escape(FOOD.text[language])}<', page)
    assert ('<template id="watch">' in page) == bool(studio_files(studio))
    return f"/signs/{found[1]}" if found else None


def studio_files(studio: Studio) -> list[Path]:
    return sorted((studio.settings.data / "signs").glob("*"))


def test_a_video_is_watched_at_once_in_its_language_replaced_and_taken_away_for_good(studio: Studio) -> None:
    assert watched(studio) is None
    assert "has no Watch button" in studio.anna.get(BOOTH).text
    assert send(studio, mp4()).location == f"{BOOTH}?done=signed"
    assert "The video is kept. From now on everybody sees it." in studio.anna.get(f"{BOOTH}?done=signed").text
    first = watched(studio)
    assert watched(studio, "nn") is None
    assert f'src="{first}"' in studio.anna.get(BOOTH).text
    assert ">Signed<" in studio.anna.get(LIST).text
    send(studio, webm())
    second = watched(studio)
    client = studio.other_process.test_client()
    assert [client.get(address or "", buffered=True).status_code for address in (first, second)] == [404, 200]
    assert str(second).endswith(".webm")
    assert take_away(studio).location == f"{BOOTH}?done=away"
    assert watched(studio) is None
    assert studio_files(studio) == []
    with studio.village.database.reading() as connection:
        deeds = connection.exec_driver_sql("select action, about from audit_entry order by number desc limit 3").all()
    assert [tuple(deed) for deed in deeds] == [
        ("video_taken_away", FOOD.text["nb"]),
        ("video_kept", FOOD.text["nb"]),
        ("video_kept", FOOD.text["nb"]),
    ]


def test_a_video_is_served_for_ever_in_parts_and_as_nothing_but_a_video(studio: Studio) -> None:
    send(studio, mp4())
    client = studio.other_process.test_client()
    answer = client.get(watched(studio) or "", headers={"Range": "bytes=4-7"}, buffered=True)
    assert (answer.status_code, answer.data, answer.mimetype) == (206, b"ftyp", "video/mp4")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_a_video_of_a_text_that_was_changed_since_is_out_of_date_seen_by_staff_alone_and_can_be_taken_away(
    studio: Studio,
) -> None:
    Signs(studio.settings.data / "signs").keep("nb", "day-centre-residents.food", "Er maten god?", video(mp4()))
    page = studio.anna.get(BOOTH).text
    assert "Er maten god?" in page
    assert "Video out of date" in page
    assert "Video out of date" in studio.anna.get(LIST).text
    assert watched(studio) is None
    take_away(studio)
    assert studio_files(studio) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This file is no video that can be used. Choose an MP4 file"),
        (b"<!doctype html>", "This file is no video that can be used. Choose an MP4 file"),
        (mp4("hvc1"), "Not every browser shows this kind of video. Save it as MP4 with H.264."),
    ],
)
def test_a_bad_video_is_refused_with_the_reason_and_the_cure(studio: Studio, content: bytes, why: str) -> None:
    answer = send(studio, content)
    assert answer.status_code == 422
    assert why in answer.text
    assert "Nothing was kept." in answer.text
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert studio_files(studio) == []
