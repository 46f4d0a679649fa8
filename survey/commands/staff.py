"""medvirk staff …: the first accounts, made by whoever runs the machine."""

from collections.abc import Callable
from typing import Any

import click

from survey.commands.shared import current_database
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff import accounts, audit, guard, identities, passwords, roles, second_factor
from survey.staff.tries import Tries


@click.group()
def staff() -> None:
    """People who sign in."""


def _account(command: Callable[..., None]) -> Callable[..., Any]:
    """What every command that makes an account is given."""
    for option in (
        click.argument("email"),
        click.option("--municipality", metavar="NUMBER", help="Needed where several have services in the register."),
        click.option("--ask", is_flag=True, help="Ask for the password instead of making one."),
        click.pass_obj,
    ):
        command = option(command)
    return command


@staff.command("create-admin")
@_account
def create_admin(settings: Settings, email: str, municipality: str | None, ask: bool) -> None:
    """Make an administrator's account; one that exists gets a new password and the role.

    Example: medvirk staff create-admin anna@bergen.kommune.no
    """
    _create(settings, email, roles.ADMINISTRATOR, municipality, ask)


@staff.command("create-adviser")
@_account
def create_adviser(settings: Settings, email: str, municipality: str | None, ask: bool) -> None:
    """Make a quality adviser's account; one that exists gets a new password and the role.

    Example: medvirk staff create-adviser kari@bergen.kommune.no
    """
    _create(settings, email, roles.QUALITY_ADVISER, municipality, ask)


def _create(settings: Settings, email: str, role: str, municipality: str | None, ask: bool) -> None:
    database = current_database(settings)
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else passwords.generate()
    accounts.create(database, email, password, role, municipality)
    if not ask and (made := accounts.find(database, email)):
        tries = Tries(database, KeyStore(settings.keys).session_key())
        tries.let_in(accounts.address(email), made.id, password, guard.now())
    click.echo(f"{email} can sign in at {settings.address}/staff/ as {role.replace('_', ' ')}.")
    if not ask:
        click.echo(f"Password, shown this once: {password}")


@staff.command("take-second-factor")
@click.argument("email")
@click.pass_obj
def take_second_factor(settings: Settings, email: str) -> None:
    """Take away the second factor of somebody who has lost phone and recovery codes; first make sure who asks.

    Example: medvirk staff take-second-factor anna@bergen.kommune.no
    """
    second_factor.take_away(current_database(settings), email)
    click.echo(f"{email} sets up a new one at the next sign-in.")


@staff.command("untie-provider")
@click.argument("email")
@click.pass_obj
def untie_provider(settings: Settings, email: str) -> None:
    """Untie somebody's account from the municipality's sign-in, which knows them anew; first make sure who asks.

    Example: medvirk staff untie-provider anna@bergen.kommune.no
    """
    identities.untie(current_database(settings), email)
    click.echo(f"{email} is tied again at the next sign-in with it.")


@click.group("audit")
def audit_() -> None:
    """What staff did."""


@audit_.command("verify")
@click.pass_obj
def audit_verify(settings: Settings) -> None:
    """Read the audit log from its first entry: nothing in it was changed or taken out.

    Keep the last number and hash that it prints elsewhere: they show later that nothing was cut off at the end.

    Example: medvirk audit verify
    """
    verdict = audit.verify(current_database(settings))
    if verdict.broken_at is not None:
        raise click.ClickException(
            f"Entry {verdict.broken_at} is not as it was written, or the one before it is gone. "
            f"Up to {verdict.entries} all is whole. Compare with a backup."
        )
    click.echo(f"{verdict.entries} entries, all as they were written. The last: {verdict.last}")
