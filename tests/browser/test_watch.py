"""Somebody signs a question: staff put in the video, and a resident watches it where the question stands."""

from playwright.sync_api import Page, Request, expect

from survey.settings import Settings
from tests.browser.conftest import FIRST, findings
from tests.browser.hands import RINGED, SHAKING
from tests.browser.respondent import WORDS, begin, skip_to
from tests.staffed import PASSWORD, employ
from tests.village import Village

BOOTH = f"/staff/voices/day-centre-residents/nb/{FIRST.id}"

# A second of a canvas that turns from red to blue, chosen as if from a folder.
FILM = """() => new Promise((chosen) => {
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
  recorder.addEventListener("dataavailable", ({ data }) => {
    const files = new DataTransfer();
    files.items.add(new File([data], "film.webm", { type: "video/webm" }));
    const field = document.getElementById("video");
    field.files = files.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    chosen();
  });
  recorder.start();
  draw();
})"""
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
UNDECIDED = "undecided: video-caption: "  # axe does not see that the words of a film stand beside it


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


def by_switches(page: Page, code: str) -> None:
    """At the first question with two switches: one goes on, the other chooses."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.goto(f"/s?practice=off&way=two#{code}")
    page.locator("#start").evaluate("(form) => form.requestSubmit()")
    page.locator("html.live #welcome").wait_for()
    skip_to(page, "#q1")
    page.clock.run_for(SHAKING)


def step_to_watch(page: Page) -> None:
    for _ in range(10):
        if page.evaluate(RINGED, ".step.now .watch") == "it":
            return
        page.keyboard.press(" ")
        page.clock.run_for(SHAKING)
    raise AssertionError("the ring never came to Watch")


def test_what_staff_put_in_is_watched_at_the_question_and_closes_when_one_goes_on(
    page: Page, village: Village, settings: Settings
) -> None:
    put_in(page, village)
    (video,) = (settings.data / "signs").glob("*.webm")
    fetched: list[str] = []

    def note(request: Request) -> None:
        if "/signs/" in request.url:
            fetched.append(request.url.rpartition("/")[2])

    page.on("request", note)
    begin(page, village.codes()[0])
    watch, film = page.locator(".step.now .watch"), page.locator(".film video")
    expect(page.locator(".watch")).to_have_count(1)
    box, listen = watch.bounding_box(), page.locator(".step.now .listen").bounding_box()
    assert box is not None
    assert listen is not None
    assert abs(box["y"] + box["height"] / 2 - listen["y"] - listen["height"] / 2) < 2  # beside each other
    assert fetched == []

    page.evaluate(ENDLESS)
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

    by_switches(page, village.codes()[0])
    step_to_watch(page)
    page.keyboard.press("Enter")
    expect(film).to_have_count(1)
    page.clock.run_for(SHAKING)
    assert page.evaluate(RINGED, ".step.now .watch") == "it"  # the ring waits there
    page.keyboard.press("Enter")
    expect(film).to_have_count(0)
    page.clock.run_for(SHAKING)

    video.unlink()
    page.route("**/signs/*", lambda route: route.fulfill(status=404))  # what a browser has already may stay
    step_to_watch(page)
    page.keyboard.press("Enter")
    expect(page.locator(".step.now [role=alert]")).to_have_text(WORDS["film_missing"])
    expect(watch).to_have_text(WORDS["watch"])
    page.clock.resume()  # axe waits now and then
    assert findings(page) == []
