"""The pack: every sound of a page in one file, named by what is in it, made once."""

import json
import struct
from pathlib import Path

import pytest

from survey.answering.packs import Packs, packed
from survey.questionnaire.model import Phrase
from survey.speech.library import SpeechLibrary, name_of
from survey.speech.voices import VOICES

HOW = Phrase(id="how", text={"nb": "Hvordan har du det?", "en": "How are you?"})
YES = Phrase(id="yes", text={"nb": "Ja", "en": "Yes"})
SILENT = Phrase(id="silent", text={"nb": "Dette er ikke lest inn"})


def unpacked(pack: bytes) -> dict[str, bytes]:
    """As static/js/pack.js reads it."""
    start = 4 + struct.unpack(">I", pack[:4])[0]
    index = json.loads(pack[4:start])
    return {name: pack[start + first : start + first + size] for name, (first, size) in index.items()}


@pytest.fixture
def speech(tmp_path: Path) -> SpeechLibrary:
    """Two sentences read in bokmål."""
    (tmp_path / "speech").mkdir()
    for phrase, sound in ((HOW, b"how"), (YES, b"yes!")):
        (tmp_path / "speech" / name_of(phrase.text["nb"], VOICES["nb"])).write_bytes(sound)
    return SpeechLibrary(tmp_path)


@pytest.fixture
def packs(speech: SpeechLibrary, tmp_path: Path) -> Packs:
    return Packs(speech, tmp_path / "made")


def name(address: str | None) -> str:
    assert address
    return address.removeprefix("/sounds/").removesuffix(".pack")


@pytest.mark.parametrize("sounds", [{}, {"a.mp3": b""}, {"b.mp3": b"\x00\xff" * 9, "a.mp3": b"1", "c.mp3": b""}])
def test_what_is_packed_is_unpacked_byte_by_byte(sounds: dict[str, bytes]) -> None:
    assert unpacked(packed(sounds)) == sounds


def test_a_pack_holds_what_can_be_heard_and_nothing_else(packs: Packs) -> None:
    path = packs.path(name(packs.address([YES, SILENT, HOW], "nb")))
    assert path
    assert sorted(unpacked(path.read_bytes()).values()) == [b"how", b"yes!"]


def test_the_same_sounds_have_the_same_name_whatever_their_order_and_others_another(packs: Packs) -> None:
    assert packs.address([YES, HOW], "nb") == packs.address([HOW, YES, SILENT], "nb")
    assert packs.address([YES], "nb") != packs.address([HOW], "nb")


def test_where_nothing_can_be_heard_there_is_no_pack(packs: Packs) -> None:
    assert packs.address([HOW, YES], "en") is None


def test_a_pack_is_written_once_and_found_by_a_server_that_has_not_named_it(
    packs: Packs, speech: SpeechLibrary, tmp_path: Path
) -> None:
    pack = name(packs.address([HOW], "nb"))
    path = packs.path(pack)
    assert path
    written = path.stat().st_mtime_ns, path.stat().st_ino
    later = Packs(speech, tmp_path / "made")
    assert later.path(pack) == path
    assert name(later.address([HOW], "nb")) == pack
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == written
    assert [file.name for file in path.parent.iterdir()] == [f"{pack}.pack"]


@pytest.mark.parametrize("wrong", ["", "0" * 32, "../made/x", "x" * 32])
def test_a_name_that_nobody_gave_is_not_found(packs: Packs, wrong: str) -> None:
    assert packs.path(wrong) is None
