"""The mail to somebody invited, in three languages, as text and as HTML."""

import datetime as dt
import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import html5lib
import pytest
from babel.support import NullTranslations, Translations

from survey.invitations import mail as mails
from survey.invitations.mail import Letterhead, TextsMissingError, compose
from survey.invitations.outbox import Mail, wait

LETTERHEAD = Letterhead("Ås kommune <spor@as.example>", "https://medvirk.example")
NOW = dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC).replace(tzinfo=None)
TOKEN = "Zm9v_-" * 12  # as long as one is
STOP = f"https://medvirk.example/no-more-mail/{TOKEN}?language=nb"
MAIL = Mail(
    id="0f" * 16,
    kind="invitation",
    attempts=0,
    invitee="1e" * 16,
    email="kari@example.no",
    language="nb",
    round_id="r",
    audience="relative",
    simulated=False,
    place={"nb": "Blåbær & <b>Co</b>"},
    municipality={"nb": "Ås"},
)


def received(mail: Mail) -> EmailMessage:
    """The mail as a mail program reads it."""
    message = message_from_bytes(bytes(compose(mail, "ABCDEFGHJKMN", TOKEN, LETTERHEAD, NOW)), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def words(html: str) -> str:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return " ".join("".join(tree.find("body").itertext()).split())


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_text_and_html_hold_link_and_typable_code(language: str) -> None:
    message = received(replace(MAIL, language=language))
    html = body(message, "html")
    assert "https://medvirk.example/s#ABCDEFGHJKMN" in body(message, "plain").splitlines()
    assert 'href="https://medvirk.example/s#ABCDEFGHJKMN"' in html
    assert f'<html lang="{language}">' in html
    for text in (body(message, "plain"), words(html)):
        assert "ABCD-EFGH-JKMN" in text
        assert "https://medvirk.example/s " in " ".join(text.split())


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nb",
            ["Noen spørsmål fra Ås kommune", "pårørende", "virker én gang", "bestemmer selv", "Svar på denne e-posten"],
        ),
        (
            "nn",
            ["Nokre spørsmål frå Ås kommune", "pårørande", "verkar éin gong", "bestemmer sjølv", "Lurer du på noko"],
        ),
        ("en", ["A few questions from the municipality of Ås", "relative", "work once", "You decide", "Reply to this"]),
    ],
)
def test_each_language_says_who_asks_that_it_is_voluntary_and_whom_to_ask(language: str, told: list[str]) -> None:
    message = received(replace(MAIL, language=language))
    assert message["Subject"] == told[0]
    for text in (body(message, "plain"), words(body(message, "html"))):
        assert all(each in text for each in told[1:])
        assert "Blåbær & <b>Co</b>" in text


def test_a_place_has_its_name_in_the_mails_language_where_it_has_one() -> None:
    place = {"nb": "Blåbær dagsenter", "en": "Blueberry day centre"}
    assert "Blueberry day centre." in body(received(replace(MAIL, language="en", place=place)), "plain")
    assert "Blåbær dagsenter." in body(received(replace(MAIL, language="nn", place=place)), "plain")


def test_others_than_relatives_are_not_called_relatives() -> None:
    assert "pårørende" not in body(received(replace(MAIL, audience="leader")), "plain")


@pytest.mark.parametrize(("language", "mark"), [("nb", "[Simulert] "), ("nn", "[Simulert] "), ("en", "[Simulated] ")])
def test_a_mail_of_a_demonstration_says_so_first(language: str, mark: str) -> None:
    message = received(replace(MAIL, language=language, simulated=True))
    assert message["Subject"].startswith(mark)
    for text in (body(message, "plain"), words(body(message, "html"))):
        assert "simul" in text[:80]


def test_headers_say_when_from_whom_and_that_a_machine_wrote_it() -> None:
    message = received(MAIL)
    assert message["From"] == "Ås kommune <spor@as.example>"
    assert message["To"] == "kari@example.no"
    assert message["Date"].datetime == NOW.replace(tzinfo=dt.UTC)
    assert message["Message-ID"] == f"<{'0f' * 16}@as.example>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_mail_programs_are_told_whole_and_unencoded_where_to_ask_for_no_more() -> None:
    raw = bytes(compose(MAIL, "ABCDEFGHJKMN", TOKEN, LETTERHEAD, NOW)).split(b"\r\n\r\n")[0]
    assert f"\r\nList-Unsubscribe: <{STOP}>\r\n".encode() in raw
    assert received(MAIL)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert STOP in body(received(MAIL), "plain").splitlines()
    assert f'href="{STOP}"' in body(received(MAIL), "html")


def test_a_link_without_encryption_is_offered_to_people_and_not_to_mail_programs() -> None:
    letterhead = replace(LETTERHEAD, address="http://127.0.0.1:8000")
    message = compose(MAIL, "ABCDEFGHJKMN", TOKEN, letterhead, NOW)
    assert message["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/")
    assert message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    ("language", "reminder", "again", "last"),
    [
        ("nb", "Påminnelse: Noen", "skrevet til deg før", "siste gang"),
        ("nn", "Påminning: Nokre", "skrive til deg før", "siste gongen"),
        ("en", "Reminder: A few", "written to you before", "last time"),
    ],
)
def test_a_reminder_says_that_it_is_one_and_the_second_that_it_is_the_last(
    language: str, reminder: str, again: str, last: str
) -> None:
    for kind in ("invitation", "reminder_1", "reminder_2"):
        message = received(replace(MAIL, kind=kind, language=language))
        assert message["Subject"].startswith(reminder) == (kind != "invitation")
        for text in (body(message, "plain"), words(body(message, "html"))):
            assert (again in text) == (kind != "invitation")
            assert (last in text) == (kind == "reminder_2")


def test_nothing_is_fetched_when_the_mail_is_opened() -> None:
    html = body(received(MAIL), "html")
    assert not re.search(r"<(img|link|script|iframe|style|object)\b|url\(|\bsrc=", html)
    assert set(re.findall(r'https?://[^\s"<]+', html)) == {
        "https://medvirk.example/s",
        "https://medvirk.example/s#ABCDEFGHJKMN",
        STOP,
    }


def test_the_subject_tells_nothing_of_the_person_or_the_place() -> None:
    assert "Blåbær" not in received(MAIL)["Subject"]


def test_a_name_with_a_line_break_becomes_no_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        compose(replace(MAIL, municipality={"nb": "Ås\nBcc: all@example.no"}), "ABCDEFGHJKMN", TOKEN, LETTERHEAD, NOW)


def test_without_its_catalogue_a_mail_is_not_sent_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Translations, "load", lambda *_: NullTranslations())
    mails.templates.cache_clear()
    with pytest.raises(TextsMissingError, match="make setup"):
        compose(MAIL, "ABCDEFGHJKMN", TOKEN, LETTERHEAD, NOW)


def test_waits_double_from_a_minute_to_an_hour() -> None:
    assert [wait(attempts).total_seconds() / 60 for attempts in (1, 2, 3, 6, 7, 8, 1000)] == [1, 2, 4, 32, 60, 60, 60]
