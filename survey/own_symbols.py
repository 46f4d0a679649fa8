"""A municipality's own pictures of concepts, laid over the shipped ones by staff."""

from pathlib import Path

from survey import photos
from survey.drawings import LARGEST, safe_drawing
from survey.symbols import CREDIT_FILE
from survey.writing import write_whole


def keep(overlay: Path, concept: str, content: bytes, credit: str) -> None:
    """Show this picture for the concept from now on; `credit` says who made it, and its licence.

    An SVG is kept as its shapes alone; anything else becomes a small PNG.
    Raises: SymbolError, PhotoError
    """
    kind = ".png" if _of_dots(content) else ".svg"
    picture = photos.symbol(content, LARGEST[".png"]) if kind == ".png" else safe_drawing(content, concept)
    write_whole(overlay / f"{concept}.{CREDIT_FILE}", credit.encode())
    write_whole(overlay / f"{concept}{kind}", picture)
    for other in set(LARGEST) - {kind}:
        (overlay / f"{concept}{other}").unlink(missing_ok=True)


def take_away(overlay: Path, concept: str) -> None:
    """Show the shipped picture again."""
    for name in (*(f"{concept}{kind}" for kind in LARGEST), f"{concept}.{CREDIT_FILE}"):
        (overlay / name).unlink(missing_ok=True)


def _of_dots(content: bytes) -> bool:
    return content.startswith((b"\x89PNG", b"\xff\xd8\xff")) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
