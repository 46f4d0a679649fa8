"""A video is known by what is in it."""

import pytest

from survey.videos import VideoError, video
from tests.videos import NOTE, box, mp4, webm

DEEP = b""
for _ in range(3000):
    DEEP = box("moov", DEEP)


@pytest.mark.parametrize(
    ("content", "ending"),
    [(mp4(), ".mp4"), (mp4("avc3", "mp42"), ".mp4"), (mp4("avc1", "XYZ ", "isom"), ".mp4"), (webm(), ".webm")],
)
def test_what_browsers_show_is_taken(content: bytes, ending: str) -> None:
    assert video(content).ending == ending


def test_what_a_camera_notes_is_blanked_and_nothing_moves() -> None:
    sent, kept = mp4(), video(mp4()).content
    assert sent.count(NOTE.encode()) == 2
    assert NOTE.encode() not in kept
    assert len(kept) == len(sent)
    assert kept.index(b"mdat") == sent.index(b"mdat")
    assert video(kept).content == kept


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "no_video"),
        (b"<!doctype html><script>alert(1)</script>", "no_video"),
        (b"<!--ftypisom--><script>alert(1)</script>", "no_video"),
        (b"\0\0\0\x10ftypisom\0\0\0\0<script>alert(1)</script>", "no_video"),
        (b"\x1a\x45\xdf\xa3<script>alert(1)</script>", "no_video"),
        (webm()[:12], "no_video"),
        (webm()[:-12] + b"<script>alert(1)</script>", "no_video"),
        (b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska\x18\x53\x80\x67\x80", "other_form"),
        (b"RIFF\x24\0\0\0AVI LIST", "no_video"),
        (mp4()[:-1], "no_video"),
        (mp4("hvc1"), "other_form"),
        (mp4("avc1", "qt  "), "other_form"),
        (box("ftyp", b"isom", bytes(4)), "other_form"),
        (box("ftyp", b"isom", bytes(4)) + DEEP, "other_form"),
    ],
)
def test_what_is_no_video_or_not_for_every_browser_is_refused(content: bytes, fault: str) -> None:
    with pytest.raises(VideoError) as refused:
        video(content)
    assert refused.value.fault == fault
