"""medvirk round …, codes …, release …: a round from its plan to its release."""

import csv
import datetime as dt
import sys
from functools import partial
from pathlib import Path

import click
from sqlalchemy import bindparam, select

from survey.access import codes as code_signs
from survey.access import issuing
from survey.access.pictures import pictures
from survey.commands.shared import current_database, note, passphrase_of, tell, write_down
from survey.keys import KeyStore
from survey.questionnaire.loading import load_folder
from survey.questionnaire.model import AUDIENCES, SERVICE_KINDS
from survey.rounds import days, planning
from survey.settings import Settings
from survey.staff.audit import Action
from survey.storage.engine import Database
from survey.storage.tables import Plan, Release, Round

_DAYS = select(Plan.opens, Plan.closes, Plan.repeat).where(Plan.round == bindparam("round"))


@click.group("round")
def round_() -> None:
    """A run of a survey, from its plan to its release."""


@round_.command("create")
@click.option("--title", required=True, help="What staff call the round.")
@click.option("--audience", required=True, type=click.Choice(AUDIENCES), help="Who answers.")
@click.option("--municipality", required=True, metavar="NR", help="Its number, as 4601.")
@click.option("--questionnaire", "questionnaire_id", required=True, metavar="ID", help="As its file is called.")
@click.option("--service-kind", type=click.Choice(SERVICE_KINDS), help="Where the questionnaire serves several.")
@click.option("--k", default=planning.K, show_default=True, help="The fewest answers that are shown.")
@click.option("--b", default=planning.B, show_default=True, help="How far a published side may be from the true one.")
@click.option("--keep-unfinished", is_flag=True, help="A tablet keeps what is begun, locked, for thirty minutes.")
@click.pass_obj
def round_create(
    settings: Settings,
    title: str,
    audience: str,
    municipality: str,
    questionnaire_id: str,
    service_kind: str | None,
    k: int,
    b: int,
    keep_unfinished: bool,
) -> None:
    """Plan a round; prints its id.

    Example: medvirk round create --title "Høsten 2026" --audience resident --municipality 4601
    --questionnaire day-centre-residents
    """
    known = load_folder(settings.content)
    if questionnaire_id not in known:
        raise planning.RoundError(f"There is no questionnaire “{questionnaire_id}”. There are: {', '.join(known)}.")
    database = current_database(settings)
    round_id = planning.create(
        database,
        title=title,
        audience=audience,
        municipality=municipality,
        questionnaire=known[questionnaire_id],
        service_kind=service_kind,
        k=k,
        b=b,
        keep_unfinished=keep_unfinished,
    )
    write_down(database, Action.ROUND_CREATED, round_id)
    click.echo(round_id)


@round_.command("open")
@click.argument("round_id", metavar="ROUND")
@click.option("--meant", is_flag=True, help="Its days are meant so, although they are unusual.")
@click.pass_obj
def round_open(settings: Settings, round_id: str, meant: bool) -> None:
    """Make the round's keys and take answers. Where its days are unusual, that is told first, and nothing is done.

    Example: medvirk round open 3f2a…
    """
    database, keys = current_database(settings), KeyStore(settings.keys)
    _look_at_days(database, round_id, meant)
    planning.open_round(database, keys, round_id, passphrase_of(settings, new=True))
    write_down(database, Action.ROUND_OPENED, round_id)
    click.echo(f"The round is open. Move its recovery copy to a safe place: {keys.recovery_file(round_id)}")


def _look_at_days(database: Database, round_id: str, meant: bool) -> None:
    with database.reading() as connection:
        planned = connection.execute(_DAYS, {"round": round_id}).first()
    if planned is None or planned.opens is None or planned.closes is None:
        return
    look = days.opened(planned.opens, planned.closes, planned.repeat, dt.datetime.now(dt.UTC).date())
    if look.impossible:
        raise planning.RoundError(f"{look.impossible} The plan is changed in the web, under Rounds.")
    if look.unusual and not meant:
        raise planning.RoundError(f"{' '.join(look.unusual.values())} If that is meant: --meant")


@round_.command("close")
@click.argument("round_id", metavar="ROUND")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def round_close(settings: Settings, round_id: str, yes: bool) -> None:
    """Stop taking answers, release, and destroy codes, invitations, answers and keys. Cannot be undone.

    Example: medvirk round close 3f2a… --yes
    """
    from reports.release import from_json
    from survey.rounds.closing import close_round  # brings pandas and scipy, which no other command waits for

    if not yes:
        click.confirm("Answers, codes, invitations and keys will be destroyed after the release. Close?", abort=True)
    database = current_database(settings)
    audited = partial(tell, "Audit, questions")
    sha256 = close_round(database, KeyStore(settings.keys), settings.data, round_id, audited)
    write_down(database, Action.ROUND_CLOSED, round_id, f"release {sha256}")
    click.echo(f"The round is released. SHA-256 of the release: {sha256}")
    with database.reading() as connection:
        kept = connection.execute(select(Release.artefact).where(Release.round == round_id)).scalar_one()
    if from_json(kept).audit == "municipality-only":
        click.echo("The audit raised an alarm, so only the municipality as a whole is released.", err=True)
    click.echo(f"When every recovery copy is deleted: medvirk round confirm-destroyed {round_id}")


@round_.command("confirm-destroyed")
@click.argument("round_id", metavar="ROUND")
@click.option("--yes", is_flag=True, help="Every recovery copy is deleted, also outside this machine.")
@click.option("--without-release", is_flag=True, help="End a round whose keys are lost: its answers go unread.")
@click.pass_obj
def round_confirm_destroyed(settings: Settings, round_id: str, yes: bool, without_release: bool) -> None:
    """Say that no recovery copy is left anywhere.

    Example: medvirk round confirm-destroyed 3f2a… --yes
    """
    from survey.rounds.closing import confirm_destroyed  # brings pandas, which no other command waits for

    if not yes:
        click.confirm("Is every recovery copy deleted, also outside this machine?", abort=True)
    database, keys = current_database(settings), KeyStore(settings.keys)
    confirm_destroyed(database, keys, settings.data, round_id, without_release)
    write_down(database, Action.ROUND_DESTROYED, round_id)
    click.echo("The round is destroyed. Its release, if it has one, stays.")


@round_.command("recover")
@click.argument("round_id", metavar="ROUND")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def round_recover(settings: Settings, round_id: str, file: Path) -> None:
    """Bring an open round's keys back from their recovery copy.

    Example: medvirk round recover 3f2a… copy.json
    """
    database, keys = current_database(settings), KeyStore(settings.keys)
    copy, passphrase = file.read_bytes(), passphrase_of(settings, new=False)
    planning.recover(database, keys, round_id, copy, passphrase)
    write_down(database, Action.KEYS_RECOVERED, round_id)
    click.echo("The round's keys are back.")


@round_.command("list")
@click.pass_obj
def round_list(settings: Settings) -> None:
    """Every round: id, state, audience, kind of service, title, and whether tablets keep what is begun.

    Example: medvirk round list
    """
    columns = select(Round.id, Round.state, Round.audience, Round.service_kind, Round.title, Round.keep_unfinished)
    with current_database(settings).reading() as connection:
        for *row, keeps in connection.execute(columns.order_by(Round.title)):
            click.echo("  ".join([*row, "(keeps unfinished)"] if keeps else row))


@click.group()
def codes() -> None:
    """One-time codes."""


@codes.command("issue")
@click.argument("round_id", metavar="ROUND")
@click.option("--unit", required=True, metavar="UNIT_ID")
@click.option("--number", required=True, type=int, help="How many.")
@click.option("--way", default="self", show_default=True, type=click.Choice(issuing.WAYS))
@click.option("--group", default="", type=click.Choice(["", *issuing.GROUPS]), help="Of a planned measure.")
@click.pass_obj
def codes_issue(settings: Settings, round_id: str, unit: str, number: int, way: str, group: str) -> None:
    """Print new codes as CSV, "unit,code,picture,second_picture". They are shown this once and kept nowhere.

    Example: medvirk codes issue 3f2a… --unit fana --number 20
    """
    database = current_database(settings)
    with database.begin() as connection:
        made = issuing.issue_within(connection, KeyStore(settings.keys), round_id, unit, number, way, group)
        note(connection, Action.CODES_ISSUED, round_id, f"{unit}: {number}")
    lines = csv.writer(sys.stdout)
    lines.writerow(("unit", "code", "picture", "second_picture"))
    lines.writerows((unit, code_signs.shown(code), *pictures(code)) for code in made)


@codes.command("void")
@click.argument("round_id", metavar="ROUND")
@click.argument("leftovers", metavar="CODE …", nargs=-1, required=True)
@click.pass_obj
def codes_void(settings: Settings, round_id: str, leftovers: tuple[str, ...]) -> None:
    """Void codes that were not handed out.

    Example: medvirk codes void 3f2a… 2345-6789-ABCD
    """
    database = current_database(settings)
    with database.begin() as connection:
        number = issuing.void_within(connection, KeyStore(settings.keys), round_id, leftovers)
        note(connection, Action.CODES_VOIDED, round_id, str(number))
    click.echo(f"Voided: {number}")


@click.command()
@click.argument("round_id", metavar="ROUND")
@click.pass_obj
def release(settings: Settings, round_id: str) -> None:
    """Print a round's release as JSON, exactly as it was hashed.

    Example: medvirk release 3f2a… > release.json
    """
    with current_database(settings).reading() as connection:
        kept = connection.execute(select(Release.artefact).where(Release.round == round_id)).scalar()
    if kept is None:
        raise planning.RoundError(f"The round “{round_id}” has no release. See: medvirk round list")
    click.echo(kept, nl=False)
