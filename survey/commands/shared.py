"""What several commands need."""

import sys

import click
from sqlalchemy import Connection

from survey.settings import Settings
from survey.staff import audit
from survey.staff.audit import Action
from survey.storage import migrating
from survey.storage.engine import Database


def current_database(settings: Settings) -> Database:
    """The database, known to be at this version.

    Raises: StorageError, naming the cure.
    """
    database = Database(settings.database_url)
    migrating.check_current(database)
    return database


def passphrase_of(settings: Settings, new: bool) -> str:
    """MEDVIRK_PASSPHRASE, else asked for; twice where it is new."""
    return settings.passphrase or click.prompt("Passphrase", hide_input=True, confirmation_prompt=new)


def tell(what: str, done: int, of: int) -> None:
    """How far long work is: one line that counts on a terminal, the last count alone in a file."""
    if sys.stdout.isatty():
        click.echo(f"\r{what}: {done} of {of}", nl=done == of)
    elif done == of:
        click.echo(f"{what}: {done} of {of}")


def write_down(database: Database, action: Action, round_id: str, about: str = "") -> None:
    """Append to the audit log what was done to a round from this machine."""
    with database.begin() as connection:
        note(connection, action, round_id, about)


def note(connection: Connection, action: Action, round_id: str, about: str = "") -> None:
    """The same in the transaction in which it is done: neither is without the other."""
    audit.note_round(connection, audit.COMMAND_LINE, action, round_id, about)
