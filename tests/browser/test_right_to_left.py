"""A language from right to left, which a municipality has added in its own content: the page turns round."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from survey.questionnaire.answers import Answer
from survey.questionnaire.loading import load_folder
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from tests.arabic import WORDS, lay_in
from tests.browser.axe import findings
from tests.browser.conftest import serve
from tests.browser.respondent import to_send
from tests.village import Village


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("installation")
    lay_in(folder / "content")
    names = {"MEDVIRK_DATA": "data", "MEDVIRK_KEYS": "keys", "MEDVIRK_CONTENT": "content"}
    return Settings.from_environment({name: f"{folder}/{part}" for name, part in names.items()})


@pytest.fixture(scope="module")
def village(settings: Settings) -> Iterator[Village]:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, settings.keys.parent)
    village.round_id = village.open_round(questionnaire=load_folder(settings.content)["garden-residents"])
    yield village
    database.dispose()


@pytest.fixture(scope="module")
def served(settings: Settings, village: Village) -> Iterator[str]:
    folders = {"MEDVIRK_DATA": settings.data, "MEDVIRK_KEYS": settings.keys, "MEDVIRK_CONTENT": settings.content}
    yield from serve({name: str(folder) for name, folder in folders.items()})


def left(place: Locator) -> float:
    expect(place).to_be_visible()
    box = place.bounding_box()
    assert box
    return box["x"]


def pressed(page: Page, name: str) -> None:
    page.get_by_role("button", name=WORDS[name], exact=True).press("Enter")


def test_from_the_code_page_to_thanks_in_arabic(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    html = page.locator("html[lang=ar][dir=rtl]")
    page.goto(f"/s?practice=off#{code}")
    page.get_by_role("link", name=WORDS["language_ar"]).tap()
    expect(html).to_be_attached()
    assert findings(page) == []
    pressed(page, "start")
    page.locator("html.live body.questionnaire").wait_for()
    begin = page.locator("#begin")
    assert left(begin) < 100 < left(page.locator("#pause-button"))  # on the side where one goes on
    begin.press("Enter")
    expect(page.locator(".step.now h2")).to_have_text("هل أنت سعيد في الحديقة؟")
    following, back = page.locator("#next"), page.locator("#back")
    assert left(following) < 100 < 700 < left(back)
    mirrored = "(arrow) => new DOMMatrix(getComputedStyle(arrow).transform).a"
    assert following.locator(".symbol").evaluate(mirrored) == -1
    dots = page.locator(".dots li")
    assert left(dots.first) > left(dots.last)
    yes, no = page.locator(".step.now [data-ladders] .face").first, page.locator(".step.now [data-ladders] .face").last
    assert left(yes) > left(no)
    page.locator(".step.now input[value='5']").press("Space")
    mark = yes.evaluate("(face) => getComputedStyle(face, '::before').right")
    assert float(mark.removesuffix("px")) > 50  # at the end of the answer: on the left
    assert findings(page) == []
    page.evaluate("document.querySelector('#look [value=right]').click()")
    assert left(following) > 700 > 100 > left(back)
    page.locator("#help-button").press("Enter")
    speech = page.locator("#read-page, #speak-answers, #read-slowly, .listen")
    assert speech.filter(visible=True).count() == 0
    pressed(page, "close")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    to_send(page)
    pressed(page, "send")
    expect(page.get_by_role("heading", name=WORDS["thanks_title"])).to_be_visible()
    expect(page).to_have_title(WORDS["thanks_title"])
    (answer,) = opened()
    assert (answer.language, answer.values["glad"]) == ("ar", 5)
