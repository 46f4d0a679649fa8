"""Talk to somebody, in a real browser: from Help and after a question on fear, told, and seen by an adviser."""

from collections.abc import Callable, Iterator
from itertools import chain

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, select

from survey.questionnaire.answers import Answer
from survey.settings import Settings
from survey.speech.library import name_of
from survey.speech.voices import VOICES
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.tables import TalkRequest
from tests.browser.conftest import RESIDENTS, findings
from tests.browser.respondent import WORDS, answer, begin, press, skip, thanked, to_send, with_sound
from tests.browser.sights import KEEP, look_about
from tests.browser.test_sights import at_every_size, everything
from tests.staffed import PASSWORD, employ
from tests.village import Village

AFRAID = next(number for number, question in enumerate(RESIDENTS.questions, 1) if question.offer_talk)


@pytest.fixture(scope="module")
def village(village: Village, settings: Settings) -> Village:
    """With somebody who sees who asks to talk, and a contact whose name is read aloud."""
    employ(village.database, "anna@bergen.no", [QUALITY_ADVISER])
    sounds = settings.data / "speech"
    spoken = next(sounds.glob("*.mp3")).read_bytes()
    (sounds / name_of("Ola Berg", VOICES["nb"])).write_bytes(spoken)
    return village


@pytest.fixture
def asked(village: Village) -> Callable[[], list[tuple[str, str]]]:
    """Whom people have asked for since the test began, and under which name."""
    with village.database.begin() as connection:
        connection.execute(delete(TalkRequest))

    def look() -> list[tuple[str, str]]:
        with village.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(TalkRequest.contact, TalkRequest.name))]

    return look


@pytest.fixture
def staff(browser: Browser, served: str) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(base_url=served, locale="nb-NO")
    page = context.new_page()
    page.goto("/staff/")
    page.get_by_label("E-postadresse").fill("anna@bergen.no")
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    yield page
    context.close()


def choose(page: Page, side: str) -> None:
    page.locator(f"#talk-who [value={side}]").tap()
    expect(page.locator("#talk-sure")).to_be_focused()


def test_a_resident_asks_from_help_is_told_and_goes_on_with_all_answers_still_there(
    page: Page, code: str, staff: Page, asked: Callable[[], list[tuple[str, str]]], opened: Callable[[], list[Answer]]
) -> None:
    begin(page, code)
    answer(page, "Bra")
    press(page, "help")
    press(page, "talk")
    expect(page.get_by_role("dialog", name=WORDS["talk_title"])).to_be_visible()
    choose(page, "elsewhere")
    expect(page.locator("#talk-chosen")).to_contain_text("Ingrid Vik")
    press(page, "talk_yes")
    expect(page.get_by_role("dialog", name=WORDS["talk_told"])).to_be_visible()
    assert asked() == [("Ingrid Vik", "")]
    press(page, "go_on")
    skip(page)
    to_send(page)
    press(page, "send")
    thanked(page)
    (sent,) = opened()
    assert sent.values[RESIDENTS.questions[0].id] == 5

    staff.reload()
    staff.get_by_role("link", name="Noen vil snakke med noen (1)").click()
    expect(staff.get_by_role("article", name="Arna")).to_contain_text("Vil snakke med Ingrid Vik, fra et annet sted.")
    staff.get_by_role("button", name="Jeg har gitt beskjed").click()
    expect(staff.get_by_role("article", name="Arna")).to_contain_text("Beskjed er gitt.")
    assert findings(staff) == []


def test_after_a_question_on_fear_the_offer_comes_quietly_and_nothing_moves(page: Page, code: str) -> None:
    begin(page, code)
    page.evaluate(f"location.hash = 'q{AFRAID}'")
    offer = page.locator(".step.now").get_by_role("button", name=WORDS["talk_offer"])
    places = "[...document.querySelectorAll('.step.now .answer')].map((each) => each.getBoundingClientRect().top)"
    before = page.evaluate(places)
    expect(offer).to_be_hidden()
    answer(page, "Ja")
    expect(offer).to_be_visible()
    assert page.evaluate(places) == before
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    offer.tap()
    expect(page.get_by_role("dialog", name=WORDS["talk_title"])).to_be_visible()


def test_a_name_that_a_voice_reads_is_heard_and_nobody_on_the_network_learns_of_it(page: Page, code: str) -> None:
    with_sound(page, code)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    press(page, "help")
    press(page, "talk")
    page.locator("#talk-who .listen").tap()
    expect(page.locator(".lit")).to_have_text("Ola Berg")
    page.locator("#talk-who [value=here]").tap()
    expect(page.locator("#talk-chosen [data-sound]")).to_have_text("Ola Berg")
    assert [url for url in fetched if not url.startswith("blob:")] == []


def test_a_name_is_given_only_by_who_turns_it_on(
    page: Page, code: str, asked: Callable[[], list[tuple[str, str]]]
) -> None:
    begin(page, code)
    press(page, "help")
    press(page, "talk")
    choose(page, "here")
    expect(page.get_by_label(WORDS["talk_your_name"])).to_be_hidden()
    page.get_by_label(WORDS["talk_name"]).check()
    page.get_by_label(WORDS["talk_your_name"]).fill("Kari " * 30)
    press(page, "talk_yes")
    expect(page.locator("#talk-failed")).to_have_text(WORDS["talk_name_too_long"])
    expect(page.locator("#talk-name")).to_have_value("Kari " * 30)
    page.get_by_label(WORDS["talk_your_name"]).fill("Kari Nes")
    press(page, "talk_yes")
    expect(page.locator("#talk-told")).to_be_visible()
    assert asked() == [("Ola Berg", "Kari Nes")]
    assert page.locator("#talk-name").input_value() == ""


def test_without_network_it_says_so_keeps_all_and_asks_once_when_pressed_again(
    page: Page, code: str, asked: Callable[[], list[tuple[str, str]]]
) -> None:
    begin(page, code)
    answer(page, "Bra")
    press(page, "help")
    press(page, "talk")
    choose(page, "here")
    page.route("**/talk", lambda route: route.abort())
    press(page, "talk_yes")
    expect(page.get_by_role("alert").filter(has_text=WORDS["talk_failed"])).to_be_visible()
    assert asked() == []
    page.unroute("**/talk")
    press(page, "talk_yes")
    press(page, "go_on")
    assert asked() == [("Ola Berg", "")]
    expect(page.locator(".step.now input:checked")).to_have_count(1)
    press(page, "help")
    press(page, "talk")
    page.locator("#talk-who [value=here]").tap()
    expect(page.locator("#talk-told")).to_be_visible()  # told already


def test_without_script_the_contacts_stand_on_the_page_and_the_answers_stay(
    browser: Browser, served: str, code: str, asked: Callable[[], list[tuple[str, str]]]
) -> None:
    context = browser.new_context(base_url=served, java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    page.goto("/s")
    page.locator("#code").fill(code)
    page.get_by_role("button", name=WORDS["start"]).click()
    with context.expect_page() as opening:
        page.locator("#talk [value=elsewhere]").click()
    expect(opening.value.get_by_role("heading", name=WORDS["talk_told"])).to_be_visible()
    assert asked() == [("Ingrid Vik", "")]
    assert page.locator("#answers").count() == 1
    context.close()


def sights(page: Page, code: str) -> Iterator[str]:
    """What one sees on the way to being told."""
    page.goto(f"/s#{code}")
    page.locator("#start .big").click()
    page.locator("html.live").wait_for()
    page.evaluate(KEEP)
    # Whose words break over what lies behind the panel, axe cannot decide on: nothing lies there.
    page.evaluate("for (const behind of document.querySelectorAll('#answers, .ways')) behind.hidden = true")
    page.locator("#help-button").click()
    page.locator("#talk-button").click()
    yield "whom"
    page.locator("#talk-who [value=here]").click()
    page.get_by_label(WORDS["talk_name"]).check()
    page.route("**/talk", lambda route: route.abort())
    page.locator("#talk-yes").click()
    page.locator("#talk-failed .message").wait_for()
    yield "what will happen, and that it failed"
    page.unroute("**/talk")
    page.locator("#talk-yes").click()
    page.locator("#talk-told").wait_for()
    yield "told"


def test_nothing_is_wrong_with_any_sight(page: Page, code: str) -> None:
    look_about(page)
    page.emulate_media(reduced_motion="reduce")
    wrong = [
        f"{sight}: {finding}"
        for sight in sights(page, code)
        for finding in chain(
            everything(page, "nb"),
            page.evaluate("checks.restless()"),
            at_every_size(page, (100, 300)),
        )
    ]
    assert not wrong, "\n".join(wrong)
