"""medvirk demo, run: everything there is to see, in a minute, with simulated people."""

from functools import cache

import click

from survey import serving
from survey.app import create_app
from survey.commands.content import build_speech
from survey.commands.running import upgrade
from survey.commands.shared import current_database, tell
from survey.demo import loading, showing
from survey.demo.guard import DemoError
from survey.keys import KeyStore
from survey.settings import Settings
from survey.speech.rendering import SpeechError
from survey.storage.engine import Database


@click.command()
@click.pass_obj
def demo(settings: Settings) -> None:
    """Load Bergen's services, closed rounds and open ones, answered by simulated people. Goes on where it stopped.

    Example: medvirk demo
    """
    load(settings, current_database(settings))
    click.echo("The demo is loaded. Try it: medvirk run")


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Prepare all that is missing, load the demo once, print what to try, and serve.

    Example: medvirk run
    """
    if settings.production:
        raise DemoError("“medvirk run” brings a demo and a known password. In production use: medvirk serve")
    upgrade(settings)
    try:
        build_speech(settings)
    except SpeechError as error:
        click.echo(f"Pages will have no Listen buttons: {error}", err=True)
    database = current_database(settings)
    load(settings, database)
    to_try = "\n".join(showing.lines(database, KeyStore(settings.keys), settings.data, settings.address))
    serving.serve("127.0.0.1", settings.port, with_worker=True, when_ready=lambda: click.echo(to_try))


def load(settings: Settings, database: Database) -> None:
    """Load what the demo lacks, and say how far it is."""
    loading.Loading(
        app=cache(lambda: create_app(settings)),
        settings=settings,
        database=database,
        keys=KeyStore(settings.keys),
        progress=lambda title, done, of: tell(f"{title}, units", done, of),
    ).load()
