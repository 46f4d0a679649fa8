"""How often somebody may try to sign in: guessing takes for ever, and nobody can shut another out from elsewhere."""

from flask import request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

# For one account from one address, and for one address whatever the account.
_OF_ACCOUNT, _OF_ADDRESS = parse("10 per 15 minutes"), parse("100 per 15 minutes")


class Tries:
    """Counted in this process, and only where secrets are tried: as an extension it would take time of every answer."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def allow(self, account: str) -> bool:
        """Count one try of the one who asks; False: there were too many."""
        address = _asker()
        return self._limiter.hit(_OF_ADDRESS, address) and self._limiter.hit(_OF_ACCOUNT, address, _folded(account))

    def forget(self, account: str) -> None:
        """The secret was right: the count of this account begins anew."""
        self._limiter.clear(_OF_ACCOUNT, _asker(), _folded(account))


def _folded(account: str) -> str:
    return account.strip().casefold()


def _asker() -> str:
    """The address that asks. Behind the proxy everybody comes from this machine, and the proxy says from where.

    Else ten wrong tries from anywhere would shut everybody out.
    """
    address = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return told if told and address in ("127.0.0.1", "::1") else address
