"""What the pages of voices and pictures say."""

from collections.abc import Mapping
from functools import cache

from flask_babel import get_locale, gettext

from survey.drawings import LARGEST
from survey.drawings import Fault as DrawingFault
from survey.photos import Fault as PhotoFault
from survey.speech.takes import LONGEST, Fault
from survey.studio.collection import CONTACTS, PLACES, ROUND, Collection, State
from survey.videos import LARGEST as LARGEST_VIDEO
from survey.videos import LONGEST as LONGEST_VIDEO
from survey.videos import Fault as VideoFault

_OWN_NAMES = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}


def language(code: str) -> str:
    """A language by its own name."""
    return _OWN_NAMES.get(code, code)


def collection(one: Collection, shown_in: str) -> str:
    """What a collection is called."""
    if one.id == PLACES:
        return str(gettext("Names of places"))
    if one.id == CONTACTS:
        return str(gettext("Those one can talk to"))
    if one.id.startswith(ROUND):
        return str(gettext("Own questions: %(round)s", round=named(one.title, shown_in)))
    return named(one.title, shown_in) if one.title else str(gettext("Buttons and messages on the page"))


def named(names: Mapping[str, str], shown_in: str) -> str:
    """A name in the reader's language, or in the first it has."""
    return names.get(shown_in) or next(iter(names.values()))


def states() -> Mapping[State, str]:
    """What is heard of a text, in each case."""
    return _states(str(get_locale()))


@cache
def _states(_spoken: str) -> Mapping[State, str]:
    return {
        "recorded": gettext("Recorded"),
        "outdated": gettext("Out of date"),
        "synthetic": gettext("Synthetic voice"),
        "borrowed": gettext("Borrowed voice"),
        "missing": gettext("No sound"),
    }


def state(one: State) -> str:
    """What is heard of a text."""
    return states()[one]


def signed(one: str) -> str:
    """Whether a text is signed: "signed", "outdated", or not at all."""
    return _signed(str(get_locale()))[one]


@cache
def _signed(_spoken: str) -> Mapping[str, str]:
    return {"signed": gettext("Signed"), "outdated": gettext("Video out of date"), "": gettext("No video")}


def what_it_means(one: State) -> str:
    """What is heard of a text, and what to do about it."""
    said: dict[State, str] = {
        "recorded": gettext("A person reads this."),
        "outdated": gettext(
            "The text was changed after it was recorded. Until it is recorded again, the machine reads."
        ),
        "synthetic": gettext("A machine reads this. A person's voice is better."),
        "borrowed": gettext(
            "A machine reads this with the bokmål voice, and the page says so. A person's voice is better."
        ),
        "missing": gettext("Nobody reads this, so it has no Listen button."),
    }
    return said[one]


def no_voice() -> str:
    """The machine was asked to read, and did not."""
    return str(gettext("The machine could not read this. Record it instead."))


def no_alternative() -> str:
    """A photo came without a word about what it shows."""
    return str(gettext("Write what is seen in the picture. Those who cannot see it hear that instead."))


def no_credit() -> str:
    """A picture came without a word about who made it."""
    return str(gettext("Write who made the picture, and that you may use it. It is shown beside all other credits."))


def drawing_fault(one: DrawingFault) -> str:
    """Why a drawing is not kept, and the cure."""
    plain = gettext("Save it again as plain SVG, with letters as outlines, or as PNG.")
    said: dict[DrawingFault, str] = {
        "not_plain": gettext("This file is no picture that can be used.") + " " + plain,
        "too_large": gettext("This drawing is larger than %(kilobytes)d kB.", kilobytes=LARGEST[".svg"] // 1000)
        + " "
        + gettext("Draw it simpler, or save it as PNG."),
        "runs": gettext("This drawing holds a script. A picture needs none.") + " " + plain,
        "fetches": gettext("This drawing fetches something from elsewhere.") + " " + plain,
        "holds": gettext("This drawing holds more than shapes: letters, a photo or a page.") + " " + plain,
        "intricate": gettext("This drawing is too intricate.") + " " + gettext("Draw it simpler, or save it as PNG."),
    }
    return said[one]


def photo_fault(one: PhotoFault) -> str:
    """Why a photo is not kept, and the cure."""
    said: dict[PhotoFault, str] = {
        "no_picture": gettext("This file is no picture that can be used.")
        + " "
        + gettext("Choose a PNG, JPEG or WebP file."),
        "too_many_dots": gettext("This picture has too many dots. Save it smaller: at most 5000 by 5000."),
    }
    return said[one]


def video_fault(one: VideoFault) -> str:
    """Why a video is not kept, and the cure."""
    said: dict[VideoFault, str] = {
        "no_video": gettext("This file is no video that can be used. Choose an MP4 file with H.264, or a WebM file."),
        "other_form": gettext(
            "Not every browser shows this kind of video. Save it as MP4 with H.264. "
            "On an iPhone: Settings, Camera, Formats, Most Compatible; then share it as a file of the kind MP4."
        ),
    }
    return said[one]


def video_too_large() -> str:
    """A video of more bytes than are taken."""
    return str(
        gettext(
            "This video is larger than %(megabytes)d MB. Save it with fewer dots: 720 lines are enough.",
            megabytes=LARGEST_VIDEO // 1_000_000,
        )
    )


def video_too_long() -> str:
    """A video of more seconds than are taken."""
    return str(gettext("This is longer than %(seconds)d seconds. Film this text alone.", seconds=LONGEST_VIDEO))


def fault(one: Fault) -> str:
    """Why a recording is not kept, and the cure."""
    said: dict[Fault, str] = {
        "no_sound": gettext("This file is no sound that can be used. Record here, or choose a WAV file with 16 bits."),
        "other_format": gettext(
            "This sound has a form that cannot be used. Save it as WAV: 16 bits, one or two channels, 16 to 48 kHz."
        ),
        "too_long": gettext("This is longer than %(seconds)d seconds. Record this text alone.", seconds=LONGEST),
        "silent": gettext("Nothing can be heard in this. Is the right microphone chosen, and is it on?"),
        "too_quiet": gettext("This is too quiet. Come nearer to the microphone, or turn it up, and read again."),
        "clipped": gettext("This is too loud: the voice is torn. Go a little away from the microphone and read again."),
    }
    return said[one]
