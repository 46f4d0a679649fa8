"""What the commands that print have in common: where the data come from, and where a PDF goes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select

from survey.access import issuing
from survey.commands.content import catalogue
from survey.commands.shared import note
from survey.keys import KeyStore
from survey.prints.press import Press
from survey.prints.words import PrintError
from survey.questionnaire.loading import page_phrases, print_phrases
from survey.register import tree
from survey.register.tree import Place, Tree
from survey.rounds.planning import RoundError
from survey.settings import Settings
from survey.staff.audit import Action
from survey.storage.engine import Database
from survey.storage.tables import Round
from survey.writing import written_privately


def press_of(settings: Settings) -> Press:
    """The press of this installation: its words, its pictures, its address."""
    phrases = {**page_phrases(settings.content), **print_phrases(settings.content)}
    return Press(catalogue(settings), phrases, settings.address)


@dataclass(frozen=True)
class Asked:
    """What prints need of a round."""

    audience: str
    service_kind: str
    municipality: str
    questionnaire: str
    simulated: bool


_ROUND = select(Round.audience, Round.service_kind, Round.municipality, Round.questionnaire, Round.simulated)


def asked_in(database: Database, round_id: str) -> Asked:
    """Raises: RoundError."""
    with database.reading() as connection:
        found = connection.execute(_ROUND.where(Round.id == round_id)).first()
    if found is None:
        raise RoundError(f"There is no round “{round_id}”. See: medvirk round list")
    return Asked(*found)


def place_of(database: Database, asked: Asked, unit: str) -> tuple[Place, Place]:
    """A round's municipality, and a unit that the round asks about.

    Raises: PrintError.
    """
    register = register_of(database, asked)
    place = next((place for place in units_of(register, asked) if place.id == unit), None)
    if place is None:
        raise PrintError(f"The round does not ask about a unit “{unit}”. See the unit_id in the register's file.")
    return register.root, place


def register_of(database: Database, asked: Asked) -> Tree:
    """A round's municipality and all under it."""
    with database.reading() as connection:
        return tree.subtree(connection, asked.municipality)


def units_of(register: Tree, asked: Asked) -> list[Place]:
    """The units that a round asks about."""
    return [unit for unit in register.units() if unit.service_kind == asked.service_kind]


def hand_out(
    settings: Settings,
    database: Database,
    round_id: str,
    minted: Mapping[str, Sequence[str]],
    way: str,
    group: str,
    file: Path,
    pdf: bytes,
) -> None:
    """Keep the PDF and let its codes be used: both or neither; so with the log's entries."""
    with kept(file, pdf), database.begin() as connection:
        issuing.hand_out_within(connection, KeyStore(settings.keys).web(round_id), round_id, minted, way, group)
        for unit, codes in sorted(minted.items()):
            note(connection, Action.CODES_ISSUED, round_id, f"{unit}: {len(codes)}")


@contextmanager
def kept(file: Path, pdf: bytes) -> Iterator[None]:
    """Keep a PDF, readable by its owner alone, if the block ends well."""
    try:
        with written_privately(file, pdf):
            yield
    except OSError as error:
        raise PrintError(f"“{file}” cannot be written ({error.strerror}). Choose another place.") from None
    click.echo(f"Printed: {file}")
