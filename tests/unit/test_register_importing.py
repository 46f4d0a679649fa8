"""A register file: all of it or nothing, every error at once, and twice the same as once."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from survey.questionnaire.model import SERVICE_KINDS
from survey.register import municipalities, tree
from survey.register.changes import plan, slug
from survey.register.importing import RegisterError, import_register
from survey.register.reading import COLUMNS, read
from survey.register.tree import Place
from survey.storage.engine import Database
from survey.storage.tables import Role, Staff

HEADING = ",".join(COLUMNS)
ARNA = "4601,day_centre,Dagsenter,,dc-arna,Arna,22"
NORTH = "4601,shared_home,Bofellesskap,Nord > Åsane,home-1,Blåklokka,6"


def csv(*lines: str, heading: str = HEADING) -> bytes:
    return "\n".join((heading, *lines)).encode()


def only_problem(data: bytes) -> str:
    _, problems = read(data)
    assert len(problems) == 1, problems
    return str(problems[0])


@pytest.fixture
def seeded(database: Database) -> Database:
    with database.begin() as connection:
        municipalities.seed(connection)
    return database


def do_import(database: Database, data: bytes) -> list[str]:
    with database.begin() as connection:
        return list(import_register(connection, data).lines())


def stored(database: Database) -> dict[str, Place]:
    with database.reading() as connection:
        return tree.everything(connection)


def test_a_file_becomes_a_tree_with_the_ids_it_gives_and_names_made_into_ids(seeded: Database) -> None:
    do_import(seeded, csv(ARNA, NORTH))
    with seeded.reading() as connection:
        way = tree.path(connection, "home-1")
    assert [(place.id, place.level, place.called()) for place in way] == [
        ("4601", "municipality", "Bergen"),
        ("4601-bofellesskap", "service", "Bofellesskap"),
        ("4601-bofellesskap-nord", "division", "Nord"),
        ("4601-bofellesskap-nord-asane", "division", "Åsane"),
        ("home-1", "unit", "Blåklokka"),
    ]
    assert (way[-1].service_kind, way[-1].places) == ("shared_home", 6)


def test_a_second_import_reports_what_it_changes_and_leaves_the_rest(seeded: Database) -> None:
    do_import(seeded, csv(ARNA, NORTH))
    said = do_import(seeded, csv(ARNA.replace("Arna,22", "Arna dagsenter,25")))
    assert said == ["renamed: dc-arna “Arna” to “Arna dagsenter”", "places: dc-arna “Arna dagsenter” 22 to 25"]
    assert stored(seeded)["home-1"].places == 6


def test_a_unit_moves_within_its_service_and_the_division_it_emptied_goes(seeded: Database) -> None:
    do_import(seeded, csv(NORTH))
    said = do_import(seeded, csv(NORTH.replace("Nord > Åsane", "Vest")))
    assert said == [
        "new: division 4601-bofellesskap-vest “Vest”",
        "moved: home-1 “Blåklokka” from 4601-bofellesskap-nord-asane to 4601-bofellesskap-vest",
        "removed, nothing is left in it: division 4601-bofellesskap-nord-asane “Åsane”",
        "removed, nothing is left in it: division 4601-bofellesskap-nord “Nord”",
    ]
    assert "4601-bofellesskap-nord" not in stored(seeded)


def test_an_emptied_division_where_somebody_has_a_role_stays(seeded: Database) -> None:
    do_import(seeded, csv(NORTH))
    with seeded.begin() as connection:
        connection.execute(insert(Staff), {"id": "s", "email": "leader@bergen.example", "password": ""})
        connection.execute(insert(Role), {"staff": "s", "role": "unit leader", "node": "4601-bofellesskap-nord-asane"})
    do_import(seeded, csv(NORTH.replace("Nord > Åsane", "Vest")))
    assert {"4601-bofellesskap-nord", "4601-bofellesskap-nord-asane"} <= set(stored(seeded))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (ARNA.replace("4601", "1103"), "“Arna” (day_centre in municipality 4601) has this id already"),
        (ARNA.replace("day_centre,Dagsenter", "respite,Avlastning"), "(day_centre in municipality 4601) has this id"),
        (ARNA.replace("day_centre", "senior_centre"), "“Dagsenter” is in the register as day_centre"),
        (ARNA.replace("dc-arna", "4601-dagsenter"), "“Dagsenter” (day_centre in municipality 4601)"),
    ],
)
def test_what_contradicts_the_register_is_refused_and_nothing_is_imported(
    seeded: Database, line: str, said: str
) -> None:
    do_import(seeded, csv(ARNA))
    before = stored(seeded)
    with pytest.raises(RegisterError) as raised:
        do_import(seeded, csv(NORTH, line))
    assert said in str(raised.value)
    assert str(raised.value).startswith("line 3, ")
    assert stored(seeded) == before


def test_one_wrong_line_keeps_the_right_ones_out(seeded: Database) -> None:
    before = stored(seeded)
    with pytest.raises(RegisterError, match="line 3, places “0”"):
        do_import(seeded, csv(NORTH, ARNA.replace(",22", ",0")))
    assert stored(seeded) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (ARNA.replace("4601", "4610"), "line 2, municipality_number “4610”: no municipality has this number. Did you"),
        (ARNA.replace("4601", "301"), "Did you mean 0301 (Oslo)?"),
        (ARNA.replace("4601", "Bærgen"), "Did you mean 4601 (Bergen)?"),
        (ARNA.replace("4601", "Guovdageaidnu"), "Did you mean 5612 (Kautokeino)?"),
        (ARNA.replace("4601", ""), "Write the four digits, such as 4601."),
        (ARNA.replace("day_centre", "dagsenter"), "service_kind “dagsenter”: unknown kind of service. Use one of day_"),
        (ARNA.replace("Dagsenter,,", ",,"), "line 2, service “”: there is no name. Write a name."),
        (ARNA.replace(",,dc", ",Nord > > Vest,dc"), "division “Nord > > Vest”: a division in the path has no name."),
        (ARNA.replace("dc-arna", ""), "unit_id “”: this cannot be an id."),
        (ARNA.replace("dc-arna", "=1+1"), "unit_id “=1+1”: this cannot be an id."),
        (ARNA.replace("dc-arna", "4602"), "unit_id “4602”: this cannot be an id."),
        (ARNA.replace("Arna", "Ar\x07na"), "unit “Ar\x07na”: there is a sign that cannot be shown."),
        (ARNA.replace("Arna", "A" * 201), "the name is longer than 200 signs."),
        *(
            (ARNA.replace(",22", f",{bad}"), f"line 2, places “{bad}”: not a whole number")
            for bad in ("", "-3", "2.5", "²", "10000", "9" * 5000)
        ),
        (ARNA + ",more", "line 2: there are 8 cells where the heading has 7."),
        (ARNA.replace("Arna", '"Arna'), "line 2: this is not CSV (unexpected end of data). Check the double quotes"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_column_value_and_cure(line: str, said: str) -> None:
    assert said in only_problem(csv(line))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "line 1: the file is empty."),
        (csv(), "line 2: there are no units."),
        (csv(ARNA, heading=HEADING.replace(",places", ",plasser")).replace(b"plasser", b"places,x"), "8"),
        (
            "\n".join((HEADING, ARNA, NORTH)).encode("latin-1"),
            "line 3: this is not UTF-8. Save the file as “CSV UTF-8”.",
        ),
    ],
)
def test_a_file_of_the_wrong_kind_is_told_so(data: bytes, said: str) -> None:
    assert said in only_problem(data)


def test_every_error_is_told_at_once() -> None:
    _, problems = read(csv(ARNA.replace("4601", "0000"), NORTH, ARNA.replace("22", "x").replace("Arna", "")))
    assert [(problem.line, problem.column) for problem in problems] == [
        (2, "municipality_number"),
        (4, "unit"),
        (4, "places"),
    ]


def test_a_heading_with_missing_unknown_and_repeated_columns_names_them_all() -> None:
    _, problems = read(csv(ARNA, heading=HEADING.replace("unit_id", "unit").replace("places", "plasser")))
    assert [problem.what for problem in problems] == [
        "the column unit_id is missing",
        "the column places is missing",
        "the column is there twice",
        "unknown column",
    ]


def test_lines_that_contradict_each_other_name_the_earlier_one() -> None:
    elsewhere = NORTH.replace("home-1", "dc-arna").replace("4601", "1103")
    _, problems = read(csv(ARNA, ARNA, elsewhere, ARNA.replace("dc-arna", "x").replace("day_centre", "respite")))
    assert [str(problem) for problem in problems] == [
        "line 3, unit_id “dc-arna”: line 2 has the same id. Give each unit an id of its own.",
        "line 4, unit_id “dc-arna”: line 2 has the same id in municipality 4601. Give each unit an id of its own.",
        "line 5, service_kind “respite”: line 2 says that “Dagsenter” is day_centre. "
        "Give a service one kind, or give the other kind a service of its own.",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b",", b";"),
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\n\n") + b"\n,,,,,,\n",
        lambda data: data.replace(b"\n", b",,\n"),
        lambda data: data.replace(HEADING.encode(), HEADING.upper().encode()),
        lambda data: data.replace("Å".encode(), "A\u030a".encode()),
    ],
)
def test_what_spreadsheets_do_to_a_file_changes_nothing(change: Callable[[bytes], bytes]) -> None:
    plain, _ = read(csv(ARNA, NORTH))
    units, problems = read(change(csv(ARNA, NORTH)))
    assert problems == []
    assert [replace(unit, line=0) for unit in units] == [replace(unit, line=0) for unit in plain]


def test_a_cell_that_looks_like_a_formula_is_a_name_like_any_other(seeded: Database) -> None:
    do_import(seeded, csv('4601,day_centre,Dagsenter,,dc-1,"=HYPERLINK(""http://x"";""y"")",5'))
    assert stored(seeded)["dc-1"].called() == '=HYPERLINK("http://x";"y")'


def test_a_name_with_a_line_break_does_not_shift_the_line_numbers() -> None:
    assert only_problem(csv(NORTH.replace("Blåklokka", '"Blå\nklokka"'), ARNA.replace("22", "x"))).startswith(
        "line 4, "
    )


def test_names_that_make_the_same_id_get_different_ones(seeded: Database) -> None:
    do_import(
        seeded, csv(NORTH.replace("Nord > Åsane", "Øst"), NORTH.replace("Nord > Åsane", "O-st").replace("home-1", "h2"))
    )
    found = stored(seeded)
    assert [found[found[unit].parent].called() for unit in ("home-1", "h2")] == ["Øst", "O-st"]


def test_a_name_without_latin_letters_makes_no_slug() -> None:
    assert (slug("Åsane / Ytre Arna"), slug("日本")) == ("asane-ytre-arna", "")


names = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
    .map(lambda name: name.replace(">", " ").replace("\ufeff", " "))
    .filter(lambda name: name.strip() and name.isprintable())
)


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """Lines of a valid file: a service has one kind, whatever its name's capitals."""
    services: dict[tuple[str, str], str] = {}
    lines = []
    for number in range(draw(st.integers(1, 8))):
        municipality = draw(st.sampled_from(("0301", "4601")))
        service = draw(names)
        key = (municipality, read_name(service).casefold())
        kind = services.setdefault(key, draw(st.sampled_from(SERVICE_KINDS)))
        path = " > ".join(draw(st.lists(names, max_size=3)))
        lines.append((municipality, kind, service, path, f"u{number}", draw(names), str(draw(st.integers(1, 9999)))))
    return lines


def read_name(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def as_csv(lines: list[tuple[str, ...]]) -> bytes:
    quoted = (",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines)
    return csv(*quoted)


MUNICIPALITIES = {
    number: Place(id=number, level="municipality", parent=None, name={"nb": ""}, service_kind=None, places=None)
    for number in ("0301", "4601")
}


@settings(max_examples=150)
@given(trees())
def test_any_valid_file_imported_twice_changes_nothing_the_second_time(lines: list[tuple[str, ...]]) -> None:
    units, problems = read(as_csv(lines))
    assert problems == []
    first, problems = plan(units, MUNICIPALITIES)
    assert problems == []
    register = MUNICIPALITIES | {place.id: place for place in first.new}
    assert len(register) == len(MUNICIPALITIES) + len(first.new)
    second, problems = plan(units, register)
    assert (problems, second.new, second.changed, second.left) == ([], [], [], [])
    assert second.unchanged == len(lines)


@settings(max_examples=100)
@given(trees(), st.data())
def test_any_valid_file_with_one_cell_spoilt_gives_that_one_error(
    lines: list[tuple[str, ...]], data: st.DataObject
) -> None:
    spoilt = data.draw(st.integers(0, len(lines) - 1))
    column, bad = data.draw(st.sampled_from(((0, "9999"), (1, "kennel"), (4, "-"), (5, ""), (6, "none"))))
    changed = [*lines[spoilt]]
    changed[column] = bad
    _, problems = read(as_csv([*lines[:spoilt], tuple(changed), *lines[spoilt + 1 :]]))
    assert [(problem.line, problem.column) for problem in problems] == [(spoilt + 2, COLUMNS[column])]
