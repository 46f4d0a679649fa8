"""Every page, step, panel and message in every theme, language and size: nothing for axe to find, nothing too small,
cut off or covered. Colours do not change with the language, nor places with the colours: each is looked at where it can
differ."""

from collections.abc import Iterable, Iterator
from itertools import chain

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import CONTRAST
from tests.browser.conftest import RESIDENTS, findings
from tests.browser.respondent import OVERLAPPING
from tests.browser.sights import coming_in, look_about, outside, questionnaire, short
from tests.village import Village

THEMES = ("dark", "soft", "contrast", "light")
SIZES = (100, 150, 200, 300)
SCREENS = ((1024, 768), (768, 1024), (390, 844), (320, 256))

# In the page's usual letters also with the spacing of WCAG 1.4.12.
AT_SIZES = """(sizes) => {
  const found = [];
  for (const size of sizes) {
    if (sizes.length > 1) grow(size);
    const here = checks.layout();
    if (size === 100) here.push(...checks.spaced());
    found.push(...here.map((finding) => `letters ${size} %: ${finding}`));
  }
  if (sizes.length > 1) grow(100);
  return found;
}"""
IN_THEMES = """async ([themes, contrast]) => {
  const found = [];
  for (const theme of themes) {
    document.documentElement.dataset.theme = theme;
    const here = await findings(theme === "light" ? null : contrast);
    found.push(...here.map((finding) => `${theme}: ${finding}`));
  }
  return found;
}"""


def at_every_size(page: Page, sizes: tuple[int, ...]) -> Iterator[str]:
    for width, height in reversed(SCREENS):
        page.set_viewport_size({"width": width, "height": height})
        found = page.evaluate(AT_SIZES, sizes)
        yield from (f"{width}×{height}, {finding}" for finding in found)


def everything(page: Page, language: str) -> Iterator[str]:
    """All that axe has; what colours decide in one language, and in every theme there."""
    yield from page.evaluate(IN_THEMES, [THEMES, CONTRAST]) if language == "nb" else findings(page, but=CONTRAST)


def found(page: Page, code: str, language: str, audience: str) -> Iterator[tuple[str, Iterable[str]]]:
    """Every sight, and what is wrong there."""
    if audience == "resident":
        for sight in outside(page, language):
            but = () if language == "nb" else CONTRAST
            yield sight, chain(findings(page, but=but), at_every_size(page, (100,)))
        for size in SIZES[1:]:
            for sight in coming_in(page, code, f"language={language}&size={size}"):
                yield sight, at_every_size(page, (size,))
    for sight in chain(coming_in(page, code, f"language={language}"), questionnaire(page)):
        sizes = SIZES if page.evaluate("'grow' in window") else (100,)
        restless = page.evaluate("checks.restless()")
        yield sight, chain(everything(page, language), restless, at_every_size(page, sizes))


@pytest.fixture(scope="module")
def short_rounds(village: Village) -> dict[str, str]:
    """The rounds of each audience whose questionnaires have one question of a kind."""
    return {
        audience: village.open_round(
            audience=audience, questionnaire=short(name), service_kind="day_centre", keep_unfinished=True
        )
        for audience, name in (("resident", "day-centre-residents"), ("relative", "relatives"))
    }


@pytest.mark.parametrize(
    ("audience", "language"), [("resident", "nb"), ("resident", "nn"), ("resident", "en"), ("relative", "nb")]
)
def test_nothing_is_wrong_with_any_sight(
    page: Page, village: Village, short_rounds: dict[str, str], audience: str, language: str
) -> None:
    (code,) = village.codes(round_id=short_rounds[audience], unit="fana")
    look_about(page)
    page.emulate_media(reduced_motion="reduce")
    sights = found(page, code, language, audience)
    wrong = [f"{sight}: {finding}" for sight, all_found in sights for finding in all_found]
    assert not wrong, "\n".join(wrong)


def test_five_answers_stand_clear_of_each_other_on_a_tablet_that_stands(page: Page, code: str) -> None:
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto(f"/s?language=en#{code}")
    page.locator("#start .big").tap()
    page.locator("html.live").wait_for()
    page.locator("[name=ladder-choice][value='5']").evaluate("choice => choice.click()")
    for number, question in enumerate(RESIDENTS.questions, 1):
        page.evaluate(f"location.hash = 'q{number}'")
        expect(page.locator(".step.now .question")).to_have_text(question.text["en"])
        assert page.evaluate(OVERLAPPING) == []
