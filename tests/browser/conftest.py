"""A real browser against the real server. Where there is no Chromium these tests say so and are left out."""

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from sqlalchemy import delete, select

from survey.questionnaire.answers import Answer, decode
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.settings import Settings
from survey.speech import shaping
from survey.speech.library import name_of
from survey.speech.voices import VOICES
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Sealed
from tests.browser.axe import findings as findings
from tests.serving import forks
from tests.village import Village

RESIDENTS = load_folder(SHIPPED)["day-centre-residents"]
FIRST = RESIDENTS.questions[0]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# The browser's own window is a page too, and costs as much as ours; Playwright's own list would be lost with ours.
UNUSED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,"
    "PreconnectToSearch,SpareRendererForSitePerProcess"
)
FLAGS = [
    f"--disable-features={UNUSED}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
]


PATIENCE = 20_000  # milliseconds: how long what must come may take on a busy machine; what has come is not waited for
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    without = pytest.mark.skip(
        reason="NO CHROMIUM HERE: the browser tests are left out. Debian/Ubuntu: apt install chromium"
    )
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(without)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for the whole process: a second beside it cannot be."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, with the back/forward cache that Playwright turns off."""
    keep = ["--disable-back-forward-cache"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, ignore_default_args=keep)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser, served: str) -> Iterator[BrowserContext]:
    """A tablet held sideways, in Norwegian."""
    context = browser.new_context(
        base_url=served, viewport={"width": 1024, "height": 768}, has_touch=True, locale="nb-NO"
    )
    context.add_init_script("delete Navigator.prototype.serviceWorker")  # test_offline.py has it, no other needs it
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page in which no script may fail."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@dataclass
class Server:
    """The real server, which can be stopped and started again on its port."""

    environment: dict[str, str]
    port: int = field(default_factory=_free_port)
    process: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """It answers when this ends."""
        if not self.process:
            self.process = forks().start(self.environment, self.port)
            self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                with urlopen(f"{self.address}/healthz"):
                    return
            except URLError:
                if not forks().runs(self.process) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            forks().stop(self.process)
            self.process = 0


def serve(environment: dict[str, str]) -> Iterator[str]:
    """The production server with these settings; gives its address."""
    server = Server(environment)
    server.start()
    yield server.address
    server.stop()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("installation")
    return Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})


@pytest.fixture(scope="module")
def village(settings: Settings) -> Iterator[Village]:
    """The real questionnaires; only the first question and its answers have been recorded."""
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, settings.keys.parent, {"arna": 1000, "fana": 10})
    village.round_id = village.open_round(questionnaire=RESIDENTS)
    village.befriend()
    assert FIRST.scale
    sound = shaping.encode(np.full(11025, 0.2), 22050)
    (settings.data / "speech").mkdir()
    for phrase in (FIRST, *FIRST.scale.options):
        (settings.data / "speech" / name_of(phrase.spoken("nb"), VOICES["nb"])).write_bytes(sound)
    yield village
    database.dispose()


@pytest.fixture(scope="module")
def served(settings: Settings, village: Village) -> Iterator[str]:
    yield from serve({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})


@pytest.fixture
def code(village: Village) -> str:
    return village.codes()[0]


@pytest.fixture
def opened(village: Village) -> Callable[[], list[Answer]]:
    """The answers that have come since the test began, opened as closing does."""
    with village.database.begin() as connection:
        connection.execute(delete(Sealed))

    def look() -> list[Answer]:
        opener = village.keys.opener(village.round_id)
        with village.database.reading() as connection:
            return [decode(opener.decrypt(box)) for box in connection.execute(select(Sealed.box)).scalars()]

    return look
