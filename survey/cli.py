"""The `medvirk` command: a list of its parts, and one clear line for every expected error."""

import sys

import click
from sqlalchemy.exc import OperationalError

from reports.release import ReleaseError
from survey.access.issuing import IssuingError
from survey.commands import content, invitations, prints, register, rounds, running, staff, trying
from survey.demo.guard import DemoError
from survey.drawings import SymbolError
from survey.invitations.inviting import InvitingError
from survey.invitations.list import ListError
from survey.keys import KeysError
from survey.prints.recipients import RecipientsError
from survey.prints.words import PrintError
from survey.questionnaire.source import QuestionnaireError
from survey.register.importing import RegisterError
from survey.rounds.planning import RoundError
from survey.serving import ServingError
from survey.settings import Settings, SettingsError
from survey.speech.rendering import SpeechError
from survey.staff.accounts import AccountError
from survey.staff.passwords import PasswordError
from survey.storage.engine import StorageError

EXPECTED = (
    AccountError,
    DemoError,
    InvitingError,
    IssuingError,
    KeysError,
    ListError,
    PasswordError,
    PrintError,
    QuestionnaireError,
    RecipientsError,
    RegisterError,
    ReleaseError,
    RoundError,
    ServingError,
    SettingsError,
    SpeechError,
    StorageError,
    SymbolError,
)


@click.group()
@click.version_option(package_name="medvirk")
@click.pass_context
def medvirk(context: click.Context) -> None:
    """Surveys and feedback for the people a municipality serves."""
    context.obj = Settings.from_environment()


for command in (
    running.db,
    running.serve,
    trying.demo,
    trying.run,
    running.work,
    register.register,
    rounds.round_,
    rounds.codes,
    rounds.release,
    invitations.invite,
    prints.print_,
    staff.staff,
    staff.audit_,
    content.questionnaire,
    content.speech,
    content.symbols,
):
    medvirk.add_command(command)


def main() -> None:
    """Run, and turn every expected error into words on standard error."""
    try:
        medvirk.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)
    except EXPECTED as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except OperationalError as error:
        why = " ".join(str(error.orig).split())
        click.echo(f"Error: the database cannot be used ({why}). Check MEDVIRK_DATABASE_URL.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
