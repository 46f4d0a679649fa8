"""A code at a desk. Looking at it never spends it."""

from typing import Literal

from survey.access.codes import normalise
from survey.access.redeem import find
from survey.access.wrong import count_wrong_code
from survey.interviews.desks import Desk
from survey.keys import KeyStore
from survey.staff.guard import now
from survey.storage.engine import Database

Problem = Literal["missing", "mistyped", "not_here"]


class CodeError(Exception):
    """The code opens nothing at this desk."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def code_at(database: Database, keys: KeyStore, desk: Desk, taken: str, typed: str, sent: bool = False) -> str:
    """The normalised code, if it is an unused one of this round, this unit and this way of answering.

    `sent`: a code that is unknown or used passes, too, since what comes with it may have arrived before.

    Raises: CodeError; KeysError.
    """
    code = normalise(typed)
    if code is None:
        raise CodeError("mistyped" if typed.strip() else "missing")
    found = find(database, keys, code)
    if found is None and sent:
        return code
    if found is None:
        count_wrong_code(database, now().date())
    if found is None or (found.round_id, found.unit_id, found.way) != (desk.round_id, desk.unit, taken):
        raise CodeError("not_here")
    return code
