"""A small sound questionnaire to break, one line at a time."""

from pathlib import Path

from survey.questionnaire.checking import check_files
from survey.questionnaire.source import Problem

CONCEPTS = {"safe", "afraid", "yourself_decide"}

GARDEN = """\
id: garden
version: 1
audience: resident
service_kinds: [day_centre]
languages: [nb, en]
title:
  nb: Hva synes du?
  en: What do you think?
welcome:
  - id: you_decide
    symbol: yourself_decide
    text:
      nb: Du bestemmer.
      en: You decide.
questions:
  - id: safe
    theme: safety
    scale: frequency
    symbol: safe
    pair_of: afraid
    text:
      nb: Er du trygg her?
      en: Do you feel safe here?
  - id: afraid
    theme: safety
    scale: frequency
    symbol: afraid
    turned: true
    pair_of: safe
    text:
      nb: Er du redd her?
      en: Are you afraid here?
"""


def garden_with(old: str, new: str) -> str:
    assert GARDEN.count(old) == 1, f"{old!r} does not stand exactly once in the garden"
    return GARDEN.replace(old, new)


def check_text(folder: Path, text: str | bytes, name: str = "garden.yaml") -> list[Problem]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check_files([path], CONCEPTS)
