"""Keys: apart, unreadable to others, recoverable with the passphrase, gone when destroyed."""

import json
from pathlib import Path

import pytest

from survey.keys import KeysError, KeyStore, seal

PASSPHRASE = "correct horse battery"


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


def test_what_is_sealed_with_the_public_key_opens_only_with_the_workers(keys: KeyStore) -> None:
    public = keys.make("r1", PASSPHRASE)
    box = seal(public, b"yes")
    assert keys.opener("r1").decrypt(box) == b"yes"
    assert len(box) == len(b"yes") + 48


def test_files_and_folders_carry_the_modes_of_the_design(keys: KeyStore) -> None:
    keys.make("r1", PASSPHRASE)
    modes = {
        path.relative_to(keys.folder).as_posix(): oct(path.stat().st_mode & 0o7777) for path in keys.folder.rglob("*")
    }
    assert modes == {
        "web": "0o2750",
        "web/r1": "0o2750",
        "web/r1/pepper": "0o440",
        "web/r1/mail": "0o440",
        "web/r1/wrapping": "0o440",
        "worker": "0o700",
        "worker/r1": "0o700",
        "worker/r1/private": "0o400",
        "recovery": "0o700",
        "recovery/r1.json": "0o400",
    }


def test_the_recovery_copy_brings_all_four_keys_back_elsewhere(keys: KeyStore, tmp_path: Path) -> None:
    public = keys.make("r1", PASSPHRASE)
    elsewhere = KeyStore(tmp_path / "elsewhere")
    elsewhere.recover("r1", public, keys.recovery_file("r1").read_bytes(), PASSPHRASE)
    assert elsewhere.web("r1") == keys.web("r1")
    assert elsewhere.opener("r1").decrypt(seal(public, b"x")) == b"x"


def test_the_recovery_copy_holds_no_key_in_the_clear(keys: KeyStore) -> None:
    keys.make("r1", PASSPHRASE)
    assert set(json.loads(keys.recovery_file("r1").read_bytes())) == {
        "medvirk",
        "round",
        "salt",
        "operations",
        "memory",
        "box",
    }


@pytest.mark.parametrize(
    ("round_id", "copy", "passphrase", "words"),
    [
        ("r2", None, PASSPHRASE, "of round r1"),
        ("r1", None, "wrong wrong wrong", "does not open"),
        ("r1", b"{}", PASSPHRASE, "no recovery copy"),
        ("r1", b"\xff\x00", PASSPHRASE, "no recovery copy"),
    ],
)
def test_a_wrong_copy_or_passphrase_is_told_apart(
    keys: KeyStore, round_id: str, copy: bytes | None, passphrase: str, words: str
) -> None:
    public = keys.make("r1", PASSPHRASE)
    with pytest.raises(KeysError, match=words):
        keys.recover(round_id, public, copy or keys.recovery_file("r1").read_bytes(), passphrase)


def test_the_copy_of_another_opening_leaves_the_keys_that_are_there(keys: KeyStore) -> None:
    keys.make("r1", PASSPHRASE)
    old_copy = keys.recovery_file("r1").read_bytes()
    public = keys.make("r1", PASSPHRASE)
    before = keys.web("r1")
    with pytest.raises(KeysError, match="do not belong"):
        keys.recover("r1", public, old_copy, PASSPHRASE)
    assert KeyStore(keys.folder).web("r1") == before


@pytest.mark.parametrize("passphrase", ["short", "a" * 40, "abcdabcdabcd"])
def test_a_short_or_plain_passphrase_is_refused_before_any_key_is_made(keys: KeyStore, passphrase: str) -> None:
    with pytest.raises(KeysError, match="at least 12 signs"):
        keys.make("r1", passphrase)
    assert not keys.folder.exists()


def test_keys_that_others_can_read_are_refused_with_the_command_that_mends_it(keys: KeyStore) -> None:
    keys.make("r1", PASSPHRASE)
    for path, call in (
        (keys.folder / "web/r1/mail", lambda: KeyStore(keys.folder).web("r1")),
        (keys.folder / "worker/r1/private", lambda: keys.opener("r1")),
    ):
        path.chmod(0o444)
        with pytest.raises(KeysError, match=f"chmod 4[04]0 {path}"):
            call()


def test_missing_keys_name_the_way_back(keys: KeyStore) -> None:
    with pytest.raises(KeysError, match="medvirk round recover r1 FILE"):
        keys.web("r1")


def test_destroyed_keys_are_gone_from_disk_and_memory_and_other_rounds_keep_theirs(keys: KeyStore) -> None:
    keys.make("r1", PASSPHRASE)
    keys.make("r2", PASSPHRASE)
    kept = keys.web("r2")
    keys.web("r1")
    keys.destroy("r1")
    keys.destroy("r1")
    assert keys.rounds() == ["r2"]
    assert keys.web("r2") == kept
    with pytest.raises(KeysError):
        keys.web("r1")
    assert not keys.are_gone("r1")  # the recovery copy is the leader's to remove
    keys.recovery_file("r1").unlink()
    assert keys.are_gone("r1")


def test_a_process_that_did_not_destroy_the_keys_forgets_them_too(keys: KeyStore) -> None:
    keys.make("r1", PASSPHRASE)
    other_process = KeyStore(keys.folder)
    other_process.web("r1")
    keys.destroy("r1")
    assert other_process.rounds() == []
    with pytest.raises(KeysError):
        other_process.web("r1")
