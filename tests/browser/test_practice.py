""" "We try the buttons": how many answers suit is found in a few tries, of which nothing is kept."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from survey.questionnaire.answers import Answer
from tests.browser.conftest import FIRST, RESIDENTS, findings
from tests.browser.respondent import WORDS, answer, press, skip, skip_to, thanked, to_send
from tests.browser.sights import look_about

HOUSE = Path(__file__).parents[2]
LADDER, DOCS = HOUSE / "static" / "js" / "ladder.js", HOUSE / "docs" / "buttons.md"

# How the simulated people of docs/buttons.md choose among the amounts that are offered.
PEOPLE = {
    "presses anywhere": "any(offered)",
    "always the first": "offered.at(0)",
    "always the last": "offered.at(-1)",
    "always the middle": "offered.at((offered.length - 1) / 2)",
    "the first and the last by turns": "offered.at(number % 2 ? -1 : 0)",
    "knows full and empty only": "asked === 3 ? any([5, 1]) : asked > 3 ? 5 : 1",
    "knows three, anywhere among five": "offered.length === 5 ? any(offered) : asked",
    "knows three, anywhere among five, slips": "offered.length === 5 ? any(offered) : slipping(asked)",
    "knows three, every other time a neighbour among five": "offered.length === 5 ? any([-1, 0, 0, 1]) + asked : asked",
    "knows five": "asked",
    "knows five, slips": "slipping(asked)",
}
WALKS = """async ({ module, people, times }) => {
  const { drawn, following } = await import(module);
  let state = 20261122;
  const random = () => { // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const any = (amounts) => amounts[Math.floor(random() * amounts.length)];
  const walk = (choose) => {
    const order = drawn(random);
    const tries = [];
    for (;;) {
      const next = following(tries, order);
      if (next.ladder) return [next.ladder, tries.length];
      const { among, asked } = next;
      const offered = among === 3 ? [5, 3, 1] : [5, 4, 3, 2, 1];
      const slipping = (amount) => random() < 0.05 ? any(offered.filter((other) => other !== amount)) : amount;
      tries.push({ among, asked, chosen: choose(asked, offered, tries.length, any, slipping) });
    }
  };
  return people.map((rule) => {
    const choose = new Function("asked", "offered", "number", "any", "slipping", `return ${rule}`);
    const walks = Array.from({ length: times }, () => walk(choose));
    const share = (wanted) => walks.filter(([ladder]) => ladder === wanted).length / times;
    const tries = walks.map(([, met]) => met);
    return [share(2), share(3), share(5), tries.reduce((a, b) => a + b) / times, Math.max(...tries)];
  });
}"""
TIMES = 20_000


def told() -> dict[str, list[float]]:
    """Of each simulated person in the table: the shares on two, three and five, and the mean number of tries."""
    rows = re.findall(r"^\| (.+?) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", DOCS.read_text(), re.M)
    return {who: [float(figure) for figure in figures] for who, *figures in rows}


def test_simulated_people_end_on_the_number_of_answers_that_is_told(browser: Browser) -> None:
    page = browser.new_page()
    module = "data:text/javascript;base64," + base64.b64encode(LADDER.read_bytes()).decode()
    people = page.evaluate(WALKS, {"module": module, "people": [*PEOPLE.values()], "times": TIMES})
    page.close()
    assert told().keys() == PEOPLE.keys()
    for (who, figures), (*shares, tries, most) in zip(told().items(), people, strict=True):
        assert shares == pytest.approx(figures[:3], abs=0.01), who
        assert [share in (0, 1) for share in shares] == [figure in (0, 1) for figure in figures[:3]], who
        assert tries == pytest.approx(figures[3], abs=0.06), who
        assert most <= 4, who
        assert who != "knows five" or most == 3


AMOUNTS = {
    WORDS[f"try_{picture}_{amount}"]: (picture, amount)
    for picture, amounts in (("glass", (5, 3, 1)), ("circle", (5, 4, 3, 2, 1)))
    for amount in amounts
}
WAYS = {
    5: (["find", "find", "find"], [3, 5, 5]),
    3: (["find", "miss", "find", "find"], [3, 5, 3, 3]),
    2: (["miss", "find", "miss"], [3, 3, 3]),
}


def to_tries(page: Page, code: str, manner: str = "") -> None:
    page.goto(f"/s?{manner}#{code}")
    press(page, "start")
    page.locator("html.live").wait_for()
    page.locator("#begin").press("Enter")


def choose(page: Page, what: str) -> None:
    """What is asked for, or a neighbour of it."""
    picture, amount = AMOUNTS[page.locator(".step.now .question").inner_text()]
    step = 2 if page.locator(".step.now .answer").count() == 3 else 1
    other = amount - step if amount > 2 else amount + step
    answer(page, WORDS[f"{picture}_{amount if what == 'find' else other}"])


def do_tries(page: Page, choices: list[str]) -> None:
    for what in choices:
        choose(page, what)
        skip(page)


@pytest.mark.parametrize("ladder", WAYS)
def test_who_tells_so_many_apart_is_offered_so_many_and_nothing_else_of_the_tries_is_sent(
    page: Page, code: str, opened: Callable[[], list[Answer]], ladder: int
) -> None:
    asked: list[Request] = []
    choices, among = WAYS[ladder]
    to_tries(page, code)
    page.locator("body:not([data-pack])").wait_for()  # the sounds have come: nothing is fetched from here on
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  Playwright marks what it is given
    for number, (what, offered) in enumerate(zip(choices, among, strict=True), 1):
        expect(page.locator(".step.now")).to_have_id(f"try{number}")
        assert page.locator(".step.now .answer").count() == offered
        choose(page, what)
        expect(page.locator(".step.now [role=status]")).to_have_text(WORDS["try_thanks"])
        press(page, "next")
    expect(page.locator(".step.now")).to_have_id("q1")
    assert page.locator(".step.now [data-ladders]:visible").count() == ladder
    assert page.locator("[name=ladder-choice]:checked").get_attribute("value") == str(ladder)
    assert asked == []
    to_send(page)
    press(page, "send")
    thanked(page)
    (sent,) = asked
    own = {"round", "language", "ladder", "code", "submission", FIRST.id}
    assert parse_qs(sent.post_data or "").keys() == own
    answers = {question.id: None for question in RESIDENTS.questions} | {FIRST.id: 5}
    assert opened() == [Answer("nb", ladder, "", answers, {})]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_next_without_choosing_ends_the_tries_and_three_answers_stay(page: Page, code: str) -> None:
    to_tries(page, code, "ladder=7")  # nobody's word
    page.locator(".step.now input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")  # on an answer: goes on, as on a question
    expect(page.locator("#try2")).to_be_focused()
    skip(page)
    expect(page.locator(".step.now .progress")).to_have_text(WORDS["progress"].format(n=1, total=15))
    assert page.locator(".step.now [data-ladders]:visible").count() == 3
    assert page.locator(".dots .now").count() == 1
    assert page.locator(".dots .done").count() == 0


def test_back_shows_what_was_chosen_and_another_choice_counts_instead(page: Page, code: str) -> None:
    to_tries(page, code)
    do_tries(page, ["miss", "miss"])
    assert page.locator(".step.now [data-ladders]:visible").count() == 2
    press(page, "back")
    expect(page.locator("#try2 input:checked")).to_have_count(1)
    do_tries(page, ["find"])
    expect(page.locator(".step.now")).to_have_id("try3")
    do_tries(page, ["find", "find"])
    assert page.locator(".step.now [data-ladders]:visible").count() == 3
    page.go_back()
    expect(page.locator(".step.now")).to_have_id("try4")


def test_the_one_who_helps_decides_and_a_real_answer_is_kept(page: Page, code: str) -> None:
    to_tries(page, code)
    do_tries(page, ["find"])
    press(page, "help")
    page.locator("#help label:has([name=ladder-choice][value='3'])").tap()  # three, as it was
    press(page, "close")
    do_tries(page, ["find"])
    expect(page.locator(".step.now")).to_have_id("q1")
    assert page.locator(".step.now [data-ladders]:visible").count() == 3
    answer(page, "Bra")
    page.go_back()
    page.go_back()  # a try that is there no longer
    expect(page.locator(".step.now")).to_have_id("welcome")
    expect(page.locator("#q1 input:checked")).to_have_value("5")


def test_a_link_may_say_how_many_answers_and_leaves_the_tries_out(page: Page, code: str) -> None:
    to_tries(page, code, "ladder=5")
    expect(page.locator(".step.now")).to_have_id("q1")
    assert page.locator(".step.now [data-ladders]:visible").count() == 5
    skip_to(page, "[data-question=friends]")  # a question that has three answers at most
    assert page.locator(".step.now [data-ladders]:visible").count() == 3


def test_what_was_found_follows_into_another_language(page: Page, code: str) -> None:
    to_tries(page, code)
    do_tries(page, WAYS[5][0])
    page.evaluate("location.hash = 'welcome'")
    page.get_by_role("button", name="Nynorsk").tap()
    expect(page.locator("html.live[lang=nn]")).to_be_attached()
    page.locator("#begin").press("Enter")
    expect(page.locator(".step.now")).to_have_id("q1")
    assert page.locator(".step.now [data-ladders]:visible").count() == 5


def test_the_try_among_five_fits_every_screen_and_axe_finds_nothing(page: Page, code: str) -> None:
    look_about(page)
    to_tries(page, code, "theme=contrast")  # the first try is among the sights that are seen everywhere
    do_tries(page, ["find"])
    choose(page, "find")
    for width, height in ((320, 256), (390, 844), (768, 1024), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("checks.layout()") == []
        assert width < 700 or page.evaluate("document.documentElement.scrollHeight") <= height
    assert findings(page) == []
