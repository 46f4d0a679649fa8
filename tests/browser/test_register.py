"""The register in a browser: a file is looked at and brought in by keyboard; every page is accessible."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.register import tree
from tests.browser.conftest import PATIENCE, findings
from tests.staffed import PASSWORD, employ
from tests.village import Village

HEADING = "municipality_number;service_kind;service;division;unit_id;unit;places"
FILE = f"{HEADING}\r\n4601;%s;Bofellesskap;Nord;home-1;Blåklokka;6\r\n"


@pytest.fixture(scope="module")
def admin(browser: Browser, served: str, village: Village) -> Iterator[Page]:
    """One browser for all: what one test leaves, the next finds."""
    employ(village.database, "ada@bergen.no", ["administrator"])
    context = browser.new_context(base_url=served, viewport={"width": 1024, "height": 768}, locale="nb-NO")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.get_by_label("E-postadresse").fill("ada@bergen.no")
    page.get_by_label("Passord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Resultater")).to_be_visible()
    yield page
    context.close()


def check(page: Page) -> None:
    """Nothing is found by axe, in light and dark and with all opened; the page fits a narrow screen."""
    page.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true })")
    for width, scheme in ((1024, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 768})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert findings(page) == [], f"{page.url}, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.set_viewport_size({"width": 1024, "height": 768})


def test_a_file_is_brought_in_by_keyboard_after_its_faults_are_told_and_it_is_looked_at(
    admin: Page, village: Village
) -> None:
    admin.goto("/staff/register")
    check(admin)
    admin.get_by_role("link", name="Hent inn en fil").press("Enter")
    wrong = {"name": "register.csv", "mimeType": "text/csv", "buffer": (FILE % "home").encode()}
    admin.get_by_label("En fil som et regneark har lagret som CSV").set_input_files(wrong)  # type: ignore[arg-type]
    admin.get_by_role("button", name="Se hva den ville endre").press("Enter")
    expect(admin.get_by_role("alert")).to_contain_text("Linje 2, service_kind «home»: ukjent slag tjeneste.")
    check(admin)
    admin.get_by_label("Eller linjene, limt inn").fill(FILE % "shared_home")
    admin.get_by_role("button", name="Se hva den ville endre").press("Enter")
    expect(admin.get_by_role("heading", name="Hva fila ville endre")).to_be_visible()
    check(admin)
    admin.get_by_role("button", name="Endre registeret slik").press("Enter")
    expect(admin.get_by_role("status")).to_have_text("Registeret er endret: 3 nye, 0 endret, 0 fjernet.")
    with village.database.reading() as connection:
        assert tree.path(connection, "home-1")[-1].called() == "Blåklokka"


def test_a_units_page_and_what_is_refused_there_are_accessible(admin: Page) -> None:
    admin.goto("/staff/register/places/arna")
    check(admin)
    admin.get_by_label("Telefon").first.fill("ring meg")
    admin.once("dialog", lambda asked: asked.dismiss())
    with admin.expect_event("dialog") as asked:
        admin.get_by_role("button", name="Lagre").first.press("Enter")
    assert asked.value.type == "beforeunload", "what is typed beside the names would be lost"
    expect(admin.get_by_label("Telefon").first).to_have_value("ring meg")
    admin.get_by_role("button", name="Lagre").nth(1).press("Enter")
    expect(admin.get_by_role("alert")).to_contain_text("Dette er ikke noe telefonnummer. Skriv sifre")
    check(admin)
