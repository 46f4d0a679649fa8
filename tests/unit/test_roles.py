"""A role covers a place and all under it, and ends where its holder works."""

import pytest

from survey.staff.roles import (
    ADMINISTRATOR,
    FACILITATOR,
    INTERVIEWER,
    QUALITY_ADVISER,
    ROLES,
    ROUND_LEADER,
    TYPIST,
    Way,
    holds,
)

BERGEN: Way = ("4601",)
HOMES, NORTH = ("4601", "homes"), ("4601", "homes", "north")
ELM, OAK, FANA = (*NORTH, "elm"), ("4601", "homes", "south", "oak"), ("4601", "centres", "fana")
ELSEWHERE: Way = ("1506", "1506-homes", "fjord")


@pytest.mark.parametrize("place", [BERGEN, HOMES, NORTH, ELM])
def test_a_role_covers_its_place_and_all_under_it_and_nothing_else(place: Way) -> None:
    roles = {(QUALITY_ADVISER, place[-1])}
    ways = (BERGEN, HOMES, NORTH, ELM, OAK, FANA, ELSEWHERE)
    covered = [way for way in ways if holds(roles, (), [QUALITY_ADVISER], way)]
    assert covered == [way for way in ways if way[: len(place)] == place]


def test_another_role_opens_nothing() -> None:
    for role in ROLES:
        assert [asked for asked in ROLES if holds({(role, "4601")}, (), [asked], ELM)] == [role]


@pytest.mark.parametrize("work", [ELM, NORTH])
def test_a_facilitator_brings_nothing_to_a_unit_of_their_own(work: Way) -> None:
    roles = {(FACILITATOR, "4601")}
    assert not holds(roles, [work], [FACILITATOR], ELM)
    assert holds(roles, [work], [FACILITATOR], OAK)
    assert holds(roles, [BERGEN], [FACILITATOR], ELM)


@pytest.mark.parametrize("role", [INTERVIEWER, TYPIST])
@pytest.mark.parametrize("work", [HOMES, NORTH, OAK])
def test_who_takes_answers_does_not_belong_to_the_service_they_are_about(role: str, work: Way) -> None:
    roles = {(role, "4601"), (role, "elm")}
    assert not holds(roles, [work], [role], ELM)
    assert holds(roles, [work], [role], FANA)
    assert not holds(roles, [FANA, work], [role], FANA), "who works in both belongs to both"


def test_no_other_role_of_theirs_lets_them_in() -> None:
    roles = {(INTERVIEWER, "4601"), (ROUND_LEADER, "4601"), (ADMINISTRATOR, "4601")}
    assert not holds(roles, [ELM], [INTERVIEWER], OAK)
