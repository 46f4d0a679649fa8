"""The demo: loaded the real way, once, all of it marked simulated, and never beside real answers."""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from reports.release import Release, verified
from survey import cli, serving
from survey.access import issuing
from survey.app import create_app
from survey.commands import trying
from survey.commands.running import upgrade
from survey.demo import content, loading, showing
from survey.demo.content import ADVISER, PASSWORD, ROUNDS
from survey.demo.guard import DemoError
from survey.keys import KeyStore
from survey.register import tree
from survey.rounds import closing
from survey.rounds.planning import create
from survey.settings import Settings
from survey.speech.rendering import SpeechError
from survey.storage import tables
from survey.storage.engine import Database
from survey.storage.stamped import Stamp
from survey.storage.tables import Batch, Node, Round, Sealed
from tests.staffed import known, sign_in
from tests.village import QUESTIONNAIRE

CLOSED = [planned for planned in ROUNDS if planned.closes]
HOMES, RELATIVES, OPEN = (
    next(each for each in ROUNDS if (each.service_kind, each.audience, each.closes) == kind and not each.covered)
    for kind in (("shared_home", "resident", True), ("day_centre", "relative", True), ("day_centre", "resident", False))
)


class Installation:
    """An installation of its own, on SQLite."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings.from_environment({"MEDVIRK_DATA": f"{folder}/data", "MEDVIRK_KEYS": f"{folder}/keys"})
        upgrade(self.settings)
        self.database = Database(self.settings.database_url)
        self.keys = KeyStore(self.settings.keys)
        self.told: list[tuple[str, int, int]] = []

    @cached_property
    def app(self) -> Flask:
        return create_app(self.settings)

    def tell(self, title: str, done: int, of: int) -> None:
        self.told.append((title, done, of))

    def load(self, **changes: object) -> None:
        given = {
            "app": lambda: self.app, "settings": self.settings, "database": self.database, "keys": self.keys,
            "progress": self.tell,
        }  # fmt: skip
        loading.Loading(**(given | changes)).load()

    def states(self) -> dict[str, str]:
        with self.database.reading() as connection:
            return {row.title: row.state for row in connection.execute(select(Round.title, Round.state))}

    def releases(self) -> dict[str, Release]:
        with self.database.reading() as connection:
            kept = connection.execute(select(tables.Release.artefact, tables.Release.sha256)).all()
        return {release.title: release for release in (verified(row.artefact, row.sha256) for row in kept)}

    def count(self, *where: object) -> int:
        sealed = select(func.count()).select_from(Sealed).join(Batch, Sealed.batch == Batch.id).where(*where)
        with self.database.reading() as connection:
            return connection.execute(sealed).scalar_one()

    def everything(self) -> list[list[object]]:
        """Every row of every table, but how often something was written."""
        kept = [table for table in tables.Base.metadata.sorted_tables if table.name != Stamp.__tablename__]
        with self.database.reading() as connection:
            found = [connection.execute(table.select()).all() for table in kept]
        return [sorted(map(str, rows)) for rows in found]

    def show(self) -> str:
        return "\n".join(showing.lines(self.database, self.keys, self.settings.data, "http://127.0.0.1:8000"))


@pytest.fixture(scope="module")
def bergen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The whole demo, loaded once for all tests here."""
    installation = Installation(tmp_path_factory.mktemp("bergen"))
    installation.load()
    yield installation
    installation.database.dispose()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """An installation with nothing but the municipalities."""
    installation = Installation(tmp_path)
    yield installation
    installation.database.dispose()


def test_closed_rounds_are_released_and_two_are_open(bergen: Installation) -> None:
    assert bergen.states() == {planned.title: "released" if planned.closes else "open" for planned in ROUNDS}
    assert bergen.releases().keys() == {planned.title for planned in CLOSED}


@pytest.mark.parametrize("planned", CLOSED, ids=lambda planned: planned.title)
def test_residents_answer_at_55_percent_and_relatives_at_22(bergen: Installation, planned: content.DemoRound) -> None:
    release = bergen.releases()[planned.title]
    top = release.nodes[0]
    by_others = release.totals.by_other if isinstance(release.totals.by_other, int) else 2
    assert top.invited == {"day_centre": 305, "shared_home": 538}[planned.service_kind]
    assert (top.n + by_others) / top.invited == pytest.approx(planned.answering, abs=0.05)


def test_most_homes_and_some_centres_fall_below_five(bergen: Installation) -> None:
    few = {title: len(release.too_few) for title, release in bergen.releases().items()}
    homes, centres = HOMES.title, RELATIVES.title
    assert 41 <= few[homes] < 81
    assert 1 <= few[centres] < 11


def test_all_that_people_will_see_of_it_says_that_it_is_simulated(bergen: Installation) -> None:
    assert all(release.simulated for release in bergen.releases().values())
    assert all("simulert" in title for title in bergen.states())
    code = codes_in(bergen.show())[0]
    page = bergen.app.test_client().post("/start", data={"code": code}).get_data(as_text=True)
    assert '<p class="simulated">' in page


def test_what_the_first_round_tells_back_is_read_by_everybody_and_says_that_it_is_an_example(
    bergen: Installation,
) -> None:
    stranger = bergen.app.test_client()
    (address,) = re.findall(r'href="(/results/\w+/4601)\?', stranger.get("/results/").text)
    page = stranger.get(address).text
    for words in ("Dette sa dere", "Dette skal vi gjøre", "Dette er et eksempel.", "Svarene er ikke ekte."):
        assert words in page


def test_the_open_rounds_have_some_answers(bergen: Installation) -> None:
    for planned in ROUNDS:
        if not planned.closes:
            found = content.find_round(bergen.database, planned)
            assert found is not None
            assert 5 < bergen.count(Batch.round == found[0]) < 150


def test_loading_again_changes_nothing(bergen: Installation) -> None:
    before, told = bergen.everything(), list(bergen.told)
    bergen.load()
    assert bergen.everything() == before
    assert bergen.told == told


def test_it_tells_how_far_it_is(bergen: Installation) -> None:
    for planned in ROUNDS:
        steps = [(done, of) for title, done, of in bergen.told if title == planned.title]
        units = 11 if planned.service_kind == "day_centre" else 81
        assert steps == [(done, units) for done in range(1, units + 1)]


def test_the_adviser_signs_in_with_the_password_that_is_printed(bergen: Installation) -> None:
    said = bergen.show()
    assert ADVISER in said
    assert PASSWORD in said
    assert known(bergen.database, ADVISER, PASSWORD)


def codes_in(said: str) -> list[str]:
    return re.findall(r"^  (\w{4}-\w{4}-\w{4})$", said, re.MULTILINE)


def test_three_codes_and_a_relatives_link_open_their_questionnaires(bergen: Installation) -> None:
    said = bergen.show()
    codes, links = codes_in(said), re.findall(r"^  http://127.0.0.1:8000/s#(\w+)$", said, re.MULTILINE)
    assert (len(codes), len(links)) == (3, 1)
    client = bergen.app.test_client()
    for code, audience in [*((code, "resident") for code in codes), (links[0], "relative")]:
        page = client.post("/start", data={"code": code})
        assert page.status_code == 200
        assert f'data-audience="{audience}"' in page.get_data(as_text=True)


def test_starting_for_ever_keeps_within_the_limit_of_codes_and_the_newest_work(bergen: Installation) -> None:
    found = content.find_round(bergen.database, OPEN)
    assert found is not None
    out = select(Batch.unit, func.sum(Batch.issued - Batch.voided).label("out")).where(Batch.round == found[0])
    for _ in range(70):  # more than there is room for without voiding
        codes = codes_in(bergen.show())
        assert len(codes) == 3
    with bergen.database.reading() as connection:
        units = {unit.id: unit.places or 0 for unit in tree.subtree(connection, "4601").units()}
        rows = connection.execute(out.group_by(Batch.unit)).all()
        voided = connection.execute(select(func.sum(Batch.voided)).where(Batch.round == found[0])).scalar_one()
    assert all(row.out <= issuing.limit_for(units[row.unit]) for row in rows)
    assert voided > 100
    client = bergen.app.test_client()
    assert all(client.post("/start", data={"code": code}).status_code == 200 for code in codes)


class StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


def stop_closing(_: closing.Closing) -> None:
    raise StoppedError


def test_a_demo_stopped_half_way_goes_on_where_it_was(empty: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ROUNDS", [RELATIVES])

    def stop(_title: str, done: int, _of: int) -> None:
        if done == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        empty.load(progress=stop)
    answers = empty.count()
    assert answers > 0
    with monkeypatch.context() as patch:
        patch.setattr(closing, "STEPS", (*closing.STEPS[:2], stop_closing))
        with pytest.raises(StoppedError):
            empty.load()
    assert empty.states() == {RELATIVES.title: "closing"}
    empty.load()
    assert [(done, of) for _, done, of in empty.told] == [(done, 7) for done in range(1, 8)]
    assert empty.states() == {RELATIVES.title: "released"}
    (release,) = empty.releases().values()
    assert release.nodes[0].invited == 305
    assert release.nodes[0].n > answers


def test_a_unit_stopped_in_the_middle_is_not_asked_twice(empty: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ROUNDS", [RELATIVES])
    send, sent = loading._send, []

    def stop(client: object, code: str, answer: dict[str, str]) -> None:
        sent.append(code)
        if len(sent) == 3:
            raise StoppedError
        send(client, code, answer)

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_send", stop)
        with pytest.raises(StoppedError):
            empty.load()
    empty.load()
    (release,) = empty.releases().values()
    assert release.nodes[0].invited == 305


def test_it_does_not_load_in_production(empty: Installation) -> None:
    with pytest.raises(DemoError, match="never in production"):
        empty.load(settings=replace(empty.settings, production=True))
    assert empty.states() == {}
    assert known(empty.database, ADVISER, PASSWORD) is None


def test_it_does_not_load_where_real_people_are_asked(empty: Installation) -> None:
    create(empty.database, title="Høsten", audience="resident", municipality="4601", questionnaire=QUESTIONNAIRE)
    with pytest.raises(DemoError, match="in real use"):
        empty.load()
    with empty.database.reading() as connection:
        assert connection.execute(select(func.count()).where(Node.level == "unit")).scalar_one() == 0


def test_production_refuses_to_start_on_the_demos_database(bergen: Installation, empty: Installation) -> None:
    with pytest.raises(DemoError, match=r"simulated answers.*MEDVIRK_DATABASE_URL"):
        create_app(replace(bergen.settings, production=True))
    create_app(replace(empty.settings, production=True))


Run = Callable[..., str]


@pytest.fixture
def medvirk(bergen: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the demo's installation, its server and voices left out; gives all it says."""
    monkeypatch.setenv("MEDVIRK_DATA", str(bergen.settings.data))
    monkeypatch.setenv("MEDVIRK_KEYS", str(bergen.settings.keys))
    monkeypatch.setattr(serving, "serve", lambda *_, when_ready=lambda: print("serving"), **__: when_ready())

    def no_voice(_: Settings) -> None:
        raise SpeechError("No voice is installed.")

    monkeypatch.setattr(trying, "build_speech", no_voice)

    def run(*arguments: str, production: bool = False) -> str:
        monkeypatch.setenv("MEDVIRK_PRODUCTION", str(int(production)))
        monkeypatch.setattr(sys, "argv", ["medvirk", *arguments])
        with contextlib.suppress(SystemExit):
            cli.main()
        captured = capsys.readouterr()
        return captured.out + captured.err

    return run


def test_run_serves_without_a_voice_too_and_prints_what_to_try(medvirk: Run) -> None:
    said = medvirk("run")
    assert "Pages will have no Listen buttons: No voice is installed." in said
    assert len(codes_in(said)) == 3
    assert ADVISER in said


def test_demo_says_that_it_is_there_already(medvirk: Run) -> None:
    assert medvirk("demo") == "The demo is loaded. Try it: medvirk run\n"


def test_in_production_each_command_says_what_to_do_instead(medvirk: Run) -> None:
    assert "In production use: medvirk serve" in medvirk("run", production=True)
    assert "never in production" in medvirk("demo", production=True)
    assert medvirk("serve", production=True).startswith("Error: This database holds simulated answers")
    assert medvirk("serve").endswith("Ctrl-C stops it.\nserving\n")


def test_the_five_measures_of_the_documents_stand_there_and_one_is_read_from_before_and_after(
    bergen: Installation,
) -> None:
    adviser = sign_in(bergen.app, ADVISER, PASSWORD, language="en")
    listed = adviser.get("/staff/measures").text
    assert listed.count("<h2>") == 4
    assert listed.count("No baseline for the group") == 3
    page = adviser.get("/staff/measures/demo-four-days").text
    before, after = (bergen.releases()[planned.title] for planned in (content.BEFORE, content.AFTER))
    for release in (before, after):
        invited = {node.id: node.invited for node in release.nodes if node.level == "group"}
        assert invited == {"4601-dagsenter-covered": 153, "4601-dagsenter-not_covered": 152}
        assert release.title in page
    assert "Moved the other way" in page
    assert "Simulated answers" in page
    assert "Are things better for you with four days a week?" in page.split('id="views"')[1]
    listed = adviser.get("/staff/earlier").text
    assert listed.count("<tr>") - listed.count("<thead>") == listed.count("Oppdiktet for demoen: ingen rapport") == 11
    read = adviser.get(f"/staff/releases/{before.round}?node=4601-dagsenter").text
    assert re.search(r"Bedre kommune \(simulert\) 2021, residents[^<]*: 81 percent", read)
    neighbours = sign_in(bergen.app, content.NEIGHBOURS_ADVISER, PASSWORD, language="en")
    assert "No baseline" in neighbours.get("/staff/measures/demo-one-support-contact").text
    assert adviser.get("/staff/measures/demo-one-support-contact").status_code == 404
    assert neighbours.get("/staff/measures/demo-four-days").status_code == 404
