"""The package itself: facts and a press in, the bytes of a ZIP file out. The same facts give the same bytes."""

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from survey.archive import documents, specimens
from survey.archive.facts import Facts
from survey.prints.press import Press
from survey.questionnaire.loading import dump

MANIFEST = "manifest.sha256"
_PLANNED: tuple[str, ...] = ("places", "ways", "helped", "decision", "leader", "retention", "opens", "closes", "repeat")
_PLANNED += ("measure", "covering", "covered", "coming")
_ROUND = ("id", "title", "audience", "service_kind", "municipality", "state", "k", "b", "keep_unfinished")


def package(facts: Facts, press: Press) -> bytes:
    """Plan, questions, letters, release, protocol, assessment and agreement of a round, and their fingerprints.

    Raises: SymbolError.
    """
    printed, missing = specimens.made(facts, press)
    files = {**_data(facts), **printed}
    files |= documents.written(facts, sorted(files), missing)
    return _zipped({**files, MANIFEST: _manifest(files)})


def _data(facts: Facts) -> dict[str, bytes]:
    planned = facts.planned
    plan = {name: getattr(planned, name) for name in (*_ROUND, *_PLANNED)}
    plan |= {"simulated": facts.simulated, "closed": facts.closed, "units": [vars(unit) for unit in facts.units]}
    plan |= {"days": [vars(day) for day in facts.days]}
    files = {"plan.json": _json(plan), "sporsmal/sporreskjema.json": dump(planned.questionnaire).encode()}
    if facts.release is not None:
        files["utgivelse/utgivelse.json"] = facts.release.encode()
        files["utgivelse/utgivelse.json.sha256"] = f"{facts.sha256}  utgivelse.json\n".encode()
    return files


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, default=str, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _manifest(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum --check` reads it."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file in which no clock shows: every file is from 1980, the first year that the format knows."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # else the bytes would tell the machine
            archive.writestr(entry, files[name])
    return written.getvalue()
