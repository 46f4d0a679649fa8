"""Writing files whole: for other processes to read, or for nobody but their owner."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for other users of the machine to read; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{token_hex(8)}.new")  # threads of one process write the same file at once, too
    try:
        new.write_bytes(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def written_privately(path: Path, content: bytes) -> Iterator[None]:
    """Write a file that only its owner may read. It has its name when the block has ended well, else it is gone.

    Raises: OSError, FileExistsError where there is one already.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
