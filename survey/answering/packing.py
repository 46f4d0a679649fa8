"""A page that is compressed once, although its last bytes differ for each person.

A gzip file may hold several deflate blocks. The long head becomes blocks of its own, once; the short tail follows
as one stored block. A secret in the tail is so never compressed together with anything a stranger could choose.
"""

import struct
import zlib

_GZIP_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LONGEST_TAIL = 0xFFFF  # bytes in one stored block


class Packed:
    """The head of a page, as it is and compressed."""

    def __init__(self, head: bytes) -> None:
        compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._head = head
        self._start = _GZIP_START + compressor.compress(head) + compressor.flush(zlib.Z_FULL_FLUSH)
        self._crc = zlib.crc32(head)

    def plain(self, tail: bytes) -> bytes:
        """The whole page."""
        return self._head + tail

    def gzipped(self, tail: bytes) -> bytes:
        """The whole page as a gzip file; `tail` at most LONGEST_TAIL bytes."""
        size = len(tail)
        stored = b"\x01" + struct.pack("<HH", size, size ^ 0xFFFF) + tail
        end = struct.pack("<II", zlib.crc32(tail, self._crc), (len(self._head) + size) & 0xFFFFFFFF)
        return self._start + stored + end
