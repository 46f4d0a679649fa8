"""The list of people to invite: what is taken, and how every mistake is told."""

import pytest

from survey.invitations.list import ListError, Person, from_addresses, read
from survey.spreadsheet import Problem

UNITS = {"arna", "fana"}


def taken(content: bytes | str) -> list[Person]:
    return read(content.encode() if isinstance(content, str) else content, UNITS)


def problems(content: bytes | str) -> list[Problem]:
    with pytest.raises(ListError) as caught:
        taken(content)
    assert all(problem.cure for problem in caught.value.problems)
    return caught.value.problems


def places(content: bytes | str) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in problems(content)]


def test_a_list_is_read() -> None:
    assert taken("unit_id,email,language\narna,kari@example.no,nb\nfana,ola@example.no,nn\n") == [
        Person("arna", "kari@example.no", "nb"),
        Person("fana", "ola@example.no", "nn"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffunit_id;email;language\r\narna;kari@example.no;nb\r\n",
        "Email,Language,Unit_ID\nkari@example.no,nb,arna",
        '"unit_id","email","language"\n\n" arna ","kari@EXAMPLE.no\u00a0","nb"\n,,\n',
        "unit_id\temail\tlanguage\narna\tkari@example.no\tnb\n",
        "unit_id;email;language;;\narna;kari@example.no;nb;;\n;;;;\n",
    ],
    ids=[
        "as Excel saves it",
        "columns in another order",
        "quoted, with spaces and empty lines",
        "pasted from a spreadsheet",
        "empty cells at the end",
    ],
)
def test_what_spreadsheets_make_of_a_list_is_read_alike(content: str) -> None:
    assert taken(content) == [Person("arna", "kari@example.no", "nb")]


def test_a_domain_with_norwegian_letters_is_taken_in_its_ascii_form() -> None:
    assert taken("unit_id,email,language\narna,kari@blåbær.no,nb")[0].email == "kari@xn--blbr-roah.no"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kari",
        "@example.no",
        "kari@",
        "kari@localhost",
        "kari@example..no",
        "kari@-example.no",
        "kari@10.0.0.1",
        "kari@exam ple.no",
        "ka ri@example.no",
        ".kari@example.no",
        "ka..ri@example.no",
        "kari@ola@example.no",
        "Kari <kari@example.no>",
        "kari@example.no; ola@example.no",
        "kåri@example.no",
        "k" * 65 + "@example.no",
        "kari@" + "a" * 64 + ".no",
        "kari@" + ".".join(["a" * 60] * 5) + ".no",
        '"kari"@example.no',
    ],
)
def test_an_impossible_address_is_told(address: str) -> None:
    quoted = '"' + address.replace('"', '""') + '"'
    assert places(f"unit_id,email,language\narna,{quoted},nb") == [(2, "email")]


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u200b"])
@pytest.mark.parametrize("where", ["kari{}@example.no", "kari@example.no{}", "{}kari@example.no", "kari@example{}.no"])
def test_nothing_that_could_become_a_header_of_its_own_passes_in_an_address(sign: str, where: str) -> None:
    address = where.format(f"{sign}Bcc: all@example.no" if sign == "\n" else sign)
    assert places(f'unit_id,email,language\narna,"{address}",nb') == [(2, "email")]


def test_every_problem_is_told_with_its_line_and_column() -> None:
    content = (
        "unit_id,email,language\n"
        "arna,kari@example.no,nb\n"
        "nesttun,ola@example.no,nb\n"
        '"arna\n",x@example.no,nb\n'
        "fana,nobody,se\n"
        "fana,too@example.no\n"
        "\n"
        "arna,KARI@example.no,nn\n"
    )
    assert places(content) == [(3, "unit_id"), (4, "unit_id"), (6, "email"), (6, "language"), (7, ""), (9, "email")]


def test_a_person_gets_one_code_in_a_round_whatever_the_unit() -> None:
    (found,) = problems("unit_id,email,language\narna,kari@example.no,nb\nfana,Kari@example.no,nb")
    assert "line 3, email: the same address stands in line 2" in str(found)


def test_addresses_alone_become_a_list_about_one_unit_and_nothing_else_does() -> None:
    pasted = "Kari Nes <kari@example.no>; ola@example.no\n\nper@example.no,\tanne@\n"
    made = from_addresses(pasted, "arna", "nn")
    assert made.splitlines()[1:] == [
        f"arna,{who},nn" for who in ("kari@example.no", "ola@example.no", "per@example.no", "anne@")
    ]
    assert places(made) == [(5, "email")]
    assert from_addresses("a@example.no", "arna", "nb", "covered").splitlines()[1] == "arna,a@example.no,nb,covered"
    for other in ("", "unit_id,email,language\nfana,ola@example.no,nb", "Kari, kari@example.no"):
        assert from_addresses(other, "arna", "nb") == other


def test_problems_never_repeat_an_address() -> None:
    found = problems("unit_id,email,language\nkari@example.no,kari@,nb\narna,kari@example.no,kari@example.no")
    assert len(found) == 3
    assert "kari" not in " ".join(map(str, found))


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "there is no list. Paste one"),
        (b"kari@example.no\nola@example.no", 1, "Choose the unit that these addresses are about"),
        (b"unit_id,email\narna,kari@example.no", 1, "Begin with unit_id,email,language"),
        (b"unit_id,email,email\narna,kari@example.no,nb", 1, "Begin with unit_id,email,language"),
        (b"unit_id,email,language\n", 2, "nobody stands on the list"),
        ("unit_id,email,language\narna,kåri@example.no,nb".encode("latin-1"), 2, "CSV UTF-8"),
        (b'unit_id,email,language\narna,"kari@example.no,nb\n', 2, "double quotes"),
        (b'unit_id,email,language\narna,"kari"@example.no,nb\n', 2, "double quotes"),
    ],
)
def test_a_file_that_is_no_list_is_told_in_one_line(content: bytes, line: int, words: str) -> None:
    [problem] = problems(content)
    assert problem.line == line
    assert words in str(problem)
