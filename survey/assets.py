"""Styles, scripts, icons and letters: gathered once into one folder named by its content, compressed, served for ever.

One name for the whole folder lets a style sheet name its letters and a script its modules relatively.
What a style sheet or a script imports is joined into it: a page asks for one of each.
"""

import gzip
import hashlib
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import brotli
import fontpkg_atkinson_hyperlegible
from flask import Flask
from whitenoise import WhiteNoise

from survey import headers, joining

LETTERS = ("AtkinsonHyperlegible-Regular", "AtkinsonHyperlegible-Bold")
COMPRESSED = {".css", ".js", ".svg", ".webmanifest"}


def init(app: Flask, static: Path, target: Path) -> None:
    """Serve styles, scripts, icons and letters at /static/<hash>/…; templates name them by `asset('css/page.css')`."""
    folder = gather(_files(static), target)
    prefix = f"/static/{folder.name}/"
    served = WhiteNoise(
        app.wsgi_app,
        max_age=31_536_000,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        add_headers_function=headers.of_files,
    )
    served.add_files(str(folder), prefix=prefix)
    app.wsgi_app = served  # type: ignore[method-assign]  # how Flask documents middleware
    app.jinja_env.globals["asset"] = lambda path: prefix + path


def _files(static: Path) -> dict[str, Path]:
    letters = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
    found = {
        path.relative_to(static).as_posix(): path
        for kind in ("css", "js", "icons")
        for path in (static / kind).rglob("*.*")
    }
    return found | {f"letters/{name}.woff2": letters / f"{name}.ttf" for name in LETTERS}


def gather(files: Mapping[str, Path], target: Path) -> Path:
    """Join and compress into `target/<hash>`, unless it is there; atomic, so that processes may race."""
    contents = {name: _content(path) for name, path in sorted(files.items())}
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name}\0".encode() + hashlib.sha256(content).digest())
    folder = target / digest.hexdigest()[:16]
    if folder.exists():
        return folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as temporary:
        made = Path(temporary) / "made"
        for name, content in contents.items():
            _write(made / name, _letters_of(files[name]) if name.endswith(".woff2") else content)
        try:
            made.rename(folder)
        except OSError:
            if not folder.exists():
                raise
    return folder


def _content(path: Path) -> bytes:
    if path.suffix == ".css":
        return joining.style(path).encode()
    if path.suffix == ".js":
        return joining.script(path).encode()
    return path.read_bytes()


def _letters_of(font: Path) -> bytes:
    """All letters of a font as WOFF2, without the hints for coarse screens, which are a third of it."""
    from fontTools import subset  # once an installation, not at every start
    from fontTools.ttLib import TTFont

    made = BytesIO()
    with TTFont(font, recalcTimestamp=False) as letters:
        subsetter = subset.Subsetter(subset.Options(hinting=False, layout_features=["*"], name_IDs=["*"]))
        subsetter.populate(unicodes=letters.getBestCmap())
        subsetter.subset(letters)
        letters.flavor = "woff2"
        letters.save(made)
    return made.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in COMPRESSED:
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content))
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, mtime=0))
