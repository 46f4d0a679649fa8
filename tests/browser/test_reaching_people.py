"""A round leader invites, prints and voids in a real browser; every page is accessible, light and dark, and narrow."""

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Download, Page, expect
from sqlalchemy import select, update

from survey.access.redeem import find
from survey.invitations.unsubscribing import token
from survey.storage.tables import Invitee, Mailing, Outbox, Round
from tests.browser.conftest import PATIENCE, findings
from tests.browser.test_tablet import CAMERA
from tests.printed import qr_codes
from tests.staffed import PASSWORD, employ
from tests.village import RELATIVES, Village

LIST = "unit_id,email,language\narna,kari@example.no,nb\nfana,ola@example.no,nn\n"


@pytest.fixture(scope="module")
def relatives(village: Village) -> str:
    """A round of relatives; of the two that ask residents one is over."""
    with village.database.begin() as connection:
        connection.execute(update(Round).where(Round.id != village.round_id).values(state="destroyed"))
    return village.open_round(title="Pårørende", audience="relative", questionnaire=RELATIVES)


@pytest.fixture(scope="module")
def leader(browser: Browser, served: str, village: Village) -> Iterator[Page]:
    """One browser for all: what one test leaves, the next finds."""
    employ(village.database, "rolf@bergen.no", ["round_leader"])
    context = browser.new_context(base_url=served, viewport={"width": 1024, "height": 768}, locale="nb-NO")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.get_by_label("E-postadresse").fill("rolf@bergen.no")
    page.get_by_label("Passord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Resultater")).to_be_visible()
    yield page
    context.close()


def test_relatives_are_invited_by_keyboard_after_a_look(leader: Page, village: Village, relatives: str) -> None:
    leader.goto("/staff/reaching")
    leader.get_by_role("link", name="Invitasjoner med e-post").press("Enter")
    leader.get_by_label("Eller lim inn listen").fill(LIST)
    leader.get_by_role("button", name="Se over før noe sendes").press("Enter")
    expect(leader.get_by_role("heading", name="Før e-postene sendes")).to_be_visible()
    assert findings(leader) == []
    leader.get_by_role("button", name="Send 2 e-poster").press("Enter")
    expect(leader.get_by_role("status")).to_have_text("2 personer er invitert. E-postene er på vei.")
    expect(leader).to_have_url(f"/staff/rounds/{relatives}/invitations")
    with village.database.reading() as connection:
        assert sorted(connection.execute(select(Invitee.email)).scalars()) == ["kari@example.no", "ola@example.no"]


def test_cards_are_printed_and_leftovers_voided_by_camera_and_by_typing(leader: Page, village: Village) -> None:
    leader.goto(f"/staff/rounds/{village.round_id}/cards")
    leader.get_by_label("Sted").select_option("Fana")
    leader.get_by_role("textbox", name="Hvor mange kort").fill("2")
    with leader.expect_download(timeout=60_000) as loading:  # it is set by a process of its own
        leader.get_by_role("button", name="Lag kortene").click()
    first, second = (place.says for place in qr_codes(content(loading.value), 0))
    leader.get_by_role("link", name="Kort til overs").click()
    expect(leader.locator("html.live")).to_be_attached()
    leader.get_by_label("Koden på kortet").fill(first.partition("#")[2])
    leader.keyboard.press("Enter")
    expect(leader.locator("#told")).to_have_text("Kortet til Fana er ugyldig nå.")
    expect(leader.get_by_label("Koden på kortet")).to_have_value("")
    leader.keyboard.type(first.partition("#")[2])
    leader.keyboard.press("Enter")
    expect(leader.locator("#told.alarm")).to_contain_text("ble ikke gjort ugyldig")
    leader.add_init_script(f"({CAMERA})({second!r})")
    leader.reload()
    leader.get_by_role("button", name="Skann med kameraet").click()
    expect(leader.locator("#told")).to_have_text("Kortet til Fana er ugyldig nå.")
    for link in (first, second):
        assert find(village.database, village.keys, link.partition("#")[2]) is None


def content(download: Download) -> bytes:
    return download.path().read_bytes()


def test_every_page_is_accessible_in_light_and_dark_and_fits_a_narrow_screen(
    leader: Page, village: Village, relatives: str
) -> None:
    with village.database.begin() as connection:
        connection.execute(update(Outbox).values(state="failed", error="550 5.1.1 User unknown"))
        connection.execute(update(Mailing).values(day=dt.date(2026, 1, 5)))
        invitee = connection.execute(select(Invitee.id)).scalars().first()
    assert invitee
    no_more = f"/no-more-mail/{token(village.keys.web(relatives), invitee)}?language=nb"
    residents = [
        f"/staff/rounds/{village.round_id}/{page}" for page in ("residents", "information", "cards", "papers", "leftovers")
    ]
    others = [f"/staff/rounds/{relatives}/{page}" for page in ("invitations", "letters", "papers", "leftovers")]
    for address in ("/staff/reaching", *residents, *others, no_more):
        leader.set_viewport_size({"width": 1024, "height": 768})
        leader.goto(address)
        leader.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true })")
        for scheme in ("light", "dark"):
            leader.emulate_media(color_scheme=scheme)
            assert findings(leader) == [], f"{address}, {scheme}"
        leader.set_viewport_size({"width": 320, "height": 640})
        assert leader.evaluate("document.documentElement.scrollWidth") <= 320, address
