"""medvirk register …"""

from pathlib import Path

import click

from survey.commands.shared import current_database
from survey.register import contact_file, importing
from survey.settings import Settings
from survey.staff import audit
from survey.staff.audit import Action


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
        if changes.new or changes.changed:
            about = f"{len(changes.new)} new, {len(changes.changed)} changed"
            audit.note(connection, audit.COMMAND_LINE, Action.REGISTER_IMPORTED, about=about)
    for line in changes.lines():
        click.echo(line)
    click.echo(f"Imported: {len(changes.new)} new, {len(changes.changed)} changed, {changes.unchanged} unchanged.")


@register.command("contacts")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def register_contacts(settings: Settings, file: Path) -> None:
    """Say from a CSV file whom residents can ask to talk to: all its lines, or none.

    Columns: place (a unit or what lies above it), side (here, elsewhere), name, role, email, phone.

    Example: medvirk register contacts contacts.csv
    """
    with current_database(settings).begin() as connection:
        done = contact_file.import_contacts(connection, file.read_bytes())
        audit.note(connection, audit.COMMAND_LINE, Action.REGISTER_IMPORTED, about="contacts")
    for line in done:
        click.echo(line)
