"""What the pages of reaching people say."""

from collections.abc import Mapping

from flask_babel import gettext

from survey.access.issuing import Fault, IssuingError
from survey.invitations.refused import Fault as AddressFault
from survey.prints.words import PrintError
from survey.spreadsheet import Problem, Worded, ended

LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}


def problem(one: Problem, repeated: bool = False) -> str:
    """One thing wrong in a list or file, with its cure; what stands there only where it can be nobody's own."""
    column = f", {translated(one.column)}" if one.column else ""
    where = gettext("Line %(line)s%(column)s", line=one.line, column=column)
    value = "" if not one.value or not repeated else " " + gettext("“%(value)s”", value=one.value)
    return f"{where}{value}: {cured(one)}"


def cured(one: Problem) -> str:
    """What is wrong, and the cure."""
    return f"{translated(one.what)}. {ended(translated(one.cure))}"


def translated(words: str) -> str:
    """Words of `worded` in the reader's language."""
    return str(gettext(words.template, **words.values)) if isinstance(words, Worded) else words


def refused(error: IssuingError, names: Mapping[str, str]) -> str:
    """Why no codes were made; `names` maps the ids of units to what they are called."""
    if error.fault is Fault.OTHER_ROUND:
        return str(
            gettext(
                "%(unit)s is already asked in the open round “%(title)s”. A person is asked in one round at a time: "
                "close that one first.",
                unit=names.get(str(error.about["unit"]), error.about["unit"]),
                title=error.about["title"],
            )
        )
    if error.fault is Fault.LIMIT:
        return str(
            gettext(
                "The unit may have %(limit)s codes, a tenth more than it has places, and %(out)s are out. Void "
                "leftovers first, or correct the places in the register.",
                **error.about,
            )
        )
    return str(gettext("The round or its units have changed meanwhile. Load the page anew and look."))


def address(fault: AddressFault) -> str:
    """Why a refused address could not be corrected."""
    said: dict[AddressFault, str] = {
        AddressFault.NO_ADDRESS: gettext("This cannot be an e-mail address. Write one only, like name@example.no."),
        AddressFault.INVITED: gettext("This address is invited already. Take the refused one away instead."),
        AddressFault.GONE: gettext("This mail is not waiting for a new address any more. Nothing was changed."),
    }
    return said[fault]


def not_made(error: PrintError | IssuingError, names: Mapping[str, str]) -> str:
    """Why there is no print with codes; `names` maps the ids of units to what they are called."""
    return unprinted(error) if isinstance(error, PrintError) else refused(error, names)


def unprinted(error: PrintError) -> str:
    """Why there is no PDF, and so no codes either."""
    return str(
        gettext("Nothing was printed, and no code was made. The press says: %(words)s", words=translated(error.args[0]))
    )


def ways() -> dict[str, str]:
    """How residents can answer."""
    return {
        "alone": gettext("Alone"),
        "support": gettext("With support"),
        "interview": gettext("By interview"),
    }


def reasons() -> dict[str, str]:
    """Why some do not answer now."""
    return {
        "will_not": gettext("Do not want to"),
        "away": gettext("Ill or away"),
        "no_way_found": gettext("No way of answering found yet"),
        "other_reason": gettext("Another reason"),
    }
