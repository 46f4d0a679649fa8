"""Files that change while the web runs: sounds and pictures are heard and seen without a restart, in every process."""

import time
from collections.abc import Callable
from pathlib import Path

Stamp = tuple[tuple[int, int] | None, ...]

SECONDS = 2.0  # how late a change may be noticed; looking costs some microseconds, asking in between none


class Watch:
    """Folders that others add files to, replace files in and remove files from."""

    def __init__(self, *folders: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folders = folders
        self._clock = clock
        self._due = 0.0
        self._stamp: Stamp = ()

    def stamp(self) -> Stamp:
        """Another value after any change in one of the folders."""
        if (now := self._clock()) >= self._due:
            self._stamp = tuple(map(_stamp, self._folders))
            self._due = now + SECONDS
        return self._stamp


def _stamp(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino
