"""Passwords: which are accepted, and how they are kept (argon2id)."""

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

LEAST_SIGNS = 12
MOST_SIGNS = 200
FEWEST_GUESSES = 10**9  # of somebody who knows the lists, who tries names, years and keys that lie side by side
# What guessers here try first, besides the thirty thousand words on the lists that come with zxcvbn.
_WORDS = re.findall(
    r"\w+",
    """
    passord passordet hemmelig velkommen medvirk kommune kommunen bruker beboer innlogging jegelskerdeg norge
    sommer vinter høst vår påske jul januar februar mars april mai juni juli august september oktober november desember
    oslo bergen trondheim stavanger molde bodø kristiansand kristiansund lillestrøm bærum
    """,
)
_READ = 72  # signs of a password that zxcvbn reads
_SIGNS = "23456789abcdefghjkmnpqrstvwxyz"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class PasswordError(ValueError):
    """A password that is not accepted; the message names the cure."""


def check(password: str, email: str) -> None:
    """Raises: PasswordError where the password is too easy to guess."""
    plain = _normal(password).casefold()
    if not LEAST_SIGNS <= len(plain) <= MOST_SIGNS:
        raise PasswordError(f"The password has {len(plain)} signs: use at least {LEAST_SIGNS}, best several words.")
    from zxcvbn import zxcvbn  # its lists take a tenth of a second to load, and who answers needs none

    own = [email.partition("@")[0].casefold(), *re.findall(r"\w+", email.casefold())]
    if zxcvbn(plain[:_READ], user_inputs=[*_WORDS, *own])["guesses"] < FEWEST_GUESSES:
        raise PasswordError("The password is among the first that guessers try: use several words of your own.")


def generate() -> str:
    """Sixteen random signs in groups of four: 78 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password that was kept; takes as long where none is."""
    try:
        return _hasher.verify(kept or _nobodys(), _normal(password)) and kept is not None
    except VerificationError:
        return False


@cache
def _nobodys() -> str:
    return hashed(generate())


def _normal(password: str) -> str:
    """Keyboards write å in two ways."""
    return unicodedata.normalize("NFKC", password)
