"""The medvirk command: a round from plan to release, and one clear line for everything that can go wrong."""

import csv
import datetime as dt
import json
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import click
import pytest

from reports import audit
from survey import cli
from survey.rounds import plan
from survey.staff import audit as audit_log
from survey.storage.engine import Database, StorageError
from tests.staffed import known

UNITS = """municipality_number,service_kind,service,division,unit_id,unit,places
4601,day_centre,Dagsenter,,fana,Fana,34
4601,shared_home,Bofellesskap,Sør,lia,Lia,6
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def medvirk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an installation of its own; gives exit code, output, errors."""
    for name, value in (
        ("MEDVIRK_DATA", tmp_path / "data"),
        ("MEDVIRK_KEYS", tmp_path / "keys"),
        ("MEDVIRK_PASSPHRASE", "correct horse battery"),
    ):
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["medvirk", *arguments])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


@pytest.fixture
def installed(medvirk: Run, tmp_path: Path) -> Run:
    """With tables and two units."""
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    assert medvirk("db", "upgrade")[0] == 0
    assert medvirk("register", "import", "units.csv")[0] == 0
    return medvirk


def planned(medvirk: Run, questionnaire: str = "day-centre-residents", audience: str = "resident", *more: str) -> str:
    named = ["--title", "Høst", "--audience", audience, "--municipality", "4601", "--questionnaire", questionnaire]
    code, printed, errors = medvirk("round", "create", *named, *more)
    assert (code, errors) == (0, "")
    return printed.strip()


def planned_for(round_id: str, folder: Path, first: int, last: int) -> None:
    """As the web plans it, in days from now."""
    database, today = Database(f"sqlite:///{folder}/data/medvirk.db"), dt.datetime.now(dt.UTC).date()
    with database.begin() as connection:
        days = {name: today + dt.timedelta(number) for name, number in (("opens", first), ("closes", last))}
        plan.change(connection, round_id, days)
    database.dispose()


def test_a_round_goes_from_plan_to_release_by_commands_alone(
    installed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = planned(installed)
    assert re.search(f"{round_id}  planned  resident  day_centre  Høst", installed("round", "list")[1])
    planned_for(round_id, tmp_path, -9, -2)
    assert "is past. Choose a day that comes. The plan is changed" in installed("round", "open", round_id, "--meant")[2]
    planned_for(round_id, tmp_path, 90, 100)
    assert installed("round", "open", round_id)[2].endswith("has not come yet. If that is meant: --meant\n")
    code, printed, _ = installed("round", "open", round_id, "--meant")
    assert code == 0
    copy = Path(printed.split(": ")[1].strip())
    _, printed, _ = installed("codes", "issue", round_id, "--unit", "fana", "--number", "3")
    rows = list(csv.DictReader(printed.splitlines()))
    assert [row["unit"] for row in rows] == ["fana"] * 3
    assert installed("codes", "void", round_id, rows[0]["code"].lower()) == (0, "Voided: 1\n", "")
    with monkeypatch.context() as meanwhile:  # the log cannot be written: no code is made or voided unseen
        meanwhile.setattr(audit_log, "note_round", Mock(side_effect=StorageError("no log")))
        for unseen in (["issue", round_id, "--unit", "fana", "--number", "1"], ["void", round_id, rows[1]["code"]]):
            assert installed("codes", *unseen)[0] == 1
    assert installed("codes", "void", round_id, rows[1]["code"])[1] == "Voided: 1\n"
    _, printed, _ = installed("round", "close", round_id, "--yes")
    sha256 = re.search("[0-9a-f]{64}", printed)
    assert sha256
    _, artefact, _ = installed("release", round_id)
    assert json.loads(artefact)["too_few"][0]["id"] == "4601"
    copy.unlink()
    assert installed("round", "confirm-destroyed", round_id, "--yes")[0] == 0
    assert f"{round_id}  destroyed" in installed("round", "list")[1]


def test_closing_says_how_far_the_audit_is(installed: Run) -> None:
    round_id = planned(installed)
    installed("round", "open", round_id)
    code, printed, errors = installed("round", "close", round_id, "--yes")
    assert (code, printed.splitlines()[0], errors) == (0, "Audit, questions: 15 of 15", "")


def test_closing_says_that_the_audit_raised_an_alarm(installed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "passes", lambda *_: False)
    round_id = planned(installed)
    installed("round", "open", round_id)
    code, _, errors = installed("round", "close", round_id, "--yes")
    assert (code, errors) == (0, "The audit raised an alarm, so only the municipality as a whole is released.\n")


def test_lost_keys_come_back_from_the_recovery_copy(installed: Run, tmp_path: Path) -> None:
    round_id = planned(installed)
    installed("round", "open", round_id)
    copy = tmp_path / "copy.json"
    copy.write_bytes((tmp_path / "keys" / "recovery" / f"{round_id}.json").read_bytes())
    (tmp_path / "keys").rename(tmp_path / "lost")
    code, _, errors = installed("codes", "issue", round_id, "--unit", "fana", "--number", "1")
    assert code == 1
    assert f"medvirk round recover {round_id} FILE" in errors
    assert installed("round", "recover", round_id, "copy.json")[0] == 0
    assert installed("codes", "issue", round_id, "--unit", "fana", "--number", "1")[0] == 0


def test_the_content_that_is_shipped_is_in_order(medvirk: Run) -> None:
    assert medvirk("questionnaire", "check") == (0, "Everything is in order.\n", "")
    assert medvirk("symbols", "check") == (0, "Everything is in order.\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("round open nothing", "no round “nothing”. See: medvirk round list"),
        ("round close nothing --yes", "no round “nothing”"),
        ("round confirm-destroyed nothing --yes", "Close it first"),
        ("release nothing", "has no release"),
        ("codes issue nothing --unit fana --number 1", "no round “nothing”"),
        ("invite nothing --file units.csv", "no round “nothing”"),
        ("invite nothing --file none.csv", "does not exist"),
        ("codes void nothing 2222-2222-2222", "no open round “nothing”"),
        (
            "round create --title T --audience resident --municipality 4601 --questionnaire other",
            "no questionnaire “other”. There are: day-centre-residents",
        ),
        (
            "round create --title T --audience resident --municipality 1 --questionnaire day-centre-residents",
            "no municipality “1”. Use its number, as 4601",
        ),
        (
            "round create --title T --audience relative --municipality 4601 --questionnaire relatives",
            "--service-kind day_centre|shared_home",
        ),
        (
            "round create --title T --audience resident --municipality 4601 --questionnaire day-centre-residents --k 3",
            "k must be at least 5",
        ),
        ("round create --title T --audience visitor --municipality 4601 --questionnaire x", "is not one of"),
        ("register import none.csv", "does not exist"),
        ("questionnaire check none.yaml", "does not exist"),
        ("strange", "No such command"),
    ],
)
def test_what_cannot_be_done_says_why_in_words_and_names_the_cure(installed: Run, arguments: str, words: str) -> None:
    code, printed, errors = installed(*arguments.split())
    assert code != 0
    assert words in errors
    assert printed == ""
    assert "Traceback" not in errors


def test_a_unit_that_is_already_asked_and_one_of_another_kind_are_refused(installed: Run) -> None:
    first, second = planned(installed), planned(installed)
    for round_id in (first, second):
        installed("round", "open", round_id)
    installed("codes", "issue", first, "--unit", "fana", "--number", "1")
    assert (
        "already asked in the open round"
        in installed("codes", "issue", second, *["--unit", "fana", "--number", "1"])[2]
    )
    assert "is not in this round" in installed("codes", "issue", first, *["--unit", "lia", "--number", "1"])[2]
    assert "at most 38 codes" in installed("codes", "issue", first, *["--unit", "fana", "--number", "38"])[2]


def test_a_broken_file_imports_nothing_and_names_line_and_cure(installed: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text(UNITS.replace("4601,shared", "9999,shared"), encoding="utf-8")
    code, _, errors = installed("register", "import", "broken.csv")
    assert code == 1
    assert re.search(r"line 3, municipality_number “9999”: .*Write the four digits", errors)


def test_contacts_come_from_a_file_and_what_is_wrong_with_one_is_told(installed: Run, tmp_path: Path) -> None:
    heading = "place;side;name;role;email;phone\n"
    (tmp_path / "contacts.csv").write_text(f"{heading}4601-dagsenter;here;Ola Berg;leder;;55 00 00 00\n", "utf-8")
    code, output, _ = installed("register", "contacts", "contacts.csv")
    assert (code, output) == (0, "here: 4601-dagsenter “Dagsenter” “Ola Berg”\nnobody elsewhere: fana “Fana”\n")
    (tmp_path / "contacts.csv").write_text(f"{heading}fana;here;Ola Berg;leder;;\n", "utf-8")
    code, output, errors = installed("register", "contacts", "contacts.csv")
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert "Write an e-mail address, a telephone number, or both." in errors


def test_people_are_invited_by_a_list_and_a_broken_list_invites_nobody(installed: Run, tmp_path: Path) -> None:
    round_id = planned(installed, "relatives", "relative", "--service-kind", "day_centre")
    installed("round", "open", round_id)
    (tmp_path / "list.csv").write_text("unit_id,email,language\nfana,kari@example.no,nb\n", encoding="utf-8")
    (tmp_path / "broken.csv").write_text("unit_id,email,language\nlia,kari@,se\n", encoding="utf-8")
    code, printed, errors = installed("invite", round_id, "--file", "broken.csv")
    assert (code, printed) == (1, "")
    assert re.search(
        "Nobody was invited.\nline 2, unit_id: .*\nline 2, email: .*\nline 2, language: .*Use nb, nn, en", errors
    )
    code, printed, _ = installed("invite", round_id, "--file", "list.csv")
    assert code == 0
    assert "1 invited, 0 tried again, 0 invited before." in printed
    assert f"the worker writes the mails to {tmp_path / 'data' / 'mail'}" in printed
    assert "0 invited, 0 tried again, 1 invited before." in installed("invite", round_id, "--file", "list.csv")[1]


def test_a_broken_questionnaire_names_file_line_and_cure(medvirk: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("id: mine\nquestions: [\n", encoding="utf-8")
    code, printed, errors = medvirk("questionnaire", "check", "mine.yaml")
    assert (code, printed) == (1, "")
    assert re.search(r"mine\.yaml:\d+: ", errors)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "PORT is “eighty”: use a port number"),
        ("MEDVIRK_PRODUCTION", "yes", "MEDVIRK_PRODUCTION is “yes”: use 1 or 0"),
        ("MEDVIRK_SMTP_SECURITY", "ssl", "use starttls, tls, none"),
        ("MEDVIRK_MAIL_FROM", "Bergen kommune", "use one sender, as Bergen kommune <spor@example.no>"),
        ("MEDVIRK_MAIL_FROM", "spor@blåbær.no", "use one sender"),
        ("MEDVIRK_MAIL_FROM", "a@example.no, b@example.no", "use one sender"),
        ("MEDVIRK_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none", "Check MEDVIRK_DATABASE_URL"),
        ("MEDVIRK_DATABASE_URL", "nonsense", "MEDVIRK_DATABASE_URL"),
        ("MEDVIRK_PASSPHRASE", "short", "at least 12 signs"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_cure(
    installed: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    round_id = planned(installed)
    monkeypatch.setenv(name, value)
    code, _, errors = installed("round", "open", round_id)
    assert code == 1
    assert words in errors
    assert len(errors.strip().splitlines()) == 1


def test_an_address_that_is_taken_names_the_cure(installed: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, errors = installed("serve", "--without-worker", "--port", str(taken.getsockname()[1]))
    assert (code, "Address already in use" in errors, "PORT=8001" in errors) == (1, True, True)


def test_a_database_without_tables_names_the_command_that_makes_them(medvirk: Run) -> None:
    code, _, errors = medvirk("round", "list")
    assert (code, "medvirk db upgrade" in errors) == (1, True)


def test_every_command_shows_an_example(medvirk: Run) -> None:
    def commands(group: object, way: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        inner = getattr(group, "commands", None)
        return [way] if inner is None else [leaf for name in inner for leaf in commands(inner[name], (*way, name))]

    ways = commands(cli.medvirk)
    assert ("round", "open") in ways
    for way in ways:
        code, printed, _ = medvirk(*way, "--help")
        assert code == 0
        assert f"Example: medvirk {' '.join(way)}" in printed, way


def test_an_administrator_gets_a_password_once_and_signs_in_with_it(installed: Run, tmp_path: Path) -> None:
    code, printed, errors = installed("staff", "create-admin", "anna@bergen.no")
    assert (code, errors) == (0, "")
    found = re.search(r"shown this once: (\S+)", printed)
    assert found
    database = Database(f"sqlite:///{tmp_path}/data/medvirk.db")
    assert known(database, "anna@bergen.no", found[1])
    code, again, _ = installed("staff", "create-adviser", "anna@bergen.no")
    assert code == 0
    assert found[1] not in again
    assert known(database, "anna@bergen.no", found[1]) is None
    database.dispose()


def test_a_password_is_asked_for_where_wanted_and_refused_where_easy(
    installed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "Password1234")
    assert installed("staff", "create-admin", "anna@bergen.no", "--ask") == (
        1,
        "",
        "Error: The password is among the first that guessers try: use several words of your own.\n",
    )
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "korrekt hest batteri")
    code, printed, _ = installed("staff", "create-admin", "anna@bergen.no", "--ask")
    assert code == 0
    assert "korrekt" not in printed


def test_an_account_needs_an_address_and_a_municipality_in_use(medvirk: Run) -> None:
    medvirk("db", "upgrade")
    code, _, errors = medvirk("staff", "create-admin", "anna@bergen.no")
    assert (code, errors) == (
        1,
        "Error: 0 municipalities have services in the register: say which, with --municipality NUMBER.\n",
    )
    code, _, errors = medvirk("staff", "create-admin", "anna", "--municipality", "4601")
    assert (code, errors) == (1, "Error: “anna” is no e-mail address. Write it as name@municipality.no.\n")
