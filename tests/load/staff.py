"""What every staff page costs, beside a bare request: statements and B, in an installation in which much goes on."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import event

from survey.app import create_app
from survey.settings import Settings
from tests.load import servers
from tests.load.busy import EVERYTHING, LEADER, Busy, session_of
from tests.load.client import Request, cost, cost_of_bare, send
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation

BUSY = Busy(units=200, rounds=40, invitees=5000)
MANY_UNITS = Busy(units=14_000, rounds=5, invitees=10, staff=3, deeds=20, others=2)
CYCLES, PAGES = 3, 10  # of one kind in a cycle
SECONDS, FEWEST, MOST = 0.25, 8, 400  # of the processor that a page is given in a cycle, and requests for it
WARMING, TOGETHER = 8, 8  # requests before anything counts; pages between two measures of B
STATEMENTS, COST, REPORT, LARGE = 12, 15.0, 5.0, 50.0


@dataclass(frozen=True)
class Page:
    """A page that opens: how often it asks the database, and how many requests take SECONDS of the processor."""

    who: str
    request: Request
    statements: int
    times: int
    html: bool


def measure() -> list[Figure]:
    """Every staff page, the dearest first; then a release of 14,000 units: both as they are served."""
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        figures = _every_page(Installation.make(Path(folder) / "busy"))
        figures += _large_release(Installation.make(Path(folder) / "large"))
    return figures


def _every_page(installation: Installation) -> list[Figure]:
    """Statements are counted inside this process, cost is measured on the server; B before every TOGETHER pages."""
    BUSY.fill(installation.database)
    installation.database.dispose()
    pages = list(_opened(installation))
    taken: list[list[float]] = [[] for _ in pages]
    with servers.bare() as bare, servers.medvirk(installation.environ) as server:
        cost_of_bare(bare)
        for page in pages:
            send(server.port, [page.request] * WARMING)
        for _ in range(CYCLES):
            for number, page in enumerate(pages):
                if number % TOGETHER == 0:
                    base = cost_of_bare(bare)
                taken[number].append(cost(server, [page.request] * page.times)["web"] / base)
    dearest = sorted(zip(pages, taken, strict=True), key=lambda row: -median(row[1]))
    shown = [
        median_of(
            f"{page.request.address} ({page.who})" if page.who == LEADER else page.request.address,
            costs,
            "B",
            target=(REPORT if page.request.address.startswith("/staff/releases/") else COST) if page.html else None,
            note=f"{page.statements} statements" + ("" if page.html else "; a file"),
        )
        for page, costs in dearest
    ]
    most = max(pages, key=lambda page: page.statements if page.html else 0)
    asked = Figure(
        "most statements of a staff page", most.statements, "statements", STATEMENTS, note=most.request.address
    )
    return [asked, *shown]


def _opened(installation: Installation) -> Iterator[Page]:
    app = create_app(Settings.from_environment(installation.environ))
    database = app.extensions["medvirk.database"]
    statements: list[str] = []
    for engine in (database._reader, database._writer):
        event.listen(engine, "before_cursor_execute", lambda *execution: statements.append(execution[2]))
    for who in (EVERYTHING, LEADER):
        client = app.test_client()
        session = session_of(app, database, who)
        client.set_cookie("medvirk_staff", session, path="/staff")
        for _, address in BUSY.addresses(app):
            if client.get(address).status_code != 200:
                continue
            statements.clear()
            began = time.process_time()
            answer = client.get(address)
            times = min(MOST, max(FEWEST, round(SECONDS / (time.process_time() - began))))
            html = answer.mimetype == "text/html"
            expected = b"</html>" if html else b""
            request = Request("GET", address, expected, headers={"Cookie": f"medvirk_staff={session}"})
            yield Page(who, request, len(statements), times, html)
    database.dispose()


def _large_release(installation: Installation) -> list[Figure]:
    """Its first page, a question's, and the list of releases, of a server as it is in production."""
    MANY_UNITS.fill(installation.database)
    app = create_app(Settings.from_environment(installation.environ))
    headers = {"Cookie": f"medvirk_staff={session_of(app, installation.database, EVERYTHING)}"}
    installation.database.dispose()
    addresses = ("/staff/releases/released", "/staff/releases/released/questions/food", "/staff/")
    with servers.bare() as bare, servers.medvirk(installation.environ) as server:
        pages = {address: Request("GET", address, b"</html>", headers=headers) for address in addresses}
        began = server.seconds()["web"]
        send(server.port, [pages[addresses[0]]])
        first = server.seconds()["web"] - began
        cost_of_bare(bare)
        for page in pages.values():
            send(server.port, [page] * PAGES)
        taken: dict[str, list[float]] = {address: [] for address in addresses}
        for _ in range(CYCLES):
            base = cost_of_bare(bare)
            for address, page in pages.items():
                taken[address].append(cost(server, [page] * 5 * PAGES)["web"] / base)
    what = dict(zip(addresses, ("first page", "page of a question", "list of releases"), strict=True))
    return [
        *(
            median_of(
                f"14,000 units: {what[address]}", taken[address], "B", target=None if address == "/staff/" else LARGE
            )
            for address in addresses
        ),
        Figure("14,000 units: read and opened for the first time", first, "s", note="once in a process"),
    ]
