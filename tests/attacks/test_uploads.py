"""What is sent to the pages of voices and pictures by those who mean harm."""

import io
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey import photos, videos
from survey.drawings import DEEPEST
from survey.speech import takes
from survey.studio.keepers import FORM
from tests.bergen import day_centres
from tests.sounds import hum, wav
from tests.staffed import sign_in, staffed, token
from tests.videos import mp4, webm

BOOTH = "/staff/voices/day-centre-residents/nb/food"
PICTURE = "/staff/pictures/food"
PLACE = "/staff/places/4601"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 72 72">'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Flask]:
    with staffed(folder, day_centres()) as app:
        yield app


@pytest.fixture(scope="module")
def anna(app: Flask) -> FlaskClient:
    return sign_in(app, "anna@bergen.no")


@pytest.fixture(autouse=True)
def emptied(folder: Path) -> None:
    for name in ("recorded", "speech", "symbols", "places", "signs"):
        shutil.rmtree(folder / "data" / name, ignore_errors=True)


def files(folder: Path) -> set[str]:
    """Every file that was sent and kept, wherever it came to lie."""
    kinds = (".wav", ".mp3", ".svg", ".png", ".webp", ".mp4", ".webm", ".html", ".txt")
    found = {path for path in folder.rglob("*") if path.is_file() and path.suffix in kinds}
    return {path.name for path in found if "assets" not in path.parts}


class Endless(io.RawIOBase):
    """A body that says it is as large as it likes; counts what is read of it."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # bytes is what it gets
        self.read_bytes += len(buffer)
        return len(buffer)


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_is_too_large_is_refused_unread(app: Flask, anna: FlaskClient, signed_in: bool) -> None:
    client = anna if signed_in else app.test_client()
    largest = takes.LARGEST + FORM if signed_in else app.config["MAX_CONTENT_LENGTH"]
    body = Endless()
    answer = client.post(
        BOOTH,
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(largest + 1)},
    )
    assert answer.status_code == (413 if signed_in else 302)
    assert body.read_bytes == 0


def test_who_has_not_signed_in_or_has_no_token_leaves_nothing(app: Flask, anna: FlaskClient, folder: Path) -> None:
    page = token(anna.get(BOOTH))
    stranger = app.test_client()
    for client, form, status in (
        (stranger, {}, 302),
        (stranger, {"csrf_token": page}, 302),
        (anna, {}, 400),
        (anna, {"csrf_token": page[::-1]}, 400),
    ):
        sent = {**form, "sound": (io.BytesIO(wav(hum())), "a.wav")}
        assert client.post(BOOTH, data=sent).status_code == status
    assert files(folder) == set()


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\a.wav", "/tmp/a.wav", "a\0.wav", "recordings.yaml", ""]
)
def test_the_name_of_a_file_decides_nothing(anna: FlaskClient, folder: Path, name: str) -> None:
    form = {"csrf_token": token(anna.get(BOOTH)), "sound": (io.BytesIO(wav(hum())), name)}
    anna.post(BOOTH, data=form)
    kept = {path.relative_to(folder / "data").parts[0] for path in folder.rglob("*.wav")}
    assert kept <= {"recorded"}
    assert all(kept_name.startswith("day-centre-residents.food.") for kept_name in files(folder) if "wav" in kept_name)


@pytest.mark.parametrize(
    "address",
    [
        "/staff/voices/../nb/food",
        "/staff/voices/..%2f..%2f/nb/food",
        "/staff/voices/day-centre-residents/..%2f..%2f/food",
        "/staff/voices/day-centre-residents/nb/..%2ffood",
        "/staff/voices/day-centre-residents/se/food",
        "/staff/voices/day-centre-residents/nb/%00",
        "/speech/..%2f..%2fmedvirk.db.mp3",
        "/signs/..%2fmedvirk.db",
        "/signs/..%2f..%2fa.mp4",
    ],
)
def test_an_address_leads_to_no_other_file(anna: FlaskClient, folder: Path, address: str) -> None:
    form = {"csrf_token": token(anna.get(BOOTH)), "sound": (io.BytesIO(wav(hum())), "a.wav")}
    assert anna.get(address).status_code == 404
    assert anna.post(address, data=form).status_code in (404, 405)
    assert files(folder) == set()


def send_picture(client: FlaskClient, content: bytes) -> TestResponse:
    page = token(client.get(PICTURE))
    form = {"csrf_token": page, "picture": (io.BytesIO(content), "mat.svg"), "credit": "Kari"}
    answer = client.post(PICTURE, data=form)
    answer.request.environ["wsgi.input"].close()  # where the client wrote a large form
    return answer


def bomb() -> bytes:
    """A picture of 40,000 by 40,000 dots in a few kilobytes."""
    head = struct.pack(">II", 40_000, 40_000) + b"\x08\x02\0\0\0"
    rows = zlib.compress(b"\0" * 1_000_000)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


LAUGHS = "".join(f'<g id="a{n}">{f"""<use href="#a{n + 1}"/>""" * 10}</g>' for n in range(9)) + '<g id="a9"><path/></g>'
DRAWINGS = {
    "script": f"{SVG}<script>alert(1)</script></svg>",
    "script with its own namespace": f'{SVG}<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script></svg>',
    "a page within": f"{SVG}<foreignObject><iframe src='https://evil.example'/></foreignObject></svg>",
    "what is pressed": f'{SVG}<path onclick="alert(1)" d="M0 0"/></svg>',
    "a picture from elsewhere": f'{SVG}<image href="https://evil.example/a.png"/></svg>',
    "use from elsewhere": f'{SVG}<use xlink:href="https://evil.example/a.svg#x"/></svg>',
    "a link that runs": f'{SVG}<a xlink:href="javascript:alert(1)"><path d="M0 0"/></a></svg>',
    "a style sheet": f'{SVG}<style>@import "https://evil.example/a.css";</style></svg>',
    "paint from elsewhere": f'{SVG}<path fill="url(https://evil.example/a.svg#x)" d="M0 0"/></svg>',
    "paint from elsewhere by style": f'{SVG}<path style="fill:url(//evil.example/a)" d="M0 0"/></svg>',
    "what changes by itself": f'{SVG}<set attributeName="href" to="javascript:alert(1)"/></svg>',
    "billion laughs": '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + f"{SVG}<path d='&b;'/></svg>",
    "a file of the server": '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:/etc/passwd">]>' + f"{SVG}<path d='&a;'/></svg>",
    "a billion shapes": f"{SVG}{LAUGHS}</svg>",
    "a shape that shows itself": f'{SVG}<g id="a"><use href="#a"/></g></svg>',
    "a shape that paints itself": f'{SVG}<clipPath id="a" clip-path="url(#a)"/></svg>',
    "a shape in a shape without end": SVG + "<g>" * 1500 + "</g>" * 1500 + "</svg>",
    "a page of the web": "<!doctype html><html><script>alert(1)</script></html>",
    "too large": f'{SVG}<path d="{"M0 0" * 10_000}"/></svg>',
    "another alphabet": f"{SVG}<script/></svg>".encode("utf-16"),
    "nothing": "",
}
DOTS = {
    "a bomb": bomb(),
    "the beginning of one": bomb()[:60],
    "no picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "no photo": b"\xff\xd8\xff\xe0" + b"\0" * 50,
    "no WebP": b"RIFF\x24\0\0\0WEBPVP8 " + b"\xff" * 50,
    "an icon": b"\0\0\1\0\1\0" + b"\1" * 50,
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("content", [*DRAWINGS.values(), *DOTS.values()], ids=[*DRAWINGS, *DOTS])
def test_a_picture_that_runs_fetches_or_never_ends_is_refused(
    anna: FlaskClient, folder: Path, content: str | bytes
) -> None:
    answer = send_picture(anna, content if isinstance(content, bytes) else content.encode())
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "evil" not in answer.text
    assert files(folder) == set()


def test_a_drawing_is_kept_as_its_shapes_alone(anna: FlaskClient, folder: Path) -> None:
    drawing = (
        f"{SVG}<!-- a note --><?php echo 1 ?><title>Kari bor her</title><metadata>60.39, 5.32</metadata>"
        f'<g class="x" data-y="z" style="fill:#f00; behavior:x"><path d="M0 0h9" vector-effect="none"/></g></svg>'
    )
    assert send_picture(anna, drawing.encode()).status_code == 303
    kept = (folder / "data" / "symbols" / "food.svg").read_text()
    assert kept == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><g fill="#f00"><path d="M0 0h9" /></g></svg>'
    )


def test_as_many_groups_as_a_drawing_may_have_are_drawn(anna: FlaskClient) -> None:
    groups = DEEPEST - 2
    drawing = SVG + '<g fill="red">' * groups + '<path d="M0 0h9"/>' + "</g>" * groups + "</svg>"
    assert send_picture(anna, drawing.encode()).status_code == 303


def test_a_picture_that_is_too_large_is_refused_unread(anna: FlaskClient) -> None:
    body = Endless()
    length = {"wsgi.input": body, "CONTENT_LENGTH": str(photos.LARGEST + FORM + 1)}
    answer = anna.post(PICTURE, content_type="multipart/form-data; boundary=b", environ_overrides=length)
    assert (answer.status_code, body.read_bytes) == (413, 0)


@pytest.mark.parametrize("concept", ["..%2f..%2fa", "nothing", "food.svg", "credit"])
def test_a_concept_that_is_not_ours_leads_to_no_file(anna: FlaskClient, folder: Path, concept: str) -> None:
    form = {"csrf_token": token(anna.get(PICTURE)), "credit": "Kari"}
    sent = {**form, "picture": (io.BytesIO(f"{SVG}</svg>".encode()), "a")}
    assert anna.post(f"/staff/pictures/{concept}", data=sent).status_code == 404
    assert anna.post(f"/staff/pictures/{concept}/away", data=form).status_code == 404
    assert files(folder) == set()


@pytest.mark.parametrize("content", DOTS.values(), ids=DOTS)
def test_a_photo_that_is_none_or_never_ends_is_refused_for_a_place_too(
    anna: FlaskClient, folder: Path, content: bytes
) -> None:
    form = {"csrf_token": token(anna.get(PLACE)), "picture": (io.BytesIO(content), "a.jpg"), "alternative": "Et hus"}
    assert anna.post(PLACE, data=form).status_code == 422
    assert files(folder) == set()


VIDEOS = {
    "a page of the web": b"<!doctype html><html><script>alert(1)</script></html>",
    "a page that begins like a video": b"<!--ftypisom--><script>alert(1)</script>",
    "a page after the beginning of a video": mp4()[:16] + b"<script>alert(1)</script>",
    "a page after the head of a video": webm()[:-12] + b"<script>alert(1)</script>",
    "a drawing that runs": f"{SVG}<script>alert(1)</script></svg>".encode(),
    "a list for a player that fetches": b"#EXTM3U\nhttps://evil.example/a.ts\n",
    "an MP4 file that says it is endless": b"\0\0\0\1ftyp" + b"\xff" * 8 + b"isom",
    "nothing": b"",
}


@pytest.mark.parametrize("content", VIDEOS.values(), ids=VIDEOS)
@pytest.mark.parametrize("name", ["mat.mp4", "mat.webm"])
def test_what_is_only_called_a_video_is_refused(anna: FlaskClient, folder: Path, content: bytes, name: str) -> None:
    form = {"csrf_token": token(anna.get(BOOTH)), "video": (io.BytesIO(content), name, "video/mp4")}
    assert anna.post(f"{BOOTH}/video", data=form).status_code == 422
    assert files(folder) == set()


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/tmp/a.html", "a\0.mp4", "mat.html"])
def test_the_name_and_kind_that_a_video_comes_with_decide_nothing(
    app: Flask, anna: FlaskClient, folder: Path, name: str
) -> None:
    form = {"csrf_token": token(anna.get(BOOTH)), "video": (io.BytesIO(mp4()), name, "text/html")}
    assert anna.post(f"{BOOTH}/video", data=form).status_code == 303
    (kept,) = files(folder)
    assert (folder / "data" / "signs" / kept).is_file()
    answer = app.test_client().get(f"/signs/{kept}", buffered=True)
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("video/mp4", "nosniff")


def test_a_video_that_is_too_large_is_refused_unread(anna: FlaskClient) -> None:
    body = Endless()
    length = {"wsgi.input": body, "CONTENT_LENGTH": str(videos.LARGEST + FORM + 1)}
    answer = anna.post(f"{BOOTH}/video", content_type="multipart/form-data; boundary=b", environ_overrides=length)
    assert (answer.status_code, body.read_bytes) == (413, 0)


def test_a_stranger_puts_in_no_video(app: Flask, anna: FlaskClient, folder: Path) -> None:
    form = {"csrf_token": token(anna.get(BOOTH)), "video": (io.BytesIO(mp4()), "a.mp4")}
    assert app.test_client().post(f"{BOOTH}/video", data=form).status_code == 302
    assert anna.post(f"{BOOTH}/video", data={"video": (io.BytesIO(mp4()), "a.mp4")}).status_code == 400
    assert files(folder) == set()
