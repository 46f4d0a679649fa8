"""Who reads and signs what: every text with its sound and video, and the place where one is put in."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from survey import videos
from survey.signs import Signs
from survey.speech import takes
from survey.speech.library import SpeechLibrary
from survey.speech.rendering import SpeechError
from survey.speech.takes import TakeError, take
from survey.speech.voices import VOICES
from survey.staff.audit import Action
from survey.staff.guard import covers_all, needs_everywhere, needs_somewhere, takes_files
from survey.storage.engine import Database
from survey.studio import wording
from survey.studio.collection import NAMES, STATES, Collection, Heard, hear, heard, key_of, spoken_in
from survey.studio.keepers import FORM, KEEPERS, note
from survey.videos import VideoError, video


def add(
    studio: Blueprint,
    database: Database,
    texts_of: Callable[[], Mapping[str, Collection]],
    speech: SpeechLibrary,
    signs: Signs,
) -> None:
    """Add /staff/voices; `texts_of` gives all there are today."""

    @studio.get("/voices")
    @needs_somewhere(*KEEPERS)
    def voices(_municipalities: frozenset[str]) -> ResponseReturnValue:
        speech.reload()
        signs.reload()
        texts = texts_of()
        collection = texts.get(request.args.get("of", "")) or next(iter(texts.values()))
        spoken = request.args.get("in", "")
        if spoken not in collection.languages:
            spoken = collection.languages[0]
        lines = list(heard(collection, spoken, speech))
        state = request.args.get("state", "")
        if state not in STATES:
            state = ""
        counts = Counter(line.state for line in lines)
        return render_template(
            "studio/voices.html",
            texts=tuple(texts.values()),
            collection=collection,
            spoken=spoken,
            state=state,
            counts=tuple(
                (one, said, counts[one]) for one, said in wording.states().items() if counts[one] or one == state
            ),
            lines=_rows(collection, [line for line in lines if not state or line.state == state], spoken),
            kept={"of": collection.id, "in": spoken, "state": state},
            may_change=covers_all(database, KEEPERS),
            wording=wording,
            shown_in=str(get_locale()),
        )

    @studio.get("/voices/<of>/<spoken>/<phrase_id>")
    @needs_everywhere(database, *KEEPERS)
    def booth(of: str, spoken: str, phrase_id: str) -> ResponseReturnValue:
        return _booth(of, spoken, phrase_id)

    @studio.post("/voices/<of>/<spoken>/<phrase_id>")
    @takes_files(takes.LARGEST + FORM)
    @needs_everywhere(database, *KEEPERS)
    def keep_voice(of: str, spoken: str, phrase_id: str) -> ResponseReturnValue:
        collection, line = _find(of, spoken, phrase_id)
        sent = request.files.get("sound")
        try:
            recorded = take(sent.read() if sent else b"")
        except TakeError as error:
            return _booth(of, spoken, phrase_id, refused=wording.fault(error.fault)), 422
        speech.keep(spoken, key_of(collection.id, phrase_id), line.text, recorded)
        note(database, Action.VOICE_KEPT, line.text)
        return redirect(url_for(".booth", of=of, spoken=spoken, phrase_id=phrase_id, done="kept"), 303)

    @studio.post("/voices/<of>/<spoken>/<phrase_id>/away")
    @needs_everywhere(database, *KEEPERS)
    def take_voice_away(of: str, spoken: str, phrase_id: str) -> ResponseReturnValue:
        _, line = _find(of, spoken, phrase_id)
        if line.state == "recorded":
            speech.take_away(spoken, line.text)
        elif of in NAMES:
            speech.hush(line.phrase, spoken)
        note(database, Action.VOICE_TAKEN_AWAY, line.text)
        return redirect(url_for(".booth", of=of, spoken=spoken, phrase_id=phrase_id, done="away"), 303)

    @studio.post("/voices/<of>/<spoken>/<phrase_id>/speak")
    @needs_everywhere(database, *KEEPERS)
    def let_voice_speak(of: str, spoken: str, phrase_id: str) -> ResponseReturnValue:
        _, line = _find(of, spoken, phrase_id)
        try:
            speech.speak((line.phrase, spoken))
        except SpeechError:
            return _booth(of, spoken, phrase_id, refused=wording.no_voice()), 422
        note(database, Action.VOICE_KEPT, line.text)
        return redirect(url_for(".booth", of=of, spoken=spoken, phrase_id=phrase_id, done="kept"), 303)

    @studio.post("/voices/<of>/<spoken>/<phrase_id>/video")
    @takes_files(videos.LARGEST + FORM)
    @needs_everywhere(database, *KEEPERS)
    def keep_video(of: str, spoken: str, phrase_id: str) -> ResponseReturnValue:
        collection, line = _find(of, spoken, phrase_id)
        sent = request.files.get("video")
        try:
            found = video(sent.read() if sent else b"")
        except VideoError as error:
            return _booth(of, spoken, phrase_id, refused=wording.video_fault(error.fault)), 422
        signs.keep(spoken, key_of(collection.id, phrase_id), line.text, found)
        note(database, Action.VIDEO_KEPT, line.text)
        return redirect(url_for(".booth", of=of, spoken=spoken, phrase_id=phrase_id, done="signed"), 303)

    @studio.post("/voices/<of>/<spoken>/<phrase_id>/video/away")
    @needs_everywhere(database, *KEEPERS)
    def take_video_away(of: str, spoken: str, phrase_id: str) -> ResponseReturnValue:
        collection, line = _find(of, spoken, phrase_id)
        signs.take_away(spoken, key_of(collection.id, phrase_id), line.text)
        note(database, Action.VIDEO_TAKEN_AWAY, line.text)
        return redirect(url_for(".booth", of=of, spoken=spoken, phrase_id=phrase_id, done="away"), 303)

    def _rows(collection: Collection, lines: Iterable[Heard], spoken: str) -> tuple[tuple[str, ...], ...]:
        """What a table says: a phrase's id, its text, what is heard and seen of it, also in words, and its sound."""
        states, films = wording.states(), {film: wording.signed(film) for film in ("", "signed", "outdated")}
        seen = ((line, _signed(collection, line, spoken)) for line in lines)
        return tuple(
            (
                *(line.phrase.id, line.text, line.state, states[line.state]),
                *(film, films[film], line.sound.name if line.sound else ""),
            )
            for line, film in seen
        )

    def _signed(collection: Collection, line: Heard, spoken: str) -> str:
        if signs.of(spoken, line.text):
            return "signed"
        return "outdated" if signs.outdated(spoken, key_of(collection.id, line.phrase.id), line.text) else ""

    def _find(of: str, spoken: str, phrase_id: str) -> tuple[Collection, Heard]:
        speech.reload()
        signs.reload()
        collection = texts_of().get(of)
        phrase = collection.phrases.get(phrase_id) if collection else None
        if collection is None or phrase is None or spoken not in phrase.text:
            abort(404)
        return collection, hear(collection, phrase, spoken, speech)

    def _booth(of: str, spoken: str, phrase_id: str, refused: str = "") -> str:
        collection, line = _find(of, spoken, phrase_id)
        others = spoken_in(collection, spoken)
        ids = [other.id for other in others.values()]
        here = list(others).index(line.text)
        return render_template(
            "studio/booth.html",
            collection=collection,
            spoken=spoken,
            line=line,
            number=here + 1,
            total=len(ids),
            before=ids[here - 1] if here else None,
            after=ids[here + 1] if here + 1 < len(ids) else None,
            refused=refused,
            done=request.args.get("done"),
            longest=takes.LONGEST,
            sign=signs.of(spoken, line.text),
            earlier_sign=signs.outdated(spoken, key_of(collection.id, phrase_id), line.text),
            longest_video=videos.LONGEST,
            largest_video=videos.LARGEST,
            may_speak=line.sound is None and spoken in VOICES,
            may_hush=line.sound is not None and (line.state == "recorded" or of in NAMES),
            wording=wording,
            shown_in=str(get_locale()),
        )
