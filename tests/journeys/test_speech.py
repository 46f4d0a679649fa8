"""Every sound a respondent can hear says its text: all questionnaires, all languages, all of the page's words."""

import json

import pytest

from survey.questionnaire import loading
from survey.speech.library import SpeechLibrary
from survey.speech.voices import VOICES
from tests.hearing import SAME, Reference, decode, distance


@pytest.fixture(scope="module")
def phrases():
    questionnaires = loading.load_folder(loading.SHIPPED).values()
    page = loading.page_phrases(loading.SHIPPED).values()
    return [*page, *(phrase for questionnaire in questionnaires for phrase in questionnaire.phrases())]


def test_every_text_of_every_questionnaire_is_heard(phrases, tmp_path):
    speech = SpeechLibrary(tmp_path)
    assert speech.build(phrases, lambda done, total: None).problems == ()
    texts = {(language, phrase.spoken(language)): phrase for phrase in phrases for language in phrase.text}
    without = {phrase.id for (language, _), phrase in texts.items() if speech.sound_for(phrase, language) is None}
    assert without == {phrase.id for phrase in phrases if "{" in phrase.text["nb"]}

    reference = Reference()
    misheard = []
    for (language, text), phrase in texts.items():
        if sound := speech.sound_for(phrase, language):
            far = distance(decode(speech.path(sound.name).read_bytes()), reference(text, VOICES[language]))
            words = json.loads(speech.path(sound.name.replace(".mp3", ".json")).read_bytes())
            if far > SAME or len(words) != len(text.split()) or words != sorted(words):
                misheard.append((language, text, far, words))
    assert misheard == []
