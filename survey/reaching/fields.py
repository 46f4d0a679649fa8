"""What these pages take from forms."""

from flask import Response, request

LARGEST_LIST = 450_000  # bytes: ten thousand people, and what a form's field may hold
FORM = 10_000  # bytes besides the list


def pasted_or_uploaded() -> tuple[bytes, str]:
    """A list as bytes, and as text to be shown again: the file where one was chosen, else what was pasted."""
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content:
        content = request.form.get("listed", "").encode()
    return content, content.decode("utf-8-sig", "replace")


def pdf(content: bytes, *name: str) -> Response:
    """A PDF with codes: downloaded once and kept by no cache."""
    response = Response(content, content_type="application/pdf", headers={"Cache-Control": "no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=f"{'-'.join(name)}.pdf")
    return response
