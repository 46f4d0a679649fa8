"""Kari of Kristiansund takes Molde's answers in a real browser: an interview by mouse, papers by keyboard."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.access.codes import shown
from survey.interviews import twice
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
        for way in ("interview", "paper"):
            molde.village.codes(1, way=way, unit="fana")
        leader = client_of(molde.app, LEADER)
        for role in ("interviewer", "typist"):
            molde.invite(leader, role)
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
    page.get_by_role("link", name="Intervjuer").click()
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


def test_papers_are_typed_in_by_keyboard_and_one_of_them_twice(molde: Taken, page: Page) -> None:
    came, web = answers(molde), molde.village.keys.web(molde.village.round_id)
    codes = molde.village.codes(200, way="paper", unit="fana")
    sampled = next(code for code in codes if twice.in_sample(web, code))
    plain = next(code for code in codes if not twice.in_sample(web, code))
    sign_in(page)
    page.goto("/staff/paper")
    assert findings(page) == []
    page.get_by_role("link", name="Fana").press("Enter")
    type_in(page, plain, "1" * len(SCALED) + "2")
    expect(page.get_by_text("Papiret er skrevet inn")).to_be_visible()
    (answer,) = came()
    assert (set(answer.values.values()), answer.support, answer.ladder) == ({5}, "some", 3)
    type_in(page, sampled, "1", look=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dette papiret skal skrives inn to ganger")
    assert findings(page) == []
    page.get_by_role("link", name="Til neste kode").press("Enter")
    write(page, sampled)
    expect(page.get_by_text("Du skrev det inn selv")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Det er ingen andre").press("Enter")
    fill(page, "3")
    expect(page.get_by_role("heading", level=1)).to_have_text("Skrevet inn forskjellig")
    assert findings(page) == []
    page.get_by_role("radio").last.press("Space")
    page.get_by_role("button", name="Ferdig med papiret").press("Enter")
    expect(page.get_by_text("Papiret er skrevet inn")).to_be_visible()
    assert sorted(answer.values[SCALED[0].id] or 0 for answer in came()) == [1, 5]


def type_in(page: Page, code: str, numbers: str, look: bool = False) -> None:
    """Write a paper's code and what stands on it, without a mouse."""
    write(page, code)
    fill(page, numbers, look)


def write(page: Page, code: str) -> None:
    expect(page.get_by_label("Koden på papiret")).to_be_focused()
    page.keyboard.type(shown(code))
    page.keyboard.press("Enter")


def fill(page: Page, numbers: str, look: bool = False) -> None:
    expect(page.locator("html.live")).to_be_attached()
    expect(page.get_by_role("group").first.get_by_role("radio", checked=True)).to_be_focused()
    page.keyboard.type(numbers)
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    if look:
        assert findings(page) == []
    for _ in range(len(SCALED) + 1 - len(numbers)):
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ferdig med papiret")).to_be_focused()
    page.keyboard.press("Enter")


def test_a_leader_invites_by_keyboard_on_a_telephone(molde: Taken, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, LEADER)
    page.goto(f"/staff/rounds/{molde.village.round_id}")
    page.get_by_role("link", name="Intervjuere og de som skriver inn").press("Enter")
    expect(page.get_by_role("row", name=OUTSIDER)).to_have_count(2)
    assert findings(page) == []
    page.get_by_label("E-postadressen til kontoen").fill("nobody@x.no")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ingen har en konto")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
