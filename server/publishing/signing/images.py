"""The picture of a signature (blue) or of a seal (red): is it fit for a document?

NĐ 30/2020, Phụ lục I: .png with a transparent background. Colours are counted, not
trusted to a name. Pure.
"""

from __future__ import annotations

import colorsys
import warnings
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from server.common.errors import InvalidInput

MAX_BYTES = 2_000_000
MAX_PIXELS = 12_000_000
# Seen at all; below it is the haze that scanners leave.
_OPAQUE = 64
# A scan cut out badly keeps its paper: then most of the picture is covered.
_MOST_COVERED = 0.7
_SAMPLE = (120, 120)


class Ink(StrEnum):
    BLUE = "blue"
    RED = "red"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A picture that may be set on a document. `ink` is what most of it is drawn in."""

    data: bytes
    width_px: int
    height_px: int
    ink: Ink


def read_stamp(data: bytes) -> Stamp:
    """Raises InvalidInput (`not_a_signature_image`) and says what is wrong."""
    if len(data) > MAX_BYTES:
        raise _refused(
            _("Ảnh lớn quá %(limit)s MB.") % {"limit": MAX_BYTES // 1_000_000}
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb by its own limit; ours is checked just below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=["PNG"]) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise _refused(_("Ảnh có quá nhiều điểm ảnh."))
                small = image.convert("RGBA")
                width, height = image.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise _refused(_("Cần một tệp ảnh .png còn nguyên vẹn.")) from None
    small.thumbnail(_SAMPLE)
    raw = small.tobytes()
    pixels = list(zip(raw[::4], raw[1::4], raw[2::4], raw[3::4], strict=True))
    drawn = [pixel for pixel in pixels if pixel[3] >= _OPAQUE]
    if not drawn:
        raise _refused(_("Ảnh trống."))
    if len(drawn) > _MOST_COVERED * len(pixels):
        raise _refused(_("Nền ảnh chưa trong suốt. Hãy xóa nền rồi tải lại."))
    return Stamp(data, width, height, _ink(drawn))


def _ink(drawn: list[tuple[int, int, int, int]]) -> Ink:
    kinds = [_colour(*pixel[:3]) for pixel in drawn]
    for ink in (Ink.BLUE, Ink.RED):
        if kinds.count(ink) * 2 > len(kinds):
            return ink
    return Ink.OTHER


def _colour(red: int, green: int, blue: int) -> Ink:
    hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if saturation < 0.25 or value < 0.2:
        return Ink.OTHER
    degrees = hue * 360
    if 190 <= degrees <= 275:
        return Ink.BLUE
    return Ink.RED if degrees <= 20 or degrees >= 335 else Ink.OTHER


def _refused(message: object) -> InvalidInput:
    return InvalidInput(str(message), code="not_a_signature_image")
