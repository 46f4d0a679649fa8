"""What a page of a report costs, beside a bare request, after few answers and after many."""

import re
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from survey.rounds.closing import close_round
from survey.staff import accounts, roles
from tests.load import servers
from tests.load.client import Request, cost, cost_of_bare, send
from tests.load.figures import Figure, median_of
from tests.load.installation import Installation, residents
from tests.load.servers import Server

CYCLES = 7
PAGES = 300  # of one kind in a cycle
UNITS, SIZES = 40, (300, 4800)  # answers of the two releases
TARGET = 5.0
EMAIL, PASSWORD = "adviser@load.example", "rain over seven hills"


def measure() -> list[Figure]:
    """The pages of both releases, as multiples of B in the same cycle."""
    with TemporaryDirectory(prefix="medvirk-load-") as folder:
        installation = Installation.make(Path(folder))
        units = installation.settle(UNITS, places=max(SIZES) // UNITS, services=6)
        rounds = {size: _released(installation, units, size) for size in SIZES}
        accounts.create(installation.database, EMAIL, PASSWORD, roles.QUALITY_ADVISER, "4601")
        installation.database.dispose()
        with servers.bare() as bare, servers.medvirk(installation.environ) as server:
            cookie = _signed_in(server)
            pages = dict(_pages(rounds, cookie))
            taken: dict[str, list[float]] = {what: [] for what in pages}
            cost_of_bare(bare)
            for page in pages.values():
                send(server.port, [page] * PAGES)
            for _ in range(CYCLES):
                base = cost_of_bare(bare)
                for what, page in pages.items():
                    taken[what].append(cost(server, [page] * PAGES)["web"] / base)
    return [median_of(what, ratios, "B", target=TARGET) for what, ratios in taken.items()]


def _released(installation: Installation, units: list[str], size: int) -> str:
    round_id = installation.answered_round(residents(), units, size)
    close_round(installation.database, installation.keys, installation.data, round_id)
    return round_id


def _pages(rounds: dict[int, str], cookie: str) -> Iterator[tuple[str, Request]]:
    question = residents().questions[0].id
    for size, round_id in rounds.items():
        for what, rest in (("release", ""), ("question", f"/questions/{question}")):
            address = f"/staff/releases/{round_id}{rest}"
            yield f"page of a {what}, {size} answers", Request("GET", address, b"</html>", headers={"Cookie": cookie})


def _signed_in(server: Server) -> str:
    """The cookie of an adviser's session."""
    cookies = CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    address = f"http://127.0.0.1:{server.port}/staff/sign-in"
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.open(address).read().decode())
    assert token is not None
    fields = {"email": EMAIL, "password": PASSWORD, "csrf_token": token[1]}
    browser.open(address, urlencode(fields).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
