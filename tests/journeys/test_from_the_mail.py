"""From a received mail to an answer: the link opens the person's own questionnaire, once."""

import re
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from survey.app import create_app
from survey.settings import Settings
from survey.storage.tables import Invitee, Outbox
from tests.office import ANNE, KARI, Office
from tests.village import SUBMISSION

pytestmark = pytest.mark.usefixtures("logged")


def link(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    [found] = re.findall('href="([^"]+#[^"]+)"', part.get_content())
    return str(found)


def test_the_link_of_a_received_mail_leads_to_the_place_and_one_answer_and_the_address_goes(office: Office) -> None:
    office.invite(KARI, ANNE)
    office.send()
    address, code = link(office.server.received[0]).split("#")
    assert address == "https://m.example/s"
    village = office.village
    app = create_app(
        Settings.from_environment(
            {
                "MEDVIRK_DATABASE_URL": village.database.url.render_as_string(hide_password=False),
                "MEDVIRK_DATA": str(village.data),
                "MEDVIRK_KEYS": str(village.keys.folder),
            }
        )
    )
    client = app.test_client()
    page = client.post("/start", data={"code": code})
    assert page.status_code == 200
    assert "Arna" in page.text
    answer = {"code": code, "round": village.round_id, "submission": SUBMISSION, "language": "nb", "ladder": "5"}
    sent = client.post(
        "/submit", data={**answer, "glad": "5", "support": "none"}, headers={"Accept": "application/json"}
    )
    assert sent.get_json()["status"] == "received"
    assert client.post("/start", data={"code": code}).status_code == 409
    with village.database.reading() as connection:
        assert connection.execute(select(Invitee.email)).scalars().all() == [ANNE]
        assert len(connection.execute(select(Outbox.id)).all()) == 1
    app.extensions["medvirk.database"].dispose()
