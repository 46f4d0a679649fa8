"""Templates compiled once a language say what they would say looked up for every page, and escape as before."""

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader

from survey import languages, templating
from survey.settings import ROOT

PAGES = {
    "said.html": "{{ gettext('Sign out') }}",
    "filled.html": "{{ gettext('Asked now in “%(round)s”', round=title) }}",
    "counted.html": "{{ ngettext('%(num)d unit', '%(num)d units', number) }}",
    "led.html": "{% include 'said.html' %} <a href=\"{{ url_for('page', name=name, more=more|default(none)) }}\">",
}


def app_of(pages: dict[str, str]) -> Flask:
    """An app with these templates, in all languages, and a page for any name."""
    app = Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "survey" / "translations")
    templating.init(app)
    languages.init(app)
    app.jinja_env.loader = DictLoader(pages)
    app.add_url_rule("/<name>", "page", lambda name: name)
    return app


@pytest.fixture(scope="module")
def app() -> Flask:
    return app_of(PAGES)


def said(app: Flask, page: str, language: str, root: str = "", **values: object) -> str:
    with app.test_request_context(f"/?language={language}", base_url=f"http://x.no{root}/"):
        return render_template(page, **values)


def test_each_reader_gets_their_own_language_whoever_came_before(app: Flask) -> None:
    for _ in range(2):
        assert [said(app, "said.html", language) for language in ("nb", "en")] == ["Logg ut", "Sign out"]


def test_what_is_filled_in_is_escaped(app: Flask) -> None:
    assert said(app, "filled.html", "en", title="<b>&") == "Asked now in “&lt;b&gt;&amp;”"


def test_one_is_said_otherwise_than_many(app: Flask) -> None:
    assert [said(app, "counted.html", "nb", number=number) for number in (0, 1, 2)] == [
        "0 enheter",
        "1 enhet",
        "2 enheter",
    ]


def test_an_address_is_that_of_its_values_and_of_where_the_app_is_mounted(app: Flask) -> None:
    pages = [said(app, "led.html", "en", root, name=name) for root in ("", "/under") for name in ("a", 'b"')]
    assert [page.split('"')[1] for page in pages] == ["/a", "/b%22", "/under/a", "/under/b%22"]


def test_a_list_is_a_parameter_several_times(app: Flask) -> None:
    page = said(app, "led.html", "en", name="a", more=["1", "2"])
    assert page.split('"')[1] == "/a?more=1&amp;more=2"
