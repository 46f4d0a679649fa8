"""A relative on a phone: from the mail that a real server received, by its link, to thanks."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from survey.invitations.mail import Letterhead
from survey.invitations.sending import Post
from survey.questionnaire.answers import decode
from survey.questionnaire.loading import SHIPPED, load_folder, page_phrases
from survey.settings import Settings
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Invitee, Sealed
from tests.browser.conftest import serve
from tests.mailserver import serving
from tests.office import ANNE, KARI, Office
from tests.village import Village

WORDS = {name: phrase.text["nb"] for name, phrase in page_phrases(SHIPPED).items()}
RELATIVES = load_folder(SHIPPED)["relatives"]


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    return Settings.from_environment({"MEDVIRK_DATA": f"{tmp_path}/data", "MEDVIRK_KEYS": f"{tmp_path}/keys"})


@pytest.fixture
def village(settings: Settings) -> Iterator[Village]:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    village = Village.found(database, settings.keys.parent)
    village.round_id = village.open_round(audience="relative", questionnaire=RELATIVES, service_kind="day_centre")
    yield village
    database.dispose()


@pytest.fixture
def served(settings: Settings, village: Village) -> Iterator[str]:
    yield from serve({"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)})


@pytest.fixture
def mail(village: Village, served: str) -> Iterator[EmailMessage]:
    """What Kari's mail server received; Anne was invited too."""
    with serving() as server:
        office = Office(village, server)
        office.post = Post(
            village.database, village.keys, Letterhead("Bergen <spor@bergen.example>", served), office.clock
        )
        office.invite(KARI, ANNE)
        office.send()
        yield next(message for message in server.received if message["To"] == KARI)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="nb-NO")
    yield context.new_page()
    context.close()


def test_a_relative_follows_the_link_answers_writes_and_is_forgotten(
    mail: EmailMessage, phone: Page, village: Village
) -> None:
    body = mail.get_body(("html",))
    assert body is not None
    phone.set_content(body.get_content())
    phone.get_by_role("link", name="Svar på spørsmålene").tap()
    phone.get_by_role("button", name=WORDS["start"]).tap()
    phone.get_by_role("button", name=WORDS["begin"]).tap()
    assert "#" not in phone.url.replace("#q1", ""), "the code is not in the address"
    phone.locator(".step.now .answer").first.tap()
    while not phone.locator("textarea").is_visible():
        phone.locator("#next").press("Enter")
    phone.locator("textarea").fill("Takk for god hjelp.")
    phone.get_by_role("button", name=WORDS["next"], exact=True).tap()
    phone.get_by_role("button", name=WORDS["send"], exact=True).tap()
    expect(phone.get_by_role("heading", name=WORDS["thanks_title"])).to_be_visible()

    with village.database.reading() as connection:
        (box,) = connection.execute(select(Sealed.box)).scalars()
        assert connection.execute(select(Invitee.email)).scalars().all() == [ANNE]
    sent = decode(village.keys.opener(village.round_id).decrypt(box))
    first, comment = RELATIVES.questions[0], RELATIVES.questions[-1]
    assert (sent.values[first.id], sent.comments[comment.id]) == (5, "Takk for god hjelp.")

    phone.goto("about:blank")
    phone.set_content(body.get_content())
    phone.get_by_role("link", name="Svar på spørsmålene").tap()
    phone.get_by_role("button", name=WORDS["start"]).tap()
    expect(phone.locator("#problem")).to_contain_text(re.compile(re.escape(WORDS["code_not_valid"])))
