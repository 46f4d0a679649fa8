"""A tablet that stands for many: back to the start after thanks, and a queue of cards on a survey day."""

from collections.abc import Callable
from urllib.parse import parse_qs

from playwright.sync_api import Page, expect

from survey.access.codes import shown
from survey.access.pictures import pictures
from survey.questionnaire.answers import Answer
from survey.settings import ROOT
from survey.symbols import Catalogue, openmoji
from tests.browser.respondent import WORDS, answer, begin, press, thanked, to_send
from tests.village import Village

CATALOGUE = Catalogue.load(ROOT / "static" / "symbols", openmoji())
ALL_KEPT = """async () => {
  const kept = [];
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise((done) => { indexedDB.open(name).onsuccess = (it) => done(it.target.result); });
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll();
      kept.push(...await new Promise((done) => { asked.onsuccess = () => done(asked.result); }));
    }
    database.close();
  }
  return [JSON.stringify(kept), kept.length, localStorage.length, sessionStorage.length, document.cookie];
}"""
# A camera that sees this card, and a browser that reads it.
CAMERA = """(card) => {
  window.BarcodeDetector = class { async detect() { return [{rawValue: card}]; } };
  navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
}"""


def tap(page: Page, selector: str) -> None:
    """A press when nothing is settling."""
    expect(page.locator(".settling")).to_have_count(0)
    page.locator(selector).tap()


def test_a_kiosk_covers_what_is_left_keeps_it_and_goes_back_a_minute_after_thanks(
    page: Page, code: str, opened: Callable[[], list[Answer]]
) -> None:
    page.clock.install()
    begin(page, code, "?kiosk=on&theme=dark")
    answer(page, "Bra")
    page.clock.run_for(599_000)
    expect(page.locator("#pause")).to_be_hidden()
    page.clock.run_for(5_000)
    expect(page.locator("#pause")).to_be_visible()
    tap(page, "#pause .big")
    page.clock.run_for(300_000)
    assert page.locator(".step.now input:checked").get_attribute("value") == "5"  # nothing is deleted
    to_send(page)
    press(page, "send")
    thanked(page)
    expect(page.locator(".returning .message")).to_have_text(WORDS["returns_soon"])
    page.clock.run_for(50_000)
    tap(page, "h1")
    page.clock.run_for(50_000)  # who touches it stays
    thanked(page)
    assert page.locator(".returning progress").evaluate("bar => bar.value") < 15
    page.clock.run_for(15_000)
    page.wait_for_url("**/s?kiosk=on")
    expect(page.locator("#code")).to_have_value("")
    expect(page.locator("[name=manner]")).to_have_value("kiosk=on")
    assert page.locator("html").get_attribute("data-theme") is None  # nothing of the person before
    assert [sent.values["thrive"] for sent in opened()] == [5]


def test_without_kiosk_thanks_stays(page: Page, code: str) -> None:
    page.clock.install()
    begin(page, code)
    to_send(page)
    press(page, "send")
    thanked(page)
    page.clock.run_for(600_000)
    thanked(page)
    expect(page.locator(".returning")).to_be_hidden()


def alike_and_another(village: Village) -> tuple[str, str, str]:
    """Two codes with the same first picture but not the second, and one with another first picture."""
    codes = village.codes(130)  # 30 pictures: five and more have the same
    first = codes[0]
    same = next(code for code in codes[1:] if pictures(code)[0] == pictures(first)[0] and code[-2] != first[-2])
    return first, same, next(code for code in codes if pictures(code)[0] != pictures(first)[0])


def scan(page: Page, typed: str, said: str) -> None:
    """As a scanner that is a keyboard does it."""
    page.locator("#code").fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_have_text(WORDS[said])


def names(*concepts: str) -> list[str]:
    return [CATALOGUE.alternative(concept, "nb") for concept in concepts]


def test_on_a_survey_day_each_person_presses_at_their_picture_and_the_tablet_keeps_no_code(
    page: Page, village: Village, opened: Callable[[], list[Answer]]
) -> None:
    first, same, another = alike_and_another(village)
    codes = {first, same, another}
    page.clock.install()
    page.goto("/queue")
    expect(page.locator("#empty")).to_be_visible()
    tap(page, "#helper summary")
    expect(page.locator("#no-camera")).to_have_text(WORDS["queue_reads_no_cards"])
    scan(page, "ABCD-EFGH", "code_mistyped")
    scan(page, f"https://svar.example/s#{shown(first)}", "queue_added")
    expect(page.locator("#card span")).to_have_text(names(pictures(first)[0]))
    scan(page, shown(first).lower(), "queue_alike")
    scan(page, same, "queue_added")
    expect(page.locator("#card span")).to_have_text(names(*pictures(first)))  # two are told apart

    page.add_init_script(f"({CAMERA})('https://svar.example/s#{another}')")
    page.reload()
    tap(page, "#helper summary")
    tap(page, "#camera")
    page.clock.run_for(2_000)
    expect(page.locator("#count")).to_have_text(WORDS["queue_count"].format(n=3))
    tap(page, "#camera")
    expect(page.locator("#seen")).to_be_hidden()
    tap(page, "#helper summary")

    tap(page, "#other")
    expect(page.locator("#card span")).to_have_text(names(*pictures(same)))
    kept = page.evaluate(ALL_KEPT)
    assert kept[1:] == [3, 0, 0, ""]
    assert not [code for code in codes if code in kept[0] or shown(code) in kept[0]]
    press(page, "queue_me")
    expect(page.locator("[name=code]").first).to_have_value(same)
    assert page.evaluate(ALL_KEPT)[1] == 2  # whose turn it is waits no more, whatever becomes of it
    press(page, "begin")
    to_send(page)
    press(page, "send")
    thanked(page)
    page.clock.run_for(62_000)
    page.wait_for_url("**/queue")
    expect(page.locator("#card span")).to_have_text(names(pictures(another)[0]))

    tap(page, "#helper summary")
    scan(page, same, "queue_added")  # used now: the queue neither knows nor tells
    tap(page, "#other")
    tap(page, "#other")
    press(page, "queue_me")
    expect(page.locator("#problem .message").first).to_have_text(WORDS["answered_before"])
    expect(page.locator(".returning")).to_be_visible()  # the page's script is there, and counts
    page.clock.run_for(62_000)
    page.wait_for_url("**/queue")
    tap(page, "#helper summary")
    tap(page, "#end")
    expect(page.locator("#told")).to_have_text(WORDS["queue_ended"])
    expect(page.locator("#empty")).to_be_visible()
    scan(page, first, "queue_added")
    page.clock.run_for(12 * 3600 * 1000)
    page.reload()
    expect(page.locator("#empty")).to_be_visible()
    assert page.evaluate(ALL_KEPT)[:2] == ["[]", 0]
    assert len(opened()) == 1


def test_a_card_waits_on_when_there_is_no_network_and_opens_as_it_was_prepared(page: Page, code: str) -> None:
    page.goto("/queue?theme=soft&size=150")
    tap(page, "#helper summary")
    scan(page, f"https://svar.example/s?way=two&theme=dark&language=nn&kiosk=on&by=<i>#{code}", "queue_added")
    page.route("**/healthz", lambda route: route.abort())
    press(page, "queue_me")
    expect(page.locator("#failed")).to_have_text(WORDS["could_not_reach"])
    page.unroute("**/healthz")
    press(page, "queue_me")
    expect(page.locator("[name=code]").first).to_have_value(code)
    root = page.locator("html")
    for name, value in (("data-way", "two"), ("data-theme", "dark"), ("lang", "nn")):  # the card's before the queue's
        expect(root).to_have_attribute(name, value)
    manner = {name: values for name, (values,) in parse_qs(page.locator("[name=manner]").input_value()).items()}
    assert manner == {"theme": "dark", "size": "150", "kiosk": "queue", "way": "two"}


def test_where_the_address_is_not_secure_the_camera_is_told_with_its_cure(page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.goto("/queue")
    tap(page, "#helper summary")
    expect(page.locator("#no-camera")).to_have_text(WORDS["queue_needs_https"])
    expect(page.locator("#camera")).to_be_hidden()
