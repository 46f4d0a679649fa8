"""Which released numbers may be compared, and what a reader has to mind about those that may."""

from collections.abc import Collection
from enum import StrEnum

from reports.release import HiddenNode, Node, Release, ReleasedQuestion, Texts

LOW_COVERAGE = (1, 2)  # fewer than half of those invited answered
MUCH_HELP = (1, 3)  # a third or more had help
HELP_APART = (1, 10)  # the shares that had help are this far apart, or more


class NotCompared(StrEnum):
    """Why the answers to one question in two rounds say nothing about a change."""

    SIMULATED = "simulated"  # one is answered by people, the other is not
    AUDIENCE = "audience"
    SERVICE = "service"
    NOT_ASKED = "not_asked"
    WORDING = "wording"
    SCALE = "scale"
    TURNED = "turned"
    NOT_BY_UNIT = "not_by_unit"  # given out by planned groups: it knows no units


class Caution(StrEnum):
    """What may make numbers differ from what people think, or from one another."""

    COVERAGE = "coverage"
    HELP = "help"
    HELP_CHANGED = "help_changed"
    PLACES_CHANGED = "places_changed"
    JOINED = "joined"  # others are part of the place now, and count with it before


def not_compared(one: Release, other: Release, question: str) -> NotCompared | None:
    """Why a question's answers in two releases are not compared; None: they may be."""
    if one.simulated != other.simulated:
        return NotCompared.SIMULATED
    if one.audience != other.audience:
        return NotCompared.AUDIENCE
    if one.service_kind != other.service_kind:
        return NotCompared.SERVICE
    if question not in one.questions or question not in other.questions:
        return NotCompared.NOT_ASKED
    return differs(one.questions[question], other.questions[question])


def differs(first: ReleasedQuestion, second: ReleasedQuestion) -> NotCompared | None:
    """How two questions differ in what was asked, or could be answered; None: they are the same."""
    if not _same(first.text, second.text):
        return NotCompared.WORDING
    if first.scale != second.scale or not all(_same(first.labels[end], second.labels[end]) for end in first.labels):
        return NotCompared.SCALE
    return NotCompared.TURNED if first.turned != second.turned else None


def _same(one: Texts, other: Texts) -> bool:
    """Whether two texts are the same in every language that both have, and they share one."""
    shared = one.keys() & other.keys()
    return bool(shared) and all(one[language] == other[language] for language in shared)


def cautions(release: Release, node: Node) -> list[Caution]:
    """What to mind about a place's numbers in one release. Help to answer is known for the whole round only."""
    found = []
    if _less(node.n, node.invited, LOW_COVERAGE):
        found.append(Caution.COVERAGE)
    if much_help(release):
        found.append(Caution.HELP)
    return found


def much_help(release: Release) -> bool:
    """Whether a third or more of a round's people are known to have had help to answer."""
    helped = _helped(release)
    return helped is not None and not _less(*helped, MUCH_HELP)


def cautions_between(earlier: Release, later: Release, place: str) -> list[Caution]:
    """What to mind besides when a place's numbers in two releases are compared."""
    found = []
    shares = [helped[0] / helped[1] for helped in (_helped(earlier), _helped(later)) if helped]
    if len(shares) == 2 and abs(shares[0] - shares[1]) >= HELP_APART[0] / HELP_APART[1]:
        found.append(Caution.HELP_CHANGED)
    grouped = any(node.level == "group" for release in (earlier, later) for node in release.nodes)
    levels = ("service",) if grouped else ("service", "division", "unit")  # groups stand in the place of units
    if _structure(earlier, place, levels) != _structure(later, place, levels):
        found.append(Caution.PLACES_CHANGED)
    return found


def _less(part: int, whole: int, share: tuple[int, int]) -> bool:
    return part * share[1] < whole * share[0]


def _helped(release: Release) -> tuple[int, int] | None:
    """How many of the round's people had some help; None where that is told only together with others."""
    support = release.totals.support
    some, none = support.get("some"), support.get("none")
    return (some, some + none) if isinstance(some, int) and isinstance(none, int) else None


def _structure(release: Release, place: str, levels: Collection[str]) -> frozenset[str]:
    """The ids of the places of some levels within a place, shown or not."""
    within = {place}
    for node in release.nodes:  # parents before their children
        if node.parent in within:
            within.add(node.id)
    everywhere: tuple[Node | HiddenNode, ...] = (*release.nodes, *release.too_few, *release.shown_with_others)
    return frozenset(node.id for node in everywhere if node.parent in within and node.level in levels)
