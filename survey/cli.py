"""The `medvirk` command. Each command is thin: it reads arguments, calls a room, prints."""

import sys

import click
from sqlalchemy.exc import OperationalError

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
    migrating.upgrade(Database(settings.database_url))
    click.echo("The database is up to date.")


def main() -> None:
    """Run, and turn every expected error into one line on standard error."""
    try:
        medvirk.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)
    except (SettingsError, StorageError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except OperationalError as error:
        click.echo(f"Error: the database cannot be reached ({error.orig}). Check MEDVIRK_DATABASE_URL.", err=True)
        sys.exit(1)
