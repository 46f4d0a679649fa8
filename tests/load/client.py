"""A client that sends requests over a few connections that stay open, checks every answer, and tells their cost."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.load.servers import Server

CONNECTIONS = 4
BARE = 3000  # requests, whenever B is measured
BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "nb-NO,nb;q=0.9,en;q=0.8"}


@dataclass(frozen=True)
class Request:
    """What is asked, and a piece that the answer's body must hold."""

    method: str
    address: str
    expected: bytes
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def cost(server: Server, requests: Sequence[Request]) -> dict[str, float]:
    """Send them; gives the seconds of processor time that one took, by kind of process."""
    before = server.seconds()
    send(server.port, requests)
    return {process: (after - before[process]) / len(requests) for process, after in server.seconds().items()}


def cost_of_bare(server: Server) -> float:
    """Seconds of processor time for one bare request: B."""
    (seconds,) = cost(server, [Request("GET", "/", b"two kilobytes")] * BARE).values()
    return seconds


def send(port: int, requests: Sequence[Request]) -> None:
    """Send all, CONNECTIONS at once.

    Raises: AssertionError where one is not answered as expected.
    """
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        parts = [requests[number::CONNECTIONS] for number in range(CONNECTIONS)]
        for _ in threads.map(lambda part: _send_all(port, part), parts):
            pass


def _send_all(port: int, requests: Sequence[Request]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for request in requests:
        body = urlencode(request.fields) if request.fields else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(request.method, request.address, body, {**BROWSER, **kind, **request.headers})
        response = connection.getresponse()
        content = response.read()
        assert response.status == 200, f"{request.address}: {response.status} {content[:200]!r}"
        assert request.expected in content, f"{request.address}: {content[:200]!r}"
    connection.close()
