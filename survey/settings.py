"""Settings, frozen, from the environment. docs/settings.md describes each one."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.policy import SMTP
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SMTP_SECURITY = ("starttls", "tls", "none")


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
        )


def _number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise SettingsError(f"{name} is “{value}”: use a port number from 1 to 65535.")
    return int(value)


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
