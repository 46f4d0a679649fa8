"""medvirk questionnaire …, speech …, symbols …: what is asked, said and drawn."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from survey.access.pictures import named
from survey.commands.shared import tell
from survey.questionnaire.checking import check_files, content_files
from survey.questionnaire.loading import load_folder, page_phrases
from survey.questionnaire.model import Phrase
from survey.settings import ROOT, Settings
from survey.speech.library import SpeechLibrary
from survey.symbols import Catalogue, openmoji, problems

SYMBOLS = ROOT / "static" / "symbols"


@click.group()
def questionnaire() -> None:
    """What is asked."""


@questionnaire.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def questionnaire_check(settings: Settings, files: tuple[Path, ...]) -> None:
    """Check questionnaires for what respondents would stumble over; without FILES all there are.

    Example: medvirk questionnaire check questionnaires/relatives.yaml
    """
    found = check_files(files or content_files(settings.content), catalogue(settings).concepts)
    _tell(list(map(str, found)), "Everything is in order.")


@click.group()
def speech() -> None:
    """What is read aloud."""


@speech.command("build")
@click.pass_obj
def speech_build(settings: Settings) -> None:
    """Render every text that has a voice and is not rendered yet.

    Example: medvirk speech build
    """
    build_speech(settings)


def build_speech(settings: Settings) -> None:
    """Render what is missing, and say how far it is."""
    report = SpeechLibrary(settings.data).build(
        spoken(settings.content), lambda done, of: tell("Speech, texts", done, of)
    )
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(f"Speech: {report.rendered} made, {report.kept} there already, {report.recorded} recorded by people.")


@click.group()
def symbols() -> None:
    """The pictures of concepts."""


@symbols.command("check")
@click.pass_obj
def symbols_check(settings: Settings) -> None:
    """Check that every concept has a safe picture and a name in every language.

    Example: medvirk symbols check
    """
    _tell(problems(catalogue(settings)), "Everything is in order.")


def catalogue(settings: Settings) -> Catalogue:
    """The symbols, with the municipality's own laid over them."""
    return Catalogue.load(SYMBOLS, openmoji(), settings.data / "symbols")


def spoken(content: Path) -> Iterator[Phrase]:
    """Everything that is read aloud where there is a voice for it."""
    yield from page_phrases(content).values()
    yield from named(Catalogue.load(SYMBOLS, openmoji())).values()
    for asked in load_folder(content).values():
        yield from asked.phrases()


def _tell(found: list[str], fine: str) -> None:
    for problem in found:
        click.echo(problem, err=True)
    if found:
        sys.exit(1)
    click.echo(fine)
