"""The list of rounds for those who reach people: each sees what their role and place let them do."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import insert

from survey.storage.tables import Node
from tests.reaching import Place, reached

BRINGS = ["cards", "leftovers", "leftovers", "papers", "papers"]  # of residents, and of relatives
ALL = sorted([*BRINGS, "information", "invitations", "letters", "residents"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with reached(tmp_path_factory.mktemp("reaching")) as place:
        names = {"name": {"nb": "x"}, "places": None}
        home = {"service_kind": "shared_home", **names}
        with place.village.database.begin() as connection:
            connection.execute(
                insert(Node),
                [
                    {"id": "0301", "level": "municipality", "parent": None, "service_kind": None, **names},
                    {"id": "bo", "level": "service", "parent": "4601", **home},
                ],
            )
        yield place


@pytest.mark.parametrize(
    ("role", "at", "pages"),
    [
        ("round_leader", "4601", ALL),
        ("round_leader", "4601-d", [*BRINGS, "residents"]),
        ("facilitator", "4601", BRINGS),
        ("facilitator", "fana", BRINGS),
        ("unit_leader", "arna", ["residents"]),
        ("unit_leader", "bo", []),
        ("round_leader", "0301", []),
    ],
)
def test_each_sees_the_rounds_and_pages_of_their_role_and_place_and_they_open(
    place: Place, role: str, at: str, pages: list[str]
) -> None:
    somebody = place.sign_in(works_at="0301", **{role: at})
    shown = somebody.get("/staff/reaching").text
    links = re.findall(r'href="(/staff/rounds/\w+/(\w+))"', shown)
    assert sorted(page for _, page in links) == pages
    assert all(somebody.get(address).status_code == 200 for address, _ in links)
    assert ("Ingen undersøkelse er planlagt" in shown) == (not pages)


def test_who_leads_a_part_is_told_that_rounds_are_planned_for_the_whole(place: Place) -> None:
    whole, part = (
        place.sign_in(works_at="4601", round_leader=at).get("/staff/rounds").text for at in ("4601", "4601-d")
    )
    assert ("Du leder en del av kommunen" in whole, "/staff/rounds/new" in whole) == (False, True)
    assert ("Du leder en del av kommunen" in part, "/staff/rounds/new" in part) == (True, False)
