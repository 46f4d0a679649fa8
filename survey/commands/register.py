"""medvirk register …"""

from pathlib import Path

import click

from survey.commands.shared import current_database
from survey.register import importing
from survey.settings import Settings


@click.group()
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
    with current_database(settings).begin() as connection:
        changes = importing.import_register(connection, file.read_bytes())
    for line in changes.lines():
        click.echo(line)
    click.echo(f"Imported: {len(changes.new)} new, {len(changes.changed)} changed, {changes.unchanged} unchanged.")
