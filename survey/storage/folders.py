"""Where files of a round lie in the data folder."""

from pathlib import Path


def mail_folder(data: Path, round_id: str) -> Path:
    """Mails of a round that are written instead of sent; they hold codes and go when the round closes."""
    return data / "mail" / round_id
