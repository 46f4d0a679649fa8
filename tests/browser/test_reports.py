"""An adviser reads the report in a real browser: by mouse, by keyboard, on a telephone, in light and in dark."""

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert

from reports.easy_read import suggested
from reports.measures import keeping
from reports.measures.keeping import Weighing
from survey.results import told
from survey.results.told import Content
from survey.rounds.plan import EMPTY
from survey.settings import Settings
from survey.staff.roles import QUALITY_ADVISER
from survey.storage.engine import Database
from survey.storage.tables import Comment, Node, Plan, TalkRequest
from tests.bergen import day_centres, four_days, shared_homes, shelve_more
from tests.browser.axe import CONTRAST
from tests.browser.conftest import PATIENCE, findings, serve
from tests.measured import a_measure, later_round, register_of
from tests.printed import texts
from tests.staffed import PASSWORD, install

CENTRES, HOMES = "/staff/releases/dagsenter-2026", "/staff/releases/bolig-2026"
PAGES = [
    "/staff/",
    CENTRES,
    f"{CENTRES}?node=dag-3",
    f"{CENTRES}/questions/afraid",
    HOMES,
    f"{HOMES}?node=bo-0",
    f"{HOMES}/meeting?node=bo-0",
    f"{CENTRES}/beside?node=dag-3",
    f"{HOMES}/comments",
    f"{CENTRES}/committee",
    "/staff/earlier",
    "/staff/earlier/new",
    "/staff/earlier/import",
    "/staff/releases/dagsenter-2027/questions/thrive?node=dag-2",
    f"{CENTRES}/back",
    f"{CENTRES}/back/4601",
    f"{CENTRES}/back/4601/preview",
    "/results/",
    "/results/dagsenter-2026/4601",
    "/staff/measures",
    "/staff/measures/m1",
    "/staff/measures/new",
    "/staff/rounds",
    "/staff/talk",
    f"{CENTRES}?node=nowhere",
]
BESIDE_A_STOP = """[...document.querySelectorAll("svg[role=img]:not(.coverage svg)")].filter((bar) =>
  !bar.closest("[tabindex='0'][aria-label], [tabindex='0'][aria-labelledby]") && !bar.closest("li")?.querySelector("a"))
  .map((bar) => bar.textContent)"""
TOLD = Path(__file__).parent / "charts.nb.txt"  # written anew by `make golden`
CHARTS = [
    f"{CENTRES}?node=dag-3",
    "/staff/releases/dagsenter-2027/questions/thrive?node=dag-2",
    f"{CENTRES}/committee",
]
SIZES = [(1440, 900), (1024, 768), (390, 844), (320, 640)]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    later = later_round(day_centres(), "dagsenter-2027", "2027-11-30", "dag-2", "thrive")
    later = replace(later, title="Dagsenter høsten 2027")
    relatives = replace(day_centres(), round="relatives", title="Pårørende 2026", audience="relative")
    asked = replace(four_days(), service_kind="senior_centre")
    settings = install(tmp_path_factory.mktemp("reports"), day_centres(), shared_homes(), later, relatives, asked)
    database = Database(settings.database_url)
    with database.begin() as connection:
        connection.execute(insert(Node), register_of(day_centres()))
        measure = a_measure(municipality="4601", place="dag-2", units=frozenset({"dag-2"}), baseline="dagsenter-2026")
        measure = replace(measure, question="thrive", start=dt.date(2027, 1, 1), deadline=dt.date(2026, 1, 1))
        keeping.register(connection, measure, "anna@bergen.no")
        connection.execute(insert(Plan), {**EMPTY, "round": "four-days", "view_of": "m1"})
        weighing = Weighing(dt.date(2027, 2, 1), "anna@bergen.no", QUALITY_ADVISER, "Brukerrådet ville ha mer valg.")
        keeping.weigh(connection, measure, weighing)
        facts = [(fact.question, fact.end) for fact in suggested(day_centres(), day_centres().nodes[0])]
        told.save(connection, "dagsenter-2026", "4601", Content(facts, {"nb": ["Vi kjøper nye stoler."]}))
        back = told.find(connection, "dagsenter-2026", "4601")
        assert back
        told.publish(connection, back, "anna@bergen.no", dt.date(2027, 1, 1))
        for id_, state in (("c1", "waiting"), ("c2", "shown")):
            written = {"id": id_, "round": "bolig-2026", "question": "comment", "text": "Bra tilbud!"}
            connection.execute(insert(Comment).values(**written, state=state, remove_on=dt.date(2099, 1, 1)))
        for state in ("new", "handled", "closed"):
            request = {"id": state, "unit": "4601", "side": "here", "contact": "Ola Berg", "name": "Kari Nes"}
            days = {"asked": dt.date(2026, 11, 1), "remove_on": dt.date(2099, 1, 1)}
            connection.execute(insert(TalkRequest).values(**request, **days, state=state))
    database.dispose()
    return settings


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[str]:
    folders = {"MEDVIRK_DATA": str(settings.data), "MEDVIRK_KEYS": str(settings.keys)}
    provider = {"ISSUER": "https://id.example.no", "CLIENT_ID": "medvirk", "CLIENT_SECRET": "s3cret"}
    yield from serve({**folders, **{f"MEDVIRK_OIDC_{name}": value for name, value in provider.items()}})


def sign_in(page: Page) -> None:
    page.goto("/staff/")
    page.get_by_label("E-postadresse").fill("anna@bergen.no")
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("heading", name="Resultater")).to_be_visible()


@pytest.fixture(scope="module")
def desk(browser: Browser, served: str) -> Iterator[Page]:
    """An adviser's browser, signed in."""
    context = browser.new_context(base_url=served, locale="nb-NO")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


def test_an_adviser_signs_in_finds_a_place_and_reads_how_sure_it_is(page: Page) -> None:
    sign_in(page)
    page.get_by_role("link", name="Dagsenter høsten 2026", exact=True).click()
    page.get_by_role("complementary", name="Steder").get_by_role("link", name="Fana dagsenter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fana dagsenter")
    fana = next(node for node in day_centres().nodes if node.id == "dag-3")
    expect(page.locator(".coverage")).to_contain_text(f"{fana.n} av {fana.invited} inviterte svarte.")
    page.locator(".asked").get_by_role("link", name="Er du redd når du er her?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Er du redd når du er her?")
    assert page.locator(".compared > li").count() == len(day_centres().nodes)
    page.get_by_text("Det samme som tabell").click()
    low, high = fana.answers["afraid"].positive
    assert low == high
    expect(page.get_by_role("row", name="Fana dagsenter")).to_contain_text(f"Nei: {low} av {fana.n}")


def test_a_bar_is_as_long_as_its_number_and_hatched_where_it_may_or_may_not_be(desk: Page) -> None:
    desk.goto(f"{CENTRES}?node=dag-3")
    fana = next(node for node in day_centres().nodes if node.id == "dag-3")
    asked = desk.locator(".asked")
    for number, question in enumerate(row.get_attribute("href") for row in asked.locator("h4 a").all()):
        assert question
        answer = fana.answers[urlsplit(question).path.rsplit("/", 1)[1]]
        bars = asked.nth(number).locator("svg")
        for bar, (low, high) in zip(bars.all(), (answer.positive, answer.negative), strict=True):
            whole = bar.locator(".track").bounding_box()
            assert whole
            for part, people in ((".certain", low), (".perhaps", high - low)):
                drawn = bar.locator(part).bounding_box() if people else None
                assert bool(people) == bool(bar.locator(part).count())
                if drawn:
                    assert drawn["width"] / whole["width"] == pytest.approx(people / fana.n, abs=0.01)


def test_who_hears_a_chart_is_told_what_was_reviewed(desk: Page) -> None:
    """Name and description of every chart, as the browser hands them to a screen reader."""
    hears, parts = desk.context.new_cdp_session(desk), []
    for address in CHARTS:
        desk.goto(address)
        tree = hears.send("Accessibility.getFullAXTree")["nodes"]
        charts = [node for node in tree if not node["ignored"] and node["role"]["value"] == "image"]
        told = [" – ".join(node[part]["value"] for part in ("name", "description") if part in node) for node in charts]
        assert all(re.search(r"\d+ av \d+", each) for each in told), "each says its number"
        assert desk.evaluate(BESIDE_A_STOP) == [], "each lies in what the tabulator stops at, or beside its link"
        parts += [f"== {desk.title()}", *told, ""]
    if os.environ.get("GOLDEN") == "write":
        TOLD.write_text("\n".join(parts), encoding="utf-8")
    assert parts == TOLD.read_text(encoding="utf-8").split("\n")


def test_a_reader_without_mouse_reaches_the_content_first_and_every_place(desk: Page) -> None:
    desk.goto(CENTRES)
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_have_text("Til innholdet")
    desk.keyboard.press("Enter")
    expect(desk.locator(":focus")).to_have_attribute("id", "content")
    reached = set()
    for _ in range(80):
        desk.keyboard.press("Tab")
        reached.add(desk.evaluate("document.activeElement.getAttribute('href')"))
    assert {f"{CENTRES}?node={node.id}" for node in day_centres().nodes[1:]} <= reached


@pytest.mark.parametrize("address", ["/staff/sign-in", *PAGES])
def test_no_page_is_wider_than_the_screen_axe_finds_nothing_and_nothing_is_refused_by_the_policy(
    desk: Page, address: str
) -> None:
    said: list[str] = []
    desk.on("console", lambda message: said.append(message.text))
    desk.emulate_media(color_scheme="light")
    desk.goto(address)
    for width, height in reversed(SIZES):
        desk.set_viewport_size({"width": width, "height": height})
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true })")
    assert findings(desk) == []
    desk.emulate_media(color_scheme="dark")
    assert findings(desk, CONTRAST) == []
    assert [line for line in said if "404" not in line] == []


WHOLE = """() => [...document.querySelectorAll(".as-table th, .as-table td")].every((cell) => {
  const text = cell.firstChild, range = document.createRange();
  return [...text.data.matchAll(/\\S+/g)].every((word) => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length === 1;
  });
})"""


def test_a_telephone_shows_tables_before_bars_with_whole_words_and_a_report_that_fits(desk: Page) -> None:
    desk.set_viewport_size({"width": 320, "height": 640})
    for address, bars in ((CENTRES, ".asked"), (f"{CENTRES}/questions/afraid", ".compared")):
        desk.goto(address)
        table = desk.locator(f".as-table:has(~ {bars}, ~ * {bars})")
        table.locator("summary").press("Enter")
        expect(table.get_by_role("table")).to_be_visible()
        assert desk.evaluate(WHOLE)
    desk.goto(f"{CENTRES}/committee")
    ends = desk.locator(".committee-report td:visible").evaluate_all(
        "all => all.map((cell) => cell.getBoundingClientRect().right)"
    )
    assert len(ends) > 20
    assert max(ends) <= 320, "in the report too no number is off the screen"


def test_a_comment_is_not_removed_by_one_press(desk: Page) -> None:
    desk.goto(f"{HOMES}/comments")
    waiting = desk.locator(".review")
    expect(waiting.get_by_role("button", name="Slett for alltid")).to_be_hidden()
    waiting.get_by_text("Slett …").click()
    expect(waiting.get_by_role("button", name="Slett for alltid")).to_be_visible()


FOUND = [  # by an adviser in the release of 2027: the place, the question, and what the rounds after it tell
    ("dag-2", "Eidsvåg dagsenter", "choose", "Gikk som håpet"),
    ("dag-3", "Fana dagsenter", "activity", "Ingen tegn til endring"),
    ("dag-5", "Laxevaag senior", "decide", "Gikk motsatt vei"),
]


def test_three_findings_are_followed_up_and_two_rounds_later_each_measure_tells_whether_it_helped(
    page: Page, settings: Settings
) -> None:
    sign_in(page)
    before = replace(later_round(day_centres(), "dagsenter-2027", "2027-11-30", "dag-2", "thrive"), title="")
    pages = []
    for number, (place, name, question, _) in enumerate(FOUND):
        page.goto(f"/staff/releases/dagsenter-2027?node={place}")
        page.locator(".asked").get_by_role("link", name=before.questions[question].text["nb"], exact=True).click()
        page.get_by_role("link", name="Registrer et tiltak for dette").click()
        if not number:
            page.get_by_role("button", name="Lagre").click()
            page.get_by_role("alert").get_by_role("link", name="Gi tiltaket et navn.").click()
            expect(page.get_by_label("Hva heter det?")).to_be_focused()
        expect(page.get_by_label("Hvor gjøres det?")).to_have_value(place)
        expect(page.get_by_label("Hvilken undersøkelse viser hvordan det var før?")).to_have_value("dagsenter-2027")
        page.get_by_label("Hva heter det?").fill(f"Tiltak på {name}")
        page.get_by_label("Hvem er ansvarlig?").fill("Enhetsleder")
        page.get_by_label("Begynner").fill("2028-01-15")
        page.get_by_role("button", name="Lagre").click()
        page.get_by_role("button", name="Startet").click()
        expect(page.get_by_role("heading", name="Ikke spurt igjen ennå")).to_be_visible()
        pages.append(page.url)
    database, after = Database(settings.database_url), before
    for name, closed in (("dagsenter-2028", "2028-05-31"), ("dagsenter-2029", "2028-11-30")):
        after = later_round(after, name, closed, "dag-2", "choose")
        after = later_round(after, name, closed, "dag-5", "decide", worse=True)
        shelve_more(database, replace(after, title=name))
    database.dispose()
    page.set_viewport_size({"width": 390, "height": 844})
    for address, (_, name, _, verdict) in zip(pages, FOUND, strict=True):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Tiltak på {name}")
        expect(page.get_by_role("heading", name=verdict)).to_be_visible()
        expect(page.get_by_role("link", name="dagsenter-2029")).to_be_visible()
        for cell in page.get_by_role("cell").all():
            box = cell.bounding_box()
            assert box
            assert box["x"] + box["width"] <= 390, "nobody scrolls sideways for how it moved"
    page.get_by_label("Skriv hvordan synspunktene ble vektlagt").fill("Brukerrådet ville ha fast kontaktperson.")
    page.get_by_role("button", name="Legg til").click()
    expect(page.get_by_role("article")).to_contain_text("Brukerrådet ville ha fast kontaktperson.")


def test_the_sheet_for_a_meeting_is_one_page_of_its_own_words_alone(page: Page) -> None:
    sign_in(page)
    for address in (f"{HOMES}/meeting?node=bo-0", f"{HOMES}/meeting?node={shared_homes().too_few[0].id}"):
        page.goto(address)
        (paper,) = texts(page.pdf(format="A4"))
        assert "Vi snakker sammen" in paper
        assert "Slik er spørsmålene funnet" not in paper
        assert "Logg ut" not in paper
