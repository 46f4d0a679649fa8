"""What closing a round costs in time and memory as its answers grow, in a process of its own, as the worker is.

Its audit is told apart.
"""

import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from reports import audit
from reports.counts import Sides
from reports.release import Release
from survey.keys import KeyStore
from survey.questionnaire.model import Questionnaire
from survey.storage.engine import Database
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation, residents
from tests.load.respondents import postgres
from tests.released import leaves_of, release_of

SERVICES, UNITS, QUESTIONS = 6, 40, 20
SIZES = (300, 1200, 4800)  # answers, each four times the one before
REPEATED = 3
SECONDS = 1.0  # for the smallest, but for its audit
AUDIT_SECONDS = 30.0
MANY_UNITS = 420
GROWTH = 4.4  # four times the answers: four times the time, and a tenth for the measuring


@dataclass(frozen=True)
class Taken:
    """What one closing took: seconds of the processor and on the clock, the audit's, MB above what it began with."""

    processor: float
    clock: float
    audit: float
    audit_clock: float
    memory: float


def measure() -> list[Figure]:
    """Closing on SQLite for each size, its growth, and the smallest on PostgreSQL."""
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        taken = _closings(Installation.make(Path(folder) / "sqlite"), SIZES)
        figures = [_time(size, taken[size], "SQLite", SECONDS if size == SIZES[0] else None) for size in SIZES]
        figures += _growth(taken)
        figures += [_audit(size, taken[size]) for size in SIZES]
        figures.append(_audit_of_many_units())
        figures += [
            median_of(f"memory for closing {size} answers", [each.memory for each in taken[size]], "MB")
            for size in SIZES
        ]
        with postgres(Path(folder)) as url:
            taken = _closings(Installation.make(Path(folder) / "postgresql", url), SIZES[:1])
            figures.append(_time(SIZES[0], taken[SIZES[0]], "PostgreSQL", SECONDS))
    return figures


def _time(size: int, taken: list[Taken], database: str, target: float | None) -> Figure:
    clock = statistics.median(each.clock for each in taken)
    seconds = [each.processor for each in taken]
    what = f"closing {size} answers, {database}"
    return median_of(what, seconds, "s", target=target, note=f"processor time; {clock:.2f} s on the clock")


def _audit(size: int, taken: list[Taken]) -> Figure:
    clock = statistics.median(each.audit_clock for each in taken)
    note = f"processor time; {clock:.2f} s on the clock; {UNITS} units, {QUESTIONS} questions"
    return median_of(f"audit of {size} answers", [each.audit for each in taken], "s", target=AUDIT_SECONDS, note=note)


def _audit_of_many_units() -> Figure:
    """Units of all sizes and moods, so that hardly two have the same figures."""
    chance = random.Random(1)
    units = range(MANY_UNITS // SERVICES)
    shape = {"town": {f"s{s}": {f"u{s}-{unit}": chance.randint(2, 14) for unit in units} for s in range(SERVICES)}}
    tables = [{unit: _mood(chance, n) for unit, n in leaves_of(shape).items()} for _ in range(QUESTIONS)]
    release = release_of(shape, tables)
    clock, processor = time.perf_counter(), time.process_time()
    assert audit.passes(release)
    seconds, clock = time.process_time() - processor, time.perf_counter() - clock
    people = sum(leaves_of(shape).values())
    note = f"processor time; {clock:.2f} s on the clock; {MANY_UNITS} units, {QUESTIONS} questions; once"
    return Figure(f"audit of {people} answers from many units", seconds, "s", target=AUDIT_SECONDS, note=note)


def _mood(chance: random.Random, n: int) -> Sides:
    answers = chance.choices(range(4), [chance.random() ** 2 + 0.01 for _ in range(4)], k=n)
    return Sides(*(answers.count(answer) for answer in range(3)))


def _growth(taken: dict[int, list[Taken]]) -> Iterator[Figure]:
    """How many times longer four times the answers take."""
    seconds = {size: statistics.median(each.processor for each in repeated) for size, repeated in taken.items()}
    for less, more in pairwise(SIZES):
        what = f"closing {more} answers beside {less}"
        yield Figure(what, seconds[more] / seconds[less], "times as long", target=GROWTH)


def _closings(installation: Installation, sizes: tuple[int, ...]) -> dict[int, list[Taken]]:
    """Fill and close rounds, one after the other."""
    questionnaire = _longer(residents())
    units = installation.settle(UNITS, places=max(sizes) // UNITS, services=SERVICES)
    taken: dict[int, list[Taken]] = {size: [] for size in sizes}
    processes = multiprocessing.get_context("spawn")
    for _ in range(REPEATED):
        for size in sizes:
            round_id = installation.answered_round(questionnaire, units, size)
            with processes.Pool(1) as worker:
                url = installation.environ["MEDVIRK_DATABASE_URL"]
                where = (url, installation.keys.folder, installation.data, round_id)
                taken[size].append(worker.apply(_close, where))
    installation.database.dispose()
    return taken


def _longer(questionnaire: Questionnaire) -> Questionnaire:
    """With some of its questions asked twice, until there are QUESTIONS."""
    missing = QUESTIONS - len(questionnaire.questions)
    again = [replace(one, id=f"{one.id}_again", pair_of=None) for one in questionnaire.questions[:missing]]
    return replace(questionnaire, questions=(*questionnaire.questions, *again))


def _close(url: str, keys: Path, data: Path, round_id: str) -> Taken:
    from survey.rounds.closing import close_round  # pandas is there before the clock runs, as in the worker

    audits: list[tuple[float, float]] = []
    passes = audit.passes

    def timed(release: Release, told: Callable[[int, int], None]) -> bool:
        clock, processor = time.perf_counter(), time.process_time()
        passed = passes(release, told)
        audits.append((time.process_time() - processor, time.perf_counter() - clock))
        return passed

    audit.passes = timed
    memory = _memory("VmRSS")
    clock, processor = time.perf_counter(), time.process_time()
    close_round(Database(url), KeyStore(keys), data, round_id)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    ((audited, audited_clock),) = audits
    return Taken(processor - audited, clock - audited_clock, audited, audited_clock, _memory("VmHWM") - memory)


def _memory(what: str) -> float:
    """MB this process has (VmRSS) or has had at most (VmHWM); nan where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{what}:"))
