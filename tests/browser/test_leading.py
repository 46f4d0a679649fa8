"""Somebody who leads a round does it by keyboard alone, and every page of it suits every eye and width."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from survey import worker
from survey.access.issuing import issue
from survey.invitations.outbox import utcnow
from survey.keys import KeyStore
from survey.settings import Settings
from survey.staff.roles import ROUND_LEADER
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Round
from tests.browser.conftest import findings, serve
from tests.journeys.test_worker import Pauses
from tests.staffed import PASSWORD, employ
from tests.village import PASSPHRASE, settle

STEPS = ("who", "questions", "where", "how", "groups", "anonymity", "decision", "dates")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("leading")
    settings = Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})
    KeyStore(settings.keys).make_session_key()
    database = Database(settings.database_url)
    migrating.upgrade(database)
    settle(database)
    employ(database, "lise@bergen.no", [ROUND_LEADER])
    database.dispose()
    return settings


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[str]:
    yield from serve({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})


def reach(page: Page, selector: str) -> None:
    """Go on with the tabulator until one is there."""
    expect(page.locator(selector).first).to_be_visible()
    for _ in range(80):
        if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tabulator never comes to {selector}")


def write(page: Page, name: str, text: str) -> None:
    reach(page, f"[name={name}]")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text)


def press(page: Page, selector: str) -> None:
    reach(page, selector)
    page.keyboard.press("Enter")


def tick(page: Page, selector: str) -> None:
    reach(page, selector)
    page.keyboard.press("Space")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_round_is_led_by_keyboard_alone_from_its_plan_to_its_release(
    page: Page, browser: Browser, settings: Settings, served: str
) -> None:
    page.goto("/staff/")
    write(page, "email", "lise@bergen.no")
    write(page, "password", PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "Resultater")
    press(page, "nav a[href='/staff/rounds']")
    press(page, "main a.go")
    heading(page, "En ny runde")
    write(page, "title", "Høsten 2027")
    tick(page, "[name=what]")
    press(page, "main button.go")
    heading(page, "Hvor")
    tick(page, "[name=part]")
    press(page, "main button.go")
    heading(page, "Hvordan")
    tick(page, "[value=self]")
    press(page, "main button.go")
    heading(page, "Grupper under et tiltak")
    press(page, "main button.go")
    heading(page, "Anonymitet")
    write(page, "helped", "1")
    press(page, "main button.go")
    heading(page, "Vedtaket bak")
    write(page, "decision", "Helseutvalget, sak 31/27")
    write(page, "retention", "Alltid, etter arkivloven")
    press(page, "main button.go")
    heading(page, "Datoer")
    for name, day in (("opens", "11112098"), ("closes", "11112099")):  # whatever comes first, day or month
        reach(page, f"[name={name}]")
        page.keyboard.type(day)
    press(page, "main button.go")
    heading(page, "Høsten 2027")
    press(page, "main a.go")
    heading(page, "Åpne runden")
    worker.run(settings, Pauses(), utcnow)
    write(page, "passphrase", PASSPHRASE)
    write(page, "again", PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Runden åpnes")
    worker.run(settings, Pauses(), utcnow)
    press(page, ".waits a")
    expect(page.get_by_role("heading", name="Hvor mange som har svart")).to_be_visible()
    database = Database(settings.database_url)
    with database.reading() as connection:
        round_id = connection.execute(select(Round.id)).scalar_one()
    issue(database, KeyStore(settings.keys), round_id, "arna", 22)  # two more than there are places
    database.dispose()
    press(page, "main a.go")
    press(page, "[name=kind][value=stop]")
    expect(page.get_by_role("status")).to_contain_text("Svarene blir stoppet")
    worker.run(settings, Pauses(), utcnow)
    every_page_suits(browser, served, page, round_id)
    page.goto(f"/staff/rounds/{round_id}/close")
    for box in ("paper", "register", "spares", "final"):
        tick(page, f"[name={box}]")
    press(page, "[name=kind][value=release]")
    expect(page.get_by_role("status")).to_contain_text("Runden frigis")
    worker.run(settings, Pauses(), utcnow)
    press(page, ".waits a")
    expect(page.get_by_text("frigitt", exact=True)).to_be_visible()


def every_page_suits(browser: Browser, served: str, page: Page, round_id: str) -> None:
    """In light and dark, on a telephone and a screen: nothing that axe finds, nothing wider than the page."""
    of_round = ("", *(f"/plan/{step}" for step in STEPS), "/open", "/close", "/wheel", "/preview/nb")
    addresses = ["/staff/rounds", "/staff/rounds/new", *(f"/staff/rounds/{round_id}{each}" for each in of_round)]
    for scheme, size in (("light", (320, 640)), ("dark", (1024, 768))):
        context = browser.new_context(
            base_url=served,
            locale="nb-NO",
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            storage_state=page.context.storage_state(),
        )
        shown = context.new_page()
        for address in addresses:
            shown.goto(address)
            expect(shown.get_by_role("heading", level=1)).to_be_visible()
            assert findings(shown) == [], (address, scheme)
            if not re.search("preview", address):  # what residents meet is looked at elsewhere
                assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, scheme)
        context.close()
