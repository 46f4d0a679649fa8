"""What waits on a tablet is locked there, and only the server can open it (DESIGN section 5).

Each page is given a random key and the same key wrapped with the round's wrapping key. A Send that fails is locked
with the first and stored with the second: the tablet itself can no longer open it, nor can anybody once the round's
keys are destroyed. An unfinished questionnaire is locked with a key that `/start` gives to its code alone.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

NONCE = 12  # bytes before what AES-GCM has locked
FIELDS = 200  # the most a form has


class UnreadableError(Exception):
    """This was not locked by a page of this round."""


def new_key(wrapping: bytes) -> tuple[str, str]:
    """A page's key (32 bytes), and the same key wrapped; both in base64."""
    key = secrets.token_bytes(32)
    return _written(key), _written(SecretBox(wrapping).encrypt(key))


def key_of_code(wrapping: bytes, code: str) -> str:
    """The key of a code's unfinished questionnaire, in base64; without the wrapping key no code leads to it."""
    return _written(hmac.digest(wrapping, f"unfinished/{code}".encode(), "sha256"))


def open_kept(wrapping: bytes, kept: str, wrapped: str) -> dict[str, list[str]]:
    """The fields of a form that a page locked: `kept` with its key, `wrapped` as the page was given it.

    Raises: UnreadableError.
    """
    try:
        key = SecretBox(wrapping).decrypt(b64decode(wrapped, validate=True))
        box = b64decode(kept, validate=True)
        form = AESGCM(key).decrypt(box[:NONCE], box[NONCE:], None)
        return parse_qs(form.decode("ascii").rstrip(), keep_blank_values=True, max_num_fields=FIELDS)
    except (ValueError, CryptoError, InvalidTag):
        raise UnreadableError from None


def _written(content: bytes) -> str:
    return b64encode(content).decode()
