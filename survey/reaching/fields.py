"""What these pages take from forms, and the PDFs they give."""

import datetime as dt
from collections.abc import Mapping

from flask import Response, request
from flask_babel import gettext

from survey.rounds.calendar import read_day

LARGEST_LIST = 450_000  # bytes: ten thousand people, and what a form's field may hold
FORM = 10_000  # bytes besides the list
CONTACT = ("contact", "phone", "email")
LONGEST = 100  # signs of each of them


def pasted_or_uploaded() -> tuple[bytes, str]:
    """A list as bytes, and as text to be shown again: the file where one was chosen, else what was pasted."""
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content:
        content = request.form.get("listed", "").encode()
    return content, content.decode("utf-8-sig", "replace")


def contact() -> dict[str, str]:
    """Who can be asked, as typed."""
    return {field: " ".join(request.form.get(field, "").split()) for field in CONTACT}


def wrong_contact(typed: Mapping[str, str]) -> list[str]:
    """What is wrong with it."""
    wrong = []
    if not typed["contact"] or not (typed["phone"] or typed["email"]):
        wrong.append(gettext("Write who can be asked, with a telephone number or an e-mail address."))
    if any(len(each) > LONGEST for each in typed.values()):
        wrong.append(gettext("Use at most %(most)s signs for name, number and address.", most=LONGEST))
    return wrong


def day_of(field: str) -> dt.date | None:
    """A day as browsers send it; None: none, or not one."""
    try:
        return read_day(request.form.get(field, ""))
    except ValueError:
        return None


def pdf(content: bytes, *name: str) -> Response:
    """A PDF to be downloaded and kept by no cache: most hold codes."""
    response = Response(content, content_type="application/pdf", headers={"Cache-Control": "no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=f"{'-'.join(name)}.pdf")
    return response
