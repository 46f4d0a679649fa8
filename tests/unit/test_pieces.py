"""What is kept of a page is what would be made anew, and nothing that its values do not say."""

import datetime as dt
from typing import Any, NamedTuple

import pytest
from flask import Flask, render_template
from flask_wtf.csrf import generate_csrf
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateAssertionError
from markupsafe import Markup

from survey import languages
from survey.kept import Kept, NotKeptError, Unchanging, exact
from tests.unit.test_templating import app_of

ROW = """
<tr class="{{ loop_first }}"><td>{{ link(row.name, row.many) }}</td><td>{% if row.day %}{{ row.day }}{% endif %}</td>
<td>{{ gettext("Asked now in “%(round)s”", round=row.name) }}</td>{% for part in row.parts %}<td>{{ part }}</td>
{% endfor %}<td>{{ ngettext("%(num)d unit", "%(num)d units", row.many) }}</td></tr>
"""
MACROS = """
{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}
{% macro link(name, many) %}<a href="{{ url_for('page', name=name) }}">{{ bold(name) }}</a> {{ many }}{% endmacro %}
{% macro who() %}{{ session }}{% endmacro %}
{% macro form() %}{{ csrf_token() }}{% endmacro %}
"""
HEAD = "{% from 'macros.html' import link %}"
VALUES = "row.name, row.many, row.day, row.parts"
PAGES = {
    "macros.html": MACROS,
    "plain.html": f"{HEAD}{{% for row in rows %}}{{% set loop_first = loop.first %}}{ROW}{{% endfor %}}",
    "each.html": f"{HEAD}{{% for row in rows %}}{{% kept {VALUES}, loop_first=loop.first %}}{ROW}"
    "{% endkept %}{% endfor %}",
    "all.html": f"{HEAD}{{% kept rows %}}{{% for row in rows %}}{{% set loop_first = loop.first %}}{ROW}{{% endfor %}}"
    "{% endkept %}",
    "value.html": "{% kept value %}{{ value }}{% endkept %}",
    "where.html": "{% kept %}{{ url_for('.page', name='a') }}{% endkept %}",
}


class Row(NamedTuple):
    name: str
    many: int | bool
    day: dt.date | None
    parts: tuple[Any, ...]


@pytest.fixture(scope="module")
def app() -> Flask:
    return app_of(PAGES)


def said(app: Flask, page: str, language: str = "nb", root: str = "", **values: object) -> str:
    with app.test_request_context(f"/a?language={language}", base_url=f"http://x.no{root}/"):
        return render_template(page, **values)


texts = st.sampled_from(["a", "Å", "<b>", "1", "", "True"])
parts = st.sampled_from([1, True, 0, False, None, "1", Markup("<b>"), "<b>", dt.date(2027, 1, 1)])
rows = st.builds(
    Row,
    texts.filter(bool),
    st.sampled_from([0, 1, 2, True, False]),
    st.sampled_from([None, dt.date(2027, 1, 1)]),
    st.lists(parts, max_size=3).map(tuple),
)


@given(rows=st.lists(rows, max_size=6).map(tuple), language=st.sampled_from(languages.LANGUAGES), root=texts)
def test_what_is_kept_is_letter_for_letter_what_would_be_made_anew(
    app: Flask, rows: tuple[Row, ...], language: str, root: str
) -> None:
    root = f"/{root}" if root.isalpha() else ""
    plain = said(app, "plain.html", language, root, rows=rows)
    for page in ("each.html", "all.html", "each.html", "all.html"):
        assert said(app, page, language, root, rows=rows) == plain


def test_what_only_seems_the_same_is_told_apart(app: Flask) -> None:
    alike = [1, True, "1", "<b>", Markup("<b>"), None, "None", (1,), (True,), Row("a", 1, None, ()), ("a", 1, None, ())]
    for _ in range(2):
        assert [said(app, "value.html", value=value) for value in alike] == [
            str(Markup.escape(value)) for value in alike
        ]


def test_what_does_not_change_is_known_by_being_the_very_thing(app: Flask) -> None:
    class Told(Unchanging):
        def __init__(self, text: str) -> None:
            self._text = text

        def __str__(self) -> str:
            return self._text

    one, other = Told("one"), Told("other")
    assert [said(app, "value.html", value=value) for value in (one, other, one, Told("new"))] == [
        "one",
        "other",
        "one",
        "new",
    ]


@pytest.mark.parametrize("value", [1.0, [1], {"a": 1}, ("a", ["b"]), dt.datetime.now(dt.UTC), object()])
def test_what_may_look_otherwise_than_its_equal_is_refused(app: Flask, value: object) -> None:
    with pytest.raises(NotKeptError, match="cannot be told apart by its value"):
        said(app, "value.html", value=value)
    with pytest.raises(NotKeptError):
        exact((1, (value,)))


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("{% kept row.name %}{{ row.name }}{{ row.other }}{% endkept %}", "row"),
        ("{% kept a %}{{ a }}{{ g.member }}{% endkept %}", "g"),
        ("{% from 'macros.html' import form %}{% kept a %}{{ form() }}{% endkept %}", "csrf_token"),
        ("{% kept a %}{% kept %}{{ csrf_token() }}{% endkept %}{% endkept %}", "a piece with a token"),
        ("{% kept a %}{% if opens('page') %}{{ a }}{% endif %}{% endkept %}", "opens"),
        ("{% for a in rows %}{% kept a %}{{ loop.index }}{% endkept %}{% endfor %}", "loop"),
        ("{% from 'macros.html' import who %}{% kept a %}{{ who() }}{% endkept %}", "session"),
        ("{% macro mine() %}{{ request.path }}{% endmacro %}{% kept a %}{{ mine() }}{% endkept %}", "request"),
        ("{% from 'macros.html' import who with context %}{% kept a %}{{ who() }}{% endkept %}", "who"),
        ("{% kept a %}{% include 'value.html' %}{% endkept %}", "another template"),
        ("{% kept a %}{% kept b %}{{ b }}{% endkept %}{% endkept %}", "b"),
    ],
)
def test_a_piece_that_uses_what_it_does_not_name_is_refused(app: Flask, page: str, names: str) -> None:
    refused(app, page, f"A kept piece uses {names}:")


def test_a_name_that_stands_for_two_things_is_refused(app: Flask) -> None:
    refused(app, "{% kept row %}{% for row in row %}{{ row }}{% endfor %}{% endkept %}", "“row” stands for two things")


def refused(app: Flask, page: str, words: str) -> None:
    PAGES["refused.html"] = page
    with app.test_request_context("/a?language=nb"), pytest.raises(TemplateAssertionError, match=words):
        render_template("refused.html", a=1)


def test_where_the_house_stands_is_part_of_an_address(app: Flask) -> None:
    app.add_url_rule("/b/<name>", "b.page", lambda name: name)
    found = []
    for _ in range(2):
        for root in ("", "/under"):
            found.append(said(app, "each.html", root=root, rows=(Row("a", 1, None, ()),)).split('"')[3])
    assert found == ["/a", "/under/a"] * 2


def test_each_reader_gets_a_token_of_their_own(app: Flask) -> None:
    app.secret_key = "key"
    app.jinja_env.globals["csrf_token"] = generate_csrf
    PAGES["form.html"] = "{% kept a %}<{{ csrf_token() }}>{{ a }}<{{ csrf_token() }}>{% endkept %}"
    found = set()
    for _ in range(2):
        with app.test_request_context("/a?language=nb"):
            token = generate_csrf()
            assert render_template("form.html", a=1) == f"<{token}>1<{token}>"
            assert render_template("form.html", a=1, csrf_token=lambda: "their") == "<their>1<their>"
            found.add(token)
    assert len(found) == 2


def test_no_more_is_kept_than_may_be() -> None:
    kept: Kept[str] = Kept(10, len)
    made: list[str] = []

    def make(text: str) -> str:
        made.append(text)
        return text

    for text in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb", "too long to keep"):
        assert kept.get(text, lambda: make(text)) == text  # noqa: B023 – called at once
    assert made == ["aaaa", "bbbb", "cccc", "bbbb", "too long to keep"]
