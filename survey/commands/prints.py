"""medvirk print …: cards, letters and paper as PDF."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from survey.access import issuing
from survey.access.codes import mint
from survey.commands.printing import asked_in, hand_out, kept, place_of, places_of, press_of, register_of, units_of
from survey.commands.shared import current_database
from survey.languages import LANGUAGES
from survey.prints import cards, information, letters, paper, recipients, rules
from survey.prints.sender import Sender
from survey.prints.words import PrintError
from survey.questionnaire.loading import load_folder, restore
from survey.questionnaire.model import LADDERS
from survey.settings import Settings

MOST = 1000  # codes at a time, far above what a unit may have


def _options(*options: Callable[..., Any]) -> Callable[..., Any]:
    """Several options as one decorator."""

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


def _free(_context: click.Context, _parameter: click.Parameter, file: Path) -> Path:
    if file.exists():
        raise PrintError(f"“{file}” is there already. Choose another name, or delete it first.")
    return file


_PDF = click.Path(dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_to_file = click.option(
    "--file", required=True, type=_PDF, callback=_free, help="Where the PDF goes; it must not be there yet."
)
_language = click.option("--language", default="nb", show_default=True, type=click.Choice(LANGUAGES))
_group = click.option("--group", default="", type=click.Choice(["", *issuing.GROUPS]), help="Of a planned measure.")
_ladder = click.option(
    "--ladder", default="3", show_default=True, type=click.Choice([*map(str, LADDERS)]), help="How many answers."
)
_unit_and_number = _options(
    click.option("--unit", required=True, metavar="UNIT_ID"),
    click.option("--number", required=True, type=click.IntRange(1, MOST), help="How many."),
)
_sender = _options(
    click.option("--contact", required=True, help="Whom to ask: a name."),
    click.option("--phone", default="", help="The contact's."),
    click.option("--email", default="", help="The contact's."),
    click.option("--asks", default="", help="Who asks; the municipality, if not said."),
)


@click.group("print")
def print_() -> None:
    """Cards, letters and paper as PDF."""


@print_.command("cards")
@click.argument("round_id", metavar="ROUND")
@_unit_and_number
@_to_file
@_language
@click.option("--way", default="self", show_default=True, type=click.Choice(issuing.WAYS))
@_group
@click.pass_obj
def print_cards(
    settings: Settings, round_id: str, unit: str, number: int, file: Path, language: str, way: str, group: str
) -> None:
    """Make new codes for a unit, and cards with them to cut out. The codes stand in the PDF and nowhere else.

    Example: medvirk print cards 3f2a… --unit fana --number 20 --file fana.pdf
    """
    database, press = current_database(settings), press_of(settings)
    municipality, place = place_of(database, asked_in(database, round_id), unit)
    owner = press.words(language).text("municipality", municipality=municipality.called(language))
    codes = [mint() for _ in range(number)]
    pdf = cards.cards(press, [cards.Card(code, place.called(language), owner) for code in codes], language)
    hand_out(settings, database, round_id, {unit: codes}, way, group, file, pdf)


@print_.command("paper")
@click.argument("round_id", metavar="ROUND")
@_unit_and_number
@_to_file
@click.option("--language", default="nb", show_default=True, help="One of the questionnaire's.")
@_ladder
@_group
@click.pass_obj
def print_paper(
    settings: Settings, round_id: str, unit: str, number: int, file: Path, language: str, ladder: str, group: str
) -> None:
    """Make new codes for a unit, and the round's questionnaire on paper with one of them on each copy.

    Example: medvirk print paper 3f2a… --unit fana --number 4 --file fana-paper.pdf
    """
    database, press = current_database(settings), press_of(settings)
    asked = asked_in(database, round_id)
    _, place = place_of(database, asked, unit)
    codes = [mint() for _ in range(number)]
    sheets = [paper.Sheets(place.called(language), code) for code in codes]
    pdf = paper.paper(press, restore(asked.questionnaire), sheets, language, int(ladder))
    hand_out(settings, database, round_id, {unit: codes}, "paper", group, file, pdf)


@print_.command("questionnaire")
@click.argument("questionnaire_id", metavar="ID")
@_to_file
@click.option("--language", default="nb", show_default=True, help="One of the questionnaire's.")
@_ladder
@click.pass_obj
def print_questionnaire(settings: Settings, questionnaire_id: str, file: Path, language: str, ladder: str) -> None:
    """A questionnaire on paper, with boxes where a code can be written.

    Example: medvirk print questionnaire day-centre-residents --language nb --file paper.pdf
    """
    known = load_folder(settings.content)
    if questionnaire_id not in known:
        raise PrintError(f"There is no questionnaire “{questionnaire_id}”. There are: {', '.join(known)}.")
    sheets = [paper.Sheets("", None)]
    with kept(file, paper.paper(press_of(settings), known[questionnaire_id], sheets, language, int(ladder))):
        pass


@print_.command("rules")
@_to_file
@_language
@click.pass_obj
def print_rules(settings: Settings, file: Path, language: str) -> None:
    """The rules for those who help somebody to answer, on one page.

    Example: medvirk print rules --language nn --file rules.pdf
    """
    with kept(file, rules.rules(press_of(settings), language)):
        pass


@print_.command("letter")
@click.argument("round_id", metavar="ROUND")
@click.option("--unit", "units", multiple=True, metavar="UNIT_ID", help="May stand several times; none: all of them.")
@click.option("--begins", required=True, type=_DAY, help="The first day, as 2026-12-01.")
@click.option("--ends", required=True, type=_DAY, help="The last day.")
@click.option("--visit", type=_DAY, help="The day somebody comes with tablets and cards.")
@_sender
@_to_file
@_language
@click.pass_obj
def print_letter(
    settings: Settings,
    /,
    round_id: str,
    units: tuple[str, ...],
    begins: dt.datetime,
    ends: dt.datetime,
    visit: dt.datetime | None,
    file: Path,
    language: str,
    **sender: str,
) -> None:
    """The information letter to whoever leads a unit: of one, of several, or of all that the round asks about.

    Example: medvirk print letter 3f2a… --unit fana --begins 2026-12-01 --ends 2026-12-15 --contact "Ingrid Vik"
    --file fana-letter.pdf
    """
    database = current_database(settings)
    asked = asked_in(database, round_id)
    if asked.audience != "resident":
        raise PrintError("This letter tells of a round that asks residents. Choose one: medvirk round list")
    municipality, places = places_of(database, round_id, asked, units)
    announced = [
        information.Announced(
            place=place.name,
            sender=Sender(municipality=municipality.name, **sender),
            begins=begins.date(),
            ends=ends.date(),
            visit=visit.date() if visit else None,
        )
        for place in places
    ]
    with kept(file, information.information(press_of(settings), announced, language)):
        pass


@print_.command("letters")
@click.argument("round_id", metavar="ROUND")
@click.option("--file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The list.")
@click.option("--pdf", required=True, type=_PDF, callback=_free, help="Where the letters go; it must not be there yet.")
@_sender
@click.option("--until", type=_DAY, help="The last day to answer, as 2026-12-15.")
@_group
@click.pass_obj
def print_letters(
    settings: Settings, /, round_id: str, file: Path, pdf: Path, until: dt.datetime | None, group: str, **sender: str
) -> None:
    """A letter with a code of its own to everybody on a list. The list is not kept.

    Columns: unit_id, name, address, postcode, town, language (nb, nn or en).

    Example: medvirk print letters 3f2a… --file relatives.csv --pdf letters.pdf --contact "Ingrid Vik"
    """
    database = current_database(settings)
    asked = asked_in(database, round_id)
    if asked.audience == "resident":
        raise PrintError("Residents get cards, not letters: medvirk print cards")
    register = register_of(database, asked)
    units = {unit.id: unit for unit in units_of(register, asked)}
    listed = [(unit, person, mint()) for unit, _, person in recipients.read(file.read_bytes(), units)]
    mailing = letters.Mailing(
        sender=Sender(municipality=register.root.name, **sender),
        written=dt.datetime.now(dt.UTC).date(),
        until=until.date() if until else None,
        relatives=asked.audience in ("relative", "relative_guess"),
        simulated=asked.simulated,
    )
    pages = [letters.Letter(person, code, units[unit].name) for unit, person, code in listed]
    minted: dict[str, list[str]] = {}
    for unit, _, code in listed:
        minted.setdefault(unit, []).append(code)
    content = letters.letters(press_of(settings), mailing, pages)
    hand_out(settings, database, round_id, minted, "self", group, pdf, content)
