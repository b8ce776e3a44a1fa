"""Pictures for the demo office, drawn here: a signature in blue, a seal in red.

Both are plainly samples: the stroke is nobody's hand, the seal says MẪU and that it is
worth nothing. Must never run by itself in an office; only the `seed` command calls it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from server.accounts.models import Organisation, User
from server.publishing.fonts import FOLDER
from server.registry.actions.stamps import set_seal_image, set_signature_image
from server.registry.models import SealImage, SignatureImage

BLUE = (24, 52, 168, 255)
RED = (206, 16, 32, 255)
CLEAR = (0, 0, 0, 0)
AROUND_TOP = "VĂN PHÒNG UBND TỈNH ĐẮK LẮK"
AROUND_BOTTOM = "KHÔNG CÓ GIÁ TRỊ"
# Drawn larger, then made smaller: edges become smooth.
_FINER = 2

Point = tuple[float, float]

# A hand that writes from left to right: strokes through these points, each in a box of
# 100 by 40. The letters mean nothing.
_STROKES: tuple[tuple[Point, ...], ...] = (
    ((8, 31), (14, 8), (20, 4), (21, 14), (15, 21), (24, 20), (25, 30), (14, 34)),
    ((28, 29), (32, 21), (35, 22), (33, 29), (38, 27), (41, 20), (42, 28), (47, 25)),
    ((47, 25), (52, 5), (54, 4), (51, 27), (56, 22), (60, 21), (59, 28), (64, 26)),
    ((64, 26), (70, 20), (68, 28), (66, 38), (61, 37), (70, 27), (78, 22), (93, 12)),
    ((5, 37), (30, 33), (62, 34), (90, 30), (96, 27), (84, 28)),
)


def seed_stamps(leader: User, clerk: User, office: Organisation) -> None:
    """Set each picture once. Who ever had one, and be it replaced, keeps theirs."""
    if leader.is_active and not SignatureImage.objects.filter(user=leader).exists():
        set_signature_image(leader, draw_signature())
    if not SealImage.objects.filter(organisation=office).exists():
        set_seal_image(clerk, office, draw_seal())


@lru_cache(maxsize=1)
def draw_signature(width: int = 640, height: int = 256) -> bytes:
    """A blue stroke on nothing, as .png."""
    image = Image.new("RGBA", (width * _FINER, height * _FINER), CLEAR)
    pen = ImageDraw.Draw(image)
    across, down = width * _FINER / 100, height * _FINER / 40
    for stroke in _STROKES:
        points = [(x * across, y * down) for x, y in stroke]
        trail = list(_through(points))
        for number, (x, y) in enumerate(trail):
            # The pen presses in the middle of a stroke and lifts at its ends.
            press = math.sin(math.pi * (0.12 + 0.76 * number / len(trail)))
            radius = _FINER * (1.1 + 2.6 * press)
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=BLUE)
    return _png(image, (width, height))


def _through(points: list[Point], steps: int = 90) -> Iterable[Point]:
    """A smooth line through all points (Catmull-Rom)."""
    ends = [points[0], *points, points[-1]]
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            yield (_curve(t, p0, p1, p2, p3, 0), _curve(t, p0, p1, p2, p3, 1))


def _curve(t: float, p0: Point, p1: Point, p2: Point, p3: Point, axis: int) -> float:
    a, b, c, d = p0[axis], p1[axis], p2[axis], p3[axis]
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t**2
        + (3 * b - a - 3 * c + d) * t**3
    )


@lru_cache(maxsize=1)
def draw_seal(side: int = 560) -> bytes:
    """A round red seal of two rings with the office's name, marked as a sample."""
    full = side * _FINER
    image = Image.new("RGBA", (full, full), CLEAR)
    pen = ImageDraw.Draw(image)
    middle = full / 2
    for radius, width in ((0.485, 0.016), (0.455, 0.006), (0.315, 0.006)):
        _ring(pen, middle, radius * full, width * full)
    _around(image, AROUND_TOP, radius=0.385 * full, size=0.072 * full, is_top=True)
    _around(image, AROUND_BOTTOM, radius=0.385 * full, size=0.055 * full, is_top=False)
    pen.polygon(list(_star(middle, middle - 0.07 * full, 0.15 * full)), fill=RED)
    font = _font(0.13 * full)
    pen.text((middle, middle + 0.17 * full), "MẪU", font=font, fill=RED, anchor="mm")
    return _png(image, (side, side))


def _ring(pen: ImageDraw.ImageDraw, middle: float, radius: float, width: float) -> None:
    box = (middle - radius, middle - radius, middle + radius, middle + radius)
    pen.ellipse(box, outline=RED, width=round(width))


def _star(x: float, y: float, radius: float) -> Iterable[Point]:
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi * corner / 5 - math.pi / 2
        yield (x + reach * math.cos(angle), y + reach * math.sin(angle))


def _around(
    image: Image.Image, text: str, *, radius: float, size: float, is_top: bool
) -> None:
    """Letters along the circle, each turned; both arcs are read from the left."""
    font = _font(size)
    middle = image.width / 2
    gap = 0.12 * size
    widths = [font.getlength(letter) + gap for letter in text]
    turn = -sum(widths) / 2 / radius
    tile = round(size * 2)
    for letter, width in zip(text, widths, strict=True):
        angle = turn + width / 2 / radius
        turn += width / radius
        shown = Image.new("RGBA", (tile, tile), CLEAR)
        ImageDraw.Draw(shown).text(
            (tile / 2, tile / 2 + size * 0.34), letter, font=font, fill=RED, anchor="ms"
        )
        side = -1 if is_top else 1
        shown = shown.rotate(
            math.degrees(-angle if is_top else angle), Image.Resampling.BICUBIC
        )
        x = middle + radius * math.sin(angle) - tile / 2
        y = middle + side * radius * math.cos(angle) - tile / 2
        image.alpha_composite(shown, (round(x), round(y)))


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / "Tinos-Bold.ttf"), round(size))


def _png(image: Image.Image, size: tuple[int, int]) -> bytes:
    out = BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
