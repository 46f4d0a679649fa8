"""What a page knows of its phrases: when each word is heard, only where that is certain."""

import json

import pytest

from survey.answering.words import Words
from survey.questionnaire.model import Phrase
from survey.signs import Signs
from survey.speech.library import SpeechLibrary, name_of
from survey.speech.voices import VOICES

HOW = Phrase(id="how", text={"nb": "Hvordan har du det?"})


@pytest.mark.parametrize(
    ("measured", "times"),
    [([50, 420, 610, 700], (50, 420, 610, 700)), ([50, 420, 610], ()), ([50, 420, 610, 700, 810], ()), (None, ())],
)
def test_words_are_timed_only_where_as_many_are_heard_as_stand_on_the_page(tmp_path, measured, times):
    sound = tmp_path / "speech" / name_of("Hvordan har du det?", VOICES["nb"])
    sound.parent.mkdir()
    words = Words({}, SpeechLibrary(tmp_path), Signs(tmp_path), "nb")
    assert words.times(HOW) == ()
    sound.write_bytes(b"\xff")
    if measured:
        sound.with_suffix(".json").write_text(json.dumps(measured))
    assert words.times(HOW) == times
