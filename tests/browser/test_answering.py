"""A respondent's page in a real browser: by touch, by keyboard, without network, without script, and afterwards."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from survey.access.codes import shown
from survey.questionnaire.answers import Answer
from survey.questionnaire.loading import SHIPPED, load_folder
from tests.browser.respondent import (
    OVERLAPPING,
    WORDS,
    answer,
    begin,
    press,
    skip,
    skip_to,
    thanked,
    to_send,
    with_sound,
)
from tests.village import Village

QUESTIONNAIRES = load_folder(SHIPPED)
RESIDENTS, RELATIVES = QUESTIONNAIRES["day-centre-residents"], QUESTIONNAIRES["relatives"]
FIRST = RESIDENTS.questions[0]


def test_a_resident_answers_by_touch_and_sends(
    page: Page, context: BrowserContext, code: str, opened: Callable[[], list[Answer]]
) -> None:
    asked: list[Request] = []
    with_sound(page, code)
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  Playwright marks what it is given
    for question in RESIDENTS.questions:
        expect(page.locator(".step.now .question")).to_have_text(question.text["nb"])
        assert question.scale
        if question.id == "afraid":
            press(page, "cant_answer")
            answer(page, WORDS["dont_want"])
        elif question.id != "food":
            answer(page, question.scale.options_for(3)[1].text["nb"])
        skip(page)
    answer(page, WORDS["support_some"])
    press(page, "next")
    assert asked == []
    press(page, "send")
    thanked(page)
    assert [(request.method, request.url.rpartition("/")[2]) for request in asked] == [("POST", "submit")]
    middle = {question.id: 3 for question in RESIDENTS.questions}
    assert opened() == [Answer("nb", 3, "some", middle | {"afraid": "dont_want", "food": None}, {})]
    assert context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_back_and_reload_after_thanks_show_nothing(page: Page, code: str) -> None:
    begin(page, code)
    answer(page, "Bra")
    while not page.locator("#send").is_visible():
        skip(page)  # one after another: each is a step for the browser's Back
    page.evaluate("window.kept = [...document.querySelectorAll('input, textarea')]")
    press(page, "send")
    thanked(page)
    assert not page.evaluate("window.kept.some((field) => field.checked || field.value || field.defaultValue)")
    assert code not in page.content()
    assert page.locator("input").count() == 0
    for _ in range(5):
        page.go_back()
        assert page.locator(".step").count() == 0
        assert code not in page.content()
    while page.evaluate("navigation.canGoBack"):
        page.go_back()
        assert page.locator(".step").count() == 0
    expect(page.locator("#code")).to_have_value("")
    page.reload()
    expect(page.locator("#code")).to_have_value("")


def test_a_questionnaire_left_half_way_is_not_there_for_the_next_person(page: Page, code: str) -> None:
    restored: list[str] = []
    page.on("console", lambda message: restored.append(message.text))
    page.add_init_script("addEventListener('pageshow', ({persisted}) => persisted && console.log('from memory'))")
    begin(page, code)
    answer(page, "Bra")
    page.goto("/about")
    page.go_back()
    expect(page.locator("#code")).to_have_value("")
    assert restored == ["from memory"]  # the back/forward cache was on
    assert page.locator(".step").count() == 0


def test_reloading_leads_to_the_code_page(page: Page, code: str) -> None:
    begin(page, code)
    answer(page, "Bra")
    page.reload()
    expect(page.locator("#code")).to_have_value("")


def test_the_first_page_and_the_questionnaire_are_light_and_ask_no_other_host(
    page: Page, code: str, served: str
) -> None:
    seen: list[Request] = []
    page.on("request", lambda request: seen.append(request))  # noqa: PLW0108  Playwright marks what it is given
    begin(page, code)
    page.wait_for_load_state("networkidle")
    assert all(request.url.startswith((served, "data:")) for request in seen)
    fetched = [request for request in seen if request.url.startswith(served)]
    opening = next(index for index, request in enumerate(fetched) if request.url.endswith("/start"))
    for requests in (fetched[:opening], fetched[opening:]):
        assert len(requests) <= 12
        assert sum(request.sizes()["responseBodySize"] for request in requests) <= 100_000


def test_a_hand_that_presses_twice_skips_no_question(page: Page, code: str) -> None:
    begin(page, code)
    page.locator("#next").dblclick()
    expect(page.locator(".step.now")).to_have_id("q2")


@pytest.mark.parametrize(("first", "button", "under"), [("pause", "#pause .big", "3"), ("next", ".cant", "dont_know")])
def test_a_hand_that_presses_twice_chooses_nothing_that_comes_under_it(
    page: Page, code: str, first: str, button: str, under: str
) -> None:
    begin(page, code)
    press(page, first)
    page.locator(f"{button}:visible").dblclick()
    chosen = page.locator(".step input:checked")
    assert chosen.count() == 0
    expect(page.locator(".settling")).to_have_count(0)
    page.mouse.down()
    page.mouse.up()
    expect(chosen).to_have_value(under)


def test_a_code_used_meanwhile_is_told_and_everything_is_wiped(page: Page, code: str, village: Village) -> None:
    begin(page, code)
    village.send(code, Answer("nb", 3, "none", {}, {}))
    skip_to(page, "#send")
    press(page, "send")
    expect(page.get_by_role("heading", name=WORDS["nothing_title"])).to_be_visible()
    press(page, "nothing_back")
    expect(page.locator("#q1.now")).to_be_visible()
    skip_to(page, "#send")
    press(page, "send")
    press(page, "nothing_send")
    for phrase in ("answered_before", "code_not_valid", "ask_for_code"):
        expect(page.get_by_text(WORDS[phrase])).to_be_visible()
    assert code not in page.content()


def test_an_answer_that_must_be_put_right_is_shown_where_it_stands(page: Page, code: str) -> None:
    begin(page, code)
    page.evaluate("document.querySelector('#q2 input').value = '7'")
    skip(page)
    answer(page, "Ja")
    to_send(page)
    press(page, "send")
    expect(page.locator(".step.now .question")).to_have_text(RESIDENTS.questions[1].text["nb"])
    expect(page.get_by_text(WORDS["choose_shown_answers"])).to_be_visible()


def test_pause_covers_the_screen_and_keeps_the_answers(page: Page, code: str) -> None:
    begin(page, code)
    answer(page, "Bra")
    press(page, "pause")
    expect(page.locator(".settling")).to_have_count(0)
    corners = [[x, y] for x in (1, 512, 1022) for y in (1, 384, 766)]
    covered = "points => points.every(([x, y]) => document.elementFromPoint(x, y).closest('#pause'))"
    assert page.evaluate(covered, corners)
    press(page, "go_on")
    assert page.locator(".step.now input:checked").get_attribute("value") == "5"


def test_next_is_quiet_until_something_is_chosen_and_skips_without(page: Page, code: str) -> None:
    begin(page, code)
    expect(page.locator("#next")).not_to_have_class(re.compile("strong"))
    answer(page, "Bra")
    expect(page.locator("#next")).to_have_class(re.compile("strong"))
    press(page, "next")
    expect(page.locator("#next")).not_to_have_class(re.compile("strong"))
    page.go_back()
    expect(page.locator(".step.now .question")).to_have_text(FIRST.text["nb"])


def test_who_helps_may_offer_fewer_answers_and_a_choice_that_goes_is_no_longer_chosen(
    page: Page, code: str, opened: Callable[[], list[Answer]]
) -> None:
    begin(page, code)
    answer(page, "Midt imellom")
    press(page, "next")
    answer(page, "Ja")
    for number, shown_answers in (("5", 5), ("2", 2)):
        press(page, "help")
        page.locator(f"#help label:has([value='{number}'])").tap()
        press(page, "close")
        assert page.locator(".step.now [data-ladders]:visible").count() == shown_answers
    to_send(page)
    press(page, "send")
    thanked(page)
    (sent,) = opened()
    assert (sent.ladder, sent.values["thrive"], sent.values["glad"]) == (2, None, 5)


def test_a_link_that_came_to_harm_is_told(page: Page, code: str) -> None:
    page.goto(f"/s#{code[:-1]}")
    expect(page.locator("#problem")).to_have_text(WORDS["code_mistyped"])


@pytest.mark.parametrize("stage", ["in the middle", "after thanks"])
def test_a_card_scanned_into_a_page_in_use_begins_anew(page: Page, village: Village, stage: str) -> None:
    first, second = village.codes(2)
    begin(page, first)
    answer(page, "Bra")
    if stage == "after thanks":
        to_send(page)
        press(page, "send")
        thanked(page)
    page.goto(f"/s#{second}")
    expect(page.locator("#code")).to_have_value(shown(second))
    begin(page, second)
    expect(page.locator("input[name=code]").first).to_have_value(second)
    assert page.locator(".step input:checked").count() == 0


def test_stop_asks_and_then_takes_everything_away(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    begin(page, code)
    answer(page, "Bra")
    page.go_back()
    expect(page.locator("#welcome.now")).to_be_visible()
    page.go_back()  # would lose code and answers: it asks
    press(page, "stop_no")
    page.go_forward()
    expect(page.locator("#q1.now input:checked")).to_have_value("5")
    for way in ("stop_no", "stop_yes"):
        press(page, "help")
        press(page, "stop_and_delete")
        assert page.locator("#stop .place:has(.listen) #stop-yes").count() == 1  # both answers can be heard
        press(page, way)
    expect(page.get_by_role("heading", name=WORDS["stopped_title"])).to_be_visible()
    assert code not in page.content()
    assert opened() == []


def test_the_language_cannot_be_changed_by_mistake_when_something_is_answered(page: Page, code: str) -> None:
    begin(page, code)
    press(page, "back")
    expect(page.locator(".languages")).to_be_visible()
    page.locator("#begin").press("Enter")
    answer(page, "Bra")
    press(page, "back")
    expect(page.locator(".languages")).to_be_hidden()


def test_by_keyboard_alone(page: Page, code: str, opened: Callable[[], list[Answer]]) -> None:
    page.goto("/s?practice=off")
    page.keyboard.press("Tab")
    page.locator("#code").focus()
    page.keyboard.type(code.lower())
    expect(page.locator("#code")).to_have_value(shown(code))
    page.keyboard.press("Enter")
    page.locator("#begin").focus()
    page.keyboard.press("Enter")
    for _ in RESIDENTS.questions:
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.type") != "radio":
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    to_send(page)
    page.locator("#send-button").focus()
    page.keyboard.press("Enter")
    thanked(page)
    (sent,) = opened()
    assert set(sent.values.values()) == {5}


def test_without_script_everything_stands_on_one_page_and_is_sent(
    browser: Browser, served: str, code: str, opened: Callable[[], list[Answer]]
) -> None:
    context = browser.new_context(base_url=served, java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    page.goto("/s")
    page.locator("#code").fill(code)
    page.get_by_role("button", name=WORDS["start"]).click()
    page.locator("#q1").get_by_role("radio", name="Bra", exact=True).check()
    page.locator("#q2").get_by_role("radio", name=WORDS["dont_know"]).check()
    assert page.locator("#pause-button, #help-button, #next, .cant, .listen").filter(visible=True).count() == 0
    page.locator("#send-button").click()
    thanked(page)
    context.close()
    (sent,) = opened()
    assert (sent.values["thrive"], sent.values["glad"], sent.values["safe"]) == (5, "dont_know", None)


def test_a_code_is_told_mistyped_at_once_and_grouped_as_it_is_written(page: Page, code: str) -> None:
    page.goto("/s")
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    page.locator("#code").press_sequentially(wrong.lower())
    expect(page.locator("#problem")).to_have_text(WORDS["code_mistyped"])
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.press("Backspace")
    expect(page.locator("#problem")).to_have_text("")
    page.keyboard.type(code[-1])
    expect(page.locator("#code")).to_have_value(shown(code))
    expect(page.locator("#told")).to_have_text(WORDS["code_ready"])


def test_a_scanned_code_leaves_the_address_at_once_and_follows_into_another_language(page: Page, code: str) -> None:
    page.goto("/about")
    page.goto(f"/s#{shown(code)}")
    expect(page.locator("#code")).to_be_hidden()
    assert page.evaluate("location.href").endswith("/s")
    for _ in range(2):  # before and after the browser's Back, no stray press loses it
        expect(page.get_by_role("heading", name=WORDS["code_ready"])).to_be_visible()
        expect(page.locator("#code")).to_have_value(shown(code))
        expect(page.locator("footer a").filter(visible=True)).to_have_count(0)
        assert code not in str(page.evaluate("navigation.entries().map(({ url }) => url)")).replace("-", "")
        page.go_back(wait_until="commit")
    expect(page.locator("h1")).to_have_text(WORDS["about"])
    page.goto(f"/s#{code}")
    page.get_by_role("link", name="English").tap()
    expect(page.get_by_role("button", name="Start")).to_be_focused()
    assert code not in page.url
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="Nynorsk").tap()
    expect(page.locator("html")).to_have_attribute("lang", "nn")


@pytest.mark.parametrize("fragment", ["q3", "ABCDEFGHJKMN", "23456789", "%E0%A4"])
def test_a_fragment_that_is_no_code_is_thrown_away(page: Page, fragment: str) -> None:
    page.goto(f"/s#{fragment}")
    expect(page.locator("#code")).to_have_value("")
    assert page.url.endswith("/s")


def test_a_relative_writes_a_comment_and_sees_how_much_room_is_left(page: Page, village: Village) -> None:
    round_id = village.open_round(audience="relative", questionnaire=RELATIVES, service_kind="day_centre")
    begin(page, village.codes(round_id=round_id)[0])
    assert page.locator(".step.now legend .symbol").is_hidden()
    skip_to(page, "textarea")
    assert page.evaluate(OVERLAPPING) == []
    page.locator("textarea").fill("x" * 1400)
    expect(page.locator(".step.now .left")).to_have_text(WORDS["comment_left"].format(n=100))
    press(page, "next")
    assert page.locator("#send-button").is_visible()  # nobody asks a relative who helped
    press(page, "send")
    thanked(page)
    assert page.locator("a, button:visible").count() == 0  # no tablet to hand on, no other code to look for


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (768, 1024)])
def test_the_whole_welcome_is_seen_on_a_tablet_without_scrolling(
    page: Page, code: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"/s#{code}")
    press(page, "start")
    page.locator("html.live").wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") <= height
