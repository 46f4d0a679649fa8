"""What `medvirk run` prints: codes to try with their QR, a relative's link, and the adviser's sign-in."""

import io
from collections.abc import Iterator
from pathlib import Path

import segno
from sqlalchemy import bindparam, func, select

from survey.access import issuing, redeem
from survey.access.codes import normalise, shown
from survey.demo.content import ADVISER, MUNICIPALITY, NEIGHBOURS_ADVISER, PASSWORD, ROUNDS, DemoRound, find_round
from survey.keys import KeyStore
from survey.register import tree
from survey.register.tree import Place
from survey.storage.engine import Database
from survey.storage.tables import Batch

CODES = 3

_OUT = (
    select(Batch.unit, func.sum(Batch.issued - Batch.voided).label("out"))
    .where(Batch.round == bindparam("round"))
    .group_by(Batch.unit)
)


def lines(database: Database, keys: KeyStore, data: Path, address: str) -> Iterator[str]:
    """What to try, with codes made for it. `address` is where the installation answers."""
    yield "This is a demo: Bergen's services, simulated answers. Nothing here is anybody's real opinion."
    resident, relative = (
        next(planned for planned in ROUNDS if planned.audience == audience and not planned.closes)
        for audience in ("resident", "relative")
    )
    yield from _resident_codes(resident, database, keys, data, address)
    if found := _open_round(database, relative):
        unit = _units(database, relative)[0]
        (code,) = issuing.issue(database, keys, found, unit.id, 1)
        yield f"\nA relative's link ({unit.called()}):\n  {address}/s#{code}"
    yield f"\nWhat those who answered are told back: {address}/results/"
    yield f"\nThe quality adviser's reports: {address}/staff/\n  {ADVISER}   password: {PASSWORD}"
    yield f"Kristiansund's measure, with the same password:\n  {NEIGHBOURS_ADVISER}\n"


def _resident_codes(planned: DemoRound, database: Database, keys: KeyStore, data: Path, address: str) -> Iterator[str]:
    round_id = _open_round(database, planned)
    if round_id is None:
        yield "\nThe residents' round is closed, so there are no codes for it."
        return
    printed = Printed(data / "demo-codes")
    unit, room = _roomiest(database, planned, round_id)
    if room < CODES:
        printed.void(database, keys, round_id)
        unit, room = _roomiest(database, planned, round_id)
    if not room:
        yield "\nEvery code of the demo is used. Delete the data and key folders to begin anew."
        return
    yield f"\nCodes for residents ({unit.called()}), each opens {address}/s once:"
    codes = issuing.issue(database, keys, round_id, unit.id, min(CODES, room))
    printed.add(codes)
    for code in codes:
        picture = io.StringIO()
        segno.make(f"{address}/s#{code}", error="l", micro=False).terminal(picture, border=2, compact=True)
        yield f"\n{picture.getvalue()}  {shown(code)}"


class Printed:
    """The codes that were printed, one a line, so that those nobody used can be voided when room is short."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, codes: list[str]) -> None:
        """Remember these."""
        with self._file.open("a", encoding="ascii") as file:
            file.writelines(f"{code}\n" for code in codes)

    def void(self, database: Database, keys: KeyStore, round_id: str) -> None:
        """Void those that nobody used, and forget them all."""
        printed = filter(None, map(normalise, self._file.read_text("ascii").split())) if self._file.exists() else ()
        issuing.void(database, keys, round_id, [code for code in printed if redeem.find(database, keys, code)])
        self._file.unlink(missing_ok=True)


def _open_round(database: Database, planned: DemoRound) -> str | None:
    found = find_round(database, planned)
    return found[0] if found and found[1] == "open" else None


def _units(database: Database, planned: DemoRound) -> list[Place]:
    with database.reading() as connection:
        units = tree.subtree(connection, MUNICIPALITY).units()
    return [unit for unit in units if unit.service_kind == planned.service_kind]


def _roomiest(database: Database, planned: DemoRound, round_id: str) -> tuple[Place, int]:
    """The unit that may have most codes more, and how many."""
    with database.reading() as connection:
        out = {row.unit: row.out for row in connection.execute(_OUT, {"round": round_id})}
    room = [(unit, issuing.limit_for(unit.places or 0) - out.get(unit.id, 0)) for unit in _units(database, planned)]
    return max(room, key=lambda found: found[1])
