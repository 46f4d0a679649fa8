"""The rules for those who help somebody to answer, on one page."""

from survey.prints.press import Press

MAY = ("rules_read", "rules_wait", "rules_point", "rules_press", "rules_skip")
MAY_NOT = ("rules_not_answer", "rules_not_explain", "rules_not_sure", "rules_not_show", "rules_not_tell")
MORE = ("rules_stop", "rules_who", "rules_end")


def rules(press: Press, language: str) -> bytes:
    """A PDF of one page.

    Raises: PrintError, SymbolError.
    """
    words = press.words(language)
    data = {
        "heading": words.said("helper_title"),
        "lead": words.text("rules_lead"),
        "may": {"title": words.said("rules_may"), "rules": [words.said(rule) for rule in MAY]},
        "may_not": {"title": words.said("rules_may_not"), "rules": [words.said(rule) for rule in MAY_NOT]},
        "more": [{"title": words.said(part), "text": words.text(f"{part}_text")} for part in MORE],
    }
    return press.run("rules", language, words.text("helper_title"), data)
