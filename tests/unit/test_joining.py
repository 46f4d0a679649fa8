"""Small files become one, and each keeps its own names."""

from pathlib import Path

import pytest

from survey import joining


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "page.js"


def test_each_module_comes_once_and_before_those_that_need_it(tmp_path: Path) -> None:
    page = written(
        tmp_path,
        page='import "./left.js";\nimport { right } from "./right.js";\nright();',
        left='import { base } from "./base.js";\nbase();',
        right='import { base } from "./base.js";\nexport function right() {}',
        base="export const base = () => 1;",
    )
    joined = joining.script(page)
    assert [line.split()[1] for line in joined.splitlines() if line.startswith("const $")] == [
        "$base",
        "$left",
        "$right",
        "$page",
    ]


@pytest.mark.parametrize(
    "line",
    ['import all from "./base.js";', 'import * as all from "./base.js";', "export { base };", "export let count = 0;"],
)
def test_what_joining_does_not_know_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    page = written(tmp_path, page=line, base="")
    with pytest.raises(joining.JoiningError) as refused:
        joining.script(page)
    assert line in str(refused.value)


def test_comments_on_lines_of_their_own_are_not_sent(tmp_path: Path) -> None:
    page = written(
        tmp_path,
        page='// What.\nimport "./base.js";\n/** Says\n * more. */\nconst at = "//a.no/*";\n  // why\ncall(at);\n',
        base="/* All of it. */\n",
    )
    joined = joining.script(page)
    assert 'const at = "//a.no/*";\ncall(at);\n' in joined
    assert not any(word in joined for word in ("What", "Says", "more", "why", "All"))


def test_a_style_sheet_takes_those_it_imports(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text('/* All. */\n@import "tokens.css";\np { top: 0 }', encoding="utf-8")
    (tmp_path / "tokens.css").write_text(":root { --a: 1 /* why */}", encoding="utf-8")
    assert joining.style(tmp_path / "page.css") == ":root { --a: 1 }\np { top: 0 }"
