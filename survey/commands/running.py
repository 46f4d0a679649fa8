"""medvirk db …, serve, worker: the product itself."""

import logging
import signal
from threading import Event

import click

from survey import serving, worker
from survey.commands.shared import current_database
from survey.demo.guard import refuse_demo_data
from survey.keys import KeyStore
from survey.register import municipalities
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@click.pass_obj
def db_upgrade(settings: Settings) -> None:
    """Bring the database to this version's tables.

    Example: medvirk db upgrade
    """
    upgrade(settings)
    click.echo("The database is up to date.")


def upgrade(settings: Settings) -> None:
    """This version's tables, the municipalities, and the key that signs staff's sessions."""
    database = Database(settings.database_url)
    migrating.upgrade(database)
    with database.begin() as connection:
        municipalities.seed(connection)
    KeyStore(settings.keys).make_session_key()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, help="Else PORT, else 8000.")
@click.option("--without-worker", is_flag=True, help="The worker runs apart, as another user: medvirk worker")
@click.pass_obj
def serve(settings: Settings, host: str, port: int | None, without_worker: bool) -> None:
    """Serve the web, and run the worker beside it.

    Example: medvirk serve --host 127.0.0.1 --port 8000
    """
    database = current_database(settings)
    if settings.production:
        refuse_demo_data(database)
    at = port or settings.port
    click.echo(f"In some seconds at http://{host}:{at}/, for staff at http://{host}:{at}/staff/. Ctrl-C stops it.")
    serving.serve(host, at, with_worker=not without_worker)


@click.command("worker")
@click.pass_obj
def work(settings: Settings) -> None:
    """Do the background work until told to stop: send mails, count answers at night.

    Example: medvirk worker
    """
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    stop = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    worker.run(settings, stop)
