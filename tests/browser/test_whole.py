"""From an empty database, by mouse and by keyboard: Lillestrøm's rounds, with a facilitator's day in one of them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, expect

from survey.staff.roles import FACILITATOR, INTERVIEWER, QUALITY_ADVISER
from tests import whole
from tests.hand import HANDS
from tests.whole import OWN, Town

LILLESTRØM = "3205"
RESIDENTS, RELATIVES = "Bofellesskap 2026, beboere", "Bofellesskap 2026, pårørende"


@pytest.fixture(params=HANDS)
def town(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[tuple[Town, str]]:
    with whole.founded(LILLESTRØM, request.param, browser, tmp_path) as made:
        yield made


def test_lillestrøm_asks_residents_in_interviews_and_relatives_by_mail(town: tuple[Town, str], tmp_path: Path) -> None:
    place, password = town
    ada = place.sit_down()
    whole.sign_in(ada, "ada@kommune.no", password)
    ada.sees("Resultater")
    app = whole.set_up_second_step(ada)
    ada.press("Logg ut")
    ada.sees("Logg inn")
    whole.sign_in_with_app(ada, "ada@kommune.no", password, app)
    whole.import_register(
        ada,
        "3205,shared_home,Bofellesskap,,solbakken,Solbakken,12",
        "3205,shared_home,Bofellesskap,,fjellhamar,Fjellhamar,6",
        file=tmp_path / "register.csv",
    )
    given = {
        "lise": whole.employ(ada, "lise@kommune.no", "Lillestrøm", ("Undersøkelsesleder", "Lillestrøm")),
        "ulla": whole.employ(ada, "ulla@kommune.no", "Solbakken", ("Enhetsleder", "Solbakken")),
    }
    for name, role in (("ida", INTERVIEWER), ("ivar", INTERVIEWER), ("finn", FACILITATOR), ("kaja", QUALITY_ADVISER)):
        place.employs(f"{name}@kommune.no", role)
    lise = place.sit_down()
    whole.begin_work(lise, "lise@kommune.no", given["lise"])
    whole.plan_round(lise, RESIDENTS, "Hva synes du om hjemmet ditt?", ("På egen hånd", "I et intervju"), helped=1)
    whole.open_round(lise, RESIDENTS, place.work)
    residents = whole.round_of(lise)
    assert whole.information_letter(lise, "Solbakken").startswith(b"%PDF")

    ulla = place.sit_down()
    whole.begin_work(ulla, "ulla@kommune.no", given["ulla"])
    whole.note_residents(ulla, RESIDENTS, {"Alene": 2, "Med støtte": 1, "Med intervju": 6, "Ikke vil": 1})

    cards = whole.make_cards(lise, "Solbakken", 6, "beboere som svarer i et intervju")
    ida, ivar = place.sit_down(1024, 768), place.sit_down(1024, 768)
    whole.sign_in(ida, "ida@kommune.no", OWN)
    whole.interview(ida, "Solbakken", cards[0])
    whole.sign_in(ivar, "ivar@kommune.no", OWN)
    whole.does_not_want(ivar, "Solbakken", cards[1])
    whole.others_answer(place, cards[2:], residents)
    facilitators_day(place)

    whole.plan_round(lise, RELATIVES, "Pårørende, bofellesskap")
    whole.open_round(lise, RELATIVES, place.work)
    people = ("kari", "ola", "per", "gone")
    listed = "".join(f"solbakken,{name}@example.no,nb\n" for name in people)
    place.post.replies["gone@example.no"] = ["550 5.1.1 No such user"]
    whole.invite_relatives(lise, f"unit_id,email,language\n{listed}", 4)
    place.work()
    whole.correct_address(lise, RELATIVES, "Solbakken", "gunn@example.no")
    place.work()
    kari, ola = (
        next(mail for mail in place.post.received if str(mail["To"]).startswith(name)) for name in ("kari", "ola")
    )
    whole.answer_from_mail(place.sit_down(390, 844), kari)
    whole.no_more_mail(place.sit_down(390, 844), ola)
    place.days_pass(4)
    whole.remind(lise, RELATIVES)
    place.post.received.clear()
    place.work(days=1)
    assert sorted(place.post.recipients()) == ["gunn@example.no", "per@example.no"]

    whole.go_to_round(lise, RESIDENTS)
    expect(lise.page.get_by_role("row", name="Solbakken")).to_have_text("Solbakken 5 5", use_inner_text=True)
    row = lise.page.get_by_role("row", name="Fjellhamar")
    expect(row).to_have_text("Fjellhamar færre enn 5 3", use_inner_text=True)
    whole.close_round(lise, RESIDENTS, place.work)
    archive = ZipFile(BytesIO(lise.fetch("Det arkivet trenger, i én fil (ZIP)")))
    assert {"plan.html", "les-meg-nn.html"} <= set(archive.namelist())

    kaja = place.sit_down()
    whole.sign_in(kaja, "kaja@kommune.no", OWN)
    kaja.press(RESIDENTS)
    kaja.sees("Lillestrøm")
    kaja.reads(RESIDENTS)


def facilitators_day(place: Town) -> None:
    """With a tablet on which residents wait for their turn."""
    finn = place.sit_down(1024, 768)
    whole.sign_in(finn, "finn@kommune.no", OWN)
    whole.reach(finn, RESIDENTS, "Kort")
    first, second, third, left = whole.make_cards(finn, "Fjellhamar", 4, "beboere som svarer selv")
    tablet = place.sit_down(1024, 768)
    whole.fill_queue(tablet, [first, second, third])
    whole.my_turn(tablet)
    whole.my_turn(tablet)
    expect(tablet.page.locator("#count")).to_have_text("Kort som venter: 1")
    whole.void_leftover(finn, "Fjellhamar", left)
    finn.press("Kort")
    finn.sees("Kort")
    row = finn.page.get_by_role("row", name="Fjellhamar")
    expect(row).to_have_text("Fjellhamar 3 1 Ikke notert ennå 4", use_inner_text=True)
    finn.press("Kort til overs")
    expect(finn.page.locator("html.live")).to_be_attached()
    finn.page.context.clear_cookies()  # signed out meanwhile: no card is void, and the page does not pretend it
    finn.show(third)
    finn.page.wait_for_url("**/staff/sign-in")
