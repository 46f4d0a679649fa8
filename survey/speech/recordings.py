"""Human recordings, which win over any voice.

`<data>/recorded/<language>/` holds 16-bit WAV files, and `recordings.yaml` says what is read in each:

    how-are-you.wav: Hvordan har du det her?

Staff's own page keeps them there too, as `<what is read>.<digest>.wav`: so it is known which text a recording
was made for, when that text has changed since.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from survey.writing import write_whole

MANIFEST = "recordings.yaml"


class UnreadableError(Exception):
    """The list of recordings cannot be read, so nothing can be added to it; the message names the cure."""


@dataclass(frozen=True)
class Recording:
    """A file in which a person reads `text`."""

    language: str
    text: str
    path: Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One at a time, of all processes."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def keep(folder: Path, language: str, key: str, text: str, wav: bytes) -> Path:
    """Keep a recording of `text`, which stands at `key`, in place of an earlier one of the same text."""
    place = folder / language
    texts = _texts(place)
    path = place / f"{key}.{hashlib.sha256(wav).hexdigest()[:8]}.wav"
    earlier = {name for name, read in texts.items() if read.strip() == text and name != path.name}
    write_whole(path, wav)
    _write(place, {name: read for name, read in texts.items() if name not in earlier} | {path.name: text})
    for name in earlier:
        (place / name).unlink(missing_ok=True)
    return path


def take_away(folder: Path, language: str, text: str) -> None:
    """Remove every recording of `text`."""
    place = folder / language
    texts = _texts(place)
    gone = [name for name, read in texts.items() if read.strip() == text]
    if gone:
        _write(place, {name: read for name, read in texts.items() if name not in gone})
        for name in gone:
            (place / name).unlink(missing_ok=True)


def _texts(place: Path) -> dict[str, str]:
    problems: list[str] = []
    texts = _read(place, problems)
    if problems:  # it would be written over
        raise UnreadableError(problems[0])
    return texts


def _write(place: Path, texts: dict[str, str]) -> None:
    content = yaml.safe_dump(texts, allow_unicode=True, width=1000)
    write_whole(place / MANIFEST, content.encode())


def find(folder: Path) -> tuple[list[Recording], list[str]]:
    """Every recording under `folder`, and what is wrong with the rest, a line each with its cure."""
    found: list[Recording] = []
    problems: list[str] = []
    for place in sorted(path for path in folder.glob("*") if path.is_dir()):
        texts = _read(place, problems)
        for path in sorted({*place.glob("*.*"), *(place / name for name in texts)} - {place / MANIFEST}):
            if path.name not in texts:
                problems.append(f"{path}: {MANIFEST} does not say what is read in it. Add it there.")
            elif not path.is_file():
                problems.append(f"{path}: {MANIFEST} names it, but it is not there. Add the file or take the line out.")
            else:
                found.append(Recording(place.name, texts[path.name].strip(), path))
    return found, problems


def _read(place: Path, problems: list[str]) -> dict[str, str]:
    path = place / MANIFEST
    try:
        texts = yaml.safe_load(path.read_text("utf-8")) or {}
    except FileNotFoundError:
        return {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(
            f"{path}: cannot be read ({' '.join(str(error).split())}). Write one line a file: name.wav: text"
        )
        return {}
    if not isinstance(texts, dict) or not all(isinstance(part, str) for pair in texts.items() for part in pair):
        problems.append(f"{path}: is no list of files and texts. Write one line a file: name.wav: text")
        return {}
    return texts
