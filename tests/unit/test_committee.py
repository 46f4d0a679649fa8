"""The report for a committee: ten pages at most, the same in PDF and Word, every number to be found in a release."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn
from flask_babel import force_locale

from reports.committee.material import Material
from reports.committee.model import Document, Table, Traced
from reports.committee.pdf import PAGES, as_pdf, fitted
from reports.committee.summary import summary
from reports.committee.word import LOCALES, as_docx
from reports.committee.writing import document
from reports.measures.effect import Verdict
from reports.parts import part_of
from reports.views import Report
from survey.desk.committee.gathering import key
from survey.languages import LANGUAGES
from survey.prints.press import Press
from survey.prints.words import PrintError
from tests.bergen import day_centres, four_days
from tests.committee import campaign, earlier, followed, material, of, small
from tests.measured import later_round
from tests.printed import PRESS, tags, texts
from tests.released import Sides, release_of

pytestmark = pytest.mark.usefixtures("reader")

DAY = datetime(2026, 12, 1)  # noqa: DTZ001 as Word keeps it
MARKUP = '#import "x" $a$ *b* _c_ `d` <e> @f \\ // /* {{g}} ~ = - + [h]'


def written(made_of: Material) -> Document:
    with force_locale(made_of.language):
        return document(made_of)


def printed(report: Document) -> bytes:
    with force_locale(report.language):
        return as_pdf(report, PRESS)


def worded(report: Document) -> Any:
    with force_locale(report.language):
        return docx.Document(BytesIO(as_docx(report, DAY)))


def without_gaps(text: str) -> str:
    """Where a line ends on paper is no part of what it says."""
    return re.sub(r"[\s\ufffe\u00ad-]", "", text)


@pytest.fixture(scope="module")
def full() -> Material:
    """As much as may be: two rounds of six services and twenty questions, measures, earlier surveys, own words."""
    return material("nb")


def test_the_longest_report_has_ten_pages_at_most_and_every_line_of_it_stands_there(full: Material) -> None:
    report = written(full)
    pages = texts(printed(report))
    assert len(pages) <= PAGES
    said = without_gaps("".join(pages))
    for line in report.lines():
        assert without_gaps(line.text) in said, line.text


def test_where_it_would_be_longer_it_goes_without_the_tables_of_services(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, run = list[str](), Press.run
    monkeypatch.setattr(Press, "run", lambda press, *asked: runs.append(asked[0]) or run(press, *asked))
    for releases, tables in (((campaign("resident"),), True), ((campaign("resident"), campaign("relative")), False)):
        made_of = material("en", releases)
        with force_locale("en"):
            report, pdf = fitted(partial(document, made_of), PRESS)
        assert len(texts(pdf)) <= PAGES
        assert any(section.wide for section in report.sections) is tables
        assert ("So many services" in texts(pdf)[-1]) is not tables
    assert report.sections[-1].blocks[0].lines[0].text.startswith("So many services and questions do not fit")
    assert runs == ["committee"] * 2, "once each: the press sees by itself whether there is room"


def test_what_makes_it_longer_is_not_printed_and_the_cure_is_told(full: Material) -> None:
    with pytest.raises(PrintError, match="shorten the introduction"):
        printed(written(replace(full, introduction="Mange ord. " * 1000)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_for_those_who_listen(language: str) -> None:
    report = written(small(language))
    pdf = printed(report)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == language
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == report.title
    found = tags(pdf)
    kinds = [tag["S"] for tag in found]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == len([section for section in report.sections if section.level == 1])
    tables = [block for section in report.sections for block in section.blocks if isinstance(block, Table)]
    assert kinds.count("/Table") == len(tables)
    assert kinds.count("/TH") == sum(len(table.heads) for table in tables)
    charts = [cell.chart for table in tables for row in table.rows for cell in row if cell.chart]
    assert [tag["Alt"] for tag in found if tag["S"] == "/Figure"] == [chart.alternative for chart in charts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_says_what_the_pdf_says_with_headings_header_rows_and_texts_for_pictures(language: str) -> None:
    report = written(small(language))
    word = worded(report)
    headings = [one for one in word.paragraphs if one.style.name.startswith(("Heading", "Title"))]
    assert [one.text for one in headings] == [report.title, *(section.heading for section in report.sections)]
    assert [one.style.name for one in headings[1:]] == [f"Heading {section.level}" for section in report.sections]
    tables = [block for section in report.sections for block in section.blocks if isinstance(block, Table)]
    for table, kept in zip(tables, word.tables, strict=True):
        assert [cell.text for cell in kept.rows[0].cells] == list(table.heads)
        assert kept.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        rows = [["\n".join(line.text for line in cell.lines) for cell in row] for row in table.rows]
        assert [[cell.text.strip("\n") for cell in row.cells] for row in kept.rows[1:]] == rows
        drawn = [cell.chart.alternative for row in table.rows for cell in row if cell.chart]
        assert [one.get("descr") for one in kept._tbl.iter(qn("wp:docPr"))] == drawn
    said = {one.text for one in word.paragraphs}
    besides = [block for section in report.sections for block in section.blocks if not isinstance(block, Table)]
    assert {line.text for line in Document("", (), (), language, _holding(besides)).lines()} <= said
    assert word.core_properties.language == LOCALES[language]
    assert word.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == LOCALES[language]


def _holding(blocks: list[Any]) -> Any:
    return (replace(written(small()).sections[0], blocks=tuple(blocks)),)


PHRASE = r"(?:between \d+ and |at most |at least |not known, of )?\d+ of \d+"


def found_again(release: dict[str, Any], one: Traced) -> str:
    """What a release's JSON says under these places and this question, in words."""
    nodes = [node for node in release["nodes"] if node["id"] in one.places]
    assert len(nodes) == len(one.places)
    if one.what == "answered":
        return f"{sum(node['n'] for node in nodes)} of {sum(node['invited'] for node in nodes)}"
    question, end = one.what.split(" ")
    n = sum(node["n"] for node in nodes)
    low, high = (sum(node["answers"][question][end][edge] for node in nodes) for edge in (0, 1))
    if end == "open":
        third = -(-n // 3)
        return {(0, third - 1): "few", (third, n): "many"}[low, high]
    if low == high:
        return f"{low} of {n}"
    if low == 0:
        return f"not known, of {n}" if high == n else f"at most {high} of {n}"
    return f"at least {low} of {n}" if high == n else f"between {low} and {high} of {n}"


def test_every_number_can_be_found_again_in_a_release_by_its_checksum() -> None:
    rounds = [campaign("resident"), campaign("relative")]
    full = material("en", rounds)
    kept = [*rounds, four_days(), *(one.after[0] for one in full.measures if one.after)]
    by_checksum = {hashlib.sha256(text.encode()).hexdigest(): json.loads(text) for text in (r.to_json() for r in kept)}
    told = set()
    for section in written(full).sections:
        for line in (line for block in section.blocks for line in block.lines):
            expected = [found_again(by_checksum[one.release], one) for one in line.traced if one.what]
            if expected and line.text.endswith("left it open"):
                assert [line.text.split()[0]] == expected
            elif section.heading != "In short":
                assert re.findall(PHRASE, line.text.partition("Earlier")[0]) == expected, line
            told |= {one for one in line.traced if one.what}
    ends = {one for one in told if not one.what.endswith(("answered", "open")) and len(one.places) == 1}
    assert len(ends) >= 2 * 20 * 2 * (1 + 6), "both ends of every question, in the whole and in every service"


def test_the_summary_says_in_three_to_six_sentences_what_one_can_count(monkeypatch: pytest.MonkeyPatch) -> None:
    release, full = day_centres(), written(small("en"))
    (sentences,) = full.sections[0].blocks
    (whole, *_), asked = json.loads(release.to_json())["nodes"], release.questions

    def share(end: str, least: dict[str, float]) -> int:
        needed = {id_: least.get(question.theme, least["other"]) for id_, question in asked.items()}
        return sum(whole["answers"][id_][end][0] >= needed[id_] * whole["n"] for id_ in asked)

    all_, well, badly = (
        len(asked),
        share("positive", {"other": 3 / 4}),
        share("negative", {"other": 1 / 4, "safety": 1 / 10}),
    )
    assert [line.text for line in sentences.lines] == [
        f"Answered: {whole['n']} of {whole['invited']} invited.",
        f"On {well} of {all_} questions at least three of four certainly answered well.",
        f"On {badly} of {all_} questions at least one of four, or one of ten on safety, certainly answered badly.",
        "This is an answer from fewer than half of those invited, and the others may think otherwise.",
    ]
    most = written(material("en")).sections[0].blocks[0]
    assert len(most.lines) == 6
    assert "and 226 of 432 invited (relatives, day centres)" in most.lines[0].text
    told = "Fewer than half of those invited answered, and the others may think otherwise: residents, day centres."
    assert most.lines[-1].text == told
    monkeypatch.setattr("reports.committee.summary.good", lambda one: [])
    none = written(material("en")).sections[0].blocks[0].lines[1].text
    assert none == "On no question did at least three of four certainly answer well."


def test_the_summary_counts_the_services_and_measures_that_the_report_tells_of() -> None:
    better = later_round(campaign("resident"), "better", "2026-11-30", "Arna", "resident-16")
    made_of = material("en", [better, campaign("relative")], measures=3)
    report = written(made_of)
    said = [line.text for line in report.sections[0].blocks[0].lines]
    heading = next(place for place, section in enumerate(report.sections) if section.heading == "Where services differ")
    found = []
    for one, section in zip(made_of.rounds, report.sections[heading + 1 :], strict=False):
        apart = [line.text for line in section.blocks[0].lines if not line.text.endswith("May be chance.")]
        found.append({text.partition(",")[0] for text in apart} & {service.name for service in one.services})
        who = f"{section.heading[0].lower()}{section.heading[1:]}"
        assert f"{len(found[-1])} of 6 services ({who})" in said[3]
    assert found[0] == {"Dagsenter Arna"}
    verdicts = [line.text for section in report.sections for block in section.blocks for line in block.lines]
    hoped = len([text for text in verdicts if "”. Moved as hoped." in text])
    assert (hoped, said[4][:28]) == (0, "Of none of the 3 measures ca")


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ("h", "The measure moved its question as hoped."),
        ("o", "The measure moved its question the other way."),
        ("n", "Of the measure it cannot be said whether its question moved."),
        ("hh", "All 2 measures moved their question as hoped."),
        ("oo", "All 2 measures moved their question the other way."),
        ("nn", "Of none of the 2 measures can it be said whether its question moved."),
        ("ho", "1 of 2 measures moved their question as hoped, and 1 the other way."),
        ("hn", "1 of 2 measures moved their question as hoped; of the rest it cannot be said."),
        ("on", "1 of 2 measures moved their question the other way; of the rest it cannot be said."),
        ("hhon", "2 of 4 measures moved their question as hoped and 1 the other way; of the rest it cannot be said."),
    ],
)
def test_no_rest_is_spoken_of_where_there_is_none(verdicts: str, said: str) -> None:
    found = {"h": Verdict.AS_HOPED, "o": Verdict.OTHER_WAY, "n": Verdict.NOT_BEGUN}
    one = followed(campaign("resident"), 1)
    measures = [replace(one, effect=replace(one.effect, verdict=found[verdict])) for verdict in verdicts]
    with force_locale("en"):
        (told,) = summary(replace(small("en"), measures=measures)).blocks
    assert [line.text for line in told.lines if "measure" in line.text] == [said]


def test_rounds_stand_beside_each_other_and_no_number_is_read_from_two_of_them() -> None:
    for section in written(material("en")).sections:
        for line in (line for block in section.blocks for line in block.lines):
            if section.heading != "In short" and "before" not in line.text:
                assert len({one.release for one in line.traced}) <= 1, line


def test_nothing_smaller_than_a_service_stands_in_it_but_what_a_measure_covers(full: Material) -> None:
    units = {node.id for node in campaign("resident").nodes if node.level == "unit"}
    assert units
    for line in written(replace(full, measures=[])).lines():
        assert not units & {place for one in line.traced for place in one.places}
        assert not re.search(r"(nord|sør|vest)\b", line.text.partition("Vi har lest")[0]), line


def test_a_service_has_a_report_of_its_own_with_the_municipality_to_compare_with() -> None:
    rounds = [of(campaign(audience), "nb", place="Fana") for audience in ("resident", "relative")]
    report = written(replace(small(), place="Dagsenter Fana", rounds=rounds))
    read = {place for line in report.lines() for one in line.traced for place in one.places}
    assert read == {"Fana", "4601"}
    assert not [line for line in report.lines() for name in ("Arna", "Eidsvåg") if name in line.text]


def test_below_ten_people_there_are_words_and_no_charts_and_below_five_nothing() -> None:
    few = release_of({"4601": {"Fana": {"a": 6}}}, [{"a": Sides(4, 1, 0)}])
    report = written(replace(small(), rounds=[of(few, "nb")]))
    tables = [block for section in report.sections for block in section.blocks if isinstance(block, Table)]
    assert not [cell.chart for table in tables for row in table.rows for cell in row if cell.chart]
    assert "bra: minst 4 av 6" in [line.text for line in report.lines()]
    assert len(texts(printed(report))) <= 2
    none = release_of({"4601": {"Fana": {"a": 4}}}, [{"a": Sides(4, 0, 0)}])
    said = " ".join(line.text for line in written(replace(small(), rounds=[of(none, "nb")])).lines())
    assert "Færre enn 5 svarte her, så ingenting vises" in said
    assert " av 4" not in said


def test_what_people_write_is_set_as_it_stands_and_no_sign_breaks_a_file() -> None:
    report = written(replace(small(), place=MARKUP, introduction=MARKUP, conclusion="Første.\n\nAndre."))
    pages = "".join(texts(printed(report)))
    assert without_gaps(pages).count(without_gaps(MARKUP)) == 2 + len(texts(printed(report)))
    word = worded(replace(report, title=f"\x00\x0b{MARKUP}\ufffe"))
    assert word.paragraphs[0].text == MARKUP
    assert [one.text for one in word.paragraphs if one.text in ("Første.", "Andre.")] == ["Første.", "Andre."]


def test_the_whole_checksum_of_every_release_that_was_read_stands_at_the_end(full: Material) -> None:
    pages = "".join(texts(printed(written(full)))).replace(" ", "")
    for one in full.rounds:
        assert one.sha256 in pages
        assert f"utgivelse{one.sha256[:12]}" in pages
    for measure in full.measures:
        assert measure.after
        assert measure.after[1] in pages


def test_views_of_a_measure_are_told_with_how_they_were_weighed_and_earlier_surveys_as_not_comparable(
    full: Material,
) -> None:
    measure = followed(campaign("resident"), 1, weighed="Brukerrådet ville ha mer valg.")
    said = [line.text for line in written(replace(full, measures=[measure])).lines()]
    assert "Det vi gjorde med synspunktene, 1. desember 2026: Brukerrådet ville ha mer valg." in said
    asked = [question.text["nb"] for id_, question in four_days().questions.items() if id_.startswith("view_")]
    (view,) = [text for text in said if text.startswith("Det folk sier om det (Beboere og brukere, dagsenter, ")]
    assert asked
    assert all(text in view for text in asked)
    earlier = [text for text in said if "Bedre kommune" in text]
    assert len(earlier) == len(full.earlier)
    assert all(text.startswith("Tidligere, ikke direkte sammenlignbart: ") for text in earlier)


def test_a_page_that_is_kept_serves_only_who_reads_the_very_same() -> None:
    whole = replace(small(), earlier=[earlier()], measures=[followed(day_centres(), 1)])
    (one,), (measure,) = whole.rounds, whole.measures
    part = part_of(one.release, {"dag-2"})
    assert part
    others = [
        replace(whole, rounds=[replace(one, report=Report(part, "nb"))]),
        replace(whole, rounds=[replace(one, place=None)]),
        replace(whole, rounds=[replace(one, sha256="0" * 64)]),
        replace(whole, measures=[]),
        replace(whole, measures=[replace(measure, measure=replace(measure.measure, title="Noe annet"))]),
        replace(whole, measures=[replace(measure, where="Et annet sted")]),
        replace(whole, measures=[replace(measure, after=None)]),
        replace(whole, measures=[replace(measure, viewed=None)]),
        replace(whole, measures=[replace(measure, weighed=[])]),
        replace(whole, earlier=[earlier(value=73)]),
        replace(whole, place="Fana"),
        replace(whole, introduction="Ny"),
        replace(whole, conclusion="Ny"),
        replace(whole, language="nn"),
    ]
    assert len({key(each) for each in (whole, *others)}) == len(others) + 1
    assert key(replace(whole, measures=[followed(day_centres(), 1)])) == key(whole)
