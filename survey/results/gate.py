"""What staff write back passes the same gate as what residents are asked (questionnaires/README.md)."""

from collections.abc import Iterator

from flask_babel import gettext

from survey.questionnaire.readability import HIGHEST_LIX, LONGEST_SENTENCE, lix, obstacles, sentences, words
from survey.results.told import Content

LINE_SIGNS = 120
LINES = 6  # of what will be done, and of what was done


def problems(content: Content, beside: dict[str, list[str]]) -> list[str]:
    """Everything that keeps it from being published, in words with the cure; `beside`: the page's other texts."""
    return list(_problems(content, beside))


def _problems(content: Content, beside: dict[str, list[str]]) -> Iterator[str]:
    if not content.facts:
        yield gettext("Choose what is told of what they said: three to five facts, where there are so many.")
    if not content.will.get("nb") and not content.will.get("nn"):
        yield gettext("Write at least one line about what you will do, in bokmål or nynorsk.")
    for lines in (*content.will.values(), *content.did.values()):
        if len(lines) > LINES:
            yield gettext("At most %(lines)s lines: what is more nobody keeps in mind.", lines=LINES)
        for line in lines:
            yield from _line_problems(line)
    for language in content.will:
        score = lix([*content.lines(language), *beside.get(language, ())])
        if content.lines(language) and score > HIGHEST_LIX:
            longest = sorted({word for line in content.lines(language) for word in words(line)}, key=len)[:-4:-1]
            yield gettext(
                "The page is too hard to read (LIX %(score)s, at most %(highest)s). Find shorter words for %(words)s.",
                score=round(score),
                highest=HIGHEST_LIX,
                words=", ".join(longest),
            )


def _line_problems(line: str) -> Iterator[str]:
    if len(line) > LINE_SIGNS:
        yield gettext("“%(line)s”: too long. Use at most %(signs)s signs a line.", line=line, signs=LINE_SIGNS)
    longest = max(map(len, sentences(line)), default=0)
    if longest > LONGEST_SENTENCE:
        yield gettext(
            "“%(line)s”: a sentence has %(longest)s words. Use at most %(most)s, or make two sentences of it.",
            line=line,
            longest=longest,
            most=LONGEST_SENTENCE,
        )
    for hard, _ in obstacles(line):
        yield gettext("“%(hard)s” is hard to read. Find a shorter word, or say who does it.", hard=hard)
