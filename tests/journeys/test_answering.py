"""A respondent's way over HTTP, with and without script: code page, questionnaire, Send, thanks."""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from survey.access.codes import mint, shown
from survey.app import create_app
from survey.questionnaire.loading import SHIPPED, load_folder, page_phrases
from survey.settings import Settings
from survey.speech.library import Sound, SpeechLibrary, name_of
from survey.speech.voices import VOICES
from survey.storage import migrating
from survey.storage.engine import Database
from survey.storage.tables import Code, Round, WrongCode
from tests.village import QUESTIONNAIRE, RELATIVES, SUBMISSION, Village

LANGUAGES = ("nb", "nn", "en")
WORDS = page_phrases(SHIPPED)
JSON = {"Accept": "application/json"}


def says(response: TestResponse, phrase: str, language: str = "nb") -> bool:
    return f">{WORDS[phrase].text[language]}<" in response.text


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("installation")
    return Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})


@pytest.fixture(scope="module")
def village(settings: Settings) -> Iterator[Village]:
    database = Database(settings.database_url)
    migrating.upgrade(database)
    yield Village.found(database, settings.keys.parent, {"arna": 1000, "fana": 9, "nesttun": 9})
    database.dispose()


@pytest.fixture
def client(settings: Settings, village: Village) -> FlaskClient:
    return create_app(settings).test_client()


@pytest.fixture
def code(village: Village) -> str:
    return village.codes()[0]


def sent(village: Village, code: str, **changes: str) -> dict[str, str]:
    fields = {"code": code, "round": village.round_id, "submission": SUBMISSION, "language": "nb", "ladder": "3"}
    return fields | {"glad": "5", "sad": "dont_want", "food": "", "say": "Bra!", "support": "some"} | changes


@pytest.mark.parametrize("address", ["/", "/s"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_page_asks_for_the_code_in_each_language(client: FlaskClient, address: str, language: str) -> None:
    page = client.get(address, query_string={"language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert says(page, "enter_code", language)
    assert 'action="/start"' in page.text


@pytest.mark.parametrize("typed", [str, str.lower, shown, lambda code: f" {shown(code).lower()} "])
def test_a_code_typed_in_any_way_opens_the_questionnaire_and_is_not_spent(
    client: FlaskClient, village: Village, code: str, typed: Callable[[str], str]
) -> None:
    for _ in range(2):
        page = client.post("/start", data={"code": typed(code)})
        assert page.status_code == 200
        assert f'name="code" value="{code}"' in page.text
        assert f'name="round" value="{village.round_id}"' in page.text
        assert re.search(r'name="submission" value="[0-9a-f]{32}"', page.text)


def test_each_opening_without_script_gets_its_own_submission(client: FlaskClient, code: str) -> None:
    pages = [client.post("/start", data={"code": code}).text for _ in range(2)]
    numbers = {re.findall(r'name="submission" value="(.+?)"', page)[0] for page in pages}
    assert len(numbers) == 2


def test_nothing_is_chosen_beforehand_and_nothing_is_compulsory(client: FlaskClient, code: str) -> None:
    form = client.post("/start", data={"code": code}).text.split("<dialog")[0]
    assert " checked" not in form
    assert " required" not in form


def test_the_language_is_changed_by_the_same_code(client: FlaskClient, village: Village, code: str) -> None:
    page = client.post("/start", data={"code": code, "language": "en"})
    assert says(page, "this_is_about", "en")
    buttons = re.findall(r'<button [^>]*form="languages" name="language" value="(..)"', page.text)
    assert buttons == ["nb", "nn", "en"]
    with village.database.reading() as connection:
        assert connection.execute(select(Code)).first() is not None


@pytest.mark.parametrize(
    ("typed", "status", "phrase"),
    [("", 422, "code_missing"), ("ABCD-EFGH", 422, "code_mistyped"), ("<script>", 422, "code_mistyped")],
)
def test_a_missing_or_mistyped_code_is_told(client: FlaskClient, typed: str, status: int, phrase: str) -> None:
    page = client.post("/start", data={"code": typed})
    assert page.status_code == status
    assert says(page, phrase)
    assert "<script>" not in page.text


def test_a_wrong_code_is_told_in_one_sentence_not_shown_again_and_counted(
    client: FlaskClient, village: Village
) -> None:
    def wrong() -> int:
        with village.database.reading() as connection:
            return connection.execute(select(WrongCode.number)).scalar() or 0

    code, before = mint(), wrong()
    page = client.post("/start", data={"code": code})
    assert page.status_code == 409
    for phrase in ("answered_before", "code_not_valid", "ask_for_code"):
        assert says(page, phrase), "whoever answered is thanked, and nobody learns whether this code did"
    assert code not in page.text
    assert wrong() == before + 1


@pytest.fixture
def shut(village: Village) -> Iterator[None]:
    """The round takes no more answers."""
    change = update(Round).where(Round.id == village.round_id)
    with village.database.begin() as connection:
        connection.execute(change.values(state="closing"))
    yield
    with village.database.begin() as connection:
        connection.execute(change.values(state="open"))


def test_a_round_that_is_over_says_so(client: FlaskClient, village: Village, code: str, shut: None) -> None:
    page = client.post("/start", data={"code": code})
    assert page.status_code == 410
    assert says(page, "round_closed")
    reply = client.post("/submit", data=sent(village, code), headers=JSON)
    assert (reply.status_code, reply.json) == (410, {"status": "closed", "errors": {}})


def test_send_is_received_then_received_already_and_the_code_is_spent(
    client: FlaskClient, village: Village, code: str
) -> None:
    first = client.post("/submit", data=sent(village, code), headers=JSON)
    assert (first.status_code, first.json) == (200, {"status": "received", "errors": {}})
    again = client.post("/submit", data=sent(village, code), headers=JSON)
    assert (again.status_code, again.json) == (200, {"status": "already_received", "errors": {}})
    other = client.post("/submit", data=sent(village, code, submission="f" * 32), headers=JSON)
    assert (other.status_code, other.json) == (409, {"status": "not_valid", "errors": {}})


@pytest.mark.parametrize(
    "change", [{"code": "ABCD"}, {"code": "222222222222"}, {"round": "another"}, {"round": ""}], ids=str
)
def test_a_code_or_round_that_is_not_there_is_not_valid(
    client: FlaskClient, village: Village, code: str, change: dict[str, str]
) -> None:
    reply = client.post("/submit", data=sent(village, code) | change, headers=JSON)
    assert (reply.status_code, reply.json) == (409, {"status": "not_valid", "errors": {}})


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"glad": "4"}, {"glad": "choose_shown_answers"}),
        ({"say": "x" * 1501}, {"say": "comment_too_long"}),
        ({"strange": "1"}, {"strange": "form_broken"}),
        ({"ladder": "7"}, {"ladder": "form_broken"}),
        ({"submission": "XYZ"}, {"submission": "form_broken"}),
    ],
)
def test_tampered_fields_are_named_and_the_code_stays(
    client: FlaskClient, village: Village, code: str, change: dict[str, str], errors: dict[str, str]
) -> None:
    reply = client.post("/submit", data=sent(village, code, **change), headers=JSON)
    assert (reply.status_code, reply.json) == (422, {"status": "invalid", "errors": errors})
    assert client.post("/submit", data=sent(village, code), headers=JSON).json["status"] == "received"


def test_a_repeated_code_is_invalid(client: FlaskClient, village: Village, code: str) -> None:
    reply = client.post("/submit", data={**sent(village, code), "code": [code, code]}, headers=JSON)
    assert (reply.status_code, reply.json) == (422, {"status": "invalid", "errors": {"code": "form_broken"}})


def test_without_script_send_thanks_and_says_when_it_was_there_already(
    client: FlaskClient, village: Village, code: str
) -> None:
    page = client.post("/submit", data=sent(village, code))
    assert page.status_code == 200
    assert says(page, "received")
    assert code not in page.text
    assert says(client.post("/submit", data=sent(village, code)), "already_received")


def test_without_script_an_invalid_answer_comes_back_with_everything_that_was_answered(
    client: FlaskClient, village: Village, code: str
) -> None:
    long = "Bra! {code}" + "x" * 1500
    page = client.post("/submit", data=sent(village, code, say=long))
    assert page.status_code == 422
    assert says(page, "comment_too_long")
    assert f">{long}</textarea>" in page.text
    assert re.search(r'name="glad" value="5" checked', page.text)
    assert re.search(r'name="sad" value="dont_want" checked', page.text)
    assert re.search(r'name="support" value="some" checked', page.text)
    assert f'name="submission" value="{SUBMISSION}"' in page.text
    assert client.post("/submit", data=sent(village, code), headers=JSON).json["status"] == "received"


def test_without_script_who_answered_nothing_is_asked_and_may_send(client: FlaskClient, village: Village) -> None:
    nothing = sent(village, village.codes()[0], glad="", sad="", say=" ")
    page = client.post("/submit", data=nothing)
    assert page.status_code == 422
    assert re.search(rf'role="alert">\s*<p class="message".*>{WORDS["nothing_title"].text["nb"]}<', page.text)
    assert re.search(r'name="support" value="some" checked', page.text)
    assert 'name="anyway" value="yes"' in page.text
    assert says(client.post("/submit", data=nothing | {"anyway": "yes"}), "received")


def test_relatives_are_not_asked_who_helped(client: FlaskClient, village: Village) -> None:
    round_id = village.open_round(audience="relative", questionnaire=RELATIVES)
    (code,) = village.codes(round_id=round_id)
    page = client.post("/start", data={"code": code})
    assert 'data-symbols="off"' in page.text
    assert 'name="support"' not in page.text
    assert 'name="say"' in page.text


def test_a_round_of_simulated_people_says_so(client: FlaskClient, village: Village, code: str) -> None:
    assert not says(client.post("/start", data={"code": code}), "simulated")
    (simulated,) = village.codes(unit="fana", round_id=village.open_round(simulated=True))
    assert says(client.post("/start", data={"code": simulated}), "simulated")


def every_page(client: FlaskClient, village: Village) -> Iterator[TestResponse]:
    """Each page a respondent can meet, good and bad."""
    one, two = village.codes(2)
    for language in LANGUAGES:
        asked = {"language": language}
        yield client.get("/s", query_string=asked)
        yield client.get("/about", query_string=asked)
        yield client.get("/accessibility", query_string=asked)
        yield client.get("/nowhere", query_string=asked)
        yield client.get("/submit", query_string=asked)
        yield client.post("/start", data={"code": "oops", **asked})
        yield client.post("/start", data={"code": mint(), **asked})
        yield client.post("/start", data={"code": one, **asked})
        yield client.post("/submit", data=sent(village, one, glad="4", **asked))
        yield client.post("/submit", data=sent(village, mint(), **asked))
    yield client.post("/submit", data=sent(village, two))


def test_every_page_is_valid_html_with_one_heading_unique_ids_and_a_label_for_each_field(
    client: FlaskClient, village: Village
) -> None:
    for page in every_page(client, village):
        document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.text)
        assert document.get("lang") in LANGUAGES
        assert (document.findtext(".//title") or "").endswith(" – Medvirk")
        for template in document.findall(".//template"):
            template.clear()  # waits outside the page
        ids = [element.get("id") for element in document.findall(".//*[@id]")]
        assert len(set(ids)) == len(ids)
        assert len(document.findall(".//h1")) == 1
        fields = document.findall(".//input") + document.findall(".//textarea")
        labelled = document.findall(".//label//input") + [
            document.find(f".//*[@id='{label.get('for')}']") for label in document.findall(".//label[@for]")
        ]
        for field in fields:
            assert field.get("type") == "hidden" or field.get("aria-labelledby") or field in labelled
        assert not document.findall(".//*[@style]") + [
            script for script in document.findall(".//script") if script.text
        ]


def test_what_is_heard_is_what_stands_there(settings: Settings, village: Village, tmp_path: Path) -> None:
    phrases = [*WORDS.values(), *QUESTIONNAIRE.phrases()]
    (tmp_path / "speech").mkdir()
    for phrase in phrases:
        (tmp_path / "speech" / name_of(phrase.spoken("nb"), VOICES["nb"])).write_bytes(bytes(4000))
    client = create_app(replace(settings, data=tmp_path)).test_client()
    said = {name_of(phrase.spoken("nb"), VOICES["nb"]): set[str]() for phrase in phrases}
    for phrase in phrases:
        said[name_of(phrase.spoken("nb"), VOICES["nb"])].add(phrase.text["nb"])
    heard = 0
    for page in every_page(client, village):
        document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.text)
        for element in document.findall(".//*[@data-sound]") if document.get("lang") == "nb" else ():
            assert " ".join(seen(element).split()) in said[element.get("data-sound")]
            heard += 1
    assert heard > 100


def test_no_page_sets_a_cookie_is_kept_by_a_cache_or_names_another_host(client: FlaskClient, village: Village) -> None:
    for page in every_page(client, village):
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert not re.search(r'(src|action)="(?!/|\?)', page.text)


def test_the_compressed_questionnaire_is_the_plain_one(client: FlaskClient, code: str) -> None:
    plain = client.post("/start", data={"code": code})
    packed = client.post("/start", data={"code": code}, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) < len(plain.data) / 3
    own = re.compile(r'(name="submission" value|data-key|data-wrapped)="[^"]+"')
    assert own.sub("", gzip.decompress(packed.data).decode()) == own.sub("", plain.text)


def test_one_sheet_holds_every_symbol_of_the_page_and_any_process_can_serve_it(
    client: FlaskClient, settings: Settings, village: Village
) -> None:
    whole = load_folder(SHIPPED)["day-centre-residents"]
    plain = tuple(question for question in whole.questions if question.id == "learn")  # no faces to answer with
    round_id = village.open_round(questionnaire=replace(whole, questions=plain))
    (code,) = village.codes(unit="nesttun", round_id=round_id)
    page = client.post("/start", data={"code": code}).text
    used = set(re.findall(r'<use href="(.+?)#(\w+)">', page))
    (sheet,) = {address for address, _ in used}
    other_process = create_app(settings).test_client()
    picture = other_process.get(sheet)
    assert "immutable" in picture.headers["Cache-Control"]
    ids = {element.get("id") for element in ElementTree.fromstring(picture.data)}
    assert {concept for _, concept in used} <= ids
    (code_page_sheet,) = set(re.findall(r'<use href="(.+?)#', client.get("/s").text))
    assert create_app(settings).test_client().get(code_page_sheet).status_code == 200
    assert other_process.get("/symbols/0000.svg").status_code == 404


def test_only_what_has_a_sound_can_be_listened_to_and_a_sound_comes_in_parts(
    settings: Settings, client: FlaskClient, village: Village, code: str
) -> None:
    assert "data-sound" not in client.post("/start", data={"code": code}).text
    name = name_of("Er du glad her?", VOICES["nb"])
    (settings.data / "speech").mkdir()
    (settings.data / "speech" / name).write_bytes(bytes(range(200)))
    page = create_app(settings).test_client().post("/start", data={"code": code})
    assert page.text.count(f'data-sound="{name}"') == 1
    with client.get(f"/speech/{name}", headers={"Range": "bytes=10-19"}) as part:
        assert (part.status_code, part.data, part.mimetype) == (206, bytes(range(10, 20)), "audio/mpeg")
        assert "immutable" in part.headers["Cache-Control"]
    assert client.get(f"/speech/{'0' * 32}.mp3").status_code == 404


def test_every_choice_and_word_in_what_lies_over_the_page_can_be_heard(
    client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SpeechLibrary, "sound_for", lambda *_: Sound("0.mp3", 1.0, "synthetic"))
    monkeypatch.setattr(SpeechLibrary, "read", lambda *_: b"")
    page = html5lib.parse(client.post("/start", data={"code": code}).text, namespaceHTMLElements=False)
    dialogs = list(page.iter("dialog"))
    assert {"pause", "help", "stop"} <= {dialog.get("id") for dialog in dialogs}
    assert [text for dialog in dialogs for text in unheard(dialog)] == []
    assert all(dialog.find(".//button[@data-stop]") is not None for dialog in dialogs)


def seen(element: ElementTree.Element) -> str:
    """The text that stands in it, without samples that are there to look at."""
    inside = ("" if child.get("aria-hidden") else seen(child) for child in element)
    after = (child.tail or "" for child in element)
    return (element.text or "") + "".join(part for pair in zip(inside, after, strict=True) for part in pair)


def unheard(element: ElementTree.Element) -> Iterator[str]:
    """Texts that no sound goes with; what is there to listen, samples to look at and single signs need none."""
    quiet = "data-sound" in element.attrib or element.get("aria-hidden") or "listen" in element.get("class", "")
    quiet = quiet or "data-sign" in element.attrib
    for text in () if quiet else (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield text.strip()
    for child in () if quiet else element:
        yield from unheard(child)


def test_a_relative_is_thanked_without_a_way_to_another_code(client: FlaskClient, village: Village) -> None:
    round_id = village.open_round(audience="relative", questionnaire=RELATIVES)
    code = village.codes(round_id=round_id, unit="fana")[0]
    thanks = client.post("/submit", data=sent(village, code, round=round_id, support="none"))
    assert says(thanks, "thanks_title")
    assert not says(thanks, "another_person")
    code = village.codes()[0]
    assert says(client.post("/submit", data=sent(village, code)), "another_person")
