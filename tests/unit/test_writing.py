"""Files are there whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from survey.writing import write_whole, written_privately


def test_many_threads_may_write_one_file_at_once_and_it_is_always_whole(tmp_path: Path) -> None:
    file, content = tmp_path / "sheet.svg", b"symbols" * 10_000
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_whole(file, content), range(400)))
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_a_private_file_is_its_owners_alone_and_has_its_name_when_all_went_well(tmp_path: Path) -> None:
    file = tmp_path / "codes.pdf"
    with written_privately(file, b"codes"):
        assert not file.exists()
        assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]
    assert file.read_bytes() == b"codes"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_private_file_is_gone_when_something_went_wrong(tmp_path: Path) -> None:
    with pytest.raises(KeyError), written_privately(tmp_path / "codes.pdf", b"codes"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_private_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    file = tmp_path / "codes.pdf"
    file.write_bytes(b"other codes")
    with pytest.raises(FileExistsError), written_privately(file, b"codes"):
        pytest.fail("the block was entered")
    assert file.read_bytes() == b"other codes"
