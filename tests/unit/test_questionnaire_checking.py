"""Whoever writes a questionnaire is told file, line, question, what is wrong and the cure."""

import re
from pathlib import Path

import pytest

from survey.questionnaire.checking import check_files, content_files
from survey.questionnaire.loading import SHIPPED
from survey.symbols import Catalogue, openmoji
from tests.unit.questionnaire_files import CONCEPTS, GARDEN, check_text, garden_with

QUESTION = """\
  - id: food
    theme: quality
    scale: frequency
    symbol: safe
    text:
      nb: Er maten god?
      en: Is the food good?
"""
FIRST, SECOND = "pair_of: afraid", "turned: true"


def condition(question: str, value: int) -> str:
    return f"\n    show_if: {{question: {question}, values: [{value}]}}"


def test_a_sound_questionnaire_has_no_problems(tmp_path: Path) -> None:
    assert check_text(tmp_path, GARDEN) == []


def test_the_questionnaire_shown_to_writers_is_sound(tmp_path: Path) -> None:
    shown = (SHIPPED / "README.md").read_text().split("```yaml\n")[1].split("```")[0]
    (tmp_path / "garden-residents.yaml").write_text(shown)
    assert check_files([tmp_path / "garden-residents.yaml"], CONCEPTS) == []


def test_the_shipped_files_have_no_problems() -> None:
    concepts = Catalogue.load(SHIPPED.parent / "static" / "symbols", openmoji()).concepts
    assert [str(problem) for problem in check_files(content_files(SHIPPED), concepts)] == []


@pytest.mark.parametrize(
    ("old", "new", "line", "question", "what", "cure"),
    [
        # what the schema says
        ("version: 1\n", "", 1, None, "`version` is missing", "Add a line `version: …`."),
        ("version: 1", "version: one", 2, None, "must be a whole number", "without quotes."),
        ("version: 1", "version: 0", 2, None, "cannot be `0`", "The minimum is 1."),
        ("audience: resident", "audience: residents", 3, None, "cannot be `residents`", "Did you mean `resident`?"),
        ("audience: resident", "audience: x", 3, None, "cannot be `x`", "Choose among resident, relative,"),
        ("[day_centre]", "day_centre", 4, None, "must be a list", "in square brackets"),
        ("[day_centre]", "[]", 4, None, "`service_kinds` is empty", "Write at least one."),
        ("[nb, en]", "[nb, en, nb]", 5, None, "names something twice", "Delete one of the two."),
        ("  - id: safe\n", "  - id: Safe\n", 16, "Safe", "cannot be used as a name", "Use a–z and 0–9"),
        ("symbol: safe", "sybmol: safe", 19, "safe", "`sybmol` is not known here", "Did you mean `symbol`?"),
        ("turned: true", "turned: 'true'", 28, "afraid", "must be true or false", "without quotes."),
        ("nb: Er du trygg her?", "nb: 7", 22, "safe", "`nb` must be a text", "Put the text in quotes."),
        ("nb: Er du trygg her?", "nb: ' '", 22, "safe", "`nb` is empty", "Write the text"),
        ("title:\n  nb: Hva synes du?\n  en: What", "title: What", 6, None, "`title` must be lines", "Indent them"),
        # what its parts call each other
        ("id: garden", "id: park", 1, None, "is not the file's name", "Name the file park.yaml."),
        ("  - id: afraid\n", "  - id: safe\n", 24, "safe", "`safe` is used twice", "another id."),
        ("  - id: you_decide", "  - id: safe", 16, "safe", "`safe` is used twice", "another id."),
        ("pair_of: safe", "pair_of: sad", 29, "afraid", "no other question `sad`", "Write the other's id."),
        ("    pair_of: safe\n", "", 20, "safe", "`afraid` does not point back", "Write `pair_of: safe` at `afraid`."),
        ("    turned: true\n", "", 20, "safe", "worded the same way round", "Set `turned: true`"),
        ("      en: Do you feel safe here?\n", "", 21, "safe", "text in `en` is missing", "Add a line `en: …`."),
        ("en: Are you", "fr: As-tu peur\n      en: Are you", 32, "afraid", "`fr` is not among", "Add `fr` to"),
        (FIRST, FIRST + condition("safe", 5), 21, "safe", "no earlier question is called `safe`", "stands above"),
        (SECOND, SECOND + condition("safe", 6), 29, "afraid", "no answer with the value 6", "are 5, 4, 3, 2, 1."),
        # what its readers meet
        (SECOND, SECOND + condition("safe", 5), 29, "afraid", "residents are asked every", "Delete `show_if`"),
        ("symbol: safe", "symbol: sofe", 19, "safe", "there is no symbol `sofe`", "Did you mean `safe`?"),
        ("symbol: safe", "symbol: elephant", 19, "safe", "no symbol `elephant`", "Draw it and name it in"),
        ("    symbol: safe\n", "", 16, "safe", "it has no symbol", "Add a line `symbol: …`"),
        ("nb: Er du redd her?", "nb: Er du ikke redd?", 31, "afraid", "`ikke` makes yes and no", "reason: …"),
        ("Are you afraid", "Aren't you afraid", 32, "afraid", "`aren't` makes", "Ask for the thing itself"),
        ("nb: Er du redd her?", "nb: Er du redd eller sint?", 31, "afraid", "`eller` may join", "one thing at a time"),
        ("Du bestemmer.", "Ja, " * 13 + "du.", 13, "you_decide", "a sentence has 14 words", "or make two sentences"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_cure(
    tmp_path: Path, old: str, new: str, line: int, question: str | None, what: str, cure: str
) -> None:
    told = next(p for p in check_text(tmp_path, garden_with(old, new)) if what in p.what)
    assert (told.file, told.line, told.question) == (str(tmp_path / "garden.yaml"), line, question)
    assert cure in str(told)


def test_problems_are_told_down_the_file(tmp_path: Path) -> None:
    problems = check_text(tmp_path, GARDEN.replace("redd her?", "ikke redd?").replace("trygg her?", "ikke trygg?"))
    assert [(problem.line, problem.question) for problem in problems] == [(22, "safe"), (31, "afraid")]


def test_a_question_cannot_take_the_name_of_a_field_of_the_form(tmp_path: Path) -> None:
    [problem] = check_text(tmp_path, GARDEN + QUESTION.replace("food", "support"))
    assert str(problem).endswith(":33: support: the page's form uses this id itself. Choose another id.")


def test_an_unknown_scale_is_told_with_the_likeliest_one(tmp_path: Path) -> None:
    [problem] = check_text(tmp_path, GARDEN + QUESTION.replace("frequency", "freqency"))
    assert str(problem).endswith(":35: food: there is no scale `freqency`. Did you mean `frequency`?")


def test_a_language_that_the_answers_or_the_page_do_not_speak_is_told(tmp_path: Path) -> None:
    text = re.sub(r"( +)en: ", r"\1sma: X\n\1en: ", GARDEN.replace("[nb, en]", "[nb, en, sma]"))
    problems = check_text(tmp_path, text)
    assert [problem.line for problem in problems] == [5, 5]
    cure = "Add the language to every text there, or leave it out here."
    for file, problem in zip(("scales.yaml", "page.yaml"), problems, strict=True):
        assert str(problem).endswith(f":5: {file} has no texts in `sma`. {cure}")


def test_residents_are_asked_at_most_fifteen_questions(tmp_path: Path) -> None:
    thirteen, fourteen = ("".join(QUESTION.replace("food", f"food_{i}") for i in range(n)) for n in (13, 14))
    assert check_text(tmp_path, GARDEN + thirteen) == []
    [problem] = check_text(tmp_path, GARDEN + fourteen)
    assert (problem.what, problem.question) == ("there are 16 questions to residents", "food_13")
    assert problem.cure == "Keep 15; people who tire stop answering"


def test_residents_are_not_asked_to_write_and_others_are(tmp_path: Path) -> None:
    text = GARDEN + QUESTION.replace("frequency", "comment")
    [problem] = check_text(tmp_path, text)
    assert str(problem).endswith(
        ":35: food: residents are not asked to write. Choose a scale; writing singles out those who can."
    )
    assert check_text(tmp_path, text.replace("audience: resident", "audience: relative")) == []


def test_long_sentences_and_conditions_are_for_others_than_residents(tmp_path: Path) -> None:
    long_text = QUESTION.replace("Er maten god?", "Er maten " + "svært " * 12 + "god?").rstrip() + condition("safe", 1)
    assert len(check_text(tmp_path, GARDEN + long_text)) == 2
    assert check_text(tmp_path, (GARDEN + long_text).replace("audience: resident", "audience: relative")) == []


def test_a_stated_reason_allows_a_negation_and_a_joint(tmp_path: Path) -> None:
    text = GARDEN + QUESTION.replace("Er maten god?", "Er maten god og ikke kald?")
    assert [problem.what for problem in check_text(tmp_path, text)] == [
        "`ikke` makes yes and no hard to tell apart",
        "`og` may join two questions",
    ]
    assert check_text(tmp_path, text + "    reason: The panel asked for it.\n") == []


def test_hard_words_are_told_by_language_with_the_longest_of_them(tmp_path: Path) -> None:
    text = GARDEN.replace("Du bestemmer.", "Selvbestemmelsen gjelder.").replace("redd her", "bekymret her")
    problem, word = check_text(tmp_path, text)
    assert word.what == "`Selvbestemmelsen` is hard to read"
    assert (problem.line, problem.what) == (5, "the texts in `nb` have LIX 26")
    assert problem.cure.startswith("Bring it to 25: find shorter words for Selvbestemmelsen, bekymret, gjelder")


def test_a_scale_has_two_three_or_five_answers_highest_first(tmp_path: Path) -> None:
    text = """\
languages: [nb]
scales:
  - id: often
    options:
      - {value: 1, symbol: safe, text: {nb: Nei}}
      - {value: 5, symbol: afraid, text: {nb: Ja}}
"""
    [problem] = check_text(tmp_path, text, "scales.yaml")
    assert str(problem).endswith(
        "scales.yaml:4: often: the options have the values [1, 5]. "
        "Give the options the values 5 and 1, or 5, 3 and 1, or 5 down to 1, highest first."
    )


def test_only_the_scale_of_feelings_wears_faces(tmp_path: Path) -> None:
    text = """\
languages: [nb]
scales:
  - id: {scale}
    options:
      - {{value: 5, symbol: face_good, text: {{nb: Ja}}}}
      - {{value: 1, symbol: safe, text: {{nb: Nei}}}}
"""
    (tmp_path / "scales.yaml").write_text(text.format(scale="often"))
    [problem] = check_files([tmp_path / "scales.yaml"], {"face_good", "safe"})
    assert (problem.line, problem.what) == (5, "the answer `5` wears a face")
    assert problem.cure.startswith("Give it a circle")
    (tmp_path / "scales.yaml").write_text(text.format(scale="faces"))
    assert check_files([tmp_path / "scales.yaml"], {"face_good", "safe"}) == []


def test_a_questionnaire_is_checked_against_the_scales_beside_it(tmp_path: Path) -> None:
    (tmp_path / "scales.yaml").write_text("languages: [nb, en]\nscales: []\n")
    problems = check_text(tmp_path, GARDEN)
    assert [problem.what for problem in problems] == ["there is no scale `frequency`"] * 2
    (tmp_path / "scales.yaml").write_text("languages: [nb, en]\n")
    problems = check_files([tmp_path / "garden.yaml", tmp_path / "scales.yaml"], set())
    assert [str(problem) for problem in problems] == [
        f"{tmp_path / 'scales.yaml'}:1: `scales` is missing. Add a line `scales: …`."
    ]


def test_what_the_page_fills_in_stands_in_every_language(tmp_path: Path) -> None:
    text = """\
languages: [nb, en]
phrases:
  - id: progress
    text: {nb: "Nummer {n} av {total}", en: "Number {n}"}
    say_as: {nb: Nummer}
  - {id: language_nb, text: {nb: Bok, en: Bok}}
  - {id: language_en, text: {nb: Eng, en: Eng}}
"""
    [problem] = check_text(tmp_path, text, "page.yaml")
    assert str(problem).endswith("page.yaml:4: progress: `{total}` is missing. Write `{total}` into the text.")


def test_words_of_prints_are_held_to_the_same_plainness_and_need_no_button(tmp_path: Path) -> None:
    text = "languages: [nb]\nphrases:\n  - {id: hello, text: {nb: Spørreundersøkelsen begynner}}\n"
    [lix, hard] = check_text(tmp_path, text, "prints.yaml")
    assert "`Spørreundersøkelsen` is hard to read" in str(hard)
    assert "LIX" in str(lix)


def test_a_language_of_the_page_has_a_name_for_its_button(tmp_path: Path) -> None:
    text = "languages: [nb]\nphrases:\n  - {id: listen, text: {nb: Lytt}}\n"
    [problem] = check_text(tmp_path, text, "page.yaml")
    cure = "Add a phrase `language_nb` with the language's own name for itself."
    assert str(problem).endswith(f"page.yaml:1: the language `nb` has no name. {cure}")
