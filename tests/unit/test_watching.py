"""A process notices what others change, and looks seldom."""

from pathlib import Path

from survey.watching import SECONDS, Watch


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_file_that_comes_is_replaced_or_goes_is_noticed(tmp_path: Path) -> None:
    clock = Clock()
    watch = Watch(tmp_path / "speech", tmp_path / "symbols", clock=clock)
    seen = [watch.stamp()]

    def look() -> None:
        clock.now += SECONDS
        assert watch.stamp() not in seen
        seen.append(watch.stamp())

    (tmp_path / "symbols").mkdir()
    look()
    (tmp_path / "symbols" / "food.svg").touch()
    look()
    (tmp_path / "new").touch()
    (tmp_path / "new").replace(tmp_path / "symbols" / "food.svg")
    look()
    (tmp_path / "symbols" / "food.svg").unlink()
    look()
    clock.now += SECONDS
    assert watch.stamp() == seen[-1]


def test_in_between_it_does_not_look(tmp_path: Path) -> None:
    clock = Clock()
    watch = Watch(tmp_path, clock=clock)
    before = watch.stamp()
    (tmp_path / "food.svg").touch()
    clock.now += SECONDS / 2
    assert watch.stamp() == before
