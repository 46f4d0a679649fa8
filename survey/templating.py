"""Templates, compiled once for each language: what they say is looked up then, and not for every page.

`gettext("…")` in a template becomes the text itself, `gettext("%(n)s …", n=…)` the text with a place to fill, and
`ngettext` the two texts to choose from. Escaping stays as it is without this: a catalogue's text is trusted, what is
filled in is escaped. Addresses are put together once for each place that they lead to.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
from flask.templating import Environment
from flask_babel import get_locale, get_translations
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from survey.pieces import Pieces, settle

ADDRESSES_KEPT = 5000


class Templates(Environment):
    """Gives every template in the language of the page that is being made."""

    language = ""  # of one of the environments below it
    _translations: Any
    _of_language: dict[str, "Templates"]

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._of_language = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 – Jinja calls it so
    ) -> Template:
        """The template, compiled in the language that is spoken now."""
        if self.language:
            return super().get_template(name, parent, globals)
        locale = get_locale()
        language = locale.language if locale else "en"  # of a country none is
        if language not in self._of_language:
            self._of_language[language] = self._speaking(language)
        return self._of_language[language].get_template(name, parent, globals)

    def _speaking(self, language: str) -> "Templates":
        spoken = self.overlay()
        spoken.language, spoken._translations = language, get_translations()
        return spoken

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        if self.language:
            _Spoken(self._translations, Markup if escapes else str).visit(parsed)
            settle(self, self.language, parsed, name)
        return parsed


class _Spoken(NodeTransformer):
    """Puts texts in the place of `gettext`."""

    def __init__(self, translations: Any, kind: type[str]) -> None:
        self._translations = translations
        self._kind = kind

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 – Jinja calls it so
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        texts = [each.value for each in call.args if isinstance(each, nodes.Const)]
        filled = [nodes.Pair(nodes.Const(each.key), each.value) for each in call.kwargs]
        if name == "gettext" and len(texts) == len(call.args) == 1:
            text = self._kind(self._translations.ugettext(*texts))
            if not filled:
                return nodes.Const(text % {}, lineno=call.lineno)
            return nodes.Mod(nodes.Const(text), nodes.Dict(filled), lineno=call.lineno)
        if name == "ngettext" and len(texts) == 2 and len(call.args) == 3 and self._has_two_numbers(*texts):
            one, many = (nodes.Const(self._kind(self._translations.ungettext(*texts, number))) for number in (1, 2))
            number = call.args[2]
            is_one = nodes.Compare(number, [nodes.Operand("eq", nodes.Const(1))])
            filled = [nodes.Pair(nodes.Const("num"), number), *filled]
            return nodes.Mod(nodes.CondExpr(is_one, one, many), nodes.Dict(filled), lineno=call.lineno)
        return call

    def _has_two_numbers(self, one: str, many: str) -> bool:
        """Whether the language says it in one way for one, and in another for every other number."""
        others = {self._translations.ungettext(one, many, number) for number in (0, *range(2, 120))}
        return len(others) == 1


def init(app: Flask) -> None:
    """Before anything else uses the app's templates."""
    app.jinja_environment = Templates  # type: ignore[assignment]  # how Flask documents it
    app.jinja_env.add_extension(Pieces)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @lru_cache(ADDRESSES_KEPT)
    def kept(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return url_for(endpoint, **dict(values))

    def address(endpoint: str, **values: Any) -> str:
        if endpoint.startswith("."):
            endpoint = f"{request.blueprint}{endpoint}"
        fixed = ((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items())
        return kept(request.root_path, endpoint, tuple(fixed))

    app.jinja_env.globals["url_for"] = address
