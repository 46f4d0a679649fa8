"""One-time codes: eleven random signs and a check sign, shown XXXX-XXXX-XXXX (DESIGN section 7).

The alphabet has no signs that look alike. Eleven of its thirty signs carry 54 bits. The check sign (Luhn mod N)
tells a mistyped code from a wrong one before anybody asks the database.
"""

import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS = 11
_BASE = len(ALPHABET)
_SEPARATORS = str.maketrans("", "", " -–—_.\t\r\n\u00a0")


def mint() -> str:
    """A new random code: twelve signs without separators."""
    return _with_check("".join(secrets.choice(ALPHABET) for _ in range(SIGNS)))


def for_invitee(mail_key: bytes, invitee: str) -> str:
    """The code of an invited person: the same each time, known only to who holds the round's mail key."""
    number = int.from_bytes(hmac.digest(mail_key, invitee.encode(), "sha512"))
    signs = ""
    for _ in range(SIGNS):
        number, index = divmod(number, _BASE)
        signs += ALPHABET[index]
    return _with_check(signs)


def normalise(typed: str) -> str | None:
    """The twelve signs of a code typed in any case, with or without separators; None: mistyped."""
    code = typed.translate(_SEPARATORS).upper()
    if len(code) != SIGNS + 1 or any(sign not in ALPHABET for sign in code):
        return None
    return code if _with_check(code[:-1]) == code else None


def shown(code: str) -> str:
    """The code as people see it: XXXX-XXXX-XXXX."""
    return "-".join((code[:4], code[4:8], code[8:]))


def hashed(pepper: bytes, code: str) -> bytes:
    """What the database knows of a code (32 bytes). Without the round's pepper it says nothing."""
    return hmac.digest(pepper, code.encode(), "sha256")


def _with_check(signs: str) -> str:
    total = 0
    for position, sign in enumerate(reversed(signs)):
        value = ALPHABET.index(sign) * (2 if position % 2 == 0 else 1)
        total += value // _BASE + value % _BASE
    return signs + ALPHABET[-total % _BASE]
