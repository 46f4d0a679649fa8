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
from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

import survey.app
from survey import assets
from survey.answering import sheets
from survey.staff import passwords
from survey.storage import migrating
from survey.storage.engine import Database

Content = TypeVar("Content")
_gather = assets.gather
_compile_builder = Rule._compile_builder
upgrade = migrating.upgrade
"""The product's own."""
HASHER = passwords._hasher
"""The product's own."""


def everything() -> None:
    """Let all of it be quick in this process."""
    assets.gather = _gathered
    sheets.compressed = cache(sheets.compressed)
    for read in ("load_folder", "page_phrases", "print_phrases", "meeting_phrases", "view_blocks"):
        setattr(survey.app, read, _remembered(getattr(survey.app, read)))
    Rule._compile_builder = _builder
    migrating.upgrade = _upgraded
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}
    passwords._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class _Templates(BytecodeCache):
    """Templates are compiled once, not for each app."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        language = getattr(environment, "language", "")  # see survey.templating
        return super().get_bucket(environment, f"{language} {name}", filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


@cache
def _builders() -> dict[tuple[object, ...], Callable[..., tuple[str, str]]]:
    return {}


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """How an address is built is worked out once: it asks the rule it is given for all that it does not say."""
    key = (rule.rule, tuple(rule._trace), tuple((rule.defaults or {}).items()), append_unknown)
    known = _builders()
    if key not in known:
        known[key] = _compile_builder(rule, append_unknown)
    return known[key]


def _upgraded(database: Database) -> None:
    """An empty database on SQLite gets its tables as a copy of those that the migrations made in another."""
    path = Path(database.url.database or "")
    if database.is_sqlite and not (path.exists() and path.stat().st_size):
        shutil.copyfile(_tables(), path)
    else:
        upgrade(database)


@cache
def _tables() -> Path:
    database = Database(f"sqlite:///{_folder()}/tables.db")
    upgrade(database)
    database.dispose()
    return Path(str(database.url.database))


def _gathered(files: dict[str, Path], target: Path) -> Path:
    made = _compressed(tuple((name, path, path.stat().st_mtime_ns) for name, path in sorted(files.items())))
    folder = target / made.name
    if not folder.exists():
        target.mkdir(parents=True, exist_ok=True)
        folder.symlink_to(made)
    return folder


@cache
def _compressed(files: tuple[tuple[str, Path, int], ...]) -> Path:
    return _gather({name: path for name, path, _ in files}, _folder())


@cache
def _folder() -> Path:
    folder = Path(mkdtemp(prefix="medvirk-assets-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def _remembered(read: Callable[[Path], dict[str, Content]]) -> Callable[[Path], dict[str, Content]]:
    """Content is read anew only when one of its files is another than before."""
    known: dict[tuple[object, ...], dict[str, Content]] = {}

    def remembered(folder: Path) -> dict[str, Content]:
        files = sorted(folder.rglob("*.yaml"))
        now = (folder, *((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files))
        if now not in known:
            known[now] = read(folder)
        return dict(known[now])

    return remembered
