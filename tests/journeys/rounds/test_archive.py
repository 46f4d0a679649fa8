"""What the archive needs of a round is one file: complete, the same to the byte, and without a secret."""

import datetime as dt
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

from flask.testing import FlaskClient
from sqlalchemy import select

from survey.access.codes import for_invitee, normalise, shown
from survey.archive import documents, facts
from survey.archive.specimens import CODE
from survey.archive.words import IN, nb
from survey.keys import KeyStore
from survey.questionnaire.answers import Answer
from survey.questionnaire.loading import dump
from survey.rounds import closing, plan, planning
from survey.settings import ROOT, Settings
from survey.staff import audit
from survey.storage.engine import Database
from survey.storage.tables import Invitee, Release
from tests.invited import invite
from tests.leading import RESIDENTS, begun, id_of, opened, page, planned
from tests.printed import qr_codes, texts
from tests.staffed import post
from tests.village import PASSPHRASE, RELATIVES, Village

IN_EACH_LANGUAGE = ("les-meg", "plan", "sletteprotokoll", "personvernkonsekvenser", "databehandleravtale")
ALWAYS = {"manifest.sha256", "plan.json", "sporsmal/sporreskjema.json"} | {
    f"{name}{language}.html" for name in IN_EACH_LANGUAGE for language in ("", "-nn", "-en")
}
PRINTS = (
    "kort-{}-eksempel.pdf",
    "regler-for-hjelpere-{}.pdf",
    "informasjonsbrev-{}.pdf",
    "papirskjema-{}-eksempel.pdf",
)
EMAILS = ("kari@example.no", "ola@example.no")


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def taken(client: FlaskClient, round_: str) -> dict[str, bytes]:
    return unpacked(client.get(f"{round_}/archive.zip").data)


def said(files: dict[str, bytes]) -> str:
    """Everything a package says, in its files, their names and what its PDFs show."""
    pdfs = [content for name, content in files.items() if name.endswith(".pdf")]
    shown_ = [text for pdf in pdfs for text in texts(pdf)]
    return "\n".join([*files, *shown_, *(content.decode("latin-1") for content in files.values())])


def test_a_planned_rounds_package_is_whole_in_each_language_and_the_same_to_the_byte(
    lise: FlaskClient, database: Database
) -> None:
    round_ = planned(lise)
    assert "archive.zip" in page(lise, round_)
    first, second = (lise.get(f"{round_}/archive.zip") for _ in range(2))
    assert first.data == second.data
    today = dt.datetime.now(dt.UTC).date()
    assert f"medvirk-{id_of(round_)}-{today}.zip" in first.headers["Content-Disposition"]
    with ZipFile(BytesIO(first.data)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}
    files = unpacked(first.data)
    spoken = {f"brev/{name.format(language)}" for name in PRINTS for language in ("nb", "nn")}
    assert set(files) == ALWAYS | spoken | {"sporsmal/sporsmal-nb.html", "sporsmal/sporsmal-nn.html"}
    manifest = dict(reversed(line.split("  ")) for line in files.pop("manifest.sha256").decode().splitlines())
    assert manifest == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    with database.reading() as connection:
        asked = plan.read(connection, id_of(round_)).questionnaire
    assert files["sporsmal/sporreskjema.json"].decode() == dump(asked)
    for language in asked.languages:
        read = files[f"sporsmal/sporsmal-{language}.html"].decode()
        assert [question.id for question in asked.questions if question.text[language] not in read] == []
    says_the_same_in_each_language(files)
    assert json.loads(files["plan.json"])["decision"] == "Helseutvalget, sak 31/27"
    newest = next(iter(audit.search(database, frozenset({"4601"}), "", 2**31 - 1)))
    assert (newest.action, newest.who) == ("archive_taken_out", "lise@bergen.no")
    assert newest.about == f"Høsten 2027, SHA-256 {hashlib.sha256(first.data).hexdigest()}"


def says_the_same_in_each_language(files: dict[str, bytes]) -> None:
    assert "Deletion protocol" in files["sletteprotokoll-en.html"].decode()
    assessment = " ".join(files["personvernkonsekvenser-en.html"].decode().split())
    assert "1 unit with 20 registered places" in assessment
    assert "assists at most 2 in a unit; b is 3" in assessment
    assert "1 eining med 20 registrerte plassar" in files["personvernkonsekvenser-nn.html"].decode()
    assert "<dt>Ways of answering</dt><dd>alone, on a tablet" in files["plan-en.html"].decode()
    assert "Spørsmåla på nynorsk" in files["sporsmal/sporsmal-nn.html"].decode()
    for ending, release in (("", "Utgivelsen: "), ("-nn", "Utgjevinga: "), ("-en", "The release: ")):
        read = files[f"les-meg{ending}.html"].decode()
        assert release in read
        assert set(files) - set(re.findall('href="(.+?)"', read)) == {f"les-meg{ending}.html"}
    english = b"".join(content for name, content in files.items() if name.endswith("-en.html")).decode()
    assert re.findall(r"\b(?:ikke|ikkje|Kommunen fyller|og|blir)\b", english) == []


def test_the_code_on_every_specimen_is_none() -> None:
    assert normalise(CODE) is None
    assert len(CODE) == 12


def test_the_assessment_says_what_this_round_does_and_what_staff_typed_is_text(lise: FlaskClient) -> None:
    decision = {"decision": "<script>x</script>", "leader": "Lise Lie", "retention": "<i>Alltid"}
    files = taken(lise, planned(lise, decision=decision))
    pages = [content.decode() for name, content in files.items() if name.endswith(".html")]
    assert [markup for markup in ("<script", "<i>Alltid") for read in pages if markup in read] == []
    assert "&lt;script&gt;x" in files["plan.html"].decode()
    assessment, agreement = (
        " ".join(files[f"{name}.html"].decode().split()) for name in ("personvernkonsekvenser", "databehandleravtale")
    )
    for words_ in (
        "Leder av undersøkelsen: Lise Lie.",
        "1 enhet med 20 registrerte plasser",
        "Bare grupper på minst 7 vises; i hver ende holdes 3 svar skjult",
        "ingen kjenner mer enn 2 svar i en enhet",
        "bistår høyst 2 i en enhet; b er 3",
        "Papirskjema",
        "Etter 30 minutter",
        "&lt;i&gt;Alltid",
        "Kommunen fyller ut:",
    ):
        assert words_ in assessment, words_
    assert "E-postadresse" not in assessment
    assert "Intervjuer" not in assessment
    assert "Kommunen fyller ut:" in agreement


def test_a_plan_that_is_not_finished_says_what_its_package_lacks(lise: FlaskClient) -> None:
    files = taken(lise, begun(lise))
    assert not [name for name in files if "informasjonsbrev" in name]
    read = files["les-meg.html"].decode()
    assert "planen har ingen første og siste dag" in read
    assert "Utgivelsen: undersøkelsen er ikke avsluttet" in read


def test_a_finished_rounds_package_has_the_release_and_the_protocol_and_no_secret(
    lise: FlaskClient, database: Database, settings: Settings, work: Callable[[], None]
) -> None:
    round_ = opened(lise, work)
    village = Village(database, KeyStore(settings.keys), settings.data, id_of(round_))
    web, codes = village.keys.web(id_of(round_)), village.codes(12)
    for code in codes[:9]:
        village.send(code, Answer("nb", 3, "none", {each.id: 5 for each in RESIDENTS.questions if each.scale}, {}))
    open_ = taken(lise, round_)
    assert "utgivelse/utgivelse.json" not in open_
    assert open_["sletteprotokoll.html"].decode().count("<td>ikke utført</td>") == len(nb.CLOSING) + 1
    post(lise, f"{round_}/close", kind="stop")
    work()
    post(lise, f"{round_}/close", kind="release", **dict.fromkeys(("paper", "register", "spares", "final"), "1"))
    work()
    files = taken(lise, round_)
    with database.reading() as connection:
        kept = connection.execute(select(Release.artefact, Release.sha256)).one()
    assert files["utgivelse/utgivelse.json"].decode() == kept.artefact
    assert files["utgivelse/utgivelse.json.sha256"].decode() == f"{kept.sha256}  utgivelse.json\n"
    protocol = files["sletteprotokoll.html"].decode()
    assert protocol.count("<td>utført</td>") == len(nb.CLOSING)
    for deed in ("round_opened", "round_stopped", "round_closed"):
        assert nb.DEEDS[deed] in protocol
    assert f"release {kept.sha256}" in protocol
    secrets = [form for code in codes for form in (code, shown(code))]
    secrets += [form for key in vars(web).values() for form in (key.hex(), b64encode(key).decode())]
    secrets += [PASSPHRASE, "lise@bergen.no", "anna@bergen.no"]
    for each in (open_, files):
        everything = said(each)
        assert [secret for secret in secrets if secret in everything] == []
        assert [content for content in each.values() for key in vars(web).values() if key in content] == []
    codes_shown = {code.says for code in qr_codes(files["brev/kort-nb-eksempel.pdf"], 0)}
    assert {each.rpartition("#")[2] for each in codes_shown} == {CODE}


def test_the_package_of_relatives_shows_every_mail_and_nobodys_address(
    database: Database, settings: Settings, lise: FlaskClient
) -> None:
    keys = KeyStore(settings.keys)
    round_id = planning.create(
        database, title="Pårørende", audience="relative", municipality="4601", questionnaire=RELATIVES
    )
    with database.begin() as connection:
        days = {"opens": dt.date(2026, 12, 1), "closes": dt.date(2026, 12, 20)}
        plan.change(connection, round_id, {"places": ["4601"], "ways": ["self"], **days})
    planning.open_round(database, keys, round_id, PASSPHRASE)
    listed = "unit_id,email,language\n" + "".join(f"arna,{email},nb\n" for email in EMAILS)
    invite(database, keys, round_id, listed.encode(), dt.datetime(2026, 11, 21, 8, 30))  # noqa: DTZ001
    files = taken(lise, f"/staff/rounds/{round_id}")
    for kind in ("e-post-invitasjon-{}-eksempel.txt", "e-post-paminnelse-2-{}-eksempel.txt", "brev-{}-eksempel.pdf"):
        assert {f"brev/{kind.format(language)}" for language in ("nb", "nn", "en")} <= set(files)
    assert "EKSE-MPEL-KODE" in files["brev/e-post-invitasjon-nb-eksempel.txt"].decode()
    assert "E-postadresse" in files["personvernkonsekvenser.html"].decode()
    with database.reading() as connection:
        invitees = connection.execute(select(Invitee.id)).scalars().all()
    codes = [for_invitee(keys.web(round_id).mail, invitee) for invitee in invitees]
    assert len(codes) == len(EMAILS)
    everything = said(files)
    assert [each for each in (*EMAILS, *invitees, *codes, *map(shown, codes)) if each in everything] == []


def test_the_protocol_tells_of_this_round_and_no_other_of_the_same_title(lise: FlaskClient, database: Database) -> None:
    kept = {"audience": "resident", "municipality": "4601", "service_kind": "day_centre", "questionnaire": RESIDENTS}
    ours, theirs = (planning.create(database, title="Vår", **kept) for _ in range(2))
    with database.begin() as connection:
        audit.note_round(connection, "lise@bergen.no", audit.Action.ROUND_STOPPED, theirs)
        audit.note_round(connection, "lise@bergen.no", audit.Action.ROUND_EXTENDED, ours, "2027-05-01")
    with database.reading() as connection:
        known = facts.read(connection, ours)
    assert [(deed.action, deed.more) for deed in known.deeds] == [("round_extended", "2027-05-01")]


def test_the_protocol_says_of_no_step_that_it_is_done_before_that_is_known(
    lise: FlaskClient, database: Database
) -> None:
    round_ = begun(lise)
    with database.reading() as connection:
        known = facts.read(connection, id_of(round_))
    for state, release, done in (
        *(("planned", None, 0), ("closing", None, 1), ("closing", "{}", 2), ("released", "{}", 7)),
        *(("destroyed", "{}", 8), ("destroyed", None, 5)),  # the last: the keys were lost
    ):
        so_far = replace(known, planned=replace(known.planned, state=state), release=release)
        assert [far for _, far in documents.steps(so_far, "nb")].count("utført") == done


def test_the_protocol_has_every_step_of_closing_in_its_order() -> None:
    assert list(nb.CLOSING) == [step.__name__ for step in closing.STEPS]


def test_what_is_filled_in_says_the_same_in_every_language() -> None:
    """The same parts, fields and conditions, from the same facts, called by the same names."""
    folder = ROOT / "survey/archive/templates/archive"
    for name in (*IN_EACH_LANGUAGE, documents.QUESTIONS):
        skeletons = {
            language: re.findall(
                r"<[^>]+>|{%.*?%}",
                re.sub(r"{{.*?}}", "", (folder / language / f"{name}.html").read_text(encoding="utf-8")),
            )
            for language in IN
        }
        assert skeletons["nb"] == skeletons["nn"] == skeletons["en"], name
    for language in ("nn", "en"):
        tables = {name: table for name, table in vars(IN[language]).items() if name.isupper()}
        assert tables.keys() == {name for name in vars(nb) if name.isupper()}
        assert [name for name, table in tables.items() if type(table) is not type(vars(nb)[name])] == []
        keys = {name: list(table) for name, table in tables.items() if isinstance(table, dict)}
        assert keys == {name: list(vars(nb)[name]) for name in keys}
