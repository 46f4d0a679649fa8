"""A release as a table for a spreadsheet: one line a number, nothing that is not in the release."""

from collections.abc import Iterator
from itertools import chain

from reports.release import Release
from reports.wording import in_language
from survey.spreadsheet import streamed

COLUMNS = (
    "round",
    "title",
    "closed",
    "simulated",
    "audit",
    "place_id",
    "place_level",
    "place_parent",
    "place",
    "answered",
    "invited",
    "question_id",
    "theme",
    "question",
    "side",
    "answer",
    "lowest",
    "highest",
)


def as_csv(release: Release, language: str) -> Iterator[bytes]:
    """The table as a file that spreadsheets open by a double click, in pieces.

    `side` is positive, negative or open (left it open; only where it is told); the number of people lies from
    `lowest` to `highest`, both included.
    """
    return streamed(chain([COLUMNS], (map(str, line) for line in _lines(release, language))))


def _lines(release: Release, language: str) -> Iterator[tuple[str | int, ...]]:
    for node in release.nodes:
        for id_, question in sorted(release.questions.items(), key=lambda item: item[1].number):
            answer = node.answers[id_]
            for side, interval in (("positive", answer.positive), ("negative", answer.negative), ("open", answer.open)):
                if interval is None:
                    continue
                yield (
                    release.round,
                    release.title,
                    release.closed,
                    "yes" if release.simulated else "no",
                    release.audit,
                    node.id,
                    node.level,
                    node.parent or "",
                    in_language(node.name, language),
                    node.n,
                    node.invited,
                    id_,
                    question.theme,
                    in_language(question.text, language),
                    side,
                    in_language(question.labels[side], language) if side in question.labels else "",
                    *interval,
                )
