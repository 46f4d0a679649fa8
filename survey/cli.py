"""The `medvirk` command. Each command is thin: it reads arguments, calls a room, prints."""

import sys
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from survey.register import importing, municipalities
from survey.settings import Settings, SettingsError
from survey.storage import migrating
from survey.storage.engine import Database, StorageError


@click.group()
@click.version_option(package_name="medvirk")
@click.pass_context
def medvirk(context: click.Context) -> None:
    """Surveys and feedback for the people a municipality serves."""
    context.obj = Settings.from_environment()


@medvirk.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@click.pass_obj
def db_upgrade(settings: Settings) -> None:
    """Bring the database to this version's tables.

    Example: medvirk db upgrade
    """
    database = Database(settings.database_url)
    migrating.upgrade(database)
    with database.begin() as connection:
        municipalities.seed(connection)
    click.echo("The database is up to date.")


@medvirk.group()
def register() -> None:
    """The places where people are asked."""


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def register_import(settings: Settings, file: Path) -> None:
    """Add and update units from a CSV file: all its lines, or none.

    Columns: municipality_number, service_kind, service, division ("A > B", or empty), unit_id, unit, places.

    Example: medvirk register import units.csv
    """
    database = Database(settings.database_url)
    migrating.check_current(database)
    with database.begin() as connection:
        changes = importing.import_register(connection, file.read_bytes())
    for line in changes.lines():
        click.echo(line)
    click.echo(f"Imported: {len(changes.new)} new, {len(changes.changed)} changed, {changes.unchanged} unchanged.")


def main() -> None:
    """Run, and turn every expected error into one line on standard error."""
    try:
        medvirk.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)
    except importing.RegisterError as error:
        click.echo(f"Error: nothing was imported.\n{error}", err=True)
        sys.exit(1)
    except (SettingsError, StorageError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except OperationalError as error:
        click.echo(f"Error: the database cannot be reached ({error.orig}). Check MEDVIRK_DATABASE_URL.", err=True)
        sys.exit(1)
