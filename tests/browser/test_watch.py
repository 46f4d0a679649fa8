"""Somebody signs a question: staff put in the video, and a resident watches it where the question stands."""

import time

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from survey.settings import Settings
from survey.signs import Signs
from survey.videos import Video
from tests.browser.axe import CONTRAST, findings_in_a_moment
from tests.browser.conftest import FIRST, RESIDENTS, findings
from tests.browser.hands import RINGED, SHAKING, by_one_switch, by_resting, by_two_switches, stand_still
from tests.browser.respondent import WORDS, begin, skip_to
from tests.browser.ringed import REACHED
from tests.browser.test_sights import THEMES
from tests.staffed import PASSWORD, employ
from tests.village import Village

BOOTH = f"/staff/voices/day-centre-residents/nb/{FIRST.id}"

# A canvas that turns from red to blue.
RECORDED = """new Promise((recorded) => {
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d");
  let drawn = 0;
  const draw = () => {
    paper.fillStyle = drawn++ % 2 ? "blue" : "red";
    paper.fillRect(0, 0, 300, 150);
    if (drawn < 12) requestAnimationFrame(draw);
    else recorder.stop();
  };
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: "video/webm" });
  recorder.addEventListener("dataavailable", ({ data }) => recorded(data));
  recorder.start();
  draw();
})"""
# Chosen as if from a folder.
FILM = f"""async () => {{
  const files = new DataTransfer();
  files.items.add(new File([await {RECORDED}], "film.webm", {{ type: "video/webm" }}));
  const field = document.getElementById("video");
  field.files = files.files;
  field.dispatchEvent(new Event("change", {{ bubbles: true }}));
}}"""
BYTES = f"async () => [...new Uint8Array(await (await {RECORDED}).arrayBuffer())]"
TOO_LARGE = """() => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(12_000_001)], "film.mp4", { type: "video/mp4" }));
  const field = document.getElementById("video");
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}"""
ENDLESS = """() => {
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    this.loop = true; // until somebody stops it
    return play.call(this);
  };
}"""
# As where nobody has pressed anything yet.
SILENT = """() => {
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    return this.muted ? play.call(this) : Promise.reject(new DOMException("", "NotAllowedError"));
  };
}"""
THIRD = RESIDENTS.questions[2]
WATCH = ".step.now .watch"
UNDECIDED = "undecided: video-caption: "  # axe does not see that the words of a film stand beside it


@pytest.fixture(scope="module")
def village(village: Village, settings: Settings, browser: Browser) -> Village:
    """Somebody signs the third question."""
    page = browser.new_page()
    film = Video(bytes(page.evaluate(BYTES)), ".webm")
    page.close()
    Signs(settings.data / "signs").keep("nb", f"day-centre-residents.{THIRD.id}", THIRD.text["nb"], film)
    return village


def put_in(page: Page, village: Village) -> None:
    employ(village.database, "anna@bergen.no", ["quality_adviser"])
    page.goto("/staff/sign-in")
    page.get_by_label("E-postadresse").fill("anna@bergen.no")
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.goto(BOOTH)
    told, keep = page.locator("#video-told"), page.get_by_role("button", name="Behold videoen")
    page.evaluate(TOO_LARGE)
    expect(told).to_contain_text("Denne videoen er større enn 12 MB.")
    page.get_by_label("Velg en videofil").set_input_files(
        {"name": "a.webm", "mimeType": "video/webm", "buffer": b"no video"}
    )
    expect(told).to_contain_text("Denne filen er ingen video som kan brukes.")
    expect(keep).to_be_hidden()
    page.evaluate(FILM)
    expect(told).to_have_text("Se på videoen før du beholder den.")
    preview = page.locator("#video-preview")
    assert preview.evaluate("async (video) => { await video.play(); return video.src.startsWith('blob:'); }")
    keep.click()
    expect(page.get_by_text("Vist med tegn")).to_be_visible()
    assert [one for one in findings(page) if not one.startswith(UNDECIDED)] == []


def wait_until_served(page: Page, code: str, film: str) -> None:
    """A process looks every two seconds whether staff have put something in."""
    deadline = time.monotonic() + 20
    while film not in page.request.post("/start", form={"code": code}).text():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def at_question(page: Page, code: str, number: int, way: str) -> None:
    """There by a link that brought this way of answering; `page` stands still."""
    page.goto(f"/s?practice=off&way={way}#{code}")
    page.locator("#start").evaluate("(form) => form.requestSubmit()")
    page.locator("html.live #welcome").wait_for()
    skip_to(page, f"#q{number}")
    page.clock.run_for(SHAKING)


def test_what_staff_put_in_is_watched_at_the_question_and_closes_when_one_goes_on(
    page: Page, village: Village, settings: Settings
) -> None:
    put_in(page, village)
    video = settings.data / "signs" / (Signs(settings.data / "signs").of("nb", FIRST.text["nb"]) or "")
    wait_until_served(page, village.codes()[0], video.name)
    fetched: list[str] = []

    def note(request: Request) -> None:
        if "/signs/" in request.url:
            fetched.append(request.url.rpartition("/")[2])

    page.on("request", note)
    page.add_init_script(f"({ENDLESS})()")
    begin(page, village.codes()[0])
    watch, film = page.locator(".step.now .watch"), page.locator(".film video")
    expect(watch).to_have_count(1)
    box, listen = watch.bounding_box(), page.locator(".step.now .listen").bounding_box()
    assert box is not None
    assert listen is not None
    assert abs(box["y"] + box["height"] / 2 - listen["y"] - listen["height"] / 2) < 2  # beside each other
    assert fetched == []

    watch.focus()
    page.keyboard.press("Enter")
    expect(watch).to_have_text(WORDS["watch_stop"])
    page.wait_for_function("() => document.querySelector('.film video').currentTime > 0")
    assert set(fetched) == {video.name}
    expect(page.locator(".lit")).to_have_text(FIRST.text["nb"])
    expect(film).to_have_attribute("aria-label", FIRST.text["nb"])
    assert [one for one in findings(page) if not one.startswith(UNDECIDED)] == []
    page.keyboard.press("Enter")
    expect(film).to_have_count(0)
    expect(watch).to_have_text(WORDS["watch"])
    expect(watch).to_be_focused()

    for leave in ("#pause-button", ".step.now .listen", "#next"):
        watch.evaluate("(button) => button.click()")
        expect(film).to_have_count(1)
        page.locator(leave).evaluate("(button) => button.click()")
        expect(film).to_have_count(0)
        page.evaluate("document.querySelector('dialog[open]')?.close()")
    expect(watch).to_have_count(0)  # nobody signs the second question

    stand_still(page)
    at_question(page, village.codes()[0], 1, "two")
    press = by_two_switches(page, lambda: page.keyboard.press("Space"), lambda: page.keyboard.press("Enter"))
    press(WATCH)
    expect(film).to_have_count(1)
    assert page.evaluate(RINGED, WATCH) == "it"  # the ring waits there
    press(WATCH)
    expect(film).to_have_count(0)

    video.unlink()
    page.route("**/signs/*", lambda route: route.fulfill(status=404))  # what a browser has already may stay
    press(WATCH)
    expect(page.locator(".step.now [role=alert]")).to_have_text(WORDS["film_missing"])
    expect(watch).to_have_text(WORDS["watch"])
    page.clock.resume()  # axe waits now and then
    assert findings(page) == []


def test_with_one_switch_and_with_eyes_a_film_is_watched_in_peace_and_closes_onto_the_question(
    page: Page, village: Village
) -> None:
    stand_still(page)
    page.add_init_script(f"({ENDLESS})()")
    watch, film = page.locator(WATCH), page.locator(".film video")

    def is_closed() -> None:
        expect(film).to_have_count(0)
        expect(watch).to_have_text(WORDS["watch"])
        expect(page.locator(".lit")).to_have_count(0)
        expect(page.locator("#q3.now")).to_be_visible()

    at_question(page, village.codes()[0], 3, "scan&seconds=1")
    press = by_one_switch(page, lambda: page.keyboard.press("Enter"))
    press(WATCH)
    page.wait_for_function("() => document.querySelector('.film video').currentTime > 0")
    assert film.evaluate("({ controls, muted }) => [controls, muted]") == [False, False]
    page.clock.run_for(60_000)  # the ring neither goes on nor goes to rest
    assert page.evaluate(RINGED, WATCH) == "it"
    for theme in THEMES:
        page.evaluate("(theme) => document.documentElement.dataset.theme = theme", theme)
        found = findings_in_a_moment(page, None if theme == THEMES[0] else CONTRAST)
        assert [one for one in found if not one.startswith(UNDECIDED)] == [], theme
    press(WATCH)
    is_closed()
    press(f"[name={THIRD.id}][value='5']")
    press(WATCH)
    expect(film).to_have_count(1)
    film.evaluate("(player) => player.dispatchEvent(new Event('ended'))")
    is_closed()
    page.clock.run_for(1_500)  # and the ring goes on
    assert page.evaluate(RINGED, WATCH) == "elsewhere"

    at_question(page, village.codes()[0], 3, "dwell&seconds=1")
    press = by_resting(page, 1000)
    press(WATCH)
    expect(film).to_have_count(1)
    page.mouse.move(512, film.evaluate("(player) => player.getBoundingClientRect().top + 40"))
    page.clock.run_for(10_000)
    expect(film).to_have_count(1)  # who looks at it presses nothing
    press(WATCH)
    is_closed()

    page.add_init_script(f"({SILENT})()")
    at_question(page, village.codes()[0], 3, "two&still=0")
    press = by_two_switches(page, lambda: page.keyboard.press("Space"), lambda: page.keyboard.press("Enter"))
    press(WATCH)
    page.wait_for_function("() => document.querySelector('.film video').currentTime > 0")
    assert film.evaluate("({ muted }) => muted")
    reached = page.evaluate(REACHED)
    assert (reached["missed"], reached["hidden"]) == ([], [])
