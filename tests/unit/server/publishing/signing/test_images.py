"""Only a transparent .png is set on a document, and its ink is known."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from server.common.errors import InvalidInput
from server.publishing.signing.images import Ink, read_stamp
from tests.support.signing import handwriting, png, seal


def test_ink_is_told_by_its_colour() -> None:
    assert handwriting().ink is Ink.BLUE
    assert seal().ink is Ink.RED
    assert handwriting("#101010").ink is Ink.OTHER
    assert handwriting("#209030").ink is Ink.OTHER


def test_size_is_that_of_the_picture() -> None:
    assert (handwriting().width_px, handwriting().height_px) == (600, 240)


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 30), "blue").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", ".png"),
        (b"GIF89a", ".png"),
        (jpeg(), ".png"),
        (png(Image.new("RGB", (40, 40), "white")), "trong suốt"),
        (png(Image.new("RGBA", (40, 40), (0, 0, 0, 0))), "trống"),
        (png(Image.new("RGBA", (5000, 4000))), "điểm ảnh"),
        (handwriting().data[:-400], ".png"),
        (b"\x89PNG" + bytes(2_000_001), "MB"),
    ],
    ids=["empty", "gif", "jpeg", "paper", "blank", "huge", "cut off", "heavy"],
)
def test_what_is_not_fit_is_refused_with_a_reason(data: bytes, word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_stamp(data)
    assert caught.value.code == "not_a_signature_image"
    assert word in str(caught.value)
