"""Two municipalities from an empty database to their results, by mouse and by keyboard: Molde on paper, Bodø by letter.

After `medvirk db upgrade` and `medvirk staff create-admin` nobody needs a command line. What Lillestrøm shows has
been done already: a second person's first day, and the round of Bodø's residents.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from survey.staff.roles import ADMINISTRATOR, READER
from tests import paper_and_letters as own
from tests import whole
from tests.whole import OWN, TODAY

KARI, OLA = "kari@kristiansund.no", "ola@kristiansund.no"
BOTH_HANDS = pytest.mark.parametrize("how", ["mouse", "keyboard"])


@BOTH_HANDS
def test_moldes_papers_are_typed_in_kristiansund(how: str, browser: Browser, tmp_path: Path) -> None:
    title = "Dagsenter i Molde"
    with whole.founded("1506", how, browser, tmp_path) as (town, password):
        town.employs("eva@kristiansund.no", ADMINISTRATOR, "1505")
        town.employs(OLA, READER, "1505")
        admin, neighbour, leader = town.sit_down(), town.sit_down(), town.sit_down()
        whole.sign_in(admin, "ada@kommune.no", password)
        whole.import_register(admin, "1506,day_centre,Dagsenter,,bjorset,Bjørset dagsenter,300")
        first = whole.employ(admin, "lise@molde.no", "Molde", ("Undersøkelsesleder", "Molde"))
        whole.sign_in(neighbour, "eva@kristiansund.no", OWN)
        given = whole.employ(neighbour, KARI, "Kristiansund")

        whole.begin_work(leader, "lise@molde.no", first)
        ways = ["På egen hånd", "På papir"]
        whole.plan_round(leader, title, "Hva synes du om dagsenteret?", ways, own=own.add_the_councils_questions)
        leader.reads(own.COUNCIL[0][0])
        whole.open_round(leader, title, town.work)
        round_id = whole.round_of(leader)
        first, plain, for_tablet, *others = own.print_papers(leader, "Bjørset dagsenter", 7)
        leader.press("Inviter dem som skriver inn")
        own.suits_everybody(leader)
        for email in (KARI, OLA):
            own.invite_typist(leader, email)

        kari, ola = town.sit_down(), town.sit_down()
        whole.begin_work(kari, KARI, given)
        whole.sign_in(ola, OLA, OWN)
        for one in (kari, ola):
            own.begin_typing(one, "Bjørset dagsenter")
        own.type_in(kari, first, "121")
        kari.sees(own.TWICE)
        kari.press("Til neste kode")
        ola.page.reload()
        ola.reads("venter på å bli skrevet inn en gang til: 1")
        own.suits_everybody(ola)
        own.type_in(ola, first, "131")
        own.settle(ola, {"Er du glad når du er her?": "Nå: Nei"})
        own.type_in(kari, plain, "1", away=True)
        if own.is_asked_for_twice(kari):  # one in ten is
            own.type_in(ola, plain, "1")
            ola.told("Papiret er skrevet inn")
        else:
            kari.told("Papiret er skrevet inn")
        resident = town.sit_down(1024, 768)
        own.is_told_that_the_code_is_used(resident, plain)
        own.answer_with_code(resident, for_tablet)
        whole.others_answer(town, others, round_id)

        whole.go_to_round(leader, title)
        whole.close_round(leader, title, town.work)
        leader.press("Resultatene")
        leader.sees("Molde")
        leader.reads(own.COUNCIL[0][0])
        expect(leader.page.locator("main")).to_contain_text("7 av 7 inviterte svarte")


@BOTH_HANDS
def test_bodos_letters_are_answered_by_a_fifth(how: str, browser: Browser, tmp_path: Path) -> None:
    of_users, of_relatives = "Bofellesskap: beboerne", "Bofellesskap: pårørende"
    listed = "unit_id,name,address,postcode,town,language\n" + "".join(
        f"ronvik,Pårørende {number},Storgata {number},8006,Bodø,{('nb', 'nn', 'en')[number % 3]}\n"
        for number in range(23)
    )
    with whole.founded("1804", how, browser, tmp_path) as (town, password):
        admin, leader = town.sit_down(), town.sit_down()
        whole.sign_in(admin, "ada@kommune.no", password)
        whole.import_register(admin, "1804,shared_home,Bofellesskap,,ronvik,Rønvik bofellesskap,10")
        whole.begin_work(leader, "b@bodo.no", whole.employ(admin, "b@bodo.no", "Bodø", ("Undersøkelsesleder", "Bodø")))
        town.asked(of_users, "shared-home-residents", "ronvik", 6)

        whole.plan_round(leader, of_relatives, "Hva synes du som pårørende om tilbudet? Pårørende, bofellesskap")
        leader.press("Undersøkelsens dager gjennom året")
        for what, days in (("Informasjonsdag for pårørende", 3), ("Brukerrådet", 12), ("Samarbeidsrådet", 60)):
            own.add_day(leader, what, own.day_in(days))
        own.suits_everybody(leader)
        calendar = leader.fetch("Til kalenderen din (iCalendar)").decode()
        assert "SUMMARY:Bofellesskap: pårørende: Informasjonsdag for pårørende" in calendar.replace("\\r\\n ", "")
        assert f"DTSTART;VALUE=DATE:{TODAY:%Y%m%d}" in calendar
        leader.press(of_relatives)
        whole.open_round(leader, of_relatives, town.work)
        round_id = whole.round_of(leader)
        codes = own.print_letters(leader, listed, 23)
        relative = town.sit_down(390, 844)
        own.answer_with_code(relative, codes[0])
        whole.others_answer(town, codes[1:5], round_id)

        whole.go_to_round(leader, of_relatives)
        whole.close_round(leader, of_relatives, town.work)
        leader.press("Resultater")
        leader.sees("Resultater")
        for title, answered in ((of_relatives, "5 av 23"), (of_users, "6 av 6")):  # beside each other, never added
            expect(leader.page.get_by_role("listitem").filter(has_text=title)).to_contain_text(answered)
        own.suits_everybody(leader)
