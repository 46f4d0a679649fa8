"""Content in a fourth language, from right to left. Somebody who speaks Arabic must read it before any real use."""

from pathlib import Path
from typing import Any

import yaml

from survey.questionnaire.loading import SHIPPED

HERE = Path(__file__).parent
WORDS: dict[str, str] = yaml.safe_load((HERE / "page.yaml").read_text(encoding="utf-8"))


def lay_in(folder: Path) -> None:
    """A folder of content as a municipality makes it: ours, with Arabic added to the page's words and the answers."""
    folder.mkdir()
    for name in ("garden-residents.yaml", "scales.yaml"):
        (folder / name).write_text((HERE / name).read_text(encoding="utf-8"), encoding="utf-8")
    page: dict[str, Any] = yaml.safe_load((SHIPPED / "page.yaml").read_text(encoding="utf-8"))
    page["languages"].append("ar")
    page["phrases"].append({"id": "language_ar", "text": dict.fromkeys(page["languages"], WORDS["language_ar"])})
    for phrase in page["phrases"]:
        phrase["text"]["ar"] = WORDS.get(phrase["id"], "نص")  # a phrase that is newer than our Arabic
        phrase.pop("say_as", None)
    (folder / "page.yaml").write_text(yaml.safe_dump(page, allow_unicode=True, sort_keys=False), encoding="utf-8")
