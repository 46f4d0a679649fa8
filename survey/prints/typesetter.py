"""One document, set by a process that ends: template and data in, PDF out, or an error's words.

typst remembers whatever it has set, to set it faster again. Here that would be people's addresses and codes.
"""

import sys
from pathlib import Path

import fontpkg_atkinson_hyperlegible
import typst

TEMPLATES = Path(__file__).parent / "typst"
LETTERS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"


def main() -> None:
    """Read a template's name and a line with JSON; write a PDF/UA-1."""
    template, data = sys.stdin.read().split("\n", 1)
    try:
        pdf = typst.compile(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            font_paths=[LETTERS],
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        sys.stderr.buffer.write(error.message.encode())
        sys.exit(1)
    assert isinstance(pdf, bytes)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
