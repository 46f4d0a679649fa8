"""axe-core with every rule it has, and nothing left undecided."""

from collections.abc import Sequence
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

CONTRAST = ("color-contrast-enhanced", "link-in-text-block")
"""All that another theme, of other colours, can change."""

# All but the rules that axe itself gives up, and "hidden-content", which only says that some content is hidden: the
# tests show each hidden part in turn. A mark in the corner of a chosen answer keeps axe from seeing the colour under
# the words: it goes for the moment of looking. A sign that is no letter (an arrow) has no contrast of words to decide,
# and of words in a drawing axe sees no ground: those of one that is hidden from readers stand beside it once more.
# Contrast takes half of the time. The rule for 7 leaves what is below 4.5 to another rule: here it says that too.
_RUN = """async (only, but = []) => {
  const whole = { contrastRatio: { normal: { minThreshold: null }, large: { minThreshold: null } } };
  const rules = only ?? axe.getRules().filter(({ ruleId, tags }) => !tags.includes("deprecated")
    && !["hidden-content", "color-contrast", ...but].includes(ruleId)).map(({ ruleId }) => ruleId);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".answer ::before, .answer ::after { content: none !important }");
  document.adoptedStyleSheets.push(sheet);
  const { violations, incomplete } = await axe.run(document, { runOnly: { type: "rule", values: rules },
    checks: { "color-contrast-enhanced": { options: whole } }, resultTypes: ["violations", "incomplete"] });
  document.adoptedStyleSheets.pop();
  const sign = ({ any }) => any.some(({ data }) => data?.messageKey === "nonBmp");
  const drawn = ({ target }) => document.querySelector(target[0])?.closest("svg[aria-hidden='true']");
  const why = ({ any, all, none }) => [...any, ...all, ...none].map(({ message }) => message).join("; ");
  const told = (word, found) => found.flatMap(({ id, nodes }) =>
    nodes.filter((node) => !sign(node) && !drawn(node)).map((node) => `${word}${id}: ${node.target} ${why(node)}`));
  return [...told("", violations), ...told("undecided: ", incomplete)];
}"""
_SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# With what asks it: `findings(rules)` in the page, for scripts that look at one thing in many shapes.
AXE = f"{_SOURCE};\nwindow.findings = {_RUN};"


def findings(page: Page, only: Sequence[str] | None = None, but: Sequence[str] = ()) -> list[str]:
    """What axe finds or cannot decide on the page as it is now, and where; by all rules, `only` these or all `but`."""
    _bring(page)
    found: list[str] = page.evaluate("([only, but]) => window.findings(only, but)", [only, but])
    return found


def findings_in_a_moment(page: Page, only: Sequence[str] | None = None) -> list[str]:
    """The same where the page's clock stands still: it goes on by as much as axe waits for, and no more."""
    _bring(page)
    page.evaluate(
        "(only) => { window.found = null; window.findings(only).then((found) => { window.found = found; }); }", only
    )
    for _ in range(100):
        page.clock.run_for(1)
        found: list[str] | None = page.evaluate("window.found")
        if found is not None:
            return found
    raise AssertionError("axe waited for more than a moment")


def _bring(page: Page) -> None:
    if not page.evaluate("'findings' in window"):
        page.evaluate(f"() => {{ {AXE} }}")
