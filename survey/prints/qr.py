"""Addresses as pictures for cameras."""

import io

import segno


def picture(address: str, code: str) -> str:
    """The QR code of the link that opens the questionnaire with a normalised code."""
    return drawn(f"{address}/s#{code}")


def drawn(link: str) -> str:
    """The QR code of a link, as SVG without a margin."""
    svg = io.BytesIO()
    segno.make(link, error="m", micro=False).save(svg, kind="svg", xmldecl=False, border=0)
    return svg.getvalue().decode()
