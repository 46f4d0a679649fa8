"""medvirk invite."""

from pathlib import Path

import click

from survey.commands.shared import current_database, note
from survey.invitations import inviting
from survey.invitations.outbox import utcnow
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff.audit import Action


@click.command()
@click.argument("round_id", metavar="ROUND")
@click.option("--file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def invite(settings: Settings, round_id: str, file: Path) -> None:
    """Invite people to an open round by e-mail: everybody in a CSV file, or nobody.

    Columns: unit_id, email, language (nb, nn or en); where the round is given out by the groups of a measure, also
    group (covered or not_covered). The worker sends the mails. Who was invited before is not
    invited again; mails that were refused for good are tried again.

    Example: medvirk invite 1f0c6a2e --file relatives.csv
    """
    database = current_database(settings)
    with database.begin() as connection:
        done = inviting.invite_within(connection, KeyStore(settings.keys), round_id, file.read_bytes(), utcnow())
        note(connection, Action.INVITED, round_id, f"{done.new} by e-mail")
    click.echo(f"{done.new} invited, {done.again} tried again, {done.before} invited before.")
    if settings.smtp_host is None:
        click.echo(f"MEDVIRK_SMTP_HOST is not set: the worker writes the mails to {settings.data / 'mail'}.")
