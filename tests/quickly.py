"""Work that is the same for every installation, or slow on purpose, is done once a process and not for each test.

Each stands in where the app is put together, and gives exactly what the product's own gives; tests of the parts
themselves get the parts.
"""

import atexit
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

import argon2

import survey.app
from survey import assets
from survey.settings import ROOT
from survey.staff import passwords

Content = TypeVar("Content")
_gather = assets.gather
HASHER = passwords._hasher
"""The product's own."""


def everything() -> None:
    """Let all of it be quick in this process."""
    assets.gather = _gathered
    survey.app.load_folder = _remembered(survey.app.load_folder)
    survey.app.page_phrases = _remembered(survey.app.page_phrases)
    passwords._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def prepare_assets(data: Path) -> None:
    """Put the compressed styles and scripts where a server in a process of its own will look for them."""
    assets.init(survey.app.Flask(__name__), ROOT / "static", data / "assets")


def _gathered(files: dict[str, Path], target: Path) -> Path:
    made = _gather(files, _once_compressed())
    folder = target / made.name
    if not folder.exists():
        target.mkdir(parents=True, exist_ok=True)
        folder.symlink_to(made)
    return folder


@cache
def _once_compressed() -> Path:
    folder = Path(mkdtemp(prefix="medvirk-assets-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def _remembered(read: Callable[[Path], dict[str, Content]]) -> Callable[[Path], dict[str, Content]]:
    """Content is read anew only when one of its files is another than before."""
    known: dict[tuple[object, ...], dict[str, Content]] = {}

    def remembered(folder: Path) -> dict[str, Content]:
        files = sorted(folder.glob("*.yaml"))
        now = (folder, *((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files))
        if now not in known:
            known[now] = read(folder)
        return dict(known[now])

    return remembered
