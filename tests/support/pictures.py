"""Small pictures for tests that upload one."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def png(width: int = 20, height: int = 10) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()
