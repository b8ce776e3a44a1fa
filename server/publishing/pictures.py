"""Images for export: any stored image as bytes that both Word and typst can show.

Pillow decides what the bytes are; names are not trusted. Must never raise for a bad
image: a document with one broken picture is still exported, with its text in place.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from server.publishing.layout import px_to_mm

MAX_PIXELS = 80_000_000
# Formats that python-docx and typst both take as they are.
_KEPT = {"PNG": "png", "JPEG": "jpg", "GIF": "gif"}


@dataclass(frozen=True, slots=True)
class Picture:
    """`extension` is that of the bytes; the size in pixels."""

    data: bytes
    extension: str
    width_px: int
    height_px: int

    def size_mm(
        self, wanted_mm: float | None, room_mm: float, height_mm: float
    ) -> tuple[float, float]:
        """Width and height that fit the room and a page, keeping the proportions."""
        width = min(wanted_mm or px_to_mm(self.width_px), room_mm)
        height = width * self.height_px / self.width_px
        # Some millimetres less than the page, so that a caption's line fits below.
        if height > height_mm - 15:
            height = height_mm - 15
            width = height * self.width_px / self.height_px
        return width, height


def open_picture(data: bytes | None) -> Picture | None:
    """None when there are no bytes or they are no image that can be shown."""
    if not data:
        return None
    try:
        with warnings.catch_warnings():
            # The bound on pixels below is the one that counts.
            warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
            with PillowImage.open(BytesIO(data)) as image:
                width, height = image.size
                if not 0 < width * height <= MAX_PIXELS:
                    return None
                extension = _KEPT.get(image.format or "")
                # A CMYK JPEG has no colour profile that PDF/A would accept.
                if extension and image.mode != "CMYK":
                    image.load()
                    return Picture(data, extension, width, height)
                converted = BytesIO()
                has_alpha = "A" in image.getbands() or "transparency" in image.info
                image.convert("RGBA" if has_alpha else "RGB").save(converted, "PNG")
                return Picture(converted.getvalue(), "png", width, height)
    except (
        UnidentifiedImageError,
        PillowImage.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
    ):
        return None
