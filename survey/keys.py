"""The keys of a round, in files apart from data and backups (DESIGN section 7).

`web/ROUND/` holds what the web processes need: pepper (codes), mail (codes of invited people) and wrapping
(answers kept on a tablet without network). `worker/ROUND/` holds the private key that opens answers; web processes
never can. `recovery/ROUND.json` holds all four locked with the passphrase; it is to be moved to a safe place.
`worker/letterbox` opens what the web has closed for the worker with `web/letterbox`: a passphrase on its way.
"""

import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nacl import pwhash
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.encoding import Base64Encoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

PASSPHRASE_SIGNS, DIFFERENT_SIGNS = 12, 5
LOCKING = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE  # a copy may be tried at leisure
_WEB_KEYS = ("pepper", "mail", "wrapping")
_POSTED = 256  # bytes: what is posted to the worker does not show its length


class KeysError(Exception):
    """Keys are missing, readable by others, or cannot be unlocked; the message names the cure."""


@dataclass(frozen=True)
class WebKeys:
    """What web processes hold of an open round; 32 bytes each."""

    pepper: bytes
    mail: bytes
    wrapping: bytes


class KeyStore:
    """The key folder (MEDVIRK_KEYS)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[int, WebKeys]] = {}  # round -> its folder's inode, keys

    def make(self, round_id: str, passphrase: str) -> bytes:
        """Make all keys of a round and their recovery copy; gives the public key.

        Raises: KeysError where the passphrase is too short.
        """
        check_passphrase(passphrase)
        private = PrivateKey.generate()
        keys = {name: secrets.token_bytes(32) for name in _WEB_KEYS}
        self._keep(round_id, {**keys, "private": bytes(private)})
        _write(self.recovery_file(round_id), _lock(round_id, {**keys, "private": bytes(private)}, passphrase), 0o400)
        return bytes(private.public_key)

    def recover(self, round_id: str, public_key: bytes, copy: bytes, passphrase: str) -> None:
        """Bring a round's keys back from their recovery copy.

        Raises: KeysError where the copy is of another round or opening, broken, or the passphrase is wrong.
        """
        keys = _unlock(round_id, copy, passphrase)
        if bytes(PrivateKey(keys["private"]).public_key) != public_key:
            raise KeysError("These keys do not belong to this round's answers. Use the copy that its opening wrote.")
        self._keep(round_id, keys)

    def rounds(self) -> list[str]:
        """The rounds whose codes the web processes can know: those that are open or closing.

        What this process remembers of others, or of keys that have been made anew, it forgets.
        """
        try:
            entries = [entry for entry in os.scandir(self.folder / "web") if entry.is_dir()]
        except FileNotFoundError:
            entries = []
        found = {entry.name: entry.inode() for entry in entries if not entry.name.startswith(".")}
        for round_id, (inode, _) in list(self._known.items()):  # a list: other threads add to it meanwhile
            if found.get(round_id) != inode:
                self._known.pop(round_id, None)
        return sorted(found)

    def web(self, round_id: str) -> WebKeys:
        """The keys web processes may hold.

        Raises: KeysError.
        """
        if known := self._known.get(round_id):
            return known[1]
        folder = self.folder / "web" / round_id
        inode = folder.stat().st_ino if folder.exists() else 0
        keys = WebKeys(*(_read(folder / name, round_id, others=0o007) for name in _WEB_KEYS))
        self._known[round_id] = inode, keys
        return keys

    def opener(self, round_id: str) -> SealedBox[PrivateKey]:
        """What opens the round's answers; for the worker, at closing.

        Raises: KeysError.
        """
        private = _read(self.folder / "worker" / round_id / "private", round_id, others=0o077)
        return SealedBox(PrivateKey(private))

    def destroy(self, round_id: str) -> None:
        """Remove the round's keys; its codes, links and answers can then never be joined or opened again."""
        self._known.pop(round_id, None)
        for folder in self._folders(round_id):
            remove_folder(folder)

    def are_gone(self, round_id: str) -> bool:
        """Whether nothing of the round's keys is left here, recovery copy included."""
        return not any(path.exists() for path in (*self._folders(round_id), self.recovery_file(round_id)))

    def recovery_file(self, round_id: str) -> Path:
        """Where opening writes the recovery copy."""
        return self.folder / "recovery" / f"{round_id}.json"

    def session_key(self) -> bytes:
        """What signs the staff's sessions; made once, at `medvirk db upgrade`.

        Raises: KeysError.
        """
        return _read(self.folder / "web" / "session", None, others=0o007)

    def make_session_key(self) -> None:
        """Make the staff's session key unless it is there."""
        if not (self.folder / "web" / "session").exists():
            self._make_folders()
            _write(self.folder / "web" / "session", secrets.token_bytes(32), 0o440)

    def make_letterbox(self) -> None:
        """Make the keys of what the web posts to the worker, unless they are there; the worker does, at its start."""
        private, public = self.folder / "worker" / "letterbox", self.folder / "web" / "letterbox"
        self._make_folders()
        if not private.exists():
            _write(private, bytes(PrivateKey.generate()), 0o400)
        matching = bytes(PrivateKey(_read(private, None, others=0o077)).public_key)
        if not public.exists() or public.read_bytes() != matching:
            _write(public, matching, 0o440)

    def posted(self, passphrase: str) -> bytes:
        """A passphrase that the worker alone can read.

        Raises: KeysError where no worker has ever run.
        """
        try:
            public = (self.folder / "web" / "letterbox").read_bytes()
        except OSError:
            raise KeysError("No worker has run yet. Start it: medvirk worker") from None
        return SealedBox(PublicKey(public)).encrypt(sodium_pad(passphrase.encode(), _POSTED))

    def read_posted(self, box: bytes) -> str:
        """The passphrase, in the worker.

        Raises: KeysError where it was closed for another worker.
        """
        private = _read(self.folder / "worker" / "letterbox", None, others=0o077)
        try:
            return sodium_unpad(SealedBox(PrivateKey(private)).decrypt(box), _POSTED).decode()
        except CryptoError:
            raise KeysError("The passphrase was closed for another worker. Give it again.") from None

    def _folders(self, round_id: str) -> Iterator[Path]:
        yield self.folder / "web" / f".{round_id}"  # not finished
        yield self.folder / "web" / round_id
        yield self.folder / "worker" / round_id

    def _make_folders(self) -> None:
        for name, mode in (("web", 0o2750), ("worker", 0o700), ("recovery", 0o700)):
            folder = self.folder / name
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(mode)

    def _keep(self, round_id: str, keys: dict[str, bytes]) -> None:
        """The web's keys come all at once: a round with half of them would stop the others too."""
        self._make_folders()
        unfinished, web, worker = self._folders(round_id)
        remove_folder(unfinished)
        for folder, mode in ((unfinished, 0o2750), (worker, 0o700)):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        _write(worker / "private", keys["private"], 0o400)
        for name in _WEB_KEYS:
            _write(unfinished / name, keys[name], 0o440)
        remove_folder(web)
        unfinished.rename(web)
        self._known.pop(round_id, None)


def remove_folder(folder: Path) -> None:
    """Remove a folder, also where somebody else is removing it at the same time."""
    while folder.exists():
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)


def seal(public_key: bytes, content: bytes) -> bytes:
    """Close a box that only the round's private key opens; 48 bytes longer than its content."""
    return SealedBox(PublicKey(public_key)).encrypt(content)


def check_passphrase(passphrase: str) -> None:
    """Raises: KeysError where the passphrase is too short or too plain to lock keys."""
    if len(passphrase) < PASSPHRASE_SIGNS or len(set(passphrase)) < DIFFERENT_SIGNS:
        raise KeysError(f"The passphrase is too plain: use at least {PASSPHRASE_SIGNS} signs, best several words.")


def _read(path: Path, round_id: str | None, others: int) -> bytes:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & others:
            raise KeysError(f"Others can read the key {path}. Run: chmod {mode & ~others:o} {path}")
        return path.read_bytes()
    except FileNotFoundError:
        cure = f"medvirk round recover {round_id} FILE" if round_id else "medvirk db upgrade"
        raise KeysError(f"The key {path} is missing. Check MEDVIRK_KEYS, or run: {cure}") from None
    except PermissionError:
        raise KeysError(f"This user may not read the key {path}. Run as the user it belongs to.") from None


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, also when killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _lock(round_id: str, keys: dict[str, bytes], passphrase: str) -> bytes:
    salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
    operations, memory = LOCKING
    content = json.dumps({name: Base64Encoder.encode(key).decode() for name, key in keys.items()}).encode()
    box = SecretBox(pwhash.argon2id.kdf(32, passphrase.encode(), salt, operations, memory)).encrypt(content)
    copy = {
        "medvirk": "recovery copy",
        "round": round_id,
        "salt": Base64Encoder.encode(salt).decode(),
        "operations": operations,
        "memory": memory,
        "box": Base64Encoder.encode(box).decode(),
    }
    return json.dumps(copy, indent=1).encode() + b"\n"


def _unlock(round_id: str, copy: bytes, passphrase: str) -> dict[str, bytes]:
    try:
        fields = json.loads(copy)
        if fields["round"] != round_id:
            raise KeysError(f"This recovery copy is of round {fields['round']}, not {round_id}.")
        key = pwhash.argon2id.kdf(
            32, passphrase.encode(), Base64Encoder.decode(fields["salt"]), fields["operations"], fields["memory"]
        )
        content = SecretBox(key).decrypt(Base64Encoder.decode(fields["box"]))
        return {name: Base64Encoder.decode(value) for name, value in json.loads(content).items()}
    except CryptoError:
        raise KeysError(
            "The passphrase does not open this recovery copy. Try it again, or find the right one."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise KeysError("This file is no recovery copy, or it is damaged. Use the file that opening wrote.") from None
