"""Settings, frozen, from the environment. docs/settings.md describes each one."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.policy import SMTP
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SMTP_SECURITY = ("starttls", "tls", "none")
ISSUER = r"(https://[^\s/?#]+|http://(localhost|127\.0\.0\.1)(:\d+)?)(/[^\s?#]*)?"


class SettingsError(Exception):
    """A setting cannot be used; the message names it and the cure."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between installations."""

    data: Path
    keys: Path
    content: Path
    database_url: str
    passphrase: str | None
    port: int
    address: str
    production: bool
    mail_from: str
    smtp_host: str | None
    smtp_port: int
    smtp_user: str | None
    smtp_password: str | None
    smtp_security: str
    responsible: str | None
    accessibility_email: str | None
    oidc_issuer: str | None
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read MEDVIRK_… and PORT.

        Raises: SettingsError, naming the setting and the cure.
        """
        environ = os.environ if environ is None else environ

        def get(name: str) -> str | None:
            return environ.get(f"MEDVIRK_{name}") or None

        data = Path(get("DATA") or ROOT / "instance").resolve()
        port = _number("PORT", environ.get("PORT") or "8000")
        security = get("SMTP_SECURITY") or "starttls"
        if security not in SMTP_SECURITY:
            raise SettingsError(f"MEDVIRK_SMTP_SECURITY is “{security}”: use {', '.join(SMTP_SECURITY)}.")
        issuer, client_id, client_secret = get("OIDC_ISSUER"), get("OIDC_CLIENT_ID"), get("OIDC_CLIENT_SECRET")
        _check_oidc(issuer, client_id, client_secret)
        return cls(
            data=data,
            content=Path(get("CONTENT") or ROOT / "questionnaires").resolve(),
            keys=Path(get("KEYS") or ROOT / "instance-keys").resolve(),
            database_url=get("DATABASE_URL") or f"sqlite:///{data / 'medvirk.db'}",
            passphrase=get("PASSPHRASE"),
            port=port,
            address=(get("ADDRESS") or f"http://127.0.0.1:{port}").rstrip("/"),
            production=_switch("MEDVIRK_PRODUCTION", get("PRODUCTION")),
            mail_from=_sender(get("MAIL_FROM") or "Medvirk <medvirk@localhost>"),
            smtp_host=get("SMTP_HOST"),
            smtp_port=_number("MEDVIRK_SMTP_PORT", get("SMTP_PORT") or "587"),
            smtp_user=get("SMTP_USER"),
            smtp_password=get("SMTP_PASSWORD"),
            smtp_security=security,
            responsible=get("RESPONSIBLE"),
            accessibility_email=get("ACCESSIBILITY_EMAIL"),
            oidc_issuer=issuer,
            oidc_client_id=client_id or "",
            oidc_client_secret=client_secret or "",
            oidc_name=get("OIDC_NAME") or (issuer or "//").split("/")[2],
        )


def _number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise SettingsError(f"{name} is “{value}”: use a port number from 1 to 65535.")
    return int(value)


def _check_oidc(issuer: str | None, client_id: str | None, client_secret: str | None) -> None:
    given = {"ISSUER": issuer, "CLIENT_ID": client_id, "CLIENT_SECRET": client_secret}
    missing = [name for name, value in given.items() if not value]
    if len(missing) in (1, 2):
        raise SettingsError(f"MEDVIRK_OIDC_{missing[0]} is missing: the provider gives issuer, client id and secret.")
    if issuer and not re.fullmatch(ISSUER, issuer):
        raise SettingsError(f"MEDVIRK_OIDC_ISSUER is “{issuer}”: use the provider's https address.")


def _sender(value: str) -> str:
    header = SMTP.header_factory("From", value)
    good = len(header.addresses) == 1 and header.addresses[0].domain and header.addresses[0].addr_spec.isascii()
    if header.defects or not good or not value.isprintable():
        raise SettingsError(f"MEDVIRK_MAIL_FROM is “{value}”: use one sender, as Bergen kommune <spor@example.no>.")
    return value


def _switch(name: str, value: str | None) -> bool:
    if value not in (None, "0", "1", "false", "true"):
        raise SettingsError(f"{name} is “{value}”: use 1 or 0.")
    return value in ("1", "true")
