"""A code as a picture for cameras."""

import io

import segno


def picture(address: str, code: str) -> str:
    """The QR code, as SVG without a margin, of the link that opens the questionnaire with a normalised code."""
    drawn = io.BytesIO()
    segno.make(f"{address}/s#{code}", error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()
