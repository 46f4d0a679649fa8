"""Photos and pictures of dots, made safe and small: decoded, bounded, and written anew without what a camera notes.

A camera's file tells where a photo was taken, and on which day.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps

LARGEST = 15_000_000  # bytes: what telephones make
MOST_DOTS = 25_000_000  # of a picture that is decoded: 100 MB of memory
FORMATS = ("PNG", "JPEG", "WEBP")
LONGEST_SIDE = 800  # dots, of a place's picture
SYMBOL_SIDES = (512, 384, 256, 192, 128)  # dots, of a concept's picture: the largest that is small enough

Fault = Literal["no_picture", "too_many_dots"]


class PhotoError(ValueError):
    """A picture that cannot be used, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Photo:
    """A WebP picture and its size in dots."""

    webp: bytes
    width: int
    height: int


def photo(content: bytes) -> Photo:
    """A PNG, JPEG or WebP file as a photo to show, upright.

    Raises: PhotoError
    """
    picture = _decoded(content)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Photo(_written(picture, "WEBP", quality=80), *picture.size)


def symbol(content: bytes, largest: int) -> bytes:
    """The same as a PNG of at most `largest` bytes, for a concept.

    Raises: PhotoError
    """
    picture = _decoded(content)
    for side in SYMBOL_SIDES:
        picture.thumbnail((side, side))
        for candidate in (picture, picture.quantize(256, Image.Quantize.FASTOCTREE)):
            png = _written(candidate, "PNG", optimize=True)
            if len(png) <= largest:
                return png
    raise PhotoError("no_picture")  # 128 × 128 dots of 256 colours always fit


def _decoded(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            warnings.simplefilter("ignore")  # of a large picture, which is asked below
            if opened.width * opened.height > MOST_DOTS:
                raise PhotoError("too_many_dots")
            upright = ImageOps.exif_transpose(opened)
            bare = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            bare.info.clear()  # what else the file said
            return bare
    except Image.DecompressionBombError as error:
        raise PhotoError("too_many_dots") from error
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, EOFError) as error:  # what decoders make of noise
        raise error if isinstance(error, PhotoError) else PhotoError("no_picture") from error


def _written(picture: Image.Image, form: str, **how: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()
