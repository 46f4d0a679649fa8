"""Whole rounds in a browser, from an empty database: what each person does, step by step, as a sentence.

A step begins where the one before it ended, and what it presses is found by its name in bokmål.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

import pyotp
from playwright.sync_api import expect

from tests.browser.hands import SHAKING, stand_still
from tests.browser.respondent import WORDS, thanked
from tests.hand import Hand
from tests.printed import qr_codes
from tests.register import HEADING
from tests.town import OWN as OWN
from tests.town import TODAY as TODAY
from tests.town import Town as Town
from tests.town import founded as founded
from tests.town import others_answer as others_answer
from tests.village import PASSPHRASE

# A camera that sees the card that is held before it, and a browser that reads it.
CAMERA = """
  window.BarcodeDetector = class { async detect() { return window.held ? [{rawValue: window.held}] : []; } };
  navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
"""
ENDS = TODAY + dt.timedelta(days=30)


# Signing in.


def sign_in(one: Hand, email: str, password: str) -> None:
    one.page.goto("/staff/")
    one.sees("Logg inn")
    one.write("E-postadresse", email)
    one.write("Passord", password)
    one.press("Logg inn")


def set_up_second_step(one: Hand) -> pyotp.TOTP:
    """With an app on the phone, which is given back."""
    one.press("Min konto")
    one.sees("Min konto")
    one.press("Sett det opp")
    one.sees("To steg når du logger inn")
    app = pyotp.TOTP("".join(one.page.locator("main code").inner_text().split()))
    one.write("Seks siffer", app.now())
    one.press("Bruk denne appen")
    one.sees("Gjenopprettingskodene dine")
    one.press("Jeg har tatt vare på dem")
    return app


def sign_in_with_app(one: Hand, email: str, password: str, app: pyotp.TOTP) -> None:
    sign_in(one, email, password)
    one.sees("Andre steg")
    one.write("Koden i appen nå", app.at(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)))  # a code works once
    one.press("Logg inn")
    one.sees("Resultater")


def begin_work(one: Hand, email: str, given: str) -> None:
    """Sign in for the first time: with the password that the administrator gave, then with one's own."""
    sign_in(one, email, given)
    one.sees("Min konto")
    one.write("Passordet du har i dag", given)
    one.write("Det nye passordet: flere ord, minst 12 tegn", OWN)
    one.write("Det nye passordet en gang til", OWN)
    one.press("Bytt passord")
    one.told("Passordet er endret")
    sign_in(one, email, OWN)
    one.sees("Resultater")


# What an administrator does.


def import_register(admin: Hand, *lines: str, file: Path | None = None) -> None:
    """Pasted; or brought as a file, where one is named."""
    admin.press("Register")
    admin.sees("Register")
    admin.press("Hent inn en fil")
    admin.sees("Hent inn en fil")
    table = "\n".join((HEADING, *lines))
    if file:
        file.write_text(table)
        admin.bring("En fil som et regneark har lagret som CSV", file)
    else:
        admin.write("Eller linjene, limt inn", table)
    admin.press("Se hva den ville endre")
    admin.sees("Hva fila ville endre")
    admin.press("Endre registeret slik")
    admin.told("Registeret er endret")


def employ(admin: Hand, email: str, work: str, *roles: tuple[str, str]) -> str:
    """An account for somebody who works there, with these roles at these places; gives the first password."""
    admin.press("Folk")
    admin.sees("Folk")
    admin.write("E-postadresse", email)
    admin.choose("Jobber ved. Det avgjør hvor personen ikke kan ta imot svar", work)
    admin.press("Lag kontoen")
    admin.sees(email)
    given = admin.within("Et passord, vist bare denne ene gangen").page.locator("code.big").inner_text()
    for role, place in roles:
        giving = admin.within("Gi en rolle")
        giving.choose("Rolle", role)
        giving.choose("Sted", place)
        giving.press("Gi rollen")
        expect(admin.page.get_by_role("rowheader", name=role)).to_be_visible()
    return given


# What a round's leader does.


def plan_round(
    leader: Hand,
    title: str,
    what: str,
    ways: Sequence[str] = ("På egen hånd",),
    helped: int = 1,
    repeat: str = "Annethvert år",
    own: Callable[[Hand], None] | None = None,
) -> None:
    """A round everywhere in the municipality, from its first step to the last; `own` fills in questions of its own."""
    leader.press("Undersøkelser")
    leader.sees("Undersøkelser")
    leader.press("Planlegg en ny undersøkelse")
    leader.sees("En ny undersøkelse")
    leader.write("Tittel", title)
    leader.tick(what)
    leader.press("Begynn på planen")
    leader.sees("Egne spørsmål")
    if own:
        own(leader)
    leader.press("Lagre og gå videre")
    leader.sees("Hvor")
    leader.tick("I hele kommunen")
    leader.press("Lagre og gå videre")
    leader.sees("Hvordan")
    for way in ways:
        leader.tick(way)
    leader.press("Lagre og gå videre")
    leader.sees("Anonymitet")
    field = leader.page.locator("[name=helped]")
    if not field.input_value():  # of others than residents it is written already
        leader.fill(field, str(helped))
    leader.press("Lagre og gå videre")
    leader.sees("Vedtaket bak")
    leader.write("Vedtaket bak", "Kommunestyret, sak 12/26")
    leader.write("Hvor lenge plan og resultater blir oppbevart, og etter hvilken regel", "Alltid, etter arkivloven")
    leader.press("Lagre og gå videre")
    leader.sees("Datoer")
    leader.write("Første dag", TODAY.isoformat())
    leader.write("Siste dag", ENDS.isoformat())
    leader.choose("Gjentakelse", repeat)
    leader.press("Lagre og gå videre")
    leader.sees(title)


def open_round(leader: Hand, title: str, work: Callable[[], None]) -> None:
    """From the round's own page, and back there when the worker has done it."""
    leader.press("Åpne undersøkelsen …")
    leader.sees("Åpne undersøkelsen")
    work()  # it makes the letterbox for the passphrase
    leader.write("Passordsetning", PASSPHRASE)
    leader.write("Det samme en gang til", PASSPHRASE)
    leader.press("Åpne undersøkelsen")
    leader.told("Undersøkelsen åpnes")
    work()
    leader.press("Se hvor langt det er kommet")
    leader.sees(title)
    leader.reads("Hvor mange som har svart")


def reach(one: Hand, title: str, page: str) -> None:
    """A page of a round for those who invite, bring cards or count."""
    one.press("Invitasjoner og kort")
    one.sees("Invitasjoner og kort")
    one.push(one.page.get_by_role("article", name=title).get_by_role("link", name=re.compile(f"^{page}")).first)
    one.sees(page)


def go_to_round(one: Hand, title: str) -> None:
    one.press("Undersøkelser")
    one.sees("Undersøkelser")
    one.press(title)
    one.sees(title)


def information_letter(leader: Hand, unit: str) -> bytes:
    leader.press("Informasjonsbrev")
    leader.sees("Informasjonsbrev")
    leader.choose("Sted", unit)
    leader.write("Hvem som kan spørres: et navn", "Lise Lie")
    leader.write("Telefonnummer", "22 22 22 22")
    return leader.fetch("Lag brevet (PDF)")


def make_cards(one: Hand, unit: str, number: int, whom: str) -> list[str]:
    """The codes that the cards' pictures hold, as a scanner reads them."""
    one.press("Kort")
    one.sees("Kort")
    one.choose("Sted", unit)
    one.write("Hvor mange kort", str(number))
    one.choose("Til", whom)
    printed = one.fetch("Lag kortene (PDF)")
    links = [place.says for page in range(-(-number // 8)) for place in qr_codes(printed, page)]
    assert len(links) == number
    return [link.partition("#")[2] for link in links]


def invite_relatives(leader: Hand, listed: str, mails: int) -> None:
    leader.press("Invitasjoner med e-post")
    leader.sees("Invitasjoner med e-post")
    leader.write("Eller lim inn listen", listed)
    leader.press("Se over før noe sendes")
    leader.sees("Før e-postene sendes")
    leader.press(f"Send {mails} e-poster")
    leader.told(f"{mails} personer er invitert")


def correct_address(leader: Hand, title: str, unit: str, email: str) -> None:
    """Of a mail that the mail server refused."""
    reach(leader, title, "Invitasjoner med e-post")
    leader.write(f"E-postadresse, om {unit}", email)
    leader.press("Send den dit")
    leader.told("E-posten er på vei til den nye adressen.")


def remind(leader: Hand, title: str) -> None:
    reach(leader, title, "Invitasjoner med e-post")
    leader.press("Send den første påminnelsen")
    leader.told("Påminnelsen er på vei")


def close_round(leader: Hand, title: str, work: Callable[[], None]) -> None:
    """In three steps, from the round's own page and back there."""
    leader.press("Lukk undersøkelsen …")
    leader.sees("Lukk undersøkelsen")
    leader.press("Stopp svarene")
    leader.told("Svarene blir stoppet")
    work()
    leader.press("Se hvor langt det er kommet")
    leader.reads("Mangler noe?")
    for box in ("Alt som kom på papir", "Enhetene og navnene", "Koder som ikke ble delt ut", "Jeg forstår"):
        leader.tick(box)
    leader.press("Frigi og ødelegg")
    leader.told("Undersøkelsen frigis")
    work()
    leader.press("Se hvor langt det er kommet")
    leader.sees(title)
    leader.reads("frigitt")


# What a unit's leader does.


def note_residents(leader: Hand, title: str, numbers: Mapping[str, int]) -> None:
    reach(leader, title, "Hvordan beboerne kan svare")
    for name, number in numbers.items():
        leader.write(name, str(number))
    leader.press("Lagre tallene")
    leader.told("Notert for")


# What an interviewer does.


def open_interview(one: Hand, unit: str, code: str) -> None:
    one.press("Intervjuer")
    one.sees("Intervjuer")
    one.press(unit)
    one.sees(unit)
    one.write("Koden på kortet", code)
    one.press("Åpne spørsmålene")
    expect(one.page.locator("html.live")).to_be_attached()


def interview(one: Hand, unit: str, code: str) -> None:
    """One answer to the first question, and on to thanks."""
    open_interview(one, unit, code)
    one.press("Neste")
    one.check(one.page.locator(".step.now").get_by_role("radio").first)
    while not one.page.locator("#support.now").is_visible():
        one.press("Neste")
    one.tick("Ja, jeg fikk hjelp")
    one.press("Neste")
    one.press("Send")
    one.sees("Takk for svaret!")
    one.press("Til neste kode")
    one.sees(unit)


def does_not_want(one: Hand, unit: str, code: str) -> None:
    open_interview(one, unit, code)
    one.press("Vil ikke mer")
    one.sees("Intervjuet er avsluttet")
    one.tick("Vil ikke")
    one.press("Gjør kortet ugyldig")
    one.told("Kortet er ugyldig")


# What a facilitator does on the day.


def fill_queue(tablet: Hand, links: Sequence[str]) -> None:
    """Scan the cards that were drawn, as their codes or links."""
    tablet.page.clock.install()
    tablet.page.add_init_script(CAMERA)
    tablet.page.goto("/queue")
    helper = tablet.page.locator("#helper summary")
    tablet.push(helper)
    for number, link in enumerate(links, 1):
        tablet.show(link)
        tablet.page.clock.run_for(SHAKING)
        expect(tablet.page.locator("#count")).to_have_text(WORDS["queue_count"].format(n=number))
    tablet.push(helper)


def void_leftover(one: Hand, unit: str, link: str) -> None:
    one.page.add_init_script(CAMERA)
    one.press("Kort til overs")
    one.sees("Kort til overs")
    expect(one.page.locator("html.live")).to_be_attached()
    one.show(link)
    one.told(f"Kortet til {unit} er ugyldig nå.")
    one.reads(f"{unit}: 1 av ")


def my_turn(tablet: Hand) -> None:
    """Whose picture stands on the tablet presses, answers, and leaves it to the next."""
    tablet.page.clock.run_for(SHAKING)
    tablet.press(WORDS["queue_me"])
    answer(tablet)
    tablet.page.clock.run_for(62_000)
    tablet.page.wait_for_url("**/queue")


# What those who answer do.


def answer_from_mail(one: Hand, mail: EmailMessage) -> None:
    """One answer, a few words, and on to thanks; the link is of no use to whoever has it next."""
    stand_still(one.page)
    for again in (False, True):
        one.page.goto("about:blank")
        one.page.set_content(html_of(mail))
        one.press("Svar på spørsmålene")
        one.press(WORDS["start"])
        if not again:
            answer(one)
    expect(one.page.locator("#problem")).to_contain_text(WORDS["code_not_valid"])


def answer(one: Hand) -> None:
    """From the first page to thanks: one answer, the others left open."""
    begin = one.page.locator("#begin")
    begin.wait_for()
    one.push(begin)
    one.page.clock.run_for(SHAKING)
    one.check(one.page.locator(".step.now .answers:not(.cannot) input").first)  # of the tries, where there are some
    while not one.page.locator("#send.now").is_visible():
        one.page.clock.run_for(SHAKING)
        if (first := one.page.locator("#q1.now .answers:not(.cannot) input").first).is_visible():
            one.check(first)
        if (words := one.page.locator(".step.now textarea")).is_visible():
            one.fill(words, "Takk for god hjelp.")
        one.push(one.page.locator("#next"))
    one.page.clock.run_for(SHAKING)
    one.push(one.page.locator("#send-button"))
    thanked(one.page)


def no_more_mail(one: Hand, mail: EmailMessage) -> None:
    one.page.set_content(html_of(mail))
    one.press("Si fra her, så slutter koden å virke")
    one.sees("Vil du ikke ha mer e-post om dette?")
    one.press("Ikke mer e-post, takk")
    one.sees("Du får ikke mer e-post om dette")


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body
    return str(body.get_content())


def round_of(one: Hand) -> str:
    """The id in the address of a page about a round."""
    found = re.search("/rounds/([0-9a-f]{32})", one.page.url)
    assert found
    return found[1]
