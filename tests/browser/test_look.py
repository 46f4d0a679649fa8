"""How a respondent lets the page look: colours, letters, order of answers, side of Next; for this page alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from survey.questionnaire.answers import Answer
from survey.storage.tables import Round
from tests.browser.axe import CONTRAST, findings
from tests.browser.conftest import RESIDENTS
from tests.browser.respondent import WORDS, begin, press, skip, thanked, to_send
from tests.village import Village

THEMES = ("light", "dark", "soft", "contrast")
SIZES = ("100", "150", "200", "300")
GROWN = "getComputedStyle(document.documentElement).getPropertyValue('--grow')"
SCREENS = [(1024, 768), (768, 1024), (390, 844), (320, 256)]


def choose(page: Page, name: str, value: str) -> None:
    """In Help, under "Bilder og lyd"; Help stays open."""
    if not page.locator("#help").is_visible():
        press(page, "help")
    if not page.locator("#look fieldset").first.is_visible():
        page.locator("#look summary").tap()
    page.locator(f"#look label:has([name={name}][value='{value}'])").tap()


def set_look(page: Page, name: str, value: str) -> None:
    """What `choose` gives, without the way there."""
    page.evaluate("(chosen) => document.querySelector(chosen).click()", f"#look [name={name}][value='{value}']")


# How far the middle of what was chosen goes, in the page's own next moment, from the smallest letters to the largest.
MOVED = """() => {
  const [choice, other] = ["300", "100"].map((size) => document.querySelector(`#look [name=size][value="${size}"]`));
  const middle = () => (({ top, height }) => top + height / 2)(choice.getBoundingClientRect());
  const now = document.querySelector("#look [name=size]:checked");
  other.click();
  document.getElementById("help").showModal();
  document.getElementById("look").open = true;
  choice.scrollIntoView({ block: "center" });
  const before = middle();
  choice.click();
  const moved = Math.abs(middle() - before);
  now.click();
  document.getElementById("help").close();
  return moved;
}"""


def send(page: Page) -> None:
    to_send(page)
    page.locator("#send-button").press("Enter")
    thanked(page)


CONTRASTS = """(names) => {
  const style = getComputedStyle(document.documentElement);
  const pen = document.createElement("canvas").getContext("2d");
  const light = (name) => {
    pen.fillStyle = style.getPropertyValue(`--${name}`);
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return names.map(([one, other]) => {
    const [dim, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dim + 0.05);
  });
}"""
GROUNDS = ("paper", "card", "chosen")
FAINT = """<!doctype html><title>Faint</title>
<p id="a" style="color: #eee">Words</p><p id="b" style="color: #666">Words</p><p id="c" style="color: #555">Words</p>
<p id="d" style="font-size: 30px; color: #aaa">Words</p><p id="e" style="font-size: 30px; color: #767676">Words</p>
<p id="f" style="background: linear-gradient(#000, #fff)">Words</p>"""


def test_words_fainter_than_seven_to_one_or_on_an_unknown_ground_are_found_however_faint(page: Page) -> None:
    page.set_content(FAINT)
    found = [finding.split("color-contrast-enhanced: #")[1][0] for finding in findings(page, CONTRAST)]
    assert found == ["a", "b", "d", "f"]


def test_words_stand_out_seven_times_and_marks_and_focus_three_times(page: Page, code: str) -> None:
    begin(page, code)
    words = [*[("ink", ground) for ground in GROUNDS], ("quiet", "paper"), ("quiet", "card"), ("accent-ink", "accent")]
    marks = [(mark, ground) for mark in ("line", "chosen-line", "focus", "alarm", "accent") for ground in GROUNDS[:2]]
    for theme in THEMES:
        set_look(page, "theme", theme)
        assert min(page.evaluate(CONTRASTS, words)) >= 7, theme
        assert min(page.evaluate(CONTRASTS, marks)) >= 3, theme


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_until_one_is_chosen_the_theme_is_the_systems(page: Page, code: str, scheme: str) -> None:
    colours = (
        "() => [...'paper card ink quiet line accent chosen focus tile'.split(' ')].map("
        "(name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`))"
    )
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    begin(page, code)
    systems = page.evaluate(colours)
    press(page, "help")
    assert page.locator("[name=theme]:checked").get_attribute("value") == scheme
    page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    expect(page.locator(f"[name=theme][value={scheme}]")).not_to_be_checked()
    assert page.evaluate(colours) != systems
    choose(page, "theme", scheme)
    assert page.evaluate(colours) == systems


LETTERS = "parseFloat(getComputedStyle(document.body).fontSize)"


def test_letters_grow_as_much_as_is_wanted(page: Page, code: str) -> None:
    begin(page, code)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        set_look(page, "size", "100")
        usual = page.evaluate(LETTERS)
        for size in SIZES[1:]:
            set_look(page, "size", size)
            assert page.evaluate(LETTERS) >= usual * int(size) / 100 - 0.1
        assert page.evaluate(MOVED) < 1, "what was pressed stays under the finger"


def test_answers_turned_stand_the_other_way_on_every_question_and_mean_the_same(
    page: Page, code: str, opened: Callable[[], list[Answer]]
) -> None:
    begin(page, code)
    page.locator(".step.now .answer", has_text="Bra").first.tap()
    set_look(page, "order", "turned")
    assert page.locator(".step.now .answers:not(.cannot) input:visible").evaluate_all(
        "(all) => all.map(({ value, checked }) => [value, checked])"
    ) == [["1", False], ["3", False], ["5", True]]
    for _ in RESIDENTS.questions[1:]:
        skip(page)
        page.locator(".step.now .answers:not(.cannot) [data-ladders~='3']:first-child input").press("Space")
    skip(page)
    names = page.locator("#support input").evaluate_all("(all) => all.map(({ value }) => value)")
    assert names == ["none", "some", "by_other"]
    send(page)
    (answer,) = opened()
    values = answer.values
    assert values.pop("thrive") == 5
    assert set(values.values()) == {1}


def test_left_handed_next_and_back_change_sides_for_the_eye_and_for_the_keyboard(page: Page, code: str) -> None:
    begin(page, code)
    choose(page, "hand", "left")
    press(page, "close")
    following, back = page.locator("#next").bounding_box(), page.locator("#back").bounding_box()
    assert following
    assert back
    assert following["x"] < 100 < 700 < back["x"]
    page.locator("#next").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#back")).to_be_focused()
    to_send(page)
    assert page.locator("#back").bounding_box() == back
    set_look(page, "hand", "right")
    page.locator("#back").press("Enter")
    turned_back = page.locator("#next").bounding_box()
    assert turned_back
    assert turned_back["x"] > 700


def test_symbols_stand_everywhere_or_only_on_answers_or_nowhere_and_always_on_listen(page: Page, code: str) -> None:
    begin(page, code)
    page.locator(".step.now .listen").evaluate("(button) => { button.hidden = false; }")
    for value, shown in (("answers", [False, True]), ("off", [False, False]), ("on", [True, True])):
        choose(page, "symbols", value)
        press(page, "close")
        symbols = [page.locator(f".step.now {place} .symbol").first for place in (".ask", ".answer")]
        assert [symbol.is_visible() for symbol in symbols] == shown, value
        assert page.locator(".step.now .listen .symbol").is_visible(), value


def test_look_is_one_press_from_the_welcome_and_its_way_out_is_in_sight(page: Page, code: str) -> None:
    page.goto(f"/s#{code}")
    press(page, "start")
    page.locator("#look-button").tap()
    page.locator("#look label:has([value=contrast])").tap()
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    expect(page.get_by_role("button", name=WORDS["close"])).to_be_in_viewport(ratio=1)
    press(page, "close")
    expect(page.locator("#welcome")).to_be_visible()
    press(page, "help")
    expect(page.locator("#read-page")).to_be_in_viewport(ratio=1)  # Help begins at its top again


def test_by_keyboard_alone_with_a_ring_that_shows(page: Page, code: str) -> None:
    begin(page, code)
    page.locator("#help-button").press("Enter")
    page.locator("#look summary").press("Enter")
    page.locator("[name=theme]:checked").focus()
    for theme in THEMES[1:]:
        page.keyboard.press("ArrowRight")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        assert page.locator(":focus + .face").evaluate("(face) => getComputedStyle(face).outlineWidth") == "5px"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(GROWN) == "1.5"


def test_what_was_chosen_is_gone_for_the_next_person(page: Page, village: Village) -> None:
    first, second = village.codes(2)
    begin(page, first)
    chosen = {"theme": "contrast", "size": "200", "symbols": "off", "order": "turned", "hand": "left"}
    for name, value in chosen.items():
        set_look(page, name, value)
    send(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    page.get_by_role("link", name=WORDS["another_person"]).tap()
    expect(page.locator("#code")).to_be_visible()
    begin(page, second)
    assert page.evaluate("document.documentElement.dataset.theme") is None
    assert page.evaluate(GROWN) == "1"
    assert page.locator(".step.now .answers:not(.cannot) input").first.get_attribute("value") == "5"
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    press(page, "help")
    now = page.locator("#look input:checked").evaluate_all("(all) => all.map(({ value }) => value)")
    assert now == ["light", "100", "on", "usual", "right"]


def test_a_link_may_bring_the_look_with_it_from_the_code_page_on(page: Page, code: str) -> None:
    page.goto(f"/s?theme=contrast&size=200&hand=left&theme2=%3Cb%3E#{code}")
    assert page.evaluate("document.documentElement.dataset.theme") == "contrast"
    assert page.evaluate(GROWN) == "2"
    press(page, "start")
    page.locator("html.live").wait_for()
    assert page.evaluate(GROWN) == "1"  # what holds a sign that is never in a look is not taken at all


def test_every_page_around_the_survey_has_the_look_and_the_way_of_the_link_and_hands_them_on(
    page: Page, village: Village
) -> None:
    manner = "theme=contrast&size=200&hand=left&way=two"

    def is_as_wanted(at: str) -> None:
        page.locator("html.live").wait_for()
        assert page.evaluate("({ ...document.documentElement.dataset })") == {"theme": "contrast", "way": "two"}, at
        assert page.evaluate(GROWN) == "2", at
        assert page.locator("#ring").count() == 1, at
        assert page.locator("#scan-rests").count() == 1, at  # who waits for the ring is told when it rests
        for link in page.locator("a[href*='language=']").evaluate_all("(all) => all.map(({ search }) => search)"):
            assert link.endswith(f"&{manner}"), (at, link)

    for address in ("/about", "/accessibility", "/offline", "/nowhere"):
        page.goto(f"{address}?language=nb&{manner}")
        is_as_wanted(address)
    over = village.open_round(questionnaire=RESIDENTS)
    (code,) = village.codes(round_id=over, unit="fana")
    with village.database.begin() as connection:
        connection.execute(update(Round).where(Round.id == over).values(state="closing"))
    page.goto(f"/s?{manner}#{code}")
    page.locator("#start").evaluate("(form) => form.requestSubmit()")
    page.locator("#outcome[data-outcome=closed]").wait_for()
    is_as_wanted("closed")


def test_the_look_follows_into_another_language_and_past_a_mistyped_code(page: Page, code: str) -> None:
    page.goto("/s?theme=contrast&size=200&hand=left")
    page.locator("#code").fill("ABCDEFGHJKMN")
    page.evaluate("document.querySelector('#start').submit()")
    expect(page.locator(".message").first).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "contrast"
    page.goto(f"/s?theme=contrast&size=200&hand=left&symbols=answers&pace=slow#{code}")
    page.get_by_role("link", name="Nynorsk").tap()
    press(page, "start")
    page.locator("#speak-answers").evaluate("(speak) => speak.click()")
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html.live[lang=en]")).to_have_attribute("data-theme", "contrast")
    assert page.evaluate(GROWN) == "2"
    expect(page.locator(".ways")).to_have_attribute("data-turned", "")
    expect(page.locator("body")).to_have_attribute("data-symbols", "answers")
    for chosen in ("[name=theme][value=contrast]", "[name=symbols][value=answers]", "#speak-answers", "#read-slowly"):
        expect(page.locator(f"#help {chosen}")).to_be_checked()
