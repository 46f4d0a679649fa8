"""The list of people to write to: read whole or refused with every reason, and nobody's name repeated."""

import pytest

from survey.prints.letters import Recipient
from survey.prints.recipients import RecipientsError, read

HEADING = "unit_id,name,address,postcode,town,language\n"
KARI = "fana,Kari Nordmann,Storgata 1,5020,Bergen,nb\n"


def problems(content: str) -> list[str]:
    with pytest.raises(RecipientsError) as refused:
        read(content.encode(), {"fana"})
    assert str(refused.value).startswith("Nothing was printed.\n")
    return str(refused.value).splitlines()[1:]


def test_a_list_as_a_spreadsheet_saves_it_with_lines_in_a_cell() -> None:
    content = (
        "\ufeffName;Unit_id;Address;Postcode;Town;Language;\r\n"
        'Kari  Nordmann;fana;"c/o Ås\r\n\r\n Storgata 1 ";0150;Oslo;nn;\r\n'
        "Ola;fana;;SE-114 55;Stockholm, Sverige;en;\r\n"
    )
    assert read(content.encode(), {"fana"}) == [
        (
            "fana",
            "",
            Recipient(
                name="Kari Nordmann",
                address=("c/o Ås", "Storgata 1"),
                postcode="0150",
                town="Oslo",
                language="nn",
            ),
        ),
        (
            "fana",
            "",
            Recipient(name="Ola", address=(), postcode="SE-114 55", town="Stockholm, Sverige", language="en"),
        ),
    ]


def test_what_is_no_list_is_refused() -> None:
    assert problems("") == [f"line 1: this line names no columns. Begin with the heading {HEADING.strip()}."]
    assert problems(HEADING) == ["line 2: nobody stands on the list. Write one line for each person."]
    assert "unknown column" in problems(HEADING.replace("town", "city") + KARI)[1]
    assert problems(HEADING + "fana,Kari\n")[0].startswith("line 2: there are 2 cells where the heading has 6.")
    with pytest.raises(RecipientsError, match="not UTF-8"):
        read("æ".encode("latin-1"), {"fana"})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("arna,Kari,Storgata 1,5020,Bergen,nb", "line 2, unit_id: the round does not ask about a unit with this id."),
        ("fana,,Storgata 1,5020,Bergen,nb", "line 2, name: it is empty."),
        ("fana,Kari,Storgata 1,5020,,nb", "line 2, town: it is empty."),
        ("fana,Ka\u200bri,Storgata 1,5020,Bergen,nb", "line 2, name: there is a sign that cannot be shown."),
        ('fana,"Kari\nOla",Storgata 1,5020,Bergen,nb', "line 2, name: there are too many lines."),
        ('fana,Kari,"a\nb\nc\nd",5020,Bergen,nb', "line 2, address: there are too many lines."),
        (f"fana,Kari,{'a' * 61},5020,Bergen,nb", "line 2, address: a line is too long for the window"),
        ("fana,Kari,Storgata 1,150,Oslo,nb", "line 2, postcode: this cannot be a postcode. Write its four digits;"),
        ("fana,Kari,Storgata 1,,Oslo,nb", "line 2, postcode: this cannot be a postcode."),
        ("fana,Kari,Storgata 1,12345678901,Oslo,nb", "line 2, postcode: this cannot be a postcode."),
        ("fana,Kari,Storgata 1,5020,Bergen,se", "line 2, language: there is no letter in this language."),
        (KARI + KARI.replace("Kari  ", "Kari "), "line 3: the same person stands in line 2."),
    ],
)
def test_every_fault_is_named_with_its_line_and_without_what_stands_there(line: str, words: str) -> None:
    [problem] = problems(HEADING + line + "\n")
    assert problem.startswith(words)
    assert "Kari" not in problem


def test_all_faults_are_told_at_once() -> None:
    assert len(problems(HEADING + "arna,,x,1,y,z\n" + KARI + KARI)) == 5
