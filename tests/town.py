"""A municipality whose Medvirk has just been set up, and people at browsers of their own in it."""

import atexit
import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import update

from survey import worker
from survey.access.issuing import issue
from survey.answering.pages import MEANT
from survey.commands.running import upgrade
from survey.invitations.outbox import utcnow
from survey.keys import KeyStore
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.rounds import planning
from survey.rounds.closing import close_round
from survey.settings import Settings
from survey.staff import accounts, passwords
from survey.staff.roles import ADMINISTRATOR
from survey.storage.engine import Database
from survey.storage.tables import Mailing
from tests.browser.conftest import PATIENCE, Server
from tests.hand import HANDS, Hand
from tests.journeys.test_worker import Pauses
from tests.mailserver import MailServer, serving
from tests.village import PASSPHRASE

OWN = "min egen lange setning"
"""What everybody chooses as a password of their own."""
TODAY = dt.datetime.now(dt.UTC).date()


@dataclass
class Town:
    """A municipality whose Medvirk has just been set up: its tables and one administrator, and nothing else."""

    number: str
    how: str  # the hand that all have: "mouse" or "keyboard"
    browser: Browser
    settings: Settings
    post: MailServer
    environment: dict[str, str]
    contexts: list[BrowserContext] = field(default_factory=list)

    def sit_down(self, width: int = 1024, height: int = 768) -> Hand:
        """Somebody at a browser of their own."""
        context = self.browser.new_context(
            base_url=self.settings.address, locale="nb-NO", viewport={"width": width, "height": height}
        )
        context.add_init_script("delete Navigator.prototype.serviceWorker")
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return HANDS[self.how](context.new_page())

    def employs(self, email: str, role: str, municipality: str | None = None) -> None:
        """Somebody more in the whole municipality, who has chosen a password already; without a browser."""
        database = Database(self.settings.database_url)
        accounts.create(database, email, OWN, role, municipality or self.number)
        database.dispose()

    def asked(self, title: str, questionnaire: str, unit: str, number: int) -> None:
        """So many residents of a unit have answered a round of their own, which is closed; without a browser."""
        database, keys = Database(self.settings.database_url), KeyStore(self.settings.keys)
        asked = load_folder(SHIPPED)[questionnaire]
        round_id = planning.create(
            database, title=title, audience=asked.audience, municipality=self.number, questionnaire=asked
        )
        planning.open_round(database, keys, round_id, PASSPHRASE)
        others_answer(self, issue(database, keys, round_id, unit, number), round_id)
        close_round(database, keys, self.settings.data, round_id)
        database.dispose()

    def work(self, days: int = 0) -> None:
        """The worker looks once, now or so many days later."""
        worker.run(self.settings, Pauses(), lambda: utcnow() + dt.timedelta(days=days))

    def days_pass(self, days: int) -> None:
        """What has been sent was sent so much longer ago."""
        database = Database(self.settings.database_url)
        with database.begin() as connection:
            connection.execute(update(Mailing).values(day=TODAY - dt.timedelta(days=days)))
        database.dispose()


@contextmanager
def founded(number: str, how: str, browser: Browser, folder: Path) -> Iterator[tuple[Town, str]]:
    """A municipality after `medvirk db upgrade` and `medvirk staff create-admin`; also the administrator's password."""
    with serving() as post:
        server = Server({})
        environment = {
            "MEDVIRK_DATA": f"{folder}/data",
            "MEDVIRK_KEYS": f"{folder}/keys",
            "MEDVIRK_ADDRESS": server.address,
            "MEDVIRK_SMTP_HOST": "127.0.0.1",
            "MEDVIRK_SMTP_PORT": str(post.port),
            "MEDVIRK_SMTP_SECURITY": "none",
        }
        settings = Settings.from_environment(environment)
        settings.data.mkdir()
        shutil.copyfile(_tables(), settings.data / "medvirk.db")
        upgrade(settings)
        database = Database(settings.database_url)
        password = passwords.generate()
        accounts.create(database, "ada@kommune.no", password, ADMINISTRATOR, number)
        database.dispose()
        server.environment = environment
        server.start()
        town = Town(number, how, browser, settings, post, environment)
        try:
            yield town, password
        finally:
            for context in town.contexts:
                context.close()
            server.stop()


def others_answer(town: Town, codes: Sequence[str], page_of: str) -> None:
    """More of the same kind send theirs, without a browser and with nothing answered; `page_of` is a round's id."""
    for number, code in enumerate(codes):
        form = {
            "code": code,
            "round": page_of,
            "submission": f"{number:032x}",
            "language": "nb",
            "ladder": "3",
            MEANT: "yes",
        }
        with urlopen(f"{town.settings.address}/submit", urlencode(form).encode()) as answer:
            assert answer.status == 200


@cache
def _tables() -> Path:
    """A database file with this version's tables and no rows: the same for every town."""
    folder = Path(mkdtemp(prefix="medvirk-town-"))
    atexit.register(shutil.rmtree, folder)
    upgrade(Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"}))
    return folder / "data" / "medvirk.db"
