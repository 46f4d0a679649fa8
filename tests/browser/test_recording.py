"""Somebody reads a question into a microphone, listens, and keeps it; the resident hears that voice."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, Playwright, expect

from survey.settings import Settings
from tests.browser.conftest import CHROMIUM, FIRST, FLAGS, findings
from tests.browser.respondent import begin
from tests.sounds import hum, wav
from tests.staffed import PASSWORD, employ
from tests.village import Village

BOOTH = f"/staff/voices/day-centre-residents/nb/{FIRST.id}"
PITCH = 330


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a microphone into which somebody hums, again and again."""
    spoken = tmp_path_factory.mktemp("microphone") / "hum.wav"
    spoken.write_bytes(wav(np.concatenate([np.zeros(9_600), hum(0.8, pitch=PITCH)])))
    microphone = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    ]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + microphone)
    yield browser
    browser.close()


@pytest.fixture
def booth(page: Page, village: Village) -> Page:
    """An adviser where the first question is recorded."""
    employ(village.database, "anna@bergen.no", ["quality_adviser"])
    page.goto("/staff/sign-in")
    page.get_by_label("E-postadresse").fill("anna@bergen.no")
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.goto(BOOTH)
    return page


def pitch_of(mp3: bytes) -> float:
    samples, rate = soundfile.read(io.BytesIO(mp3))
    middle = samples[len(samples) // 3 : 2 * len(samples) // 3]
    return float(np.abs(np.fft.rfft(middle)).argmax() * rate / len(middle))


def test_a_voice_is_recorded_by_keyboard_heard_kept_and_played_to_a_resident(booth: Page, village: Village) -> None:
    expect(booth.locator("[aria-labelledby=today] .state")).to_have_text("Maskinstemme")
    assert findings(booth) == []
    booth.get_by_role("button", name="Spill inn").focus()
    booth.keyboard.press("Enter")
    expect(booth.locator("#told")).to_have_text("Opptaket går. Les nå.")
    booth.wait_for_function("() => document.getElementById('level').value > 0.5")  # the hum is seen
    booth.wait_for_function("() => document.getElementById('level').value < 0.3")  # and is over
    booth.keyboard.press("Enter")
    expect(booth.locator("#told")).to_have_text("Hør på opptaket før du beholder det.")
    preview = booth.locator("#preview")
    assert preview.evaluate("async (audio) => { await audio.play(); return audio.src.startsWith('blob:'); }")
    assert findings(booth) == []
    booth.get_by_role("button", name="Behold opptaket").focus()
    booth.keyboard.press("Enter")
    expect(booth.locator("[aria-labelledby=today] .state")).to_have_text("Innspilt")
    booth.add_init_script("window.Audio = class extends Audio { constructor() { super(); window.player = this; } }")
    begin(booth, village.codes()[0])
    booth.locator(".step.now .listen").click()
    read = booth.locator(".lit")
    expect(read).to_have_text(FIRST.text["nb"])
    booth.wait_for_function("() => window.player.currentTime > 0")
    sound = booth.context.request.get(f"/speech/{read.get_attribute('data-sound')}")
    assert pitch_of(sound.body()) == pytest.approx(PITCH, abs=5)


def test_a_file_of_another_kind_becomes_one_that_can_be_kept_and_what_is_no_sound_does_not(
    booth: Page, settings: Settings, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "voice.ogg", hum(pitch=PITCH), 48_000)
    field = booth.get_by_label("Eller velg en lydfil")
    field.set_input_files(tmp_path / "voice.ogg")
    expect(booth.locator("#told")).to_have_text("Hør på opptaket før du beholder det.")
    assert booth.locator("#sound").evaluate("(field) => field.files[0].type") == "audio/wav"
    field.set_input_files({"name": "a.ogg", "mimeType": "audio/ogg", "buffer": b"no sound"})
    expect(booth.locator("#told")).to_contain_text("Denne filen er ingen lyd som kan brukes.")
    expect(booth.get_by_role("button", name="Behold opptaket")).to_be_hidden()


def test_axe_finds_nothing_on_the_pages_of_voices_and_pictures_on_a_telephone(booth: Page) -> None:
    booth.set_viewport_size({"width": 390, "height": 844})
    for address in ("/staff/voices", "/staff/pictures", "/staff/pictures/food", "/staff/places", "/staff/places/arna"):
        booth.goto(address)
        assert findings(booth) == [], address
        assert booth.evaluate("document.documentElement.scrollWidth") <= 390, address
