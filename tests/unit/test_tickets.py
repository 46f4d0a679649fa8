"""A ticket of a tablet's queue: read by this installation alone, and for a day's work."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.access.codes import mint
from survey.access.tickets import VALID, Tickets

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
TICKETS = Tickets(b"s" * 32)
A_SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(("later", "read"), [(dt.timedelta(), True), (VALID - A_SECOND, True), (VALID, False)])
def test_a_ticket_is_read_until_its_twelve_hours_are_over(later: dt.timedelta, read: bool) -> None:
    code = mint()
    assert TICKETS.code(TICKETS.issue(code, NOW), NOW + later) == (code if read else None)


def test_two_tickets_of_one_code_are_unlike_and_as_long_as_any() -> None:
    code = mint()
    made = {TICKETS.issue(code, NOW), TICKETS.issue(code, NOW), TICKETS.issue(mint(), NOW)}
    assert len(made) == 3
    assert len({len(ticket) for ticket in made}) == 1


def test_another_installation_cannot_read_it() -> None:
    assert Tickets(b"t" * 32).code(TICKETS.issue(mint(), NOW), NOW) is None


def test_a_changed_ticket_is_none() -> None:
    ticket = TICKETS.issue(mint(), NOW)
    for place in range(len(ticket)):
        changed = ticket[:place] + ("A" if ticket[place] != "A" else "B") + ticket[place + 1 :]
        assert TICKETS.code(changed, NOW) is None


@given(st.text())
def test_what_is_no_ticket_is_refused(text: str) -> None:
    assert TICKETS.code(text, NOW) is None
