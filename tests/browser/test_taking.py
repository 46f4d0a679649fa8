"""Kari of Kristiansund takes Molde's answers in a real browser: an interview by mouse."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.access.codes import shown
from survey.questionnaire.answers import Answer, decode
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Sealed
from tests.browser.axe import findings
from tests.browser.conftest import RESIDENTS, serve
from tests.staffed import PASSWORD
from tests.staffed import sign_in as client_of
from tests.taken import LEADER, OUTSIDER, Taken, taken

SCALED = [question for question in RESIDENTS.questions if question.scale]


@pytest.fixture(scope="module")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("molde")
    database = Database(f"sqlite:///{folder}/data/medvirk.db")
    migrating.upgrade(database)
    with taken(database, folder, {"arna": 20, "fana": 1000}) as molde:
        molde.village.round_id = molde.village.open_round(title="Dagsenter 2027", questionnaire=RESIDENTS)
        molde.village.codes(1, way="interview", unit="fana")
        molde.invite(client_of(molde.app, LEADER), "interviewer")
        yield molde
    database.dispose()


@pytest.fixture(scope="module")
def served(molde: Taken) -> Iterator[str]:
    folder = molde.village.keys.folder.parent
    yield from serve({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})


def answers(molde: Taken) -> Callable[[], list[Answer]]:
    """The answers that come from now on."""
    village = molde.village

    def look() -> dict[str, bytes]:
        with village.database.reading() as connection:
            return {row.id: row.box for row in connection.execute(select(Sealed.id, Sealed.box))}

    before = set(look())
    opener = village.keys.opener(village.round_id)
    return lambda: [decode(opener.decrypt(box)) for id_, box in look().items() if id_ not in before]


def sign_in(page: Page, email: str = OUTSIDER) -> None:
    page.goto("/staff/")
    page.get_by_label("E-postadresse").fill(email)
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("heading", name="Resultater")).to_be_visible()


def test_an_interview_with_a_second_screen(molde: Taken, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    came = answers(molde)
    (code,) = molde.village.codes(1, way="interview", unit="fana")
    sign_in(page)
    page.get_by_role("link", name="Intervjuer", exact=True).click()
    assert findings(page) == []
    page.get_by_role("link", name="Fana").click()
    page.get_by_label("Koden på kortet").fill(shown(code))
    assert findings(page) == []
    page.get_by_role("button", name="Åpne spørsmålene").click()
    expect(page.locator("html.live")).to_be_attached()
    assert findings(page) == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Skjerm nummer to").click()
    screen = opened.value
    expect(screen.get_by_role("heading", level=1)).to_have_text("Fana")
    page.get_by_role("radio", name="2", exact=True).check()
    following = page.get_by_role("button", name="Neste")  # pressed by a key: the tab behind another is drawn seldom
    for number, question in enumerate(SCALED[:2], start=1):
        following.press("Enter")
        expect(page.locator(f"#q{number}").get_by_role("heading")).to_have_text(question.text["nb"])
        expect(screen.locator(".step.now .question")).to_have_text(question.text["nb"])
        expect(screen.locator(".step.now .answers:not(.cannot) .answer").filter(visible=True)).to_have_count(2)
        page.locator(f"#q{number}").get_by_role("radio").first.press("Space")
    assert findings(page) == []
    assert findings(screen) == []
    expect(screen.locator(":checked")).to_have_count(0)  # it is never told what was answered
    for _ in SCALED[1:]:
        following.press("Enter")
    page.get_by_label("Ja, jeg fikk hjelp").press("Space")
    following.press("Enter")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Takk for svaret!")
    assert findings(page) == []
    assert code not in page.content()
    expect(screen.get_by_role("heading", level=1)).to_be_visible()
    (answer,) = came()
    assert (answer.ladder, answer.support, answer.values[SCALED[0].id]) == (2, "some", 5)
    page.get_by_role("link", name="Til neste kode").click()
    expect(page.get_by_label("Koden på kortet")).to_have_value("")
    page.get_by_label("Koden på kortet").fill(molde.village.codes(1, way="interview", unit="fana")[0])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Vil ikke mer").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Intervjuet er avsluttet")
    assert findings(page) == []
    page.get_by_label("Vil ikke", exact=True).press("Space")
    page.get_by_role("button", name="Gjør kortet ugyldig").press("Enter")
    expect(page.get_by_text("Kortet er ugyldig")).to_be_visible()
