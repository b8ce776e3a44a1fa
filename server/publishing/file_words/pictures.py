"""Pages that are pictures: how many a file has, and one of them for a program that
recognises letters.

A picture is looked at before it is unpacked, and made no larger than a sheet needs.
Pure. Must never recognise anything itself.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image

KINDS = frozenset({"image/png", "image/jpeg", "image/tiff", "image/gif", "image/webp"})
DOTS_PER_INCH = 300
# An A3 sheet at 300 dots an inch, and a little more.
MAX_PIXELS = 20_000_000
_LARGEST = 80_000_000
_MOST_PAGES = 1_000
# Smaller ones are marks and signs, not pages.
_LEAST = 32


def pages_of_picture(data: bytes) -> tuple[int, ...]:
    """Raises OSError or ValueError for what is no picture, or too large a one."""
    with _opened(data) as image:
        # Only a TIFF has pages; what moves is looked at once.
        count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        if min(image.size) < _LEAST:
            return ()
        return tuple(range(min(count, _MOST_PAGES)))


def page_of_picture(data: bytes, page: int) -> Image.Image:
    with _opened(data) as image:
        image.seek(page)
        if image.width * image.height > _LARGEST:
            raise ValueError("too large a picture")
        if image.mode in ("RGBA", "LA", "P", "PA"):
            # What is see-through lies on white paper.
            paper = Image.new("RGBA", image.size, "white")
            paper.alpha_composite(image.convert("RGBA"))
            return paper.convert("L")
        return image.convert("L")


def png_of(image: Image.Image) -> bytes:
    grey = image if image.mode == "L" else image.convert("L")
    over = grey.width * grey.height / MAX_PIXELS
    if over > 1:
        share = over**-0.5
        size = (max(1, int(grey.width * share)), max(1, int(grey.height * share)))
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    out = BytesIO()
    grey.save(out, "PNG", compress_level=1, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return out.getvalue()


def _opened(data: bytes) -> Image.Image:
    formats = ("PNG", "JPEG", "TIFF", "GIF", "WEBP")
    image = Image.open(BytesIO(data), formats=formats)
    if image.width * image.height > _LARGEST:
        raise ValueError("too large a picture")
    return image
