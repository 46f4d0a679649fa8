"""A plan is made step by step, shown as it will be, and read by others."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from reports.measures import keeping
from reports.measures.model import Status
from survey.questionnaire.loading import restore
from survey.rounds import plan
from survey.staff.audit import verify
from survey.staff.roles import ADMINISTRATOR
from survey.storage.engine import Database
from survey.storage.tables import Round
from tests.leading import LATER, RESIDENTS, SOON, STEPS, TODAY, begun, deeds, id_of, opened, page, planned
from tests.measured import a_measure
from tests.staffed import employ, post, sign_in

UNUSABLE: list[tuple[str, dict[str, Any], str]] = [
    ("who", {"title": " "}, "Give the round a title"),
    ("who", {"what": "nothing:day_centre"}, "Choose one of these."),
    ("who", {"languages": []}, "Choose at least one language."),
    ("where", {"part": ""}, "Say whether the whole municipality is asked"),
    ("where", {"units": ["elsewhere"]}, "Choose at least one unit."),
    ("how", {"ways": []}, "Choose at least one way."),
    ("anonymity", {"helped": "many"}, "Write a number from 0"),
    ("anonymity", {"helped": "2", "b": "2"}, "so this must be at least 3"),
    ("anonymity", {"helped": "2", "b": "3", "k": "6"}, "This must be at least 7"),
    ("decision", {"decision": ""}, "Write at least a few words"),
    ("dates", {"closes": TODAY.isoformat()}, "The last day comes before the first."),
    ("dates", {"closes": "2020-01-31"}, "The last day, 31 January 2020, is past."),
    ("dates", {"opens": "2020-01-31"}, "Put it right, or tick that it is meant so."),
    ("dates", {"opens": "2020-01-31", "meant": "past"}, "It takes answers from Friday, 31 January 2020 to "),
    ("dates", {"opens": "32.13.2027"}, "Choose a day."),
    ("dates", {"repeat": "5"}, "Choose one of these."),
]
OWN = {
    "local_1_nb": "Møter du mange hjelpere?",
    "local_1_nn": "Møter du mange hjelparar?",
    "local_1_scale": "frequency",
    "local_1_theme": "helpers",
    "local_1_symbol": "helper",
    "local_1_turned": "1",
}


def test_what_was_planned_is_what_the_round_does(lise: FlaskClient, database: Database) -> None:
    round_ = planned(lise)
    with database.reading() as connection:
        row = connection.execute(select(Round).where(Round.id == id_of(round_))).one()
    assert (row.title, row.k, row.b, row.keep_unfinished) == ("Høsten 2027", 7, 3, True)
    shown = page(lise, round_)
    for words in ("The plan is complete.", "Arna: 1 unit, 20 places", "Helseutvalget, sak 31/27", "Every year"):
        assert words in shown
    assert "bokmål" in page(lise, f"{round_}/plan/who")


def test_what_cannot_be_used_names_its_cure_and_nothing_typed_is_lost(lise: FlaskClient) -> None:
    round_ = begun(lise)
    assert f'class="go link" href="{round_}/plan/questions"' in page(lise, round_), "the first that is not done"
    for step, form, cure in UNUSABLE:
        sent = {**STEPS[step], **form}
        refused = post(lise, f"{round_}/plan/{step}", **sent)
        shown = " ".join(refused.text.split())
        assert (refused.status_code, cure in shown) == (422, True), cure
        typed = [
            name for name in sent if name in ("title", "helped", "b", "k", "decision", "leader", "retention", "opens")
        ]
        for value in (sent[name] for name in typed if sent[name].strip()):
            assert f'value="{value}"' in shown or f">{value}</textarea>" in shown, value


def test_the_user_councils_question_passes_the_gates_and_stands_in_the_rounds_own_copy(
    lise: FlaskClient, database: Database
) -> None:
    round_ = planned(lise)
    offered = page(lise, f"{round_}/plan/questions")
    assert (
        "Residents are asked at most 15 questions in all. The questionnaire has 15 questions. So leave out" in offered
    )
    assert " selected" not in offered, "no answers are proposed"
    for change, cure in (
        ({"left_out": []}, "Residents are asked at most 15 questions, and this makes 16."),
        ({"local_1_symbol": ""}, "Choose a picture"),
        ({"local_1_nb": ""}, "The text in bokmål is missing."),
        ({"local_1_nb": "Møter du ikke mange hjelpere?"}, "“ikke” makes yes and no hard to tell apart."),
        ({"local_1_nb": "Møter du mange og snille hjelpere?"}, "“og” may join two questions."),
        ({"local_1_nb": "Møter " + "du " * 12 + "dem?"}, "A sentence has 14 words."),
        ({"local_1_nb": "Er tjenestetilbudet bra?"}, "“tjenestetilbudet” is hard to read."),
        ({"local_1_theme": "weather"}, "Choose answers and a theme."),
        ({"local_1_scale": ""}, "Choose answers and a theme."),
        ({"left_out": [question.id for question in RESIDENTS.questions]}, "Keep at least one of these."),
    ):
        sent = {**OWN, "left_out": ["thrive"], **change}
        refused = post(lise, f"{round_}/plan/questions", **sent)
        shown = " ".join(refused.text.split())
        assert (refused.status_code, cure in shown) == (422, True), cure
        assert f'value="{sent["local_1_nn"]}"' in shown
    assert post(lise, f"{round_}/plan/questions", **OWN, left_out=["thrive"]).status_code == 303
    with database.reading() as connection:
        copy = restore(connection.execute(select(Round.questionnaire)).scalar_one())
    assert [question.id for question in copy.questions] == [
        *(question.id for question in RESIDENTS.questions if question.id != "thrive"),
        "local_1",
    ]
    assert (copy.questions[-1].turned, copy.questions[-1].symbol, copy.languages) == (True, "helper", ("nb", "nn"))
    assert "Møter du mange hjelpere?" in page(lise, f"{round_}/preview/nb")
    anna = sign_in(lise.application, "anna@bergen.no", language="en")
    own = f"round-{id_of(round_)}"
    assert f"Own questions: {STEPS['who']['title']}" in page(anna, "/staff/voices")
    assert "Møter du mange hjelpere?" in page(anna, f"/staff/voices?of={own}&in=nb")
    assert "Møter du mange hjelparar?" in page(anna, f"/staff/voices/{own}/nn/local_1")
    refused = post(lise, f"{round_}/plan/who", **{**STEPS["who"], "languages": ["nb", "en"]})
    assert "have no text in one of these" in refused.text
    assert post(lise, f"{round_}/plan/questions").status_code == 303  # and away with it
    with database.reading() as connection:
        copy = restore(connection.execute(select(Round.questionnaire)).scalar_one())
    assert copy.questions == RESIDENTS.questions


VIEW_OF = {
    "view_of": "m1",
    "view_nb": "fire dager i uka.",
    "view_nn": "fire dagar i veka",
    "left_out": ["food", "ride", "learn"],
}


def test_a_measure_that_has_begun_is_named_in_three_questions_that_pass_the_gates(
    lise: FlaskClient, database: Database
) -> None:
    round_ = planned(lise, where={"part": "everywhere"})
    none_begun = (
        'No measure has begun yet where such services are. Begin one under Measures first. <a href="/staff/measures"'
    )
    assert none_begun in page(lise, f"{round_}/plan/questions")
    with database.begin() as connection:
        for id_, place, status in (("m1", "arna", "started"), ("m2", "arna", "planned"), ("m3", "4601", "ended")):
            units = frozenset({"arna"}) if place == "arna" else frozenset()
            measure = a_measure(id=id_, municipality="4601", place=place, title=f"Title {id_}", units=units)
            keeping.register(connection, replace(measure, baseline=None, status=Status(status)), "anna@bergen.no")
    offered = page(lise, f"{round_}/plan/questions")
    assert [f"Title m{number}" in offered for number in (1, 2, 3)] == [True, False, True]
    for change, cure in (
        ({"view_of": "m2"}, "Choose one of these measures."),
        ({"view_nn": ""}, "The text in nynorsk is missing."),
        ({"view_nb": "tjenestetilbudet"}, "“tjenestetilbudet” is hard to read."),
        ({"left_out": []}, "Residents are asked at most 15 questions, and this makes 18."),
    ):
        sent = {**VIEW_OF, **change}
        refused = post(lise, f"{round_}/plan/questions", **sent)
        shown = " ".join(refused.text.split())
        assert (refused.status_code, shown.count(cure)) == (422, 1), cure
        assert f'value="{sent["view_nb"]}"' in shown
    assert post(lise, f"{round_}/plan/questions", **VIEW_OF).status_code == 303
    with database.reading() as connection:
        made = plan.read(connection, id_of(round_))
        assert keeping.asked_in(connection, "m1") == [made.id]
    assert [question.text["nb"] for question in made.questionnaire.questions[-3:]] == [
        "Vi har begynt med fire dager i uka. Hvordan er det for deg?",
        "Har du det bedre med fire dager i uka?",
        "Fikk du si hva du synes om fire dager i uka?",
    ]
    shown = page(lise, round_)
    assert "These ask for people&#39;s view of the measure “Title m1”." in shown
    assert "In 1 unit of this round nobody is covered by it." in shown, "Fana is not"
    assert 'value="fire dager i uka"' in page(lise, f"{round_}/plan/questions")
    assert "Har du det bedre med fire dager i uka?" in page(lise, f"{round_}/preview/nb")
    with database.begin() as connection:
        following = plan.read(connection, plan.again(connection, made))
    assert (following.view_of, following.view_called) == ("m1", {"nb": "fire dager i uka", "nn": "fire dagar i veka"})
    who = {"title": "Pårørende", "what": "relatives:day_centre", "languages": ["nb"]}
    assert post(lise, f"{round_}/plan/who", **who).status_code == 303
    with database.reading() as connection:
        changed = plan.read(connection, made.id)
    assert (changed.view_of, changed.view_called) == (None, {})
    assert not any(question.id.startswith("view_") for question in changed.questionnaire.questions)


def test_what_a_plan_hides_is_shown_by_the_rule_of_the_release(lise: FlaskClient) -> None:
    round_ = planned(lise, where={"part": "everywhere"})
    assert "of 7 people it says “at most 3 of 7”" in page(lise, f"{round_}/plan/anonymity")
    post(lise, f"{round_}/plan/anonymity", helped="0")
    shown = page(lise, f"{round_}/plan/anonymity")
    assert "of 5 people it says “at most 2 of 5”" in shown
    # 22 % of 20 and 30 are 4 and 7: Arna is too few, and Fana goes with it; 55 % are 11 and 17 (rounded up from 16.5).
    assert "If 22 % answer: 0 of 2 units are shown by themselves." in shown
    assert "If 55 % answer: 2 of 2 units are shown by themselves." in shown
    assert "4: too few, not shown" in shown
    assert "7: shown together with others" in shown


def test_a_unit_is_asked_by_one_open_round_at_a_time(lise: FlaskClient, work: Callable[[], None]) -> None:
    opened(lise, work)
    second = planned(lise, where={"part": "chosen", "units": ["fana"]})
    refused = post(lise, f"{second}/plan/where", part="everywhere")
    assert refused.status_code == 422
    assert "Some of these are asked now in “Høsten 2027”." in refused.text


def test_an_adviser_reads_the_plan_and_changes_nothing(app: Flask, lise: FlaskClient) -> None:
    round_ = planned(lise)
    anna = sign_in(app, "anna@bergen.no", language="en")
    shown = page(anna, round_)
    assert "Helseutvalget, sak 31/27" in shown
    assert "What comes next" not in shown
    for address in (f"{round_}/plan/who", f"{round_}/open", f"{round_}/close"):
        assert anna.get(address).status_code == 404
    assert anna.get("/staff/rounds/new").status_code == 403
    assert post(anna, f"{round_}/withdraw").status_code == 404


def test_the_page_is_seen_beforehand_and_cannot_be_sent(lise: FlaskClient) -> None:
    round_ = planned(lise)
    shown = page(lise, f"{round_}/preview/nn")
    assert RESIDENTS.questions[0].text["nn"] in shown
    assert "A preview: it cannot be sent" in shown
    assert 'id="send-button" disabled' in shown
    assert ">Arna<" in shown
    assert lise.get(f"{round_}/preview/en").status_code == 404  # not one of the round's languages


def test_days_around_a_round_are_listed_and_go_into_a_calendar(lise: FlaskClient) -> None:
    round_ = planned(lise)
    event = "Informasjonsdag; for pårørende, og alle som vil høre hva undersøkelsen er og hva den skal brukes til"
    assert post(lise, f"{round_}/wheel", title="", day="").status_code == 422
    assert post(lise, f"{round_}/wheel", title=event, day=SOON.isoformat()).status_code == 303
    assert event in page(lise, f"{round_}/wheel")
    assert re.findall(r'class="number"[^>]*>(\d)<', lise.get(f"{round_}/wheel").text) == ["1", "2"], (
        "it is the first day, too"
    )
    got = lise.get(f"{round_}/calendar.ics")
    assert got.mimetype == "text/calendar"
    lines = got.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    unfolded = got.text.replace("\r\n ", "")
    assert f"SUMMARY:Høsten 2027: {event.replace(';', chr(92) + ';').replace(',', chr(92) + ',')}\r\n" in unfolded
    assert f"DTSTART;VALUE=DATE:{LATER:%Y%m%d}\r\n" in unfolded
    assert unfolded.count("The next round begins") == 4
    [event_id] = re.findall(r'name="away" value="(\w+)"', lise.get(f"{round_}/wheel").text)
    post(lise, f"{round_}/wheel", away=event_id)
    assert event not in page(lise, f"{round_}/wheel")


def test_the_next_round_is_planned_like_the_last_a_year_on(lise: FlaskClient, work: Callable[[], None]) -> None:
    round_ = opened(lise, work)
    made = post(lise, f"{round_}/again")
    assert made.status_code == 303
    next_ = re.sub("/plan/who$", "", made.location)
    shown = page(lise, next_)
    assert "The plan is complete." in shown
    assert all(
        words in shown for words in ("Høsten 2028", "Arna", "Helseutvalget, sak 31/27", "Groups of fewer than 7")
    )
    assert f'value="{plan.later(SOON, 12)}"' in page(lise, f"{next_}/plan/dates")
    assert (plan.later(dt.date(2028, 2, 29), 12), plan.later(dt.date(2027, 11, 30), 3)) == (
        dt.date(2029, 2, 28),
        dt.date(2028, 2, 29),
    )


def test_a_plan_is_thrown_away_after_telling_what_goes_and_a_round_that_was_opened_never(
    app: Flask, lise: FlaskClient, database: Database, work: Callable[[], None]
) -> None:
    round_ = planned(lise)
    post(lise, f"{round_}/wheel", title="Informasjonsdag", day=SOON.isoformat())
    post(lise, f"{round_}/residents", unit="arna", alone="8")
    assert f'href="{round_}/away"' in page(lise, round_)
    asked = page(lise, f"{round_}/away")
    assert "This will be gone:" in asked
    assert post(lise, f"{round_}/away").location == "/staff/rounds"
    assert "is thrown away" in page(lise, "/staff/rounds")
    assert lise.get(round_).status_code == 404
    assert ("lise@bergen.no", "plan_thrown_away") in deeds(database)
    opened_ = opened(lise, work)
    assert f'href="{opened_}/away"' not in page(lise, opened_)
    assert "so it stays" in page(lise, post(lise, f"{opened_}/away").location)
    with pytest.raises(DatabaseError, match="has been opened stays"), database.begin() as connection:
        connection.execute(delete(Round))


def test_the_log_finds_a_round_by_its_id_and_by_every_title_it_had(
    app: Flask, lise: FlaskClient, database: Database
) -> None:
    employ(database, "admin@bergen.no", [ADMINISTRATOR])
    admin = sign_in(app, "admin@bergen.no", language="en")
    round_ = planned(lise)
    post(lise, f"{round_}/plan/who", **STEPS["who"] | {"title": "Vinteren 2028"})
    found = [page(admin, f"/staff/audit?words={words}") for words in (id_of(round_), "Høsten", "Vinteren")]
    assert [each.count("changed a plan") for each in found] == [7, 6, 7]  # when the last was done, it had its new title
    assert f'href="/staff/audit?words={id_of(round_)}"' in found[0]
    assert verify(database).broken_at is None


def test_cards_letters_and_mails_are_looked_at_before_the_round_opens(lise: FlaskClient) -> None:
    for steps, kinds in (
        ({}, ("kort-nb-eksempel.pdf", "informasjonsbrev-nn.pdf", "papirskjema-nb-eksempel.pdf")),
        (
            {"who": {**STEPS["who"], "what": "relatives:day_centre"}, "where": STEPS["where"]},
            ("e-post-invitasjon-nn-eksempel.txt", "e-post-paminnelse-2-nb-eksempel.txt", "brev-nb-eksempel.pdf"),
        ),
    ):
        round_ = planned(lise, **steps)
        offered = page(lise, f"{round_}/specimens")
        for name in kinds:
            assert f'href="{round_}/specimens/{name}"' in offered
            shown = lise.get(f"{round_}/specimens/{name}")
            assert shown.status_code == 200
            assert shown.data.startswith(b"%PDF") if name.endswith(".pdf") else b"EKSE-MPEL-KODE" in shown.data
        assert lise.get(f"{round_}/specimens/hemmelig.pdf").status_code == 404
