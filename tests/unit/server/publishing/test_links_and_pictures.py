"""Addresses and images that a file may carry."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image as PillowImage

from server.publishing.links import safe_href
from server.publishing.pictures import Picture, open_picture
from tests.unit.server.publishing.samples import png


@pytest.mark.parametrize(
    "href",
    ["https://daklak.gov.vn/a?b=1#c", "http://10.0.0.1:8000/x", "mailto:vt@a.gov.vn"],
)
def test_web_and_mail_addresses_are_kept(href: str) -> None:
    assert safe_href(href) == href


@pytest.mark.parametrize(
    "href",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "https://",
        "http://[",
        "file:///etc/passwd",
        "data:text/html,x",
        "/drafts/",
        "mailto:",
        "https://a.vn/ b",
        "https://a.vn/" + "x" * 3000,
    ],
)
def test_other_addresses_are_not(href: str | None) -> None:
    assert safe_href(href) is None


def encoded(form: str, mode: str = "RGB") -> bytes:
    target = BytesIO()
    PillowImage.new(mode, (40, 20)).save(target, form)
    return target.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_usual_images_are_left_as_they_are(form: str) -> None:
    data = encoded(form)
    picture = open_picture(data)
    assert picture is not None
    assert (picture.data, picture.width_px, picture.height_px) == (data, 40, 20)


@pytest.mark.parametrize(
    ("form", "mode"), [("WEBP", "RGB"), ("BMP", "RGB"), ("JPEG", "CMYK")]
)
def test_other_images_become_png(form: str, mode: str) -> None:
    picture = open_picture(encoded(form, mode))
    assert picture is not None
    assert picture.extension == "png"
    assert picture.data.startswith(b"\x89PNG")


def test_a_damaged_image_is_none() -> None:
    for data in (None, b"", b"x", png()[:200], png()[:-30] + b"x" * 30):
        assert open_picture(data) is None


def test_an_image_fits_the_page_and_keeps_its_shape() -> None:
    wide = Picture(b"", "png", 4000, 1000)
    assert wide.size_mm(None, 165.0, 257.0) == (165.0, 41.25)
    assert wide.size_mm(80.0, 165.0, 257.0) == (80.0, 20.0)
    width, height = Picture(b"", "png", 1000, 4000).size_mm(None, 165.0, 257.0)
    assert height == 242.0
    assert width == pytest.approx(60.5)
