"""The gate for videos: known by what is in them, never by their names, and never decoded or converted here.

What browsers everywhere show is taken: MP4 with H.264, and WebM. A telephone notes in an MP4 where and with what it was
filmed: that is blanked, and nothing moves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LARGEST = 12_000_000  # bytes
LONGEST = 60  # seconds, as the browser counts before it sends

BRANDS = frozenset(
    {b"isom", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", *(b"iso%d" % number for number in range(2, 10))}
)
H264 = frozenset({b"avc1", b"avc3"})
PATH = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")  # the way to what a track is written in
TELLING = frozenset({b"udta", b"meta", b"uuid"})  # notes of the camera

EBML, DOCUMENT_TYPE, SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067

Fault = Literal["no_video", "other_form"]


class VideoError(ValueError):
    """A video that cannot be used, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Video:
    """A video as it is kept, and the ending of its file's name: ".mp4" or ".webm"."""

    content: bytes
    ending: str


def video(content: bytes) -> Video:
    """A file, found to be a video that browsers show.

    Raises: VideoError
    """
    if content[4:8] == b"ftyp":
        return Video(_mp4(content), ".mp4")
    _check_webm(content)
    return Video(content, ".webm")


def _mp4(content: bytes) -> bytes:
    bare = bytearray(content)
    first = int.from_bytes(content[:4])
    brands = {content[at : at + 4] for at in (8, *range(16, min(first, 1000), 4))}
    found = set(_look_through(bare, 0, len(bare), 0))
    if not (brands & BRANDS and found & H264):
        raise VideoError("other_form")
    return bytes(bare)


def _look_through(content: bytearray, start: int, end: int, depth: int) -> Iterator[bytes]:
    """What the tracks are written in; notes are blanked on the way."""
    for kind, at, body, after in _boxes(content, start, end):
        if kind in TELLING:
            content[at + 4 : at + 8] = b"free"
            content[body:after] = bytes(after - body)
        elif kind == PATH[depth]:
            if kind == PATH[-1]:
                yield from (entry for entry, *_ in _boxes(content, body + 8, after))
            else:
                yield from _look_through(content, body, after, depth + 1)


def _boxes(content: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """The parts of an MP4 file between two places: kind, where it begins, where its content does, where it ends."""
    while start < end:
        size, kind, head = int.from_bytes(content[start : start + 4]), bytes(content[start + 4 : start + 8]), 8
        if size == 1:
            size, head = int.from_bytes(content[start + 8 : start + 16]), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise VideoError("no_video")
        yield kind, start, start + head, start + size
        start += size


def _check_webm(content: bytes) -> None:
    name, at = _number(content, 0, marked=True)
    if name != EBML:
        raise VideoError("no_video")
    size, at = _number(content, at)
    end = at + size
    kind = b""
    while at < min(end, len(content)):
        name, at = _number(content, at, marked=True)
        size, at = _number(content, at)
        if name == DOCUMENT_TYPE:
            kind = content[at : at + size].rstrip(b"\0")
        at += size
    if at != end or _number(content, end, marked=True)[0] != SEGMENT:
        raise VideoError("no_video")
    if kind != b"webm":
        raise VideoError("other_form")


def _number(content: bytes, at: int, *, marked: bool = False) -> tuple[int, int]:
    """A number of EBML, with the bit that tells its length or without, and where it ends."""
    length = 9 - content[at].bit_length() if at < len(content) else 9
    if length > 8 or at + length > len(content):
        raise VideoError("no_video")
    number = int.from_bytes(content[at : at + length])
    return number if marked else number & ~(1 << 7 * length), at + length
