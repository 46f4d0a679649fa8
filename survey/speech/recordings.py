"""Human recordings, which win over any voice.

`<data>/recorded/<language>/` holds 16-bit WAV files, and `recordings.yaml` says what is read in each:

    how-are-you.wav: Hvordan har du det her?
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

MANIFEST = "recordings.yaml"


@dataclass(frozen=True)
class Recording:
    """A file in which a person reads `text`."""

    language: str
    text: str
    path: Path


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
