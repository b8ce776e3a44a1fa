"""What is seen of a signature or of a number: drawn by typst, in the fonts of the page.

The drawing becomes a page of its own, which pyHanko takes over as the picture of the
field. Pure.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import IndirectObject, pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle

from server.publishing.fonts import FOLDER

_TEMPLATE = Path(__file__).parent / "appearance.typ"
_LEFT, _MIDDLE, _RIGHT = 0.0, 0.5, 1.0


def picture_drawing(picture: bytes, width: float, height: float) -> bytes:
    """A PNG, as large as fits into the box (points), in its middle."""
    return _draw(width, height, picture=picture)


def blank_drawing(
    text: str,
    width: float,
    height: float,
    *,
    baseline: float,
    size: float,
    italic: bool,
    at_end: bool,
) -> bytes:
    """A word in the middle of a blank, or at its end; `baseline` counts from the box's
    bottom."""
    return _draw(
        width,
        height,
        text=text,
        baseline=baseline,
        size=size,
        italic=italic,
        slack=_RIGHT if at_end else _MIDDLE,
    )


def line_drawing(text: str, width: float, height: float, *, size: float) -> bytes:
    """A line of text that ends at the right edge of the box."""
    baseline = 0.25 * height
    return _draw(width, height, text=text, baseline=baseline, size=size, slack=_RIGHT)


def _draw(
    width: float,
    height: float,
    *,
    picture: bytes | None = None,
    text: str = "",
    baseline: float = 0.0,
    size: float = 10.0,
    italic: bool = False,
    slack: float = _LEFT,
) -> bytes:
    data = {
        "width": width,
        "height": height,
        "picture": "/picture.png" if picture is not None else None,
        "text": text,
        "baseline": baseline,
        "size": size,
        "italic": italic,
        "slack": slack,
    }
    inputs: dict[str, Any] = {
        "input": _TEMPLATE.read_bytes(),
        "font_paths": _fonts(),
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
    }
    with tempfile.TemporaryDirectory(prefix="duthao-sign-") as folder:
        if picture is not None:
            Path(folder, "picture.png").write_bytes(picture)
        drawn = typst.compile(root=folder, format="pdf", pdf_standards="a-2b", **inputs)
    assert isinstance(drawn, bytes)
    return drawn


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FOLDER)],
    )


def take_over(drawing: bytes, writer: BasePdfFileWriter) -> IndirectObject:
    """The drawing as a form XObject of the file that is written."""
    page = PdfFileReader(BytesIO(drawing))
    taken = writer.import_page_as_xobject(page)
    assert isinstance(taken, IndirectObject)
    return taken


@dataclass(frozen=True)
class Drawing(BaseStampStyle):
    """pyHanko's style of a signature that looks as `page` (one page of PDF) does."""

    page: bytes = b""
    border_width: int = 0

    def create_stamp(
        self,
        writer: BasePdfFileWriter,
        box: BoxConstraints,
        text_params: dict[str, Any],
    ) -> BaseStamp:
        return _Drawn(writer=writer, style=self, box=box)


class _Drawn(BaseStamp):
    def _render_inner_content(self) -> list[bytes]:
        drawing = take_over(self.style.page, self._ensure_writer)
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Drawing"), drawing)
        return [b"/Drawing Do"]
