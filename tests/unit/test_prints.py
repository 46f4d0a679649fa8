"""What is printed: tagged, literal, on the page, with every code where it belongs."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from survey.access.codes import for_invitee, shown
from survey.access.pictures import pictures
from survey.languages import LANGUAGES
from survey.prints.cards import Card, cards
from survey.prints.information import Announced, information
from survey.prints.letters import Letter, Mailing, Recipient, letters
from survey.prints.paper import Sheets, paper
from survey.prints.press import colours
from survey.prints.results import WORDS, Sheet, results
from survey.prints.rules import rules
from survey.prints.sender import Sender
from survey.prints.words import PrintError
from survey.questionnaire.loading import SHIPPED, load_folder
from survey.questionnaire.model import Questionnaire
from survey.spreadsheet import Worded
from survey.symbols import Catalogue, openmoji
from tests.printed import CATALOGUE, PRESS, qr_codes, signs, tags, texts, within

MARKUP = '#import "x" $a$ *b* _c_ `d` <e> @f \\ // /* {{g}} ~ = - + [h]'
LONG = ("Bufellesskapet Øvre Nordåsgrenda, avdeling for vaksne med utviklingshemming og samansette behov " * 3)[:200]
WORD = "Habiliteringstenestekoordineringsavdelingsleiarkontoret"
SENDER = Sender(municipality={"nb": "Bergen"}, contact="Ingrid Vik", phone="55 00 00 00", email="vik@example.no")
MAILING = Mailing(sender=SENDER, written=dt.date(2026, 12, 1), until=dt.date(2026, 12, 15))
QUESTIONNAIRES = load_folder(SHIPPED)
RESIDENTS, RELATIVES = QUESTIONNAIRES["day-centre-residents"], QUESTIONNAIRES["relatives"]


def codes(number: int) -> list[str]:
    return [for_invitee(b"key", str(index)) for index in range(number)]


def recipient(name: str = "Kari Nordmann", language: str = "nb") -> Recipient:
    return Recipient(name=name, address=("Storgata 1",), postcode="5020", town="Bergen", language=language)


def announced(place: str) -> Announced:
    days = {"begins": dt.date(2026, 12, 1), "visit": dt.date(2026, 12, 8), "ends": dt.date(2026, 12, 15)}
    return Announced(place={"nb": place}, sender=SENDER, **days)


def told(place: str, lines: Sequence[str] = ("Vi kjøper nye stoler.",), **changed: Any) -> Sheet:
    said = [
        (question, WORDS[index % 3], question.scale.options[0])
        for index, question in enumerate(RESIDENTS.questions[:5])
        if question.scale
    ]
    known = {"survey": "Høst 2026", "kind": "day_centre", "number": 79, "path": "/results/høst/4601", "said": said}
    return Sheet(**{"place": place, "will": lines, "did": lines, "simulated": False, "draft": False} | known | changed)


PRINTS: dict[str, Callable[[str, str], bytes]] = {
    "cards": lambda place, language: cards(PRESS, [Card(code, place, "Bergen") for code in codes(2)], language),
    "letters": lambda place, language: letters(
        PRESS, MAILING, [Letter(recipient(language=language), codes(1)[0], {"nb": place})]
    ),
    "information": lambda place, language: information(PRESS, [announced(place)], language),
    "paper": lambda place, language: paper(PRESS, RESIDENTS, [Sheets(place, codes(1)[0])], language),
    "rules": lambda _, language: rules(PRESS, language),
    "results": lambda place, language: results(PRESS, told(place), language),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PRINTS)
def test_every_print_is_tagged_and_says_so(name: str, language: str) -> None:
    pdf = PRINTS[name]("Fana", language)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == language
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"]
        fonts = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
        assert {font.partition("+")[2] for font in fonts} <= {
            "AtkinsonHyperlegible-Regular",
            "AtkinsonHyperlegible-Bold",
        }
    found = tags(pdf)
    assert all(tag["Alt"].strip() for tag in found if tag["S"] == "/Figure")
    assert sum(tag["S"] == "/H1" for tag in found) == (0 if name == "cards" else 1)


@pytest.mark.parametrize("place", [LONG, WORD], ids=["many words", "one word"])
@pytest.mark.parametrize("name", PRINTS)
def test_long_names_stay_on_the_page(name: str, place: str) -> None:
    pdf = PRINTS[name](place, "nn")
    pages = len(texts(pdf))
    assert pages <= {"paper": 10, "information": 2, "results": 2}.get(name, 1)
    margin = 8 if name == "cards" else 14
    for page in range(pages):
        assert [sign for sign in signs(pdf, page) if not margin < sign.x < 210 - margin or not 5 < sign.y < 292] == []


@pytest.mark.parametrize("name", [name for name in PRINTS if name != "rules"])
def test_data_are_never_read_as_markup(name: str) -> None:
    said = "".join(texts(PRINTS[name](MARKUP, "nb"))).replace(" ", "")
    assert MARKUP.replace(" ", "") in said


def test_the_same_data_give_the_same_bytes() -> None:
    assert PRINTS["paper"]("Fana", "nb") == PRINTS["paper"]("Fana", "nb")


def test_what_there_are_no_letters_for_is_named() -> None:
    with pytest.raises(PrintError, match=r"no letters to print “王” with\. Write it with others."):
        PRINTS["cards"]("Fana 王", "nb")


def test_what_is_too_long_for_its_place_is_named_as_pages_say_it() -> None:
    with pytest.raises(PrintError, match=r"is too long for where it is printed\. Make it shorter\.") as refused:
        PRINTS["cards"]("Fana " * 200, "nb")
    assert isinstance(refused.value.args[0], Worded)


@pytest.mark.parametrize("title", ["Om {stad}", "Om {place", "Om {}"])
def test_a_gap_that_nothing_fills_is_named(title: str) -> None:
    changed = {**PRESS.phrases, "letter_title": replace(PRESS.phrases["letter_title"], text={"nb": title})}
    with pytest.raises(PrintError, match=r"`letter_title` can be filled in with \{place\} only"):
        letters(replace(PRESS, phrases=changed), MAILING, [Letter(recipient(), codes(1)[0], {"nb": "Fana"})])


def test_letters_of_norways_languages_are_there() -> None:
    assert "Kárášjohka Čoaššu Ŧ Ŋ ž Đ ï ö" in texts(PRINTS["cards"]("Kárášjohka Čoaššu Ŧ Ŋ ž Đ ï ö", "nb"))[0]


def test_colours_are_those_of_the_pages() -> None:
    assert {"ink", "quiet", "line", "soft-line", "paper", "accent", "alarm"} <= set(colours())
    assert colours()["ink"] == "#1d2433"


def test_each_card_has_its_own_code_picture_and_link() -> None:
    made = codes(11)
    pdf = cards(PRESS, [Card(code, f"Sted {index}", "Bergen kommune") for index, code in enumerate(made)], "nb")
    found = []
    for page in range(2):
        for qr in qr_codes(pdf, page):
            left, top = 15 + 90 * ((qr.x - 15) // 90), 20.5 + 64 * ((qr.y - 20.5) // 64)
            card = within(pdf, page, left, top, left + 90, top + 64)
            code = qr.says.removeprefix("https://svar.example.no/s#")
            assert shown(code) in card
            assert f"Sted{made.index(code)}Bergenkommune" in card
            assert card.endswith("svar.example.no")
            found.append(code)
    assert sorted(found) == sorted(made)
    figures = [tag["Alt"] for tag in tags(pdf) if tag["S"] == "/Figure"]
    in_order = [code.replace("-", "") for code in re.findall(r"\w{4}-\w{4}-\w{4}", " ".join(texts(pdf)))]
    expected = [[CATALOGUE.alternative(concept, "nb") for concept in pictures(code)] for code in in_order]
    assert [figures[place : place + 2] for place in range(0, len(figures), 3)] == expected


def test_the_order_of_the_cards_says_nothing() -> None:
    made = codes(40)
    text = " ".join(texts(cards(PRESS, [Card(code, "Fana", "Bergen") for code in made], "nb")))
    order = sorted(made, key=lambda code: text.index(shown(code)))
    assert order != made
    assert set(order) == set(made)


def test_a_letter_shows_the_address_and_nothing_else_in_the_window() -> None:
    person = Recipient(
        name="Aleksander-Kristoffer Wilhelmsen-Østensjøvoll",
        address=("c/o Åse Haukelandsvær-Fjellheim", "Bruk 3", "Nedre Nordåsstredet 114 B"),
        postcode="0150",
        town="Oslo",
        language="nn",
    )
    pdf = letters(PRESS, MAILING, [Letter(person, codes(1)[0], {"nb": LONG})])
    assert within(pdf, 0, 15, 44, 110, 70) == "".join(person.lines()).replace(" ", "")
    assert within(pdf, 0, 0, 36, 210, 78) == "".join(person.lines()).replace(" ", "")  # the windows of C5 and DL


def test_a_letter_says_who_asks_what_happens_how_to_decline_and_whom_to_ask() -> None:
    code = codes(1)[0]
    pdf = letters(PRESS, MAILING, [Letter(recipient(), code, {"nb": "Fana dagsenter"})])
    [text] = texts(pdf)
    for said in (
        "Hva synes du om Fana dagsenter?",
        "Bergen kommune vil vite hva du synes. Vi spør deg fordi du er pårørende eller verge.",
        f"Eller gå til svar.example.no og skriv koden: {shown(code)}",
        "Svar senest 15. desember 2026.",
        "Da kan du kaste brevet.",
        "Da kan ingen koble svaret til deg.",
        "Spør Ingrid Vik. Telefon: 55 00 00 00 E-post: vik@example.no",
    ):
        assert said in text
    assert [qr.says for qr in qr_codes(pdf, 0)] == [f"https://svar.example.no/s#{code}"]


def test_a_letter_to_others_than_relatives_does_not_call_them_so_and_a_trial_says_that_it_is_one() -> None:
    other = replace(MAILING, relatives=False, until=None, simulated=True)
    [text] = texts(letters(PRESS, other, [Letter(recipient(language="en"), codes(1)[0], {"nb": "Fana"})]))
    assert "relative" not in text
    assert "Answer by" not in text
    assert "This is only a trial." in text


def test_each_letter_says_in_which_language_it_is() -> None:
    three = [Letter(recipient(language=language), codes(1)[0], {"nb": "Fana"}) for language in LANGUAGES]
    assert {tag["Lang"] for tag in tags(letters(PRESS, MAILING, three)) if "Lang" in tag} == {"nn", "en"}


def test_no_letters_is_an_error() -> None:
    with pytest.raises(PrintError, match="no letters"):
        letters(PRESS, MAILING, [])


def test_the_sheet_of_results_is_at_most_two_pages_leads_to_the_page_and_says_that_a_draft_is_one() -> None:
    pdf = results(PRESS, told("Fana"), "nb")
    [text] = texts(pdf)
    place = 0
    for said in ("79 personer svarte.", "Dette sa dere", "Mange svarte:", "Dette skal vi gjøre", "Dette har vi gjort"):
        place = text.index(said, place)
    assert "utkast" not in text
    assert [qr.says for qr in qr_codes(pdf, 0)] == ["https://svar.example.no/results/høst/4601"]
    most = told("Fana", [("Vi snakker med alle som vil det. " * 4)[:120]] * 6, draft=True, simulated=True)
    pages = texts(results(PRESS, most, "nb"))
    assert len(pages) == 2
    assert all("Dette er et utkast. Ingen har godkjent det ennå." in page for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_information_letters_are_a_page_each_with_dates_and_a_symbol_for_each_part(language: str) -> None:
    pdf = information(PRESS, [announced("Fana"), announced("Arna")], language)
    for place, text in zip(("Fana", "Arna"), texts(pdf), strict=True):
        assert place in text
        for day in (1, 8, 15):
            assert re.search(rf"\b{day}\.? (desember|December) 2026", text)
        assert "CC BY-SA 4.0" in text
    assert sum(tag["S"] == "/Figure" for tag in tags(pdf)) == sum(tag["S"] == "/H2" for tag in tags(pdf)) == 18
    assert sum(tag["S"] == "/H1" for tag in tags(pdf)) == 2


def shown_texts(asked: Questionnaire, ladder: int, language: str) -> list[str]:
    """What must stand on paper, in order."""
    found = []
    for question in asked.questions:
        found.append(question.text[language])
        if question.scale:
            found += [option.text[language] for option in question.scale.options_for(ladder)]
            found += [PRESS.phrases[answer].text[language] for answer in ("not_understood", "dont_know", "dont_want")]
    return found


@pytest.mark.parametrize(("asked", "ladder"), [(RESIDENTS, 2), (RESIDENTS, 3), (RESIDENTS, 5), (RELATIVES, 5)])
def test_paper_asks_everything_in_order_and_has_the_code_on_every_page(asked: Questionnaire, ladder: int) -> None:
    made = codes(2)
    pdf = paper(PRESS, asked, [Sheets("Fana", code) for code in made], "nn", ladder)
    pages = texts(pdf)
    half = len(pages) // 2
    for number, page in enumerate(pages):
        assert set(re.findall(r"\w{4}-\w{4}-\w{4}", page)) == {shown(made[number // half])}
        assert f"Side {number % half + 1} av {half}" in page
    assert [qr.says for qr in qr_codes(pdf, half)] == [f"https://svar.example.no/s#{made[1]}"]
    whole, place = " ".join(pages[:half]), 0
    for text in shown_texts(asked, ladder, "nn"):
        place = whole.index(text, place)
    assert ("Fekk du hjelp til å svare?" in whole) == (asked.audience == "resident")
    assert ("Vil du snakke med nokon?" in whole) == any(question.offer_talk for question in asked.questions)


def test_paper_without_a_code_has_room_for_one_and_says_whom_a_question_is_for() -> None:
    first, second, *rest = RELATIVES.questions
    asked = replace(RELATIVES, questions=(first, replace(second, show_if=(first.id, (1, 2))), *rest))
    whole = " ".join(texts(paper(PRESS, asked, [Sheets("", None)], "nb")))
    assert not re.search(r"\w{4}-\w{4}-\w{4}", whole)
    assert "Svar bare hvis du krysset av for “I ganske liten grad” eller “I liten grad” ved spørsmål 1." in whole


def test_paper_refuses_languages_and_ladders_that_are_not_there() -> None:
    with pytest.raises(PrintError, match=r"not written in “se”\. It is in nb, nn, en\."):
        paper(PRESS, RESIDENTS, [Sheets("Fana", None)], "se")
    with pytest.raises(PrintError, match=r"no 4 answers\. Use 2, 3, 5."):
        paper(PRESS, RESIDENTS, [Sheets("Fana", None)], "nb", 4)
    northern = replace(RESIDENTS, languages=("nb", "se"))
    with pytest.raises(PrintError, match=r"has no text in “se”\. Add it to the content file"):
        paper(PRESS, northern, [Sheets("Fana", None)], "se")


def images(pdf: bytes) -> int:
    """How many pictures of dots a PDF has."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return sum(isinstance(it, pikepdf.Stream) and it.get("/Subtype") == "/Image" for it in document.objects)


def test_a_municipalitys_own_pictures_are_printed_and_credited(tmp_path: Path) -> None:
    picture = BytesIO()
    Image.new("RGB", (60, 60), "#ff00ff").save(picture, "PNG")
    (tmp_path / "stop.png").write_bytes(picture.getvalue())
    (tmp_path / "credit.txt").write_text("Foto: Kari Nordmann", encoding="utf-8")
    catalogue = Catalogue.load(CATALOGUE.drawings, openmoji(), tmp_path)
    own, shipped = rules(replace(PRESS, catalogue=catalogue), "nb"), rules(PRESS, "nb")
    assert "Foto: Kari Nordmann" in texts(own)[0]
    assert "Foto" not in texts(shipped)[0]
    assert tags(own) == tags(shipped)
    assert (images(own), images(shipped)) == (1, 0)
