"""The report as a whole, in the order in which it is read."""

from collections.abc import Iterator

from reports.committee.followed import measures
from reports.committee.material import Material
from reports.committee.method import coverage, method, not_known, sources
from reports.committee.model import Document, Line, Paragraph, Section
from reports.committee.summary import outstanding, summary
from reports.committee.themes import PAGES, differences, tables, themes
from reports.wording import day, gettext


def document(material: Material, whole: bool = True) -> Document:
    """The report, made of its material and nothing else; not `whole`: without every question in every service."""
    about = [
        f"{one.who}: {one.release.title}, " + gettext("closed %(day)s", day=day(one.release.closed))
        for one in material.rounds
    ]
    tags = [gettext("Simulated answers")] if any(one.release.simulated for one in material.rounds) else []
    return Document(
        title=gettext("Report for the committee: %(place)s", place=material.place),
        about=tuple(about),
        tags=tuple(tags),
        language=material.language,
        sections=tuple(_sections(material, whole)),
    )


def _sections(material: Material, whole: bool) -> Iterator[Section]:
    if material.shown:
        yield summary(material)
        yield from outstanding(material)
    if material.introduction:
        yield _written(gettext("The adviser's introduction"), material.introduction)
    yield from method(material)
    if material.shown:
        yield from coverage(material)
        yield from themes(material)
        yield from differences(material)
    yield from measures(material)
    yield not_known(material)
    if material.conclusion:
        yield _written(gettext("The adviser's conclusion"), material.conclusion)
    yield sources(material)
    yield from tables(material, PAGES if whole else 0)


def _written(heading: str, text: str) -> Section:
    """What a person wrote; an empty line begins another paragraph."""
    parts = [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n")]
    return Section(heading, tuple(Paragraph(Line(part), "written") for part in parts if part))
