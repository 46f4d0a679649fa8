"""What the ring and resting eyes do: rounds, rest, groups, shaking, bounds; and that everything is reached."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.settings import Settings
from tests.browser.axe import CONTRAST, findings, findings_in_a_moment
from tests.browser.hands import SHAKING, by_one_switch, by_pointer, by_resting, let_wait, small_village, stand_still
from tests.browser.respondent import WORDS
from tests.browser.ringed import COLOURS, REACHED, band, ring
from tests.browser.test_look import THEMES
from tests.village import Village


@pytest.fixture(scope="module")
def village(settings: Settings) -> Iterator[Village]:
    yield from small_village(settings)


@pytest.fixture
def page(page: Page) -> Page:
    return stand_still(page)


def first_question(page: Page, code: str, manner: str) -> None:
    page.goto(f"/s?practice=off&{manner}#{code}")
    page.locator("#start .big").evaluate("(button) => button.click()")
    page.locator("#begin").wait_for()
    page.evaluate("location.hash = 'q1'")
    page.locator("#q1.now").wait_for()
    page.clock.run_for(SHAKING)


def test_the_ring_goes_twice_round_then_rests_and_the_press_that_wakes_it_chooses_nothing(
    page: Page, code: str
) -> None:
    first_question(page, code, "way=scan&seconds=2")
    answers, cannot, bottom, top = (
        "5 3 1",
        WORDS["cant_answer"],
        f"{WORDS['back']} {WORDS['next']}",
        f"{WORDS['pause']} {WORDS['help']}",
    )
    seen = []
    for _ in range(8):
        seen.append(ring(page))
        page.clock.run_for(2000)
    assert seen == [answers, cannot, bottom, top] * 2
    assert ring(page) is None
    expect(page.locator("#resting")).to_be_visible()
    page.clock.run_for(600_000)
    expect(page.locator("#resting")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#resting")).to_be_hidden()
    assert ring(page) == answers
    assert page.locator("#answers :checked").count() == 0


def test_in_a_group_the_last_place_leads_out_and_so_do_two_rounds_in_which_nothing_is_pressed(
    page: Page, code: str
) -> None:
    first_question(page, code, "way=scan&seconds=1")
    page.keyboard.press("Enter")
    inside = []
    for _ in range(4):
        page.clock.run_for(1)
        inside.append(ring(page))
        page.clock.run_for(999)
    assert inside == ["5", "3", "1", "5 3 1"]
    page.clock.run_for(3000)
    assert page.locator("#ring").get_attribute("data-kind") == "leave"
    page.keyboard.press("Enter")
    assert (ring(page), page.locator("#ring").get_attribute("data-kind")) == ("5 3 1", "group")
    page.clock.run_for(400)
    page.keyboard.press("Enter")
    page.clock.run_for(8000)
    assert (ring(page), page.locator("#ring").get_attribute("data-kind")) == ("5 3 1", "group")


def test_a_key_held_or_pressed_again_at_once_is_one_press(page: Page, code: str) -> None:
    first_question(page, code, "way=scan&seconds=5&still=1")
    page.keyboard.down("Space")
    for _ in range(3):
        page.clock.run_for(700)
        page.keyboard.down("Space")  # as a key that is held repeats
    page.keyboard.up("Space")
    page.clock.run_for(900)
    page.keyboard.press("Space")  # too soon after it was let go
    assert (ring(page), page.locator("#answers :checked").count()) == ("5", 0)
    page.clock.run_for(200)
    page.keyboard.press("Space")
    assert page.locator("#answers :checked").get_attribute("value") == "5"


def test_what_counts_is_where_the_ring_was_when_the_press_began_and_never_what_is_under_the_finger(
    page: Page, code: str
) -> None:
    first_question(page, code, "way=scan&seconds=1")
    third = page.locator(".step.now .answer", has_text="1").bounding_box()
    assert third
    page.mouse.move(third["x"] + 20, third["y"] + 20)
    for _ in range(2):
        page.mouse.down()
        page.clock.run_for(5000)
        page.mouse.up()
        page.clock.run_for(301)
    assert page.locator("#answers :checked").get_attribute("value") == "5"


def test_seconds_of_a_link_count_within_their_bounds_else_the_usual_ones_do(page: Page, code: str) -> None:
    shown = page.locator("[data-number=seconds] output")
    for way, given, taken in (
        ("scan", "0.5", "0,5"), ("scan", "5", "5"), ("scan", "0.4", "1,5"), ("scan", "6", "1,5"),
        ("scan", "fast", "1,5"),
        ("scan", "", "1,5"), ("dwell", "0.3", "0,3"), ("dwell", "3", "3"), ("dwell", "0.2", "1"), ("dwell", "NaN", "1"),
    ):  # fmt: skip
        page.goto(f"/s?way={way}&seconds={given}")
        assert (shown.text_content(), given) == (taken, given)
    page.goto("/s?way=nobody%20knows")
    assert page.locator("html").get_attribute("data-way") == "usual"


# What the page asks the browser to sound.
ASKED = """() => {
  window.asked = { players: 0, ticks: 0, read: [] };
  window.AudioContext = class extends AudioContext {
    constructor() { super(); asked.players += 1; }
    createOscillator() { asked.ticks += 1; return super.createOscillator(); }
  };
  HTMLMediaElement.prototype.play = async function () { asked.read.push(new URL(this.src).pathname); };
}"""


@pytest.mark.parametrize("way", ["scan", "two"])
def test_what_the_ring_comes_to_is_heard_only_where_one_chose_it(page: Page, code: str, way: str) -> None:
    page.add_init_script(f"({ASKED})()")

    def asked(cue: str) -> dict[str, Any]:
        """Once round the groups, then to the first answer, which a voice speaks."""
        first_question(page, code, f"way={way}&seconds=1{cue}")
        page.locator("#q1 .face").first.evaluate("(face) => face.dataset.sound = 'bra.mp3'")
        for _ in range(4):
            if way == "two":
                page.keyboard.press("Space")
            page.clock.run_for(1000)
        page.keyboard.press("Enter")
        page.clock.run_for(1)
        assert ring(page) == "5"
        found: dict[str, Any] = page.evaluate("asked")
        return found

    assert asked("") == {"players": 0, "ticks": 0, "read": []}
    heard = asked("&cue=on")
    assert (heard["players"], heard["read"]) == (1, ["/speech/bra.mp3"])
    assert heard["ticks"] >= 4


def test_the_ring_waits_while_something_is_read(page: Page, code: str) -> None:
    first_question(page, code, "way=scan&seconds=1")
    page.evaluate("document.querySelector('#q1 .question').classList.add('lit')")
    before = ring(page)
    page.clock.run_for(10_000)
    assert ring(page) == before
    page.evaluate("document.querySelector('.lit').classList.remove('lit')")
    page.clock.run_for(1000)
    assert ring(page) != before


# Eyes


def middle(page: Page, selector: str, beside: float = 0) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2 + beside, box["y"] + box["height"] / 2


def test_eyes_may_blink_and_tremble_but_what_was_pressed_must_be_left_before_it_can_be_pressed_again(
    page: Page, code: str
) -> None:
    first_question(page, code, "way=dwell&seconds=1")
    answer = "#q1 .answer:has([value='5'])"
    page.mouse.move(*middle(page, answer))
    page.clock.run_for(600)
    page.mouse.move(*middle(page, answer, beside=30))  # within the same thing
    page.clock.run_for(100)
    page.mouse.move(512, 2)  # a blink
    page.clock.run_for(150)
    assert page.locator("#answers :checked").count() == 0
    page.mouse.move(*middle(page, answer))
    page.clock.run_for(450)
    assert page.locator("#answers :checked").get_attribute("value") == "5"
    page.mouse.move(*middle(page, "#next"))
    page.clock.run_for(900)
    assert page.locator("#ring").get_attribute("data-kind") == "rest"
    page.clock.run_for(200)
    expect(page.locator("#q2.now")).to_be_visible()
    page.clock.run_for(20_000)
    expect(page.locator("#q2.now")).to_be_visible()  # Next stands there still, and was not left
    page.mouse.move(512, 2)
    page.clock.run_for(500)
    page.mouse.move(*middle(page, "#next"))
    page.clock.run_for(1100)
    expect(page.locator("#q3.now")).to_be_visible()
    page.mouse.move(512, 2)
    page.clock.run_for(20_000)
    expect(page.locator("#q3.now")).to_be_visible()  # nothing happens where there is nothing
    assert ring(page) is None


def test_a_gaze_program_that_clicks_by_itself_is_not_pressed_twice(page: Page, code: str) -> None:
    first_question(page, code, "way=dwell&seconds=1")
    page.mouse.move(*middle(page, "#next"))
    page.clock.run_for(800)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#q2.now")).to_be_visible()
    page.clock.run_for(5000)
    expect(page.locator("#q2.now")).to_be_visible()


# Choosing a way


def test_chosen_in_pictures_it_begins_when_the_panel_closes_follows_to_thanks_and_ends_there(
    page: Page, code: str
) -> None:
    page.goto(f"/s?practice=off#{code}")
    press = by_pointer(page, "tap")
    press("[data-opens=way]")
    press("[name=way][value=scan]")
    press("[name=speed][value=slow]")
    press("[data-number=seconds] [data-by='1']")
    expect(page.locator("[data-number=seconds] output")).to_have_text("3,25")
    press("[name=cue]")
    expect(page.locator("html")).to_have_attribute("data-way", "usual")
    press("#way form button")
    expect(page.locator("html")).to_have_attribute("data-way", "scan")
    one_press = by_one_switch(page, lambda: page.keyboard.press("Enter"))
    one_press("#start .big")
    page.locator("#begin").wait_for()
    expect(page.locator("html")).to_have_attribute("data-way", "scan")
    page.locator("#stop-yes").evaluate("(button) => button.click()")
    one_press("#outcome a")
    page.locator("#code").wait_for()
    expect(page.locator("html")).to_have_attribute("data-way", "usual")


def test_who_has_only_a_switch_or_only_eyes_opens_the_panel_and_works_it(page: Page) -> None:
    page.goto("/s")
    page.keyboard.press("Enter")
    by_one_switch(page, lambda: page.keyboard.press("Enter"))("[name=way][value=two]")
    by_one_switch(page, lambda: page.keyboard.press("Enter"))("#way form button")
    expect(page.locator("html")).to_have_attribute("data-way", "two")
    page.goto("/s?")
    by_resting(page, 3000)("[data-opens=way]")
    by_resting(page, 1000)("[name=way][value=dwell]")
    by_resting(page, 1000)("#way form button")
    expect(page.locator("html")).to_have_attribute("data-way", "dwell")


# Everything can be reached


def test_on_every_sight_the_ring_reaches_everything_in_sight_of_the_eyes(page: Page, code: str) -> None:
    page.set_viewport_size({"width": 800, "height": 500})
    manner = "way=two&still=0"

    def reached(sight: str) -> None:
        page.clock.run_for(SHAKING)
        found = page.evaluate(REACHED)
        assert (found["missed"], found["hidden"]) == ([], []), sight
        assert found["presses"] <= 60, sight

    for address in ("/about", "/accessibility", "/nowhere", "/s"):
        page.goto(f"{address}?{manner}")
        reached(address)
    let_wait(page, code)
    page.goto(f"/queue?{manner}")
    page.locator("#helper summary").evaluate("(summary) => summary.click()")
    page.locator("#card .picture").wait_for()
    reached("queue")
    page.goto(f"/s?{manner}")
    page.locator("[data-writes]").evaluate("(button) => button.click()")
    reached("writing")
    first_question(page, code, f"{manner}&practice=on")
    for step in page.evaluate("[...document.querySelectorAll('.step:not([hidden])')].map(({ id }) => id)"):
        page.evaluate("(step) => location.hash = step", step)
        page.locator(f"#{step}.now").wait_for()
        reached(step)
        if step == "q1":
            page.locator("#q1 .cant").evaluate("(button) => button.click()")
            reached("cannot answer")
    for panel in page.evaluate("[...document.querySelectorAll('dialog[id]')].map(({ id }) => id)"):
        page.evaluate("(id) => document.getElementById(id).showModal()", panel)
        page.locator(f"#{panel} details").evaluate_all("(all) => all.forEach((part) => part.open = true)")
        reached(panel)
        page.evaluate("(id) => document.getElementById(id).close()", panel)


def test_in_each_theme_the_ring_is_seen_and_axe_finds_nothing_while_it_goes_round_and_while_it_fills(
    page: Page, code: str
) -> None:
    def looked_at(what: str, filled: bool) -> None:
        for theme in THEMES:
            page.evaluate("(theme) => document.documentElement.dataset.theme = theme", theme)
            focus, paper = page.evaluate(COLOURS)
            assert band(page) == [focus, focus if filled else paper], (what, theme)
            assert findings_in_a_moment(page, None if theme == THEMES[0] else CONTRAST) == [], (what, theme)

    first_question(page, code, "way=scan&seconds=5")
    looked_at("a group", filled=True)
    first_question(page, code, "way=dwell&seconds=3")
    page.mouse.move(*middle(page, "#q1 .answer:has([value='5'])"))
    page.clock.run_for(1500)
    looked_at("half of the time", filled=False)
    assert page.locator("#answers :checked").count() == 0


def test_axe_finds_nothing_where_the_ring_rests(page: Page, code: str) -> None:
    first_question(page, code, "way=scan&seconds=1")
    page.clock.run_for(20_000)
    expect(page.locator("#resting")).to_be_visible()
    page.clock.resume()  # axe needs time
    # What lies over everything hides its ground from axe; it is the page's own ink on paper, as in each theme.
    assert [found for found in findings(page) if "#resting" not in found] == []
