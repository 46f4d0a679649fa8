"""The table of `make bench` says of each figure whether its target holds."""

from tests.load.figures import Figure, median_of, page, table


def test_a_figure_holds_up_to_its_target_and_misses_above_it() -> None:
    assert not Figure("whole", 15.0, "B", target=15).misses
    assert Figure("whole", 15.01, "B", target=15).misses
    assert Figure("fetched", 1, "requests", target=0).misses


def test_a_figure_without_target_cannot_miss() -> None:
    assert not Figure("B", 1e9, "µs").misses


def test_repetitions_are_told_by_their_median_and_their_spread() -> None:
    figure = median_of("whole", [9.0, 30.0, 10.0], "B", target=15)
    assert (figure.value, figure.spread) == (10.0, (9.0, 30.0))
    assert not figure.misses


def test_the_table_shows_value_spread_target_and_verdict_in_columns() -> None:
    lines = table(
        [
            median_of("whole", [9.0, 30.0, 10.06], "B", target=15),
            Figure("page", 100.4, "kB", target=100),
            Figure("B", 0.5, "s"),
        ]
    ).splitlines()
    assert [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]] == [
        ["whole", "10.1 B", "9–30", "≤ 15 B", "holds", ""],
        ["page", "100.4 kB", "", "≤ 100 kB", "MISSES", ""],
        ["B", "0.50 s", "", "", "", ""],
    ]
    assert len({len(line) for line in lines}) == 1


def test_a_later_run_of_the_day_keeps_what_was_found() -> None:
    first = page("Speed", "| old |\n")
    assert first == "# Speed\n\n| old |\n"
    found = "\n## What was found\n\nThis.\n\n## What was changed\n\nThat.\n"
    assert page("Speed", "| new |\n", first + found) == "# Speed\n\n| new |\n" + found
