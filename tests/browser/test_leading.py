"""Every page of a round suits every eye and width, while it is open and while it is being closed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from survey import worker
from survey.app import create_app
from survey.invitations.outbox import utcnow
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff.roles import ROUND_LEADER
from survey.storage import migrating
from survey.storage.engine import Database
from tests.browser.conftest import findings, serve
from tests.journeys.test_worker import Pauses
from tests.leading import opened
from tests.staffed import PASSWORD, employ, post
from tests.staffed import sign_in as client_of
from tests.village import settle

STEPS = ("who", "questions", "where", "how", "groups", "anonymity", "decision", "dates")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("leading")
    return Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})


@pytest.fixture(scope="module")
def closing(settings: Settings) -> str:
    """The address of a round that takes no more answers, where the unit has codes."""
    KeyStore(settings.keys).make_session_key()
    database = Database(settings.database_url)
    migrating.upgrade(database)
    settle(database)
    employ(database, "lise@bergen.no", [ROUND_LEADER])
    app = create_app(settings)
    lise = client_of(app, "lise@bergen.no")

    def work() -> None:
        worker.run(settings, Pauses(), utcnow)

    round_ = opened(lise, work)
    post(lise, f"{round_}/cards", unit="arna", number="22", way="self", language="nb")  # two more than there are places
    post(lise, f"{round_}/close", kind="stop")
    work()
    app.extensions["medvirk.database"].dispose()
    database.dispose()
    return round_


@pytest.fixture(scope="module")
def served(settings: Settings, closing: str) -> Iterator[str]:
    yield from serve({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})


def test_nothing_is_found_on_the_pages_of_a_round_in_light_and_dark_and_none_is_wider_than_a_telephone(
    page: Page, served: str, closing: str
) -> None:
    page.goto("/staff/")
    page.get_by_label("E-postadresse").fill("lise@bergen.no")
    page.get_by_label("Passord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Resultater")
    of_round = ("", *(f"/plan/{step}" for step in STEPS), "/open", "/close", "/wheel", "/preview/nb")
    addresses = ["/staff/", "/staff/rounds", "/staff/rounds/new", *(f"{closing}{each}" for each in of_round)]
    for address in addresses:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for scheme, size in (("light", (320, 640)), ("dark", (1024, 768))):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.emulate_media(color_scheme=scheme)
            assert findings(page) == [], (address, scheme)
            if not address.endswith("preview/nb"):  # what residents meet is looked at elsewhere
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, scheme)
