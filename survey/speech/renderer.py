"""One batch of speech, in a short-lived process of its own: `python -m survey.speech.renderer`.

The speech library keeps state for the whole process and can end it, so nothing else lives here. Standard
input: one JSON object a line, {"text", "voice", "rate", "pitch", "volume", "file"}. Each is spoken into the
WAV file `file`; then standard output gets a line {"words": [[position, ms], …]}: where in `text` each word
begins, counted in characters from 0, and when it is heard.
"""

import ctypes
import json
import os
import sys
import threading
import traceback
from types import ModuleType
from typing import Any

LONGEST = 20  # seconds that one text may take to render


def main() -> None:
    """Read jobs, speak them, and leave without the library's own, unsafe goodbye."""
    status = 1
    try:
        jobs = [json.loads(line) for line in sys.stdin]
        with os.fdopen(os.dup(1), "w") as results:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the libraries print is no result
            words: list[tuple[int, int]] = []
            engine, library = _start(words)
            for job in jobs:
                words.clear()
                _speak(engine, library, job)
                print(json.dumps({"words": words}), file=results, flush=True)
        status = 0
    except Exception:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(status)


def _start(words: list[tuple[int, int]]) -> tuple[Any, ModuleType]:
    """pyttsx3 on the packaged eSpeak NG, noting in `words` where and when each word is heard."""
    import espeakng_loader  # here, so that a missing package is told like every other failure
    import pyttsx3

    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()  # without it eSpeak ends the process
    packaged = ctypes.CDLL(espeakng_loader.get_library_path())
    # pyttsx3 looks for an eSpeak of the system's: whatever it asks for, on any system, it gets the packaged one.
    ctypes.cdll.LoadLibrary = lambda name: packaged  # type: ignore[method-assign]  # the only way in
    from pyttsx3.drivers import _espeak

    set_callback = _espeak.SetSynthCallback

    def listen(callback: Any) -> None:
        def heard(wav: Any, samples: int, events: Any) -> int:
            number = 0
            while (event := events[number]).type != _espeak.EVENT_LIST_TERMINATED:
                if event.type == _espeak.EVENT_WORD:
                    words.append((event.text_position - 1, event.audio_position))
                number += 1
            return int(callback(wav, samples, events))

        set_callback(heard)

    _espeak.SetSynthCallback = listen
    engine = pyttsx3.init("espeak")
    engine.runAndWait()  # an empty first loop, or the first text is lost
    return engine, _espeak


def _speak(engine: Any, library: Any, job: dict[str, Any]) -> None:
    """Render one job. Raises: ValueError if the voice is not there, TimeoutError if nothing is heard."""
    done = threading.Event()
    token = engine.connect("finished-utterance", lambda name, completed: done.set())
    for name in ("voice", "rate", "pitch", "volume"):
        engine.setProperty(name, job[name])
    library.Synchronize()
    if (voice := engine.getProperty("voice")) != job["voice"].lower():  # an unknown voice fails silently
        raise ValueError(f"the voice {job['voice']} is not there; {voice} would have spoken instead")
    engine.save_to_file(job["text"], job["file"])
    engine.runAndWait()
    if not done.wait(LONGEST):
        raise TimeoutError(f"nothing was heard of “{job['text']}”")
    engine.disconnect(token)


if __name__ == "__main__":
    main()
