"""Earlier surveys' numbers as a file: read whole or not at all, and taken out to be changed and brought in again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reports.earlier import Earlier
from survey.desk.earlier.fields import COLUMNS, read
from survey.spreadsheet import Problem, SpreadsheetError, rows, worded, written

MOST_LINES, MOST_PROBLEMS = 2000, 20


@dataclass(frozen=True)
class Look:
    """What a file would do: numbers that are new, and how many of its lines stand already."""

    new: tuple[Earlier, ...]
    standing: int
    problems: tuple[Problem, ...]


def look(content: bytes, places: Collection[str], kept: Iterable[Earlier]) -> Look:
    """Read a file; `kept` are the numbers that stand at these places."""
    try:
        lines = rows(content, len(COLUMNS), str.strip)
    except SpreadsheetError as error:
        return Look((), 0, (error.problem,))
    if not lines or tuple(cell.casefold() for cell in lines[0][1]) != COLUMNS:
        cure = worded("Let it be: %(columns)s", columns=";".join(COLUMNS))
        return Look((), 0, (Problem(1, "", worded("the first line is not what it should be"), cure),))
    if len(lines) > MOST_LINES:
        cure = worded("Make files of at most %(lines)d lines", lines=MOST_LINES)
        return Look((), 0, (Problem(MOST_LINES + 1, "", worded("these are too many lines"), cure),))
    standing, seen = {_key(one): one for one in kept}, dict[tuple[object, ...], int]()
    new, problems, already = list[Earlier](), list[Problem](), 0
    for number, line in lines[1:]:
        if len(line) > len(COLUMNS):
            cure = worded("Put double quotes around texts with a separator in them")
            problems.append(Problem(number, "", worded("this line has too many cells"), cure))
            continue
        typed = read(dict(zip(COLUMNS, line, strict=False)), places, number)
        problems += typed.problems
        if typed.earlier is None:
            continue
        key = _key(typed.earlier)
        if key in seen:
            cure = worded("Take out the line that is wrong")
            problems.append(Problem(number, "", worded("the same stands in line %(line)d", line=seen[key]), cure))
        elif key not in standing:
            new.append(typed.earlier)
        elif (standing[key].value, standing[key].scale) == (typed.earlier.value, typed.earlier.scale):
            already += 1
        else:
            cure = worded("Change it on its own page, and take the line out here")
            problems.append(Problem(number, "value", worded("this is kept with another number"), cure, line[5]))
        seen.setdefault(key, number)
    return Look(() if problems else tuple(new), already, tuple(problems[:MOST_PROBLEMS]))


def as_csv(numbers: Iterable[Earlier]) -> bytes:
    """A file that can be brought in again."""
    return written([COLUMNS, *(cells(one).values() for one in numbers)])


def same(one: Earlier, others: Iterable[Earlier]) -> bool:
    """Whether another number says what this one is about."""
    return any(_key(one) == _key(other) and one.id != other.id for other in others)


def _key(one: Earlier) -> tuple[object, ...]:
    """What a number is about: two numbers with the same key are the same, or one of them is wrong."""
    return one.place, one.audience, one.year, one.survey.casefold(), one.theme, one.counts.casefold()


def cells(one: Earlier) -> dict[str, str]:
    """A number as it is typed."""
    lowest, highest = one.scale or ("", "")
    numbers = {"value": one.value, "lowest": lowest, "highest": highest, "n": "" if one.n is None else one.n}
    told = {name: f"{value:.12g}" if isinstance(value, float) else str(value) for name, value in numbers.items()}
    return {name: told[name] if name in told else str(getattr(one, name)) for name in COLUMNS}
