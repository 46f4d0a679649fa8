"""The pages through which a round reaches people: accessible in light and dark, and on a narrow screen."""

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from survey.invitations.outbox import utcnow
from survey.invitations.unsubscribing import token
from survey.storage.tables import Invitee, Mailing, Outbox, Round
from tests.browser.axe import CONTRAST
from tests.browser.conftest import PATIENCE, findings
from tests.invited import invite
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


def test_every_page_is_accessible_in_light_and_dark_and_fits_a_narrow_screen(
    leader: Page, village: Village, relatives: str
) -> None:
    invite(village.database, village.keys, relatives, LIST.encode(), utcnow())
    with village.database.begin() as connection:
        connection.execute(update(Outbox).values(state="failed", error="550 5.1.1 User unknown"))
        connection.execute(update(Mailing).values(day=dt.date(2026, 1, 5)))
        invitee = connection.execute(select(Invitee.id)).scalars().first()
    assert invitee
    no_more = f"/no-more-mail/{token(village.keys.web(relatives), invitee)}?language=nb"
    of_residents = ("residents", "information", "cards", "papers", "leftovers")
    residents = [f"/staff/rounds/{village.round_id}/{page}" for page in of_residents]
    others = [f"/staff/rounds/{relatives}/{page}" for page in ("invitations", "letters", "papers", "leftovers")]
    for address in ("/staff/reaching", *residents, *others, no_more):
        leader.set_viewport_size({"width": 1024, "height": 768})
        leader.goto(address)
        leader.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true })")
        leader.emulate_media(color_scheme="light")
        assert findings(leader) == [], address
        leader.emulate_media(color_scheme="dark")
        assert findings(leader, CONTRAST) == [], f"{address}, dark"
        leader.set_viewport_size({"width": 320, "height": 640})
        assert leader.evaluate("document.documentElement.scrollWidth") <= 320, address
    leader.goto(f"/staff/rounds/{relatives}/invitations")
    leader.get_by_label("Eller lim inn listen").fill(f"{LIST}arna,anne@example.no,nb\n")
    leader.get_by_role("button", name="Se over før noe sendes").press("Enter")
    expect(leader.get_by_role("heading", name="Før e-postene sendes")).to_be_visible()
    assert findings(leader) == []
