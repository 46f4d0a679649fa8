"""medvirk print …: codes and their PDF come in one go, and only the PDF ever shows them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.access.codes import mint, normalise
from survey.access.issuing import IssuingError, hand_out_within
from survey.access.redeem import find
from survey.keys import KeyStore
from survey.storage.engine import Database
from survey.storage.tables import AuditEntry, Batch, Code
from tests.journeys.test_commands import Run, installed, medvirk, planned
from tests.printed import texts
from tests.village import Village

__all__ = ["installed", "medvirk"]

PEOPLE = """unit_id,name,address,postcode,town,language
fana,Kari #Nordmann,Storgata 1,5020,Bergen,nb
arna,Ola Nordmann,Storgata 2,5020,Bergen,nn
fana,Åse Berg,Storgata 3,5020,Bergen,en
"""
ARNA = "municipality_number,service_kind,service,division,unit_id,unit,places\n4601,day_centre,Dagsenter,,arna,Arna,4\n"


@pytest.fixture
def open_round(installed: Run, tmp_path: Path) -> str:
    """An open round of the residents of Arna and Fana."""
    (tmp_path / "arna.csv").write_text(ARNA, encoding="utf-8")
    assert installed("register", "import", "arna.csv")[0] == 0
    round_id = planned(installed)
    assert installed("round", "open", round_id)[0] == 0
    return round_id


@pytest.fixture
def relatives(installed: Run, open_round: str) -> str:
    """An open round of the relatives."""
    round_id = planned(installed, "relatives", "relative", "--service-kind", "day_centre")
    assert installed("round", "open", round_id)[0] == 0
    return round_id


@pytest.fixture
def there(installed: Run, tmp_path: Path) -> Database:
    """The database of the commands."""
    return Database(f"sqlite:///{tmp_path}/data/medvirk.db")


def codes_in(pdf: Path) -> list[str]:
    found = re.findall(r"\w{4}-\w{4}-\w{4}", " ".join(texts(pdf.read_bytes())))
    return list(dict.fromkeys(code for shown in found if (code := normalise(shown))))


def rows(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Code)).scalar_one()


def log(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(AuditEntry.about).order_by(AuditEntry.number)).scalars())


def test_cards_work_and_the_log_counts_them(installed: Run, open_round: str, there: Database, tmp_path: Path) -> None:
    printed = installed("print", "cards", open_round, "--unit", "fana", "--number", "9", "--file", "fana.pdf")
    assert printed == (0, "Printed: fana.pdf\n", "")
    file = tmp_path / "fana.pdf"
    assert file.stat().st_mode & 0o777 == 0o600
    made = codes_in(file)
    assert len(made) == 9
    for code in made:
        found = find(there, KeyStore(tmp_path / "keys"), code)
        assert found
        assert (found.round_id, found.unit_id) == (open_round, "fana")
    assert log(there)[-1] == "Høst, fana: 9"
    assert not any(code in line for line in log(there) for code in made)


def test_paper_has_codes_that_are_used_on_paper(
    installed: Run, open_round: str, there: Database, tmp_path: Path
) -> None:
    asked = ("print", "paper", open_round, "--unit", "fana", "--number", "2", "--file", "paper.pdf")
    assert installed(*asked, "--language", "nn", "--ladder", "2")[0] == 0
    assert len(codes_in(tmp_path / "paper.pdf")) == 2
    with there.reading() as connection:
        assert connection.execute(select(Batch.unit, Batch.way, Batch.issued)).all() == [("fana", "paper", 2)]


def test_letters_give_each_person_a_code_of_their_unit_and_keep_no_list(
    installed: Run, relatives: str, there: Database, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    asked = ("print", "letters", relatives, "--file", "people.csv", "--pdf", "letters.pdf", "--contact", "Ingrid Vik")
    assert installed(*asked, "--until", "2026-12-15", "--phone", "55 00 00 00")[0] == 0
    pages = texts((tmp_path / "letters.pdf").read_bytes())
    for page, name, unit in zip(
        pages, ("Kari #Nordmann", "Ola Nordmann", "Åse Berg"), ("fana", "arna", "fana"), strict=True
    ):
        assert name in page
        code = normalise(re.findall(r"\w{4}-\w{4}-\w{4}", page)[0])
        found = find(there, KeyStore(tmp_path / "keys"), code or "")
        assert found
        assert (found.round_id, found.unit_id) == (relatives, unit)
    assert sorted(log(there)[-2:]) == ["Høst, arna: 1", "Høst, fana: 2"]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"Nordmann" not in kept
    assert b"Storgata" not in kept


def test_what_carries_no_code_is_printed_without_handing_any_out(
    installed: Run, open_round: str, there: Database, tmp_path: Path
) -> None:
    days = ("--begins", "2026-12-01", "--ends", "2026-12-15", "--visit", "2026-12-08")
    letter = ("print", "letter", open_round, "--unit", "fana", *days, "--contact", "Ingrid Vik", "--language", "nn")
    assert installed(*letter, "--asks", "Kvalitetsavdelinga", "--file", "letter.pdf")[0] == 0
    assert "Kvalitetsavdelinga spør." in texts((tmp_path / "letter.pdf").read_bytes())[0]
    assert installed("print", "rules", "--file", "rules.pdf")[0] == 0
    assert installed("print", "questionnaire", "relatives", "--ladder", "5", "--file", "relatives.pdf")[0] == 0
    assert codes_in(tmp_path / "relatives.pdf") == []
    assert rows(there) == 0


REFUSED = (
    ("cards ROUND --unit nothing --number 1 --file new.pdf", "does not ask about a unit “nothing”"),
    ("cards ROUND --unit lia --number 1 --file new.pdf", "does not ask about a unit “lia”"),
    ("cards ROUND --unit fana --number 99 --file new.pdf", "so at most 38 codes"),
    ("cards ROUND --unit fana --number 0 --file new.pdf", "0 is not in the range"),
    ("cards nothing --unit fana --number 1 --file new.pdf", "no round “nothing”. See: medvirk round list"),
    ("cards ROUND --unit fana --number 1 --file units.csv", "“units.csv” is there already. Choose another name"),
    ("cards ROUND --unit fana --number 1 --file no/new.pdf", "cannot be written (No such file or directory)"),
    ("paper ROUND --unit fana --number 1 --file new.pdf --language se", "is not written in “se”"),
    ("letters ROUND --file units.csv --pdf new.pdf --contact K", "Residents get cards, not letters"),
    ("questionnaire nothing --file new.pdf", "no questionnaire “nothing”. There are: day-centre-residents"),
    (
        "letter ROUND --unit lia --begins 2026-12-01 --ends 2026-12-02 --contact K --file new.pdf",
        "does not ask about a unit “lia”",
    ),
)


def test_what_cannot_be_printed_leaves_no_code_and_no_file(
    installed: Run, open_round: str, there: Database, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    for arguments, words in REFUSED:
        code, printed, errors = installed("print", *arguments.replace("ROUND", open_round).split())
        assert (code != 0, printed) == (True, ""), arguments
        assert words in " ".join(errors.split()), arguments
        assert rows(there) == 0, arguments
        assert sorted(tmp_path.iterdir()) == before, arguments


def test_letters_refuse_a_wrong_list_whole_and_the_leaders_letter_is_for_residents_rounds(
    installed: Run, relatives: str, there: Database, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE.replace("arna", "lia"), encoding="utf-8")
    code, _, errors = installed(
        "print", "letters", relatives, "--file", "people.csv", "--pdf", "new.pdf", "--contact", "K"
    )
    assert code == 1
    assert "line 3, unit_id: the round does not ask about a unit with this id." in errors
    assert "Ola" not in errors
    days = ("--begins", "2026-12-01", "--ends", "2026-12-15")
    asked = ("print", "letter", relatives, "--unit", "fana", *days, "--contact", "K", "--file", "new.pdf")
    assert "tells of a round that asks residents" in installed(*asked)[2]
    assert not (tmp_path / "new.pdf").exists()
    assert rows(there) == 0


def test_codes_of_several_units_are_handed_out_together_or_not_at_all(database: Database, tmp_path: Path) -> None:
    village = Village.found(database, tmp_path)
    fine, too_many = [mint() for _ in range(3)], [mint() for _ in range(23)]

    def hand_out(minted: Mapping[str, Sequence[str]]) -> None:
        with database.begin() as connection:
            hand_out_within(connection, village.keys.web(village.round_id), village.round_id, minted)

    with pytest.raises(IssuingError, match="so at most 22 codes"):
        hand_out({"fana": fine, "arna": too_many})
    assert rows(database) == 0
    hand_out({"fana": fine, "arna": too_many[:22]})
    found = [find(database, village.keys, code) for code in (*fine, *too_many[:22])]
    assert [place.unit_id for place in found if place] == ["fana"] * 3 + ["arna"] * 22
    with database.reading() as connection:  # as the rows lie: in no order of a list
        for unit in ("fana", "arna"):
            lie = connection.execute(select(Code.hmac).join(Batch).where(Batch.unit == unit)).scalars().all()
            assert lie == sorted(lie)
