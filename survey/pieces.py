"""Pieces of pages that are kept by the very values they show: `{% kept row.id, row.name %}…{% endkept %}`.

A list of places is the same for every reader and from one minute to the next but for a number here and there. What is
inside is made once for the same values, in the same language, under the same address of the house. It may use nothing
but the values that are named (`row.name`, or `many=rows|length` to use it as `many`), loops over them, macros that use
nothing else, and what says the same to everybody (PURE): anything else is refused when the template is read, so nothing
of one reader can come to another. Values are texts, whole numbers, days, tuples of them, or `Unchanging`. In place of
`csrf_token()` each reader gets their own.
"""

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from secrets import token_hex
from typing import Any, NamedTuple, cast

from flask.globals import request_ctx
from jinja2 import Environment, TemplateAssertionError, nodes
from jinja2.ext import Extension
from jinja2.meta import find_undeclared_variables
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.utils import pass_context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from survey.kept import Kept, exact

BYTES_KEPT = 30_000_000
KEY = 300  # bytes, about: what it takes to know a piece again
PURE = frozenset(("gettext", "ngettext", "url_for", "asset", "get_locale", "range", "dict", "namespace", "joiner"))
_ASKS = (nodes.Include, nodes.Block, nodes.Import, nodes.FromImport)
_FIND, _KEEP, _SIGN = "find_kept_piece", "keep_piece", "sign_kept_piece"
_PLACE_OF_TOKEN = escape(token_hex())  # in a kept piece, where each reader's own goes


class _Value(NamedTuple):
    """What a value is called in a kept piece, under which name it is read, and what it is."""

    called: nodes.Expr
    name: nodes.Expr
    value: nodes.Expr


_TOKEN = nodes.Call(nodes.Name("csrf_token", "load"), [], [], None, None)


class Pieces(Extension):
    """The tag `kept`."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.tags = {"kept"}
        pieces: Kept[Markup] = Kept(BYTES_KEPT, lambda piece: 2 * len(piece) + KEY)

        @pass_context
        def find(_context: Context, values: tuple[Any, ...], site: tuple[str, bool]) -> tuple[Hashable, Markup | None]:
            key: Hashable = site, exact(values)
            if site[1]:
                now = request_ctx.request
                key = now.root_path, now.endpoint, key
            return key, pieces.find(key)

        @pass_context
        def keep(_context: Context, piece: Markup, key: Hashable) -> Markup:
            pieces.put(key, piece)
            return piece

        @pass_context
        def sign(context: Context, piece: Markup) -> Markup:
            return piece.replace(_PLACE_OF_TOKEN, context.resolve("csrf_token")())

        environment.filters |= {_FIND: find, _KEEP: keep, _SIGN: sign}

    def parse(self, parser: Parser) -> nodes.Node:
        """Values are read once; inside, they stand for what they are called."""
        line = next(parser.stream).lineno
        named: list[_Value] = []
        while parser.stream.current.type != "block_end":
            if named:
                parser.stream.expect("comma")
            here = parser.stream.current
            if here.type == "name" and parser.stream.look().type == "assign":
                called: nodes.Expr = nodes.Name(next(parser.stream).value, "load", lineno=line)
                next(parser.stream)
                value = parser.parse_expression()
            else:
                called = value = parser.parse_expression()
            named.append(_Value(called, parser.free_identifier(), value))
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        key, piece = parser.free_identifier(), parser.free_identifier()
        body = _named(body, named, parser.name, line)
        signs = any(call.node == _TOKEN.node for node in body for call in _all(node, nodes.Call))
        if signs:
            body = [_Named([_Value(_TOKEN, nodes.Const(_PLACE_OF_TOKEN), _TOKEN)]).visit(node) for node in body]
        values = nodes.Tuple([name for _, name, _ in named], "load")
        find = nodes.Filter(values, _FIND, [nodes.Const(None)], [], None, None)
        keep = nodes.Filter(piece, _KEEP, [key], [], None, None)
        made: list[nodes.Node] = [nodes.AssignBlock(piece, None, body), nodes.Assign(piece, keep)]
        scope = nodes.Scope(
            [
                *(nodes.Assign(name, value) for _, name, value in named),
                nodes.Assign(nodes.Tuple([key, piece], "store"), find),
                nodes.If(nodes.Not(piece), made, [], []),
                nodes.Output([nodes.Filter(piece, _SIGN, [], [], None, None) if signs else piece]),
            ],
            lineno=line,
        )
        scope.kept = find, body  # type: ignore[attr-defined]  # for `settle`; Jinja lets nobody make nodes of their own
        return scope.set_lineno(line)


class _Named(NodeTransformer):
    """Puts the values that were read in the place of what they are called."""

    def __init__(self, named: Sequence[_Value]) -> None:
        self._named = named

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        found = next((name for called, name, _ in self._named if node == called), None)
        return found or super().visit(node, *args, **kwargs)


def _named(body: list[nodes.Node], named: Sequence[_Value], template: str | None, line: int) -> list[nodes.Node]:
    taken = {name.name for called, _, _ in named for name in _all(called, nodes.Name)}
    for name in (name for node in body for name in _all(node, nodes.Name)):
        if name.ctx != "load" and name.name in taken:
            raise TemplateAssertionError(f"“{name.name}” stands for two things in a kept piece.", line, template)
    renaming = _Named(named)
    return [renaming.visit(node) for node in body]


def settle(environment: Environment, language: str, parsed: nodes.Template, template: str | None) -> None:
    """Let each kept piece be known by what it is made of.

    Raises: TemplateAssertionError where it uses what is not named.
    """
    for scope in parsed.find_all(nodes.Scope):
        find, body = getattr(scope, "kept", (None, []))
        if find is None:
            continue
        used = list(_used(environment, parsed, body))
        foreign = {name for _, names in used for name in names} - PURE
        made_of = [node for node, _ in used]
        if any(asking for node in made_of for asking in _all(node, _ASKS)):
            foreign.add("another template")
        if any(signed.name == _SIGN for node in made_of for signed in _all(node, nodes.Filter)):
            foreign.add("a piece with a token")
        if foreign:
            words = f"A kept piece uses {', '.join(sorted(foreign))}: name each value that it shows."
            raise TemplateAssertionError(words, scope.lineno, template)
        leads = any(name.name == "url_for" for node in made_of for name in _all(node, nodes.Name))
        hashed = hashlib.sha256(repr(made_of).encode()).hexdigest()
        find.args = [nodes.Const((f"{language} {template} {hashed}", leads))]


def _used(
    environment: Environment, parsed: nodes.Template, body: Iterable[nodes.Node]
) -> Iterator[tuple[nodes.Node, set[str]]]:
    """These nodes and the macros they use, each with the names it takes from elsewhere that are no macros."""
    macros = {node.name: (parsed, node) for node in parsed.body if isinstance(node, nodes.Macro)}
    for lent in (node for node in parsed.body if isinstance(node, nodes.FromImport)):
        if not lent.with_context and isinstance(lent.template, nodes.Const):
            their = _read(environment, lent.template.value)
            theirs = {node.name: node for node in their.body if isinstance(node, nodes.Macro)}
            for each in lent.names:
                name, called = (each, each) if isinstance(each, str) else each
                if name in theirs:
                    macros[called] = their, theirs[name]
    waiting, done = list(body), set[str]()
    for node in waiting:
        names = _undeclared(environment, node)
        yield node, names - macros.keys()
        for name in sorted(names & macros.keys() - done):
            done.add(name)
            where, macro = macros[name]
            if where is parsed:
                waiting.append(macro)
            else:
                yield from _used(environment, where, [macro])


def _read(environment: Environment, template: str) -> nodes.Template:
    assert environment.loader is not None
    source, filename, _ = environment.loader.get_source(environment, template)
    return environment._parse(source, template, filename)


def _undeclared(environment: Environment, node: nodes.Node) -> set[str]:
    bare = environment.overlay()
    bare.globals = {}  # those of the app are taken from elsewhere, too: among them is who asks
    alone = nodes.Template([node], lineno=1).set_environment(bare)
    return set(find_undeclared_variables(cast(nodes.Template, alone)))


def _all(node: nodes.Node, kind: Any) -> Iterator[Any]:
    """The node and all in it that are of a kind."""
    if isinstance(node, kind):
        yield node
    yield from node.find_all(kind)
