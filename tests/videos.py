"""Videos as people send them, but for their pictures."""

NOTE = "+60.3913+005.3221/"  # where it was filmed


def box(kind: str, *content: bytes) -> bytes:
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4) + kind.encode() + body


def mp4(codec: str = "avc1", brand: str = "isom", *others: str) -> bytes:
    """Small, with a note of the camera."""
    written = box("stsd", bytes(8), box(codec, bytes(78)))
    track = box("trak", box("mdia", box("minf", box("stbl", written))), box("meta", NOTE.encode()))
    kinds = b"".join(other.encode() for other in others)
    moov = box("moov", track, box("udta", box("\N{POUND SIGN}xy", NOTE.encode())))
    return box("ftyp", brand.encode(), bytes(4), kinds) + moov + box("mdat", b"\0" * 40)


def webm(kind: bytes = b"webm") -> bytes:
    head = b"\x42\x86\x81\x01\x42\x82" + bytes([0x80 | len(kind)]) + kind
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(head)]) + head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7
